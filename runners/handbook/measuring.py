"""How wide text is, in pixels, and how it is broken into lines.

No font is measured: who reads decides about the font. The widths are those of a wide one, so that in others text rather ends
early than leaves its box.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from math import ceil
from typing import Final

_NARROW: Final = frozenset("ijlI.,:;'|!()[]{}\u2019\u2018 \u00b7\u00a0")
_WIDE: Final = frozenset("mwMW@%—…←→↓↑■")
_BOLD: Final = 1.12
_STAYS: Final = frozenset("，。、；：？！）》」』】”’,.;:?!)%]…")  # noqa: RUF001 - they are meant
"""Signs that do not begin a line."""
_WORD: Final = 14
"""Characters of a word that is not cut."""
_OPENS: Final = frozenset("（「『《【‘“([")  # noqa: RUF001 - they are meant
"""Signs that do not end one."""


@lru_cache(maxsize=8192)
def _ems(character: str) -> float:
    if character in _NARROW:
        return 0.4
    if character in _WIDE:
        return 1.0
    if character.isascii():
        return 0.72 if character.isupper() else 0.61
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0.0
    return 1.0 if unicodedata.east_asian_width(character) in {"W", "F", "A"} else 0.75


def width(text: str, size: int, *, bold: bool = False) -> int:
    """Pixels that *text* takes on one line.

    Args:
        text: without line breaks.
        size: of the font, in pixels.
        bold: it is.
    """
    return ceil(sum(_ems(character) for character in text) * size * (_BOLD if bold else 1.0))


def wrapped(text: str, room: int, size: int, *, bold: bool = False) -> list[str]:
    """*text* in lines of at most *room* pixels; a word that is longer is broken."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if width((line + piece).rstrip(), size, bold=bold) <= room:
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = ""
        for character in piece.lstrip():
            if line and width(line + character, size, bold=bold) > room:
                lines.append(line)
                line = ""
            line += character
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str) -> Iterator[str]:
    """Where a line may end: after blanks, and between characters of scripts that are written without."""
    piece = ""
    for character in " ".join(text.split()):
        alone = unicodedata.east_asian_width(character) in {"W", "F"} and not "\uac00" <= character <= "\ud7a3"
        if (
            piece
            and piece[-1] not in _OPENS
            and (piece.endswith(" ") or (alone and character not in _STAYS) or (_alone_last(piece) and character not in _STAYS))
        ):
            if character == " ":
                piece += character
                continue
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def _alone_last(piece: str) -> bool:
    last = piece[-1]
    return unicodedata.east_asian_width(last) in {"W", "F"} and not "\uac00" <= last <= "\ud7a3"


def shortened(text: str, characters: int) -> str:
    """*text* on one line with at most so many *characters*; it ends between words where there is a blank not far before."""
    line = " ".join(text.split())
    if len(line) <= characters:
        return line
    cut = characters - 1
    blank = line.rfind(" ", cut - _WORD, cut + 1)
    return line[: blank if blank > 0 else cut].rstrip() + "…"
