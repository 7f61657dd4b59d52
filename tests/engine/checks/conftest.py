"""Definitions with a mark on each line where something is wrong."""

import re
from collections.abc import Callable, Collection, Mapping

import pytest

from engine.canonical import canonical_document
from engine.check import check
from engine.definition import Definition
from engine.parse import read

_HEAD = {
    "sop": "sample",
    "version": "1.0.0",
    "title": "Sample",
    "purpose": "To be checked",
    "scope": "This test",
    "owner": "lead",
    "roles": "[lead]",
}

Marks = list[tuple[int, str]]
Found = Callable[..., tuple[Marks, Marks]]


def _whole(body: str) -> str:
    lines = body.strip("\n").split("\n")
    given = {line.partition(":")[0] for line in lines}
    return "\n".join([*(f"{key}: {value}" for key, value in _HEAD.items() if key not in given), *lines]) + "\n"


@pytest.fixture
def define() -> Callable[[str], Definition]:
    """Reads a definition from its lines; what every definition needs is added."""

    def make(body: str) -> Definition:
        parsed = read(_whole(body).encode())
        assert parsed.definition is not None, parsed.problems
        return parsed.definition

    return make


@pytest.fixture
def found() -> Found:
    """Gives (line, code) of every problem of a definition, and of every mark ``#! SOP-L…`` in it."""

    def find(
        body: str,
        known: Mapping[str, Definition] | None = None,
        roles: Collection[str] | None = None,
        languages: Collection[str] = (),
    ) -> tuple[Marks, Marks]:
        text = _whole(body)
        parsed = read(text.encode())
        assert parsed.definition is not None, parsed.problems
        others = None if known is None else {name: canonical_document(other) for name, other in known.items()}
        problems = parsed.places.placed(check(parsed.definition, known=others, roles=roles, languages=languages))
        marks = [
            (number, code)
            for number, line in enumerate(text.split("\n"), 1)
            for code in re.findall(r"SOP-L\d{3}", line.partition("#!")[2])
        ]
        return [(problem.line, str(problem.code)) for problem in problems], marks

    return find
