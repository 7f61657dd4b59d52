"""What somebody is and holds, now or at a moment of the past, and how much waits for everybody."""

from typing import NamedTuple

from engine.organisation import Facts
from engine.values import Value
from runners.people_stored import StoredDirectory
from runners.register import facts_at, facts_now
from runners.store import organisation_reads as organisation
from runners.store import reads
from runners.store.database import Database, Unit
from runners.store.organisation_records import Absence
from runners.store.records import LAST, Person


class Standing(NamedTuple):
    """What somebody is and holds at one moment.

    Attributes:
        absences: those that are not over then.
        places: in whose place they act then (a chain) and as holder of which role; empty for the past.
        known: whether they stood in the directory then.
    """

    active: bool
    roles: tuple[str, ...]
    posts: tuple[tuple[str, ...], ...]
    teams: tuple[str, ...]
    skills: tuple[str, ...]
    capacity: int
    unit: str
    manager: str
    duties: tuple[str, ...]
    accounts: tuple[str, ...]
    absences: tuple[Absence, ...]
    places: tuple[tuple[tuple[str, ...], str], ...]
    known: bool = True


def standing(database: Database, person: Person, at: str, *, past: bool = False) -> Standing:
    """What *person* is and holds at the instant *at*; the *past* comes from the directory's history."""
    with database.read() as unit:
        facts = facts_at(unit, at) if past else facts_now(unit)
        fact = facts.get(("PersonSet", person.id), {})
        links = StoredDirectory(unit, at).links(person.id)
        teams = [key[1] for key, found in facts.items() if key[0] == "TeamSet" and person.id in found.get("members", ())]
        return Standing(
            bool(fact) and not fact.get("gone"), tuple(fact.get("roles", ())), tuple(tuple(post) for post in fact.get("posts", ())),
            tuple(sorted(teams)), tuple(fact.get("skills", ())), int(fact.get("capacity", 0)), str(fact.get("unit", "")),
            str(fact.get("manager", "")), tuple(fact.get("duties", ())), links.accounts, tuple(_away(facts, person.id, at)),
            tuple((mandate.chain, mandate.role) for mandate in links.mandates), bool(fact),
        )  # fmt: skip


def _away(facts: Facts, person: str, at: str) -> list[Absence]:
    found = [fact for key, fact in facts.items() if key[:2] == ("AbsenceSet", person)]
    return [Absence(person, a["from"], a["until"], a.get("deputy", "")) for a in found if a["until"] > at]


class Held(NamedTuple):
    """A role that somebody holds; ``holder`` is ``person:…`` or ``team:…``, ``of`` in whose place."""

    role: str
    holder: str
    unit: str = ""
    since: str = ""
    until: str = ""
    of: str = ""


def held(database: Database, at: str, *, past: bool = False) -> list[Held]:
    """Who holds which role at the instant *at*, everywhere, in a unit, or in somebody's place."""
    with database.read() as unit:
        facts = facts_at(unit, at) if past else facts_now(unit)
    found: list[Held] = []
    for key, fact in facts.items():
        if key[0] in {"PersonSet", "TeamSet"} and not fact.get("gone"):
            found += _roles(f"{'person' if key[0] == 'PersonSet' else 'team'}:{key[1]}", fact, at)
        elif key[0] == "RoleDelegated" and fact["from"] <= at < fact["until"]:
            found.append(Held(fact["role"], f"person:{fact['receiver']}", "", fact["from"], fact["until"], fact["giver"]))
    return sorted(found)


def _roles(holder: str, fact: dict[str, Value], at: str) -> list[Held]:
    always = [Held(role, holder) for role in fact.get("roles", ())]
    posts = [Held(role, holder, *rest) for role, *rest in fact.get("posts", ())]
    return [*always, *(one for one in posts if (not one.since or one.since <= at) and (not one.until or at < one.until))]


class Load(NamedTuple):
    """What waits for somebody.

    Attributes:
        open: tasks that are theirs.
        overdue: those of them that are late.
        offered: tasks that they may take.
        next_due: when the first of theirs is due; empty for none.
    """

    person: Person
    open: int
    overdue: int
    offered: int
    next_due: str
    away_until: str


def workload(database: Database, now: str) -> list[Load]:
    """What waits for each active person, whoever has the most first."""
    with database.read() as unit:
        owned: dict[str, list[str]] = {}
        for owner, due in _owned(unit):
            owned.setdefault(owner, []).append(due)
        found = [_load(unit, person, owned.get(person.id, []), now) for person in reads.people(unit) if person.active]
    return sorted(found, key=lambda load: (-load.open, load.person.handle))


def _owned(unit: Unit) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    after = reads.NO_KEY
    while rows := reads.tasks_overdue(unit, LAST, after=after, limit=500):
        found += [(row.owner, row.due_at or "") for row in rows if row.owner]
        after = rows[-1].key
    return found


def _load(unit: Unit, person: Person, dues: list[str], now: str) -> Load:
    from runners.people import KEPT

    holders = [f"{KEPT}{person.id}", f"person:{person.id}", *(f"team:{team}" for team in reads.teams_of(unit, person.id))]
    offered = [row for row in reads.inbox(unit, "", holders, limit=500) if not row.holder.startswith(KEPT)]
    dated = sorted(due for due in dues if due)
    away = max((absence.until_at for absence in organisation.away(unit, person.id, now)), default="")
    return Load(person, len(dues), sum(due < now for due in dated), len(offered), dated[0] if dated else "", away)
