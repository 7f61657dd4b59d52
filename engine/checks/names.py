"""Whether names and values of the document fit one another: parameters, defaults, other SOPs."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from engine import forms
from engine.checks.codes import Lint
from engine.checks.expressions import Expressions
from engine.checks.outline import GIVEN, Document, Outline, Path, Place, at_key, close, ends, outcomes, warning
from engine.checks.times import moments
from engine.problems import Problem
from engine.scope import field_type
from engine.text import either, said
from engine.timers import due_rule

_NUMBERS: Final = frozenset({"number", "percent", "money", "rating"})
_COUNTS: Final = frozenset({"number", "rating"})
_DATES: Final = frozenset({"date", "datetime"})
_ENDS: Final = frozenset({"done", "cancelled"})
"""Ends that every run can have."""


def check(outline: Outline, expressions: Expressions, known: Mapping[str, Document] | None) -> Iterator[Problem]:
    """Every problem of parameters, field declarations and other SOPs.

    Args:
        outline: the definition.
        expressions: its expressions, compiled.
        known: canonical documents of the SOPs that exist, by id; None when nothing is known of others.
    """
    used = {name for name in expressions.reads if name.startswith("parameters.")}
    for name, path, types in _asked(outline):
        used.add(f"parameters.{name}")
        yield from _parameter(outline, name, path, types)
    for name in outline.document.get("parameters", {}):
        if f"parameters.{name}" not in used:
            yield warning(
                Lint.UNUSED,
                said('nothing uses the parameter "{name}"', name=name),
                ("parameters", name),
                said("use it, or remove it"),
            )
    for fields, path in _declared(outline):
        for name, field in fields.items():
            yield from _field(field, (*path, name))
    yield from _named_ends(outline)
    if known is not None:
        yield from _others(outline, expressions, known)


def _asked(outline: Outline) -> Iterator[tuple[str, Path, frozenset[str] | None]]:
    """Every ``$parameter``: its name, where it stands, and which types fit (None: any)."""
    duration = frozenset({"duration"})
    for step in outline.steps:
        amounts: list[tuple[str, Path]] = []
        amounts += [(due_rule(text).amount, path) for text, path in moments(step)]
        amounts += [(text.removeprefix("-"), (*step.path, "remind", n)) for n, text in enumerate(step.doc.get("remind", ()))]
        amounts += [(way["after"], (*step.path, "escalate", n, "after")) for n, way in enumerate(step.doc.get("escalate", ()))]
        yield from ((text[1:], path, duration) for text, path in amounts if text.startswith("$"))
        counts = [
            (way["rounds"], (*step.path, "outcomes", name, "rounds")) for name, way in outcomes(step).items() if "rounds" in way
        ]
        counts += [
            (way["rounds"], (*step.path, "decide", n, "rounds"))
            for n, way in enumerate(step.doc.get("decide", ()))
            if "rounds" in way
        ]
        counts.append((step.doc.get("approval", {}).get("quorum", 1), (*step.path, "approval", "quorum")))
        yield from ((count[1:], path, _COUNTS) for count, path in counts if isinstance(count, str))
    for name, kpi in outline.document.get("kpis", {}).items():
        aimed = kpi["target"].lstrip("<>= ").replace("parameters.", "$", 1)
        if aimed.startswith("$"):
            yield aimed[1:].strip(), ("kpis", name, "target"), None


def _parameter(outline: Outline, name: str, path: Path, types: frozenset[str] | None) -> Iterator[Problem]:
    parameters = outline.document.get("parameters", {})
    if name not in parameters:
        yield Problem(Lint.UNKNOWN_PARAMETER, said('there is no parameter "{name}"', name=name), path, hint=close(name, parameters))
        return
    parameter = parameters[name]
    if types is not None and (parameter["type"] not in types or parameter.get("decimals") or parameter.get("many")):
        wanted = said("{types} without decimals", types=either(sorted(types))) if types is _COUNTS else either(sorted(types))
        yield Problem(
            Lint.PARAMETER_TYPE,
            said('the parameter "{name}" is a {type}, and must be a {wanted}', name=name, type=parameter["type"], wanted=wanted),
            path,
        )


def _declared(outline: Outline) -> Iterator[tuple[Mapping[str, Document], Path]]:
    for root in ("parameters", "inputs"):
        yield outline.document.get(root, {}), (root,)
    for step in outline.steps:
        yield step.doc.get("form", {}), (*step.path, "form")
    for signal, spec in outline.document.get("signals", {}).items():
        yield spec.get("form", {}), ("signals", signal, "form")


def sound(field: Document) -> bool:
    """Whether *field* is right in itself, so that values can be read with it."""
    return not any(_field(field, ()))


def _field(field: Document, path: Path) -> Iterator[Problem]:
    for name, column in field.get("columns", {}).items():
        yield from _field(column, (*path, "columns", name))
    bounds = {key: _bound(field, key) for key in ("min", "max") if key in field}
    for key, bound in bounds.items():
        if bound is None:
            yield Problem(
                Lint.BOUNDS,
                said("{key} is no bound for a {type}", key=key, type=field["type"]),
                (*path, key),
                hint=_bound_hint(field),
            )
    if len(bounds) > 1 and None not in bounds.values() and bounds["min"] > bounds["max"]:
        yield Problem(Lint.BOUNDS, said("min is greater than max"), (*path, "min"))
    if "pattern" in field and not _compiles(field["pattern"]):
        hint = said("write it without look-around and back references: it is matched in linear time")
        yield Problem(
            Lint.PATTERN, said("the pattern is no regular expression of the linear-time syntax"), (*path, "pattern"), hint=hint
        )
    elif "default" in field and None not in bounds.values():
        _, expected = forms.read(field, field["default"])
        if expected:
            yield Problem(
                Lint.DEFAULT, said("the field refuses its own default: it takes {expected}", expected=expected), (*path, "default")
            )


def _named_ends(outline: Outline) -> Iterator[Problem]:
    """Names for ends that no way leads to."""
    there = {"done", *ends(outline)}
    for name in outline.document.get("ends", {}):
        if name not in there:
            hint = close(name, there) or said("remove it, or let a way lead to it")
            yield at_key(Lint.UNKNOWN_END, said("no way leads to end({name})", name=name), ("ends", name), hint)


def _bound(field: Document, key: str) -> Any:  # noqa: ANN401 - numbers and texts, compared with their like
    """The bound as something to compare, or None when it means nothing for the field."""
    text = str(field[key])
    if field["type"] in _DATES and not field.get("many"):
        unbounded = {name: value for name, value in field.items() if name not in {"min", "max"}}
        found, expected = forms.read(unbounded, text)
        return found if found == text and not expected else None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    whole = number == number.to_integral_value() if number.is_finite() else False
    return number if number.is_finite() and (whole or (field["type"] in _NUMBERS and not field.get("many"))) else None


def _bound_hint(field: Document) -> str:
    if field["type"] == "date":
        return said("write it like 2026-11-22")
    return said("write it like 2026-11-22T13:00:00Z") if field["type"] == "datetime" else said("write a number")


def _compiles(pattern: str) -> bool:
    try:
        forms.read({"type": "text", "pattern": pattern}, "")
    except Exception:  # noqa: BLE001 - whatever the matcher says about a pattern, it is not one
        return False
    return True


def _others(outline: Outline, expressions: Expressions, known: Mapping[str, Document]) -> Iterator[Problem]:
    for number, name in enumerate(outline.document.get("references", ())):
        if name not in known:
            message = said('it refers to the SOP "{name}", which does not exist', name=name)
            yield warning(Lint.UNKNOWN_REFERENCE, message, ("references", number), close(name, known))
    for fields, path in _declared(outline):
        for name, field in fields.items():
            if field.get("sop") and field["sop"] not in known:
                message = said('it asks for a run of "{sop}", which does not exist', sop=field["sop"])
                yield warning(Lint.UNKNOWN_REFERENCE, message, (*path, name, "sop"), close(field["sop"], known))
    for step in outline.steps:
        if step.kind == "run":
            yield from _child(expressions, step, known)


def _child(expressions: Expressions, step: Place, known: Mapping[str, Document]) -> Iterator[Problem]:
    sop = step.doc["run"]
    child = known.get(sop)
    if child is None:
        yield Problem(Lint.UNKNOWN_SOP, said('there is no SOP "{sop}"', sop=sop), (*step.path, "run"), hint=close(sop, known))
        return
    found = step.doc.get("with", {})
    yield from _given(expressions, step, child, "inputs", {name: text for name, text in found.items() if name != "parameters"})
    yield from _given(expressions, step, child, "parameters", found.get("parameters", {}))
    found_ends = {*ends(Outline(child)), *_ENDS}
    for name in step.doc.get("outcomes", {}):
        if name not in found_ends:
            path = (*step.path, "outcomes", name)
            yield at_key(
                Lint.UNKNOWN_END, said('no run of "{sop}" ends as "{name}"', sop=sop, name=name), path, close(name, found_ends)
            )


def _given(expressions: Expressions, step: Place, child: Document, root: str, found: Document) -> Iterator[Problem]:
    """What is wrong with the inputs or the parameters that a run step gives."""
    sop, fields, word = step.doc["run"], child.get(root, {}), GIVEN[root]
    around: Path = (*step.path, "with") if root == "inputs" else (*step.path, "with", root)
    for name in found:
        path = (*around, name)
        if name not in fields:
            code = Lint.UNKNOWN_INPUT if root == "inputs" else Lint.UNKNOWN_PARAMETER
            yield at_key(code, said('"{sop}" has no {word} "{name}"', sop=sop, word=word, name=name), path, close(name, fields))
        elif not _takes(fields[name], expressions.kinds.get(path, "dyn")):
            message = said(
                'the {word} "{name}" of "{sop}" is a {type} and cannot take a {given}',
                word=word,
                name=name,
                sop=sop,
                type=fields[name]["type"],
                given=expressions.kinds[path],
            )
            yield Problem(Lint.RESULT_TYPE, message, path)
    for name, field in fields.items():
        if field.get("required") and "default" not in field and name not in found:
            message = said('"{sop}" needs the {word} "{name}"', sop=sop, word=word, name=name)
            hint = (
                said("with: {{{name}: …}}", name=name)
                if root == "inputs"
                else said("with: {{{root}: {{{name}: …}}}}", root=root, name=name)
            )
            yield Problem(Lint.MISSING_INPUT, message, (*step.path, "run"), hint=hint)


def _takes(field: Document, kind: str) -> bool:
    wanted = field_type(field)
    if kind in {wanted, "dyn"} or (wanted == "double" and kind == "int"):
        return True
    return kind.startswith("list") and wanted.startswith("list")
