"""Computed fields and columns: what nobody types, and follows from the form that is just being handed in."""

from collections.abc import Callable, Mapping

from engine import events as e
from engine import forms, limits
from engine.calendar import Calendar
from engine.data import cells
from engine.evolve import evolve
from engine.expressions import Guard, GuardError
from engine.procedure import Document, Step
from engine.readers import of_seconds, with_digits
from engine.refusals import Code, Reason
from engine.rules.scribe import Scribe, Stop
from engine.scope import ROW
from engine.state import Token, changed
from engine.text import said
from engine.values import Value


def recomputed(
    s: Scribe, step: Step, token: Token | None, after: e.Event, ask: Callable[[], None] = lambda: None
) -> dict[str, str]:
    """Commitments to what is computed in the form of *step* as it comes out after an event; empty for what is empty then.

    It is computed in the order of the form. What was computed before does not count any more: a field that reads one
    which comes later finds nothing there, and never what it was in another round.

    Args:
        s: the decision.
        step: whose form.
        token: where it stands; None outside of items.
        after: what will have happened.
        ask: asked in the light of what was computed.
    """
    before, where = s.state, f"{token.scope if token else ''}{step.id}."
    seals: dict[str, str] = {}
    s.state = evolve(before, after, s.context.at)
    try:
        _forget(s, token, step, where, seals)
        for name, field in step.form.items():
            path = where + name
            if "value" in field:
                seal = _field(s, token, step, path, field)
            elif path in s.state.values and forms.computed_columns(field):
                seal = _table(s, token, step, name, field)
            else:
                continue
            if seal:
                seals[name] = seal
                s.state = changed(s.state, values={**s.state.values, path: seal})
        ask()
    finally:
        s.state = before
    return seals


def _forget(s: Scribe, token: Token | None, step: Step, where: str, seals: dict[str, str]) -> None:
    """Take out of the state what was computed before; a field that was is empty in *seals* until it is computed again."""
    for name, field in step.form.items():
        if where + name not in s.state.values:
            continue
        if "value" in field:
            seals[name] = ""
            s.state = changed(s.state, values={path: seal for path, seal in s.state.values.items() if path != where + name})
        elif forms.computed_columns(field):
            rows = s.view(token).value(f"{step.id}.{name}")
            if rows is not None:  # what was erased stays so
                s.keep(where + name, forms.typed(step.form, {name: rows})[name])


def _field(s: Scribe, token: Token | None, step: Step, path: str, field: Document) -> str:
    try:
        value = s.value(step.id, field["value"], token)
    except GuardError:  # what it is computed from is not there; the field stays empty, as an optional one would
        return ""
    found = _read(path.rpartition(".")[2], field, value)
    return s.keep(path, found) if found is not None else ""


def _read(name: str, field: Document, value: Value, row: tuple[int, str] | None = None) -> Value:
    """The canonical form of what was computed; None for nothing. In a table, *row* is its number and the column."""
    if isinstance(value, float):
        value = with_digits(value, field)
    elif field["type"] == "duration" and isinstance(value, int):
        value = of_seconds(value)
    found, expected = forms.read(field, value) if value is not None else (None, "")
    if expected and row:
        expected = said("row {number}, {name}: {expected}", number=row[0], name=row[1], expected=expected)
    if expected:
        raise Stop([Reason(Code.FIELD_INVALID, {"field": name, "expected": expected})])
    return found


def _table(s: Scribe, token: Token | None, step: Step, name: str, field: Document) -> str:
    """The commitment to the table *name* with its computed columns; empty where it was erased."""
    view, words = s.view(token), s.procedure.scopes.at(step.id)
    rows = view.value(f"{step.id}.{name}")
    if rows is None:
        return ""
    asked = {
        column: s.procedure.guard(step.id, body["value"], condition=False, row=True)
        for column, body in forms.computed_columns(field).items()
    }
    s.counted |= any(guard.counts_days for guard in asked.values())
    read = {column: view.names(guard.reads - {ROW}, words) for column, guard in asked.items()}
    if len(rows) * sum(map(_weight, read.values())) > limits.TABLE_WORK:
        raise Stop([Reason(Code.LIMIT, {"what": "values read by a table", "limit": limits.TABLE_WORK})])
    scope = token.scope if token else ""
    days = s.context.calendar
    return s.keep(f"{scope}{step.id}.{name}", [_row(n, name, row, field, asked, read, days) for n, row in enumerate(rows, 1)])


def _row(  # noqa: PLR0917 - a row, and everything that its cells are computed from
    number: int, name: str, row: Mapping[str, Value], field: Document, asked: Mapping[str, Guard],
    read: Mapping[str, Mapping[str, Value]], days: Calendar,
) -> dict[str, Value]:  # fmt: skip
    """*row* with its computed cells; one whose sources are not there stays empty."""
    found = dict(row)
    for column, guard in asked.items():
        try:
            value = guard.value({**read[column], ROW: cells(found, field["columns"])}, days)
        except GuardError:
            continue
        found[column] = _read(name, field["columns"][column], value, (number, column))
    return found


def _weight(value: Value) -> int:
    """How much is read with *value*, in values; a long text counts for several."""
    if isinstance(value, dict):
        return 1 + sum(map(_weight, value.values()))
    if isinstance(value, list):
        return 1 + sum(map(_weight, value))
    return 1 + (len(value) // 100 if isinstance(value, str) else 0)
