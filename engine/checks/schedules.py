"""Whether schedules start what they say: cron, zone, lead, title, and everything that the start needs."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice, pairwise
from typing import Any, Final

from engine import forms, limits
from engine.checks.codes import Lint
from engine.checks.names import sound
from engine.checks.outline import GIVEN, Outline, Path, close
from engine.periods import NAMES, filled, unknown
from engine.problems import Problem
from engine.refusals import Code, Reason
from engine.schedules import REGULAR, CronError, following, zone_of
from engine.text import said

_SAMPLE: Final = datetime(2024, 1, 1, tzinfo=UTC)
"""From when on instants are tried; a leap year, so that nothing is taken for impossible."""
_TRIED: Final = 50
"""Instants that are tried: a week of hourly ones over two days, or four years of monthly ones."""
_CLOSEST: Final = timedelta(minutes=15)
_NOT_BY_HAND: Final = frozenset({"run", "file", "checklist", "table"})
"""Kinds of fields that differ each time, and cannot be written down for all of them."""


def check(outline: Outline) -> Iterator[Problem]:
    """Every problem of schedules."""
    seen: set[str] = set()
    for number, schedule in enumerate(outline.document.get("schedule", ())):
        path: Path = ("schedule", number)
        name = schedule.get("id", REGULAR)
        if name in seen:
            yield Problem(Lint.DOUBLED_ID, said('two schedules are called "{name}"', name=name), path, hint=said("give each an id"))
        seen.add(name)
        roles = outline.document["roles"]
        if schedule.get("lead", roles[0]) not in roles:
            message = said('the lead "{lead}" is no role of this definition', lead=schedule["lead"])
            yield Problem(Lint.ROLE_UNDECLARED, message, (*path, "lead"), hint=close(schedule["lead"], roles))
        names = list(_names(schedule, path))
        yield from names
        zone: tzinfo = UTC
        try:
            zone = zone_of(schedule["zone"])
        except ValueError:
            hint = said("write an IANA name, like Asia/Shanghai or UTC")
            yield Problem(Lint.ZONE, said('there is no time zone "{zone}"', zone=schedule["zone"]), (*path, "zone"), hint=hint)
        at, problem = _instants(schedule["cron"], zone, (*path, "cron"))
        yield from problem
        if not names:
            yield from _values(outline, schedule, path, at.astimezone(UTC), zone)


def _instants(cron: str, zone: tzinfo, path: Path) -> tuple[datetime, list[Problem]]:
    """An instant to try values with, and what is wrong with the expression."""
    try:
        tried = list(islice(following(cron, zone, _SAMPLE), _TRIED))
    except CronError as error:
        hint = said("minute hour day month weekday: 0 9 * * WED, 0 9 10 * *, 0 9 L * *")
        return _SAMPLE, [Problem(Lint.CRON, said('"{cron}" starts nothing: {why}', cron=cron, why=error.args[0]), path, hint=hint)]
    if any(later - sooner < _CLOSEST for sooner, later in pairwise(tried)):
        return tried[0], [
            Problem(Lint.TOO_OFTEN, said('"{cron}" starts runs less than a quarter of an hour apart', cron=cron), path)
        ]
    return tried[0], []


def _names(schedule: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    """Names in braces that mean nothing."""
    texts = [((*path, "title"), text) for text in schedule.get("title", {}).values()]
    for part in ("inputs", "parameters"):
        for name, value in schedule.get(part, {}).items():
            texts += [((*path, part, name), item) for item in (value if isinstance(value, list) else [value])]
    for place, text in texts:
        for found in unknown(text) if isinstance(text, str) else ():
            hint = close(found.strip("{}"), NAMES) or said(
                "write {forms}", forms="{date}, {month-1}, {quarter.end}, {year+1.start}, {at+8h}"
            )
            yield Problem(Lint.PLACEHOLDER, said('"{text}" means nothing', text=found), place, hint=hint)


def _values(outline: Outline, schedule: Mapping[str, Any], path: Path, at: datetime, zone: tzinfo) -> Iterator[Problem]:
    """What a start with the values of *schedule* would be refused for, as far as the document tells."""
    for language, text in schedule.get("title", {}).items():
        if len(filled(text, at, zone)) > limits.NAME_CHARACTERS or "\n" in text or not text.strip():
            message = said("a title is one line of at most {limit} characters", limit=limits.NAME_CHARACTERS)
            yield Problem(Lint.SCHEDULED, message, (*path, "title", *([language] if language else [])))
    for part in ("inputs", "parameters"):
        fields: Mapping[str, Any] = outline.document.get(part, {})
        given = {name: filled(value, at, zone) for name, value in schedule.get(part, {}).items()}
        people = {name for name in given if fields.get(name, {}).get("type") in {"user", "users"}}
        apart = people | {name for name, field in fields.items() if not sound(field)}
        read, reasons = forms.read_all(
            {name: field for name, field in fields.items() if name not in apart},
            {name: value for name, value in given.items() if name not in apart},
        )
        del read  # only the reasons matter
        for reason in reasons:
            yield _reason(reason, part, path, schedule, fields)


def _reason(reason: Reason, part: str, path: Path, schedule: Mapping[str, Any], fields: Mapping[str, Any]) -> Problem:
    name = str(reason.facts.get("field", ""))
    place: Path = (*path, part, name) if name in schedule.get(part, {}) else path
    word = GIVEN[part]
    if reason.code is Code.FIELD_UNKNOWN:
        return Problem(
            Lint.UNKNOWN_INPUT, said('there is no {word} "{name}"', word=word, name=name), place, hint=close(name, fields)
        )
    if reason.code is Code.FIELD_REQUIRED:
        hint = said("add {key}: {{{name}: …}}", key=part, name=name)
        if fields[name]["type"] in _NOT_BY_HAND:
            hint = said("a {type} differs each time: what needs one is started by a person", type=fields[name]["type"])
        return Problem(
            Lint.MISSING_INPUT,
            said('the schedule gives no {word} "{name}", which is required', word=word, name=name),
            place,
            hint=hint,
        )
    return Problem(
        Lint.SCHEDULED,
        said('the {word} "{name}" expects {expected}', word=word, name=name, expected=reason.facts.get("expected", "less")),
        place,
    )
