"""Apply the events of :mod:`engine.detours`: waiting, suspending, blocking, going back, correcting, overriding."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine import events as e
from engine.folding import counted, need, put, renewed, rid, standing, task_changed, token_changed
from engine.migration import migrated
from engine.state import State, changed


def _wait_began(state: State, event: e.WaitBegan, _at: str) -> State:
    token = standing(state, event, event.step)
    waiting = f"signal:{event.signal}" if event.signal else f"until:{event.until}"
    return changed(state, tokens=token_changed(state, token, waiting=waiting))


def _wait_ended(state: State, event: e.WaitEnded, at: str) -> State:
    token = standing(state, event, event.step)
    where = token.scope + event.step
    name = token.waiting.removeprefix("signal:")
    values = rid(state.values, f"signal/{name}.") if event.by == "kept" else state.values
    state = changed(state, values=values)
    return changed(
        state,
        tokens=token_changed(state, token, waiting=""),
        values=renewed(state, where, where, event.values),
        outcomes=put(state.outcomes, where, event.by),
        done_at=put(state.done_at, where, at),
        counts={k: n for k, n in state.counts.items() if event.by != "kept" or k != f"signal/{name}"},
    )


def _signal_came(state: State, event: e.SignalCame, _at: str) -> State:
    """A kept signal stands in the state until a step takes it; a second one before that replaces it."""
    if not event.kept:
        return state
    prefix = f"signal/{event.name}"
    return changed(
        state,
        values={**rid(state.values, f"{prefix}."), **{f"{prefix}.{name}": seal for name, seal in event.values.items()}},
        counts=counted(state, prefix),
    )


def _held(state: State, number: int, why: str, *, on: bool) -> State:
    others = tuple(held for held in state.tasks[number].held if held != why)
    return task_changed(state, number, held=(*others, why) if on else others)


def _task_suspended(state: State, event: e.TaskSuspended, _at: str) -> State:
    return _held(state, event.task, "suspended", on=True)


def _task_resumed(state: State, event: e.TaskResumed, _at: str) -> State:
    return _held(state, event.task, "suspended", on=False)


def _task_blocked(state: State, event: e.TaskBlocked, _at: str) -> State:
    return _held(state, event.task, "blocked", on=True)


def _task_unblocked(state: State, event: e.TaskUnblocked, _at: str) -> State:
    return _held(state, event.task, "blocked", on=False)


def _run_suspended(state: State, _event: e.RunSuspended, _at: str) -> State:
    return changed(state, suspended=True)


def _run_resumed(state: State, _event: e.RunResumed, _at: str) -> State:
    return changed(state, suspended=False)


def _voided(state: State, places: Iterable[str]) -> State:
    """The results of *places* (steps with their scope) no longer count; who did them, and how often, stays known."""
    gone = tuple(places)
    return changed(
        state,
        values={k: v for k, v in state.values.items() if not k.startswith(tuple(f"{place}." for place in gone))},
        outcomes={k: v for k, v in state.outcomes.items() if k.partition(".")[0] not in gone},
        done_at={k: v for k, v in state.done_at.items() if k not in gone},
    )


def _rewound(state: State, event: e.Rewound, _at: str) -> State:
    token = standing(state, event, event.source)
    tokens = token_changed(state, token, at=event.target, opened=0, finished=0, waiting="", more=False)
    return _voided(changed(state, tokens=tokens), event.voided)


def _run_reopened(state: State, event: e.RunReopened, _at: str) -> State:
    return _voided(changed(state, status="open", end=""), event.voided)


def _fields_corrected(state: State, event: e.FieldsCorrected, _at: str) -> State:
    need(event.where in state.done_at, event, f"{event.where} is not done")
    values = {**state.values, **{f"{event.where}.{name}": seal for name, seal in event.values.items() if seal}}
    for name, seal in event.values.items():
        if not seal:
            values.pop(f"{event.where}.{name}", None)
    step = event.where.rpartition("/")[2]
    who = state.actors.get(step, ())
    # Whoever corrects has had a part in it; who did it last stays who did it last.
    actors = state.actors if event.person in who else put(state.actors, step, (event.person, *who))
    return changed(state, values=values, actors=actors)


def _items_opened(state: State, event: e.ItemsOpened, _at: str) -> State:
    return changed(state, tokens=token_changed(state, standing(state, event, event.step), more=True))


def _items_closed(state: State, event: e.ItemsClosed, _at: str) -> State:
    return changed(state, tokens=token_changed(state, standing(state, event, event.step), more=False))


def _overridden(state: State, event: e.Overridden, _at: str) -> State:
    _ = state.tasks[event.task]
    return state


def _run_migrated(state: State, event: e.RunMigrated, _at: str) -> State:
    need(state.fingerprint == event.previous, event, "the run was decided by another version")
    return migrated(state, event.names, version=event.version, fingerprint=event.fingerprint)


DETOURS: Mapping[type, Callable[[State, Any, str], State]] = {
    e.WaitBegan: _wait_began, e.WaitEnded: _wait_ended, e.SignalCame: _signal_came,
    e.TaskSuspended: _task_suspended, e.TaskResumed: _task_resumed, e.RunSuspended: _run_suspended, e.RunResumed: _run_resumed,
    e.TaskBlocked: _task_blocked, e.TaskUnblocked: _task_unblocked, e.Rewound: _rewound, e.RunReopened: _run_reopened,
    e.FieldsCorrected: _fields_corrected, e.ItemsOpened: _items_opened, e.ItemsClosed: _items_closed, e.Overridden: _overridden,
    e.RunMigrated: _run_migrated,
}  # fmt: skip
