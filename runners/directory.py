"""Who there is and what they hold: taken in from a file or given one by one, with a history of its own.

Names and addresses stand apart from it, where they can be erased. What is not changed is not recorded.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.organisation import KEYS, Facts, same
from engine.procedure import Procedure
from engine.refusals import Refused
from engine.values import Value
from runners.asker import Asker
from runners.clock import Ids, SystemClock
from runners.directory_differences import told
from runners.people import pseudonym
from runners.register import Register, facts_now, may_administer
from runners.reoffer import refresh
from runners.roster import CODE, Entry, Roster, TeamEntry, UnitEntry, bad_name, problems_of, read_roster
from runners.store import organisation_reads as organisation
from runners.store import reads
from runners.store.database import Database, Unit, transact
from runners.store.organisation_records import OrgUnit
from runners.store.records import Person, Team
from runners.store.writes import save_person, save_team
from runners.tongue import spoken

Procedures = Callable[[Unit, str], Procedure]
"""Finds a stored procedure by its fingerprint."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What taking in a roster did, or would do.

    Attributes:
        added: handles that are new.
        changed: handles of which something else is known now.
        teams: ids of all teams of the roster.
        facts: events: what is held differently now.
        differences: kind, name, which parts are different, and each of them in words (``new`` first for what is new), for
            people to read before it is done.
        units: ids of all units of the roster.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    teams: tuple[str, ...]
    facts: tuple[Mapping[str, Value], ...] = ()
    differences: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = ()
    units: tuple[str, ...] = ()


@dataclass(slots=True)
class _Change:
    """What is to be written: rows, events, and what people read about it."""

    people: list[Person] = field(default_factory=list)
    teams: list[tuple[Team, list[str]]] = field(default_factory=list)
    units: list[OrgUnit] = field(default_factory=list)
    events: list[dict[str, Value]] = field(default_factory=list)
    linked: set[str] = field(default_factory=set)
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    differences: list[tuple[str, str, tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)
    handles: dict[str, str] = field(default_factory=dict)


def take_in(
    database: Database, roster: Roster, ids: Ids, *, asker: Asker | None = None, at: str = "", dry_run: bool = False,
    procedures: Procedures | None = None,
) -> Taken | Refused:  # fmt: skip
    """Add the people, teams and units of *roster*, or replace what is known of them. Nobody is removed.

    Args:
        database: where they are kept.
        roster: what a file or a command line gives.
        ids: makes pseudonyms.
        asker: who asks; nobody in particular where there is nobody yet.
        at: the instant; now if empty.
        dry_run: only say what would change.
        procedures: with them, open tasks are offered anew to whom they are for now.

    Raises:
        StoreError: the database cannot do it now.
    """
    at = at or SystemClock().now()
    asker = asker or Asker()

    def work(unit: Unit) -> Taken | Refused:
        register = Register(unit, database.log, at, asker, ids)
        if not dry_run and (reasons := may_administer(unit, asker.person)):
            return register.refuse("import", reasons)
        change = _compared(unit, roster, ids)
        taken = Taken(
            tuple(change.added), tuple(change.changed), tuple(roster.teams), tuple(change.events), tuple(change.differences),
            tuple(roster.units),
        )  # fmt: skip
        if not dry_run:
            _written(unit, change)
            if change.events:
                register.record("import", change.events)
                offered_anew(unit, procedures, at)
        return taken

    if dry_run:
        with database.read() as unit:
            return work(unit)
    return transact(database, work)


def offered_anew(unit: Unit, procedures: Procedures | None, at: str) -> None:
    """Offer open tasks to whom they are for now, where procedures can be found."""
    if procedures is not None:
        refresh(unit, procedures, at)


def set_team(
    database: Database, team: str, entry: TeamEntry, ids: Ids, *, asker: Asker, at: str, procedures: Procedures | None = None
) -> Mapping[str, Value] | Refused:
    """Make *team*, or replace its name, members and lead (handles); roles that it holds and its unit stay. Gives the event.

    Raises:
        NotFound: one of the people.
        StoreError: the database cannot do it now.
    """

    def work(unit: Unit) -> Mapping[str, Value] | Refused:
        register = Register(unit, database.log, at, asker, ids)
        if reasons := may_administer(unit, asker.person):
            return register.refuse("team", reasons)
        before = reads.team(unit, team)
        members = [pseudonym(unit, member) for member in dict.fromkeys(entry.members)]
        kept = {name: value for name, value in (before.more.items() if before else ()) if name != "lead"}
        more = kept | ({"lead": pseudonym(unit, entry.lead)} if entry.lead else {})
        save_team(unit, Team(team, entry.name, more), members)
        event = {"is": "TeamSet", "team": team, **({"members": sorted(members)} if members else {}), **more}
        register.record("team", [event])
        offered_anew(unit, procedures, at)
        return event

    return transact(database, work)


def _written(unit: Unit, change: _Change) -> None:
    for person in change.people:
        save_person(unit, person)
    for team, members in change.teams:
        save_team(unit, team, members)
    organisation.save(unit, units=change.units, linked=sorted(change.linked))


def _compared(unit: Unit, roster: Roster, ids: Ids) -> _Change:
    change, facts = _Change(), facts_now(unit)
    before = {person.handle: person for person in reads.people(unit)}
    known = {handle: person.id for handle, person in before.items()}
    known |= {entry.handle: ids.pseudonym() for entry in roster.people if entry.handle not in known}
    change.handles = {person: handle for handle, person in known.items()}
    for entry in roster.people:
        _person(change, facts, before.get(entry.handle), _row(entry, known, before.get(entry.handle)))
    for team, found in roster.teams.items():
        more = _kept({"posts": [list(post) for post in found.posts], "lead": known.get(found.lead, ""), "unit": found.unit})
        row, members = Team(team, found.name, more), [known[member] for member in found.members]
        change.teams.append((row, members))
        _fact(change, facts, {"is": "TeamSet", "team": team, "members": sorted(members), **more}, ("team", team))
    for name, one in roster.units.items():
        unit_ = OrgUnit(name, one.name, one.parent, known.get(one.lead, ""), one.model)
        change.units.append(unit_)
        event = {"is": "UnitSet", "unit": name, "parent": unit_.parent, "lead": unit_.lead, "model": unit_.model}
        _fact(change, facts, event, ("unit", name))
    return change


def _row(entry: Entry, known: Mapping[str, str], before: Person | None) -> Person:
    more = _kept({
        "posts": [list(post) for post in entry.posts], "skills": list(entry.skills), "capacity": entry.capacity,
        "unit": entry.unit, "manager": known.get(entry.manager, ""), "duties": list(entry.duties),
    })  # fmt: skip
    human = known.get(entry.alias_of, "")
    return Person(
        known[entry.handle], entry.handle, entry.name, entry.email, entry.roles, entry.active, more, human,
        bool(human) or bool(before and before.linked),
    )  # fmt: skip


def _kept(more: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in more.items() if value not in ("", [], 0)}


def _person(change: _Change, facts: Facts, before: Person | None, after: Person) -> None:
    if after.human:
        change.linked.add(after.human)
    if before == after:
        return
    change.people.append(after)
    (change.changed if before else change.added).append(after.handle)
    # Names and addresses stand in no history: what is different about them is told beside the fact.
    was, now = ({"name": one.name, "email": one.email or ""} if one else {} for one in (before, after))
    _fact(change, facts, person_fact(after), ("person", after.handle), dict(told(was, now, {})) if before else {})


def person_fact(person: Person) -> dict[str, Value]:
    """What the history says of *person*."""
    event: dict[str, Value] = {"is": "PersonSet", "person": person.id, "roles": list(person.roles), "human": person.human}
    return {**event, **person.more, "gone": not person.active}


def _fact(
    change: _Change, facts: Facts, event: dict[str, Value], what: tuple[str, str], said: Mapping[str, str] | None = None
) -> None:
    event = {name: value for name, value in event.items() if value not in ("", [], 0)}
    key = KEYS[event["is"]][0]
    before = facts.get((event["is"], event[key]))
    now = {name: value for name, value in event.items() if name != "is"}
    parts = dict(said or {}) | dict(told({key: event[key]} if before is None else before, now, change.handles))
    if before is None or not same(before, now):
        change.events.append(event)
    if before is None:
        change.differences.append((*what, ("new",), (spoken("new"), *parts.values())))
    elif parts:
        change.differences.append((*what, tuple(parts), tuple(parts.values())))


__all__ = [
    "CODE", "Entry", "Procedures", "Roster", "Taken", "TeamEntry", "UnitEntry", "bad_name", "offered_anew", "person_fact",
    "problems_of", "read_roster", "set_team", "take_in",
]  # fmt: skip
