"""What other programs say of a file, the reader of TOML and the operating system, is told in words that can be translated."""

import errno
import os
import tomllib
from pathlib import Path

import pytest

from engine.text import Said
from runners.reading import no_toml
from runners.store.errors import system_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"a = 1\nb = \n", "line 2 cannot be read from column 5 on"), (b"a", "it ends too early"),
        (b"a = 1\na = 2\n", "line 2 sets again what is set already"), (b"[a]\n[b]\n[a]\n", "line 3 sets again what is set already"),
        (b"a = '\xff'", "it is not UTF-8"), (b"a = [1,", "it ends too early"),
    ],
)  # fmt: skip
def test_what_is_no_toml_is_told_in_our_words(text: bytes, words: str) -> None:
    """The line, and whether it is said twice there, ends too early, or cannot be read."""
    with pytest.raises(ValueError) as error:  # noqa: PT011 - of two libraries
        tomllib.loads(text.decode())
    told = no_toml(Path("x.toml"), error.value)
    assert (told, type(told)) == (f"x.toml is no TOML: {words}", Said)


@pytest.mark.parametrize("code", [errno.EACCES, errno.ENOENT, errno.EISDIR, errno.ENOSPC, errno.EROFS, errno.EEXIST])
def test_what_the_operating_system_says_most_is_known(code: int) -> None:
    """In its words, as sentences that can be said again."""
    words = system_words(OSError(code, os.strerror(code), "x"))
    assert (words, type(words)) == (os.strerror(code), Said)


def test_the_rest_is_said_as_the_operating_system_says_it() -> None:
    """A code that is rare, and an error of our own without a code."""
    assert system_words(OSError(errno.EXDEV, "Invalid cross-device link")) == "Invalid cross-device link"
    assert system_words(OSError("it is no ordinary file")) == "it is no ordinary file"
