"""The directory: what a file may hold, who held what when, for which unit, and that it cannot be changed behind its history."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.refusals import Refused
from runners.asker import Asker
from runners.clock import Ids
from runners.directory import Entry, Taken, TeamEntry, UnitEntry, read_roster, set_team
from runners.people import NotFound
from runners.register import facts_at, lines
from runners.standing import held, standing
from runners.standing_in import set_roles
from runners.store.records import Person, Team
from tests.people.office import PEOPLE, Office, office

FILE = b"""
units:
  brand: {name: Brand, lead: ana}
  cn: {name: China, parent: brand, lead: leo, model: decentralised}
people:
  ana: {name: Ana, email: ana@example.org, roles: [manager], organisation: [administrator], capacity: 5}
  leo:
    name: Leo
    roles: [creator, {role: manager, unit: cn, from: 2026-01-01, until: 2027-01-01}]
    skills: [korean]
    unit: cn
    manager: ana
  leo2: {name: Leo again, alias_of: leo, active: false}
teams:
  desk: {name: Desk, members: [ana, leo], roles: [operator, {role: legal, unit: cn}], lead: ana, unit: brand}
"""


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    """A project."""
    with office(tmp_path) as made:
        yield made


def test_a_file_gives_everything(here: Office) -> None:
    """People, roles for good, in a unit and for a time, skills, room, who leads whom, accounts, teams and units."""
    roster, problems = read_roster(FILE)
    assert problems == ()
    assert roster is not None
    ana, leo, again = roster.people
    assert (ana.roles, ana.duties, ana.capacity, ana.email) == (("manager",), ("administrator",), 5, "ana@example.org")
    assert leo.posts == (("manager", "cn", "2026-01-01T00:00:00.000000Z", "2027-01-01T00:00:00.000000Z"),)
    assert (leo.roles, leo.skills, leo.unit, leo.manager) == (("creator",), ("korean",), "cn", "ana")
    assert (again.alias_of, again.active) == ("leo", False)
    assert roster.teams["desk"] == TeamEntry(
        "Desk", ("ana", "leo"), (("operator", "", "", ""), ("legal", "cn", "", "")), "ana", "brand"
    )  # fmt: skip
    assert roster.units["cn"] == UnitEntry("China", "brand", "leo", "decentralised")


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("people:\n  ana: {roles: [9]}", 2, "a mapping is expected"),
        ("people:\n  ana: {roles: x}", 2, "a list of roles"),
        ("people:\n  ana: {roles: [{unit: cn}]}", 2, "is no id"),
        ("people:\n  ana: {roles: [{role: a, unit: cn}]}", 2, "cn is none of the units"),
        ("people:\n  ana: {roles: [{role: a, from: soon}]}", 2, "a day is expected"),
        ("people:\n  ana: {roles: [{role: a, from: '2026-02-01', until: '2026-01-01'}]}", 2, "it ends before it begins"),
        ("people:\n  ana: {capacity: -1}", 2, "a number of open tasks"),
        ("people:\n  ana: {capacity: true}", 2, "a number of open tasks"),
        ("people:\n  ana: {organisation: [king]}", 2, "king is nothing in an organisation"),
        ("people:\n  ana: {manager: ana}", 2, "ana is none of the other people"),
        ("people:\n  ana: {manager: ben}\n  ben: {manager: ana}", 2, "leads themselves"),
        ("people:\n  ana: {alias_of: ben}\n  ben: {alias_of: ana}", 2, "another account of themselves"),
        ("people:\n  ana: {skill: [a]}", 2, "unknown key skill"),
        ("people: {}\nunits:\n  a: {parent: b}\n  b: {parent: a}", 3, "belongs to itself"),
        ("people: {}\nunits:\n  a: {model: shared}", 3, "shared is none of the ways"),
        ("people: {}\nteams:\n  a: {lead: ana}", 3, "ana is none of the people"),
        ("people: {}\nteams:\n  a: {members: [ana]}", 3, "ana is none of the people"),
    ],
)
def test_what_is_wrong_has_its_line(text: str, line: int, what: str) -> None:
    """Every problem of a file is named with its place, and nothing of the file is taken."""
    roster, problems = read_roster(text.encode())
    assert roster is None
    assert any(problem.line == line and what in problem.message for problem in problems), problems


def test_a_preview_changes_nothing(here: Office) -> None:
    """It says who is new and what is different; after it everything is as before, the history too."""
    with here.app.database.read() as unit:
        before = len(list(lines(unit)))
    taken = here.take_in(Entry("ben", "Benjamin", roles=("checker",)), Entry("gus", "Gus"), dry_run=True)
    assert isinstance(taken, Taken)
    assert taken.differences == (
        ("person", "ben", ("name", "roles"), ("name Ben → Benjamin", "roles +checker -maker")),
        ("person", "gus", ("new",), ("new",)),
    )
    assert here.app.views.person("ben").name == "Ben"
    with pytest.raises(NotFound):
        here.app.views.person("gus")
    with here.app.database.read() as unit:
        assert len(list(lines(unit))) == before


def test_who_held_what_when(here: Office) -> None:
    """An auditor sees a role that was held then, by whom it was given, and that it is no longer."""
    before = here.clock.at
    here.clock.at = "2026-11-24T09:00:00.000000Z"

    def give(holder: Person | Team) -> Person | Team:
        return holder._replace(more={"posts": [["legal", "", "", ""]]})

    def take(holder: Person | Team) -> Person | Team:
        return holder._replace(more={})

    set_roles(here.app.database, "eve", give, Ids(), asker=Asker(here.who("ana")), at=here.clock.at, note="while Hana is away")
    here.clock.at = "2026-11-25T09:00:00.000000Z"
    set_roles(here.app.database, "eve", take, Ids(), asker=Asker(here.who("ana")), at=here.clock.at)

    def legal(at: str) -> list[str]:
        return [one.holder for one in held(here.app.database, at, past=True) if one.role == "legal"]

    assert legal(before) == []
    assert legal("2026-11-24T12:00:00.000000Z") == [f"person:{here.who('eve')}"]
    assert legal("2026-11-25T12:00:00.000000Z") == []
    with here.app.database.read() as unit:
        given = list(lines(unit))[-2]
    assert (given.actor, given.note, given.do) == (here.who("ana"), "while Hana is away", "roles")
    assert here.verify().findings == []


def test_nothing_personal_stands_in_the_history(here: Office) -> None:
    """Names, handles, addresses and what people wrote stand elsewhere: only pseudonyms and ids are in the records."""
    here.take_in(Entry("zoe", "Zoe Quist", "zoe@example.org", ("maker",)))
    set_roles(
        here.app.database, "zoe", lambda holder: holder, Ids(), asker=Asker(here.who("ana")), at=here.clock.at, note="Zoe asked"
    )
    with here.app.database.read() as unit:
        from runners.store import reads

        records = b"".join(row.record for row in reads.history(unit, "ORG"))
    assert here.who("zoe").encode() in records
    assert not any(word in records for word in (b"Zoe", b"zoe", b"example.org", b"Quist", b"asked"))


def test_a_change_behind_the_history_is_found(here: Office, tmp_path: Path) -> None:
    """Whoever gives themselves a role in the table is found by the audit, and so is a record that was changed."""
    here.take_in(Entry("gus", "Gus", roles=("maker",)))
    assert here.verify().findings == []
    assert here.verify("ORG").findings == []
    with sqlite3.connect(tmp_path / "sop.db") as behind:
        behind.execute("UPDATE sop_person SET roles = '[\"lead\"]' WHERE handle = 'gus'")
    (found,) = here.verify().findings
    assert (found.level, found.run) == ("rows", "ORG")
    with sqlite3.connect(tmp_path / "sop.db") as behind:
        behind.execute("UPDATE sop_person SET roles = '[\"maker\"]' WHERE handle = 'gus'")
        behind.execute("DROP TRIGGER sop_history_no_update")
        forged = "CAST(replace(CAST(record AS TEXT), 'maker', 'baker') AS BLOB)"
        behind.execute(f"UPDATE sop_history SET record = {forged} WHERE run = 'ORG' AND seq = 1")  # noqa: S608 - our own text
    (found,) = here.verify().findings
    assert (found.level, found.run, found.seq) == ("chain", "ORG", 1)
    with sqlite3.connect(tmp_path / "sop.db") as behind:
        behind.execute("DROP TRIGGER sop_history_no_delete")
        behind.execute("DELETE FROM sop_history WHERE run = 'ORG' AND seq = 1")
    (found,) = here.verify().findings
    assert (found.level, found.run) == ("head", "ORG")


def test_whoever_was_erased_leaves_a_history(here: Office, tmp_path: Path) -> None:
    """The row of a person can go; what they held stays provable under their pseudonym."""
    here.take_in(Entry("gus", "Gus", roles=("maker",)))
    gus = here.who("gus")
    with sqlite3.connect(tmp_path / "sop.db") as behind:
        behind.execute("DELETE FROM sop_person WHERE handle = 'gus'")
    assert here.verify().findings == []
    with here.app.database.read() as unit:
        assert facts_at(unit, here.clock.at)["PersonSet", gus]["roles"] == ["maker"]


def test_roles_of_a_unit_come_first(here: Office) -> None:
    """Three ways to organise: one team for all, a unit's own people with a fallback, a unit's own people and nobody else."""
    cn, kr, jp, eu = (
        UnitEntry("China", "asia"), UnitEntry("Korea", model="decentralised"), UnitEntry("Japan", model="centralised"),
        UnitEntry("Europe"),
    )  # fmt: skip
    units = {"asia": UnitEntry("Asia"), "cn": cn, "kr": kr, "jp": jp, "eu": eu}
    posts = {"eve": "cn", "fay": "kr", "dan": "jp"}
    people = [Entry(handle, handle.title(), posts=(("maker", unit, "", ""),)) for handle, unit in posts.items()]
    late = Entry("cleo", "Cleo", posts=(("checker", "asia", "", ""), ("lead", "asia", "2027-01-01T00:00:00.000000Z", "")))
    here.take_in(*people, Entry("ben", "Ben", roles=("maker",)), late, units=units)

    def bound(unit: str) -> dict[str, list[str]]:
        state = here.start(place=unit).state
        names = here.app.views.handles()
        return {role: [names[holder.removeprefix("person:")] for holder in holders] for role, holders in state.roles.items()}

    assert bound("cn") == {"lead": ["ana"], "maker": ["eve"], "checker": ["cleo"]}
    assert bound("kr") == {"maker": ["fay"]}
    assert bound("jp") == {"lead": ["ana"], "maker": ["ben"]}
    assert bound("eu") == {"lead": ["ana"], "maker": ["ben"]}
    assert here.start(place="cn").state.unit == "cn"
    with pytest.raises(NotFound):
        here.start(place="mars")
    assert here.verify().findings == []


def test_two_accounts_of_one_person(here: Office) -> None:
    """What the one account did keeps the other from what is separated, also when that is said only later."""
    from engine import commands as c
    from engine.refusals import Code

    here.take_in(Entry("ben2", "Ben (agency)"))
    run = here.start(roles={"maker": ["ben"], "checker": ["ben2", "dan"]}).run
    here.do("ben", run, c.Complete("make"))
    assert here.inbox("ben2") == [f"{run}/check"]
    here.take_in(*PEOPLE, Entry("ben2", "Ben (agency)", alias_of="ben"))
    assert here.inbox("ben2") == []
    assert here.refused("ben2", run, c.Claim("check")) == [Code.SEPARATED]
    person = here.app.views.person("ben")
    assert standing(here.app.database, person, here.clock.at).accounts == (here.who("ben2"),)
    here.do("dan", run, c.Complete("check"))
    assert here.verify().findings == []


def test_teams_are_set_by_administrators(here: Office) -> None:
    """Where there are any; the refusal is recorded and the team stays as it was."""
    here.take_in(Entry("ana", "Ana", roles=("lead",), duties=("administrator",)))
    asker, entry = Asker(here.who("ben")), TeamEntry("Desk", ("ben",))
    answer = set_team(here.app.database, "desk", entry, Ids(), asker=asker, at=here.clock.at)
    assert isinstance(answer, Refused)
    assert here.app.views.teams() == []
    set_team(here.app.database, "desk", entry, Ids(), asker=Asker(here.who("ana")), at=here.clock.at)
    assert [team.id for team, _ in here.app.views.teams()] == ["desk"]
    with here.app.database.read() as unit:
        assert [bool(line.reasons) for line in lines(unit)][-2:] == [True, False]
    assert here.verify().findings == []
