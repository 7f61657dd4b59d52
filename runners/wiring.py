"""The one composition root: settings in, a working application out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, tzinfo

from engine.calendar import Calendar
from runners.clock import Clock, Ids, SystemClock
from runners.library import Library
from runners.runner import Runner
from runners.settings import Settings
from runners.store.database import Database, open_database
from runners.views import Views


@dataclass(frozen=True, slots=True)
class App:
    """Everything a door needs.

    Attributes:
        settings: as they were read.
        database: where runs are.
        library: what they are decided by.
        runner: the one way to change anything.
        views: everything that can be read.
        clock: tells the time.
    """

    settings: Settings
    database: Database
    library: Library
    runner: Runner
    views: Views
    clock: Clock


def zone_of(name: str) -> tzinfo:
    """The zone of an IANA name."""
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)


def calendar_of(settings: Settings) -> Calendar:
    """The calendar that the settings describe."""
    return Calendar(
        zone_of(settings.zone), settings.zone, settings.weekend,
        frozenset(date.fromisoformat(day) for day in settings.holidays),
        frozenset(date.fromisoformat(day) for day in settings.workdays),
    )  # fmt: skip


@contextmanager
def open_app(settings: Settings, *, create: bool = False, clock: Clock | None = None, ids: Ids | None = None) -> Iterator[App]:
    """The application of *settings*; its database is closed at the end of the block.

    Args:
        settings: as they were read.
        create: make the database where there is none.
        clock: another clock, for tests and demonstrations.
        ids: other chance, for tests.

    Raises:
        StoreError: there is no database, or it cannot be used.
    """
    clock = clock or SystemClock()
    ids = ids or Ids()
    database = open_database(settings.database, create=create, ids=ids)
    try:
        library = Library(database, settings.definitions, clock)
        runner = Runner(database, library, clock, ids, calendar_of(settings), auth=settings.person_origin)
        yield App(settings, database, library, runner, Views(database, library, clock), clock)
    finally:
        database.close()
