"""Lengths of time, due dates, and when to remind and escalate.

A due date is computed once, when the task becomes ready, and stored; a holiday added later does not move it silently.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final

from engine.calendar import Calendar, CalendarError
from engine.frozen import frozen
from engine.procedure import Document
from engine.text import said
from engine.values import Value

_AMOUNT: Final = re.compile(r"(\d+) ?(minutes?|min|hours?|h|days?|d|weeks?|w|business days?|bd)")
_ISO: Final = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_SECONDS: Final = {"m": 60, "h": 3600}
_LONGEST: Final = 40
"""Characters: the longest that means something has 36, and numbers without end would take time to read."""
REMIND: Final = "remind"
ESCALATE: Final = "escalate"
RETURN: Final = "return"
"""The timer of a delegation that ends."""
WAIT: Final = "wait"
"""The timer of a token that waits for a moment; its task number is the token's."""


@frozen
class Length:
    """A length of time: days on the wall clock and seconds on the clock; business days count alone."""

    days: int = 0
    seconds: int = 0
    business: bool = False

    def after(self, at: datetime, calendar: Calendar, sign: int = 1) -> datetime:
        """The instant this long after (*sign* 1) or before (-1) *at*."""
        moved = calendar.shift(at, sign * self.days, business=self.business) if self.days or self.business else at
        # Python adds to the wall clock of a zone; only in UTC is an hour an hour.
        return moved.astimezone(UTC) + sign * timedelta(seconds=self.seconds)


@lru_cache(1_000)  # the same few lengths stand in the steps of every run
def length(text: str) -> Length:
    """The length that *text* means: ``PT24H``, ``2 business days``, ``4h``. Raises ValueError for anything else."""
    if len(text) > _LONGEST:
        raise ValueError(said("{text}… is no length of time: it is too long", text=repr(text[:_LONGEST])))
    if match := _AMOUNT.fullmatch(text):
        number, unit = int(match[1]), match[2]
        if unit.startswith("b"):
            return Length(days=number, business=True)
        if unit[0] in "dw":
            return Length(days=number * (7 if unit[0] == "w" else 1))
        return Length(seconds=number * _SECONDS[unit[0]])
    match = _ISO.fullmatch(text)
    if match is None or not any(match.groups()):
        raise ValueError(said("{text} is no length of time; write PT24H, P3D, 2 business days or 4h", text=repr(text)))
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return Length(days=weeks * 7 + days, seconds=hours * 3600 + minutes * 60 + seconds)


def canonical_length(text: str) -> str:
    """The one way to write the length of *text*: ``PT4H`` for ``4h``, ``2 business days`` for ``2 bd``. Raises ValueError.

    Days stay days and hours stay hours: a day is counted on the wall clock, and 24 hours are not.
    """
    found = length(text)
    if found.business:
        return f"{found.days} business days"
    minutes, second = divmod(found.seconds, 60)
    hour, minute = divmod(minutes, 60)
    clock = "".join(f"{number}{unit}" for number, unit in ((hour, "H"), (minute, "M"), (second, "S")) if number)
    day = f"{found.days}D" if found.days else ""
    return f"P{day}{'T' if clock else ''}{clock}" if day or clock else "PT0S"


def seconds(text: str) -> int:
    """The length of *text* in seconds, days as 24 hours: what an expression reads."""
    found = length(text)
    return found.days * 86_400 + found.seconds


def instant(text: str) -> datetime:
    """The instant of an RFC 3339 text. Raises ValueError without an offset."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(said("{text} has no offset from UTC", text=repr(text)))
    return found.astimezone(UTC)


def written(at: datetime) -> str:
    """*at* as the history writes it: UTC with microseconds."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


@frozen
class DueRule:
    """A due date as it is written: a length, a direction and what it counts from (empty: the task becoming ready)."""

    amount: str
    sign: int
    anchor: str


@lru_cache(1_000)
def due_rule(text: str) -> DueRule:
    """The parts of a ``due``: ``PT1H after start`` is an amount, a direction and an anchor."""
    for word, sign in ((" after ", 1), (" before ", -1)):
        amount, found, anchor = text.partition(word)
        if found:
            return DueRule(amount, sign, "" if anchor == "ready" else anchor)
    return DueRule(text, 1, "")


def dues(step: Document) -> tuple[tuple[str, str], ...]:
    """Every due of a *step*, in order: its condition, empty for none, and the due as it is written."""
    found = step.get("due", ())
    if isinstance(found, str):
        return (("", found),)
    return tuple((way.get("when", ""), way["due"] if "due" in way else way["else"]) for way in found)


Parameter = Callable[[str], Value]


def _amount(text: str, parameter: Parameter) -> Length:
    return length(str(parameter(text[1:]))) if text.startswith("$") else length(text)


def anchored(value: Value, calendar: Calendar) -> datetime | None:
    """The instant that the value of a date or datetime field stands for; a plain date is its end."""
    if not isinstance(value, str) or not value:
        return None
    return instant(value) if "T" in value else calendar.end_of(date.fromisoformat(value))


def due(rule: DueRule, base: datetime, calendar: Calendar, parameter: Parameter) -> datetime:
    """When a task is late whose due counts from *base*."""
    return _amount(rule.amount, parameter).after(base, calendar, rule.sign)


def timers(step: Document, at_due: datetime, calendar: Calendar, parameter: Parameter) -> Iterator[tuple[str, int, str]]:
    """The timers of a task that is due at *at_due*: kind, number in the document, instant.

    One that would fire where the calendar ends never fires, and is left out.
    """
    asked = [(REMIND, number, text) for number, text in enumerate(step.get("remind", ()))]
    asked += [(ESCALATE, number, way["after"]) for number, way in enumerate(step.get("escalate", ()))]
    for kind, number, text in asked:
        sign = -1 if text.startswith("-") else 1
        with suppress(CalendarError, OverflowError):
            yield kind, number, written(_amount(text.removeprefix("-"), parameter).after(at_due, calendar, sign))
