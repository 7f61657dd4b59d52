"""Lengths of time, lists and marks of quotation in the language of a page."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from engine.text import clean, fallbacks
from runners.handbook.words import TAGS, UNITS, word

_ISO: Final = re.compile(r"-?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_ISO_UNITS: Final = ("year", "month", "week", "day", "hour", "minute", "second")
_PLAIN: Final = re.compile(r"-?(\d+) ?([a-z ]+)")
_UNITS: Final = {
    "min": "minute", "minute": "minute", "h": "hour", "hour": "hour", "d": "day", "day": "day", "w": "week", "week": "week",
    "bd": "business_day", "business day": "business_day",
}  # fmt: skip
_PERIODS: Final = frozenset({"day", "week", "month", "quarter", "year", "run"})


def words_tag(languages: Sequence[str]) -> str:
    """The first of the handbook's own languages that a reader of *languages* takes; English if there is none."""
    known = {tag.lower(): tag for tag in TAGS}
    return next((known[tag.lower()] for tag in fallbacks(languages) if tag.lower() in known), TAGS[0])


def has_words(languages: Sequence[str]) -> bool:
    """Whether the handbook speaks one of the languages that a reader of *languages* takes."""
    known = {tag.lower() for tag in TAGS}
    return any(tag.lower() in known for tag in fallbacks(languages))


class Speech:
    """The fixed words in one language.

    Attributes:
        tag: the language, one of :data:`runners.handbook.words.TAGS`.
    """

    def __init__(self, tag: str) -> None:
        self.tag = tag

    def w(self, key: str, /, **places: object) -> str:
        """The words of *key*."""
        return word(self.tag, key, **places)

    def quoted(self, text: str) -> str:
        """*text* in the quotation marks of the language."""
        return self.w("say.quoted", text=text)

    def listed(self, texts: Iterable[str], between: str = "say.comma") -> str:
        """*texts* one after the other; what is empty is left out."""
        return self.w(between).join(text for text in texts if text)

    def named(self, name: str, text: str) -> str:
        """*name*, a colon, *text*."""
        return self.w("say.colon", name=name, text=text)

    def bracketed(self, name: str, *texts: str) -> str:
        """*name* with *texts* in brackets; without brackets if there are none."""
        inside = self.listed(texts)
        return self.w("say.in_brackets", name=name, text=inside) if inside else name

    def unit(self, text: str) -> str:
        """A unit of figures; what is none of the usual ones stays as it is."""
        return self.w(f"unit.{text}") if text in UNITS else clean(text)

    def amount(self, number: int, unit: str) -> str:
        """A number of units of time, like 2 and ``day``."""
        return self.w(f"say.{unit}") if number == 1 else self.w(f"say.{unit}s", n=number)

    def duration(self, text: str) -> str:
        """A length of time as a definition writes it, without its sign; what is none stays as it is."""
        if (found := _ISO.fullmatch(text)) and any(found.groups()):
            parts = zip(found.groups(), _ISO_UNITS, strict=True)
            return " ".join(self.amount(int(number), unit) for number, unit in parts if number)
        if found := _PLAIN.fullmatch(text):
            unit = found[2].strip()
            if known := _UNITS.get(unit) or _UNITS.get(unit.removesuffix("s")):
                return self.amount(int(found[1]), known)
        return clean(text)

    def period(self, text: str) -> str:
        """Over which time a figure is taken."""
        return self.w(f"say.per_{text}") if text in _PERIODS else self.duration(text)
