"""Lengths of time in words, in one style wherever one is told: the two largest units that say something, ``3 days 4 hours``.

Columns of tables have the same with short names of the units, ``3 d 4 h``.
"""

import re
from typing import Final

from runners.tongue import spoken, spoken_many

_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60
_WEEKS: Final = re.compile(r"P(\d+)W")
_SIZES: Final = (_DAY, _HOUR, _MINUTE, 1)
_LONG: Final = 600
"""Seconds from which on a column counts in minutes."""


def span(seconds: float, *, roughly: bool = False) -> str:
    """A length of time: ``40 seconds``, ``2 hours 30 minutes``, ``3 days``; a day is 24 hours.

    Args:
        seconds: how long; of a negative length a minus stands before the words.
        roughly: the largest unit alone, and only whole ones of it: how long ago something was.
    """
    left = abs(round(seconds))
    counted = _counts(left if roughly else _rounded(left))
    return _joined([_counted(count, size) for count, size in counted[: 1 if roughly else 2]], seconds)


def brief(seconds: float) -> str:
    """A length of time for a column: ``40 s``, ``2 h 30 min``, ``3 d``; from ten minutes on without seconds.

    Args:
        seconds: how long; of a negative length a minus stands before the words.
    """
    left = abs(round(seconds))
    left = (left + _MINUTE // 2) // _MINUTE * _MINUTE if left >= _LONG else left
    return _joined([_shortly(count, size) for count, size in _counts(_rounded(left))], seconds)


def _rounded(left: int) -> int:
    """*left* to its second unit: what is below it is rounded, and may make a larger unit whole."""
    largest = next((place for place, size in enumerate(_SIZES) if left >= size), len(_SIZES) - 1)
    least = _SIZES[min(largest + 1, len(_SIZES) - 1)]
    return (left + least // 2) // least * least


def _counts(left: int) -> list[tuple[int, int]]:
    """How many of which unit, the largest first; those that are zero are left out."""
    found: list[tuple[int, int]] = []
    for size in _SIZES:
        count, left = divmod(left, size)
        if count or (size == 1 and not found):
            found.append((count, size))
    return found


def _joined(words: list[str], seconds: float) -> str:
    text = spoken("{larger} {smaller}", larger=words[0], smaller=words[1]) if words[1:] else words[0]
    return f"-{text}" if round(seconds) < 0 else text


def written(text: str) -> str:
    """A length of time as a definition writes it, ``P26W`` or ``2 business days``, in words. Raises ValueError for others."""
    from engine.timers import length

    if weeks := _WEEKS.fullmatch(text):
        return spoken_many("{count} week", "{count} weeks", int(weeks[1]))
    found = length(text)
    if found.business:
        return spoken_many("{count} business day", "{count} business days", found.days)
    return span(found.days * _DAY + found.seconds)


def _counted(count: int, size: int) -> str:
    if size == _DAY:
        return spoken_many("{count} day", "{count} days", count)
    if size == _HOUR:
        return spoken_many("{count} hour", "{count} hours", count)
    if size == _MINUTE:
        return spoken_many("{count} minute", "{count} minutes", count)
    return spoken_many("{count} second", "{count} seconds", count)


def _shortly(count: int, size: int) -> str:
    if size == _DAY:
        return spoken("{count} d", count=count)
    if size == _HOUR:
        return spoken("{count} h", count=count)
    return spoken("{count} min", count=count) if size == _MINUTE else spoken("{count} s", count=count)
