"""What the database holds, as values. Nothing outside this package sees a row.

They are named tuples, not dataclasses: making fifteen dataclasses costs every command 15 ms, and a row becomes a named
tuple in one call.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

Row = tuple[Any, ...]

NO_DUE: Final = "9999"
"""Orders after every instant: the key of a task without a due date."""

PEOPLE: Final = "people"
"""The fact about the database that changes whenever anybody or any team does."""

LAST: Final = "~"
"""Orders after every instant and every id: where a list that goes backwards begins."""


class RunLine(NamedTuple):
    """A run as a list shows it: without head and state."""

    id: str
    seq: int
    sop: str
    version: str
    fingerprint: str
    title: str
    status: str
    end_name: str | None
    lead: str
    started_at: str
    started_by: str
    due_at: str | None
    closed_at: str | None
    parent: str | None
    drill: bool
    open_tasks: int

    @property
    def key(self) -> tuple[str, str]:
        """Where it stands in the lists of open, closed and all runs."""
        return (self.started_at, self.id)


class RunRow(NamedTuple):
    """A whole run.

    Attributes:
        seq: number of its last record; the first is 0.
        head: hash of that record, 32 bytes.
        status: ``open``, ``ended`` or ``cancelled``.
        started_by: pseudonym, as ``lead``.
        state: what ``engine.state`` wrote; opaque here.
    """

    id: str
    seq: int
    head: bytes
    sop: str
    version: str
    fingerprint: str
    title: str
    status: str
    end_name: str | None
    lead: str
    started_at: str
    started_by: str
    due_at: str | None
    closed_at: str | None
    parent: str | None
    drill: bool
    open_tasks: int
    state: bytes


class TaskRow(NamedTuple):
    """A task of a run, open or closed.

    Attributes:
        no: number of the task in its run.
        label: how the task is addressed within the run: ``STEP`` or ``STEP:KEY``.
        kind: ``task`` or ``approval``.
        owner: pseudonym of who claimed it or was given it.
        offered: holders it is offered to, whether claimed or not.
    """

    run: str
    no: int
    step: str
    label: str
    kind: str
    role: str
    round: int
    owner: str | None
    offered: tuple[str, ...]
    due_at: str | None
    ready_at: str
    closed_at: str | None = None
    outcome: str | None = None

    @property
    def due_key(self) -> str:
        """What it is ordered by."""
        return self.due_at or NO_DUE


class InboxRow(NamedTuple):
    """An open task with what its reader needs of the run.

    Attributes:
        holder: the holder it is offered to; empty for a task that has an owner.
        due_key: the due date, or ``9999``.
        place: in whose place its reader may do it (pseudonym); empty for their own right.
    """

    run: str
    no: int
    step: str
    label: str
    kind: str
    role: str
    round: int
    owner: str | None
    due_at: str | None
    ready_at: str
    sop: str
    title: str
    lead: str
    drill: bool
    holder: str
    due_key: str
    place: str = ""

    @property
    def key(self) -> tuple[str, str, int]:
        """Where it stands in an inbox."""
        return (self.due_key, self.run, self.no)


class HistoryRow(NamedTuple):
    """One record: its bytes as they were hashed, and the hash (32 bytes)."""

    run: str
    seq: int
    record: bytes
    hash: bytes


class Payload(NamedTuple):
    """One value behind a commitment.

    Attributes:
        seq: the record that carries the commitment.
        path: ``STEP.FIELD``, ``inputs.FIELD`` or ``TOKEN/STEP.FIELD``.
        body: canonical JSON of the value.
        current: whether it is the value that counts now.
    """

    run: str
    seq: int
    path: str
    salt: bytes
    body: bytes
    current: bool = True


class Timer(NamedTuple):
    """Something that becomes due by itself; ``n`` tells several of one kind on one task apart."""

    run: str
    task: int
    kind: str
    n: int
    fire_at: str
    done_at: str | None = None

    @property
    def key(self) -> tuple[str, str, int]:
        """What orders timers that are due."""
        return self.fire_at, self.run, self.task


class Lock(NamedTuple):
    """A critical section that somebody is in, with the task of the run that they have in hand."""

    name: str
    run: str
    label: str


class Outbox(NamedTuple):
    """An effect to be performed outside; ``id`` stays the same however often it is tried."""

    id: str
    run: str
    seq: int
    kind: str
    body: bytes
    created_at: str
    done_at: str | None = None


class Request(NamedTuple):
    """A command that was answered: by which record of which run. ``digest`` is of what was asked."""

    key: str
    digest: str
    run: str
    seq: int
    at: str


class Evidence(NamedTuple):
    """A file in the evidence folder; ``size`` in bytes."""

    sha256: str
    size: int
    media: str
    added_at: str


class Person(NamedTuple):
    """A person; ``id`` is the pseudonym, ``roles`` what the directory says they hold everywhere and for good.

    Attributes:
        more: ``posts`` (role, unit, from, until), ``skills``, ``capacity``, ``unit``, ``manager``, ``duties``; what is there.
        human: the first account of the same human being; empty for that one.
        linked: has other accounts, or was named to act for somebody.
    """

    id: str
    handle: str
    name: str
    email: str | None = None
    roles: tuple[str, ...] = ()
    active: bool = True
    more: Mapping[str, Any] = MappingProxyType({})
    human: str = ""
    linked: bool = False


class Team(NamedTuple):
    """A team; ``more`` as of a person."""

    id: str
    name: str
    more: Mapping[str, Any] = MappingProxyType({})


class DefinitionLine(NamedTuple):
    """A stored definition as a list shows it: without its bytes.

    Attributes:
        added_by: pseudonym of who published it, or whose command took the changed file in.
        why: the words of who published it; None for a file that was taken in.
        retired_at: since when no run may start with it; ``retired_by`` and ``retired_why`` are None where its file is gone.
    """

    fingerprint: str
    sop: str
    version: str
    added_at: str
    added_by: str | None
    why: str | None
    retired_at: str | None
    retired_by: str | None
    retired_why: str | None


class StoredDefinition(NamedTuple):
    """A stored definition: ``source`` is the YAML as written, ``document`` the canonical JSON that was hashed."""

    fingerprint: str
    sop: str
    version: str
    source: bytes
    document: bytes
    added_at: str
    added_by: str | None = None
    why: str | None = None
    retired_at: str | None = None
    retired_by: str | None = None
    retired_why: str | None = None


class LibraryFile(NamedTuple):
    """What a file of the library held when it was last read; ``mtime_ns`` in nanoseconds, ``size`` in bytes."""

    path: str
    size: int
    mtime_ns: int
    digest: str
    fingerprint: str
