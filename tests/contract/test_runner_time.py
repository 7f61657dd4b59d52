"""Timers, clocks that go wrong, and what a record holds."""

import json
from typing import Any

import pytest

from engine import commands as c
from engine.people import SYSTEM
from engine.refusals import Code, Refused
from runners.runner import Done
from runners.store import reads
from tests.company import COPY, INPUTS, NAMES, Company


def kinds(done: Done) -> list[str]:
    return [type(event).__name__ for event in done.events]


def test_timers_elapse_once(company: Company) -> None:
    """A reminder, then an escalation, each once, as acts of the rule; what is done already needs none."""
    run = company.begin()
    other = company.begin()
    company.complete("ben", other, "write", **COPY)
    assert company.runner.elapse() == []
    company.clock.move(days=2, hours=-4)
    done = company.runner.elapse()
    assert [(one.run, kinds(one)) for one in done] == [(run, ["TaskReminded"])]
    assert company.runner.elapse() == []
    company.clock.move(hours=7)
    assert company.refused("ana", run, c.Complete("write", values=COPY))[0] is Code.NOT_IN_ROLE
    assert [kinds(one) for one in company.runner.elapse()] == [["TaskEscalated"]]
    assert company.runner.elapse() == company.again().runner.elapse() == []
    assert company.inbox("ana") == [f"{run}/write"]
    record = company.records(run)[-1]
    assert (record["actor"], record["kind"]) == ({"sub": "system", "auth": "rule"}, "timer")
    assert company.raw("SELECT kind, seq FROM sop_outbox ORDER BY seq") == [("reminded", 1), ("escalated", 3)]
    assert company.audit().findings == []


def test_two_who_elapse_the_same_timer_at_once(company: Company) -> None:
    """Whoever comes second finds that it has elapsed."""
    run = company.begin()
    company.clock.move(days=3)
    with company.database.write() as unit:
        due = reads.timers_due(unit, company.clock.at)
    company.runner.elapse()
    second = company.again()
    for timer in due:
        key = f"timer-{timer.run}-{timer.task}-{timer.kind}-{timer.n}"
        answer = second.runner._handle(run, c.Elapse(timer.task, timer.kind, timer.n), actor=SYSTEM, key=key)
        assert isinstance(answer, Done)
        assert answer.repeated
    second.close()
    assert len(company.records(run)) == 3


def test_a_timer_that_cannot_elapse_holds_up_no_other(company: Company) -> None:
    """The fault is said when all others have elapsed."""
    from runners.store.errors import StoreError, Unavailable

    runs = [company.begin() for _ in range(3)]
    company.clock.move(days=2)
    handled: list[str] = []
    real = company.runner._handle

    def failing(run: str, command: c.Command, **more: Any) -> Done | Refused:  # noqa: ANN401
        handled.append(run)
        if run == runs[0]:
            raise Unavailable("disk full")
        return real(run, command, **more)

    company.runner._handle = failing  # type: ignore[method-assign]
    with pytest.raises(StoreError, match="disk full"):
        company.runner.elapse()
    company.runner._handle = real  # type: ignore[method-assign]
    assert handled == runs
    assert [len(company.records(run)) for run in runs] == [1, 2, 2]
    assert [one.run for one in company.runner.elapse()] == [runs[0]]


def test_a_clock_that_is_set_back_does_not_turn_the_history_round(company: Company) -> None:
    """Records of a run never get older, whatever the machine says; the order is that of their numbers."""
    run = company.to_review()
    company.clock.move(hours=-5)
    company.complete("dan", run, "review")
    company.clock.move(hours=1)
    company.complete("eve", run, "review")
    instants = [line.at for line in company.views.history(run)]
    assert instants == sorted(instants)
    assert company.audit().findings == []


def test_dues_count_working_days_and_name_their_calendar(company: Company) -> None:
    """The calendar that a due was computed with is kept, once, and named in the record."""
    run = company.begin()
    company.begin()
    assert company.task(run, "write").due == "2026-11-25T09:00:00.000000Z"
    ((digest, _),) = company.raw("SELECT digest, body FROM sop_calendar")
    from engine.history import hexadecimal

    assert hexadecimal(company.records(run)[0]["context"]["calendar"]) == digest


def test_events_have_no_person_but_those_who_act(company: Company) -> None:
    """Records hold pseudonyms and ids: no name, no handle, no title, no text, no value."""
    run = company.to_end()
    bytes_ = b"".join(row[0] for row in company.raw("SELECT record FROM sop_history"))
    said = [
        *NAMES.values(), str(INPUTS["topic"]), "Charger story", COPY["copy"], "Too short", "First voice", "Nearly there",
        "https://wechat.example/1", "plan.pdf", "You know", "Let me", "Holidays", "No time", "mail.example",
    ]  # fmt: skip
    parts = {word for name in NAMES.values() for word in name.split() if word != "Van"}
    assert [text for text in {*said, *parts} if text.encode() in bytes_] == []
    assert [handle for handle in NAMES if f'"{handle}"'.encode() in bytes_] == []
    assert len(company.views.history(run)) == 20


def test_a_record_is_small(company: Company) -> None:
    """What a record holds beside its events is bounded: a claim or a comment, whole, stays below 520 bytes."""
    run = company.to_end()
    sizes = {line.kind: len(json.dumps(line.record, separators=(",", ":"))) for line in company.views.history(run)}
    assert sizes["claimed"] < 520
    assert sizes["commented"] < 520
    varying = {"events", "command", "context", "reasons", "guards"}
    fixed = [
        sum(len(json.dumps({name: part}, separators=(",", ":"))) for name, part in line.record.items() if name not in varying)
        for line in company.views.history(run)
    ]
    assert max(fixed) < 400


def test_suspended_runs_keep_no_other_from_its_turn(company: Company) -> None:
    """Timers of suspended runs and tasks stay due, however many there are, and elapse when these go on."""
    held = [company.begin() for _ in range(3)]
    for run in held[:2]:
        company.do("ana", run, c.Suspend("", "Wait for the client"))
    company.do("ana", held[2], c.Suspend("write", "Wait for the text"))
    other = company.begin()
    company.clock.move(days=3)
    assert {done.run for done in company.runner.elapse(limit=1)} == {other}
    assert {done.run for done in company.runner.elapse(limit=5)} == {other}
    assert company.runner.elapse(limit=5) == []
    for run in held[:2]:
        company.do("ana", run, c.Resume("", "Go on"))
    assert {done.run for done in company.runner.elapse()} == set(held[:2])
    assert company.audit().findings == []
