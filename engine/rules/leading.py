"""What the lead does: bind roles, cancel tracks and runs."""

from engine import events as e
from engine.commands import Bind, CancelRun, CancelTrack
from engine.names import MAIN
from engine.people import Directory, leads
from engine.procedure import Procedure
from engine.refusals import Code, Reason
from engine.rules.flow import cancel_run, cancel_track, check_join, settle
from engine.rules.scribe import Scribe, Stop
from engine.state import State, Token

Reasons = tuple[Reason, ...]


def may_lead(procedure: Procedure, state: State, person: str, directory: Directory) -> Reasons:
    """Why *person* may not bind, cancel and assign in this run."""
    reasons = []
    if state.status != "open":
        reasons.append(Reason(Code.RUN_CLOSED, {"status": state.status, "end": state.end}))
    if not leads(procedure, state, person, directory):
        reasons.append(Reason(Code.NOT_LEAD, {"lead": state.lead}))
    return tuple(reasons)


def _checked(s: Scribe, note: str, what: str) -> list[Reason]:
    reasons = list(may_lead(s.procedure, s.state, s.context.actor, s.context.directory))
    if what and not note.strip():
        reasons.append(Reason(Code.REASON_REQUIRED, {"what": what}))
    return reasons


def bind(s: Scribe, command: Bind) -> None:
    """Say who holds a role from now on. Open tasks of people who no longer hold it go back to the role."""
    known = s.procedure.document["roles"]
    reasons = _checked(s, command.note, "bind" if s.state.roles.get(command.role) else "")
    if command.role not in known:
        reasons.append(Reason(Code.ROLE_UNKNOWN, {"role": command.role, "known": tuple(known)}))
    reasons += [
        Reason(Code.NO_PERSON, {"person": holder.removeprefix("person:")})
        for holder in command.holders
        if holder.startswith("person:") and s.context.directory.teams(holder.removeprefix("person:")) is None
    ]
    if reasons:
        raise Stop(reasons)
    s.tell(e.RoleBound(command.role, tuple(dict.fromkeys(command.holders))))
    from engine.people import unfit

    for task in tuple(s.state.tasks.values()):
        if task.owner and command.role in (task.role, *task.also):
            if any(r.code is Code.NOT_IN_ROLE for r in unfit(s.procedure, s.state, task, task.owner, s.context.directory)):
                s.tell(e.TaskReleased(task.no, task.owner))


def find_track(procedure: Procedure, state: State, address: str) -> Token | Reason:
    """The open track at *address*: ``step.branch``, ``step:key`` of a for-each, or a task inside it."""
    for token in state.tokens.values():
        names = {token.track} if not token.key else {f"{token.step}:{token.key}"}
        if address in names and token.track != MAIN:
            return token
    for task in state.tasks.values():
        if task.address == address:
            return state.tokens[task.token]
    known = tuple(f"{t.step}:{t.key}" if t.key else t.track for t in state.tokens.values() if t.track != MAIN)
    return Reason(Code.NO_TRACK, {"track": address, "known": known or tuple(procedure.tracks)})


def cancel(s: Scribe, command: CancelTrack | CancelRun) -> None:
    """End a track, or the whole run, without finishing it."""
    reasons = _checked(s, command.note, "cancel")
    if isinstance(command, CancelRun):
        if reasons:
            raise Stop(reasons)
        cancel_run(s)
        return
    token = find_track(s.procedure, s.state, command.track)
    if isinstance(token, Reason):
        raise Stop([*reasons, token])
    if token.parent is None:
        reasons.append(Reason(Code.NOT_CANCELLABLE, {"track": command.track}))
    if reasons or token.parent is None:
        raise Stop(reasons)
    cancel_track(s, token.id, "cancelled")
    check_join(s, token.parent)
    settle(s)
