"""Triggers that keep what must never change, for both databases.

A record may only be added, and only as the next of its run: that also stops ``INSERT OR REPLACE`` and upserts, which
would otherwise change a record without an UPDATE. They are put back after every migration, because a migration that
copies a table loses them.
"""

from typing import Final

_SQLITE_UPDATE: Final = """CREATE TRIGGER {table}_no_update BEFORE UPDATE{columns} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""

_SQLITE_DELETE: Final = """CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""

_SQLITE_REPLACE: Final = """CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""

_SQLITE_NEXT: Final = """CREATE TRIGGER sop_history_next BEFORE INSERT ON sop_history
WHEN NEW.seq <> coalesce((SELECT max(seq) FROM sop_history WHERE run = NEW.run), -1) + 1
BEGIN SELECT RAISE(ABORT, 'sop_history goes on by one'); END"""

_POSTGRESQL_FUNCTIONS: Final = (
    """CREATE OR REPLACE FUNCTION sop_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only', ERRCODE = 'restrict_violation';
END $$""",
    # A number that is taken means that somebody was first (a unique violation: try again); a gap is a fault.
    """CREATE OR REPLACE FUNCTION sop_history_next() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last integer := coalesce((SELECT max(seq) FROM sop_history WHERE run = NEW.run), -1);
BEGIN
IF NEW.seq <= last THEN
RAISE EXCEPTION 'sop_history has this record' USING ERRCODE = 'unique_violation';
ELSIF NEW.seq <> last + 1 THEN
RAISE EXCEPTION 'sop_history goes on by one' USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
END $$""",
)

_POSTGRESQL_KEEP: Final = """CREATE TRIGGER {table}_keep BEFORE UPDATE{columns} OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION sop_refuse()"""

_POSTGRESQL_NEXT: Final = """CREATE TRIGGER sop_history_next BEFORE INSERT ON sop_history
FOR EACH ROW EXECUTE FUNCTION sop_history_next()"""

# Also where somebody set session_replication_role = replica, which silences ordinary triggers.
_POSTGRESQL_ALWAYS: Final = "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}"

_KEPT: Final = (
    # table, key, the columns that may not change ("" = none may)
    ("sop_history", "", ""),
    ("sop_definition", "fingerprint", " OF fingerprint, sop, version, source, document, added_at"),
    ("sop_calendar", "digest", ""),
)


def names(dialect: str) -> dict[str, str]:
    """Every trigger and the table it stands on."""
    if dialect == "postgresql":
        return {f"{table}_keep": table for table, _, _ in _KEPT} | {"sop_history_next": "sop_history"}
    found = {"sop_history_next": "sop_history"}
    for table, key, _ in _KEPT:
        found |= {f"{table}_{what}": table for what in ("no_update", "no_delete", "no_replace") if key or what != "no_replace"}
    return found


def statements(dialect: str) -> tuple[str, ...]:
    """What makes the triggers on tables that have none yet, in order."""
    if dialect == "postgresql":
        made = [*_POSTGRESQL_FUNCTIONS]
        made += [_POSTGRESQL_KEEP.format(table=table, columns=columns) for table, _, columns in _KEPT]
        made += [_POSTGRESQL_NEXT]
        made += [_POSTGRESQL_ALWAYS.format(table=table, trigger=trigger) for trigger, table in names(dialect).items()]
        return tuple(made)
    made = [_SQLITE_NEXT]
    for table, key, columns in _KEPT:
        made += [_SQLITE_UPDATE.format(table=table, columns=columns), _SQLITE_DELETE.format(table=table)]
        if key:
            made += [_SQLITE_REPLACE.format(table=table, key=key)]
    return tuple(made)


def removals(dialect: str) -> tuple[str, ...]:
    """What takes the triggers away, present or not, so that they can be made anew."""
    if dialect == "postgresql":
        return tuple(f"DROP TRIGGER IF EXISTS {trigger} ON {table}" for trigger, table in names(dialect).items())
    return tuple(f"DROP TRIGGER IF EXISTS {trigger}" for trigger in names(dialect))
