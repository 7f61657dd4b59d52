"""Where things come from: the short names of sources lead to the list of these, and fixed words are translated."""

import re
from collections.abc import Mapping
from typing import Any, Final

from engine.text import clean
from runners.handbook.blocks import Bit, Inline, around, bits, joined
from runners.handbook.voice import Voice

_NAME: Final = r"[A-Z0-9][A-Z0-9-]*[A-Z0-9]"
_NAMED: Final = re.compile(rf"(?:^|; )({_NAME}(?:, {_NAME})*)\b[^:;]*:")
"""The short names at the beginning of a source: ``FTC, KFTC: …``."""
_WORD: Final = re.compile(rf"(?<![\w-]){_NAME}(?![\w-])")
_OWN: Final = re.compile(r"INF\b(?:: | \(| )?(.*)", re.DOTALL)
"""What nobody else said; our own definitions call it so."""
_OF_IT: Final = re.compile(r"(?:the )?(.+?) (?:is|are) INF|INF for the (.+)")
_WORDS: Final = frozenset(
    {"length", "lengths", "target", "figure", "hour", "hours", "day", "days", "threshold", "thresholds", "scale"}
)
_FIXED: Final = re.compile(r"\b(practitioners?|reconstructed)\b")


def anchors(document: Mapping[str, Any]) -> dict[str, str]:
    """The short names of the sources of *document*, and the places of these on its page."""
    found: dict[str, str] = {}
    for number, source in enumerate(document.get("sources", ()), start=1):
        for names in _NAMED.findall(source):
            for name in names.split(", "):
                found.setdefault(name, f"source-{number}")
    return found


def cited(voice: Voice, text: str, page: str = "") -> Inline:
    """The source *text*, its short names leading to the list of sources on *page*."""
    places = anchors(voice.document)
    return joined([_clause(voice, clause, places, page) for clause in clean(text).split("; ")], voice.w("say.semicolon"))


def told(voice: Voice, field: Mapping[str, Any], page: str = "") -> Inline:
    """The source of a figure or a setting, and how sure it is, once if both say the same."""
    source, sure = cited(voice, field["source"], page), voice.w(f"step.sure_{field['confidence']}")
    if sure in "".join(bit.text for bit in source):
        return source
    return around(voice.w("say.in_brackets", name="\0", text=sure), source)


def _clause(voice: Voice, text: str, places: Mapping[str, str], page: str) -> Inline:
    own = voice.w("step.sure_inference")
    if found := _OF_IT.fullmatch(text):
        return _linked(voice.named(_word(voice, found[1] or found[2]), own), places, page)
    if found := _OWN.fullmatch(text):
        rest = found[1]
        if text.startswith("INF (") and rest.endswith(")"):
            return _linked(voice.bracketed(own, _word(voice, rest[:-1])), places, page)
        return _linked(voice.named(own, _word(voice, rest)) if rest and rest != "our own inference" else own, places, page)
    return _linked(_FIXED.sub(lambda one: voice.w(f"source.{one[1].removesuffix('s')}"), text), places, page)


def _word(voice: Voice, text: str) -> str:
    return voice.w(f"source.{text.removesuffix('s')}") if text in _WORDS else text


def _linked(text: str, places: Mapping[str, str], page: str) -> Inline:
    parts: list[Bit | str] = []
    place = 0
    for found in _WORD.finditer(text):
        if found[0] in places:
            parts += [text[place : found.start()], Bit(found[0], href=f"{page}#{places[found[0]]}")]
            place = found.end()
    return bits(*parts, text[place:])
