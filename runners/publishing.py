"""Versions of definitions: taking one in on purpose, by somebody and for a reason; taking one out of use; comparing two."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.procedure import Procedure
from runners.clock import Clock
from runners.library import Library
from runners.people import NotFound
from runners.store import reads
from runners.store.database import Database, Unit
from runners.store.records import DefinitionLine, StoredDefinition
from runners.store.writes import add_definition, publish_definition, retire_definition

if TYPE_CHECKING:
    from engine.definition import Definition
    from engine.difference import Change


class NotRising(Exception):  # noqa: N818 - an answer
    """The version number is taken by other content, or is not above the last.

    Attributes:
        last: the highest version there is.
        taken: whether this very number has other content.
    """

    def __init__(self, version: str, last: str, *, taken: bool) -> None:
        super().__init__(version)
        self.version = version
        self.last = last
        self.taken = taken


class AlreadyOut(Exception):  # noqa: N818 - an answer
    """This very version was taken out of use before, and is not put back."""

    def __init__(self, line: DefinitionLine) -> None:
        super().__init__(f"{line.sop} {line.version}")
        self.line = line


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did or would do.

    Attributes:
        procedure: what is published.
        previous: the version before; None for the first.
        changes: from that one to this.
        repeated: it was published before, by whom and why is unchanged.
    """

    procedure: Procedure
    previous: Procedure | None
    changes: "tuple[Change, ...]"
    repeated: bool


def _number(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


class Publisher:
    """Keeps the versions of definitions.

    Args:
        database: where they are.
        library: compiles them.
        clock: tells when.
    """

    def __init__(self, database: Database, library: Library, clock: Clock) -> None:
        self._database = database
        self._library = library
        self._clock = clock

    def publish(self, definition: "Definition", source: bytes, *, by: str, why: str, dry_run: bool = False) -> Published:
        """Take *definition* in as a version of its SOP, with which new runs start from now on.

        Args:
            definition: checked.
            source: the YAML as it was written.
            by: pseudonym of who publishes it.
            why: their words.
            dry_run: compare and write nothing.

        Raises:
            NotRising: its number is taken by other content, or is not above that of the last version.
            AlreadyOut: this very version was retired.
        """
        from engine.canonical import canonical_document, fingerprint
        from engine.canonical import stored as stored_bytes
        from engine.difference import difference

        document = canonical_document(definition)
        new = Procedure(document, fingerprint(document))
        with self._database.write() as unit:
            lines = [line for line in reads.definitions(unit, new.sop) if line.fingerprint != new.fingerprint]
            same = next((line for line in reads.definitions(unit, new.sop) if line.fingerprint == new.fingerprint), None)
            if same is not None and same.retired_by:
                raise AlreadyOut(same)
            last = max(lines, key=lambda line: (_number(line.version), line.added_at), default=None)
            repeated = same is not None and same.why is not None
            taken = any(line.version == new.version for line in lines) and not repeated
            if last is not None and (taken or (same is None and _number(new.version) < _number(last.version))):
                raise NotRising(new.version, last.version, taken=taken)
            earlier = [line for line in lines if _number(line.version) < _number(new.version)]
            before = max(earlier, key=lambda line: (_number(line.version), line.added_at), default=None)
            previous = self._library.procedure(unit, before.fingerprint) if before else None
            if not dry_run and same is None:
                stored = StoredDefinition(
                    new.fingerprint, new.sop, new.version, source, stored_bytes(document), self._clock.now(), by, why
                )
                add_definition(unit, stored)
            elif not dry_run and not repeated:
                publish_definition(unit, new.fingerprint, by, why)
                retire_definition(unit, new.fingerprint, None)
        return Published(new, previous, tuple(difference(previous, new)) if previous else (), repeated)

    def retire(self, name: str, *, by: str, why: str, dry_run: bool = False) -> DefinitionLine:
        """Take ``SOP@VERSION`` out of use: no run starts with it any more; open runs go on.

        Raises:
            NotFound: there is no such version.
            AlreadyOut: it is out of use already.
        """
        with self._database.write() as unit:
            line = self._line(unit, name)
            if line.retired_by:
                raise AlreadyOut(line)
            at = self._clock.now()
            if not dry_run:
                for one in reads.definitions(unit, line.sop):
                    if one.version == line.version:
                        retire_definition(unit, one.fingerprint, at, by, why)
            return line._replace(retired_at=at, retired_by=by, retired_why=why)

    def versions(self, sop: str) -> list[DefinitionLine]:
        """Every version of *sop*, the newest first. Raises NotFound."""
        with self._database.read() as unit:
            lines = reads.definitions(unit, sop)
            if not lines:
                raise NotFound("sop", sop, sorted({line.sop for line in reads.definitions(unit)}))
            return sorted(lines, key=lambda line: (_number(line.version), line.added_at), reverse=True)

    def procedure(self, name: str) -> Procedure:
        """What ``SOP`` or ``SOP@VERSION`` means, retired or not. Raises NotFound."""
        return self._library.find(name).procedure

    def _line(self, unit: Unit, name: str) -> DefinitionLine:
        sop, _, version = name.partition("@")
        lines = [line for line in reads.definitions(unit, sop) if line.version == version]
        if not lines:
            known = [f"{line.sop}@{line.version}" for line in reads.definitions(unit)]
            raise NotFound("sop", name, known)
        return max(lines, key=lambda line: line.added_at)
