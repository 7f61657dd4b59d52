"""Which of the runs and tasks of a list are suspended or blocked: their rows do not know it, and where a run stands does."""

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from runners.store import reads
from runners.store.database import Unit

if TYPE_CHECKING:
    from engine.state import State


class HeldUp:
    """What is suspended or blocked now.

    Args:
        states: where those of the runs stand in which anything could be.
    """

    def __init__(self, states: "Mapping[str, State]") -> None:
        self._states = states

    def run(self, run: str) -> bool:
        """Whether the whole of *run* is suspended."""
        return run in self._states and self._states[run].suspended

    def task(self, run: str, number: int) -> bool:
        """Whether the task with this number is suspended, or its whole run."""
        return self.run(run) or self._is(run, number, "suspended")

    def blocked(self, run: str, number: int) -> bool:
        """Whether somebody said that the task with this number is blocked."""
        return self._is(run, number, "blocked")

    def _is(self, run: str, number: int, why: str) -> bool:
        task = self._states[run].tasks.get(number) if run in self._states else None
        return task is not None and why in task.held


def held_up(unit: Unit, runs: Iterable[str]) -> HeldUp:
    """What is held up in *runs*; each of them is read once, and only those in which anything could be are looked through."""
    found: dict[str, State] = {}
    for run in dict.fromkeys(runs):
        row = reads.load_run(unit, run)
        if row is None or (b'"suspended"' not in row.state and b'"blocked"' not in row.state):
            continue
        from engine.state import from_plain

        found[run] = from_plain(json.loads(row.state))
    return HeldUp(found)
