"""Plans: every look-up and every list of runs and tasks goes by an index, and no list is sorted."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from runners.store.database import Database
from runners.store.sql import postgresql, sqlite

Behind = Callable[[str], list[tuple[Any, ...]]]

SMALL = {
    "opening", "counters_all", "library_all", "people_all", "teams_all", "members_all", "definitions_all", "units_all",
    "absences_all", "delegations_all", "schedules_all", "people_like",
}  # fmt: skip
"""Whole tables that are read whole: they grow with the organisation and not with its runs."""
NUMBERS = {"limit", "after_no", "after_task", "no", "seq", "after", "upto", "expected", "task", "n", "open_tasks"}
READS = sorted(name for name, text in sqlite.STATEMENTS.items() if not text.startswith("INSERT") and name not in SMALL)
LISTS = sorted(name for name in READS if "ORDER BY" in sqlite.STATEMENTS[name])


def sqlite_plan(behind: Behind, sql: str) -> list[str]:
    literal = re.sub(r":(\w+)", lambda match: "1" if match[1] in NUMBERS else "'x'", sql)
    literal = re.sub(r"(head|state|salt|body)='x'", r"\1=x'00'", literal)
    return [row[3] for row in behind(f"EXPLAIN QUERY PLAN {literal}")]


def postgresql_plan(behind: Behind, sql: str) -> str:
    literal = re.sub(r"%\((\w+)\)s", lambda match: "1" if match[1] in NUMBERS else "'x'", sql)
    return "\n".join(row[0] for row in behind(f"EXPLAIN (COSTS OFF) {literal}"))


@pytest.mark.parametrize("name", READS)
def test_no_statement_reads_a_whole_table(database: Database, database_url: str, behind: Behind, name: str) -> None:
    """Looking up, changing and listing go by an index, and what is listed is never sorted."""
    if database_url.startswith("sqlite"):
        plan = sqlite_plan(behind, sqlite.STATEMENTS[name])
        scans = [line for line in plan if line.startswith("SCAN") and "USING INDEX" not in line]
        assert scans == []
        assert not any("TEMP B-TREE" in line for line in plan)
        return
    # Empty tables are read whole by choice; what is asked is whether an index could serve.
    for setting in ("seqscan", "sort", "bitmapscan", "hashjoin", "mergejoin", "incremental_sort"):
        behind(f"SET enable_{setting} = off")
    plan_text = postgresql_plan(behind, postgresql.STATEMENTS[name])
    assert "Seq Scan" not in plan_text
    assert "Sort" not in plan_text


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("runs_open", "sop_run_open"),
        ("runs_overdue", "sop_run_due"),
        ("tasks_overdue", "sop_task_due"),
        ("inbox_owned", "sop_task_inbox"),
        ("timers_due", "sop_timer_due"),
        ("outbox_due", "sop_outbox_due"),
        ("schedules_due", "sop_schedule_due"),
    ],
)
def test_lists_of_what_is_open_read_only_what_is_open(
    database: Database, database_url: str, behind: Behind, name: str, index: str
) -> None:
    """The partial index is what serves them."""
    if database_url.startswith("sqlite"):
        assert any(f"USING INDEX {index}" in line for line in sqlite_plan(behind, sqlite.STATEMENTS[name]))
        return
    for setting in ("seqscan", "sort", "bitmapscan", "hashjoin", "mergejoin"):
        behind(f"SET enable_{setting} = off")
    assert index in postgresql_plan(behind, postgresql.STATEMENTS[name])


@pytest.mark.parametrize("name", LISTS)
def test_without_its_indexes_the_list_would_be_found_out(database: Database, database_url: str, behind: Behind, name: str) -> None:
    """The negative control, on SQLite: in another order the same list is sorted, and the check sees it."""
    if not database_url.startswith("sqlite"):
        return
    sql = re.sub(r" LIMIT :limit$", "", sqlite.STATEMENTS[name]).split(" ORDER BY ", maxsplit=1)[0]
    table = re.search(r"FROM (\w+)", sql)
    assert table is not None
    first = behind(f"PRAGMA table_info({table[1]})")[0][1]
    plan = sqlite_plan(behind, f"{sql} ORDER BY abs({table[1]}.{first})")
    assert any("TEMP B-TREE" in line for line in plan)


def test_no_list_counts_its_way(database_url: str) -> None:
    """No statement skips lines by number, or binds a NULL where an index needs to see it."""
    for statements in (sqlite.STATEMENTS, postgresql.STATEMENTS):
        for text in statements.values():
            assert "OFFSET" not in text
            assert not re.search(r"IS (NOT )?(:|%)", text)
