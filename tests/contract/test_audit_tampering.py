# ruff: noqa: S608 - the attacker writes any SQL
"""An attacker with the database open and the triggers dropped: what is found, where, and what only checkpoints will find."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from engine.canonical import canonical
from engine.history import digest, text
from runners.audit.chain import Finding
from runners.store import triggers
from tests.company import Company

RUN = "ART-1"


class Attacker:
    """Changes rows behind the store's back, and puts them back."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.raw = company.raw
        for statement in triggers.removals("sqlite" if company.url.startswith("sqlite") else "postgresql"):
            self.raw(statement)

    def columns(self, table: str) -> list[str]:
        """Names of the columns of a table."""
        if self.company.url.startswith("sqlite"):
            return [row[1] for row in self.raw(f"PRAGMA table_info(sop_{table})")]
        named = "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ?"
        return [row[0] for row in self.raw(f"{named} ORDER BY ordinal_position", f"sop_{table}")]

    def rows(self, table: str, where: str = "1 = 1", *values: Any) -> list[dict[str, Any]]:  # noqa: ANN401
        names = self.columns(table)
        return [dict(zip(names, row, strict=True)) for row in self.raw(f"SELECT * FROM sop_{table} WHERE {where}", *values)]

    def insert(self, table: str, row: dict[str, Any]) -> None:
        marks = ", ".join("?" for _ in row)
        self.raw(f"INSERT INTO sop_{table} ({', '.join(row)}) VALUES ({marks})", *row.values())

    def delete(self, table: str, row: dict[str, Any]) -> None:
        same = " AND ".join(f"{name} = ?" if value is not None else f"{name} IS NULL" for name, value in row.items())
        self.raw(f"DELETE FROM sop_{table} WHERE {same}", *(value for value in row.values() if value is not None))

    @contextmanager
    def changed(self, table: str, row: dict[str, Any], **new: Any) -> Iterator[None]:  # noqa: ANN401
        """*row* with other values, for a while."""
        forged = {**row, **new}
        self._replace(table, row, forged)
        yield
        self._replace(table, forged, row)

    def _replace(self, table: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        same = " AND ".join(f"{name} = ?" if value is not None else f"{name} IS NULL" for name, value in old.items())
        put = ", ".join(f"{name} = ?" for name in new)
        self.raw(
            f"UPDATE sop_{table} SET {put} WHERE {same}", *new.values(), *(value for value in old.values() if value is not None)
        )

    @contextmanager
    def without(self, table: str, *rows: dict[str, Any]) -> Iterator[None]:
        """The table without *rows*, for a while."""
        for row in rows:
            self.delete(table, row)
        yield
        for row in rows:
            self.insert(table, row)

    @contextmanager
    def history(self, bodies: Sequence[dict[str, Any]], run: str = RUN) -> Iterator[None]:
        """The history of a run replaced by *bodies*, with a correct chain, and the head of the run with it."""
        before = self.rows("history", "run = ? ORDER BY seq", run)
        row = self.rows("run", "id = ?", run)[0]
        head, forged = bytes(32), []
        for seq, body in enumerate(bodies):
            record = canonical({**body, "prev": text(head), "seq": seq})
            head = digest(record)
            forged.append({"run": run, "seq": seq, "record": record, "hash": head})
        for old in before:
            self.delete("history", old)
        for new in forged:
            self.insert("history", new)
        with self.changed("run", row, head=head, seq=len(forged) - 1):
            yield
        for new in forged:
            self.delete("history", new)
        for old in before:
            self.insert("history", old)

    def bodies(self, run: str = RUN) -> list[dict[str, Any]]:
        """The records of a run, parsed."""
        return [json.loads(row["record"]) for row in self.rows("history", "run = ? ORDER BY seq", run)]

    def found(self, *runs: str, evidence: Callable[[str], bool] | None = None) -> list[Finding]:
        return self.company.audit(*runs, evidence=evidence).findings


@pytest.fixture
def attacker(company: Company) -> Attacker:
    """An attacker in a company whose article is over."""
    company.pace = 1
    company.to_end()
    return Attacker(company)


def test_nothing_is_found_where_nothing_was_done(attacker: Attacker) -> None:
    """The negative control, and the attacker's tools put everything back."""
    before = attacker.company.dump()
    with attacker.history(attacker.bodies()):
        assert attacker.found() == []
    row = attacker.rows("history", "run = ? AND seq = 4", RUN)[0]
    with attacker.changed("history", row):
        assert attacker.found() == []
    with attacker.without("history", row):
        assert attacker.found() != []
    assert attacker.company.dump() == before


def test_every_record_that_is_changed_or_gone_is_named(attacker: Attacker) -> None:
    """In the database itself, record by record: another byte, another hash, no record at all."""
    rows = attacker.rows("history", "run = ? ORDER BY seq", RUN)
    for row in rows:
        record = row["record"]
        for new in (
            {"record": record.replace(b'"at":"2', b'"at":"1', 1)}, {"hash": bytes(32)}, {"record": record + b" "},
            {"record": record, "hash": digest(record + b" ")},
        ):  # fmt: skip
            with attacker.changed("history", row, **new):
                (finding,) = attacker.found(RUN)
                assert (finding.level, finding.seq) == ("chain", row["seq"])
        with attacker.without("history", row):
            (finding,) = attacker.found(RUN)
            last = row is rows[-1]
            assert (finding.level, finding.seq) == (("head", row["seq"] - 1) if last else ("chain", row["seq"]))


def test_two_records_that_change_places_are_named(attacker: Attacker) -> None:
    """The first of the two."""
    first, second = attacker.rows("history", "run = ? AND seq IN (3, 7) ORDER BY seq", RUN)
    with attacker.without("history", first, second):
        swapped = [{**second, "seq": first["seq"]}, {**first, "seq": second["seq"]}]
        for row in swapped:
            attacker.insert("history", row)
        (finding,) = attacker.found(RUN)
        assert (finding.level, finding.seq) == ("chain", 3)
        for row in swapped:
            attacker.delete("history", row)


def test_a_record_that_was_added_is_named(attacker: Attacker) -> None:
    """At the end of a history, a copy of another record, or one from another run."""
    rows = attacker.rows("history", "run = ? ORDER BY seq", RUN)
    for copied in (rows[-1], rows[2], attacker.rows("history", "run = ?", f"{RUN}.1")[0]):
        added = {**copied, "run": RUN, "seq": len(rows)}
        attacker.insert("history", added)
        (finding,) = attacker.found(RUN)
        assert (finding.level, finding.seq) == ("chain", len(rows))
        attacker.delete("history", added)


def test_a_tail_that_was_cut_off_is_found_by_the_run(attacker: Attacker) -> None:
    """The run stands at a record that is no longer there."""
    tail = attacker.rows("history", "run = ? AND seq > 10", RUN)
    with attacker.without("history", *tail):
        (finding,) = attacker.found(RUN)
    assert (finding.level, finding.seq, finding.what) == (
        "head",
        10,
        f"the run stands at record {10 + len(tail)}, its history ends at 10",
    )


UNSEEN = {("actor", "auth"), ("engine",), ("actor", "cause", 0), ("actor", "cause", 1), ("idem",), ("def", "id"), ("def", "ver"),
          ("context", "people")}  # fmt: skip
"""What no fold and no second decision depends on: a forger who makes the whole chain anew could change it."""


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - any JSON
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from _leaves(item, (*path, index))
    else:
        yield path


def _other(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return value[:-1] + ("a" if value[-1:] != "a" else "b")
    return ["x"] if value == [] else {"x": 1}


def test_what_is_forged_with_a_correct_chain_contradicts_itself(attacker: Attacker) -> None:
    """Every part of every record, changed and chained anew with the run: fold, second decision or commitments find it."""
    bodies = attacker.bodies()
    missed = []
    tried = 0
    for seq, body in enumerate(bodies):
        for path in _leaves(body):
            if path[0] in {"prev", "seq"}:
                continue
            forged = json.loads(json.dumps(bodies))
            part = forged[seq]
            for key in path[:-1]:
                part = part[key]
            part[path[-1]] = _other(part[path[-1]])
            tried += 1
            if tried % (97 if attacker.company.url.startswith("postgres") else 12):
                continue  # an even part of them, a server being slower; by hand all were tried
            with attacker.history(forged):
                if not attacker.found(RUN):
                    missed.append((seq, *path))
    assert tried > 300
    assert {path[1:3] if path[1] == "context" else path[1:] for path in missed} <= UNSEEN


def test_a_tail_cut_off_with_its_run_and_rows_is_not_seen_until_checkpoints_come(company: Company) -> None:
    """A known limit: a whole database set back to a former moment is a database that never went on."""
    run = company.to_review()
    before = {table: Attacker(company).rows(table) for table in ("run", "history", "payload", "task", "offer", "request")}
    company.complete("dan", run, "review")
    attacker = Attacker(company)
    for table, rows in before.items():
        for row in attacker.rows(table):
            attacker.delete(table, row)
        for row in rows:
            attacker.insert(table, row)
    assert attacker.found() == []


def test_a_tail_cut_off_with_its_run_alone_leaves_traces(company: Company) -> None:
    """Values, tasks and outbox lines of the lost records are still there."""
    run = company.to_review()
    attacker = Attacker(company)
    run_row = attacker.rows("run", "id = ?", run)[0]
    company.complete("dan", run, "review", remark="Good")
    for row in attacker.rows("history", "run = ? AND seq > 1", run):
        attacker.delete("history", row)
    with attacker.changed("run", attacker.rows("run", "id = ?", run)[0], **run_row):
        assert {finding.level for finding in attacker.found(run)} == {"commitment"}


def test_a_run_that_is_gone_is_missed(attacker: Attacker) -> None:
    """By its records, by its number, by the run that started it; only a whole new set of books hides it."""
    company = attacker.company
    second = company.begin()
    company.begin("note")
    child = attacker.rows("run", "id = ?", f"{RUN}.1.1")
    with attacker.without("run", *child):
        assert {(finding.level, finding.run) for finding in attacker.found()} == {("head", f"{RUN}.1.1"), ("head", f"{RUN}.1")}
    lost = attacker.rows("run", "id = ?", second)
    records = attacker.rows("history", "run = ?", second)
    with attacker.without("run", *lost):
        assert ("head", second, "there are records, and no run") in [(f.level, f.run, f.what) for f in attacker.found()]
        with attacker.without("history", *records):
            (finding,) = attacker.found()
            assert (finding.level, finding.run, finding.what) == ("head", second, "the run is missing")
            (counter,) = attacker.rows("counter", "prefix = 'ART'")
            with attacker.changed("counter", counter, next=2):
                assert attacker.found() == []  # a known limit: the last run of its prefix, with all its rows and the counter
    (counter,) = attacker.rows("counter", "prefix = 'ART'")
    with attacker.changed("counter", counter, next=9):
        assert attacker.found()[0].what == "the run is missing"
    with attacker.changed("counter", counter, next=2):
        assert attacker.found()[0].what == "the next number is said to be 2"
    assert attacker.found() == []


NEW_RUN = {
    "sop": "note", "version": "9.9.9", "title": "Forged", "status": "ended", "end_name": "forged", "lead": "p_forged",
    "started_at": "2020-01-01T00:00:00.000000Z", "started_by": "p_forged", "due_at": "2020-01-01T00:00:00.000000Z",
    "closed_at": "2020-01-01T00:00:00.000000Z", "parent": "ART-9", "drill": 1, "open_tasks": 7, "seq": 3, "head": bytes(32),
}  # fmt: skip


@pytest.mark.parametrize("column", NEW_RUN)
def test_every_column_of_a_run_is_proved(attacker: Attacker, column: str) -> None:
    """What lists show of a run is what its history says."""
    company = attacker.company
    run = company.to_review() if column not in {"status", "closed_at"} else RUN
    row = attacker.rows("run", "id = ?", run)[0]
    new = {"status": "cancelled"} if column == "status" else {column: NEW_RUN[column]}
    with attacker.changed("run", row, **new):
        assert [finding.run for finding in attacker.found(run)] == [run]
    other = next(found for found in attacker.rows("definition") if found["fingerprint"] != row["fingerprint"])
    with attacker.changed("run", row, fingerprint=other["fingerprint"]):
        assert attacker.found(run)[0].what == "the run's fingerprint is not what its history says"


def test_the_state_is_proved(attacker: Attacker) -> None:
    """Any part of it, also the instant of the last record."""
    run = attacker.company.to_review()
    row = attacker.rows("run", "id = ?", run)[0]
    state = json.loads(row["state"])
    for path in _leaves(state):
        forged = json.loads(row["state"])
        part = forged
        for key in path[:-1]:
            part = part[key]
        part[path[-1]] = _other(part[path[-1]])
        with attacker.changed("run", row, state=canonical(forged)):
            assert "state" in {finding.level for finding in attacker.found(run)}, path
    with attacker.changed("run", row, state=b"[]"):
        assert attacker.found(run)[0].level == "state"


NEW_TASK = {
    "step": "close", "label": "close", "kind": "approval", "role": "editor", "round": 9, "owner": "p_forged",
    "due_at": "2020-01-01T00:00:00.000000Z", "ready_at": "2020-01-01T00:00:00.000000Z", "outcome": "forged",
    "closed_at": "2020-01-01T00:00:00.000000Z",
}  # fmt: skip


@pytest.mark.parametrize("column", NEW_TASK)
def test_every_column_of_a_task_is_proved(attacker: Attacker, column: str) -> None:
    """Of an open one, which stands in inboxes, and of a closed one, which reports count."""
    run = attacker.company.begin()
    for row in (attacker.rows("task", "run = ?", run)[0], attacker.rows("task", "run = ?", RUN)[0]):
        due = {"due_key": NEW_TASK["due_at"]} if column == "due_at" else {}
        with attacker.changed("task", row, **{column: NEW_TASK[column]}, **due):
            assert [finding.level for finding in attacker.found(row["run"])] == ["rows"]


def test_tasks_that_are_gone_or_added_are_found(attacker: Attacker) -> None:
    """Whether they are open or closed."""
    run = attacker.company.begin()
    for row in (attacker.rows("task", "run = ?", run)[0], attacker.rows("task", "run = ? AND no = 2", RUN)[0]):
        with attacker.without("task", row):
            assert "stands in no list" in attacker.found(row["run"])[0].what
        added = {**row, "no": 77}
        attacker.insert("task", added)
        assert "does not know" in attacker.found(row["run"])[0].what
        attacker.delete("task", added)


def test_kept_values_must_open_their_commitments(attacker: Attacker) -> None:
    """Another value, another salt, another place, another mark of what counts; all of them, one by one."""
    for row in attacker.rows("payload", "run = ? ORDER BY seq, path", RUN)[::3]:
        with attacker.changed("payload", row, body=b'"forged"'):
            assert "commitment" in {finding.level for finding in attacker.found(RUN)}
        with attacker.changed("payload", row, salt=bytes(32)):
            assert "commitment" in {finding.level for finding in attacker.found(RUN)}
        with attacker.changed("payload", row, current=1 - row["current"]):
            assert [finding.level for finding in attacker.found(RUN)] == ["rows"]
        with attacker.changed("payload", row, path=f"{row['path']}.x"):
            assert "rows" in {finding.level for finding in attacker.found(RUN)} or not row["current"]
        with attacker.changed("payload", row, seq=99):
            assert "there are values, and no record" in {finding.what for finding in attacker.found(RUN)}


def test_a_definition_must_be_the_one_that_was_hashed(attacker: Attacker) -> None:
    """Its document, its text, its name; and it must be there."""
    company = attacker.company
    before = attacker.found()
    article = attacker.rows("definition", "sop = 'article'")[0]
    text_differs = "the text of its definition is not the one that was taken in"
    for new, what in (
        ({"document": article["document"].replace(b'"quorum":2', b'"quorum":1')}, "its definition is not the one that was hashed"),
        ({"source": article["source"].replace(b"quorum: 2", b"quorum: 1")}, text_differs),
        ({"source": b"nothing: at all"}, text_differs),
        ({"version": "9.9.9"}, "its definition stands under another name or version"),
        ({"sop": "other"}, "its definition stands under another name or version"),
    ):  # fmt: skip
        with attacker.changed("definition", article, **new):
            assert [(f.level, f.run, f.what) for f in attacker.found(RUN)] == [("definition", RUN, what)]
            other = company.again()  # and a program that has never read it does not depend on what another one remembers
            assert other.audit(RUN).findings[0].what == what
            other.close()
    unused = attacker.rows("definition", "sop = 'simple'")[0]
    with attacker.changed("definition", unused, document=b"{}"):
        assert [(f.level, f.run) for f in attacker.found()] == [("definition", "simple@1.0.0")]
    if company.url.startswith("sqlite"):  # a server keeps the row while a run points at it
        with attacker.without("definition", article):
            assert attacker.found(RUN)[0].what == "its definition is missing"
    assert attacker.found() == before == []


def test_a_calendar_must_be_the_one_that_was_hashed(attacker: Attacker) -> None:
    """Dues were computed with it, and it is kept for ever."""
    (row,) = attacker.rows("calendar")
    with attacker.changed("calendar", row, body=row["body"].replace(b"UTC", b"GMT")):
        assert "calendar" in attacker.found(RUN)[0].what
    with attacker.without("calendar", row):
        assert "calendar" in attacker.found(RUN)[0].what


def test_evidence_must_be_as_it_was(attacker: Attacker) -> None:
    """Each file that a kept value names is read again; one that differs is named with its record."""
    seen: list[str] = []

    def whole(sha256: str) -> bool:
        seen.append(sha256)
        return True

    report = attacker.company.audit(evidence=whole)
    assert (report.findings, report.files, seen) == ([], 1, ["ab" * 32])
    (finding,) = attacker.found(evidence=lambda _: False)
    assert (finding.level, finding.run, finding.seq) == ("evidence", RUN, 17)
    assert attacker.company.audit().files is None


def test_what_cannot_be_read_is_a_finding_and_no_crash(attacker: Attacker) -> None:
    """Records that are no records, with a correct chain."""
    bodies = attacker.bodies()
    forged: dict[str, Any]
    for forged in (
        {"events": 5}, {"events": [{"is": "Nothing"}]}, {"events": [{"is": "TaskClaimed", "task": 99, "person": "p"}]},
        {"command": {"do": "dance"}}, {"command": None}, {"actor": None}, {"def": {}}, {"at": 5}, {"context": 5}, {"guards": 5},
    ):  # fmt: skip
        with attacker.history([*bodies[:3], {**bodies[3], **forged}, *bodies[4:]]):
            assert attacker.found(RUN), forged
    record = attacker.rows("history", "run = ? AND seq = 0", f"{RUN}.1.1")[0]
    spaced = record["record"].replace(b'{"actor"', b'{ "actor"', 1)
    row = attacker.rows("run", "id = ?", f"{RUN}.1.1")[0]
    with (
        attacker.without("history", *attacker.rows("history", "run = ? AND seq > 0", f"{RUN}.1.1")),
        attacker.changed("history", record, record=spaced, hash=digest(spaced)),
        attacker.changed("run", row, seq=0, head=digest(spaced)),
    ):
        assert [finding.what for finding in attacker.found(f"{RUN}.1.1")] == ["the record is not canonical"]


def test_an_unknown_run_is_said(company: Company) -> None:
    """Verifying what is not there is an error, not a success."""
    from runners.people import NotFound

    with pytest.raises(NotFound):
        company.audit("ART-9")
