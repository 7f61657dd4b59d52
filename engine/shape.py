"""From plain data to the models, and from what the models refuse to problems in our own words.

The model library describes a problem by its own inner path (tags of unions, names of validators) and in its own words.
Here each becomes a path through the document as written, a stable code, and a sentence that says what was expected.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from engine import definition as d
from engine import dues as m
from engine import steps as t
from engine.checks.codes import Lint
from engine.definition import Definition
from engine.fields import Column, FormField, Parameter
from engine.places import AT_KEY
from engine.problems import Problem
from engine.text import both, either, said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

Path = tuple[str | int, ...]

_STEPS: Final[Mapping[str, type[BaseModel]]] = {
    "role": t.TaskStep, "approval": t.ApprovalStep, "decide": t.DecisionStep, "parallel": t.ParallelStep,
    "first": t.FirstStep, "for_each": t.ForEachStep, "run": t.RunStep, "wait": t.WaitStep,
}  # fmt: skip
_NAMED: Final[Mapping[str, type[BaseModel]]] = {
    "form": FormField, "inputs": FormField, "parameters": Parameter, "columns": Column, "outcomes": t.Outcome,
    "parallel": t.Branch, "first": t.Branch, "signals": d.Signal, "kpis": d.Kpi, "escalate": m.Escalation,
}  # fmt: skip
"""The model of the things that a key holds, by name or in a list."""
_HELD: Final[Mapping[str | int, type[BaseModel]]] = {"approval": t.Approval, "wait": t.Wait}
"""The model of the one thing that a key holds."""
_TEXTS: Final = frozenset({"title", "purpose", "scope", "label", "help", "instructions"})
_WORDED: Final = frozenset({"options", "items", "ends"})
"""What holds a text under each of its names."""

_FORMS: Final = {
    "version": said("three numbers, like 1.0.0"),
    "prefix": said("2 to 8 capital letters and digits, like CAM"),
    "lang": said("a language tag, like en or zh-Hans"),
    "review_every": said("a period, like P6M"),
    "to": said("next, leave, end, end(name) or a step"),
    "then": said("next, leave, end, end(name) or a step"),
    "else": said("next, leave, end, end(name) or a step"),
    "due": said("a length of time, like 2 business days, PT24H, $parameter, or 4h after start"),
    "for": said("a length of time, like 2 days, PT24H or $parameter"),
    "until": said("a moment, like 7 days before inputs.launch, 2h after start"),
    "cron": said("five fields, like 0 9 * * WED (minute, hour, day, month, weekday)"),
    "cancels": said("a branch (step.branch) or a for-each step"),
    "after": said("a length of time, like PT24H, 2 business days or $parameter"),
    "remind": said("a length of time before or after the due time, like -4h"),
    "rounds": said("a whole number or $parameter"),
    "quorum": said("a whole number or $parameter"),
    "currency": said("an ISO 4217 code, like EUR"),
    "target": said("a comparison, like >= 95"),
}
_FIELD: Final = re.compile(r"[a-z][a-z0-9_]{0,62}\.[a-z][a-z0-9_]{0,62}")
_ID: Final = said("an id: small letters, digits and _, beginning with a letter")
_TYPES: Final = {
    "string_type": said("a text"),
    "int_type": said("a whole number"),
    "int_from_float": said("a whole number"),
    "float_type": said("a number"),
    "bool_type": said("true or false"),
    "dict_type": said("a mapping"),
    "list_type": said("a list"),
    "model_type": said("a mapping"),
    "model_attributes_type": said("a mapping"),
}
_BOUNDS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "union_tag_invalid": lambda _: said("a mapping"),
    "too_short": lambda of: said("{limit} or more", limit=of["min_length"]),
    "too_long": lambda of: said("{limit} or fewer", limit=of["max_length"]),
    "string_too_short": lambda _: said("a longer text"),
    "string_too_long": lambda of: said("at most {limit} characters", limit=of["max_length"]),
    "greater_than_equal": lambda of: said("{limit} or more", limit=of["ge"]),
    "less_than_equal": lambda of: said("{limit} or less", limit=of["le"]),
}


def shaped(document: object) -> tuple[Definition | None, list[Problem]]:
    """The definition that *document* is, or None and every problem of shape, without places."""
    try:
        # Only the names that stand in the schema: with_ and otherwise are names of Python attributes.
        return Definition.model_validate(document, by_alias=True, by_name=False), []
    except ValidationError as error:
        return None, _problems(error.errors(include_url=False), document)


def _problems(errors: Iterable[ErrorDetails], document: object) -> list[Problem]:
    groups: dict[Path, list[ErrorDetails]] = {}
    for error in errors:
        if not _other_choice(error["loc"], document):
            groups.setdefault(_path(error["type"], error["loc"], document), []).append(error)
    return [problem for path, group in groups.items() for problem in _problem(path, group, document)]


def _path(kind: str, loc: Sequence[str | int], document: object) -> Path:
    """The way to the problem through the document as written, without the tags and validators that *loc* names."""
    path: list[str | int] = []
    here = document
    for number, part in enumerate(loc):
        if isinstance(here, dict):
            tag = part in _STEPS and number > 1 and isinstance(loc[number - 1], int) and loc[number - 2] == "steps"
            if tag or (part not in here and not (kind == "missing" and number == len(loc) - 1)):
                continue
            path.append(part)
            here = here.get(part)
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            path.append(part)
            here = here[part]
    return tuple(path)


def _at(path: Sequence[str | int], document: Any) -> Any:  # noqa: ANN401 - any YAML data
    for part in path:
        document = document.get(part) if isinstance(document, dict) else document[part]
    return document


def _other_choice(loc: Sequence[str | int], document: object) -> bool:
    """Whether a problem is about the kind of choice that the author did not mean: `else` tells them apart."""
    for number, part in enumerate(loc):
        if isinstance(part, str) and number > 1 and isinstance(loc[number - 1], int) and loc[number - 2] == "decide":
            element = _at(_path("", loc[:number], document), document)
            return isinstance(element, dict) and ("else" in element) == ("Choice" in part)
    return False


def _problem(path: Path, group: list[ErrorDetails], document: object) -> Iterable[Problem]:
    kinds = {error["type"] for error in group}
    first = group[0]
    if "[key]" in first["loc"]:
        yield Problem(
            Lint.MALFORMED,
            said('"{value}" is not {expected}', value=_shown(path[-1]), expected=_key_form(path)),
            path,
            facts=AT_KEY,
        )
    elif "extra_forbidden" in kinds:
        yield _unknown(path, document)
    elif "missing" in kinds:
        yield Problem(Lint.MISSING_KEY, said('"{key}" is missing', key=path[-1]), path)
    elif "step_kind" in kinds:
        yield from _kindless(path, _at(path, document))
    elif "value_error" in kinds:
        # The error itself, because what the library says of it has forgotten what the sentence was made of.
        messages = dict.fromkeys(error["ctx"]["error"].args[0] for error in group if error["type"] == "value_error")
        yield from (Problem(Lint.INCONSISTENT, message, path) for message in messages)
    else:
        yield _value(path, group, _at(path, document))


def _value(path: Path, group: list[ErrorDetails], value: object) -> Problem:
    # Where one kind of value fits and is out of bounds, the other kinds that might stand there say nothing.
    group = [error for error in group if error["type"] not in _TYPES] or group
    expected = list(dict.fromkeys(_expected(error, path) for error in group))
    kinds = {error["type"] for error in group}
    code = Lint.OUT_OF_BOUNDS
    if "string_pattern_mismatch" in kinds and isinstance(value, str):
        code = Lint.MALFORMED
    elif kinds & (_TYPES.keys() | {"literal_error"}):
        code = Lint.WRONG_TYPE
    hint = ""
    if isinstance(value, bool | int | float) and "a text" in expected:
        hint = said("put it in quotes")
    elif isinstance(value, str):
        allowed = [w for error in group if error["type"] == "literal_error" for w in _literals(error)]
        hint = _close(value, allowed)
        if path[-1:] == ("until",) and _FIELD.fullmatch(value):
            hint = said("write 0h after {value} for that very moment", value=value)
    return Problem(code, said("expected {expected}, not {value}", expected=either(expected), value=_what(value)), path, hint=hint)


def _expected(error: ErrorDetails, path: Path) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "dict_type" and not (_TEXTS.isdisjoint(path[-1:]) and _WORDED.isdisjoint(path[-2:-1])):
        return _TYPES["string_type"]  # one for each language is a mapping, but nobody has to write one
    if kind in _TYPES:
        return _TYPES[kind]
    if kind == "literal_error":
        return _one_of(_literals(error))
    if kind == "string_pattern_mismatch":
        key = next((part for part in reversed(path) if isinstance(part, str)), "")
        if "outcomes" in path[-2:-1]:
            key = "to"  # a short form: the outcome is its target
        if key == "else" and path[-3] == "due":
            key = "due"
        return _FORMS.get(key, _ID)
    return _BOUNDS[kind](context) if kind in _BOUNDS else said("a valid value")


def _one_of(words: Sequence[str]) -> str:
    """*words* with commas between them, and "or" before the last."""
    return either([", ".join(words[:-1]), words[-1]] if words[1:] else words)


def _key_form(path: Path) -> str:
    return _FORMS["lang"] if path[-2] in _TEXTS else _ID


def _literals(error: ErrorDetails) -> list[str]:
    return str(error["ctx"]["expected"]).replace("'", "").replace(" or ", ", ").split(", ")


def _what(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return said("nothing")
    if isinstance(value, dict | list):
        return (
            said("a mapping of {count}", count=len(value))
            if isinstance(value, dict)
            else said("a list of {count}", count=len(value))
        )
    return f'"{_shown(value)}"' if isinstance(value, str) else str(value)


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "…"  # noqa: PLR2004 - what fits in a line


def _close(word: str, words: Iterable[str]) -> str:
    found = difflib.get_close_matches(word, list(words), n=1)
    return said('did you mean "{name}"?', name=found[0]) if found else ""


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_of(path: Path) -> type[BaseModel] | None:
    """The model of what holds the last key of *path*, when a name or a number stands before it."""
    container = path[-3] if len(path) > 2 else ""  # noqa: PLR2004
    return _NAMED.get(container) if isinstance(container, str) else None


def _keys_at(path: Path, document: object) -> list[str]:
    holder = _at(path[:-1], document)
    if len(path) == 1:
        return _keys(Definition)
    if path[0] == "schedule":
        return _keys(d.Schedule)
    if model := _model_of(path):
        return _keys(model)
    kinds = [kind for kind in _STEPS if kind in holder]
    if path[-2] in _HELD:
        return _keys(_HELD[path[-2]])
    if len(path) > 2 and path[-3] in {"decide", "due"}:  # noqa: PLR2004
        one, other = (t.Otherwise, t.Choice) if path[-3] == "decide" else (m.DueOtherwise, m.DueChoice)
        return _keys(one if "else" in holder else other)
    return _keys(_STEPS[kinds[0]])


def _unknown(path: Path, document: object) -> Problem:
    key = str(path[-1])
    hint = _close(key, _keys_at(path, document))
    return Problem(Lint.UNKNOWN_KEY, said('there is no key "{key}" here', key=_shown(key)), path, hint=hint, facts=AT_KEY)


def _kindless(path: Path, step: object) -> Iterable[Problem]:
    if not isinstance(step, dict):
        yield Problem(Lint.WRONG_TYPE, said("expected a step, not {value}", value=_what(step)), path)
        return
    found = [key for key in _STEPS if key in step]
    has = said("this one has {found}", found=both(found)) if found else said("this one has none of them")
    hint = next((close for key in step if isinstance(key, str) and (close := _close(key, _STEPS))), "")
    message = said("a step has exactly one of {kinds}; {has}", kinds=", ".join(_STEPS), has=has)
    yield Problem(Lint.STEP_KIND, message, path, hint="" if found else hint)
