"""Lists among many runs: what a person looks at every morning costs the same among a thousand and among a million."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from runners.clock import SystemClock
from runners.library import Library
from runners.store.database import Database, open_database
from runners.views import Views

if TYPE_CHECKING:
    from tests.benchmarks.conftest import Compared, Figures

pytestmark = pytest.mark.benchmark

FEW = 1_000
MANY = int(os.environ.get("SOP_BENCHMARK_RUNS", "100000"))
"""A million takes some minutes and a gigabyte: SOP_BENCHMARK_RUNS=1000000."""
OPEN = 20
"""One run of so many is open."""
MINE = 20
"""An inbox does not grow with the runs of everybody: one person has as many tasks among a thousand as among a million."""
ROUNDS = 200


def instant(number: int) -> str:
    """Some instant of 2025, later for larger numbers."""
    at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=7 * number, microseconds=number % 1_000_000)
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")


def runs(count: int) -> Iterator[tuple[Any, ...]]:
    """Rows of runs."""
    for number in range(count):
        open_ = number % OPEN == 0
        at = instant(number)
        yield (
            f"SED-{number}", 3, b"\0" * 32, "seeded", "1.0.0", "f" * 64, f"Run {number}", "open" if open_ else "ended",
            None if open_ else "done", "p_lead", at, "p_lead", at if open_ else None, None if open_ else at, None, 0,
            int(open_), b"{}",
        )  # fmt: skip


def tasks(count: int) -> Iterator[tuple[Any, ...]]:
    """Three finished tasks of every run, and one that is open: mine, or somebody's, or offered to a team."""
    for number in range(count):
        at, open_ = instant(number), number % OPEN == 0
        for no in (1, 2, 3):
            yield f"SED-{number}", no, "brief", "brief", "task", "writer", 1, "p_me", "[]", at, at, at, at, "done"
        if open_:
            turn = number // OPEN
            owner = "p_me" if turn < MINE else None if turn % 2 else f"p_{turn % 997}"
            yield f"SED-{number}", 4, "draft", "draft", "task", "writer", 1, owner, "[]", at, at, at, None, None


def offers(count: int) -> Iterator[tuple[str, str, str, int]]:
    """Who may take the open tasks without owner: a few are offered to my team, the others to other teams."""
    for number in range(0, count, OPEN):
        turn = number // OPEN
        if turn >= MINE and turn % 2:
            team = "team:mine" if turn < 3 * MINE else f"team:t{turn % 997}"
            yield team, instant(number), f"SED-{number}", 4


def seeded(path: Path, count: int) -> Database:
    """A database with so many runs, written in bulk; their histories are not what is measured."""
    database = open_database(f"sqlite:///{path}", create=True)
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA synchronous=off")
    raw.execute("BEGIN")
    raw.execute("INSERT INTO sop_definition VALUES (?, 'seeded', '1.0.0', x'00', x'00', '2025-01-01', NULL, NULL)", ("f" * 64,))
    raw.execute("INSERT INTO sop_person (id, handle, name, active) VALUES ('p_me', 'me', 'Me', 1)")
    raw.execute("INSERT INTO sop_team (id, name) VALUES ('mine', 'Mine')")
    raw.execute("INSERT INTO sop_member (team, person) VALUES ('mine', 'p_me')")
    for table, rows in (("sop_run", runs(count)), ("sop_task", tasks(count)), ("sop_offer", offers(count))):
        columns = [name for _, name, *_ in raw.execute(f"PRAGMA table_info({table})")]
        raw.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(columns))})", rows)  # noqa: S608 - our own names
    raw.execute("COMMIT")
    raw.execute("ANALYZE")
    raw.close()
    return database


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Views]]:
    """Views of many runs and of few."""
    folder = tmp_path_factory.mktemp("lists")
    databases = [seeded(folder / f"{count}.db", count) for count in (MANY, FEW)]
    clock = SystemClock()
    yield [Views(database, partial(Library, database, [], clock), clock) for database in databases]
    for database in databases:
        database.close()


LISTS: dict[str, Callable[[Views], list[Any]]] = {
    "inbox": lambda views: views.inbox("p_me"),
    "open runs": lambda views: views.runs("open"),
    "overdue runs": lambda views: views.runs("overdue"),
}


@pytest.mark.parametrize("name", LISTS)
def test_lists_do_not_grow(both: list[Views], series: "Compared", figure: "Figures", name: str) -> None:
    """The first page, warm, the order turned every time."""
    for number in range(ROUNDS):
        pair = [(series.ours, both[0]), (series.reference, both[1])]
        for times, views in pair if number % 2 else reversed(pair):
            begun = time.perf_counter()
            lines = LISTS[name](views)
            times.append(time.perf_counter() - begun)
            assert len(lines) >= MINE
    figure(f"{name} among {MANY:,} runs against {FEW:,}", series.ratio, 2, told=series.told())
