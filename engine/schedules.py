"""When a schedule starts a run: the instants of a cron expression on the wall clock of its zone, and what was missed.

Instants never run backwards and none comes twice. Where the clock is set forward, what falls into the hour that is not there
comes as soon as it is over; where it is set back, an hour of the day that comes twice counts once (as Debian's cron does).
The same instants come out wherever and whenever they are computed again: zone and time are arguments.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, Final

from engine.frozen import frozen
from engine.text import said
from engine.timers import instant, written

if TYPE_CHECKING:
    from engine.procedure import Document

ONCE, ALL, SKIP = "once", "all", "skip"
"""What happens with instants at which nobody looked: one run for all of them, one for each, or none."""
REGULAR: Final = "regular"
"""What a schedule without a name is called."""
GRACE: Final = timedelta(hours=1)
"""How late a schedule that skips what was missed may start."""
_BAD: Final = {
    "Wrong number of fields": said("it has not five fields"), "Bad minute": said("the minute is wrong"),
    "Bad hour": said("the hour is wrong"), "Bad day-of-month": said("the day of the month is wrong, or never comes"),
    "Bad month": said("the month is wrong"), "Bad day-of-week": said("the day of the week is wrong"),
}  # fmt: skip
"""What the library says of an expression, in our words."""
_WINDOWS: Final = tuple(timedelta(hours=hours) for hours in (1, 24, 24 * 32, 24 * 400))
"""How far to look back for the last instant, so that a year of hourly ones is not walked through."""


class CronError(ValueError):
    """The expression says no instants, or none that ever comes."""


def zone_of(name: str) -> tzinfo:
    """The zone of an IANA name. Raises ValueError."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError) as error:  # OSError: the name of a folder of zones
        raise ValueError(name) from error


def named(document: "Document") -> dict[str, Mapping[str, Any]]:
    """The schedules of a canonical document by their ids."""
    return {schedule.get("id", REGULAR): schedule for schedule in document.get("schedule", ())}


def following(cron: str, zone: tzinfo, at: datetime) -> Iterator[datetime]:
    """Every instant after *at*, in UTC, in order and without end.

    Raises:
        CronError: *cron* is none, or there is no instant within fifty years.
    """
    from cronsim import CronSim, CronSimError

    try:
        found = CronSim(cron, at.astimezone(zone))
    except CronSimError as error:
        raise CronError(_BAD.get(str(error), said("it cannot be read"))) from error
    last = at
    while True:
        try:
            there = next(found).astimezone(UTC)
        except (StopIteration, OverflowError, ValueError) as error:  # the calendar of Python ends with the year 9999
            raise CronError(said("it never comes")) from error
        if there > last:  # two times of the wall clock may be one instant, or one that was before
            last = there
            yield there


def after(cron: str, zone: tzinfo, at: datetime) -> datetime:
    """The first instant after *at*. Raises CronError."""
    return next(following(cron, zone, at))


def _last(cron: str, zone: tzinfo, first: datetime, now: datetime) -> datetime:
    """The last instant up to *now*; *first* is one."""
    for window in _WINDOWS:
        if now - window <= first:
            break
        found = after(cron, zone, now - window)
        if found <= now:
            first = found
            break
    rest = following(cron, zone, first)
    while (there := next(rest)) <= now:
        first = there
    return first


@frozen
class Due:
    """What a schedule does now.

    Attributes:
        start: the instant that a run is started for; None where all that was missed is skipped.
        next: the instant after that.
    """

    start: datetime | None
    next: datetime


def due(schedule: Mapping[str, Any], first: datetime, now: datetime) -> Due | None:
    """What *schedule* does at *now*, if anything; *first* is its instant that was not yet looked at.

    ``once`` starts for the last instant up to now and is done with all before it; ``all`` starts for the first and goes on with
    the one after it; ``skip`` starts for the last if it is no more than :data:`GRACE` ago.
    """
    if first > now:
        return None
    cron, zone = schedule["cron"], zone_of(schedule["zone"])
    missed = schedule.get("missed", ONCE)
    start = first if missed == ALL else _last(cron, zone, first, now)
    kept = start if missed != SKIP or now - start <= GRACE else None
    return Due(kept, after(cron, zone, start))


@frozen
class Standing:
    """What is kept of a schedule: how it was written when it was last looked at, and its next instant (None: it is off)."""

    cron: str
    zone: str
    next: datetime | None
    last: datetime | None = None


def standing(schedule: Mapping[str, Any], before: Standing | None, since: datetime, now: datetime) -> Standing:
    """How *schedule* stands from now on.

    A schedule that is new begins after *since*; one that was off begins after *now*. One that was written anew keeps an
    instant that had come before; whatever it does next is by the new words.

    Args:
        schedule: as it is written now.
        before: what is kept of it; None where nothing is.
        since: from when on the words hold: when the version was taken in.
        now: the instant.
    """
    cron, zone = schedule["cron"], zone_of(schedule["zone"])
    if before is None:
        return Standing(cron, schedule["zone"], after(cron, zone, since))
    if before.next is None:
        return Standing(cron, schedule["zone"], after(cron, zone, now), before.last)
    if (before.cron, before.zone) == (cron, schedule["zone"]) or before.next <= since:
        return Standing(cron, schedule["zone"], before.next, before.last)
    return Standing(cron, schedule["zone"], after(cron, zone, max(since, before.last or since)), before.last)


def coming(schedule: Mapping[str, Any], first: str, until: str) -> Iterator[str]:
    """The instants of *schedule* from its instant *first* until *until*, as the history writes them."""
    there, end = instant(first), instant(until)
    rest = following(schedule["cron"], zone_of(schedule["zone"]), there)
    while there <= end:
        yield written(there)
        there = next(rest)
