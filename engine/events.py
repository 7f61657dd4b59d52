"""What happened. Past tense; never refused, never changed.

Events carry everything that the fold needs, so that rebuilding evaluates no guard and reads no definition. Free text and
values stand here only as commitments (``…: seal``). The encoding is a tagged JSON object without the fields that have
their default; a field once written keeps its meaning for ever.
"""

from collections.abc import Mapping
from dataclasses import MISSING, field, fields
from typing import Any, TypeAlias

from engine.detours import (
    FieldsCorrected,
    ItemsClosed,
    ItemsOpened,
    Overridden,
    Rewound,
    RunMigrated,
    RunReopened,
    RunResumed,
    RunSuspended,
    SignalCame,
    TaskBlocked,
    TaskResumed,
    TaskSuspended,
    TaskUnblocked,
    WaitBegan,
    WaitEnded,
)
from engine.frozen import frozen
from engine.tasking import (
    ApprovalGiven,
    ApprovalVoided,
    PeopleKeptOut,
    TaskAssigned,
    TaskClaimed,
    TaskCompleted,
    TaskDelegated,
    TaskEscalated,
    TaskOpened,
    TaskReleased,
    TaskReminded,
    TaskReturned,
    TaskWithdrawn,
)
from engine.values import Value


@frozen
class RunStarted:
    """A run exists now."""

    sop: str
    version: str
    fingerprint: str
    lead: str
    title: str = ""
    """seal"""
    inputs: Mapping[str, str] = field(default_factory=dict)
    """field to seal"""
    parameters: Mapping[str, Value] = field(default_factory=dict)
    parent: tuple[str, int] | None = None
    depth: int = 0
    drill: bool = False
    unit: str = ""


@frozen
class RoleBound:
    """These hold the role from now on."""

    role: str
    holders: tuple[str, ...]


@frozen
class TrackOpened:
    """A token stands at the beginning of a track."""

    token: int
    track: str
    parent: int | None = None
    step: str = ""
    """the step of the parent that opened it"""
    key: str = ""
    """which item of a for-each"""
    item: str = ""
    """seal of the item"""
    name: str = ""
    """the item's name in expressions"""


@frozen
class TokenMoved:
    """A token went from one step to another; ``by`` is the outcome or the automatic move."""

    token: int
    source: str
    target: str
    by: str


@frozen
class TrackClosed:
    """A track is over; its token is gone. ``how`` is ``done`` or ``cancelled``."""

    token: int
    how: str = "done"


@frozen
class StepSkipped:
    """The condition of a step was not true, or a person left it out."""

    token: int
    step: str
    person: str = ""


@frozen
class DecisionTaken:
    """An automatic decision; ``choice`` is the number of the way taken, from 0."""

    token: int
    step: str
    choice: int


@frozen
class JoinFired:
    """Enough tracks of a step are finished; the run goes on behind it."""

    token: int
    step: str
    finished: int
    opened: int
    left: tuple[int, ...] = ()
    """tracks that go on beside the run"""
    branch: str = ""
    """the alternative of a ``first`` that was chosen; empty where none was, and for other steps"""


@frozen
class ChildRequested:
    """A child run was started, and the token waits for it unless it is detached."""

    token: int
    step: str
    child: str
    sop: str
    detached: bool = False
    drill: bool = False
    """the step says that it is an exercise; what a drill starts is one anyway"""


@frozen
class ChildReturned:
    """The child run has ended."""

    token: int
    step: str
    child: str
    end: str
    results: Mapping[str, str] = field(default_factory=dict)
    """name to seal"""


@frozen
class Commented:
    """Somebody said something."""

    text: str
    """seal"""
    step: str = ""


@frozen
class Attached:
    """Somebody added a file."""

    file: str
    """seal"""
    step: str = ""


@frozen
class RunEnded:
    """The run is finished, with this end."""

    end: str


@frozen
class RunCancelled:
    """The run was ended without being finished."""


Event: TypeAlias = (
    RunStarted | RoleBound | TrackOpened | TokenMoved | TrackClosed | StepSkipped | TaskOpened
    | TaskClaimed | TaskReleased | TaskAssigned | TaskDelegated | TaskReturned
    | TaskEscalated | TaskReminded | ApprovalGiven | ApprovalVoided
    | TaskCompleted | TaskWithdrawn | DecisionTaken | JoinFired | ChildRequested | ChildReturned | Commented
    | Attached | RunEnded | RunCancelled | WaitBegan | WaitEnded | SignalCame | TaskSuspended
    | TaskResumed | RunSuspended | RunResumed | TaskBlocked | TaskUnblocked | Rewound | RunReopened
    | FieldsCorrected | ItemsClosed | ItemsOpened | Overridden | RunMigrated | PeopleKeptOut
)  # fmt: skip
"""Everything that can have happened."""

_TYPES: dict[str, Any] = {
    kind.__name__: kind
    for kind in (
        RunStarted, RoleBound, TrackOpened, TokenMoved, TrackClosed, StepSkipped, TaskOpened,
        TaskClaimed, TaskReleased, TaskAssigned, TaskDelegated, TaskReturned,
        TaskEscalated, TaskReminded, ApprovalGiven, ApprovalVoided,
        TaskCompleted, TaskWithdrawn, DecisionTaken, JoinFired, ChildRequested, ChildReturned, Commented,
        Attached, RunEnded, RunCancelled, WaitBegan, WaitEnded, SignalCame, TaskSuspended,
        TaskResumed, RunSuspended, RunResumed, TaskBlocked, TaskUnblocked, Rewound, RunReopened,
        FieldsCorrected, ItemsClosed, ItemsOpened, Overridden, RunMigrated, PeopleKeptOut,
    )
}  # fmt: skip


def _shape(kind: Any) -> tuple[tuple[str, Any], ...]:  # noqa: ANN401 - any event class
    return tuple(
        (f.name, f.default if f.default is not MISSING else f.default_factory() if f.default_factory is not MISSING else MISSING)
        for f in fields(kind)
    )


_SHAPES = {kind: _shape(kind) for kind in _TYPES.values()}


def encode(event: Event) -> dict[str, Value]:
    """*event* as plain data, without the fields that have their default."""
    encoded: dict[str, Value] = {"is": type(event).__name__}
    for name, default in _SHAPES[type(event)]:
        value = getattr(event, name)
        if value != default:
            encoded[name] = value
    return encoded


def _tupled(value: Value) -> Value:
    return tuple(_tupled(item) for item in value) if isinstance(value, list) else value


def decode(encoded: Mapping[str, Value]) -> Event:
    """The event that ``encode`` made *encoded* from. Raises KeyError or TypeError if it is no event of ours."""
    kind = _TYPES[encoded["is"]]
    event: Event = kind(**{name: _tupled(value) for name, value in encoded.items() if name != "is"})
    return event


__all__ = [
    "ApprovalGiven",
    "ApprovalVoided",
    "Attached",
    "ChildRequested",
    "ChildReturned",
    "Commented",
    "DecisionTaken",
    "Event",
    "FieldsCorrected",
    "ItemsClosed",
    "ItemsOpened",
    "JoinFired",
    "Overridden",
    "PeopleKeptOut",
    "Rewound",
    "RoleBound",
    "RunCancelled",
    "RunEnded",
    "RunMigrated",
    "RunReopened",
    "RunResumed",
    "RunStarted",
    "RunSuspended",
    "SignalCame",
    "StepSkipped",
    "TaskAssigned",
    "TaskBlocked",
    "TaskClaimed",
    "TaskCompleted",
    "TaskDelegated",
    "TaskEscalated",
    "TaskOpened",
    "TaskReleased",
    "TaskReminded",
    "TaskResumed",
    "TaskReturned",
    "TaskSuspended",
    "TaskUnblocked",
    "TaskWithdrawn",
    "TokenMoved",
    "TrackClosed",
    "TrackOpened",
    "WaitBegan",
    "WaitEnded",
    "decode",
    "encode",
]
