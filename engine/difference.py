"""What changed between two versions of a definition, as facts; sentences are made at the door.

Two canonical documents are compared where people would look: head, roles, parameters, inputs, steps in order, their parts,
and what keeps people apart. Texts are compared as texts; a step that moved is not the same as one that was written anew.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Final

from engine.frozen import frozen
from engine.procedure import Document, Procedure, Step, branches
from engine.schedules import named
from engine.values import Value

_HEAD: Final = ("title", "purpose", "scope", "owner", "lang", "prefix", "review_every", "references", "sources", "roles")
_MAPS: Final = ("inputs", "parameters", "signals", "permissions", "kpis", "results", "ends")
_INNER: Final = frozenset({"id", "steps", "parallel", "first"})
"""What of a step is compared elsewhere."""
_TIMES: Final = frozenset({"due", "remind", "escalate"})
"""What may differ in a step that has another name, and it is still the same step."""
_WORDS: Final = frozenset(
    {"title", "purpose", "scope", "lang", "label", "help", "instructions", "source", "sources", "references", "confidence",
     "unit", "review_every"}
)  # fmt: skip
"""What nothing in a run depends on."""


@frozen
class Change:
    """One difference.

    Attributes:
        what: ``added``, ``removed``, ``changed``, ``moved`` or ``renamed`` (a step; ``before`` and ``after`` are its names).
        where: dotted place: ``steps.review.due``, ``steps.write.form.copy.required``, ``parameters.review_sla``, ``separate``,
            ``tracks.main`` for the order of steps in a track.
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
    """Every change from *old* to *new*, in the order of the document. What only follows from a new name is not told."""
    renamed = _renamed(old, new)
    return [
        *_head(old.document, new.document),
        *(change for name in _MAPS for change in _map(name, old.document.get(name, {}), new.document.get(name, {}))),
        *_map("schedule", named(old.document), named(new.document)),
        *_groups(_called(old.document.get("separate", ()), renamed), new.document.get("separate", ())),
        *_steps(old, new, renamed),
    ]


def _change(where: str, before: Value, after: Value, *, meaning: bool = True) -> Change:
    what = "added" if before is None else "removed" if after is None else "changed"
    return Change(what, where, before, after, meaning)


def _meant(where: str) -> bool:
    """Whether what stands at *where* can change what happens in a run."""
    return where.rpartition(".")[2] not in _WORDS and not where.startswith(("kpis.", "ends."))


def _head(old: Document, new: Document) -> Iterator[Change]:
    for name in _HEAD:
        if old.get(name) != new.get(name):
            yield _change(name, old.get(name), new.get(name), meaning=_meant(name))


def _map(name: str, old: Mapping[str, Value], new: Mapping[str, Value]) -> Iterator[Change]:
    """Entries that came, went, or have other parts."""
    for key in dict.fromkeys((*old, *new)):
        before, after, where = old.get(key), new.get(key), f"{name}.{key}"
        if before == after:
            continue
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            for part in dict.fromkeys((*before, *after)):
                if before.get(part) != after.get(part):
                    yield _change(f"{where}.{part}", before.get(part), after.get(part), meaning=_meant(f"{where}.{part}"))
        else:
            yield _change(where, before, after, meaning=_meant(f"{where}.entry"))


def _groups(old: Sequence[Sequence[str]], new: Sequence[Sequence[str]]) -> Iterator[Change]:
    before, after = {tuple(sorted(group)) for group in old}, {tuple(sorted(group)) for group in new}
    for group in sorted(before - after):
        yield Change("removed", "separate", list(group))
    for group in sorted(after - before):
        yield Change("added", "separate", None, list(group))


def _steps(old: Procedure, new: Procedure, renamed: Mapping[str, str]) -> Iterator[Change]:
    for name in dict.fromkeys((*old.steps, *new.steps)):
        before, after = old.steps.get(name), new.steps.get(name)
        if name in renamed:
            yield Change("renamed", f"steps.{renamed[name]}", name, renamed[name])
            yield from _step(renamed[name], old.steps[name], new.steps[renamed[name]], renamed)
        elif before is None or after is None:
            if name not in renamed.values():
                yield _change(f"steps.{name}", before and _whole(before.doc), after and _whole(after.doc))
        else:
            yield from _step(name, before, after, renamed)
    for track in [track for track in old.tracks if track in new.tracks]:
        both = [[renamed.get(step, step) for step in old.tracks[track].steps], list(new.tracks[track].steps)]
        orders = [[step for step in steps if step in both[0] and step in both[1]] for steps in both]
        if orders[0] != orders[1]:
            yield Change("moved", f"tracks.{track}", orders[0], orders[1])


def _step(name: str, before: Step, after: Step, renamed: Mapping[str, str]) -> Iterator[Change]:
    if before.kind != after.kind:
        yield Change("changed", f"steps.{name}.kind", before.kind, after.kind)
    owner, dot, branch = before.track.partition(".")
    if f"{renamed.get(owner, owner)}{dot}{branch}" != after.track:
        yield Change("moved", f"steps.{name}", before.track, after.track)
    yield from _parts(name, _named(before.doc, renamed), after.doc)


def _renamed(old: Procedure, new: Procedure) -> dict[str, str]:
    """Old name to new name of steps that are the same but for it, or for it and their times, where there is only one such pair."""
    found: dict[str, str] = {}
    for but in ({"id"}, {"id", *_TIMES}):
        gone = [name for name in old.steps if name not in new.steps and name not in found]
        come = [name for name in new.steps if name not in old.steps and name not in found.values()]
        pairs = [(a, b) for a in gone for b in come if _same(old.steps[a].doc, new.steps[b].doc, but)]
        ones, others = [one for one, _ in pairs], [other for _, other in pairs]
        found |= {a: b for a, b in pairs if ones.count(a) == 1 and others.count(b) == 1}
    return found


def _named(step: Document, renamed: Mapping[str, str]) -> Document:
    """*step* as it would stand there if the steps it names had their new names already."""
    named = {"of", "to", "then", "else", "same_as", "cancels", "separate"}

    def told(part: Value, key: str) -> Value:
        if isinstance(part, Mapping):
            return {name: told(value, name) for name, value in part.items()}
        if isinstance(part, list) and key not in named:
            return [told(value, key) for value in part]
        return _called(part, renamed) if key in named else part

    return {name: told(value, name) for name, value in step.items()} if renamed else step


def _called(value: Value, renamed: Mapping[str, str]) -> Value:
    """Names of steps in *value* (one, a list, or a list of lists) as they are called now."""
    if isinstance(value, list | tuple):
        return [_called(item, renamed) for item in value]
    return renamed.get(value, value) if isinstance(value, str) else value


def _same(old: Document, new: Document, but: set[str]) -> bool:
    return {key: value for key, value in old.items() if key not in but} == {
        key: value for key, value in new.items() if key not in but
    }


def _plain(step: Document) -> dict[str, Value]:
    return {key: value for key, value in step.items() if key not in _INNER}


def _whole(step: Document) -> dict[str, Value]:
    """A step that is told whole: its branches too, without their steps."""
    return _plain(step) | {key: _bodies(step) for key in ("parallel", "first") if key in step}


def _parts(name: str, old: Document, new: Document) -> Iterator[Change]:
    before, after = _plain(old), _plain(new)
    for key in dict.fromkeys((*before, *after)):
        where = f"steps.{name}.{key}"
        if before.get(key) == after.get(key):
            continue
        if key in {"form", "outcomes", "approval", "wait"}:
            yield from _map(where, before.get(key, {}), after.get(key, {}))
        else:
            yield _change(where, before.get(key), after.get(key), meaning=_meant(where))
    yield from _map(f"steps.{name}.branches", _bodies(old), _bodies(new))


def _bodies(step: Document) -> dict[str, Value]:
    """The branches of a step without their steps, which are compared one by one."""
    return {name: {key: value for key, value in body.items() if key != "steps"} for name, body in branches(step).items()}
