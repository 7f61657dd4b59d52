"""What happened. Past tense; never refused, never changed.

Events carry everything that the fold needs, so that rebuilding evaluates no guard and reads no definition. Free text and
values stand here only as commitments (``…: seal``). The encoding is a tagged JSON object without the fields that have
their default; a field once written keeps its meaning for ever.
"""

from collections.abc import Mapping
from dataclasses import MISSING, field, fields
from typing import Any, TypeAlias

from engine.frozen import frozen
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
    """The condition of a step was not true."""

    token: int
    step: str


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


@frozen
class TaskClaimed:
    """Somebody took the task."""

    task: int
    person: str


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


@frozen
class TaskWithdrawn:
    """Nobody needs to do the task any more."""

    task: int
    why: str


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


@frozen
class ChildRequested:
    """A child run was started, and the token waits for it."""

    token: int
    step: str
    child: str
    sop: str


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
    RunStarted | RoleBound | TrackOpened | TokenMoved | TrackClosed | StepSkipped | TaskOpened | TaskClaimed | TaskReleased
    | TaskAssigned | TaskEscalated | TaskReminded | ApprovalGiven | ApprovalVoided | TaskCompleted | TaskWithdrawn
    | DecisionTaken | JoinFired | ChildRequested | ChildReturned | Commented | Attached | RunEnded | RunCancelled
)  # fmt: skip
"""Everything that can have happened."""

_TYPES: dict[str, Any] = {
    kind.__name__: kind
    for kind in (
        RunStarted, RoleBound, TrackOpened, TokenMoved, TrackClosed, StepSkipped, TaskOpened, TaskClaimed, TaskReleased,
        TaskAssigned, TaskEscalated, TaskReminded, ApprovalGiven, ApprovalVoided, TaskCompleted, TaskWithdrawn,
        DecisionTaken, JoinFired, ChildRequested, ChildReturned, Commented, Attached, RunEnded, RunCancelled,
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
