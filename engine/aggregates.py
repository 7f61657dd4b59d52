"""Sums and the like over lists of numbers, for expressions: exact in decimal, and bounded in what one evaluation may count.

Numbers come as the expression language has them. Each stands for the shortest decimal text that means it, so that cents add
up to cents; the answer is the floating point number nearest to the exact one.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from decimal import Context, Decimal
from math import isfinite
from typing import Any, Final

from engine import limits
from engine.text import said

_EXACT: Final = Context(prec=64)
_left: ContextVar[int] = ContextVar("_left", default=limits.AGGREGATED)


def begin() -> None:
    """A new evaluation may count as much as any."""
    _left.set(limits.AGGREGATED)


def _numbers(name: str, given: list[Any]) -> list[Decimal]:
    left = _left.get() - len(given)
    _left.set(left)
    if left < 0:
        raise ValueError(said("more than {limit} numbers are added up", limit=limits.AGGREGATED))
    for value in given:
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            raise ValueError(said("{function} takes finite numbers", function=name))
    if not given and name != "sum":
        raise ValueError(said("{function} of an empty list", function=name))
    return [Decimal(repr(value)) for value in given]


def _total(numbers: list[Decimal]) -> Decimal:
    total = Decimal(0)
    for number in numbers:
        total = _EXACT.add(total, number)
    return total


def _sum(given: list[Any]) -> float:
    return float(_total(_numbers("sum", given)))


def _avg(given: list[Any]) -> float:
    numbers = _numbers("avg", given)
    return float(_EXACT.divide(_total(numbers), Decimal(len(numbers))))


def _min(given: list[Any]) -> float:
    return float(min(_numbers("min", given)))


def _max(given: list[Any]) -> float:
    return float(max(_numbers("max", given)))


FUNCTIONS: Final[Mapping[str, Callable[[list[Any]], float]]] = {"sum": _sum, "avg": _avg, "min": _min, "max": _max}
"""Name to function: from a list of numbers to a floating point number."""
