"""Compiles the declared statements and tables into ``sql/``.

python -m runners.store.generate            # writes the modules
python -m runners.store.generate --check    # exit 1 and a list where they are stale
"""

import re
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from alembic.ddl.impl import DefaultImpl
from alembic.script import ScriptDirectory
from sqlalchemy import Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.expression import Executable

from runners.store import queries, triggers
from runners.store.tables import Stored

FOLDER: Final = Path(__file__).parent / "sql"
DIALECTS: Final[dict[str, Callable[[], Dialect]]] = {
    "sqlite": lambda: sqlite.dialect(paramstyle="named"),
    "postgresql": lambda: postgresql.dialect(paramstyle="pyformat"),  # type: ignore[no-untyped-call] # its __init__ is untyped
}
_WIDTH: Final = 108

_STATEMENTS: Final = '''"""Statements for {dialect}. Made by ``python -m runners.store.generate``; not to be edited."""

# fmt: off
from typing import Final

HEAD: Final = "{head}"
"""The schema that these statements belong to."""

STATEMENTS: Final[dict[str, str]] = {{
{body}}}
'''

_SCHEMA: Final = '''"""The schema for {dialect}. Made by ``python -m runners.store.generate``; not to be edited."""

# fmt: off
from typing import Final

SCHEMA: Final[tuple[str, ...]] = (
{body})
"""What makes an empty database one of ours, in order; the same as all migrations together."""
'''


def head() -> str:
    """The newest migration."""
    found = ScriptDirectory(str(Path(__file__).parent / "migrations")).get_current_head()
    if found is None:
        raise LookupError("there are no migrations")
    return found


def version_table() -> Table:
    """Alembic's own table, under our name."""
    # The hook is an ordinary method, but it uses nothing of the instance.
    return DefaultImpl.version_table_impl(
        DefaultImpl.__new__(DefaultImpl), version_table="sop_schema", version_table_schema=None, version_table_pk=True
    )


def compiled(statement: Any, dialect: str) -> str:  # noqa: ANN401
    """One statement or definition of a table as text on one line."""
    if callable(statement) and not isinstance(statement, Executable):
        statement = statement(queries.dialect_insert(dialect))
    text = re.sub(r"\s+", " ", str(statement.compile(dialect=DIALECTS[dialect]()))).strip()
    # SQLAlchemy adds an offset of nothing to every LIMIT on SQLite, as a parameter that nobody gives.
    return text.removesuffix(" OFFSET :param_1")


def schema(dialect: str) -> list[str]:
    """Tables, indexes, triggers and the mark of the schema."""
    made = []
    for table in [version_table(), *Stored.metadata.sorted_tables]:
        made.append(compiled(CreateTable(table), dialect))
        made += [compiled(CreateIndex(index), dialect) for index in sorted(table.indexes, key=lambda i: str(i.name))]
    made += [re.sub(r"\s+", " ", text) for text in triggers.statements(dialect)]
    return [*made, f"INSERT INTO sop_schema (version_num) VALUES ('{head()}')"]  # noqa: S608 - our own constant


def _literal(text: str, indent: str) -> str:
    lines = textwrap.wrap(text, _WIDTH, drop_whitespace=False, break_long_words=False, break_on_hyphens=False)
    quoted = ["'" + line.replace("'", "\\'") + "'" if '"' in line and "'" not in line else f'"{line}"' for line in lines]
    quoted = [
        q if '"' not in line or "'" not in line else '"' + line.replace('"', '\\"') + '"'
        for q, line in zip(quoted, lines, strict=True)
    ]
    return f"\n{indent}".join(quoted)


def modules() -> dict[str, str]:
    """File name -> text of every generated module."""
    made = {}
    for dialect in DIALECTS:
        named = {name: compiled(statement, dialect) for name, statement in queries.QUERIES.items()}
        body = "".join(f'    "{name}": (\n        {_literal(text, " " * 8)}\n    ),\n' for name, text in named.items())
        made[f"{dialect}.py"] = _STATEMENTS.format(dialect=dialect, head=head(), body=body)
        body = "".join(f"    (\n        {_literal(text, ' ' * 8)}\n    ),\n" for text in schema(dialect))
        made[f"{dialect}_schema.py"] = _SCHEMA.format(dialect=dialect, body=body)
    return made


def stale(folder: Path = FOLDER) -> list[str]:
    """The modules in the folder that differ from what would be made now."""
    return [
        name
        for name, text in modules().items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]


def main(arguments: list[str], folder: Path = FOLDER) -> int:
    """Writes the modules, or only compares them; returns the exit code."""
    names = stale(folder)
    if arguments == ["--check"]:
        sys.stderr.writelines(f"stale: {name}; run python -m runners.store.generate\n" for name in names)
        return 1 if names else 0
    made = modules()
    for name in names:
        (folder / name).write_text(made[name], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
