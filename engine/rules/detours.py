"""What leaves the ordinary course: signals, skipping, suspending, blocking, items that come later."""

from engine import events as e
from engine import forms, limits
from engine.authority import may
from engine.commands import AddItem, Block, CloseItems, Resume, Signal, Skip, Suspend, Unblock
from engine.machine import SKIP
from engine.refusals import Code, Reason
from engine.rules.flow import check_join, end_wait, open_item, proceed, settle
from engine.rules.scribe import Scribe, Stop
from engine.rules.tasks import find_task
from engine.state import Task, Token


def asked(s: Scribe, act: str, note: str, *, task: Task | None = None, step: str = "", reason: bool = True) -> list[Reason]:
    """Why the act is not permitted, is not explained, or comes too late."""
    reasons = []
    if s.state.status != "open" and act not in {"reopen", "correct"}:
        reasons.append(Reason(Code.RUN_CLOSED, {"status": s.state.status, "end": s.state.end}))
    if s.state.suspended and act not in {"resume", "reopen"}:
        reasons.append(Reason(Code.SUSPENDED, {"step": ""}))
    reasons += may(act, s.procedure, s.state, s.context.actor, s.context.directory, task=task, step=step)
    if reason and not note.strip():
        reasons.append(Reason(Code.REASON_REQUIRED, {"what": act}))
    return reasons


def found(s: Scribe, address: str) -> Task:
    """The open task at *address*; stops if there is none."""
    task = find_task(s.procedure, s.state, address)
    if isinstance(task, Reason):
        raise Stop([task])
    return task


def signal(s: Scribe, command: Signal) -> None:
    """Tell every step that waits for it; keep it for a later step if the definition says so; else it is lost, on record."""
    spec = s.procedure.document.get("signals", {}).get(command.name)
    reasons = asked(s, "signal", command.note, reason=False)
    if spec is None:
        known = tuple(s.procedure.document.get("signals", {}))
        raise Stop([*reasons, Reason(Code.NO_SIGNAL, {"signal": command.name, "known": known})])
    values, wrong = forms.read_all(spec.get("form", {}), command.values)
    reasons += [*wrong, *forms.strangers(spec.get("form", {}), values, s.context.directory)]
    if reasons:
        raise Stop(reasons)
    waiting = [token.id for token in s.state.tokens.values() if token.waiting == f"signal:{command.name}"]
    kept = bool(spec.get("keep")) and not waiting
    seals = s.keep_all(f"signal/{command.name}", values) if not waiting else {}
    s.tell(e.SignalCame(command.name, kept, seals))
    for number in waiting:
        if number in s.state.tokens:  # an alternative of `first` may have ended another that waited too
            end_wait(s, number, "signal", values)
            settle(s)


def skip(s: Scribe, command: Skip) -> None:
    """Leave out a task, or a wait. An approval is not left out: that would be an override."""
    task = find_task(s.procedure, s.state, command.step)
    if isinstance(task, Reason):
        token = _waiting(s, command.step)
        if token is None:
            raise Stop([task])
        reasons = asked(s, "skip", command.note)
        kind = "wait"
    else:
        token = s.state.tokens[task.token]
        reasons = asked(s, "skip", command.note, task=task)
        kind = task.kind
    if kind == "approval" and may("override", s.procedure, s.state, s.context.actor, s.context.directory):
        reasons.append(Reason(Code.NOT_SKIPPABLE, {"step": command.step}))
    if reasons:
        raise Stop(reasons)
    if isinstance(task, Task):
        if kind == "approval":
            s.tell(e.Overridden(task.no, s.context.actor, ("skip",)))
        s.tell(e.TaskWithdrawn(task.no, "skipped"))
    s.tell(e.StepSkipped(token.id, token.at, s.context.actor))
    proceed(s, token.id, SKIP)


def _waiting(s: Scribe, address: str) -> Token | None:
    """The token that waits, without a person, at the step of *address*."""
    step, _, key = address.partition(":")
    held = (t for t in s.state.tokens.values() if t.at == step and t.waiting.startswith(("signal:", "until:")))
    return next((token for token in held if not key or token.key == key), None)


def suspend(s: Scribe, command: Suspend | Resume) -> None:
    """Let nobody act, or let people act again: on a task or on the whole run."""
    act = "suspend" if isinstance(command, Suspend) else "resume"
    task = found(s, command.step) if command.step else None
    reasons = asked(s, act, command.note, task=task)
    held = "suspended" in task.held if task else s.state.suspended
    if held == (act == "suspend"):
        reasons.append(Reason(Code.ALREADY, {"step": command.step, "what": f"{act}d" if act == "resume" else "suspended"}))
    if reasons:
        raise Stop(reasons)
    if task:
        s.tell(e.TaskSuspended(task.no) if act == "suspend" else e.TaskResumed(task.no))
    else:
        s.tell(e.RunSuspended() if act == "suspend" else e.RunResumed())


def block(s: Scribe, command: Block | Unblock) -> None:
    """Say that something keeps a task from being finished, or that nothing does any more."""
    act = "block" if isinstance(command, Block) else "unblock"
    task = found(s, command.step)
    reasons = asked(s, act, command.note, task=task)
    if ("blocked" in task.held) == (act == "block"):
        reasons.append(Reason(Code.ALREADY, {"step": command.step, "what": f"{act}ed"}))
    if reasons:
        raise Stop(reasons)
    event = e.TaskBlocked if act == "block" else e.TaskUnblocked
    s.tell(event(task.no, s.context.actor))


def _items(s: Scribe, step: str) -> Token | Reason:
    """The token that stands at the for-each *step* and to which items can still be added."""
    at = [token for token in s.state.tokens.values() if token.at == step]
    if not at or step not in s.procedure.steps or s.procedure.steps[step].kind != "for_each":
        return Reason(Code.NO_TRACK, {"track": step, "known": tuple(t.at for t in s.state.tokens.values() if t.more)})
    return at[0] if at[0].more else Reason(Code.NO_MORE_ITEMS, {"step": step})


def add_item(s: Scribe, command: AddItem) -> None:
    """Add an item to a for-each step that is open for more."""
    token = _items(s, command.step)
    reasons = asked(s, "items", command.note, reason=False)
    if isinstance(token, Reason):
        raise Stop([*reasons, token])
    if command.item in (None, "", []):
        reasons.append(Reason(Code.FIELD_REQUIRED, {"field": "item", "type": "text"}))
    if token.opened >= limits.ITEMS:
        reasons.append(Reason(Code.LIMIT, {"what": "items", "limit": limits.ITEMS}))
    if reasons:
        raise Stop(reasons)
    open_item(s, token, s.procedure.steps[command.step], command.item, str(token.opened + 1))
    settle(s)


def close_items(s: Scribe, command: CloseItems) -> None:
    """Say that no more items come; *early* ends the items that are not finished and goes on."""
    token = _items(s, command.step)
    if isinstance(token, Reason) and command.early and token.code is Code.NO_MORE_ITEMS:
        token = next(t for t in s.state.tokens.values() if t.at == command.step)
    reasons = asked(s, "cancel" if command.early else "items", command.note, reason=command.early)
    if isinstance(token, Reason):
        raise Stop([*reasons, token])
    if reasons:
        raise Stop(reasons)
    if token.more:
        s.tell(e.ItemsClosed(token.id, command.step))
    if command.early:
        from engine.rules.flow import cancel_track

        for item in [t.id for t in s.state.tokens.values() if t.parent == token.id and not t.loose]:
            cancel_track(s, item, "finished early")
    check_join(s, token.id)
    settle(s)
