"""Correcting fields of a step that is done."""

from collections.abc import Iterator

from engine import events as e
from engine import forms
from engine.authority import gate
from engine.commands import Correct
from engine.people import Directory, principals, separation
from engine.procedure import HUMAN, Procedure
from engine.refusals import Code, Reason
from engine.rules.computing import recomputed
from engine.rules.detours import explained, refuse
from engine.rules.flow import settle
from engine.rules.scribe import Scribe, Stop
from engine.rules.tasks import no_address
from engine.state import State, Token, item_keys

Reasons = tuple[Reason, ...]


def correctable(procedure: Procedure, state: State) -> Iterator[tuple[str, str]]:
    """Every finished step with a form: its address, and the step with its scope."""
    for where in sorted(state.done_at):  # a stored state keeps no order
        token, name = _place(state, where)
        step = procedure.steps.get(name)  # what an earlier version knew stays done, and is not corrected any more
        if step is not None and step.kind in HUMAN and step.form:
            keys = item_keys(state, token) if token else ""
            yield f"{name}:{keys}" if keys else name, where


def _place(state: State, where: str) -> tuple[Token | None, str]:
    number, _, step = where.rpartition("/")
    return (state.tokens[int(number)] if number else None), step


def may_correct(procedure: Procedure, state: State, where: str, person: str, directory: Directory) -> Reasons:
    """Why *person* may not correct the finished step *where*.

    Whoever corrects has a part in the content from then on, so that separation of duties holds; and what somebody has approved
    is not changed behind them: there one goes back.
    """
    step = where.rpartition("/")[2]
    reasons = [*gate("correct", procedure, state, person, directory, step=step)]
    reasons += separation(procedure, state, step, principals(person, (), directory), where=where)
    for other, found in procedure.steps.items():
        approved = found.kind == "approval" and step in procedure.approves(other)
        if approved and where.removesuffix(step) + other in state.done_at:
            reasons.append(Reason(Code.APPROVED, {"step": step, "approval": other}))
    return tuple(reasons)


def correct(s: Scribe, command: Correct) -> None:
    """Give fields of a finished step other values; what is not given stays as it is, computed fields are computed again."""
    if wrong := no_address(s.procedure, command.step):
        raise Stop([wrong])
    step = s.procedure.steps[command.step.partition(":")[0]]
    where = dict(correctable(s.procedure, s.state)).get(command.step)
    if where is None:
        reasons = gate("correct", s.procedure, s.state, s.context.actor, s.context.directory, step=step.id)
        raise Stop([*reasons, Reason(Code.NOT_DONE, {"step": command.step})])
    found = may_correct(s.procedure, s.state, where, s.context.actor, s.context.directory)
    reasons_ = explained(found, "correct", command.note)
    fields = {name: field for name, field in step.form.items() if name in command.values}
    values, wrong_values = forms.read_all(fields, {name: command.values[name] for name in fields})
    reasons_ += wrong_values
    reasons_ += [
        Reason(Code.FIELD_UNKNOWN, {"field": name, "known": tuple(step.form)}) for name in command.values if name not in step.form
    ]
    if not command.values:
        name, field = next(iter(step.form.items()))
        reasons_.append(Reason(Code.FIELD_REQUIRED, {"field": name, "type": str(field["type"])}))
    reasons_ += forms.strangers(step.form, values, s.context.directory, s.context.actor)
    refuse(reasons_)
    seals = {name: s.keep(f"{where}.{name}", values[name]) if name in values else "" for name in fields}
    token = _place(s.state, where)[0]
    seals |= recomputed(s, step, token, e.FieldsCorrected(where, s.context.actor, seals))
    s.tell(e.FieldsCorrected(where, s.context.actor, seals))
    settle(s)
