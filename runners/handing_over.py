"""Handing over everything of somebody who leaves: their tasks, and their roles in open runs, first as a plan."""

import json
from typing import TYPE_CHECKING, NamedTuple

from engine import commands as c
from engine.authority import gate
from engine.people import rights, unfit
from engine.refusals import Reason
from engine.state import State, changed, from_plain
from runners.people_stored import StoredDirectory
from runners.store import reads
from runners.store.database import Database, Unit
from runners.store.records import LAST

if TYPE_CHECKING:
    from runners.library import Library


class Part(NamedTuple):
    """One thing to hand over.

    Attributes:
        what: ``role`` or ``task``.
        name: the role, or the address of the task.
        command: what does it; it is asked for in this order.
        reasons: why it would be refused; nothing if it would be done.
    """

    run: str
    what: str
    name: str
    command: c.Command
    reasons: tuple[Reason, ...]


def plan(database: Database, library: "Library", *, leaver: str, to: str, actor: str, note: str, at: str) -> list[Part]:
    """Everything in open runs that *leaver* has, with what becomes of it.

    Args:
        database: where runs are.
        library: finds procedures.
        leaver: pseudonym of who leaves.
        to: pseudonym of who takes over; empty to give tasks back to their roles, where others can claim them.
        actor: pseudonym of who asks.
        note: why.
        at: the instant.
    """
    found: list[Part] = []
    with database.read() as unit:
        directory = StoredDirectory(unit, at)
        before = (LAST, LAST)
        while lines := reads.runs(unit, "open", before=before, limit=200):
            for line in lines:
                found += _of_run(unit, library, line.id, directory, (leaver, to, actor, note))
            before = lines[-1].key
    return found


def _of_run(unit: Unit, library: "Library", run: str, directory: StoredDirectory, asked: tuple[str, str, str, str]) -> list[Part]:
    leaver, to, actor, note = asked
    row = reads.load_run(unit, run)
    if row is None:
        return []
    state = from_plain(json.loads(row.state))
    procedure = library.procedure(unit, row.fingerprint)
    found: list[Part] = []
    for role, holders in state.roles.items():
        if f"person:{leaver}" in holders:
            after = _replaced(holders, leaver, to)
            found.append(Part(run, "role", role, c.Bind(role, after, note), gate("bind", procedure, state, actor, directory)))
            state = changed(state, roles={**state.roles, role: after})
    after_binding: State = state
    for task in state.tasks.values():
        if task.owner != leaver:
            continue
        if not to:
            if next(rights(state, task, leaver, directory), None) is None:
                continue  # it goes back with the role
            reasons = gate("release", procedure, state, actor, directory, task=task)
            found.append(Part(run, "task", task.address, c.Release(task.address, note), reasons))
            continue
        reasons = (
            *gate("assign", procedure, after_binding, actor, directory),
            *unfit(procedure, after_binding, task, to, directory),
        )
        found.append(Part(run, "task", task.address, c.Assign(task.address, to, note), reasons))
    return found


def _replaced(holders: tuple[str, ...], leaver: str, to: str) -> tuple[str, ...]:
    names = (f"person:{to}" if holder == f"person:{leaver}" else holder for holder in holders)
    return tuple(dict.fromkeys(name for name in names if name != "person:"))
