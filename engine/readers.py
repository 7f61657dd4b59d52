"""Each field type with its one canonical form: from what people type to what is kept.

Reading is total: every value gives either its canonical form or what was expected instead, and reading a canonical value
gives it back. What each type accepts is written for people in ``docs/reference/fields.md``.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final
from urllib.parse import urlsplit

from engine import limits
from engine.procedure import Document
from engine.text import hostile, said
from engine.timers import canonical_length
from engine.values import Value

_TRUE: Final = frozenset({"true", "yes", "1", "y"})
_FALSE: Final = frozenset({"false", "no", "0", "n"})
_SHA: Final = re.compile(r"[0-9a-f]{64}")
_RUN: Final = re.compile(r"[A-Z][A-Z0-9]{1,7}-[0-9]{1,9}(\.[0-9]{1,6}){0,8}")
_PERSON: Final = re.compile(r"p_[a-z2-7]{12}")
DECIMALS: Final = {"number": 0, "percent": 1, "money": 2}
"""Digits after the point where a field does not say."""
STARS: Final = 5
"""A rating without its own maximum goes from 1 to 5."""
_DIGITS: Final = 64
"""Characters of a typed number; the largest that is kept has 24."""


class Bad(Exception):  # noqa: N818 - an answer, not a fault
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
        raise Bad(said("a text"))
    if len(value) > limits.FIELD_CHARACTERS:
        raise Bad(said("at most {limit} characters", limit=limits.FIELD_CHARACTERS))
    if bad := hostile(value, lines=field["type"] == "longtext"):
        raise Bad(said("a text without the control character {character}", character=f"U+{ord(bad):04X}"))
    if field.get("min") is not None and len(value) < int(field["min"]):
        raise Bad(said("at least {limit} characters", limit=field["min"]))
    if field.get("max") is not None and len(value) > int(field["max"]):
        raise Bad(said("at most {limit} characters", limit=field["max"]))
    if "pattern" in field and not _matches(field["pattern"], value):
        raise Bad(said("a text that matches {pattern}", pattern=field["pattern"]))
    return value


def _matches(pattern: str, value: str) -> bool:
    """Whether the whole *value* matches, by the linear-time engine: never ``re`` with a pattern from a definition."""
    from pydantic_core import SchemaValidator, core_schema  # a few ms; only forms with patterns pay them

    validator = SchemaValidator(core_schema.str_schema(pattern=f"^(?:{pattern})$"))
    return validator.isinstance_python(value)


def _number(value: Value, field: Document) -> Value:
    digits = decimals(field)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Bad(said("a number"))
    if isinstance(value, int) and abs(value) > limits.WHOLE_NUMBER:  # before it becomes text, which has a limit of its own
        raise Bad(said("a number of at most {limit}", limit=limits.WHOLE_NUMBER))
    text = str(value).strip()
    try:
        number = Decimal(text if len(text) <= _DIGITS else "")
    except InvalidOperation:
        raise Bad(said("a number, written like 1250 or 12.5")) from None
    if not number.is_finite() or abs(number) > limits.WHOLE_NUMBER:
        raise Bad(said("a number of at most {limit}", limit=limits.WHOLE_NUMBER))
    rounded = round(number, digits) if digits else number.to_integral_value()
    if rounded != number:
        raise Bad(
            said("a number with at most {digits} digits after the point", digits=digits) if digits else said("a whole number")
        )
    if field.get("min") is not None and number < Decimal(str(field["min"])):
        raise Bad(said("at least {number}", number=field["min"]))
    if field.get("max") is not None and number > Decimal(str(field["max"])):
        raise Bad(said("at most {number}", number=field["max"]))
    return f"{rounded + 0:.{digits}f}" if digits else int(rounded)  # + 0 makes -0.00 the one zero


def with_digits(value: float, field: Document) -> str:
    """A computed number as text with the digits that *field* keeps: what comes out of a division is never exact."""
    return f"{Decimal(repr(value)):.{decimals(field)}f}"


def of_seconds(value: int) -> Value:
    """A computed number of seconds as a length of time; less than none is no length."""
    return f"PT{value}S" if value >= 0 else str(value)


def _rating(value: Value, field: Document) -> Value:
    return _number(value, {"type": "number", "min": field.get("min", 1), "max": field.get("max", STARS)})


def _between(value: str, field: Document) -> str:
    if field.get("min") is not None and value < field["min"]:
        raise Bad(said("not before {min}", min=field["min"]))
    if field.get("max") is not None and value > field["max"]:
        raise Bad(said("not after {max}", max=field["max"]))
    return value


def _date(value: Value, field: Document) -> str:
    try:
        return _between(date.fromisoformat(str(value).strip()).isoformat(), field)
    except ValueError:
        raise Bad(said("a date like 2026-11-22")) from None


def _datetime(value: Value, field: Document) -> str:
    try:
        found = datetime.fromisoformat(str(value).strip())
        if found.tzinfo is None:
            raise Bad(said("an instant with its offset, like 2026-11-22T14:00+01:00 or …Z"))
        return _between(found.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z", field)
    except (ValueError, OverflowError):
        raise Bad(said("an instant like 2026-11-22T14:00+01:00")) from None


def _duration(value: Value, _field: Document) -> str:
    try:
        return canonical_length(str(value).strip())
    except ValueError:
        raise Bad(said("a length of time like PT24H, P3D or 4h")) from None


def _bool(value: Value, _field: Document) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word not in _TRUE | _FALSE:
        raise Bad(said("true or false"))
    return word in _TRUE


def _choice(value: Value, field: Document) -> str:
    if not isinstance(value, str) or value not in field["options"]:
        raise Bad(said("one of {options}", options=", ".join(field["options"])))
    return value


def _several(value: Value) -> list[Value]:
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list):
        raise Bad(said("a list, or values separated by commas"))
    if len(value) > limits.TABLE_ROWS:
        raise Bad(said("at most {limit} values", limit=limits.TABLE_ROWS))
    return value


def _chosen(value: Value, field: Document) -> list[str]:
    known = field.get("options") or field.get("items") or {}
    found = _several(value)
    if any(not isinstance(item, str) or item not in known for item in found):
        raise Bad(said("some of {options}", options=", ".join(known)))
    return [item for item in known if item in found]


def _multi_choice(value: Value, field: Document) -> list[str]:
    found = _chosen(value, field)
    _counted(len(found), field)
    return found


def _checklist(value: Value, field: Document) -> list[str]:
    every = list(field["items"])
    found = every if value is True or value in ("all", "true") else _chosen(value, field)
    if field.get("rule", "all") == "all" and len(found) < len(every):
        raise Bad(said("every item ticked; missing: {items}", items=", ".join(item for item in every if item not in found)))
    if not found:
        raise Bad(said("at least one item ticked"))
    return found


def _url(value: Value, _field: Document) -> str:
    text = _text(value, {"type": "text"}).strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        raise Bad(said("a web address")) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in text:
        raise Bad(said("a web address that begins with https:// or http://"))
    return text


def _file(value: Value, _field: Document) -> Value:
    if not isinstance(value, dict) or set(value) != {"sha256", "name", "size"}:
        raise Bad(said("a file (give it with --evidence NAME=PATH)"))
    if not isinstance(value["sha256"], str) or not _SHA.fullmatch(value["sha256"]):
        raise Bad(said("a file with the SHA-256 of its content"))
    if not isinstance(value["size"], int) or isinstance(value["size"], bool) or not 0 <= value["size"] <= limits.EVIDENCE_BYTES:
        raise Bad(said("a file of at most {limit} bytes", limit=limits.EVIDENCE_BYTES))
    name = _text(value["name"], {"type": "text", "min": 1, "max": limits.NAME_CHARACTERS})
    return {"sha256": value["sha256"], "name": name, "size": value["size"]}


def _user(value: Value, _field: Document) -> str:
    if not isinstance(value, str) or not _PERSON.fullmatch(value):
        raise Bad(said("a person, by handle"))
    return value


def _users(value: Value, field: Document) -> list[str]:
    found = list(dict.fromkeys(_user(item, field) for item in _several(value)))
    _counted(len(found), field)
    return found


def _run(value: Value, _field: Document) -> str:
    if not isinstance(value, str) or not _RUN.fullmatch(value.strip()):
        raise Bad(said("the name of a run, like CAM-1"))
    return value.strip()


def _counted(count: int, field: Document) -> None:
    if field.get("min") is not None and count < Decimal(str(field["min"])):
        raise Bad(said("at least {limit}", limit=field["min"]))
    if field.get("max") is not None and count > Decimal(str(field["max"])):
        raise Bad(said("at most {limit}", limit=field["max"]))


def _table(value: Value, field: Document) -> list[Value]:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise Bad(said("a list of rows, each with its columns by name (give tables with --form FILE)"))
    if len(value) > limits.TABLE_ROWS:
        raise Bad(said("at most {limit} rows", limit=limits.TABLE_ROWS))
    _counted(len(value), field)
    return [_row(row, number, field["columns"]) for number, row in enumerate(value, 1)]


def _row(row: Mapping[str, Value], number: int, columns: Mapping[str, Document]) -> dict[str, Value]:
    if unknown := [name for name in row if name not in columns]:
        raise Bad(
            said(
                "row {number}: no column {name!r}; there are {columns}", number=number, name=unknown[0], columns=", ".join(columns)
            )
        )
    found = {}
    for name, column in columns.items():
        value = row.get(name)
        if "value" in column:
            if value is not None:
                raise Bad(said("row {number}, {name}: nothing: it is computed", number=number, name=name))
            continue
        if nothing(value):
            if column.get("required"):
                raise Bad(said("row {number}: {name} is missing", number=number, name=name))
            continue
        try:
            found[name] = _READERS[column["type"]](value, column)
        except Bad as bad:
            raise Bad(said("row {number}, {name}: {expected}", number=number, name=name, expected=bad.expected)) from None
    return found


_READERS: Mapping[str, Callable[[Value, Document], Value]] = {
    "text": _text, "longtext": _text, "number": _number, "percent": _number, "money": _number, "rating": _rating,
    "date": _date, "datetime": _datetime, "duration": _duration, "bool": _bool, "choice": _choice,
    "multi_choice": _multi_choice, "url": _url, "file": _file, "user": _user, "users": _users, "run": _run,
    "table": _table, "checklist": _checklist,
}  # fmt: skip


def reading(value: Value, field: Document) -> Value:
    """The canonical form of *value* for *field*. Raises :class:`Bad` with what was expected instead."""
    reader = _READERS[field["type"]]
    if not field.get("many"):
        return reader(value, field)
    if field["type"] == "file":
        value = value if isinstance(value, list) else [value]
        if len(value) > limits.EVIDENCE_FILES:
            raise Bad(said("at most {limit} files", limit=limits.EVIDENCE_FILES))
    found = [reader(item, {k: v for k, v in field.items() if k not in {"min", "max"}}) for item in _several(value)]
    _counted(len(found), field)
    return found


def nothing(value: Value) -> bool:
    """Whether nothing was given: a required text of blanks would be no text."""
    return value is None or value == [] or (isinstance(value, str) and not value.strip())
