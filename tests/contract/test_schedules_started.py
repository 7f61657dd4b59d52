"""Runs that start by themselves, on both databases: once each, whoever looks, whoever dies, and whatever definitions become."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.refusals import Code, Refused
from runners.asker import Asker
from runners.binding import MODELS
from runners.people import NotFound
from runners.register import Register, facts_now
from runners.runner import ByRule, Done
from runners.schedules import Scheduler, Started, troubles
from runners.store import organisation_reads as organisation
from runners.store import reads
from runners.store import scheduling_reads as scheduling
from runners.store.errors import Unavailable
from runners.store.organisation_records import OrgUnit
from runners.store.records import Team
from runners.store.writes import add_definition, retire_definition, save_person, save_team
from tests.company import MONDAY, Company, definition

WORKER = Path(__file__).with_name("scheduling.py")
DAILY = 'schedule: {cron: "0 10 * * *", zone: UTC, inputs: {period: "{month-1}", day: "{date+1}", who: "@me"}}\n'
TWO = """schedule:
  - {cron: "0 10 * * *", zone: UTC, inputs: {period: x}}
  - {id: b, cron: "0 10 * * *", zone: UTC, inputs: {period: y}}
"""
SOP = """
sop: daily
version: {version}
title: {{en: Daily, ko: 매일}}
purpose: p
scope: s
owner: editor
roles: [editor, writer]
inputs: {{period: {{type: text, required: true}}, day: {{type: date}}, who: {{type: user}}, rate: {{type: number}}}}
parameters: {{pace: {{type: number, default: 1, source: x, confidence: team}}}}
steps: [{{id: one, role: editor, when: "parameters.pace > 0"}}]
{schedule}"""


def take_in(company: Company, schedule: str = DAILY, version: str = "1.0.0") -> str:
    """A version with a schedule comes into use now; gives its fingerprint."""
    stored = definition(SOP.format(version=version, schedule=schedule))._replace(added_at=company.clock.at)
    with company.database.write() as unit:
        add_definition(unit, stored)
    return stored.fingerprint


def scheduled(company: Company, schedule: str = DAILY) -> Scheduler:
    """A company whose schedules were looked at on Monday at nine."""
    take_in(company, schedule)
    company.app.scheduler.look()
    return company.app.scheduler


def told(found: list[Started]) -> list[tuple[str, str, str]]:
    """Schedule, instant and what came of it."""
    return [
        (f"{one.sop}.{one.id}", one.at[5:16], one.done.run if one.done else str(one.refused.reasons[0].code) if one.refused else "")
        for one in found
    ]


def take_all_in(company: Company) -> None:
    """Who there is, as the history of the directory tells it from then on."""
    with company.database.write() as unit:
        events = [{"is": key[0], **fact} for key, fact in facts_now(unit).items() if key[0] in {"PersonSet", "TeamSet"}]
        Register(unit, company.database.log, company.clock.at, Asker(), company.ids).record("import", events)


def row(company: Company) -> scheduling.ScheduleRow:
    with company.database.read() as unit:
        found = scheduling.schedule(unit, "daily", "regular")
    assert found is not None
    return found


def test_what_is_due_starts_once(company: Company) -> None:
    """Not before its time, once at its time, and the next day again; two databases' doors and a second look change nothing."""
    scheduler = scheduled(company)
    assert scheduler.start_due() == []
    company.clock.move(hours=1)
    assert told(scheduler.start_due()) == [("daily.regular", "11-23T10:00", "DAI-1")]
    second = company.again()
    assert scheduler.start_due() == second.app.scheduler.start_due() == []
    second.close()
    assert row(company)._replace(fingerprint="") == scheduling.ScheduleRow(
        "daily", "regular", "", "0 10 * * *", "UTC", "2026-11-24T10:00:00.000000Z", "2026-11-23T10:00:00.000000Z", "DAI-1"
    )
    company.clock.move(days=1)
    assert told(scheduler.start_due()) == [("daily.regular", "11-24T10:00", "DAI-2")]
    assert company.audit().findings == []


def test_what_a_run_is_started_with(company: Company) -> None:
    """The rule asks, and the record says which schedule; roles come from the directory, the owner leads, periods are filled in."""
    scheduler = scheduled(company)
    company.clock.move(hours=1)
    scheduler.start_due()
    view = company.views.run("DAI-1")
    assert (view.state.lead, view.line.title, view.state.roles) == (
        company.people["ana"], "Daily 2026-11-23", {"editor": (f"person:{company.people['ana']}",)}
    )  # fmt: skip
    assert {name: view.values[f"inputs.{name}"] for name in ("period", "day", "who")} == {
        "period": "2026-10", "day": "2026-11-24", "who": company.people["ana"],
    }  # fmt: skip
    (record,) = company.records("DAI-1")
    assert record["actor"] == {"sub": "system", "auth": "rule", "cause": ["daily.regular", "2026-11-23T10:00:00.000000Z"]}
    assert company.raw("SELECT started_by FROM sop_run") == [("system",)]


def test_what_stands_in_a_schedule_counts(company: Company) -> None:
    """Title, parameters, another lead, and a unit with people of its own."""
    with company.database.write() as unit:
        organisation.save(unit, units=[OrgUnit("brand", "Brand", "", "", MODELS[1])])
        dan = reads.person_by_handle(unit, "dan")
        assert dan is not None
        save_person(unit, dan._replace(roles=(), more={"posts": [["writer", "brand", "", ""]]}))
    scheduler = scheduled(
        company,
        'schedule: {cron: "0 10 * * *", zone: Asia/Shanghai, title: {en: "Of {week}", ko: "{week} 주"}, lead: writer, unit: brand,'
        " inputs: {period: x, rate: 3}, parameters: {pace: 2}}\n",
    )
    company.clock.move(days=1)
    assert told(scheduler.start_due()) == [("daily.regular", "11-24T02:00", "DAI-1")]
    view = company.views.run("DAI-1")
    assert (view.line.title, view.state.lead, view.state.unit) == ("Of 2026-W48", company.people["dan"], "brand")
    assert (view.values["inputs.rate"], view.state.parameters) == (3, {"pace": 2})
    korean = Scheduler(company.database, company.app.library, company.clock, company.runner, languages=["ko"])
    company.clock.move(days=1)
    assert [one.done.run for one in korean.start_due() if one.done] == ["DAI-2"]
    assert company.views.run("DAI-2").line.title == "2026-W48 주"


@pytest.mark.parametrize(
    ("missed", "expected"),
    [
        ("once", ["11-26T10:00 DAI-1"]),
        ("all", ["11-23T10:00 DAI-1", "11-24T10:00 DAI-2", "11-25T10:00 DAI-3", "11-26T10:00 DAI-4"]),
        ("skip", ["11-23T10:00 "]),
    ],
)
def test_what_was_missed(company: Company, missed: str, expected: list[str]) -> None:
    """Nobody looked for three days and some hours: one run for the last, one for each, or none; afterwards nothing is due."""
    scheduler = scheduled(company, DAILY.replace("zone", f"missed: {missed}, zone"))
    company.clock.move(days=3, hours=3)
    assert [f"{at} {what}" for _, at, what in told(scheduler.start_due())] == expected
    assert scheduler.start_due() == []
    assert row(company).next_at == "2026-11-27T10:00:00.000000Z"


def test_a_limit_is_kept_and_the_rest_comes_next_time(company: Company) -> None:
    """No more at once than is asked for."""
    scheduler = scheduled(company, DAILY.replace("zone", "missed: all, zone"))
    company.clock.move(days=3, hours=3)
    assert [len(scheduler.start_due(limit=3)) for _ in range(3)] == [3, 1, 0]


def test_nobody_to_lead_is_tried_again(company: Company) -> None:
    """What cannot be started stays due, says why, holds up no other, and starts when it can; no number is lost."""
    scheduler = scheduled(company)
    with company.database.write() as unit:
        ana = reads.person_by_handle(unit, "ana")
        assert ana is not None
        save_person(unit, ana._replace(roles=()))
    company.clock.move(hours=1)
    assert told(scheduler.start_due()) == told(scheduler.start_due()) == [("daily.regular", "11-23T10:00", str(Code.UNLED))]
    assert [reason.code for reason in troubles(row(company))] == [Code.UNLED]
    with company.database.write() as unit:  # a team without a lead that is there: its first member
        gone = company.people["gus"]
        save_team(unit, Team("desk", "Desk", {"posts": [["editor", "", "", ""]], "lead": gone}), [gone, company.people["eve"]])
    assert told(scheduler.start_due()) == [("daily.regular", "11-23T10:00", "DAI-1")]
    assert company.views.run("DAI-1").state.lead == company.people["eve"]
    assert troubles(row(company)) == ()


@pytest.mark.parametrize(
    ("schedule", "code"),
    [
        ("inputs: {period: x, who: nobody}", Code.NO_PERSON),
        ("inputs: {period: x}, unit: nowhere", Code.NO_UNIT),
        ("inputs: {period: x, who: gus}", Code.NO_PERSON),
    ],
)
def test_what_is_refused_says_why(company: Company, schedule: str, code: Code) -> None:
    """A person, a unit, somebody who has left: the reason is kept with the schedule, and nothing else."""
    scheduler = scheduled(company, f'schedule: {{cron: "0 10 * * *", zone: UTC, {schedule}}}\n')
    before = company.raw("SELECT count(*) FROM sop_history")
    company.clock.move(hours=1)
    assert told(scheduler.start_due()) == [("daily.regular", "11-23T10:00", str(code))]
    assert [reason.code for reason in troubles(row(company))] == [code]
    assert company.raw("SELECT count(*) FROM sop_history") == before
    assert company.views.runs("all") == []


def test_a_fault_holds_up_no_other(company: Company) -> None:
    """The fault is said when all others have started, and what it hit stays due."""
    scheduler = scheduled(company, TWO)
    company.clock.move(hours=1)
    real, asked = company.runner.start_by_rule, list[int]()

    def failing(prepare: Callable[[Any], ByRule | None]) -> Done | Refused | None:
        asked.append(1)
        if len(asked) == 1:
            raise Unavailable("disk full")
        return real(prepare)

    company.runner.start_by_rule = failing  # type: ignore[method-assign]
    with pytest.raises(Unavailable, match="disk full"):
        scheduler.start_due()
    company.runner.start_by_rule = real  # type: ignore[method-assign]
    assert [line.id for line in company.views.runs("all")] == ["DAI-1"]
    assert len(told(scheduler.start_due())) == 1


def test_whoever_comes_second_finds_nothing(company: Company) -> None:
    """Between finding what is due and starting it, another process starts it: one run."""
    scheduler = scheduled(company)
    company.clock.move(hours=1)
    second = company.again()
    due = second.app.scheduler.due()
    assert [row_.id for row_ in due] == ["regular"]
    assert len(scheduler.start_due()) == 1
    assert second.app.scheduler._start("daily", "regular") is None
    second.close()
    assert len(company.views.runs("all")) == 1


def test_a_row_that_was_put_back_starts_nothing_twice(company: Company) -> None:
    """The key of a start says schedule and instant: a restored table of schedules does not double runs."""
    scheduler = scheduled(company)
    company.clock.move(hours=1)
    before = row(company)
    scheduler.start_due()
    with company.database.write() as unit:
        scheduling.save_schedules(unit, before)
    again = scheduler._start("daily", "regular")
    assert again is not None
    assert again.done is not None
    assert (again.done.run, again.done.repeated) == ("DAI-1", True)
    assert row(company).next_at == "2026-11-24T10:00:00.000000Z"
    assert scheduler.start_due() == []
    assert [line.id for line in company.views.runs("all")] == ["DAI-1"]


def test_a_new_version_decides_from_when_it_came(company: Company) -> None:
    """What was due before starts with the new version; what comes after goes by its words; a retired one starts nothing."""
    scheduler = scheduled(company)
    company.clock.move(hours=1, minutes=30)
    first = definition(SOP.format(version="1.0.0", schedule=DAILY)).fingerprint
    second = take_in(company, DAILY.replace("0 10", "0 14"), "1.1.0")
    company.clock.move(minutes=5)
    assert told(scheduler.start_due()) == [("daily.regular", "11-23T10:00", "DAI-1")]
    assert company.views.run("DAI-1").state.fingerprint == second
    assert row(company).next_at == "2026-11-23T14:00:00.000000Z"
    with company.database.write() as unit:
        retire_definition(unit, second, company.clock.at)
    assert scheduler.start_due() == []  # the first version again, from now on
    assert (row(company).fingerprint, row(company).next_at) == (first, "2026-11-24T10:00:00.000000Z")
    with company.database.write() as unit:
        retire_definition(unit, first, company.clock.at)
    company.clock.move(days=3)
    assert scheduler.start_due() == []
    assert row(company).next_at is None
    with company.database.write() as unit:
        retire_definition(unit, first, None)
    assert scheduler.start_due() == []
    assert row(company).next_at == "2026-11-27T10:00:00.000000Z"


def test_what_changes_while_it_is_started(company: Company) -> None:
    """A version that comes between looking and starting is left to the next look, with its own words."""
    scheduler = scheduled(company)
    company.clock.move(hours=1)
    take_in(company, DAILY.replace("0 10", "0 14"), "1.1.0")
    assert scheduler._start("daily", "regular") is None
    take_in(company, "", "1.2.0")
    assert scheduler._start("daily", "regular") is None


def test_a_database_that_was_never_looked_at_starts_nothing_of_before(company: Company) -> None:
    """Who lets time pass for the first time after a year gets no runs of that year."""
    take_in(company)
    company.clock.move(days=365)
    assert company.app.scheduler.start_due() == []
    company.clock.move(days=1)
    assert len(company.app.scheduler.start_due()) == 1
    take_in(company, DAILY.replace("0 10", "30 9"), "1.1.0")
    company.clock.move(hours=22)  # the new words have held since they came, although nobody looked
    assert told(company.app.scheduler.start_due()) == [("daily.regular", "11-24T09:30", "DAI-2")]


def test_a_schedule_rests_and_goes_on(company: Company) -> None:
    """Who may: the table of permissions. It is recorded, verified, and what was missed meanwhile is not made up for."""
    scheduler = scheduled(company)
    ana, ben = company.people["ana"], company.people["ben"]
    with company.database.write() as unit:
        person = reads.person_by_id(unit, ana)
        assert person is not None
        save_person(unit, person._replace(more={"duties": ["lead"]}))
    refused = scheduler.rest("daily", by=ben, note="Let me")
    assert isinstance(refused, Refused)
    assert isinstance(scheduler.rest("daily", by=ben, dry_run=True), Refused)
    assert [reason.code for reason in refused.reasons] == [Code.NOT_APPOINTED]
    planned = scheduler.rest("daily.regular", by=ana, dry_run=True)
    assert not isinstance(planned, Refused)
    assert (planned.next_at, row(company).paused_at) == (None, None)
    for _ in range(2):
        rests = scheduler.rest("daily.regular", by=ana, note="Holidays")
        assert not isinstance(rests, Refused)
        assert (rests.next_at, rests.set_by) == (None, ana)
    company.clock.move(days=5)
    take_in(company, DAILY.replace("0 10", "0 14"), "1.1.0")
    assert scheduler.start_due() == []
    goes_on = scheduler.rest("daily", by=ana, on=True)
    assert not isinstance(goes_on, Refused)
    assert (goes_on.next_at, goes_on.paused_at) == ("2026-11-28T14:00:00.000000Z", None)
    assert scheduler.start_due() == []
    lines = [(line["kind"], line["command"]["do"], line.get("events")) for line in company.records("ORG")]
    fact = {"is": "ScheduleSet", "sop": "daily", "id": "regular", "by": ana}
    assert lines == [
        ("refused", "pause_schedule", None), ("directory", "pause_schedule", [{**fact, "paused": True}]),
        ("directory", "resume_schedule", [{**fact, "paused": False}]),
    ]  # fmt: skip
    assert not any("ScheduleSet" in finding.what for finding in company.audit().findings)  # the company itself was never imported
    with company.database.write() as unit:
        save_person(unit, person._replace(more={}))
    take_all_in(company)
    assert company.audit().findings == []
    company.raw("UPDATE sop_schedule SET paused_at = ?, next_at = NULL", MONDAY)
    assert [finding.what for finding in company.audit().findings] == ["ScheduleSet daily regular is not stored as its history says"]


def test_a_name_that_is_none(company: Company) -> None:
    """Whoever names no schedule hears which there are; where an SOP has two, its name alone is none."""
    scheduler = scheduled(company, TWO)
    for name in ("daily", "daily.c", "weekly", ""):
        with pytest.raises(NotFound) as lost:
            scheduler.rest(name, by=company.people["ana"])
        assert lost.value.known == ("daily.b", "daily.regular")


@pytest.mark.usefixtures("unmeasured")
def test_two_processes_at_once_start_one_run_each(company: Company, tmp_path: Path) -> None:
    """Six processes look for what is due at the same moment, of schedules that missed a week: each instant has one run."""
    scheduled(company, DAILY.replace("zone", "missed: all, zone"))
    folder = company.app.settings.evidence.parent
    gate = tmp_path / "gate"
    made = [
        subprocess.Popen(
            [sys.executable, str(WORKER), company.url, str(folder), "2026-11-30T09:00:00.000000Z", str(gate)], env=_env()
        )
        for _ in range(6)
    ]
    gate.touch()
    assert [process.wait(timeout=120) for process in made] == [0] * 6
    causes = sorted(record["actor"]["cause"][1] for line in company.views.runs("all") for record in company.records(line.id)[:1])
    assert [at[5:10] for at in causes] == ["11-23", "11-24", "11-25", "11-26", "11-27", "11-28", "11-29"]
    assert company.audit().findings == []


@pytest.mark.usefixtures("unmeasured")
def test_processes_that_are_killed_leave_no_double(company: Company, tmp_path: Path) -> None:
    """Killed at any moment, again and again: at the end every instant has one run, and the next instant is right."""
    scheduled(company, DAILY.replace("zone", "missed: all, zone"))
    folder, until = company.app.settings.evidence.parent, "2027-01-22T09:00:00.000000Z"
    gate = tmp_path / "gate"
    gate.touch()
    for number in range(6):
        process = subprocess.Popen([sys.executable, str(WORKER), company.url, str(folder), until, str(gate)], env=_env())
        before, end = len(company.views.runs("all", limit=500)), time.monotonic() + 60
        while len(company.views.runs("all", limit=500)) == before and process.poll() is None and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(0.007 * number)
        process.send_signal(signal.SIGKILL)
        process.wait()
    company.clock.at = until
    company.app.scheduler.start_due()
    runs = company.views.runs("all", limit=500)
    causes = [company.records(line.id)[0]["actor"]["cause"][1] for line in runs]
    assert len(causes) == len(set(causes)) == 60
    assert row(company).next_at == "2027-01-22T10:00:00.000000Z"
    assert company.audit().findings == []


def _env() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
