"""What must hold of the people in a run after every accepted act, one function each, as in :mod:`tests.properties.invariants`.

Who did what is kept here as deeds of human beings, so that a second account, a deputy or a delegation hides nobody.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine import commands as c
from engine import events as e
from engine.blocked import unfilled
from engine.procedure import HUMAN, Procedure
from engine.refusals import Code, Kind
from engine.rules.working import may_complete
from engine.state import State, Task
from tests.properties.invariants import Act, Invariant

if TYPE_CHECKING:
    from tests.properties.walk import Walk


_PERSONAL = frozenset({Kind.DENIED, Kind.CONFLICT})
"""Kinds of reasons that lie with a person, not with the moment."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Somebody had a part in a step.

    Attributes:
        step: which one.
        humans: the human beings behind it.
        actor: the one whose hands it was.
        items: tokens of the items around it.
        finished: it was finished by this, not only corrected.
    """

    step: str
    humans: frozenset[str]
    actor: str
    items: frozenset[int]
    finished: bool = True


def inside(procedure: Procedure, step: str) -> set[str]:
    """The steps of people in *step*, itself included, read from the definition."""
    if procedure.steps[step].kind in HUMAN:
        return {step}
    found: set[str] = set()
    for track in procedure.tracks.values():
        if track.owner == step:
            for inner in track.steps:
                found |= inside(procedure, inner)
    return found


def apart(procedure: Procedure, step: str) -> set[str]:
    """The steps that are kept apart from *step*, read from the definition."""
    found: set[str] = set()
    for group in procedure.document.get("separate", ()):
        parts = [inside(procedure, name) for name in group]
        if any(step in part for part in parts):
            found |= {leaf for part in parts if step not in part for leaf in part}
    return found


def items_of(state: State, token: int | None) -> dict[str, int]:
    """For-each step to token of every item around *token*."""
    found: dict[str, int] = {}
    while token is not None and (here := state.tokens.get(token)) is not None:
        if here.key:
            found[here.step] = here.id
        token = here.parent
    return found


def duties_stay_apart(walk: "Walk", act: Act) -> str:
    """Nobody does, or takes in hand, two steps that are kept apart: not by a deputy, an alias, an override, or after going back."""
    for task, humans, done in _in_hand(walk, act):
        others = apart(act.procedure, task.step)
        if other := next((deed.step for deed in walk.deeds if deed.step in others and deed.humans & humans), ""):
            return f"{task.step} is {'done' if done else 'taken'} by somebody who did {other}: {_who(humans)}"
        for open_ in act.before.tasks.values() if not done else ():
            if open_.step in others and open_.owner and walk.crowd.humans((open_.owner, *open_.chain)) & humans:
                return f"{task.step} is taken by somebody who has {open_.step} in hand: {_who(humans)}"
    return ""


def nobody_approves_own_work(walk: "Walk", act: Act) -> str:
    """Whoever decides about a content has had no part in it, in the item that the decision is about."""
    for event, task, humans in _worked(walk, act):
        if act.procedure.steps[task.step].kind != "approval":
            continue
        here = items_of(act.before, task.token)
        for part in act.procedure.steps[task.step].doc["approval"].get("of", ()):
            for leaf in inside(act.procedure, part):
                item = here.get(act.procedure.body(leaf))
                deeds = [deed for deed in walk.deeds if deed.step == leaf and (item is None or item in deed.items)]
                if any(deed.humans & humans for deed in deeds):
                    return f"{task.address} was decided ({type(event).__name__}) by {_who(humans)}, who did {leaf}"
    return ""


def several_agree(walk: "Walk", act: Act) -> str:
    """An approval by several is finished with its first outcome only when as many different human beings agreed on one content."""
    votes: dict[int, list[tuple[str, frozenset[str], str]]] = {
        task.no: [(v.outcome, walk.crowd.humans((v.person, *v.on_behalf)), v.content) for v in task.votes]
        for task in act.before.tasks.values()
    }
    for event in act.answer.events:
        if isinstance(event, e.ApprovalGiven):
            humans = walk.crowd.humans((event.person, *event.on_behalf))
            if any(humans & before for _, before, _ in votes.get(event.task, ())):
                return f"{_who(humans)} decided twice in one approval"
            votes.setdefault(event.task, []).append((event.outcome, humans, event.content))
        elif isinstance(event, e.TaskCompleted) and event.task in act.before.tasks:
            step = act.procedure.steps[act.before.tasks[event.task].step]
            needed = step.doc.get("approval", {}).get("quorum", 1)
            needed = walk.parameter(str(needed)[1:]) if isinstance(needed, str) else needed
            agreed = [vote for vote in votes.get(event.task, ()) if vote[2] == event.content]
            if needed > 1 and event.outcome == next(iter(step.outcomes)) and len(agreed) < needed:
                return f"{step.id} is approved by {len(agreed)} people, and needs {needed}"
    return ""


def only_the_able_act(walk: "Walk", act: Act) -> str:
    """Whoever takes or finishes a task is active; has its skill, and is who ``same_as`` says, unless it was overridden."""
    forced = {code for event in act.told(e.Overridden) for code in event.codes}
    for task, humans, _ in _in_hand(walk, act):
        person = next(
            event.person for event in act.answer.events if getattr(event, "task", 0) == task.no and hasattr(event, "person")
        )
        doc = act.procedure.steps[task.step].doc
        if person in walk.crowd.inactive:
            return f"{task.address} is with {person}, who has left"
        if "skip" in forced:
            continue  # what is left out needs no skill, only what an override needs
        if (skill := doc.get("skill")) and skill not in walk.crowd.skilled.get(person, ()) and Code.NO_SKILL not in forced:
            return f"{task.address} needs {skill}, and {person} has not"
        here = items_of(act.before, task.token)
        item = here.get(act.procedure.body(doc["same_as"])) if "same_as" in doc else None
        did = [d for d in walk.deeds if d.step == doc.get("same_as") and d.finished and (item is None or item in d.items)]
        if did and not walk.crowd.humans((did[-1].actor,)) & humans and Code.SAME_AS not in forced:
            return f"{task.address} is to be done by whoever did {doc['same_as']}, {did[-1].actor}, and is with {person}"
    return ""


def nobody_waits_in_vain(walk: "Walk", act: Act) -> str:
    """An open task has somebody who can do it, or is shown as blocked with the reason; and is so shown only if it is."""
    if act.after.status != "open":
        return ""
    directory = walk.directory()
    for task in act.after.tasks.values():
        able = [
            person for person in walk.crowd.active
            if not any(reason.kind in _PERSONAL for reason in may_complete(walk.procedure, act.after, task, person, directory))
        ]  # fmt: skip
        shown = unfilled(walk.procedure, act.after, task, directory)
        if not shown and not able:
            return f"nobody can do {task.address} ({task.role}, owner {task.owner!r}), and it is not shown as blocked"
        needed = walk.parameter_or_number(walk.procedure.steps[task.step].doc.get("approval", {}).get("quorum", 1))
        own = walk.crowd.humans(person for person in able if _in_own_right(walk, act.after, task, person))
        if shown and len(own) >= max(needed - len(task.votes), 1):
            return f"{task.address} is shown as blocked, and {_who(own)} can do it"
    return ""


def _in_own_right(walk: "Walk", state: State, task: Task, person: str) -> bool:
    """Whether *person* has the task, was named for it, or holds a role that it waits for; deputies are asked by other means."""
    holders = {holder for role in (task.role, *task.also) for holder in state.roles.get(role, ())}
    teams = {f"team:{team}" for team in walk.crowd.member[person]}
    return person in {task.owner, task.named} or f"person:{person}" in holders or bool(teams & holders)


def deeds_are_kept(walk: "Walk", act: Act) -> str:
    """Take down who had a part in what; comes last, so that every other question is about what was done before."""
    for _, task, humans in _worked(walk, act):
        person = next(event.person for event in act.told(e.TaskCompleted, e.ApprovalGiven) if event.task == task.no)
        walk.deeds.append(Deed(task.step, humans, person, frozenset(items_of(act.before, task.token).values())))
    for event in act.told(e.FieldsCorrected):
        scope, _, step = event.where.rpartition("/")
        items = frozenset(items_of(act.before, int(scope)).values()) if scope else frozenset()
        walk.deeds.append(Deed(step, walk.crowd.humans((event.person,)), event.person, items, finished=False))
    for event in act.told(e.RunMigrated):
        walk.deeds = [
            Deed(event.names.get(deed.step, deed.step), deed.humans, deed.actor, deed.items, deed.finished) for deed in walk.deeds
        ]
    return ""


def _worked(walk: "Walk", act: Act) -> Iterator[tuple[e.Event, Task, frozenset[str]]]:
    """Every finished task and every voice, with the human beings behind it."""
    for event in act.told(e.TaskCompleted, e.ApprovalGiven):
        if event.task in act.before.tasks:
            yield event, act.before.tasks[event.task], walk.crowd.humans((event.person, *event.on_behalf))


def _in_hand(walk: "Walk", act: Act) -> Iterator[tuple[Task, frozenset[str], bool]]:
    """Every task that this act brought into somebody's hands, or that was finished; a delegation that ends is nobody's act."""
    for event in act.told(e.TaskClaimed, e.TaskAssigned, e.TaskDelegated, e.TaskCompleted, e.ApprovalGiven):
        if event.task in act.before.tasks:
            humans = walk.crowd.humans((event.person, *event.on_behalf))
            yield act.before.tasks[event.task], humans, isinstance(event, e.TaskCompleted | e.ApprovalGiven)
    if isinstance(act.command, c.Skip):
        for event in act.told(e.Overridden):
            yield act.before.tasks[event.task], walk.crowd.humans((event.person,)), True


def _who(humans: frozenset[str]) -> str:
    return ", ".join(sorted(humans)) or "nobody"


PEOPLE: tuple[Invariant, ...] = (
    duties_stay_apart, nobody_approves_own_work, several_agree, only_the_able_act, nobody_waits_in_vain, deeds_are_kept,
)  # fmt: skip
"""What must hold of the people in a run."""
