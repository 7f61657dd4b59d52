"""The file that says how long things take: what it may say, and every slip with its place."""

from pathlib import Path

import pytest

from engine.parse import read
from engine.procedure import Procedure
from runners.messages import problem_line
from runners.simulating.durations_file import read_durations
from runners.simulating.pace import Durations, Pace, Plan, Span, clock, expected, work

HOUR = 3_600
KINDS = "step of a person, of a child run or of a wait"
NO_FIELD = "there is no field {} that somebody fills in"
DEFINITION = """
sop: small
version: 1.0.0
title: Small
purpose: To be played.
scope: Here.
owner: manager
roles: [manager, maker]
inputs: {topic: {type: text, required: true}}
parameters: {answer: {type: duration, default: 2 business days, source: a test, confidence: team}}
signals: {paid: {title: Paid, form: {amount: {type: number}}}}
steps:
  - {id: make, role: maker, due: $answer,
     form: {risk: {type: choice, options: [low, high]}, n: {type: number, max: 9}, who: {type: user},
     twice: {type: number, value: make.n * 2}}}
  - {id: quick, role: maker, due: 2h, outcomes: {good: next, bad: end(bad)}}
  - {id: week, role: maker, due: 7 days}
  - {id: free, role: manager}
  - {id: before, role: manager, due: 2 days after start}
  - {id: urgent, role: manager, due: 15 min after start}
  - {id: money, wait: {signal: paid}}
  - {id: other, run: elsewhere}
  - {id: soon, run: elsewhere, outcomes: {done: next, failed: end(failed)}}
"""


@pytest.fixture(scope="module")
def small() -> Procedure:
    """A procedure with a step of each kind."""
    parsed = read(DEFINITION.encode(), name="small.yaml")
    assert parsed.definition, parsed.problems
    return Procedure.compiled(parsed.definition)


def test_everything_that_can_be_said(small: Procedure) -> None:
    """Hours, lengths of roles, steps, child runs and signals, outcomes and values with their weights."""
    text = """
hours: {from: "08:30", to: "16:30", days: all}
default: {fixed: 20 min}
roles: {manager: {min: 1h, max: 3h}}
steps:
  make: {min: 1h, mode: 2h, max: 1 day, set: {risk: {low: 9, high: 1}, n: 4, who: ana}}
  quick: {outcomes: {good: 3, bad: 0}}
  money: {set: {amount: 5}}
  other: {fixed: 2 days, outcomes: {done: 1, whatever: 1}, set: {result: x}}
inputs: {topic: Spring}
signals: {paid: {min: 1 day, max: 1 week}}
"""
    found, problems = read_durations(text.encode(), small)
    assert problems == ()
    assert found == Durations(
        8 * HOUR + 1_800, 16 * HOUR + 1_800, True, Span(1_200, 1_200, 1_200), {"manager": Span(HOUR, 2 * HOUR, 3 * HOUR)},
        {
            "make": Plan(Span(HOUR, 2 * HOUR, 8 * HOUR), {}, {"risk": {"low": 9.0, "high": 1.0}, "n": 4, "who": "ana"}),
            "quick": Plan(None, {"good": 3.0, "bad": 0.0}),
            "money": Plan(None, {}, {"amount": 5}),
            "other": Plan(Span(48 * HOUR, 48 * HOUR, 48 * HOUR), {"done": 1.0, "whatever": 1.0}, {"result": "x"}),
        },
        {"topic": "Spring"}, {"paid": Span(24 * HOUR, 96 * HOUR, 168 * HOUR)},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("- x", "1:1: error[SOP-U04]: a mapping is expected here"),
        ("step: {}", "1:1: error[SOP-U04]: there is no key step here (did you mean steps?)"),
        ("steps:\n  mak: 1h", f"2:3: error[SOP-U04]: small has no {KINDS} mak (did you mean make?)"),
        ("roles: {makr: 1h}", "1:9: error[SOP-U04]: small has no role makr (did you mean maker?)"),
        ("roles: []", "1:1: error[SOP-U04]: a mapping is expected here"),
        ("signals: {payd: 1h}", "1:11: error[SOP-U04]: small has no signal payd (did you mean paid?)"),
        ("default: soon", "1:10: error[SOP-U04]: a length of time is expected here, like 45 min, 4h, 2 days or PT90M"),
        ("default: 45", "1:10: error[SOP-U04]: a length of time is expected here, like 45 min, 4h, 2 days or PT90M"),
        ("default: {min: 1h}", "1:1: error[SOP-U04]: max is missing"),
        ("default: {}", "1:1: error[SOP-U04]: min and max are expected here, or fixed"),
        ("default: {fixed: 1h, min: 1h}", "1:11: error[SOP-U04]: fixed stands alone, without min, mode and max"),
        ("default: {min: 3h, mode: 2h, max: 4h}", "1:26: error[SOP-U04]: min, mode and max are in this order, the shortest first"),
        ("default: {min: 3h, max: 2h}", "1:25: error[SOP-U04]: min, mode and max are in this order, the shortest first"),
        ("hours: {from: 9}", "1:15: error[SOP-U04]: a time of the day is expected here, like 09:00"),
        ('hours: {from: "18:00", to: "09:00"}', "1:28: error[SOP-U04]: work ends before it begins"),
        ("hours: {days: some}", "1:15: error[SOP-U04]: business or all is expected here"),
        ("steps: {quick: {outcomes: {goood: 1}}}", "1:28: error[SOP-U04]: there is no goood here (did you mean good?)"),
        ("steps: {quick: {outcomes: {good: -1, bad: 1}}}", "1:34: error[SOP-U04]: a weight is a number from 0 on"),
        ("steps: {quick: {outcomes: {good: 0}}}", "1:17: error[SOP-U04]: one weight at least is greater than 0"),
        ("steps: {quick: {outcomes: good}}", "1:27: error[SOP-U04]: a mapping of names to weights is expected here"),
        ("steps: {make: {set: {rsk: low}}}", f"1:22: error[SOP-U04]: {NO_FIELD.format('rsk')} (did you mean risk?)"),
        ("steps: {make: {set: {twice: 2}}}", f"1:22: error[SOP-U04]: {NO_FIELD.format('twice')} (there is risk, n, who)"),
        ("steps: {make: {set: {risk: middle}}}", "1:28: error[SOP-U04]: expected one of low, high"),
        ("steps: {make: {set: {risk: {hig: 1}}}}", "1:29: error[SOP-U04]: there is no hig here (did you mean high?)"),
        ('steps: {make: {set: {n: {"1": 1}}}}', "1:22: error[SOP-U04]: only a choice, a yes or no, or a text has weights"),
        ("steps: {make: {set: risk}}", "1:21: error[SOP-U04]: a mapping of fields to values is expected here"),
    ],
)  # fmt: skip
def test_slips_are_told_with_their_place(small: Procedure, text: str, line: str) -> None:
    """What is wrong is said with line and column, and nothing is taken over."""
    found, problems = read_durations(text.encode(), small)
    assert found is None
    assert line in [problem_line("d.yaml", problem).removeprefix("d.yaml:") for problem in problems]


def test_all_slips_are_told_at_once(small: Procedure) -> None:
    """Two slips are two lines, in the order of the file; broken YAML has its place too."""
    _, problems = read_durations(b"default: soon\nroles: {x: 1h}\n", small)
    assert [problem.line for problem in problems] == [1, 2]
    assert read_durations(b"default: [", small)[1][0].line == 2


def test_times_follow_from_the_dues(small: Procedure) -> None:
    """Without a file, work takes a part of what it is given time for; what counts from elsewhere is ordinary, or urgent."""
    pace = Pace(small, Durations())
    day = 9 * HOUR
    assert pace.of(small.steps["make"]) == Span(round(2 * day / 20), round(2 * day / 5), round(2 * day * 3 / 5))
    assert pace.of(small.steps["quick"]) == Span(360, 1_440, 4_320)
    assert pace.of(small.steps["week"]) == Span(round(5 * day / 20), day, 3 * day)
    assert pace.of(small.steps["free"]) == pace.of(small.steps["before"]) == Span(600, 1_800, 7_200)
    assert pace.of(small.steps["urgent"]) == Span(45, 180, 540)
    assert pace.of(small.steps["other"]) == Span(24 * HOUR, 72 * HOUR, 240 * HOUR)
    assert pace.signal("paid") == Span(HOUR, 24 * HOUR, 120 * HOUR)


def test_what_a_file_says_counts_first(small: Procedure) -> None:
    """The step, then its role, then the default, then the due."""
    text = b"default: 5h\nroles: {maker: 2h}\nsteps: {make: 1h}\n"
    found, _ = read_durations(text, small)
    assert found
    pace = Pace(small, found)
    assert [pace.of(small.steps[name]).mode for name in ("make", "quick", "free")] == [HOUR, 2 * HOUR, 5 * HOUR]


def test_lengths_of_work_and_on_the_clock() -> None:
    """A day of work has its hours and a week five of them; on the clock five business days are a week."""
    day = 8 * HOUR
    assert [work(text, day) for text in ("90 min", "2 days", "1 week", "2 business days")] == [5_400, 2 * day, 5 * day, 2 * day]
    assert [clock(text) for text in ("1 week", "5 business days", "4h")] == [168 * HOUR, 168 * HOUR, 4 * HOUR]


def test_the_first_outcome_is_the_expected_one() -> None:
    """Eight times in ten the first, the rest alike; given weights count alone."""
    assert expected(["a", "b", "c"], {}) == {"a": 0.8, "b": 0.1, "c": 0.1}
    assert expected(["a", "b"], {"b": 2.0, "a": 0.0}) == {"b": 2.0}


def test_the_file_of_the_documentation_is_right() -> None:
    """The example of the handbook page is read without a slip."""
    root = Path(__file__).parents[2]
    page = (root / "docs/howto/simulate.md").read_text(encoding="utf-8")
    body = page.partition("```yaml file=durations.yaml\n")[2].partition("```")[0]
    parsed = read((root / "definitions/content_production_review.yaml").read_bytes(), name="x")
    assert body
    assert parsed.definition
    assert read_durations(body.encode(), Procedure.compiled(parsed.definition))[1] == ()
