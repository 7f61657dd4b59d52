"""Where procedures come from: folders of YAML files, read only when a file changed, and kept in the database for ever.

A file that cannot be used is reported with its lines and does not take the others down.
"""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from engine.canonical import restored
from engine.frozen import frozen
from engine.procedure import Procedure
from engine.refusals import Code, Reason
from runners.clock import Clock
from runners.folders import files
from runners.intake import Broken, Documents, Intake, Usable, unreadable
from runners.people import NotFound
from runners.reading import Changed, changed_file
from runners.store import organisation_reads, reads
from runners.store.database import Database, Unit
from runners.store.records import DefinitionLine, LibraryFile
from runners.store.writes import add_definition, remember_files, retire_definition


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


class Library:
    """Procedures by fingerprint and by name.

    A new run starts with what stands in a file now; what was taken in from a file that is gone is kept for the runs that
    have it and starts no more.

    Args:
        database: keeps every version that was ever used.
        folders: where the YAML files are.
        clock: tells when a version was taken in.
        person: handle of who gives commands: a changed file is taken in by their command.
        left: folders that are no longer offered: what was taken in from them starts no more.
    """

    def __init__(
        self, database: Database, folders: Sequence[Path], clock: Clock, person: str = "", *, left: Sequence[Path] = ()
    ) -> None:
        self._database = database
        self._folders = tuple(folder.absolute() for folder in folders)
        self._own = {*self._folders, *(folder.absolute() for folder in left)}
        self._clock = clock
        self._person = person
        self._procedures: dict[str, Procedure] = {}
        self._intake = Intake()

    def sync(self) -> list[Broken]:
        """Take in the files that are new or changed, and nothing else is read; gives those that cannot be used."""
        paths = files(self._folders)
        with self._database.read() as unit:
            known = reads.library(unit)
        changed: list[Changed] = []
        touched: list[LibraryFile] = []
        broken: list[Broken] = []
        for path in paths:
            try:
                found = changed_file(path, known.get(str(path)))
            except OSError as error:
                broken.append(unreadable(path, error))
                continue
            if isinstance(found, Changed):
                changed.append(found)
            elif found:
                touched.append(found)
        # A file elsewhere is another library's: several machines may share one database.
        gone = [known[name] for name in sorted(known) if Path(name) not in paths and Path(name).parent in self._own]
        again = {file.path for file in changed}
        kept = [known[str(path)].fingerprint for path in paths if str(path) in known and path not in again]
        lost = {file.fingerprint for file in gone}
        usable, unused = self._intake.read(changed, lambda: self.known(lost) | self._documents(kept))
        if usable or touched or gone:
            self._keep(usable, touched, gone)
        return [*broken, *unused]

    def _keep(self, usable: Sequence[Usable], touched: Sequence[LibraryFile], gone: Sequence[LibraryFile]) -> None:
        """Write down what the files hold now; what stands in none of them any more starts no more runs."""
        at = self._clock.now()
        with self._database.write() as unit:
            person = reads.person_by_handle(unit, self._person) if self._person else None
            out = {line.fingerprint for line in reads.definitions(unit) if line.retired_by}
            for one in usable:
                new = add_definition(unit, one.stored._replace(added_at=at, added_by=person.id if person else None))
                if not new and one.stored.fingerprint not in out:
                    retire_definition(unit, one.stored.fingerprint, None)
            remember_files(unit, [*(one.file for one in usable), *touched], [file.path for file in gone])
            used = {file.fingerprint for file in reads.library(unit).values()}
            for lost in gone:
                if lost.fingerprint not in used | out:
                    retire_definition(unit, lost.fingerprint, at)

    def known(self, lost: Collection[str] = ()) -> Documents:
        """The documents of what is in use and another SOP can run, by its name.

        Args:
            lost: fingerprints whose files are gone: of these only what was published.
        """
        with self._database.read() as unit:
            guarded = _guarded(unit)
            lines = [_latest(unit, sop, guarded=guarded) for sop in _names(unit)]
        return self._documents([one.fingerprint for one in lines if one and (one.why is not None or one.fingerprint not in lost)])

    def _documents(self, fingerprints: Iterable[str]) -> Documents:
        """Stored documents by the name of their SOP."""
        with self._database.read() as unit:
            found = [stored for fingerprint in fingerprints if (stored := reads.definition(unit, fingerprint))]
        return {stored.sop: restored(stored.document) for stored in found}

    def procedure(self, unit: Unit, fingerprint: str) -> Procedure:
        """The procedure of *fingerprint*. Raises NotFound."""
        if fingerprint not in self._procedures:
            stored = reads.definition(unit, fingerprint)
            if stored is None:
                raise NotFound("definition", fingerprint)
            self._procedures[fingerprint] = Procedure.stored(stored.document, fingerprint)
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
