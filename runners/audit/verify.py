"""Everything that can be proved about the histories of a database, level by level. A level that was not checked says so."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from engine import history
from engine.calendar import Calendar, from_plain
from engine.canonical import CanonicalError, canonical
from engine.events import RunMigrated, decode
from engine.evolve import HistoryError, evolve
from engine.procedure import Procedure
from engine.state import EMPTY, State
from engine.state import from_plain as state_from_plain
from engine.values import Value
from runners.audit import organisation
from runners.audit.again import Kept, again
from runners.audit.chain import Chain, Finding
from runners.library import Library
from runners.people import NotFound
from runners.sections import taken
from runners.store import reads
from runners.store.database import Database, Unit
from runners.store.organisation_reads import ORG
from runners.store.records import HistoryRow, RunRow, TaskRow


@dataclass(slots=True)
class Report:
    """What was proved.

    Attributes:
        runs: runs looked at.
        records: records whose chain was checked.
        folded: runs whose state was built again from their history.
        decided: commands that were decided again and came out the same.
        unchecked: commands that cannot be decided again, because something was erased.
        values: kept values that open their commitments.
        erased: commitments without a value any more.
        files: evidence files read again; None if that was not asked for.
        findings: everything that is not as it was written, the first of each run and level.
    """

    runs: int = 0
    records: int = 0
    folded: int = 0
    decided: int = 0
    unchecked: int = 0
    values: int = 0
    erased: int = 0
    files: int | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


class Auditor:
    """Checks histories.

    Args:
        database: where they are.
        library: finds procedures by fingerprint.
        zone: gives the zone object of a name.
        evidence: tells of a file by its SHA-256 whether its bytes are as they were; None leaves files unchecked.
    """

    def __init__(
        self, database: Database, library: Library, zone: Callable[[str], object], evidence: Callable[[str], bool] | None = None
    ) -> None:
        self._database = database
        self._library = library
        self._zone = zone
        self._evidence = evidence

    def verify(self, runs: Sequence[str] = ()) -> Report:
        """Check *runs*, or all of them. Raises NotFound for a run that is not there."""
        report = Report(files=None if self._evidence is None else 0)
        with self._database.read() as unit:
            if not runs or ORG in runs:
                length, wrong = organisation.check(unit, self._database.log)
                report.records += length
                report.findings += [wrong] if wrong else []
            for run in [run for run in runs if run != ORG] or ([] if ORG in runs else _every(unit)):
                row = reads.load_run(unit, run)
                if row is None:
                    raise NotFound("run", run)
                report.runs += 1
                self._run(unit, row, report)
        return report

    def _run(self, unit: Unit, row: RunRow, report: Report) -> None:
        chain = Chain(row.id, self._database.log)
        rows = list(_rows(unit, row.id))
        broken = chain.check((found.seq, found.record, found.hash) for found in rows)
        report.records += chain.length
        if broken:
            report.findings.append(broken)
            return  # what follows reads records that are proved to be forged
        if (chain.length - 1, chain.head) != (row.seq, row.head):
            what = f"the run stands at record {row.seq}, its history ends at {chain.length - 1}"
            report.findings.append(Finding("head", row.id, chain.length - 1, what))
            return
        try:
            self._meaning(unit, row, rows, report)
        except (KeyError, TypeError, ValueError, StopIteration, HistoryError, NotFound) as error:
            report.findings.append(Finding("state", row.id, -1, f"the history cannot be read: {type(error).__name__} {error}"))

    def _meaning(self, unit: Unit, row: RunRow, rows: Sequence[HistoryRow], report: Report) -> None:
        kept = Kept.of(reads.payloads(unit, row.id))
        state, wrong = EMPTY, False
        procedure = self._library.procedure(unit, json.loads(rows[0].record)["def"]["sha256"])
        for found in rows:
            record = json.loads(found.record)
            if _misplaced(record, found, procedure):
                report.findings.append(Finding("chain", row.id, found.seq, _misplaced(record, found, procedure)))
                return
            if not wrong:
                versions = partial(self._library.version, unit)
                answer = again(procedure, state, record, kept, lambda digest: self._calendar(unit, digest), versions)
                report.decided += answer == ""
                report.unchecked += answer is None
                if answer:
                    report.findings.append(Finding("decision", row.id, found.seq, answer))
                    wrong = True
            self._commitments(row.id, record, kept, report)
            for plain in record.get("events", ()):
                event = decode(plain)
                state = evolve(state, event, record["at"])
                if isinstance(event, RunMigrated):  # from the next record on
                    procedure = self._library.procedure(unit, event.fingerprint)
        self._compare(row, state, reads.tasks_of(unit, row.id), report)
        self._sections(unit, row, procedure, state, report)
        self._files(row.id, kept, report)

    def _calendar(self, unit: Unit, digest: str) -> Calendar | None:
        body = reads.calendar(unit, digest)
        if body is None:
            return None
        plain = json.loads(body)
        return from_plain(plain, self._zone(plain["zone"]))  # type: ignore[arg-type]

    def _commitments(self, run: str, record: Mapping[str, Value], kept: Kept, report: Report) -> None:
        """Each kept value of the record opens a commitment that stands in it."""
        seals = set(_seals(record))
        seq = record["seq"]
        opened = 0
        for path, value in kept.at(seq):
            if history.commitment(kept.salts[seq, path], value) in seals:
                opened += 1
            else:
                report.findings.append(Finding("commitment", run, seq, f"the value of {path} is not the one that was committed to"))
        report.values += opened
        report.erased += max(len(seals) - opened, 0)

    def _compare(self, row: RunRow, state: State, tasks: Sequence[TaskRow], report: Report) -> None:
        stored = json.loads(row.state)
        if state != state_from_plain(stored):
            report.findings.append(Finding("state", row.id, row.seq, "the stored state is not what the history gives"))
            return
        report.folded += 1
        columns = (row.sop, row.version, row.fingerprint, row.status, row.end_name or "", row.lead, row.started_at, row.open_tasks)
        if columns != (
            state.sop, state.version, state.fingerprint, state.status, state.end, state.lead, state.started, len(state.tasks)
        ):  # fmt: skip
            report.findings.append(Finding("rows", row.id, row.seq, "the columns of the run do not say what its history says"))
        shown = {task.no: (task.label, task.owner or "", task.due_at or "", task.round) for task in tasks if not task.closed_at}
        if shown != {no: (task.address, task.owner, task.due, task.round) for no, task in state.tasks.items()}:
            report.findings.append(Finding("rows", row.id, row.seq, "the open tasks in lists are not those of the history"))

    def _sections(self, unit: Unit, row: RunRow, procedure: Procedure, state: State, report: Report) -> None:
        if {lock.name: lock.label for lock in reads.locks_of(unit, row.id)} != taken(procedure, state):
            report.findings.append(Finding("rows", row.id, row.seq, "the critical sections are not those of the history"))

    def _files(self, run: str, kept: Kept, report: Report) -> None:
        if self._evidence is None or report.files is None:
            return
        for (seq, path), value in kept.values.items():
            for sha256 in _shas(value):
                report.files += 1
                if not self._evidence(sha256):
                    report.findings.append(Finding("evidence", run, seq, f"the file of {path} is missing or was changed"))


def _every(unit: Unit) -> Iterator[str]:
    lines = reads.runs(unit, "all", limit=500)
    while lines:
        yield from (line.id for line in lines)
        lines = reads.runs(unit, "all", before=lines[-1].key, limit=500)


def _rows(unit: Unit, run: str) -> Iterator[HistoryRow]:
    after = -1
    while rows := reads.history(unit, run, after=after):
        yield from rows
        after = rows[-1].seq


def _misplaced(record: Mapping[str, Value], row: HistoryRow, procedure: Procedure) -> str:
    if record["def"]["sha256"] != procedure.fingerprint:
        return "the record names another definition than the run"
    try:
        same = canonical(record) == row.record
    except CanonicalError:
        same = False
    return "" if same else "the record is not canonical"


def _seals(value: Value) -> Iterator[str]:
    """Every text of a record that has the form of a commitment; ``prev`` is one by form and opens nothing."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name != "prev":
                yield from _seals(item)
    elif isinstance(value, list):
        for item in value:
            yield from _seals(item)
    elif isinstance(value, str) and len(value) == 43:  # noqa: PLR2004 - 32 bytes as base64url
        yield value


def _shas(value: Value) -> Iterator[str]:
    if isinstance(value, dict) and set(value) == {"sha256", "name", "size"}:
        yield value["sha256"]
    elif isinstance(value, list):
        for item in value:
            yield from _shas(item)
