"""Deciding: runs inside runs."""

from typing import Any

import pytest

from engine import commands as c
from engine import events as e
from engine import limits
from engine.data import View
from engine.effects import CancelChild, ReturnToParent, StartChild
from engine.people import SYSTEM
from engine.refusals import Code, Refused
from tests.engine.kit import ANA, BEN, Play, compiled, persons, task

FORM = {"week": {"type": "text"}, "cost": {"type": "money"}, "ok": {"type": "bool"}, "n": {"type": "number"}}


def calling(**more: object) -> list[dict[str, Any]]:
    """A task, a run of another SOP, a last step."""
    return [task("first", form=FORM), {"id": "measure", "run": "performance", **more}, task("last")]


def test_a_run_step_starts_a_child_and_waits() -> None:
    """The child is asked for with its inputs: names as they are stored, expressions as they come out, absent ones as none."""
    given = {
        "week": "first.week", "cost": "first.cost", "third": "first.cost / 3.0", "more": "first.n + 1", "done": "first.done",
        "by": "first.outcome", "gone": "first.ok",
    }  # fmt: skip
    play = Play(calling(**{"with": given})).start()
    play.complete(BEN, "first", week="W3", cost="10", n=1)
    (effect,) = play.last.effects
    inputs = {"week": "W3", "cost": "10.00", "third": "3.333333", "more": 2, "done": True, "by": "done", "gone": None}
    assert effect == StartChild(1, "RUN-1.1", "performance", inputs)
    assert play.told(e.ChildRequested) == [e.ChildRequested(1, "measure", "RUN-1.1", "performance")]
    assert play.open == []
    assert play.state.tokens[1].waiting == "RUN-1.1"


def test_a_child_is_given_parameters_and_the_name_of_the_run() -> None:
    """Under ``parameters`` of ``with`` stand the child's parameters; ``run.name`` is what the run is called."""
    given = {"from": "run.name", "parameters": {"span": "parameters.span", "twice": "parameters.n * 2"}}
    parameters = {"span": {"type": "duration", "default": "4h", "source": "us", "confidence": "team"},
                  "n": {"type": "number", "default": 2, "source": "us", "confidence": "team"}}  # fmt: skip
    play = Play(compiled(calling(**{"with": given}), parameters=parameters)).start()
    play.complete(BEN, "first")
    assert play.last.effects == (StartChild(1, "RUN-1.1", "performance", {"from": "RUN-1"}, {"span": "PT4H", "twice": 4}),)


def test_inputs_that_cannot_be_computed_refuse_the_act() -> None:
    """An expression of ``with`` that reads a value which is not there refuses the command that reaches it."""
    play = Play(calling(**{"with": {"more": "first.n + 1"}})).start()
    answer = play.ask(BEN, c.Complete("first"))
    assert isinstance(answer, Refused)
    assert [(r.code, r.facts["where"]) for r in answer.reasons] == [(Code.GUARD_ERROR, "measure.with.more")]
    play = Play(calling(**{"with": {"parameters": {"more": "first.n + 1"}}})).start()
    answer = play.ask(BEN, c.Complete("first"))
    assert isinstance(answer, Refused)
    assert [r.facts["where"] for r in answer.reasons] == ["measure.with.parameters.more"]


def test_the_end_of_the_child_brings_its_results() -> None:
    """What the child hands back is kept under the step, and the run goes on behind it."""
    steps = calling()
    steps[2]["when"] = "measure.results.score > 3 && measure.outcome == 'done'"
    play = Play(steps).start()
    play.complete(BEN, "first")
    play.system(c.ChildEnded(1, "RUN-1.1", "done", {"score": 4, "note": "good"}))
    assert play.open == ["last"]
    assert play.data["measure.results.score"] == 4
    assert play.state.outcomes["measure"] == "done"


def test_results_of_an_earlier_round_do_not_count() -> None:
    """A second child replaces everything that the first one handed back."""
    steps = calling()
    steps[2]["outcomes"] = {"again": "measure", "done": "next"}
    play = Play(steps).start()
    play.complete(BEN, "first")
    play.system(c.ChildEnded(1, "RUN-1.1", "done", {"a": 1, "b": 2}))
    play.complete(BEN, "last", "again")
    assert play.last.effects == (StartChild(1, "RUN-1.2", "performance"),)
    play.system(c.ChildEnded(1, "RUN-1.2", "done", {"b": 3}))
    assert {path: value for path, value in play.data.items() if "results" in path} == {"measure.results.b": 3}


def test_the_child_s_end_chooses_the_way() -> None:
    """An end that the step names leads to its target, with its rounds; any other end goes on as usual."""
    outcomes = {"rejected": {"to": "first", "rounds": 1, "then": "end(failed)"}, "cancelled": "end(cancelled)"}
    ends = {}
    for end in ("rejected", "cancelled", "done", "anything"):
        play = Play(calling(outcomes=outcomes)).start()
        play.complete(BEN, "first")
        play.system(c.ChildEnded(1, "RUN-1.1", end))
        ends[end] = (play.open, play.state.end)
    assert ends == {
        "rejected": (["first"], ""), "cancelled": ([], "cancelled"), "done": (["last"], ""), "anything": (["last"], ""),
    }  # fmt: skip
    play = Play(calling(outcomes=outcomes)).start()
    for _ in range(2):
        play.complete(BEN, "first")
        play.system(c.ChildEnded(1, play.state.tokens[1].waiting, "rejected"))
    assert play.state.end == "failed"


def test_only_the_child_that_is_waited_for_may_return() -> None:
    """A person, a second return, another child, and a closed run are refused."""
    play = Play(calling()).start()
    play.complete(BEN, "first")
    assert play.refused(BEN, c.ChildEnded(1, "RUN-1.1", "done")) == [Code.NOT_LEAD]
    assert play.refused(SYSTEM, c.ChildEnded(1, "RUN-1.9", "done")) == [Code.ALREADY]
    assert play.refused(SYSTEM, c.ChildEnded(9, "RUN-1.1", "done")) == [Code.ALREADY]
    play.system(c.ChildEnded(1, "RUN-1.1", "done"))
    assert play.refused(SYSTEM, c.ChildEnded(1, "RUN-1.1", "done")) == [Code.ALREADY]
    play.complete(BEN, "last")
    assert play.refused(SYSTEM, c.ChildEnded(1, "RUN-1.1", "done")) == [Code.RUN_CLOSED]


def test_a_child_hands_its_results_to_its_parent() -> None:
    """Results are computed where the run ends; what cannot be computed there, or is absent, is left out."""
    results = {
        "verdict": "first.outcome", "cost": "first.cost", "half": "first.cost / 2.0", "week": "first.week", "never": "last.done",
        "list": "['a']", "map": "{'a': 1.5}", "broken": "first.n + 1",
    }  # fmt: skip
    procedure = compiled([task("first", form=FORM), task("last")], results=results)
    play = Play(procedure).start(parent=("RUN-0", 3), depth=1, actor=SYSTEM)
    play.complete(BEN, "first", cost=5)
    play.complete(BEN, "last")
    found = {"verdict": "done", "cost": "5.00", "half": "2.5", "never": True, "list": ["a"], "map": {"a": "1.5"}}
    assert play.last.effects == (ReturnToParent("RUN-0", 3, "done", found),)


def test_a_run_that_nobody_waits_for_tells_nobody() -> None:
    """Without a parent the end of a run has no effect outside."""
    play = Play([task("first")]).start()
    play.complete(BEN, "first")
    assert play.last.effects == ()


def test_runs_inside_runs_end_somewhere() -> None:
    """A definition that starts itself is stopped at a depth."""
    play = Play(calling()).start(parent=("RUN-0", 1), depth=limits.CHILD_DEPTH, actor=SYSTEM)
    assert play.refused(BEN, c.Complete("first")) == [Code.CHILD_DEPTH]


def test_cancelling_the_run_cancels_its_children() -> None:
    """The child that a cancelled run waits for is to be cancelled too."""
    play = Play(calling()).start()
    play.complete(BEN, "first")
    play.do(ANA, c.CancelRun("called off"))
    assert list(play.last.effects) == [CancelChild("RUN-1.1")]


def test_going_back_off_a_run_step_cancels_its_child() -> None:
    """The child that is waited for ends with the waiting, before another is started; what waits for a signal has none."""
    play = Play([*calling(), {"id": "pause", "wait": {"signal": "go"}}]).start()
    play.complete(BEN, "first")
    play.do(ANA, c.Rewind("measure", "start it anew"))
    assert list(play.last.effects) == [CancelChild("RUN-1.1"), StartChild(1, "RUN-1.2", "performance")]
    assert play.refused(SYSTEM, c.ChildEnded(1, "RUN-1.1", "cancelled")) == [Code.ALREADY]  # what the first says is not heard
    play.do(ANA, c.Rewind("first", "wrong"))
    assert list(play.last.effects) == [CancelChild("RUN-1.2")]
    play.complete(BEN, "first")
    play.system(c.ChildEnded(1, "RUN-1.3", "done"))
    play.complete(BEN, "last")
    assert play.state.tokens[1].waiting == "signal:go"
    play.do(ANA, c.Rewind("last", "again"))
    assert list(play.last.effects) == []


def test_the_lead_leaves_a_child_run_out() -> None:
    """The child is cancelled, the run goes on behind it, and what the child says then is not heard."""
    play = Play(calling()).start({"lead": persons(ANA)})
    assert play.refused(ANA, c.Skip("measure", "x")) == [Code.NO_TASK]
    play.complete(BEN, "first")
    assert play.refused(ANA, c.Skip("measure")) == [Code.REASON_REQUIRED]
    assert play.refused(BEN, c.Skip("measure", "x")) == [Code.NOT_PERMITTED]
    assert play.may(ANA, "skip", "measure")
    play.do(ANA, c.Skip("measure", "done by hand"))
    assert list(play.last.effects) == [CancelChild("RUN-1.1")]
    assert play.told(e.StepSkipped) == [e.StepSkipped(1, "measure", ANA)]
    assert play.open == ["last"]
    assert play.refused(SYSTEM, c.ChildEnded(1, "RUN-1.1", "cancelled")) == [Code.ALREADY]


def test_results_inside_an_item_are_its_own() -> None:
    """Each item sees what its own child handed back; before that there is nothing, and outside the item too."""
    call = {"id": "measure", "run": "performance"}
    after = task("after", when="measure.results.score > 3")
    each = {"id": "each", "for_each": {"n": "['a', 'b']"}, "steps": [call, after]}
    play = Play([each, task("last")]).start()
    one, two = (token for token in play.state.tokens.values() if token.waiting)
    assert View(play.procedure, play.state, play.data, one).raw("measure.results") == {}
    play.system(c.ChildEnded(one.id, one.waiting, "done", {"score": 5}))
    assert View(play.procedure, play.state, play.data, play.state.tokens[one.id]).raw("measure.results") == {"score": 5}
    assert View(play.procedure, play.state, play.data, two).raw("measure.results") == {}
    play.system(c.ChildEnded(two.id, two.waiting, "done", {"score": 2}))
    assert play.open == ["after:1"]


def test_the_whole_of_the_results_may_be_handed_on() -> None:
    """``STEP.results`` alone is the map of everything that the child handed back."""
    procedure = compiled([{"id": "measure", "run": "performance"}], results={"all": "measure.results"})
    play = Play(procedure).start(parent=("RUN-0", 1), depth=1, actor=SYSTEM)
    play.system(c.ChildEnded(1, "RUN-1.1", "done", {"score": 5, "note": "x"}))
    assert play.last.effects == (ReturnToParent("RUN-0", 1, "done", {"all": {"score": 5, "note": "x"}}),)


@pytest.mark.parametrize(("itself", "step", "drill"), [(False, False, False), (False, True, True), (True, False, True)])
def test_a_step_starts_a_drill_and_what_a_drill_starts_is_one(itself: bool, step: bool, drill: bool) -> None:  # noqa: FBT001
    """An exercise begins where a step says so, or further up; the event says which step it was."""
    more = {"drill": True} if step else {}
    play = Play([task("first"), {"id": "play", "run": "crisis", **more}]).start(drill=itself)
    play.complete(BEN, "first")
    assert [(event.drill, event.sop) for event in play.told(e.ChildRequested)] == [(step, "crisis")]
    assert [effect.drill for effect in play.last.effects if isinstance(effect, StartChild)] == [drill]
