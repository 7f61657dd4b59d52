"""Lengths of time in words, in one style and in every language."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from runners import tongue
from runners.lengths import brief, span, written

RUNNERS = Path(tongue.__file__).parent


@pytest.fixture
def spoken_to(request: pytest.FixtureRequest) -> Iterator[str]:
    """A reader of one of the languages."""
    tongue.speak(lambda: [request.param])
    yield request.param
    tongue._spoken.set(None)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"), (0.4, "0 seconds"), (-0.4, "0 seconds"),
        (1, "1 second"), (59.6, "1 minute"), (61, "1 minute 1 second"), (7_200, "2 hours"),
        (9_000, "2 hours 30 minutes"), (86_380, "1 day"), (93_599, "1 day 2 hours"), (3 * 86_400, "3 days"),
        (86_400 + 1_700, "1 day"), (86_400 + 1_800, "1 day 1 hour"), (400 * 86_400, "400 days"), (-5_400, "-1 hour 30 minutes"),
    ],
)  # fmt: skip
def test_the_two_largest_units_are_told(seconds: float, words: str) -> None:
    """What is below them is rounded, and a unit that is zero is left out."""
    assert span(seconds) == words


def test_how_long_ago_is_told_roughly() -> None:
    """One unit, and only whole ones of it: 47 hours ago was not two days ago."""
    assert [span(seconds, roughly=True) for seconds in (0, 119, 47 * 3_600)] == ["0 seconds", "1 minute", "1 day"]


@pytest.mark.parametrize(
    ("spoken_to", "words"),
    [("en", "1 day 2 hours"), ("zh-Hans", "1天2小时"), ("zh-Hant", "1 天 2 小時"), ("ko", "1일 2시간")],
    indirect=["spoken_to"],
)
def test_lengths_are_told_in_the_language_of_the_reader(spoken_to: str, words: str) -> None:
    """With the order, the blanks and the plurals of each language."""
    assert spoken_to in tongue.LANGUAGES
    assert span(93_600) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (-0.4, "0 s"), (61, "1 min 1 s"), (599, "9 min 59 s"), (612, "10 min"), (3_590, "1 h"), (9_144, "2 h 32 min"),
     (93_599, "1 d 2 h"), (-5_400, "-1 h 30 min")],
)  # fmt: skip
def test_columns_have_short_units_and_no_idle_seconds(seconds: float, words: str) -> None:
    """Between numbers the unit is an abbreviation; of ten minutes and more nobody counts seconds."""
    assert brief(seconds) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [("P26W", "26 weeks"), ("P1W", "1 week"), ("P30D", "30 days"), ("2 business days", "2 business days"),
     ("1 bd", "1 business day"), ("PT90M", "1 hour 30 minutes"), ("4h", "4 hours")],
)  # fmt: skip
def test_lengths_of_definitions_are_told_in_the_same_style(text: str, words: str) -> None:
    """Weeks and working days keep their units; the rest is told as any length."""
    assert written(text) == words


def test_nobody_else_tells_lengths() -> None:
    """Units of time are counted in one place, so that there is one style; the handbook has words of its own.

    What the number of a field is counted in is no length, and is told as the definition has it.
    """
    units = re.compile(r"\{\w+\} ?(?:days?|hours?|minutes?|min|h|seconds?|s)\"")
    telling = {
        path.relative_to(RUNNERS).as_posix()
        for path in RUNNERS.rglob("*.py")
        if "handbook" not in path.parts and units.search(path.read_text(encoding="utf-8"))
    }
    assert telling == {"lengths.py", "cli/words.py"}
