"""Runs migrations; started by ``runners.store.migrate`` through Alembic, with an open connection."""

from alembic import context
from sqlalchemy import insert

from runners.store import organisation, sections, triggers  # noqa: F401 - their tables belong to it
from runners.store.tables import Meta, Stored

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Stored.metadata,
    version_table="sop_schema",
    render_as_batch=True,  # SQLite cannot alter a table; Alembic copies it
    transactional_ddl=True,  # SQLite can, although Alembic does not expect it
)
dialect = connection.dialect.name
with context.begin_transaction():
    # Off while tables are copied, and put back whatever a migration did.
    for text in triggers.removals(dialect) if connection.dialect.has_table(connection, "sop_history") else ():
        connection.exec_driver_sql(text)
    context.run_migrations()
    for text in triggers.statements(dialect):
        connection.exec_driver_sql(text)
    if connection.exec_driver_sql("SELECT 1 FROM sop_meta WHERE key = 'log'").fetchone() is None:
        connection.execute(insert(Meta).values(key="log", value=context.config.attributes["log"]))
