"""Events in words, one line each, for histories, replays and previews."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from engine import events as e
from engine.text import clean
from runners.messages import Names

Address = Callable[[int], str]
"""From the number of a task to how people call it."""


def _holder(holder: str, names: Names) -> str:
    kind, _, who = holder.partition(":")
    return names(who) if kind == "person" else holder


def _moved(event: e.TokenMoved, _task: Address, _names: Names) -> str:
    return f"{event.source or 'start'} → {event.target} ({event.by})" if event.by else f"{event.source or 'start'} → {event.target}"


def _opened(event: e.TaskOpened, task: Address, names: Names) -> str:
    round_ = f", round {event.round}" if event.round > 1 else ""
    due = f", due {event.due[:16].replace('T', ' ')} UTC" if event.due else ""
    owner = f", for {names(event.owner)}" if event.owner else ""
    owner += f" ({event.by.replace('_', ' ')}, turn {event.turn})" if event.by else ""
    return f"{task(event.task)} opened for {event.role}{round_}{owner}{due}"


def _track(event: e.TrackOpened, _task: Address, _names: Names) -> str:
    return f"track {event.track}{':' + event.key if event.key else ''} opened"


def _joined(event: e.JoinFired, _task: Address, _names: Names) -> str:
    left = f"; {len(event.left)} go on beside it" if event.left else ""
    return f"{event.step} joined: {event.finished} of {event.opened} finished{left}"


def _waits(event: e.WaitBegan, _task: Address, _names: Names) -> str:
    what = f"the signal {event.signal}" if event.signal else f"{event.until[:16].replace('T', ' ')} UTC"
    return f"{event.step} waits for {what}"


def _void(voided: tuple[str, ...]) -> str:
    names = dict.fromkeys(place.rpartition("/")[2] for place in voided)
    return f"; no longer counts: {', '.join(names)}" if names else ""


def _place(on_behalf: tuple[str, ...], names: Names) -> str:
    """In whose place, whose right it is standing last."""
    return f" in place of {' for '.join(names(person) for person in reversed(on_behalf))}" if on_behalf else ""


def _until(until: str) -> str:
    return f", until {until[:16].replace('T', ' ')} UTC" if until else ""


_CAME: Final[Mapping[str, str]] = {"signal": "its signal came", "kept": "its signal had come before", "time": "its time came"}


def _renamed(event: e.RunMigrated) -> str:
    return f"; {', '.join(f'{old} is {new} now' for old, new in event.names.items())}" if event.names else ""


def _forgotten(event: e.RunMigrated) -> str:
    return f"; left behind: {', '.join(event.forgotten)}" if event.forgotten else ""


_Words = Callable[[Any, Address, Names], str]
_WORDS: Final[Mapping[type, _Words]] = {
    e.RunStarted: lambda v, _t, n: f"run of {v.sop} {v.version} started{', a drill' if v.drill else ''}; lead {n(v.lead)}",
    e.RoleBound: lambda v, _t, n: f"{v.role} is held by {', '.join(_holder(h, n) for h in v.holders) or 'nobody'}",
    e.TrackOpened: _track,
    e.TokenMoved: _moved,
    e.TrackClosed: lambda v, _t, _n: f"track {v.token} {'finished' if v.how == 'done' else v.how}",
    e.StepSkipped: lambda v, _t, n: f"{v.step} skipped{' by ' + n(v.person) if v.person else ': its condition is not true'}",
    e.TaskOpened: _opened,
    e.TaskClaimed: lambda v, t, n: f"{t(v.task)} claimed by {n(v.person)}{_place(v.on_behalf, n)}",
    e.TaskDelegated: lambda v, t, n: f"{t(v.task)} delegated to {n(v.person)}{_place(v.on_behalf, n)}{_until(v.until)}",
    e.TaskReturned: lambda v, t, n: f"{t(v.task)} went back from {n(v.previous)} to {n(v.person)}",
    e.TaskReleased: lambda v, t, n: f"{t(v.task)} given back by {n(v.person)}",
    e.TaskAssigned: lambda v, t, n: f"{t(v.task)} given to {n(v.person)}{', taken from ' + n(v.previous) if v.previous else ''}",
    e.TaskEscalated: lambda v, t, _n: f"{t(v.task)} is late; {v.role} may act on it too",
    e.TaskReminded: lambda v, t, _n: f"{t(v.task)}: its people were reminded",
    e.ApprovalGiven: lambda v, t, n: f"{t(v.task)}: {n(v.person)} says {v.outcome}{_place(v.on_behalf, n)}",
    e.ApprovalVoided: lambda v, t, n: f"{t(v.task)}: the content changed; void: {', '.join(n(p) for p in v.people)}",
    e.TaskCompleted: lambda v, t, n: f"{t(v.task)} ended with {v.outcome} by {n(v.person)}{_place(v.on_behalf, n)}",
    e.TaskWithdrawn: lambda v, t, _n: f"{t(v.task)} withdrawn ({v.why})",
    e.DecisionTaken: lambda v, _t, _n: f"{v.step} decided: way {v.choice + 1}",
    e.JoinFired: _joined,
    e.ChildRequested: lambda v, _t, _n: f"{v.step} started {v.child} ({v.sop}){', without waiting' if v.detached else ''}",
    e.ChildReturned: lambda v, _t, _n: f"{v.child} came back to {v.step}: {v.end}",
    e.Commented: lambda v, _t, _n: f"comment{' on ' + v.step if v.step else ''}",
    e.Attached: lambda v, _t, _n: f"file added{' to ' + v.step if v.step else ''}",
    e.RunEnded: lambda v, _t, _n: f"run ended: {v.end}",
    e.RunMigrated: lambda v, _t, _n: f"run goes over to version {v.version}{_renamed(v)}{_forgotten(v)}",
    e.RunCancelled: lambda _v, _t, _n: "run cancelled",
    e.WaitBegan: _waits,
    e.WaitEnded: lambda v, _t, _n: f"{v.step}: {_CAME[v.by]}",
    e.SignalCame: lambda v, _t, _n: f"signal {v.name}{', kept for later' if v.kept else ''}",
    e.TaskSuspended: lambda v, t, _n: f"{t(v.task)} suspended",
    e.TaskResumed: lambda v, t, _n: f"{t(v.task)} resumed",
    e.RunSuspended: lambda _v, _t, _n: "run suspended",
    e.RunResumed: lambda _v, _t, _n: "run resumed",
    e.TaskBlocked: lambda v, t, n: f"{t(v.task)} blocked, says {n(v.person)}",
    e.TaskUnblocked: lambda v, t, n: f"{t(v.task)} no longer blocked, says {n(v.person)}",
    e.Rewound: lambda v, _t, _n: f"went back from {v.source} to {v.target}{_void(v.voided)}",
    e.RunReopened: lambda v, _t, _n: f"run opened again after {v.end}{_void(v.voided)}",
    e.FieldsCorrected: lambda v, _t, n: f"{v.where.rpartition('/')[2]} corrected by {n(v.person)}: {', '.join(v.values)}",
    e.ItemsOpened: lambda v, _t, _n: f"{v.step} takes further items",
    e.ItemsClosed: lambda v, _t, _n: f"{v.step} takes no further items",
    e.Overridden: lambda v, t, n: f"{n(v.person)} overrode {', '.join(v.codes)} for {t(v.task)}",
}


def in_words(event: e.Event, task: Address, names: Names) -> str:
    """*event* in one line."""
    return clean(_WORDS[type(event)](event, task, names))
