"""The story of ``sop demo``: a burnt charger, a statement that legal sends back once, and how it ends. All of it is made up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from runners.tongue import marked

BEGIN: Final = "2026-03-02T09:00:00Z"
TITLE: Final = "Burnt charger on video"

FILES: Final[Mapping[str, bytes]] = {
    "screenshot.png": b"\x89PNG\r\n\x1a\n" + b"a picture of a burnt charger",
    "statement.pdf": b"%PDF-1.7\n" + b"One batch is affected. We replace it free of charge.\n",
}
"""Evidence that the story needs; ``file:NAME`` in values stands for it."""


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody does something.

    Attributes:
        minutes: after the act before.
        who: handle.
        step: address of the task.
        says: what it is, for the reader; to be spoken.
        outcome: empty for the expected one.
        values: the form.
        note: why; to be spoken.
        refused: the attempt must be refused.
    """

    minutes: int
    who: str
    step: str
    says: str
    outcome: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    refused: bool = False


_FACT: Final = {"time": "2026-03-01T10:00:00Z", "fact": "One batch has a wrong resistor", "source": "Laboratory"}
_HOLD: Final = {
    "text": "We have seen the video and are looking into it. You hear from us again at noon.", "template": "holding_1",
    "next_update_at": "2026-03-02T12:00:00Z",
}  # fmt: skip

STORY: Final = (
    Act(2, "oda", "detect_log", marked("logs what she saw, with a screenshot"), values={
        "detected_at": "2026-03-02T08:55:00Z", "signal": "A customer shows a burnt charger; the video is shared quickly",
        "evidence": ["file:screenshot.png"], "links": ["https://social.example/post/1"], "negative_growth": "250",
    }),
    Act(6, "faye", "verify", marked("checks whether it is true"), values={
        "verified": "confirmed", "spreading": True, "known": "The video is genuine", "unknown": "Why the charger burnt",
        "sources": ["Service case 4711"], "expert": "pia",
    }),
    Act(2, "ben", "classify", marked("wants to set the severity, and is no manager"), refused=True, values={
        "severity": "sev4", "type": "complaint", "reason": "It will pass",
    }),
    Act(1, "ana", "classify", marked("sets the severity: SEV2, a matter of safety"), values={
        "severity": "sev2", "type": "safety", "reason": "Shared in the whole sector and a newspaper calls",
    }),
    Act(4, "ana", "activate", marked("declares the crisis and calls the team"), values={
        "notified": [{"person": "leo", "role": "deputy", "channel": "phone", "at": "2026-03-02T09:12:00Z", "reached": True}],
        "channel": "https://chat.example/crisis", "scribe": "emil", "experts": ["product", "customer_service"],
    }),
    Act(3, "gus", "pause_content", marked("pauses everything that is scheduled"), values={
        "paused": "all", "paused_at": "2026-03-02T09:17:00Z",
    }),
    Act(4, "faye", "hold_statement", marked("drafts the holding statement"), values=_HOLD),
    Act(1, "faye", "sign_commander", marked("wants to sign her own draft"), "approve", refused=True),
    Act(3, "ana", "sign_commander", marked("signs it as commander"), "approve"),
    Act(2, "mei", "sign_pr", marked("signs it for public relations"), "approve"),
    Act(3, "hana", "sign_legal", marked("sends it back for legal"), "reject",
        note=marked("Do not promise a time that we may miss")),
    Act(4, "faye", "hold_statement", marked("drafts it again"), values={
        **_HOLD, "text": "We have seen the video and are looking into it.",
    }),
    Act(2, "ana", "sign_commander", marked("signs the second version"), "approve"),
    Act(1, "mei", "sign_pr", marked("signs the second version"), "approve"),
    Act(3, "hana", "sign_legal", marked("signs the second version"), "approve"),
    Act(4, "faye", "publish_first", marked("publishes it, within the hour"), values={
        "urls": ["https://social.example/us/1"], "published_at": "2026-03-02T09:45:00Z",
    }),
    Act(30, "pia", "facts_product", marked("finds the cause"), values={"facts": [_FACT]}),
    Act(15, "oda", "facts_service", marked("counts the cases"), values={
        "facts": [{"time": "2026-03-01T10:00:00Z", "fact": "Seven cases since Friday", "source": "Case system"}],
    }),
    Act(20, "emil", "fact_team", marked("closes the fact sheet"), values={"facts": [_FACT]}),
    Act(30, "ana", "decide_strategy", marked("decides to correct the record and replace the batch"), values={
        "option": "correct", "reason": "The cause is known and small",
        "commitments": [{"promise": "Free replacement", "owner": "pia", "due": "2026-03-20"}],
    }),
    Act(10, "faye", "update_loop", marked("drafts an update"), values={
        "text": "The charger is in our laboratory. Next word at two.", "next_at": "2026-03-02T14:00:00Z",
    }),
    Act(5, "ana", "approve_update", marked("approves the update"), "approve"),
    Act(5, "faye", "publish_update", marked("publishes it; the wave falls"), "contained", values={
        "updates": [{"at": "2026-03-02T12:00:00Z", "text": "The charger is in our laboratory.", "url": "https://social.example/us/2",
                     "next_at": "2026-03-02T14:00:00Z"}],
    }),
    Act(10, "jun", "strategy_executive", marked("approves the strategy"), "approve"),
    Act(90, "mei", "formal_statement", marked("writes the formal statement"), values={
        "statement": "file:statement.pdf", "evidence_to_follow": False,
    }),
    Act(20, "jun", "formal_executive", marked("approves the statement"), "approve"),
    Act(15, "hana", "formal_legal", marked("approves the statement"), "approve"),
    Act(10, "faye", "publish_formal", marked("publishes the statement"), values={
        "urls": ["https://brand.example/statement"], "published_at": "2026-03-02T14:45:00Z",
    }),
    Act(30, "oda", "respond_people", marked("has answered everybody affected"), values={"replied": 42}),
    Act(360, "emil", "monitor_reassess", marked("measures: contained"), "contained", values={
        "metrics": [{"at": "2026-03-02T21:00:00Z", "volume": 300, "neg_pct": "40", "media": 2}], "severity_now": "sev3",
    }),
    Act(30, "ana", "stand_down", marked("declares it over"), "approve"),
    Act(45, "ana", "resume_content", marked("lets posts return"), values={
        "contained_at": "2026-03-02T21:30:00Z", "resume_plan": [{"item": "Spring posts", "decision": "resume"}],
        "postmortem_owner": "emil", "postmortem_at": "2026-03-05T09:00:00Z",
    }),
    Act(600, "ana", "care", marked("has spoken to everybody"), values={"looked_after": True}),
    Act(300, "emil", "postmortem", marked("writes the post-mortem"), values={
        "timeline": [{"utc": "2026-03-02T08:55:00Z", "event": "First video seen"}], "impact": "Seven customers and one article",
        "causes": "A changed supplier was not tested",
        "actions": [{"action": "Test new suppliers", "owner": "pia", "due": "2026-04-01"}],
    }),
    Act(120, "ana", "approve_close", marked("approves it"), "approve"),
    Act(60, "ana", "follow_up", marked("feeds back what was learned"), values={
        "risk_entry": "R-12 supplier change", "drill_item": "Product safety on a Sunday",
    }),
)  # fmt: skip
