"""Where a run stands: the value folded from its events.

The size of a state is bounded by its definition, never by its history: closed tasks, closed tracks and the values inside
closed items are gone from it. Values are commitments here; the values themselves live where they can be erased.
"""

from collections.abc import Mapping
from dataclasses import field
from operator import attrgetter
from typing import Any, TypeVar

from engine.frozen import frozen
from engine.values import Value

FOREVER = "9999"
"""Orders after every instant."""
RETURNED = "returned:"
"""Before the name of a child run that came back while the run was suspended: the token goes on when it is resumed."""
_NO_CHILD = ("signal:", "until:", RETURNED)


@frozen
class Token:
    """Where the run stands in one track.

    Attributes:
        id: number, unique in the run.
        track: which track.
        at: the step it stands at; empty before the first.
        parent: the token that waits for this one.
        step: the step of the parent that opened this track.
        key: which item of a for-each.
        scope: prefix of paths that belong to the innermost item around it: ``"7/"``, or empty.
        name: what the item is called in expressions.
        opened: how many tracks the step it stands at has opened.
        finished: how many of them are finished.
        waiting: what it waits for without a person: a child run, ``signal:NAME``, ``until:INSTANT``, or the run to be
            resumed, ``returned:CHILD``.
        loose: its step went on without it; nobody waits for it.
        more: items can still be added to the for-each step it stands at.
    """

    id: int
    track: str
    at: str = ""
    parent: int | None = None
    step: str = ""
    key: str = ""
    scope: str = ""
    name: str = ""
    opened: int = 0
    finished: int = 0
    waiting: str = ""
    loose: bool = False
    more: bool = False


@frozen
class Vote:
    """One person's decision in an approval; ``on_behalf`` as in the task."""

    person: str
    outcome: str
    content: str
    on_behalf: tuple[str, ...] = ()


@frozen
class Task:
    """A step that waits for people.

    Attributes:
        no: number, unique in the run.
        address: how people call it: ``brief`` or ``post:weibo``.
        round: 1 for the first time, 2 when it came back once, …
        owner: who has it; empty while it is offered.
        since: when the owner got it.
        also: roles that may act on it since it is late.
        held: why nobody can finish it now: ``blocked``, ``suspended``.
        named: who was named for it by a field, or by who leads; may do it without the role.
        chain: in whose place the owner has it, whose right it is standing first.
        until: when a delegation ends and the task goes back; ``FOREVER`` for never, empty if it is not delegated.
    """

    no: int
    token: int
    step: str
    address: str
    kind: str
    role: str
    round: int
    ready: str
    due: str = ""
    owner: str = ""
    since: str = ""
    also: tuple[str, ...] = ()
    votes: tuple[Vote, ...] = ()
    held: tuple[str, ...] = ()
    named: str = ""
    chain: tuple[str, ...] = ()
    until: str = ""


@frozen
class State:
    """A run, as far as rules need to know it.

    Attributes:
        status: ``new`` before the first event, then ``open``, ``ended`` or ``cancelled``.
        suspended: nobody can act until it is resumed.
        lead: who leads it.
        unit: for which brand or department it is; its roles were bound with that in mind.
        roles: role to holders.
        parameters: values that replace the definition's defaults.
        tokens: open tracks.
        tasks: open tasks.
        values: path to commitment of the value that counts now.
        outcomes: ``scope + step`` to its latest outcome.
        done_at: ``scope + step`` to when it was last finished.
        actors: step to everybody who ever finished or decided it in this run, in order of the latest act; for a step inside
            an item also ``scope + step`` to who did it in this item.
        kept_out: ``scope + step`` to field and person of everybody whom a field keeps from it.
        counts: how often a task was opened (``scope + step``) or a move made (``scope + step.outcome``).
    """

    status: str = "new"
    sop: str = ""
    version: str = ""
    fingerprint: str = ""
    lead: str = ""
    unit: str = ""
    end: str = ""
    started: str = ""
    parent: tuple[str, int] | None = None
    depth: int = 0
    drill: bool = False
    suspended: bool = False
    next_token: int = 1
    next_task: int = 1
    next_child: int = 1
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parameters: Mapping[str, Value] = field(default_factory=dict)
    tokens: Mapping[int, Token] = field(default_factory=dict)
    tasks: Mapping[int, Task] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    outcomes: Mapping[str, str] = field(default_factory=dict)
    done_at: Mapping[str, str] = field(default_factory=dict)
    actors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    kept_out: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


EMPTY = State()
"""Before anything happened."""

T = TypeVar("T", State, Token, Task)


def _copier(kind: type) -> tuple[Any, dict[str, Any], tuple[Any, ...]]:
    setters = {name: getattr(kind, name).__set__ for name in kind.__slots__}  # type: ignore[attr-defined]
    return attrgetter(*setters), setters, tuple(setters.values())


_COPIERS = {kind: _copier(kind) for kind in (State, Token, Task)}


def changed(value: T, **changes: Any) -> T:  # noqa: ANN401 - fields of three classes
    """A copy of *value* with *changes*: what ``dataclasses.replace`` gives, at a fifth of its cost.

    Six to ten of these are made for each command, and they were the largest part of it. An unknown field raises KeyError.
    """
    read, by_name, setters = _COPIERS[type(value)]
    copy = object.__new__(type(value))
    for put, found in zip(setters, read(value), strict=True):
        put(copy, found)
    for name, found in changes.items():
        by_name[name](copy, found)
    return copy


def item_keys(state: State, token: Token) -> str:
    """The keys of all items around *token*, outermost first: ``weibo``, or ``weibo:2`` for an item inside an item."""
    keys = []
    current: Token | None = token
    while current is not None:
        if current.key:
            keys.append(current.key)
        current = state.tokens.get(current.parent) if current.parent is not None else None
    return ":".join(reversed(keys))


def address_of(state: State, token: Token) -> str:
    """How people call the step where *token* stands: ``brief``, or ``post:weibo`` inside an item."""
    keys = item_keys(state, token) if token.scope else ""
    return f"{token.at}:{keys}" if keys else token.at


def for_a_child(token: Token) -> str:
    """The child run that *token* waits for, or empty."""
    return "" if token.waiting.startswith(_NO_CHILD) else token.waiting


def has_returned(token: Token) -> bool:
    """Whether the child run of *token* came back, and the run is to be resumed."""
    return token.waiting.startswith(RETURNED)


_SCALARS = (
    "status", "sop", "version", "fingerprint", "lead", "unit", "end", "started", "depth", "drill", "suspended", "next_token",
    "next_task", "next_child",
)  # fmt: skip
_MAPS = ("parameters", "values", "outcomes", "done_at", "counts")


def to_plain(state: State) -> dict[str, Value]:
    """*state* as plain data; what equals its default is left out, so that equal states give equal bytes."""
    plain: dict[str, Value] = {}
    for name in (*_SCALARS, *_MAPS):
        value = getattr(state, name)
        if value != getattr(EMPTY, name):
            plain[name] = value
    if state.parent:
        plain["parent"] = list(state.parent)
    for name in ("roles", "actors"):
        if group := getattr(state, name):
            plain[name] = {key: list(people) for key, people in group.items()}
    if state.kept_out:
        plain["kept_out"] = {where: [list(pair) for pair in people] for where, people in state.kept_out.items()}
    if state.tokens:
        plain["tokens"] = [
            [t.id, t.track, t.at, t.parent, t.step, t.key, t.scope, t.name, t.opened, t.finished, t.waiting, t.loose, t.more]
            for t in state.tokens.values()
        ]
    if state.tasks:
        plain["tasks"] = [
            [t.no, t.token, t.step, t.address, t.kind, t.role, t.round, t.ready, t.due, t.owner, t.since, list(t.also),
             [_vote(v) for v in t.votes], list(t.held), *([[t.named, list(t.chain), t.until]] if t.named or t.chain else ())]
            for t in state.tasks.values()
        ]  # fmt: skip
    return plain


def _vote(vote: Vote) -> list[Value]:
    return [vote.person, vote.outcome, vote.content, *([list(vote.on_behalf)] if vote.on_behalf else ())]


def _task(row: list[Value]) -> Task:
    no, token, step, address, kind, role, round_, ready, due, owner, since, also, votes, held, *more = row
    named, chain, until = more[0] if more else ("", (), "")
    return Task(
        no,
        token,
        step,
        address,
        kind,
        role,
        round_,
        ready,
        due,
        owner,
        since,
        tuple(also),
        tuple(Vote(v[0], v[1], v[2], tuple(v[3]) if v[3:] else ()) for v in votes),
        tuple(held),
        named,
        tuple(chain),
        until,
    )


def from_plain(plain: Mapping[str, Value]) -> State:
    """The state that ``to_plain`` made *plain* from."""
    given = {name: plain[name] for name in (*_SCALARS, *_MAPS) if name in plain}
    if "parent" in plain:
        given["parent"] = (plain["parent"][0], plain["parent"][1])
    for name in ("roles", "actors"):
        if name in plain:
            given[name] = {key: tuple(people) for key, people in plain[name].items()}
    if "kept_out" in plain:
        given["kept_out"] = {where: tuple((path, person) for path, person in people) for where, people in plain["kept_out"].items()}
    if "tokens" in plain:
        given["tokens"] = {row[0]: Token(*row) for row in plain["tokens"]}
    if "tasks" in plain:
        given["tasks"] = {row[0]: _task(row) for row in plain["tasks"]}
    return State(**given)
