"""Changes between versions of a definition in words, one line each."""

from collections.abc import Mapping, Sequence
from typing import Final

from engine.difference import Change
from engine.text import clean
from engine.values import Value
from runners.describing import Words
from runners.refusals import ACTS
from runners.tongue import marked, spoken

_NAMED: Final[Mapping[str, str]] = {
    "inputs": marked("input {name}"), "parameters": marked("parameter {name}"), "signals": marked("signal {name}"),
    "kpis": marked("figure {name}"), "results": marked("result {name}"), "schedule": marked("schedule {name}"),
}  # fmt: skip
_INSIDE: Final[Mapping[str, str]] = {
    "form": marked("field {name}"), "outcomes": marked("outcome {name}"), "branches": marked("branch {name}"),
}  # fmt: skip


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
            words = spoken("step {name} is called {other} now", name=change.before, other=change.after)
        case "moved", "tracks":
            words = f"{place}: {', '.join(change.before)} → {', '.join(change.after)}"
        case "moved", _:
            words = spoken(
                "{place} moved from {track} to {other}", place=place, track=_track(change.before), other=_track(change.after)
            )
        case "removed", "separate":
            words = spoken("one person may do several of {steps} now", steps=", ".join(change.before))
        case "added", "separate":
            words = spoken("nobody may do more than one of {steps} any more", steps=", ".join(change.after))
        case "added", _:
            said = shown(change.after)
            new = marked("{place} is new: {what}") if said else marked("{place} is new")
            words = spoken(new, place=place, what=said)
        case "removed", _:
            said = shown(change.before)
            gone = marked("{place} is gone (was {what})") if said else marked("{place} is gone")
            words = spoken(gone, place=place, what=said)
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
    if track == "main":
        return spoken("the main track")
    if branch:
        return spoken("branch {branch} of {step}", branch=branch, step=owner)
    return spoken("the items of {step}", step=owner)


def _place(where: str) -> str:
    root, _, rest = where.partition(".")
    name, _, more = rest.partition(".")
    if root == "tracks":
        return spoken("order of steps in {track}", track=_track(rest))
    if root == "permissions":
        return spoken("who may {act} beside the lead", act=spoken(ACTS.get(name, name)))
    if root == "steps":
        part, _, deeper = more.partition(".")
        if part in _INSIDE:
            inner, _, last = deeper.partition(".")
            return _joined(spoken("step {name}", name=name), spoken(_INSIDE[part], name=inner), _key(last))
        return _joined(spoken("step {name}", name=name), _key(part), _key(deeper))
    return _joined(spoken(_NAMED[root], name=name), _key(more)) if root in _NAMED else root


def _key(part: str) -> str:
    return part.replace("_", " ")


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
