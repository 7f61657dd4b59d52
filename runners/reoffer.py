"""Offers open tasks anew when the directory has changed: who may do them, and which of them nobody can do any more.

Offers are an index over what histories and the directory say, so that an inbox is one range of it; nothing is decided here.
"""

import json
from collections.abc import Callable

from engine.procedure import Procedure
from engine.state import from_plain
from runners.changes import offers_of
from runners.people_stored import StoredDirectory
from runners.store import reads
from runners.store.database import Parameters, Statement, Unit
from runners.store.records import LAST, NO_DUE


def refresh(unit: Unit, procedures: Callable[[Unit, str], Procedure], at: str) -> int:
    """Offer every open task of every open run as it stands at the instant *at*; gives how many tasks there were."""
    directory = StoredDirectory(unit, at)
    count, before = 0, (LAST, LAST)
    while lines := reads.runs(unit, "open", before=before, limit=200):
        for line in lines:
            count += _run(unit, line.id, procedures, directory)
        before = lines[-1].key
    return count


def _run(unit: Unit, run: str, procedures: Callable[[Unit, str], Procedure], directory: StoredDirectory) -> int:
    row = reads.load_run(unit, run)
    if row is None:
        return 0
    state = from_plain(json.loads(row.state))
    procedure = procedures(unit, row.fingerprint)
    added: list[Parameters] = [
        {"holder": holder, "due_key": task.due or NO_DUE, "run": run, "no": task.no}
        for task in state.tasks.values()
        for holder in offers_of(procedure, state, task, directory)
    ]
    gone = Statement("offer_delete", [{"run": run, "no": number} for number in state.tasks])
    unit.batch([gone, Statement("offer_insert", added)])
    return len(state.tasks)
