"""Workflow patterns WCP-1 to WCP-11: routing, merging, cycles and ends. Each test shows what happens and what must not."""

from engine import commands as c
from engine import events as e
from engine.effects import StartChild
from engine.refusals import Code
from tests.engine.kit import ANA, BEN, task
from tests.patterns.playing import branch, started

RISK = {"risk": {"type": "choice", "options": ["low", "high"], "required": True}}


def test_wcp_01_sequence() -> None:
    """A step opens when the one before it is finished, and not before."""
    play = started([task("one"), task("two")])
    assert play.open == ["one"]
    assert play.refused(BEN, c.Complete("two")) == [Code.NO_TASK]
    play.complete(BEN, "one")
    assert play.open == ["two"]


def test_wcp_02_parallel_split() -> None:
    """Every branch opens at once, each only once."""
    play = started([{"id": "split", "parallel": branch("a", "b", "c")}, task("after")])
    assert play.open == ["do_a", "do_b", "do_c"]
    assert len(play.told(e.TrackOpened)) == 4
    assert "after" not in play.open


def test_wcp_03_synchronization() -> None:
    """What follows opens once, when the last branch is finished, and not before."""
    play = started([{"id": "split", "parallel": branch("a", "b")}, task("after")])
    play.complete(BEN, "do_b")
    assert play.open == ["do_a"]
    assert play.told(e.JoinFired) == []
    play.complete(BEN, "do_a")
    assert play.open == ["after"]
    assert len(play.told(e.JoinFired)) == 1


def test_wcp_04_exclusive_choice() -> None:
    """Of two ways exactly one is taken; the other never opens."""
    steps = [
        task("write", form=RISK),
        {"id": "which", "decide": [{"when": "write.risk == 'high'", "to": "careful"}, {"else": "quick"}]},
        task("careful", outcomes={"done": "end"}), task("quick"),
    ]  # fmt: skip
    high, low = started(steps), started(steps)
    high.complete(BEN, "write", risk="high")
    low.complete(BEN, "write", risk="low")
    assert (high.open, low.open) == (["careful"], ["quick"])
    high.complete(BEN, "careful")
    assert high.state.status == "ended"
    assert "quick" not in high.state.done_at


def test_wcp_05_simple_merge() -> None:
    """Two ways that exclude one another come together without waiting, and the step after them opens once."""
    steps = [
        task("which", outcomes={"left": "left", "right": "right"}),
        task("left", outcomes={"done": "after"}), task("right", outcomes={"done": "after"}), task("after"),
    ]  # fmt: skip
    for way in ("left", "right"):
        play = started(steps)
        play.complete(BEN, "which", way)
        assert play.open == [way]
        play.complete(BEN, way)
        assert play.open == ["after"]
        assert play.told(e.JoinFired) == []
        play.complete(BEN, "after")
        assert play.state.counts["after"] == 1


def optional() -> list[dict[str, object]]:
    """A step that says which of three branches are wanted, and the branches."""
    wanted = {"wanted": {"type": "multi_choice", "options": ["a", "b", "c"], "required": True}}
    branches = {name: {"when": f"'{name}' in ask.wanted", "steps": [task(f"do_{name}")]} for name in "abc"}
    return [task("ask", form=wanted), {"id": "some", "parallel": branches}, task("after")]


def test_wcp_06_multi_choice() -> None:
    """Any number of branches opens, by their conditions; those whose condition is false do not."""
    play = started(optional())
    play.complete(BEN, "ask", wanted=["a", "c"])
    assert play.open == ["do_a", "do_c"]
    assert [event.track for event in play.told(e.TrackOpened)] == ["some.a", "some.c"]


def test_wcp_07_structured_synchronizing_merge() -> None:
    """The merge waits for exactly the branches that were opened, be it one or three."""
    for wanted in (["b"], ["a", "c"], ["a", "b", "c"]):
        play = started(optional())
        play.complete(BEN, "ask", wanted=wanted)
        for name in wanted[:-1]:
            play.complete(BEN, f"do_{name}")
            assert "after" not in play.open
        play.complete(BEN, f"do_{wanted[-1]}")
        assert play.open == ["after"]
        assert len(play.told(e.JoinFired)) == 1


def test_wcp_08_multi_merge() -> None:
    """What follows the merge is done once for each branch that comes to it, without waiting for the others: a run of its own."""
    branches = {n: [task(f"do_{n}"), {"id": f"publish_{n}", "run": "publication", "detached": True}] for n in "ab"}
    play = started([{"id": "split", "parallel": branches}, task("after")])
    first = play.complete(BEN, "do_b").effects
    assert [effect for effect in first if isinstance(effect, StartChild)] == [StartChild(0, "RUN-1.1", "publication")]
    assert play.open == ["do_a"]
    second = play.complete(BEN, "do_a").effects
    assert [effect for effect in second if isinstance(effect, StartChild)] == [StartChild(0, "RUN-1.2", "publication")]
    assert play.open == ["after"]
    assert play.state.next_child == 3


def test_wcp_09_structured_discriminator() -> None:
    """The first branch lets the run go on; the others may still be finished, and are absorbed."""
    play = started([{"id": "split", "parallel": branch("a", "b", "c"), "join": "any", "rest": "continue"}, task("after")])
    play.complete(BEN, "do_b")
    assert play.open == ["after", "do_a", "do_c"]
    play.complete(BEN, "do_a")
    assert play.told(e.JoinFired) == []
    assert play.open == ["after", "do_c"]
    play.complete(BEN, "after")
    assert play.state.status == "open"  # one branch is still at work
    play.complete(BEN, "do_c")
    assert play.state.status == "ended"
    assert play.state.counts["after"] == 1


def test_wcp_10_arbitrary_cycles() -> None:
    """Loops with several ways in and out cross one another; none is a block of its own."""
    limit = {"rounds": 1, "then": "end(stuck)"}
    steps = [
        task("one", outcomes={"on": "two", "over": "three"}),
        task("two", outcomes={"on": "three", "back": {"to": "one", **limit}}),
        task("three", outcomes={"done": "end", "back": {"to": "two", **limit}, "all": {"to": "one", **limit}}),
    ]
    play = started(steps)
    for step, way in (("one", "over"), ("three", "back"), ("two", "back"), ("one", "on"), ("two", "on"), ("three", "all")):
        assert play.open == [step]
        play.complete(BEN, step, way)
    assert play.open == ["one"]
    assert play.state.counts["one"] == 3
    play.complete(BEN, "one", "over")
    play.complete(BEN, "three", "back")  # its one round is used up
    assert play.state.end == "stuck"


def test_wcp_11_implicit_termination() -> None:
    """A run ends by itself when nothing is left to do, and not while something is."""
    play = started([{"id": "split", "parallel": branch("a", "b"), "join": "any", "rest": "continue"}])
    play.complete(BEN, "do_a")
    assert (play.state.status, play.open) == ("open", ["do_b"])
    play.complete(BEN, "do_b")
    assert (play.state.status, play.state.end) == ("ended", "done")
    assert play.refused(ANA, c.CancelRun("too late")) == [Code.RUN_CLOSED]
