"""Critical sections of all runs: who is in one, and what a run takes and lets go."""

from collections.abc import Mapping

from engine.procedure import Procedure
from engine.state import State
from runners.store import reads
from runners.store.database import Unit


def taken(procedure: Procedure, state: State) -> dict[str, str]:
    """The critical sections that a run is in: name to the address of the task that somebody has in hand."""
    if not procedure.sections:
        return {}
    held = ((procedure.steps[task.step].doc.get("critical"), task) for task in state.tasks.values() if task.owner)
    return {section: task.address for section, task in held if section}


def elsewhere(unit: Unit, procedure: Procedure, run: str) -> Mapping[str, tuple[str, str]]:
    """The critical sections of *procedure* that other runs are in: name to run and address of the task."""
    found = (reads.lock(unit, section) for section in sorted(procedure.sections))
    return {lock.name: (lock.run, lock.label) for lock in found if lock is not None and lock.run != run}
