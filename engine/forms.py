"""Whole forms: every field read, so that a person hears of every slip at once."""

from collections.abc import Iterator, Mapping
from typing import Final

from engine import limits
from engine.canonical import canonical
from engine.people import Directory
from engine.procedure import Document
from engine.readers import Bad, nothing, reading
from engine.refusals import Code, Reason
from engine.text import said
from engine.values import Value

_PEOPLE: Final = frozenset({"user", "users"})
_RUNS: Final = frozenset({"run"})


def read(field: Document, value: Value) -> tuple[Value, str]:
    """The canonical form of *value* for *field*, and an empty text; or None and what was expected instead."""
    try:
        return reading(value, field), ""
    except Bad as bad:
        return None, bad.expected


def read_all(fields: Mapping[str, Document], given: Mapping[str, Value]) -> tuple[dict[str, Value], list[Reason]]:
    """The canonical values of a whole form, and every reason why it is not complete.

    A default stands in where nothing is given; computed fields are left out and may not be given.
    """
    values: dict[str, Value] = {}
    reasons = [Reason(Code.FIELD_UNKNOWN, {"field": name, "known": tuple(fields)}) for name in given if name not in fields]
    for name, field in fields.items():
        value = given.get(name)
        if "value" in field:
            if value is not None:
                reasons.append(Reason(Code.FIELD_INVALID, {"field": name, "expected": said("nothing: it is computed")}))
            continue
        if nothing(value):
            value = field.get("default")
        if value is None:
            if field.get("required"):
                reasons.append(Reason(Code.FIELD_REQUIRED, {"field": name, "type": str(field["type"])}))
            continue
        found, expected = read(field, value)
        if expected:
            reasons.append(Reason(Code.FIELD_INVALID, {"field": name, "expected": expected}))
        else:
            values[name] = found
    if len(canonical(values)) > limits.FORM_BYTES:
        reasons.append(Reason(Code.TOO_MUCH, {"what": "form", "limit": limits.FORM_BYTES}))
    return values, reasons


def typed(fields: Mapping[str, Document], values: Mapping[str, Value]) -> dict[str, Value]:
    """What of *values* people typed: without computed fields and without computed columns."""
    found = {name: value for name, value in values.items() if "value" not in fields[name]}
    for name, value in found.items():
        if (computed := computed_columns(fields[name])) and isinstance(value, list):
            found[name] = [{column: cell for column, cell in row.items() if column not in computed} for row in value]
    return found


def computed_columns(field: Document) -> dict[str, Document]:
    """The computed columns of a table, in order; nothing for other fields."""
    return {name: column for name, column in field.get("columns", {}).items() if "value" in column}


def strangers(fields: Mapping[str, Document], values: Mapping[str, Value], directory: Directory, reader: str) -> list[Reason]:
    """Every person that *values* name who is no active person, and every run that is none of those it may be.

    Args:
        fields: the form.
        values: what was filled in, as ``read_all`` gives it.
        directory: answers about people, and which runs there are.
        reader: who fills it in; a run that they may not read is for them one that is not there. Empty where nobody does.
    """
    reasons = [
        Reason(Code.NO_PERSON, {"person": person, "field": name})
        for name, _, person in _named(fields, values, _PEOPLE)
        if directory.teams(person) is None
    ]
    for name, field, run in _named(fields, values, _RUNS):
        sop = field.get("sop", "")
        if not directory.refers(run, sop, reader):
            expected = (
                said("a run of {sop} that exists and that you may read", sop=sop)
                if sop
                else said("a run that exists and that you may read")
            )
            reasons.append(Reason(Code.FIELD_INVALID, {"field": name, "expected": expected, "referred": run, "of": sop}))
    return reasons


def _named(
    fields: Mapping[str, Document], values: Mapping[str, Value], types: frozenset[str]
) -> Iterator[tuple[str, Document, str]]:
    """Name of the field, field or column, and value of everything that *values* name in a field of one of the *types*."""
    for name, value in values.items():
        field = fields[name]
        if field["type"] in types:
            yield from ((name, field, one) for one in (value if isinstance(value, list) else [value]))
        elif field["type"] == "table":
            columns = {c: column for c, column in field["columns"].items() if column["type"] in types}
            yield from ((name, column, row[c]) for row in value for c, column in columns.items() if c in row)
