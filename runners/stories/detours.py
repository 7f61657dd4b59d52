"""Acts of a story that leave the ordinary course, as commands."""

from collections.abc import Mapping
from typing import Final

from engine import commands as c
from engine.procedure import Procedure
from runners.stories import acts as a
from runners.stories.cast import Cast
from runners.tongue import marked, spoken

_DONE: Final[Mapping[type, str]] = {
    c.Suspend: marked("suspend {what}"), c.Resume: marked("resume {what}"), c.Skip: marked("skip {what}"),
    c.Rewind: marked("rewind {what}"), c.Block: marked("block {what}"), c.Unblock: marked("unblock {what}"),
    c.Reopen: marked("reopen {what}"),
}  # fmt: skip


def command_of(act: a.Detour, cast: Cast, procedure: Procedure) -> tuple[str, c.Command]:
    """What somebody does, in words and as a command."""
    if isinstance(act, a.Signalling):
        form = procedure.document.get("signals", {}).get(act.signal, {}).get("form", {})
        return spoken("signal {signal}", signal=act.signal), c.Signal(act.signal, cast.values(form, act.given))
    if isinstance(act, a.Correcting):
        step = procedure.steps.get(act.correct.partition(":")[0])
        values = cast.values(step.form if step else {}, act.given)
        return spoken("correct {step}", step=act.correct), c.Correct(act.correct, values, act.note)
    if isinstance(act, a.Adding):
        return spoken("add {item} to {step}", item=act.item, step=act.add), c.AddItem(act.add, act.item)
    if isinstance(act, a.Closing):
        return spoken("close {step}", step=act.close), c.CloseItems(act.close, act.early, act.note)
    if isinstance(act, a.Suspending | a.Resuming):
        where = act.suspend if isinstance(act, a.Suspending) else act.resume
        kind = c.Suspend if isinstance(act, a.Suspending) else c.Resume
        what = spoken("the run") if where is True else where
        return spoken(_DONE[kind], what=what), kind("" if where is True else where, act.note)
    word, made = _plain(act)
    return spoken(_DONE[type(made)], what=word), made


def _plain(act: a.Skipping | a.Rewinding | a.Blocking | a.Unblocking | a.Reopening) -> tuple[str, c.Command]:
    made: c.Command
    match act:
        case a.Skipping():
            word, made = act.skip, c.Skip(act.skip, act.note)
        case a.Rewinding():
            word, made = act.rewind, c.Rewind(act.rewind, act.note)
        case a.Blocking():
            word, made = act.block, c.Block(act.block, act.note)
        case a.Unblocking():
            word, made = act.unblock, c.Unblock(act.unblock, act.note)
        case a.Reopening():
            word, made = act.reopen, c.Reopen(act.reopen, act.note)
    return word, made
