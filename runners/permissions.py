"""Permissions where the answer lies in the database: acts that are about no run, and who may read which run.

The table itself is :mod:`engine.authority`. Reading is asked here and nowhere else, for single runs and for lists; a
definition that does not limit it costs a look at its document and nothing more.
"""

import json
from collections.abc import Callable

from engine.procedure import Procedure
from engine.refusals import Reason, Refused
from runners.clock import Clock
from runners.store import organisation_reads as organisation
from runners.store import reads
from runners.store.database import Unit
from runners.store.records import RunRow

Seen = Callable[[str, str], bool]
"""Whether a run may be seen: its name, and its SOP."""

_MARKS = (b'"permissions"', b'"read"')
"""Stand in the document of every definition that limits who reads; whether they stand there for that is asked then."""


class NotPermitted(Exception):  # noqa: N818 - an answer
    """Who asks may not see this, or not take it out.

    Attributes:
        run: name of the run; empty for the whole database.
        refused: every reason.
    """

    def __init__(self, run: str, reasons: tuple[Reason, ...]) -> None:
        super().__init__(run)
        self.run = run
        self.refused = Refused(reasons)


def may_do(unit: Unit, act: str, person: str, *, unknown: bool = False) -> tuple[Reason, ...]:
    """Why *person* may not do *act*, which is about no run: publish, retire, administer, or audit everything.

    Args:
        unit: the transaction.
        act: a row of :data:`engine.authority.TABLE`.
        person: pseudonym.
        unknown: whoever is no active person is asked for no more than somebody without an organisation role.
    """
    from engine.authority import may_without_run

    found = reads.person_by_id(unit, person)
    active = found is not None and found.active
    duties = found.more.get("duties", ()) if found is not None and active else () if unknown else None
    return may_without_run(act, person, duties, organisation.appointed(unit))


def may_in_run(unit: Unit, act: str, row: RunRow, procedure: Procedure, *, person: str, at: str) -> tuple[Reason, ...]:
    """Why *person* may not do *act* in a run as it stands at the instant *at*."""
    from engine.authority import OPEN, may
    from engine.state import from_plain
    from runners.people_stored import StoredDirectory

    appointed = organisation.appointed(unit) if act in OPEN else ()
    return may(act, procedure, from_plain(json.loads(row.state)), person, StoredDirectory(unit, at), appointed=appointed)


def readable(unit: Unit, run: str, person: str, at: str) -> str:
    """The SOP of a run that *person* may read at the instant *at*; empty where there is none, or none for them.

    Without a person it only has to be there.
    """
    row = reads.load_run(unit, run)
    if row is None:
        return ""
    procedure = _limiting(unit, row.fingerprint) if person else None
    return "" if procedure and may_in_run(unit, "read", row, procedure, person=person, at=at) else row.sop


def _limiting(unit: Unit, fingerprint: str) -> Procedure | None:
    """The procedure, if it names who reads its runs."""
    stored = reads.definition(unit, fingerprint)
    if stored is None or not all(mark in stored.document for mark in _MARKS):
        return None
    procedure = Procedure.stored(stored.document, fingerprint)
    return procedure if procedure.document.get("permissions", {}).get("read") else None


class Reader:
    """Somebody who looks at runs.

    Args:
        handle: who it is; whoever is no person of the database sees what everybody may see.
        clock: tells in whose place they may act now.
    """

    def __init__(self, handle: str, clock: Clock) -> None:
        self._handle = handle
        self._clock = clock
        self._limiting: dict[str, Procedure | None] = {}

    def admit(self, unit: Unit, row: RunRow, act: str = "read") -> None:
        """Let them see a run, or do another *act* that only looks. Raises NotPermitted."""
        if act == "read":
            procedure = self._limits(unit, row.fingerprint)
            reasons = self._reasons(unit, row, procedure, act) if procedure else ()
        elif reasons := may_do(unit, act, self._person(unit)):  # what somebody may anyway does not hang on the run
            procedure = self._compiled(unit, row.fingerprint)
            reasons = self._reasons(unit, row, procedure, act) if procedure else reasons
        if reasons:
            raise NotPermitted(row.id, reasons)

    def admit_to_all(self, unit: Unit, act: str) -> None:
        """Let them do *act*, which looks at everything. Raises NotPermitted."""
        if reasons := may_do(unit, act, self._person(unit)):
            raise NotPermitted("", reasons)

    def within(self, unit: Unit) -> Seen:
        """What tells, within one transaction, which runs of a list they may see."""
        limited: dict[str, bool] = {}

        def seen(run: str, sop: str) -> bool:
            if sop not in limited:
                limited[sop] = any(self._limits(unit, line.fingerprint) for line in reads.definitions(unit, sop))
            if not limited[sop]:
                return True
            row = reads.load_run(unit, run)
            procedure = self._limits(unit, row.fingerprint) if row else None
            return row is None or procedure is None or not self._reasons(unit, row, procedure, "read")

        return seen

    def _person(self, unit: Unit) -> str:
        found = reads.person_by_handle(unit, self._handle)
        return found.id if found else ""

    def _reasons(self, unit: Unit, row: RunRow, procedure: Procedure, act: str) -> tuple[Reason, ...]:
        return may_in_run(unit, act, row, procedure, person=self._person(unit), at=self._clock.now())

    def _limits(self, unit: Unit, fingerprint: str) -> Procedure | None:
        """The procedure, if it names who reads its runs."""
        if fingerprint not in self._limiting:
            self._limiting[fingerprint] = _limiting(unit, fingerprint)
        return self._limiting[fingerprint]

    def _compiled(self, unit: Unit, fingerprint: str) -> Procedure | None:
        """The procedure as it is stored; None for one that is missing, which an audit is to find."""
        stored = reads.definition(unit, fingerprint)
        return Procedure.stored(stored.document, fingerprint) if stored is not None else None
