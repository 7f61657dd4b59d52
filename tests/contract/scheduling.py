"""A process that starts what is due: ``python scheduling.py URL FOLDER INSTANT GATE``, as soon as there is a file GATE."""

import sys
import time
from pathlib import Path

from tests.company import Company, HandClock


def main(url: str, folder: Path, at: str, gate: Path) -> None:
    """Start everything that is due at the instant *at*."""
    company = Company(url, folder, seed=time.time_ns(), found=True, clock=HandClock(at))
    while not gate.exists():
        time.sleep(0.001)
    company.app.scheduler.start_due()
    company.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
