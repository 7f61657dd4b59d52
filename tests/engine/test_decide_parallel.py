"""Deciding: branches, joins, and the cancelling of tracks and runs."""

from typing import Any

import pytest

from engine import commands as c
from engine import events as e
from engine.data import View
from engine.effects import CancelChild, ReturnToParent
from engine.people import SYSTEM
from engine.refusals import Code, Refused
from tests.engine.kit import ANA, BEN, CLEO, STRANGER, Play, compiled, persons, task


def three(join: str | int = "all", **more: object) -> list[dict[str, Any]]:
    """Three branches of one task, and a last step."""
    branches = {name: [task(f"do_{name}")] for name in "abc"}
    return [{"id": "both", "parallel": branches, "join": join, **more}, task("last")]


def test_all_branches_open_at_once_and_the_join_waits_for_all() -> None:
    """A parallel split opens every branch; the synchronisation fires once, when the last is finished."""
    play = Play(three()).start()
    assert play.open == ["do_a", "do_b", "do_c"]
    play.complete(BEN, "do_c")
    play.complete(BEN, "do_a")
    assert play.told(e.JoinFired) == []
    play.complete(BEN, "do_b")
    assert play.told(e.JoinFired) == [e.JoinFired(1, "both", 3, 3)]
    assert play.open == ["last"]


def test_the_first_branch_to_finish_cancels_the_rest() -> None:
    """``join: any`` goes on with the first; the others are withdrawn and their tracks closed as cancelled."""
    play = Play(three("any")).start()
    play.complete(BEN, "do_b")
    assert play.open == ["last"]
    assert [(w.task, w.why) for w in play.told(e.TaskWithdrawn)] == [(1, "joined"), (3, "joined")]
    assert [closed.how for closed in play.told(e.TrackClosed)] == ["done", "cancelled", "cancelled"]
    assert play.refused(BEN, c.Complete("do_a")) == [Code.NO_TASK]


def test_n_of_m_branches_are_enough() -> None:
    """``join: 2`` of three goes on with the second and cancels the third."""
    play = Play(three(2)).start()
    play.complete(BEN, "do_a")
    assert play.open == ["do_b", "do_c"]
    play.complete(BEN, "do_c")
    assert play.open == ["last"]
    assert play.told(e.JoinFired) == [e.JoinFired(1, "both", 2, 3)]


def test_a_join_that_can_no_longer_fill_fires_with_what_there_is() -> None:
    """With fewer open branches than the join asks for, it goes on when none is left."""
    branches = {
        "a": {"when": "inputs.all", "steps": [task("do_a")]},
        "b": {"when": "inputs.all", "steps": [task("do_b")]},
        "c": [task("do_c")],
    }
    procedure = compiled(
        [{"id": "both", "parallel": branches, "join": 2}, task("last")], inputs={"all": {"type": "bool", "required": True}}
    )
    play = Play(procedure).start(inputs={"all": False})
    assert play.open == ["do_c"]
    play.complete(BEN, "do_c")
    assert play.told(e.JoinFired) == [e.JoinFired(1, "both", 1, 1)]


def test_branches_whose_condition_is_not_true_stay_closed() -> None:
    """A multi choice opens the branches whose ``when`` is true and synchronises those; with none it goes on at once."""
    branches = {"a": {"when": "inputs.a", "steps": [task("do_a")]}, "b": {"when": "inputs.b", "steps": [task("do_b")]}}
    inputs = {name: {"type": "bool", "required": True} for name in "ab"}
    procedure = compiled([{"id": "both", "parallel": branches}, task("last")], inputs=inputs)
    play = Play(procedure).start(inputs={"a": False, "b": True})
    assert play.open == ["do_b"]
    assert play.last.guards == (("both.a.when", False), ("both.b.when", True))
    play.complete(BEN, "do_b")
    assert play.told(e.JoinFired) == [e.JoinFired(1, "both", 1, 1)]
    play = Play(procedure).start(inputs={"a": False, "b": False})
    assert play.open == ["last"]
    assert play.told(e.JoinFired) == [e.JoinFired(1, "both", 0, 0)]


def test_a_branch_that_needs_nobody_may_win_before_the_others_begin() -> None:
    """With ``any``, a branch that runs through at once fires the join, and the others never open a task."""
    quick = [task("skipped", when="false")]
    play = Play([{"id": "both", "parallel": {"a": quick, "b": [task("do_b")]}, "join": "any"}, task("last")]).start()
    assert play.open == ["last"]
    assert [opened.step for opened in play.told(e.TaskOpened)] == ["last"]
    assert len(play.told(e.JoinFired)) == 1


def test_parallel_steps_nest_and_close_from_the_inside() -> None:
    """An inner join finishes a branch of the outer one."""
    inner = {"id": "inner", "parallel": {"x": [task("do_x")], "y": [task("do_y")]}}
    play = Play([{"id": "outer", "parallel": {"a": [inner], "b": [task("do_b")]}}, task("last")]).start()
    for step in ("do_x", "do_b"):
        play.complete(BEN, step)
        assert "last" not in play.open
    play.complete(BEN, "do_y")
    assert [fired.step for fired in play.told(e.JoinFired)] == ["inner", "outer"]
    assert play.open == ["last"]


def test_a_join_from_outside_cancels_what_is_nested() -> None:
    """Cancelling a branch cancels the tracks and tasks inside it first."""
    inner = {"id": "inner", "parallel": {"x": [task("do_x")], "y": [task("do_y")]}}
    play = Play([{"id": "outer", "parallel": {"a": [inner], "b": [task("do_b")]}, "join": "any"}, task("last")]).start()
    play.complete(BEN, "do_b")
    assert [closed.token for closed in play.told(e.TrackClosed)] == [3, 4, 5, 2]
    assert play.open == ["last"]


def test_a_parallel_step_can_be_entered_again() -> None:
    """In a loop the branches open once more, count from nothing, and their tasks are in round two."""
    steps = three()
    steps[1] = task("last", outcomes={"again": "both", "done": "next"})
    play = Play(steps).start()
    for step in ("do_a", "do_b", "do_c"):
        play.complete(BEN, step)
    play.complete(BEN, "last", "again")
    assert [play.task(step).round for step in play.open] == [2, 2, 2]
    for step in ("do_a", "do_b"):
        play.complete(BEN, step)
    assert play.open == ["do_c"]


def test_the_lead_cancels_a_track_and_the_join_goes_on_without_it() -> None:
    """A cancelled branch no longer counts among those that the join waits for."""
    play = Play(three()).start()
    play.complete(BEN, "do_a")
    play.do(ANA, c.CancelTrack("both.b", "not needed"))
    assert play.told(e.TaskWithdrawn) == [e.TaskWithdrawn(2, "cancelled")]
    assert play.open == ["do_c"]
    play.do(ANA, c.CancelTrack("do_c", "neither"))  # by a task inside it
    assert play.told(e.JoinFired) == [e.JoinFired(1, "both", 1, 3)]
    assert play.open == ["last"]


def test_cancelling_a_track_is_refused_with_every_reason() -> None:
    """Others than the lead, without a reason, for a track that does not exist: all of it is said."""
    play = Play(three()).start({"lead": persons(ANA)})
    assert play.refused(BEN, c.CancelTrack("both.z", " ")) == [Code.NOT_LEAD, Code.REASON_REQUIRED, Code.NO_TRACK]
    answer = play.ask(ANA, c.CancelTrack("both.z", "x"))
    assert isinstance(answer, Refused)
    assert answer.reasons[0].facts["known"] == ("both.a", "both.b", "both.c")
    for step in play.open:
        play.complete(BEN, step)
    assert play.refused(ANA, c.CancelTrack("last", "x")) == [Code.NOT_CANCELLABLE]
    assert play.refused(ANA, c.CancelTrack("main", "x")) == [Code.NO_TRACK]
    play.complete(BEN, "last")
    assert play.refused(ANA, c.CancelTrack("both.a", "x")) == [Code.RUN_CLOSED]


def test_the_lead_cancels_the_run() -> None:
    """Every task is withdrawn, every track closed, and the run is cancelled, not ended."""
    play = Play(three()).start({"lead": persons(ANA)})
    assert play.refused(BEN, c.CancelRun("x")) == [Code.NOT_LEAD]
    assert play.refused(ANA, c.CancelRun("")) == [Code.REASON_REQUIRED]
    assert play.refused(STRANGER, c.CancelRun("x")) == [Code.INACTIVE]
    play.do(ANA, c.CancelRun("called off"))
    assert len(play.told(e.TaskWithdrawn)) == 3
    assert len(play.told(e.TrackClosed)) == 4
    assert play.told(e.RunCancelled) == [e.RunCancelled()]
    assert (play.state.status, play.state.end) == ("cancelled", "cancelled")
    assert play.last.effects == ()
    assert play.refused(ANA, c.CancelRun("again")) == [Code.RUN_CLOSED]


def test_the_system_may_cancel_a_child_that_nobody_waits_for() -> None:
    """The runner cancels a child run in the name of the rule that made it, and the parent is told."""
    play = Play([task("write")]).start(actor=SYSTEM, parent=("RUN-0", 4), depth=1)
    play.system(c.CancelRun("its parent was cancelled"))
    assert play.last.effects == (ReturnToParent("RUN-0", 4, "cancelled"),)


def test_a_cancelled_track_cancels_the_child_it_waits_for() -> None:
    """The child run of a cancelled branch is to be cancelled too."""
    branches = {"a": [{"id": "call", "run": "other"}], "b": [task("do_b")]}
    play = Play([{"id": "both", "parallel": branches, "join": "any"}, task("last")]).start()
    play.complete(BEN, "do_b")
    assert play.last.effects == (CancelChild("RUN-1.1"),)


@pytest.mark.parametrize("why", ["stopped by the lead"])
def test_a_branch_leaves_by_its_outcome(why: str) -> None:
    """``leave`` closes the branch as finished, whatever follows in it."""
    outcomes = {"done": "next", "leave_it": {"to": "leave", "reason": "required"}}
    steps = [{"id": "both", "parallel": {"a": [task("one", outcomes=outcomes), task("two")], "b": [task("do_b")]}}, task("last")]
    play = Play(steps).start()
    play.complete(CLEO, "one", "leave_it", why)
    assert play.open == ["do_b"]
    play.complete(BEN, "do_b")
    assert play.told(e.JoinFired) == [e.JoinFired(1, "both", 2, 2)]


def test_the_alternative_that_was_chosen_has_a_name() -> None:
    """``STEP.branch`` is empty before, says which alternative won, and each round has its own; an own field may be called so."""
    first = {"yes": [task("agree")], "no": [task("refuse")],
             "later": [task("wait_on")]}  # fmt: skip
    steps = [
        {"id": "answer", "first": first, "when": "again.outcome != 'skip'"},
        task("again", form={"branch": {"type": "text"}, "n": {"type": "text", "value": "answer.branch"},
            "own": {"type": "text", "value": "again.branch"}},
             outcomes={"back": "answer", "skip": "answer", "end": "next"}),
    ]  # fmt: skip
    play = Play(steps).start()
    assert View(play.procedure, play.state, {}).raw("answer.branch") == ""
    play.complete(BEN, "refuse")
    assert play.told(e.JoinFired) == [e.JoinFired(1, "answer", 1, 3, (), "no")]
    play.complete(BEN, "again", "back", branch="x")
    assert (play.data["again.n"], play.data["again.own"]) == ("no", "x")
    play.complete(BEN, "agree")
    play.complete(BEN, "again", "skip")
    assert play.data["again.n"] == "yes"
    assert play.data.get("again.branch") is None
    play.complete(BEN, "again", "back")
    assert play.data["again.n"] == ""  # what was skipped has chosen nothing
    play.complete(BEN, "wait_on")
    play.do(ANA, c.Rewind("answer", "once more"))
    assert View(play.procedure, play.state, {}).raw("answer.branch") == ""
    for track in ("answer.no", "answer.later", "answer.yes"):
        play.do(ANA, c.CancelTrack(track, "x"))
    play.complete(BEN, "again", "end")
    assert play.data["again.n"] == ""  # nothing was chosen
