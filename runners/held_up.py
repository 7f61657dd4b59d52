"""Which of the runs and tasks of a list are suspended: their rows do not know it, and where a run stands does."""

import json
from collections.abc import Iterable, Mapping

from runners.store import reads
from runners.store.database import Unit


class HeldUp:
    """What is suspended now.

    Args:
        tasks: run to the numbers of its suspended tasks; None for a run that is suspended as a whole.
    """

    def __init__(self, tasks: Mapping[str, frozenset[int] | None]) -> None:
        self._tasks = tasks

    def run(self, run: str) -> bool:
        """Whether the whole of *run* is."""
        return self._tasks.get(run, frozenset()) is None

    def task(self, run: str, number: int) -> bool:
        """Whether the task with this number is, or its whole run."""
        found = self._tasks.get(run, frozenset())
        return found is None or number in found


def held_up(unit: Unit, runs: Iterable[str]) -> HeldUp:
    """What is suspended in *runs*; each of them is read once, and only those that could be are looked through."""
    found: dict[str, frozenset[int] | None] = {}
    for run in dict.fromkeys(runs):
        row = reads.load_run(unit, run)
        if row is None or b'"suspended"' not in row.state:
            continue
        from engine.state import from_plain

        state = from_plain(json.loads(row.state))
        held = frozenset(number for number, task in state.tasks.items() if "suspended" in task.held)
        found[run] = None if state.suspended else held
    return HeldUp(found)
