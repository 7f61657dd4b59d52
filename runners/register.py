"""The history of the directory: a chain of records of its own, called ``ORG``, so that an auditor sees who held what when."""

import json
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from engine import __version__, history
from engine.canonical import canonical
from engine.organisation import Facts, fold
from engine.refusals import Code, Kind, Reason, Refused
from engine.values import Value
from runners.asker import Asker
from runners.clock import Ids
from runners.people import actor_of
from runners.permissions import may_do
from runners.store import organisation_reads as organisation
from runners.store import reads
from runners.store import scheduling_reads as scheduling
from runners.store.database import Database, Parameters, Statement, Unit, transact
from runners.store.organisation_reads import ORG
from runners.store.records import DefinitionLine
from runners.store.scheduling_reads import ScheduleRow

_OF_VERSIONS: Final = frozenset({Code.RETIRED, Code.UNPUBLISHED})
"""Why a version starts nothing, whoever asks."""
_OWN: Final = frozenset({"do", "seals"})
"""Keys of a command that are told apart."""


class Line(NamedTuple):
    """One record of the directory.

    Attributes:
        events: whole facts, as they are from then on.
        reasons: code and facts, if it was refused.
        note: the person's words, unless they were erased.
        about: what was asked for beside that: which SOP, which version.
    """

    seq: int
    at: str
    actor: str
    do: str
    events: tuple[Mapping[str, Value], ...]
    reasons: tuple[tuple[str, Mapping[str, Value]], ...]
    note: str | None
    hash: bytes
    about: Mapping[str, Value] = MappingProxyType({})


def may_administer(unit: Unit, person: str, *, own: str = "") -> tuple[Reason, ...]:
    """Why *person* may not change the directory: there are administrators, and they are none.

    What is one's *own*, an absence or a role to give away, everybody may change for themselves.
    """
    return () if own and own == person else may_do(unit, "administer", person, unknown=True)


class Register:
    """Writes the history of the directory, in the transaction of what it tells.

    Args:
        unit: the transaction.
        log: id of the database's log.
        at: the instant.
        asker: who asks.
        ids: makes salts.
    """

    def __init__(self, unit: Unit, log: str, at: str, asker: Asker, ids: Ids) -> None:
        self._unit = unit
        self._log = log
        self._at = at
        self._asker = asker
        self._ids = ids

    def record(
        self, do: str, events: Sequence[Mapping[str, Value]], note: str = "", reasons: Sequence[Reason] = (),
        about: Mapping[str, Value] = MappingProxyType({}),
    ) -> int:  # fmt: skip
        """Append a record; gives its number.

        Args:
            do: what was asked for.
            events: whole facts, as they are from then on.
            note: the person's words; sealed, and kept where they can be erased.
            reasons: why it is refused.
            about: what was asked for beside that; nothing that anybody wrote.

        Raises:
            Conflict: somebody was first.
        """
        last = organisation.head(self._unit)
        seq, prev = (last.seq + 1, last.head) if last else (0, history.GENESIS)
        at = max(self._at, last.at) if last else self._at
        command: dict[str, Value] = {"do": do, **about}
        if note:
            salt = self._ids.salt()
            command["seals"] = {"note": history.commitment(salt, note)}
            row: Parameters = {"run": ORG, "current": 1, "path": f"note/{seq}", "seq": seq, "salt": salt, "body": canonical(note)}
            self._unit.batch([Statement("payload_insert", [row])])
        made: dict[str, Value] = {
            "v": history.FORMAT, "engine": __version__, "log": self._log, "run": ORG, "seq": seq, "prev": history.text(prev),
            "kind": "refused" if reasons else "directory", "at": at,
            "actor": {"sub": self._asker.person, "auth": self._asker.auth}, "command": command,
        }  # fmt: skip
        if events:
            made["events"] = [dict(event) for event in events]
        if reasons:
            made["reasons"] = [history.told(reason) for reason in reasons]
        body = canonical(made)
        organisation.append(self._unit, seq, body, history.digest(body), at)
        return seq

    def refuse(
        self, do: str, reasons: Sequence[Reason], note: str = "", about: Mapping[str, Value] = MappingProxyType({})
    ) -> Refused:
        """The refusal for *reasons*; an attempt is recorded, a slip of the keyboard is not."""
        refused = Refused(tuple(reasons))
        if refused.recorded:
            self.record(do, (), note, reasons, about)
        return refused


def start_refused(database: Database, refused: Refused, sop: str, asker: tuple[str, str], *, at: str, ids: Ids) -> None:
    """Record that no run was started, if it is for who asked or for the version: what never began has no history of its own.

    Args:
        database: where the directory is.
        refused: why no run of *sop* was started.
        sop: which SOP or version of it.
        asker: who asked, by handle or pseudonym, and how the door knows.
        at: the instant.
        ids: makes salts.

    Raises:
        StoreError: the database cannot do it now.
    """
    kept = [reason for reason in refused.reasons if reason.kind is Kind.DENIED or reason.code in _OF_VERSIONS]

    def work(unit: Unit) -> None:
        who = Asker(actor_of(unit, asker[0]), asker[1])
        Register(unit, database.log, at, who, ids).record("start", (), "", kept, {"sop": sop})

    if kept:
        transact(database, work)


def version_facts(line: DefinitionLine) -> Iterator[dict[str, Value]]:
    """Who published and who retired a version, as the history tells it; nothing of one that only stood in a file."""
    version: dict[str, Value] = {"sop": line.sop, "version": line.version, "fingerprint": line.fingerprint}
    if line.why is not None:
        yield {"is": "VersionPublished", **version, "by": line.added_by or ""}
    if line.retired_by is not None:
        yield {"is": "VersionRetired", **version, "by": line.retired_by}


def schedule_fact(row: ScheduleRow) -> dict[str, Value]:
    """Whether somebody let a schedule rest, as the history tells it."""
    return {"is": "ScheduleSet", "sop": row.sop, "id": row.id, "paused": bool(row.paused_at), "by": row.set_by or ""}


def facts_now(unit: Unit) -> Facts:
    """What the tables say, in the form of the history."""
    from runners.directory import person_fact

    events: list[Mapping[str, Value]] = [person_fact(person) for person in reads.people(unit)]
    members = reads.members(unit)
    events += [
        {"is": "TeamSet", "team": team.id, "members": sorted(members.get(team.id, [])), **team.more} for team in reads.teams(unit)
    ]
    events += [
        {"is": "UnitSet", "unit": u.id, "parent": u.parent, "lead": u.lead, "model": u.model} for u in organisation.units(unit)
    ]
    events += [
        {"is": "AbsenceSet", "person": a.person, "from": a.from_at, "until": a.until_at, "deputy": a.deputy}
        for a in organisation.absences(unit)
    ]
    events += [
        {"is": "RoleDelegated", "giver": d.giver, "role": d.role, "receiver": d.receiver, "from": d.from_at, "until": d.until_at}
        for d in organisation.delegations(unit)
    ]
    for line in reads.definitions(unit):
        events += version_facts(line)
    events += [schedule_fact(row) for row in scheduling.schedules(unit) if row.set_by]
    return fold({}, ({name: value for name, value in event.items() if value not in ("", [], 0)} for event in events))


def lines(unit: Unit) -> Iterator[Line]:
    """Every record of the directory, in order."""
    notes = {payload.seq: json.loads(payload.body) for payload in reads.payloads(unit, ORG) if payload.path.startswith("note/")}
    after = -1
    while rows := reads.history(unit, ORG, after=after):
        for row in rows:
            found = json.loads(row.record)
            yield Line(
                row.seq, found["at"], found["actor"]["sub"], found["command"]["do"], tuple(found.get("events", ())),
                tuple((code, facts) for code, facts in found.get("reasons", ())), notes.get(row.seq), row.hash,
                {name: value for name, value in found["command"].items() if name not in _OWN},
            )  # fmt: skip
        after = rows[-1].seq


def facts_at(unit: Unit, when: str) -> Facts:
    """Who held what at the instant *when*, after the history."""
    facts: Facts = {}
    for line in lines(unit):
        if line.at > when:
            break
        facts = fold(facts, line.events)
    return facts
