"""Dates in expressions: what a day later is, how many days lie between, and what cannot be counted."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine import commands as c
from engine import dates, limits
from engine.calendar import Calendar
from engine.check import check
from engine.expressions import Compiler, ExpressionError, GuardError
from engine.parse import read
from engine.refusals import Code
from tests.engine.kit import ANA, BEN, Play, compiled, task

NAMES = {"plan.day": "string", "plan.at": "string", "plan.long": "int", "plan.rows": "list(map)", "item": "dyn"}
DATA: dict[str, Any] = {
    "plan.day": "2026-11-20", "plan.at": "2026-11-20T22:30:00Z", "plan.long": 2 * 86_400, "item": "2026-11-24",
    "plan.rows": [{"day": "2026-11-20", "n": 1}, {"day": "2026-11-27", "n": 3_600}],
}  # fmt: skip
SHANGHAI = Calendar(ZoneInfo("Asia/Shanghai"), "Asia/Shanghai", holidays=frozenset({date(2026, 11, 23)}))
"""The 20th is a Friday, the Monday after it is free."""


def counted(text: str, calendar: Calendar = SHANGHAI) -> Any:  # noqa: ANN401 - any plain value
    """What *text* gives."""
    return Compiler(NAMES).compile(text, result="any").value(DATA, calendar)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plus(plan.day, 'P5D')", "2026-11-25"), ("minus(plan.day, '1 week')", "2026-11-13"),
        ("plus(plan.day, '2 business days')", "2026-11-25"), ("minus(plan.day, '1 bd')", "2026-11-19"),
        ("plus(plan.day, plan.long)", "2026-11-22"), ("minus(plan.day, plan.long)", "2026-11-18"),
        ("plus(plan.day, -86400)", "2026-11-19"), ("minus(plan.at, -3600)", "2026-11-20T23:30:00Z"),
        ("plus(plan.at, 'PT4H')", "2026-11-21T02:30:00Z"), ("plus(plan.at, '1 business day')", "2026-11-23T22:30:00Z"),
        ("plus(item, 'P1D')", "2026-11-25"), ("plus(plus(plan.day, 'P1D'), 'P1D')", "2026-11-22"),
        ("plan.rows.map(r, plus(r.day, r.n * 86400))[0]", "2026-11-21"), ("plus(plan.rows[1].day, 'P3D')", "2026-11-30"),
        ("day_of(plan.at)", "2026-11-21"), ("day_of(plan.day)", "2026-11-20"), ("at(plan.day, '09:30')", "2026-11-20T01:30:00Z"),
        ("at(plan.at, '00:00:01')", "2026-11-20T16:00:01Z"),
        ("days_between(plan.day, item)", 4), ("days_between(item, plan.day)", -4), ("days_between(plan.day, plan.at)", 1),
        ("workdays_between(plan.day, item)", 1), ("workdays_between(item, plan.day)", -1),
        ("workdays_between(plan.day, plan.day)", 0),
        ("workdays_between(plan.day, '2026-11-29')", 4), ("seconds_between(plan.at, '2026-11-21T00:00:00+01:00')", 1_800),
        ("seconds_between(plan.day, item)", 4 * 86_400), ("plus(plan.day, 'P5D') < item", False),
        ("days_between(plan.day, item) > 3", True),
    ],
)  # fmt: skip
def test_dates_are_counted_in_the_calendar_of_the_decision(text: str, expected: object) -> None:
    """A date stays a date and an instant an instant; days are those of the zone, and business days skip what is free."""
    assert counted(text) == expected


def test_without_a_calendar_days_are_those_of_utc() -> None:
    """Where nobody says otherwise, a week has five working days and a day begins at midnight in UTC."""
    guard = Compiler(NAMES).compile("workdays_between(day_of(plan.at), item)", result="any")
    assert (guard.value(DATA), guard.type, guard.counts_days) == (2, "int", True)
    assert not Compiler(NAMES).compile("seconds_between(plan.at, plan.at) > 0").counts_days


@pytest.mark.parametrize("call", ["plus(", ".plus(", ". plus (", "plus // later\n (", "plus//\n("])
def test_no_way_of_writing_a_call_hides_that_days_are_counted(call: str) -> None:
    """A dot, blanks and comments before the bracket change nothing: the calendar has to be recorded."""
    guard = Compiler(NAMES).compile(f"{call}plan.day, '1 bd') == '2026-11-24'")
    assert guard.counts_days
    assert guard.holds(DATA, SHANGHAI)


def test_words_in_texts_and_comments_count_no_days() -> None:
    """Only code is looked through."""
    assert not Compiler(NAMES).compile("plan.day == 'plus(' // at(9)").counts_days


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("plus(plan.day, 'PT4H')", "hours cannot be counted from a date"),
        ("plus(plan.day, plan.long + 1)", "hours cannot be counted"),
        ("plus('soon', 'P1D')", "'soon' is no date like 2026-11-22"), ("plus('2026-11-20T10:00', 'P1D')", "no instant like"),
        ("plus(plan.day, 'P1M')", "no length of time"), ("plus('9999-12-31', 'P1D')", "beyond what the calendar can say"),
        ("day_of('9999-12-31T23:00:00Z')", "beyond what the calendar can say"), ("at(plan.day, 'noon')", "noon"),
        ("seconds_between(plan.day, plan.at)", "day_of"), ("seconds_between(plan.at, plan.day)", "day_of"),
        ("workdays_between('0001-01-01', '9999-12-31')", "days are counted"),
        ("plus(plan.day, '300000 business days')", "days are counted"),
        ("plus(plan.day, '9000 business days')", "beyond what the calendar can say"),
        ("plus(plan.day, 99999999999999)", "calendar|hours"),
    ],
)  # fmt: skip
def test_what_cannot_be_counted_has_no_answer(text: str, why: str) -> None:
    """No date, no length, no day that a calendar has: each says why, and none is guessed."""
    with pytest.raises(GuardError, match=why):
        counted(text)


def test_one_evaluation_counts_so_many_days_and_the_next_begins_anew() -> None:
    """Loops cannot make it count for ever, and what one evaluation used up is not missing in the next."""
    many = {"plan.rows": [{"day": "2026-11-20", "n": n} for n in range(300)]}
    guard = Compiler(NAMES).compile("plan.rows.all(r, workdays_between(r.day, '2029-11-20') > 0)")
    with pytest.raises(GuardError, match=str(limits.DAYS_COUNTED)):
        guard.holds(many)
    few = {"plan.rows": many["plan.rows"][:100]}
    assert [guard.holds(few), guard.holds(few)] == [True, True]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("plus(plan.day)", "plus takes other things", "plus(date, 'P5D')"),
        ("days_between(plan.day, plan.long)", "days_between takes other things", "days_between(first, last)"),
        ("workdays_between(plan.day)", "workdays_between takes other things", "workdays_between(first, last)"),
    ],
)  # fmt: skip
def test_a_call_with_other_things_is_told(text: str, message: str, hint: str) -> None:
    """Too few things, or things of other types, show when the definition is checked."""
    with pytest.raises(ExpressionError, match=message) as error:
        Compiler(NAMES).compile(text, result="any")
    assert error.value.hint == hint


def test_every_function_says_how_it_is_written() -> None:
    """None is without types, or without an example for whoever writes it wrongly."""
    assert set(dates.FUNCTIONS) == set(dates.OVERLOADS) == set(dates.SHAPES)


FORM = {
    "publish_on": {"type": "date", "required": True},
    "lead_time": {"type": "duration", "default": "2 days"},
    "draft_on": {"type": "date", "value": "minus(plan.publish_on, '3 business days')"},
    "brief_on": {"type": "date", "value": "minus(plan.draft_on, plan.lead_time)"},
    "opens": {"type": "datetime", "value": "at(plan.publish_on, '09:00')"},
    "span": {"type": "duration", "value": "seconds_between(plan.brief_on, plan.publish_on)"},
    "spare": {"type": "duration", "value": "'P1D'"},
    "days": {"type": "number", "value": "workdays_between(plan.draft_on, plan.publish_on)"},
    "rows": {"type": "table", "columns": {
        "on": {"type": "date"}, "review": {"type": "date", "value": "plus(row.on, 'P7D')"}}},
}  # fmt: skip


def test_dates_of_a_form_follow_from_one_another() -> None:
    """Dates, instants and lengths of time are computed and kept in their canonical form; a due can count from them."""
    procedure = compiled([task("plan", form=FORM), task("draft", due="PT0S after plan.draft_on")])
    play = Play(procedure, calendar=SHANGHAI).start()
    play.complete(BEN, "plan", publish_on="2026-11-26", rows=[{"on": "2026-12-01"}, {}])
    assert {name: play.data[f"plan.{name}"] for name in ("draft_on", "brief_on", "opens", "span", "spare", "days", "rows")} == {
        "draft_on": "2026-11-20", "brief_on": "2026-11-18", "opens": "2026-11-26T01:00:00Z", "span": "PT192H", "spare": "P1D",
        "days": 3, "rows": [{"on": "2026-12-01", "review": "2026-12-08"}, {}],
    }  # fmt: skip
    assert play.task("draft").due == "2026-11-20T15:59:59.000000Z"
    assert play.last.counted
    assert not play.complete(BEN, "draft").counted


def test_a_computed_date_is_checked_like_any_other() -> None:
    """An instant is no date, and less than no time no length: the act is refused and says so."""
    form = {"at": {"type": "datetime"}, "day": {"type": "date", "value": "plus(plan.at, 'P1D')"}}
    play = Play([task("plan", form=form)]).start()
    assert play.refused(BEN, c.Complete("plan", "", {"at": "2026-11-26T09:00Z"})) == [Code.FIELD_INVALID]
    back = {"day": {"type": "date"}, "span": {"type": "duration", "value": "seconds_between(plan.day, '2026-11-20')"}}
    play = Play([task("plan", form=back)]).start()
    assert play.refused(BEN, c.Complete("plan", "", {"day": "2026-11-26"})) == [Code.FIELD_INVALID]
    assert play.complete(BEN, "plan", day="2026-11-19").values["plan.span"] == "PT24H"


def test_conditions_count_days_as_well_and_a_refusal_says_that_they_were_counted() -> None:
    """What an auditor needs to ask again, the calendar, is named of what was accepted and of what was refused."""
    form = {"on": {"type": "date", "required": True}}
    outcomes = {"done": {"to": "next", "when": "workdays_between('2026-11-20', plan.on) >= 2"}}
    play = Play(compiled([task("plan", form=form, outcomes=outcomes)]), calendar=SHANGHAI).start()
    answer = play.ask(ANA, c.Complete("plan", "", {"on": "2026-11-24"}))
    assert ([reason.code for reason in answer.reasons], answer.counted) == ([Code.GUARD_FALSE], True)  # type: ignore[union-attr]
    assert play.complete(ANA, "plan", on="2026-11-25").counted


HEAD = "sop: sample\nversion: 1.0.0\ntitle: A\npurpose: B\nscope: C\nowner: lead\nroles: [lead]\n"


def told(value: str, kind: str = "date", more: str = "") -> list[tuple[str, str]]:
    """Codes and messages of a definition with a field of *kind* that is computed as *value*."""
    text = f"""{HEAD}inputs: {{launch: {{type: date}}, name: {{type: text}}}}
parameters:
  ahead: {{type: duration, default: P3D, source: us, confidence: team}}
  count: {{type: number, default: 3, source: us, confidence: team}}
signals: {{news: {{form: {{on: {{type: date}}, what: {{type: text}}}}}}}}
steps:
  - {{id: listen, wait: {{signal: news}}}}
  - {{id: first, role: lead, form: {{at: {{type: datetime}}, user: {{type: user}}}}}}
  - id: plan
    role: lead
    form:
      other: {{type: number, value: parameters.count}}
      asked: {{type: duration, value: parameters.ahead}}
      found: {{type: {kind}, value: "{value}"}}
{more}"""
    parsed = read(text.encode())
    assert parsed.definition is not None, parsed.problems
    return [(str(problem.code), str(problem.message)) for problem in check(parsed.definition)]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("plus(inputs.launch, 'P5D')", "date"), ("minus(inputs.launch, parameters.ahead)", "date"),
        ("plus(first.at, '4h')", "datetime"), ("at(listen.on, '09:00')", "datetime"),
        ("days_between(listen.on, inputs.launch)", "number"),
        ("seconds_between(first.at, first.at)", "duration"), ("'P2D'", "duration"), ("plus('2026-11-20', \\\"P1D\\\")", "date"),
        ("at(inputs.launch, inputs.name)", "datetime"), ("plus(inputs.launch, size(inputs.name) * 86400)", "date"),
    ],
)  # fmt: skip
def test_what_counts_days_is_accepted(value: str, kind: str) -> None:
    """Dates and instants, lengths in quotes, in fields and in parameters."""
    assert told(value, kind) == []


@pytest.mark.parametrize(
    ("value", "kind", "message"),
    [
        ("plus(inputs.name, 'P5D')", "date", "plus takes a date, and inputs.name is a text"),
        ("plus(listen.what, 'P5D')", "date", "plus takes a date, and listen.what is a text"),
        ("plus(inputs.launch, inputs.name)", "date", "plus takes a length of time, and inputs.name is a text"),
        ("minus(inputs.launch, parameters.count)", "date", "minus takes a length of time, and parameters.count is a number"),
        ("plus(inputs.launch, 'P1M')", "date", "'P1M' is no length of time, like 'P5D', 'PT24H' or '2 business days'"),
        ("plus(inputs.launch, '-P5D')", "date", "a length of time has no sign: plus says in which direction"),
        ("plus(inputs.launch, 'PT4H')", "date", "'PT4H' has hours, and a date has none; at(…) makes an instant of a date"),
        ("at(inputs.launch, '25:00')", "datetime", "'25:00' is no time of day, like '09:00'"),
        ("at(inputs.launch, '09:00Z')", "datetime", "'09:00Z' is no time of day, like '09:00'"),
        ("days_between(first.user, inputs.launch)", "number", "days_between takes a date, and first.user is a user"),
        ("workdays_between(inputs.launch, first.user)", "number", "workdays_between takes a date, and first.user is a user"),
        ("days_between(inputs.launch, first.at)", "date", "a date cannot take a int"),
        ("inputs.launch + inputs.launch == ''", "duration", "a duration cannot take a bool"),
    ],
)  # fmt: skip
def test_slips_of_counting_are_found_before_anybody_waits_for_them(value: str, kind: str, message: str) -> None:
    """Fields of other types, lengths that are none, hours counted from a date."""
    assert told(value, kind) == [("SOP-L073" if "cannot take" in message else "SOP-L094", message)]


def test_a_figure_counts_no_days() -> None:
    """It is taken outside of any decision, where no calendar is known; seconds between instants need none."""
    kpi = "kpis: {fast: {value: 'VALUE', target: '<= 2', source: us, confidence: team}}\n"
    days, seconds = "workdays_between(inputs.launch, inputs.launch)", "seconds_between(first.at, first.at)"
    assert told("inputs.launch", more=kpi.replace("VALUE", seconds)) == []
    message = "a figure is taken without a calendar, and days are counted in one"
    assert told("inputs.launch", more=kpi.replace("VALUE", days)) == [("SOP-L094", message)]
