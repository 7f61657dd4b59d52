"""Where procedures come from: folders of YAML files, read only when a file changed, and kept in the database for ever.

A file that cannot be used is reported with its lines and does not take the others down.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from engine import limits
from engine.canonical import restored
from engine.frozen import frozen
from engine.procedure import Procedure
from engine.refusals import Code, Reason
from runners.clock import Clock
from runners.people import NotFound
from runners.reading import Changed, changed_file, content
from runners.store import organisation_reads, reads
from runners.store.database import Database, Unit
from runners.store.records import DefinitionLine, LibraryFile, StoredDefinition
from runners.store.writes import add_definition, remember_files, retire_definition

if TYPE_CHECKING:
    from engine.definition import Definition
    from engine.parse import Parsed
    from engine.problems import Problem


@frozen
class Stored:
    """A definition in the database, compiled.

    Attributes:
        procedure: what runs are decided by.
        source: the YAML as it was written.
        added_at: when it was taken in.
        retired_at: since when no run may start with it.
        retired_by: pseudonym of who took it out of use; None where its file is gone.
        unpublished: there are publishers, and none of them has published it.
    """

    procedure: Procedure
    source: bytes
    added_at: str
    retired_at: str | None
    retired_by: str | None = None
    unpublished: bool = False

    @property
    def barred(self) -> tuple[Reason, ...]:
        """Why nobody starts a run with it: it was taken out of use, or nobody has published it."""
        sop, version = self.procedure.sop, self.procedure.version
        if self.retired_by:
            return (Reason(Code.RETIRED, {"sop": sop, "version": version, "at": self.retired_at or ""}),)
        return (Reason(Code.UNPUBLISHED, {"sop": sop, "version": version}),) if self.unpublished else ()


@frozen
class Broken:
    """A file that cannot be used, and why."""

    path: Path
    problems: "tuple[Problem, ...]"


_NAME: Final = re.compile(rb"""^sop:[ ]*["']?([a-z][a-z0-9_]*)""", re.MULTILINE)
_VERSION: Final = re.compile(rb"""^version:[ ]*["']?([0-9.]+)""", re.MULTILINE)


def files(folders: Sequence[Path]) -> list[Path]:
    """The definition files of *folders*; a later folder's file replaces an earlier one of the same name."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else []:
            if path.stem not in {"roles", "people"} and not path.name.endswith((".example.yaml", ".scenario.yaml")):
                found[path.name] = path
    return list(found.values())


def sops(folders: Sequence[Path]) -> dict[str, Path]:
    """The file of each SOP in *folders*, by what stands in it; nothing is parsed."""
    return {found[1].decode(): path for path, body in _bodies(files(folders)) if (found := _NAME.search(body))}


class Doubled(NamedTuple):
    """Two files that hold the same version of the same SOP and differ.

    Attributes:
        label: ``sop@version``.
        path: the one that counts.
        other: the one that it hides.
    """

    label: str
    path: Path
    other: Path


def doubled(paths: Iterable[Path]) -> list[Doubled]:
    """Every version of an SOP that stands differently in two of *paths*, of which the later one counts."""
    alike: dict[tuple[bytes, bytes], dict[bytes, Path]] = {}
    for path, body in _bodies(paths):
        if (name := _NAME.search(body)) and (version := _VERSION.search(body)):
            alike.setdefault((name[1], version[1]), {})[body] = path
    found = []
    for (name_, version_), bodies in alike.items():
        # Only now is it worth the time to see whether they mean the same.
        marks = {mark: path for body, path in bodies.items() if (mark := _mark(body))} if len(bodies) > 1 else {}
        if len(marks) > 1:
            *_, other, last = marks.values()
            found.append(Doubled(f"{name_.decode()}@{version_.decode()}", last, other))
    return found


def everything(folders: Sequence[Path]) -> list[Path]:
    """The definition files of *folders*, those too that a later folder replaces."""
    return [path for folder in folders for path in files([folder])]


def _bodies(paths: Iterable[Path]) -> Iterator[tuple[Path, bytes]]:
    for path in paths:
        with suppress(OSError):  # who reads it in earnest says so
            yield path, content(path, limits.DOCUMENT_BYTES)


def _mark(body: bytes) -> str:
    """The fingerprint of the definition in *body*, if it is one."""
    from engine.canonical import canonical_document, fingerprint
    from engine.parse import read

    definition = read(body).definition
    return fingerprint(canonical_document(definition)) if definition else ""


class Library:
    """Procedures by fingerprint and by name.

    A new run starts with what stands in a file now; what was taken in from a file that is gone is kept for the runs that
    have it and starts no more.

    Args:
        database: keeps every version that was ever used.
        folders: where the YAML files are.
        clock: tells when a version was taken in.
        person: handle of who gives commands: a changed file is taken in by their command.
    """

    def __init__(self, database: Database, folders: Sequence[Path], clock: Clock, person: str = "") -> None:
        self._database = database
        self._folders = tuple(folder.absolute() for folder in folders)
        self._clock = clock
        self._person = person
        self._procedures: dict[str, Procedure] = {}

    def sync(self) -> list[Broken]:
        """Take in the files that are new or changed, and nothing else is read; gives those that cannot be used."""
        paths = files(self._folders)
        with self._database.read() as unit:
            known = reads.library(unit)
        changed: list[Changed] = []
        broken: list[Broken] = []
        for path in paths:
            try:
                if found := changed_file(path, known.get(str(path))):
                    changed.append(found)
            except OSError as error:
                broken.append(_unreadable(path, error))
        # A file elsewhere is another library's: several machines may share one database.
        gone = [known[name] for name in sorted(known) if Path(name) not in paths and Path(name).parent in self._folders]
        if changed or gone:
            broken += self._take_in(changed, gone, [known[str(path)] for path in paths if str(path) in known])
        return broken

    def _take_in(self, changed: Sequence[Changed], gone: Sequence[LibraryFile], kept: Sequence[LibraryFile]) -> list[Broken]:
        from engine.canonical import canonical_document, fingerprint
        from engine.canonical import stored as stored_bytes
        from engine.parse import read

        parsed = {file.path: read(file.source, name=file.path.name) for file in changed}
        known = self.known({file.fingerprint for file in gone}) if parsed else {}
        known |= self._definitions([file.fingerprint for file in kept if Path(file.path) not in parsed]) if parsed else {}
        known |= {found.definition.sop: found.definition for found in parsed.values() if found.definition}
        broken: list[Broken] = []
        usable: list[tuple[StoredDefinition, LibraryFile]] = []
        at = self._clock.now()
        for file in changed:
            found = parsed[file.path]
            problems = _problems(found, known)
            if found.definition is None or any(problem.severity == "error" for problem in problems):
                broken.append(Broken(file.path, problems))
                continue
            document = canonical_document(found.definition)
            mark = fingerprint(document)
            stored = StoredDefinition(mark, found.definition.sop, found.definition.version, file.source, stored_bytes(document), at)
            digest = hashlib.sha256(file.source).hexdigest()
            usable.append((stored, LibraryFile(str(file.path), file.size, file.mtime_ns, digest, mark)))
        with self._database.write() as unit:
            person = reads.person_by_handle(unit, self._person) if self._person else None
            out = {line.fingerprint for line in reads.definitions(unit) if line.retired_by}
            for stored, _ in usable:
                if (
                    not add_definition(unit, stored._replace(added_by=person.id if person else None))
                    and stored.fingerprint not in out
                ):
                    retire_definition(unit, stored.fingerprint, None)
            remember_files(unit, [file for _, file in usable], [file.path for file in gone])
            used = {file.fingerprint for file in reads.library(unit).values()}
            for lost in gone:
                if lost.fingerprint not in used | out:
                    retire_definition(unit, lost.fingerprint, at)
        return broken

    def known(self, lost: Collection[str] = ()) -> "dict[str, Definition]":
        """What is in use and another SOP can run, by its name; of *lost* (their files are gone) only what was published."""
        with self._database.read() as unit:
            lines = [_latest(unit, sop, guarded=_guarded(unit)) for sop in _names(unit)]
        return self._definitions([one.fingerprint for one in lines if one and (one.why is not None or one.fingerprint not in lost)])

    def _definitions(self, fingerprints: Iterable[str]) -> "dict[str, Definition]":
        """Stored definitions by the name of their SOP."""
        from engine.definition import Definition

        found: dict[str, Definition] = {}
        with self._database.read() as unit:
            for fingerprint in fingerprints:
                if stored := reads.definition(unit, fingerprint):
                    found[stored.sop] = Definition.model_validate(restored(stored.document), by_alias=True, by_name=False)
        return found

    def procedure(self, unit: Unit, fingerprint: str) -> Procedure:
        """The procedure of *fingerprint*. Raises NotFound."""
        if fingerprint not in self._procedures:
            stored = reads.definition(unit, fingerprint)
            if stored is None:
                raise NotFound("definition", fingerprint)
            self._procedures[fingerprint] = Procedure(restored(stored.document), fingerprint)
        return self._procedures[fingerprint]

    def version(self, unit: Unit, fingerprint: str) -> Procedure | None:
        """As :meth:`procedure`; None if there is none. Retired ones are found: what runs, runs on, and goes back."""
        try:
            return self.procedure(unit, fingerprint)
        except NotFound:
            return None

    def latest(self, unit: Unit, sop: str) -> Procedure | None:
        """What a new run of *sop* starts with; None if there is nothing."""
        guarded = _guarded(unit)
        line = _latest(unit, sop, guarded=guarded)
        return self.procedure(unit, line.fingerprint) if line and not (guarded and line.why is None) else None

    def in_use(self, unit: Unit) -> dict[str, DefinitionLine]:
        """What a new run starts with, of every SOP that can be started."""
        guarded = _guarded(unit)
        lines = {sop: _latest(unit, sop, guarded=guarded) for sop in _names(unit)}
        return {sop: line for sop, line in lines.items() if line and not (guarded and line.why is None)}

    def barred(self, unit: Unit, fingerprint: str) -> tuple[Reason, ...]:
        """Why no open run goes over to this definition: there are publishers, and none of them has published it."""
        stored = reads.definition(unit, fingerprint)
        if stored is None or stored.why is not None or not _guarded(unit):
            return ()
        return (Reason(Code.UNPUBLISHED, {"sop": stored.sop, "version": stored.version}),)

    def find(self, name: str) -> Stored:
        """The definition of ``sop`` or ``sop@version``. Raises NotFound."""
        sop, _, version = name.partition("@")
        with self._database.read() as unit:
            guarded = _guarded(unit)
            line = _latest(unit, sop, version, guarded=guarded)
            row = reads.definition(unit, line.fingerprint) if line else None
            if row is None:
                raise NotFound("sop", name, _names(unit))
            procedure = self.procedure(unit, row.fingerprint)
            unpublished = guarded and row.why is None
            return Stored(procedure, row.source, row.added_at, row.retired_at, row.retired_by, unpublished)

    def all(self) -> list[Stored]:
        """The definition that new runs start with, of every SOP."""
        with self._database.read() as unit:
            names = _names(unit)
        return [found for name in names if not (found := self.find(name)).unpublished]


def _names(unit: Unit) -> list[str]:
    return sorted({line.sop for line in reads.definitions(unit) if not line.retired_at})


def _guarded(unit: Unit) -> bool:
    """Whether there are publishers, so that only what one of them published is started."""
    return "publisher" in organisation_reads.appointed(unit)


def _latest(unit: Unit, sop: str, version: str = "", *, guarded: bool) -> DefinitionLine | None:
    """The definition in use: of those that stand in files or were published the highest version, of those the last one.

    Where that is *guarded*, what was published comes first. With *version*, of that version, retired or not.
    """
    used = {file.fingerprint for file in reads.library(unit).values()}
    lines = [line for line in reads.definitions(unit, sop) if (line.version == version if version else not line.retired_at)]

    def rank(line: DefinitionLine) -> tuple[bool, bool, bool, list[int], str]:
        published = line.why is not None
        standing = published or line.fingerprint in used
        return not line.retired_at, published and guarded, standing, [int(part) for part in line.version.split(".")], line.added_at

    return max(lines, key=rank, default=None)


def _unreadable(path: Path, error: OSError) -> Broken:
    from engine.checks.codes import Lint
    from engine.problems import Problem

    return Broken(path, (Problem(Lint.ENCODING, f"the file cannot be read: {error.strerror or error}"),))


def _problems(parsed: "Parsed", known: "dict[str, Definition]") -> "tuple[Problem, ...]":
    if parsed.definition is None:
        return parsed.problems
    from engine.check import check

    return (*parsed.problems, *parsed.places.placed(check(parsed.definition, known=known)))
