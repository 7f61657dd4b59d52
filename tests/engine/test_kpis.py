"""Figures: what targets say, what a run's value is, and whether it was reached."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import commands as c
from engine.kpis import Measure, Target, goal, measure, number, reached, target, time_unit, unit_of, verdict
from engine.procedure import Procedure
from engine.refusals import Code
from tests.engine.kit import ANA, BEN, CLEO, Play, compiled, task

FORM = {
    "pct": {"type": "percent"}, "ok": {"type": "bool"}, "cost": {"type": "money", "currency": "CNY"}, "took": {"type": "duration"},
    "note": {"type": "text"},
}  # fmt: skip
PARAMETERS = {
    "rate": {"type": "percent", "default": 95, "source": "x", "confidence": "team"},
    "limit": {"type": "duration", "default": "PT2H", "source": "x", "confidence": "team"},
}
D = Decimal


def kpi(**more: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of a document
    """A figure."""
    return {"target": ">= 95", "source": "x", "confidence": "team", **more}


def procedure(**kpis: Any) -> Procedure:  # noqa: ANN401 - parts of a document
    """Two steps with a form each, the second perhaps left out."""
    steps = [task("write", form=FORM), task("check", form={"again": {"type": "number"}}, when="!write.ok")]
    inputs = {"goal": {"type": "number"}}
    return compiled(steps, parameters=PARAMETERS, inputs=inputs, kpis=kpis)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (">= 95 %", Target(">=", D(95), unit="%")), (">=95%", Target(">=", D(95), unit="%")),
        ("100 %", Target("==", D(100), unit="%")),
        ("<= PT24H", Target("<=", D(86_400), timed=True)), ("< 2 business days", Target("<", D(172_800), timed=True)),
        ("<= 30 min", Target("<=", D(1_800), timed=True)), ("<= 1000.50 CNY", Target("<=", D("1000.50"), unit="CNY")),
        ("> -2.5", Target(">", D("-2.5"))), ("== 0 posts", Target("==", D(0), unit="posts")),
        (">= $rate", Target(">=", name="parameters.rate")), (">= parameters.rate", Target(">=", name="parameters.rate")),
        (">= inputs.goal", Target(">=", name="inputs.goal")),
    ],
)  # fmt: skip
def test_targets_that_mean_something(text: str, expected: Target) -> None:
    """Numbers, shares, money, lengths of time and names; without a sign it is to be equal."""
    assert target(text) == expected


@pytest.mark.parametrize("text", ["", ">=", ">= ", "good", ">= about 3", ">= $", ">= $Rate", ">= 1e5", ">= 95 % 3", ">= write.pct",
                                  "=> 3",
                                  ">= " + "9" * 50, ">= PT" + "9" * 40 + "H", "=< 3", ">= ५"])  # fmt: skip
def test_targets_that_mean_nothing(text: str) -> None:
    """Everything else is refused with its reason."""
    with pytest.raises(ValueError, match=r"compare|is no number"):
        target(text)


@given(
    st.sampled_from([">=", "<=", "==", "<", ">"]),
    st.decimals(-(10**9), 10**9, places=3),
    st.sampled_from(["", "%", "CNY", "posts"]),
)
def test_every_number_with_a_sign_and_a_unit_is_read_as_it_is_written(sign: str, amount: Decimal, unit: str) -> None:
    """Reading gives back what was written."""
    assert target(f"{sign} {amount:f} {unit}") == Target(sign, amount, unit=unit)


@given(st.text(max_size=60))
def test_reading_a_target_never_fails_otherwise(text: str) -> None:
    """Any text is a target or refused as one."""
    try:
        found = target(text)
    except ValueError:
        return
    assert (found.amount is None) == bool(found.name)


@given(st.decimals(-1000, 1000, places=2), st.decimals(-1000, 1000, places=2))
def test_a_value_reaches_a_target_or_its_opposite(value: Decimal, aim: Decimal) -> None:
    """The five signs are what they are in arithmetic."""
    assert reached(">=", value, aim) is not reached("<", value, aim)
    assert reached("<=", value, aim) is not reached(">", value, aim)
    assert reached("==", value, aim) is (reached(">=", value, aim) and reached("<=", value, aim))


def test_what_is_a_number() -> None:
    """Truth is 100 or 0; decimals stay exact; what comes out of a division is cut to six digits; the rest is none."""
    assert [number(one) for one in (True, False, 3, "12.50", 0.1, 200 / 3)] == [
        D(100),
        D(0),
        D(3),
        D("12.50"),
        D("0.1"),
        D("66.666667"),
    ]
    assert [number(one) for one in ("much", None, [1], {"a": 1}, "NaN", "Infinity")] == [None] * 6


def test_the_unit_of_a_figure() -> None:
    """Its own, or what the target says; a length of time is in seconds; a target without meaning has none."""
    document = procedure().document
    units = [unit_of(document, one) for one in (
        kpi(unit="posts"), kpi(target=">= 95 %"), kpi(target="<= PT1H"), kpi(target="<= $limit"), kpi(target=">= $rate"),
        kpi(target=">= x y"),
    )]  # fmt: skip
    assert units == ["posts", "%", "s", "s", "", ""]
    assert [time_unit(unit) for unit in ("min", "s", "days", "", "posts")] == [60, 1, 86_400, None, None]


def played(definition: Procedure, **values: Any) -> Play:  # noqa: ANN401 - values of a form
    """A run whose first step is done with *values*, an hour after it began."""
    play = Play(definition).start(inputs={"goal": 7})
    play.at = "2026-11-23T10:00:00.000000Z"
    play.complete(BEN, "write", **values)
    return play


def of(play: Play, name: str = "k") -> Measure:
    """The figure *name* of a run."""
    return measure(play.procedure, name, play.state, play.data, "RUN-1")


def test_a_value_comes_from_a_form_when_its_step_is_done() -> None:
    """Before that there is none; it belongs to the moment when the step was done."""
    definition = procedure(k=kpi(value="write.pct", target=">= $rate", unit="%"))
    assert of(Play(definition).start()) == Measure("", None, D("95.0"), ">=")
    play = played(definition, pct="96.0", ok=True)
    assert of(play) == Measure("2026-11-23T10:00:00.000000Z", D(96), D("95.0"), ">=")
    assert of(play).met is True


def test_counts_that_read_no_value_wait_for_the_step_too() -> None:
    """`write.rounds` has an answer before the step is done, and it is not the answer yet."""
    definition = procedure(k=kpi(value="write.rounds == 1 ? 100.0 : 0.0"))
    assert of(Play(definition).start()).at == ""
    assert of(played(definition, ok=False)).met is True


def test_a_run_that_is_over_waits_for_no_further_step() -> None:
    """What could be done differently is not waited for once the run has ended; nothing was done, and there is no value."""
    definition = procedure(k=kpi(value="write.pct + (check.done ? 1.0 : 0.0)"), nothing=kpi(value="check.again"))
    play = played(definition, pct="95.0", ok=False)
    assert of(play).at == ""
    play.do(ANA, c.CancelRun(note="no more"))
    assert of(play).value == D(95)
    assert of(play, "nothing") == Measure("", None, D(95), ">=")
    started = Play(definition).start()
    started.do(ANA, c.CancelRun(note="no more"))
    assert of(started).at == ""


def test_a_figure_of_inputs_belongs_to_the_start() -> None:
    """What reads no step is known when the run begins; a run has its own targets."""
    definition = procedure(k=kpi(value="inputs.goal", target="<= $limit", unit="h"))
    play = Play(definition).start(inputs={"goal": 3}, parameters={"limit": "PT4H"})
    assert of(play) == Measure("2026-11-23T09:00:00.000000Z", D(3), D(4), "<=")
    assert goal(definition, "k") == ("<=", D(2))


def test_targets_in_inputs_and_those_that_cannot_be_told() -> None:
    """An input may be the target; one that was not given, another unit and a text without meaning give no judgement."""
    definition = procedure(
        k=kpi(value="write.pct", target=">= inputs.goal"), odd=kpi(value="write.pct", target="<= PT1H", unit="%"),
        old=kpi(value="write.pct", target=">= very much"),
    )  # fmt: skip
    play = played(definition, pct="6.0", ok=True)
    assert of(play) == Measure("2026-11-23T10:00:00.000000Z", D(6), D(7), ">=")
    assert of(play).met is False
    assert (of(play, "odd").goal, of(play, "odd").met) == (None, None)
    assert (of(play, "old").goal, of(play, "old").met) == (None, None)
    assert goal(definition, "k") == (">=", None)


def test_what_is_measured_outside_has_a_target_and_no_value() -> None:
    """A figure without a value expression."""
    assert of(played(procedure(k=kpi()), ok=True)) == Measure("", None, D(95), ">=")


def test_what_was_erased_is_missing_and_not_zero() -> None:
    """The value is gone, the moment is known; what was left empty is not erased."""
    play = played(procedure(k=kpi(value="write.pct")), pct="96.0", ok=True)
    del play.data["write.pct"]
    assert of(play) == Measure("2026-11-23T10:00:00.000000Z", None, D(95), ">=", erased=True)
    assert of(played(procedure(k=kpi(value="write.pct")), ok=True)) == Measure("", None, D(95), ">=")


def measures(*values: int | None, aim: int | None = 95, sign: str = ">=") -> list[Measure]:
    """A measure for each value; None for an erased one."""
    return [
        Measure("2026", None if one is None else D(one), None if aim is None else D(aim), sign, erased=one is None)
        for one in values
    ]


def test_the_mean_is_held_against_the_target_of_the_latest() -> None:
    """One that is low is made up for by others; how many reached it alone, and how many are gone, is told."""
    found = verdict([*measures(100, 92, None), *measures(96, aim=96)])
    assert (found.actual, found.goal, found.met, found.count, found.good, found.missing) == (D(96), D(96), True, 3, 2, 1)
    assert verdict(measures(90, 92)).met is False


def test_what_is_judged_in_each_run_is_missed_by_one() -> None:
    """So it is with equality: the mean of 0 and 200 is not 100."""
    assert verdict(measures(100, 94), each=True).met is False
    assert verdict(measures(100, 96), each=True).met is True
    assert verdict(measures(0, 200, aim=100, sign="==")).met is False


def test_without_values_or_targets_nothing_is_said() -> None:
    """Neither met nor missed."""
    assert verdict([]) == verdict([]).__class__()
    assert verdict(measures(None)).missing == 1
    assert verdict(measures(95, aim=None)).met is None
    assert verdict(measures(95, aim=None), each=True).met is None


@given(
    st.lists(st.decimals(-100, 100, places=2), min_size=1),
    st.decimals(-100, 100, places=2),
    st.sampled_from([">=", "<=", "<", ">"]),
)
def test_when_every_value_reaches_the_target_the_mean_does(values: list[Decimal], aim: Decimal, sign: str) -> None:
    """Judging each is never milder than judging the mean."""
    found = [Measure("2026", one, aim, sign) for one in values]
    each, mean = verdict(found, each=True), verdict(found)
    assert mean.actual is not None
    assert min(values) <= round(mean.actual, 6) <= max(values)
    if each.met:
        assert mean.met
    assert each.good == sum(one.met is True for one in found)


def branching(**more: Any) -> Procedure:  # noqa: ANN401 - parts of a document
    """A step with a figure; a miss leads to another step."""
    form = {"pct": {"type": "percent"}, "twice": {"type": "percent", "value": "write.pct * 2.0"}}
    steps = [
        task("write", form=form, outcomes={"good": {"to": "next", "when": "kpi.k.met || kpi.k.target > 99.0"}, "redo": "write"}),
        {"id": "missed", "decide": [{"when": "!kpi.k.met", "to": "improve"}, {"else": "last"}]},
        task("improve"),
        task("last", when="kpi.rounds.value > 1.0"),
    ]
    kpis = {
        "k": kpi(value="write.twice", target=">= $rate", unit="%"), "rounds": kpi(value="write.rounds", target="== 1"), **more,
    }  # fmt: skip
    return compiled(steps, parameters=PARAMETERS, kpis=kpis)


@pytest.mark.parametrize(("pct", "rate", "way"), [("60.0", "95.0", ["last"]), ("49.0", "99.5", ["improve"])])
def test_a_miss_can_change_the_way(pct: str, rate: str, way: list[str]) -> None:
    """The condition reads the form that is handed in, what is computed from it, and the target of this run."""
    play = Play(branching()).start(parameters={"rate": rate})
    play.complete(BEN, "write", "redo", pct="1.0")
    play.complete(BEN, "write", "good", pct=pct)
    assert play.open == way


def test_an_outcome_is_refused_below_the_target() -> None:
    """So that nobody passes over a miss."""
    play = Play(branching()).start()
    assert play.refused(BEN, c.Complete("write", "good", {"pct": "47.0"})) == [Code.GUARD_FALSE]


def test_the_answers_are_recorded_with_the_others() -> None:
    """A run is folded again from its record without asking, also after an erasure."""
    play = Play(branching()).start()
    play.complete(BEN, "write", "redo", pct="1.0")
    play.complete(BEN, "write", "good", pct="60.0")
    assert dict(play.last.guards) == {"write.good.when": True, "missed.decide.0": False, "last.when": True}


def test_a_figure_without_a_value_is_an_error_that_and_and_or_absorb() -> None:
    """As a field that was left empty: nobody can say whether the target was met."""
    play = Play(branching()).start()
    play.complete(BEN, "write", "redo", pct="1.0")
    assert play.refused(BEN, c.Complete("write", "good", {"pct": None})) == [Code.GUARD_ERROR]
    play = Play(branching()).start(parameters={"rate": "99.5"})
    assert play.refused(BEN, c.Complete("write", "good", {"pct": None})) == [Code.GUARD_ERROR]  # now the decision cannot tell


def test_a_figure_waits_for_the_step_at_which_it_is_judged() -> None:
    """Its value is there before, and counts when that step is done."""
    definition = procedure(k=kpi(value="write.pct", target=">= $rate", period="month", at="check"))
    play = played(definition, pct="96.0", ok=False)
    assert of(play) == Measure("", None, D("95.0"), ">=")
    play.at = "2026-12-01T10:00:00.000000Z"
    play.complete(CLEO, "check", again=1)
    assert of(play) == Measure("2026-12-01T10:00:00.000000Z", D(96), D("95.0"), ">=")


def test_a_figure_judged_at_a_step_waits_for_no_other() -> None:
    """Of two ways only one is gone; what the other would have brought is not waited for."""
    either = "check.done ? double(check.again) : write.pct"
    definition = procedure(k=kpi(value=either, at="write"), lost=kpi(value="double(check.again)", at="write"))
    play = played(definition, pct="96.0", ok=False)
    assert of(play).value == D(96)
    assert of(play, "lost") == Measure("", None, D(95), ">=")


def test_the_time_between_two_steps_is_a_figure() -> None:
    """The run knows when its steps were done: nobody has to write it down. Work that is done again counts as of then."""
    took = "(timestamp(check.completed_at) - timestamp(write.completed_at)).getSeconds()"
    definition = procedure(
        k=kpi(value=took, target="<= $limit"), whole=kpi(value=took.replace("write.completed", "run.started"), target="<= 3 h")
    )
    play = played(definition, ok=False)
    play.at = "2026-11-23T11:30:00.000000Z"
    play.complete(CLEO, "check", again=1)
    assert (of(play).value, of(play).met) == (D(5400), True)
    assert of(play, "whole").value == D(9000)
