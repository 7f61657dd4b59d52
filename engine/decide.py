"""Decide a command: what happens, or every reason why not. Changes nothing; what a command means stands in ``engine.rules``."""

from collections.abc import Callable, Mapping
from typing import Any

from engine import commands as c
from engine.context import Context
from engine.effects import Effect
from engine.events import Event
from engine.frozen import frozen
from engine.procedure import Procedure
from engine.refusals import Code, Reason, Refused
from engine.rules import correcting, detours, giving, items, leading, migrating, noting, returning, returns, starting, working
from engine.rules.scribe import Scribe, Stop
from engine.state import State
from engine.values import Value


@frozen
class Accepted:
    """What happens.

    Attributes:
        events: in order.
        state: the run after them.
        values: new values by path; the events hold their commitments.
        effects: to be performed.
        guards: every expression that was asked and its answer, in order.
        counted: an expression may have asked the calendar.
    """

    events: tuple[Event, ...]
    state: State
    values: Mapping[str, Value]
    effects: tuple[Effect, ...]
    guards: tuple[tuple[str, bool], ...]
    counted: bool = False


_RULES: Mapping[type, Callable[[Scribe, Any], None]] = {
    c.Start: starting.start, c.Claim: working.claim, c.Release: working.release, c.Complete: working.complete,
    c.Assign: working.assign, c.Delegate: giving.delegate, c.Bind: leading.bind,
    c.CancelTrack: leading.cancel, c.CancelRun: leading.cancel,
    c.Comment: noting.comment, c.Attach: noting.attach, c.ChildEnded: returning.child_ended, c.Elapse: returning.elapse,
    c.Signal: detours.signal, c.Skip: detours.skip, c.Suspend: detours.suspend, c.Resume: detours.suspend,
    c.Block: detours.block, c.Unblock: detours.block, c.AddItem: items.add_item, c.CloseItems: items.close_items,
    c.Rewind: returns.rewind, c.Reopen: returns.reopen, c.Correct: correcting.correct, c.Migrate: migrating.migrate,
}  # fmt: skip


def decide(procedure: Procedure, state: State, command: c.Command, context: Context) -> Accepted | Refused:
    """What *command* leads to in *state*.

    Args:
        procedure: the definition the run was started with.
        state: where the run stands; the empty state for ``Start``.
        command: what is asked for.
        context: everything from outside.
    """
    scribe = Scribe(procedure, state, context)
    wrong = _keep_note(scribe, getattr(command, "note", ""))
    try:
        _RULES[type(command)](scribe, command)
    except Stop as stop:
        return Refused((*wrong, *stop.reasons), scribe.counted)
    if wrong:
        return Refused(wrong, scribe.counted)
    told = tuple(scribe.events), scribe.state, scribe.values, tuple(scribe.effects), tuple(scribe.guards)
    return Accepted(*told, scribe.counted)


def _keep_note(scribe: Scribe, note: str) -> tuple[Reason, ...]:
    if expected := noting.expected_text(note):
        return (Reason(Code.FIELD_INVALID, {"field": "note", "expected": expected}),)
    if note:
        scribe.keep("note", note)
    return ()
