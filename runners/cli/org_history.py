"""``sop history ORG``: who held what when, and who published and retired which version."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from engine.organisation import KEYS
from runners.cli.session import Session
from runners.cli.tables import Column, Item
from runners.cli.times import shown

if TYPE_CHECKING:
    from runners.register import Line

_SHOWN: Final = 3
"""Facts of one record that a line of the list tells; JSON has them all."""
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_NAMES: Final = {
    "human": "the same human being as", "lead": "led by",
    "manager": "managed by", "capacity": "open tasks at most", "parent": "part of",
}  # fmt: skip
"""Facts whose names are no words for what they say."""
_VERSIONS: Final = {"VersionPublished": "published", "VersionRetired": "retired"}


def show(session: Session, since: str, until: str) -> None:
    """The records of the directory between two instants (empty: without a bound)."""
    from runners.register import lines

    with session.app.database.read() as unit:
        found = [line for line in lines(unit) if (not since or line.at >= since) and (not until or line.at <= until)]
    items = [_item(session, line) for line in found]

    def changed(item: Item) -> str:
        about = item["about"]
        told = item["changed"]
        rest = [f"and {len(told) - _SHOWN} more"] if len(told) > _SHOWN else []
        return "; ".join([*told[:_SHOWN], *rest]) or "@".join(str(about[name]) for name in ("sop", "version") if about.get(name))

    def why(item: Item) -> str:
        refused = " ".join(f"{found['message']} ({found['code']})." for found in item["refused"])
        return " ".join(part for part in (refused, item["note"] or "") if part)

    columns = [
        Column("SEQ", lambda item: str(item["seq"]), right=True),
        Column("WHEN", lambda item: shown(item["at"], session.now, session.zone, full=session.options.verbose > 0)),
        Column("WHO", lambda item: item["actor"]),
        Column("WHAT", lambda item: ("refused: " if item["refused"] else "") + item["command"].replace("_", " ")),
        Column("CHANGED", changed),
        Column("WHY", why),
    ]
    session.out.items(items, columns, empty="No records in that time.")
    if items:
        session.out.next("sop verify")


def _item(session: Session, line: "Line") -> dict[str, Any]:
    return {
        "run": "ORG", "seq": line.seq, "at": line.at, "actor": session.handle(line.actor), "pseudonym": line.actor,
        "command": line.do, "about": dict(line.about), "events": [dict(event) for event in line.events],
        "changed": [_words(session, dict(event)) for event in line.events], "note": line.note,
        "refused": [_refused(session, code, facts) for code, facts in line.reasons], "hash": line.hash.hex(),
    }  # fmt: skip


def _refused(session: Session, code: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    from engine.refusals import Code, Reason
    from runners.messages import Sentences

    known = {name: tuple(value) if isinstance(value, list) else value for name, value in facts.items()}
    message = Sentences("", session.handle).sentence(Reason(Code(code), known))
    return {"code": code, "message": message, "facts": dict(facts)}


def _words(session: Session, event: dict[str, Any]) -> str:
    """A fact for people: what it is about, then what holds from then on."""
    kind = event["is"]
    if kind in _VERSIONS:
        return f"{event['sop']} {event['version']} {_VERSIONS[kind]} ({event['fingerprint'][:12]})"
    if kind == "ScheduleSet":
        return f"{event['sop']}.{event['id']} {'rests' if event['paused'] else 'starts runs again'}"
    if kind == "AbsenceSet":
        deputy = f"; {session.handle(event['deputy'])} acts meanwhile" if event.get("deputy") else ""
        return f"{session.handle(event['person'])} is away {_between(event)}{deputy}"
    if kind == "RoleDelegated":
        giver, receiver = session.handle(event["giver"]), session.handle(event["receiver"])
        return f"{receiver} holds {event['role']} for {giver} {_between(event)}"
    names = " ".join(session.handle(str(event[key])) for key in KEYS[kind])
    facts = [_fact(session, name, value) for name, value in event.items() if name not in {*KEYS[kind], "is"}]
    return f"{names}: {', '.join(facts)}" if facts else names


def _between(event: Mapping[str, Any]) -> str:
    return f"from {_moment(event['from'])} until {_moment(event['until'])}"


def _moment(at: str) -> str:
    """An instant to the minute; the days of the directory are counted in UTC in its history."""
    return f"{at[:16].replace('T', ' ')} UTC"


def _fact(session: Session, name: str, value: Any) -> str:  # noqa: ANN401 - any fact
    if name == "gone":
        return "is gone" if value else "is here"
    if name == "roles":
        return f"holds {', '.join(value)}"
    if name == "posts":
        return "holds " + ", ".join(_post(*post) for post in value)
    if name == "duties":
        return f"is {', '.join(value)} in the organisation"
    return f"{_NAMES.get(name, name)} {_value(session, value)}"


def _post(role: str, unit: str, since: str, until: str) -> str:
    """A role that somebody has in a unit, or for a time."""
    parts = (f"in {unit}" if unit else "", f"from {_moment(since)}" if since else "", f"until {_moment(until)}" if until else "")
    return " ".join(part for part in (role, *parts) if part)


def _value(session: Session, value: Any) -> str:  # noqa: ANN401 - any fact
    if isinstance(value, list):
        return ", ".join(_value(session, item) for item in value if item != "")
    if isinstance(value, str) and _INSTANT.match(value):
        return _moment(value)
    return session.handle(value) if str(value).startswith("p_") else str(value)
