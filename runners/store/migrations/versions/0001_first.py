"""The first schema."""

from typing import Any

from alembic import op
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeEngine

revision = "0001"
down_revision = None

TEXT = Text().with_variant(Text(collation="C"), "postgresql")
BIG = BigInteger().with_variant(Integer(), "sqlite")
BYTES = LargeBinary()
NUMBER = Integer()


def _has(name: str, kind: TypeEngine[Any]) -> Column[Any]:
    return Column(name, kind, autoincrement=False, nullable=False)


def _texts(*names: str) -> list[Column[Any]]:
    return [_has(name, TEXT) for name in names]


def _may(name: str, kind: TypeEngine[Any]) -> Column[Any]:
    return Column(name, kind, autoincrement=False, nullable=True)


def upgrade() -> None:
    """Makes every table; the triggers follow (see ``env``)."""
    _library()
    _people()
    _runs()
    _tasks()
    _history()
    _effects()


def _library() -> None:
    op.create_table(
        "sop_definition",
        *_texts("fingerprint", "sop", "version"),
        _has("source", BYTES),
        _has("document", BYTES),
        _has("added_at", TEXT),
        _may("added_by", TEXT),
        _may("why", TEXT),
        _may("retired_at", TEXT),
        _may("retired_by", TEXT),
        _may("retired_why", TEXT),
        CheckConstraint("length(fingerprint) = 64", name=op.f("sop_definition_digest")),
        PrimaryKeyConstraint("fingerprint", name="sop_definition_key"),
        sqlite_strict=True,
    )
    op.create_index("sop_definition_version", "sop_definition", ["sop", "version"], unique=False)
    op.create_table(
        "sop_library",
        _has("path", TEXT),
        _has("size", BIG),
        _has("mtime_ns", BIG),
        *_texts("digest", "fingerprint"),
        PrimaryKeyConstraint("path", name="sop_library_key"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sop_calendar",
        _has("digest", TEXT),
        _has("body", BYTES),
        PrimaryKeyConstraint("digest", name="sop_calendar_key"),
        sqlite_strict=True,
    )


def _people() -> None:
    op.create_table(
        "sop_person",
        *_texts("id", "handle", "name"),
        _may("email", TEXT),
        Column("roles", TEXT, server_default="[]", autoincrement=False, nullable=False),
        _has("active", NUMBER),
        Column("more", TEXT, server_default="{}", autoincrement=False, nullable=False),
        Column("human", TEXT, server_default="", autoincrement=False, nullable=False),
        Column("linked", NUMBER, server_default="0", autoincrement=False, nullable=False),
        CheckConstraint("linked IN (0, 1)", name=op.f("sop_person_linked_bool")),
        CheckConstraint("active IN (0, 1)", name=op.f("sop_person_active_bool")),
        PrimaryKeyConstraint("id", name="sop_person_key"),
        UniqueConstraint("handle", name="sop_person_handle_once"),
        sqlite_strict=True,
    )
    human = text("human <> ''")
    op.create_index("sop_person_human", "sop_person", ["human"], sqlite_where=human, postgresql_where=human)
    op.create_table(
        "sop_team",
        *_texts("id", "name"),
        Column("more", TEXT, server_default="{}", autoincrement=False, nullable=False),
        PrimaryKeyConstraint("id", name="sop_team_key"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sop_member",
        *_texts("team", "person"),
        ForeignKeyConstraint(["person"], ["sop_person.id"], name="sop_member_person_known"),
        ForeignKeyConstraint(["team"], ["sop_team.id"], name="sop_member_team_known"),
        PrimaryKeyConstraint("team", "person", name="sop_member_key"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("sop_member_person", "sop_member", ["person"], unique=False)


def _runs() -> None:
    op.create_table(
        "sop_meta",
        *_texts("key", "value"),
        PrimaryKeyConstraint("key", name="sop_meta_key"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sop_counter",
        _has("prefix", TEXT),
        _has("next", NUMBER),
        PrimaryKeyConstraint("prefix", name="sop_counter_key"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sop_run",
        _has("id", TEXT),
        _has("seq", NUMBER),
        _has("head", BYTES),
        *_texts("sop", "version", "fingerprint", "title", "status"),
        _may("end_name", TEXT),
        *_texts("lead", "started_at", "started_by"),
        _may("due_at", TEXT),
        _may("closed_at", TEXT),
        _may("parent", TEXT),
        _has("drill", NUMBER),
        _has("open_tasks", NUMBER),
        _has("state", BYTES),
        CheckConstraint("(status = 'open') = (closed_at IS NULL)", name=op.f("sop_run_closed_when_not_open")),
        CheckConstraint("status IN ('open', 'ended', 'cancelled')", name=op.f("sop_run_status_known")),
        CheckConstraint("drill IN (0, 1)", name=op.f("sop_run_drill_bool")),
        CheckConstraint("length(head) = 32", name=op.f("sop_run_head_length")),
        CheckConstraint("seq >= 0 AND open_tasks >= 0", name=op.f("sop_run_counts")),
        ForeignKeyConstraint(["fingerprint"], ["sop_definition.fingerprint"], name="sop_run_fingerprint_known"),
        PrimaryKeyConstraint("id", name="sop_run_key"),
        sqlite_strict=True,
    )
    op.create_index(
        "sop_run_due",
        "sop_run",
        ["due_at", "id"],
        unique=False,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    )
    op.create_index(
        "sop_run_open",
        "sop_run",
        ["started_at", "id"],
        unique=False,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    )
    op.create_index("sop_run_parent", "sop_run", ["parent", "id"], unique=False)
    op.create_index("sop_run_started", "sop_run", ["started_at", "id"], unique=False)


def _tasks() -> None:
    op.create_table(
        "sop_task",
        _has("run", TEXT),
        _has("no", NUMBER),
        *_texts("step", "label", "kind", "role"),
        _has("round", NUMBER),
        _may("owner", TEXT),
        _has("offered", TEXT),
        _may("due_at", TEXT),
        *_texts("due_key", "ready_at"),
        _may("closed_at", TEXT),
        _may("outcome", TEXT),
        CheckConstraint("due_key = coalesce(due_at, '9999')", name=op.f("sop_task_due_key_of_due")),
        CheckConstraint("kind IN ('task', 'approval')", name=op.f("sop_task_kind_known")),
        CheckConstraint("no >= 0 AND round >= 1", name=op.f("sop_task_counts")),
        PrimaryKeyConstraint("run", "no", name="sop_task_key"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "sop_task_due",
        "sop_task",
        ["due_key", "run", "no"],
        unique=False,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    )
    op.create_index(
        "sop_task_inbox",
        "sop_task",
        ["owner", "due_key", "run", "no"],
        unique=False,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    )
    op.create_table(
        "sop_offer",
        *_texts("holder", "due_key", "run"),
        _has("no", NUMBER),
        PrimaryKeyConstraint("holder", "due_key", "run", "no", name="sop_offer_key"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("sop_offer_task", "sop_offer", ["run", "no"], unique=False)


def _history() -> None:
    op.create_table(
        "sop_history",
        _has("run", TEXT),
        _has("seq", NUMBER),
        _has("record", BYTES),
        _has("hash", BYTES),
        CheckConstraint("length(hash) = 32", name=op.f("sop_history_hash_length")),
        CheckConstraint("seq >= 0", name=op.f("sop_history_seq_counts")),
        PrimaryKeyConstraint("run", "seq", name="sop_history_key"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sop_payload",
        _has("run", TEXT),
        _has("current", NUMBER),
        _has("path", TEXT),
        _has("seq", NUMBER),
        _has("salt", BYTES),
        _has("body", BYTES),
        CheckConstraint("current IN (0, 1)", name=op.f("sop_payload_current_bool")),
        CheckConstraint("length(salt) = 32", name=op.f("sop_payload_salt_length")),
        PrimaryKeyConstraint("run", "current", "path", "seq", name="sop_payload_key"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sop_request",
        *_texts("key", "digest", "run"),
        _has("seq", NUMBER),
        _has("at", TEXT),
        PrimaryKeyConstraint("key", name="sop_request_key"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sop_evidence",
        _has("sha256", TEXT),
        _has("size", BIG),
        *_texts("media", "added_at"),
        CheckConstraint("length(sha256) = 64", name=op.f("sop_evidence_digest")),
        CheckConstraint("size >= 0", name=op.f("sop_evidence_size_counts")),
        PrimaryKeyConstraint("sha256", name="sop_evidence_key"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _effects() -> None:
    op.create_table(
        "sop_timer",
        _has("run", TEXT),
        _has("task", NUMBER),
        _has("kind", TEXT),
        _has("n", NUMBER),
        _has("fire_at", TEXT),
        _may("done_at", TEXT),
        PrimaryKeyConstraint("run", "task", "kind", "n", name="sop_timer_key"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "sop_timer_due",
        "sop_timer",
        ["fire_at", "run", "task"],
        unique=False,
        sqlite_where=text("done_at IS NULL"),
        postgresql_where=text("done_at IS NULL"),
    )
    op.create_table(
        "sop_outbox",
        *_texts("id", "run"),
        _has("seq", NUMBER),
        _has("kind", TEXT),
        _has("body", BYTES),
        _has("created_at", TEXT),
        _may("done_at", TEXT),
        PrimaryKeyConstraint("id", name="sop_outbox_key"),
        sqlite_strict=True,
    )
    op.create_index(
        "sop_outbox_due",
        "sop_outbox",
        ["created_at", "id"],
        unique=False,
        sqlite_where=text("done_at IS NULL"),
        postgresql_where=text("done_at IS NULL"),
    )
