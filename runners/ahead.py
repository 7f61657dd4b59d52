"""What will come to somebody: steps of open runs that are not ready yet."""

import json
from typing import NamedTuple

from engine.ahead import coming
from engine.state import from_plain
from runners.library import Library
from runners.people_stored import StoredDirectory
from runners.store import reads
from runners.store.database import Unit
from runners.store.records import LAST


class Ahead(NamedTuple):
    """A step that is still to come."""

    run: str
    step: str
    role: str
    title: str
    sop: str


def ahead(unit: Unit, library: Library, directory: StoredDirectory, person: str, limit: int) -> list[Ahead]:
    """At most *limit* steps that *person* will be able to do, of the newest open runs first."""
    found: list[Ahead] = []
    before = (LAST, LAST)
    while len(found) < limit and (lines := reads.runs(unit, "open", before=before, limit=100)):
        for line in lines:
            row = reads.load_run(unit, line.id)
            if row is None:
                continue
            procedure = library.procedure(unit, row.fingerprint)
            steps = coming(procedure, from_plain(json.loads(row.state)), person, directory)
            found += [Ahead(line.id, step.id, step.role, line.title, line.sop) for step in steps]
        before = lines[-1].key
    return found[:limit]
