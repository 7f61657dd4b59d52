"""What must hold after every accepted act, one function each; the name of the function is the name of the promise.

Each is asked with the walk and the act, and gives what is wrong, in words; nothing if it holds. None of them asks the rule
that it watches over: they read the definition, the events, and the crowd.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine import commands as c
from engine import events as e
from engine.canonical import canonical
from engine.decide import Accepted
from engine.evolve import evolve, replay
from engine.procedure import HUMAN, Procedure
from engine.state import EMPTY, State, Token, from_plain, to_plain
from tests.properties.crowd import Asked

if TYPE_CHECKING:
    from tests.properties.walk import Walk


@dataclass(frozen=True, slots=True)
class Act:
    """An accepted act.

    Attributes:
        procedure: what decided it.
        before: where the run stood.
        actor: who acted, or ``system``.
        command: what was asked for.
        answer: what happened.
        directory: people at that moment.
    """

    procedure: Procedure
    before: State
    actor: str
    command: c.Command
    answer: Accepted
    directory: Asked

    @property
    def after(self) -> State:
        """Where the run stands now."""
        return self.answer.state

    def told(self, *kinds: type) -> list[Any]:
        """The events of these kinds."""
        return [event for event in self.answer.events if isinstance(event, kinds)]


Invariant = Callable[["Walk", Act], str]


def every_open_token_has_a_task_or_a_reason(walk: "Walk", act: Act) -> str:
    """A token stands still for exactly one reason: a task, something it waits for, or tracks that are open inside."""
    state = act.after
    known = set(walk.procedure.document.get("signals", {}))
    for token in state.tokens.values():
        step = walk.procedure.steps.get(token.at)
        if step is None:
            return f"token {token.id} stands at {token.at!r}, which is no step"
        tasks = [task for task in state.tasks.values() if task.token == token.id]
        inner = [other for other in state.tokens.values() if other.parent == token.id and not other.loose]
        reasons = {
            "task": bool(tasks), "signal": token.waiting.startswith("signal:"), "time": token.waiting.startswith("until:"),
            "child": bool(token.waiting) and ":" not in token.waiting, "inner": bool(inner) or token.more,
            "resuming": token.waiting.startswith("returned:") and state.suspended,
        }  # fmt: skip
        kinds = {
            "task": step.kind in HUMAN, "signal": "signal" in step.doc.get("wait", ()), "time": step.kind == "wait",
            "child": step.kind == "run", "inner": step.kind in {"parallel", "first", "for_each"}, "resuming": step.kind == "run",
        }  # fmt: skip
        found = [name for name, there in reasons.items() if there]
        if len(found) != 1 or len(tasks) > 1 or not kinds[found[0]]:
            return f"token {token.id} at {token.at} ({step.kind}) is held by {found or 'nothing'} and {len(tasks)} tasks"
        if reasons["signal"] and token.waiting.removeprefix("signal:") not in known:
            return f"token {token.id} waits for {token.waiting}, which nobody can send"
        if reasons["child"] and token.waiting not in walk.children:
            return f"token {token.id} waits for {token.waiting}, which was never started or has returned"
    return ""


def tasks_and_tracks_fit_together(walk: "Walk", act: Act) -> str:  # noqa: PLR0911 - one for each thing that can be wrong
    """A task stands where its token stands, under an address of its own; a track stands inside the step that opened it."""
    state = act.after
    if state.status != "open":
        return f"the run is {state.status} with {len(state.tokens)} tracks open" if state.tokens or state.tasks else ""
    if not state.tokens:
        return "the run is open, and no track is"
    for task in state.tasks.values():
        if state.tokens[task.token].at != task.step:
            return f"task {task.address} is open, and its token stands at {state.tokens[task.token].at}"
    addresses = Counter(task.address for task in state.tasks.values())
    if addresses and addresses.most_common(1)[0][1] > 1:
        return f"two open tasks are called {addresses.most_common(1)[0][0]}"
    for token in state.tokens.values():
        if token.at not in walk.procedure.tracks[token.track].steps:
            return f"token {token.id} of the track {token.track} stands at {token.at}"
        parent = state.tokens.get(token.parent) if token.parent is not None else None
        if token.parent is not None and not token.loose and (parent is None or parent.at != token.step):
            return f"the track {token.track} is open, and nobody stands at {token.step} any more"
    return ""


def joins_fire_once(walk: "Walk", act: Act) -> str:
    """A join fires once for each time that its step was entered."""
    for event in act.answer.events:
        if isinstance(event, e.TokenMoved | e.Rewound):
            walk.joined.discard((event.token, event.target))
        elif isinstance(event, e.RunMigrated):
            walk.joined = {(token, event.names.get(step, step)) for token, step in walk.joined}
        elif isinstance(event, e.JoinFired):
            if (event.token, event.step) in walk.joined:
                return f"the join of {event.step} fired twice for one entry (token {event.token})"
            walk.joined.add((event.token, event.step))
    return ""


def joins_wait_for_their_tracks(walk: "Walk", act: Act) -> str:
    """A join fires when as many tracks are finished as it asks for, or none is left; what is cut short was cut by somebody."""
    cut = _cut_short(act)
    for event, open_before, closed in _joins(act):
        step = act.procedure.steps[event.step]
        needed = event.opened if step.joins == "all" else 1 if step.joins == "any" else int(step.joins)
        unfinished = [number for number in open_before if number not in closed]
        if event.finished < needed and unfinished and not cut:
            return f"the join of {event.step} fired with {event.finished} of {needed} finished, and {len(unfinished)} still open"
        if event.left and step.doc.get("rest") != "continue":
            return f"the join of {event.step} left tracks open, which are to be cancelled"
        if step.joins == "all" and _more(act, event.token, event.step) and not cut:
            return f"the join of {event.step} fired while items could still be added"
    return ""


def _cut_short(act: Act) -> bool:
    """Whether somebody ended tracks by this act."""
    if isinstance(act.command, c.CancelTrack) or (isinstance(act.command, c.CloseItems) and act.command.early):
        return True
    for event in act.told(e.TaskCompleted):
        step = next((task.step for task in act.before.tasks.values() if task.no == event.task), "")
        if step and act.procedure.steps[step].outcomes[event.outcome].get("cancels"):
            return True
    return any(act.procedure.steps[event.step].outcomes.get(event.end, {}).get("cancels") for event in act.told(e.ChildReturned))


def _joins(act: Act) -> Iterator[tuple[e.JoinFired, list[int], set[int]]]:
    """Each join with the tracks that were open in it just before, and those of them that had finished."""
    open_: dict[int, tuple[int | None, str]] = {t.id: (t.parent, t.step) for t in act.before.tokens.values() if not t.loose}
    finished: dict[int, tuple[int | None, str]] = {}
    cancelled: dict[int, tuple[int | None, str]] = {}
    for event in act.answer.events:
        if isinstance(event, e.TrackOpened):
            open_[event.token] = (event.parent, event.step)
        elif isinstance(event, e.TrackClosed) and event.token in open_:
            (finished if event.how == "done" else cancelled)[event.token] = open_.pop(event.token)
        elif isinstance(event, e.JoinFired):
            here = [n for n, place in {**open_, **cancelled}.items() if place == (event.token, event.step)]
            yield event, here, {n for n, place in finished.items() if place == (event.token, event.step)}
        if isinstance(event, e.JoinFired | e.Rewound | e.TokenMoved):
            cancelled = {n: place for n, place in cancelled.items() if place[0] != event.token}


def _more(act: Act, token: int, step: str) -> bool:
    there = act.before.tokens.get(token)
    closed = any(isinstance(event, e.ItemsClosed | e.Rewound) and event.token == token for event in act.answer.events)
    return there is not None and there.at == step and there.more and not closed


def branches_open_by_their_conditions(walk: "Walk", act: Act) -> str:
    """A branch with a condition is opened as often as its condition was true, and the others as often as their step was entered."""
    opened = Counter(event.track for event in act.told(e.TrackOpened))
    answers = Counter(where.removesuffix(".when") for where, yes in act.answer.guards if yes and where.endswith(".when"))
    for name, track in act.procedure.tracks.items():
        if "." in name:
            owner = act.procedure.steps[track.owner].doc
            branch = (owner.get("parallel") or owner["first"])[name.partition(".")[2]]
            if "when" in branch and opened[name] != answers[name]:
                return f"the branch {name} was opened {opened[name]} times, and its condition was true {answers[name]} times"
    return ""


def one_alternative_is_chosen(walk: "Walk", act: Act) -> str:
    """As soon as one alternative has left its first step, no other is open."""
    for token in act.after.tokens.values():
        inner = [t for t in act.after.tokens.values() if t.parent == token.id and t.step == token.at and not t.loose]
        if token.at in walk.procedure.steps and walk.procedure.steps[token.at].kind == "first" and len(inner) > 1:
            late = [t for t in inner if t.at != walk.procedure.tracks[t.track].steps[0]]
            if late:
                return f"{late[0].track} was chosen, and {len(inner) - 1} other alternatives of {token.at} are open"
    return ""


def one_hand_at_a_time(walk: "Walk", act: Act) -> str:
    """Of interleaved tracks, and of a critical section within a run, one task at most is in somebody's hands."""
    state = act.after
    owned = [task for task in state.tasks.values() if task.owner]
    sections = Counter(walk.procedure.steps[task.step].doc.get("critical") for task in owned)
    for section, several in sections.items():
        if section and several > 1:
            return f"{several} tasks of the critical section {section} are in somebody's hands"
    turns: dict[tuple[int | None, str], set[int]] = {}
    for task in owned:
        token: Token | None = state.tokens[task.token]
        while token is not None and token.parent is not None:
            if walk.procedure.steps[token.step].doc.get("one_at_a_time"):
                turns.setdefault((token.parent, token.step), set()).add(token.id)
            token = state.tokens.get(token.parent)
    for (_, step), tracks in turns.items():
        if len(tracks) > 1:
            return f"{len(tracks)} tracks of {step} are in somebody's hands, which is one at a time"
    return ""


def what_is_held_stays(walk: "Walk", act: Act) -> str:
    """Nobody finishes a task that is blocked or suspended, and nothing moves in a suspended run until it is resumed.

    Where a child came back to it meanwhile, whoever leads it may lead on by hand.
    """
    for event in act.told(e.TaskCompleted, e.ApprovalGiven):
        if event.task in act.before.tasks and (held := act.before.tasks[event.task].held):
            return f"task {act.before.tasks[event.task].address} is {', '.join(held)}, and was worked on"
    moves = (e.TokenMoved, e.TaskCompleted, e.TaskOpened, e.JoinFired)
    returned = any(token.waiting.startswith("returned:") for token in act.before.tokens.values())
    resumed = isinstance(act.command, (c.Resume, c.Rewind, c.Skip) if returned else c.Resume)
    if act.before.suspended and not resumed and not act.told(e.RunCancelled) and (moved := act.told(*moves)):
        return f"the run is suspended, and {type(moved[0]).__name__} happened"
    return ""


def kept_signals_are_taken(walk: "Walk", act: Act) -> str:
    """Nothing waits for a signal that was kept, and of a signal that is not kept nothing is left."""
    for token in act.after.tokens.values():
        name = token.waiting.removeprefix("signal:")
        if token.waiting.startswith("signal:") and f"signal/{name}" in act.after.counts:
            return f"{token.at} waits for {name}, which was kept"
    if any(path.startswith("signal/paid") for path in (*act.after.counts, *act.after.values)):
        return "a signal that is not to be kept was kept"
    return ""


def going_back_leaves_nothing_behind(walk: "Walk", act: Act) -> str:
    """What a way back voids is gone, with its values, unless it was done anew in the same act."""
    for event in act.told(e.Rewound, e.RunReopened):
        for place in event.voided:
            if place in act.after.done_at and act.after.done_at[place] != act.directory.at:
                return f"{place} was taken back, and still counts as done"
            if place not in act.after.done_at and any(path.startswith(f"{place}.") for path in act.after.values):
                return f"{place} was taken back, and its values still count"
    return ""


def the_fold_of_the_events_is_the_state(walk: "Walk", act: Act) -> str:
    """Events read back from their bytes lead from the state before to the state after; now and then from the beginning."""
    written = [json.loads(canonical(e.encode(event))) for event in act.answer.events]
    read = [e.decode(event) for event in written]
    if read != list(act.answer.events):
        return "an event is another when it is read back"
    state = act.before
    for event in read:
        state = evolve(state, event, act.directory.at)
    if state != act.after:
        return "the events lead elsewhere than the decision says"
    if (walk.acts % 10 == 0 or act.after.status != "open") and replay(walk.history, EMPTY) != act.after:
        return "the whole history leads elsewhere than the decisions did"
    return ""


def the_state_says_what_the_events_say(walk: "Walk", act: Act) -> str:
    """An independent reader of the events knows the same tasks, tracks, values and people as the state."""
    for event in act.answer.events:
        walk.shadow.read(act.directory.at, event)
    return walk.shadow.differs(act.after)


def the_state_survives_being_stored(walk: "Walk", act: Act) -> str:
    """A state that is written and read back is the same, and so is everything that is kept."""
    if from_plain(json.loads(canonical(to_plain(act.after)))) != act.after:
        return "the state is another when it is read back"
    canonical(dict(act.answer.values))
    return ""


COURSE: tuple[Invariant, ...] = (
    the_state_says_what_the_events_say, the_fold_of_the_events_is_the_state, the_state_survives_being_stored,
    every_open_token_has_a_task_or_a_reason, tasks_and_tracks_fit_together, joins_fire_once, joins_wait_for_their_tracks,
    branches_open_by_their_conditions, one_alternative_is_chosen, one_hand_at_a_time, what_is_held_stays, kept_signals_are_taken,
    going_back_leaves_nothing_behind,
)  # fmt: skip
"""What must hold of the course of a run."""
