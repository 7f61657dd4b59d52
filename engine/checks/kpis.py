"""Whether figures can be judged: targets that mean something, values that fit their unit."""

from collections.abc import Iterator
from typing import Final

from engine.checks.codes import Lint
from engine.checks.expressions import Expressions
from engine.checks.outline import Document, Outline, Path, close
from engine.kpis import PERCENT, Target, target, time_unit, timed, unit_of
from engine.problems import Problem

_NUMBERS: Final = frozenset({"number", "percent", "money", "rating"})
_VALUES: Final = frozenset({"int", "double", "bool", "dyn"})
_HINT: Final = "write it like >= 95 %, <= PT24H, <= 1000 CNY or >= $parameter"


def check(outline: Outline, expressions: Expressions) -> Iterator[Problem]:
    """Every problem of the figures of a definition."""
    for name, kpi in outline.document.get("kpis", {}).items():
        path: Path = ("kpis", name)
        try:
            aim = target(kpi["target"])
        except ValueError as error:
            yield Problem(Lint.KPI_TARGET, f"nothing can be held against the target: {error}", (*path, "target"), hint=_HINT)
        else:
            yield from _target(outline.document, kpi, aim, path)
        kind = expressions.kinds.get((*path, "value"), "dyn")
        if kind not in _VALUES:
            hint = "count: size(…), or compute a number"
            yield Problem(Lint.KPI_UNIT, f"a figure is a number, and this is a {kind}", (*path, "value"), hint=hint)
        elif kind == "bool" and (unit := unit_of(outline.document, kpi)) != PERCENT:
            message = f'yes or no counts as 100 or 0, and the unit is "{unit}"'
            yield Problem(Lint.KPI_UNIT, message, (*path, "value"), hint='unit: "%", or count: … ? 1 : 0')


def _target(document: Document, kpi: Document, aim: Target, path: Path) -> Iterator[Problem]:
    unit, length = unit_of(document, kpi), timed(document, aim)
    if aim.unit and aim.unit != unit:
        yield Problem(Lint.KPI_UNIT, f'the target is in "{aim.unit}" and the figure in "{unit}"', (*path, "target"))
    root, _, name = aim.name.partition(".")
    field = document.get(root, {}).get(name)
    if aim.name and field is None:
        if root == "inputs":  # parameters are asked for with all others
            message = f'there is no input "{name}"'
            yield Problem(Lint.UNKNOWN_NAME, message, (*path, "target"), hint=close(name, document.get(root, {})))
        return
    if field is not None:
        if field["type"] not in _NUMBERS and not length:
            message = f'"{name}" is a {field["type"]}, and a target is a number or a duration'
            yield Problem(Lint.KPI_TARGET, message, (*path, "target"))
            return
        if field.get("currency", unit) != unit and unit:
            message = f'"{name}" is in {field["currency"]} and the figure in "{unit}"'
            yield Problem(Lint.KPI_UNIT, message, (*path, "target"))
    if length and time_unit(unit) is None:
        message = f'the target is a length of time and the figure is in "{unit}"'
        yield Problem(Lint.KPI_UNIT, message, (*path, "target"), hint="unit: s, min, h or days; seconds where there is none")
