"""Whether figures can be judged: targets that mean something, values that fit their unit."""

from collections.abc import Iterator
from typing import Final

from engine.checks.codes import Lint
from engine.checks.expressions import Expressions
from engine.checks.outline import Document, Outline, Path, Place, close
from engine.kpis import PERCENT, Target, target, time_unit, timed, unit_of
from engine.periods import stretches
from engine.problems import Problem
from engine.text import said

_NUMBERS: Final = frozenset({"number", "percent", "money", "rating"})
_VALUES: Final = frozenset({"int", "double", "bool", "dyn"})
_HINT: Final = said("write it like >= 95 %, <= PT24H, <= 1000 CNY or >= $parameter")


def check(outline: Outline, expressions: Expressions) -> Iterator[Problem]:
    """Every problem of the figures of a definition."""
    for name, kpi in outline.document.get("kpis", {}).items():
        path: Path = ("kpis", name)
        try:
            aim = target(kpi["target"])
        except ValueError as error:
            yield Problem(
                Lint.KPI_TARGET,
                said("nothing can be held against the target: {why}", why=error.args[0]),
                (*path, "target"),
                hint=_HINT,
            )
        else:
            yield from _target(outline.document, kpi, aim, path)
        kind = expressions.kinds.get((*path, "value"), "dyn")
        if kind not in _VALUES:
            hint = said("count: size(…), or compute a number")
            yield Problem(Lint.KPI_UNIT, said("a figure is a number, and this is a {type}", type=kind), (*path, "value"), hint=hint)
        elif kind == "bool" and (unit := unit_of(outline.document, kpi)) != PERCENT:
            message = said('yes or no counts as 100 or 0, and the unit is "{unit}"', unit=unit)
            yield Problem(Lint.KPI_UNIT, message, (*path, "value"), hint=said('unit: "%", or count: … ? 1 : 0'))
        if (period := kpi.get("period", ""))[:1] == "P" and period[1:2].isdigit() and not stretches(period):
            message = said('"{period}" is no length of time that is known here', period=period)
            yield Problem(Lint.KPI_PERIOD, message, (*path, "period"), hint=said("week, month, quarter, year, or days: P30D"))
        if "at" in kpi:
            yield from _judged(outline, expressions, name, kpi["at"])
    yield from _asked(outline, expressions)


def _judged(outline: Outline, expressions: Expressions, name: str, at: str) -> Iterator[Problem]:
    """What is wrong with the step *at* which the figure *name* is judged."""
    path: Path = ("kpis", name, "at")
    step = outline.by_id.get(at)
    if step is None or step.body or step.kind == "decide":
        hint = close(at, [one.id for one in outline.steps if not one.body and one.kind != "decide"])
        yield Problem(Lint.UNKNOWN_STEP, said('"{step}" is no step of the run that is done', step=at), path, hint=hint)
        return
    for one in _read(outline, expressions, name):
        if one is not step and not outline.before(one, step):
            message = said('it reads "{other}", which cannot have been done when "{step}" is', other=one.id, step=at)
            yield Problem(Lint.KPI_STEP, message, path)


def _asked(outline: Outline, expressions: Expressions) -> Iterator[Problem]:
    """Conditions that ask for figures where nobody can know them."""
    for step, path, names in expressions.asked:
        for name in sorted({name.split(".")[1] for name in names}):
            kpi = outline.document["kpis"][name]
            if "at" not in kpi and stretches(kpi.get("period", "")):
                message = said('the figure "{figure}" is judged over several runs, and a run knows only its own', figure=name)
                yield Problem(Lint.KPI_STEP, message, path, hint=said("period: run, or at: STEP in the figure"))
            known = [outline.by_id[kpi["at"]]] if kpi.get("at") in outline.by_id else _read(outline, expressions, name)
            for one in known:
                if not ((one is step and "outcomes" in path) or outline.before(one, step)):  # outcomes see their own form
                    message = said(
                        'the figure "{figure}" is known when "{step}" is done, which is not yet', figure=name, step=one.id
                    )
                    yield Problem(Lint.KPI_STEP, message, path)


def _read(outline: Outline, expressions: Expressions, name: str) -> list[Place]:
    """The steps that the figure *name* reads, in order."""
    roots = {read.partition(".")[0] for read in expressions.figures.get(name, ())}
    return [outline.by_id[root] for root in sorted(roots & outline.by_id.keys())]


def _target(document: Document, kpi: Document, aim: Target, path: Path) -> Iterator[Problem]:
    unit, length = unit_of(document, kpi), timed(document, aim)
    if aim.unit and aim.unit != unit:
        yield Problem(
            Lint.KPI_UNIT,
            said('the target is in "{target_unit}" and the figure in "{figure_unit}"', target_unit=aim.unit, figure_unit=unit),
            (*path, "target"),
        )
    root, _, name = aim.name.partition(".")
    field = document.get(root, {}).get(name)
    if aim.name and field is None:
        if root == "inputs":  # parameters are asked for with all others
            message = said('there is no input "{name}"', name=name)
            yield Problem(Lint.UNKNOWN_NAME, message, (*path, "target"), hint=close(name, document.get(root, {})))
        return
    if field is not None:
        if field["type"] not in _NUMBERS and not length:
            message = said('"{name}" is a {type}, and a target is a number or a duration', name=name, type=field["type"])
            yield Problem(Lint.KPI_TARGET, message, (*path, "target"))
            return
        if field.get("currency", unit) != unit and unit:
            message = said('"{name}" is in {currency} and the figure in "{unit}"', name=name, currency=field["currency"], unit=unit)
            yield Problem(Lint.KPI_UNIT, message, (*path, "target"))
    if length and time_unit(unit) is None:
        message = said('the target is a length of time and the figure is in "{unit}"', unit=unit)
        yield Problem(Lint.KPI_UNIT, message, (*path, "target"), hint=said("unit: s, min, h or days; seconds where there is none"))
