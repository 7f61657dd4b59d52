"""Apply events to a state. May not refuse, and decides nothing.

Everything an event means for the state stands here once. An event that is impossible where it stands (a task that was
never opened) means that the history is broken, and raises :class:`HistoryError`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from engine import events as e
from engine.state import State, Task, Token, Vote

K = TypeVar("K")
V = TypeVar("V")


class HistoryError(Exception):
    """The events cannot have happened in this order: the history is damaged."""


def evolve(state: State, event: e.Event, at: str) -> State:
    """*state* after *event*, which happened at the instant *at* (RFC 3339, UTC)."""
    try:
        return _APPLY[type(event)](state, event, at)
    except KeyError as error:
        raise HistoryError(f"{type(event).__name__} does not fit: nothing numbered {error} is open") from error


def replay(happened: Iterable[tuple[str, e.Event]], state: State) -> State:
    """*state* after all of *happened*, pairs of instant and event, in order."""
    for at, event in happened:
        state = evolve(state, event, at)
    return state


def _with(mapping: Mapping[K, V], key: K, value: V) -> dict[K, V]:
    return {**mapping, key: value}


def _without(mapping: Mapping[K, V], key: K) -> dict[K, V]:
    rest = dict(mapping)
    del rest[key]
    return rest


def _token(state: State, number: int, **changes: Any) -> State:  # noqa: ANN401 - fields of Token
    return replace(state, tokens=_with(state.tokens, number, replace(state.tokens[number], **changes)))


def _task(state: State, number: int, **changes: Any) -> State:  # noqa: ANN401 - fields of Task
    return replace(state, tasks=_with(state.tasks, number, replace(state.tasks[number], **changes)))


def _counted(state: State, key: str) -> dict[str, int]:
    return _with(state.counts, key, state.counts.get(key, 0) + 1)


def _acted(state: State, step: str, person: str) -> dict[str, tuple[str, ...]]:
    others = tuple(p for p in state.actors.get(step, ()) if p != person)
    return _with(state.actors, step, (*others, person))


def _run_started(state: State, event: e.RunStarted, at: str) -> State:
    return replace(
        state, status="open", sop=event.sop, version=event.version, fingerprint=event.fingerprint, lead=event.lead,
        started=at, parent=event.parent, depth=event.depth, drill=event.drill, parameters=dict(event.parameters),
        values={f"inputs.{name}": seal for name, seal in event.inputs.items()},
    )  # fmt: skip


def _role_bound(state: State, event: e.RoleBound, _at: str) -> State:
    return replace(state, roles=_with(state.roles, event.role, event.holders))


def _track_opened(state: State, event: e.TrackOpened, _at: str) -> State:
    scope = state.tokens[event.parent].scope if event.parent is not None else ""
    values = state.values
    if event.key:
        scope = f"{event.token}/"
        values = _with(values, f"{scope}{event.name}", event.item)
    tokens = _with(
        state.tokens, event.token,
        Token(event.token, event.track, parent=event.parent, step=event.step, key=event.key, scope=scope, name=event.name),
    )  # fmt: skip
    if event.parent is not None:
        parent = tokens[event.parent]
        tokens[event.parent] = replace(parent, opened=parent.opened + 1)
    return replace(state, tokens=tokens, values=values, next_token=event.token + 1)


def _token_moved(state: State, event: e.TokenMoved, _at: str) -> State:
    token = state.tokens[event.token]
    state = _token(state, event.token, at=event.target, opened=0, finished=0, waiting="")
    if not event.source:
        return state
    return replace(state, counts=_counted(state, f"{token.scope}{event.source}.{event.by}"))


def _track_closed(state: State, event: e.TrackClosed, _at: str) -> State:
    token = state.tokens[event.token]
    state = replace(state, tokens=_without(state.tokens, event.token))
    if token.parent is not None and token.parent in state.tokens:
        parent = state.tokens[token.parent]
        done = event.how == "done"
        state = _token(state, parent.id, finished=parent.finished + done)
    return _forget(state, token) if token.key else state


def _forget(state: State, token: Token) -> State:
    """What belonged to an item goes with it, so that finished items cost nothing."""
    prefix = f"{token.id}/"

    def kept(mapping: Mapping[str, V]) -> dict[str, V]:
        return {key: value for key, value in mapping.items() if not key.startswith(prefix)}

    return replace(
        state, values=kept(state.values), outcomes=kept(state.outcomes), done_at=kept(state.done_at), counts=kept(state.counts)
    )


def _step_skipped(state: State, event: e.StepSkipped, _at: str) -> State:
    scope = state.tokens[event.token].scope
    return replace(state, outcomes={k: v for k, v in state.outcomes.items() if k != scope + event.step})


def _task_opened(state: State, event: e.TaskOpened, at: str) -> State:
    token = state.tokens[event.token]
    key = f":{_keys(state, token)}" if token.scope else ""
    task = Task(
        event.task, event.token, event.step, event.step + key, event.kind, event.role, event.round, at,
        event.due, event.owner, at if event.owner else "",
    )  # fmt: skip
    return replace(
        state, tasks=_with(state.tasks, event.task, task), next_task=event.task + 1,
        counts=_counted(state, token.scope + event.step),
    )  # fmt: skip


def _keys(state: State, token: Token) -> str:
    """``weibo``, or ``weibo:2`` for an item inside an item."""
    keys = []
    current: Token | None = token
    while current is not None:
        if current.key:
            keys.append(current.key)
        current = state.tokens.get(current.parent) if current.parent is not None else None
    return ":".join(reversed(keys))


def _task_claimed(state: State, event: e.TaskClaimed, at: str) -> State:
    return _task(state, event.task, owner=event.person, since=at)


def _task_released(state: State, event: e.TaskReleased, _at: str) -> State:
    return _task(state, event.task, owner="", since="")


def _task_assigned(state: State, event: e.TaskAssigned, at: str) -> State:
    return _task(state, event.task, owner=event.person, since=at)


def _task_escalated(state: State, event: e.TaskEscalated, _at: str) -> State:
    also = state.tasks[event.task].also
    return state if event.role in also else _task(state, event.task, also=(*also, event.role))


def _approval_given(state: State, event: e.ApprovalGiven, _at: str) -> State:
    task = state.tasks[event.task]
    state = _task(state, event.task, votes=(*task.votes, Vote(event.person, event.outcome, event.content)))
    return replace(state, actors=_acted(state, task.step, event.person))


def _approval_voided(state: State, event: e.ApprovalVoided, _at: str) -> State:
    return _task(state, event.task, votes=tuple(v for v in state.tasks[event.task].votes if v.person not in event.people))


def _task_completed(state: State, event: e.TaskCompleted, at: str) -> State:
    task = state.tasks[event.task]
    scope = state.tokens[task.token].scope
    where = scope + task.step
    return replace(
        state,
        tasks=_without(state.tasks, event.task),
        values={**state.values, **{f"{where}.{name}": seal for name, seal in event.values.items()}},
        outcomes=_with(state.outcomes, where, event.outcome),
        done_at=_with(state.done_at, where, at),
        actors=_acted(state, task.step, event.person),
    )


def _task_withdrawn(state: State, event: e.TaskWithdrawn, _at: str) -> State:
    return replace(state, tasks=_without(state.tasks, event.task))


def _join_fired(state: State, event: e.JoinFired, at: str) -> State:
    where = state.tokens[event.token].scope + event.step
    return replace(state, outcomes=_with(state.outcomes, where, "done"), done_at=_with(state.done_at, where, at))


def _child_requested(state: State, event: e.ChildRequested, _at: str) -> State:
    return replace(_token(state, event.token, waiting=event.child), next_child=state.next_child + 1)


def _child_returned(state: State, event: e.ChildReturned, at: str) -> State:
    where = state.tokens[event.token].scope + event.step
    state = _token(state, event.token, waiting="")
    return replace(
        state,
        values={**state.values, **{f"{where}.results.{name}": seal for name, seal in event.results.items()}},
        outcomes=_with(state.outcomes, where, event.end),
        done_at=_with(state.done_at, where, at),
    )


def _run_ended(state: State, event: e.RunEnded, _at: str) -> State:
    return replace(state, status="ended", end=event.end)


def _run_cancelled(state: State, _event: e.RunCancelled, _at: str) -> State:
    return replace(state, status="cancelled", end="cancelled")


def _nothing(state: State, event: Any, _at: str) -> State:  # noqa: ANN401 - several event classes
    """A fact for readers; no rule asks for it. A task or token it names must be open all the same."""
    if isinstance(event, e.TaskReminded):
        _ = state.tasks[event.task]
    if isinstance(event, e.DecisionTaken):
        _ = state.tokens[event.token]
    return state


_APPLY: Mapping[type, Callable[[State, Any, str], State]] = {
    e.RunStarted: _run_started, e.RoleBound: _role_bound, e.TrackOpened: _track_opened, e.TokenMoved: _token_moved,
    e.TrackClosed: _track_closed, e.StepSkipped: _step_skipped, e.TaskOpened: _task_opened, e.TaskClaimed: _task_claimed,
    e.TaskReleased: _task_released, e.TaskAssigned: _task_assigned, e.TaskEscalated: _task_escalated,
    e.TaskReminded: _nothing, e.ApprovalGiven: _approval_given, e.ApprovalVoided: _approval_voided,
    e.TaskCompleted: _task_completed, e.TaskWithdrawn: _task_withdrawn, e.DecisionTaken: _nothing,
    e.JoinFired: _join_fired, e.ChildRequested: _child_requested, e.ChildReturned: _child_returned, e.Commented: _nothing,
    e.Attached: _nothing, e.RunEnded: _run_ended, e.RunCancelled: _run_cancelled,
}  # fmt: skip
