"""What assignees do: claim, release, complete, send back, approve.

Each ``may_…`` gives every reason why not. The commands ask it before they act and :mod:`engine.options` asks it to show
what is possible, so that a hint can never promise what a command refuses.
"""

from collections.abc import Mapping

from engine import events as e
from engine import forms
from engine.authority import gate, may
from engine.commands import Assign, Claim, Complete, Release
from engine.context import Context
from engine.people import SEPARATING, Directory, on_behalf, unfit
from engine.procedure import Procedure, Step
from engine.refusals import Code, Kind, Reason
from engine.rules.computing import recomputed
from engine.rules.content import content_of
from engine.rules.flow import proceed
from engine.rules.regions import cancel_regions
from engine.rules.scribe import Scribe, Stop
from engine.rules.tasks import another_has, find_task, in_hands, interleaved, quorum
from engine.state import State, Task
from engine.values import Value

Reasons = tuple[Reason, ...]
_FIRM = SEPARATING | {Code.INACTIVE}
_HANDS = frozenset({Code.ONE_AT_A_TIME, Code.CRITICAL})
"""Why a task cannot come into anybody's hands now, although it is the right person."""


def _found(s: Scribe, address: str) -> Task:
    task = find_task(s.procedure, s.state, address)
    if isinstance(task, Reason):
        raise Stop([task])
    return task


def _taken(task: Task) -> Reason:
    return Reason(Code.TAKEN, {"step": task.address, "by": task.owner, "at": task.since})


def held_back(procedure: Procedure, state: State, task: Task, *, held: Mapping[str, tuple[str, str]] | None = None) -> Reasons:
    """Why nobody may act on *task* now: it or the run is suspended, another track has its turn, its critical section is taken.

    Args:
        procedure: says what must not happen together.
        state: the run.
        task: an open task of it.
        held: critical section to the run and task that are in it; None where that is not known.
    """
    reasons = []
    if state.suspended or "suspended" in task.held:
        reasons.append(Reason(Code.SUSPENDED, {"step": "" if state.suspended else task.address}))
    busy = (in_hands(state, track) for track in interleaved(procedure, state, state.tokens[task.token]))
    reasons += [Reason(Code.ONE_AT_A_TIME, {"step": task.address, "other": other.address}) for other in busy if other]
    section = procedure.steps[task.step].doc.get("critical")
    if not section:
        return tuple(reasons)
    others = (t for t in state.tasks.values() if t.no != task.no and t.owner)
    other = next((t for t in others if procedure.steps[t.step].doc.get("critical") == section), None)
    if other is not None:
        reasons.append(Reason(Code.CRITICAL, {"section": section, "run": "", "step": other.address}))
    elif section in (held or {}) and not task.owner:
        run, step = (held or {})[section]
        reasons.append(Reason(Code.CRITICAL, {"section": section, "run": run, "step": step}))
    return tuple(reasons)


def may_claim(procedure: Procedure, state: State, task: Task, person: str, directory: Directory) -> Reasons:
    """Why *person* may not take *task*."""
    if task.owner == person:
        return (Reason(Code.ALREADY, {"step": task.address, "what": "claimed"}),)
    reasons = (*unfit(procedure, state, task, person, directory), *held_back(procedure, state, task))
    if another_has(state, task, person, directory):
        return (_taken(task), *reasons)
    if quorum(procedure, state, procedure.steps[task.step]) > 1:
        return (Reason(Code.NOT_CLAIMABLE, {"step": task.address}), *reasons)
    return reasons


def may_release(procedure: Procedure, state: State, task: Task, person: str, directory: Directory) -> Reasons:
    """Why *person* may not give *task* back: it is theirs, or they lead the run."""
    if not task.owner:
        return (Reason(Code.NOT_CLAIMED, {"step": task.address}),)
    return gate("release", procedure, state, person, directory, task=task)


def may_complete(procedure: Procedure, state: State, task: Task, person: str, directory: Directory) -> Reasons:
    """Why *person* may not finish *task*."""
    reasons = (*unfit(procedure, state, task, person, directory), *held_back(procedure, state, task))
    if "blocked" in task.held:
        reasons = (*reasons, Reason(Code.BLOCKED, {"step": task.address}))
    if another_has(state, task, person, directory):
        return (_taken(task), *reasons)
    return reasons


def may_assign(procedure: Procedure, state: State, person: str, directory: Directory) -> Reasons:
    """Why *person* may not give tasks of this run to others."""
    return gate("assign", procedure, state, person, directory)


def claim(s: Scribe, command: Claim) -> None:
    """Take an offered task."""
    task = _found(s, command.step)
    reasons = may_claim(s.procedure, s.state, task, s.context.actor, s.context.directory) or _outside(s, task)
    if reasons:
        raise Stop(reasons)
    s.tell(e.TaskClaimed(task.no, s.context.actor, _behalf(s, task, s.context.actor)))


def _behalf(s: Scribe, task: Task, person: str) -> tuple[str, ...]:
    return on_behalf(s.procedure, s.state, task, person, s.context.directory)


def kept_from_hands(s: Scribe, task: Task, *, alone: bool) -> Reasons:
    """Why *task* cannot come into anybody's hands; nothing if somebody has it already.

    What has to be asked of the outside is asked *alone*, where nothing else is in the way.
    """
    if task.owner:
        return ()
    found = tuple(r for r in held_back(s.procedure, s.state, task) if r.code in _HANDS)
    return found or (_outside(s, task) if alone else ())


def _outside(s: Scribe, task: Task) -> Reasons:
    """What keeps everybody from *task* and can only be asked of the outside: its milestone, and critical sections of other runs."""
    reasons = [r for r in held_back(s.procedure, s.state, task, held=s.context.held) if r.code is Code.CRITICAL]
    text = s.procedure.steps[task.step].doc.get("while")
    if text and not s.holds(f"{task.step}.while", task.step, text, s.state.tokens[task.token]):
        reasons.append(Reason(Code.GUARD_FALSE, {"step": task.address, "outcome": "", "expression": text}))
    return tuple(reasons)


def outside(procedure: Procedure, state: State, task: Task, context: Context) -> Reasons:
    """What keeps everybody from *task* and is asked of *context*: its milestone, and critical sections of other runs."""
    try:
        return _outside(Scribe(procedure, state, context), task)
    except Stop as stop:
        return stop.reasons


def release(s: Scribe, command: Release) -> None:
    """Give a task back."""
    task = _found(s, command.step)
    if reasons := may_release(s.procedure, s.state, task, s.context.actor, s.context.directory):
        raise Stop(reasons)
    s.tell(e.TaskReleased(task.no, task.owner))


def assign(s: Scribe, command: Assign) -> None:
    """Give a task to a person of its role; refused for whoever could not claim it."""
    task = _found(s, command.step)
    reasons = list(may_assign(s.procedure, s.state, s.context.actor, s.context.directory))
    reasons += unfit(s.procedure, s.state, task, command.person, s.context.directory)
    if task.owner == command.person:
        reasons.append(Reason(Code.ALREADY, {"step": task.address, "what": "assigned"}))
    if quorum(s.procedure, s.state, s.procedure.steps[task.step]) > 1:
        reasons.append(Reason(Code.NOT_CLAIMABLE, {"step": task.address}))
    if task.owner and not command.note.strip():
        reasons.append(Reason(Code.REASON_REQUIRED, {"what": "assign"}))
    reasons += kept_from_hands(s, task, alone=not reasons)
    if reasons:
        raise Stop(reasons)
    s.tell(e.TaskAssigned(task.no, command.person, task.owner, _behalf(s, task, command.person)))


def complete(s: Scribe, command: Complete) -> None:
    """Finish a task with an outcome, or give one voice to an approval that needs several."""
    task = _found(s, command.step)
    step = s.procedure.steps[task.step]
    reasons = list(may_complete(s.procedure, s.state, task, s.context.actor, s.context.directory))
    outcome = command.outcome or next(iter(step.outcomes))
    way = step.outcomes.get(outcome)
    if way is None:
        reasons.append(Reason(Code.OUTCOME_UNKNOWN, {"outcome": outcome, "known": tuple(step.outcomes)}))
    explained = way is not None and way.get("reason") == "required"
    values, wrong = _form(s, step, command, complete=not explained)
    reasons += wrong
    if explained and not command.note.strip():
        reasons.append(Reason(Code.REASON_REQUIRED, {"what": outcome}))
    reasons = _overridden(s, task, step, command, reasons) or [*_outside(s, task)]
    if reasons:
        raise Stop(reasons)
    _finish(s, task, step, outcome, values)


def _overridden(s: Scribe, task: Task, step: Step, command: Complete, reasons: list[Reason]) -> list[Reason]:
    """*reasons* without those that an override goes past; the override is an event of its own, with its reason in the note.

    Nobody is more than one person: of a quorum, a voice that somebody may not give is not given by force either, and
    separated duties stay separated whoever asks.
    """
    if not command.override:
        return reasons
    alone = quorum(s.procedure, s.state, step) == 1
    denied = [reason for reason in reasons if alone and reason.kind is Kind.DENIED and reason.code not in _FIRM]
    left = [reason for reason in reasons if reason not in denied]
    if wrong := may("override", s.procedure, s.state, s.context.actor, s.context.directory):
        return [*reasons, *wrong]
    if not command.note.strip():
        return [*left, Reason(Code.REASON_REQUIRED, {"what": "override"})]
    if denied:
        s.tell(e.Overridden(task.no, s.context.actor, tuple(str(reason.code) for reason in denied)))
    return left


def _form(s: Scribe, step: Step, command: Complete, *, complete: bool) -> tuple[dict[str, Value], list[Reason]]:
    """The filled-in form. What sends work back with a reason needs no *complete* form."""
    values, reasons = forms.read_all(step.form, command.values)
    if not complete:
        reasons = [reason for reason in reasons if reason.code is not Code.FIELD_REQUIRED]
    return values, [*reasons, *forms.strangers(step.form, values, s.context.directory, s.context.actor)]


def _finish(s: Scribe, task: Task, step: Step, outcome: str, values: dict[str, Value]) -> None:
    needed = quorum(s.procedure, s.state, step)
    chain = _behalf(s, task, s.context.actor)
    if task.owner != s.context.actor and needed == 1:
        s.tell(e.TaskClaimed(task.no, s.context.actor, chain))
    where = s.state.tokens[task.token].scope + step.id
    content = content_of(s.procedure, s.state, task) if step.kind == "approval" else ""
    seals = s.keep_all(where, values)
    if "when" in step.outcomes[outcome] or any("value" in f or forms.computed_columns(f) for f in step.form.values()):
        seals |= _computed(s, task, step, e.TaskCompleted(task.no, s.context.actor, outcome, seals, content, chain))
    if needed > 1:
        s.tell(e.ApprovalGiven(task.no, s.context.actor, outcome, content, seals, chain))
        agreed = sum(vote.content == content for vote in s.state.tasks[task.no].votes)  # any other outcome has ended it
        if outcome == next(iter(step.outcomes)) and agreed < needed:
            return
    token = s.state.tokens[task.token]
    s.tell(e.TaskCompleted(task.no, s.context.actor, outcome, seals, content, chain))
    cancel_regions(s, step.outcomes[outcome].get("cancels", ()), token)
    proceed(s, task.token, outcome)


def _computed(s: Scribe, task: Task, step: Step, completed: e.TaskCompleted) -> dict[str, str]:
    """Commitments to the computed fields, as they come out once the task is completed; asks the outcome's condition of them too."""
    way, token = step.outcomes[completed.outcome], s.state.tokens[task.token]

    def permitted() -> None:
        if "when" in way and not s.holds(f"{step.id}.{completed.outcome}.when", step.id, way["when"], token):
            raise Stop([Reason(Code.GUARD_FALSE, {"step": task.address, "outcome": completed.outcome, "expression": way["when"]})])

    return recomputed(s, step, token, completed, permitted)
