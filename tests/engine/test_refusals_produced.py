"""Every code that a refusal may have is one that something gives."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import runners
from engine import commands as c
from engine import limits
from engine.people import SYSTEM
from engine.refusals import Code, Kind, Reason
from tests.engine.kit import ANA, BEN, CLEO, STRANGER, Play, approval, compiled, persons, task

BY_THE_RUNNERS = {
    Code.NO_SOP, Code.CHILD_REFUSED, Code.KEY_REUSED, Code.OUTCOME_REQUIRED, Code.RETIRED, Code.UNPUBLISHED,
    Code.NO_UNIT, Code.UNLED,
}  # fmt: skip
"""What the engine cannot know: which SOPs and units there are, what a run of one of them says, what was asked for before, who
would lead what a schedule starts, and where somebody would rather be asked.
"""

IN_OTHER_TESTS = {
    Code.NO_SKILL: "patterns", Code.KEPT: "people", Code.NOBODY: "people", Code.GOES_ROUND: "people", Code.CRITICAL: "patterns",
    Code.ONE_AT_A_TIME: "patterns", Code.NO_MORE_ITEMS: "patterns", Code.APPROVED: "engine", Code.NOT_PASSED: "engine",
    Code.NO_PLACE: "engine", Code.OTHER_SOP: "engine", Code.OTHER_TYPE: "engine", Code.ONE_NAME: "engine",
    Code.NOT_APPOINTED: "people",
}  # fmt: skip
"""What takes more than one command to come to: the folder whose tests show it."""

HELD = {"lead": persons(ANA), "maker": persons(BEN, CLEO)}
NUMBER = {"n": {"type": "number", "required": True}}
APART = {"separate": [["first", "second"]]}
LOOP = [task("first"), {"id": "loop", "decide": [{"when": "true", "to": "loop"}, {"else": "next"}]}, task("second")]
TWO = [task("first"), task("second")]
EITHER = [{"id": "either", "first": {"a": [task("first")], "b": [task("second")]}}]


def asked(steps: list[dict[str, Any]], actor: str, command: c.Command, *before: tuple[str, c.Command], **more: Any) -> list[Code]:  # noqa: ANN401
    """What *command* is refused for after the commands *before*."""
    play = Play(compiled(steps, **more)).start(HELD)
    for who, what in before:
        play.do(who, what)
    return play.refused(actor, command)


def done(step: str, person: str = BEN) -> tuple[str, c.Command]:
    """A step finished without ado."""
    return person, c.Complete(step)


def nowhere() -> list[Code]:
    """A decision without an ``else``."""
    procedure = compiled([task("first"), {"id": "which", "decide": [{"when": "false", "to": "next"}, {"else": "next"}]}])
    procedure.steps["which"].doc["decide"].pop()
    return Play(procedure).start().refused(BEN, c.Complete("first"))


def deep() -> list[Code]:
    """A run as deep as runs may be, which starts another."""
    play = Play([task("first"), {"id": "call", "run": "other"}]).start(depth=limits.CHILD_DEPTH, parent=("RUN-0", 1), actor=SYSTEM)
    return play.refused(BEN, c.Complete("first"))


def uninvolved() -> list[Code]:
    """Somebody without a part in the run."""
    return Play(TWO).start({"lead": persons(ANA), "maker": persons(BEN)}).refused(CLEO, c.Comment("x"))


LARGE = [task("first", form={f"t{n}": {"type": "longtext"} for n in range(17)})]

PRODUCED: dict[Code, Callable[[], list[Code]]] = {
    Code.FIELD_REQUIRED: lambda: asked([task("first", form=NUMBER)], BEN, c.Complete("first")),
    Code.FIELD_UNKNOWN: lambda: asked(TWO, BEN, c.Complete("first", "", {"x": 1})),
    Code.FIELD_INVALID: lambda: asked([task("first", form=NUMBER)], BEN, c.Complete("first", "", {"n": "x"})),
    Code.OUTCOME_UNKNOWN: lambda: asked(TWO, BEN, c.Complete("first", "x")),
    Code.REASON_REQUIRED: lambda: asked(TWO, ANA, c.CancelRun()),
    Code.ROLE_UNKNOWN: lambda: asked(TWO, ANA, c.Bind("x", persons(BEN))),
    Code.TOO_MUCH: lambda: asked(LARGE, BEN, c.Complete("first", "", {f"t{n}": "x" * limits.FIELD_CHARACTERS for n in range(17)})),
    Code.NO_TASK: lambda: asked(TWO, BEN, c.Claim("x")),
    Code.NO_PERSON: lambda: asked(TWO, ANA, c.Bind("maker", persons(STRANGER), "x")),
    Code.NO_TEAM: lambda: asked(TWO, ANA, c.Bind("maker", ["team:No Team"], "x")),
    Code.NO_TRACK: lambda: asked(TWO, ANA, c.CancelTrack("x", "x")),
    Code.TAKEN: lambda: asked(TWO, CLEO, c.Claim("first"), (BEN, c.Claim("first"))),
    Code.TASK_CLOSED: lambda: asked(TWO, BEN, c.Claim("first"), done("first")),
    Code.RUN_CLOSED: lambda: asked(TWO, BEN, c.Claim("first"), (ANA, c.CancelRun("x"))),
    Code.NOT_CLAIMED: lambda: asked(TWO, BEN, c.Release("first")),
    Code.ALREADY: lambda: asked(TWO, BEN, c.Claim("first"), (BEN, c.Claim("first"))),
    Code.NOT_IN_ROLE: lambda: asked(TWO, ANA, c.Claim("first")),
    Code.SEPARATED: lambda: asked(TWO, BEN, c.Claim("second"), done("first"), **APART),
    Code.OWN_WORK: lambda: asked([task("first"), approval("check", "maker", of=["first"])], BEN, c.Claim("check"), done("first")),
    Code.NOT_LEAD: lambda: asked(TWO, BEN, c.CancelRun("x")),
    Code.ALREADY_VOTED: lambda: asked([approval("check", "maker", quorum=2)], BEN, c.Complete("check"), done("check")),
    Code.INACTIVE: lambda: asked(TWO, STRANGER, c.Claim("first")),
    Code.NOT_INVOLVED: uninvolved,
    Code.NOT_OWNER: lambda: asked(TWO, CLEO, c.Release("first"), (BEN, c.Claim("first"))),
    Code.SAME_AS: lambda: asked([task("first"), task("second", same_as="first")], CLEO, c.Claim("second"), done("first"),
                                (BEN, c.Release("second"))),
    Code.GUARD_FALSE: lambda: asked([task("first", outcomes={"x": {"when": "false"}})], BEN, c.Complete("first")),
    Code.GUARD_ERROR: lambda: asked([task("first", form={"n": {"type": "number"}}), task("second", when="first.n > 1")], BEN,
                                    c.Complete("first")),
    Code.NOT_CANCELLABLE: lambda: asked(TWO, ANA, c.CancelTrack("first", "x")),
    Code.NOWHERE: nowhere,
    Code.LIMIT: lambda: asked(LOOP, BEN, c.Complete("first")),
    Code.CHILD_DEPTH: deep,
    Code.NO_SIGNAL: lambda: asked(TWO, BEN, c.Signal("paid")),
    Code.NOT_PERMITTED: lambda: asked(TWO, BEN, c.Skip("first", "x")),
    Code.SUSPENDED: lambda: asked(TWO, BEN, c.Complete("first"), (ANA, c.Suspend("", "x"))),
    Code.BLOCKED: lambda: asked(TWO, BEN, c.Complete("first"), (BEN, c.Block("first", "x"))),
    Code.NOT_SKIPPABLE: lambda: asked(EITHER, ANA, c.Skip("first", "x")),
    Code.NOT_DONE: lambda: asked(TWO, ANA, c.Correct("second", {}, "x")),
    Code.NOT_CLAIMABLE: lambda: asked([approval("check", "maker", quorum=2)], BEN, c.Claim("check")),
}  # fmt: skip


@pytest.mark.parametrize("code", PRODUCED, ids=[code.name for code in PRODUCED])
def test_the_code_is_given(code: Code) -> None:
    """A command as simple as can be is refused with this code."""
    assert code in PRODUCED[code]()


def test_no_code_is_never_given() -> None:
    """Every code is produced above by the engine, or stands in the code of the runners, elsewhere than in the messages."""
    assert sorted(Code) == sorted([*PRODUCED, *BY_THE_RUNNERS, *IN_OTHER_TESTS])
    tests = Path(__file__).parents[1]
    for shown, where in IN_OTHER_TESTS.items():
        assert any(f"Code.{shown.name}" in path.read_text(encoding="utf-8") for path in (tests / where).rglob("test_*.py")
                   if path != Path(__file__)), shown  # fmt: skip
    folder = Path(runners.__file__).parent
    texts = [path.read_text(encoding="utf-8") for path in folder.rglob("*.py") if path.name != "messages.py"]
    for code in BY_THE_RUNNERS:
        assert any(f"Code.{code.name}" in text for text in texts)


@pytest.mark.parametrize("code", Code)
def test_a_code_says_what_kind_it_is(code: Code) -> None:
    """The letter in a code is its kind, and codes are unique."""
    assert Reason(code).kind in Kind
    assert [other for other in Code if other.value == code.value] == [code]
