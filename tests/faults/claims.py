"""Many processes that all want the same task: ``python claims.py URL FOLDER PROCESSES COUNT MODE``.

Writes one JSON list: of each process whom each of its tries found to have the task, and what went wrong.
"""

import json
import multiprocessing
import sys
import time
from pathlib import Path
from typing import Any

from engine.commands import Claim
from engine.refusals import Code, Refused
from tests.company import Company

RUN = "SIM-1"


def claims(place: tuple[str, str], count: int, mode: str, seed: int, meeting: tuple[Any, Any]) -> None:
    """Claim the task *count* times, beginning when all stand at the line."""
    line, out = meeting
    try:
        company = Company(place[0], Path(place[1]), seed=seed, found=True)
        me = company.people[f"racer{seed}"]
        if mode == "naive":  # a connection of its own: a server has a hundred
            company.raw("SELECT 1")
        line.wait(timeout=100)
    except Exception as error:  # noqa: BLE001 - who never came to the line must not keep the others there
        line.abort()
        out.put({"me": "", "won": 0, "told": [], "wrong": [f"{type(error).__name__}: {error}"]})
        return
    said: dict[str, Any] = {"me": me, "won": 0, "told": [], "wrong": []}
    for _ in range(count):
        try:
            if mode == "naive":
                said["won"] += naive(company, me)
                continue
            answer = company.runner.handle(RUN, Claim("one"), actor=me)
        except Exception as error:  # noqa: BLE001 - nobody may see any
            said["wrong"].append(f"{type(error).__name__}: {error}")
            continue
        if not isinstance(answer, Refused):
            said["won"] += 1
        elif answer.reasons[0].code is Code.ALREADY:
            said["told"].append(me)
        elif answer.reasons[0].code is Code.TAKEN:
            said["told"].append(str(answer.reasons[0].facts["by"]))
        else:
            said["wrong"].append(str(answer.reasons))
    company.close()
    out.put(said)


def naive(company: Company, me: str) -> bool:
    """The same without compare-and-set: look whether it is free, then take it."""
    free = company.raw("SELECT owner FROM sop_task WHERE run = ? AND no = 1", RUN) == [(None,)]
    time.sleep(0.1)  # long enough for others to look on a busy machine too
    if free:
        company.raw("UPDATE sop_task SET owner = ? WHERE run = ? AND no = 1", me, RUN)
    return bool(free)


def main(url: str, folder: str, processes: int, count: int, mode: str) -> list[dict[str, Any]]:
    """Race. The processes are forked, so that fifty of them load the program once."""
    context = multiprocessing.get_context("fork")
    line, out = context.Barrier(processes), context.Queue()
    racers = [
        context.Process(target=claims, args=((url, folder), count, mode, seed, (line, out)), daemon=True)
        for seed in range(processes)
    ]
    for racer in racers:
        racer.start()
    said = [out.get(timeout=120) for _ in racers]
    for racer in racers:
        racer.join()
    return said


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])))
