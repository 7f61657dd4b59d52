"""What a plain scalar of YAML means (core schema of YAML 1.2), and characters that may not hide in a file."""

import re
from collections.abc import Iterator
from math import isfinite
from typing import Final

from engine.checks.codes import Lint
from engine.limits import WHOLE_NUMBER
from engine.places import Place
from engine.problems import Problem
from engine.text import hostile, said

_WORDS: Final = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_INT: Final = re.compile(r"[-+]?[0-9]+")
_BASED: Final = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_BEGINNINGS: Final = frozenset("-+.0123456789~nNtTfF")
_DIGITS: Final = 16
"""Of 2^53 - 1, in decimal."""


def core(text: str) -> object:
    """The value of a plain scalar: null, truth value, number or text. ``on``, ``NO``, ``12:30`` and ``.inf`` are text.

    Raises:
        ValueError: a number that cannot be kept exactly.
    """
    if text and text[0] not in _BEGINNINGS:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text) or _BASED.fullmatch(text):
        return _whole(text)
    if _FLOAT.fullmatch(text):
        real = float(text)
        if not isfinite(real):
            raise ValueError(said("the number is too large"))
        return real
    return text


def _whole(text: str) -> int:
    digits = text.lstrip("+-").lstrip("0")
    # The length is asked first: turning long text into a number takes time that grows with its square.
    if len(digits) <= _DIGITS:
        number = int(text, 0) if digits[:1] in {"x", "o"} else int(digits or "0")
        if number <= WHOLE_NUMBER:
            return -number if text[0] == "-" else number
    raise ValueError(said("the number is too large to be kept exactly"))


def position(text: str, index: int) -> Place:
    """Line and column, both from 1, of the character *index* of *text*."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def hidden(text: str) -> Iterator[Problem]:
    """Characters that show something else than what is there, each kind once; comments are looked through too."""
    for character in sorted(set(text) - {"\n", "\t", "\r"}):
        if hostile(character):
            line, column = position(text, text.index(character))
            message = said("the file holds the character {character}", character=f"U+{ord(character):04X}")
            yield Problem(Lint.CONTROL, message, line=line, column=column)
    if alone := re.search(r"\r(?!\n)", text):
        line, column = position(text, alone.start())
        hint = said("end lines with a line feed")
        yield Problem(Lint.CONTROL, said("a carriage return stands alone"), line=line, column=column, hint=hint)
