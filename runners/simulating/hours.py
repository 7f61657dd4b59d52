"""Working hours: when somebody can begin, and when so much work is done. Instants are whole seconds since 1970."""

from datetime import date, datetime, time, timedelta
from typing import Final

from engine.calendar import Calendar, CalendarError
from runners.tongue import spoken

_DAY: Final = timedelta(days=1)
_LONGEST: Final = 3_700
"""Days that are looked through for one on which people work; beyond that it is no calendar."""


class Hours:
    """The hours in which people work.

    Args:
        calendar: says where the days are counted, and which of them are free.
        opens: second of the day at which work begins.
        closes: second of the day at which it ends.
        every_day: people work on weekends and holidays too.
    """

    def __init__(self, calendar: Calendar, opens: int = 9 * 3_600, closes: int = 18 * 3_600, *, every_day: bool = False) -> None:
        self.calendar = calendar
        self._opens, self._closes, self._every_day = opens, closes, every_day
        self._known: dict[date, tuple[int, int] | None] = {}

    def _of(self, day: date) -> tuple[int, int] | None:
        """The instants between which people work on *day*; None for a free one."""
        if day not in self._known:
            works = self._every_day or self.calendar.works(day)
            midnight = int(datetime.combine(day, time(), self.calendar.zone).timestamp()) if works else 0
            self._known[day] = (midnight + self._opens, midnight + self._closes) if works else None
        return self._known[day]

    def _next(self, at: int) -> tuple[int, int, date]:
        """The first instant from *at* at which people work, the end of that day's work, and the day. Raises CalendarError."""
        day = datetime.fromtimestamp(at, self.calendar.zone).date()
        for _ in range(_LONGEST):
            found = self._of(day)
            if found and at < found[1]:
                return max(at, found[0]), found[1], day
            day += _DAY
        raise CalendarError(spoken("nobody works within {count} days of {day}", count=_LONGEST, day=day))

    def opening(self, at: int) -> int:
        """The first instant from *at* on at which people work."""
        return self._next(at)[0]

    def after(self, at: int, seconds: int) -> int:
        """When *seconds* of work that begin at *at*, or when people come, are done."""
        begins, ends, _ = self._next(at)
        while begins + seconds > ends:
            seconds -= ends - begins
            begins, ends, _ = self._next(ends)
        return begins + seconds
