"""What a form asks for, in words."""

from collections.abc import Mapping
from typing import Any, Final

from engine.text import clean
from runners.handbook.blocks import Bit, Inline, Table, around, bits, joined
from runners.handbook.calculations import labels_of
from runners.handbook.conditions import computation
from runners.handbook.voice import Voice, field_value, spaced

_LISTS: Final = {"choice": "options", "multi_choice": "options", "checklist": "items"}


def form_table(voice: Voice, fields: Mapping[str, Mapping[str, Any]], caption: str) -> Table:
    """The table of *fields*: what each is called, what is answered, whether it must be, and help."""
    heads = tuple(voice.w(key) for key in ("field", "answer", "required", "help"))
    rows = tuple(
        (
            bits(_label(voice, name, field)),
            answer(voice, field),
            bits(voice.w("yes") if field.get("required") else ""),
            bits(voice.said(field.get("help"))),
        )
        for name, field in fields.items()
    )
    return Table(caption, heads, rows)


def _label(voice: Voice, name: str, field: Mapping[str, Any]) -> Bit:
    return voice.said(field["label"]) if field.get("label") else Bit(spaced(name))


def answer(voice: Voice, field: Mapping[str, Any]) -> Inline:
    """What is answered to *field*: its type with its bounds, choices and marks."""
    parts = [bits(_type(voice, field, "say.semicolon")), *(bits(text) for text in _bounds(voice, field))]
    if "value" in field:
        parts.append(around(voice.w("say.computed", how="\0"), (computation(voice, field["value"], labels=labels_of(field)),)))
    if field.get("default") is not None:
        parts.append(bits(voice.w("say.preset", value=field_value(voice, field, field["default"]))))
    parts += [bits(voice.w(f"say.{mark}")) for mark in ("pii", "keep") if field.get(mark)]
    said = joined(parts, voice.w("say.semicolon"))
    if field["type"] != "table":
        return said
    columns = [_column(voice, name, column, field["columns"]) for name, column in field["columns"].items()]
    return (*said, *bits(voice.w("say.with_columns")), *(bit for column in columns for bit in (Bit("\n– "), *column)))  # noqa: RUF001 - a list


def _column(voice: Voice, name: str, column: Mapping[str, Any], columns: Mapping[str, Any]) -> Inline:
    """A column of a table, with what is answered in it in brackets."""
    parts = [bits(_type(voice, column, "say.comma")), *(bits(text) for text in _bounds(voice, column))]
    if "value" in column:
        how = computation(voice, column["value"], columns, labels=labels_of(column))
        parts.append(around(voice.w("say.computed", how="\0"), (how,)))
    parts += [bits(voice.w("say.required") if column.get("required") else ""), bits(voice.plain(column.get("help")))]
    words = voice.w("say.in_brackets", name=voice.label(name, column), text="\0")
    return around(words, joined(parts, voice.w("say.semicolon")))


def _type(voice: Voice, field: Mapping[str, Any], between: str) -> str:
    kind = field["type"]
    if kind in _LISTS:
        labels = field[_LISTS[kind]]
        listed = voice.listed([voice.plain(text) or spaced(name) for name, text in labels.items()], between)
        return voice.w(f"say.{kind}", **{_LISTS[kind]: listed})
    return voice.w("say.run_type" if kind == "run" else f"say.{kind}")


def _bounds(voice: Voice, field: Mapping[str, Any]) -> list[str]:
    found = [voice.w("say.several")] if field.get("many") else []
    found += [voice.w("say.in_unit", unit=voice.unit(str(field[name]))) for name in ("unit", "currency") if field.get(name)]
    rows = field["type"] == "table"
    found += [
        voice.w(key, n=clean(str(field[name])))
        for name, key in (
            ("min", "say.rows_least" if rows else "say.at_least"),
            ("max", "say.rows_most" if rows else "say.no_more"),
        )
        if field.get(name) is not None
    ]
    if field["type"] == "checklist":
        found.append(voice.w("say.one_ticked" if field.get("rule") == "any" else "say.all_ticked"))
    if field.get("sop"):
        found.append(voice.w("say.of_sop", sop=voice.quoted(voice.sop(field["sop"]))))
    return found
