"""Working days. A calendar is an argument: the same due date comes out whenever and wherever it is computed again.

Hours and minutes count on the clock, in UTC, so that 24 hours are 24 hours across a change to summer time. Days count on
the wall of the calendar's zone. Business days skip weekends and holidays; make-up working days count (reference A8).
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from engine.frozen import frozen
from engine.values import Value

_DAY = timedelta(days=1)
_LONGEST = 3_700
"""Days that a search for business days may take: ten years of nothing but holidays is a mistake, not a calendar."""


class CalendarError(Exception):
    """The calendar has no business day within ten years."""


@frozen
class Calendar:
    """Which days are worked.

    Attributes:
        zone: where the days are counted.
        weekend: ISO weekdays (Monday is 1) that are free.
        holidays: days that are free all the same.
        workdays: days that are worked all the same (make-up days).
    """

    zone: tzinfo = UTC
    zone_name: str = "UTC"
    weekend: frozenset[int] = frozenset({6, 7})
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        """Whether *day* is a business day."""
        return day in self.workdays or (day.isoweekday() not in self.weekend and day not in self.holidays)

    def shift(self, at: datetime, days: int, *, business: bool) -> datetime:
        """*at* moved by *days* on the wall clock of the zone; with *business*, only business days count."""
        local = at.astimezone(self.zone)
        day = self.move(local.date(), days) if business else local.date() + days * _DAY
        return datetime.combine(day, local.time(), self.zone).astimezone(UTC)

    def move(self, day: date, days: int) -> date:
        """The business day so many business days after *day*, or before it where *days* are negative.

        Raises:
            CalendarError: there is none within ten years.
        """
        start, step = day, _DAY if days >= 0 else -_DAY
        left = abs(days)
        for _ in range(_LONGEST):
            if left == 0 and self.works(day):
                return day
            day += step
            left -= self.works(day) and left > 0
        raise CalendarError(f"no business day within {_LONGEST} days of {start}")

    def end_of(self, day: date) -> datetime:
        """The last second of *day*, in UTC."""
        return datetime.combine(day, time(23, 59, 59), self.zone).astimezone(UTC)

    def plain(self) -> dict[str, Value]:
        """The calendar as plain data, for the record."""
        return {
            "zone": self.zone_name,
            "weekend": sorted(self.weekend),
            "holidays": sorted(day.isoformat() for day in self.holidays),
            "workdays": sorted(day.isoformat() for day in self.workdays),
        }


def from_plain(plain: Mapping[str, Value], zone: tzinfo) -> Calendar:
    """The calendar that ``plain`` describes; *zone* is the zone object of its name."""

    def days(texts: Iterable[str]) -> frozenset[date]:
        return frozenset(date.fromisoformat(text) for text in texts)

    return Calendar(zone, plain["zone"], frozenset(plain["weekend"]), days(plain["holidays"]), days(plain["workdays"]))
