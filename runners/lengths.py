"""Lengths of time in words, in one style wherever one is told: the two largest units that say something, ``3 days 4 hours``."""

import re
from typing import Final

from runners.tongue import spoken, spoken_many

_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60
_WEEKS: Final = re.compile(r"P(\d+)W")
_SIZES: Final = (_DAY, _HOUR, _MINUTE, 1)


def span(seconds: float, *, roughly: bool = False) -> str:
    """A length of time: ``40 seconds``, ``2 hours 30 minutes``, ``3 days``; a day is 24 hours.

    Args:
        seconds: how long; of a negative length a minus stands before the words.
        roughly: the largest unit alone, and only whole ones of it: how long ago something was.
    """
    left = abs(round(seconds))
    largest = next((place for place, size in enumerate(_SIZES) if left >= size), len(_SIZES) - 1)
    if not roughly:  # what is below the second unit is rounded, and may make a larger unit whole
        least = _SIZES[min(largest + 1, len(_SIZES) - 1)]
        left = (left + least // 2) // least * least
    words: list[str] = []
    for size in _SIZES:
        count, left = divmod(left, size)
        if count or (size == 1 and not words):
            words.append(_counted(count, size))
    text = words[0] if roughly or not words[1:] else spoken("{larger} {smaller}", larger=words[0], smaller=words[1])
    return f"-{text}" if seconds < 0 else text


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
