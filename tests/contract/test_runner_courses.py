"""What leaves the ordinary course, through the runner on both databases: rows, timers, sections, and proofs of it all."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine import commands as c
from engine.calendar import Calendar
from engine.refusals import Code, Refused
from engine.timers import WAIT, instant, length, written
from runners.audit.verify import Auditor
from runners.clock import Ids
from runners.library import Library
from runners.runner import Done, Runner
from runners.store import reads
from runners.store.database import Database, transact
from runners.store.records import Person
from runners.store.writes import save_person

SHOP = """\
sop: shop
version: 1.0.0
title: Shop
purpose: To be tested.
scope: This test.
owner: lead
roles: [lead, maker]
signals:
  paid: {form: {amount: {type: number, required: true}, by: {type: user}}}
  seen: {keep: true, form: {note: {type: text}}}
permissions: {override: [lead]}
steps:
  - id: write
    role: maker
    form: {text: {type: text, required: true}, extra: {type: text}, size: {type: number, value: write.text.size()}}
  - id: answer
    first:
      money: [{id: wait_paid, wait: {signal: paid}}, {id: book, role: maker}]
      late: [{id: wait_late, wait: {for: 2 business days}}, {id: dun, role: maker}]
  - {id: look, wait: {signal: seen}}
  - id: each
    for_each: {item: "['x']"}
    open: true
    steps: [{id: pack, role: maker}]
  - {id: film, role: maker, critical: studio}
  - {id: last, role: lead}
"""
HOURS = """\
sop: hours
version: 1.0.0
title: Hours
purpose: To be tested.
scope: This test.
owner: lead
roles: [lead, maker]
steps:
  - id: write
    role: maker
    form:
      rate: {type: money, required: true}
      hint: {type: text}
      lines:
        type: table
        columns: {who: {type: user}, hours: {type: number}, cost: {type: money, value: double(row.hours) * write.rate}}
  - {id: last, role: lead}
"""
WEEK = """\
sop: week
version: 1.0.0
title: Week
purpose: To be tested.
scope: This test.
owner: lead
roles: [lead, maker]
parameters: {factor: {type: number, default: 2, source: x, confidence: team}}
steps:
  - {id: begin, role: maker}
  - {id: count, run: month, with: {parent: run.name, parameters: {factor: parameters.factor + 1}}}
"""
MONTH = """\
sop: month
version: 1.0.0
title: Month
purpose: To be tested.
scope: This test.
owner: lead
roles: [lead, maker]
inputs: {parent: {type: run, sop: week}}
parameters: {factor: {type: number, default: 1, max: 5, source: x, confidence: team}}
steps:
  - {id: write, role: maker, form: {n: {type: number, value: parameters.factor * 10}, by: {type: text, value: inputs.parent}}}
"""
NAMES = ("ana", "ben", "cleo")


class Shop:
    """A small company that sells.

    Args:
        database: fresh.
        folder: where its definition stands.
    """

    def __init__(self, database: Database, folder: Path) -> None:
        self.at = "2026-11-20T09:00:00.000000Z"  # a Friday
        self.database = database
        ids = Ids()
        self.people = {name: ids.pseudonym() for name in NAMES}
        with database.write() as unit:
            for name, id_ in self.people.items():
                save_person(unit, Person(id_, name, name))
        (folder / "shop.yaml").write_text(SHOP)
        (folder / "hours.yaml").write_text(HOURS)
        (folder / "week.yaml").write_text(WEEK)
        (folder / "month.yaml").write_text(MONTH)
        self.library = Library(database, [folder], self)
        self.runner = Runner(database, self.library, self, ids, Calendar(), auth="flag")

    def now(self) -> str:
        """The instant."""
        return self.at

    def later(self, text: str) -> None:
        """Let time pass."""
        self.at = written(length(text).after(instant(self.at), Calendar()))

    def begin(self, sop: str = "shop") -> str:
        """A new run, led by Ana; Ben and Cleo make."""
        done = self.runner.start(sop, title="A sale", actor="ana", roles={"lead": ["ana"], "maker": ["ben", "cleo"]})
        assert isinstance(done, Done)
        return done.run

    def ask(self, who: str, run: str, command: c.Command, **more: Any) -> Done | Refused:  # noqa: ANN401 - of ``handle``
        """Have *command* carried out."""
        return self.runner.handle(run, command, actor=self.people[who], **more)

    def do(self, who: str, run: str, command: c.Command) -> Done:
        """Have *command* carried out, which must be accepted."""
        done = self.ask(who, run, command)
        assert isinstance(done, Done), done
        return done

    def refused(self, who: str, run: str, command: c.Command) -> list[Code]:
        """The codes of a refusal, which must be one."""
        answer = self.ask(who, run, command)
        assert isinstance(answer, Refused)
        return [reason.code for reason in answer.reasons]

    def open(self, run: str) -> dict[str, list[str]]:
        """Open tasks and to whom they are offered."""
        with self.database.read() as unit:
            rows = [row for row in reads.tasks_of(unit, run) if not row.closed_at]
            inboxes = {name: reads.inbox(unit, "nobody", [f"person:{id_}"]) for name, id_ in self.people.items()}
        offers = {name: {(row.run, row.no) for row in inbox} for name, inbox in inboxes.items()}
        return {row.label: [name for name, held in offers.items() if (row.run, row.no) in held] for row in rows}

    def timers(self, run: str) -> list[tuple[str, str]]:
        """Kind and instant of the timers that are still to elapse."""
        with self.database.read() as unit:
            return [(timer.kind, timer.fire_at) for timer in reads.timers_of(unit, run) if not timer.done_at]

    def locks(self) -> Mapping[str, str]:
        """Who is in the studio."""
        with self.database.read() as unit:
            found = reads.lock(unit, "studio")
            return {} if found is None else {found.name: f"{found.run}/{found.label}"}

    def proved(self) -> None:
        """Everything that histories prove is proved, with nothing left unchecked."""
        report = Auditor(self.database, ZoneInfo).verify()
        assert report.findings == []
        assert report.unchecked == 0
        assert report.decided == report.records


@pytest.fixture
def shop(database: Database, tmp_path: Path) -> Shop:
    """A company with nothing begun."""
    return Shop(database, tmp_path)


def to_answer(shop: Shop) -> str:
    """A run that waits for money or for time."""
    run = shop.begin()
    shop.do("ben", run, c.Complete("write", values={"text": "hello"}))
    return run


def to_film(shop: Shop) -> str:
    """A run that stands before the critical section."""
    run = to_answer(shop)
    shop.do("cleo", run, c.Signal("paid", {"amount": "5"}))
    shop.do("ben", run, c.Complete("book"))
    shop.do("ana", run, c.Signal("seen"))
    shop.do("ana", run, c.CloseItems("each", early=True, note="enough"))
    return run


def test_a_moment_is_waited_for_by_a_timer_row(shop: Shop) -> None:
    """The row stands as long as the token waits; business days are counted with the calendar of the record."""
    run = to_answer(shop)
    assert shop.timers(run) == [(WAIT, "2026-11-24T09:00:00.000000Z")]
    shop.later("3 days")
    assert shop.runner.elapse() == []
    shop.later("1 day")
    assert [done.run for done in shop.runner.elapse()] == [run]
    assert list(shop.open(run)) == ["dun"]
    assert shop.timers(run) == []
    assert shop.runner.elapse() == []
    shop.do("ana", run, c.Rewind("answer", "once more"))
    assert shop.timers(run) == [(WAIT, "2026-11-26T09:00:00.000000Z")]
    shop.later("2 days")
    assert len(shop.runner.elapse()) == 1
    shop.proved()


def test_what_is_no_longer_waited_for_has_no_timer(shop: Shop) -> None:
    """The alternative that came first takes the timer of the other one with it."""
    run = to_answer(shop)
    shop.do("cleo", run, c.Signal("paid", {"amount": "5", "by": "ben"}))
    assert shop.timers(run) == []
    assert list(shop.open(run)) == ["book"]
    with shop.database.read() as unit:
        kept = reads.current_payloads(unit, run)
    assert json.loads(kept["wait_paid.by"]) == shop.people["ben"]
    shop.proved()


def test_a_suspended_run_is_in_nobodys_inbox_and_its_timers_stay_due(shop: Shop) -> None:
    """Nothing is lost while nobody acts: offers come back, and what was due elapses then."""
    run = shop.begin()
    assert shop.open(run) == {"write": ["ben", "cleo"]}
    shop.do("ana", run, c.Suspend(note="strike"))
    assert shop.open(run) == {"write": []}
    assert shop.refused("ben", run, c.Claim("write")) == [Code.SUSPENDED]
    shop.do("ana", run, c.Resume(note="over"))
    assert shop.open(run) == {"write": ["ben", "cleo"]}
    shop.do("ana", run, c.Suspend("write", "wait"))
    assert shop.open(run) == {"write": []}
    shop.do("ana", run, c.Resume("write", "go on"))
    shop.do("ben", run, c.Complete("write", values={"text": "hello"}))
    shop.do("ana", run, c.Suspend(note="strike"))
    shop.later("9 days")
    assert shop.runner.elapse() == []
    assert len(shop.timers(run)) == 1
    shop.do("ana", run, c.Resume(note="over"))
    assert len(shop.runner.elapse()) == 1
    shop.proved()


def test_a_critical_section_lets_in_one_of_all_runs(shop: Shop) -> None:
    """The second run is refused with the name of the first, until it lets go; each end of holding lets go."""
    one, two = to_film(shop), to_film(shop)
    assert shop.locks() == {}
    shop.do("ben", one, c.Claim("film"))
    assert shop.locks() == {"studio": f"{one}/film"}
    answer = shop.ask("cleo", two, c.Claim("film"))
    assert isinstance(answer, Refused)
    assert [(reason.code, reason.facts["run"]) for reason in answer.reasons] == [(Code.CRITICAL, one)]
    assert shop.refused("cleo", two, c.Complete("film")) == [Code.CRITICAL]
    assert shop.refused("ana", two, c.Assign("film", shop.people["cleo"])) == [Code.CRITICAL]
    shop.do("ben", one, c.Release("film"))
    assert shop.locks() == {}
    shop.do("cleo", two, c.Claim("film"))
    shop.do("cleo", two, c.Complete("film"))
    assert shop.locks() == {}
    shop.do("ana", one, c.Assign("film", shop.people["ben"]))
    shop.do("ana", one, c.CancelRun("enough"))
    assert shop.locks() == {}
    shop.proved()


def test_a_forged_section_is_found(shop: Shop) -> None:
    """The table of sections says what the histories say, or the audit says so."""
    run = to_film(shop)
    transact(shop.database, lambda unit: unit.run("lock_insert", name="studio", run=run, label="film"))
    report = Auditor(shop.database, ZoneInfo).verify()
    assert [finding.level for finding in report.findings] == ["rows"]


def test_tables_with_computed_columns_are_decided_again_from_what_was_typed(shop: Shop) -> None:
    """Also where a correction did not name the table, and somebody in it has left since: nobody was asked about them."""
    run = shop.begin("hours")
    lines = [{"who": shop.people["cleo"], "hours": 2}, {"who": shop.people["ben"]}]
    shop.do("ben", run, c.Complete("write", values={"rate": "1.5", "hint": "x", "lines": lines}))

    def costs() -> list[str | None]:
        with shop.database.read() as unit:
            return [row.get("cost") for row in json.loads(reads.current_payloads(unit, run)["write.lines"])]

    assert costs() == ["3.00", None]
    with shop.database.write() as unit:
        save_person(unit, Person(shop.people["cleo"], "cleo", "cleo", active=False))
    shop.do("ben", run, c.Correct("write", {"rate": 2}, "slip"))
    shop.do("ben", run, c.Correct("write", {"hint": ""}, "slip"))
    assert costs() == ["4.00", None]
    assert shop.refused("ben", run, c.Correct("write", {"lines": lines}, "the same")) == [Code.NO_PERSON]
    with shop.database.write() as unit:
        save_person(unit, Person(shop.people["cleo"], "cleo", "cleo"))
    shop.do("ben", run, c.Correct("write", {"lines": lines}, "the same"))
    shop.do("ben", run, c.Correct("write", {"lines": lines[:1]}, "one is enough"))
    assert costs() == ["4.00"]
    shop.proved()


def test_a_child_run_has_the_parameters_that_it_was_given(shop: Shop) -> None:
    """They count instead of its defaults, and a value that the child refuses refuses the act."""
    run = shop.begin("week")
    shop.do("ben", run, c.Complete("begin"))
    shop.do("ben", f"{run}.1", c.Complete("write"))
    with shop.database.read() as unit:
        kept = reads.current_payloads(unit, f"{run}.1")
    assert (kept["write.n"], kept["write.by"]) == (b"30", json.dumps(run).encode())
    done = shop.runner.start("week", title="x", actor="ana", roles={"lead": ["ana"], "maker": ["ben"]}, parameters={"factor": 5})
    assert isinstance(done, Done)
    assert shop.refused("ben", done.run, c.Complete("begin")) == [Code.CHILD_REFUSED, Code.FIELD_INVALID]
    shop.proved()


def test_everything_that_can_be_asked_is_decided_again_from_its_record(shop: Shop) -> None:
    """Accepted and refused, each command of a long way round comes out the same when it is decided once more."""
    run = shop.begin()
    shop.do("ana", run, c.Signal("seen", {"note": "early"}))
    assert shop.refused("ben", run, c.Signal("seen", {"note": 5})) == [Code.FIELD_INVALID]
    assert shop.refused("ben", run, c.Skip("write", "no")) == [Code.NOT_PERMITTED]
    shop.do("ben", run, c.Claim("write"))
    shop.do("ben", run, c.Block("write", "no pen"))
    assert shop.refused("ben", run, c.Complete("write", values={"text": "x"})) == [Code.BLOCKED]
    shop.do("ana", run, c.Unblock("write", "a pen"))
    shop.do("ben", run, c.Complete("write", values={"text": "hello", "extra": "more"}))
    shop.do("ben", run, c.Correct("write", {"text": "hello you", "extra": ""}, "slip"))
    assert shop.refused("cleo", run, c.Correct("write", {"text": "mine"}, "better")) == [Code.NOT_PERMITTED]
    with shop.database.read() as unit:
        kept = reads.current_payloads(unit, run)
    assert (kept["write.text"], kept["write.size"], "write.extra" in kept) == (b'"hello you"', b"9", False)
    shop.do("ana", run, c.Rewind("write", "again"))
    assert shop.refused("cleo", run, c.Rewind("write", "again")) == [Code.NOT_PERMITTED]
    shop.do("ana", run, c.Skip("write", "not needed"))
    shop.do("ana", run, c.Signal("paid", {"amount": "5"}))
    shop.do("ana", run, c.Complete("book", values={}, note="nobody else is here", override=True))
    assert list(shop.open(run)) == ["pack:1"]  # the signal had come before
    shop.do("ben", run, c.AddItem("each", "y"))
    assert shop.refused("ben", run, c.AddItem("each", [1.5])) == [Code.FIELD_INVALID]
    assert shop.refused("ben", run, c.CloseItems("each", early=True, note="enough")) == [Code.NOT_LEAD]
    shop.do("ben", run, c.CloseItems("each"))
    shop.do("ben", run, c.Complete("pack:1"))
    shop.do("ben", run, c.Complete("pack:2"))
    assert shop.refused("ben", run, c.AddItem("each", "z")) == [Code.NO_TRACK]
    shop.do("ben", run, c.Complete("film"))
    shop.do("ana", run, c.Complete("last"))
    assert shop.open(run) == {}
    assert shop.refused("ben", run, c.Reopen("film", "blurred")) == [Code.NOT_PERMITTED]
    shop.do("ana", run, c.Reopen("film", "blurred"))
    with shop.database.read() as unit:
        row = reads.load_run(unit, run)
    assert row is not None
    assert (row.status, row.closed_at, row.end_name) == ("open", None, None)
    assert list(shop.open(run)) == ["film"]
    shop.proved()
