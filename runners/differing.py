"""Changes between versions of a definition in words, one line each."""

from collections.abc import Mapping, Sequence
from typing import Final

from engine.difference import Change
from engine.text import clean
from engine.values import Value
from runners.describing import Words

_NAMED: Final[Mapping[str, str]] = {
    "inputs": "input", "parameters": "parameter", "signals": "signal", "kpis": "figure", "results": "result",
    "schedule": "schedule",
}  # fmt: skip
_INSIDE: Final[Mapping[str, str]] = {"form": "field", "outcomes": "outcome", "branches": "branch"}


def in_words(change: Change, languages: Sequence[str] = (), lang: str = "en") -> str:
    """*change* in one line.

    Args:
        change: from ``engine.difference``.
        languages: in which texts are shown, best first.
        lang: language of the definition's own texts.
    """

    def shown(value: Value) -> str:
        return Words(languages, lang).part(value, _part(change.where))

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
            said = shown(change.after)
            words = f"{place} is new" + (f": {said}" if said else "")
        case "removed", _:
            said = shown(change.before)
            words = f"{place} is gone" + (f" (was {said})" if said else "")
        case _:
            words = f"{place}: {shown(change.before)} → {shown(change.after)}"
    return clean(words)


def _part(where: str) -> str:
    """What kind of part stands at *where*; nothing for what has a name of its own, like a field or a step."""
    root, *rest = where.split(".")
    if root not in {*_NAMED, "permissions", "steps"}:
        return root
    if root == "steps" and _INSIDE.keys() & rest[1:2]:
        rest = rest[2:]
    return rest[-1] if rest[1:] else ""


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
