"""Texts in several languages, and text made safe to show."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.text import _hostile, clean, fallbacks, hostile, pick

TEXTS = {"": "own", "en": "English", "zh-Hans": "简体", "zh-Hant-TW": "台灣", "ko": "한국어"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [("plain", "plain"), ("审核 👩‍🚀", "审核 👩‍🚀"), ("\x1b[2J", "\\x1b[2J"), ("\x9b1m", "\\x9b1m"), ("a\u202eb", "a\\u202eb"),
     ("a\u2028b", "a\\u2028b"), ("a\U000e0041b", "a\\U000e0041b"), ("a\ud800b", "a\\ud800b"), ("a\nb", "a\\nb"),
     ("می‌خواهم", "می‌خواهم")],
)  # fmt: skip
def test_what_could_steer_a_terminal_is_written_out(text: str, shown: str) -> None:
    """Escape sequences, overrides and separators become visible; joiners of scripts and emoji stay."""
    assert clean(text) == shown
    assert hostile(shown) == ""
    assert bool(hostile(text)) == (text != shown)


def test_lines_stay_where_several_are_meant() -> None:
    """Newlines and tabs are kept on request, and nothing else."""
    assert clean("a\n\tb\x1b", lines=True) == "a\n\tb\\x1b"
    assert hostile("a\n\tb", lines=True) == ""
    assert hostile("a\n\tb\x1b", lines=True) == "\x1b"


def test_nothing_that_could_steer_a_terminal_counts_as_printable() -> None:
    """Texts that are printable need no look at each character: no character is both printable and hostile."""
    everything = [chr(number) for number in range(sys.maxunicode + 1)]
    assert [c for c in everything if c.isprintable() and _hostile(c)] == []
    assert [c for c in everything if bool(hostile(c)) != _hostile(c)] == []


@given(st.text())
def test_clean_text_is_clean(text: str) -> None:
    """Nothing hostile is left, and cleaning again changes nothing."""
    shown = clean(text)
    assert hostile(shown) == ""
    assert clean(shown) == shown


@pytest.mark.parametrize(
    ("wanted", "found"),
    [(["zh-Hans-CN"], "简体"), (["zh_Hans"], "简体"), (["ZH-HANS"], "简体"), (["fr", "ko-KR"], "한국어"), (["fr"], "own"),
     ([], "own"),     (["zh-Hant-TW-x-private"], "台灣"), (["en-GB"], "English")],
)  # fmt: skip
def test_a_reader_gets_the_nearest_language(wanted: list[str], found: str) -> None:
    """Languages are tried in order, each with its subtags cut off one by one, then the definition's own."""
    assert pick(TEXTS, wanted, "de") == found


def test_there_is_a_text_wherever_there_is_one() -> None:
    """A single text is for everybody, no text is empty, and without the own language the first one is taken."""
    assert pick({"ko": "한국어"}, ["en"]) == "한국어"
    assert pick({}, ["en"]) == pick(None, ["en"]) == ""
    assert pick({"ko": "한국어", "zh": "中文"}, ["fr"], "de") == "한국어"


def test_a_singleton_means_nothing_alone() -> None:
    """When the subtag after a singleton is cut off, the singleton goes with it (RFC 4647 3.4)."""
    assert list(fallbacks(["zh-Hant-CN-x-private1-private2"])) == [
        "zh-Hant-CN-x-private1-private2", "zh-Hant-CN-x-private1", "zh-Hant-CN", "zh-Hant", "zh",
    ]  # fmt: skip
