"""What nobody does: a child run returns, a timer elapses."""

from dataclasses import replace

from engine import events as e
from engine.commands import ChildEnded, Elapse
from engine.effects import Notify
from engine.people import SYSTEM
from engine.refusals import Code, Reason
from engine.rules.flow import end_wait, settle
from engine.rules.giving import give_back
from engine.rules.regions import go_on
from engine.rules.scribe import Scribe, Stop
from engine.state import Token, changed
from engine.timers import ESCALATE, REMIND, RETURN, WAIT


def _system(s: Scribe) -> None:
    if s.context.actor != SYSTEM:
        raise Stop([Reason(Code.NOT_LEAD, {"lead": s.state.lead})])
    if s.state.status != "open":
        raise Stop([Reason(Code.RUN_CLOSED, {"status": s.state.status, "end": s.state.end})])


def child_ended(s: Scribe, command: ChildEnded) -> None:
    """Take the results of a child run and go on behind the step that waited; in a suspended run, when it is resumed."""
    _system(s)
    token = s.state.tokens.get(command.token)
    if token is None or token.waiting != command.child:
        raise Stop([Reason(Code.ALREADY, {"step": command.child, "what": "returned"})])
    if s.state.suspended:  # what the way on would refuse is refused now, while the child can still be mended
        unsealed = replace(s.context, seal=lambda *_: "")  # nothing of it is kept
        trial = Scribe(s.procedure, changed(s.state, suspended=False), unsealed)
        _returned(trial, token, command)
        s.counted |= trial.counted
    _returned(s, token, command)


def _returned(s: Scribe, token: Token, command: ChildEnded) -> None:
    seals = s.keep_all(f"{token.scope}{token.at}.results", command.results)
    s.tell(e.ChildReturned(token.id, token.at, command.child, command.end, seals))
    if not s.state.suspended:
        go_on(s, token)


def elapse(s: Scribe, command: Elapse) -> None:
    """Remind the people of a late or nearly late task, or let another role act on it."""
    _system(s)
    if s.state.suspended:
        raise Stop([Reason(Code.SUSPENDED, {"step": ""})])  # the timer stays due and elapses when the run goes on
    if command.timer == WAIT:
        _wait_over(s, command)
        return
    task = s.state.tasks.get(command.task)
    if task is None:
        raise Stop([Reason(Code.TASK_CLOSED, {"step": str(command.task), "by": "", "at": ""})])
    if command.timer == RETURN:
        give_back(s, task)
        return
    if "suspended" in task.held:
        raise Stop([Reason(Code.SUSPENDED, {"step": task.address})])
    asked = s.procedure.steps[task.step].doc.get(command.timer, ()) if command.timer in {REMIND, ESCALATE} else ()
    if not 0 <= command.n < len(asked):
        raise Stop([Reason(Code.NO_TASK, {"step": f"{task.address} {command.timer} {command.n}", "known": (task.address,)})])
    if command.timer == REMIND:
        s.tell(e.TaskReminded(task.no, command.n))
        s.effects.append(Notify("reminded", task.address, task.role, task.owner))
        return
    role = asked[command.n]["to"]
    s.tell(e.TaskEscalated(task.no, role, command.n))
    s.effects.append(Notify("escalated", task.address, role, task.owner))


def _wait_over(s: Scribe, command: Elapse) -> None:
    token = s.state.tokens.get(command.task)
    if token is None or not token.waiting.startswith("until:"):
        raise Stop([Reason(Code.TASK_CLOSED, {"step": str(command.task), "by": "", "at": ""})])
    if s.context.at < token.waiting.removeprefix("until:"):
        raise Stop([Reason(Code.NOT_DONE, {"step": token.at})])
    end_wait(s, token.id, "time", {})
    settle(s)
