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
