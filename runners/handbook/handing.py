"""What a step gives along to the run that it starts, in the words of both definitions."""

import re
from collections.abc import Mapping
from typing import Any, Final

from engine.procedure import Step
from runners.handbook.blocks import Inline, bits, joined
from runners.handbook.calculations import labels_of
from runners.handbook.conditions import computation
from runners.handbook.voice import Voice, spaced

_LITERAL: Final = re.compile(r"\s*'([^'\\]*)'\s*")


def handed(voice: Voice, step: Step, child: Voice | None) -> Inline:
    """Every value that *step* gives along: what the other SOP calls it, and where it comes from.

    Args:
        voice: of the definition of *step*.
        step: any; only one that starts a run gives something along.
        child: of what is started; None where nothing is known of it.
    """
    voice = voice.at(step.id)
    given = step.doc.get("with", {})
    values = {("inputs", name): text for name, text in given.items() if isinstance(text, str)}
    values |= {("parameters", name): text for name, text in given.get("parameters", {}).items()}
    parts = []
    for (kind, name), text in values.items():
        field = (child.document if child else {}).get(kind, {}).get(name, {})
        label = voice.quoted((child or voice).label(name, field))
        found = _plainly(child or voice, field, text)
        parts.append(bits(f"{label} = ", found or computation(voice, text, labels=labels_of(field))))
    return joined(parts, voice.w("say.semicolon"))


def _plainly(voice: Voice, field: Mapping[str, Any], text: str) -> str:
    """What *text* is, where it is no more than one word; empty for everything else."""
    if literal := _LITERAL.fullmatch(text):
        return voice.quoted(voice.plain(field.get("options", {}).get(literal[1])) or spaced(literal[1]))
    words = {"run.name": "say.this_run", "true": "yes", "false": "no"}
    return voice.w(words[text.strip()]) if text.strip() in words else ""
