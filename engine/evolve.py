"""Apply events to a state. May not refuse, and decides nothing.

Everything an event means for the state stands here once. An event that is impossible where it stands (a task that was
never opened, a token that stands elsewhere) means that the history is broken, and raises :class:`HistoryError`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine import events as e
from engine.evolve_detours import DETOURS
from engine.folding import HistoryError, acted, counted, dropped, need, put, renewed, rid, standing, task_changed, token_changed
from engine.state import FOREVER, RETURNED, State, Task, Token, Vote, address_of, changed


def evolve(state: State, event: e.Event, at: str) -> State:
    """*state* after *event*, which happened at the instant *at* (RFC 3339, UTC)."""
    kind = type(event)
    if state.status not in _WHEN.get(kind, _OPEN):
        raise HistoryError(f"{kind.__name__} cannot happen in a run that is {state.status}")
    try:
        return _APPLY[kind](state, event, at)
    except KeyError as error:
        raise HistoryError(f"{kind.__name__} does not fit: nothing numbered {error} is open") from error


def replay(happened: Iterable[tuple[str, e.Event]], state: State) -> State:
    """*state* after all of *happened*, pairs of instant and event, in order."""
    for at, event in happened:
        state = evolve(state, event, at)
    return state


def _run_started(state: State, event: e.RunStarted, at: str) -> State:
    return changed(
        state, status="open", sop=event.sop, version=event.version, fingerprint=event.fingerprint, lead=event.lead,
        started=at, unit=event.unit, parent=event.parent, depth=event.depth, drill=event.drill, parameters=dict(event.parameters),
        values={f"inputs.{name}": seal for name, seal in event.inputs.items()},
    )  # fmt: skip


def _role_bound(state: State, event: e.RoleBound, _at: str) -> State:
    return changed(state, roles=put(state.roles, event.role, event.holders))


def _track_opened(state: State, event: e.TrackOpened, _at: str) -> State:
    need(event.token >= state.next_token, event, f"there was a token {event.token} already")
    tokens = dict(state.tokens)
    scope = ""
    if event.parent is not None:
        parent = tokens[event.parent]
        need(parent.at == event.step, event, f"token {parent.id} stands at {parent.at!r}")
        scope = parent.scope
        tokens[event.parent] = changed(parent, opened=parent.opened + 1)
    values = state.values
    if event.key:
        scope = f"{event.token}/"
        values = put(values, f"{scope}{event.name}", event.item)
    tokens[event.token] = Token(
        event.token, event.track, parent=event.parent, step=event.step, key=event.key, scope=scope, name=event.name
    )
    return changed(state, tokens=tokens, values=values, next_token=event.token + 1)


def _token_moved(state: State, event: e.TokenMoved, _at: str) -> State:
    token = standing(state, event, event.source)
    tokens = token_changed(state, token, at=event.target, opened=0, finished=0, waiting="", more=False)
    if not event.source:
        return changed(state, tokens=tokens)
    return changed(state, tokens=tokens, counts=counted(state, f"{token.scope}{event.source}.{event.by}"))


def _track_closed(state: State, event: e.TrackClosed, _at: str) -> State:
    token = state.tokens[event.token]
    need(all(inner.parent != token.id or inner.loose for inner in state.tokens.values()), event, "there are open tracks in it")
    need(all(task.token != token.id for task in state.tasks.values()), event, "there are open tasks in it")
    tokens = dropped(state.tokens, token.id)
    if token.parent is not None and event.how == "done" and not token.loose:
        parent = tokens[token.parent]
        tokens[parent.id] = changed(parent, finished=parent.finished + 1)
    state = changed(state, tokens=tokens)
    return _forget(state, f"{token.id}/") if token.key else state


def _forget(state: State, scope: str) -> State:
    """What belonged to an item goes with it, so that finished items cost nothing."""
    return changed(
        state, values=rid(state.values, scope), outcomes=rid(state.outcomes, scope), done_at=rid(state.done_at, scope),
        actors=rid(state.actors, scope), counts=rid(state.counts, scope), kept_out=rid(state.kept_out, scope),
    )  # fmt: skip


def _step_skipped(state: State, event: e.StepSkipped, _at: str) -> State:
    """As if it had never been done; who did it in an earlier round, and how often, stays known."""
    where = standing(state, event, event.step).scope + event.step
    if where not in state.done_at:
        return state
    return changed(
        state, values=rid(state.values, f"{where}."), outcomes=rid(dropped(state.outcomes, where), f"{where}."),
        done_at=dropped(state.done_at, where),
    )  # fmt: skip


def _task_opened(state: State, event: e.TaskOpened, at: str) -> State:
    token = standing(state, event, event.step)
    need(event.task >= state.next_task, event, f"there was a task {event.task} already")
    task = Task(
        event.task, event.token, event.step, address_of(state, token), event.kind, event.role, event.round, at,
        event.due, event.owner, at if event.owner else "", named=event.named,
    )  # fmt: skip
    return changed(
        state, tasks=put(state.tasks, event.task, task), next_task=event.task + 1,
        counts=counted(state, token.scope + event.step),
    )  # fmt: skip


def _kept_out(state: State, event: e.PeopleKeptOut, _at: str) -> State:
    rest = {where: people for where, people in state.kept_out.items() if where != event.where}
    return changed(state, kept_out={**rest, event.where: event.people} if event.people else rest)


def _task_taken(state: State, event: e.TaskClaimed | e.TaskAssigned, at: str) -> State:
    return task_changed(state, event.task, owner=event.person, since=at, chain=event.on_behalf, until="")


def _task_released(state: State, event: e.TaskReleased, _at: str) -> State:
    return task_changed(state, event.task, owner="", since="", chain=(), until="")


def _task_delegated(state: State, event: e.TaskDelegated, at: str) -> State:
    until = event.until or FOREVER
    return task_changed(state, event.task, owner=event.person, since=at, chain=event.on_behalf, until=until)


def _task_returned(state: State, event: e.TaskReturned, at: str) -> State:
    return task_changed(state, event.task, owner=event.person, since=at, chain=(), until="")


def _task_escalated(state: State, event: e.TaskEscalated, _at: str) -> State:
    also = state.tasks[event.task].also
    return state if event.role in also else task_changed(state, event.task, also=(*also, event.role))


def _approval_given(state: State, event: e.ApprovalGiven, _at: str) -> State:
    task = state.tasks[event.task]
    voted = changed(task, votes=(*task.votes, Vote(event.person, event.outcome, event.content, event.on_behalf)))
    return changed(state, tasks=put(state.tasks, task.no, voted), actors=acted(state, task, event.person, event.on_behalf))


def _approval_voided(state: State, event: e.ApprovalVoided, _at: str) -> State:
    return task_changed(state, event.task, votes=tuple(v for v in state.tasks[event.task].votes if v.person not in event.people))


def _task_completed(state: State, event: e.TaskCompleted, at: str) -> State:
    task = state.tasks[event.task]
    where = state.tokens[task.token].scope + task.step
    return changed(
        state,
        tasks=dropped(state.tasks, event.task),
        values=renewed(state, where, where, event.values),
        outcomes=put(state.outcomes, where, event.outcome),
        done_at=put(state.done_at, where, at),
        actors=acted(state, task, event.person, event.on_behalf),
    )


def _task_withdrawn(state: State, event: e.TaskWithdrawn, _at: str) -> State:
    return changed(state, tasks=dropped(state.tasks, event.task))


def _join_fired(state: State, event: e.JoinFired, at: str) -> State:
    where = standing(state, event, event.step).scope + event.step
    tokens = {number: changed(t, loose=True) if number in event.left else t for number, t in state.tokens.items()}
    outcomes = {k: v for k, v in put(state.outcomes, where, "done").items() if k != f"{where}.branch"}
    if event.branch:
        outcomes[f"{where}.branch"] = event.branch
    return changed(state, tokens=tokens, outcomes=outcomes, done_at=put(state.done_at, where, at))


def _child_requested(state: State, event: e.ChildRequested, _at: str) -> State:
    token = standing(state, event, event.step)
    waiting = "" if event.detached else event.child
    return changed(state, tokens=token_changed(state, token, waiting=waiting), next_child=state.next_child + 1)


def _child_returned(state: State, event: e.ChildReturned, at: str) -> State:
    token = standing(state, event, event.step)
    need(token.waiting == event.child, event, f"token {token.id} waits for {token.waiting!r}")
    where = token.scope + event.step
    return changed(
        state,
        tokens=token_changed(state, token, waiting=f"{RETURNED}{event.child}" if state.suspended else ""),
        values=renewed(state, where, f"{where}.results", event.results),
        outcomes=put(state.outcomes, where, event.end),
        done_at=put(state.done_at, where, at),
    )


def _run_ended(state: State, event: e.RunEnded, _at: str) -> State:
    need(not state.tokens, event, "there are open tracks")
    return changed(state, status="ended", end=event.end, suspended=False)


def _run_cancelled(state: State, event: e.RunCancelled, _at: str) -> State:
    need(not state.tokens, event, "there are open tracks")
    return changed(state, status="cancelled", end="cancelled", suspended=False)


def _reminded(state: State, event: e.TaskReminded, _at: str) -> State:
    _ = state.tasks[event.task]
    return state


def _decided(state: State, event: e.DecisionTaken, _at: str) -> State:
    standing(state, event, event.step)
    return state


def _nothing(state: State, _event: e.Event, _at: str) -> State:
    """A fact for readers; no rule asks for it."""
    return state


_OPEN = frozenset({"open"})
_WHEN: Mapping[type, frozenset[str]] = {
    e.RunStarted: frozenset({"new"}),
    e.RunReopened: frozenset({"ended", "cancelled"}),
    e.FieldsCorrected: frozenset({"open", "ended"}),
    e.PeopleKeptOut: frozenset({"open", "ended"}),
    e.Commented: frozenset({"open", "ended", "cancelled"}),
    e.Attached: frozenset({"open", "ended", "cancelled"}),
}
"""In which status an event can happen; only while the run is open if it does not stand here."""

_APPLY: Mapping[type, Callable[[State, Any, str], State]] = {
    e.RunStarted: _run_started, e.RoleBound: _role_bound, e.TrackOpened: _track_opened, e.TokenMoved: _token_moved,
    e.TrackClosed: _track_closed, e.StepSkipped: _step_skipped, e.TaskOpened: _task_opened, e.TaskClaimed: _task_taken,
    e.PeopleKeptOut: _kept_out, e.TaskReleased: _task_released, e.TaskAssigned: _task_taken, e.TaskDelegated: _task_delegated,
    e.TaskReturned: _task_returned, e.TaskEscalated: _task_escalated,
    e.TaskReminded: _reminded, e.ApprovalGiven: _approval_given, e.ApprovalVoided: _approval_voided,
    e.TaskCompleted: _task_completed, e.TaskWithdrawn: _task_withdrawn, e.DecisionTaken: _decided,
    e.JoinFired: _join_fired, e.ChildRequested: _child_requested, e.ChildReturned: _child_returned, e.Commented: _nothing,
    e.Attached: _nothing, e.RunEnded: _run_ended, e.RunCancelled: _run_cancelled,
    **DETOURS,
}  # fmt: skip

__all__ = ["HistoryError", "evolve", "replay"]
