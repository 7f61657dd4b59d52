"""Real processes under load, killed at any moment: nothing that was reported is lost, and what is there is whole."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.company import COPY, Company

KILLS = int(os.environ.get("SOP_KILLS", "48"))
"""How many working processes are killed on SQLite; half of them on PostgreSQL."""
COMMANDS = int(os.environ.get("SOP_COMMAND_KILLS", "16"))
"""How many ``sop`` commands are killed on each."""
AT_ONCE = 12
WORKER = Path(__file__).with_name("worker.py")

pytestmark = pytest.mark.usefixtures("unmeasured")


def reported(log: Path) -> dict[str, int]:
    """Run to the highest number of a record that was reported; a line that was cut off was not reported."""
    found: dict[str, int] = {}
    for line in log.read_text().splitlines(keepends=True) if log.exists() else ():
        if line.endswith("\n"):
            run, seq = line.split()
            found[run] = max(found.get(run, -1), int(seq))
    return found


def missing(company: Company, said: dict[str, int]) -> dict[str, int]:
    """What was reported and is not there."""
    lines = {line.id: line.seq for line in company.views.runs("all", limit=1_000)}
    return {run: seq for run, seq in said.items() if lines.get(run, -1) < seq}


def whole(company: Company) -> None:
    report = company.audit()
    assert report.findings == []
    if company.url.startswith("sqlite"):
        assert company.raw("PRAGMA integrity_check") == [("ok",)]


def test_nothing_reported_is_lost_when_processes_are_killed(company: Company, tmp_path: Path) -> None:
    """After every round of kills all acknowledged records are there; the histories prove themselves, and work goes on."""
    chance = random.Random(7)
    wanted = KILLS if company.url.startswith("sqlite") else KILLS // 2
    for seed in range(100, 100 + wanted, AT_ONCE):
        command = [sys.executable, str(WORKER), company.url, str(tmp_path), str(seed), str(AT_ONCE)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as nursery:
            assert nursery.stdout is not None
            workers = [int(word) for word in nursery.stdout.readline().split()]
            logs = [tmp_path / f"{seed + number}.log" for number in range(AT_ONCE)]
            try:
                end = time.monotonic() + 60
                while sum(bool(reported(log)) for log in logs) < AT_ONCE // 2 and time.monotonic() < end:
                    time.sleep(0.01)
            finally:
                for worker in chance.sample(workers, AT_ONCE):
                    time.sleep(chance.random() * 0.03)
                    os.kill(worker, signal.SIGKILL)
                out, errors = nursery.communicate(timeout=60)
            assert errors == ""
            assert out.split() == [str(-signal.SIGKILL)] * AT_ONCE
        said = [reported(log) for log in logs]
        assert any(said)
        assert {run: seq for one in said for run, seq in missing(company, one).items()} == {}
    whole(company)
    run = company.begin()
    company.complete("ben", run, "write", **COPY)


def test_nothing_reported_is_lost_when_commands_are_killed(company: Company, tmp_path: Path) -> None:
    """``sop`` itself, killed somewhere between its start and its end: what it printed as done is done, and once."""
    run = company.begin()
    chance = random.Random(11)
    commands: list[tuple[str, Path, subprocess.Popen[bytes]]] = []
    for number in range(COMMANDS):
        text, log = f"Comment number {number}", tmp_path / f"{number}.out"
        with log.open("wb") as out:
            sop = [sys.executable, "-m", "runners.cli", "--db", company.url, "--as", "ben"]
            started = time.monotonic()
            process = subprocess.Popen(
                [*sop, "comment", run, "-m", text, "--json"], stdout=out, stderr=subprocess.STDOUT, cwd=tmp_path
            )
        commands.append((text, log, process))
        if number < 2:
            process.wait()
            usual = time.monotonic() - started
        else:
            time.sleep(usual * chance.uniform(0.5, 1.05))
            process.kill()
            process.wait()
    there = [line.values["comment"] for line in company.views.history(run)[1:]]
    assert len(set(there)) == len(there)
    done = []
    for text, log, process in commands:
        if process.returncode == 0 or b"\n" in log.read_bytes():
            assert json.loads(log.read_bytes().splitlines()[0])["seq"] > 0
            done.append(text)
    assert len(done) >= 2
    assert set(done) <= set(there)
    whole(company)


def test_a_report_before_the_commit_would_be_caught(company: Company, tmp_path: Path) -> None:
    """The negative control: a success that is said although nothing was committed is missed by the same comparison."""
    run = company.begin()
    log = tmp_path / "early.log"

    def early(name: str) -> None:
        if name == "commit":
            log.write_text(f"{run} 1\n")
            raise KeyboardInterrupt

    company.database.observer = early
    with pytest.raises(KeyboardInterrupt):
        company.complete("ben", run, "write", **COPY)
    company.database.observer = None
    assert missing(company, reported(log)) == {run: 1}
