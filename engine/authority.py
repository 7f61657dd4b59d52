"""Who may do what: one table. What does not stand here is denied.

A standing is what somebody is to a run: ``holder`` of the task's role, ``owner`` of the task, ``lead`` of the run,
``author`` of a finished step, ``involved`` in any role, ``anybody`` who is active; or what they are in the organisation:
``org:administrator``, ``org:auditor``, ``org:lead``, ``org:publisher``. A definition may give some acts to further roles
(``permissions``); ``override`` belongs to nobody unless a definition says so. Separation of duties is not a permission: it
holds for everybody, and no ``override`` goes past it. Whoever stands in for somebody who is away, or has a role by
delegation, has that person's standing in runs; what somebody is in the organisation stays with the person.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Final

from engine.people import SYSTEM, Directory, holds, involved, leads, rights, stands_in
from engine.procedure import Procedure
from engine.refusals import Code, Reason
from engine.state import State, Task

ORG: Final = "org:"
"""Before the name of an organisation role, where it stands among standings."""

_LEADERS: Final = ("lead", "org:lead")
_STAFF: Final = ("lead", "org:lead", "org:administrator")
_AUDITORS: Final = ("org:auditor", "org:administrator", "org:lead")
_PUBLISHERS: Final = ("org:publisher", "org:administrator")
_PLANNERS: Final = ("org:lead", "org:publisher", "org:administrator")

TABLE: Final[Mapping[str, tuple[str, ...]]] = {
    "start": ("anybody",),
    "read": ("anybody", "involved", *_AUDITORS),
    "claim": ("holder",),
    "complete": ("holder",),
    "release": ("owner", *_STAFF),
    "block": ("holder", "owner", "lead"),
    "unblock": ("holder", "owner", "lead"),
    "assign": _STAFF,
    "delegate": ("owner", "lead"),
    "bind": _STAFF,
    "cancel": _STAFF,
    "skip": _LEADERS,
    "rewind": _LEADERS,
    "suspend": _STAFF,
    "resume": _STAFF,
    "reopen": _LEADERS,
    "correct": ("author", "lead"),
    "items": ("lead", "involved"),
    "signal": ("involved",),
    "comment": ("involved",),
    "attach": ("involved",),
    "migrate": _STAFF,
    "export": ("involved", *_AUDITORS),
    "audit": ("lead", *_AUDITORS),
    "publish": _PUBLISHERS,
    "retire": _PUBLISHERS,
    "schedule": _PLANNERS,
    "administer": ("org:administrator",),
    "override": (),
}
"""Act to the standings that permit it, in the order in which they are asked: the organisation last, where nothing else helps."""

OPEN: Final[Mapping[str, frozenset[str]]] = {
    "export": frozenset({"auditor", "administrator"}),
    "audit": frozenset({"auditor", "administrator"}),
    "publish": frozenset({"publisher", "administrator"}),
    "retire": frozenset({"publisher", "administrator"}),
    "schedule": frozenset({"lead", "publisher", "administrator"}),
    "administer": frozenset({"administrator"}),
}
"""Acts that are everybody's as long as nobody has one of these organisation roles: a team that trusts each other needs no
ceremony, and somebody has to name the first."""

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
    act: str, procedure: Procedure, state: State, person: str, directory: Directory, *, task: Task | None = None, step: str = "",
    appointed: Collection[str] = (),
) -> tuple[Reason, ...]:  # fmt: skip
    """Why *person* may not do *act* in a run; nothing if they may.

    Args:
        act: a row of the table.
        procedure: may give the act to further roles.
        state: the run.
        person: pseudonym, or ``system``.
        directory: answers about people.
        task: the task it is about, if any.
        step: the finished step it is about, if any.
        appointed: organisation roles that somebody active has; only acts in :data:`OPEN` ask.
    """
    if person == SYSTEM or _everybodys(act, appointed):
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
    if any(
        standing.removeprefix(ORG) in directory.duties(person) if standing.startswith(ORG) else stands[standing]()
        for standing in TABLE[act]
    ):
        return ()
    return (_denied(act, state, task, granted),)


def may_without_run(act: str, person: str, duties: Collection[str] | None, appointed: Collection[str]) -> tuple[Reason, ...]:
    """Why *person* may not do *act*, which is about no run: publish, retire, administer, or audit everything.

    Args:
        act: a row of the table.
        person: pseudonym.
        duties: their organisation roles; None for nobody active.
        appointed: organisation roles that somebody active has.
    """
    if _everybodys(act, appointed):
        return ()
    roles = tuple(standing.removeprefix(ORG) for standing in TABLE[act] if standing.startswith(ORG))
    if duties is None:
        return (Reason(Code.INACTIVE, {"person": person}),)
    return () if not set(duties).isdisjoint(roles) else (Reason(Code.NOT_APPOINTED, {"act": act, "roles": roles}),)


def _everybodys(act: str, appointed: Collection[str]) -> bool:
    return act in OPEN and OPEN[act].isdisjoint(appointed)


def _denied(act: str, state: State, task: Task | None, granted: tuple[str, ...]) -> Reason:
    code = _CODES.get(act, Code.NOT_PERMITTED)
    if code is Code.NOT_OWNER and task is not None:
        return Reason(code, {"step": task.address, "by": task.owner})
    if code is Code.NOT_PERMITTED:
        return Reason(code, {"act": act, "lead": state.lead, "roles": granted})
    return Reason(code, {"lead": state.lead})


def gate(
    act: str, procedure: Procedure, state: State, person: str, directory: Directory, *,
    task: Task | None = None, step: str = "", onward: bool = False, returned: bool = False,
) -> tuple[Reason, ...]:  # fmt: skip
    """As :func:`may`, with what lies with the run itself: it is closed, or suspended, when nothing moves it *onward*.

    *returned*: it is about a step whose child run came back meanwhile. What follows may refuse that at every resumption, so
    that it is led on by hand.
    """
    reasons = []
    closed = state.status != "open" and act not in _LATER
    if closed or (act == "correct" and state.status == "cancelled"):
        reasons.append(Reason(Code.RUN_CLOSED, {"status": state.status, "end": state.end}))
    if state.suspended and (onward or act not in _HELD) and not returned:
        reasons.append(Reason(Code.SUSPENDED, {"step": ""}))
    return (*reasons, *may(act, procedure, state, person, directory, task=task, step=step))
