"""Whether the times make sense: what a due date counts from, and what hangs on a due date."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from engine.checks.codes import Lint
from engine.checks.outline import Outline, Path, Place, close, columns
from engine.problems import Problem
from engine.scope import Scopes
from engine.text import said
from engine.timers import due_rule, dues, length

_LONGEST: Final = 36_525
"""Days. A due date in a hundred years is a slip, and far beyond it no calendar goes."""
_DIGITS: Final = 100
"""Characters. Whatever has more is no length of time that can be read as a number."""
_DATES: Final = frozenset({"date", "datetime"})
_FIXED: Final = ("start", "ready")


def moments(step: Place) -> Iterator[tuple[str, Path]]:
    """Every moment that *step* counts from something, as a ``due`` is written: its due date, and what it waits for."""
    several = isinstance(step.doc.get("due"), list)
    for number, (when, text) in enumerate(dues(step.doc)):
        yield text, (*step.path, "due", *((number, "due" if when else "else") if several else ()))
    for key in ("for", "until"):
        if key in step.doc.get("wait", {}):
            yield step.doc["wait"][key], (*step.path, "wait", key)


def check(outline: Outline, scopes: Scopes) -> Iterator[Problem]:
    """Every problem of due dates, reminders and escalations."""
    for step in outline.steps:
        for text, path in moments(step):
            yield from _due(outline, scopes, step, text, path)
        for key in ("remind", "escalate"):
            if key in step.doc and "due" not in step.doc:
                message = said('"{id}" has {key} and no due', id=step.id, key=key)
                yield Problem(Lint.WITHOUT_DUE, message, (*step.path, key), hint=said("add due, or remove {key}", key=key))
        for number, text in enumerate(step.doc.get("remind", ())):
            yield from _amount(text.removeprefix("-"), (*step.path, "remind", number))
        for number, way in enumerate(step.doc.get("escalate", ())):
            yield from _amount(way["after"], (*step.path, "escalate", number, "after"))
    for name, parameter in outline.document.get("parameters", {}).items():
        if parameter["type"] == "duration" and isinstance(parameter.get("default"), str):
            yield from _amount(parameter["default"], ("parameters", name, "default"))


def _amount(text: str, path: Path) -> Iterator[Problem]:
    try:
        found = length(text)
    except ValueError:  # a parameter; or a default that its own field refuses, which is told elsewhere
        too_long = len(text) > _DIGITS
    else:
        too_long = found.days + found.seconds // 86_400 > _LONGEST
    if too_long:
        yield Problem(Lint.TOO_LONG, said("{length} is longer than a hundred years", length=text[:40]), path)


def _word(path: Path) -> str:
    """What the moment at *path* is called."""
    return "due" if path[-1] == "else" else str(path[-1])


def _due(outline: Outline, scopes: Scopes, step: Place, text: str, path: Path) -> Iterator[Problem]:
    rule = due_rule(text)
    word = _word(path)
    yield from _amount(rule.amount, path)
    anchor, _, field = rule.anchor.partition(".")
    if not anchor or (anchor in _FIXED and not field):
        return
    if field:
        yield from _field(outline, scopes, step, rule.anchor, path)
    elif anchor not in outline.by_id:
        hint = close(anchor, (*outline.by_id, *_FIXED))
        yield Problem(
            Lint.DUE_ANCHOR, said('{key} counts from "{anchor}", which is no step', key=word, anchor=anchor), path, hint=hint
        )
    elif rule.sign < 0:
        message = said('{key} is before "{anchor}", and nobody knows when that will be done', key=word, anchor=anchor)
        yield Problem(
            Lint.DUE_ANCHOR, message, path, hint=said("count from the start, from a step done before, or from a date field")
        )
    else:
        yield from _anchored(outline, step, outline.by_id[anchor], path)


def _anchored(outline: Outline, step: Place, anchor: Place, path: Path) -> Iterator[Problem]:
    if anchor is step:
        message = said('{key} of "{step}" counts from "{step}" itself', key=_word(path), step=step.id)
        yield Problem(Lint.DUE_ITSELF, message, path, hint=said("without an anchor it counts from when the task became ready"))
    elif not outline.before(anchor, step):
        message = said(
            '{key} counts from "{anchor}", which cannot have been done before "{step}"',
            key=_word(path),
            anchor=anchor.id,
            step=step.id,
        )
        yield Problem(Lint.DUE_ITSELF, message, path)


def _field(outline: Outline, scopes: Scopes, step: Place, anchor: str, path: Path) -> Iterator[Problem]:
    root, _, name = anchor.partition(".")
    items = columns(outline, step)
    field = (items.get(root) or _fields(outline, root)).get(name)
    if field is None or field["type"] not in _DATES or not (items.get(root) or anchor in scopes.at(step.id)):
        hint = close(anchor, _dates(outline, scopes, step))
        message = (
            said('{key} counts from "{anchor}", which is a {type}, not a date', key=_word(path), anchor=anchor, type=field["type"])
            if field
            else said('{key} counts from "{anchor}", which is no date field here', key=_word(path), anchor=anchor)
        )
        yield Problem(Lint.DUE_ANCHOR, message, path, hint=hint)
    elif root != "inputs" and root not in items:
        yield from _anchored(outline, step, outline.by_id[root], path)


def _fields(outline: Outline, root: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = {}
    if root == "inputs":
        found = outline.document.get("inputs", {})
    elif root in outline.by_id:
        doc = outline.by_id[root].doc
        signal = outline.document.get("signals", {}).get(doc.get("wait", {}).get("signal"), {})
        found = {**signal.get("form", {}), **doc.get("form", {})}
    return found


def _dates(outline: Outline, scopes: Scopes, step: Place) -> list[str]:
    """The date fields that a due of *step* may count from, with the date columns of its items."""
    found = [f"{i}.{c}" for i, row in columns(outline, step).items() for c, body in row.items() if body["type"] in _DATES]
    for name in scopes.at(step.id):
        root, _, field = name.partition(".")
        kind = _fields(outline, root).get(field, {}).get("type")
        if kind in _DATES:
            found.append(name)
    return found
