"""The language in which the program speaks."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextvars import copy_context
from gettext import NullTranslations
from pathlib import Path

import pytest

from engine.text import said
from runners import tongue
from runners.cli.door import main
from runners.tongue import chosen, marked, retold, speak, spoken, spoken_many

ROOT = Path(__file__).parents[2]


class Upper(NullTranslations):
    """A catalogue of a language that is English in capitals, with its places at the end."""

    def gettext(self, message: str) -> str:
        """Capitals, but for places."""
        return {"{a} before {b}": "{b} AFTER {a}", "the {thing} is {state}": "THE {thing} IS {state}"}.get(message, message.upper())

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:  # noqa: ARG002 - what gettext asks for
        """One form for any number."""
        return {"{count} dog": "{count} DOGGIES"}.get(msgid1, msgid2)


@pytest.fixture
def capitals(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Korean is English in capitals for a moment."""
    monkeypatch.setattr(tongue, "_read", lambda tag: Upper() if tag == "ko" else None)
    yield
    tongue._spoken.set(None)


@pytest.mark.parametrize(
    ("languages", "tag"),
    [
        (["zh-CN", "zh-Hans"], "zh-Hans"), (["ZH-hant-TW"], "zh-Hant"), (["ko-KR"], "ko"), (["fr", "ko"], "ko"), (["fr"], "en"),
        ([], "en"), (["en-GB", "ko"], "en"),
    ],
)  # fmt: skip
def test_the_first_language_that_is_known_is_chosen(languages: Sequence[str], tag: str) -> None:
    """Each is tried with its last subtag cut off before the next one; English is what is left."""
    assert chosen(languages) == tag


@pytest.mark.usefixtures("capitals")
def test_the_reader_is_asked_at_the_first_sentence_and_once() -> None:
    """Who says nothing reads no settings, and who says much reads them once."""
    asked = []

    def reader() -> Sequence[str]:
        asked.append(1)
        return ["ko"]

    speak(reader)
    assert not asked
    assert [spoken("one"), spoken(marked("two"))] == ["ONE", "TWO"]
    assert len(asked) == 1


@pytest.mark.usefixtures("capitals")
def test_parts_move_with_the_sentence() -> None:
    """Names of places, not their order, say what stands where; without parts braces are just braces."""
    speak(lambda: ["ko"])
    assert spoken("{a} before {b}", a=1, b=2) == "2 AFTER 1"
    assert spoken("{x}") == "{X}"
    assert spoken("") == ""
    assert spoken_many("{count} dog", "{count} dogs", 1) == "1 DOGGIES"


def test_english_counts_in_two_forms() -> None:
    """One, and any other number."""
    assert [spoken_many("{count} dog of {who}", "{count} dogs of {who}", n, who="ana") for n in (0, 1, 2)] == [
        "0 dogs of ana", "1 dog of ana", "2 dogs of ana",
    ]  # fmt: skip


@pytest.mark.usefixtures("capitals")
def test_a_sentence_of_the_engine_is_said_again_with_its_parts() -> None:
    """A part that is a sentence itself, as deep as it may be, is in the language of the whole; names stay as they are."""
    inner = said("the {thing} is {state}", thing="door", state=said("open"))
    whole = said("{a} before {b}", a=inner, b="ana")
    assert str(whole) == "the door is open before ana"
    assert retold(whole) == whole
    speak(lambda: ["ko"])
    assert retold(whole) == "ana AFTER THE door IS OPEN"
    assert spoken("{a} before {b}", a=inner, b=2) == "2 AFTER THE door IS OPEN"
    assert retold("plain text") == "plain text"


@pytest.mark.usefixtures("capitals")
def test_what_a_reader_has_to_say_itself_is_said_in_english() -> None:
    """To find out the language may itself need a sentence; it does not ask again."""
    told = []

    def reader() -> Sequence[str]:
        told.append(spoken("settings are read"))
        return ["ko"]

    speak(reader)
    assert spoken("done") == "DONE"
    assert told == ["settings are read"]


@pytest.mark.usefixtures("capitals")
def test_a_reader_that_fails_leaves_english() -> None:
    """The failure gets out, and what is said about it can be said."""

    def reader() -> Sequence[str]:
        raise OSError("gone")

    speak(reader)
    with pytest.raises(OSError, match="gone"):
        spoken("done")
    assert spoken("it failed") == "it failed"


@pytest.mark.usefixtures("capitals")
def test_two_contexts_speak_two_languages() -> None:
    """A server may answer several readers at once."""
    here, there = copy_context(), copy_context()
    here.run(speak, lambda: ["ko"])
    there.run(speak, lambda: ["en"])
    assert [here.run(spoken, "hello"), there.run(spoken, "hello"), spoken("hello")] == ["HELLO", "hello", "hello"]


@pytest.mark.parametrize("tag", tongue.LANGUAGES)
def test_every_language_has_a_catalogue_that_can_be_read(tag: str) -> None:
    """English is its own."""
    found = tongue._read(tag)
    assert (found is None) == (tag == "en")
    assert found is None or found.gettext("no such message at all") == "no such message at all"


def test_english_loads_no_gettext() -> None:
    """To speak English costs nothing at the start."""
    code = (
        "import sys; from runners.tongue import speak, spoken; speak(lambda: ['en']); spoken('x'); print('gettext' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_what_a_command_speaks_is_not_spoken_behind_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever calls the door as a function goes on in their own language."""
    monkeypatch.chdir(tmp_path)
    speak(lambda: ("en",))
    assert main(["--lang", "ko", "--help"]) == 0
    assert spoken("Options") == "Options"
