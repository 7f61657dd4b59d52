"""Workflow patterns that depend on state: WCP-16 to WCP-18, WCP-21, WCP-23, WCP-24, WCP-39, WCP-40."""

from typing import Any

from engine import commands as c
from engine import events as e
from engine.context import Context
from engine.decide import decide
from engine.refusals import Code, Refused
from engine.timers import WAIT
from tests.engine.kit import ANA, BEN, CLEO, Play, task
from tests.patterns.playing import branch, started

LATER = "2026-11-25T09:00:00.000000Z"
"""Two days after the kit's now."""


def offer() -> Play:
    """An answer by a person, a signal or a moment, whichever comes first."""
    first = {
        "answer": [task("answer"), task("thank")],
        "paid": [{"id": "wait_paid", "wait": {"signal": "paid"}}, task("book")],
        "late": [{"id": "wait_late", "wait": {"for": "2 days"}}, task("dun")],
    }
    return started([{"id": "choose", "first": first}, task("after")], signals={"paid": {}})


def test_wcp_16_deferred_choice() -> None:
    """What happens first decides which way is taken: a person, a signal or a moment. The other ways are gone."""
    person, signal, moment = offer(), offer(), offer()
    person.complete(BEN, "answer")
    assert person.open == ["thank"]
    signal.do(BEN, c.Signal("paid"))
    assert signal.open == ["book"]
    moment.at = LATER
    waiting = next(token.id for token in moment.state.tokens.values() if token.at == "wait_late")
    moment.system(c.Elapse(waiting, WAIT, 0))
    assert moment.open == ["dun"]
    for play, rest in ((person, "thank"), (signal, "book"), (moment, "dun")):
        play.do(BEN, c.Signal("paid"))  # too late: nobody waits for it any more
        assert play.open == [rest]
        assert play.refused(BEN, c.Complete("answer")) != []
        play.complete(BEN, rest)
        assert play.open == ["after"]


def test_wcp_17_interleaved_parallel_routing() -> None:
    """Two sequences in any order, never both in somebody's hands; inside each the order holds."""
    branches = {"a": [task("a1"), task("a2")], "b": [task("b1"), task("b2")]}
    play = started([{"id": "both", "parallel": branches, "one_at_a_time": True}, task("after")])
    play.do(BEN, c.Claim("a1"))
    assert play.refused(CLEO, c.Claim("b1")) == [Code.ONE_AT_A_TIME]
    assert play.refused(CLEO, c.Complete("b1")) == [Code.ONE_AT_A_TIME]
    assert play.refused(ANA, c.Assign("b1", CLEO)) == [Code.ONE_AT_A_TIME]
    play.complete(BEN, "a1")
    play.do(CLEO, c.Claim("b1"))  # between the two of the other branch
    assert play.refused(BEN, c.Claim("a2")) == [Code.ONE_AT_A_TIME]
    play.complete(CLEO, "b1")
    play.complete(CLEO, "b2")
    play.complete(BEN, "a2")
    assert play.open == ["after"]


def test_wcp_18_milestone() -> None:
    """A task can be taken and finished only while the run stands where it must."""
    branches = {"order": [task("order"), task("ship")], "change": [task("change", **{"while": "!ship.done"})]}
    play = started([{"id": "both", "parallel": branches}, task("after")])
    play.do(BEN, c.Claim("change"))  # the milestone is reached
    play.complete(BEN, "order")
    play.complete(BEN, "ship")
    assert play.refused(BEN, c.Complete("change")) == [Code.GUARD_FALSE]  # it has passed
    play.do(BEN, c.Release("change"))
    assert play.refused(BEN, c.Claim("change")) == [Code.GUARD_FALSE]
    assert play.refused(ANA, c.Assign("change", CLEO)) == [Code.GUARD_FALSE]
    assert play.may(BEN, "claim", "change")  # without the outside nothing is known of it
    assert not play.may(BEN, "claim", "change", outside=True)
    assert not play.may(BEN, "complete", "change", outside=True)
    before = started([{"id": "both", "parallel": branches}, task("after")])
    assert before.may(BEN, "complete", "change", outside=True)
    before.complete(BEN, "change")
    assert before.open == ["order"]


def test_a_milestone_that_cannot_be_answered_permits_nothing() -> None:
    """What is permitted agrees with what is decided where an expression has no answer."""
    order = task("order", form={"n": {"type": "number"}})
    play = started([{"id": "both", "parallel": {"a": [order], "b": [task("change", **{"while": "order.n > 1"})]}}])
    assert play.refused(BEN, c.Claim("change")) == [Code.GUARD_ERROR]
    assert not play.may(BEN, "claim", "change", outside=True)


def test_wcp_21_structured_loop() -> None:
    """Work comes back as often as its limit says, and then goes where the limit sends it."""
    again = {"ok": "next", "again": {"to": "write", "rounds": 2, "then": "settle"}}
    play = started([task("write"), task("look", outcomes=again), task("publish", outcomes={"done": "end"}), task("settle")])
    for round_ in (2, 3):
        play.complete(BEN, "write")
        play.complete(BEN, "look", "again")
        assert play.task("write").round == round_
    play.complete(BEN, "write")
    play.complete(BEN, "look", "again")
    assert play.open == ["settle"]
    assert play.state.counts["write"] == 3
    assert "publish" not in play.state.counts


def signalled(**more: Any) -> Play:  # noqa: ANN401 - parts of a document
    """A step before a wait for a signal that brings a number."""
    form = {"amount": {"type": "number", "required": True}}
    two = task("two", form={"seen": {"type": "number", "value": "paid.amount"}})
    steps = [task("one"), {"id": "paid", "wait": {"signal": "paid"}}, two]
    return started(steps, signals={"paid": {"form": form, **more}})


def test_wcp_23_transient_trigger() -> None:
    """A signal wakes what waits for it, with what it brings; one that comes when nobody waits is lost."""
    play = signalled()
    play.do(BEN, c.Signal("paid", {"amount": 1}))
    play.complete(BEN, "one")
    assert play.open == []  # the early signal does not count
    assert play.refused(BEN, c.Signal("paid")) == [Code.FIELD_REQUIRED]
    assert play.refused(BEN, c.Signal("bought", {"amount": 1})) == [Code.NO_SIGNAL]
    play.do(BEN, c.Signal("paid", {"amount": 7}))
    assert play.open == ["two"]
    play.complete(BEN, "two")
    assert play.data["two.seen"] == 7


def test_wcp_24_persistent_trigger() -> None:
    """A signal that comes early is kept until a step waits for it, and is used up by one."""
    play = signalled(keep=True)
    play.do(BEN, c.Signal("paid", {"amount": 3}))
    assert play.told(e.SignalCame)[0].kept
    play.complete(BEN, "one")
    assert play.open == ["two"]
    assert play.state.outcomes["paid"] == "kept"
    play.do(ANA, c.Rewind("paid", "once more"))
    assert play.open == []  # the kept signal is used up
    assert not [path for path in play.state.values if path.startswith("signal/")]
    play.do(BEN, c.Signal("paid", {"amount": 4}))
    assert play.open == ["two"]


def test_wcp_39_critical_section() -> None:
    """Of two sections with one name only one task can be in somebody's hands, in this run and in all others."""
    branches = {"a": [task("film", critical="studio")], "b": [task("record", critical="studio")], "c": [task("cut")]}
    play = started([{"id": "both", "parallel": branches}, task("after")])
    play.do(BEN, c.Claim("film"))
    assert play.refused(CLEO, c.Claim("record")) == [Code.CRITICAL]
    assert play.refused(CLEO, c.Delegate("record", BEN)) == [Code.CRITICAL]
    assert play.refused(ANA, c.Assign("record", CLEO)) == [Code.CRITICAL]
    play.complete(CLEO, "cut")  # no section
    play.complete(BEN, "film")
    play.do(CLEO, c.Claim("record"))
    play.do(CLEO, c.Release("record"))
    around = play.context(CLEO)
    elsewhere = Context(
        around.run, around.at, CLEO, around.directory, around.calendar, around.seal, around.data, {"studio": ("RUN-2", "film")}
    )
    for command in (c.Claim("record"), c.Complete("record")):
        refused = decide(play.procedure, play.state, command, elsewhere)
        assert isinstance(refused, Refused)
        assert [(reason.code, reason.facts["run"]) for reason in refused.reasons] == [(Code.CRITICAL, "RUN-2")]


def test_wcp_40_interleaved_routing() -> None:
    """Each of several tasks once, in any order, never two at the same time."""
    play = started([{"id": "all", "parallel": branch("a", "b", "c"), "one_at_a_time": True}, task("after")])
    assert [task_.owner for task_ in play.state.tasks.values()] == ["", "", ""]
    for name in "bca":
        play.do(BEN, c.Claim(f"do_{name}"))
        for other in set("abc") - {name}:
            if f"do_{other}" in play.open:
                assert play.refused(CLEO, c.Claim(f"do_{other}")) == [Code.ONE_AT_A_TIME]
        play.complete(BEN, f"do_{name}")
    assert play.open == ["after"]
    assert all(play.state.counts[f"do_{name}"] == 1 for name in "abc")
