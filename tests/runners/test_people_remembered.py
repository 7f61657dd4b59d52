"""A process remembers people between commands, and never longer than they stay as they are."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import commands as c
from engine.calendar import Calendar
from runners.clock import Ids, SystemClock
from runners.library import Library
from runners.people_stored import Remembered
from runners.runner import Done, Runner
from runners.store.database import Database, open_database
from runners.store.records import Person, Team
from runners.store.writes import save_person, save_team

SOP = """
sop: relay
version: 1.0.0
prefix: REL
title: A relay
purpose: One after another.
scope: Tests.
owner: manager
roles: [manager, writer]
steps:
  - {id: first, role: manager}
  - {id: second, role: writer}
  - {id: third, role: manager}
  - {id: fourth, role: writer}
"""
ANA, BEN = Person("p_anaaaaaaaaaa", "ana", "Ana"), Person("p_benaaaaaaaaa", "ben", "Ben")


class Watched:
    """A runner whose statements are written down."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.asked: list[str] = []
        database.observer = self.asked.append
        library = Library(database, [folder], SystemClock())
        self.runner = Runner(database, library, SystemClock(), Ids(), Calendar())

    def take(self, run: str, step: str, person: Person) -> Done:
        """Finish a step; ``asked`` tells what that needed."""
        self.asked.clear()
        done = self.runner.handle(run, c.Complete(step), actor=person.id)
        assert isinstance(done, Done), done
        return done

    def start(self) -> str:
        done = self.runner.start("relay", title="R", actor="ana", roles={"manager": ["ana"], "writer": ["ben"]})
        assert isinstance(done, Done), done
        return done.run


@pytest.fixture
def watched(database_url: str, tmp_path: Path) -> Iterator[Watched]:
    """A runner on a fresh database with two people."""
    (tmp_path / "sops").mkdir()
    (tmp_path / "sops" / "relay.yaml").write_text(SOP)
    database = open_database(database_url, create=True)
    with database.write() as unit:
        save_person(unit, ANA)
        save_person(unit, BEN)
    yield Watched(database, tmp_path / "sops")
    database.close()


def test_who_is_remembered_is_not_asked_for_again(watched: Watched) -> None:
    """The next owner is looked up once; afterwards a step reads once and writes once."""
    runs = [watched.start() for _ in range(2)]
    watched.take(runs[0], "first", ANA)
    assert watched.asked.count("person_by_id") == 2
    watched.take(runs[1], "first", ANA)
    assert watched.asked.count("person_by_id") == 1


@pytest.mark.parametrize("change", ["person", "team"])
def test_what_another_process_changes_is_known_at_once(watched: Watched, database_url: str, change: str) -> None:
    """Whoever has left gets no task any more, and who has come into a team is recorded with it."""
    run = watched.start()
    watched.take(run, "first", ANA)
    watched.take(run, "second", BEN)
    other = open_database(database_url)
    with other.write() as unit:
        if change == "person":
            save_person(unit, BEN._replace(active=False))
        else:
            save_team(unit, Team("night", "Night shift"), [BEN.id])
    other.close()
    done = watched.take(run, "third", ANA)
    (task,) = done.state.tasks.values()
    assert task.owner == ("" if change == "person" else BEN.id)
    assert watched.asked.count("person_by_id") == 2


def test_nothing_is_remembered_where_nothing_says_when_people_change() -> None:
    """A database whose people were written by other means is asked every time."""
    remembered = Remembered()
    remembered.at("").teams["p_x"] = ("team",)
    remembered.at("").people["p_x"] = None
    assert (remembered.at("").people, remembered.at("").teams) == ({}, {})
    remembered.at("one").people["p_x"] = None
    assert remembered.at("one").people == {"p_x": None}
    assert remembered.at("two").people == {}
