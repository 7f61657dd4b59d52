"""Events in words, one line each, for histories, replays and previews.

A sentence is whole, and says more in a form of its own; only further clauses are put behind it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from engine import events as e
from engine.text import clean
from runners.messages import Names
from runners.tongue import marked, spoken, spoken_many

Address = Callable[[int], str]
"""From the number of a task to how people call it."""


def _holder(holder: str, names: Names) -> str:
    kind, _, who = holder.partition(":")
    return names(who) if kind == "person" else holder


def _instant(at: str) -> str:
    return f"{at[:16].replace('T', ' ')} UTC"


def _with(said: str, *clauses: str) -> str:
    """A sentence, and what is said of it besides."""
    for clause in clauses:
        said = spoken("{said}, {clause}", said=said, clause=clause) if clause else said
    return said


def _after(said: str, *clauses: str) -> str:
    """A sentence, and what comes of it."""
    for clause in clauses:
        said = spoken("{said}; {clause}", said=said, clause=clause) if clause else said
    return said


def _started(event: e.RunStarted, _task: Address, names: Names) -> str:
    said = marked("run of {sop} {version} started, a drill") if event.drill else marked("run of {sop} {version} started")
    return _after(spoken(said, sop=event.sop, version=event.version), spoken("lead {person}", person=names(event.lead)))


def _bound(event: e.RoleBound, _task: Address, names: Names) -> str:
    holders = ", ".join(_holder(holder, names) for holder in event.holders)
    return spoken("{role} is held by {holders}", role=event.role, holders=holders or spoken("nobody"))


def _moved(event: e.TokenMoved, _task: Address, _names: Names) -> str:
    moved = f"{event.source or spoken('start')} → {event.target}"
    return f"{moved} ({event.by})" if event.by else moved


_RULES: Final = {
    "round_robin": marked("round robin, turn {turn}"), "least_loaded": marked("least loaded, turn {turn}"),
    "random": marked("random, turn {turn}"), "familiar": marked("familiar, turn {turn}"),
}  # fmt: skip
"""How somebody was chosen; see ``engine.allocation``."""


def _opened(event: e.TaskOpened, task: Address, names: Names) -> str:
    owner = spoken("for {person}", person=names(event.owner)) if event.owner else ""
    if event.by:
        owner += f" ({spoken(_RULES.get(event.by, '{turn}'), turn=event.turn)})"
    return _with(
        spoken("{task} opened for {role}", task=task(event.task), role=event.role),
        spoken("round {round}", round=event.round) if event.round > 1 else "",
        owner,
        spoken("due {time}", time=_instant(event.due)) if event.due else "",
    )


def _track(event: e.TrackOpened, _task: Address, _names: Names) -> str:
    return spoken("track {track} opened", track=f"{event.track}:{event.key}" if event.key else event.track)


def _closed(event: e.TrackClosed, _task: Address, _names: Names) -> str:
    said = marked("track {track} finished") if event.how == "done" else marked("track {track} cancelled")
    return spoken(said, track=event.token)


def _skipped(event: e.StepSkipped, _task: Address, names: Names) -> str:
    if event.person:
        return spoken("{step} skipped by {person}", step=event.step, person=names(event.person))
    return spoken("{step} skipped: its condition is not true", step=event.step)


def _joined(event: e.JoinFired, _task: Address, _names: Names) -> str:
    said = spoken("{step} joined: {finished} of {opened} finished", step=event.step, finished=event.finished, opened=event.opened)
    count = len(event.left)
    return _after(said, spoken_many("{count} go on beside it", "{count} go on beside it", count) if count else "")


def _waits(event: e.WaitBegan, _task: Address, _names: Names) -> str:
    if event.signal:
        return spoken("{step} waits for the signal {signal}", step=event.step, signal=event.signal)
    return spoken("{step} waits for {time}", step=event.step, time=_instant(event.until))


_CAME: Final[Mapping[str, str]] = {
    "signal": marked("{step}: its signal came"), "kept": marked("{step}: its signal had come before"),
    "time": marked("{step}: its time came"),
}  # fmt: skip


def _came(event: e.WaitEnded, _task: Address, _names: Names) -> str:
    return spoken(_CAME[event.by], step=event.step)


def _void(voided: tuple[str, ...]) -> str:
    names = dict.fromkeys(place.rpartition("/")[2] for place in voided)
    return spoken("no longer counts: {names}", names=", ".join(names)) if names else ""


def _behalf(people: Sequence[str], names: Names) -> str:
    """Who stands for whom, whose right it is standing last: ``ben for ana``."""
    last, *rest = people
    return spoken("{person} for {other}", person=_behalf(rest, names), other=names(last)) if rest else names(last)


def _acted(alone: str, instead: str) -> "_Words":
    """Somebody did something with a task, or did it *instead* of others."""

    def words(event: Any, task: Address, names: Names) -> str:  # noqa: ANN401 - one of several events
        facts = {"task": task(event.task), "person": names(event.person), "outcome": getattr(event, "outcome", "")}
        if event.on_behalf:
            return spoken(instead, **facts, others=_behalf(event.on_behalf, names))
        return spoken(alone, **facts)

    return words


_claimed = _acted(marked("{task} claimed by {person}"), marked("{task} claimed by {person} in place of {others}"))
_delegated = _acted(marked("{task} delegated to {person}"), marked("{task} delegated to {person} in place of {others}"))
_voted = _acted(marked("{task}: {person} says {outcome}"), marked("{task}: {person} says {outcome} in place of {others}"))
_completed = _acted(
    marked("{task} ended with {outcome} by {person}"), marked("{task} ended with {outcome} by {person} in place of {others}")
)


def _until(event: e.TaskDelegated, task: Address, names: Names) -> str:
    until = spoken("until {time}", time=_instant(event.until)) if event.until else ""
    return _with(_delegated(event, task, names), until)


def _assigned(event: e.TaskAssigned, task: Address, names: Names) -> str:
    facts = {"task": task(event.task), "person": names(event.person)}
    if event.previous:
        return spoken("{task} given to {person}, taken from {other}", **facts, other=names(event.previous))
    return spoken("{task} given to {person}", **facts)


_WITHDRAWN: Final = {
    "skipped": marked("{task} withdrawn (skipped)"), "rewound": marked("{task} withdrawn (rewound)"),
    "ended": marked("{task} withdrawn (ended)"), "cancelled": marked("{task} withdrawn (cancelled)"),
    "joined": marked("{task} withdrawn (joined)"), "not chosen": marked("{task} withdrawn (not chosen)"),
    "begun again": marked("{task} withdrawn (begun again)"), "finished early": marked("{task} withdrawn (finished early)"),
}  # fmt: skip


def _withdrawn(event: e.TaskWithdrawn, task: Address, _names: Names) -> str:
    return spoken(_WITHDRAWN.get(event.why, marked("{task} withdrawn ({why})")), task=task(event.task), why=event.why)


def _child(event: e.ChildRequested, _task: Address, _names: Names) -> str:
    said = marked("{step} started {run} ({sop}), without waiting") if event.detached else marked("{step} started {run} ({sop})")
    return spoken(said, step=event.step, run=event.child, sop=event.sop)


def _migrated(event: e.RunMigrated, _task: Address, _names: Names) -> str:
    renamed = ", ".join(spoken("{step} is {name} now", step=old, name=new) for old, new in event.names.items())
    left = spoken("left behind: {names}", names=", ".join(event.forgotten)) if event.forgotten else ""
    return _after(spoken("run goes over to version {version}", version=event.version), renamed, left)


def _kept_out(event: e.PeopleKeptOut, _task: Address, names: Names) -> str:
    step = event.where.rpartition("/")[2]
    if not event.people:
        return spoken("{step}: nobody is kept from it any more", step=step)
    people = ", ".join(f"{names(person)} ({field})" for field, person in event.people)
    return spoken("{step}: kept from it by what a field says: {people}", step=step, people=people)


def _corrected(event: e.FieldsCorrected, _task: Address, names: Names) -> str:
    facts = {"step": event.where.rpartition("/")[2], "person": names(event.person)}
    return spoken("{step} corrected by {person}: {fields}", **facts, fields=", ".join(event.values))


def _overridden(event: e.Overridden, task: Address, names: Names) -> str:
    facts = {"person": names(event.person), "codes": ", ".join(event.codes)}
    return spoken("{person} overrode {codes} for {task}", **facts, task=task(event.task))


def _noted(plain: str, of_step: str) -> "_Words":
    return lambda event, _task, _names: spoken(of_step, step=event.step) if event.step else spoken(plain)


def _of_task(sentence: str) -> "_Words":
    return lambda event, task, _names: spoken(sentence, task=task(event.task))


def _by(sentence: str) -> "_Words":
    return lambda event, task, names: spoken(sentence, task=task(event.task), person=names(event.person))


def _of_step(sentence: str) -> "_Words":
    return lambda event, _task, _names: spoken(sentence, step=event.step)


def _only(sentence: str) -> "_Words":
    return lambda _event, _task, _names: spoken(sentence)


_Words = Callable[[Any, Address, Names], str]
_WORDS: Final[Mapping[type, _Words]] = {
    e.RunStarted: _started,
    e.RoleBound: _bound,
    e.TrackOpened: _track,
    e.TokenMoved: _moved,
    e.TrackClosed: _closed,
    e.StepSkipped: _skipped,
    e.TaskOpened: _opened,
    e.TaskClaimed: _claimed,
    e.TaskDelegated: _until,
    e.PeopleKeptOut: _kept_out,
    e.TaskReturned: lambda v, t, n: spoken(
        "{task} went back from {person} to {other}", task=t(v.task), person=n(v.previous), other=n(v.person)
    ),
    e.TaskReleased: _by(marked("{task} given back by {person}")),
    e.TaskAssigned: _assigned,
    e.TaskEscalated: lambda v, t, _n: spoken("{task} is late; {role} may act on it too", task=t(v.task), role=v.role),
    e.TaskReminded: _of_task(marked("{task}: its people were reminded")),
    e.ApprovalGiven: _voted,
    e.ApprovalVoided: lambda v, t, n: spoken(
        "{task}: the content changed; void: {people}", task=t(v.task), people=", ".join(n(p) for p in v.people)
    ),
    e.TaskCompleted: _completed,
    e.TaskWithdrawn: _withdrawn,
    e.DecisionTaken: lambda v, _t, _n: spoken("{step} decided: way {number}", step=v.step, number=v.choice + 1),
    e.JoinFired: _joined,
    e.ChildRequested: _child,
    e.ChildReturned: lambda v, _t, _n: spoken("{run} came back to {step}: {end}", run=v.child, step=v.step, end=v.end),
    e.Commented: _noted(marked("comment"), marked("comment on {step}")),
    e.Attached: _noted(marked("file added"), marked("file added to {step}")),
    e.RunEnded: lambda v, _t, _n: spoken("run ended: {end}", end=v.end),
    e.RunMigrated: _migrated,
    e.RunCancelled: _only(marked("run cancelled")),
    e.WaitBegan: _waits,
    e.WaitEnded: _came,
    e.SignalCame: lambda v, _t, _n: spoken(
        marked("signal {signal}, kept for later") if v.kept else marked("signal {signal}"), signal=v.name
    ),
    e.TaskSuspended: _of_task(marked("{task} suspended")),
    e.TaskResumed: _of_task(marked("{task} resumed")),
    e.RunSuspended: _only(marked("run suspended")),
    e.RunResumed: _only(marked("run resumed")),
    e.TaskBlocked: _by(marked("{task} blocked, says {person}")),
    e.TaskUnblocked: _by(marked("{task} no longer blocked, says {person}")),
    e.Rewound: lambda v, _t, _n: _after(
        spoken("went back from {step} to {target}", step=v.source, target=v.target), _void(v.voided)
    ),
    e.RunReopened: lambda v, _t, _n: _after(spoken("run opened again after {end}", end=v.end), _void(v.voided)),
    e.FieldsCorrected: _corrected,
    e.ItemsOpened: _of_step(marked("{step} takes further items")),
    e.ItemsClosed: _of_step(marked("{step} takes no further items")),
    e.Overridden: _overridden,
}


def in_words(event: e.Event, task: Address, names: Names) -> str:
    """*event* in one line."""
    return clean(_WORDS[type(event)](event, task, names))
