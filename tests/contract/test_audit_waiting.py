"""Timers and offers that somebody changed in the database are found: they decide what elapses and what is in whose inbox."""

from typing import TYPE_CHECKING

import pytest

from engine import commands as c
from runners.store import reads
from runners.store.writes import save_person
from tests.company import Company

if TYPE_CHECKING:
    from runners.audit.report import Report

DUE = "9999"


def said(report: "Report") -> list[str]:
    """What was found; all of it is about rows."""
    assert {finding.level for finding in report.findings} <= {"rows"}
    return [finding.what for finding in report.findings]


def test_timers_that_elapsed_or_became_pointless_are_as_the_history_says(company: Company) -> None:
    """The control: open, elapsed, closed with their task, cancelled with their run."""
    run, other = company.begin(), company.begin()
    company.pace = 1
    assert company.audit().findings == []
    company.clock.move(days=3)
    assert len(company.runner.elapse()) == 4
    assert company.audit().findings == []
    company.do("ana", other, c.CancelRun("No longer wanted"))
    company.complete("ben", run, "write", copy="x", risk="low")
    company.complete("dan", run, "review", "reject", "Too short")  # and the second round has timers of its own
    assert company.audit().findings == []
    assert company.raw("SELECT count(*) FROM sop_timer")[0][0] == 6


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("DELETE FROM sop_timer WHERE kind = 'escalate'", "the timer escalate 0 of task 1 is missing"),
        (
            "UPDATE sop_timer SET fire_at = '2099-01-01T00:00:00.000000Z' WHERE kind = 'remind'",
            "the timer remind 0 of task 1 elapses at another instant than the history says",
        ),
        (
            "UPDATE sop_timer SET done_at = fire_at WHERE kind = 'remind'",
            "the timer remind 0 of task 1 is done or open otherwise than the history says",
        ),
        (
            "INSERT INTO sop_timer (run, task, kind, n, fire_at) VALUES ('ART-1', 1, 'escalate', 7, '2026-11-23T09:00:00.000000Z')",
            "the timer escalate 7 of task 1 is one that the history does not know",
        ),
    ],
)
def test_a_timer_that_was_changed_is_found(company: Company, change: str, what: str) -> None:
    """One that is missing, put off, ticked off or added."""
    run = company.begin()
    company.raw("UPDATE sop_timer SET task = task")  # that anything is written is no finding
    no = company.task(run, "write").no
    company.raw(change.replace("'ART-1', 1,", f"'ART-1', {no},"))
    assert said(company.audit(run)) == [what.replace("task 1", f"task {no}")]


def test_a_timer_of_a_closed_task_that_is_open_again_is_found(company: Company) -> None:
    """It would elapse for nothing, for ever."""
    run = company.to_review()
    company.raw("UPDATE sop_timer SET done_at = NULL WHERE kind = 'remind'")
    assert "is done or open otherwise than the history says" in said(company.audit(run))[0]


def test_offers_are_what_the_rule_gives(company: Company) -> None:
    """The control: with people, a team, somebody who is kept, an escalation, and after the directory has changed."""
    run = company.begin()
    company.clock.move(days=3)
    company.runner.elapse()
    company.do("ben", run, c.Claim("write"))
    assert company.audit().findings == []
    company.complete("ben", run, "write", copy="x", risk="low")
    company.complete("dan", run, "review")
    company.complete("eve", run, "review")
    assert company.audit().findings == []
    other = company.to_review()
    with company.database.write() as unit:
        cy = reads.person_by_handle(unit, "cy")
        assert cy is not None
        save_person(unit, cy._replace(active=False))
    assert company.audit().findings == []
    company.complete("dan", other, "review", "reject", "Too short")  # and it is not offered to cy again
    with company.database.write() as unit:
        save_person(unit, cy)
    assert company.audit().findings == []


def offer(company: Company, holder: str, run: str, no: int, due: str = DUE) -> None:
    """Put an offer there."""
    company.raw("INSERT INTO sop_offer (holder, due_key, run, no) VALUES (?, ?, ?, ?)", holder, due, run, no)


def test_an_offer_to_somebody_else_is_found(company: Company) -> None:
    """To a person, to a team, or as a mark that keeps somebody away; and one with another due date."""
    run = company.to_review()
    no = company.task(run, "review").no
    for holder in (f"person:{company.people['fay']}", "team:design", f"kept:{company.people['dan']}"):
        offer(company, holder, run, no)
        assert said(company.audit(run)) == [f"the task review ({no}) is offered to {holder}, which the history does not give"]
        company.raw("DELETE FROM sop_offer WHERE holder = ? AND run = ?", holder, run)
    assert company.audit(run).findings == []
    company.raw("UPDATE sop_offer SET due_key = '2020' WHERE run = ? AND holder = ?", run, f"person:{company.people['dan']}")
    assert said(company.audit(run)) == [f"the task review ({no}) is offered with another due date"]


def test_an_offer_of_what_is_not_on_offer_is_found(company: Company) -> None:
    """Of a task that is closed, unknown, or somebody's."""
    run = company.to_review()
    for no in (77, next(row[0] for row in company.raw("SELECT no FROM sop_task WHERE closed_at IS NOT NULL"))):
        offer(company, f"person:{company.people['ben']}", run, no)
        assert said(company.audit(run)) == [f"the task {no} is offered, and is not open"]
        company.raw("DELETE FROM sop_offer WHERE no = ?", no)
    run = company.begin()
    company.do("cy", run, c.Claim("write"))
    task = company.task(run, "write")
    offer(company, f"person:{company.people['ben']}", run, task.no, task.due)
    assert said(company.audit(run)) == [f"the task write ({task.no}) is offered, and has an owner"]


def test_a_task_that_was_hidden_from_everybody_is_found(company: Company) -> None:
    """Its role is held by people, or by a team; a team that is hidden alone is found as well."""
    run = company.to_review()
    company.raw("DELETE FROM sop_offer")
    (what,) = said(company.audit(run))
    assert "is offered to nobody, and " in what
    assert company.people["dan"] in what
    company = company.again()
    other = company.begin("simple", roles={"doer": ["team:design"]})
    company.raw("DELETE FROM sop_offer WHERE run = ?", other)
    assert any("is not offered to team:design, which the history gives" in what for what in said(company.audit(other)))
    company.close()
