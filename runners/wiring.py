"""The one composition root: settings in, a working application out."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from runners.clock import Clock, Ids, SystemClock
from runners.settings import Settings
from runners.store.database import Database, open_database

if TYPE_CHECKING:
    from datetime import tzinfo

    from engine.calendar import Calendar
    from runners.kpis import Kpis
    from runners.library import Library
    from runners.overview import Overview
    from runners.permissions import Reader
    from runners.planning import Planner
    from runners.publishing import Publisher
    from runners.runner import Runner
    from runners.schedules import Scheduler
    from runners.views import Views


class App:
    """Everything a door needs; each part is loaded when it is first asked for, because most commands need few.

    Attributes:
        settings: as they were read.
        database: where runs are.
        clock: tells the time.
    """

    def __init__(self, settings: Settings, database: Database, clock: Clock, ids: Ids) -> None:
        self.settings = settings
        self.database = database
        self.clock = clock
        self._ids = ids

    @cached_property
    def library(self) -> "Library":
        """What runs are decided by."""
        from runners.library import Library

        folders = self.settings.library
        left = [folder for folder in self.settings.definitions if folder not in folders]
        return Library(self.database, folders, self.clock, self.settings.person or "", left=left)

    @cached_property
    def publisher(self) -> "Publisher":
        """The versions of definitions."""
        from runners.publishing import Publisher

        return Publisher(self.database, self.library, self.clock, self._ids, self.settings.person_origin)

    @cached_property
    def reader(self) -> "Reader":
        """Who looks: what may not be read is shown nowhere."""
        from runners.permissions import Reader

        return Reader(self.settings.person or "", self.clock)

    @cached_property
    def runner(self) -> "Runner":
        """The one way to change anything."""
        from runners.runner import Runner

        calendar = calendar_of(self.settings)
        return Runner(self.database, self.library, self.clock, self._ids, calendar, auth=self.settings.person_origin)

    @cached_property
    def scheduler(self) -> "Scheduler":
        """Starts what is due by itself."""
        from runners.schedules import Scheduler

        return Scheduler(
            self.database, self.library, self.clock, self.runner, languages=self.settings.languages, ids=self._ids,
            auth=self.settings.person_origin,
        )  # fmt: skip

    @cached_property
    def planner(self) -> "Planner":
        """The calendar."""
        from runners.planning import Planner

        return Planner(self.database, self.library, self.reader, zone_of(self.settings.zone), self.settings.languages)

    @cached_property
    def kpis(self) -> "Kpis":
        """The figures that SOPs are judged by."""
        from runners.kpis import Kpis

        return Kpis(self.database, self.library, self.reader, zone_of(self.settings.zone))

    @cached_property
    def overview(self) -> "Overview":
        """Reading over many runs at once."""
        from runners.overview import Overview

        return Overview(self.database, self.reader)

    @cached_property
    def views(self) -> "Views":
        """Everything that can be read."""
        from runners.views import Views

        return Views(self.database, lambda: self.library, self.clock, self.reader)


def zone_of(name: str) -> "tzinfo":
    """The zone of an IANA name."""
    from datetime import UTC

    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)


def calendar_of(settings: Settings) -> "Calendar":
    """The calendar that the settings describe."""
    from datetime import date

    from engine.calendar import Calendar

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
        yield App(settings, database, clock, ids)
    finally:
        database.close()
