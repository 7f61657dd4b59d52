"""What a person waits for: `sop inbox` and `sop complete` as processes, against a Python that does nothing."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tests.benchmarks.conftest import Figures, House

pytestmark = pytest.mark.benchmark

OpenHouse = Callable[[str, Path], "AbstractContextManager[House]"]
ROUNDS = 15
SOP = Path(sys.executable).with_name("sop")


def timed(arguments: list[str], env: dict[str, str], folder: Path) -> tuple[float, float]:
    """Seconds from the start of a process to its end, which must be good, and the seconds of CPU that it took."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(arguments, env=env, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    taken, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr.decode()
    return taken, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_inbox_and_complete(tmp_path: Path, open_house: OpenHouse, figure: "Figures") -> None:
    """The fastest of fifteen runs each, in turn: neighbours only ever add. The medians are told too."""
    url = f"sqlite:///{tmp_path / 'sop.db'}"
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("SOP_", "PYTHON"))}
    env = {**ours, "SOP_DB": url, "SOP_USER": "carla"}  # compiled modules are kept, as everywhere: the first call is not counted
    took: dict[str, list[tuple[float, float]]] = {"python": [], "inbox": [], "complete": []}
    with open_house(url, tmp_path / "sops") as house:
        for _ in range(ROUNDS + 1):
            house.start()
    for number in range(ROUNDS + 1):
        task = f"LON-{number + 1}/step_01"
        acts = [
            ("python", [sys.executable, "-c", "pass"]),
            ("inbox", [str(SOP), "inbox"]),
            ("complete", [str(SOP), "complete", task, "--set", "result=As planned", "--set", "risk=low"]),
        ]
        for name, arguments in acts if number % 2 else reversed(acts):
            took[name].append(timed(arguments, env, tmp_path))
        if number == 0:
            took = {name: [] for name in took}
    wall, cpu = ({name: [each[place] * 1e3 for each in series] for name, series in took.items()} for place in (0, 1))
    for name, limit in (("inbox", 5.5), ("complete", 12)):
        told = ", ".join(f"{what} {min(wall[what]):.1f} ms (median {median(wall[what]):.1f})" for what in ("python", name))
        told += f"; of CPU {min(cpu[name]) / min(cpu['python']):.1f} x"
        figure(f"sop {name}, against python -c pass", min(wall[name]) / min(wall["python"]), limit, told=told)
