"""What assignees do: claim, release, complete, send back, approve.

Each ``may_…`` gives every reason why not. The commands ask it before they act and :mod:`engine.options` asks it to show
what is possible, so that a hint can never promise what a command refuses.
"""

from engine import events as e
from engine import forms
from engine.commands import Assign, Claim, Complete, Release
from engine.evolve import evolve
from engine.expressions import GuardError
from engine.people import Directory, holds, not_leading, unfit
from engine.procedure import Document, Procedure, Step
from engine.readers import with_digits
from engine.refusals import Code, Reason
from engine.rules.content import content_of
from engine.rules.flow import proceed
from engine.rules.scribe import Scribe, Stop
from engine.rules.tasks import find_task, quorum
from engine.state import State, Task, Token, changed
from engine.values import Value

Reasons = tuple[Reason, ...]


def _found(s: Scribe, address: str) -> Task:
    task = find_task(s.procedure, s.state, address)
    if isinstance(task, Reason):
        raise Stop([task])
    return task


def _taken(task: Task) -> Reason:
    return Reason(Code.TAKEN, {"step": task.address, "by": task.owner, "at": task.since})


def _another_has(state: State, task: Task, person: str, directory: Directory) -> bool:
    """Whether *task* is somebody else's; a late task is also for those it was escalated to."""
    if not task.owner or task.owner == person:
        return False
    return not any(holds(state, role, person, directory) for role in task.also)


def may_claim(procedure: Procedure, state: State, task: Task, person: str, directory: Directory) -> Reasons:
    """Why *person* may not take *task*."""
    if task.owner == person:
        return (Reason(Code.ALREADY, {"step": task.address, "what": "claimed"}),)
    reasons = unfit(procedure, state, task, person, directory)
    if _another_has(state, task, person, directory):
        return (_taken(task), *reasons)
    if quorum(procedure, state, procedure.steps[task.step]) > 1:
        return (Reason(Code.NOT_CLAIMABLE, {"step": task.address}), *reasons)
    return reasons


def may_release(procedure: Procedure, state: State, task: Task, person: str, directory: Directory) -> Reasons:
    """Why *person* may not give *task* back: it is theirs, or they lead the run."""
    if not task.owner:
        return (Reason(Code.NOT_CLAIMED, {"step": task.address}),)
    if not (found := not_leading(procedure, state, person, directory)) or found[0].code is Code.INACTIVE:
        return found
    return () if task.owner == person else (Reason(Code.NOT_OWNER, {"step": task.address, "by": task.owner}),)


def may_complete(procedure: Procedure, state: State, task: Task, person: str, directory: Directory) -> Reasons:
    """Why *person* may not finish *task*."""
    reasons = unfit(procedure, state, task, person, directory)
    if _another_has(state, task, person, directory):
        return (_taken(task), *reasons)
    return reasons


def may_assign(procedure: Procedure, state: State, person: str, directory: Directory) -> Reasons:
    """Why *person* may not give tasks and roles of this run to others."""
    return not_leading(procedure, state, person, directory)


def claim(s: Scribe, command: Claim) -> None:
    """Take an offered task."""
    task = _found(s, command.step)
    if reasons := may_claim(s.procedure, s.state, task, s.context.actor, s.context.directory):
        raise Stop(reasons)
    s.tell(e.TaskClaimed(task.no, s.context.actor))


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
    if reasons:
        raise Stop(reasons)
    s.tell(e.TaskAssigned(task.no, command.person, task.owner))


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
    if reasons:
        raise Stop(reasons)
    _finish(s, task, step, outcome, values)


def _form(s: Scribe, step: Step, command: Complete, *, complete: bool) -> tuple[dict[str, Value], list[Reason]]:
    """The filled-in form. What sends work back with a reason needs no *complete* form."""
    values, reasons = forms.read_all(step.form, command.values)
    if not complete:
        reasons = [reason for reason in reasons if reason.code is not Code.FIELD_REQUIRED]
    return values, [*reasons, *forms.strangers(step.form, values, s.context.directory)]


def _finish(s: Scribe, task: Task, step: Step, outcome: str, values: dict[str, Value]) -> None:
    needed = quorum(s.procedure, s.state, step)
    if task.owner != s.context.actor and needed == 1:
        s.tell(e.TaskClaimed(task.no, s.context.actor))
    where = s.state.tokens[task.token].scope + step.id
    content = content_of(s.procedure, s.state, task) if step.kind == "approval" else ""
    seals = s.keep_all(where, values)
    if "when" in step.outcomes[outcome] or any("value" in field for field in step.form.values()):
        seals |= _computed(s, task, step, e.TaskCompleted(task.no, s.context.actor, outcome, seals, content))
    if needed > 1:
        s.tell(e.ApprovalGiven(task.no, s.context.actor, outcome, content, seals))
        agreed = sum(vote.content == content for vote in s.state.tasks[task.no].votes)  # any other outcome has ended it
        if outcome == next(iter(step.outcomes)) and agreed < needed:
            return
    s.tell(e.TaskCompleted(task.no, s.context.actor, outcome, seals, content))
    proceed(s, task.token, outcome)


def _computed(s: Scribe, task: Task, step: Step, completed: e.TaskCompleted) -> dict[str, str]:
    """Commitments to the computed fields, as they come out once the task is completed; asks the outcome's condition too."""
    before, token = s.state, s.state.tokens[task.token]
    seals: dict[str, str] = {}
    s.state = evolve(before, completed, s.context.at)
    try:
        if "when" in (way := step.outcomes[completed.outcome]) and not s.holds(
            f"{step.id}.{completed.outcome}.when", step.id, way["when"], token
        ):
            raise Stop([Reason(Code.GUARD_FALSE, {"step": task.address, "outcome": completed.outcome, "expression": way["when"]})])
        for name, field in step.form.items():
            if "value" in field and (seal := _compute(s, token, step, name, field)):
                seals[name] = seal
                s.state = changed(s.state, values={**s.state.values, f"{token.scope}{step.id}.{name}": seal})
    finally:
        s.state = before
    return seals


def _compute(s: Scribe, token: Token, step: Step, name: str, field: Document) -> str:
    try:
        value = s.value(step.id, field["value"], token)
    except GuardError:  # what it is computed from is not there; the field stays empty, as an optional one would
        return ""
    if isinstance(value, float):
        value = with_digits(value, field)
    found, expected = forms.read(field, value) if value is not None else (None, "")
    if expected:
        raise Stop([Reason(Code.FIELD_INVALID, {"field": name, "expected": expected})])
    return s.keep(f"{token.scope}{step.id}.{name}", found) if found is not None else ""
