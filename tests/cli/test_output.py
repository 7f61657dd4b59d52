"""Tables, formats, signs, times: what people and programs read."""

import io
import json
from datetime import UTC, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from runners.cli import times
from runners.cli.output import Globals, Output, csv_cell, to_json
from runners.cli.tables import Column, aligned, cells, width

if TYPE_CHECKING:
    from tests.cli.conftest import Project

NOW = "2026-11-22T13:02:11.123456Z"


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def output(stream: io.StringIO, **options: object) -> Output:
    """An output to *stream* with the environment of a terminal."""
    made = Globals()
    for name, value in options.items():
        setattr(made, name, value)
    return Output(made, stream, stream, {"TERM": "xterm"})


@pytest.mark.parametrize(
    ("text", "cells_"),
    [("abc", 3), ("审核", 4), ("검수", 4), ("e\u0301", 1), ("", 0), ("ｱ", 1), ("\uff21", 2), ("👍", 2), ("👩\u200d🚒", 4)],
)
def test_widths_are_those_of_a_terminal(text: str, cells_: int) -> None:
    """Wide characters take two cells, combining ones and joiners none."""
    assert width(text) == cells_


def test_columns_stay_aligned_with_wide_characters() -> None:
    """The second column begins in the same cell in every line."""
    columns = [Column("A", lambda item: item["a"]), Column("B", lambda item: item["b"])]
    items = [{"a": text, "b": "|"} for text in ("abc", "审核 초안", "e\u0301", "x" * 12)]
    lines = aligned(cells(items, columns), columns)
    assert {width(line[: line.index("|")]) for line in lines[1:]} == {14}


@pytest.mark.parametrize("room", [40, 80, 200])
def test_tables_fit_the_terminal(room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """No line is wider than the terminal, what is cut ends with an ellipsis, and names are never cut."""
    monkeypatch.setenv("COLUMNS", str(room))
    stream = Terminal()
    out = output(stream, color=False)
    columns = [
        Column("RUN", lambda item: item["id"], whole=True), Column("TITLE", lambda item: item["title"]),
        Column("WHO", lambda item: item["who"]),
    ]  # fmt: skip
    out.items([{"id": "CAM-1234", "title": "春季新品发布" * 12, "who": "somebody"}], columns)
    lines = stream.getvalue().splitlines()
    assert all(width(line) <= room for line in lines)
    assert "CAM-1234" in lines[1]
    assert ("…" in lines[1]) == (room < 200)
    assert "\x1b" not in stream.getvalue()


def test_the_format_decides_the_shape() -> None:
    """One list in five shapes; JSON has its schema and the next page."""
    items = [{"id": "CAM-1", "n": 1, "list": ["a", "b"]}]
    columns = [Column("RUN", lambda item: item["id"]), Column("N", lambda item: str(item["n"]), right=True)]
    shapes = {}
    for name in ("table", "plain", "json", "jsonl", "csv"):
        stream = io.StringIO()
        output(stream, format=name).items(items, columns, after=None if name != "json" else "x|y")
        shapes[name] = stream.getvalue()
    assert shapes["table"] == "RUN    N\nCAM-1  1\n"
    assert shapes["plain"] == "RUN\tN\nCAM-1\t1\n"
    assert json.loads(shapes["json"]) == {"schema": "sop/1", "items": items, "next": "x|y"}
    assert json.loads(shapes["jsonl"]) == items[0]
    assert shapes["csv"] == 'id,n,list\nCAM-1,1,"[""a"", ""b""]"\n'
    quiet = io.StringIO()
    output(quiet, quiet=True).items(items, columns)
    assert quiet.getvalue() == "CAM-1  1\n"


def test_json_escapes_what_steers_a_terminal_and_keeps_the_rest() -> None:
    """Control characters become escapes that mean the same; Chinese and Korean stay readable."""
    text = "审核\x1b\x7f\x9b\u202e\U000e0041"
    made = to_json({"a": text})
    assert json.loads(made) == {"a": text}
    assert "审核" in made
    assert not [c for c in made if ord(c) in {0x1B, 0x7F, 0x9B, 0x202E, 0xE0041}]


@pytest.mark.parametrize(
    ("value", "cell"), [("a,b", '"a,b"'), (" =1", "' =1"), (True, "true"), (None, ""), (-3, "-3"), ("1e5", "1e5")]
)
def test_csv_cells(value: object, cell: str) -> None:
    """RFC 4180 quoting, and no formulas, also behind blanks."""
    assert csv_cell(value) == cell


def test_signs_and_arrows_have_ascii_forms(project: "Project") -> None:
    """Where the encoding has no such signs, plain ones stand for them; what people wrote becomes escapes."""
    run = project.start("Frühling")
    done = project.process("show", run, env={"PYTHONIOENCODING": "ascii", "LANG": "C"})
    assert done.code == 0
    assert done.out.isascii()
    assert "Fr\\xfchling" in done.out
    claimed = project.process("history", run, env={"PYTHONIOENCODING": "ascii"})
    assert "FROM -> TO" in claimed.out


@pytest.mark.parametrize(
    ("env", "arguments", "colored"),
    [
        ({}, [], False), ({"FORCE_COLOR": "1"}, [], True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], False),
        ({"FORCE_COLOR": "1"}, ["--no-color"], False),
    ],
)  # fmt: skip
def test_colors_are_for_those_who_want_them(
    project: "Project", env: dict[str, str], arguments: list[str], *, colored: bool
) -> None:
    """A pipe gets none, FORCE_COLOR gives them, NO_COLOR and --no-color take them."""
    project.start()
    assert ("\x1b[" in project.process("show", "MIN-1", *arguments, env=env).out) == colored


@pytest.mark.parametrize(
    ("text", "end", "at"),
    [
        ("2026-11-20", False, "2026-11-20T00:00:00.000000Z"),
        ("2026-11-20", True, "2026-11-20T23:59:59.999999Z"),
        ("2026-11-20T14:00+01:00", False, "2026-11-20T13:00:00.000000Z"),
        ("2026-11-20 14:00", False, "2026-11-20T14:00:00.000000Z"),
        ("yesterday 17:00", False, "2026-11-21T17:00:00.000000Z"),
        ("today", True, "2026-11-22T23:59:59.999999Z"),
        ("-2d", False, "2026-11-20T13:02:11.123456Z"),
        ("-90m", False, "2026-11-22T11:32:11.123456Z"),
    ],
)
def test_times_are_understood(text: str, *, end: bool, at: str) -> None:
    """Days, instants, words and distances."""
    assert times.parse(text, NOW, UTC, end=end) == at


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "yesterday noon", "-2y", "99999999999999999999", "-999999w"])
def test_times_that_mean_nothing_are_refused(text: str) -> None:
    """Anything else is refused with examples."""
    with pytest.raises(ValueError, match="a time like"):
        times.parse(text, NOW, UTC)


def test_times_are_shown_as_people_read_them() -> None:
    """Near days by word, this half year by weekday, others by year; in the reader's zone."""
    east = timezone(timedelta(hours=8))
    assert times.shown("2026-11-22T17:00:00.000000Z", NOW, UTC) == "today 17:00"
    assert times.shown("2026-11-22T17:00:00.000000Z", NOW, east) == "tomorrow 01:00"
    assert times.shown("2026-11-21T17:00:00.000000Z", NOW, UTC) == "yesterday 17:00"
    assert times.shown("2026-12-04T17:00:00.000000Z", NOW, UTC) == "Fri 4 Dec"
    assert times.shown("2028-12-04T17:00:00.000000Z", NOW, UTC) == "4 Dec 2028"
    assert times.shown("", NOW, UTC) == ""
    assert times.shown("2028-12-04T17:00:00.000000Z", NOW, UTC, full=True) == "2028-12-04 17:00:00 UTC"


def test_texts_are_shown_in_the_language_asked_for(project: "Project") -> None:
    """--lang, SOP_LANG and the locale choose among the languages of a definition."""
    assert "작은 절차" in project.good("list", "--lang", "ko")
    assert "작은 절차" in project.sop("list", env={"SOP_LANG": "ko-KR"}).out
    assert "危机公关" in project.sop("list", env={"LANG": "zh_CN.UTF-8"}).out
    assert "危機公關" in project.sop("list", env={"LANG": "zh_TW.UTF-8"}).out
    assert "Mini procedure" in project.good("list", "--lang", "fr")


def test_pages_follow_one_another(project: "Project") -> None:
    """--limit and --after walk through every run once."""
    made = [project.start(f"Run {number}") for number in range(5)]
    seen: list[str] = []
    after: list[str] = []
    while True:
        page = json.loads(project.good("runs", "--limit", "2", "--json", *after))
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        after = ["--after", page["next"]]
    assert seen == made[::-1]
    first = json.loads(project.good("inbox", "--limit", "2", "--json", who="ben"))
    rest = json.loads(project.good("inbox", "--after", first["next"], "--json", who="ben"))
    assert [item["run"] for item in first["items"] + rest["items"]] == made
    assert "There is more: --after" in project.sop("runs", "--limit", "1").err
