"""Workflow patterns about several instances and about cancelling: WCP-12 to 15, 19, 20, 22, 25 to 27, 43."""

from typing import Any

from engine import commands as c
from engine import events as e
from engine import limits
from engine.effects import CancelChild, StartChild
from engine.refusals import Code
from tests.engine.kit import ANA, BEN, Play, task
from tests.patterns.playing import branch, checked, started

WHO = {"who": {"type": "text", "many": True}}


def each(*names: str, **more: Any) -> Play:  # noqa: ANN401 - parts of a document
    """One task for each of *names*, and a step after them."""
    steps = [{"id": "each", "for_each": {"one": "inputs.who"}, "steps": [task("ask")], **more}, task("after")]
    return started(steps, given={"who": list(names)}, inputs=WHO)


def test_wcp_12_multiple_instances_without_synchronization() -> None:
    """A run of its own begins for each item; nothing waits for them, and their ends do not come back."""
    inner = [{"id": "publish", "run": "publication", "with": {"name": "one"}, "detached": True}]
    steps = [{"id": "each", "for_each": {"one": "inputs.who"}, "steps": inner}, task("after")]
    play = started(steps, given={"who": ["x", "y"]}, inputs=WHO)
    assert play.last.effects == tuple(
        StartChild(0, f"RUN-1.{number}", "publication", {"name": name}) for number, name in ((1, "x"), (2, "y"))
    )
    assert play.open == ["after"]
    refused = play.ask("system", c.ChildEnded(0, "RUN-1.1", "done"))
    assert [reason.code for reason in refused.reasons] == [Code.ALREADY]  # type: ignore[union-attr]
    cancelled = play.do(ANA, c.CancelRun("enough"))
    assert not any(isinstance(effect, CancelChild) for effect in cancelled.effects)


def test_wcp_13_multiple_instances_with_a_priori_design_time_knowledge() -> None:
    """The definition says how many instances there are; the run goes on when all of them are finished."""
    play = started([{"id": "each", "for_each": {"n": "[1, 2]"}, "steps": [task("ask")]}, task("after")])
    assert play.open == ["ask:1", "ask:2"]
    play.complete(BEN, "ask:2")
    assert play.open == ["ask:1"]
    play.complete(BEN, "ask:1")
    assert play.open == ["after"]
    assert play.refused(BEN, c.AddItem("each", "3")) == [Code.NO_TRACK]


def test_wcp_14_multiple_instances_with_a_priori_run_time_knowledge() -> None:
    """The list of the run says how many instances there are; none can be added later."""
    play = each("x", "y", "z")
    assert play.open == ["ask:1", "ask:2", "ask:3"]
    assert play.refused(BEN, c.AddItem("each", "more")) == [Code.NO_MORE_ITEMS]
    for number in (3, 1):
        play.complete(BEN, f"ask:{number}")
        assert "after" not in play.open
    play.complete(BEN, "ask:2")
    assert play.open == ["after"]


def test_wcp_15_multiple_instances_without_a_priori_run_time_knowledge() -> None:
    """Instances are added while others are at work; the run goes on when somebody says that there are no more, and not before."""
    play = each("x", open=True)
    play.complete(BEN, "ask:1")
    assert play.open == []  # all are finished, and yet it waits
    play.do(BEN, c.AddItem("each", "y"))
    assert play.open == ["ask:2"]
    play.do(ANA, c.CloseItems("each"))
    assert play.refused(BEN, c.AddItem("each", "z")) == [Code.NO_MORE_ITEMS]
    assert play.open == ["ask:2"]
    play.complete(BEN, "ask:2")
    assert play.open == ["after"]


def test_wcp_19_cancel_task() -> None:
    """A task is taken away; the run goes on behind it, and nobody can finish it any more. It counts as not done."""
    play = started([task("one", form={"x": {"type": "text"}}), task("two")])
    assert play.refused(BEN, c.Skip("one", "not needed")) == [Code.NOT_PERMITTED]
    play.do(ANA, c.Skip("one", "not needed"))
    assert play.open == ["two"]
    assert play.told(e.TaskWithdrawn) == [e.TaskWithdrawn(1, "skipped")]
    assert play.refused(BEN, c.Complete("one")) == [Code.NO_TASK]
    assert "one" not in play.state.done_at


def test_wcp_20_cancel_case() -> None:
    """The whole run ends with everything in it; nothing of it can be done any more."""
    play = started([{"id": "split", "parallel": branch("a", "b")}, task("after")])
    play.do(ANA, c.CancelRun("no longer needed"))
    assert (play.state.status, play.open, dict(play.state.tokens)) == ("cancelled", [], {})
    assert play.refused(BEN, c.Complete("do_a")) == [Code.RUN_CLOSED]
    assert play.told(e.JoinFired) == []


def test_wcp_22_recursion() -> None:
    """A procedure runs itself, each run inside the one before; never deeper than the limit."""
    steps = [task("one"), {"id": "again", "run": "sample"}, task("after")]
    play = started(steps)
    play.complete(BEN, "one")
    assert play.last.effects == (StartChild(1, "RUN-1.1", "sample"),)
    assert play.open == []
    play.system(c.ChildEnded(1, "RUN-1.1", "done"))
    assert play.open == ["after"]
    deep = Play(checked(steps)).start(depth=limits.CHILD_DEPTH)
    assert deep.refused(BEN, c.Complete("one")) == [Code.CHILD_DEPTH]


def test_wcp_25_cancel_region() -> None:
    """An outcome ends two branches elsewhere in the run, and nothing beside them."""
    stop = {"done": "next", "stop": {"to": "next", "cancels": ["split.b", "split.c"]}}
    branches = {"a": [task("watch", outcomes=stop), task("close")], **branch("b", "c", "d")}
    steps = [{"id": "split", "parallel": branches}, task("after")]
    play = started(steps)
    play.complete(BEN, "watch", "stop")
    assert play.open == ["close", "do_d"]
    assert {event.why for event in play.told(e.TaskWithdrawn)} == {"cancelled"}
    play.complete(BEN, "close")
    play.complete(BEN, "do_d")
    assert play.open == ["after"]
    other = started(steps)
    other.complete(BEN, "watch")  # the other outcome cancels nothing
    assert other.open == ["close", "do_b", "do_c", "do_d"]


def test_wcp_26_cancel_multiple_instance_activity() -> None:
    """All instances of a task end at once, unfinished, wherever they stand; the rest of the run goes on."""
    many = [{"id": "each", "for_each": {"one": "inputs.who"}, "steps": [task("ask"), task("note")]}, task("sum_up")]
    stop = {"done": "next", "stop": {"cancels": ["each"]}}
    steps = [{"id": "split", "parallel": {"a": many, "b": [task("watch", outcomes=stop)]}}, task("after")]
    play = started(steps, given={"who": ["x", "y"]}, inputs=WHO)
    play.complete(BEN, "ask:1")
    play.complete(BEN, "watch", "stop")
    assert play.open == ["sum_up"]
    assert len(play.told(e.TaskWithdrawn)) == 2
    assert play.told(e.JoinFired)[0] == e.JoinFired(2, "each", 0, 2)
    play.complete(BEN, "sum_up")
    assert play.open == ["after"]


def test_wcp_27_complete_multiple_instance_activity() -> None:
    """Somebody says that what is finished is enough: the other instances end, and the run goes on."""
    play = each("x", "y", "z")
    play.complete(BEN, "ask:2")
    assert play.refused(BEN, c.CloseItems("each", early=True, note="enough")) == [Code.NOT_LEAD]
    assert play.refused(ANA, c.CloseItems("each", early=True)) == [Code.REASON_REQUIRED]
    play.do(ANA, c.CloseItems("each", early=True, note="enough"))
    assert play.open == ["after"]
    (joined,) = play.told(e.JoinFired)
    assert (joined.finished, joined.opened) == (1, 3)
    assert {event.why for event in play.told(e.TaskWithdrawn)} == {"finished early"}


def test_wcp_43_explicit_termination() -> None:
    """A way to a named end finishes the whole run; everything else that is open ends with it, also what goes on beside."""
    split = {"id": "split", "parallel": branch("a", "b", "c"), "join": "any", "rest": "continue"}
    play = started([split, task("decide_it", outcomes={"go": "next", "stop": "end(stopped)"}), task("after")])
    play.complete(BEN, "do_a")
    assert play.open == ["decide_it", "do_b", "do_c"]
    play.complete(BEN, "decide_it", "stop")
    assert (play.state.status, play.state.end, play.open) == ("ended", "stopped", [])
    assert len(play.told(e.TaskWithdrawn)) == 2
    assert "after" not in play.state.counts
