"""Roles and separation: who may do what, and whether anybody may."""

from collections.abc import Callable

import pytest

from engine.check import check
from engine.definition import Definition

Find = Callable[..., tuple[object, object]]
"""The fixture that finds problems and marks."""

BAD = {
    "people to keep out whom no field names": """
inputs: {sponsor: {type: user}}
signals: {filed: {form: {by: {type: user}}}}
steps:
  - {id: heard, wait: {signal: filed}}
  - {id: write, role: lead, form: {helper: {type: user}, text: {type: text}, others: {type: users}}}
  - id: review
    role: lead
    from: write.helper
    not_from:
      - inputs.sponsor
      - heard.by
      - write.others
      - write.helpr  #! SOP-L071
      - write.text  #! SOP-L073
      - last.who  #! SOP-L056
      - write.helper  #! SOP-L055
  - id: last
    role: lead
    not_from: inputs.sponsr  #! SOP-L071
    form: {who: {type: user}}
""",
    "a field that names who does it, and is not there": """
steps:
  - id: write
    role: lead
    form: {helper: {type: user}}
  - id: review
    role: lead
    from: write.helpr  #! SOP-L071
""",
    "a field that names no person": """
steps:
  - id: write
    role: lead
    form: {helper: {type: text}}
  - id: review
    role: lead
    from: write.helper  #! SOP-L073
""",
    "a field that is filled in later": """
steps:
  - id: write
    role: lead
    from: review.helper  #! SOP-L056
  - id: review
    role: lead
    form: {helper: {type: user}}
""",
    "the lead of who comes later": """
steps:
  - id: write
    role: lead
    lead: review  #! SOP-L056
  - id: review
    role: lead
""",
    "undeclared role": """
steps:
  - id: write
    role: leda  #! SOP-L050
""",
    "undeclared role of an approval": """
steps:
  - {id: write, role: lead}
  - id: review
    approval:
      of: [write]
      role: legal  #! SOP-L050
""",
    "undeclared owner": """
owner: boss  #! SOP-L050
steps: [{id: write, role: lead}]
""",
    "undeclared role of an escalation": """
steps:
  - id: write
    role: lead
    due: 4h
    escalate:
      - after: 1h
        to: boss  #! SOP-L050
""",
    "unused role": """
roles:
  - lead
  - legal  #! SOP-L051
steps: [{id: write, role: lead}]
""",
    "doubled role": """
roles:
  - lead
  - lead  #! SOP-L053
steps: [{id: write, role: lead}]
""",
    "separate names an unknown step": """
separate:
  - [write, reveiw]  #! SOP-L030
steps:
  - {id: write, role: lead}
  - {id: review, role: lead}
""",
    "separate names an automatic step": """
separate:
  - [write, choose]  #! SOP-L054
steps:
  - {id: write, role: lead}
  - id: choose
    decide: [{when: write.done, to: next}, {else: next}]
""",
    "a step kept apart from itself": """
separate:
  - [write, write]  #! SOP-L055
steps: [{id: write, role: lead}]
""",
    "same_as of an unknown step": """
steps:
  - {id: write, role: lead}
  - id: publish
    role: lead
    same_as: wirte  #! SOP-L030
""",
    "same_as of a step of several people": """
steps:
  - id: both
    parallel: {one: [{id: a, role: lead}], two: [{id: b, role: lead}]}
  - id: publish
    role: lead
    same_as: both  #! SOP-L054
""",
    "same_as of a later step": """
steps:
  - id: write
    role: lead
    same_as: publish  #! SOP-L056
  - {id: publish, role: lead}
""",
    "same_as of a separated step": """
separate: [[write, publish]]
steps:
  - {id: write, role: lead}
  - id: publish
    role: lead
    same_as: write  #! SOP-L055
""",
    "same_as of a separated step, by way of a third": """
separate: [[write, publish]]
steps:
  - {id: write, role: lead}
  - id: draw
    role: lead
    same_as: write
  - id: publish
    role: lead
    same_as: draw  #! SOP-L055
""",
    "same_as of a step inside a separated one": """
separate: [[both, publish]]
steps:
  - id: both
    parallel: {one: [{id: a, role: lead}]}
  - id: publish
    role: lead
    same_as: a  #! SOP-L055
""",
    "approval by the author": """
steps:
  - {id: write, role: lead}
  - id: review
    approval: {role: lead, of: [write]}
    same_as: write  #! SOP-L055
""",
    "approval of an unknown step": """
steps:
  - id: review
    approval:
      role: lead
      of:
        - write  #! SOP-L030
""",
    "approval of a later step": """
steps:
  - id: review
    approval:
      role: lead
      of:
        - write  #! SOP-L056
  - {id: write, role: lead}
""",
    "approval of a step around it": """
steps:
  - id: both
    parallel:
      one:
        - id: review
          approval:
            role: lead
            of:
              - both  #! SOP-L056
""",
    "approval of what nobody does": """
steps:
  - {id: child, run: other}
  - id: review
    approval:
      role: lead
      of:
        - child  #! SOP-L054
""",
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_people_problem_has_its_code_at_its_line(body: str, found: Find) -> None:
    """Each slip of roles or separation gives exactly its code, at the line where the slip is."""
    problems, marks = found(body)

    assert marks == problems


def test_roles_are_compared_with_the_catalogue(found: Find) -> None:
    """A role that the catalogue does not know is an error where it is declared."""
    body = """
roles:
  - lead
  - legl  #! SOP-L052
steps: [{id: write, role: lead}, {id: sign, role: legl}]
"""

    problems, marks = found(body, roles=["lead", "legal"])

    assert marks == problems
    assert found("steps: [{id: write, role: lead}]", roles=["lead"]) == ([], [])


def test_separated_people_may_do_different_things(define: Callable[[str], Definition]) -> None:
    """Separation, approval and same_as that do not contradict one another pass."""
    body = """
roles: [lead, writer]
separate: [[write, review], [both, sign]]
steps:
  - {id: write, role: writer, outcomes: {done: next}}
  - id: both
    parallel: {one: [{id: a, role: writer}], two: [{id: b, role: writer, same_as: a}]}
  - {id: review, approval: {role: lead, of: [write, both]}, outcomes: {ok: next, no: {to: write, rounds: 1, then: end}}}
  - {id: correct, role: writer, same_as: write}
  - {id: sign, role: lead, same_as: review}
"""

    assert check(define(body)) == []
