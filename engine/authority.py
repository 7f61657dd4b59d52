"""Who may do what: one table. What does not stand here is denied.

A standing is what somebody is to a run: ``holder`` of the task's role, ``owner`` of the task, ``lead`` of the run,
``involved`` in any role. A definition may give some acts to further roles (``permissions``); ``override`` belongs to nobody
unless a definition says so. Separation of duties is not a permission: it holds for everybody, and only ``override`` goes
past it, visibly.
"""

from collections.abc import Mapping
from typing import Final

from engine.people import SYSTEM, Directory, holds, involved, leads
from engine.procedure import Procedure
from engine.refusals import Code, Reason
from engine.state import State, Task

TABLE: Final[Mapping[str, frozenset[str]]] = {
    "claim": frozenset({"holder"}),
    "complete": frozenset({"holder"}),
    "release": frozenset({"owner", "lead"}),
    "block": frozenset({"holder", "owner", "lead"}),
    "unblock": frozenset({"holder", "owner", "lead"}),
    "assign": frozenset({"lead"}),
    "bind": frozenset({"lead"}),
    "cancel": frozenset({"lead"}),
    "skip": frozenset({"lead"}),
    "rewind": frozenset({"lead"}),
    "suspend": frozenset({"lead"}),
    "resume": frozenset({"lead"}),
    "reopen": frozenset({"lead"}),
    "migrate": frozenset({"lead"}),
    "correct": frozenset({"author", "lead"}),
    "items": frozenset({"lead", "involved"}),
    "signal": frozenset({"involved"}),
    "comment": frozenset({"involved"}),
    "attach": frozenset({"involved"}),
    "override": frozenset(),
}
"""Act to the standings that permit it."""

_LIKE: Final[Mapping[str, str]] = {"bind": "assign", "resume": "suspend"}
"""Acts that a definition permits under the name of another."""


def may(
    act: str, procedure: Procedure, state: State, person: str, directory: Directory, *, task: Task | None = None, step: str = ""
) -> tuple[Reason, ...]:
    """Why *person* may not do *act*; nothing if they may.

    Args:
        act: a row of the table.
        procedure: may give the act to further roles.
        state: the run.
        person: pseudonym, or ``system``.
        directory: answers about people.
        task: the task it is about, if any.
        step: the finished step it is about, if any.
    """
    if person == SYSTEM:
        return ()
    if directory.teams(person) is None:
        return (Reason(Code.INACTIVE, {"person": person}),)
    granted = procedure.document.get("permissions", {}).get(_LIKE.get(act, act), ())
    if any(holds(state, role, person, directory) for role in granted):
        return ()
    if any(_stands(standing, procedure, state, person, directory, task, step) for standing in TABLE[act]):
        return ()
    return (Reason(Code.NOT_PERMITTED, {"act": act, "lead": state.lead, "roles": tuple(granted)}),)


def _stands(
    standing: str, procedure: Procedure, state: State, person: str, directory: Directory, task: Task | None, step: str
) -> bool:
    if standing == "lead":
        return leads(procedure, state, person, directory)
    if standing == "involved":
        return involved(procedure, state, person, directory)
    if standing == "author":
        return person in state.actors.get(step, ())
    if task is None:
        return False
    if standing == "owner":
        return task.owner == person
    return any(holds(state, role, person, directory) for role in (task.role, *task.also))
