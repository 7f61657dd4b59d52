"""Changes between versions of a definition in words, one line each."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from engine.difference import Change
from engine.procedure import Document
from engine.text import clean, pick
from engine.values import Value

_MOST: Final = 80
"""Characters of a value that are shown."""

_NAMED: Final[Mapping[str, str]] = {
    "inputs": "input", "parameters": "parameter", "signals": "signal", "kpis": "figure", "results": "result",
    "schedule": "schedule",
}  # fmt: skip
_INSIDE: Final[Mapping[str, str]] = {"form": "field", "outcomes": "outcome", "branches": "branch"}
_TEXTS: Final = frozenset({"title", "purpose", "scope", "label", "help", "instructions"})


def in_words(change: Change, languages: Sequence[str] = (), lang: str = "en") -> str:
    """*change* in one line.

    Args:
        change: from ``engine.difference``.
        languages: in which texts are shown, best first.
        lang: language of the definition's own texts.
    """

    def shown(value: Value) -> str:
        return _shown(value, change.where.rpartition(".")[2], languages, lang)

    place = _place(change.where)
    match change.what, change.where.partition(".")[0]:
        case "renamed", _:
            words = f"step {change.before} is called {change.after} now"
        case "moved", "tracks":
            words = f"{place}: {', '.join(change.before)} → {', '.join(change.after)}"
        case "moved", _:
            words = f"{place} moved from {_track(change.before)} to {_track(change.after)}"
        case "removed", "separate":
            words = f"one person may do several of {', '.join(change.before)} now"
        case "added", "separate":
            words = f"nobody may do more than one of {', '.join(change.after)} any more"
        case "added", _:
            words = f"{place} is new: {shown(change.after)}"
        case "removed", _:
            words = f"{place} is gone (was {shown(change.before)})"
        case _:
            words = f"{place}: {shown(change.before)} → {shown(change.after)}"
    return clean(words)


def _track(track: str) -> str:
    owner, _, branch = track.partition(".")
    return "the main track" if track == "main" else f"branch {branch} of {owner}" if branch else f"the items of {owner}"


def _place(where: str) -> str:
    root, _, rest = where.partition(".")
    name, _, more = rest.partition(".")
    if root == "tracks":
        return f"order of steps in {_track(rest)}"
    if root == "permissions":
        return f"who may {name} beside the lead"
    if root == "steps":
        part, _, deeper = more.partition(".")
        if part in _INSIDE:
            inner, _, last = deeper.partition(".")
            return _joined(f"step {name}", f"{_INSIDE[part]} {inner}", last)
        return _joined(f"step {name}", part, deeper)
    return _joined(f"{_NAMED[root]} {name}", more) if root in _NAMED else root


def _joined(*parts: str) -> str:
    return ", ".join(part.replace("_", " ") if place else part for place, part in enumerate(parts) if part)


def _shown(value: Value, part: str, languages: Sequence[str], lang: str) -> str:
    if value is None:
        return "nothing"
    if part in _TEXTS and isinstance(value, dict):
        text = f'"{pick(value, languages, lang)}"'
    elif isinstance(value, dict):
        text = _summary(value)
    elif isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        text = ", ".join(value) or "nothing"
    else:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _MOST else text[: _MOST - 1] + "…"


def _summary(value: Document) -> str:
    """A step, a field or another part with several parts, by what matters first."""
    if "role" in value:
        return f"done by {value['role']}"
    if isinstance(value.get("approval"), dict):
        return f"decided by {value['approval']['role']}"
    if "type" in value:
        return ("required " if value.get("required") else "") + str(value["type"])
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
