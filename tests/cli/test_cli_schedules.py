"""What starts by itself and the calendar, as somebody types them."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from icalendar import Calendar

from runners.store.database import open_database
from runners.store.scheduling_reads import save_schedules, schedules

if TYPE_CHECKING:
    from tests.cli.conftest import Project

WEEKLY = """\
sop: weekly
version: 1.0.0
prefix: WEE
title: {en: Weekly plan, zh-Hans: 周计划}
purpose: p
scope: s
owner: manager
roles: [manager, content_creator]
inputs:
  week: {type: text, required: true}
  day: {type: date, calendar: true, label: Day of the review}
  secret: {type: date, calendar: true, pii: true}
steps:
  - id: plan
    role: content_creator
    due: 2 days
    form:
      slots:
        type: table
        columns:
          publish_at: {type: datetime, required: true, calendar: true}
          day: {type: date, calendar: true}
          topic: {type: text}
          platform: {type: choice, options: {web: Our site, print: Print}}
          phone: {type: text, pii: true}
          owner: {type: user}
schedule:
  - {cron: "0 9 * * MON", zone: Asia/Shanghai, title: {en: "Week {week}", zh-Hans: "第{week}周"}, inputs: {week: "{week}"}}
  - {id: late, cron: "0 18 * * *", zone: UTC, missed: skip, lead: content_creator, inputs: {week: "{week}"}}
"""

Set = Callable[..., None]


@pytest.fixture
def weekly(project: "Project") -> "Project":
    """A project with an SOP that starts by itself; its schedules were looked at."""
    (project.folder / ".sop" / "definitions" / "weekly.yaml").write_text(WEEKLY, encoding="utf-8")
    project.good("schedules")
    return project


@pytest.fixture
def due(weekly: "Project") -> Set:
    """Lets a schedule be due since an instant."""

    def put(name: str = "regular", at: str = "2026-01-05T01:00:00.000000Z") -> None:
        database = open_database(f"sqlite:///{weekly.database}")
        with database.write() as unit:
            save_schedules(unit, *(row._replace(next_at=at) for row in schedules(unit) if row.id == name))
        database.close()

    return put


@pytest.fixture
def due_all(project: "Project") -> Callable[[str], None]:
    """Lets every schedule be due since an instant, without making up for what lies between."""

    def put(at: str) -> None:
        database = open_database(f"sqlite:///{project.database}")
        with database.write() as unit:
            save_schedules(unit, *(row._replace(next_at=at) for row in schedules(unit)))
        database.close()

    return put


def items(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)["items"]
    return found


def test_schedules_are_listed(weekly: "Project") -> None:
    """Name, next time, cron and zone; a table for people and plain data for programs."""
    late, regular = items(weekly.good("schedules", "list", "--sop", "weekly", "--json"))

    assert (late["id"], regular["id"], regular["cron"], regular["zone"]) == (
        "weekly.late", "weekly.regular", "0 9 * * MON", "Asia/Shanghai"
    )  # fmt: skip
    assert (regular["next"][11:], regular["last"], regular["run"], regular["state"]) == ("01:00:00.000000Z", None, None, "on")
    assert "weekly.regular" in weekly.good("schedules", "-v")
    assert items(weekly.good("schedules", "list", "--sop", "mini", "--json")) == []


def test_tick_starts_what_is_due(weekly: "Project", due: Set) -> None:
    """Said before with a dry run, done once, shown afterwards; the run says who asked and why."""
    due()
    planned = weekly.sop("tick", "-n")
    assert (planned.code, "weekly.regular" in planned.out, "dry run" in planned.err) == (0, True, True)
    assert "!" in weekly.good("schedules")
    (started,) = items(weekly.good("tick", "--json"))
    assert (started["id"], started["what"], started["reasons"]) == ("WEE-1", "started by weekly.regular", [])
    assert weekly.sop("tick").err == "Nothing is due.\n"
    assert items(weekly.good("schedules", "list", "--sop", "weekly", "--json"))[1]["run"] == "WEE-1"
    assert "lead ana" in weekly.good("show", "WEE-1")
    assert "system" in weekly.good("history", "WEE-1")
    assert "started by system" not in weekly.sop("verify", "--all").err
    due("late")
    assert [item["what"] for item in items(weekly.good("tick", "--json"))] == ["skipped: nobody looked in time"]


def test_what_cannot_start_is_said_with_its_own_exit_code(weekly: "Project", due: Set) -> None:
    """Exit code 1, in words, and again in the list, until it can."""
    for handle in ("ana", "leo"):
        weekly.good("role", "take", "manager", handle)
    due()
    for _ in range(2):
        done = weekly.sop("tick")
        assert (done.code, "nobody holds the role manager" in done.out) == (1, True)
    assert "nobody holds the role manager" in weekly.good("schedules")
    weekly.good("role", "give", "manager", "leo")
    assert weekly.sop("tick").code == 0
    assert "lead leo" in weekly.good("show", "WEE-1")


def test_a_schedule_rests(weekly: "Project") -> None:
    """Planned, done, recorded, and undone; a name that is none is answered with those there are."""
    assert "would be: paused" in weekly.good("schedules", "pause", "weekly.late", "-n")
    assert "starts nothing" in weekly.good("schedules", "pause", "weekly.late", "-m", "Holidays")
    assert [item["state"] for item in items(weekly.good("schedules", "list", "--sop", "weekly", "--json"))] == ["paused", "on"]
    told = weekly.good("history", "ORG")
    assert ("weekly.late rests" in told, "Holidays" in told) == (True, True)
    assert "starts next" in weekly.good("schedules", "resume", "weekly.late")
    assert "weekly.late starts runs again" in weekly.good("history", "ORG")
    wrong = weekly.sop("schedules", "pause", "weekly.lat")
    assert (wrong.code, "weekly.late" in wrong.err) == (3, True)
    assert weekly.sop("verify", "--all").code == 0


def planned(weekly: "Project") -> tuple[str, str]:
    """A run with two slots; gives the day of the review and that of the first slot."""
    soon = date.fromisoformat(json.loads(weekly.good("schedules", "list", "--sop", "weekly", "--json"))["items"][0]["next"][:10])
    review, slot = (soon + timedelta(days=days) for days in (3, 5))
    weekly.good(
        "start", "weekly", "--title", "Spring, or: what\\now; yes", "--set", "week=1",
        "--set", f"day={review}", "--set", f"secret={slot}", "--role", "content_creator=ben",
    )  # fmt: skip
    rows = [
        {
            "publish_at": f"{slot}T08:00:00Z", "day": str(review), "topic": "One, two; three", "platform": "web", "phone": "0171",
            "owner": "carla",
        },
        {"publish_at": f"{slot}T09:00:00Z", "topic": "Two"},
    ]  # fmt: skip
    (weekly.folder / "form.json").write_text(json.dumps({"slots": rows}))
    return str(review), str(slot)


def test_calendar_shows_dues_starts_and_slots(weekly: "Project") -> None:
    """By week: the due of the task, what will start, the marked days of inputs and tables; nothing that is personal."""
    review, slot = planned(weekly)
    before = items(weekly.good("calendar", "--sop", "weekly", "--json"))
    assert {item["kind"] for item in before} == {"due", "start", "slot"}
    assert [(item["id"], item["who"]) for item in before if item["kind"] == "due"] == [("WEE-1/plan", ["ben"])]
    weekly.good("complete", "WEE-1/plan", "--form", "form.json", who="ben")
    after = items(weekly.good("calendar", "--sop", "weekly", "--json"))
    slots = [(item["at"], item["title"], item["who"], item["all_day"], item["status"]) for item in after if item["kind"] == "slot"]
    title = "Spring, or: what\\now; yes"
    assert slots == [
        (review, f"{title}: Day of the review", [], True, "ended"),
        (review, "One, two; three · Our site", ["carla"], True, "ended"),
        (f"{slot}T08:00:00Z", "One, two; three · Our site", ["carla"], False, "ended"),
        (f"{slot}T09:00:00Z", "Two", [], False, "ended"),
    ]
    assert [item["begins"] for item in after] == sorted(item["begins"] for item in after)
    starts = [item for item in after if item["id"] == "weekly.regular"]
    assert len(starts) == 4
    assert starts[0]["title"].startswith("Week 20")
    table = weekly.good("calendar", "--sop", "weekly")
    assert table.count(after[0]["week"]) >= 1
    assert "0171" not in table
    assert "第" in weekly.sop("calendar", "--sop", "weekly", "--lang", "zh-Hans").out


def test_calendar_of_a_role_a_person_an_sop(weekly: "Project") -> None:
    """Each narrows the list to its own; days may be named, and must come in their order."""
    planned(weekly)

    def kinds(*options: str) -> set[tuple[str, str]]:
        return {
            (item["kind"], item["id"]) for item in items(weekly.good("calendar", "--json", *options)) if item["sop"] == "weekly"
        }

    assert kinds("--role", "content_creator") == {("due", "WEE-1/plan"), ("start", "weekly.late")}
    assert kinds("--person", "ben") == {("due", "WEE-1/plan")}
    assert ("start", "weekly.regular") in kinds("--person", "@me")
    assert ("slot", "WEE-1") in kinds("--person", "ana")
    weekly.good("complete", "WEE-1/plan", "--form", "form.json", who="ben")
    assert ("slot", "WEE-1") in kinds("--person", "carla")
    assert ("slot", "WEE-1") in kinds("--role", "content_creator")
    assert items(weekly.good("calendar", "--json", "--sop", "mini")) == []
    assert kinds("--from", "2020-01-01", "--to", "2020-02-01") == set()
    for wrong in (["--from", "2026-02-01", "--to", "2026-01-01"], ["--from", "soon"], ["--role", "a", "--person", "ana"]):
        assert weekly.sop("calendar", *wrong).code == 2
    assert weekly.sop("calendar", "--sop", "nothing").code == 3


@pytest.mark.parametrize(
    ("first", "last", "beyond"), [("2026-10-20", "2026-11-16", "2026-11-17"), ("2026-03-10", "2026-04-06", "2026-04-07")]
)
def test_calendar_is_of_four_weeks_of_days(weekly: "Project", first: str, last: str, beyond: str) -> None:
    """Twenty-eight whole days, also where the clocks are changed between."""
    there = {"SOP_ZONE": "Europe/Berlin"}
    for day in (first, last, beyond):
        weekly.good("start", "weekly", "--title", day, "--set", "week=1", "--set", f"day={day}")
    shown = items(weekly.sop("calendar", "--sop", "weekly", "--json", "--from", first, env=there).out)
    assert [item["at"] for item in shown if item["kind"] == "slot"] == [first, last]
    assert weekly.sop("calendar", "--from", "9999-12-30").code == 2


def test_calendar_of_drills_and_of_what_was_cancelled(weekly: "Project") -> None:
    """A drill is marked; what was cancelled is planned no more; a paused schedule starts nothing."""
    weekly.good("start", "weekly", "--title", "Practice", "--set", "week=1", "--set", "day=2026-01-05", "--drill")
    weekly.good("start", "weekly", "--title", "Nothing", "--set", "week=1", "--set", "day=2026-01-05")
    weekly.good("cancel", "WEE-2", "-m", "No", "--yes")
    weekly.good("schedules", "pause", "weekly.late")
    when = ("--from", "2026-01-01", "--to", "2026-01-31")
    (drill,) = items(weekly.good("calendar", "--sop", "weekly", "--json", *when))
    assert (drill["run"], drill["drill"]) == ("WEE-1", True)
    assert "[drill] Practice" in weekly.good("calendar", *when)
    assert "[DRILL] Practice" in weekly.good("calendar", "--sop", "weekly", "--ics", "-", *when)
    assert "weekly.late" not in weekly.good("calendar")


def test_calendar_file(weekly: "Project") -> None:
    """The file holds what the list holds, is put in place whole, and can be written to standard output as well."""
    planned(weekly)
    weekly.good("complete", "WEE-1/plan", "--form", "form.json", who="ben")
    listed = items(weekly.good("calendar", "--sop", "weekly", "--json"))
    assert weekly.good("calendar", "--sop", "weekly", "--ics", "social.ics") == f"Wrote {len(listed)} entries to social.ics\n"
    read = Calendar.from_ical((weekly.folder / "social.ics").read_bytes())
    assert isinstance(read, Calendar)
    events = read.walk("VEVENT")
    assert len(events) == len({str(event["UID"]) for event in events}) == len(listed)
    again = Calendar.from_ical(weekly.good("calendar", "--sop", "weekly", "--ics", "-"))
    assert isinstance(again, Calendar)
    assert [event["UID"] for event in again.walk("VEVENT")] == [event["UID"] for event in events]
    assert sorted(path.name for path in weekly.folder.glob("*.ics*")) == ["social.ics"]
    whole = (weekly.folder / "social.ics").read_text()
    assert not any(word in whole for word in ("0171", "@example", "p_"))
    assert weekly.sop("calendar", "--ics", "nowhere/social.ics").code == 3
    assert weekly.sop("calendar", "--ics", ".").code == 2


def test_calendar_shows_only_what_may_be_read(weekly: "Project") -> None:
    """A confidential SOP stands in no calendar of somebody who may not read its runs."""
    text = WEEKLY + "permissions: {read: [manager]}\n"
    (weekly.folder / ".sop" / "definitions" / "weekly.yaml").write_text(text.replace("1.0.0", "1.1.0"), encoding="utf-8")
    planned(weekly)
    kinds = [
        {item["kind"] for item in items(weekly.good("calendar", "--sop", "weekly", "--json", who=who))} for who in ("ana", "vera")
    ]
    assert kinds == [{"due", "start", "slot"}, {"start"}]


def test_dates_alone_are_marked_and_nothing_else(weekly: "Project") -> None:
    """`calendar` means nothing for a text."""
    path = Path(weekly.folder / "wrong.yaml")
    path.write_text(WEEKLY.replace("topic: {type: text}", "topic: {type: text, calendar: true}"), encoding="utf-8")
    assert "calendar means nothing for a text" in weekly.sop("lint", "wrong.yaml").out


SHIPPED = {
    "audit.access", "audit.yearly", "budget_planning.yearly", "community_event.offline_first", "community_event.offline_second",
    "community_event.online", "community_weekly.weekly", "competitor_analysis.quarterly", "content_calendar.monthly",
    "crisis_drill.half_yearly", "engagement_duty.daily", "engagement_duty.monthly", "kpi_review.monthly",
    "onboarding_training.refresher", "performance_analysis.monthly", "performance_analysis.quarterly",
    "performance_analysis.weekly", "quarterly_review.quarterly", "risk_register.yearly", "strategy.yearly",
}  # fmt: skip
"""What the source documents say about rhythms; the figures X, Y and Z that they leave open stand there as examples."""


def test_shipped_schedules_start(project: "Project", due_all: Callable[[str], None]) -> None:
    """Each shipped schedule starts its run as it is, and everything verifies."""
    assert {item["id"] for item in items(project.good("schedules", "list", "--json"))} == SHIPPED
    due_all("2026-01-01T01:00:00.000000Z")
    started = items(project.good("tick", "--json"))
    assert {item["schedule"] for item in started if "schedule" in item} == SHIPPED
    assert [item["what"] for item in started if item.get("reasons")] == []
    assert project.sop("verify", "--all").code == 0
