"""One definition in one language: what its steps, fields, roles and times are called."""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from typing import Any, Final, Self

from engine.procedure import Procedure, branches
from engine.text import clean, pick
from runners.handbook.blocks import Bit
from runners.handbook.speech import Speech, words_tag

_DUE: Final = re.compile(r"(?P<time>.+?)(?: (?P<side>after|before) (?P<anchor>\S+))?")
_NOTHING: Final = re.compile(r"-?(0 .*|P(T?0[A-Z])+)")
_FIELD: Final = re.compile(r"\s*\w+\.\w+")
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_USUAL: Final = frozenset({"done", "approve", "reject"})
"""Outcomes that there are words for where a definition has none."""
Texts = Mapping[str, str]


class Voice(Speech):
    """What is said about one definition.

    Args:
        procedure: the definition.
        languages: what the reader wants, best first.
        roles: the catalogue of roles.
        titles: SOP to its title, of all SOPs of the handbook.

    Attributes:
        here: id of the step that is spoken about; its own fields need no number of a step.
    """

    here = ""

    def __init__(
        self, procedure: Procedure, languages: Sequence[str], roles: Mapping[str, Mapping[str, Any]], titles: Mapping[str, Texts]
    ) -> None:
        super().__init__(words_tag(languages))
        self.procedure = procedure
        self.document = procedure.document
        self.languages = languages
        self.numbers = dict(numbered(procedure.document["steps"]))
        self._roles = roles
        self._titles = titles
        self._items = {
            item: self._list(text) for step in procedure.steps.values() for item, text in step.doc.get("for_each", {}).items()
        }

    def at(self, step: str) -> Self:
        """The same, speaking about *step*."""
        other = copy(self)
        other.here = step
        return other

    def said(self, texts: Texts | str | None) -> Bit:
        """The text for the reader; marked with its language if that is not the page's."""
        return said(texts, self.languages, self.procedure.lang, self.tag)

    def plain(self, texts: Texts | str | None) -> str:
        """The same on one line without the mark."""
        return " ".join(self.said(texts).text.split())

    def role(self, role: str) -> str:
        """What *role* is called."""
        return self.plain(self._roles.get(role, {}).get("title")) or spaced(role)

    def sop(self, sop: str) -> str:
        """What another SOP is called."""
        return self.plain(self._titles.get(sop)) or spaced(sop)

    def title(self, step: str) -> str:
        """What *step* is called."""
        found = self.procedure.steps.get(step)
        return self.plain(found.doc.get("title") if found else None) or spaced(step)

    def numbered_title(self, step: str) -> str:
        """The number and the title of *step*."""
        return f"{self.numbers[step]} {self.title(step)}" if step in self.numbers else self.title(step)

    def step_n(self, step: str) -> str:
        """*step* by its number."""
        return self.w("say.step_n", n=self.numbers[step]) if step in self.numbers else self.quoted(spaced(step))

    def figure(self, asked: str) -> str:
        """A figure by its title, and its target: what ``NAME.met``, ``NAME.value`` and ``NAME.target`` of a condition mean."""
        name, _, part = asked.partition(".")
        title = self.quoted(self.plain(self.document["kpis"][name].get("title")) or spaced(name))
        return self.w("say.target_of", a=title) if part == "target" else title

    def end(self, name: str) -> str:
        """What an end of the run is called."""
        return self.plain(self.document.get("ends", {}).get(name)) or spaced(name)

    def label(self, name: str, field: Mapping[str, Any]) -> str:
        """What a field, a parameter or an input is called."""
        return self.plain(field.get("label")) or spaced(name)

    def time(self, text: str) -> str:
        """A length of time; a parameter is said by its value."""
        text = text.removeprefix("-")
        if not text.startswith("$"):
            return self.duration(text)
        field = self.document.get("parameters", {}).get(text[1:], {})
        if "default" in field:
            return self.duration(str(field["default"]))
        return self.w("say.as_set", name=self.quoted(self.label(text[1:], field)))

    def outcome(self, name: str) -> str:
        """What an outcome without a label is called."""
        return self.w(f"step.{name}") if name in _USUAL else spaced(name)

    def count(self, value: int | str) -> str:
        """A number, or the value of a parameter."""
        return self.time(value) if isinstance(value, str) else str(value)

    def due(self, text: str) -> str:
        """When something is due."""
        found = _DUE.fullmatch(text)
        assert found is not None  # noqa: S101 - any text fits
        if not found["anchor"]:
            return self.time(found["time"])
        what = self._anchor(found["anchor"])
        time = self.time(found["time"])
        if _NOTHING.fullmatch(found["time"]) or time == self.amount(0, "second"):
            return self.w("say.at", what=what)
        return self.w(f"say.{found['side']}", time=time, what=what)

    def _anchor(self, anchor: str) -> str:
        step, _, field = anchor.partition(".")
        if anchor == "start":
            return self.w("say.the_start")
        if step in self.procedure.steps and not field:
            return self.w("say.done_of", n=self.numbers[step])
        return self.field_of(step, field)

    def field_of(self, step: str, field: str) -> str:
        """A field by its label and where it is filled in."""
        if step == "inputs":
            found = self.document.get("inputs", {}).get(field, {})
            return self.bracketed(self.quoted(self.label(field, found)), self.w("say.at_the_start"))
        if step in self._items:
            listed = self._items[step]
            label = self.quoted(self.label(field, listed.get("columns", {}).get(field, {})))
            return self.bracketed(label, self.w("say.entry_of", list=self.quoted(self.label(step, listed))))
        label = self.quoted(self.label(field, self.form(step).get(field, {})))
        return label if step == self.here else self.bracketed(label, self.step_n(step))

    def _list(self, text: str) -> Mapping[str, Any]:
        """The field whose entries the expression *text* gives; nothing where it begins with something else."""
        step, _, field = (found[0] if (found := _FIELD.match(text)) else "").strip().partition(".")
        fields: Mapping[str, Mapping[str, Any]] = self.document.get("inputs", {}) if step == "inputs" else self.form(step)
        return fields.get(field, {})

    def form(self, step: str) -> Mapping[str, Mapping[str, Any]]:
        """What is recorded at *step*, be it by people or by a signal."""
        found = self.procedure.steps.get(step)
        if not found:
            return {}
        signal = found.doc.get("wait", {}).get("signal")
        form: Mapping[str, Mapping[str, Any]] = self.document.get("signals", {}).get(signal, {}).get("form", found.form)
        return form

    def region(self, region: str) -> str:
        """A branch or the items of a step, as what an outcome ends."""
        step, _, branch = region.partition(".")
        found = self.procedure.steps.get(step)
        inner = branches(found.doc).get(branch, {}) if found and branch else {}
        return self.quoted(self.plain(inner.get("title")) or spaced(branch) if branch else self.title(step))


def said(texts: Texts | str | None, languages: Sequence[str], own: str, page: str) -> Bit:
    """The best of *texts* for a reader of *languages*, marked with its language if that is not that of the *page*."""
    if isinstance(texts, str):
        texts = {"": texts}
    text = pick(texts, languages, own)
    tags = [tag or own for tag, one in (texts or {}).items() if one == text]
    lang = "" if not text or page in tags else tags[0]
    return Bit(clean(text, lines=True), lang=lang)


def field_value(voice: Voice, field: Mapping[str, Any], value: object) -> str:
    """A value of *field* as a definition writes it."""
    if isinstance(value, bool):
        return voice.w("yes" if value else "no")
    if isinstance(value, list):
        return voice.listed([field_value(voice, field, one) for one in value])
    if field["type"] == "duration":
        return voice.duration(str(value))
    text = voice.plain(field.get("options", {}).get(str(value))) or clean(str(value))
    return " ".join(part for part in (text, field.get("currency"), voice.unit(field.get("unit") or "")) if part)


def spaced(name: str) -> str:
    """An id as words."""
    return clean(name.replace("_", " "))


def numbered(steps: Sequence[Mapping[str, Any]], before: str = "") -> Iterator[tuple[str, str]]:
    """Every step with its number: ``3``, in its second branch ``3b.1``, in its items ``3.1``."""
    for number, step in enumerate(steps, start=1):
        yield step["id"], f"{before}{number}"
        for place, branch in enumerate(branches(step).values()):
            letter = _LETTERS[place % len(_LETTERS)] * (place // len(_LETTERS) + 1)
            yield from numbered(branch["steps"], f"{before}{number}{letter}.")
        if "for_each" in step:
            yield from numbered(step["steps"], f"{before}{number}.")
