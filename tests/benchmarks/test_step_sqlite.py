"""A durable step on SQLite against the raw driver that writes the same rows: on disk, and in memory where only the CPU counts.

The raw step is what any program has to do that keeps these promises: BEGIN IMMEDIATE, read the run, write the record as
canonical JSON, hash it, write every row that the step changes, COMMIT with one sync. Its statements and rows are those of
our own step, taken down once. What it does not do is decide anything: it reads nothing but the run, and statements that
change no row are left out.
"""

import hashlib
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tests.benchmarks.conftest import Compared, Figures, House

pytestmark = pytest.mark.benchmark

ROUNDS = 20
"""Runs of eighteen steps that people do; each is taken once by us and once raw."""
MEMORY = Path("/dev/shm")  # noqa: S108 - that it is in memory is the point
CPU = 150 / 36
"""150 us where the raw step took 36: on any other machine it is the ratio that counts."""

Act = Callable[[], object]
Taken = list[tuple[str, dict[str, Any]]]
OpenHouse = Callable[[str, Path], "AbstractContextManager[House]"]


class Tape:
    """Stands before the connection and takes down what goes through it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._log: list[tuple[str, dict[str, Any], sqlite3.Cursor]] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a connection has
        return getattr(self._connection, name)

    def execute(self, sql: str, parameters: Any = ()) -> sqlite3.Cursor:  # noqa: ANN401 - as the driver takes them
        cursor = self._connection.execute(sql, parameters)
        self._log.append((sql, dict(parameters), cursor))
        return cursor

    def cut(self) -> Taken:
        """What a raw step has to do of all that."""
        taken = [
            (sql, parameters)
            for sql, parameters, cursor in self._log
            if (not sql.startswith("SELECT") and cursor.rowcount != 0) or re.search(r"FROM sop_run\s", sql)
        ]
        self._log.clear()
        return taken


class Raw:
    """The raw steps of one run, on a copy of the database as it was before the first run."""

    def __init__(self, house: "House", path: Path) -> None:
        database: Any = house.database
        own = database._connection
        self._taken_down(house, Tape(own))  # what a database writes once, with its first run, is no part of a step
        own.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        name = own.execute("PRAGMA database_list").fetchone()[2]
        shutil.copy(name, path)
        self._tapes = self._taken_down(house, Tape(own))
        self._connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
        for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=on", "recursive_triggers=on", "cell_size_check=on"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
        self._number = 0

    @staticmethod
    def _taken_down(house: "House", tape: Tape) -> list[Taken]:
        database: Any = house.database
        database._connection, kept = tape, database._connection
        done = house.start()
        tapes = [tape.cut()]
        while done.state.status == "open":
            done = house.take(done.run, done.state)
            tapes.append(tape.cut())
        database._connection = kept
        return tapes

    def steps(self) -> Iterator[Act]:
        """The steps of another run; that it begins is not among them."""
        self._number += 1
        name = f"RAW-{self._number}"
        for number, taken in enumerate(self._tapes):
            rows = [(sql, {key: self._renamed(key, value, name) for key, value in row.items()}) for sql, row in taken]
            record = json.loads(next(row["record"] for _, row in rows if "record" in row))
            if number == 0:
                self._step(rows, record)
            else:
                yield lambda rows=rows, record=record: self._step(rows, record)  # type: ignore[misc]

    @staticmethod
    def _renamed(key: str, value: Any, name: str) -> Any:  # noqa: ANN401 - any parameter
        if key == "key":
            return f"{name}-{value}"
        return name if key in {"run", "id"} and str(value).startswith("LON-") else value

    def _step(self, rows: Taken, record: dict[str, Any]) -> None:
        execute = self._connection.execute
        body = self._encode(record).encode()
        digest = hashlib.sha256(b"\0" + body).digest()
        for sql, row in rows:
            if "record" in row:
                row["record"], row["hash"] = body, digest
            cursor = execute(sql, row)
            if sql.startswith("SELECT"):
                cursor.fetchone()

    def close(self) -> None:
        self._connection.close()


def side_by_side(house: "House", raw: Raw, found: "Compared", rounds: int, clock: Callable[[], float]) -> None:
    """Play runs; each step is taken by us and raw, the order turned with every step. The first run is not counted."""
    for round_ in range(rounds + 1):
        done = house.start()
        for number, raw_step in enumerate(raw.steps()):
            command, person = house.step(done.state)
            key = house.key(done.run)
            answers: list[Any] = []
            pair: list[tuple[list[float], Act]] = [
                (found.ours, lambda: answers.append(house.runner.handle(done.run, command, actor=person, key=key))),  # noqa: B023
                (found.reference, raw_step),
            ]
            for series, act in pair if number % 2 else reversed(pair):
                begun = clock()
                act()
                series.append(clock() - begun)
            done = answers[0]
        assert done.state.status == "ended"
        if round_ == 0:
            found.ours.clear()
            found.reference.clear()


def test_a_durable_step_costs_little_more_than_the_raw_driver(
    tmp_path: Path, open_house: OpenHouse, series: "Compared", figure: "Figures"
) -> None:
    """On disk, with one sync for each: the median of our steps against the raw ones."""
    with open_house(f"sqlite:///{tmp_path / 'ours.db'}", tmp_path / "sops") as house:
        raw = Raw(house, tmp_path / "raw.db")
        side_by_side(house, raw, series, ROUNDS, time.perf_counter)
        raw.close()
    figure("durable step, SQLite on disk", series.ratio, 1.5, told=series.told())


@pytest.mark.skipif(not MEMORY.is_dir(), reason="this machine has no folder in memory")
def test_the_cpu_of_a_step(open_house: OpenHouse, series: "Compared", figure: "Figures") -> None:
    """In memory nothing waits for a disk: what is left is the CPU."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        folder = Path(name)
        with open_house(f"sqlite:///{folder / 'ours.db'}", folder / "sops") as house:
            raw = Raw(house, folder / "raw.db")
            side_by_side(house, raw, series, ROUNDS, time.process_time)
            raw.close()
    figure("CPU of a step, SQLite in memory", series.ratio, CPU, told=series.told())


SYNCED = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from conftest import opened_house
folder = Path(sys.argv[1])
with opened_house(f"sqlite:///{folder / 'sop.db'}", folder / "sops") as house:
    done = house.start()
    for _ in range(int(sys.argv[2])):
        done = house.take(done.run, done.state)
"""


def syncs(folder: Path, steps: int) -> int:
    """Sync calls of a process that takes so many steps."""
    folder.mkdir()
    counts = folder / "counts"
    command = ["strace", "-f", "-c", "-o", str(counts), "-e", "trace=fsync,fdatasync,sync_file_range,msync"]
    subprocess.run([*command, sys.executable, "-c", SYNCED, str(folder), str(steps), str(Path(__file__).parent)], check=True)
    return sum(int(line.split()[3]) for line in counts.read_text().splitlines() if re.search(r"(fsync|fdatasync|msync)$", line))


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed: sync calls cannot be counted")
def test_a_step_makes_one_sync_call(tmp_path: Path, figure: "Figures") -> None:
    """What thirteen more steps cost more, divided by thirteen."""
    few, many = (syncs(tmp_path / str(steps), steps) for steps in (3, 16))
    figure("sync calls of a step", (many - few) / 13, 1, unit="calls")
