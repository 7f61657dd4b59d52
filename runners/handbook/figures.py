"""The figures of an SOP, its settings, what it can wait for and what it hands back."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.kpis import target as aim
from engine.kpis import timed
from runners.handbook.blocks import Bit, Block, Bullets, Heading, Inline, Para, Table, around, bits, joined
from runners.handbook.conditions import computation, figure
from runners.handbook.fields import answer, form_table
from runners.handbook.sourcing import told
from runners.handbook.voice import Voice, field_value, spaced


def heading(voice: Voice, key: str, level: int = 2) -> Heading:
    """A heading by the words of *key*, which is its place on the page too."""
    return Heading(level, bits(voice.w(key)), key)


def figures(voice: Voice) -> Iterator[Block]:
    """The figures of the definition, its settings, its signals and what it hands back."""
    document = voice.document
    if kpis := document.get("kpis"):
        yield heading(voice, "kpis")
        yield kpi_table(voice, list(kpis))
    if settings := document.get("parameters"):
        yield heading(voice, "settings")
        yield Para(bits(voice.w("settings_lead")))
        heads = tuple(voice.w(key) for key in ("setting", "value", "answer", "source"))
        rows = tuple(
            (
                bits(voice.said(field["label"]) if field.get("label") else spaced(name)),
                bits(field_value(voice, field, field["default"]) if "default" in field else voice.w("required")),
                joined(
                    [
                        answer(voice, {key: value for key, value in field.items() if key != "default"}),
                        bits(voice.said(field.get("help"))),
                    ],
                    voice.w("say.semicolon"),
                ),
                told(voice, field),
            )
            for name, field in settings.items()
        )
        yield Table(voice.w("settings"), heads, rows)
    if signals := document.get("signals"):
        yield heading(voice, "signals")
        for name, signal in signals.items():
            title = voice.said(signal["title"]) if signal.get("title") else Bit(spaced(name))
            yield Heading(3, bits(title), f"signal-{name}")
            if signal.get("form"):
                yield form_table(voice, signal["form"], title.text)
    if results := document.get("results"):
        yield heading(voice, "results")
        yield Bullets(tuple(_result(voice, name, text) for name, text in results.items()))


def _result(voice: Voice, name: str, text: str) -> Inline:
    """What is handed back under *name*, which only other definitions know; it is said where there are no better words."""
    words = computation(voice, text)
    return around(voice.named(spaced(name), "\0"), (words,)) if words.style else bits(words)


def _judged(voice: Voice, kpi: Mapping[str, Any]) -> str:
    """Over which time a figure is judged, and at which step."""
    when = [voice.period(kpi["period"])] if "period" in kpi else []
    return voice.listed([*when, voice.w("say.at", what=voice.step_n(kpi["at"]))] if "at" in kpi else when, "say.semicolon")


def kpi_table(voice: Voice, names: Sequence[str], page: str = "") -> Table:
    """The table of these figures of the definition, whose sources are listed on *page*."""
    heads = tuple(voice.w(key) for key in ("kpi", "target", "period", "measured", "source"))
    rows = []
    for name in names:
        kpi = voice.document["kpis"][name]
        measured = bits(_measured(voice, kpi) if "value" in kpi else voice.w("outside"))
        rows.append(
            (
                bits(voice.said(kpi["title"]) if kpi.get("title") else spaced(name)),
                bits(target(voice, kpi["target"], kpi.get("unit"))),
                bits(_judged(voice, kpi)), measured, told(voice, kpi, page),
            )
        )  # fmt: skip
    return Table(voice.w("kpis"), heads, tuple(rows))


def _measured(voice: Voice, kpi: Mapping[str, Any]) -> Bit:
    """What a figure is computed from."""
    try:
        seconds = timed(voice.document, aim(kpi["target"]))
    except ValueError:
        seconds = False
    return figure(voice, kpi["value"], shared=kpi.get("period", "run") != "run", seconds=seconds)


def target(voice: Voice, text: str, unit: str | None) -> str:
    """What is aimed at: the sign of comparison, the value (of a setting), the unit."""
    sign, _, value = text.partition(" ") if " " in text else (text[:1], "", text[1:])
    signs = {">=": "≥", "<=": "≤", "==": "="}
    value = value.replace("parameters.", "$", 1) if value.startswith("parameters.") else value
    if value.startswith("$"):
        field = voice.document.get("parameters", {}).get(value[1:], {})
        value = field_value(voice, field, field["default"]) if "default" in field else voice.time(value)
        unit = None if field.get("unit") or field.get("type") in {"duration", "money"} else unit
    elif value.startswith("inputs."):
        value, unit = voice.field_of(*value.split(".", 1)), None
    else:
        value = voice.duration(value)
    return " ".join(part for part in (signs.get(sign, sign), value, voice.unit(unit or "")) if part)
