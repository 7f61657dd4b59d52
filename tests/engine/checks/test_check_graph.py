"""Ids and control flow: what hangs together, what does not, and the line where that is said."""

from collections.abc import Callable

import pytest

from engine import limits
from engine.check import check
from engine.definition import Definition

Find = Callable[..., tuple[object, object]]
"""The fixture that finds problems and marks."""

BAD = {
    "unknown target": """
steps:
  - id: write
    role: lead
    outcomes:
      done: next
      again: rewrite  #! SOP-L030
""",
    "unknown then": """
steps:
  - id: write
    role: lead
    outcomes:
      done: next
      again: {to: write, rounds: 1, then: wirte}  #! SOP-L030
""",
    "unknown target of a decision": """
steps:
  - {id: write, role: lead}
  - id: choose
    decide:
      - {when: write.done, to: nowhere}  #! SOP-L030
      - {else: next}
""",
    "target in another track": """
steps:
  - {id: write, role: lead}
  - id: both
    parallel:
      one:
        - id: draw
          role: lead
          outcomes:
            done: next
            back: write  #! SOP-L031
""",
    "target into another track": """
steps:
  - id: write
    role: lead
    outcomes: {done: next, over: draw}  #! SOP-L031
  - id: both
    parallel: {one: [{id: draw, role: lead}]}
""",
    "unreachable": """
steps:
  - id: write
    role: lead
    outcomes: {done: finish}
  - id: orphan  #! SOP-L032
    role: lead
  - id: finish
    role: lead
""",
    "no end": """
steps:
  - id: write
    role: lead
    outcomes:
      done: next
      stop: end(stopped)
  - id: polish  #! SOP-L033
    role: lead
    outcomes:
      more: {to: shine, rounds: 2, then: shine}
  - id: shine  #! SOP-L033
    role: lead
    outcomes:
      more: {to: polish, rounds: 2, then: polish}  #! SOP-L034
""",
    "loop without a limit": """
steps:
  - id: write
    role: lead
  - id: review
    role: lead
    outcomes:
      done: next
      again: write  #! SOP-L034
""",
    "step that leads to itself": """
steps:
  - id: write
    role: lead
    outcomes:
      done: next
      again: write  #! SOP-L034
""",
    "loop whose fallback has no limit": """
steps:
  - id: write
    role: lead
  - id: review
    role: lead
    outcomes:
      done: next
      again: {to: write, rounds: 2, then: write}  #! SOP-L034
""",
    "two loops": """
steps:
  - id: a
    role: lead
    outcomes:
      done: next
      again: a  #! SOP-L034
  - id: b
    role: lead
    outcomes:
      done: next
      skip: d
  - id: c
    role: lead
    outcomes:
      done: next
      again: b  #! SOP-L034
  - {id: d, role: lead}
""",
    "loop without a person": """
inputs: {again: {type: bool, required: true}}
steps:
  - {id: write, role: lead}
  - id: first
    decide:
      - {when: inputs.again, to: second}
      - {else: end}
  - id: second
    decide:
      - {when: inputs.again, to: first, rounds: 3, then: end}  #! SOP-L035
      - {else: end}
""",
    "join of more branches than there are": """
steps:
  - id: both
    join: 3  #! SOP-L036
    parallel:
      one: [{id: a, role: lead}]
      two: [{id: b, role: lead}]
""",
    "join of branches that end the run": """
steps:
  - id: both
    parallel:  #! SOP-L036
      one: [{id: a, role: lead, outcomes: {done: end}}]
      two: [{id: b, role: lead}]
""",
    "join of two with one that closes": """
steps:
  - id: both
    join: 2
    parallel:  #! SOP-L036
      one: [{id: a, role: lead, outcomes: {done: end}}]
      two: [{id: b, role: lead}]
      three: [{id: c, role: lead, outcomes: {done: end}}]
""",
    "join of any with none that closes": """
steps:
  - id: both
    join: any
    parallel:  #! SOP-L036
      one: [{id: a, role: lead, outcomes: {done: end}}]
""",
    "join of optional branches that never close": """
steps:
  - id: both
    parallel:  #! SOP-L036
      one: {when: run.drill, steps: [{id: a, role: lead, outcomes: {done: end}}]}
      two: {when: "!run.drill", steps: [{id: b, role: lead, outcomes: {done: end}}]}
""",
    "items that never close": """
inputs: {list: {type: multi_choice, options: [x], required: true}}
steps:
  - id: each  #! SOP-L036
    for_each: {one: inputs.list}
    steps: [{id: a, role: lead, outcomes: {done: end}}]
""",
    "doubled id": """
steps:
  - {id: write, role: lead}
  - id: both
    parallel:
      one:
        - id: write  #! SOP-L037
          role: lead
""",
    "reserved step": """
steps:
  - id: next  #! SOP-L038
    role: lead
  - id: main  #! SOP-L038
    role: lead
  - id: results  #! SOP-L038
    role: lead
""",
    "reserved role": """
roles: [lead, end]  #! SOP-L038
steps:
  - {id: write, role: lead}
  - {id: stop, role: end}
""",
    "reserved fields": """
inputs:
  in: {type: text}  #! SOP-L038
steps:
  - id: write
    role: lead
    form:
      done: {type: bool}  #! SOP-L038
""",
    "reserved item": """
inputs: {list: {type: multi_choice, options: [x], required: true}}
steps:
  - id: each
    for_each:
      string: inputs.list  #! SOP-L038
    steps: [{id: a, role: lead, when: string(1) == '1'}]
""",
    "item called like a step": """
inputs: {list: {type: multi_choice, options: [x], required: true}}
steps:
  - id: each
    for_each:
      post: inputs.list  #! SOP-L039
    steps: [{id: post, role: lead}]
""",
    "item called like the one around it": """
inputs: {list: {type: multi_choice, options: [x], required: true}}
steps:
  - id: each
    for_each: {one: inputs.list}
    steps:
      - id: inner
        for_each:
          one: inputs.list  #! SOP-L039
        steps: [{id: post, role: lead}]
""",
    "decision without else": """
steps:
  - {id: write, role: lead}
  - id: choose
    decide:
      - {when: write.done, to: next}
      - {when: "!write.done", to: next}  #! SOP-L040
""",
    "else before the last": """
steps:
  - {id: write, role: lead}
  - id: choose
    decide:
      - {else: next}  #! SOP-L040
      - {when: write.done, to: next}  #! SOP-L040
""",
}

GOOD = {
    "every kind of step": """
inputs: {list: {type: multi_choice, options: [x, y], required: true}}
steps:
  - {id: write, role: lead, form: {risk: {type: choice, options: [low, high]}}}
  - id: review
    approval: {role: lead, of: [write]}
    outcomes:
      approve: next
      reject: {to: write, reason: required, rounds: 2, then: arbitrate}
  - id: arbitrate
    role: lead
    when: review.outcome == 'reject'
    outcomes: {go: next, stop: end(cancelled)}
  - id: both
    join: any
    parallel:
      one: [{id: a, role: lead}]
      two: {when: write.risk == 'high', steps: [{id: b, role: lead, outcomes: {done: leave}}]}
  - id: each
    for_each: {one: inputs.list}
    steps: [{id: post, role: lead, when: one != 'x'}]
  - id: choose
    decide:
      - {when: both.done, to: end}
      - {else: next}
  - {id: measure, run: other}
""",
    "a branch that only ends the run, beside one that closes": """
steps:
  - id: both
    join: any
    parallel:
      stop: [{id: a, role: lead, outcomes: {stop: end(stopped)}}]
      work: [{id: b, role: lead}]
""",
    "an optional branch that never closes": """
steps:
  - id: both
    parallel:
      stop: {when: run.drill, steps: [{id: a, role: lead, outcomes: {stop: end(stopped)}}]}
      work: [{id: b, role: lead}]
""",
    "a loop whose person stands in a branch, and one that waits for a child": """
steps:
  - id: both
    parallel: {one: [{id: a, role: lead}]}
  - {id: child, run: other}
  - id: choose
    decide:
      - {when: child.outcome == 'again', to: child, rounds: 2, then: end}
      - {when: a.rounds == 2, to: both, rounds: 2, then: end}
      - {else: next}
""",
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_graph_problem_has_its_code_at_its_line(body: str, found: Find) -> None:
    """Each slip of control flow gives exactly its code, at the line where the slip is."""
    problems, marks = found(body)

    assert marks == problems


@pytest.mark.parametrize("body", GOOD.values(), ids=GOOD)
def test_sound_graph_gives_no_problem(body: str, define: Callable[[str], Definition]) -> None:
    """What is sound passes without an error or a warning."""
    assert check(define(body)) == []


def test_unknown_target_names_the_nearest_step(define: Callable[[str], Definition]) -> None:
    """A misspelt target is answered with the step that was probably meant."""
    definition = define("steps: [{id: approve, role: lead, outcomes: {done: next, again: {to: aprove, rounds: 1, then: end}}}]")

    (problem,) = check(definition)

    assert problem.hint == 'did you mean "approve"?'


def test_too_many_steps_are_refused_before_anything_else(define: Callable[[str], Definition]) -> None:
    """More steps than the limit give one problem, and no search through them."""
    steps = [{"id": f"s{number}", "role": "lead"} for number in range(limits.STEPS + 1)]
    plain = define("steps: [{id: a, role: lead}]").model_dump(by_alias=True, exclude_defaults=True)
    definition = Definition.model_validate({**plain, "steps": steps})

    problems = check(definition)

    assert [(problem.code, problem.path) for problem in problems] == [("SOP-L007", ("steps",))]


def test_large_definition_is_checked_in_a_second(define: Callable[[str], Definition]) -> None:
    """The work grows with the steps, not with their square: 1,500 steps in a row with a way back each."""
    import time

    steps = [
        {"id": f"s{n}", "role": "lead", "due": f"4h after s{max(n - 1, 0)}" if n else "4h",
         "outcomes": {"done": {}, "back": {"to": "s0", "rounds": 1, "then": "end"}}}
        for n in range(1_500)
    ]  # fmt: skip
    plain = define("steps: [{id: a, role: lead}]").model_dump(by_alias=True, exclude_defaults=True)
    definition = Definition.model_validate({**plain, "steps": steps})

    began = time.perf_counter()
    problems = check(definition)

    assert problems == []
    assert time.perf_counter() - began < 10  # about 1 s alone on a slow core
