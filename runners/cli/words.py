"""Fields and stored values in words."""

from collections.abc import Mapping
from typing import Any

from engine.text import clean


def describe(field: Mapping[str, Any]) -> str:
    """The type of *field* with its bounds, in words."""
    parts = [("list of " if field.get("many") else "") + field["type"].replace("_", " ")]
    parts += [field[name] for name in ("currency", "unit") if field.get(name)]
    parts += [
        f"{'at least' if name == 'min' else 'at most'} {field[name]}" for name in ("min", "max") if field.get(name) is not None
    ]
    if field["type"] == "table":
        parts.append("columns " + ", ".join(f"{n} (computed)" if "value" in c else n for n, c in field["columns"].items()))
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
        return "yes" if value else "no"
    if isinstance(value, str) and value.startswith("p_"):
        return clean(str(names(value)))
    return clean(str(value), lines=True)
