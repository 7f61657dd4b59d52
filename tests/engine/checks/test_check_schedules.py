"""Schedules: what starts nothing, what is written wrong, and what a start would be refused for."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.canonical import canonical_document, restored, stored
from engine.check import check
from engine.checks.outline import Outline
from engine.checks.schedules import check as check_schedules
from engine.definition import Definition
from engine.parse import read

Find = Callable[..., tuple[object, object]]
"""The fixture that finds problems and marks."""

STEPS = "steps: [{id: a, role: lead}]\n"
INPUTS = "inputs: {topic: {type: text, required: true}, day: {type: date}, who: {type: user}, of: {type: run}}\n"

BAD = {
    "impossible day": 'schedule: {cron: "0 9 30 2 *", zone: UTC} #! SOP-L110',
    "no such hour": 'schedule: {cron: "0 25 * * *", zone: UTC} #! SOP-L110',
    "never comes": 'schedule: {cron: "0 0 31 4-6/2 *", zone: UTC} #! SOP-L110',
    "unknown zone": 'schedule: {cron: "0 9 * * *", zone: Asia/Shangai} #! SOP-L111',
    "a folder of zones": 'schedule: {cron: "0 9 * * *", zone: Asia} #! SOP-L111',
    "a way out of the folder": 'schedule: {cron: "0 9 * * *", zone: ../../etc/passwd} #! SOP-L111',
    "every minute": 'schedule: {cron: "* 9 * * *", zone: UTC} #! SOP-L112',
    "unknown name in the title": 'schedule: {cron: "0 9 * * *", zone: UTC, title: "of {weak}"} #! SOP-L113',
    "a brace too many": 'schedule: {cron: "0 9 * * *", zone: UTC, title: "of {week}}"} #! SOP-L113',
    "an open brace": 'schedule: {cron: "0 9 * * *", zone: UTC, title: "of {week"} #! SOP-L113',
    "the end of a day": 'schedule: {cron: "0 9 * * *", zone: UTC, title: "{date.end}"} #! SOP-L113',
    "title of two lines": 'schedule: {cron: "0 9 * * *", zone: UTC, title: {de: "a\\nb", en: "a"}} #! SOP-L114',
    "title too long": f'schedule: {{cron: "0 9 * * *", zone: UTC, title: {"x" * 201}}} #! SOP-L114',
    "lead is no role": 'schedule: {cron: "0 9 * * *", zone: UTC, lead: leed} #! SOP-L050',
    "two of one name": """
schedule:
  - {cron: "0 9 * * *", zone: UTC}
  - {cron: "0 8 * * *", zone: UTC} #! SOP-L037
""",
    "input that is missing": INPUTS + 'schedule: {cron: "0 9 * * *", zone: UTC} #! SOP-L083',
    "input that there is not": 'schedule: {cron: "0 9 * * *", zone: UTC, inputs: {topic: x}} #! SOP-L082',
    "list with a bad item": 'schedule: {cron: "0 9 * * *", zone: UTC, inputs: {topic: [x, "{y}"]}} #! SOP-L113',
    "input of another kind": INPUTS
    + """
schedule:
  cron: 0 9 * * *
  zone: UTC
  inputs:
    topic: x
    day: tomorrow #! SOP-L114
""",
    "input whose own bounds mean nothing": """
inputs: {size: {type: number, min: low}} #! SOP-L079
schedule: {cron: "0 9 * * *", zone: UTC, inputs: {size: 3}}
""",
    "run that cannot be named": 'inputs: {of: {type: run, required: true}}\nschedule: {cron: "0 9 * * *", zone: UTC} #! SOP-L083',
    "parameter that is missing": """
parameters: {rate: {type: number, required: true, source: x, confidence: team}}
steps: [{id: a, role: lead, when: parameters.rate > 1}]
schedule: {cron: "0 9 * * *", zone: UTC} #! SOP-L083
""",
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_slip_of_a_schedule_has_its_code_at_its_line(body: str, found: Find) -> None:
    """Each slip gives exactly its code, at the line where it stands."""
    problems, marks = found(body if "steps:" in body else STEPS + body)

    assert marks == problems


def test_what_was_meant_is_suggested(define: Callable[[str], Definition]) -> None:
    """A name in braces, a role and an input are answered with the nearest there is."""
    body = STEPS + 'schedule: {cron: "0 9 * * *", zone: UTC, lead: leat, title: "{weak}"}'
    other = STEPS + INPUTS + 'schedule: {cron: "0 9 * * *", zone: UTC, inputs: {topik: x, topic: y}}'

    hints = [problem.hint for text in (body, other) for problem in check(define(text))]

    assert hints == ['did you mean "lead"?', 'did you mean "week"?', 'did you mean "topic"?']


def test_sound_schedules_pass(define: Callable[[str], Definition]) -> None:
    """One alone or several, with values of their kinds, periods, the lead for a person, and every way to say a day."""
    one = STEPS + INPUTS + 'schedule: {cron: "0 9 * * WED", zone: Asia/Shanghai, inputs: {topic: "{week}"}}'
    several = (
        STEPS
        + INPUTS
        + """
schedule:
  - {id: day, cron: "0 9 10 * *", zone: UTC, missed: skip, inputs: {topic: x, day: "{month-1.end}", who: "@me"}, lead: lead}
  - {id: last, cron: 0 9 L * *, zone: UTC, missed: all, title: {en: "Of {quarter}", ko: "{quarter}"}, inputs: {topic: "{at+8h}"}}
  - {id: work, cron: 0 9 LW 1-12/3 *, zone: UTC, inputs: {topic: x}, source: S1}
  - {id: leap, cron: 0 9 29 2 *, zone: UTC, inputs: {topic: x}}
  - {id: first, cron: 0 9 * * MON#1, zone: UTC, inputs: {topic: x}, unit: brand}
"""
    )

    assert check(define(one)) == check(define(several)) == []


def test_one_schedule_and_a_list_of_one_are_the_same(define: Callable[[str], Definition]) -> None:
    """The canonical document holds a list either way, and gives it back as it was."""
    alone = canonical_document(define(STEPS + 'schedule: {cron: "0 9 * * *", zone: UTC}'))
    listed = canonical_document(define(STEPS + 'schedule: [{cron: "0 9 * * *", zone: UTC, missed: once, id: regular}]'))

    assert alone == listed == restored(stored(alone))
    assert alone["schedule"] == [{"cron": "0 9 * * *", "zone": "UTC"}]


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ('{corn: "0 9 * * *", zone: UTC}', ["SOP-L021", "SOP-L020"]),
        ('[{cron: "0 9 * * *", zone: UTC, misst: all}]', ["SOP-L020"]),
        ('{cron: "0 0 9 * * *", zone: UTC}', ["SOP-L023"]),
        ('{cron: "@daily", zone: UTC}', ["SOP-L023"]),
        ('{cron: "0 9 * * *", zone: UTC, missed: sometimes}', ["SOP-L022"]),
        ("daily", ["SOP-L022"]),
    ],
)
def test_shape_of_a_schedule(schedule: str, expected: list[str]) -> None:
    """Unknown keys, other forms and other kinds are told by the usual codes, and an unknown key with what was meant."""
    head = "sop: a\nversion: 1.0.0\ntitle: A\npurpose: b\nscope: c\nowner: lead\nroles: [lead]\n"
    parsed = read(f"{head}{STEPS}schedule: {schedule}\n".encode())

    assert [str(problem.code) for problem in parsed.problems] == expected
    assert parsed.problems[0].line == 9
    if "SOP-L020" in expected:
        assert parsed.problems[-1].hint in {'did you mean "cron"?', 'did you mean "missed"?'}


@given(st.text("0123456789*/,-#LWMONabc ²é", max_size=30), st.text(max_size=20))
def test_no_text_breaks_the_check(cron: str, zone: str) -> None:
    """Whatever stands for a cron and a zone is a schedule or a problem, and never a fault."""
    document = {"roles": ["lead"], "steps": [], "title": {}, "schedule": [{"cron": cron, "zone": zone}]}

    assert all(problem.code for problem in check_schedules(Outline(document)))
