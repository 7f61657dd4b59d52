"""A process need not decode the state that it has just written, and misses nothing that somebody else writes."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import commands as c
from engine.calendar import Calendar
from engine.canonical import encoded
from engine.state import State, to_plain
from runners import states_remembered
from runners.clock import Ids, SystemClock
from runners.library import Library
from runners.runner import Done, Runner
from runners.states_remembered import RUNS, States
from runners.store.database import open_database
from runners.store.records import Person
from runners.store.writes import save_person
from runners.values_stored import Values

AT = "2026-11-23T09:00:00.000000Z"
SOP = """
sop: relay
version: 1.0.0
prefix: REL
title: A relay
purpose: One after another.
scope: Tests.
owner: writer
roles: [writer]
inputs: {names: {type: text, many: true, required: true}, topic: {type: text}}
steps:
  - id: each
    for_each: {one: inputs.names}
    steps:
      - {id: write, role: writer, form: {risk: {type: text}}}
      - {id: check, role: writer, outcomes: {done: {to: next, when: "write.risk == 'low'"}}}
  - {id: close, role: writer, when: "inputs.topic == 'spring'"}
"""
ANA = Person("p_anaaaaaaaaaa", "ana", "Ana")


def body(state: State) -> bytes:
    """A state as it is stored."""
    return encoded({**to_plain(state), "at": AT})


def test_what_was_read_or_written_is_not_decoded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same bytes of the same run give the same value without being looked at; other bytes are decoded."""
    states, first, second = States(), State(lead="p_a"), State(lead="p_b")
    kept = states.read("A-1", body(first))
    assert (kept.state, kept.at) == (first, AT)
    assert states.written("A-2", second, AT) == body(second)
    monkeypatch.setattr(states_remembered, "from_plain", lambda _: State(lead="decoded"))
    assert states.read("A-1", body(first)) is kept
    assert states.read("A-2", body(second)).state is second
    assert states.read("A-1", body(second)).state.lead == "decoded"


def test_only_so_many_runs_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that was used the longest ago is forgotten first."""
    states = States()
    for number in range(RUNS):
        states.written(f"A-{number}", State(lead="p_a"), AT)
    states.read("A-0", body(State(lead="p_a")))
    states.written("B-1", State(), AT)
    monkeypatch.setattr(states_remembered, "from_plain", lambda _: State(lead="decoded"))
    assert states.read("A-0", body(State(lead="p_a"))).state.lead == "p_a"
    assert states.read("A-1", body(State(lead="p_a"))).state.lead == "decoded"


class House:
    """Two processes that work on one run."""

    def __init__(self, folder: Path) -> None:
        (folder / "sops").mkdir()
        (folder / "sops" / "relay.yaml").write_text(SOP)
        self.path = folder / "sop.db"
        self.databases = [open_database(f"sqlite:///{self.path}", create=True) for _ in range(2)]
        with self.databases[0].write() as unit:
            save_person(unit, ANA)
        self.runners = [
            Runner(database, Library(database, [folder / "sops"], SystemClock()), SystemClock(), Ids(), Calendar())
            for database in self.databases
        ]
        self.asked: list[str] = []
        self.databases[0].observer = self.asked.append

    def start(self, *names: str) -> Done:
        inputs = {"names": list(names), "topic": "spring"}
        done = self.runners[0].start("relay", title="R", actor="ana", roles={"writer": ["ana"]}, inputs=inputs)
        assert isinstance(done, Done), done
        return done

    def take(self, run: str, step: str, *, by: int = 0, **values: str) -> Done:
        """Finish a step in one of the processes; ``asked`` tells what the first of them needed."""
        self.asked.clear()
        done = self.runners[by].handle(run, c.Complete(step, "", values), actor=ANA.id)
        assert isinstance(done, Done), done
        return done


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """On a new database."""
    made = House(tmp_path)
    yield made
    for database in made.databases:
        database.close()


def test_two_processes_take_turns(house: House) -> None:
    """What one remembers does not stand for what the other has written since."""
    run = house.start("a", "b", "c").run
    for number in range(1, 4):
        house.take(run, f"write:{number}", by=number % 2, risk="low")
    for number in range(1, 4):
        done = house.take(run, f"check:{number}", by=number % 2)
    assert [task.step for task in done.state.tasks.values()] == ["close"]
    assert house.take(run, "close", by=1).state.status == "ended"


def test_what_somebody_changes_in_the_database_is_not_overlooked(house: House) -> None:
    """The stored bytes decide, not what the process believes they are."""
    run = house.start("a").run
    raw = sqlite3.connect(house.path)
    plain = json.loads(raw.execute("SELECT state FROM sop_run").fetchone()[0])
    plain["lead"] = "p_forged"
    raw.execute("UPDATE sop_run SET state = ?", (encoded(plain),))
    raw.commit()
    raw.close()
    assert house.take(run, "write:1").state.lead == "p_forged"


def test_values_are_read_when_a_rule_asks_for_one(house: House) -> None:
    """A step without conditions reads no values; one with a condition reads those of its item, and the run's if it asks."""
    run = house.start("a", "b").run
    house.take(run, "write:1", risk="low")
    assert "payloads_of_scope" not in house.asked
    house.take(run, "write:2", risk="low")
    house.take(run, "check:1")
    assert house.asked.count("payloads_of_scope") == 1
    house.take(run, "check:2")  # and then the first step outside asks for an input
    assert house.asked.count("payloads_of_scope") == 2


def test_values_of_a_scope_are_read_once_and_found_under_new_names() -> None:
    """Names may be exchanged; what has no value has none under its new name either, and nothing is left under the old one."""
    stored = {"": {"a.x": b"1", "b.x": b"2", "inputs.y": b"4"}, "17/": {"17/c.x": b"3"}}
    asked: list[str] = []

    def read(scope: str) -> dict[str, bytes]:
        asked.append(scope)
        return stored.get(scope, {})

    values = Values(read)
    assert len(values) == 0
    assert (values["17/c.x"], values.get("17/c.y"), asked) == (3, None, ["17/"])
    values.learn({"d.x": 5})
    values.rename({"a.x": "b.x", "b.x": "a.x", "d.x": "e.x", "17/c.x": "17/f.x", "g.x": "h.x"})
    assert dict(values) == {"a.x": 2, "b.x": 1, "e.x": 5, "inputs.y": 4, "17/f.x": 3}
    assert (values.get("h.x"), asked, len(values)) == (None, ["17/", ""], 5)
