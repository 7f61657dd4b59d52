"""Workflow resource patterns WRP-27 to WRP-34: what becomes of work that somebody has. Each shows what must not happen."""

from typing import Any

from engine import commands as c
from engine import events as e
from engine.refusals import Code
from engine.state import FOREVER
from tests.engine.kit import ANA, BEN, CLEO, DAN, EVE, Play, approval, persons, task
from tests.patterns.playing import checked

LATER = "2026-11-25T09:00:00.000000Z"
AFTER = "2026-11-26T09:00:00.000000Z"


def two_makers(**more: Any) -> Play:  # noqa: ANN401 - parts of a document
    """A step for Ben and Cleo, led by Ana; Ben has it."""
    play = Play(checked([task("one", **more), task("two", "checker")]))
    play.start({"maker": persons(BEN, CLEO), "checker": persons(EVE), "lead": persons(ANA)})
    play.do(BEN, c.Claim("one"))
    return play


def test_wrp_27_delegation() -> None:
    """Somebody else does a task in the place of whoever has it, without the role, and both stand in the history."""
    play = two_makers()
    assert play.refused(DAN, c.Complete("one")) == [Code.TAKEN, Code.NOT_IN_ROLE]
    assert play.refused(CLEO, c.Delegate("one", DAN)) == [Code.NOT_OWNER]
    play.do(BEN, c.Delegate("one", DAN))
    assert (play.task("one").owner, play.task("one").chain, play.task("one").until) == (DAN, (BEN,), FOREVER)
    assert play.refused(DAN, c.Delegate("one", BEN)) == [Code.GOES_ROUND]
    play.do(DAN, c.Delegate("one", EVE))
    play.complete(EVE, "one")
    assert [event.on_behalf for event in play.told(e.TaskCompleted)] == [(BEN, DAN)]
    assert play.state.actors["one"] == (BEN, DAN, EVE)


def test_wrp_27_delegation_for_a_time() -> None:
    """When its time is over a delegation gives no right any more, and the task goes back to whose right it is."""
    play = two_makers()
    assert play.refused(BEN, c.Delegate("one", DAN, "2026-11-01T00:00:00.000000Z")) == [Code.FIELD_INVALID]
    assert play.refused(BEN, c.Delegate("one", DAN, "tomorrow")) == [Code.FIELD_INVALID]
    play.do(BEN, c.Delegate("one", DAN, LATER))
    number = play.task("one").no
    assert play.refused("system", c.Elapse(number, "return", 0)) == [Code.NOT_DONE]
    play.at = AFTER
    assert play.refused(DAN, c.Complete("one")) == [Code.NOT_IN_ROLE]
    play.system(c.Elapse(number, "return", 0))
    assert (play.task("one").owner, play.task("one").chain, play.task("one").until) == (BEN, (), "")
    play.complete(BEN, "one")


def test_wrp_28_escalation() -> None:
    """A task that is late can be done by a further role, and could not be before."""
    play = Play(checked([task("one", due="1d", escalate=[{"after": "1h", "to": "boss"}])], roles=["lead", "maker", "boss"]))
    play.start({"maker": persons(BEN), "boss": persons(DAN)})
    assert Code.NOT_IN_ROLE in play.refused(DAN, c.Complete("one"))
    play.system(c.Elapse(play.task("one").no, "escalate", 0))
    play.complete(DAN, "one")


def test_wrp_29_deallocation() -> None:
    """Whoever has a task gives it back, and others of the role may take it; those who do not have it cannot give it back."""
    play = two_makers()
    assert play.refused(CLEO, c.Release("one")) == [Code.NOT_OWNER]
    play.do(BEN, c.Release("one"))
    assert play.task("one").owner == ""
    play.do(CLEO, c.Claim("one"))


def test_wrp_30_stateful_reallocation() -> None:
    """Somebody else of the role gets the task as it stands: its round, its due date, what was said about it. A reason is needed."""
    play = two_makers(due="3d")
    before = play.task("one")
    assert play.refused(ANA, c.Assign("one", CLEO)) == [Code.REASON_REQUIRED]
    assert play.refused(BEN, c.Assign("one", CLEO, "busy")) == [Code.NOT_LEAD]
    assert play.refused(ANA, c.Assign("one", DAN, "busy")) == [Code.NOT_IN_ROLE]
    play.do(ANA, c.Assign("one", CLEO, "Ben is busy"))
    after = play.task("one")
    assert (after.no, after.round, after.due, after.ready) == (before.no, before.round, before.due, before.ready)
    assert after.owner == CLEO


def test_wrp_31_stateless_reallocation() -> None:
    """The step begins anew and is somebody else's: a new task, with nothing of what the first one had."""
    steps = [task("make"), approval("check", of=["make"], quorum=2), task("last", "checker")]
    play = Play(checked(steps)).start({"maker": persons(BEN), "checker": persons(CLEO, DAN, EVE), "lead": persons(ANA)})
    play.complete(BEN, "make")
    play.complete(CLEO, "check")
    first = play.task("check")
    assert len(first.votes) == 1
    assert play.refused(CLEO, c.Rewind("check", "again")) == [Code.NOT_PERMITTED]
    play.do(ANA, c.Rewind("check", "others are to decide"))
    second = play.task("check")
    assert (second.votes, second.round) == ((), 2)
    assert second.no != first.no


def test_wrp_32_suspension_resumption() -> None:
    """A task that is held goes on with whoever has it, and nobody can finish it meanwhile."""
    play = two_makers()
    play.do(ANA, c.Suspend("one", "we wait for the client"))
    assert play.refused(BEN, c.Complete("one")) == [Code.SUSPENDED]
    assert play.refused(BEN, c.Resume("one", "enough")) == [Code.NOT_PERMITTED]
    play.do(ANA, c.Resume("one", "they have answered"))
    assert play.task("one").owner == BEN
    play.complete(BEN, "one")


def test_wrp_33_skip() -> None:
    """A task is left out, with a reason, and counts as not done; whoever has it may not decide that alone."""
    play = two_makers()
    assert play.refused(BEN, c.Skip("one", "no time")) == [Code.NOT_PERMITTED]
    assert play.refused(ANA, c.Skip("one")) == [Code.REASON_REQUIRED]
    play.do(ANA, c.Skip("one", "not needed"))
    assert play.open == ["two"]
    assert "one" not in play.state.done_at


def test_wrp_34_redo() -> None:
    """A finished step is done again, and what was built on it no longer counts; who did it first is not forgotten."""
    play = two_makers()
    play.complete(BEN, "one")
    assert play.open == ["two"]
    play.do(ANA, c.Rewind("one", "it was wrong"))
    assert (play.open, play.task("one").round) == (["one"], 2)
    assert play.state.actors["one"] == (BEN,)
    assert play.refused(EVE, c.Complete("two")) == [Code.NO_TASK]
