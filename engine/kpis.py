"""The figures that a procedure is judged by: what a target says, what a run's value is, and whether it was reached.

A value is computed by the definition's own expression out of what people filled in, as soon as every step that it reads is
done, or the step at which it is judged; that is also the moment it belongs to. A truth value counts as 100 or 0, so that many
of them give a share. A length of time is seconds, or the unit of time that the figure has; days have 24 hours, those of
business too.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

from engine.data import View, exact
from engine.expressions import GuardError
from engine.frozen import frozen
from engine.procedure import Document, Procedure
from engine.scope import END
from engine.state import State
from engine.text import said
from engine.timers import seconds
from engine.values import Value

_TARGET: Final = re.compile(r"(>=|<=|==|<|>|)\s*(.+)", re.DOTALL)
_NUMBER: Final = re.compile(r"([-+]?[0-9]{1,15}(?:\.[0-9]{1,6})?)((?:\s*%|\s+[^\d\s])\D{0,38})?")
_NAME: Final = re.compile(r"\$([a-z][a-z0-9_]*)|((?:inputs|parameters)\.[a-z][a-z0-9_]*)")
_SHOWN: Final = 40
"""Characters of a text that is quoted in a message."""
_TIMES: Final = {
    "s": 1, "sec": 1, "second": 1, "seconds": 1, "min": 60, "minute": 60, "minutes": 60, "h": 3_600, "hour": 3_600,
    "hours": 3_600, "d": 86_400, "day": 86_400, "days": 86_400, "w": 604_800, "week": 604_800, "weeks": 604_800,
}  # fmt: skip
PERCENT: Final = "%"


@frozen
class Target:
    """What is aimed at.

    Attributes:
        sign: ``>=``, ``<=``, ``==``, ``<`` or ``>``.
        amount: the number, or the seconds; None where a name stands for it.
        name: ``parameters.NAME`` or ``inputs.NAME``; empty for a number.
        timed: it is a length of time.
        unit: what stands behind the number.
    """

    sign: str
    amount: Decimal | None = None
    name: str = ""
    timed: bool = False
    unit: str = ""


def target(text: str) -> Target:
    """What *text* aims at: ``>= 95 %``, ``<= PT24H``, ``<= 1000 CNY``, ``>= $rate``; without a sign it is to be equal.

    Raises:
        ValueError: it is no comparison with a number, a length of time, a parameter or an input.
    """
    found = _TARGET.fullmatch(text.strip())
    if found is None:
        raise ValueError(said("there is nothing to compare with"))
    sign, rest = found[1] or "==", found[2]
    if name := _NAME.fullmatch(rest):
        return Target(sign, name=f"parameters.{name[1]}" if name[1] else name[2])
    if (length := _seconds(rest)) is not None:
        return Target(sign, length, timed=True)
    if number := _NUMBER.fullmatch(rest):
        return Target(sign, Decimal(number[1]), unit=(number[2] or "").strip())
    raise ValueError(said('"{text}" is no number, no length of time and no name', text=rest[:_SHOWN]))


def _seconds(text: str) -> Decimal | None:
    try:
        return Decimal(seconds(text))
    except ValueError:
        return None


def time_unit(unit: str) -> int | None:
    """Seconds in a *unit* of time; None for other units."""
    return _TIMES.get(unit)


def timed(document: Document, aim: Target) -> bool:
    """Whether a target of *document* is a length of time, itself or by the name that stands for it."""
    root, _, field = aim.name.partition(".")
    return aim.timed or document.get(root, {}).get(field, {}).get("type") == "duration"


def unit_of(document: Document, kpi: Document) -> str:
    """The unit of a figure of *document*: its own, or that of its target, which is seconds for a length of time."""
    if "unit" in kpi:
        return str(kpi["unit"])
    try:
        aim = target(kpi["target"])
    except ValueError:
        return ""
    return "s" if timed(document, aim) else aim.unit


def number(value: Value) -> Decimal | None:
    """*value* as a figure: truth as 100 or 0, other numbers with at most six digits; None for what is no number."""
    if isinstance(value, bool):
        return Decimal(100 * value)
    if not isinstance(value, int | float | str):
        return None
    try:
        found = Decimal(str(exact(value)))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def reached(sign: str, value: Decimal, goal: Decimal) -> bool:
    """Whether *value* is where *goal* wants it."""
    if sign == "==":
        return value == goal
    if sign in {">=", ">"}:
        return value > goal or (sign == ">=" and value == goal)
    return value < goal or (sign == "<=" and value == goal)


@frozen
class Measure:
    """A figure in one run.

    Attributes:
        at: when the last step that it is computed from was done; empty while it cannot be known.
        value: None where there is none.
        goal: what was aimed at in this run, in the unit of the figure; None where nobody can tell.
        sign: how the two are compared.
        erased: the value is gone because something that it was computed from was erased.
    """

    at: str = ""
    value: Decimal | None = None
    goal: Decimal | None = None
    sign: str = ""
    erased: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the target was reached; None where that cannot be said."""
        return None if self.value is None or self.goal is None else reached(self.sign, self.value, self.goal)


def measure(  # noqa: PLR0917 - which figure of which run, and who asks
    procedure: Procedure, name: str, state: State, values: Mapping[str, Value], run: str = "", doing: str = ""
) -> Measure:
    """The figure *name* of *procedure* in one run; one that is measured outside has a goal and no value.

    Args:
        procedure: what the run is decided by.
        name: which figure.
        state: where the run stands.
        values: path to what people filled in, without what was erased.
        run: its name.
        doing: a step that counts as done: the one whose condition asks.
    """
    kpi = procedure.document["kpis"][name]
    view = View(procedure, state, values, None, run)
    sign, goal = _goal(procedure, kpi, view)
    if "value" not in kpi:
        return Measure(goal=goal, sign=sign)
    guard = procedure.guard(END, kpi["value"], condition=False)
    at = _known_at(procedure, state, (kpi["at"],) if "at" in kpi else guard.reads, doing)
    if not at:
        return Measure(goal=goal, sign=sign)
    try:
        found = number(guard.value(view.names(guard.reads, procedure.scopes.at(END))))
    except GuardError:
        found = None
    gone = found is None and any(read in state.values and read not in values for read in guard.reads)
    return Measure(at if gone or found is not None else "", found, goal, sign, gone)


def goal(procedure: Procedure, name: str) -> tuple[str, Decimal | None]:
    """The sign and what the figure *name* aims at where nobody set another value for a run."""
    return _goal(procedure, procedure.document["kpis"][name], View(procedure, State(), {}))


def _goal(procedure: Procedure, kpi: Document, view: View) -> tuple[str, Decimal | None]:
    try:
        aim = target(kpi["target"])
    except ValueError:
        return "", None  # a definition of before targets were checked
    found, length = aim.amount, timed(procedure.document, aim)
    if aim.name:
        value = view.raw(aim.name)
        found = _seconds(value) if length and isinstance(value, str) else number(value)
    per = time_unit(unit_of(procedure.document, kpi)) if length else 1
    return aim.sign, found / per if found is not None and per else None


def _known_at(procedure: Procedure, state: State, reads: Iterable[str], doing: str) -> str:
    """When every step that is read was done; of a run that is over, those that were. Empty before that."""
    steps = {name.partition(".")[0] for name in reads} & set(procedure.steps)
    done = [state.done_at.get(step, state.started) for step in steps if step in state.outcomes or step == doing]
    waits = len(done) < len(steps) and (state.status == "open" or not done)
    return "" if waits else max([state.started, *done])


@frozen
class Verdict:
    """What many measures say together.

    Attributes:
        actual: their mean; None of nothing.
        goal: that of the latest.
        met: whether the target was reached; None where that cannot be said.
        count: how many values there are.
        good: how many of them reached their own target.
        missing: how many were erased.
    """

    actual: Decimal | None = None
    goal: Decimal | None = None
    met: bool | None = None
    count: int = 0
    good: int = 0
    missing: int = 0


def verdict(measures: Sequence[Measure], *, each: bool = False) -> Verdict:
    """What *measures* (the earliest first) say together.

    Args:
        measures: values that are known, and those that were erased.
        each: every single one is judged, as in a figure of a run; otherwise their mean is held against the target of the
            latest. Equality is always asked of every one: the mean of 0 and 200 is not 100.
    """
    known = [one for one in measures if one.value is not None]
    missing = sum(one.erased for one in measures)
    if not known:
        return Verdict(missing=missing)
    actual = sum((one.value for one in known if one.value is not None), Decimal(0)) / len(known)
    last = known[-1]
    marks = [one.met for one in known]
    if each or last.sign == "==":
        met = None if None in marks else all(marks)
    else:
        met = None if last.goal is None else reached(last.sign, actual, last.goal)
    return Verdict(actual, last.goal, met, len(known), marks.count(True), missing)
