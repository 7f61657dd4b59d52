"""Everything the program prints goes through here: safe, in the form that was asked for, to the right stream."""

import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final, TextIO

from engine.text import clean
from runners.cli.tables import Column, Item, aligned, cells, needs_rich, print_rich
from runners.tongue import spoken

SCHEMA: Final = "sop/1"
"""Version of the JSON that is printed: fields are added, never changed."""

FORMATS: Final = ("table", "plain", "json", "jsonl", "csv")
_BAD: Final = "\N{MULTIPLICATION SIGN}"
_SIGNS: Final = {"late": "!", "good": "✓", "bad": _BAD}
_ASCII: Final = str.maketrans({"✓": "+", _BAD: "x", "→": "->", "…": "...", "·": "-"})
"""What our own signs become where the encoding has none of them; the words of people are written as escapes."""
_COLORS: Final = {"late": "31", "soon": "33", "dim": "2", "good": "32", "bold": "1", "error": "1;31", "hint": "36"}
_NUMBER: Final = re.compile(r"[-+]?\d{1,30}([.,]\d{1,30})?%?")
_FORMULA: Final = frozenset("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
"""Also in their full-width forms, which some spreadsheets take for the same."""
_WIDE: Final = 100
"""Cells of a terminal that does not say how wide it is."""


class Globals:
    """The options that every command has, as they stood on the command line."""

    def __init__(self) -> None:
        self.db = ""
        self.person = ""
        self.lang = ""
        self.format = ""
        self.quiet = False
        self.verbose = 0
        self.color: bool | None = None
        self.input = True
        self.debug = False


def to_json(value: Any, *, ascii_only: bool = False) -> str:  # noqa: ANN401 - any plain data
    """*value* as JSON in which nothing can steer a terminal: control and bidirectional characters are escaped."""
    text = json.dumps(value, ensure_ascii=ascii_only)
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if (c.isascii() and c.isprintable()) or clean(c) == c else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[place] << 8 | units[place + 1]:04x}" for place in range(0, len(units), 2))


def csv_cell(value: Any) -> str:  # noqa: ANN401 - any plain data
    """One cell of a CSV file (RFC 4180); what a spreadsheet would take for a formula is kept from being one."""
    text = "" if value is None else value if isinstance(value, str) else to_json(value)
    text = clean(text, lines=True)
    if text.lstrip(" ")[:1] in _FORMULA and text and not _NUMBER.fullmatch(text):
        text = f"'{text}"
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n\t') or text != text.strip() else text


class Output:
    """Where a command speaks.

    Args:
        options: what the command line says about output.
        stdout: for results.
        stderr: for messages.
        env: for ``NO_COLOR``, ``FORCE_COLOR``, ``TERM`` and ``COLUMNS``.
    """

    def __init__(
        self, options: Globals, stdout: TextIO | None = None, stderr: TextIO | None = None, env: Mapping[str, str] = os.environ
    ) -> None:
        self.options = options
        self._out = stdout or sys.stdout
        self._err = stderr or sys.stderr
        self._env = env
        self.format = options.format or "table"

    @property
    def terminal(self) -> bool:
        """Whether a person reads the results on a terminal."""
        return self._out.isatty()

    @property
    def machine(self) -> bool:
        """Whether a program reads the results."""
        return self.format in {"json", "jsonl", "csv"}

    @property
    def room(self) -> int:
        """Cells in a line of the terminal."""
        import shutil

        return max(20, shutil.get_terminal_size((_WIDE, 24)).columns)

    def colored(self, stream: TextIO) -> bool:
        """Whether *stream* takes colours: the flag, then the environment, then what it is."""
        if self.options.color is not None:
            return self.options.color
        if self._env.get("NO_COLOR"):
            return False
        if self._env.get("FORCE_COLOR"):
            return True
        return stream.isatty() and self._env.get("TERM") != "dumb"

    def paint(self, text: str, style: str, stream: TextIO | None = None) -> str:
        """*text* made safe, in a colour where colours are taken."""
        safe = clean(text, lines=True)
        return f"\x1b[{_COLORS[style]}m{safe}\x1b[0m" if style and self.colored(stream or self._out) else safe

    @property
    def ascii_only(self) -> bool:
        """Whether what is drawn has to be drawn with plain characters: the encoding, the terminal or ``--no-color`` ask for it."""
        encoding = (getattr(self._out, "encoding", None) or "utf-8").lower().replace("-", "")
        return not encoding.startswith("utf") or self.options.color is False or self._env.get("TERM") == "dumb"

    def sign(self, what: str) -> str:
        """A sign for ``late``, ``good`` and ``bad``, so that colour never stands alone."""
        return _SIGNS.get(what, " ")

    def _write(self, stream: TextIO, text: str) -> None:
        encoding = (getattr(stream, "encoding", None) or "utf-8").lower().replace("-", "")
        if not text.isascii() and not encoding.startswith("utf"):
            text = text.translate(_ASCII)
        stream.write(text + "\n")

    def line(self, text: str = "", style: str = "") -> None:
        """A line of results for people."""
        self._write(self._out, self.paint(text, style))

    def clear(self) -> None:
        """Begin again at the top of the terminal; a plain one gets an empty line."""
        self._out.write("\x1b[H\x1b[2J" if self.terminal and self._env.get("TERM") != "dumb" else "\n")

    def flush(self) -> None:
        """Let the reader have what was written so far."""
        self._out.flush()

    def jsonl(self, value: Mapping[str, Any]) -> None:
        """One line of JSON, whatever form was asked for."""
        self._json(value)

    def raw(self, text: str) -> None:
        """Results of another form, made safe."""
        self._write(self._out, clean(text, lines=True))

    def note(self, text: str, style: str = "") -> None:
        """A line about what was done, to the other stream; nothing with ``--quiet``."""
        if not self.options.quiet:
            self._write(self._err, self.paint(text, style, self._err))

    def error(self, text: str, style: str = "") -> None:
        """A line about what went wrong; also with ``--quiet``."""
        self._write(self._err, self.paint(text, style, self._err))

    def error_json(self, value: Mapping[str, Any]) -> None:
        """What went wrong, as one JSON object."""
        self._err.write(to_json({"schema": SCHEMA, **value}, ascii_only=True) + "\n")

    def next(self, command: str) -> None:
        """What to do next, on a terminal only."""
        if self.terminal and not self.options.quiet and not self.machine:
            self.line(spoken("Next: {command}", command=command), "dim")

    def items(self, items: Sequence[Item], columns: Sequence[Column], *, after: str | None = None, empty: str = "") -> None:
        """A list, in the form that was asked for.

        Args:
            items: plain data, what JSON shows.
            columns: what people see of it.
            after: where the next page begins; None on the last.
            empty: said to people when there is nothing.
        """
        if self.format == "json":
            self._json({"schema": SCHEMA, "items": list(items), "next": after})
        elif self.format == "jsonl":
            for item in items:
                self._json(item)
        elif self.format == "csv":
            names = list(dict.fromkeys(name for item in items for name in item))
            rows: list[list[Any]] = [names, *([item.get(name) for name in names] for item in items)]
            for row in rows if names else []:
                self._write(self._out, ",".join(csv_cell(value) for value in row))
        elif not items:
            if empty:
                self.note(empty)
        else:
            self._table(items, columns)
            if after is not None:
                self.note(spoken("There is more: --after {key}", key=after))

    def _json(self, value: Any) -> None:  # noqa: ANN401 - any plain data
        encoding = (getattr(self._out, "encoding", None) or "utf-8").lower().replace("-", "")
        self._out.write(to_json(value, ascii_only=not encoding.startswith("utf")) + "\n")

    def _table(self, items: Sequence[Item], columns: Sequence[Column]) -> None:
        rows = cells(items, columns)
        heading = not self.options.quiet
        if self.format == "plain":
            for row in [*([[c.title for c in columns]] if heading else []), *rows]:
                self._write(self._out, "\t".join(row))
            return
        color = self.colored(self._out)
        fits = not self.terminal and not color
        if fits or not needs_rich(items, rows, columns, self.room, color=color):
            for text in aligned(rows, columns, heading=heading):
                self._write(self._out, text)
            return
        width = self.room if self.terminal else 10_000
        print_rich(self._out, items, rows, columns, width, color=color, heading=heading)

    def thing(self, value: Mapping[str, Any], lines: Sequence[tuple[str, str]]) -> None:
        """One thing: its data for programs, lines (text, style) for people."""
        if self.format in {"json", "jsonl"}:
            self._json({"schema": SCHEMA, **value})
        elif self.format == "csv":
            self.items([value], ())
        else:
            for text, style in lines:
                self.line(text, style)
