"""What assignees do: claim, release, complete, send back, approve.

Each ``may_…`` gives every reason why not. The commands ask it before they act and :mod:`engine.options` asks it to show
what is possible, so that a hint can never promise what a command refuses.
"""

import hashlib

from engine import events as e
from engine import forms, limits
from engine.canonical import canonical
from engine.commands import Assign, Claim, Complete, Release
from engine.data import scopes
from engine.evolve import evolve
from engine.expressions import GuardError
from engine.people import Directory, holds, leads, unfit
from engine.procedure import Document, Procedure, Step
from engine.refusals import Code, Reason
from engine.rules.flow import proceed
from engine.rules.scribe import Scribe, Stop
from engine.rules.tasks import find_task, quorum
from engine.state import State, Task, Token
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
    if task.owner != person and not leads(procedure, state, person, directory):
        return (Reason(Code.NOT_OWNER, {"step": task.address, "by": task.owner}),)
    return ()


def may_complete(procedure: Procedure, state: State, task: Task, person: str, directory: Directory) -> Reasons:
    """Why *person* may not finish *task*."""
    reasons = unfit(procedure, state, task, person, directory)
    if _another_has(state, task, person, directory):
        return (_taken(task), *reasons)
    return reasons


def may_assign(procedure: Procedure, state: State, person: str, directory: Directory) -> Reasons:
    """Why *person* may not give tasks and roles of this run to others."""
    return () if leads(procedure, state, person, directory) else (Reason(Code.NOT_LEAD, {"lead": state.lead}),)


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
        raise Stop([*reasons, Reason(Code.OUTCOME_UNKNOWN, {"outcome": outcome, "known": tuple(step.outcomes)})])
    values, wrong = _form(s, step, command, way)
    reasons += wrong
    if way.get("reason") == "required" and not command.note.strip():
        reasons.append(Reason(Code.REASON_REQUIRED, {"what": outcome}))
    if reasons:
        raise Stop(reasons)
    _finish(s, task, step, outcome, values)


def _form(s: Scribe, step: Step, command: Complete, way: Document) -> tuple[dict[str, Value], list[Reason]]:
    """The filled-in form. What sends work back with a reason needs no complete form."""
    values, reasons = forms.read_all(step.form, command.values)
    if way.get("reason") == "required":
        reasons = [reason for reason in reasons if reason.code is not Code.FIELD_REQUIRED]
    reasons += [
        Reason(Code.NO_PERSON, {"person": person, "field": name})
        for name, person in forms.people(step.form, values)
        if s.context.directory.teams(person) is None
    ]
    if len(canonical(values)) > limits.FORM_BYTES:
        reasons.append(Reason(Code.TOO_MUCH, {"what": "form", "limit": limits.FORM_BYTES}))
    return values, reasons


def _finish(s: Scribe, task: Task, step: Step, outcome: str, values: dict[str, Value]) -> None:
    needed = quorum(s.procedure, s.state, step)
    if task.owner != s.context.actor and needed == 1:
        s.tell(e.TaskClaimed(task.no, s.context.actor))
    where = s.state.tokens[task.token].scope + step.id
    content = content_of(s.procedure, s.state, task) if step.kind == "approval" else ""
    seals = s.keep_all(where, values)
    seals |= _computed(s, task, step, e.TaskCompleted(task.no, s.context.actor, outcome, seals, content))
    if needed > 1:
        s.tell(e.ApprovalGiven(task.no, s.context.actor, outcome, content, seals))
        agreed = sum(v.outcome == outcome and v.content == content for v in s.state.tasks[task.no].votes)
        if outcome == next(iter(step.outcomes)) and agreed < needed:
            return
    s.tell(e.TaskCompleted(task.no, s.context.actor, outcome, seals, content))
    _void_stale(s, step)
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
    finally:
        s.state = before
    return seals


def _compute(s: Scribe, token: Token, step: Step, name: str, field: Document) -> str:
    try:
        value = s.value(step.id, field["value"], token)
    except GuardError:  # what it is computed from is not there; the field stays empty, as an optional one would
        return ""
    found, expected = forms.read(field, value) if value is not None else (None, "")
    if expected:
        raise Stop([Reason(Code.FIELD_INVALID, {"field": name, "expected": expected})])
    return s.keep(f"{token.scope}{step.id}.{name}", found) if found is not None else ""


def content_of(procedure: Procedure, state: State, task: Task) -> str:
    """SHA-256 (hex) over the commitments of everything that *task* approves; empty when it approves no content."""
    parts = _approved(procedure, task)
    if not parts:
        return ""
    prefixes = tuple(f"{scope}{leaf}." for scope in scopes(state, state.tokens[task.token]) for leaf in parts)
    found = {path: seal for path, seal in state.values.items() if path.startswith(prefixes)}
    return hashlib.sha256(canonical(found)).hexdigest()


def _void_stale(s: Scribe, step: Step) -> None:
    """Decisions about a content that has just changed no longer count."""
    for task in tuple(s.state.tasks.values()):
        if task.votes and step.id in _approved(s.procedure, task):
            content = content_of(s.procedure, s.state, task)
            if people := tuple(vote.person for vote in task.votes if vote.content != content):
                s.tell(e.ApprovalVoided(task.no, people))


def _approved(procedure: Procedure, task: Task) -> set[str]:
    return {leaf for part in procedure.steps[task.step].doc["approval"].get("of", ()) for leaf in procedure.leaves(part)}
