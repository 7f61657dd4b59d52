"""Deciding: due dates, reminders and escalations."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine import commands as c
from engine import events as e
from engine.calendar import Calendar, CalendarError, from_plain
from engine.effects import Notify
from engine.people import SYSTEM
from engine.refusals import Code, Refused
from engine.timers import anchored, canonical_length, due_rule, instant, length, seconds, written
from tests.engine.kit import ANA, BEN, CLEO, NOW, Play, compiled, persons, task

BERLIN = ZoneInfo("Europe/Berlin")
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """The instant *text*, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "days", "secs", "business"),
    [
        ("PT24H", 0, 86_400, False), ("P3D", 3, 0, False), ("P2W", 14, 0, False), ("P1DT2H3M4S", 1, 7_384, False),
        ("4h", 0, 14_400, False), ("1 hour", 0, 3_600, False), ("30 min", 0, 1_800, False), ("5 minutes", 0, 300, False),
        ("2 days", 2, 0, False), ("1 d", 1, 0, False), ("1 week", 7, 0, False), ("2w", 14, 0, False),
        ("3 business days", 3, 0, True), ("2 bd", 2, 0, True), ("PT0S", 0, 0, False),
    ],
)  # fmt: skip
def test_a_length_of_time_has_several_spellings(text: str, days: int, secs: int, business: bool) -> None:  # noqa: FBT001
    """ISO 8601 and plain words give days on the wall and seconds on the clock; business days stand alone."""
    found = length(text)
    assert (found.days, found.seconds, found.business) == (days, secs, business)
    assert seconds(text) == days * 86_400 + secs
    assert length(canonical_length(text)) == found


@pytest.mark.parametrize(
    ("text", "canonical"),
    [("4h", "PT4H"), ("PT90M", "PT1H30M"), ("PT24H", "PT24H"), ("1 week", "P7D"), ("P1DT61S", "P1DT1M1S"), ("0 min", "PT0S"),
     ("1 business day", "1 business days"), ("02 bd", "2 business days")],
)  # fmt: skip
def test_a_length_has_one_canonical_form(text: str, canonical: str) -> None:
    """Different spellings of one length are kept alike, and hours never become days."""
    assert canonical_length(text) == canonical
    assert canonical_length(canonical) == canonical


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1Y", "P1M", "-4h", "4", "h", "4 moons", "P1.5D", "4hours ago", "9" * 5_000 + "h"]
)
def test_what_is_no_length_is_told(text: str) -> None:
    """Months and years have no length, and other words are none."""
    with pytest.raises(ValueError, match=r"no length of time|integer string"):
        length(text)


def test_a_due_is_an_amount_a_direction_and_an_anchor() -> None:
    """``after`` and ``before`` divide the text; ``ready`` is what a due counts from anyway."""
    found = {text: due_rule(text) for text in ("2 days", "4h after ready", "PT1H after start", "7 days before inputs.launch")}
    assert [(rule.amount, rule.sign, rule.anchor) for rule in found.values()] == [
        ("2 days", 1, ""), ("4h", 1, ""), ("PT1H", 1, "start"), ("7 days", -1, "inputs.launch"),
    ]  # fmt: skip


def test_instants_are_written_one_way() -> None:
    """UTC with microseconds and four digits of the year, whatever the zone; without an offset it is no instant."""
    assert written(datetime(2026, 11, 22, 14, 0, tzinfo=BERLIN)) == "2026-11-22T13:00:00.000000Z"
    assert written(datetime(999, 1, 1, tzinfo=UTC)) == "0999-01-01T00:00:00.000000Z"
    assert written(instant(NOW)) == NOW
    with pytest.raises(ValueError, match="offset"):
        instant("2026-11-22T13:00:00")


def test_a_date_stands_for_its_end_on_the_wall() -> None:
    """A due that counts from a date counts from its last second in the calendar's zone."""
    calendar = Calendar(SHANGHAI)
    assert anchored("2026-11-22", calendar) == at("2026-11-22T15:59:59")
    assert anchored("2026-11-22T13:00:00Z", calendar) == at("2026-11-22T13:00:00")
    assert anchored(None, calendar) is None
    assert anchored("", calendar) is None


def test_business_days_skip_weekends_and_holidays_and_count_make_up_days() -> None:
    """The Chinese National Day week of 2026, with a Saturday and a Sunday that are worked for it."""
    holidays = frozenset(date(2026, 10, day) for day in range(1, 8))
    calendar = Calendar(SHANGHAI, "Asia/Shanghai", holidays=holidays, workdays=frozenset({date(2026, 9, 27), date(2026, 10, 10)}))
    moved = {days: calendar.shift(at("2026-09-30T02:00:00"), days, business=True) for days in (0, 1, 2, 3, 4, -3)}
    assert {days: found.date() for days, found in moved.items()} == {
        0: date(2026, 9, 30), 1: date(2026, 10, 8), 2: date(2026, 10, 9), 3: date(2026, 10, 10), 4: date(2026, 10, 12),
        -3: date(2026, 9, 27),
    }  # fmt: skip
    assert {found.time() for found in moved.values()} == {at("2026-09-30T02:00:00").time()}


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [("2026-11-27", 1, "2026-11-30"), ("2026-11-28", 0, "2026-11-30"), ("2026-11-28", 1, "2026-11-30"),
     ("2026-11-29", 2, "2026-12-01"), ("2026-11-30", -1, "2026-11-27"), ("2026-11-28", -1, "2026-11-27"),
     ("2026-11-27", 5, "2026-12-04")],
)  # fmt: skip
def test_business_days_from_and_over_a_weekend(start: str, days: int, expected: str) -> None:
    """From a free day the count begins with the next working day; nothing lands on a free day."""
    assert Calendar().shift(at(f"{start}T10:00:00"), days, business=True) == at(f"{expected}T10:00:00")


def test_days_are_days_on_the_wall_and_hours_are_hours() -> None:
    """Over the change to winter time a day has 25 hours, and 24 hours end an hour earlier on the wall."""
    before = datetime(2026, 10, 24, 12, 0, tzinfo=BERLIN)
    calendar = Calendar(BERLIN)
    assert length("1 day").after(before, calendar) == datetime(2026, 10, 25, 12, 0, tzinfo=BERLIN).astimezone(UTC)
    assert length("PT24H").after(before, calendar).astimezone(BERLIN).hour == 11
    assert length("1 day").after(before, calendar, -1) == datetime(2026, 10, 23, 12, 0, tzinfo=BERLIN).astimezone(UTC)


def test_a_wall_time_that_does_not_exist_is_still_an_instant() -> None:
    """A day after 02:30 before the change to summer time is the instant that the clock would have shown."""
    before = datetime(2026, 3, 28, 2, 30, tzinfo=BERLIN)
    assert length("1 day").after(before, Calendar(BERLIN)) == at("2026-03-29T01:30:00")


def test_a_calendar_without_working_days_is_a_mistake() -> None:
    """The search for a business day ends."""
    with pytest.raises(CalendarError, match="no business day"):
        Calendar(weekend=frozenset(range(1, 8))).shift(at("2026-11-22T00:00:00"), 1, business=True)


def test_a_calendar_survives_as_plain_data() -> None:
    """What is recorded of a calendar gives the same calendar back."""
    calendar = Calendar(SHANGHAI, "Asia/Shanghai", frozenset({7}), frozenset({date(2026, 10, 1)}), frozenset({date(2026, 10, 10)}))
    assert from_plain(calendar.plain(), SHANGHAI) == calendar


def due_of(rule: str, *, first: str = "", calendar: Calendar | None = None, **values: str) -> str:
    """The due of the second of two steps."""
    parameter = {"type": "duration", "default": "4h", "source": "us", "confidence": "team"}
    form = {"day": {"type": "date"}, "moment": {"type": "datetime"}}
    procedure = compiled(
        [task("first", form=form), task("second", due=rule)],
        inputs={"launch": {"type": "date"}}, parameters={"sla": parameter, "zero": {**parameter, "default": "P9999999D"}},
    )  # fmt: skip
    play = Play(procedure, calendar=calendar).start(inputs={"launch": first} if first else {})
    play.at = "2026-11-24T09:00:00.000000Z"
    play.complete(BEN, "first", **values)
    return play.task("second").due


def test_a_due_counts_from_every_anchor() -> None:
    """From becoming ready, the start, a step, a date or datetime field, an input; with a length that may be a parameter."""
    assert due_of("2 days") == "2026-11-26T09:00:00.000000Z"
    assert due_of("2 days after ready") == "2026-11-26T09:00:00.000000Z"
    assert due_of("$sla") == "2026-11-24T13:00:00.000000Z"
    assert due_of("1 business day after start") == "2026-11-24T09:00:00.000000Z"
    assert due_of("PT1H after first") == "2026-11-24T10:00:00.000000Z"
    assert due_of("1 day after first.day", day="2026-11-24") == "2026-11-25T23:59:59.000000Z"
    assert due_of("1h before first.moment", moment="2026-11-24T12:00+01:00") == "2026-11-24T10:00:00.000000Z"
    assert due_of("7 days before inputs.launch", first="2026-12-24") == "2026-12-17T23:59:59.000000Z"
    assert due_of("1 business day", calendar=Calendar(holidays=frozenset({date(2026, 11, 25)}))) == "2026-11-26T09:00:00.000000Z"


def depending(*dues: dict[str, str], **more: Any) -> Play:  # noqa: ANN401 - parts of a document
    """A run whose second task is late by one of *dues*."""
    form = {"risk": {"type": "choice", "options": ["high", "middle", "low"]}, "on": {"type": "date"}}
    return Play(compiled([task("first", form=form), task("second", due=list(dues), **more)])).start()


RISK = (
    {"when": "first.risk == 'high'", "due": "PT1H"}, {"when": "first.risk == 'middle'", "due": "1 business day after start"},
)  # fmt: skip


def test_the_first_due_whose_condition_is_true_counts() -> None:
    """They are asked in order when the task becomes ready, and what was answered is on record; ``else`` is for all others."""
    found = {}
    for risk in ("high", "middle", "low"):
        play = depending(*RISK, {"else": "2 days"}, remind=["-30 min"], escalate=[{"after": "PT2H", "to": "lead"}])
        play.complete(BEN, "first", risk=risk)
        (opened,) = play.told(e.TaskOpened)
        found[risk] = opened.due, opened.timers[0][2], play.last.guards
        assert opened.timers[1][2] > opened.due
    assert found == {
        "high": ("2026-11-23T10:00:00.000000Z", "2026-11-23T09:30:00.000000Z", (("second.due.0", True),)),
        "middle": ("2026-11-24T09:00:00.000000Z", "2026-11-24T08:30:00.000000Z", (("second.due.0", False), ("second.due.1", True))),
        "low": ("2026-11-25T09:00:00.000000Z", "2026-11-25T08:30:00.000000Z", (("second.due.0", False), ("second.due.1", False))),
    }


def test_a_task_without_a_due_for_it_is_never_late() -> None:
    """Nothing is true and there is no ``else``, or what the due counts from is not there: no due and no timers."""
    play = depending(*RISK, remind=["-30 min"])
    play.complete(BEN, "first", risk="low")
    assert (play.task("second").due, play.told(e.TaskOpened)[0].timers) == ("", ())
    play = depending({"when": "first.risk == 'high'", "due": "1 day after first.on"}, {"else": "2 days"})
    play.complete(BEN, "first", risk="high")
    assert play.task("second").due == ""


def test_a_due_is_not_asked_again() -> None:
    """A value that is corrected later moves no due of a task that is open; the next round asks anew."""
    again = {"done": {"to": "next"}, "back": {"to": "first", "rounds": 2, "then": "end"}}
    play = depending(*RISK, outcomes=again)
    play.complete(BEN, "first", risk="high")
    due = play.task("second").due
    play.do(ANA, c.Correct("first", {"risk": "middle"}, "it was not that bad"))
    assert play.task("second").due == due
    play.complete(BEN, "second", "back")
    play.complete(BEN, "first", risk="middle")
    assert play.task("second").due == "2026-11-24T09:00:00.000000Z"


def test_a_due_that_nobody_can_answer_refuses_the_act_before() -> None:
    """As for every condition: a missing value is no answer, and it says which due asked."""
    play = depending(*RISK)
    answer = play.ask(BEN, c.Complete("first"))
    assert isinstance(answer, Refused)
    assert [(r.code, r.facts["where"]) for r in answer.reasons] == [(Code.GUARD_ERROR, "second.due.0")]


def test_without_what_it_counts_from_there_is_no_due() -> None:
    """A date that was not given, a step that was skipped: there is nothing to be late for."""
    assert due_of("1 day after first.day") == ""
    assert due_of("7 days before inputs.launch") == ""
    play = Play([task("first", when="false"), task("second", due="1 day after first")]).start()
    assert play.task("second").due == ""


def test_what_no_calendar_can_say_is_no_due() -> None:
    """Dates beyond the year 9999, before the year 1, or without a working day in sight leave the task without a due."""
    assert due_of("$zero") == ""
    assert due_of("7 days before inputs.launch", first="0001-01-02") == ""
    assert due_of("7 days after inputs.launch", first="9999-12-31", calendar=Calendar(ZoneInfo("America/New_York"))) == ""
    assert due_of("1 business day", calendar=Calendar(weekend=frozenset(range(1, 8)))) == ""


def test_a_due_inside_an_item_counts_from_its_own_step() -> None:
    """Of two items with the same steps, each counts from when its own step was done; nested ones look outwards."""
    inner = {"id": "inner", "for_each": {"y": "['b']"}, "steps": [task("late", due="1h after post")]}
    play = Play([{"id": "each", "for_each": {"x": "['a', 'b']"}, "steps": [task("post"), inner]}]).start()
    play.complete(BEN, "post:1")
    play.at = "2026-11-24T09:00:00.000000Z"
    play.complete(BEN, "post:2")
    assert play.task("late:1:1").due == "2026-11-23T10:00:00.000000Z"
    assert play.task("late:2:1").due == "2026-11-24T10:00:00.000000Z"


LATE = task(
    "write", due="P1D", remind=["-4h", "1h", "-$early"], escalate=[{"after": "2h", "to": "boss"}, {"after": "1 day", "to": "lead"}]
)
EARLY = {"early": {"type": "duration", "default": "30 min", "source": "us", "confidence": "team"}}


def late(maker: tuple[str, ...]) -> Play:
    """A run with a task that reminds and escalates; Cleo alone is the boss."""
    held = {"lead": persons(ANA), "maker": maker, "boss": persons(CLEO)}
    return Play(compiled([LATE, task("last", "lead")], parameters=EARLY)).start(held)


def test_a_task_with_a_due_sets_its_timers() -> None:
    """Reminders count backwards or forwards from the due, escalations forwards, each with its number in the document."""
    (opened,) = late(persons(BEN)).told(e.TaskOpened)
    assert opened.due == "2026-11-24T09:00:00.000000Z"
    assert opened.timers == (
        ("remind", 0, "2026-11-24T05:00:00.000000Z"), ("remind", 1, "2026-11-24T10:00:00.000000Z"),
        ("remind", 2, "2026-11-24T08:30:00.000000Z"), ("escalate", 0, "2026-11-24T11:00:00.000000Z"),
        ("escalate", 1, "2026-11-25T09:00:00.000000Z"),
    )  # fmt: skip


def test_a_timer_beyond_the_calendar_is_left_out() -> None:
    """A task that is due on the last day there is has its reminder before, and no escalation after it."""
    step = task("write", due="1h before inputs.day", remind=["-1h"], escalate=[{"after": "1 day", "to": "lead"}])
    play = Play(compiled([step], inputs={"day": {"type": "date"}})).start(inputs={"day": "9999-12-31"})
    (opened,) = play.told(e.TaskOpened)
    assert opened.timers == (("remind", 0, "9999-12-31T21:59:59.000000Z"),)


def test_a_reminder_tells_the_people_of_the_task() -> None:
    """When it elapses, the fact is recorded and a message goes to the owner, or to the role."""
    play = late(persons(BEN))
    play.system(c.Elapse(1, "remind", 0))
    assert play.last.events == (e.TaskReminded(1, 0),)
    assert play.last.effects == (Notify("reminded", "write", "maker", BEN),)


def test_an_escalation_calls_another_role_that_may_act_from_then_on() -> None:
    """Before it, its people may not; after it they may complete or take the task, even from its owner."""
    play = late(persons(BEN))
    assert play.refused(CLEO, c.Complete("write")) == [Code.TAKEN, Code.NOT_IN_ROLE]
    play.system(c.Elapse(1, "escalate", 0))
    assert play.last.events == (e.TaskEscalated(1, "boss", 0),)
    assert play.last.effects == (Notify("escalated", "write", "boss", BEN),)
    play.system(c.Elapse(1, "escalate", 0))
    assert play.task("write").also == ("boss",)
    play.do(CLEO, c.Claim("write"))
    assert play.task("write").owner == CLEO
    assert play.refused(BEN, c.Complete("write")) == [Code.TAKEN]
    play.complete(CLEO, "write")
    play = late(persons(BEN))
    play.system(c.Elapse(1, "escalate", 0))
    play.complete(CLEO, "write")
    assert [type(event) for event in play.last.events[:2]] == [e.TaskClaimed, e.TaskCompleted]
    assert play.open == ["last"]


def test_binding_reaches_tasks_that_were_escalated() -> None:
    """Who has a late task through an escalated role loses it with that role."""
    play = late(persons(BEN))
    play.system(c.Elapse(1, "escalate", 0))
    play.do(CLEO, c.Claim("write"))
    play.do(ANA, c.Bind("boss", persons(ANA), "she left"))
    assert play.task("write").owner == ""


def test_only_the_system_elapses_timers_of_open_tasks() -> None:
    """A person, a closed task, a timer that the step does not have, and a closed run are refused."""
    play = late(persons(BEN))
    assert play.refused(ANA, c.Elapse(1, "remind", 0)) == [Code.NOT_LEAD]
    assert play.refused(SYSTEM, c.Elapse(1, "escalate", 7)) == [Code.NO_TASK]
    assert play.refused(SYSTEM, c.Elapse(1, "remind", 7)) == [Code.NO_TASK]
    assert play.refused(SYSTEM, c.Elapse(1, "explode", 0)) == [Code.NO_TASK]
    play.complete(BEN, "write")
    assert play.refused(SYSTEM, c.Elapse(1, "remind", 0)) == [Code.TASK_CLOSED]
    play.complete(ANA, "last")
    assert play.refused(SYSTEM, c.Elapse(1, "remind", 0)) == [Code.RUN_CLOSED]
