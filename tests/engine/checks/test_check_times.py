"""Due dates: what they count from, and what hangs on them."""

from collections.abc import Callable

import pytest

from engine.check import check
from engine.definition import Definition

Find = Callable[..., tuple[list[tuple[int, str]], list[tuple[int, str]]]]
"""The fixture that finds problems and marks."""

BAD = {
    "due counts from itself": """
steps:
  - id: write
    role: lead
    due: 4h after write  #! SOP-L090
""",
    "due counts from a later step": """
steps:
  - id: write
    role: lead
    due: 4h after publish  #! SOP-L090
  - {id: publish, role: lead}
""",
    "due counts from the step around it": """
steps:
  - id: both
    parallel:
      one:
        - id: write
          role: lead
          due: 4h after both  #! SOP-L090
""",
    "due counts from its own field": """
steps:
  - id: write
    role: lead
    form: {launch: {type: date}}
    due: 4h before write.launch  #! SOP-L090
""",
    "due counts from a field of a later step": """
steps:
  - id: write
    role: lead
    due: 4h before publish.launch  #! SOP-L090
  - {id: publish, role: lead, form: {launch: {type: date}}}
""",
    "due counts from an unknown step": """
steps:
  - id: write
    role: lead
    due: 4h after wirte  #! SOP-L091
""",
    "due is before a step": """
steps:
  - {id: write, role: lead}
  - id: publish
    role: lead
    due: 4h before write  #! SOP-L091
""",
    "due counts from a text": """
inputs: {launch: {type: text}}
steps:
  - id: write
    role: lead
    due: 4h before inputs.launch  #! SOP-L091
""",
    "due counts from an unknown field": """
inputs: {launch: {type: date}}
steps:
  - id: write
    role: lead
    due: 4h before inputs.lanch  #! SOP-L091
""",
    "due counts from a field of an unknown step": """
steps:
  - id: write
    role: lead
    due: 4h before plan.launch  #! SOP-L091
""",
    "due counts from a field inside a for-each": """
inputs: {list: {type: multi_choice, options: [x], required: true}}
steps:
  - id: each
    for_each: {one: inputs.list}
    steps: [{id: plan, role: lead, form: {launch: {type: date}}}]
  - id: write
    role: lead
    due: 4h before plan.launch  #! SOP-L091
""",
    "dues on conditions": """
inputs: {day: {type: date}, risk: {type: text}}
parameters: {span: {type: number, default: 2, source: x, confidence: team}}
steps:
  - id: write
    role: lead
    due:
      - when: inputs.rsk == 'high'  #! SOP-L071
        due: 4h
      - when: inputs.risk  #! SOP-L070
        due: 4h after wirte  #! SOP-L091
      - when: inputs.risk == 'low'
        due: $span  #! SOP-L076
      - when: inputs.risk == 'none'
        due: 2 days before inputs.day
      - else: 40000 days after write  #! SOP-L090 SOP-L093
    remind: [-4h]
""",
    "reminder without due": """
steps:
  - id: write
    role: lead
    remind:  #! SOP-L092
      - -4h
""",
    "escalation without due": """
steps:
  - id: write
    role: lead
    escalate:  #! SOP-L092
      - {after: 4h, to: lead}
""",
    "longer than a century": f"""
parameters:
  span: {{type: duration, default: PT{"9" * 12}H, source: x, confidence: team}}  #! SOP-L093
steps:
  - id: write
    role: lead
    due: 40000 days  #! SOP-L093
    remind:
      - 6000 weeks  #! SOP-L093
      - -$span
    escalate:
      - after: {"9" * 5000}h  #! SOP-L093
        to: lead
""",
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_time_problem_has_its_code_at_its_line(body: str, found: Find) -> None:
    """Each slip of a due date gives exactly its code, at the line where the slip is."""
    problems, marks = found(body)

    assert marks == problems


def test_sound_dates_pass(define: Callable[[str], Definition]) -> None:
    """A due may count from the start, from a step before (in a loop too), from another branch, and from date fields."""
    body = """
inputs: {launch: {type: date, required: true}}
parameters: {span: {type: duration, default: 2 business days, source: x, confidence: team}}
steps:
  - id: plan
    role: lead
    form: {day: {type: datetime}}
    due: $span after start
    remind: [-4h, -$span]
    escalate: [{after: $span, to: lead}]
  - {id: write, role: lead, due: 7 days before inputs.launch}
  - id: both
    parallel:
      one: [{id: a, role: lead, due: 4h after plan}]
      two: [{id: b, role: lead, due: 4h after a}]
  - id: last
    role: lead
    due: P1DT2H before plan.day
    outcomes: {done: next, again: {to: write, rounds: 1, then: end}}
"""

    assert check(define(body)) == []


def test_step_in_a_loop_may_count_from_the_round_before(found: Find) -> None:
    """What stands later in a loop was done before when the loop comes round."""
    body = """
steps:
  - id: write
    role: lead
    due: 4h after review
  - id: review
    role: lead
    outcomes: {done: next, again: {to: write, rounds: 2, then: end}}
"""

    assert found(body) == ([], [])


def test_items_have_dates_and_people(found: Find) -> None:
    """A column of the item is an anchor when it is a date, and names a person when it is one."""
    body = """
inputs: {rows: {type: table, columns: {on: {type: date}, who: {type: user}, n: {type: number}}}}
steps:
  - id: each
    for_each: {line: inputs.rows}
    steps:
      - {id: one, role: lead, due: 2 days before line.on, from: line.who}
      - id: two
        role: lead
        due: 2 days before line.n  #! SOP-L091
        from: line.n  #! SOP-L073
      - id: three
        role: lead
        due: 2 days before line.of  #! SOP-L091
        from: line.of  #! SOP-L071
  - id: over
    for_each: {one_of: "[1]"}
    steps:
      - id: four
        role: lead
        due: 2 days before one_of.on  #! SOP-L091
  - id: last
    role: lead
    from: line.who  #! SOP-L071
"""
    problems, marks = found(body)
    assert sorted(marks) == sorted(problems)
