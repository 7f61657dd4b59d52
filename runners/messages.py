"""What codes and events are in words. The engine gives codes and facts; every door makes its sentences here.

Whatever a person wrote passes through ``engine.text.clean`` before it stands in a sentence.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from engine.frozen import frozen
from engine.problems import Problem
from engine.refusals import Code, Kind, Reason
from engine.text import clean
from runners.exits import CONFLICT, DENIED, FAILED, MISSING, USAGE

_EXIT: Final = {Kind.DENIED: DENIED, Kind.MISSING: MISSING, Kind.CONFLICT: CONFLICT, Kind.USAGE: USAGE, Kind.RULE: FAILED}
"""In order of what decides when there are several: what no retry mends comes first."""

Names = Callable[[str], str]
"""From a pseudonym to what people call that person."""

_SENTENCES: Final[Mapping[Code, tuple[str, str]]] = {
    Code.FIELD_REQUIRED: ("{field} is missing ({type})", "give it with {flag}"),
    Code.FIELD_UNKNOWN: ("there is no field {field}", "{meant}"),
    Code.FIELD_INVALID: ("{field}: expected {expected}", ""),
    Code.OUTCOME_REQUIRED: ("{step} can end in several ways", "say how with --outcome; {meant}"),
    Code.OUTCOME_UNKNOWN: ("there is no outcome {outcome}", "{meant}"),
    Code.REASON_REQUIRED: ("{what} needs a reason", 'say why with -m "…"'),
    Code.ROLE_UNKNOWN: ("there is no role {role} in this SOP", "{meant}"),
    Code.TOO_MUCH: ("the {what} is too large: at most {limit} bytes", "attach a file instead"),
    Code.NO_TASK: ("there is no open task {task}", "{meant}"),
    Code.NO_PERSON: ("there is no active person {person}", "sop people list   shows who there is"),
    Code.NO_TEAM: ("there is no team {team}", "{meant}"),
    Code.NO_TRACK: ("there is no open track {track}", "{meant}"),
    Code.NO_UNIT: ("there is no unit {unit}", "sop people import   takes units in"),
    Code.UNLED: (
        "nobody holds the role {role}, whose holder leads what is started by itself",
        "sop role give {role} WHO   gives it to somebody",
    ),
    Code.NO_SOP: ("there is no SOP {sop}", "{meant}"),
    Code.TAKEN: (
        "{task} was claimed by {by}{when}", 'sop show {task}   to see it\nsop assign {task} --to @me -m "…"   if you lead this run',
    ),
    Code.TASK_CLOSED: ("{task} is finished already{done_by}{when}", "sop history {run}   shows what happened"),
    Code.RUN_CLOSED: (
        "{run} is closed ({status}{with_end})",
        'sop history {run}   shows what happened\nsop reopen {run}/STEP -m "…"   opens it again, if you lead it',
    ),
    Code.NOT_CLAIMED: ("{task} is claimed by nobody", "sop claim {task}   takes it"),
    Code.ALREADY: ("{task} is {what} already", "sop show {task}"),
    Code.KEY_REUSED: (
        "this idempotency key was used for another command, in {run}", "give another --idempotency-key, or leave it out",
    ),
    Code.NOT_IN_ROLE: (
        "{person} does not hold the role {role}, which {task} needs", "the lead can say: sop assign {run} --role {role}={person}",
    ),
    Code.SEPARATED: (
        "whoever {did} {other} may not do {step} in the same run (separation of duties)", "somebody else of the role has to do it",
    ),
    Code.OWN_WORK: (
        "{step} decides about {other}, and nobody decides about their own work", "somebody else of the role has to decide",
    ),
    Code.NOT_LEAD: ("only who leads this run{or_holds} may do that", "its lead is {lead}"),
    Code.ALREADY_VOTED: ("this person has decided {task} already", "the others' decisions are still missing"),
    Code.INACTIVE: ("{person} is no active person", "sop people list   shows who there is"),
    Code.NOT_INVOLVED: ("only people with a part in the run may do that", "its lead is {lead}"),
    Code.NOT_OWNER: ("{task} is {by}'s", "they, or the lead of the run, can give it back"),
    Code.SAME_AS: ("only whoever did {other} may do {step}", "sop history {run}   shows who that is"),
    Code.NO_SKILL: ("{person} does not have the skill {skill}, which {task} needs", "somebody else of the role has to do it"),
    Code.KEPT: ("{person} cannot: {why}", ""),
    Code.NOT_APPOINTED: (
        "to {act} takes an organisation role: {roles}", "sop people show WHO   says what somebody is in the organisation",
    ),
    Code.NOBODY: (
        "nobody can do {task} now (role {role})", "sop assign {run} --role {role}=WHO   gives the role to somebody who can",
    ),
    Code.GOES_ROUND: ("{person} is in the chain already: it would go round in a circle", "name somebody else"),
    Code.GUARD_FALSE: (
        "{outcome} is not possible for {step} now: {expression} is not true", "change the values, or choose another outcome",
    ),
    Code.GUARD_ERROR: ("{where}: {expression} cannot be answered: {why}", "a value it reads may still be missing; sop show {run}"),
    Code.NOT_CANCELLABLE: ("{track} is no branch or item that could be cancelled", "sop cancel {run} -m …   ends the whole run"),
    Code.CHILD_REFUSED: ("a run that this one would start or waits for refuses: {why}", ""),
    Code.NOWHERE: ("there is no way on from {step} by {move}", "the definition is at fault; sop lint finds it"),
    Code.LIMIT: ("too many {what}: at most {limit}", ""),
    Code.NO_PLACE: (
        "{step} is open, and has no place in that version ({lost})",
        "give it one with --map {step}=STEP, or finish it first; sop diff says what changed",
    ),
    Code.OTHER_SOP: ("this is a run of {sop}, and that version one of {other}", "sop versions {sop}"),
    Code.OTHER_TYPE: ("{field} was given as {was}, and that version reads it as {type}", "let the run end as it is"),
    Code.ONE_NAME: ("{step} and {other} would both be called {name}", "map only one of them to it"),
    Code.RETIRED: ("{sop} {version} was taken out of use{when}", "sop versions {sop}   shows what there is"),
    Code.UNPUBLISHED: (
        "nobody has published {sop} {version}, and there are publishers", 'sop publish FILE -m "…"   is how one of them does it',
    ),
    Code.CHILD_DEPTH: ("runs inside runs, more than {limit} deep, at {step}", "the definition is at fault: it starts itself"),
    Code.NOT_CLAIMABLE: (
        "{task} needs several people, so that nobody claims it alone", "sop complete {task}   gives one person's decision",
    ),
    Code.NO_SIGNAL: ("there is no signal {signal} in this SOP", "{meant}"),
    Code.NOT_PERMITTED: ("this person may not {act} here", "{who} may; {see}"),
    Code.SUSPENDED: ("{task} is suspended", 'sop resume {task} -m "…"   lets people act again'),
    Code.BLOCKED: ("{task} is blocked", 'sop unblock {task} -m "…"   says that nothing is in the way any more'),
    Code.ONE_AT_A_TIME: ("{other} is in somebody's hands, and {step} is not done at the same time", "sop show {run}"),
    Code.CRITICAL: ("{inside} is in somebody's hands, and {section} lets in one at a time", "wait until it is done, or given back"),
    Code.NOT_SKIPPABLE: (
        "{step} cannot be left out: it decides, or doing it is what chooses its way", "sop cancel {task} -m …   ends its way",
    ),
    Code.NOT_DONE: ("{step} is not done yet", "sop show {run}"),
    Code.APPROVED: (
        "{approval} has decided about {step}, and what was approved is not changed behind it",
        'sop rewind {task} -m "…"   goes back, so that it is decided again',
    ),
    Code.NO_MORE_ITEMS: ("{step} takes no further items", "sop show {run}"),
    Code.NOT_PASSED: ("the run has not come past {step}", "{meant}"),
}  # fmt: skip
"""Every code: what is wrong, and what to do."""

_MILESTONE: Final = (
    "{step} can be done only while {expression}, and that is not so now",
    'its time is over or has not come; the lead can leave it out: sop skip {task} -m "…"',
)
"""Of a condition that is no outcome's and holds for the whole task."""

_ASKED: Final = ("field", "outcome", "role", "signal", "step", "track", "sop", "team")
"""Facts that somebody typed; a name near to them is suggested."""

_PEOPLE: Final = frozenset({"person", "by", "lead"})


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return f"({key})"


_NOT_SHOWN: Final = frozenset({"when", "done_by", "with_end", "meant", "or_holds"})
"""Facts that make a sentence longer and have no place in a general one."""


class _Capitals(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "" if key in _NOT_SHOWN else key.upper()


def ago(at: str, now: str) -> str:
    """How long before *now* the instant *at* was: ``40 seconds ago``; for later instants ``in 2 hours``."""
    gap = datetime.fromisoformat(now) - datetime.fromisoformat(at)
    text = span(abs(gap))
    return f"in {text}" if gap < timedelta() else f"{text} ago"


def span(gap: timedelta) -> str:
    """A length of time in its largest unit: ``40 seconds``, ``3 days``."""
    seconds = int(gap.total_seconds())
    units = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
    count, unit = next(((seconds // size, unit) for size, unit in units if seconds >= size), (0, "second"))
    return f"{count} {unit}{'' if count == 1 else 's'}"


_NEAR: Final = 0.65
"""How alike a name must be to be suggested, from 0 to 1."""


def meant(given: str, known: Sequence[str], *, shown: int = 12) -> str:
    """``did you mean …?`` where a known name is near, else what there is."""
    from difflib import get_close_matches

    known = list(dict.fromkeys(known))
    # Every task of a run begins alike; what differs stands behind the slash.
    ends = {name.rpartition("/")[2]: name for name in reversed(known)}
    near = get_close_matches(given.rpartition("/")[2], list(ends), 1, _NEAR)
    if near:
        return f"did you mean {clean(ends[near[0]])}?"
    if not known:
        return "there is none"
    rest = f" and {len(known) - shown} more" if len(known) > shown else ""
    return "there is " + ", ".join(clean(name) for name in known[:shown]) + rest


_ACTS: Final = {"items": "add or close items"}
"""Acts whose name is no verb for what somebody does."""

_STANDINGS: Final = {
    "lead": "its lead ({lead})", "author": "whoever did the step", "involved": "whoever has a role in the run",
    "holder": "whoever holds the role of the task", "owner": "whoever has the task", "anybody": "everybody",
}  # fmt: skip


def _who(act: str, lead: str, roles: str) -> str:
    """Who may do *act* in a run, in words."""
    from engine.authority import ORG, TABLE

    standings = [one for one in TABLE.get(act, ()) if not one.startswith(ORG) and not (roles and one == "anybody")]
    found = [_STANDINGS[standing].format(lead=lead) for standing in standings]  # a role that is named shuts everybody else out
    return ", ".join([*found, *([f"whoever holds {roles}"] if roles else [])]) or "nobody but a role that the definition names"


def _see(act: str, run: str) -> str:
    """Where to look who that is: not at what somebody may not see, nor at a run that never began."""
    if act == "read":
        return "one of them can say what is in it"
    return f"sop show {run}   shows who holds which role" if run else "sop role list   shows who holds which role"


def _flag(field: str, kind: str) -> str:
    if field.startswith("parameters."):
        return f"--param {field.removeprefix('parameters.')}=…"
    return {"file": f"--evidence {field}=PATH", "table": "--form FILE"}.get(kind, f"--set {field}=…")


_INNER: Final = (
    "{step} is inside {owner}, of which nothing is open",
    "only steps of the main track, and of branches and items that are open, can be gone back to; {meant}",
)
"""Of a step that no open track leads through."""


def _words_of(reason: Reason) -> tuple[str, str]:
    if reason.code is Code.NOT_PASSED and "owner" in reason.facts:
        return _INNER
    milestone = reason.code is Code.GUARD_FALSE and reason.facts.get("outcome") == ""
    return _MILESTONE if milestone else _SENTENCES[reason.code]


@frozen
class Sentences:
    """Makes the sentences about one run.

    Attributes:
        run: its name; empty where there is none yet.
        names: what pseudonyms are called.
        now: the instant, for ``40 seconds ago``; empty leaves such words out.
    """

    run: str
    names: Names
    now: str = ""

    def sentence(self, reason: Reason) -> str:
        """What is wrong."""
        return _words_of(reason)[0].format_map(self._facts(reason))

    def hint(self, reason: Reason) -> str:
        """What to do about it; several lines where there are several ways, empty where nothing helps."""
        return _words_of(reason)[1].format_map(self._facts(reason))

    def _facts(self, reason: Reason) -> _Facts:
        facts = _Facts(run=clean(self.run))
        for name, value in reason.facts.items():
            if name in _PEOPLE:
                facts[name] = clean(self.names(str(value)))
            else:
                facts[name] = clean(", ".join(value) if isinstance(value, tuple) else str(value))
        address = next((str(reason.facts[name]) for name in ("step", "track") if name in reason.facts), "")
        facts["task"] = clean("/".join(part for part in (self.run, address) if part))
        facts["inside"] = clean(f"{reason.facts.get('run') or self.run}/{address}")
        facts["flag"] = clean(_flag(str(reason.facts.get("field", "")), str(reason.facts.get("type", ""))))
        given = next((str(reason.facts[name]) for name in _ASKED if name in reason.facts), "")
        known = reason.facts.get("known", ())
        facts["meant"] = meant(given, known if isinstance(known, tuple) else ())
        if not known and reason.code in {Code.NO_TASK, Code.NO_TRACK} and self.run:
            facts["meant"] = f"sop show {facts['run']}   shows what is open"
        if reason.code is Code.NOT_PERMITTED:
            facts["who"] = _who(str(reason.facts.get("act", "")), facts["lead"], facts.get("roles", ""))
            facts["see"] = _see(facts["act"], facts["run"])
            facts["act"] = _ACTS.get(facts["act"], facts["act"])
        facts["or_holds"] = f" or holds {facts['roles']}" if facts.get("roles") else ""
        at = str(reason.facts.get("at", ""))
        facts["when"] = f" {ago(at, self.now)}" if at and self.now else ""
        facts["done_by"] = f" by {facts['by']}" if reason.facts.get("by") else ""
        facts["with_end"] = f": {facts['end']}" if reason.facts.get("end") else ""
        facts["did"] = {"did": "did", "has": "has"}.get(str(reason.facts.get("did", "")), "did")
        return facts


def explained() -> dict[str, tuple[str, str]]:
    """Every code of a refusal: its sentence, with capitals for the facts that come into it, and what to do."""
    facts = _Capitals()
    return {str(code): (sentence.format_map(facts), hint.format_map(facts)) for code, (sentence, hint) in _SENTENCES.items()}


def ordered(reasons: Sequence[Reason]) -> list[Reason]:
    """*reasons*, the one that decides the exit code first, each only once."""
    order = list(_EXIT)
    unique: list[Reason] = []
    for reason in sorted(reasons, key=lambda reason: order.index(reason.kind)):
        if reason not in unique:
            unique.append(reason)
    return unique


def exit_code(reasons: Sequence[Reason]) -> int:
    """The exit code for a refusal."""
    return _EXIT[ordered(reasons)[0].kind]


def problem_line(file: str, problem: Problem) -> str:
    """A finding as ``file:line:column: severity[code]: message``."""
    return f"{_place(file, problem)}: {problem.severity}[{problem.code}]: {_words(problem)}"


def problem_words(file: str, problem: Problem) -> str:
    """A finding as ``file:line:column: message``, for where its severity and code stand before it already."""
    return f"{_place(file, problem)}: {_words(problem)}"


def _place(file: str, problem: Problem) -> str:
    return clean(file) + (f":{problem.line}:{problem.column}" if problem.line else "")


def _words(problem: Problem) -> str:
    return clean(problem.message) + (f" ({clean(problem.hint)})" if problem.hint else "")
