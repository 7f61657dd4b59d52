"""Parts of a definition in words: what a step, a field, an outcome or a choice says, without its punctuation."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from engine.procedure import Document
from engine.text import pick
from engine.values import Value
from runners.refusals import TYPES
from runners.tongue import marked, spoken

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
            return spoken("nothing")
        if isinstance(value, Mapping):
            return self._several(value, key)
        if isinstance(value, list | tuple):
            between = "; " if any(isinstance(item, Mapping) for item in value) else ", "
            return between.join(self.part(item, f"each {key}") for item in value) or spoken("nothing")
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
            kind = str(value["type"])
            kind = spoken(kind) if kind in TYPES else kind
            yield spoken("required {type}", type=kind) if value.get("required") else kind
            value = {name: one for name, one in value.items() if name not in {"type", "required"}}
        for key in sorted(value, key=lambda name: _ORDER.get(name, len(_ORDER))):
            say = _SAID.get(key)
            yield say(self, value[key]) if say else self._plain(key, value[key])

    def _plain(self, key: str, value: Value) -> str:
        """A part that has no sentence of its own."""
        name = key.replace("_", " ")
        return name if value is True else spoken("not {name}", name=name) if value is False else f"{name} {self.part(value, key)}"

    def approval(self, value: Document) -> str:
        """Who decides, how many of them, and about what."""
        clauses = [spoken("decided by {role}", role=value["role"])]
        if (quorum := value.get("quorum", 1)) != 1:
            clauses.append(spoken("{quorum} of whom have to agree", quorum=quorum))
        if value.get("of"):
            clauses.append(spoken("about {steps}", steps=", ".join(value["of"])))
        return ", ".join(clauses)

    def tracks(self, value: Document, how: str) -> str:
        """Branches with their conditions."""
        told = [f"{name} ({self.part(body)})" if body else name for name, body in value.items()]
        return spoken(how, branches=", ".join(told))


def _lead(_: Words, value: Value) -> str:
    if value is True:
        return spoken("for the lead of the run")
    return spoken("for whoever leads the person who did {step}", step=value)


def _target(_: Words, value: Value) -> str:
    return value if value in {"next", "leave"} or value.startswith("end") else spoken("to {target}", target=value)


def _for_each(_: Words, value: Document) -> str:
    return ", ".join(spoken("once for each {name} in {items}", name=name, items=items) for name, items in value.items())


_SAID: Final[Mapping[str, Callable[[Words, Value], str]]] = {
    "role": lambda _, v: spoken("done by {role}", role=v),
    "approval": Words.approval,
    "decide": lambda w, v: spoken("decides by itself: {ways}", ways=w.part(v)),
    "parallel": lambda w, v: w.tracks(v, marked("at the same time {branches}")),
    "first": lambda w, v: w.tracks(v, marked("whichever happens first of {branches}")),
    "for_each": _for_each,
    "run": lambda _, v: spoken("runs {sop}", sop=v),
    "wait": lambda w, v: spoken("waits {what}", what=w.part(v)),
    "to": _target,
    "otherwise": lambda w, v: spoken("otherwise {target}", target=_target(w, v)),
    "else": lambda w, v: spoken("otherwise {target}", target=_target(w, v)),
    "form": lambda w, v: spoken("asks for {fields}", fields=w.part(v, "form")),
    "when": lambda _, v: spoken("only when {condition}", condition=v),
    "while": lambda _, v: spoken("only while {condition}", condition=v),
    "same_as": lambda _, v: spoken("by whoever did {step}", step=v),
    "from": lambda _, v: spoken("for the person in {field}", field=v),
    "drill": lambda _, v: spoken("as a drill") if v else spoken("not as a drill"),
    "not_from": lambda _, v: spoken("not for whoever is named in {fields}", fields=", ".join(v)),
    "lead": _lead,
    "skill": lambda _, v: spoken("needs the skill {skill}", skill=v),
    "outcomes": lambda w, v: spoken("ends with {outcomes}", outcomes=w.part(v, "outcomes")),
    "reason": lambda _, v: spoken("reason {what}", what=v),
    "rounds": lambda _, v: spoken("at most {rounds} rounds", rounds=v),
    "then": lambda w, v: spoken("then {target}", target=_target(w, v)),
    "remind": lambda w, v: spoken("reminds {when}", when=w.part(v)),
    "escalate": lambda w, v: spoken("escalates {ways}", ways=w.part(v)),
    "value": lambda _, v: spoken("computed as {expression}", expression=v),
    "with": lambda w, v: spoken(
        "with {values}", values=", ".join(f"{name} = {w.part(one)}" for name, one in v.items())
    ),
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
