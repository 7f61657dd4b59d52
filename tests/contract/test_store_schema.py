"""The schema: tables, generated texts and migrations say the same, on both databases."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from runners.store import generate, migrate, triggers
from runners.store.database import Database, open_database, transact
from runners.store.errors import Missing, StoreError, Unavailable
from runners.store.tables import Stored
from runners.store.writes import next_number

Behind = Callable[[str], list[tuple[Any, ...]]]

SHAPE = {
    "sqlite": ["SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY 1, 2"],
    "postgresql": [
        """SELECT table_name, column_name, data_type, collation_name, is_nullable, column_default
        FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY table_name, column_name""",
        """SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = current_schema()::regnamespace ORDER BY 1, 2""",
        """SELECT indexname, replace(indexdef, current_schema(), '') FROM pg_indexes
        WHERE schemaname = current_schema() ORDER BY 1""",
        """SELECT tgname, tgrelid::regclass::text, tgtype, tgenabled FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
        WHERE NOT tgisinternal AND c.relnamespace = current_schema()::regnamespace ORDER BY 1, 2""",
        "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace ORDER BY 1",
    ],
}


def kind(url: str) -> str:
    return url.split(":", 1)[0]


def squeezed(value: object) -> object:
    """Without what means nothing: white space, and the order of a table's columns and constraints."""
    if not isinstance(value, str):
        return value
    text = re.sub(r"\s*([(),;])\s*", r"\1", re.sub(r"\s+", " ", value)).strip()
    table = re.fullmatch(r"(CREATE TABLE \w+)\((.*)\)([^)]*)", text)
    return [table[1], *sorted(table[2].split(",")), table[3]] if table else text


def shape(url: str, behind: Behind) -> list[list[list[object]]]:
    return [[[squeezed(value) for value in row] for row in behind(query)] for query in SHAPE[kind(url)]]


def emptied(url: str) -> None:
    if kind(url) == "sqlite":
        Path(url.removeprefix("sqlite:///")).touch()


def cleared(url: str, behind: Behind) -> None:
    """Takes everything away again."""
    names = [table.name for table in reversed(Stored.metadata.sorted_tables)] + ["sop_schema"]
    for name in names:
        behind(f"DROP TABLE {name}")
    if kind(url) == "postgresql":
        behind("DROP FUNCTION sop_refuse, sop_history_next")


def test_migrations_make_the_same_as_the_generated_schema(database_url: str, behind: Behind) -> None:
    """Tables, checks, indexes, triggers and functions are equal; so is the mark of the schema."""
    migrate.create(database_url)
    made = shape(database_url, behind)
    assert migrate.current(database_url) == generate.head()
    cleared(database_url, behind)

    assert migrate.upgrade(database_url) == (None, generate.head())

    assert shape(database_url, behind) == made
    database = open_database(database_url)
    assert len(database.log) == 16
    assert transact(database, lambda unit: next_number(unit, "CAM")) == 1
    database.close()


def test_the_comparison_would_see_a_missing_index(database: Database, database_url: str, behind: Behind) -> None:
    """The negative control: the shapes differ as soon as one index, check or trigger does."""
    made = shape(database_url, behind)
    behind("DROP INDEX sop_task_inbox")
    assert shape(database_url, behind) != made


def test_the_database_is_what_the_tables_say(database: Database, database_url: str) -> None:
    """Alembic finds nothing to migrate between the tables and a fresh database."""
    with migrate._connected(database_url) as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_object": lambda _object, name, kind, _reflected, _other: (kind, name) != ("table", "sop_schema"),
            },
        )
        found = [difference for difference in compare_metadata(context, Stored.metadata) if "sop_schema" not in repr(difference)]
    assert found == []


def test_triggers_stand_after_every_migration(database: Database, database_url: str, behind: Behind) -> None:
    """Whatever a migration or a person took away, an upgrade puts back, once."""
    name = kind(database_url)
    before = shape(database_url, behind)
    for removal in triggers.removals(name)[:2]:
        behind(removal)
    assert shape(database_url, behind) != before

    assert migrate.upgrade(database_url) == (generate.head(), generate.head())

    assert shape(database_url, behind) == before
    log = database.log
    again = open_database(database_url)
    assert again.log == log
    again.close()


def test_a_failed_upgrade_changes_nothing(database_url: str, behind: Behind, monkeypatch: pytest.MonkeyPatch) -> None:
    """Migrations are one transaction: where the last statement fails, not one table was made."""
    emptied(database_url)
    before = shape(database_url, behind)
    real = triggers.statements
    monkeypatch.setattr(triggers, "statements", lambda dialect: [*real(dialect), "SELECT no_such_thing"])

    with pytest.raises(StoreError, match="stays at schema None"):
        migrate.upgrade(database_url)

    assert shape(database_url, behind) == before
    assert migrate.current(database_url) is None


def test_an_unknown_schema_is_not_upgraded(database: Database, database_url: str, behind: Behind) -> None:
    """A database of a newer program stays as it is."""
    behind("UPDATE sop_schema SET version_num = '9999'")
    before = shape(database_url, behind)
    with pytest.raises(StoreError):
        migrate.upgrade(database_url)
    assert shape(database_url, behind) == before


def test_there_must_be_something_to_upgrade(tmp_path: Path) -> None:
    """A missing file is missing, a missing server unavailable."""
    for act in (migrate.current, migrate.upgrade):
        with pytest.raises(Missing):
            act(f"sqlite:///{tmp_path / 'none.db'}")
        with pytest.raises(Unavailable):
            act(f"postgresql://nobody@/none?host={tmp_path}")
    assert list(tmp_path.iterdir()) == []


def test_every_table_of_ours_is_strict_on_sqlite(tmp_path: Path) -> None:
    """A number never stands where a text belongs."""
    database = open_database(f"sqlite:///{tmp_path / 'sop.db'}", create=True)
    rows = database._connection.execute("PRAGMA table_list").fetchall()  # type: ignore[attr-defined]
    database.close()
    strict = {row[1]: row[5] for row in rows if row[1].startswith("sop_") and row[1] != "sop_schema"}
    assert set(strict) == set(Stored.metadata.tables)
    assert set(strict.values()) == {1}
