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
    parts = [bits(_type(voice, field)), *(bits(text) for text in _bounds(voice, field))]
    if "value" in field:
        parts.append(around(voice.w("say.computed", how="\0"), (computation(voice, field["value"], labels=labels_of(field)),)))
    if field.get("default") is not None:
        parts.append(bits(voice.w("say.preset", value=field_value(voice, field, field["default"]))))
    parts += [bits(voice.w(f"say.{mark}")) for mark in ("pii", "keep") if field.get(mark)]
    return joined(parts, voice.w("say.semicolon"))


def _type(voice: Voice, field: Mapping[str, Any]) -> str:
    kind = field["type"]
    if kind in _LISTS:
        labels = field[_LISTS[kind]]
        listed = voice.listed([voice.plain(text) or spaced(name) for name, text in labels.items()], "say.semicolon")
        return voice.w(f"say.{kind}", **{_LISTS[kind]: listed})
    if kind == "table":
        columns = [
            voice.bracketed(
                voice.label(name, column), _type(voice, column), *_bounds(voice, column),
                voice.w("say.computed", how=computation(voice, column["value"], field["columns"], labels=labels_of(column)).text)
                if "value" in column else "",
                voice.w("required") if column.get("required") else "", voice.plain(column.get("help")),
            )
            for name, column in field["columns"].items()
        ]  # fmt: skip
        return voice.w("say.table", columns=voice.listed(columns, "say.semicolon"))
    return voice.w("say.run_type" if kind == "run" else f"say.{kind}")


def _bounds(voice: Voice, field: Mapping[str, Any]) -> list[str]:
    found = [voice.w("say.several")] if field.get("many") else []
    found += [clean(str(field[name])) for name in ("unit", "currency") if field.get(name)]
    found += [
        voice.w(key, n=clean(str(field[name])))
        for name, key in (("min", "say.at_least"), ("max", "say.no_more"))
        if field.get(name) is not None
    ]
    if field["type"] == "checklist":
        found.append(voice.w("say.one_ticked" if field.get("rule") == "any" else "say.all_ticked"))
    if field.get("sop"):
        found.append(voice.w("say.of_sop", sop=voice.quoted(voice.sop(field["sop"]))))
    return found
