"""Versions of definitions: taking one in on purpose, by somebody and for a reason; taking one out of use; comparing two.

Who may is said by the table of permissions. What was done, and what was refused, stands in the history of the directory.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from engine.canonical import canonical
from engine.procedure import Procedure
from engine.refusals import Code, Reason, Refused
from engine.values import Value
from runners.asker import Asker
from runners.clock import Clock, Ids
from runners.library import Library
from runners.people import NotFound
from runners.permissions import may_do
from runners.register import Register, version_facts
from runners.store import organisation_reads as organisation
from runners.store import reads
from runners.store.database import Database, Unit, transact
from runners.store.organisation_reads import ORG
from runners.store.records import DefinitionLine, Request, StoredDefinition
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


Answer = TypeVar("Answer")


class Publisher:
    """Keeps the versions of definitions.

    Args:
        database: where they are.
        library: compiles them.
        clock: tells when.
        ids: makes salts.
        auth: how the door knows who asks.
    """

    def __init__(self, database: Database, library: Library, clock: Clock, ids: Ids | None = None, auth: str = "os") -> None:
        self._database = database
        self._library = library
        self._clock = clock
        self._ids = ids or Ids()
        self._auth = auth

    def publish(
        self, definition: "Definition", source: bytes, *, by: str, why: str, dry_run: bool = False, key: str = ""
    ) -> Published | Refused:
        """Take *definition* in as a version of its SOP, with which new runs start from now on.

        Args:
            definition: checked.
            source: the YAML as it was written.
            by: pseudonym of who publishes it.
            why: their words.
            dry_run: compare and write nothing.
            key: the same key gives the same answer and happens once.

        Raises:
            NotRising: its number is taken by other content, or is not above that of the last version.
            AlreadyOut: this very version was retired.
            StoreError: the database cannot do it now.
        """
        from engine.canonical import stored as stored_bytes

        new = Procedure.compiled(definition)
        about: dict[str, Value] = {"sop": new.sop, "version": new.version, "fingerprint": new.fingerprint}

        def work(unit: Unit, register: Register) -> tuple[Published, int | None]:
            found, same = self._compared(unit, new)
            if dry_run or found.repeated:
                return found, None
            at = self._clock.now()
            if same is None:
                stored = StoredDefinition(new.fingerprint, new.sop, new.version, source, stored_bytes(new.document), at, by, why)
                add_definition(unit, stored)
            else:
                publish_definition(unit, new.fingerprint, by, why)
                retire_definition(unit, new.fingerprint, None)
            line = DefinitionLine(new.fingerprint, new.sop, new.version, at, by, why, None, None, None)
            return found, register.record("publish", list(version_facts(line)), why)

        def again(unit: Unit) -> Published:
            found, _ = self._compared(unit, new)
            return found

        return self._given("publish", about, work, again, by=by, why=why, key=key, dry_run=dry_run)

    def _compared(self, unit: Unit, new: Procedure) -> tuple[Published, DefinitionLine | None]:
        """What publishing *new* would do, and the line of this very version if there is one. Raises NotRising and AlreadyOut."""
        from engine.difference import difference

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
        return Published(new, previous, tuple(difference(previous, new)) if previous else (), repeated), same

    def retire(self, name: str, *, by: str, why: str, dry_run: bool = False, key: str = "") -> DefinitionLine | Refused:
        """Take ``SOP@VERSION`` out of use: no run starts with it any more; open runs go on.

        Args:
            name: the version.
            by: pseudonym of who asks.
            why: their words.
            dry_run: say what would happen and write nothing.
            key: the same key gives the same answer and happens once.

        Raises:
            NotFound: there is no such version.
            AlreadyOut: it is out of use already.
            StoreError: the database cannot do it now.
        """
        sop, _, version = name.partition("@")

        def work(unit: Unit, register: Register) -> tuple[DefinitionLine, int | None]:
            line = self._line(unit, name)
            if line.retired_by:
                raise AlreadyOut(line)
            at = self._clock.now()
            if dry_run:
                return line._replace(retired_at=at, retired_by=by, retired_why=why), None
            facts: list[Mapping[str, Value]] = []
            for one in (one for one in reads.definitions(unit, line.sop) if one.version == line.version):
                retire_definition(unit, one.fingerprint, at, by, why)
                facts += version_facts(one._replace(why=None, retired_by=by))
            seq = register.record("retire", facts, why)
            return self._line(unit, name), seq

        about: dict[str, Value] = {"sop": sop, "version": version}
        return self._given("retire", about, work, lambda unit: self._line(unit, name), by=by, why=why, key=key, dry_run=dry_run)

    def _given(
        self, do: str, about: Mapping[str, Value], work: Callable[[Unit, Register], tuple[Answer, int | None]],
        again: Callable[[Unit], Answer], *, by: str, why: str, key: str, dry_run: bool,
    ) -> Answer | Refused:  # fmt: skip
        """One command about a version: answered from its key, refused on record, or carried out and recorded."""
        digest = hashlib.sha256(canonical([do, by, why, dict(about)])).hexdigest() if key else ""

        def whole(unit: Unit) -> Answer | Refused:
            known = reads.request(unit, key) if key else None
            before = _answered(unit, known, digest) if known else False
            if before:
                return before if isinstance(before, Refused) else again(unit)
            at = self._clock.now()
            register = Register(unit, self._database.log, at, Asker(by, self._auth), self._ids)
            answer: Answer | Refused
            if reasons := may_do(unit, do, by):
                answer, seq = Refused(reasons), None if dry_run else register.record(do, (), why, reasons, about)
            else:
                answer, seq = work(unit, register)
            if key and seq is not None and not known:
                organisation.keep_request(unit, key, digest, seq, at)
            return answer

        return transact(self._database, whole)

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


def _answered(unit: Unit, known: Request, digest: str) -> Refused | bool:
    """Whether a key that was used before answers: with a refusal, or by having been carried out.

    A key that a door made from the arguments answers only while the directory has not moved on, and keeps no refusal.
    """
    from runners.runner import AUTO

    auto, head = known.key.startswith(AUTO), organisation.head(unit)
    if auto and head is not None and known.seq < head.seq:
        return False
    if (known.run, known.digest) != (ORG, digest):
        return Refused((Reason(Code.KEY_REUSED, {"run": known.run}),))
    record = json.loads(reads.history(unit, ORG, after=known.seq - 1, upto=known.seq)[0].record)
    if "reasons" not in record:
        return True
    reasons = (
        (code, {name: tuple(v) if isinstance(v, list) else v for name, v in facts.items()}) for code, facts in record["reasons"]
    )
    return not auto and Refused(tuple(Reason(Code(code), facts) for code, facts in reasons))
