"""Fields and stored values in words."""

from collections.abc import Mapping
from typing import Any, Final

from engine.text import clean
from runners.tongue import marked, spoken

_TYPES: Final = {
    "text": marked("text"), "longtext": marked("longtext"), "number": marked("number"), "percent": marked("percent"),
    "money": marked("money"), "rating": marked("rating"), "date": marked("date"), "datetime": marked("datetime"),
    "duration": marked("duration"), "bool": marked("bool"), "choice": marked("choice"), "multi_choice": marked("multi choice"),
    "url": marked("url"), "file": marked("file"), "user": marked("user"), "users": marked("users"), "run": marked("run"),
    "table": marked("table"), "checklist": marked("checklist"),
}  # fmt: skip
"""What a type is called."""

_UNITS: Final[Mapping[str, str]] = {
    "business days": marked("{number} business days"), "months": marked("{number} months"),
    "followers": marked("{number} followers"), "people": marked("{number} people"), "posts": marked("{number} posts"),
    "points": marked("{number} points"), "reports": marked("{number} reports"), "mentions": marked("{number} mentions"),
    "mentions/h": marked("{number} mentions/h"), "events": marked("{number} events"), "slots": marked("{number} slots"),
    "rounds": marked("{number} rounds"), "replies": marked("{number} replies"), "messages": marked("{number} messages"),
    "exercises": marked("{number} exercises"), "checks": marked("{number} checks"), "articles": marked("{number} articles"),
    "days": marked("{number} days"), "hours": marked("{number} hours"), "min": marked("{number} min"), "h": marked("{number} h"),
    "s": marked("{number} s"),
}  # fmt: skip
"""What things are usually counted in, with their number; another unit stays what the definition says."""
_STATUS: Final = {"open": marked("open"), "ended": marked("ended"), "cancelled": marked("cancelled")}


def status_words(status: str) -> str:
    """How a run stands, for people."""
    return spoken(_STATUS[status]) if status in _STATUS else status


def measured(number: str, unit: str) -> str:
    """*number* with the *unit* of a definition: ``3 posts``, ``95 %``."""
    return spoken(_UNITS[unit], number=number) if unit in _UNITS else f"{number} {unit}"


def describe(field: Mapping[str, Any]) -> str:
    """The type of *field* with its bounds, in words."""
    kind = spoken(_TYPES[field["type"]])
    parts = [spoken("list of {type}", type=kind) if field.get("many") else kind]
    parts += [field["currency"]] if field.get("currency") else []
    parts += [measured("", field["unit"]).strip()] if field.get("unit") else []
    if field.get("min") is not None:
        parts.append(spoken("at least {number}", number=field["min"]))
    if field.get("max") is not None:
        parts.append(spoken("at most {number}", number=field["max"]))
    if field["type"] == "table":
        names = [spoken("{name} (computed)", name=n) if "value" in c else n for n, c in field["columns"].items()]
        parts.append(spoken("columns {names}", names=", ".join(names)))
    return clean(", ".join(parts))


def value_words(value: Any, names: Any) -> str:  # noqa: ANN401 - any stored value
    """A stored value in one line for people; pseudonyms become handles."""
    if isinstance(value, dict) and set(value) == {"sha256", "name", "size"}:
        return clean(f"{value['name']} (sha256:{value['sha256'][:12]}…)")
    if isinstance(value, dict):
        return "; ".join(f"{clean(key)}: {value_words(item, names)}" for key, item in value.items())
    if isinstance(value, list):
        return (
            " | ".join(value_words(item, names) for item in value)
            if any(isinstance(i, dict) for i in value)
            else ", ".join(value_words(item, names) for item in value)
        )
    if isinstance(value, bool):
        return spoken("yes") if value else spoken("no")
    if isinstance(value, str) and value.startswith("p_"):
        return clean(str(names(value)))
    return clean(str(value), lines=True)
