"""Times as people write and read them. Machines get RFC 3339 in UTC."""

import re
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final

from runners.tongue import marked, spoken

_AWAY: Final = re.compile(r"([+-]\d{1,6})(s|m|h|d|w)")
_UNITS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_DAYS: Final = {"yesterday": -1, "today": 0, "tomorrow": 1}
_RELATIVE: Final = {-1: marked("yesterday {time}"), 0: marked("today {time}"), 1: marked("tomorrow {time}")}
_WEEKDAYS: Final = (
    marked("Mon"), marked("Tue"), marked("Wed"), marked("Thu"), marked("Fri"), marked("Sat"), marked("Sun"),
)  # fmt: skip
_MONTHS: Final = (
    marked("Jan"), marked("Feb"), marked("Mar"), marked("Apr"), marked("May"), marked("Jun"),
    marked("Jul"), marked("Aug"), marked("Sep"), marked("Oct"), marked("Nov"), marked("Dec"),
)  # fmt: skip
EXPECTED: Final = "2026-11-22, 2026-11-22T14:00+01:00, yesterday 17:00, -2d or +3d"


def written(at: datetime) -> str:
    """*at* as the history writes it: UTC with microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse(text: str, now: str, zone: tzinfo, *, end: bool = False) -> str:
    """The instant that *text* means, as the history writes it.

    Args:
        text: a day, an instant with or without offset, ``yesterday 17:00``, ``-2d`` for two days ago, or ``+3d``.
        now: the instant, RFC 3339.
        zone: where days and times without offset are.
        end: a day means its end, not its beginning.

    Raises:
        ValueError: it means none.
    """
    text = text.strip()
    here = datetime.fromisoformat(now).astimezone(zone)
    try:
        if match := _AWAY.fullmatch(text):
            return written(here + timedelta(seconds=int(match[1]) * _UNITS[match[2]]))
        word, _, clock = text.partition(" ")
        if word in _DAYS:
            day, clock = (here + timedelta(days=_DAYS[word])).date(), clock.strip()
            return written(datetime.combine(day, _clock(clock, end=end), zone))
        found = datetime.fromisoformat(text)
        if len(text) <= len("2026-11-22"):
            return written(datetime.combine(found.date(), _clock("", end=end), zone))
        return written(found if found.tzinfo else found.replace(tzinfo=zone))
    except (ValueError, OverflowError):
        raise ValueError(f"a time like {EXPECTED}") from None


def _clock(text: str, *, end: bool) -> time:
    if text:
        return time.fromisoformat(text)
    return time(23, 59, 59, 999_999) if end else time()


def shown(at: str, now: str, zone: tzinfo, *, full: bool = False) -> str:
    """The instant *at* as a person in *zone* reads it at *now*: ``today 17:00``, ``Fri 27 Nov``, ``27 Nov 2027``.

    Args:
        at: RFC 3339; empty gives an empty text.
        now: the instant, RFC 3339.
        zone: the reader's.
        full: always day and time, with the zone.
    """
    if not at:
        return ""
    there, here = datetime.fromisoformat(at).astimezone(zone), datetime.fromisoformat(now).astimezone(zone)
    if full:
        return there.strftime("%Y-%m-%d %H:%M:%S %Z")
    days = (there.date() - here.date()).days
    if days in _RELATIVE:
        return spoken(_RELATIVE[days], time=f"{there:%H:%M}")
    near = abs(days) <= 180  # noqa: PLR2004 - half a year: beyond that the day of the week says nothing and the year does
    if near:
        return day(there)
    return spoken("{day} {month} {year}", day=there.day, month=spoken(_MONTHS[there.month - 1]), year=there.year)


def day(at: datetime) -> str:
    """The day of *at*, where it is: ``Fri 27 Nov``."""
    names = {"weekday": spoken(_WEEKDAYS[at.weekday()]), "month": spoken(_MONTHS[at.month - 1])}
    return spoken("{weekday} {day} {month}", day=at.day, **names)


def zone_of(name: str) -> tzinfo:
    """The zone called *name*; UTC costs nothing."""
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)
