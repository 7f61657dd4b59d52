"""Where procedures come from: folders of YAML files, read only when a file changed, and kept in the database for ever.

A file that cannot be used is reported with its lines and does not take the others down.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.canonical import restored
from engine.procedure import Procedure
from runners.clock import Clock
from runners.people import NotFound
from runners.store import reads
from runners.store.database import Database, Unit
from runners.store.records import LibraryFile, StoredDefinition
from runners.store.writes import add_definition, remember_files

if TYPE_CHECKING:
    from engine.definition import Definition
    from engine.parse import Parsed
    from engine.problems import Problem


@dataclass(frozen=True, slots=True)
class Stored:
    """A definition in the database, compiled.

    Attributes:
        procedure: what runs are decided by.
        source: the YAML as it was written.
        added_at: when it was taken in.
        retired_at: since when no run may start with it.
    """

    procedure: Procedure
    source: bytes
    added_at: str
    retired_at: str | None


@dataclass(frozen=True, slots=True)
class Broken:
    """A file that cannot be used, and why."""

    path: Path
    problems: "tuple[Problem, ...]"


def files(folders: Sequence[Path]) -> list[Path]:
    """The definition files of *folders*; a later folder's file replaces an earlier one of the same name."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else []:
            if path.stem not in {"roles", "people"} and not path.name.endswith((".example.yaml", ".scenario.yaml")):
                found[path.name] = path
    return list(found.values())


class Library:
    """Procedures by fingerprint and by name.

    Args:
        database: keeps every version that was ever used.
        folders: where the YAML files are.
        clock: tells when a version was taken in.
    """

    def __init__(self, database: Database, folders: Sequence[Path], clock: Clock) -> None:
        self._database = database
        self._folders = tuple(folders)
        self._clock = clock
        self._procedures: dict[str, Procedure] = {}

    def sync(self) -> list[Broken]:
        """Take in the files that are new or changed; gives those that cannot be used."""
        paths = files(self._folders)
        with self._database.read() as unit:
            known = reads.library(unit)
        changed: dict[Path, tuple[int, int, bytes]] = {}
        for path in paths:
            stat = path.stat()
            cached = known.get(str(path))
            if cached is None or (cached.size, cached.mtime_ns) != (stat.st_size, stat.st_mtime_ns):
                changed[path] = (stat.st_size, stat.st_mtime_ns, path.read_bytes())
        gone = sorted(set(known) - {str(path) for path in paths})
        if not changed and not gone:
            return []
        return self._take_in(paths, changed, gone)

    def _take_in(self, paths: Sequence[Path], changed: Mapping[Path, tuple[int, int, bytes]], gone: Sequence[str]) -> list[Broken]:
        from engine.canonical import canonical_document, fingerprint
        from engine.canonical import stored as stored_bytes
        from engine.parse import read

        parsed = {path: read(changed[path][2] if path in changed else path.read_bytes(), name=path.name) for path in paths}
        known = {p.definition.sop: p.definition for p in parsed.values() if p.definition}
        broken, usable = [], []
        at = self._clock.now()
        for path, (size, mtime_ns, source) in changed.items():
            found = parsed[path]
            problems = _problems(found, known)
            if found.definition is None or any(problem.severity == "error" for problem in problems):
                broken.append(Broken(path, problems))
                continue
            document = canonical_document(found.definition)
            mark = fingerprint(document)
            stored = StoredDefinition(mark, found.definition.sop, found.definition.version, source, stored_bytes(document), at)
            usable.append((stored, LibraryFile(str(path), size, mtime_ns, hashlib.sha256(source).hexdigest(), mark)))
        with self._database.write() as unit:
            for stored, _ in usable:
                add_definition(unit, stored)
            remember_files(unit, [file for _, file in usable], gone)
        return broken

    def procedure(self, unit: Unit, fingerprint: str) -> Procedure:
        """The procedure of *fingerprint*. Raises NotFound."""
        if fingerprint not in self._procedures:
            stored = reads.definition(unit, fingerprint)
            if stored is None:
                raise NotFound("definition", fingerprint)
            self._procedures[fingerprint] = Procedure(restored(stored.document), fingerprint)
        return self._procedures[fingerprint]

    def latest(self, unit: Unit, sop: str) -> Procedure | None:
        """What a new run of *sop* starts with; None if there is nothing."""
        line = reads.latest_definition(unit, sop)
        return self.procedure(unit, line.fingerprint) if line else None

    def find(self, name: str) -> Stored:
        """The definition of ``sop`` or ``sop@version``. Raises NotFound."""
        sop, _, version = name.partition("@")
        with self._database.read() as unit:
            if version:
                found = reads.definitions_of_version(unit, sop, version)
                row = max(found, key=lambda stored: stored.added_at, default=None)
            else:
                line = reads.latest_definition(unit, sop)
                row = reads.definition(unit, line.fingerprint) if line else None
            if row is None:
                raise NotFound("sop", name, sorted({line.sop for line in reads.definitions(unit)}))
            return Stored(self.procedure(unit, row.fingerprint), row.source, row.added_at, row.retired_at)

    def all(self) -> list[Stored]:
        """The definition that new runs start with, of every SOP."""
        with self._database.read() as unit:
            names = sorted({line.sop for line in reads.definitions(unit) if not line.retired_at})
        return [self.find(name) for name in names]


def _problems(parsed: "Parsed", known: "Mapping[str, Definition]") -> "tuple[Problem, ...]":
    if parsed.definition is None:
        return parsed.problems
    from engine.check import check

    return (*parsed.problems, *parsed.places.placed(check(parsed.definition, known=known)))
