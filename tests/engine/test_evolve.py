"""Folding events, and writing events and states as plain data."""

import json
from dataclasses import FrozenInstanceError, fields, replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import commands as c
from engine import effects as f
from engine import events as e
from engine import evolve as evolving
from engine.canonical import canonical
from engine.context import Context
from engine.decide import Accepted
from engine.evolve import HistoryError, evolve, replay
from engine.machine import Edge
from engine.procedure import Step
from engine.refusals import Reason
from engine.state import EMPTY, State, Task, Token, Vote, changed, from_plain, to_plain
from engine.timers import Length
from tests.engine.kit import ANA, BEN, NOW, Play, task

KINDS = get_args(e.Event)
NAMES = st.text("abc_:", max_size=5)
SEALS = st.dictionaries(NAMES, NAMES, max_size=3)
PLAIN = st.recursive(st.booleans() | st.integers(-5, 5) | NAMES, lambda inner: st.lists(inner, max_size=2), max_leaves=4)
BY_NAME: dict[str, st.SearchStrategy[Any]] = {
    "parameters": st.dictionaries(NAMES, PLAIN, max_size=2), "inputs": SEALS, "values": SEALS, "results": SEALS,
    "parent": st.none(), "drill": st.booleans(), "holders": st.lists(NAMES).map(tuple), "people": st.lists(NAMES).map(tuple),
    "timers": st.lists(st.tuples(NAMES, st.integers(0, 9), NAMES), max_size=2).map(tuple),
}  # fmt: skip
NUMBERS = {"token", "task", "round", "n", "choice", "finished", "opened", "depth", "parent"}


def event_of(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Any event of this kind."""
    found = {}
    for field in fields(kind):
        found[field.name] = BY_NAME.get(field.name, st.integers(0, 9) if field.name in NUMBERS else NAMES)
    if kind is e.RunStarted:
        found["parent"] = st.none() | st.tuples(NAMES, st.integers(0, 9))
    if kind is e.TrackOpened:
        found["parent"] = st.none() | st.integers(0, 9)
    return st.builds(kind, **found)


@given(st.one_of([event_of(kind) for kind in KINDS]))
def test_events_survive_json(event: e.Event) -> None:
    """Every event comes back equal, and of equal types, from its canonical bytes."""
    encoded = e.encode(event)
    assert encoded["is"] == type(event).__name__
    found = e.decode(json.loads(canonical(encoded)))
    assert found == event
    assert [type(getattr(found, x.name)) for x in fields(event)] == [type(getattr(event, x.name)) for x in fields(event)]


def test_defaults_are_not_written() -> None:
    """What equals its default is left out, and comes back."""
    assert e.encode(e.TrackOpened(1, "main")) == {"is": "TrackOpened", "token": 1, "track": "main"}
    assert e.encode(e.RunCancelled()) == {"is": "RunCancelled"}


@pytest.mark.parametrize("encoded", [{}, {"is": "Nothing"}, {"is": "RunEnded"}, {"is": "RunEnded", "end": "x", "more": 1}])
def test_what_is_no_event_is_told(encoded: dict[str, Any]) -> None:
    """An unknown kind, missing and unknown fields raise."""
    with pytest.raises((KeyError, TypeError)):
        e.decode(encoded)


TOKENS = st.builds(
    Token, st.integers(1, 9), NAMES, NAMES, st.none() | st.integers(1, 9), NAMES, NAMES, NAMES, NAMES, st.integers(0, 9),
    st.integers(0, 9), NAMES,
)  # fmt: skip
VOTES = st.lists(st.builds(Vote, NAMES, NAMES, NAMES), max_size=2).map(tuple)
TASKS = st.builds(
    Task, st.integers(1, 9), st.integers(1, 9), NAMES, NAMES, NAMES, NAMES, st.integers(1, 9), NAMES, NAMES, NAMES, NAMES,
    st.lists(NAMES, max_size=2).map(tuple), VOTES,
)  # fmt: skip
PEOPLE = st.dictionaries(NAMES, st.lists(NAMES, max_size=2).map(tuple), max_size=2)
STATES = st.builds(
    State, status=NAMES, sop=NAMES, version=NAMES, fingerprint=NAMES, lead=NAMES, end=NAMES, started=NAMES,
    parent=st.none() | st.tuples(NAMES, st.integers(0, 9)), depth=st.integers(0, 9), drill=st.booleans(),
    next_token=st.integers(1, 9), next_task=st.integers(1, 9), next_child=st.integers(1, 9), roles=PEOPLE,
    parameters=st.dictionaries(NAMES, PLAIN, max_size=2), values=SEALS, outcomes=SEALS, done_at=SEALS, actors=PEOPLE,
    counts=st.dictionaries(NAMES, st.integers(0, 9), max_size=2),
    tokens=st.lists(TOKENS, max_size=3).map(lambda found: {token.id: token for token in found}),
    tasks=st.lists(TASKS, max_size=3).map(lambda found: {task_.no: task_ for task_ in found}),
)  # fmt: skip


@given(STATES)
def test_states_survive_json(state: State) -> None:
    """Every state comes back equal from its canonical bytes, and equal states give equal bytes."""
    written = canonical(to_plain(state))
    found = from_plain(json.loads(written))
    assert found == state
    assert canonical(to_plain(found)) == written


def test_an_empty_state_is_no_bytes() -> None:
    """Before anything happened there is nothing to write."""
    assert to_plain(EMPTY) == {}
    assert from_plain({}) == EMPTY


@given(STATES, NAMES, st.integers(0, 9))
def test_a_changed_copy_is_what_replace_would_give(state: State, text: str, number: int) -> None:
    """The fast copy equals the one of the standard library, and the original stays as it was."""
    before = to_plain(state)
    assert changed(state, end=text, depth=number) == replace(state, end=text, depth=number)
    assert changed(state) == state
    assert to_plain(state) == before
    assert [changed(token, step=text) for token in state.tokens.values()] == [replace(t, step=text) for t in state.tokens.values()]
    assert [changed(found, step=text) for found in state.tasks.values()] == [replace(t, step=text) for t in state.tasks.values()]
    with pytest.raises(KeyError):
        changed(state, nothing=1)


VALUES = (
    *KINDS,
    *get_args(c.Command),
    *get_args(f.Effect),
    State,
    Token,
    Task,
    Vote,
    Reason,
    Context,
    Accepted,
    Edge,
    Step,
    Length,
)


@pytest.mark.parametrize("kind", VALUES, ids=[kind.__name__ for kind in VALUES])
def test_values_are_frozen_and_slotted(kind: type[Any]) -> None:
    """Events, commands, effects and states cannot be changed, and hold nothing but their fields."""
    value = object.__new__(kind)
    for field in fields(kind):
        with pytest.raises(FrozenInstanceError):
            setattr(value, field.name, 1)
    assert not hasattr(value, "__dict__")


def test_every_event_has_a_meaning_for_the_state() -> None:
    """No kind of event is without an applier, and no applier without its kind."""
    assert set(evolving._APPLY) == set(KINDS)
    assert set(evolving._WHEN) <= set(KINDS)
    assert {kind.__name__ for kind in KINDS} == set(e._TYPES)


def waiting() -> State:
    """A run in which token 2 waits for a child, token 3 for a task, and token 4 for a vote."""
    branches = {
        "a": [{"id": "call", "run": "other"}],
        "b": [task("write")],
        "c": [{"id": "vote", "approval": {"role": "maker", "quorum": 2}}],
    }
    play = Play([{"id": "both", "parallel": branches}, task("last")]).start()
    play.complete(BEN, "vote")
    return play.state


IMPOSSIBLE: list[e.Event] = [
    e.RunStarted("x", "1.0.0", "f", ANA),
    e.TrackOpened(9, "main", 99),
    e.TrackOpened(9, "both.a", 1, "call"),
    e.TrackOpened(2, "both.a", 1, "both"),
    e.TokenMoved(99, "a", "b", "x"),
    e.TokenMoved(1, "last", "both", "x"),
    e.TrackClosed(99),
    e.TrackClosed(1),
    e.TrackClosed(3),
    e.StepSkipped(99, "write"),
    e.StepSkipped(3, "call"),
    e.TaskOpened(9, 99, "write", "task", "maker", 1),
    e.TaskOpened(9, 3, "call", "task", "maker", 1),
    e.TaskOpened(1, 3, "write", "task", "maker", 1),
    e.TaskClaimed(99, ANA),
    e.TaskReleased(99, ANA),
    e.TaskAssigned(99, ANA),
    e.TaskEscalated(99, "boss", 0),
    e.TaskReminded(99, 0),
    e.ApprovalGiven(99, ANA, "approve"),
    e.ApprovalVoided(99, (ANA,)),
    e.TaskCompleted(99, ANA, "done"),
    e.TaskWithdrawn(99, "joined"),
    e.DecisionTaken(99, "which", 0),
    e.DecisionTaken(1, "which", 0),
    e.JoinFired(99, "both", 1, 1),
    e.JoinFired(1, "last", 1, 1),
    e.ChildRequested(99, "call", "RUN-1.2", "other"),
    e.ChildRequested(3, "call", "RUN-1.2", "other"),
    e.ChildReturned(99, "call", "RUN-1.1", "done"),
    e.ChildReturned(2, "write", "RUN-1.1", "done"),
    e.ChildReturned(2, "call", "RUN-1.7", "done"),
    e.RunEnded("done"),
    e.RunCancelled(),
    e.TaskDelegated(99, ANA, (BEN,)),
    e.TaskReturned(99, BEN, ANA),
    e.WaitBegan(99, "write"),
    e.WaitBegan(3, "call"),
    e.WaitEnded(99, "write", "time"),
    e.WaitEnded(3, "call", "time"),
    e.TaskSuspended(99),
    e.TaskResumed(99),
    e.TaskBlocked(99, ANA),
    e.TaskUnblocked(99, ANA),
    e.Rewound(99, "write", "call"),
    e.Rewound(3, "call", "write"),
    e.FieldsCorrected("write", ANA),
    e.ItemsOpened(99, "both"),
    e.ItemsOpened(1, "last"),
    e.ItemsClosed(99, "both"),
    e.ItemsClosed(1, "last"),
    e.Overridden(99, ANA, ()),
    e.RunMigrated("2.0.0", "f", "not the one before"),
]


@pytest.mark.parametrize("event", IMPOSSIBLE, ids=[f"{type(event).__name__}-{n}" for n, event in enumerate(IMPOSSIBLE)])
def test_an_impossible_event_means_a_damaged_history(event: e.Event) -> None:
    """A task or token that is not open, stands elsewhere, or was there before cannot have been meant."""
    with pytest.raises(HistoryError, match=type(event).__name__):
        evolve(waiting(), event, NOW)


def test_every_event_that_names_a_task_or_token_can_be_impossible() -> None:
    """No kind of event that points at a task or a token was forgotten above."""
    pointing = {kind for kind in KINDS if {"task", "token"} & {field.name for field in fields(kind)}}
    assert pointing <= {type(event) for event in IMPOSSIBLE}


POSSIBLE: dict[str, set[type]] = {
    "new": {e.RunStarted},
    "ended": {e.Commented, e.Attached, e.RunReopened, e.FieldsCorrected, e.PeopleKeptOut},
    "cancelled": {e.Commented, e.Attached, e.RunReopened},
}


@pytest.mark.parametrize("kind", KINDS, ids=[kind.__name__ for kind in KINDS])
@pytest.mark.parametrize("status", ["new", "ended", "cancelled"])
def test_events_happen_in_open_runs(kind: type[Any], status: str) -> None:
    """Before the start only the start can happen; after the end only comments, files, corrections, and opening it again."""
    event = _plain(kind)
    state = State(status=status, done_at={"x": NOW})
    if kind in POSSIBLE[status]:
        evolve(state, event, NOW)
    else:
        with pytest.raises(HistoryError, match="cannot happen"):
            evolve(state, event, NOW)


def _plain(kind: type[Any]) -> Any:  # noqa: ANN401 - any event
    empty: dict[str, Any] = {"holders": (), "people": (), "timers": (), "inputs": {}, "values": {}, "results": {}, "parameters": {}}
    empty |= {"voided": (), "names": {}, "forgotten": (), "on_behalf": (), "codes": ()}
    empty["parent"] = None
    return kind(**{x.name: empty.get(x.name, 1 if x.name in NUMBERS else "x") for x in fields(kind)})


def test_a_history_is_folded_in_order() -> None:
    """Replaying the same events gives the same state; leaving one out that matters to the end is found."""
    play = Play([task("write"), task("last")]).start()
    play.complete(BEN, "write")
    assert replay(play.history, EMPTY) == play.state
    for number, (_, event) in enumerate(play.history):
        if isinstance(event, e.TaskClaimed):
            continue  # the completion says who it was once more
        shorter = play.history[:number] + play.history[number + 1 :]
        try:
            assert replay(shorter, EMPTY) != play.state
        except HistoryError:
            continue


def test_times_come_from_the_events() -> None:
    """A task is ready, and its owner has it, since the instants of their events."""
    play = Play([task("write")]).start({"maker": (f"person:{BEN}",)})
    found = play.task("write")
    assert (found.ready, found.since) == (NOW, NOW)
    later = evolve(play.state, e.TaskReleased(1, BEN), "2027-01-01T00:00:00.000000Z")
    assert (later.tasks[1].since, later.tasks[1].ready) == ("", NOW)
