"""Dates in expressions: a day later, days between, working days; in the calendar of the decision, and bounded in what it may count.

Expressions have dates and instants as texts (``2026-11-22``, ``2026-11-22T13:00:00Z``) and lengths of time as texts or as
seconds. What goes in as a date comes out as a date, and an instant as an instant.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from typing import Final

from engine import limits
from engine.calendar import Calendar, CalendarError
from engine.mentions import bare
from engine.text import said
from engine.timers import Length, instant, length, written

_DAY: Final = 86_400
_SHOWN: Final = 40
_calendar: ContextVar[Calendar] = ContextVar("_calendar")
_left: ContextVar[int] = ContextVar("_left", default=limits.DAYS_COUNTED)


def begin(calendar: Calendar) -> None:
    """A new evaluation counts in *calendar*, and may count as much as any."""
    _calendar.set(calendar)
    _left.set(limits.DAYS_COUNTED)


def _spend(days: int) -> None:
    left = _left.get() - abs(days) - 1
    _left.set(left)
    if left < 0:
        raise ValueError(said("more than {limit} days are counted", limit=limits.DAYS_COUNTED))


def _moment(text: str) -> date | datetime:
    """The date or the instant that *text* is."""
    try:
        return instant(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        words = said("{text} is no date like 2026-11-22 and no instant like 2026-11-22T13:00:00Z", text=repr(text[:_SHOWN]))
        raise ValueError(words) from None


def _day(moment: date | datetime) -> date:
    return moment.astimezone(_calendar.get().zone).date() if isinstance(moment, datetime) else moment


def _span(amount: str | int) -> Length:
    if isinstance(amount, str):
        return length(amount)
    days, rest = divmod(abs(amount), _DAY)
    # What is read from a field is seconds, in which a day counts as 24 hours: whole days of it are days on the wall again.
    return Length(days=days) if not rest else Length(seconds=abs(amount))


def _moved(when: str, amount: str | int, sign: int) -> str:
    moment, span = _moment(when), _span(amount)
    sign = -sign if isinstance(amount, int) and amount < 0 else sign
    _spend(span.days if span.business else 0)
    if isinstance(moment, datetime):
        return written(span.after(moment, _calendar.get(), sign)).partition(".")[0] + "Z"
    if span.seconds:
        raise ValueError(said("hours cannot be counted from a date, only days; from an instant, both"))
    if span.business:
        return _calendar.get().move(moment, sign * span.days).isoformat()
    return (moment + sign * timedelta(days=span.days)).isoformat()


def _plus(when: str, amount: str | int) -> str:
    return _moved(when, amount, 1)


def _minus(when: str, amount: str | int) -> str:
    return _moved(when, amount, -1)


def _day_of(when: str) -> str:
    return _day(_moment(when)).isoformat()


def _at(when: str, clock: str) -> str:
    try:
        then = time.fromisoformat(clock)
    except ValueError:
        raise ValueError(said("{text} is no time of day, like '09:00'", text=repr(clock[:_SHOWN]))) from None
    there = datetime.combine(_day(_moment(when)), then, _calendar.get().zone)
    return written(there).partition(".")[0] + "Z"


def _days_between(first: str, last: str) -> int:
    return (_day(_moment(last)) - _day(_moment(first))).days


def _workdays_between(first: str, last: str) -> int:
    start, end = _day(_moment(first)), _day(_moment(last))
    sign = 1 if start <= end else -1
    _spend((end - start).days)
    earlier, later = sorted((start, end))
    works = _calendar.get().works
    return sign * sum(works(earlier + timedelta(days=n)) for n in range(1, (later - earlier).days + 1))


def _seconds_between(first: str, last: str) -> int:
    start, end = _moment(first), _moment(last)
    if isinstance(start, datetime) and isinstance(end, datetime):
        return int((end - start).total_seconds())
    if isinstance(start, datetime) or isinstance(end, datetime):
        raise ValueError(said("one is a date and the other an instant: day_of(…) makes a date of an instant"))  # noqa: TRY004 - of texts
    return (end - start).days * _DAY


def _within(function: Callable[..., str | int]) -> Callable[..., str | int]:
    """*function*, for which dates that no calendar has are values that it cannot take."""

    def within(*given: str | int) -> str | int:
        try:
            return function(*given)
        except (OverflowError, CalendarError):
            raise ValueError(said("it is beyond what the calendar can say")) from None

    return within


FUNCTIONS: Final[Mapping[str, Callable[..., str | int]]] = {
    name: _within(function)
    for name, function in (
        ("plus", _plus), ("minus", _minus), ("at", _at), ("day_of", _day_of), ("days_between", _days_between),
        ("workdays_between", _workdays_between), ("seconds_between", _seconds_between),
    )
}  # fmt: skip
"""Name to function."""
OVERLOADS: Final[Mapping[str, tuple[str, ...]]] = {
    "plus": ("string string -> string", "string int -> string"),
    "minus": ("string string -> string", "string int -> string"),
    "at": ("string string -> string",),
    "day_of": ("string -> string",),
    "days_between": ("string string -> int",),
    "workdays_between": ("string string -> int",),
    "seconds_between": ("string string -> int",),
}
"""Name to the types that it takes and gives."""
SHAPES: Final[Mapping[str, str]] = {
    "plus": "plus(date, 'P5D')", "minus": "minus(date, 'P5D')", "at": "at(date, '09:00')", "day_of": "day_of(instant)",
    "days_between": "days_between(first, last)", "workdays_between": "workdays_between(first, last)",
    "seconds_between": "seconds_between(first, last)",
}  # fmt: skip
"""Name to how it is written."""

_CALLS: Final = re.compile(rf"\b({'|'.join(name for name in FUNCTIONS if name != 'seconds_between')})\s*\(")
"""All but one ask the calendar at least for its zone."""
_CALLED: Final = re.compile(
    rf"(?<![\w.])({'|'.join(FUNCTIONS)})\s*\(\s*(?:([a-z][\w.]*)|'[^']*'|\"[^\"]*\")\s*"
    r"(?:,\s*(?:([a-z][\w.]*)|('[^']*'|\"[^\"]*\"))\s*)?\)"
)
_MOMENTS: Final = frozenset({"date", "datetime"})


def counts(text: str) -> bool:
    """Whether the expression *text* may ask the calendar: never too little, because what was asked has to be recorded."""
    return _CALLS.search(bare(text)) is not None


def slips(text: str, kinds: Mapping[str, str]) -> Iterable[str]:
    """What can be seen to be wrong with the calls in the expression *text*, where names and plain texts are given.

    Args:
        text: the expression.
        kinds: dotted name to the type of its field, for the names that are fields.
    """
    for name, first, second, literal in (found.groups() for found in _CALLED.finditer(text)):
        moments = (first, second) if name.endswith("_between") else (first,)
        for given in moments:
            if given in kinds and kinds[given] not in _MOMENTS:
                yield said("{function} takes a date, and {name} is a {type}", function=name, name=given, type=kinds[given])
        if name in {"plus", "minus"}:
            if second in kinds and kinds[second] != "duration":
                kind = kinds[second]
                yield said("{function} takes a length of time, and {name} is a {type}", function=name, name=second, type=kind)
            yield from _no_length(name, literal, kinds.get(first or ""))
        if name == "at" and literal and not _clock(literal[1:-1]):
            yield said("{text} is no time of day, like '09:00'", text=literal)


def _no_length(name: str, literal: str | None, kind: str | None) -> Iterable[str]:
    if literal is None:
        return
    try:
        span = length(literal[1:-1])
    except ValueError:
        if literal[1:2] == "-":
            yield said("a length of time has no sign: {function} says in which direction", function=name)
        else:
            yield said("{text} is no length of time, like 'P5D', 'PT24H' or '2 business days'", text=literal)
        return
    if kind == "date" and span.seconds:
        yield said("{text} has hours, and a date has none; at(…) makes an instant of a date", text=literal)


def _clock(text: str) -> bool:
    try:
        return time.fromisoformat(text).tzinfo is None
    except ValueError:
        return False
