"""A thousand claims of one task by fifty processes: one winner, and everybody else is told who."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from runners.clock import Ids
from runners.store.records import Person
from runners.store.writes import save_person
from tests.company import Company

PROCESSES = int(os.environ.get("SOP_CLAIM_PROCESSES", "50"))
CLAIMS = int(os.environ.get("SOP_CLAIMS", "1000"))
CLAIMER = Path(__file__).with_name("claims.py")
RUN = "SIM-1"

pytestmark = pytest.mark.usefixtures("unmeasured")


def race(company: Company, folder: Path, mode: str, processes: int, each: int) -> list[dict[str, Any]]:
    """What each process says when all have raced for the same task."""
    ids = Ids()
    with company.database.write() as unit:
        for seed in range(processes):
            save_person(unit, Person(ids.pseudonym(), f"racer{seed}", f"Racer {seed}"))
    assert company.begin("simple", inputs={}, roles={"doer": [f"racer{seed}" for seed in range(processes)]}) == RUN
    command = [sys.executable, str(CLAIMER), company.url, str(folder), str(processes), str(each), mode]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=True)
    said: list[dict[str, Any]] = json.loads(done.stdout)
    assert len(said) == processes
    return said


def test_a_thousand_claims_have_one_winner(company: Company, tmp_path: Path) -> None:
    """Nobody sees a lock, every loser is told the winner's name, every try stands in the history, and it all proves itself."""
    each = CLAIMS // PROCESSES
    said = race(company, tmp_path, "runner", PROCESSES, each)
    assert [fault for one in said for fault in one["wrong"]] == []
    assert sum(one["won"] for one in said) == 1
    (winner,) = [one["me"] for one in said if one["won"]]
    told = [name for one in said for name in one["told"]]
    assert set(told) == {winner}
    assert len(told) == each * PROCESSES - 1
    assert company.task(RUN, "one").owner == winner
    report = company.audit()
    assert (report.findings, report.records) == ([], 2 + len(told))


def test_without_compare_and_set_several_would_win(company: Company, tmp_path: Path) -> None:
    """The negative control: the same race, looking first and writing then."""
    assert sum(one["won"] for one in race(company, tmp_path, "naive", 10, 1)) > 1
