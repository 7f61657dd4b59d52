"""Records: how fast their chain and everything about them is proved, and how many bytes they take."""

import hashlib
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import pytest

from runners.audit.chain import Chain
from runners.audit.verify import Auditor
from runners.store import reads
from runners.wiring import zone_of

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tests.benchmarks.conftest import Figures, House

pytestmark = pytest.mark.benchmark

OpenHouse = Callable[[str, Path], "AbstractContextManager[House]"]
RUNS = 40


def test_proving_histories(tmp_path: Path, open_house: OpenHouse, figure: "Figures") -> None:
    """The chain in memory against SHA-256 alone over the same bytes, then everything, out of the database."""
    with open_house(f"sqlite:///{tmp_path / 'sop.db'}", tmp_path / "sops") as house:
        for _ in range(RUNS):
            house.finish(house.start())
        with house.database.read() as unit:
            chains = {
                line.id: [(row.seq, row.record, row.hash) for row in reads.history(unit, line.id)]
                for line in reads.runs(unit, "all", limit=RUNS)
            }
        records = sum(len(rows) for rows in chains.values())
        length = sum(len(record) for rows in chains.values() for _, record, _ in rows) / records

        def chain() -> None:
            for run, rows in chains.items():
                assert Chain(run, house.database.log).check(rows) is None

        def hashes() -> None:
            for rows in chains.values():
                for _, record, _ in rows:
                    hashlib.sha256(b"\0" + record).digest()

        took: dict[str, list[float]] = {"chain": [], "hashes": [], "everything": []}
        auditor = Auditor(house.database, zone_of)
        for number in range(21):
            for name, act in (("chain", chain), ("hashes", hashes))[:: 1 if number % 2 else -1]:
                begun = time.perf_counter()
                act()
                took[name].append(time.perf_counter() - begun)
            if number % 5 == 0:
                begun = time.perf_counter()
                report = auditor.verify()
                took["everything"].append(time.perf_counter() - begun)
                assert report.sound
                assert report.records == records
    speed = {name: records / median(series) for name, series in took.items()}
    everything = f"{speed['everything']:,.0f}/s with state, decisions and commitments"
    told = f"{length:.0f} bytes each; SHA-256 alone {speed['hashes']:,.0f}/s; {everything}"
    figure("records of a chain proved", speed["chain"], 250_000, unit="/s", least=True, told=told)


def test_bytes_of_a_real_crisis_run(tmp_path: Path, figure: "Figures") -> None:
    """Record and hash of every command of the demonstration, on average."""
    kept = tmp_path / "demo"
    subprocess.run([Path(sys.executable).with_name("sop"), "demo", "--keep", kept], check=True, capture_output=True)
    database = sqlite3.connect(kept / ".sop" / "sop.db")
    count, size, state = database.execute(
        "SELECT count(*), avg(length(record) + length(hash)), (SELECT max(length(state)) FROM sop_run) FROM sop_history"
    ).fetchone()
    database.close()
    figure("bytes of a record with its hash", size, 600, unit="bytes", told=f"{count} records of a crisis run; its state {state:,}")
