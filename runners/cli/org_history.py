"""``sop history ORG``: who held what when, and who published and retired which version."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from engine.organisation import KEYS
from runners.cli.history import who
from runners.cli.session import Session
from runners.cli.tables import Column, Item
from runners.cli.times import shown
from runners.tongue import marked, spoken

if TYPE_CHECKING:
    from runners.register import Line

_SHOWN: Final = 3
"""Facts of one record that a line of the list tells; JSON has them all."""
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_PAST: Final = {
    "import": marked("took in people"), "team": marked("changed a team"), "roles": marked("changed roles"),
    "away": marked("noted an absence"), "delegate_role": marked("handed on a role"), "publish": marked("published"),
    "retire": marked("retired"), "pause_schedule": marked("paused a schedule"), "resume_schedule": marked("resumed a schedule"),
}  # fmt: skip
"""What was done, as people read it afterwards."""
_ATTEMPTS: Final = {
    "import": marked("take in people"), "team": marked("change a team"), "roles": marked("change roles"),
    "away": marked("note an absence"), "delegate_role": marked("hand on a role"), "publish": marked("publish"),
    "retire": marked("retire"), "pause_schedule": marked("pause a schedule"), "resume_schedule": marked("resume a schedule"),
    "start": marked("start a run"),
}  # fmt: skip
"""What was tried and refused."""
_FACTS: Final = {
    "human": marked("the same human being as {value}"), "lead": marked("led by {value}"),
    "manager": marked("managed by {value}"), "capacity": marked("open tasks at most {value}"), "parent": marked("part of {value}"),
    "name": marked("name {value}"), "members": marked("members {value}"), "skills": marked("skills {value}"),
    "unit": marked("unit {value}"), "active": marked("active {value}"), "model": marked("model {value}"),
}  # fmt: skip
"""What is said of the facts of the directory, where it is more than their name and their value."""
_VERSIONS: Final = {
    "VersionPublished": marked("{sop} {version} published ({fingerprint})"),
    "VersionRetired": marked("{sop} {version} retired ({fingerprint})"),
}


def show(session: Session, since: str, until: str) -> None:
    """The records of the directory between two instants (empty: without a bound)."""
    from runners.register import lines

    with session.app.database.read() as unit:
        found = [line for line in lines(unit) if (not since or line.at >= since) and (not until or line.at <= until)]
    items = [_item(session, line) for line in found]

    def changed(item: Item) -> str:
        about = item["about"]
        told = item["changed"]
        rest = [spoken("and {count} more", count=len(told) - _SHOWN)] if len(told) > _SHOWN else []
        return "; ".join([*told[:_SHOWN], *rest]) or "@".join(str(about[name]) for name in ("sop", "version") if about.get(name))

    def why(item: Item) -> str:
        refused = " ".join(f"{found['message']} ({found['code']})." for found in item["refused"])
        return " ".join(part for part in (refused, item["note"] or "") if part)

    columns = [
        Column(spoken("SEQ"), lambda item: str(item["seq"]), right=True),
        Column(spoken("WHEN"), lambda item: shown(item["at"], session.now, session.zone, full=session.options.verbose > 0)),
        Column(spoken("WHO"), lambda item: who({"for": (), **item})),
        Column(spoken("WHAT"), _what),
        Column(spoken("CHANGED"), changed),
        Column(spoken("WHY"), why),
    ]
    session.out.items(items, columns, empty=spoken("No records in that time."))
    if items:
        session.out.next("sop verify")


def _what(item: Item) -> str:
    act = str(item["command"])
    if item["refused"]:
        return spoken("refused: {act}", act=spoken(_ATTEMPTS.get(act, act)))
    return spoken(_PAST.get(act, act))


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
        return spoken(_VERSIONS[kind], sop=event["sop"], version=event["version"], fingerprint=event["fingerprint"][:12])
    if kind == "ScheduleSet":
        schedule = f"{event['sop']}.{event['id']}"
        if event["paused"]:
            return spoken("{schedule} rests", schedule=schedule)
        return spoken("{schedule} starts runs again", schedule=schedule)
    if kind in {"AbsenceSet", "RoleDelegated"}:
        return _for_a_time(session, event)
    names = " ".join(session.handle(str(event[key])) for key in KEYS[kind])
    facts = [_fact(session, name, value) for name, value in event.items() if name not in {*KEYS[kind], "is"}]
    return f"{names}: {', '.join(facts)}" if facts else names


def _for_a_time(session: Session, event: Mapping[str, Any]) -> str:
    """An absence, or a role that somebody holds for another."""
    since, until = _moment(event["from"]), _moment(event["until"])
    if event["is"] == "RoleDelegated":
        giver, receiver = session.handle(event["giver"]), session.handle(event["receiver"])
        words = marked("{receiver} holds {role} for {giver} from {since} until {until}")
        return spoken(words, receiver=receiver, role=event["role"], giver=giver, since=since, until=until)
    person = session.handle(event["person"])
    if not event.get("deputy"):
        return spoken("{person} is away from {since} until {until}", person=person, since=since, until=until)
    words = marked("{person} is away from {since} until {until}; {deputy} acts meanwhile")
    return spoken(words, person=person, since=since, until=until, deputy=session.handle(event["deputy"]))


def _moment(at: str) -> str:
    """An instant to the minute; the days of the directory are counted in UTC in its history."""
    return f"{at[:16].replace('T', ' ')} UTC"


def _fact(session: Session, name: str, value: Any) -> str:  # noqa: ANN401 - any fact
    if name == "gone":
        return spoken("is gone") if value else spoken("is here")
    if name == "roles":
        return spoken("holds {roles}", roles=", ".join(value))
    if name == "posts":
        return spoken("holds {roles}", roles=", ".join(_post(*post) for post in value))
    if name == "duties":
        return spoken("is {duties} in the organisation", duties=", ".join(value))
    told = _value(session, value)
    return spoken(_FACTS[name], value=told) if name in _FACTS else f"{name} {told}"


def _post(role: str, unit: str, since: str, until: str) -> str:
    """A role that somebody has in a unit, or for a time."""
    where = spoken("{role} in {unit}", role=role, unit=unit) if unit else role
    if since and until:
        return spoken("{role} from {since} until {until}", role=where, since=_moment(since), until=_moment(until))
    if since:
        return spoken("{role} from {since}", role=where, since=_moment(since))
    return spoken("{role} until {until}", role=where, until=_moment(until)) if until else where


def _value(session: Session, value: Any) -> str:  # noqa: ANN401 - any fact
    if isinstance(value, list):
        return ", ".join(_value(session, item) for item in value if item != "")
    if isinstance(value, str) and _INSTANT.match(value):
        return _moment(value)
    return session.handle(value) if str(value).startswith("p_") else str(value)
