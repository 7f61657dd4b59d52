"""The catalogues of messages: complete, nothing too many, with the places of what they translate."""

import ast
import re

import pytest
from babel.messages.catalog import Message

from runners.tongue import LANGUAGES
from tests.messages.catalogues import KEYWORDS, as_mo, as_po, calls, literals, merged, name_of, po_file, read, template

OTHERS = LANGUAGES[1:]
MAKE = "python tests/regenerate.py messages"


def _ids(messages: object) -> set[tuple[str, ...]]:
    return {_texts(message.id) for message in messages if message.id}  # type: ignore[attr-defined]


def _texts(found: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (found,) if isinstance(found, str) else tuple(found or ("",))


def _places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w*)[^{}]*\}", text))


def _messages(tag: str) -> list[Message]:
    return [message for message in read(tag) if message.id]


@pytest.mark.parametrize("tag", OTHERS)
def test_a_catalogue_has_exactly_the_messages_of_the_code(tag: str) -> None:
    """Nothing is missing, nothing is left over, and the file is as it would be written now."""
    known, there = _ids(template()), _ids(read(tag))
    assert not known - there, f"{MAKE} adds them"
    assert not there - known, f"{MAKE} removes them"
    assert po_file(tag).read_bytes() == as_po(merged(tag)), MAKE


@pytest.mark.parametrize("tag", OTHERS)
def test_every_message_is_translated(tag: str) -> None:
    """No reader meets English in the midst of their language, and nothing is a guess."""
    missing = [_texts(message.id)[0] for message in _messages(tag) if not all(_texts(message.string)) or message.fuzzy]
    assert not missing, f"{len(missing)} of {len(_messages(tag))}, the first of them: {missing[:3]}"


@pytest.mark.parametrize("tag", OTHERS)
def test_no_heading_stays_english(tag: str) -> None:
    """A heading is a word of its language; only names that are the same everywhere stand as they are."""
    names = {"CRON", "HANDLE", "ID", "KPI", "P90", "SOP"}
    headings = [message for message in _messages(tag) if isinstance(message.id, str) and message.id.isupper()]
    assert {message.id for message in headings if message.string == message.id} == names


@pytest.mark.parametrize("tag", OTHERS)
def test_a_translation_has_the_places_of_its_message(tag: str) -> None:
    """What is missing would not be said, and what is more would fail where it is said."""
    wrong = [
        (message.id, string)
        for message in _messages(tag)
        for string in _texts(message.string)
        if string and _places(string) != _places(_texts(message.id)[-1])
    ]
    assert not wrong


@pytest.mark.parametrize("tag", OTHERS)
def test_a_translation_begins_and_ends_as_its_message(tag: str) -> None:
    """Line breaks and blanks at either end belong to what stands beside it."""
    wrong = [
        (message.id, string)
        for message in _messages(tag)
        for string in _texts(message.string)
        if string
        and [string[:1] == "\n", string[-1:] == "\n"] != [_texts(message.id)[-1][:1] == "\n", _texts(message.id)[-1][-1:] == "\n"]
    ]
    assert not wrong


@pytest.mark.parametrize("tag", OTHERS)
def test_what_is_read_is_what_was_translated(tag: str) -> None:
    """The compiled file is made of the one that translators edit."""
    assert po_file(tag).with_suffix(".mo").read_bytes() == as_mo(tag), MAKE


def test_messages_are_literals() -> None:
    """Nothing is glued together inside of a call: what no catalogue can hold is found in none."""
    glued = [
        f"{path}:{call.lineno}"
        for path, call in calls()
        for given in call.args[: KEYWORDS[name_of(call)]]
        if isinstance(given, ast.BinOp)
        or (isinstance(given, ast.JoinedStr) and any(isinstance(part, ast.Constant) for part in given.values))
        or (isinstance(given, ast.IfExp) and {type(given.body), type(given.orelse)} & {ast.Constant, ast.JoinedStr})
    ]
    assert not glued


def test_every_place_is_filled_and_every_part_has_a_place() -> None:
    """A literal sentence and its parts fit, so that no sentence fails when it is said."""
    wrong = []
    for path, call in calls():
        texts, names = literals(call), {keyword.arg for keyword in call.keywords}
        if not texts or None in names or name_of(call) == "marked":
            continue
        if not names and name_of(call) != "spoken_many":  # no template: braces may just be braces
            wrong += [f"{path}:{call.lineno}: {text}" for text in texts if re.search(r"\{\w+\}", text)]
            continue
        places = {place for text in texts for place in _places(text)} - ({"count"} if name_of(call) == "spoken_many" else set())
        if places != names:
            wrong.append(f"{path}:{call.lineno}: {texts[0]}: {places ^ names}")
    assert not wrong
