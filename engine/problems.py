"""What is wrong with a document: a code, a place and the facts. Sentences are made at the door."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Literal

from engine.frozen import frozen

Severity = Literal["error", "warning"]


@frozen
class Problem:
    """One finding about a document.

    Attributes:
        code: stable, ``SOP-L…``; documented in ``docs/reference/lint.md``.
        message: what is wrong, in English, without the place.
        path: keys and indexes from the root of the document to the place.
        line: first line is 1; 0 where the place is not known.
        column: first column is 1.
        hint: what to do next, or "did you mean …".
        severity: an error keeps the definition from being used; a warning does not.
    """

    code: str
    message: str
    path: tuple[str | int, ...] = ()
    line: int = 0
    column: int = 0
    hint: str = ""
    severity: Severity = "error"
    facts: Mapping[str, str] = field(default_factory=dict)


class DefinitionError(Exception):
    """A document cannot be used. ``problems`` holds all that was found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{p.code} {p.message}" for p in problems[:3]))
        self.problems = tuple(problems)
