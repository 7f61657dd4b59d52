"""The schema for sqlite. Made by ``python -m runners.store.generate``; not to be edited."""

# fmt: off
from typing import Final

SCHEMA: Final[tuple[str, ...]] = (
    (
        "CREATE TABLE sop_schema ( version_num VARCHAR(32) NOT NULL, CONSTRAINT sop_schema_pkc PRIMARY KEY "
        "(version_num) )"
    ),
    (
        "CREATE TABLE sop_absence ( person TEXT NOT NULL, from_at TEXT NOT NULL, until_at TEXT NOT NULL, deputy TEXT "
        "DEFAULT '' NOT NULL, CONSTRAINT sop_absence_key PRIMARY KEY (person, from_at) ) WITHOUT ROWID, STRICT"
    ),
    (
        "CREATE INDEX sop_absence_deputy ON sop_absence (deputy, until_at)"
    ),
    (
        "CREATE TABLE sop_calendar ( digest TEXT NOT NULL, body BLOB NOT NULL, CONSTRAINT sop_calendar_key PRIMARY "
        "KEY (digest) ) STRICT"
    ),
    (
        "CREATE TABLE sop_counter ( prefix TEXT NOT NULL, next INTEGER NOT NULL, CONSTRAINT sop_counter_key PRIMARY "
        "KEY (prefix) ) WITHOUT ROWID, STRICT"
    ),
    (
        "CREATE TABLE sop_definition ( fingerprint TEXT NOT NULL, sop TEXT NOT NULL, version TEXT NOT NULL, source "
        "BLOB NOT NULL, document BLOB NOT NULL, added_at TEXT NOT NULL, added_by TEXT, why TEXT, retired_at TEXT, "
        "retired_by TEXT, retired_why TEXT, CONSTRAINT sop_definition_key PRIMARY KEY (fingerprint), CONSTRAINT "
        "sop_definition_digest CHECK (length(fingerprint) = 64) ) STRICT"
    ),
    (
        "CREATE INDEX sop_definition_version ON sop_definition (sop, version)"
    ),
    (
        "CREATE TABLE sop_delegation ( giver TEXT NOT NULL, role TEXT NOT NULL, receiver TEXT NOT NULL, from_at TEXT "
        "NOT NULL, until_at TEXT NOT NULL, CONSTRAINT sop_delegation_key PRIMARY KEY (giver, role, receiver, from_at)"
        " ) WITHOUT ROWID, STRICT"
    ),
    (
        "CREATE INDEX sop_delegation_to ON sop_delegation (receiver, until_at)"
    ),
    (
        "CREATE TABLE sop_evidence ( sha256 TEXT NOT NULL, size INTEGER NOT NULL, media TEXT NOT NULL, added_at TEXT "
        "NOT NULL, CONSTRAINT sop_evidence_key PRIMARY KEY (sha256), CONSTRAINT sop_evidence_digest CHECK "
        "(length(sha256) = 64), CONSTRAINT sop_evidence_size_counts CHECK (size >= 0) ) WITHOUT ROWID, STRICT"
    ),
    (
        "CREATE TABLE sop_history ( run TEXT NOT NULL, seq INTEGER NOT NULL, record BLOB NOT NULL, hash BLOB NOT "
        "NULL, CONSTRAINT sop_history_key PRIMARY KEY (run, seq), CONSTRAINT sop_history_hash_length CHECK "
        "(length(hash) = 32), CONSTRAINT sop_history_seq_counts CHECK (seq >= 0) ) WITHOUT ROWID, STRICT"
    ),
    (
        "CREATE TABLE sop_library ( path TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, digest TEXT"
        " NOT NULL, fingerprint TEXT NOT NULL, CONSTRAINT sop_library_key PRIMARY KEY (path) ) WITHOUT ROWID, STRICT"
    ),
    (
        "CREATE TABLE sop_lock ( name TEXT NOT NULL, run TEXT NOT NULL, label TEXT NOT NULL, CONSTRAINT sop_lock_key "
        "PRIMARY KEY (name) ) WITHOUT ROWID, STRICT"
    ),
    (
        "CREATE INDEX sop_lock_run ON sop_lock (run, name)"
    ),
    (
        'CREATE TABLE sop_meta ( "key" TEXT NOT NULL, value TEXT NOT NULL, CONSTRAINT sop_meta_key PRIMARY KEY '
        '("key") ) WITHOUT ROWID, STRICT'
    ),
    (
        "CREATE TABLE sop_offer ( holder TEXT NOT NULL, due_key TEXT NOT NULL, run TEXT NOT NULL, no INTEGER NOT "
        "NULL, CONSTRAINT sop_offer_key PRIMARY KEY (holder, due_key, run, no) ) WITHOUT ROWID, STRICT"
    ),
    (
        "CREATE INDEX sop_offer_task ON sop_offer (run, no)"
    ),
    (
        "CREATE TABLE sop_org ( id TEXT NOT NULL, seq INTEGER NOT NULL, head BLOB NOT NULL, at TEXT NOT NULL, "
        "CONSTRAINT sop_org_key PRIMARY KEY (id), CONSTRAINT sop_org_head_length CHECK (length(head) = 32) ) STRICT"
    ),
    (
        "CREATE TABLE sop_outbox ( id TEXT NOT NULL, run TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, "
        "body BLOB NOT NULL, created_at TEXT NOT NULL, done_at TEXT, CONSTRAINT sop_outbox_key PRIMARY KEY (id) ) "
        "STRICT"
    ),
    (
        "CREATE INDEX sop_outbox_due ON sop_outbox (created_at, id) WHERE done_at IS NULL"
    ),
    (
        "CREATE TABLE sop_payload ( run TEXT NOT NULL, current INTEGER NOT NULL, path TEXT NOT NULL, seq INTEGER NOT "
        "NULL, salt BLOB NOT NULL, body BLOB NOT NULL, CONSTRAINT sop_payload_key PRIMARY KEY (run, current, path, "
        "seq), CONSTRAINT sop_payload_current_bool CHECK (current IN (0, 1)), CONSTRAINT sop_payload_salt_length "
        "CHECK (length(salt) = 32) ) WITHOUT ROWID, STRICT"
    ),
    (
        "CREATE TABLE sop_person ( id TEXT NOT NULL, handle TEXT NOT NULL, name TEXT NOT NULL, email TEXT, roles TEXT"
        " DEFAULT '[]' NOT NULL, active INTEGER NOT NULL, more TEXT DEFAULT '{}' NOT NULL, human TEXT DEFAULT '' NOT "
        "NULL, linked INTEGER DEFAULT '0' NOT NULL, CONSTRAINT sop_person_key PRIMARY KEY (id), CONSTRAINT "
        "sop_person_handle_once UNIQUE (handle), CONSTRAINT sop_person_active_bool CHECK (active IN (0, 1)), "
        "CONSTRAINT sop_person_linked_bool CHECK (linked IN (0, 1)) ) STRICT"
    ),
    (
        "CREATE INDEX sop_person_human ON sop_person (human) WHERE human <> ''"
    ),
    (
        'CREATE TABLE sop_request ( "key" TEXT NOT NULL, digest TEXT NOT NULL, run TEXT NOT NULL, seq INTEGER NOT '
        'NULL, at TEXT NOT NULL, CONSTRAINT sop_request_key PRIMARY KEY ("key") ) WITHOUT ROWID, STRICT'
    ),
    (
        "CREATE TABLE sop_schedule ( sop TEXT NOT NULL, id TEXT NOT NULL, fingerprint TEXT NOT NULL, cron TEXT NOT "
        "NULL, zone TEXT NOT NULL, next_at TEXT, last_at TEXT, last_run TEXT, trouble TEXT, paused_at TEXT, set_by "
        "TEXT, CONSTRAINT sop_schedule_key PRIMARY KEY (sop, id) ) WITHOUT ROWID, STRICT"
    ),
    (
        "CREATE INDEX sop_schedule_due ON sop_schedule (next_at, sop, id) WHERE next_at IS NOT NULL"
    ),
    (
        "CREATE TABLE sop_task ( run TEXT NOT NULL, no INTEGER NOT NULL, step TEXT NOT NULL, label TEXT NOT NULL, "
        "kind TEXT NOT NULL, role TEXT NOT NULL, round INTEGER NOT NULL, owner TEXT, offered TEXT NOT NULL, due_at "
        "TEXT, due_key TEXT NOT NULL, ready_at TEXT NOT NULL, closed_at TEXT, outcome TEXT, CONSTRAINT sop_task_key "
        "PRIMARY KEY (run, no), CONSTRAINT sop_task_kind_known CHECK (kind IN ('task', 'approval')), CONSTRAINT "
        "sop_task_due_key_of_due CHECK (due_key = coalesce(due_at, '9999')), CONSTRAINT sop_task_counts CHECK (no >= "
        "0 AND round >= 1) ) WITHOUT ROWID, STRICT"
    ),
    (
        "CREATE INDEX sop_task_due ON sop_task (due_key, run, no) WHERE closed_at IS NULL"
    ),
    (
        "CREATE INDEX sop_task_inbox ON sop_task (owner, due_key, run, no) WHERE closed_at IS NULL"
    ),
    (
        "CREATE TABLE sop_team ( id TEXT NOT NULL, name TEXT NOT NULL, more TEXT DEFAULT '{}' NOT NULL, CONSTRAINT "
        "sop_team_key PRIMARY KEY (id) ) WITHOUT ROWID, STRICT"
    ),
    (
        "CREATE TABLE sop_timer ( run TEXT NOT NULL, task INTEGER NOT NULL, kind TEXT NOT NULL, n INTEGER NOT NULL, "
        "fire_at TEXT NOT NULL, done_at TEXT, CONSTRAINT sop_timer_key PRIMARY KEY (run, task, kind, n) ) WITHOUT "
        "ROWID, STRICT"
    ),
    (
        "CREATE INDEX sop_timer_due ON sop_timer (fire_at, run, task) WHERE done_at IS NULL"
    ),
    (
        "CREATE TABLE sop_turn ( place TEXT NOT NULL, person TEXT NOT NULL, last INTEGER NOT NULL, CONSTRAINT "
        "sop_turn_key PRIMARY KEY (place, person) ) WITHOUT ROWID, STRICT"
    ),
    (
        "CREATE TABLE sop_unit ( id TEXT NOT NULL, name TEXT NOT NULL, parent TEXT DEFAULT '' NOT NULL, lead TEXT "
        "DEFAULT '' NOT NULL, model TEXT DEFAULT 'hybrid' NOT NULL, CONSTRAINT sop_unit_key PRIMARY KEY (id), "
        "CONSTRAINT sop_unit_model_known CHECK (model IN ('centralised', 'decentralised', 'hybrid')) ) WITHOUT ROWID,"
        " STRICT"
    ),
    (
        "CREATE TABLE sop_member ( team TEXT NOT NULL, person TEXT NOT NULL, CONSTRAINT sop_member_key PRIMARY KEY "
        "(team, person), CONSTRAINT sop_member_team_known FOREIGN KEY(team) REFERENCES sop_team (id), CONSTRAINT "
        "sop_member_person_known FOREIGN KEY(person) REFERENCES sop_person (id) ) WITHOUT ROWID, STRICT"
    ),
    (
        "CREATE INDEX sop_member_person ON sop_member (person)"
    ),
    (
        "CREATE TABLE sop_run ( id TEXT NOT NULL, seq INTEGER NOT NULL, head BLOB NOT NULL, sop TEXT NOT NULL, "
        "version TEXT NOT NULL, fingerprint TEXT NOT NULL, title TEXT NOT NULL, status TEXT NOT NULL, end_name TEXT, "
        "lead TEXT NOT NULL, started_at TEXT NOT NULL, started_by TEXT NOT NULL, due_at TEXT, closed_at TEXT, parent "
        "TEXT, drill INTEGER NOT NULL, open_tasks INTEGER NOT NULL, state BLOB NOT NULL, CONSTRAINT sop_run_key "
        "PRIMARY KEY (id), CONSTRAINT sop_run_head_length CHECK (length(head) = 32), CONSTRAINT sop_run_status_known "
        "CHECK (status IN ('open', 'ended', 'cancelled')), CONSTRAINT sop_run_closed_when_not_open CHECK ((status = "
        "'open') = (closed_at IS NULL)), CONSTRAINT sop_run_drill_bool CHECK (drill IN (0, 1)), CONSTRAINT "
        "sop_run_counts CHECK (seq >= 0 AND open_tasks >= 0), CONSTRAINT sop_run_fingerprint_known FOREIGN "
        "KEY(fingerprint) REFERENCES sop_definition (fingerprint) ) STRICT"
    ),
    (
        "CREATE INDEX sop_run_due ON sop_run (due_at, id) WHERE closed_at IS NULL"
    ),
    (
        "CREATE INDEX sop_run_open ON sop_run (started_at, id) WHERE closed_at IS NULL"
    ),
    (
        "CREATE INDEX sop_run_parent ON sop_run (parent, id)"
    ),
    (
        "CREATE INDEX sop_run_started ON sop_run (started_at, id)"
    ),
    (
        "CREATE TRIGGER sop_history_next BEFORE INSERT ON sop_history WHEN NEW.seq <> coalesce((SELECT max(seq) FROM "
        "sop_history WHERE run = NEW.run), -1) + 1 BEGIN SELECT RAISE(ABORT, 'sop_history goes on by one'); END"
    ),
    (
        "CREATE TRIGGER sop_history_no_update BEFORE UPDATE ON sop_history BEGIN SELECT RAISE(ABORT, 'sop_history is "
        "append-only'); END"
    ),
    (
        "CREATE TRIGGER sop_history_no_delete BEFORE DELETE ON sop_history BEGIN SELECT RAISE(ABORT, 'sop_history is "
        "append-only'); END"
    ),
    (
        "CREATE TRIGGER sop_definition_no_update BEFORE UPDATE OF fingerprint, sop, version, source, document, "
        "added_at ON sop_definition BEGIN SELECT RAISE(ABORT, 'sop_definition is append-only'); END"
    ),
    (
        "CREATE TRIGGER sop_definition_no_delete BEFORE DELETE ON sop_definition BEGIN SELECT RAISE(ABORT, "
        "'sop_definition is append-only'); END"
    ),
    (
        "CREATE TRIGGER sop_definition_no_replace BEFORE INSERT ON sop_definition WHEN EXISTS (SELECT 1 FROM "
        "sop_definition WHERE fingerprint = NEW.fingerprint) BEGIN SELECT RAISE(ABORT, 'sop_definition is "
        "append-only'); END"
    ),
    (
        "CREATE TRIGGER sop_calendar_no_update BEFORE UPDATE ON sop_calendar BEGIN SELECT RAISE(ABORT, 'sop_calendar "
        "is append-only'); END"
    ),
    (
        "CREATE TRIGGER sop_calendar_no_delete BEFORE DELETE ON sop_calendar BEGIN SELECT RAISE(ABORT, 'sop_calendar "
        "is append-only'); END"
    ),
    (
        "CREATE TRIGGER sop_calendar_no_replace BEFORE INSERT ON sop_calendar WHEN EXISTS (SELECT 1 FROM sop_calendar"
        " WHERE digest = NEW.digest) BEGIN SELECT RAISE(ABORT, 'sop_calendar is append-only'); END"
    ),
    (
        "INSERT INTO sop_schema (version_num) VALUES ('0004')"
    ),
)
"""What makes an empty database one of ours, in order; the same as all migrations together."""
