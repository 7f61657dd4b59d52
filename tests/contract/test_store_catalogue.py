"""Definitions, the cache of files, calendars, people and teams."""

from typing import TYPE_CHECKING

import pytest

from runners.store import reads
from runners.store.database import Database
from runners.store.errors import Conflict, StoreError
from runners.store.loading import load
from runners.store.records import LibraryFile, Person, StoredDefinition, Team
from runners.store.writes import add_calendar, add_definition, remember_files, retire_definition, save_person, save_team

if TYPE_CHECKING:
    from tests.contract.conftest import Shelf

AT = "2026-11-22T13:02:11.123456Z"
ANA = Person("p_ana", "ana", "Ana Lima", "ana@example.org", ("manager", "legal"))
BEN = Person("p_ben", "ben", "本 Ben", None, (), active=False)


def definition(version: str, digit: str, added_at: str = AT) -> StoredDefinition:
    return StoredDefinition(digit * 64, "crisis", version, b"\xff\x00yaml", b"{}", added_at, "p_ana")


def test_a_definition_is_kept_byte_for_byte(database: Database) -> None:
    """What was taken in comes back as it was, and taking it in again changes nothing."""
    first = definition("1.0.0", "a")
    with database.write() as unit:
        assert add_definition(unit, first) is True
        assert add_definition(unit, first._replace(source=b"other", document=b"other")) is False
    with database.read() as unit:
        assert reads.definition(unit, first.fingerprint) == first
        assert reads.definition(unit, "0" * 64) is None
        assert [line.fingerprint for line in reads.definitions(unit, "crisis")] == [first.fingerprint]


def test_a_retired_definition_stays_in_the_list(database: Database) -> None:
    """Every version is listed, with when it was retired; what is not there cannot be retired."""
    with database.write() as unit:
        for made in (
            definition("1.9.0", "a"),
            definition("1.10.0", "b"),
            definition("1.10.0", "c", added_at="2026-11-23"),
            definition("2.0.0", "d"),
        ):
            add_definition(unit, made)
        assert retire_definition(unit, "d" * 64, AT) is True
        assert retire_definition(unit, "e" * 64, AT) is False
    with database.read() as unit:
        assert [(line.version, line.retired_at) for line in reads.definitions(unit)] == [
            ("1.10.0", None),
            ("1.10.0", None),
            ("1.9.0", None),
            ("2.0.0", AT),
        ]
        assert reads.definitions(unit, "campaign") == []


def test_the_cache_of_files_follows_the_folder(database: Database) -> None:
    """Files are added, replaced and forgotten; sizes and times beyond 32 bits are kept."""
    file = LibraryFile("a/crisis.yaml", 5_000_000_000, 1_795_000_000_000_000_001, "d", "f")
    with database.write() as unit:
        remember_files(unit, [file, file._replace(path="b.yaml")])
        remember_files(unit, [file._replace(digest="e")], gone=["b.yaml"])
    with database.read() as unit:
        assert reads.library(unit) == {"a/crisis.yaml": file._replace(digest="e")}


def test_a_calendar_is_kept_byte_for_byte(database: Database) -> None:
    """As a definition is."""
    with database.write() as unit:
        assert add_calendar(unit, "digest", b"{}\x00") is True
        assert add_calendar(unit, "digest", b"other") is False
        assert reads.calendar(unit, "digest") == b"{}\x00"
        assert reads.calendar(unit, "none") is None


def test_people_are_found_by_pseudonym_and_handle(database: Database) -> None:
    """Everything that is known of a person comes back, and can be replaced."""
    with database.write() as unit:
        for person in (BEN, ANA):
            save_person(unit, person)
        save_person(unit, ANA._replace(name="Ana Souza", roles=("manager",)))
    with database.read() as unit:
        assert reads.person_by_id(unit, "p_ben") == BEN
        assert reads.person_by_handle(unit, "ana") == ANA._replace(name="Ana Souza", roles=("manager",))
        assert reads.person_by_handle(unit, "nobody") is None
        assert reads.person_by_id(unit, "p_nobody") is None
        assert [person.handle for person in reads.people(unit)] == ["ana", "ben"]


def test_a_handle_belongs_to_one_person(database: Database) -> None:
    """Giving somebody a handle that is taken is a conflict."""
    with database.write() as unit:
        save_person(unit, ANA)
    with pytest.raises(Conflict), database.write() as unit:
        save_person(unit, BEN._replace(handle="ana"))


def test_teams_have_the_members_they_were_given_last(database: Database) -> None:
    """Saving a team replaces its members as a whole."""
    with database.write() as unit:
        save_person(unit, ANA)
        save_person(unit, BEN)
        save_team(unit, Team("design", "Design"), ["p_ana", "p_ben"])
        save_team(unit, Team("legal", "Legal"), ["p_ana"])
        save_team(unit, Team("design", "Design & art"), ["p_ben"])
    with database.read() as unit:
        assert reads.teams(unit) == [Team("design", "Design & art"), Team("legal", "Legal")]
        assert reads.team(unit, "legal") == Team("legal", "Legal")
        assert reads.team(unit, "none") is None
        assert reads.members(unit) == {"design": ["p_ben"], "legal": ["p_ana"]}
        assert reads.members_of(unit, "design") == ["p_ben"]
        assert reads.teams_of(unit, "p_ana") == ["legal"]
        assert load(unit, "none", person="p_ana").teams == ("legal",)
        assert load(unit, "none", person="p_ana").person == ANA


def test_a_team_has_no_unknown_members(database: Database) -> None:
    """A member that is nobody is refused with the whole team."""
    with pytest.raises(StoreError), database.write() as unit:
        save_team(unit, Team("design", "Design"), ["p_nobody"])
    with database.read() as unit:
        assert reads.teams(unit) == []


def test_a_definition_in_use_is_the_one_that_runs_point_to(shelf: "Shelf") -> None:
    """A run's fingerprint leads to its definition."""
    row = shelf.start()
    with shelf.database.read() as unit:
        found = reads.definition(unit, row.fingerprint)
    assert found is not None
    assert (found.sop, found.version) == (row.sop, row.version)
