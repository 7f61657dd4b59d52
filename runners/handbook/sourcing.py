"""Where things come from: the short names of sources lead to the list of these, and fixed words are translated."""

import re
from collections.abc import Mapping
from typing import Any, Final

from engine.text import clean
from runners.handbook.blocks import Bit, Inline, around, bits, joined
from runners.handbook.speech import Speech
from runners.handbook.voice import Voice

_NAME: Final = r"[A-Z0-9][A-Z0-9-]*[A-Z0-9]"
_NAMED: Final = re.compile(rf"(?:^|; )({_NAME}(?:, {_NAME})*)\b[^:;]*:")
"""The short names at the beginning of a source: ``FTC, KFTC: …``."""
_WORD: Final = re.compile(rf"(?<![\w-]){_NAME}(?![\w-])")
_OWN: Final = re.compile(r"INF\b(?:: | \(| )?(.*)", re.DOTALL)
"""What nobody else said; our own definitions call it so."""
_OF_IT: Final = re.compile(r"(?:the )?(.+?) (?:is|are) INF|INF for the (.+)")
OURS: Final = "INF: our own inference"
"""How our own definitions list what nobody else said."""
_WORDS: Final = frozenset(
    {"length", "lengths", "target", "figure", "hour", "hours", "day", "days", "threshold", "thresholds", "scale"}
)
_FIXED: Final = re.compile(r"\b(practitioners?|reconstructed)\b")


def places(document: Mapping[str, Any], page: str = "") -> dict[str, str]:
    """The short names of the sources of *document*, and links to these on its *page*."""
    found: dict[str, str] = {}
    for number, source in enumerate(document.get("sources", ()), start=1):
        if source.startswith(OURS):
            continue
        for names in _NAMED.findall(source):
            for name in names.split(", "):
                found.setdefault(name, f"{page}#source-{number}")
    return found


def cited(voice: Voice, text: str, page: str = "") -> Inline:
    """The source *text*, its short names leading to the list of sources on *page*."""
    return linked(voice, text, places(voice.document, page))


def linked(speech: Speech, text: str, links: Mapping[str, str]) -> Inline:
    """The source *text* with *links* from short names."""
    return joined([_clause(speech, clause, links) for clause in clean(text).split("; ")], speech.w("say.semicolon"))


def told(voice: Voice, field: Mapping[str, Any], page: str = "") -> Inline:
    """The source of a figure or a setting, and how sure it is, once if both say the same."""
    source, sure = cited(voice, field["source"], page), voice.w(f"step.sure_{field['confidence']}")
    if sure in "".join(bit.text for bit in source):
        return source
    return around(voice.w("say.in_brackets", name="\0", text=sure), source)


def _clause(speech: Speech, text: str, links: Mapping[str, str]) -> Inline:
    if "INF" in links:  # it is the short name of somebody's source
        return _marked(text, links)
    own = speech.w("step.sure_inference")
    if found := _OF_IT.fullmatch(text):
        return _marked(speech.named(_word(speech, found[1] or found[2]), own), links)
    if found := _OWN.fullmatch(text):
        rest = found[1]
        if text.startswith("INF (") and rest.endswith(")"):
            return _marked(speech.bracketed(own, _word(speech, rest[:-1])), links)
        return _marked(speech.named(own, _word(speech, rest)) if rest and rest != "our own inference" else own, links)
    return _marked(_FIXED.sub(lambda one: speech.w(f"source.{one[1].removesuffix('s')}"), text), links)


def _word(speech: Speech, text: str) -> str:
    return speech.w(f"source.{text.removesuffix('s')}") if text in _WORDS else text


def _marked(text: str, links: Mapping[str, str]) -> Inline:
    parts: list[Bit | str] = []
    place = 0
    for found in _WORD.finditer(text):
        if found[0] in links:
            parts += [text[place : found.start()], Bit(found[0], href=links[found[0]])]
            place = found.end()
    return bits(*parts, text[place:])
