"""Tasks: opening them with an owner, a due date and timers, and finding them by their address."""

import re
from datetime import datetime
from typing import Final

from engine import events as e
from engine.calendar import CalendarError
from engine.data import View, scopes
from engine.people import doers, sole_holder, unfit
from engine.procedure import Procedure, Step
from engine.refusals import Code, Reason
from engine.rules.scribe import Scribe
from engine.state import State, Task, Token, item_keys
from engine.timers import anchored, due, due_rule, instant, timers, written

_KEYS: Final = re.compile(r"[a-z0-9_]{1,63}(:[a-z0-9_]{1,63}){0,15}")


def find_task(procedure: Procedure, state: State, address: str) -> Task | Reason:
    """The open task at *address*, or why there is none."""
    if state.status != "open":
        return Reason(Code.RUN_CLOSED, {"status": state.status, "end": state.end})
    for task in state.tasks.values():
        if task.address == address:
            return task
    step = address.partition(":")[0]
    if step not in procedure.steps:
        return Reason(Code.NO_TASK, {"step": address, "known": tuple(procedure.steps)})
    if siblings := tuple(task.address for task in state.tasks.values() if task.step == step):
        return Reason(Code.NO_TASK, {"step": address, "known": siblings})
    if step in state.actors:
        where = _where(state, step, address)
        by = state.actors.get(where, ("",))[-1]
        return Reason(Code.TASK_CLOSED, {"step": address, "by": by, "at": state.done_at.get(where, "")})
    return Reason(Code.NO_TASK, {"step": address, "known": tuple(task.address for task in state.tasks.values())})


def _where(state: State, step: str, address: str) -> str:
    """The key of the step at *address*, as the state counts it: with the scope of its item, while that is open."""
    scopes_ = (token.scope for token in state.tokens.values() if token.scope and f"{step}:{item_keys(state, token)}" == address)
    return next((scope + step for scope in scopes_), address)


def no_address(procedure: Procedure, address: str) -> Reason | None:
    """Why *address* cannot be that of a task of this procedure, open or not; None if it can.

    What is no address is never recorded: free text has no business in a history.
    """
    step, _, keys = address.partition(":")
    if step in procedure.steps and (not keys or _KEYS.fullmatch(keys)) and address == f"{step}:{keys}".rstrip(":"):
        return None
    return Reason(Code.NO_TASK, {"step": step, "known": tuple(procedure.steps)})


def quorum(procedure: Procedure, state: State, step: Step) -> int:
    """How many different people must agree; 1 for an ordinary task."""
    found = step.doc["approval"].get("quorum", 1) if step.kind == "approval" else 1
    return int(View(procedure, state, {}).parameter(found[1:])) if isinstance(found, str) else found


def open_task(s: Scribe, token: Token, step: Step) -> None:
    """Open the task of *step*, with whoever alone can have it as its owner."""
    where = token.scope + step.id
    round_ = s.state.counts.get(where, 0) + 1
    late = _due(s, token, step)
    task = Task(s.state.next_task, token.id, step.id, step.id, step.kind, step.role, round_, s.context.at)
    s.tell(
        e.TaskOpened(
            task.no,
            token.id,
            step.id,
            step.kind,
            step.role,
            round_,
            due=written(late) if late else "",
            owner=_owner(s, step, task),
            timers=tuple(timers(step.doc, late, s.context.calendar, s.view(token).parameter)) if late else (),
        )
    )


def _owner(s: Scribe, step: Step, task: Task) -> str:
    """Who gets the task without asking: whoever must do it, did it last time, or alone holds the role."""
    if quorum(s.procedure, s.state, step) > 1:
        return ""
    before = [doers(s.procedure, s.state, task, other)[-1:] for other in (step.doc.get("same_as"), step.id) if other]
    for person in (*(found[0] for found in before if found), sole_holder(s.state, step.role)):
        if person and not unfit(s.procedure, s.state, task, person, s.context.directory):
            return person
    return ""


def _due(s: Scribe, token: Token, step: Step) -> datetime | None:
    if "due" not in step.doc:
        return None
    rule = due_rule(step.doc["due"])
    view = s.view(token)
    try:
        base = _base(s, token, rule.anchor, view)
        # What it counts from has not happened (a skipped step): there is nothing to be late for.
        return due(rule, base, s.context.calendar, view.parameter) if base else None
    except (CalendarError, OverflowError):  # beyond what the calendar can say
        return None


def _base(s: Scribe, token: Token, anchor: str, view: View) -> datetime | None:
    """The instant that a due counts from: the task becoming ready, the start, the value of a date field, or the end of a step."""
    if not anchor:
        return instant(s.context.at)
    if anchor == "start":
        return instant(s.state.started)
    if "." in anchor:
        return anchored(view.value(anchor), s.context.calendar)
    done = next((s.state.done_at[scope + anchor] for scope in scopes(s.state, token) if scope + anchor in s.state.done_at), "")
    return instant(done) if done else None
