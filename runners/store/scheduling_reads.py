"""What is read of schedules, and written to them. A small table: one line for each schedule of the SOPs in use."""

from typing import Final, NamedTuple

from engine import limits
from runners.store.database import Statement, Unit

LOOKED: Final = "schedules"
"""Name of the fact about the database that says with which definitions its schedules were last compared."""
SINCE: Final = "schedules_since"
"""Name of the fact that says when schedules were looked at for the first time."""


class ScheduleRow(NamedTuple):
    """A schedule; the columns of ``sop_schedule``."""

    sop: str
    id: str
    fingerprint: str
    cron: str
    zone: str
    next_at: str | None = None
    last_at: str | None = None
    last_run: str | None = None
    trouble: str | None = None
    paused_at: str | None = None
    set_by: str | None = None


def schedules(unit: Unit) -> list[ScheduleRow]:
    """Every schedule, those too that are off, in the order of SOPs and ids."""
    return [ScheduleRow(*row) for row in unit.all("schedules_all")]


def schedule(unit: Unit, sop: str, name: str) -> ScheduleRow | None:
    """One schedule."""
    row = unit.one("schedule_by_id", sop=sop, id=name)
    return None if row is None else ScheduleRow(*row)


def schedules_due(unit: Unit, now: str, *, limit: int = limits.PAGE_ROWS) -> list[ScheduleRow]:
    """Schedules that are due, the longest first."""
    return [ScheduleRow(*row) for row in unit.all("schedules_due", now=now, limit=limit)]


def schedule_to_start(unit: Unit, sop: str, name: str, now: str) -> ScheduleRow | None:
    """A schedule that is due and that nobody else has in hand; this caller's alone until the writing transaction ends."""
    row = unit.one("schedule_to_start", sop=sop, id=name, now=now)
    return None if row is None else ScheduleRow(*row)


def save_schedules(unit: Unit, *found: ScheduleRow) -> None:
    """Adds schedules or replaces them."""
    unit.batch([Statement("schedule_upsert", [row._asdict() for row in found])])


def keep_trouble(unit: Unit, row: ScheduleRow, trouble: str) -> None:
    """Says why the start was refused that *row* is due for, unless it was started meanwhile."""
    unit.run("schedule_trouble", sop=row.sop, id=row.id, expected=row.next_at, trouble=trouble)


def looked(unit: Unit) -> str:
    """What schedules were last compared with; empty before the first time."""
    row = unit.one("meta_by_key", key=LOOKED)
    return "" if row is None else str(row[0])


def since(unit: Unit) -> str:
    """When schedules were looked at for the first time; empty before."""
    row = unit.one("meta_by_key", key=SINCE)
    return "" if row is None else str(row[0])


def remember(unit: Unit, mark: str, first: str) -> None:
    """Keeps what schedules were compared with, and when that was done for the first time."""
    unit.batch([Statement("meta_upsert", [{"key": LOOKED, "value": mark}, {"key": SINCE, "value": first}])])
