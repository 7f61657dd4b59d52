"""What a field of a form, an input or a parameter asks for, as a reader sees it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from runners.cli.doing import Line
from runners.cli.words import describe
from runners.tongue import spoken


def field_lines(name: str, field: Mapping[str, Any], text: Callable[[Any], str], after: str = "") -> Iterator[Line]:
    """The name of a field with its label and what it takes, then its help, its options or items.

    Args:
        name: what is typed to fill it in.
        field: as the definition has it.
        text: says a text of the definition in the reader's language.
        after: what stands behind it: its value.
    """
    label = text(field.get("label"))
    yield f"  {name}  {label + '  ' if label else ''}({_asked(field)}){after}", ""
    if field.get("help"):
        yield f"      {text(field['help'])}", "dim"
    for key, words in {**field.get("options", {}), **field.get("items", {})}.items():
        yield f"      {key}  {text(words)}", ""


def _asked(field: Mapping[str, Any]) -> str:
    """What is to be given for *field*."""
    if "value" in field:
        return spoken("computed")
    return spoken("{type}, required", type=describe(field)) if field.get("required") else describe(field)
