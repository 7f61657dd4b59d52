"""Attacks on what must never change, made behind the store's back with the rights of whoever owns the database."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from runners.store import reads, triggers
from runners.store.database import open_database
from runners.store.errors import Conflict, StoreError
from runners.store.writes import add_calendar

if TYPE_CHECKING:
    from tests.contract.conftest import Shelf

Behind = Callable[[str], list[tuple[Any, ...]]]

ZEROS = "0" * 64
EVERYWHERE = {
    "update a record": "UPDATE sop_history SET record = {forged} WHERE run = 'CAM-1' AND seq = 1",
    "update the hash": "UPDATE sop_history SET hash = {hash}",
    "move a record": "UPDATE sop_history SET run = 'CAM-2' WHERE seq = 0",
    "delete a record": "DELETE FROM sop_history WHERE run = 'CAM-1' AND seq = 2",
    "delete all": "DELETE FROM sop_history",
    "insert a taken number": "INSERT INTO sop_history (run, seq, record, hash) VALUES ('CAM-1', 1, {forged}, {hash})",
    "leave a gap": "INSERT INTO sop_history (run, seq, record, hash) VALUES ('CAM-1', 4, {forged}, {hash})",
    "begin in the middle": "INSERT INTO sop_history (run, seq, record, hash) VALUES ('CAM-9', 1, {forged}, {hash})",
    "upsert": "INSERT INTO sop_history (run, seq, record, hash) VALUES ('CAM-1', 1, {forged}, {hash}) "
    "ON CONFLICT (run, seq) DO UPDATE SET record = {forged}",
    "another document": "UPDATE sop_definition SET document = {forged}",
    "another source": "UPDATE sop_definition SET source = {forged}",
    "another version": "UPDATE sop_definition SET version = '9.9.9'",
    "no definition": "DELETE FROM sop_definition",
    "upsert a definition": "INSERT INTO sop_definition (fingerprint, sop, version, source, document, added_at) "
    "SELECT fingerprint, sop, version, {forged}, {forged}, added_at FROM sop_definition WHERE true "
    "ON CONFLICT (fingerprint) DO UPDATE SET document = {forged}",
    "another calendar": "UPDATE sop_calendar SET body = {forged}",
    "no calendar": "DELETE FROM sop_calendar",
}
SQLITE = {
    "replace a record": "REPLACE INTO sop_history (run, seq, record, hash) VALUES ('CAM-1', 1, {forged}, {hash})",
    "insert or replace": "INSERT OR REPLACE INTO sop_history (run, seq, record, hash) VALUES ('CAM-1', 2, {forged}, {hash})",
    "insert or ignore a gap": "INSERT OR IGNORE INTO sop_history (run, seq, record, hash) VALUES ('CAM-1', 9, {forged}, {hash})",
    "update or replace": "UPDATE OR REPLACE sop_history SET seq = 1 WHERE run = 'CAM-1' AND seq = 2",
    "replace a definition": "REPLACE INTO sop_definition (fingerprint, sop, version, source, document, added_at) "
    "SELECT fingerprint, sop, version, {forged}, {forged}, added_at FROM sop_definition",
    "replace a calendar": "REPLACE INTO sop_calendar (digest, body) VALUES ('c', {forged})",
}
POSTGRESQL = {
    "truncate": "TRUNCATE sop_history",
    "truncate definitions": "TRUNCATE sop_definition CASCADE",
    "truncate calendars": "TRUNCATE sop_calendar",
    "as a replica": "SET session_replication_role = replica; DELETE FROM sop_history",
    "merge": "MERGE INTO sop_history h USING (SELECT 1) s ON h.seq = 1 WHEN MATCHED THEN UPDATE SET record = {forged}",
}
KEPT = ("sop_history", "sop_definition", "sop_calendar")


def filled(shelf: "Shelf") -> None:
    row = shelf.start()
    for _ in range(2):
        row = shelf.step(row)
    with shelf.database.write() as unit:
        add_calendar(unit, "c", b"{}")


def everything(behind: Behind) -> list[list[tuple[Any, ...]]]:
    return [behind(f"SELECT * FROM {table} ORDER BY 1, 2") for table in KEPT]  # noqa: S608 - our own names


def spelled(sql: str, database_url: str) -> str:
    if database_url.startswith("sqlite"):
        return sql.format(forged="x'00'", hash=f"x'{ZEROS}'")
    return sql.format(forged="'\\x00'", hash=f"'\\x{ZEROS}'")


@pytest.mark.parametrize("attack", [*EVERYWHERE, *SQLITE, *POSTGRESQL])
def test_what_must_not_change_does_not(shelf: "Shelf", behind: Behind, database_url: str, attack: str) -> None:
    """The database refuses the attack, and what it holds is as before."""
    own = SQLITE if database_url.startswith("sqlite") else POSTGRESQL
    sql = {**EVERYWHERE, **own}.get(attack)
    if sql is None:
        return  # the other database's language
    filled(shelf)
    before = everything(behind)

    with pytest.raises(Exception, match=r"append-only|goes on by one|has this record|cannot execute MERGE"):
        behind(spelled(sql, database_url))

    assert everything(behind) == before


@pytest.mark.parametrize("attack", ["update a record", "delete all", "leave a gap", "another document"])
def test_without_its_triggers_the_attack_succeeds(shelf: "Shelf", behind: Behind, database_url: str, attack: str) -> None:
    """The negative control: it is the triggers that refuse, not a mistake in the attack."""
    filled(shelf)
    before = everything(behind)
    for removal in triggers.removals("sqlite" if database_url.startswith("sqlite") else "postgresql"):
        behind(removal)

    behind(spelled(EVERYWHERE[attack], database_url))

    assert everything(behind) != before


def test_the_next_record_may_be_added_and_a_definition_retired(shelf: "Shelf", behind: Behind, database_url: str) -> None:
    """What is meant to be possible is possible, by the same way the attacks take."""
    filled(shelf)
    sql = "INSERT INTO sop_history (run, seq, record, hash) VALUES ('CAM-1', 3, {forged}, {hash})"
    behind(spelled(sql, database_url))
    behind("UPDATE sop_definition SET retired_at = '2026-12-01'")

    with shelf.database.read() as unit:
        assert [record.seq for record in reads.history(unit, "CAM-1")] == [0, 1, 2, 3]
        assert [line.retired_at for line in reads.definitions(unit, "campaign")] == ["2026-12-01"]


def test_a_gap_is_a_fault_and_a_taken_number_a_conflict(shelf: "Shelf") -> None:
    """Whoever was second may try again; whoever leaves a gap is broken."""
    filled(shelf)
    with pytest.raises(StoreError) as gap, shelf.database.write() as unit:
        unit.run("history_insert", run="CAM-1", seq=9, record=b"", hash=b"\x00" * 32)
    assert not isinstance(gap.value, Conflict)
    with pytest.raises(StoreError), shelf.database.write() as unit:
        unit.run("history_insert", run="CAM-1", seq=1, record=b"", hash=b"\x00" * 32)


def test_the_store_has_no_statement_that_changes_history(database_url: str) -> None:
    """Among all statements of the running program none updates or deletes a record."""
    from runners.store.sql import postgresql, sqlite

    for statements in (sqlite.STATEMENTS, postgresql.STATEMENTS):
        touching = {name: text for name, text in statements.items() if "sop_history" in text}
        assert {text.split()[0] for text in touching.values()} == {"INSERT", "SELECT"}
    open_database(database_url, create=True).close()
