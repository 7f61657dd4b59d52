"""Texts in several languages, and text made safe to show.

A text of a definition is a map of BCP 47 tags; the empty tag stands for the definition's own language.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

_BIDI: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
_BREAKS: Final = frozenset("\u2028\u2029\u0085")
_TAGS: Final = range(0xE0000, 0xE0080)


def _hostile(character: str) -> bool:
    return (
        unicodedata.category(character) in {"Cc", "Cs", "Cn", "Co"}
        or character in _BIDI
        or character in _BREAKS
        or ord(character) in _TAGS
    )


def clean(text: str, *, lines: bool = False) -> str:
    r"""*text* with everything that could steer a terminal or turn the reading order written out as an escape.

    Escape sequences (CSI, OSC 8, OSC 52), C1 controls, bidirectional overrides, line separators, tag characters and
    unassigned characters become visible ``\x1b``-style text. Joiners stay: Persian, Indic scripts and emoji need them.

    Args:
        text: any text that a person wrote.
        lines: keep newlines and tabs, where several lines are meant.
    """
    if text.isprintable():  # nothing that is hostile is: a test compares the two for every character there is
        return text
    return "".join(
        character
        if (lines and character in "\n\t") or not _hostile(character)
        else character.encode("unicode_escape", "surrogatepass").decode("ascii")
        for character in text
    )


def hostile(text: str, *, lines: bool = False) -> str:
    """The first character of *text* that ``clean`` would write out, or the empty string."""
    if text.isprintable():
        return ""
    return next((c for c in text if not c.isprintable() and _hostile(c) and not (lines and c in "\n\t\r")), "")


def fallbacks(tags: Iterable[str]) -> Iterator[str]:
    """The tags to try, after RFC 4647 3.4 (look-up): each tag, then with its last subtag cut off, and so on."""
    for tag in tags:
        parts = tag.replace("_", "-").split("-")
        while parts:
            yield "-".join(parts)
            parts.pop()
            if parts and len(parts[-1]) == 1:  # a singleton introduces an extension and means nothing alone
                parts.pop()


def pick(texts: Mapping[str, str] | None, languages: Sequence[str], own: str = "en") -> str:
    """The best of *texts* for a reader of *languages*.

    Args:
        texts: language tag to text; the empty tag is the definition's *own* language.
        languages: what the reader wants, best first.
        own: the definition's language; taken when nothing better is there.
    """
    if not texts:
        return ""
    if len(texts) == 1:
        return next(iter(texts.values()))
    by_tag = {(tag or own).lower(): text for tag, text in texts.items()}
    for tag in fallbacks((*languages, own)):
        if tag.lower() in by_tag:
            return by_tag[tag.lower()]
    return next(iter(texts.values()))


class Said(str):
    """An English sentence that remembers what it was made of, so that a door can say it in another language.

    Attributes:
        template: the sentence with ``{name}`` for each of its parts.
        parts: what stands in these places.
    """

    __slots__ = ("parts", "template")

    template: str
    parts: Mapping[str, Any]


def either(words: Sequence[str]) -> str:
    """*words* with "or" between them; each may itself be a sentence that is remembered."""
    return words[0] if len(words) == 1 else said("{one} or {other}", one=either(words[:-1]), other=words[-1])


def both(words: Sequence[str]) -> str:
    """*words* with "and" between them, as :func:`either`."""
    return words[0] if len(words) == 1 else said("{one} and {other}", one=both(words[:-1]), other=words[-1])


def said(template: str, /, **parts: Any) -> Said:  # noqa: ANN401 - whatever stands in a sentence
    """The sentence that *template*, a literal, makes with *parts*."""
    sentence = Said(template.format(**parts) if parts else template)
    sentence.template, sentence.parts = template, parts
    return sentence
