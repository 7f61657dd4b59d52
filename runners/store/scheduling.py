"""The table of schedules: when each starts the next run, and what became of the last."""

from typing import Any, Final

from sqlalchemy import Index, Table, select, text
from sqlalchemy import update as change

from runners.store.statements import is_, parameter, upsert
from runners.store.tables import _ORDERED as ORDERED
from runners.store.tables import Stored
from runners.store.tables import _text as text_


class Schedule(Stored, table=True):
    """A schedule of an SOP. ``next_at`` is empty while it is off: paused, or no longer written in the version in use.

    ``cron`` and ``zone`` are those that ``next_at`` was computed with. ``trouble`` holds, as JSON, why the start that is due
    was refused. ``set_by`` is who paused or resumed it last.
    """

    __tablename__ = "sop_schedule"
    __table_args__ = (
        Index(
            "sop_schedule_due", "next_at", "sop", "id", sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
        ORDERED,
    )  # fmt: skip
    sop: str = text_(key=True)
    id: str = text_(key=True)
    fingerprint: str = text_()
    cron: str = text_()
    zone: str = text_()
    next_at: str | None = text_(null=True)
    last_at: str | None = text_(null=True)
    last_run: str | None = text_(null=True)
    trouble: str | None = text_(null=True)
    paused_at: str | None = text_(null=True)
    set_by: str | None = text_(null=True)


_SCHEDULE: Final[Table] = Stored.metadata.tables["sop_schedule"]

QUERIES: Final[dict[str, Any]] = {
    "schedules_all": select(_SCHEDULE).order_by(_SCHEDULE.c.sop, _SCHEDULE.c.id),
    "schedule_by_id": select(_SCHEDULE).where(*is_(_SCHEDULE, "sop", "id")),
    "schedule_upsert": upsert(_SCHEDULE, "sop", "id"),
    "schedules_due": select(_SCHEDULE)
    .where(_SCHEDULE.c.next_at.is_not(None), _SCHEDULE.c.next_at <= parameter("now"))
    .order_by(_SCHEDULE.c.next_at, _SCHEDULE.c.sop, _SCHEDULE.c.id)
    .limit(parameter("limit")),
    # Whoever looks at it alone starts the run; others go past it.
    "schedule_to_start": select(_SCHEDULE)
    .where(*is_(_SCHEDULE, "sop", "id"), _SCHEDULE.c.next_at.is_not(None), _SCHEDULE.c.next_at <= parameter("now"))
    .with_for_update(skip_locked=True),
    "schedule_trouble": change(_SCHEDULE)
    .values(trouble=parameter("trouble"))
    .where(*is_(_SCHEDULE, "sop", "id"), _SCHEDULE.c.next_at == parameter("expected")),
}
"""``queries`` takes these in."""
