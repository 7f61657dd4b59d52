"""From files that have changed to definitions that can be kept, or to every problem that keeps them from being used."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.frozen import frozen
from runners.reading import Changed
from runners.store.errors import system_words
from runners.store.records import LibraryFile, StoredDefinition

if TYPE_CHECKING:
    from engine.parse import Parsed
    from engine.problems import Problem

Documents = dict[str, Mapping[str, Any]]
"""Canonical documents by the name of their SOP."""


@frozen
class Broken:
    """A file that cannot be used, and why."""

    path: Path
    problems: "tuple[Problem, ...]"


class Usable(NamedTuple):
    """A definition without errors: the row that keeps it, taken in at no moment yet, and what is remembered of its file."""

    stored: StoredDefinition
    file: LibraryFile


class Intake:
    """Reads and checks definition files. One that is no definition at all is read once, until it changes."""

    def __init__(self) -> None:
        self._unread: dict[Path, tuple[int, int, Broken]] = {}

    def read(self, changed: Sequence[Changed], others: Callable[[], Documents]) -> tuple[list[Usable], list[Broken]]:
        """Read *changed*, and check them against one another and against *others*.

        Args:
            changed: files that are new or hold something else than before.
            others: gives the SOPs that exist beside them; asked only where there is something to check.

        Returns:
            What can be used, and what cannot.
        """
        usable: list[Usable] = []
        broken: list[Broken] = []
        parsed: list[tuple[Changed, Parsed, dict[str, Any]]] = []
        for file in changed:
            found = self._parsed(file)
            if isinstance(found, Broken):
                broken.append(found)
            else:
                parsed.append((file, *found))
        known = others() if parsed else {}
        known |= {document["sop"]: document for _, _, document in parsed}
        for file, one, document in parsed:
            problems = _problems(one, known)
            if any(problem.severity == "error" for problem in problems):
                broken.append(Broken(file.path, problems))
            else:
                usable.append(_usable(file, document))
        return usable, broken

    def _parsed(self, file: Changed) -> "tuple[Parsed, dict[str, Any]] | Broken":
        size, moment, broken = self._unread.get(file.path, (0, 0, None))
        if broken is not None and (size, moment) == (file.size, file.mtime_ns):
            return broken
        from engine.canonical import canonical_document
        from engine.parse import read

        found = read(file.source, name=file.path.name)
        if found.definition is not None:
            return found, canonical_document(found.definition)
        broken = Broken(file.path, found.problems)
        self._unread[file.path] = (file.size, file.mtime_ns, broken)
        return broken


def unreadable(path: Path, error: OSError) -> Broken:
    """The file at *path*, whose content nobody gets at."""
    from engine.checks.codes import Lint
    from engine.problems import Problem
    from engine.text import said

    return Broken(path, (Problem(Lint.ENCODING, said("the file cannot be read: {why}", why=system_words(error))),))


def _problems(parsed: "Parsed", known: Documents) -> "tuple[Problem, ...]":
    from engine.check import check

    assert parsed.definition is not None  # noqa: S101 - what is no definition was set aside
    return (*parsed.problems, *parsed.places.placed(check(parsed.definition, known=known)))


def _usable(file: Changed, document: dict[str, Any]) -> Usable:
    from engine.canonical import stored

    body = stored(document)
    mark = hashlib.sha256(body).hexdigest()
    row = StoredDefinition(mark, document["sop"], document["version"], file.source, body, "")
    return Usable(row, LibraryFile(str(file.path), file.size, file.mtime_ns, file.digest, mark))
