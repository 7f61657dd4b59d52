"""Names, expressions, parameters, defaults, and other SOPs."""

from collections.abc import Callable

import pytest

from engine.check import check
from engine.definition import Definition

Find = Callable[..., tuple[object, object]]
"""The fixture that finds problems and marks."""

BAD = {
    "syntax": """
steps:
  - id: write
    role: lead
    when: run.drill &&  #! SOP-L070
""",
    "types": """
inputs: {budget: {type: money, currency: EUR}}
steps:
  - id: write
    role: lead
    when: inputs.budget > 5  #! SOP-L070
""",
    "not a condition": """
steps:
  - id: write
    role: lead
  - id: publish
    role: lead
    when: write.outcome  #! SOP-L070
""",
    "has of a name": """
steps:
  - id: write
    role: lead
    outcomes:
      done: {to: next, when: has(write.done)}  #! SOP-L070
""",
    "unknown names everywhere": """
inputs: {list: {type: multi_choice, options: [x]}}
steps:
  - id: write
    role: lead
    when: run.dril  #! SOP-L071
    form:
      copy: {type: text}
      sum:
        type: number
        value: write.copies  #! SOP-L071
    outcomes:
      done: {to: next, when: "write"}  #! SOP-L071
  - id: both
    parallel:
      one:
        when: nothing == 1  #! SOP-L071
        steps: [{id: a, role: lead}]
  - id: choose
    decide:
      - when: write.nope  #! SOP-L071
        to: next
      - {else: next}
  - id: each
    for_each:
      one: inputs.lst  #! SOP-L071
    steps: [{id: post, role: lead, when: one == 'x'}]
  - id: child
    run: other
    with:
      topic: post.outcome  #! SOP-L071
results:
  url: one  #! SOP-L071
kpis:
  speed:
    value: post.done  #! SOP-L071
    target: ">= 3"
    source: x
    confidence: team
""",
    "not a list": """
inputs: {list: {type: text}}
steps:
  - id: each
    for_each:
      one: inputs.list  #! SOP-L072
    steps: [{id: post, role: lead}]
""",
    "result of another type": """
steps:
  - id: write
    role: lead
    form:
      n: {type: number}
      real: {type: number, decimals: 2}
      a:
        type: number
        value: write.real  #! SOP-L073
      b:
        type: text
        value: write.n  #! SOP-L073
      c:
        type: bool
        value: write.n  #! SOP-L073
      d: {type: percent, value: write.n}
""",
    "field computed from itself": """
steps:
  - id: write
    role: lead
    form:
      sum:
        type: number
        value: write.sum + 1  #! SOP-L074
""",
    "computed from what is computed later": """
steps:
  - id: write
    role: lead
    form:
      early:
        type: number
        value: write.late + 1  #! SOP-L074
      more:
        type: bool
        value: write.rows.all(r, r.b > 1) && write.rows.all(r, r.a > 1)  #! SOP-L074
      typed:
        type: bool
        value: write.rows.all(r, r.a > 1)
      rows:
        type: table
        columns:
          a: {type: number}
          b:
            type: number
            value: row.c + row.a  #! SOP-L074
          c:
            type: number
            value: row.c + row.b + size(write.rows)  #! SOP-L074
          d:
            type: number
            value: write.late  #! SOP-L074
      late: {type: number, value: 'write.rows.map(r, r.b)[0]'}
""",
    "inputs that nothing computes": """
inputs:
  x: {type: bool}
  y:
    type: number
    value: 1 + 1  #! SOP-L089
  z:
    type: table
    columns:
      a: {type: number}
      b:
        type: number
        value: row.a  #! SOP-L089
steps: [{id: write, role: lead}]
""",
    "columns that cannot be computed": """
steps:
  - id: write
    role: lead
    form:
      rows:
        type: table
        columns:
          a: {type: number}
          b:
            type: number
            value: row.aa + 1  #! SOP-L071
          c:
            type: number
            value: other.x  #! SOP-L071
          d:
            type: number
            value: string(row.a)  #! SOP-L073
          e: {type: percent, value: 'row.a / 2.0 * 100.0'}
""",
    "a row that is something else": """
steps:
  - id: row
    role: lead
    form:
      rows:
        type: table
        columns:
          a:
            type: number
            value: row.a  #! SOP-L039
""",
    "unknown parameter": """
steps:
  - id: write
    role: lead
    due: $span  #! SOP-L075
    outcomes:
      done: next
      again: {to: write, rounds: $many, then: end}  #! SOP-L075
kpis:
  speed:
    target: ">= $speed"  #! SOP-L075
    source: x
    confidence: team
""",
    "parameter of another type": """
parameters:
  count: {type: number, default: 2, source: x, confidence: team}
  share: {type: number, decimals: 1, default: 2.5, source: x, confidence: team}
  span: {type: duration, default: 4h, source: x, confidence: team}
steps:
  - id: write
    role: lead
    due: $count  #! SOP-L076
    remind:
      - -$count  #! SOP-L076
    escalate:
      - after: $count  #! SOP-L076
        to: lead
  - id: review
    approval:
      role: lead
      quorum: $span  #! SOP-L076
  - id: choose
    decide:
      - when: run.drill
        to: write
        rounds: $share  #! SOP-L076
        then: end
      - {else: next}
""",
    "unused parameter": """
parameters:
  used: {type: duration, default: 4h, source: x, confidence: team}
  read: {type: number, default: 4, source: x, confidence: team}
  aim: {type: number, default: 4, source: x, confidence: team}
  idle: {type: duration, default: 4h, source: x, confidence: team}  #! SOP-L077
steps: [{id: write, role: lead, due: $used, when: parameters.read > 2}]
kpis: {speed: {target: ">= $aim", source: x, confidence: team}}
""",
    "refused defaults": """
parameters:
  span:
    type: duration
    default: soon  #! SOP-L078
    source: x
    confidence: team
inputs:
  level:
    type: choice
    options: [low, high]
    default: middle  #! SOP-L078
steps:
  - id: write
    role: lead
    due: $span
    form:
      n:
        type: number
        max: 3
        default: 4  #! SOP-L078
""",
    "bounds": """
inputs:
  a:
    type: number
    min: many  #! SOP-L079
  b:
    type: number
    min: 3  #! SOP-L079
    max: 2
  c:
    type: date
    max: tomorrow  #! SOP-L079
  d:
    type: datetime
    min: 2026-01-01  #! SOP-L079
  e:
    type: text
    min: 1.5  #! SOP-L079
  f:
    type: table
    columns:
      g:
        type: money
        max: Infinity  #! SOP-L079
steps: [{id: write, role: lead}]
""",
    "pattern": """
inputs:
  a:
    type: text
    pattern: "(?=x)"  #! SOP-L080
    default: x
  b: {type: text, pattern: "[a-z]+", default: x}
steps: [{id: write, role: lead}]
""",
}

CHILD = """
sop: child
inputs:
  topic: {type: text, required: true}
  count: {type: number, decimals: 1}
  list: {type: multi_choice, options: [x]}
  rest: {type: text, required: true, default: x}
steps: [{id: a, role: lead, outcomes: {done: next, stop: end(stopped)}}]
"""
BOUND = """
sop: bound
parameters:
  need: {type: text, required: true, source: x, confidence: team}
  many: {type: number, default: 2, source: x, confidence: team}
  span: {type: duration, default: 4h, source: x, confidence: team}
  loud: {type: bool, default: false, source: x, confidence: team}
steps: [{id: a, role: lead}]
"""


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_name_problem_has_its_code_at_its_line(body: str, found: Find) -> None:
    """Each slip of names and values gives exactly its code, at the line where the slip is."""
    problems, marks = found(body)

    assert marks == problems


def test_a_name_is_for_an_end_that_there_is(found: Find) -> None:
    """What `ends` names is an end that a way leads to, one that approvals have by themselves, or `done`."""
    body = """
separate: [[write, approve]]
steps:
  - id: write
    role: lead
    outcomes: {done: next, drop: {to: end(dropped), rounds: 2, then: end(spent)}}
  - id: approve
    approval: {role: lead, of: [write]}
ends:
  done: Out
  dropped: Given up
  spent: Too often
  rejected: Refused
  droped: Given up  #! SOP-L084
"""
    problems, marks = found(body)

    assert marks == problems


def test_other_sops_are_looked_at_where_they_are_known(define: Callable[[str], Definition], found: Find) -> None:
    """The SOP that is run must exist, take what it is given, get what it needs, and end as it is said to."""
    body = """
references: [child, chidl]  #! SOP-L085
inputs: {other: {type: run, sop: nowhere}, same: {type: run, sop: child}}  #! SOP-L085
steps:
  - {id: begin, role: lead}
  - id: first
    run: chld  #! SOP-L081
  - id: second
    run: child
    with:
      topic: run.drill  #! SOP-L073
      tpoic: "'x'"  #! SOP-L082
      count: "2"
      list: "['x']"
    outcomes:
      stopped: next
      done: next
      lost: next  #! SOP-L084
  - id: third
    run: child  #! SOP-L083
  - id: fourth
    run: bound  #! SOP-L083
    with:
      parameters:
        spna: "'PT1H'"  #! SOP-L075
        many: "'x'"  #! SOP-L073
  - id: fifth
    run: bound
    with:
      parameters:
        need: second.outcome
        many: size(run.name) + begin.rounds
        loud: inputs.same == 'x'  #! SOP-L120
"""
    known = {"child": define(CHILD), "bound": define(BOUND)}

    problems, marks = found(body, known=known)

    assert marks == problems


def test_without_other_sops_they_are_not_looked_at(define: Callable[[str], Definition]) -> None:
    """One file can be checked alone: what it says of others is then not judged."""
    assert check(define("references: [x]\nsteps: [{id: a, run: y, with: {z: run.drill}}, {id: b, role: lead}]")) == []


def test_expression_is_not_compiled_against_what_it_cannot_see(define: Callable[[str], Definition]) -> None:
    """Outside a for-each a name of its steps is unknown, and the hint says where it is visible."""
    body = """
inputs: {list: {type: multi_choice, options: [x]}}
steps:
  - id: each
    for_each: {one: inputs.list}
    steps: [{id: post, role: lead}, {id: check, role: lead, when: post.done}]
  - {id: last, role: lead, when: post.done}
"""

    (problem,) = check(define(body))

    assert problem.code == "SOP-L071"
    assert problem.hint == 'the values of "post" are visible only inside the for_each "each"'


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("write", "there is no write here", "name one of its values, like write.outcome"),
        ("write.coyp == 'x'", "there is no write.coyp here", "did you mean write.copy?"),
        ("run.drill && (1 == 1.0)", "== cannot be used with (int, double) (at 1:17)", ""),
    ],
)
def test_expression_problem_says_where_and_what_was_meant(
    text: str, message: str, hint: str, define: Callable[[str], Definition]
) -> None:
    """The message names the place inside the expression, the hint the nearest name."""
    definition = define(f'steps: [{{id: write, role: lead, when: "{text}", form: {{copy: {{type: text}}}}}}]')

    (problem,) = check(definition)

    assert (message, hint) == (problem.message, problem.hint)


def test_number_that_cannot_be_written_is_one_problem(define: Callable[[str], Definition]) -> None:
    """A definition made in memory, with an integer beyond 53 bits, is refused and not checked further."""
    plain = define("inputs: {a: {type: number}}\nsteps: [{id: a, role: lead}]").model_dump(by_alias=True, exclude_defaults=True)
    plain["inputs"]["a"]["max"] = 2**60

    problems = check(Definition.model_validate(plain))

    assert [problem.code for problem in problems] == ["SOP-L010"]
