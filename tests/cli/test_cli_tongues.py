"""The commands in a language that is made up: what people read is in it, what programs read is not, and it stays aligned."""

import json
import re
from gettext import NullTranslations
from typing import TYPE_CHECKING

import pytest

from runners import tongue
from runners.cli.tables import width

if TYPE_CHECKING:
    from tests.cli.conftest import Project

READING = [
    ["people", "list"],
    ["people", "show", "ben"],
    ["team", "list"],
    ["role", "list"],
    ["workload"],
    ["board"],
    ["report"],
    ["versions", "mini"],
    ["show", "mini"],
    ["show", "MIN-1"],
    ["show", "MIN-1/draft"],
    ["calendar"],
    ["schedules", "list"],
    ["history", "ORG"],
    ["verify", "--all"],
    ["can", "ben", "claim", "MIN-1/draft", "--explain"],
    ["whoami"],
    ["away"],
]
"""Commands that only look, and something to look at."""


class _Loud(NullTranslations):
    """Wide brackets around every message, so that nobody can take it for English."""

    def gettext(self, message: str) -> str:
        return f"「{message}」"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"「{msgid1 if n == 1 else msgid2}」"


@pytest.fixture
def loud(project: "Project", monkeypatch: pytest.MonkeyPatch) -> "Project":
    """A project with one run, whose readers of Korean are spoken to in the language that is made up."""
    project.good("start", "mini", "--title", "One", "--set", "topic=x", "--role", "content_creator=ben")
    monkeypatch.setattr(tongue, "_read", lambda tag: _Loud() if tag == "ko" else None)
    return project


KOREAN = {"LANGUAGE": "ko"}


def test_people_are_spoken_to_and_programs_are_not(loud: "Project") -> None:
    """A person reads the reader's language; the JSON of the same command holds no word of it."""
    for arguments in READING:
        shown = loud.sop(*arguments, env=KOREAN)
        assert "「" in shown.out + shown.err, arguments
        told = loud.sop(*arguments, "--json", env=KOREAN)
        assert told.code == shown.code, arguments
        assert json.loads(told.out), arguments
        assert "「" not in told.out + told.err, arguments


def test_headings_are_messages_and_stand_above_their_columns(loud: "Project") -> None:
    """Wide brackets make headings wider than they are long; what stands below them begins in the same cell."""
    heading, *rows = loud.sop("people", "list", env=KOREAN).out.splitlines()
    assert re.sub("「[A-Z]+」", "", heading).strip() == ""
    place = width(heading[: heading.index("「NAME」")])
    ben = next(row for row in rows if row.startswith("ben "))
    assert width(ben[: ben.index("Ben")]) == place


def test_an_error_is_in_the_language_of_its_reader(loud: "Project") -> None:
    """Sentence and hint, and further lines of a hint stand below the first; as JSON it is as ever."""
    shown = loud.sop("show", "MIN-1/nowhere", "--as-of", "soon", env=KOREAN)
    assert shown.code == 2
    assert shown.err.startswith("「error[SOP-U05]: 「--as-of soon: expected a time like ")
    told = json.loads(loud.sop("show", "MIN-1/nowhere", "--as-of", "soon", "--json", env=KOREAN).err)
    assert told["message"].startswith("--as-of soon: expected a time like 2026-")


def test_lines_of_a_hint_stand_below_each_other(loud: "Project") -> None:
    """Also where the word before them is wide."""
    lines = loud.sop("delegate", "--to", "ben", env=KOREAN).err.splitlines()
    first, second = (line for line in lines if "sop delegate" in line)
    assert first.startswith("「hint: 」")
    assert width(first[: first.index("sop")]) == width(second[: second.index("sop")])


def test_days_have_names_in_every_language(loud: "Project") -> None:
    """Weekday, month and the order of both are messages."""
    due = loud.sop("show", "MIN-1/draft", env=KOREAN).out
    assert re.search(r"due 「「(Mon|Tue|Wed|Thu|Fri|Sat|Sun)」 \d{1,2} 「[A-Z][a-z]{2}」」", due)


def test_that_there_is_no_database_is_said_once(project: "Project") -> None:
    """With its path, and without the title that says the same."""
    done = project.sop("inbox", "--db", "nowhere.db")
    assert done.code == 3
    assert done.err.splitlines()[0].startswith("error[SOP-S04]: there is no database at ")
    assert done.err.count("there is no database") == 1
