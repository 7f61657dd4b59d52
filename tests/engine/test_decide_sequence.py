"""Deciding: sequence, outcomes, conditions, decisions, loops and ends."""

import pytest

from engine import commands as c
from engine import events as e
from engine.data import View
from engine.machine import edges
from engine.refusals import Code, Refused
from tests.engine.kit import ANA, BEN, CLEO, NOW, Play, approval, compiled, task


def test_steps_follow_one_another_until_the_run_is_done() -> None:
    """A sequence opens one task after the other, and the run ends after the last."""
    play = Play([task("write"), task("check")]).start()
    assert play.open == ["write"]
    play.complete(BEN, "write")
    assert play.open == ["check"]
    play.complete(BEN, "check")
    assert (play.state.status, play.state.end) == ("ended", "done")
    assert play.told(e.RunEnded) == [e.RunEnded("done")]
    assert play.refused(BEN, c.Complete("check")) == [Code.RUN_CLOSED]


def test_the_outcome_says_where_the_run_goes() -> None:
    """Each outcome of a task leads to its own target: a later step, an earlier step, out of the track, or an end."""
    outcomes = {"skip": "third", "on": "next", "out": "leave", "stop": "end(stopped)", "over": "end"}
    steps = [task("first", outcomes=outcomes), task("second"), task("third", outcomes={"back": "first"})]
    found = {}
    for outcome in outcomes:
        play = Play(steps).start()
        play.complete(BEN, "first", outcome)
        found[outcome] = (play.open, play.state.end)
    assert found == {
        "skip": (["third"], ""), "on": (["second"], ""), "out": ([], "done"), "stop": ([], "stopped"), "over": ([], "done"),
    }  # fmt: skip


def test_an_outcome_may_have_any_name_that_an_id_can_have() -> None:
    """Names that mean something to the machine's library are ordinary outcomes here."""
    names = ["state", "at", "trigger", "model", "events", "initial", "reset", "is_done", "to_first"]
    for name in names:
        play = Play([task("first", outcomes={name: "next"}), task("second")]).start()
        play.complete(BEN, "first", name)
        assert play.open == ["second"]


def test_without_an_outcome_the_first_one_is_meant() -> None:
    """Completing without saying how takes the first outcome; an unknown one is refused with those that there are."""
    play = Play([task("first", outcomes={"fine": "next", "bad": "end(bad)"})]).start()
    answer = play.ask(BEN, c.Complete("first", "god"))
    assert isinstance(answer, Refused)
    assert [(r.code, r.facts["known"]) for r in answer.reasons] == [(Code.OUTCOME_UNKNOWN, ("fine", "bad"))]
    play.complete(BEN, "first")
    assert play.state.end == "done"


def test_a_step_whose_condition_is_not_true_is_skipped_and_said_so() -> None:
    """The token passes a step whose ``when`` is false, the skip is an event, and the answer of the guard is kept."""
    steps = [
        task("write", form={"risk": {"type": "choice", "options": ["low", "high"]}}),
        task("legal", when="write.risk == 'high'"),
        task("last"),
    ]
    play = Play(steps).start()
    play.complete(BEN, "write", risk="low")
    assert play.open == ["last"]
    assert play.told(e.StepSkipped) == [e.StepSkipped(1, "legal")]
    assert play.last.guards == (("legal.when", False),)
    play = Play(steps).start()
    play.complete(BEN, "write", risk="high")
    assert play.open == ["legal"]
    assert play.last.guards == (("legal.when", True),)


def test_a_condition_without_an_answer_refuses_the_act() -> None:
    """A guard that reads a value which is not there refuses the command with its reason, and nothing happens."""
    steps = [task("write", form={"risk": {"type": "text"}}), task("legal", when="write.risk == 'high'")]
    play = Play(steps).start()
    answer = play.ask(BEN, c.Complete("write"))
    assert isinstance(answer, Refused)
    assert [(r.code, r.facts["where"]) for r in answer.reasons] == [(Code.GUARD_ERROR, "legal.when")]
    assert play.open == ["write"]


def test_what_was_skipped_in_a_later_round_counts_as_not_done() -> None:
    """A step done in the first round and skipped in the second has no outcome and no values any more."""
    steps = [
        task("write", form={"risk": {"type": "choice", "options": ["low", "high"], "required": True}}),
        task("legal", when="write.risk == 'high'", form={"opinion": {"type": "text"}}),
        task("last", outcomes={"back": "write", "fine": "next"}),
    ]
    play = Play(steps).start()
    play.complete(BEN, "write", risk="high")
    play.complete(BEN, "legal", opinion="no")
    view = View(play.procedure, play.state, play.data)
    assert view.raw("legal.done") is True
    play.complete(BEN, "last", "back")
    play.complete(BEN, "write", risk="low")
    view = View(play.procedure, play.state, play.data)
    assert (view.raw("legal.done"), view.raw("legal.outcome"), view.raw("legal.opinion")) == (False, "", None)
    assert view.raw("legal.rounds") == 1


def test_a_decision_takes_the_first_way_that_is_true() -> None:
    """Ways are asked in order until one is true; ``else`` is taken when none is; later ways are not asked."""
    decide = [{"when": "count.n > 10", "to": "many"}, {"when": "count.n > 0", "to": "some"}, {"else": "end(none)"}]
    steps = [task("count", form={"n": {"type": "number", "required": True}}), {"id": "which", "decide": decide},
             task("many", outcomes={"done": "leave"}), task("some")]  # fmt: skip
    for n, opened, choice, asked in ((11, ["many"], 0, 1), (3, ["some"], 1, 2), (0, [], 2, 2)):
        play = Play(steps).start()
        play.complete(BEN, "count", n=n)
        assert play.open == opened
        assert play.told(e.DecisionTaken) == [e.DecisionTaken(1, "which", choice)]
        assert len(play.last.guards) == asked


def test_a_decision_with_a_round_limit_goes_elsewhere_when_it_is_used_up() -> None:
    """``rounds`` of a way count how often it was taken; then its ``then`` is taken, and its condition is asked once."""
    steps = [
        task("write", form={"ok": {"type": "bool", "required": True}}),
        {"id": "loop", "decide": [{"when": "!write.ok", "to": "write", "rounds": 2, "then": "end(gave_up)"}, {"else": "next"}]},
        task("last"),
    ]
    play = Play(steps).start()
    for round_ in (1, 2):
        play.complete(BEN, "write", ok="no")
        assert play.task("write").round == round_ + 1
    play.complete(BEN, "write", ok="no")
    assert play.state.end == "gave_up"
    assert len(play.last.guards) == 1


def test_rework_ends_where_its_rounds_are_used_up() -> None:
    """An outcome with ``rounds`` may be taken so often, then leads to its ``then`` for good."""
    reject = {"to": "write", "reason": "required", "rounds": "$most", "then": "arbitrate"}
    parameter = {"type": "number", "default": 1, "source": "us", "confidence": "team"}
    steps = [
        task("write"),
        approval("review", of=["write"], outcomes={"approve": "next", "reject": reject}),
        task("publish", outcomes={"done": "leave"}),
        task("arbitrate", "lead", outcomes={"redo": "write", "stop": "end(cancelled)"}),
    ]
    play = Play(compiled(steps, parameters={"most": parameter})).start(parameters={"most": 2})
    for _ in range(2):
        play.complete(BEN, "write")
        play.complete(CLEO, "review", "reject", "not yet")
    play.complete(BEN, "write")
    play.complete(CLEO, "review", "reject", "still not")
    assert play.open == ["arbitrate"]
    play.complete(ANA, "arbitrate", "redo")
    play.complete(BEN, "write")
    play.complete(CLEO, "review", "reject", "no")
    assert play.open == ["arbitrate"]  # used up for the whole run


def test_a_reason_is_asked_for_where_the_outcome_needs_one() -> None:
    """Sending back without a note is refused; with one it needs no complete form."""
    steps = [task("write"), approval("review", form={"score": {"type": "rating", "required": True}})]
    play = Play(steps).start()
    play.complete(BEN, "write")
    assert play.refused(CLEO, c.Complete("review", "reject", {}, " ")) == [Code.REASON_REQUIRED]
    assert play.refused(CLEO, c.Complete("review", "approve")) == [Code.FIELD_REQUIRED]
    play.complete(CLEO, "review", "reject", "weak")
    assert play.state.end == "rejected"


def test_an_outcome_with_a_condition_is_refused_unless_it_is_true() -> None:
    """The condition of an outcome may read the very form that is being completed."""
    outcomes = {"publish": {"to": "next", "when": "check.score >= 3"}, "drop": "end(dropped)"}
    steps = [task("check", form={"score": {"type": "rating", "required": True}}, outcomes=outcomes), task("last")]
    play = Play(steps).start()
    assert play.refused(BEN, c.Complete("check", "publish", {"score": 2})) == [Code.GUARD_FALSE]
    assert play.refused(BEN, c.Complete("check", "publish", {})) == [Code.FIELD_REQUIRED]
    play.complete(BEN, "check", "publish", score=3)
    assert play.last.guards == (("check.publish.when", True),)
    assert play.open == ["last"]


def test_the_condition_of_an_outcome_reads_what_is_computed_from_the_same_form() -> None:
    """Computed fields come first, in every round: the condition sees what this form gives, not nothing and not the last round's."""
    form = {"spent": {"type": "money", "required": True}, "over": {"type": "bool", "value": "plan.spent > 100.0"}}
    outcomes = {"done": {"when": "!plan.over"}, "ask": {"when": "plan.over"}}
    steps = [task("plan", form=form, outcomes=outcomes), approval("check", outcomes={"ok": "next", "back": "plan"})]
    play = Play(steps).start()
    assert play.refused(BEN, c.Complete("plan", "done", {"spent": "200"})) == [Code.GUARD_FALSE]
    play.complete(BEN, "plan", "done", spent="50")
    assert play.last.guards == (("plan.done.when", True),)
    play.complete(CLEO, "check", "back")
    assert play.refused(BEN, c.Complete("plan", "done", {"spent": "200"})) == [Code.GUARD_FALSE]
    play.complete(BEN, "plan", "ask", spent="200")
    assert play.data["plan.over"] is True


def test_a_condition_about_a_computed_field_that_stays_empty_has_no_answer() -> None:
    """Where nothing can be computed there is nothing to compare, and the outcome is refused."""
    form = {"spent": {"type": "money"}, "over": {"type": "bool", "value": "plan.spent > 100.0"}}
    play = Play([task("plan", form=form, outcomes={"done": {"when": "!plan.over"}}), task("last")]).start()
    assert play.refused(BEN, c.Complete("plan", "done")) == [Code.GUARD_ERROR]


def test_every_reason_is_given_at_once() -> None:
    """A wrong person with a wrong outcome, wrong fields and a hostile note hears of all of it in one answer."""
    form = {"n": {"type": "number", "required": True}, "t": {"type": "text", "required": True}}
    play = Play([task("write", form=form)]).start({"maker": ()})
    codes = play.refused(BEN, c.Complete("write", "nope", {"n": "x", "zz": 1}, "\x1b[2J"))
    assert set(codes) == {
        Code.FIELD_INVALID, Code.NOT_IN_ROLE, Code.OUTCOME_UNKNOWN, Code.FIELD_UNKNOWN, Code.FIELD_REQUIRED,
    }  # fmt: skip
    assert len(codes) == 6


def test_an_end_inside_a_branch_ends_the_whole_run() -> None:
    """``end(…)`` from within a parallel step withdraws every other task and ends the run there."""
    steps = [
        {"id": "both", "parallel": {"left": [task("a", outcomes={"stop": "end(stopped)", "done": "next"})], "right": [task("b")]}},
        task("last"),
    ]
    play = Play(steps).start()
    play.complete(BEN, "a", "stop")
    assert play.state.end == "stopped"
    assert play.told(e.TaskWithdrawn) == [e.TaskWithdrawn(2, "ended")]
    assert play.told(e.JoinFired) == []


def test_an_end_met_before_other_branches_have_begun_leaves_nothing_behind() -> None:
    """When a branch ends the run at once, branches whose first move was still to be made never make it."""
    steps = [{"id": "both", "parallel": {"left": [{"id": "d", "decide": [{"when": "false", "to": "next"}, {"else": "end(early)"}]}],
                                         "right": [task("b")]}}]  # fmt: skip
    play = Play(steps).start()
    assert play.state.end == "early"
    assert play.told(e.TaskOpened) == []


def test_a_definition_that_moves_for_ever_is_stopped() -> None:
    """Automatic moves without a person are counted, and the command that starts them is refused."""
    again = [{"when": "true", "to": "ask"}, {"else": "next"}]
    play = Play([task("first"), {"id": "ask", "decide": again}, task("last")]).start()
    assert play.refused(BEN, c.Complete("first")) == [Code.LIMIT]


def test_a_move_without_a_way_is_refused() -> None:
    """A decision in which nothing is true and ``else`` is missing, which the checker refuses, refuses the command."""
    procedure = compiled([task("first"), {"id": "which", "decide": [{"when": "false", "to": "next"}, {"else": "next"}]}, task("x")])
    procedure.steps["which"].doc["decide"].pop()
    play = Play(procedure).start()
    assert play.refused(BEN, c.Complete("first")) == [Code.NOWHERE]


def test_asking_changes_nothing() -> None:
    """``decide`` leaves the state and the context it was given as they were."""
    play = Play([task("write", form={"t": {"type": "text"}})]).start()
    context = play.context(BEN)
    before = (play.state, dict(context.data))
    play.ask(BEN, c.Complete("write", "", {"t": "x"}))
    assert (play.state, dict(context.data)) == before


@pytest.mark.parametrize("address", ["nope", "write:1", "check"])
def test_a_task_that_is_not_there_is_named_with_those_that_are(address: str) -> None:
    """Steps that do not exist, are not reached or have no such key give the reason with what there is."""
    play = Play([task("write"), task("check")]).start()
    answer = play.ask(BEN, c.Claim(address))
    assert isinstance(answer, Refused)
    assert [r.code for r in answer.reasons] == [Code.NO_TASK]
    assert "write" in answer.reasons[0].facts["known"]  # type: ignore[operator]


def test_a_closed_task_says_who_closed_it_and_when() -> None:
    """Completing a finished task tells by whom it was finished."""
    play = Play([task("write"), task("check")]).start()
    play.complete(BEN, "write")
    answer = play.ask(CLEO, c.Complete("write"))
    assert isinstance(answer, Refused)
    assert [(r.code, r.facts["by"], r.facts["at"]) for r in answer.reasons] == [(Code.TASK_CLOSED, BEN, NOW)]


def test_steps_say_which_ways_they_have() -> None:
    """The edges of a step are its skip, its outcomes and their fallbacks, in document order."""
    procedure = compiled([task("a", when="true", outcomes={"x": {"to": "a", "rounds": 1, "then": "end"}, "y": "next"}), task("b")])
    found = [(edge.trigger, edge.target, edge.fallback) for edge in edges(procedure.steps["a"])]
    assert found == [("@skip", "b", False), ("x", "a", False), ("x", "end(done)", True), ("y", "b", False)]
