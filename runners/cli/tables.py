"""Tables without frames, aligned by display width. ``rich`` is loaded only for a terminal, and only for colour or narrowness."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TextIO

from engine.text import clean

GAP: Final = "  "
_STYLES: Final = {"late": "red", "soon": "yellow", "dim": "dim", "good": "green", "": ""}

_LEAST: Final = 6
"""Cells that every column keeps."""

Item = Mapping[str, Any]


class Column(NamedTuple):
    """A column of a list.

    Attributes:
        title: its heading.
        show: the text for a person, out of an item.
        style: ``late``, ``soon``, ``dim``, ``good`` or nothing, out of an item.
        whole: never cut short: what has to be typed again.
        right: numbers stand to the right.
    """

    title: str
    show: Callable[[Item], str]
    style: Callable[[Item], str] | None = None
    whole: bool = False
    right: bool = False


def width(text: str) -> int:
    """Cells that *text* takes on a terminal: 2 for wide East Asian characters, none for combining ones."""
    if text.isascii():
        return len(text)
    return sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def padded(text: str, cells: int, *, right: bool = False) -> str:
    """*text* filled up with blanks to so many cells."""
    blanks = " " * (cells - width(text))
    return blanks + text if right else text + blanks


def cells(items: Sequence[Item], columns: Sequence[Column]) -> list[list[str]]:
    """The texts of all cells, each in one line and safe to show."""
    return [[clean(column.show(item)) for column in columns] for item in items]


def widths(rows: Sequence[Sequence[str]], columns: Sequence[Column]) -> list[int]:
    """How wide each column has to be."""
    return [max([width(column.title), *(width(row[place]) for row in rows)]) for place, column in enumerate(columns)]


def aligned(rows: Sequence[Sequence[str]], columns: Sequence[Column], *, heading: bool = True) -> list[str]:
    """The lines of a table, nothing cut short."""
    wide = widths(rows, columns)
    everything = [[column.title for column in columns], *rows] if heading else rows
    padding = [[padded(text, wide[place], right=columns[place].right) for place, text in enumerate(row)] for row in everything]
    return [GAP.join(row).rstrip() for row in padding]


def needs_rich(items: Sequence[Item], rows: Sequence[Sequence[str]], columns: Sequence[Column], room: int, *, color: bool) -> bool:
    """Whether a terminal *room* cells wide needs more than plain alignment."""
    total = sum(widths(rows, columns)) + len(GAP) * (len(columns) - 1)
    return total > room or (color and any(column.style and column.style(item) for column in columns for item in items))


def fitted(wide: Sequence[int], columns: Sequence[Column], room: int) -> list[int]:
    """Widths that fit into *room* cells: the widest columns give way first, those that are to be whole never."""
    found = list(wide)
    able = [place for place, column in enumerate(columns) if not column.whole]
    while sum(found) + len(GAP) * (len(found) - 1) > room:
        widest = max(able, key=lambda place: found[place], default=-1)
        if widest < 0 or found[widest] <= _LEAST:
            break
        found[widest] -= 1
    return found


def print_rich(
    file: TextIO, items: Sequence[Item], rows: Sequence[Sequence[str]], columns: Sequence[Column], room: int,
    *, color: bool, heading: bool,
) -> None:  # fmt: skip
    """Print a table that fits into *room* cells, with colours where they are wanted."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    wide = fitted(widths(rows, columns), columns, room)
    console = Console(
        file=file, width=max(room, sum(wide) + len(GAP) * len(wide)), no_color=not color, force_terminal=color,
        color_system="standard" if color else None, highlight=False, markup=False, emoji=False,
    )  # fmt: skip
    table = Table(box=None, pad_edge=False, padding=(0, len(GAP), 0, 0), show_header=heading, header_style="bold" if color else "")
    for column, cells_ in zip(columns, wide, strict=True):
        table.add_column(
            Text(column.title), no_wrap=True, overflow="ellipsis", justify="right" if column.right else "left", width=cells_
        )
    for item, row in zip(items, rows, strict=True):
        styles = [_STYLES[column.style(item)] if column.style else "" for column in columns]
        table.add_row(*(Text(text, style=style) for text, style in zip(row, styles, strict=True)))
    with console.capture() as captured:
        console.print(table)
    # rich fills lines up with blanks, which a narrow terminal would wrap.
    file.write("".join(line.rstrip() + "\n" for line in captured.get().splitlines()))
