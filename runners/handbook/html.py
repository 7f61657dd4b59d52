"""HTML and SVG out of plain values: every text and every attribute is escaped here, and nowhere is it possible not to.

The builder knows no raw markup. What could steer a reader's screen (controls, turned reading order) becomes visible
text, and a link leads only to where we make links: a page of the handbook or a place on the page.
"""

import re
from functools import lru_cache
from typing import Final

from engine.text import clean

_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
_LINK: Final = re.compile(r"((\.\./)*[A-Za-z0-9_][A-Za-z0-9_./-]*)?(#[A-Za-z0-9_.:-]+)?")
_VOID: Final = frozenset({"br", "link", "meta"})


class Markup(str):
    """Text that this module made; everything else is escaped."""

    __slots__ = ()


@lru_cache(maxsize=8192)  # the same labels and numbers come again and again
def escaped(text: str) -> Markup:
    """*text* as it may stand between tags and in quotes."""
    return Markup(clean(text, lines=True).translate(_ESCAPES))


def tag(name: str, /, *content: str, **attributes: object) -> Markup:
    """An element.

    Args:
        name: of the element; ours.
        content: markup that :func:`tag` made, or text, which is escaped.
        attributes: a trailing underscore is left out, an inner one becomes a hyphen; None leaves the attribute out, and True
            gives it without a value.

    Raises:
        ValueError: a link that leads elsewhere.
    """
    made = []
    for key, value in attributes.items():
        label = key.rstrip("_").replace("_", "-")
        if label == "href" and not _LINK.fullmatch(str(value)):
            raise ValueError(f"no link of ours: {value!r}")
        if value is True:
            made.append(f" {label}")
        elif value is not None:
            made.append(f' {label}="{escaped(str(value))}"')
    inside = "".join(part if isinstance(part, Markup) else escaped(part) for part in content)
    return Markup(f"<{name}{''.join(made)}>" if name in _VOID else f"<{name}{''.join(made)}>{inside}</{name}>")


def style(css: str) -> Markup:
    """A style sheet; ours, and without anything that would end it."""
    if "<" in css:
        raise ValueError("a style sheet has no tags")
    return Markup(f"<style>{css}</style>")


def joined(parts: "list[Markup]", between: str = "\n") -> Markup:
    """*parts* one after the other."""
    return Markup(between.join(parts))
