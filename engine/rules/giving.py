"""Giving work on: a task is done by somebody else in the place of whoever has it, for a time or for good."""

from engine import events as e
from engine.authority import gate
from engine.commands import Delegate
from engine.people import Directory, barred, on_behalf, unfit
from engine.procedure import Procedure
from engine.refusals import Code, Reason
from engine.rules.scribe import Scribe, Stop
from engine.rules.tasks import find_task, quorum
from engine.rules.working import kept_from_hands
from engine.state import FOREVER, State, Task
from engine.text import said
from engine.timers import instant, written


def may_delegate(procedure: Procedure, state: State, task: Task, person: str, directory: Directory) -> tuple[Reason, ...]:
    """Why *person* may not let somebody else do *task*: it is theirs or could be, or they lead the run and somebody has it."""
    if quorum(procedure, state, procedure.steps[task.step]) > 1:
        return (Reason(Code.NOT_CLAIMABLE, {"step": task.address}),)
    if task.owner:
        return gate("delegate", procedure, state, person, directory, task=task)
    return (*gate("comment", procedure, state, person, directory), *unfit(procedure, state, task, person, directory))


def delegate(s: Scribe, command: Delegate) -> None:
    """Let a person do a task in the place of whoever has it. They need no role; everything else must fit them and both."""
    task = find_task(s.procedure, s.state, command.step)
    if isinstance(task, Reason):
        raise Stop([task])
    directory, actor = s.context.directory, s.context.actor
    reasons = list(may_delegate(s.procedure, s.state, task, actor, directory))
    chain = _chain(s, task)
    if command.person in chain:
        reasons.append(Reason(Code.GOES_ROUND, {"person": command.person}))
    elif directory.teams(command.person) is None:
        reasons.append(Reason(Code.INACTIVE, {"person": command.person}))
    else:
        reasons += barred(s.procedure, s.state, task, (command.person, *chain), directory)
    if command.until and not _later(command.until, s.context.at):
        reasons.append(Reason(Code.FIELD_INVALID, {"field": "until", "expected": said("an instant that is still to come")}))
    reasons += kept_from_hands(s, task, alone=not reasons)
    if reasons:
        raise Stop(reasons)
    s.tell(e.TaskDelegated(task.no, command.person, chain, command.until))


def _chain(s: Scribe, task: Task) -> tuple[str, ...]:
    """In whose place the task will be done: those who had it so far, whose right it is standing first."""
    if task.owner:
        return (*task.chain, task.owner)
    return (*on_behalf(s.procedure, s.state, task, s.context.actor, s.context.directory), s.context.actor)


def _later(text: str, now: str) -> bool:
    """Whether *text* is an instant as the history writes it, after *now*."""
    try:
        return written(instant(text)) == text and text > now
    except ValueError:
        return False


def give_back(s: Scribe, task: Task) -> None:
    """A delegation is over: the task is again with whose right it is."""
    if not task.until or task.until == FOREVER or s.context.at < task.until:
        raise Stop([Reason(Code.NOT_DONE, {"step": task.address})])
    s.tell(e.TaskReturned(task.no, task.chain[0], task.owner))
