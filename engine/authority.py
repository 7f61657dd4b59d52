"""Who may do what: one table. What does not stand here is denied.

A standing is what somebody is to a run: ``holder`` of the task's role, ``owner`` of the task, ``lead`` of the run,
``author`` of a finished step, ``involved`` in any role, ``anybody`` who is active. A definition may give some acts to
further roles (``permissions``); ``override`` belongs to nobody unless a definition says so. Separation of duties is not a
permission: it holds for everybody, and no ``override`` goes past it. Whoever stands in for somebody who is away, or has a
role by delegation, has that person's standing.
"""

from collections.abc import Callable, Mapping
from typing import Final

from engine.people import SYSTEM, Directory, holds, involved, leads, rights, stands_in
from engine.procedure import Procedure
from engine.refusals import Code, Reason
from engine.state import State, Task

TABLE: Final[Mapping[str, frozenset[str]]] = {
    "start": frozenset({"anybody"}),
    "claim": frozenset({"holder"}),
    "complete": frozenset({"holder"}),
    "release": frozenset({"owner", "lead"}),
    "block": frozenset({"holder", "owner", "lead"}),
    "unblock": frozenset({"holder", "owner", "lead"}),
    "assign": frozenset({"lead"}),
    "delegate": frozenset({"owner", "lead"}),
    "bind": frozenset({"lead"}),
    "cancel": frozenset({"lead"}),
    "skip": frozenset({"lead"}),
    "rewind": frozenset({"lead"}),
    "suspend": frozenset({"lead"}),
    "resume": frozenset({"lead"}),
    "reopen": frozenset({"lead"}),
    "correct": frozenset({"author", "lead"}),
    "items": frozenset({"lead", "involved"}),
    "signal": frozenset({"involved"}),
    "comment": frozenset({"involved"}),
    "attach": frozenset({"involved"}),
    "migrate": frozenset({"lead"}),
    "override": frozenset(),
}
"""Act to the standings that permit it."""

_LIKE: Final[Mapping[str, str]] = {"bind": "assign", "resume": "suspend"}
"""Acts that a definition permits under the name of another."""

_LATER: Final = frozenset({"reopen", "correct", "comment", "attach"})
"""Acts that make sense in a run that has ended."""
_HELD: Final = frozenset({"suspend", "resume", "reopen", "bind", "assign", "release", "cancel", "comment", "attach"})
"""Acts that a suspended run allows: none of them moves it on."""
_CODES: Final[Mapping[str, Code]] = {
    "delegate": Code.NOT_OWNER, "assign": Code.NOT_LEAD, "bind": Code.NOT_LEAD, "cancel": Code.NOT_LEAD, "release": Code.NOT_OWNER,
    "comment": Code.NOT_INVOLVED, "attach": Code.NOT_INVOLVED,
}  # fmt: skip
"""What is missing, where a single standing says it best."""


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
    granted = tuple(procedure.document.get("permissions", {}).get(_LIKE.get(act, act), ()))
    if any(holds(state, role, person, directory) for role in granted):
        return ()
    stands: Mapping[str, Callable[[], bool]] = {
        "anybody": lambda: not granted,  # a definition that names who may start means that others may not
        "lead": lambda: leads(procedure, state, person, directory),
        "involved": lambda: involved(procedure, state, person, directory),
        "author": lambda: person in state.actors.get(step, ()),
        "owner": lambda: task is not None and (task.owner == person or stands_in(person, task.owner, directory)),
        "holder": lambda: task is not None and next(rights(state, task, person, directory), None) is not None,
    }
    if any(stands[standing]() for standing in TABLE[act]):
        return ()
    return (_denied(act, state, task, granted),)


def _denied(act: str, state: State, task: Task | None, granted: tuple[str, ...]) -> Reason:
    code = _CODES.get(act, Code.NOT_PERMITTED)
    if code is Code.NOT_OWNER and task is not None:
        return Reason(code, {"step": task.address, "by": task.owner})
    if code is Code.NOT_PERMITTED:
        return Reason(code, {"act": act, "lead": state.lead, "roles": granted})
    return Reason(code, {"lead": state.lead})


def gate(
    act: str, procedure: Procedure, state: State, person: str, directory: Directory, *, task: Task | None = None, step: str = ""
) -> tuple[Reason, ...]:
    """As :func:`may`, with what lies with the run itself: it is closed, or suspended."""
    reasons = []
    closed = state.status != "open" and act not in _LATER
    if closed or (act == "correct" and state.status == "cancelled"):
        reasons.append(Reason(Code.RUN_CLOSED, {"status": state.status, "end": state.end}))
    if state.suspended and act not in _HELD:
        reasons.append(Reason(Code.SUSPENDED, {"step": ""}))
    return (*reasons, *may(act, procedure, state, person, directory, task=task, step=step))
