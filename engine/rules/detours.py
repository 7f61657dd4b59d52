"""What leaves the ordinary course: signals, skipping, suspending, blocking."""

from collections.abc import Mapping

from engine import events as e
from engine import forms
from engine.authority import gate, may
from engine.commands import Block, Resume, Signal, Skip, Suspend, Unblock
from engine.effects import CancelChild
from engine.machine import SKIP
from engine.people import Directory, principals, separation
from engine.procedure import Document, Procedure
from engine.refusals import Code, Reason
from engine.rules.flow import end_wait, proceed, settle
from engine.rules.regions import go_on_with_all
from engine.rules.scribe import Scribe, Stop
from engine.rules.tasks import find_task
from engine.state import State, Task, Token, address_of, for_a_child, has_returned

Reasons = tuple[Reason, ...]


def explained(found: Reasons, act: str, note: str) -> list[Reason]:
    """*found*, and that the act is not explained."""
    return [*found, Reason(Code.REASON_REQUIRED, {"what": act})] if not note.strip() else [*found]


def asked(s: Scribe, act: str, note: str) -> list[Reason]:
    """Why who asks may not do *act* in the run, or that it is not explained."""
    return explained(gate(act, s.procedure, s.state, s.context.actor, s.context.directory), act, note)


def refuse(reasons: list[Reason]) -> None:
    """Stop if there is any reason to."""
    if reasons:
        raise Stop(reasons)


def found(s: Scribe, address: str) -> Task:
    """The open task at *address*; stops if there is none."""
    task = find_task(s.procedure, s.state, address)
    if isinstance(task, Reason):
        raise Stop([task])
    return task


def signals(procedure: Procedure) -> Mapping[str, Document]:
    """The signals that a procedure knows."""
    known: Mapping[str, Document] = procedure.document.get("signals", {})
    return known


def may_signal(procedure: Procedure, state: State, person: str, directory: Directory) -> Reasons:
    """Why *person* may not send signals to this run."""
    return gate("signal", procedure, state, person, directory)


def signal(s: Scribe, command: Signal) -> None:
    """Tell every step that waits for it; keep it for a later step if the definition says so; else it is lost, on record."""
    reasons = [*may_signal(s.procedure, s.state, s.context.actor, s.context.directory)]
    spec = signals(s.procedure).get(command.name)
    if spec is None:
        raise Stop([*reasons, Reason(Code.NO_SIGNAL, {"signal": command.name, "known": tuple(signals(s.procedure))})])
    form = spec.get("form", {})
    values, wrong = forms.read_all(form, command.values)
    refuse([*reasons, *wrong, *forms.strangers(form, values, s.context.directory, s.context.actor)])
    wanted = f"signal:{command.name}"
    waiting = [token.id for token in s.state.tokens.values() if token.waiting == wanted]
    kept = bool(spec.get("keep")) and not waiting
    s.tell(e.SignalCame(command.name, kept, s.keep_all(f"signal/{command.name}", values) if not waiting else {}))
    for number in waiting:
        token = s.state.tokens.get(number)
        if token is not None and token.waiting == wanted:  # another that it woke may have ended this one
            end_wait(s, number, "signal", values)
            settle(s)


def may_skip(procedure: Procedure, state: State, token: Token, person: str, directory: Directory) -> Reasons:
    """Why *person* may not leave out the task, the wait or the child run at which *token* stands."""
    task = next((task for task in state.tasks.values() if task.token == token.id), None)
    reasons = [*gate("skip", procedure, state, person, directory, task=task, returned=has_returned(token))]
    track = procedure.tracks[token.track]
    chosen_by = bool(track.owner) and procedure.steps[track.owner].kind == "first" and token.at == track.steps[0]
    decides = procedure.steps[token.at].kind == "approval" and may("override", procedure, state, person, directory)
    if chosen_by or decides:
        reasons.append(Reason(Code.NOT_SKIPPABLE, {"step": address_of(state, token)}))
    if task is not None and task.kind == "approval":  # leaving a decision out is one, too
        reasons += separation(procedure, state, task.step, principals(person, (), directory), task)
    return tuple(reasons)


def skip(s: Scribe, command: Skip) -> None:
    """Leave out a task, a wait, or a child run, which is cancelled.

    An approval is not left out without override; an alternative is chosen by doing it.
    """
    task = find_task(s.procedure, s.state, command.step)
    token = s.state.tokens[task.token] if isinstance(task, Task) else _waiting(s.state, command.step)
    if token is None:
        raise Stop([task] if isinstance(task, Reason) else [])
    refuse(explained(may_skip(s.procedure, s.state, token, s.context.actor, s.context.directory), "skip", command.note))
    if isinstance(task, Task):
        if task.kind == "approval":
            s.tell(e.Overridden(task.no, s.context.actor, ("skip",)))
        s.tell(e.TaskWithdrawn(task.no, "skipped"))
    if child := for_a_child(token):
        s.effects.append(CancelChild(child))
    s.tell(e.StepSkipped(token.id, token.at, s.context.actor))
    proceed(s, token.id, SKIP)


def _waiting(state: State, address: str) -> Token | None:
    """The token that waits, without a person, at *address*: for a signal, a time or a child run."""
    held = (t for t in state.tokens.values() if t.waiting)
    return next((token for token in held if address_of(state, token) == address), None)


def may_suspend(
    act: str, procedure: Procedure, state: State, person: str, directory: Directory, *, task: Task | None = None
) -> Reasons:
    """Why *person* may not ``suspend`` or ``resume`` *task*, or the run if it is None."""
    reasons = gate(act, procedure, state, person, directory, task=task)
    held = "suspended" in task.held if task else state.suspended
    if held == (act == "suspend"):
        what = "suspended" if held else "in progress"
        return (*reasons, Reason(Code.ALREADY, {"step": task.address if task else "", "what": what}))
    return reasons


def suspend(s: Scribe, command: Suspend | Resume) -> None:
    """Let nobody act, or let people act again: on a task or on the whole run, which then goes on where children came back."""
    act = "suspend" if isinstance(command, Suspend) else "resume"
    task = found(s, command.step) if command.step else None
    refuse(explained(may_suspend(act, s.procedure, s.state, s.context.actor, s.context.directory, task=task), act, command.note))
    if task:
        s.tell(e.TaskSuspended(task.no) if act == "suspend" else e.TaskResumed(task.no))
    elif act == "suspend":
        s.tell(e.RunSuspended())
    else:
        s.tell(e.RunResumed())
        go_on_with_all(s)


def may_block(act: str, procedure: Procedure, state: State, person: str, directory: Directory, *, task: Task) -> Reasons:
    """Why *person* may not ``block`` or ``unblock`` *task*."""
    reasons = gate(act, procedure, state, person, directory, task=task)
    held = "blocked" in task.held
    if held == (act == "block"):
        what = "blocked" if held else "free"
        return (*reasons, Reason(Code.ALREADY, {"step": task.address, "what": what}))
    return reasons


def block(s: Scribe, command: Block | Unblock) -> None:
    """Say that something keeps a task from being finished, or that nothing does any more."""
    act = "block" if isinstance(command, Block) else "unblock"
    task = found(s, command.step)
    refuse(explained(may_block(act, s.procedure, s.state, s.context.actor, s.context.directory, task=task), act, command.note))
    event = e.TaskBlocked if act == "block" else e.TaskUnblocked
    s.tell(event(task.no, s.context.actor))
