"""Codes and events in words."""

import re
from dataclasses import fields
from typing import Any

import pytest

from engine import events as e
from engine.problems import Problem
from engine.refusals import Code, Kind, Reason
from runners.cli.failures import CODES
from runners.exits import CONFLICT, DENIED, EXITS, FAILED, MISSING, USAGE
from runners.lengths import span
from runners.messages import Sentences, ago, exit_code, explained, meant, ordered, problem_line
from runners.telling import in_words

NOW = "2026-11-22T13:02:11.000000Z"
FACTS: dict[str, Any] = {
    "field": "budget", "type": "money", "known": ("budget", "title"), "expected": "a number", "step": "review", "outcome": "aprove",
    "what": "cancel", "role": "legal", "limit": 5, "person": "p_aaaaaaaaaaaa", "team": "legal", "track": "a.b", "sop": "crisis",
    "by": "p_aaaaaaaaaaaa", "at": "2026-11-22T13:01:31.000000Z", "status": "ended", "end": "done", "other": "draft", "did": "did",
    "lead": "p_aaaaaaaaaaaa", "expression": "a.b == 1", "where": "x.when", "why": "it is null", "move": "done", "run": "CAM-1",
    "name": "check", "child": "CAM-1.2", "act": "publish", "roles": ("publisher", "administrator"),
    "version": "1.0.0", "unit": "cn",
}  # fmt: skip


def named(pseudonym: str) -> str:
    """The handle of the one person there is."""
    return {"p_aaaaaaaaaaaa": "dora"}.get(pseudonym, pseudonym)


SAY = Sentences("CAM-1", named, NOW)


@pytest.mark.parametrize("code", Code)
def test_every_refusal_has_a_sentence(code: Code) -> None:
    """A sentence in lower case without gaps, with people by handle and never by pseudonym."""
    reason = Reason(code, FACTS)
    sentence, hint = SAY.sentence(reason), SAY.hint(reason)
    assert len(sentence) > 10
    assert not re.search(
        r"\((\w+)\)$|[{}]", sentence.replace("(separation of duties)", "").replace("(money)", "").replace("(ended: done)", "")
    )
    assert "p_" not in sentence + hint
    assert not sentence.endswith(".")
    title, _ = explained()[str(code)]
    assert "{" not in title


def test_a_fact_that_is_missing_does_not_break_a_sentence() -> None:
    """Even a record of an older program, with fewer facts, is told."""
    for code in Code:
        assert SAY.sentence(Reason(code))


def test_the_example_of_the_documentation() -> None:
    """Who was first, and when, and what to do."""
    reason = Reason(Code.TAKEN, {"step": "brief", "by": "p_aaaaaaaaaaaa", "at": "2026-11-22T13:01:31.000000Z"})
    assert SAY.sentence(reason) == "CAM-1/brief was claimed by dora 40 seconds ago"
    assert SAY.hint(reason).splitlines()[0] == "sop show CAM-1/brief   to see it"
    unknown = Reason(Code.OUTCOME_UNKNOWN, {"outcome": "aprove", "known": ("approve", "reject")})
    assert SAY.hint(unknown) == "did you mean approve?"


@pytest.mark.parametrize(
    ("codes", "exit_"),
    [
        ([Code.FIELD_REQUIRED], USAGE), ([Code.NO_TASK], MISSING), ([Code.TAKEN], CONFLICT), ([Code.NOT_IN_ROLE], DENIED),
        ([Code.GUARD_FALSE], FAILED), ([Code.FIELD_REQUIRED, Code.NOT_IN_ROLE], DENIED), ([Code.TAKEN, Code.SEPARATED], DENIED),
        ([Code.FIELD_REQUIRED, Code.RUN_CLOSED], CONFLICT), ([Code.GUARD_FALSE, Code.FIELD_INVALID], USAGE),
    ],
)  # fmt: skip
def test_the_exit_code_is_that_of_the_weightiest_reason(codes: list[Code], exit_: int) -> None:
    """What no retry mends comes first, in the exit code and in what is shown."""
    reasons = [Reason(code) for code in codes]
    assert exit_code(reasons) == exit_
    assert exit_ in EXITS
    assert exit_code([ordered(reasons)[0]]) == exit_
    assert len(ordered(reasons * 2)) == len(codes)


def test_all_kinds_have_an_exit_code() -> None:
    """No kind of refusal is forgotten."""
    assert {Reason(code).kind for code in Code} <= set(Kind)
    assert {exit_code([Reason(code)]) for code in Code} == {USAGE, MISSING, CONFLICT, DENIED, FAILED}


def test_codes_of_the_command_line_are_explained_once() -> None:
    """Every code has a title and a help, and none has two meanings."""
    assert not set(CODES) & set(explained())
    for title, help_ in CODES.values():
        assert title[0].isupper()
        assert help_.endswith(".")


EVENTS = [
    kind
    for kind in vars(e).values()
    if isinstance(kind, type) and kind.__module__ == "engine.events" and hasattr(kind, "__slots__")
]


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_every_event_has_words(kind: Any) -> None:  # noqa: ANN401 - any event class
    """One line for each event, with people by handle and tasks by address."""
    kinds: dict[Any, Any] = {int: 1, str: "p_aaaaaaaaaaaa", bool: True}
    values = {f.name: None if f.name == "parent" else kinds.get(f.type, ()) for f in fields(kind)}
    line = in_words(kind(**values), lambda number: f"task-{number}", named)
    assert line
    assert "\n" not in line


def test_distances_in_time() -> None:
    """The largest unit that fits, in the singular where it is one."""
    assert [span(s, roughly=True) for s in (0, 1, 59, 60, 3_600, 90_000, 200_000)] == [
        "0 seconds", "1 second", "59 seconds", "1 minute", "1 hour", "1 day", "2 days",
    ]  # fmt: skip
    assert ago("2026-11-22T15:02:11.000000Z", NOW) == "in 2 hours"


def test_names_are_suggested_or_listed() -> None:
    """The nearest name, else what there is, and how many more."""
    assert meant("aprove", ("approve", "reject")) == "did you mean approve?"
    assert meant("x", [f"name{number}" for number in range(20)]).endswith("and 8 more")
    assert meant("x", ()) == "there is none"


def test_only_what_differs_between_tasks_is_compared() -> None:
    """A run's name that all share makes no name near, what is hardly alike is not suggested, and each is listed once."""
    tasks = ["CAM-1/brief", "CAM-1/publish", "CAM-1/brief"]
    assert meant("CAM-1/breif", tasks) == "did you mean CAM-1/brief?"
    assert meant("CAM-1/wrong", tasks) == "there is CAM-1/brief, CAM-1/publish"
    assert meant("brief", tasks) == "did you mean CAM-1/brief?"
    assert meant("nothing", ["evening"]) == "there is evening"


def test_problems_are_lines() -> None:
    """file:line:column: severity[code]: message (hint)."""
    problem = Problem("SOP-L012", "no such step", line=14, column=7, hint="did you mean approve?")
    assert problem_line("a.yaml", problem) == "a.yaml:14:7: error[SOP-L012]: no such step (did you mean approve?)"
