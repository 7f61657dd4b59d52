"""What the lead does: bind roles, cancel tracks and runs."""

from engine import events as e
from engine.authority import gate
from engine.commands import Bind, CancelRun, CancelTrack
from engine.names import MAIN
from engine.people import Directory, rights, unknown_holders
from engine.procedure import Procedure
from engine.refusals import Code, Reason
from engine.rules.ending import cancel_run
from engine.rules.flow import leave_out, settle
from engine.rules.scribe import Scribe, Stop
from engine.state import State, Token, item_keys

Reasons = tuple[Reason, ...]


def may_lead(act: str, procedure: Procedure, state: State, person: str, directory: Directory) -> Reasons:
    """Why *person* may not ``bind`` or ``cancel`` in this run."""
    return gate(act, procedure, state, person, directory)


def _checked(s: Scribe, act: str, note: str, what: str, *, onward: bool = False) -> list[Reason]:
    reasons = list(gate(act, s.procedure, s.state, s.context.actor, s.context.directory, onward=onward))
    if what and not note.strip():
        reasons.append(Reason(Code.REASON_REQUIRED, {"what": what}))
    return reasons


def bind(s: Scribe, command: Bind) -> None:
    """Say who holds a role from now on. Open tasks of people who no longer hold it go back to the role."""
    known = s.procedure.document["roles"]
    reasons = _checked(s, "bind", command.note, "bind" if s.state.roles.get(command.role) else "")
    reasons += unknown_holders({command.role: command.holders}, known, s.context.directory)
    if reasons:
        raise Stop(reasons)
    s.tell(e.RoleBound(command.role, tuple(dict.fromkeys(command.holders))))
    for task in tuple(s.state.tasks.values()):
        left = task.owner and command.role in (task.role, *task.also)
        if left and next(rights(s.state, task, task.owner, s.context.directory), None) is None:
            s.tell(e.TaskReleased(task.no, task.owner))


def find_track(procedure: Procedure, state: State, address: str) -> Token | Reason:
    """The open track at *address*: ``step.branch``, ``step:key`` of a for-each, or a task inside it.

    Inside items the keys follow as in the address of a task: ``step.branch:weibo``, ``step:weibo:2``.
    """
    found = {_track_address(state, token): token for token in state.tokens.values() if token.track != MAIN}
    if address in found:
        return found[address]
    for task in state.tasks.values():
        if task.address == address:
            return state.tokens[task.token]
    return Reason(Code.NO_TRACK, {"track": address, "known": tuple(found) or tuple(procedure.tracks)})


def _track_address(state: State, token: Token) -> str:
    keys = item_keys(state, token) if token.scope else ""
    return f"{token.track}:{keys}" if keys else token.track


def cancel(s: Scribe, command: CancelTrack | CancelRun) -> None:
    """End a track, or the whole run, without finishing it."""
    # A suspended run can be cancelled as a whole; behind a track that is cancelled it would go on.
    reasons = _checked(s, "cancel", command.note, "cancel", onward=isinstance(command, CancelTrack))
    if isinstance(command, CancelRun):
        if reasons:
            raise Stop(reasons)
        cancel_run(s)
        return
    if s.state.status != "open":  # there is no track any more, and that is why
        raise Stop(reasons)
    token = find_track(s.procedure, s.state, command.track)
    if isinstance(token, Reason):
        raise Stop([*reasons, token])
    if token.parent is None:
        reasons.append(Reason(Code.NOT_CANCELLABLE, {"track": command.track}))
    if reasons:
        raise Stop(reasons)
    leave_out(s, token.id, "cancelled")
    settle(s)
