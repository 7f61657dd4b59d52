"""What changed between two versions of a definition, as facts; sentences are made at the door.

Two canonical documents are compared where people would look: head, roles, parameters, inputs, steps in order, their parts,
and what keeps people apart. Texts are compared as texts; a step that moved is not the same as one that was written anew.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from engine.procedure import Document, Procedure
from engine.values import Value

_HEAD: Final = ("title", "purpose", "scope", "owner", "lang", "prefix", "review_every", "references", "sources", "roles")
_MAPS: Final = ("inputs", "parameters", "signals", "permissions", "kpis", "results")
_INNER: Final = frozenset({"id", "steps", "parallel", "first"})


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    Attributes:
        what: ``added``, ``removed``, ``changed``, ``moved`` or ``renamed``.
        where: dotted place: ``steps.review.due``, ``parameters.review_sla``, ``separate``.
        before: what stood there; None if nothing.
        after: what stands there now; None if nothing.
        meaning: whether it can change what happens in a run; a corrected text does not.
    """

    what: str
    where: str
    before: Value = None
    after: Value = None
    meaning: bool = field(default=True)


def difference(old: Procedure, new: Procedure) -> list[Change]:
    """Every change from *old* to *new*, in the order of the document."""
    return [
        *_head(old.document, new.document),
        *(change for name in _MAPS for change in _map(name, old.document.get(name, {}), new.document.get(name, {}))),
        *_groups(old.document.get("separate", ()), new.document.get("separate", ())),
        *_steps(old, new),
    ]


def _change(where: str, before: Value, after: Value, *, meaning: bool = True) -> Change:
    what = "added" if before is None else "removed" if after is None else "changed"
    return Change(what, where, before, after, meaning)


def _head(old: Document, new: Document) -> Iterator[Change]:
    for name in _HEAD:
        if old.get(name) != new.get(name):
            yield _change(name, old.get(name), new.get(name), meaning=name in {"owner", "roles"})


def _map(name: str, old: Mapping[str, Value], new: Mapping[str, Value]) -> Iterator[Change]:
    for key in dict.fromkeys((*old, *new)):
        if old.get(key) != new.get(key):
            yield _change(f"{name}.{key}", old.get(key), new.get(key), meaning=name != "kpis")


def _groups(old: Sequence[Sequence[str]], new: Sequence[Sequence[str]]) -> Iterator[Change]:
    before, after = {tuple(sorted(group)) for group in old}, {tuple(sorted(group)) for group in new}
    for group in sorted(before - after):
        yield Change("removed", "separate", list(group))
    for group in sorted(after - before):
        yield Change("added", "separate", None, list(group))


def _steps(old: Procedure, new: Procedure) -> Iterator[Change]:
    for name in dict.fromkeys((*old.steps, *new.steps)):
        before, after = old.steps.get(name), new.steps.get(name)
        if before is None or after is None:
            yield _change(f"steps.{name}", before and _plain(before.doc), after and _plain(after.doc))
            continue
        if before.track != after.track or before.kind != after.kind:
            yield Change("moved" if before.kind == after.kind else "changed", f"steps.{name}", before.track, after.track)
        yield from _parts(name, before.doc, after.doc)
    for track in [track for track in old.tracks if track in new.tracks]:
        kept = [step for step in old.tracks[track].steps if step in new.tracks[track].steps]
        if kept != [step for step in new.tracks[track].steps if step in kept]:
            yield Change("moved", f"steps.{track}", list(old.tracks[track].steps), list(new.tracks[track].steps))


def _plain(step: Document) -> dict[str, Value]:
    return {key: value for key, value in step.items() if key not in _INNER}


def _parts(name: str, old: Document, new: Document) -> Iterator[Change]:
    before, after = _plain(old), _plain(new)
    for key in dict.fromkeys((*before, *after)):
        if before.get(key) == after.get(key):
            continue
        if key in {"form", "outcomes"}:
            yield from _map(f"steps.{name}.{key}", before.get(key, {}), after.get(key, {}))
        else:
            meaning = key not in {"title", "instructions", "source"}
            yield _change(f"steps.{name}.{key}", before.get(key), after.get(key), meaning=meaning)
    for kind in ("parallel", "first"):
        gone = set(old.get(kind, {})) ^ set(new.get(kind, {}))
        for branch in sorted(gone):
            there = branch in old.get(kind, {})
            yield Change("removed" if there else "added", f"steps.{name}.{kind}.{branch}")
