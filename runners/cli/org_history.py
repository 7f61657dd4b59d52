"""``sop history ORG``: who held what when, and who published and retired which version."""

from typing import TYPE_CHECKING, Any, Final

from engine.organisation import KEYS
from runners.cli.session import Session
from runners.cli.tables import Column, Item
from runners.cli.times import shown

if TYPE_CHECKING:
    from runners.register import Line


_VERSIONS: Final = {"VersionPublished": "published", "VersionRetired": "retired"}


def show(session: Session, since: str, until: str) -> None:
    """The records of the directory between two instants (empty: without a bound)."""
    from runners.register import lines

    with session.app.database.read() as unit:
        found = [line for line in lines(unit) if (not since or line.at >= since) and (not until or line.at <= until)]
    items = [_item(session, line) for line in found]

    def changed(item: Item) -> str:
        about = item["about"]
        return "; ".join(item["changed"]) or "@".join(str(about[name]) for name in ("sop", "version") if about.get(name))

    columns = [
        Column("SEQ", lambda item: str(item["seq"]), right=True),
        Column("WHEN", lambda item: shown(item["at"], session.now, session.zone, full=session.options.verbose > 0)),
        Column("WHO", lambda item: item["actor"]),
        Column("WHAT", lambda item: ("refused: " if item["refused"] else "") + item["command"].replace("_", " ")),
        Column("CHANGED", changed),
        Column("WHY", lambda item: item["note"] or ""),
    ]
    session.out.items(items, columns, empty="No records in that time.")
    if items:
        session.out.next("sop verify")


def _item(session: Session, line: "Line") -> dict[str, Any]:
    return {
        "run": "ORG", "seq": line.seq, "at": line.at, "actor": session.handle(line.actor), "pseudonym": line.actor,
        "command": line.do, "about": dict(line.about), "events": [dict(event) for event in line.events],
        "changed": [_words(session, dict(event)) for event in line.events], "note": line.note,
        "refused": [{"code": code, "facts": dict(facts)} for code, facts in line.reasons], "hash": line.hash.hex(),
    }  # fmt: skip


def _words(session: Session, event: dict[str, Any]) -> str:
    """A fact for people: what it is about, then what holds from then on."""
    if event["is"] in _VERSIONS:
        return f"{event['sop']} {event['version']} {_VERSIONS[event['is']]} ({event['fingerprint'][:12]})"
    if event["is"] == "ScheduleSet":
        return f"{event['sop']}.{event['id']} {'rests' if event['paused'] else 'starts runs again'}"
    keys = KEYS[event["is"]]
    names = " ".join(session.handle(event[key]) if str(event[key]).startswith("p_") else event[key][:16] for key in keys)
    facts = [f"{name} {_value(session, value)}" for name, value in event.items() if name not in {*keys, "is"}]
    return f"{names}: {', '.join(facts)}" if facts else names


def _value(session: Session, value: Any) -> str:  # noqa: ANN401 - any fact
    if isinstance(value, list):
        return " ".join(_value(session, item) for item in value if item != "")
    return session.handle(value) if str(value).startswith("p_") else str(value)
