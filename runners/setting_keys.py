"""Every setting: its name in files, its variable, and how what somebody wrote becomes a value."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from engine.text import said
from runners.languages import split, tags

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def _texts(value: Any) -> list[str]:  # noqa: ANN401 - whatever a file holds
    if isinstance(value, str):
        return split(value)
    if not isinstance(value, list):
        raise ValueError(said("a list"))  # noqa: TRY004 - the caller turns it into a sentence
    return [str(item) for item in value]


def _text(value: Any) -> str:  # noqa: ANN401
    if not isinstance(value, str) or not value.strip():
        raise ValueError(said("a text"))
    return value.strip()


def _truth(value: Any) -> bool:  # noqa: ANN401
    said_so = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(str(value).lower())
    if said_so is None:
        raise ValueError(said("true or false"))
    return said_so


def _url(value: Any) -> str:  # noqa: ANN401
    text = _text(value)
    if "://" in text and not text.startswith(("sqlite:///", "postgresql://", "postgres://")):
        raise ValueError(said("a path, sqlite:///path or postgresql://…"))
    return text


def _weekend(value: Any) -> frozenset[int]:  # noqa: ANN401
    days = _texts(value)
    if not all(day in set("1234567") for day in days) or len(set(days)) == len("1234567"):
        raise ValueError(said("a list of ISO weekdays, 1 for Monday to 7 for Sunday, and not all of them"))
    return frozenset(int(day) for day in days)


def _days(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    from datetime import date

    days = _texts(value)
    try:
        return tuple(sorted({date.fromisoformat(day).isoformat() for day in days if _DAY.fullmatch(day) or _raise(day)}))
    except ValueError:
        raise ValueError(said("a list of days like 2026-12-25")) from None


def _raise(day: str) -> bool:
    raise ValueError(day)


def _zone(value: Any) -> str:  # noqa: ANN401
    name = _text(value)
    if name == "UTC":
        return name
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(said("the name of a time zone like Asia/Shanghai")) from None
    return name


def _languages(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    return tags(_texts(value))


class Key(NamedTuple):
    """One setting: its name in files, its variable, and how it is read."""

    name: str
    variable: str
    read: Callable[[Any], Any]


KEYS: Final[Mapping[str, Key]] = {
    key.name: key
    for key in (
        Key("database", "SOP_DB", _url),
        Key("person", "SOP_USER", _text),
        Key("languages", "SOP_LANG", _languages),
        Key("definitions", "SOP_DEFINITIONS", _texts),
        Key("shipped", "SOP_SHIPPED", _truth),
        Key("evidence", "SOP_EVIDENCE", _text),
        Key("zone", "SOP_ZONE", _zone),
        Key("weekend", "SOP_WEEKEND", _weekend),
        Key("holidays", "SOP_HOLIDAYS", _days),
        Key("workdays", "SOP_WORKDAYS", _days),
    )
}
"""Every setting. A flag has the name of its setting."""
