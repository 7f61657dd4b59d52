"""Workflow patterns about joins: WCP-28 to WCP-38, and WCP-41, WCP-42. What must not happen is part of each test."""

from typing import Any

import pytest

from engine import commands as c
from engine import events as e
from engine.refusals import Code
from tests.engine.kit import BEN, Play, task
from tests.patterns.playing import branch, started

THREE = {"who": {"type": "text", "many": True, "required": True}}


def four(join: int | str, **more: Any) -> Play:  # noqa: ANN401 - parts of a document
    """Four branches of one task each."""
    return started([{"id": "split", "parallel": branch(*"abcd"), "join": join, **more}, task("after")])


def items(join: int | str, **more: Any) -> Play:  # noqa: ANN401 - parts of a document
    """One task for each of four items, known when the run starts."""
    steps = [{"id": "each", "for_each": {"one": "inputs.who"}, "steps": [task("ask")], "join": join, **more}, task("after")]
    return started(steps, given={"who": ["v", "w", "x", "y"]}, inputs=THREE)


def test_wcp_29_cancelling_discriminator() -> None:
    """The first branch lets the run go on and ends all others."""
    play = four("any")
    play.complete(BEN, "do_c")
    assert play.open == ["after"]
    assert {event.why for event in play.told(e.TaskWithdrawn)} == {"joined"}
    assert play.refused(BEN, c.Complete("do_a")) == [Code.NO_TASK]


def test_wcp_30_structured_partial_join() -> None:
    """Two of four let the run go on, once; the other two are absorbed when they come."""
    play = four(2, rest="continue")
    play.complete(BEN, "do_a")
    assert "after" not in play.open
    play.complete(BEN, "do_d")
    assert play.open == ["after", "do_b", "do_c"]
    play.complete(BEN, "after")
    play.complete(BEN, "do_b")
    play.complete(BEN, "do_c")
    assert play.state.status == "ended"
    assert sum(isinstance(event, e.JoinFired) for _, event in play.history) == 1
    assert play.state.counts["after"] == 1


def test_wcp_32_cancelling_partial_join() -> None:
    """Two of four let the run go on and end the other two."""
    play = four(2)
    play.complete(BEN, "do_a")
    assert play.open == ["do_b", "do_c", "do_d"]
    play.complete(BEN, "do_b")
    assert play.open == ["after"]
    assert len(play.told(e.TaskWithdrawn)) == 2


def test_wcp_34_static_partial_join_for_multiple_instances() -> None:
    """Of as many instances as there are items, two let the run go on; the rest goes on beside it and is absorbed."""
    play = items(2, rest="continue")
    play.complete(BEN, "ask:1")
    assert "after" not in play.open
    play.complete(BEN, "ask:4")
    assert play.open == ["after", "ask:2", "ask:3"]
    play.complete(BEN, "ask:2")
    assert play.told(e.JoinFired) == []
    assert play.open == ["after", "ask:3"]


def test_wcp_35_cancelling_partial_join_for_multiple_instances() -> None:
    """Two of four instances let the run go on and end the others."""
    play = items(2)
    play.complete(BEN, "ask:1")
    play.complete(BEN, "ask:2")
    assert play.open == ["after"]
    assert len(play.told(e.TaskWithdrawn)) == 2


def test_wcp_36_dynamic_partial_join_for_multiple_instances() -> None:
    """Instances are added while others run; the join looks at those that are finished, not at how many there were first."""
    play = items(5, rest="continue", open=True)
    for number in range(1, 5):
        play.complete(BEN, f"ask:{number}")
    assert play.open == []  # four of five; more can come
    play.do(BEN, c.AddItem("each", "z"))
    play.do(BEN, c.AddItem("each", "late"))
    assert play.open == ["ask:5", "ask:6"]
    play.complete(BEN, "ask:6")
    assert play.open == ["after", "ask:5"]
    assert play.refused(BEN, c.AddItem("each", "too late")) == [Code.NO_TRACK]


def test_wcp_37_local_synchronizing_merge() -> None:
    """A branch that leaves early on its own decision is not waited for any longer than it lasts; nor is one that never opened."""
    inner = [
        task("ask", outcomes={"yes": "next", "no": "leave"}),
        task("answer"),
    ]
    branches = {"a": inner, "b": [task("do_b")], "c": {"when": "run.drill", "steps": [task("do_c")]}}
    play = started([{"id": "split", "parallel": branches}, task("after")])
    assert play.open == ["ask", "do_b"]
    play.complete(BEN, "ask", "no")
    assert play.open == ["do_b"]
    play.complete(BEN, "do_b")
    assert play.open == ["after"]
    assert "answer" not in play.state.counts


@pytest.mark.parametrize("count", [1, 3])
def test_wcp_41_thread_merge(count: int) -> None:
    """As many threads of one sequence as there are come together in one; none of them goes on alone."""
    numbers = ", ".join(map(str, range(1, count + 1)))
    play = started([{"id": "each", "for_each": {"n": f"[{numbers}]"}, "steps": [task("count")]}, task("after")])
    for number in range(1, count + 1):
        assert "after" not in play.open
        play.complete(BEN, f"count:{number}")
    assert play.open == ["after"]
    assert play.state.counts["after"] == 1


def test_wcp_42_thread_split() -> None:
    """One thread becomes a given number of threads of the same steps, each with its own state; no more and no fewer."""
    inner = [task("count", form={"sum": {"type": "number"}}), task("check")]
    play = started([{"id": "each", "for_each": {"n": "[1, 2, 3]"}, "steps": inner}])
    assert play.open == ["count:1", "count:2", "count:3"]
    play.complete(BEN, "count:2", sum=5)
    assert play.open == ["check:2", "count:1", "count:3"]
    assert [path.split("/")[-1] for path in play.state.values if path.endswith("count.sum")] == ["count.sum"]
