"""Processes that work without end: ``python worker.py URL FOLDER SEED PROCESSES``; somebody kills them.

Each writes to ``FOLDER/SEED.log`` one line for every success, after it was reported: the run and the number of its record.
"""

import os
import random
import signal
import sys
from itertools import count
from pathlib import Path
from typing import TextIO

from engine import commands as c
from runners.clock import SystemClock
from runners.runner import Done
from tests.company import COPY, INPUTS, ROLES, Company

PATIENCE = 600
"""Seconds after which a worker ends by itself: whoever was to kill it may have ended first."""


def told(answer: object, log: TextIO) -> Done | None:
    """Say what was done, if anything was."""
    if not isinstance(answer, Done) or answer.repeated:
        return None
    log.writelines(f"{done.run} {done.seq}\n" for done in (answer, *answer.others))
    log.flush()
    return answer


def work(url: str, folder: Path, seed: int) -> None:
    """Start articles and bring them as far as chance will have it."""
    company = Company(url, folder, seed=seed, found=True, clock=SystemClock())
    chance = random.Random(seed)
    runner, people = company.runner, company.people
    link = {"url": "https://w.example"}
    with (folder / f"{seed}.log").open("w") as log:
        for number in count():
            title, key = f"Article {number}", f"{seed}-{number}"
            begun = told(runner.start("article", title=title, actor="ana", roles=ROLES, inputs=INPUTS, key=key), log)
            if begun is None:
                continue
            run = begun.run
            for who, command in (
                ("cy", c.Claim("write")), ("ben", c.Claim("write")), ("cy", c.Release("write", "No")),
                ("ben", c.Complete("write", values=COPY, note="Done")), ("dan", c.Complete("review", values={"remark": "Good"})),
                ("eve", c.Complete("review", chance.choice(["approve", "reject"]), note="So")), ("ana", c.Comment("Well")),
                ("ben", c.Complete("write", values=COPY)), ("dan", c.Complete("design")),
                ("eve", c.Complete("post:weibo", values=link)), ("ana", c.CancelTrack("post:wechat", "Closed")),
                ("ana", c.CancelRun("Enough")),
            ):  # fmt: skip
                told(runner.handle(run, command, actor=people[who]), log)


def main(url: str, folder: Path, seed: int, processes: int) -> None:
    """Fork the workers, so that the program is loaded once, and name them."""
    children = []
    for number in range(processes):
        child = os.fork()
        if child == 0:
            signal.alarm(PATIENCE)
            try:
                work(url, folder, seed + number)
            finally:
                os._exit(1)
        children.append(child)
    sys.stdout.write(" ".join(map(str, children)) + "\n")
    sys.stdout.flush()
    for child in children:
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
