"""What a page is made of, before it becomes HTML or Markdown: headings, texts, tables, a picture. Nothing here is escaped."""

from collections.abc import Sequence
from typing import NamedTuple

from runners.handbook.layout import Picture


class Bit(NamedTuple):
    """A piece of text.

    Attributes:
        text: as people wrote it.
        lang: its language if that is not the page's.
        href: a link that we made: to a page of the handbook, or to a place of the same one.
        style: ``code`` or nothing.
    """

    text: str
    lang: str = ""
    href: str = ""
    style: str = ""


Inline = tuple[Bit, ...]
"""Pieces of text one after the other."""


class Heading(NamedTuple):
    """A heading; ``anchor`` is ours and unique on the page."""

    level: int
    content: Inline
    anchor: str


class Para(NamedTuple):
    """A paragraph; line breaks in it stay."""

    content: Inline


class Bullets(NamedTuple):
    """A list; ``anchors`` are places on the page, one for each item, if there are any."""

    items: tuple[Inline, ...]
    anchors: tuple[str, ...] = ()


class Facts(NamedTuple):
    """Names and what is so named."""

    rows: tuple[tuple[str, Inline], ...]


class Table(NamedTuple):
    """A table; the first cell of a row is its heading."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Inline, ...], ...]


def filled(table: Table) -> Table:
    """*table* without the columns in which nothing stands."""
    kept = [place for place in range(len(table.heads)) if not place or any(row[place] for row in table.rows)]
    if len(kept) == len(table.heads):
        return table
    rows = tuple(tuple(row[place] for place in kept) for row in table.rows)
    return Table(table.caption, tuple(table.heads[place] for place in kept), rows)


class Drawing(NamedTuple):
    """A picture, with what it shows in words."""

    picture: Picture
    title: str
    description: str


Block = Heading | Para | Bullets | Facts | Table | Drawing


class Page(NamedTuple):
    """A page.

    Attributes:
        path: in the handbook, without the ending of the file: ``sop/crisis``.
        title: of the page, without that of the handbook.
        lang: language of its fixed words.
        blocks: what stands on it, below the title.
    """

    path: str
    title: Bit
    lang: str
    blocks: tuple[Block, ...]


def bits(*parts: "Bit | str | None") -> Inline:
    """Pieces, of which some may be plain text, empty or missing."""
    made = (Bit(part) if isinstance(part, str) else part for part in parts)
    return tuple(bit for bit in made if bit and bit.text)


def around(words: str, inner: Inline) -> Inline:
    """*words* with *inner* in the place of the null character that stands in them."""
    before, _, after = words.partition("\0")
    return bits(before, *inner, after)


def joined(parts: Sequence[Inline], between: str) -> Inline:
    """*parts* one after the other with *between* between them; empty ones are left out."""
    found: list[Bit] = []
    for part in parts:
        if part:
            found += [Bit(between), *part] if found else part
    return tuple(found)
