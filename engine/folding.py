"""What applying any event needs: small changes of mappings, and the check that an event fits where it stands."""

from collections.abc import Mapping
from typing import Any, TypeVar

from engine import events as e
from engine.state import State, Task, Token, changed

K = TypeVar("K")
V = TypeVar("V")


class HistoryError(Exception):
    """The events cannot have happened in this order: the history is damaged."""


def need(fits: bool, event: e.Event, why: str) -> None:  # noqa: FBT001 - the question itself
    """Raise HistoryError unless *event* fits."""
    if not fits:
        raise HistoryError(f"{type(event).__name__} does not fit: {why}")


def put(mapping: Mapping[K, V], key: K, value: V) -> dict[K, V]:
    """*mapping* with *value* at *key*."""
    return {**mapping, key: value}


def dropped(mapping: Mapping[K, V], key: K) -> dict[K, V]:
    """*mapping* without *key*, which must be there."""
    rest = dict(mapping)
    del rest[key]
    return rest


def rid(mapping: Mapping[str, V], prefix: str) -> dict[str, V]:
    """*mapping* without the keys that begin with *prefix*."""
    return {key: value for key, value in mapping.items() if not key.startswith(prefix)}


def standing(state: State, event: Any, step: str) -> Token:  # noqa: ANN401 - every event with a token
    """The token of *event*, which must stand at *step*."""
    token = state.tokens[event.token]
    need(token.at == step, event, f"token {token.id} stands at {token.at!r}")
    return token


def token_changed(state: State, token: Token, **changes: Any) -> dict[int, Token]:  # noqa: ANN401 - fields of Token
    """The tokens of *state* with *changes* to *token*."""
    return put(state.tokens, token.id, changed(token, **changes))


def task_changed(state: State, number: int, **changes: Any) -> State:  # noqa: ANN401 - fields of Task
    """*state* with *changes* to the task *number*."""
    return changed(state, tasks=put(state.tasks, number, changed(state.tasks[number], **changes)))


def counted(state: State, key: str) -> dict[str, int]:
    """The counts of *state* with one more for *key*."""
    return put(state.counts, key, state.counts.get(key, 0) + 1)


def acted(state: State, task: Task, person: str, on_behalf: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
    """The actors of *state* with *person* as the latest of *task*'s step, in the run and in its item.

    Those in whose place they acted count as well.
    """
    latest = (*(p for p in on_behalf if p != person), person)
    actors = dict(state.actors)
    for key in dict.fromkeys((task.step, state.tokens[task.token].scope + task.step)):
        actors[key] = (*(p for p in actors.get(key, ()) if p not in latest), *latest)
    return actors


def renewed(state: State, where: str, prefix: str, seals: Mapping[str, str]) -> dict[str, str]:
    """The values when *where* is done once more: what it gave before no longer counts, even where it gives nothing now."""
    before = rid(state.values, f"{where}.") if where in state.done_at else state.values
    return {**before, **{f"{prefix}.{name}": seal for name, seal in seals.items()}}
