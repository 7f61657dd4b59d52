"""Deciding: child runs that come back to a suspended run."""

from dataclasses import replace
from typing import Any

from engine import commands as c
from engine import events as e
from engine.decide import Accepted, decide
from engine.effects import CancelChild
from engine.options import options
from engine.people import SYSTEM
from engine.refusals import Code
from engine.values import Value
from tests.engine.kit import ANA, BEN, Play, persons, task


def calling(**more: object) -> list[dict[str, Any]]:
    """A task, a run of another SOP, a last step."""
    return [task("first"), {"id": "measure", "run": "performance", **more}, task("last")]


def held(steps: list[dict[str, Any]]) -> Play:
    """A run that waits for its child, and is suspended."""
    play = Play(steps).start({"lead": persons(ANA)})
    play.complete(BEN, "first")
    play.do(ANA, c.Suspend(note="strike"))
    return play


def test_a_child_that_returns_to_a_suspended_run_moves_it_when_it_is_resumed() -> None:
    """Its end and results are taken at once and count; the way on, which they choose, is gone when people may act again."""
    steps = calling(outcomes={"rejected": {"to": "first", "rounds": 1, "then": "end(failed)"}})
    steps[2]["when"] = "measure.results.score > 3"
    ways = {}
    for end, score in (("rejected", 9), ("done", 9), ("done", 1)):
        play = held(steps)
        play.system(c.ChildEnded(1, "RUN-1.1", end, {"score": score}))
        assert [type(event) for event in play.last.events] == [e.ChildReturned]
        assert (play.open, play.state.tokens[1].at, play.state.tokens[1].waiting) == ([], "measure", "returned:RUN-1.1")
        assert (play.state.outcomes["measure"], play.data["measure.results.score"]) == (end, score)
        assert play.refused(SYSTEM, c.ChildEnded(1, "RUN-1.1", end)) == [Code.ALREADY]
        play.do(ANA, c.Resume(note="over"))
        ways[end, score] = (play.open, play.state.status)
    assert ways == {("rejected", 9): (["first"], "open"), ("done", 9): (["last"], "open"), ("done", 1): ([], "ended")}


def test_nobody_cancels_a_child_that_has_returned() -> None:
    """A suspended run that is cancelled leaves the child alone that came back to it."""
    play = held(calling())
    play.system(c.ChildEnded(1, "RUN-1.1", "done"))
    play.do(ANA, c.CancelRun("for good"))
    assert list(play.last.effects) == []


def test_several_children_return_to_a_suspended_run() -> None:
    """All go on when it is resumed, each its own way, but for one that another has ended."""
    call = {"run": "performance"}
    stop = {"id": "a", **call, "outcomes": {"rejected": {"to": "next", "cancels": ["both.r"]}}}
    branches = {"l": [stop, task("l2")], "r": [{"id": "b", **call}, task("r2")]}
    for end, opened in (("done", ["l2", "r2"]), ("rejected", ["l2"])):
        play = held([task("first"), {"id": "both", "parallel": branches}, task("last")])
        for token in [t for t in play.state.tokens.values() if t.waiting]:
            play.system(c.ChildEnded(token.id, token.waiting, end))
        play.do(ANA, c.Resume(note="over"))
        assert play.open == opened
        assert not any(token.waiting for token in play.state.tokens.values())


def test_a_suspended_run_that_could_not_go_on_refuses_the_end_of_its_child() -> None:
    """As when it is not suspended: the child can still be mended then, and resuming is not what fails."""
    steps = calling()
    steps[2]["when"] = "measure.results.score > 3"
    play = held(steps)
    assert play.refused(SYSTEM, c.ChildEnded(1, "RUN-1.1", "done", {"score": "much"})) == [Code.GUARD_ERROR]
    play.system(c.ChildEnded(1, "RUN-1.1", "done", {"score": 4}))
    play.do(ANA, c.Resume(note="over"))
    assert play.open == ["last"]


def test_what_is_only_tried_is_not_sealed() -> None:
    """Of a way on that is tried while the run is suspended nothing is kept, so that no commitment is asked for it either."""
    steps = calling()
    steps[2] = {"id": "each", "for_each": {"x": "measure.results.names"}, "steps": [task("last")]}
    play = held(steps)
    asked: list[str] = []

    def seal(path: str, _value: Value) -> str:
        asked.append(path)
        return path

    command = c.ChildEnded(1, "RUN-1.1", "done", {"names": ["x", "y"]})
    answer = decide(play.procedure, play.state, command, replace(play.context(SYSTEM), seal=seal))
    assert isinstance(answer, Accepted)
    assert asked == list(answer.values) == ["measure.results.names"]


def test_the_lead_leads_on_where_a_child_came_back_to_a_suspended_run() -> None:
    """What follows may refuse for ever; going back to any step before, or leaving the step out, is the way out of it."""
    for command, opened, waiting in (
        (c.Rewind("first", "again"), ["first"], ""), (c.Rewind("measure", "again"), [], "RUN-1.2"),
        (c.Skip("measure", "without it"), ["last"], ""),
    ):  # fmt: skip
        play = held(calling())
        assert play.refused(ANA, command) == [Code.SUSPENDED]
        play.system(c.ChildEnded(1, "RUN-1.1", "done", {"score": 4}))
        assert play.refused(BEN, command) == [Code.NOT_PERMITTED]
        play.do(ANA, command)
        assert not [effect for effect in play.last.effects if isinstance(effect, CancelChild)]
        assert (play.state.suspended, play.open, play.state.tokens[1].waiting) == (True, opened, waiting)
        assert "measure.results.score" not in play.state.values
        play.do(ANA, c.Resume(note="over"))
        assert (play.open, play.state.tokens[1].waiting) == (opened, waiting)


def test_a_suspended_run_is_led_on_only_where_a_child_came_back() -> None:
    """Another branch stays as it is, and so does what stands around them both; who looks is told the same."""
    branches = {"l": [{"id": "a", "run": "performance"}, task("l2")], "r": [task("r1"), task("r2")]}
    play = held([task("first"), {"id": "both", "parallel": branches}, task("last")])
    (token,) = [t for t in play.state.tokens.values() if t.waiting]
    play.system(c.ChildEnded(token.id, token.waiting, "done"))
    for command in (c.Rewind("r1", "x"), c.Rewind("first", "x"), c.Skip("r1", "x")):
        assert play.refused(ANA, command) == [Code.SUSPENDED]
    found = options(play.procedure, play.state, ANA, play.directory)
    offered = {(option.act, option.step) for option in found if option.act in {"rewind", "skip"} and not option.reasons}
    assert offered == {("rewind", "a"), ("skip", "a")}
