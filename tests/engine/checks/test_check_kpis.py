"""Figures that cannot be judged."""

from collections.abc import Callable

import pytest

Find = Callable[..., tuple[object, object]]
"""The fixture that finds problems and marks."""

BASE = """
parameters:
  rate: {type: percent, default: 95, source: x, confidence: team}
  span: {type: duration, default: 4h, source: x, confidence: team}
  price: {type: money, currency: CNY, default: 5, source: x, confidence: team}
  word: {type: text, default: five, source: x, confidence: team}
inputs: {aim: {type: number}, text: {type: text}}
steps:
  - {id: write, role: lead, when: parameters.word == 'x' && parameters.rate > parameters.price && parameters.span > 0,
     form: {pct: {type: percent}, ok: {type: bool}, note: {type: text}, took: {type: duration}}}
  - {id: later, role: lead, form: {more: {type: percent}}}
kpis:
"""
TAIL = ", source: x, confidence: team}\n"

BAD = {
    "no number": '  k: {target: ">= plenty" #! SOP-L130\n    ',
    "more than a number": '  k: {target: ">= 95 % 3" #! SOP-L130\n    ',
    "parameter that is a text": '  k: {target: ">= $word" #! SOP-L130\n    ',
    "input that is a text": '  k: {target: ">= inputs.text" #! SOP-L130\n    ',
    "input that there is not": '  k: {target: ">= inputs.aym" #! SOP-L071\n    ',
    "parameter that there is not": '  k: {target: ">= $rat" #! SOP-L075\n    ',
    "the same, written out": '  k: {target: ">= parameters.rat" #! SOP-L075\n    ',
    "two units": '  k: {target: ">= 95 %" #! SOP-L131\n    , unit: posts',
    "another currency": '  k: {target: ">= $price" #! SOP-L131\n    , unit: EUR',
    "time in no unit of time": '  k: {target: "<= PT1H" #! SOP-L131\n    , unit: "%"',
    "a parameter of time in none": '  k: {target: "<= $span" #! SOP-L131\n    , unit: posts',
    "value that is a text": '  k: {target: ">= 95", value: write.note #! SOP-L131\n    ',
    "yes or no in another unit": '  k: {target: ">= 95", value: write.ok #! SOP-L131\n    , unit: posts',
    "yes or no without one": '  k: {target: ">= 95", value: write.ok #! SOP-L131\n    ',
    "period that has no one length": '  k: {target: ">= 95", period: P1Y #! SOP-L133\n    ',
    "step before what is read": ('  k: {target: ">= 95", value: "write.done ? later.more : 1.0", at: write #! SOP-L132\n    '),
    "step that there is not": '  k: {target: ">= 95", value: write.pct, at: wrote #! SOP-L030\n    ',
}

GOOD = """
  a: {target: ">= 95 %", value: write.ok, source: x, confidence: team}
  b: {target: ">= $rate", value: write.pct, unit: "%", source: x, confidence: team}
  c: {target: "<= $span", value: write.took, source: x, confidence: team}
  d: {target: "<= PT1H", value: write.took / 60, unit: min, source: x, confidence: team}
  e: {target: "<= $price", unit: CNY, source: x, confidence: team}
  f: {target: "<= $price", source: x, confidence: team}
  g: {target: ">= inputs.aim", value: "[1].filter(x, x > 0)[0]", unit: posts, source: x, confidence: team}
  h: {target: ">= parameters.rate", source: x, confidence: team}
"""


@pytest.mark.parametrize("name", BAD)
def test_it_is_found_at_its_place(found: Find, name: str) -> None:
    """The problem stands on the line of what is wrong, with its code, and alone."""
    problems, marks = found(BASE + BAD[name] + TAIL)
    assert problems == marks


def test_figures_that_can_be_judged(found: Find) -> None:
    """Shares, lengths of time, money, counts; what is measured outside needs no value."""
    assert found(BASE + GOOD) == ([], [])


ASKING = """
inputs: {topics: {type: multi_choice, options: [a, b]}}
steps:
  - {id: write, role: lead, form: {pct: {type: percent}},
     outcomes: {good: {to: next, when: %s}, bad: next}}
  - {id: choose, decide: [{when: %s, to: next}, {else: next}]}
  - {id: improve, role: lead, when: %s, while: %s, form: {more: {type: percent}, same: {type: percent %s}}}
  - {id: each, for_each: {topic: inputs.topics}, steps: [{id: post, role: lead, when: %s}]}
kpis:
  single: {target: ">= 95", value: write.pct, unit: "%%", period: run, source: x, confidence: team}
  monthly: {target: ">= 95", value: write.pct, unit: "%%", period: month, source: x, confidence: team}
  judged: {target: ">= 95", value: write.pct, unit: "%%", period: month, at: choose_not, source: x, confidence: team}
  later: {target: ">= 95", value: improve.more, unit: "%%", source: x, confidence: team}
  away: {target: ">= 95", unit: "%%", source: x, confidence: team}
""".replace("choose_not", "write")


def asking(*, good: str = "1 > 0", choose: str = "1 > 0", when: str = "1 > 0", meanwhile: str = "1 > 0", post: str = "1 > 0",
           more: str = "") -> str:  # fmt: skip
    """A definition whose conditions ask that; each may bear its mark and a line break."""
    return ASKING % (good, choose, when, meanwhile, more, post)


QUESTIONS = {
    "over several runs": asking(choose="kpi.monthly.met #! SOP-L132\n    "),
    "measured outside": asking(when="'!kpi.away.met' #! SOP-L132\n    "),
    "not there": asking(when="'!kpi.sinlge.met' #! SOP-L071\n    "),
    "without a name": asking(when="kpi #! SOP-L071\n    "),
    "a part that figures have not": asking(when="kpi.single.mean > 1.0 #! SOP-L071\n    "),
    "known later": asking(choose="kpi.later.met #! SOP-L132\n    "),
    "of its own form before that is filled in": asking(when="'!kpi.later.met' #! SOP-L132\n    "),
    "while it is done": asking(meanwhile="kpi.later.met #! SOP-L132\n    "),
    "its own outcome does not know what is later": asking(good="kpi.later.met #! SOP-L132\n    "),
    "a value is no condition": asking(choose="kpi.single.value #! SOP-L070\n    "),
    "what is computed": asking(more=", value: kpi.single.value #! SOP-L132\n    "),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_condition_that_asks_for_what_nobody_knows(found: Find, name: str) -> None:
    """It is found on the line of the condition, alone."""
    problems, marks = found(QUESTIONS[name])
    assert problems == marks


def test_conditions_that_ask_for_figures_of_the_run(found: Find) -> None:
    """After the step, in the outcomes of the step itself, inside items; a figure of a month is asked for where it is judged."""
    problems, _ = found(
        asking(
            good="kpi.single.met && kpi.judged.value > kpi.judged.target", choose="kpi.judged.met", when="'!kpi.single.met'",
            meanwhile="kpi.judged.value > 3.0", post="kpi.single.met && topic == 'a'",
        )
    )  # fmt: skip
    assert problems == []


@pytest.mark.parametrize("at", ["choose", "post"])
def test_a_figure_is_judged_at_a_step_that_the_run_does(found: Find, at: str) -> None:
    """Not at a decision, which nobody does, and not inside of items, of which there are many."""
    problems, marks = found(asking().replace("at: write", f"at: {at} #! SOP-L030\n    "))
    assert problems == marks


def test_nothing_else_is_called_like_the_figures(found: Find) -> None:
    """`kpi` is where conditions find figures."""
    problems, marks = found("steps:\n  - {id: kpi, role: lead} #! SOP-L038\n")
    assert problems == marks
