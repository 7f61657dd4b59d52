"""The tables: the one place that says what is stored.

Instants are RFC 3339 texts in UTC with microseconds, so that they order as texts; on PostgreSQL every text is
``COLLATE "C"`` so that both databases order alike. Truth values are 0 and 1. On SQLite the tables are STRICT, and those
whose primary key is their order are WITHOUT ROWID: a history is one range of one B-tree.

Indexes that serve a list hold only what is open (``WHERE closed_at IS NULL``): a list costs the same among a thousand
runs and among a million.
"""

from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    text,
)
from sqlalchemy.types import TypeEngine
from sqlmodel import Field, SQLModel

_TEXT = Text().with_variant(Text(collation="C"), "postgresql")
_BIG = BigInteger().with_variant(Integer(), "sqlite")


def _column(kind: TypeEngine[Any], *parts: Any, key: bool = False, null: bool = False, default: str | None = None) -> Any:  # noqa: ANN401
    return Field(sa_column=Column(kind, *parts, primary_key=key, nullable=null, server_default=default, autoincrement=False))


def _text(*parts: Any, key: bool = False, null: bool = False, default: str | None = None) -> Any:  # noqa: ANN401
    return _column(_TEXT, *parts, key=key, null=null, default=default)


def _number(*, key: bool = False) -> Any:  # noqa: ANN401
    return _column(Integer(), key=key)


def _bytes(*, null: bool = False) -> Any:  # noqa: ANN401
    return _column(LargeBinary(), null=null)


def _check(name: str, condition: str) -> CheckConstraint:
    return CheckConstraint(condition, name=name)


def _open(name: str, *columns: str, where: str = "closed_at IS NULL") -> Index:
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


_STRICT = {"sqlite_strict": True}
_ORDERED = {"sqlite_strict": True, "sqlite_with_rowid": False}


class Stored(SQLModel):
    """What all tables share: their metadata."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ck": "%(table_name)s_%(constraint_name)s",
            "pk": "%(table_name)s_key",
            "fk": "%(table_name)s_%(column_0_name)s_known",
            "uq": "%(table_name)s_%(column_0_name)s_once",
        }
    )


class Meta(Stored, table=True):
    """Facts about the database itself: ``log`` is the id that its histories carry."""

    __tablename__ = "sop_meta"
    __table_args__ = (_ORDERED,)
    key: str = _text(key=True)
    value: str = _text()


class Definition(Stored, table=True):
    """Every version that was ever taken in, byte for byte. Only who stands for it and why, and its retirement, may change."""

    __tablename__ = "sop_definition"
    __table_args__ = (Index("sop_definition_version", "sop", "version"), _check("digest", "length(fingerprint) = 64"), _STRICT)
    fingerprint: str = _text(key=True)
    sop: str = _text()
    version: str = _text()
    source: bytes = _bytes()
    document: bytes = _bytes()
    added_at: str = _text()
    added_by: str | None = _text(null=True)
    why: str | None = _text(null=True)
    retired_at: str | None = _text(null=True)
    retired_by: str | None = _text(null=True)
    retired_why: str | None = _text(null=True)


class LibraryFile(Stored, table=True):
    """Which definition a file held when it was last read: a cache, to be thrown away at will."""

    __tablename__ = "sop_library"
    __table_args__ = (_ORDERED,)
    path: str = _text(key=True)
    size: int = _column(_BIG)
    mtime_ns: int = _column(_BIG)
    digest: str = _text()
    fingerprint: str = _text()


class Calendar(Stored, table=True):
    """Working times and holidays by digest; insert only, because due dates were computed with them."""

    __tablename__ = "sop_calendar"
    __table_args__ = (_STRICT,)
    digest: str = _text(key=True)
    body: bytes = _bytes()


class Counter(Stored, table=True):
    """The next number of the runs of one prefix."""

    __tablename__ = "sop_counter"
    __table_args__ = (_ORDERED,)
    prefix: str = _text(key=True)
    next: int = _number()


class Run(Stored, table=True):
    """One run: the unit of consistency. ``seq`` and ``head`` are those of its last record; ``state`` is the fold of them all."""

    __tablename__ = "sop_run"
    __table_args__ = (
        _open("sop_run_open", "started_at", "id"),
        _open("sop_run_due", "due_at", "id"),
        Index("sop_run_started", "started_at", "id"),
        Index("sop_run_parent", "parent", "id"),
        _check("head_length", "length(head) = 32"),
        _check("status_known", "status IN ('open', 'ended', 'cancelled')"),
        _check("closed_when_not_open", "(status = 'open') = (closed_at IS NULL)"),
        _check("drill_bool", "drill IN (0, 1)"),
        _check("counts", "seq >= 0 AND open_tasks >= 0"),
        _STRICT,
    )
    id: str = _text(key=True)
    seq: int = _number()
    head: bytes = _bytes()
    sop: str = _text()
    version: str = _text()
    fingerprint: str = _text(ForeignKey("sop_definition.fingerprint"))
    title: str = _text()
    status: str = _text()
    end_name: str | None = _text(null=True)
    lead: str = _text()
    started_at: str = _text()
    started_by: str = _text()
    due_at: str | None = _text(null=True)
    closed_at: str | None = _text(null=True)
    parent: str | None = _text(null=True)
    drill: int = _number()
    open_tasks: int = _number()
    state: bytes = _bytes()


class Task(Stored, table=True):
    """What stands, or stood, in somebody's inbox. ``due_key`` is ``due_at``, or ``9999`` for none, which orders last."""

    __tablename__ = "sop_task"
    __table_args__ = (
        _open("sop_task_inbox", "owner", "due_key", "run", "no"),
        _open("sop_task_due", "due_key", "run", "no"),
        _check("kind_known", "kind IN ('task', 'approval')"),
        _check("due_key_of_due", "due_key = coalesce(due_at, '9999')"),
        _check("counts", "no >= 0 AND round >= 1"),
        _ORDERED,
    )
    run: str = _text(key=True)
    no: int = _number(key=True)
    step: str = _text()
    label: str = _text()
    kind: str = _text()
    role: str = _text()
    round: int = _number()
    owner: str | None = _text(null=True)
    offered: str = _text()
    due_at: str | None = _text(null=True)
    due_key: str = _text()
    ready_at: str = _text()
    closed_at: str | None = _text(null=True)
    outcome: str | None = _text(null=True)


class Offer(Stored, table=True):
    """One line per holder (``person:…`` or ``team:…``) to whom an unclaimed task is offered now."""

    __tablename__ = "sop_offer"
    __table_args__ = (Index("sop_offer_task", "run", "no"), _ORDERED)
    holder: str = _text(key=True)
    due_key: str = _text(key=True)
    run: str = _text(key=True)
    no: int = _number(key=True)


class History(Stored, table=True):
    """The records of a run, as the bytes that were hashed. Append-only: see ``triggers``."""

    __tablename__ = "sop_history"
    __table_args__ = (_check("hash_length", "length(hash) = 32"), _check("seq_counts", "seq >= 0"), _ORDERED)
    run: str = _text(key=True)
    seq: int = _number(key=True)
    record: bytes = _bytes()
    hash: bytes = _bytes()


class Payload(Stored, table=True):
    """Values of forms and the salts of their commitments. Erasable; ``current`` marks the value that counts now.

    It is part of the key: the current values of a run stand side by side, however many they replaced. (A partial index
    beside a key that begins with the run is passed over by SQLite's planner.)
    """

    __tablename__ = "sop_payload"
    __table_args__ = (_check("current_bool", "current IN (0, 1)"), _check("salt_length", "length(salt) = 32"), _ORDERED)
    run: str = _text(key=True)
    current: int = _number(key=True)
    path: str = _text(key=True)
    seq: int = _number(key=True)
    salt: bytes = _bytes()
    body: bytes = _bytes()


class Timer(Stored, table=True):
    """What becomes due by itself: reminders, escalations, time limits."""

    __tablename__ = "sop_timer"
    __table_args__ = (_open("sop_timer_due", "fire_at", "run", "task", where="done_at IS NULL"), _ORDERED)
    run: str = _text(key=True)
    task: int = _number(key=True)
    kind: str = _text(key=True)
    n: int = _number(key=True)
    fire_at: str = _text()
    done_at: str | None = _text(null=True)


class Outbox(Stored, table=True):
    """Effects to be performed outside, at least once, under an id that stays the same."""

    __tablename__ = "sop_outbox"
    __table_args__ = (_open("sop_outbox_due", "created_at", "id", where="done_at IS NULL"), _STRICT)
    id: str = _text(key=True)
    run: str = _text()
    seq: int = _number()
    kind: str = _text()
    body: bytes = _bytes()
    created_at: str = _text()
    done_at: str | None = _text(null=True)


class Request(Stored, table=True):
    """Idempotency: the key of a command, what it asked (digest) and the record that answered it."""

    __tablename__ = "sop_request"
    __table_args__ = (_ORDERED,)
    key: str = _text(key=True)
    digest: str = _text()
    run: str = _text()
    seq: int = _number()
    at: str = _text()


class Evidence(Stored, table=True):
    """Files that are in the evidence folder and were attached by somebody."""

    __tablename__ = "sop_evidence"
    __table_args__ = (_check("digest", "length(sha256) = 64"), _check("size_counts", "size >= 0"), _ORDERED)
    sha256: str = _text(key=True)
    size: int = _column(_BIG)
    media: str = _text()
    added_at: str = _text()
