"""Checks of what leaves the ordinary course: each problem has its code and its place, and what is right has none."""

from typing import Any

import pytest

from engine.canonical import canonical_document
from engine.check import check
from engine.diagram import mermaid
from engine.parse import read

BASE = """\
sop: sample
version: 1.0.0
title: T
purpose: P
scope: S
owner: lead
roles: [lead, maker]
inputs: {on: {type: date}, word: {type: text}}
parameters:
  long: {type: duration, default: 2d, source: test, confidence: team}
  many: {type: number, default: 2, source: test, confidence: team}
"""
ONE = "{id: one, role: maker}"
TWO = "{id: two, role: maker}"


def found(text: str) -> set[tuple[str, str]]:
    """Code and path of every problem but of what is not used."""
    parsed = read((BASE + text).encode())
    assert parsed.definition is not None, parsed.problems
    problems = check(parsed.definition)
    return {(str(p.code), ".".join(map(str, p.path))) for p in problems if p.code not in {"SOP-L077", "SOP-L051"}}


def steps(*lines: str, more: str = "") -> str:
    """A document of these steps; ONE and TWO stand for tasks."""
    written = "".join(f"  - {line}\n" for line in lines).replace("ONE", ONE).replace("TWO", TWO)
    return f"{more}steps:\n{written}"


GOOD = [
    steps(
        "{id: w, wait: {signal: paid}}",
        "{id: n, role: maker, when: w.sum > 1 && w.outcome == 'signal'}",
        more="signals: {paid: {form: {sum: {type: number}}}}\n",
    ),
    steps(
        ONE,
        "{id: w, wait: {until: 1d after one}}",
        "{id: v, wait: {until: 7 days before inputs.on}}",
        "{id: u, wait: {for: $long}}",
    ),
    steps("{id: p, parallel: {a: [ONE], b: [TWO]}, join: any, rest: continue}"),
    steps("{id: f, first: {a: {when: run.drill, steps: [ONE]}, b: [{id: w, wait: {for: 1d}}]}}"),
    steps("{id: p, parallel: {a: [{id: x, role: maker, while: one.done, outcomes: {done: {cancels: [p.b]}}}], b: [ONE]}}"),
    steps(ONE, more="permissions: {skip: [maker]}\n"),
]


@pytest.mark.parametrize("text", GOOD)
def test_what_is_right_has_no_problem(text: str) -> None:
    """Signals with fields, moments, what goes on beside, alternatives, milestones, regions, permissions; and it can be drawn."""
    assert found(text) == set()
    definition = read((BASE + text).encode()).definition
    assert definition is not None
    assert "flowchart" in mermaid(canonical_document(definition))


BAD: list[tuple[str, str, str]] = [
    (
        "SOP-L087",
        "steps.0.wait.signal",
        steps("{id: w, wait: {signal: payd}}", "{id: v, wait: {signal: paid}}", more="signals: {paid: {}}\n"),
    ),
    ("SOP-L088", "signals.paid", steps(ONE, more="signals: {paid: {}}\n")),
    (
        "SOP-L089",
        "signals.p.form.x.value",
        steps("{id: w, wait: {signal: p}}", more="signals: {p: {form: {x: {type: bool, value: 'true'}}}}\n"),
    ),
    ("SOP-L038", "signals.p.form.done", steps("{id: w, wait: {signal: p}}", more="signals: {p: {form: {done: {type: bool}}}}\n")),
    (
        "SOP-L079",
        "signals.p.form.x.min",
        steps("{id: w, wait: {signal: p}}", more="signals: {p: {form: {x: {type: number, min: a}}}}\n"),
    ),
    ("SOP-L042", "steps.0.first.a.steps.0.id", steps("{id: f, first: {a: [{id: r, run: other}], b: [ONE]}}")),
    ("SOP-L042", "steps.0.first.a.steps.0.when", steps("{id: f, first: {a: [{id: x, role: maker, when: run.drill}], b: [ONE]}}")),
    (
        "SOP-L041",
        "steps.0.outcomes.done.cancels.0",
        steps("{id: x, role: maker, outcomes: {done: {cancels: [p.c]}}}", "{id: p, parallel: {a: [ONE]}}"),
    ),
    ("SOP-L041", "steps.0.outcomes.done.cancels.0", steps("{id: x, role: maker, outcomes: {done: {cancels: [main]}}}")),
    (
        "SOP-L041",
        "steps.0.parallel.a.steps.0.outcomes.done.cancels.0",
        steps("{id: p, parallel: {a: [{id: x, role: maker, outcomes: {done: {cancels: [p.a]}}}]}}"),
    ),
    (
        "SOP-L041",
        "steps.1.outcomes.done.cancels.0",
        steps(
            "{id: e, for_each: {n: '[1]'}, steps: [{id: p, parallel: {a: [ONE]}}]}",
            "{id: x, role: maker, outcomes: {done: {cancels: [p.a]}}}",
        ),
    ),
    ("SOP-L043", "steps.0.rest", steps("{id: p, parallel: {a: [ONE], b: [TWO]}, rest: continue}")),
    ("SOP-L043", "steps.0.rest", steps("{id: p, parallel: {a: [ONE], b: [TWO]}, join: 2, rest: continue}")),
    (
        "SOP-L043",
        "steps.0.steps.0.rest",
        steps("{id: e, for_each: {n: '[1]'}, steps: [{id: p, parallel: {a: [ONE], b: [TWO]}, join: any, rest: continue}]}"),
    ),
    ("SOP-L044", "steps.1.critical", steps(ONE, "{id: ok, approval: {role: lead, quorum: 2}, critical: studio}")),
    ("SOP-L050", "permissions.skip.0", steps(ONE, more="permissions: {skip: [nobody]}\n")),
    ("SOP-L070", "steps.0.while", steps("{id: x, role: maker, while: '1 +'}")),
    ("SOP-L071", "steps.0.while", steps("{id: x, role: maker, while: two.done}")),
    ("SOP-L071", "steps.1.when", steps("{id: r, run: other, detached: true}", "{id: x, role: maker, when: r.done}")),
    ("SOP-L090", "steps.0.wait.until", steps("{id: w, wait: {until: 1d after one}}", ONE)),
    ("SOP-L090", "steps.0.wait.until", steps("{id: w, wait: {until: 1d after w}}", ONE)),
    ("SOP-L091", "steps.0.wait.until", steps("{id: w, wait: {until: 1d after nowhere}}")),
    ("SOP-L091", "steps.0.wait.until", steps("{id: w, wait: {until: 1d before inputs.word}}")),
    ("SOP-L091", "steps.1.wait.until", steps(ONE, "{id: w, wait: {until: 1d before one}}")),
    ("SOP-L093", "steps.0.wait.for", steps("{id: w, wait: {for: 900000d}}")),
    ("SOP-L075", "steps.0.wait.for", steps("{id: w, wait: {for: $longer}}")),
    ("SOP-L076", "steps.0.wait.for", steps("{id: w, wait: {for: $many}}")),
    (
        "SOP-L035",
        "steps.1.decide.0.to",
        steps("{id: w, wait: {for: 1d}}", "{id: d, decide: [{when: run.drill, to: w, rounds: 3, then: next}, {else: next}]}", ONE),
    ),
    (
        "SOP-L035",
        "steps.1.decide.0.to",
        steps(
            "{id: r, run: other, detached: true}",
            "{id: d, decide: [{when: run.drill, to: r, rounds: 3, then: next}, {else: next}]}",
            ONE,
        ),
    ),
]


@pytest.mark.parametrize(("code", "path", "text"), BAD)
def test_what_is_wrong_is_found_where_it_stands(code: str, path: str, text: str) -> None:
    """One problem, at its place."""
    assert found(text) == {(code, path)}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{id: w, wait: {}}", "wait for exactly one of"),
        ("{id: w, wait: {for: soon}}", "a length of time, like 2 days"),
        ("{id: w, wait: {until: soon}}", "a moment, like 7 days before inputs.launch"),
        ("{id: r, run: other, detached: true, outcomes: {done: next}}", "does not wait for them"),
        ("{id: x, role: maker, outcomes: {done: {cancels: [a.b.c]}}}", "a branch (step.branch) or a for-each step"),
        ("{id: x}", "first, for_each, run, wait"),
    ],
)
def test_what_has_the_wrong_shape_is_said_in_words(line: str, expected: str) -> None:
    """The message says what was expected."""
    problems: list[Any] = list(read((BASE + steps(line)).encode()).problems)
    assert any(expected in problem.message for problem in problems), problems


def test_a_moment_that_is_a_field_alone_is_given_a_form() -> None:
    """Whoever waits until a date field is told how that is written; other wrong moments have no such hint."""
    hints = [
        problem.hint
        for until in ("inputs.day", "soon")
        for problem in read((BASE + steps(f"{{id: v, wait: {{until: {until}}}}}")).encode()).problems
    ]
    assert hints == ["write 0h after inputs.day for that very moment", ""]
