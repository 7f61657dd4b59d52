"""The language in which the program itself speaks: its messages, through gettext, in the languages there are catalogues for.

English stands in the code and is its own catalogue. Whoever opens a door says once, with :func:`speak`, what its reader
reads; that holds for the context of that call (a context variable, see docs/decisions/0014), so that sentences need not
be handed a language through every function. Texts of definitions are another matter: see :func:`engine.text.pick`.
"""

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from engine.text import Said, fallbacks

if TYPE_CHECKING:
    from gettext import NullTranslations

LANGUAGES: Final = ("en", "zh-Hans", "zh-Hant", "ko")
"""What the program can speak."""

FOLDER: Final = Path(__file__).with_name("locales")
"""Where the catalogues are: ``TAG/LC_MESSAGES/sop.po`` as translators edit it, and ``sop.mo`` made of it."""

DOMAIN: Final = "sop"

Reader = Callable[[], Sequence[str]]
"""Gives the languages somebody reads, best first."""

_spoken: ContextVar["NullTranslations | Reader | None"] = ContextVar("sop_tongue", default=None)


def speak(reader: Reader) -> None:
    """From now on speak the first of the languages of *reader* that there is a catalogue for, else English.

    Args:
        reader: asked when the first sentence is made, and only once: a command that says nothing reads no settings.
    """
    _spoken.set(reader)


def chosen(languages: Sequence[str]) -> str:
    """Which of :data:`LANGUAGES` a reader of *languages* is spoken to in."""
    known = {tag.lower(): tag for tag in LANGUAGES}
    return next((known[tag.lower()] for tag in fallbacks(languages) if tag.lower() in known), "en")


def marked(text: str) -> str:
    """*text* itself; says that it is a message, to be spoken later with :func:`spoken`."""
    return text


def spoken(text: str, /, **parts: Any) -> str:  # noqa: ANN401 - whatever stands in a sentence
    """The message *text* in the language spoken now.

    Args:
        text: the English message, with ``{name}`` for each of *parts*; a literal, here or in :func:`marked`.
        parts: what stands in its places; a part that the engine said is retold. Without any, the message is not a template.
    """
    catalogue = _catalogue()
    if catalogue is None:
        return text.format(**parts) if parts else text
    found = catalogue.gettext(text) if text else text
    return found.format(**_retold(parts)) if parts else found


def spoken_many(one: str, many: str, count: int, /, **parts: Any) -> str:  # noqa: ANN401 - whatever stands in a sentence
    """As :func:`spoken`, of a *count* of things; ``{count}`` stands for it in *one* and *many*."""
    catalogue = _catalogue()
    if catalogue is None:
        return (one if count == 1 else many).format(count=count, **parts)
    return catalogue.ngettext(one, many, count).format(count=count, **_retold(parts))


def retold(sentence: str) -> str:
    """*sentence* in the language spoken now, if the engine remembers what it was made of; else as it is."""
    return spoken(sentence.template, **sentence.parts) if isinstance(sentence, Said) else sentence


def _retold(parts: Mapping[str, Any]) -> dict[str, Any]:
    """*parts* of a sentence, those that are sentences of the engine's in the language of the whole."""
    return {name: retold(part) if isinstance(part, Said) else part for name, part in parts.items()}


def _catalogue() -> "NullTranslations | None":
    held = _spoken.get()
    if not callable(held):
        return held
    _spoken.set(None)  # whatever the reader has to say itself is said in English
    found = _read(chosen(held()))
    _spoken.set(found)
    return found


def _read(tag: str) -> "NullTranslations | None":
    if tag == "en":
        return None
    from gettext import GNUTranslations

    with (FOLDER / tag / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
        return GNUTranslations(file)
