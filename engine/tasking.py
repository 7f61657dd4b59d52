"""Events of tasks: opening, taking, giving on, deciding, finishing.

The same rules hold as in :mod:`engine.events`, which encodes them and names them all.
"""

from collections.abc import Mapping
from dataclasses import field

from engine.frozen import frozen


@frozen
class TaskOpened:
    """A step waits for people."""

    task: int
    token: int
    step: str
    kind: str
    role: str
    round: int
    due: str = ""
    owner: str = ""
    """set when the role is held by exactly one person"""
    timers: tuple[tuple[str, int, str], ...] = ()
    """kind, number, instant"""
    named: str = ""
    """who was named for it by a field, or by who leads"""
    by: str = ""
    """how the owner was chosen: ``round_robin``, ``least_loaded``, ``random``, ``familiar``"""
    turn: int = 0
    """which turn of this step it was, over all runs"""


@frozen
class PeopleKeptOut:
    """Who may not do a step from now on because a field names them: all of them, nobody any more if it is empty."""

    where: str
    """step with its scope"""
    people: tuple[tuple[str, str], ...] = ()
    """field and person"""


@frozen
class TaskClaimed:
    """Somebody took the task."""

    task: int
    person: str
    on_behalf: tuple[str, ...] = ()
    """in whose place, whose right it is standing first; empty for their own right"""


@frozen
class TaskReleased:
    """The task is open to everybody of its role again."""

    task: int
    person: str


@frozen
class TaskAssigned:
    """Somebody gave the task to a person; ``previous`` had it before."""

    task: int
    person: str
    previous: str = ""
    on_behalf: tuple[str, ...] = ()


@frozen
class TaskDelegated:
    """Whoever had the task lets a person do it in their place, until an instant if one is given."""

    task: int
    person: str
    on_behalf: tuple[str, ...]
    until: str = ""


@frozen
class TaskReturned:
    """A delegation is over; the task is again with whose right it is."""

    task: int
    person: str
    previous: str


@frozen
class TaskEscalated:
    """The task is late; the role may act on it as well from now on."""

    task: int
    role: str
    n: int


@frozen
class TaskReminded:
    """The people of the task were reminded."""

    task: int
    n: int


@frozen
class ApprovalGiven:
    """One person's decision about a content."""

    task: int
    person: str
    outcome: str
    content: str = ""
    """SHA-256 over what was decided about"""
    values: Mapping[str, str] = field(default_factory=dict)
    """field to seal"""
    on_behalf: tuple[str, ...] = ()


@frozen
class ApprovalVoided:
    """The content changed; the decisions made so far no longer count."""

    task: int
    people: tuple[str, ...]


@frozen
class TaskCompleted:
    """A task is finished."""

    task: int
    person: str
    outcome: str
    values: Mapping[str, str] = field(default_factory=dict)
    """field to seal"""
    content: str = ""
    on_behalf: tuple[str, ...] = ()


@frozen
class TaskWithdrawn:
    """Nobody needs to do the task any more."""

    task: int
    why: str
