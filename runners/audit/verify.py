"""Everything that can be proved about the histories of a database, level by level. A level that was not checked says so."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from engine.canonical import CanonicalError, canonical
from engine.events import RunMigrated, decode
from engine.evolve import HistoryError, evolve
from engine.history import hexadecimal, text
from engine.procedure import Procedure
from engine.state import EMPTY, State
from engine.values import Value
from runners.audit import organisation
from runners.audit.again import Kept, again
from runners.audit.chain import Chain, Finding
from runners.audit.proved import Proved
from runners.audit.report import Report
from runners.audit.rows import Folded, compare
from runners.audit.sealed import Erased, commitments
from runners.audit.waiting import offers
from runners.changes import outgrown
from runners.people import NotFound
from runners.people_stored import StoredDirectory
from runners.permissions import Reader
from runners.sealing import files
from runners.sections import taken
from runners.store import reads
from runners.store.database import Database, Unit
from runners.store.organisation_reads import ORG
from runners.store.records import HistoryRow, RunRow
from runners.tongue import spoken

_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


class Auditor:
    """Checks histories.

    Args:
        database: where they are.
        zone: gives the zone object of a name.
        evidence: tells of a file by its SHA-256 whether its bytes are as they were; None leaves files unchecked.
        reader: who asks; None for the program itself, which may check everything.
    """

    def __init__(
        self, database: Database, zone: Callable[[str], object],
        evidence: Callable[[str], bool] | None = None, reader: Reader | None = None,
    ) -> None:  # fmt: skip
        self._database = database
        self._zone = zone
        self._evidence = evidence
        self._reader = reader
        self._proved = Proved(zone)

    def verify(self, runs: Sequence[str] = ()) -> Report:
        """Check *runs*, or all of them and that none is missing. Raises NotFound for a run that is not there, and NotPermitted."""
        report = Report(files=None if self._evidence is None else 0)
        self._proved = Proved(self._zone)
        with self._database.read() as unit:
            if self._reader is not None and (not runs or ORG in runs):
                self._reader.admit_to_all(unit, "audit")
            numbered: dict[str, int] = {}
            if not runs or ORG in runs:
                length, wrong = organisation.check(unit, self._database.log)
                report.records += length
                report.directory = length
                report.findings += [wrong] if wrong else []
            for run in [run for run in runs if run != ORG] or ([] if ORG in runs else _every(unit)):
                row = reads.load_run(unit, run)
                if row is None:
                    raise NotFound("run", run)
                if self._reader is not None and runs:
                    self._reader.admit(unit, row, "audit")
                report.runs += 1
                prefix, _, number = run.rpartition("-")
                numbered[prefix] = numbered.get(prefix, 0) + number.isdigit()
                if not self._run(unit, row, report):
                    report.unread.append(run)
            if not runs:
                self._whole(unit, numbered, report)
        return report

    def _whole(self, unit: Unit, numbered: Mapping[str, int], report: Report) -> None:
        """Nothing is missing as a whole: no run that was numbered, none that has records, no definition."""
        for prefix, following in reads.counters(unit).items():
            if numbered.get(prefix, 0) != following - 1:
                lost = [number for number in range(1, following) if reads.load_run(unit, f"{prefix}-{number}") is None]
                what = spoken("the run is missing") if lost else spoken("the next number is said to be {number}", number=following)
                report.findings.append(Finding("head", f"{prefix}-{lost[0] if lost else following}", -1, what))
        for run in reads.history_without_run(unit):
            report.findings.append(Finding("head", run, -1, spoken("there are records, and no run")))
        for line in reads.definitions(unit):
            if line.fingerprint not in self._proved and isinstance(wrong := self._proved.procedure(unit, line.fingerprint), str):
                report.findings.append(Finding("definition", f"{line.sop}@{line.version}", -1, wrong))

    def _run(self, unit: Unit, row: RunRow, report: Report) -> bool:
        """Whether the run could be checked to its end."""
        chain = Chain(row.id, self._database.log)
        rows = list(_rows(unit, row.id))
        broken = chain.check((found.seq, found.record, found.hash) for found in rows)
        report.records += chain.length
        if broken:
            report.findings.append(broken)
            return False  # what follows reads records that are proved to be forged
        if (chain.length - 1, chain.head) != (row.seq, row.head):
            what = spoken("the run stands at record {seq}, its history ends at {last}", seq=row.seq, last=chain.length - 1)
            report.findings.append(Finding("head", row.id, chain.length - 1, what))
            return False
        try:
            return self._meaning(unit, row, rows, report)
        except (LookupError, TypeError, ValueError, AttributeError, StopIteration, HistoryError) as error:
            what = spoken("the history cannot be read: {kind} {error}", kind=type(error).__name__, error=error)
            report.findings.append(Finding("state", row.id, -1, what))
            return False

    def _meaning(self, unit: Unit, row: RunRow, rows: Sequence[HistoryRow], report: Report) -> bool:
        procedure = self._proved.procedure(
            unit, hexadecimal(json.loads(rows[0].record)["def"]["sha256"]) if rows else row.fingerprint
        )
        if isinstance(procedure, str):
            report.findings.append(Finding("definition", row.id, -1, procedure))
            return False
        payloads = reads.payloads(unit, row.id)
        kept = Kept(payloads)
        folded, wrong = Folded(EMPTY), False
        for found in rows:
            record = json.loads(found.record)
            if misplaced := _misplaced(record, found, procedure, folded.at):
                report.findings.append(Finding("chain", row.id, found.seq, misplaced))
                return False
            self._commitments(row.id, record, folded.state, kept, report)
            if not wrong:
                answer = again(
                    procedure, folded.state, record, kept, lambda digest: self._proved.calendar(unit, digest),
                    lambda fingerprint: self._proved.version(unit, fingerprint),
                )  # fmt: skip
                report.decided += answer == ""
                report.unchecked += answer is None
                if answer:
                    report.findings.append(Finding("decision", row.id, found.seq, answer))
                    wrong = True
            events = [decode(event) for event in record.get("events", ())]
            state = folded.state
            for event in events:
                state = evolve(state, event, record["at"])
            before, old = folded.state, procedure
            for event in events:
                if isinstance(event, RunMigrated):  # another version decides from the next record on
                    procedure = self._proved.version(unit, event.fingerprint) or procedure
            left = tuple(outgrown(old, procedure, before, state)) if procedure is not old else ()
            folded.step(record, events, state, left)
            self._children(unit, row.id, record, report)
        for seq in sorted(seq for seq in kept.by_record if not 0 <= seq <= row.seq):
            report.findings.append(Finding("commitment", row.id, seq, spoken("there are values, and no record")))
        found_rows = list(compare(row, reads.tasks_of(unit, row.id), payloads, kept, folded))
        found_rows += folded.timers.compare(row, reads.timers_of(unit, row.id))
        found_rows += offers(row, procedure, folded.state, reads.offers_of(unit, row.id), StoredDirectory(unit, folded.at))
        report.findings += found_rows
        report.folded += not any(finding.level == "state" for finding in found_rows)
        self._sections(unit, row, procedure, folded.state, report)
        self._files(row.id, kept, report)
        return True

    def _sections(self, unit: Unit, row: RunRow, procedure: Procedure, state: State, report: Report) -> None:
        if {lock.name: lock.label for lock in reads.locks_of(unit, row.id)} != taken(procedure, state):
            report.findings.append(Finding("rows", row.id, row.seq, spoken("the critical sections are not those of the history")))

    def _commitments(self, run: str, record: Mapping[str, Value], before: State, kept: Kept, report: Report) -> None:
        """Each kept value of the record opens a commitment that stands in it."""
        seq = record["seq"]
        sealed, there = commitments(record, before), kept.by_record.get(seq, {})
        for path in there:
            if kept.seals[seq, path] == sealed.get(path):
                report.values += 1
            else:
                report.findings.append(
                    Finding("commitment", run, seq, spoken("the value of {path} is not the one that was committed to", path=path))
                )
        report.gone += [Erased(run, seq, path) for path in sealed if path not in there]

    def _children(self, unit: Unit, run: str, record: Mapping[str, Value], report: Report) -> None:
        for event in record.get("events", ()):
            if event["is"] == "ChildRequested":
                child = reads.load_run(unit, event["child"])
                if child is None or child.parent != run:
                    what = spoken("the run {child} that it started is missing", child=event["child"])
                    report.findings.append(Finding("head", run, record["seq"], what))

    def _files(self, run: str, kept: Kept, report: Report) -> None:
        if self._evidence is None or report.files is None:
            return
        for seq, brought in kept.by_record.items():
            for path in brought:
                for file in files(kept.one(seq, path)):
                    report.files += 1
                    if not self._evidence(file["sha256"]):
                        report.findings.append(
                            Finding("evidence", run, seq, spoken("the file of {path} is missing or was changed", path=path))
                        )


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


def _misplaced(record: Mapping[str, Value], row: HistoryRow, procedure: Procedure, before: str) -> str:
    if record["def"]["sha256"] != text(bytes.fromhex(procedure.fingerprint)):
        return spoken("the record names another definition than the run")
    if not _INSTANT.fullmatch(record["at"]):
        return spoken("the instant of the record is none")
    if record["at"] < before:
        return spoken("the record is older than the one before it")
    try:
        same = canonical(record) == row.record
    except CanonicalError:
        same = False
    return "" if same else spoken("the record is not canonical")
