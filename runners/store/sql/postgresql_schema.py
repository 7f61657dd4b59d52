"""The schema for postgresql. Made by ``python -m runners.store.generate``; not to be edited."""

# fmt: off
from typing import Final

SCHEMA: Final[tuple[str, ...]] = (
    (
        "CREATE TABLE sop_schema ( version_num VARCHAR(32) NOT NULL, CONSTRAINT sop_schema_pkc PRIMARY KEY "
        "(version_num) )"
    ),
    (
        'CREATE TABLE sop_absence ( person TEXT COLLATE "C" NOT NULL, from_at TEXT COLLATE "C" NOT NULL, until_at '
        "TEXT COLLATE \"C\" NOT NULL, deputy TEXT COLLATE \"C\" DEFAULT '' NOT NULL, CONSTRAINT sop_absence_key PRIMARY "
        "KEY (person, from_at) )"
    ),
    (
        "CREATE INDEX sop_absence_deputy ON sop_absence (deputy, until_at)"
    ),
    (
        'CREATE TABLE sop_calendar ( digest TEXT COLLATE "C" NOT NULL, body BYTEA NOT NULL, CONSTRAINT '
        "sop_calendar_key PRIMARY KEY (digest) )"
    ),
    (
        'CREATE TABLE sop_counter ( prefix TEXT COLLATE "C" NOT NULL, next INTEGER NOT NULL, CONSTRAINT '
        "sop_counter_key PRIMARY KEY (prefix) )"
    ),
    (
        'CREATE TABLE sop_definition ( fingerprint TEXT COLLATE "C" NOT NULL, sop TEXT COLLATE "C" NOT NULL, version '
        'TEXT COLLATE "C" NOT NULL, source BYTEA NOT NULL, document BYTEA NOT NULL, added_at TEXT COLLATE "C" NOT '
        'NULL, added_by TEXT COLLATE "C", why TEXT COLLATE "C", retired_at TEXT COLLATE "C", retired_by TEXT COLLATE '
        '"C", retired_why TEXT COLLATE "C", CONSTRAINT sop_definition_key PRIMARY KEY (fingerprint), CONSTRAINT '
        "sop_definition_digest CHECK (length(fingerprint) = 64) )"
    ),
    (
        "CREATE INDEX sop_definition_version ON sop_definition (sop, version)"
    ),
    (
        'CREATE TABLE sop_delegation ( giver TEXT COLLATE "C" NOT NULL, role TEXT COLLATE "C" NOT NULL, receiver TEXT'
        ' COLLATE "C" NOT NULL, from_at TEXT COLLATE "C" NOT NULL, until_at TEXT COLLATE "C" NOT NULL, CONSTRAINT '
        "sop_delegation_key PRIMARY KEY (giver, role, receiver, from_at) )"
    ),
    (
        "CREATE INDEX sop_delegation_to ON sop_delegation (receiver, until_at)"
    ),
    (
        'CREATE TABLE sop_evidence ( sha256 TEXT COLLATE "C" NOT NULL, size BIGINT NOT NULL, media TEXT COLLATE "C" '
        'NOT NULL, added_at TEXT COLLATE "C" NOT NULL, CONSTRAINT sop_evidence_key PRIMARY KEY (sha256), CONSTRAINT '
        "sop_evidence_digest CHECK (length(sha256) = 64), CONSTRAINT sop_evidence_size_counts CHECK (size >= 0) )"
    ),
    (
        'CREATE TABLE sop_history ( run TEXT COLLATE "C" NOT NULL, seq INTEGER NOT NULL, record BYTEA NOT NULL, hash '
        "BYTEA NOT NULL, CONSTRAINT sop_history_key PRIMARY KEY (run, seq), CONSTRAINT sop_history_hash_length CHECK "
        "(length(hash) = 32), CONSTRAINT sop_history_seq_counts CHECK (seq >= 0) )"
    ),
    (
        'CREATE TABLE sop_library ( path TEXT COLLATE "C" NOT NULL, size BIGINT NOT NULL, mtime_ns BIGINT NOT NULL, '
        'digest TEXT COLLATE "C" NOT NULL, fingerprint TEXT COLLATE "C" NOT NULL, CONSTRAINT sop_library_key PRIMARY '
        "KEY (path) )"
    ),
    (
        'CREATE TABLE sop_lock ( name TEXT COLLATE "C" NOT NULL, run TEXT COLLATE "C" NOT NULL, label TEXT COLLATE '
        '"C" NOT NULL, CONSTRAINT sop_lock_key PRIMARY KEY (name) )'
    ),
    (
        "CREATE INDEX sop_lock_run ON sop_lock (run, name)"
    ),
    (
        'CREATE TABLE sop_meta ( key TEXT COLLATE "C" NOT NULL, value TEXT COLLATE "C" NOT NULL, CONSTRAINT '
        "sop_meta_key PRIMARY KEY (key) )"
    ),
    (
        'CREATE TABLE sop_offer ( holder TEXT COLLATE "C" NOT NULL, due_key TEXT COLLATE "C" NOT NULL, run TEXT '
        'COLLATE "C" NOT NULL, no INTEGER NOT NULL, CONSTRAINT sop_offer_key PRIMARY KEY (holder, due_key, run, no) )'
    ),
    (
        "CREATE INDEX sop_offer_task ON sop_offer (run, no)"
    ),
    (
        'CREATE TABLE sop_org ( id TEXT COLLATE "C" NOT NULL, seq INTEGER NOT NULL, head BYTEA NOT NULL, at TEXT '
        'COLLATE "C" NOT NULL, CONSTRAINT sop_org_key PRIMARY KEY (id), CONSTRAINT sop_org_head_length CHECK '
        "(length(head) = 32) )"
    ),
    (
        'CREATE TABLE sop_outbox ( id TEXT COLLATE "C" NOT NULL, run TEXT COLLATE "C" NOT NULL, seq INTEGER NOT NULL,'
        ' kind TEXT COLLATE "C" NOT NULL, body BYTEA NOT NULL, created_at TEXT COLLATE "C" NOT NULL, done_at TEXT '
        'COLLATE "C", CONSTRAINT sop_outbox_key PRIMARY KEY (id) )'
    ),
    (
        "CREATE INDEX sop_outbox_due ON sop_outbox (created_at, id) WHERE done_at IS NULL"
    ),
    (
        'CREATE TABLE sop_payload ( run TEXT COLLATE "C" NOT NULL, current INTEGER NOT NULL, path TEXT COLLATE "C" '
        "NOT NULL, seq INTEGER NOT NULL, salt BYTEA NOT NULL, body BYTEA NOT NULL, CONSTRAINT sop_payload_key PRIMARY"
        " KEY (run, current, path, seq), CONSTRAINT sop_payload_current_bool CHECK (current IN (0, 1)), CONSTRAINT "
        "sop_payload_salt_length CHECK (length(salt) = 32) )"
    ),
    (
        'CREATE TABLE sop_person ( id TEXT COLLATE "C" NOT NULL, handle TEXT COLLATE "C" NOT NULL, name TEXT COLLATE '
        "\"C\" NOT NULL, email TEXT COLLATE \"C\", roles TEXT COLLATE \"C\" DEFAULT '[]' NOT NULL, active INTEGER NOT NULL,"
        " more TEXT COLLATE \"C\" DEFAULT '{}' NOT NULL, human TEXT COLLATE \"C\" DEFAULT '' NOT NULL, linked INTEGER "
        "DEFAULT '0' NOT NULL, CONSTRAINT sop_person_key PRIMARY KEY (id), CONSTRAINT sop_person_handle_once UNIQUE "
        "(handle), CONSTRAINT sop_person_active_bool CHECK (active IN (0, 1)), CONSTRAINT sop_person_linked_bool "
        "CHECK (linked IN (0, 1)) )"
    ),
    (
        "CREATE INDEX sop_person_human ON sop_person (human) WHERE human <> ''"
    ),
    (
        'CREATE TABLE sop_request ( key TEXT COLLATE "C" NOT NULL, digest TEXT COLLATE "C" NOT NULL, run TEXT COLLATE'
        ' "C" NOT NULL, seq INTEGER NOT NULL, at TEXT COLLATE "C" NOT NULL, CONSTRAINT sop_request_key PRIMARY KEY '
        "(key) )"
    ),
    (
        'CREATE TABLE sop_schedule ( sop TEXT COLLATE "C" NOT NULL, id TEXT COLLATE "C" NOT NULL, fingerprint TEXT '
        'COLLATE "C" NOT NULL, cron TEXT COLLATE "C" NOT NULL, zone TEXT COLLATE "C" NOT NULL, next_at TEXT COLLATE '
        '"C", last_at TEXT COLLATE "C", last_run TEXT COLLATE "C", trouble TEXT COLLATE "C", paused_at TEXT COLLATE '
        '"C", set_by TEXT COLLATE "C", CONSTRAINT sop_schedule_key PRIMARY KEY (sop, id) )'
    ),
    (
        "CREATE INDEX sop_schedule_due ON sop_schedule (next_at, sop, id) WHERE next_at IS NOT NULL"
    ),
    (
        'CREATE TABLE sop_task ( run TEXT COLLATE "C" NOT NULL, no INTEGER NOT NULL, step TEXT COLLATE "C" NOT NULL, '
        'label TEXT COLLATE "C" NOT NULL, kind TEXT COLLATE "C" NOT NULL, role TEXT COLLATE "C" NOT NULL, round '
        'INTEGER NOT NULL, owner TEXT COLLATE "C", offered TEXT COLLATE "C" NOT NULL, due_at TEXT COLLATE "C", '
        'due_key TEXT COLLATE "C" NOT NULL, ready_at TEXT COLLATE "C" NOT NULL, closed_at TEXT COLLATE "C", outcome '
        'TEXT COLLATE "C", CONSTRAINT sop_task_key PRIMARY KEY (run, no), CONSTRAINT sop_task_kind_known CHECK (kind '
        "IN ('task', 'approval')), CONSTRAINT sop_task_due_key_of_due CHECK (due_key = coalesce(due_at, '9999')), "
        "CONSTRAINT sop_task_counts CHECK (no >= 0 AND round >= 1) )"
    ),
    (
        "CREATE INDEX sop_task_due ON sop_task (due_key, run, no) WHERE closed_at IS NULL"
    ),
    (
        "CREATE INDEX sop_task_inbox ON sop_task (owner, due_key, run, no) WHERE closed_at IS NULL"
    ),
    (
        'CREATE TABLE sop_team ( id TEXT COLLATE "C" NOT NULL, name TEXT COLLATE "C" NOT NULL, more TEXT COLLATE "C" '
        "DEFAULT '{}' NOT NULL, CONSTRAINT sop_team_key PRIMARY KEY (id) )"
    ),
    (
        'CREATE TABLE sop_timer ( run TEXT COLLATE "C" NOT NULL, task INTEGER NOT NULL, kind TEXT COLLATE "C" NOT '
        'NULL, n INTEGER NOT NULL, fire_at TEXT COLLATE "C" NOT NULL, done_at TEXT COLLATE "C", CONSTRAINT '
        "sop_timer_key PRIMARY KEY (run, task, kind, n) )"
    ),
    (
        "CREATE INDEX sop_timer_due ON sop_timer (fire_at, run, task) WHERE done_at IS NULL"
    ),
    (
        'CREATE TABLE sop_turn ( place TEXT COLLATE "C" NOT NULL, person TEXT COLLATE "C" NOT NULL, last INTEGER NOT '
        "NULL, CONSTRAINT sop_turn_key PRIMARY KEY (place, person) )"
    ),
    (
        'CREATE TABLE sop_unit ( id TEXT COLLATE "C" NOT NULL, name TEXT COLLATE "C" NOT NULL, parent TEXT COLLATE '
        "\"C\" DEFAULT '' NOT NULL, lead TEXT COLLATE \"C\" DEFAULT '' NOT NULL, model TEXT COLLATE \"C\" DEFAULT 'hybrid' "
        "NOT NULL, CONSTRAINT sop_unit_key PRIMARY KEY (id), CONSTRAINT sop_unit_model_known CHECK (model IN "
        "('centralised', 'decentralised', 'hybrid')) )"
    ),
    (
        'CREATE TABLE sop_member ( team TEXT COLLATE "C" NOT NULL, person TEXT COLLATE "C" NOT NULL, CONSTRAINT '
        "sop_member_key PRIMARY KEY (team, person), CONSTRAINT sop_member_team_known FOREIGN KEY(team) REFERENCES "
        "sop_team (id), CONSTRAINT sop_member_person_known FOREIGN KEY(person) REFERENCES sop_person (id) )"
    ),
    (
        "CREATE INDEX sop_member_person ON sop_member (person)"
    ),
    (
        'CREATE TABLE sop_run ( id TEXT COLLATE "C" NOT NULL, seq INTEGER NOT NULL, head BYTEA NOT NULL, sop TEXT '
        'COLLATE "C" NOT NULL, version TEXT COLLATE "C" NOT NULL, fingerprint TEXT COLLATE "C" NOT NULL, title TEXT '
        'COLLATE "C" NOT NULL, status TEXT COLLATE "C" NOT NULL, end_name TEXT COLLATE "C", lead TEXT COLLATE "C" NOT'
        ' NULL, started_at TEXT COLLATE "C" NOT NULL, started_by TEXT COLLATE "C" NOT NULL, due_at TEXT COLLATE "C", '
        'closed_at TEXT COLLATE "C", parent TEXT COLLATE "C", drill INTEGER NOT NULL, open_tasks INTEGER NOT NULL, '
        "state BYTEA NOT NULL, CONSTRAINT sop_run_key PRIMARY KEY (id), CONSTRAINT sop_run_head_length CHECK "
        "(length(head) = 32), CONSTRAINT sop_run_status_known CHECK (status IN ('open', 'ended', 'cancelled')), "
        "CONSTRAINT sop_run_closed_when_not_open CHECK ((status = 'open') = (closed_at IS NULL)), CONSTRAINT "
        "sop_run_drill_bool CHECK (drill IN (0, 1)), CONSTRAINT sop_run_counts CHECK (seq >= 0 AND open_tasks >= 0), "
        "CONSTRAINT sop_run_fingerprint_known FOREIGN KEY(fingerprint) REFERENCES sop_definition (fingerprint) )"
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
        "CREATE OR REPLACE FUNCTION sop_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING "
        "MESSAGE = TG_TABLE_NAME || ' is append-only', ERRCODE = 'restrict_violation'; END $$"
    ),
    (
        "CREATE OR REPLACE FUNCTION sop_history_next() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE last integer :="
        " coalesce((SELECT max(seq) FROM sop_history WHERE run = NEW.run), -1); BEGIN IF NEW.seq <= last THEN RAISE "
        "EXCEPTION 'sop_history has this record' USING ERRCODE = 'unique_violation'; ELSIF NEW.seq <> last + 1 THEN "
        "RAISE EXCEPTION 'sop_history goes on by one' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END "
        "$$"
    ),
    (
        "CREATE TRIGGER sop_history_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON sop_history FOR EACH STATEMENT "
        "EXECUTE FUNCTION sop_refuse()"
    ),
    (
        "CREATE TRIGGER sop_definition_keep BEFORE UPDATE OF fingerprint, sop, version, source, document, added_at OR"
        " DELETE OR TRUNCATE ON sop_definition FOR EACH STATEMENT EXECUTE FUNCTION sop_refuse()"
    ),
    (
        "CREATE TRIGGER sop_calendar_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON sop_calendar FOR EACH STATEMENT "
        "EXECUTE FUNCTION sop_refuse()"
    ),
    (
        "CREATE TRIGGER sop_history_next BEFORE INSERT ON sop_history FOR EACH ROW EXECUTE FUNCTION "
        "sop_history_next()"
    ),
    (
        "ALTER TABLE sop_history ENABLE ALWAYS TRIGGER sop_history_keep"
    ),
    (
        "ALTER TABLE sop_definition ENABLE ALWAYS TRIGGER sop_definition_keep"
    ),
    (
        "ALTER TABLE sop_calendar ENABLE ALWAYS TRIGGER sop_calendar_keep"
    ),
    (
        "ALTER TABLE sop_history ENABLE ALWAYS TRIGGER sop_history_next"
    ),
    (
        "INSERT INTO sop_schema (version_num) VALUES ('0004')"
    ),
)
"""What makes an empty database one of ours, in order; the same as all migrations together."""
