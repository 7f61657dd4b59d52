"""Where things stand in a document: line and column of every key and value."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.problems import Problem

Place = tuple[int, int]
Marks = dict[int, dict[str | int, tuple[Place, Place]]]
"""Of each container, by identity: key or index to the place of the key and the place of the value."""

AT_KEY: Final = {"at": "key"}
"""Facts of a problem that is about the key of its path and not about the value."""


class Places:
    """The places of one document.

    Args:
        document: the plain data; kept, because containers are known by their identity.
        marks: the places of what each container holds.
        root: the place of the document itself.
    """

    __slots__ = ("_document", "_marks", "_root")

    def __init__(self, document: object = None, marks: Marks | None = None, root: Place = (1, 1)) -> None:
        self._document = document
        self._marks = marks or {}
        self._root = root

    def of(self, path: Sequence[str | int], *, key: bool = False) -> Place:
        """Line and column (both from 1) of *path*, or of the deepest part of it that the document has.

        A short form may stand where the path goes deeper (``approve: next`` for ``approve.to``, a list for ``steps``):
        what is not there is passed over. A mapping or list that hangs on a key is found at this key.

        Args:
            path: keys and indexes from the root.
            key: the place of the last key, not of its value.
        """
        here, place, hangs = self._document, self._root, False
        for number, part in enumerate(path):
            step = part
            if isinstance(here, list) and isinstance(part, str):
                if part not in here:
                    continue
                step = here.index(part)
            marks = self._marks.get(id(here), {}) if isinstance(here, dict | list) else {}
            if step not in marks:
                continue
            hangs = isinstance(here, dict)
            here = here[step]  # type: ignore[index]
            at_key, at_value = marks[step]
            last = key and number == len(path) - 1
            place = at_key if last or (hangs and isinstance(here, dict | list)) else at_value
        return place

    def placed(self, problems: Iterable[Problem]) -> list[Problem]:
        """The problems with their lines and columns, in the order of the document."""
        found = []
        for problem in problems:
            line, column = self.of(problem.path, key=_at_key(problem.facts))
            found.append(replace(problem, line=line, column=column))
        return sorted(found, key=lambda problem: (problem.line, problem.column, problem.code))


def _at_key(facts: Mapping[str, str]) -> bool:
    return facts.get("at") == AT_KEY["at"]
