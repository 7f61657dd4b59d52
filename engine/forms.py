"""From what people type to what is kept: each field type with its one canonical form.

Reading is total: every value gives either its canonical form or a reason, and reading a canonical value gives it back. All
fields of a form are read, so that a person hears of every slip at once. What each type accepts is written for people in
``docs/reference/fields.md``.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final
from urllib.parse import urlsplit

from engine import limits
from engine.procedure import Document
from engine.refusals import Code, Reason
from engine.text import hostile
from engine.timers import length
from engine.values import Value

_TRUE: Final = frozenset({"true", "yes", "1", "y"})
_FALSE: Final = frozenset({"false", "no", "0", "n"})
_SHA: Final = re.compile(r"[0-9a-f]{64}")
_RUN: Final = re.compile(r"[A-Z][A-Z0-9]{1,7}-\d{1,9}(\.\d{1,6}){0,8}")
_PERSON: Final = re.compile(r"p_[a-z2-7]{12}")
DECIMALS: Final = {"number": 0, "percent": 1, "money": 2}
"""Digits after the point where a field does not say."""
STARS: Final = 5
"""A rating without its own maximum goes from 1 to 5."""


class _Bad(Exception):
    """The value is none of this field: ``expected`` says what would be."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


def decimals(field: Document) -> int:
    """Digits after the point that a numeric *field* keeps."""
    found: int = field.get("decimals", DECIMALS.get(field["type"], 0))
    return found


def _text(value: Value, field: Document) -> str:
    if not isinstance(value, str):
        raise _Bad("a text")
    several = field["type"] == "longtext"
    if bad := hostile(value, lines=several):
        raise _Bad(f"a text without the control character U+{ord(bad):04X}")
    if len(value) > limits.FIELD_CHARACTERS:
        raise _Bad(f"at most {limits.FIELD_CHARACTERS} characters")
    if len(value) < (field.get("min") or 0):
        raise _Bad(f"at least {field['min']} characters")
    if len(value) > (field.get("max") or limits.FIELD_CHARACTERS):
        raise _Bad(f"at most {field['max']} characters")
    if "pattern" in field and not _matches(field["pattern"], value):
        raise _Bad(f"a text that matches {field['pattern']}")
    return value


def _matches(pattern: str, value: str) -> bool:
    """Whether the whole *value* matches, by the linear-time engine: never ``re`` with a pattern from a definition."""
    from pydantic_core import SchemaValidator, core_schema

    validator = SchemaValidator(core_schema.str_schema(pattern=f"^(?:{pattern})$"))
    return validator.isinstance_python(value)


def _number(value: Value, field: Document) -> Value:
    digits = decimals(field)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _Bad("a number")
    try:
        number = Decimal(value.strip() if isinstance(value, str) else str(value))
    except InvalidOperation:
        raise _Bad("a number, written like 1250 or 12.5") from None
    if not number.is_finite() or abs(number) > limits.WHOLE_NUMBER:
        raise _Bad(f"a number of at most {limits.WHOLE_NUMBER}")
    rounded = round(number, digits) if digits else number.to_integral_value()
    if rounded != number:
        raise _Bad(f"a number with at most {digits} digits after the point" if digits else "a whole number")
    for name, wrong in (("min", number.__lt__), ("max", number.__gt__)):
        if field.get(name) is not None and wrong(Decimal(str(field[name]))):
            raise _Bad(f"at {'least' if name == 'min' else 'most'} {field[name]}")
    return f"{rounded:.{digits}f}" if digits else int(rounded)


def _rating(value: Value, field: Document) -> Value:
    return _number(value, {"type": "number", "min": field.get("min") or 1, "max": field.get("max") or STARS})


def _between(value: str, field: Document) -> str:
    if field.get("min") and value < str(field["min"]):
        raise _Bad(f"not before {field['min']}")
    if field.get("max") and value > str(field["max"]):
        raise _Bad(f"not after {field['max']}")
    return value


def _date(value: Value, field: Document) -> str:
    try:
        return _between(date.fromisoformat(str(value).strip()).isoformat(), field)
    except ValueError:
        raise _Bad("a date like 2026-11-22") from None


def _datetime(value: Value, field: Document) -> str:
    try:
        found = datetime.fromisoformat(str(value).strip())
        if found.tzinfo is None:
            raise _Bad("an instant with its offset, like 2026-11-22T14:00+01:00 or …Z")
        return _between(found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), field)
    except (ValueError, OverflowError):
        raise _Bad("an instant like 2026-11-22T14:00+01:00") from None


def _duration(value: Value, _field: Document) -> str:
    try:
        length(str(value).strip())
    except ValueError:
        raise _Bad("a length of time like PT24H, P3D or 4h") from None
    return str(value).strip()


def _bool(value: Value, _field: Document) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word not in _TRUE | _FALSE:
        raise _Bad("true or false")
    return word in _TRUE


def _choice(value: Value, field: Document) -> str:
    if value not in field["options"]:
        raise _Bad("one of " + ", ".join(field["options"]))
    return str(value)


def _several(value: Value) -> list[Value]:
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list):
        raise _Bad("a list, or values separated by commas")
    if len(value) > limits.TABLE_ROWS:
        raise _Bad(f"at most {limits.TABLE_ROWS} values")
    return value


def _chosen(value: Value, field: Document) -> list[str]:
    known = field.get("options") or field.get("items") or {}
    found = _several(value)
    if any(item not in known for item in found):
        raise _Bad("some of " + ", ".join(known))
    return [item for item in known if item in found]


def _multi_choice(value: Value, field: Document) -> list[str]:
    found = _chosen(value, field)
    _counted(found, field)
    return found


def _checklist(value: Value, field: Document) -> list[str]:
    every = list(field["items"])
    found = every if value in ("all", True, "true") else _chosen(value, field)
    if field.get("rule", "all") == "all" and len(found) < len(every):
        raise _Bad("every item ticked; missing: " + ", ".join(item for item in every if item not in found))
    if not found:
        raise _Bad("at least one item ticked")
    return found


def _url(value: Value, _field: Document) -> str:
    text = _text(value, {"type": "text"}).strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        raise _Bad("a web address") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in text:
        raise _Bad("a web address that begins with https:// or http://")
    return text


def _file(value: Value, _field: Document) -> Value:
    if not isinstance(value, dict) or set(value) != {"sha256", "name", "size"} or not _SHA.fullmatch(str(value["sha256"])):
        raise _Bad("a file (give it with --evidence NAME=PATH)")
    if not isinstance(value["size"], int) or isinstance(value["size"], bool) or not 0 <= value["size"] <= limits.EVIDENCE_BYTES:
        raise _Bad(f"a file of at most {limits.EVIDENCE_BYTES} bytes")
    name = _text(value["name"], {"type": "text", "min": 1, "max": limits.NAME_CHARACTERS})
    return {"sha256": value["sha256"], "name": name, "size": value["size"]}


def _user(value: Value, _field: Document) -> str:
    if not isinstance(value, str) or not _PERSON.fullmatch(value):
        raise _Bad("a person, by handle")
    return value


def _users(value: Value, field: Document) -> list[str]:
    found = list(dict.fromkeys(_user(item, field) for item in _several(value)))
    _counted(found, field)
    return found


def _run(value: Value, _field: Document) -> str:
    if not isinstance(value, str) or not _RUN.fullmatch(value.strip()):
        raise _Bad("the name of a run, like CAM-1")
    return value.strip()


def _counted(values: list[Value], field: Document) -> None:
    if len(values) < int(field.get("min") or 0):
        raise _Bad(f"at least {field['min']}")
    if field.get("max") is not None and len(values) > int(field["max"]):
        raise _Bad(f"at most {field['max']}")


def _table(value: Value, field: Document) -> list[Value]:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise _Bad("a list of rows, each with its columns by name (give tables with --form FILE)")
    if len(value) > limits.TABLE_ROWS:
        raise _Bad(f"at most {limits.TABLE_ROWS} rows")
    _counted(value, field)
    return [_row(row, number, field["columns"]) for number, row in enumerate(value, 1)]


def _row(row: Mapping[str, Value], number: int, columns: Mapping[str, Document]) -> dict[str, Value]:
    if unknown := [name for name in row if name not in columns]:
        raise _Bad(f"row {number}: no column {unknown[0]!r}; there are " + ", ".join(columns))
    found = {}
    for name, column in columns.items():
        value = row.get(name)
        if value is None or value in ("", []):
            if column.get("required"):
                raise _Bad(f"row {number}: {name} is missing")
            continue
        try:
            found[name] = _READERS[column["type"]](value, column)
        except _Bad as bad:
            raise _Bad(f"row {number}, {name}: {bad.expected}") from None
    return found


_READERS: Mapping[str, Callable[[Value, Document], Value]] = {
    "text": _text, "longtext": _text, "number": _number, "percent": _number, "money": _number, "rating": _rating,
    "date": _date, "datetime": _datetime, "duration": _duration, "bool": _bool, "choice": _choice,
    "multi_choice": _multi_choice, "url": _url, "file": _file, "user": _user, "users": _users, "run": _run,
    "table": _table, "checklist": _checklist,
}  # fmt: skip


def _read(value: Value, field: Document) -> Value:
    reader = _READERS[field["type"]]
    if not field.get("many"):
        return reader(value, field)
    if field["type"] == "file":
        value = value if isinstance(value, list) else [value]
    found = [reader(item, {k: v for k, v in field.items() if k not in {"min", "max"}}) for item in _several(value)]
    _counted(found, field)
    return found


def read(field: Document, value: Value) -> tuple[Value, str]:
    """The canonical form of *value* for *field*, and an empty text; or None and what was expected instead."""
    try:
        return _read(value, field), ""
    except _Bad as bad:
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
                reasons.append(Reason(Code.FIELD_INVALID, {"field": name, "expected": "nothing: it is computed"}))
            continue
        if value is None or value in ("", []):
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
    return values, reasons


def people(fields: Mapping[str, Document], values: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    """Field and pseudonym of every person that *values* name."""
    for name, value in values.items():
        if fields[name]["type"] == "user":
            yield name, value
        elif fields[name]["type"] == "users":
            yield from ((name, person) for person in value)
        elif fields[name]["type"] == "table":
            columns = [c for c, column in fields[name]["columns"].items() if column["type"] == "user"]
            yield from ((name, row[c]) for row in value for c in columns if c in row)
