"""Holding up and leaving out: suspending, blocking, skipping, waits, signals, override. What is refused, and why."""

from typing import Any

from engine import commands as c
from engine import events as e
from engine.people import SYSTEM
from engine.refusals import Code
from engine.timers import REMIND, WAIT
from tests.engine.kit import ANA, BEN, CLEO, Play, approval, compiled, persons, task
from tests.patterns.playing import branch, started

SIGNAL: dict[str, Any] = {"signals": {"paid": {}}}


def test_suspending_and_resuming() -> None:
    """Once each, by the lead, with a reason; nothing but resuming, giving back and cancelling goes on meanwhile."""
    play = started([task("one"), task("two")])
    play.do(BEN, c.Claim("one"))
    assert play.refused(BEN, c.Suspend(note="x")) == [Code.NOT_PERMITTED]
    assert play.refused(ANA, c.Suspend()) == [Code.REASON_REQUIRED]
    assert play.refused(ANA, c.Resume(note="x")) == [Code.ALREADY]
    play.do(ANA, c.Suspend(note="strike"))
    assert play.refused(ANA, c.Suspend(note="again")) == [Code.ALREADY]
    assert play.refused(BEN, c.Complete("one")) == [Code.SUSPENDED]
    assert play.refused(ANA, c.Skip("one", "x")) == [Code.SUSPENDED]
    assert play.refused(ANA, c.Rewind("one", "x")) == [Code.SUSPENDED]
    play.do(BEN, c.Release("one"))
    play.do(BEN, c.Comment("still here"))
    play.do(ANA, c.Resume(note="over"))
    play.do(ANA, c.Suspend("one", "a part is missing"))
    assert play.refused(BEN, c.Claim("one")) == [Code.SUSPENDED]
    assert play.refused(ANA, c.Suspend("one", "again")) == [Code.ALREADY]
    assert play.refused(ANA, c.Suspend("three", "x")) == [Code.NO_TASK]
    play.do(ANA, c.Resume("one", "it came"))
    play.complete(BEN, "one")
    play.do(ANA, c.Suspend(note="strike"))
    play.do(ANA, c.CancelRun("for good"))
    assert not play.state.suspended
    assert play.refused(ANA, c.Resume(note="x")) == [Code.RUN_CLOSED, Code.ALREADY]


def test_nothing_elapses_while_held_up() -> None:
    """Reminders of a suspended task, and everything of a suspended run, stay due."""
    play = started([task("one", due="1h", remind=["-10min"])])
    play.do(ANA, c.Suspend("one", "x"))
    assert play.refused(SYSTEM, c.Elapse(1, REMIND, 0)) == [Code.SUSPENDED]
    play.do(ANA, c.Resume("one", "x"))
    play.do(ANA, c.Suspend(note="x"))
    assert play.refused(SYSTEM, c.Elapse(1, REMIND, 0)) == [Code.SUSPENDED]
    play.do(ANA, c.Resume(note="x"))
    play.system(c.Elapse(1, REMIND, 0))


def test_blocking_and_unblocking() -> None:
    """Whoever could do it says so, with a reason; meanwhile nobody finishes it, and it can still be taken."""
    play = started([task("one")])
    assert play.refused(BEN, c.Block("one")) == [Code.REASON_REQUIRED]
    assert play.refused(BEN, c.Unblock("one", "x")) == [Code.ALREADY]
    play.do(BEN, c.Block("one", "no pen"))
    assert play.refused(BEN, c.Block("one", "x")) == [Code.ALREADY]
    assert play.refused(CLEO, c.Complete("one")) == [Code.BLOCKED]
    play.do(CLEO, c.Claim("one"))
    play.do(CLEO, c.Unblock("one", "a pen"))
    play.complete(CLEO, "one")


def test_a_moment_that_is_past_is_not_waited_for() -> None:
    """Neither one that has gone by, nor one that counts from what never happened."""
    past = {"id": "past", "wait": {"until": "0h after start"}}
    never = {"id": "never", "wait": {"until": "1d after one"}}
    steps = [task("one", when="run.drill"), past, never, task("two")]
    play = started(steps)
    assert play.open == ["two"]
    assert [event.by for event in play.told(e.WaitEnded)] == ["time", "time"]


def test_a_wait_ends_when_its_moment_has_come_and_not_before() -> None:
    """A timer that comes too early, too late, or for something else is refused."""
    play = started([{"id": "pause", "wait": {"for": "2h"}}, task("two")])
    assert play.refused(SYSTEM, c.Elapse(1, WAIT, 0)) == [Code.NOT_DONE]
    assert play.refused(SYSTEM, c.Elapse(9, WAIT, 0)) == [Code.TASK_CLOSED]
    assert play.refused(BEN, c.Elapse(1, WAIT, 0)) == [Code.NOT_LEAD]
    play.at = "2026-11-23T11:00:00.000000Z"
    play.system(c.Elapse(1, WAIT, 0))
    assert play.refused(SYSTEM, c.Elapse(1, WAIT, 0)) == [Code.TASK_CLOSED]


def test_one_signal_wakes_all_that_wait_for_it_but_one_alternative() -> None:
    """Two branches go on; of two alternatives the first has decided, and the other is gone."""
    wait = {"id": "a", "wait": {"signal": "paid"}}
    first = {"x": [{**wait, "id": "x1"}, task("x2")], "y": [{**wait, "id": "y1"}, task("y2")]}
    branches = {"l": [wait, task("l2")], "r": [{"id": "choose", "first": first}]}
    play = started([{"id": "both", "parallel": branches}], **SIGNAL)
    play.do(BEN, c.Signal("paid"))
    assert play.open == ["l2", "x2"]
    assert [event.step for event in play.told(e.WaitEnded)] == ["a", "x1"]
    assert "y1" not in play.state.done_at
    lost = play.do(BEN, c.Signal("paid"))
    assert len(lost.events) == 1


def test_a_signal_that_ends_the_run_wakes_nobody_else() -> None:
    """What ended with the run does not go on."""
    branches = {"l": [{"id": "a", "wait": {"signal": "paid"}}, task("l2")], "r": [{"id": "b", "wait": {"signal": "paid"}}]}
    play = started([{"id": "both", "parallel": branches, "join": "any"}], **SIGNAL)
    play.do(BEN, c.Signal("paid"))
    assert play.open == []
    assert play.state.status == "ended"


def test_what_can_be_left_out() -> None:
    """Tasks and waits; not an approval without override, not the first step of an alternative, not what is nowhere."""
    first = {"x": [{"id": "x1", "wait": {"signal": "paid"}}, {"id": "x2", "wait": {"for": "1d"}}], "y": [task("y1")]}
    each = {"id": "each", "for_each": {"n": "[1]"}, "steps": [{"id": "rest", "wait": {"for": "1d"}}]}
    play = started([{"id": "choose", "first": first}, each, approval("ok")], **SIGNAL)
    assert play.refused(ANA, c.Skip("x1", "x")) == [Code.NOT_SKIPPABLE]
    assert play.refused(ANA, c.Skip("y1", "x")) == [Code.NOT_SKIPPABLE]
    assert play.refused(ANA, c.Skip("choose", "x")) == [Code.NO_TASK]
    play.do(BEN, c.Signal("paid"))
    play.do(ANA, c.Skip("x2", "no time"))
    assert play.refused(ANA, c.Skip("rest", "which?")) == [Code.NO_TASK]
    play.do(ANA, c.Skip("rest:1", "no time"))
    assert play.refused(ANA, c.Skip("ok", "x")) == [Code.NOT_SKIPPABLE]


def test_override_is_permitted_explained_and_never_goes_past_separation() -> None:
    """It goes past the role alone, and is an event of its own."""
    steps = [task("write"), task("check", "checker"), approval("both_of_you", quorum=2)]
    more = {"permissions": {"override": ["lead"]}, "separate": [["write", "check"]]}
    play = Play(compiled(steps, **more)).start({"lead": persons(ANA), "maker": persons(BEN), "checker": persons(BEN, CLEO)})
    play.do(BEN, c.Release("write"))
    assert play.refused(ANA, c.Complete("write")) == [Code.NOT_IN_ROLE]
    assert play.refused(ANA, c.Complete("write", override=True)) == [Code.REASON_REQUIRED]
    assert play.refused(CLEO, c.Complete("write", note="x", override=True)) == [Code.NOT_IN_ROLE, Code.NOT_PERMITTED]
    play.do(ANA, c.Complete("write", note="nobody is here", override=True))
    assert play.told(e.Overridden) == [e.Overridden(1, ANA, ("SOP-D01",))]
    assert Code.SEPARATED in play.refused(ANA, c.Complete("check", note="x", override=True))
    play.complete(CLEO, "check")
    assert play.refused(ANA, c.Complete("both_of_you", note="x", override=True)) == [Code.NOT_IN_ROLE]


def test_a_track_that_goes_on_beside_can_be_cancelled() -> None:
    """It is nobody's to wait for: the run ends when it was the last, and goes on when it was not."""
    split = {"id": "split", "parallel": branch("a", "b", "c"), "join": "any", "rest": "continue"}
    play = started([split])
    play.complete(BEN, "do_a")
    play.do(ANA, c.CancelTrack("split.b", "x"))
    assert play.open == ["do_c"]
    play.do(ANA, c.CancelTrack("do_c", "x"))
    assert (play.state.status, play.state.end) == ("ended", "done")


def test_only_who_is_named_may_start_where_a_definition_says_so() -> None:
    """Without such a word, everybody who is active may."""
    procedure = compiled([task("one")], permissions={"start": ["lead"]})
    held = {"lead": persons(ANA), "maker": persons(BEN)}
    assert Play(procedure).refused(BEN, c.Start("RUN-1", "A run", BEN, held)) == [Code.NOT_PERMITTED]
    Play(procedure).start(held)
    Play([task("one")]).start(held, lead=ANA, actor=BEN)
