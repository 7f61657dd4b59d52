"""Tasks: opening them with an owner, a due date and timers, and finding them by their address."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from engine import events as e
from engine.allocation import RULES
from engine.calendar import CalendarError
from engine.data import View, scopes
from engine.people import Directory, doers, holds, sole_holder, stands_in, unfit
from engine.procedure import Procedure, Step
from engine.refusals import Code, Reason
from engine.rules.keeping import keep_out
from engine.rules.owning import allocated, named_for
from engine.rules.scribe import Scribe
from engine.state import State, Task, Token, item_keys
from engine.timers import anchored, due, due_rule, dues, instant, timers, written

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
    late = _late(s, token, step)
    if "not_from" in step.doc:
        keep_out(s, step.id, token)
    named = named_for(s, token, step)
    task = Task(s.state.next_task, token.id, step.id, step.id, step.kind, step.role, round_, s.context.at, named=named)
    owner, turn = _owner(s, token, step, task)
    s.tell(
        e.TaskOpened(
            task.no,
            token.id,
            step.id,
            step.kind,
            step.role,
            round_,
            due=written(late) if late else "",
            owner=owner,
            timers=tuple(timers(step.doc, late, s.context.calendar, s.view(token).parameter)) if late else (),
            named=named,
            by=step.doc["assign"] if turn else "",
            turn=turn,
        )
    )


def _owner(s: Scribe, token: Token, step: Step, task: Task) -> tuple[str, int]:
    """Who gets the task without asking, and in which turn if a rule chose them.

    Whoever was named, must do it, or did it last time; then as ``assign`` says; without it, whoever alone holds the role.
    """
    alone = step.doc.get("critical") or any(interleaved(s.procedure, s.state, token))
    if alone or "while" in step.doc or quorum(s.procedure, s.state, step) > 1:
        return "", 0  # nobody gets what others may have to do first
    rule = step.doc.get("assign", "")
    before = [doers(s.procedure, s.state, task, other)[-1:] for other in (step.doc.get("same_as"), step.id) if other]
    for person in (task.named, *(found[0] for found in before if found), "" if rule else sole_holder(s.state, step.role)):
        if person and not unfit(s.procedure, s.state, task, person, s.context.directory):
            return person, 0
    return allocated(s, step, task, rule) if rule in RULES else ("", 0)


def interleaved(procedure: Procedure, state: State, token: Token) -> Iterator[Token]:
    """The tracks around *token*, its own first, of which only one at a time can be in somebody's hands."""
    current: Token | None = token
    while current is not None and current.parent is not None:
        if procedure.steps[current.step].doc.get("one_at_a_time"):
            yield current
        current = state.tokens.get(current.parent)


def in_hands(state: State, token: Token) -> Task | None:
    """A task in a sibling track of *token* that somebody has."""
    siblings = {t.id for t in state.tokens.values() if t.parent == token.parent and t.step == token.step and t.id != token.id}
    return next((t for t in state.tasks.values() if t.owner and _ancestry(state, t.token) & siblings), None)


def _ancestry(state: State, number: int) -> set[int]:
    found = set()
    token = state.tokens.get(number)
    while token is not None:
        found.add(token.id)
        token = state.tokens.get(token.parent) if token.parent is not None else None
    return found


def _late(s: Scribe, token: Token, step: Step) -> datetime | None:
    """When the task of *step* is late that opens now, by the first of its dues whose condition is true; None for never."""
    for number, (when, text) in enumerate(dues(step.doc)):
        if not when or s.holds(f"{step.id}.due.{number}", step.id, when, token):
            return due_of(s, token, text)
    return None


def due_of(s: Scribe, token: Token, text: str) -> datetime | None:
    """The instant that a ``due`` means now; None where what it counts from has not happened."""
    rule = due_rule(text)
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
        return anchored(view.field(anchor), s.context.calendar)
    done = next((s.state.done_at[scope + anchor] for scope in scopes(s.state, token) if scope + anchor in s.state.done_at), "")
    return instant(done) if done else None


def another_has(state: State, task: Task, person: str, directory: Directory) -> bool:
    """Whether *task* is somebody else's; a late task is also for those it was escalated to, and a deputy's for the deputy."""
    if not task.owner or task.owner == person or stands_in(person, task.owner, directory):
        return False
    return not any(holds(state, role, person, directory) for role in task.also)
