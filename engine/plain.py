"""Plain data on its way into and out of an expression: walked under limits before the expression library sees it.

The library ends the process on deep or cyclic data, bounds its steps and not its memory, and gives back values that
Python takes for something else. So nothing goes in or comes out that was not looked at here.
"""

import re
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final, Protocol

from engine import limits
from engine.text import said

_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_INT64: Final = 2**63


class PlainError(ValueError):
    """Data that an expression may not read, or a result that is no plain data. The message says why."""


@dataclass(slots=True)
class Budget:
    """What one evaluation may still read or give.

    Attributes:
        keys: keys of maps that may still come.
        items: elements of lists that may still come.
        characters: characters that may still come.
        longest: the longest text so far.
        widest: the most elements that one list or map had so far.
    """

    keys: int = limits.EXPRESSION_KEYS
    items: int = limits.EXPRESSION_ITEMS
    characters: int = limits.EXPRESSION_TEXT
    longest: int = 0
    widest: int = 0

    def spend(self, value: dict[Any, Any] | list[Any], depth: int) -> None:
        """Count the elements of *value*, which may hold *depth* more levels."""
        if depth == 0:
            raise PlainError(said("data is nested more than {limit} levels deep", limit=limits.EXPRESSION_DEPTH))
        self.widest = max(self.widest, len(value))
        if isinstance(value, list):
            self.items -= len(value)
        else:
            self.keys -= len(value)
        if self.items < 0 or self.keys < 0:
            raise PlainError(
                said("data has more than {keys} keys or {items} items", keys=limits.EXPRESSION_KEYS, items=limits.EXPRESSION_ITEMS)
            )


def admit(value: object, budget: Budget, depth: int = limits.EXPRESSION_DEPTH) -> None:
    """Refuse what would harm the library or has no meaning in it. The *depth* ends cycles too.

    Raises:
        PlainError: other types than None, bool, 64-bit int, finite float, text, list and map with text keys; more than
            the budget; a lone surrogate.
    """
    if isinstance(value, str):
        _admit_text(value, budget)
    elif isinstance(value, list):
        budget.spend(value, depth)
        for item in value:
            admit(item, budget, depth - 1)
    elif isinstance(value, dict):
        budget.spend(value, depth)
        for key, item in value.items():
            _admit_key(key, budget)
            admit(item, budget, depth - 1)
    elif value is not None:
        _admit_number(value)


def _admit_text(value: str, budget: Budget) -> None:
    length = len(value)
    budget.longest = max(budget.longest, length)
    budget.characters -= length
    if length > limits.FIELD_CHARACTERS:
        raise PlainError(said("a text is longer than {limit} characters", limit=limits.FIELD_CHARACTERS))
    if budget.characters < 0:
        raise PlainError(said("data has more than {limit} characters of text", limit=limits.EXPRESSION_TEXT))
    if "\0" in value:  # the library ends a text there, without a word
        raise PlainError(said("a text holds the character U+0000"))
    if not value.isascii() and _SURROGATES.search(value):
        raise PlainError(said("a text holds a lone surrogate"))


def _admit_key(key: object, budget: Budget) -> None:
    if not isinstance(key, str):
        raise PlainError(said("a key is not text"))
    _admit_text(key, budget)


def _admit_number(value: object) -> None:
    if isinstance(value, int):  # truth values too
        if not -_INT64 <= value < _INT64:
            raise PlainError(said("an integer has more than 64 bits"))
    elif isinstance(value, float):
        if not isfinite(value):
            raise PlainError(said("a number is not finite"))
    else:
        raise PlainError(said("a {type} means nothing in an expression", type=type(value).__name__))


class Found(Protocol):
    """A value of the expression library; asked for its parts one by one."""

    def value(self) -> Any:  # noqa: ANN401 - the library's own words
        """A Python value, or a list or dict of further values like this one."""


def plain(found: Found, budget: Budget, depth: int = limits.EXPRESSION_DEPTH) -> Any:  # noqa: ANN401 - any plain value
    """A result as plain data, taken over piece by piece: one whose parts are shared must not grow without bound.

    Raises:
        PlainError: null, bytes, time stamps, durations, types, keys that are not text, and more than the budget.
    """
    value = found.value()
    if isinstance(value, list):
        budget.spend(value, depth)
        return [plain(item, budget, depth - 1) for item in value]
    if isinstance(value, dict):
        budget.spend(value, depth)
        for key in value:
            _admit_key(key, budget)
        return {key: plain(item, budget, depth - 1) for key, item in value.items()}
    if value is None:
        raise PlainError(said("the result is null"))
    admit(value, budget, depth)
    return value
