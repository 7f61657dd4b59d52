"""Times as people write and read them. Machines get RFC 3339 in UTC."""

import re
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final

_AGO: Final = re.compile(r"-(\d{1,6})(s|m|h|d|w)")
_UNITS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_DAYS: Final = {"yesterday": -1, "today": 0, "tomorrow": 1}
EXPECTED: Final = "2026-11-22, 2026-11-22T14:00+01:00, yesterday 17:00 or -2d"


def written(at: datetime) -> str:
    """*at* as the history writes it: UTC with microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse(text: str, now: str, zone: tzinfo, *, end: bool = False) -> str:
    """The instant that *text* means, as the history writes it.

    Args:
        text: a day, an instant with or without offset, ``yesterday 17:00``, or ``-2d`` for two days ago.
        now: the instant, RFC 3339.
        zone: where days and times without offset are.
        end: a day means its end, not its beginning.

    Raises:
        ValueError: it means none.
    """
    text = text.strip()
    here = datetime.fromisoformat(now).astimezone(zone)
    try:
        if match := _AGO.fullmatch(text):
            return written(here - timedelta(seconds=int(match[1]) * _UNITS[match[2]]))
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
    for word, distance in _DAYS.items():
        if days == distance:
            return f"{word} {there:%H:%M}"
    near = abs(days) <= 180  # noqa: PLR2004 - half a year: beyond that the day of the week says nothing and the year does
    return there.strftime("%a %d %b").replace(" 0", " ") if near else there.strftime("%d %b %Y").lstrip("0")


def zone_of(name: str) -> tzinfo:
    """The zone called *name*; UTC costs nothing."""
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)
