"""The generated statements: never stale, and all that the running program loads."""

import subprocess
import sys
from pathlib import Path

import pytest

from runners.store import generate, queries
from runners.store.sql import postgresql, sqlite

HEAVY = (
    "sqlmodel",
    "sqlalchemy",
    "alembic",
    "pydantic",
    "yaml",
    "psycopg",
    "click",
    "structlog",
    "rich",
    "transitions",
    "logging",
    "asyncio",
)

HOT = """
import sys
from runners.store.database import open_database, transact
from runners.store import reads, writes, loading
database = open_database("sqlite:///" + sys.argv[1], create=True)
transact(database, lambda unit: writes.next_number(unit, "CAM"))
with database.read() as unit:
    reads.inbox(unit, "p_a", ["team:x"])
    loading.load(unit, "CAM-1")
print(" ".join(sys.modules))
"""


def test_the_generated_modules_are_up_to_date() -> None:
    """They are what the declared statements and tables compile to now."""
    assert generate.stale() == []
    assert generate.main(["--check"]) == 0


def test_a_stale_module_is_found_and_made_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The negative control: one changed letter, or a missing file, is named and fails; generating mends it."""
    assert generate.main([], tmp_path) == 0
    (tmp_path / "sqlite.py").write_text((tmp_path / "sqlite.py").read_text().replace("ORDER BY", "ORDER  BY", 1))
    (tmp_path / "postgresql_schema.py").unlink()

    assert generate.main(["--check"], tmp_path) == 1

    assert set(generate.stale(tmp_path)) == {"sqlite.py", "postgresql_schema.py"}
    assert "stale: sqlite.py" in capsys.readouterr().err
    assert generate.main([], tmp_path) == 0
    assert generate.stale(tmp_path) == []


def test_both_databases_know_every_statement() -> None:
    """Each declared name has a text in each dialect, with the same parameters."""
    import re

    assert set(sqlite.STATEMENTS) == set(postgresql.STATEMENTS) == set(queries.QUERIES)
    for name, text in sqlite.STATEMENTS.items():
        assert set(re.findall(r":(\w+)", text)) == set(re.findall(r"%\((\w+)\)s", postgresql.STATEMENTS[name]))


def test_every_statement_is_used() -> None:
    """A statement that nothing executes is not kept."""
    used = "".join(path.read_text() for path in (Path(generate.__file__).parent).glob("*.py") if path.name != "queries.py")
    unused = {name for name in queries.QUERIES if f'"{name}"' not in used} - {"runs_open", "runs_closed", "runs_all"}
    assert unused == set()


def test_the_running_program_loads_no_object_mapper(tmp_path: Path) -> None:
    """Opening, reading and writing need neither SQLModel nor SQLAlchemy, nor anything else that is slow to load."""
    found = subprocess.run(
        [sys.executable, "-c", HOT, str(tmp_path / "sop.db")], capture_output=True, text=True, check=True
    ).stdout.split()
    assert [name for name in HEAVY if name in found] == []
    assert "runners.store.on_sqlite" in found
    assert "runners.store.tables" not in found


def test_the_check_of_loaded_modules_would_see_them() -> None:
    """The negative control: a program that does load them is found out by the same look."""
    program = "import sys, runners.store.tables; print(' '.join(sys.modules))"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert {"sqlmodel", "sqlalchemy"} <= set(found)


def test_there_must_be_a_migration(monkeypatch: pytest.MonkeyPatch) -> None:
    """A schema without a number is not generated."""
    monkeypatch.setattr("alembic.script.ScriptDirectory.get_current_head", lambda _self: None)
    with pytest.raises(LookupError):
        generate.head()
