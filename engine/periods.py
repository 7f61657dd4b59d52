"""What a schedule writes into titles and fields: ``{date}``, ``{month-1}``, ``{quarter.end}``, from the instant that it starts for.

A name in braces is a day or a period, seen in the zone of the schedule; ``+N`` and ``-N`` move it by so many of its own kind;
``.start`` and ``.end`` are the first and the last day of a period. ``{at}`` is the instant itself, moved by hours or minutes.

The same periods bound what is counted: :func:`window` and :func:`around`.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from engine.frozen import frozen
from engine.timers import seconds, written
from engine.values import Value

_BRACES: Final = re.compile(r"\{([^{}]*)\}")
_PERIOD: Final = re.compile(r"(date|week|month|quarter|year)([+-]\d{1,3})?(?:\.(start|end))?")
_INSTANT: Final = re.compile(r"at(?:([+-]\d{1,4})(h|min))?")
_CALLED: Final = re.compile(r"([0-9]{4})(?:-(?:Q([1-4])|W([0-9]{2})|([0-9]{2})(?:-([0-9]{2}))?))?")
_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}
NAMES: Final = ("date", "week", "month", "quarter", "year", "at")


def unknown(text: str) -> Iterator[str]:
    """Every name in braces in *text* that means nothing, braces that are left over among them."""
    for found in _BRACES.finditer(text):
        period = _PERIOD.fullmatch(found[1])
        if (period is None or (period[1] == "date" and period[3])) and not _INSTANT.fullmatch(found[1]):
            yield found[0]
    rest = _BRACES.sub("", text)
    if "{" in rest or "}" in rest:
        yield "{" if "{" in rest else "}"


def filled(value: Value, at: datetime, zone: tzinfo) -> Value:
    """*value* with every name in braces replaced; lists item by item, other values as they are.

    Args:
        value: as it stands in a schedule; without unknown names.
        at: the instant that is started for.
        zone: the zone of the schedule.
    """
    if isinstance(value, list | tuple):
        return [filled(item, at, zone) for item in value]
    if not isinstance(value, str):
        return value
    return _BRACES.sub(lambda found: _one(found[1], at, zone), value)


def _one(name: str, at: datetime, zone: tzinfo) -> str:
    if moved := _INSTANT.fullmatch(name):
        there = at.astimezone(UTC) + int(moved[1] or 0) * timedelta(hours=1 if moved[2] == "h" else 0, minutes=moved[2] == "min")
        return there.strftime("%Y-%m-%dT%H:%M:%SZ")
    found = _PERIOD.fullmatch(name)
    assert found is not None  # noqa: S101 - the definition was checked
    kind, number, edge = found[1], int(found[2] or 0), found[3]
    day = at.astimezone(zone).date()
    if kind == "date":
        return (day + timedelta(days=number)).isoformat()
    start, end = _week(day, number) if kind == "week" else _months(day, kind, number)
    return (start if edge == "start" else end).isoformat() if edge else _called(kind, start)


def _week(day: date, number: int) -> tuple[date, date]:
    start = day - timedelta(days=day.weekday()) + timedelta(weeks=number)
    return start, start + timedelta(days=6)


def _months(day: date, kind: str, number: int) -> tuple[date, date]:
    long = _MONTHS[kind]
    first = (day.year * 12 + day.month - 1) // long * long + number * long
    return _first(first), _first(first + long) - timedelta(days=1)


def _first(months: int) -> date:
    """The first day of a month, counted from the year 0."""
    return date(months // 12, months % 12 + 1, 1)


def _called(kind: str, start: date) -> str:
    if kind == "week":
        year, week, _ = start.isocalendar()
        return f"{year}-W{week:02d}"
    if kind == "quarter":
        return f"{start.year}-Q{(start.month + 2) // 3}"
    return f"{start:%Y-%m}" if kind == "month" else f"{start:%Y}"


@frozen
class Window:
    """A stretch of time.

    Attributes:
        name: what people call it: ``2026-11``, ``2026-Q4``, ``P30D``.
        start: its first instant, as the history writes it.
        end: the first instant after it.
    """

    name: str
    start: str
    end: str


def window(text: str, now: datetime, zone: tzinfo) -> Window:
    """The stretch that *text* means: ``2026``, ``2026-Q4``, ``2026-11``, ``2026-W48``, ``2026-11-22``, or ``P30D`` until *now*.

    Raises:
        ValueError: it means none.
    """
    try:
        found = _CALLED.fullmatch(text)
        return _between(text, *_days(found), zone) if found else _last(text, now)
    except OverflowError as error:
        raise ValueError(str(error)) from None


def _days(found: re.Match[str]) -> tuple[date, date]:
    """The first and the last day of a period by its name."""
    year, quarter, week, month, day = (None if part is None else int(part) for part in found.groups())
    assert year is not None  # noqa: S101 - for the reader of types
    if week is not None:
        return _week(date.fromisocalendar(year, week, 1), 0)
    if day is not None and month is not None:
        only = date(year, month, day)
        return only, only
    if quarter is not None:
        return _months(date(year, quarter * 3, 1), "quarter", 0)
    return _months(date(year, 1 if month is None else month, 1), "year" if month is None else "month", 0)


def around(period: str, at: datetime, zone: tzinfo) -> Window | None:
    """The stretch of a *period* (``week``, ``month``, ``quarter``, ``year``, ``P30D``) that *at* falls into, or that ends with it.

    None for other words: ``run`` is no stretch of time.
    """
    day = at.astimezone(zone).date()
    if period == "week" or period in _MONTHS:
        start, end = _week(day, 0) if period == "week" else _months(day, period, 0)
        return _between(_called(period, start), start, end, zone)
    try:
        return _last(period, at + timedelta(microseconds=1)) if period.startswith("P") else None
    except (ValueError, OverflowError):
        return None


def stretches(period: str) -> bool:
    """Whether a *period* holds several runs: ``week``, ``month``, ``quarter``, ``year``, ``P30D``; ``run`` does not."""
    return around(period, datetime(2000, 1, 1, tzinfo=UTC), UTC) is not None


def _between(name: str, first: date, last: date, zone: tzinfo) -> Window:
    midnight = [datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1))]
    return Window(name, written(midnight[0]), written(midnight[1]))


def _last(text: str, end: datetime) -> Window:
    return Window(text, written(end - timedelta(seconds=seconds(text))), written(end))
