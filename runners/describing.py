"""Parts of a definition in words: what a step, a field, an outcome or a choice says, without its punctuation."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from engine.procedure import Document
from engine.text import pick
from engine.values import Value

_MOST: Final = 80
"""Characters of a text for people that are shown; what a run is decided by is always shown whole."""

_TEXTS: Final = frozenset({"title", "purpose", "scope", "label", "help", "instructions"})
_LABELLED: Final = frozenset({"options", "items"})
_FIELDS: Final = frozenset({"form", "columns"})


class Words(NamedTuple):
    """How texts are shown.

    Attributes:
        languages: best first.
        lang: language of the definition's own texts.
    """

    languages: Sequence[str] = ()
    lang: str = "en"

    def part(self, value: Value, key: str = "") -> str:
        """*value* of the part *key* in words; nothing for what says nothing more than that it is there."""
        if value is None:
            return "nothing"
        if isinstance(value, Mapping):
            return self._several(value, key)
        if isinstance(value, list | tuple):
            between = "; " if any(isinstance(item, Mapping) for item in value) else ", "
            return between.join(self.part(item, f"each {key}") for item in value) or "nothing"
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def _several(self, value: Document, key: str) -> str:
        if key in _TEXTS:
            text = f'"{pick(value, self.languages, self.lang)}"'
            return text if len(text) <= _MOST else text[: _MOST - 1] + "…"
        if key in _LABELLED:
            return ", ".join(value)
        if key in _FIELDS:
            return ", ".join(f"{name} ({self.part(one)})" for name, one in value.items())
        if key == "outcomes":
            return ", ".join(f"{name} ({self.part({'to': 'next', **one})})" for name, one in value.items())
        return "; ".join(self._clauses(value)) if _KINDS & value.keys() else ", ".join(self._clauses(value))

    def _clauses(self, value: Document) -> Iterator[str]:
        """Each part of *value* as a clause, what matters first."""
        if "type" in value:
            yield ("required " if value.get("required") else "") + str(value["type"])
            value = {name: one for name, one in value.items() if name not in {"type", "required"}}
        for key in sorted(value, key=lambda name: _ORDER.get(name, len(_ORDER))):
            say = _SAID.get(key)
            yield say(self, value[key]) if say else self._plain(key, value[key])

    def _plain(self, key: str, value: Value) -> str:
        """A part that has no sentence of its own."""
        name = key.replace("_", " ")
        return name if value is True else f"not {name}" if value is False else f"{name} {self.part(value, key)}"

    def approval(self, value: Document) -> str:
        """Who decides, how many of them, and about what."""
        words = f"decided by {value['role']}"
        if (quorum := value.get("quorum", 1)) != 1:
            words += f", {quorum} of whom have to agree"
        return words + (f", about {', '.join(value['of'])}" if value.get("of") else "")

    def tracks(self, value: Document, how: str) -> str:
        """Branches with their conditions."""
        told = [f"{name} ({self.part(body)})" if body else name for name, body in value.items()]
        return f"{how} {', '.join(told)}"


def _lead(_: Words, value: Value) -> str:
    return "for the lead of the run" if value is True else f"for whoever leads the person who did {value}"


def _target(_: Words, value: Value) -> str:
    return value if value in {"next", "leave"} or value.startswith("end") else f"to {value}"


def _for_each(_: Words, value: Document) -> str:
    return ", ".join(f"once for each {name} in {items}" for name, items in value.items())


_SAID: Final[Mapping[str, Callable[[Words, Value], str]]] = {
    "role": lambda _, v: f"done by {v}",
    "approval": Words.approval,
    "decide": lambda w, v: f"decides by itself: {w.part(v)}",
    "parallel": lambda w, v: w.tracks(v, "at the same time"),
    "first": lambda w, v: w.tracks(v, "whichever happens first of"),
    "for_each": _for_each,
    "run": lambda _, v: f"runs {v}",
    "wait": lambda w, v: f"waits {w.part(v)}",
    "to": _target,
    "otherwise": lambda w, v: f"otherwise {_target(w, v)}",
    "else": lambda w, v: f"otherwise {_target(w, v)}",
    "form": lambda w, v: f"asks for {w.part(v, 'form')}",
    "when": lambda _, v: f"only when {v}",
    "while": lambda _, v: f"only while {v}",
    "same_as": lambda _, v: f"by whoever did {v}",
    "from": lambda _, v: f"for the person in {v}",
    "lead": _lead,
    "skill": lambda _, v: f"needs the skill {v}",
    "outcomes": lambda w, v: f"ends with {w.part(v, 'outcomes')}",
    "reason": lambda _, v: f"reason {v}",
    "rounds": lambda _, v: f"at most {v} rounds",
    "then": lambda w, v: f"then {_target(w, v)}",
    "remind": lambda w, v: f"reminds {w.part(v)}",
    "escalate": lambda w, v: f"escalates {w.part(v)}",
    "value": lambda _, v: f"computed as {v}",
    "with": lambda w, v: "with " + ", ".join(f"{name} = {w.part(one)}" for name, one in v.items()),
}  # fmt: skip
_ORDER: Final = {
    name: place
    for place, name in enumerate(
        (
            "role",
            "approval",
            "decide",
            "parallel",
            "first",
            "for_each",
            "run",
            "wait",
            "otherwise",
            "else",
            "to",
            "title",
            "when",
            "while",
            "form",
            "due",
        )
    )
}
_KINDS: Final = frozenset({"role", "approval", "decide", "parallel", "first", "for_each", "run", "wait"})
"""What a step has one of: its clauses have commas of their own."""
