"""Computed fields: what nobody types, and follows from the form that is just being handed in."""

from collections.abc import Callable

from engine import events as e
from engine import forms
from engine.evolve import evolve
from engine.expressions import GuardError
from engine.procedure import Document, Step
from engine.readers import with_digits
from engine.refusals import Code, Reason
from engine.rules.scribe import Scribe, Stop
from engine.state import Token, changed


def recomputed(
    s: Scribe, step: Step, token: Token | None, after: e.Event, ask: Callable[[], None] = lambda: None
) -> dict[str, str]:
    """Commitments to the computed fields of *step* as they come out after an event; empty for one that is empty then.

    They are computed in the order of the form. What was computed before does not count any more: a field that reads one
    which comes later finds nothing there, and never what it was in another round.

    Args:
        s: the decision.
        step: whose form.
        token: where it stands; None outside of items.
        after: what will have happened.
        ask: asked in the light of what was computed.
    """
    before, where = s.state, f"{token.scope if token else ''}{step.id}."
    fields = {f"{where}{name}": field for name, field in step.form.items() if "value" in field}
    seals: dict[str, str] = {}
    happened = evolve(before, after, s.context.at)
    s.state = changed(happened, values={path: seal for path, seal in happened.values.items() if path not in fields})
    try:
        for path, field in fields.items():
            seal = _compute(s, token, step, path, field)
            if seal or path in happened.values:
                seals[path.removeprefix(where)] = seal
            if seal:
                s.state = changed(s.state, values={**s.state.values, path: seal})
        ask()
    finally:
        s.state = before
    return seals


def _compute(s: Scribe, token: Token | None, step: Step, path: str, field: Document) -> str:
    try:
        value = s.value(step.id, field["value"], token)
    except GuardError:  # what it is computed from is not there; the field stays empty, as an optional one would
        return ""
    if isinstance(value, float):
        value = with_digits(value, field)
    found, expected = forms.read(field, value) if value is not None else (None, "")
    if expected:
        raise Stop([Reason(Code.FIELD_INVALID, {"field": path.rpartition(".")[2], "expected": expected})])
    return s.keep(path, found) if found is not None else ""
