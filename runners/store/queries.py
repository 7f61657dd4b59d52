"""Every statement of the running program, declared once over the tables.

``generate`` compiles them for both databases into ``sql/``; at run time only those texts are used. A list is always in
the order of an index, paged by the key of the last line seen, and never by OFFSET. ``IS NULL`` is written out, never a
parameter: a bound NULL keeps a partial index from being used.
"""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Label,
    Table,
    bindparam,
    column,
    delete,
    exists,
    func,
    insert,
    literal_column,
    select,
    table,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.expression import Executable

from runners.store import measuring, organisation_queries, scheduling, sections
from runners.store.statements import ignore as _ignore
from runners.store.statements import is_ as _is
from runners.store.statements import parameter as _p
from runners.store.statements import set_ as _set
from runners.store.statements import upsert as _upsert
from runners.store.tables import Stored

Declared = Executable | Callable[[Any], Executable]
"""A statement, or what makes it from the dialect's ``insert`` where the standard has no word for it (upserts)."""

_T: Final = Stored.metadata.tables
_RUN, _TASK, _OFFER, _HISTORY, _PAYLOAD = (_T[f"sop_{n}"] for n in ("run", "task", "offer", "history", "payload"))
_TIMER, _OUTBOX, _REQUEST, _EVIDENCE = (_T[f"sop_{n}"] for n in ("timer", "outbox", "request", "evidence"))
_DEFINITION, _LIBRARY, _CALENDAR = (_T[f"sop_{n}"] for n in ("definition", "library", "calendar"))
_PERSON, _TEAM, _MEMBER, _COUNTER, _META = (_T[f"sop_{n}"] for n in ("person", "team", "member", "counter", "meta"))
_SCHEMA: Final = table("sop_schema", column("version_num"))
_LIMIT: Final[BindParameter[int]] = bindparam("limit")


def dialect_insert(dialect: str) -> Callable[[Table], Any]:
    """The ``insert`` of a dialect, which knows ON CONFLICT."""
    return postgresql.insert if dialect == "postgresql" else sqlite.insert


_SAME: Final = _PAYLOAD.alias("same")
_RUN_LINE: Final = [c for c in _RUN.columns if c.name not in {"head", "state"}]
_DEFINITION_LINE: Final = [c for c in _DEFINITION.columns if c.name not in {"source", "document"}]
_RUN_FINAL: Final = {"id", "started_at", "started_by", "parent", "drill"}
"""What a run keeps from its start."""


def _runs(*where: ColumnElement[bool]) -> Any:  # noqa: ANN401
    """Runs, newest first, after the key (:before_at, :before_id); :sop and :lead are NULL for all."""
    return (
        select(*_RUN_LINE)
        .where(
            *where,
            tuple_(_RUN.c.started_at, _RUN.c.id) < tuple_(_p("before_at"), _p("before_id")),
            _RUN.c.sop == func.coalesce(_p("sop"), _RUN.c.sop),
            _RUN.c.lead == func.coalesce(_p("lead"), _RUN.c.lead),
        )
        .order_by(_RUN.c.started_at.desc(), _RUN.c.id.desc())
        .limit(_LIMIT)
    )


_RUNS_OVERDUE: Final = (
    select(*_RUN_LINE)
    .where(
        _RUN.c.closed_at.is_(None),
        _RUN.c.due_at < _p("now"),
        tuple_(_RUN.c.due_at, _RUN.c.id) > tuple_(_p("after_due"), _p("after_id")),
        _RUN.c.sop == func.coalesce(_p("sop"), _RUN.c.sop),
        _RUN.c.lead == func.coalesce(_p("lead"), _RUN.c.lead),
    )
    .order_by(_RUN.c.due_at, _RUN.c.id)
    .limit(_LIMIT)
)


def _inbox(keys: Table, holder: Any, *where: ColumnElement[bool]) -> Any:  # noqa: ANN401
    """Open tasks in the order of their dues, after the key (:after_due, :after_run, :after_no)."""
    key = (keys.c.due_key, keys.c.run, keys.c.no)
    joined = keys.join(_RUN, _RUN.c.id == keys.c.run)
    if keys is not _TASK:
        joined = joined.join(_TASK, (_TASK.c.run == keys.c.run) & (_TASK.c.no == keys.c.no))
    return (
        select(
            *(_TASK.c[n] for n in ("run", "no", "step", "label", "kind", "role", "round", "owner", "due_at", "ready_at")),
            _RUN.c.sop,
            _RUN.c.title,
            _RUN.c.lead,
            _RUN.c.drill,
            holder,
            keys.c.due_key,
        )
        .select_from(joined)
        .where(*where, tuple_(*key) > tuple_(_p("after_due"), _p("after_run"), _p("after_no")))
        .order_by(*key)
        .limit(_LIMIT)
    )


_NOBODY: Final[Label[str]] = literal_column("''").label("holder")

QUERIES: Final[dict[str, Declared]] = {
    # the database itself
    "opening": select(_SCHEMA.c.version_num, select(_META.c.value).where(_META.c.key == literal_column("'log'")).scalar_subquery()),
    "meta_insert": insert(_META),
    "meta_upsert": _upsert(_META, "key"),
    "meta_by_key": select(_META.c.value).where(*_is(_META, "key")),
    # runs
    "run_by_id": select(_RUN).where(*_is(_RUN, "id")),
    # On a server others who want to change the run wait here for their turn, instead of losing at the end and trying again.
    "run_to_change": select(_RUN).where(*_is(_RUN, "id")).with_for_update(),
    "run_insert": insert(_RUN),
    # The ordinary step: columns that stand in no index, so that no index is written.
    "run_step": _set(_RUN, "seq", "head", "open_tasks", "state").where(*_is(_RUN, "id"), _RUN.c.seq == _p("expected")),
    "run_update": _set(_RUN, *(c.name for c in _RUN.columns if c.name not in _RUN_FINAL)).where(
        *_is(_RUN, "id"), _RUN.c.seq == _p("expected")
    ),
    "runs_open": _runs(_RUN.c.closed_at.is_(None)),
    "runs_closed": _runs(_RUN.c.closed_at.is_not(None)),
    "runs_all": _runs(),
    "runs_overdue": _RUNS_OVERDUE,
    "runs_of_parent": select(*_RUN_LINE).where(*_is(_RUN, "parent")).order_by(_RUN.c.id),
    "counter_next": lambda start: (
        start(_COUNTER)
        .values(prefix=_p("prefix"), next=literal_column("2"))
        .on_conflict_do_update(index_elements=["prefix"], set_={"next": _COUNTER.c.next + literal_column("1")})
        .returning(_COUNTER.c.next - literal_column("1"))
    ),
    "counters_all": select(_COUNTER).order_by(_COUNTER.c.prefix),
    # tasks
    "task_upsert": _upsert(_TASK, "run", "no"),
    "tasks_of_run": select(_TASK).where(*_is(_TASK, "run")).order_by(_TASK.c.no),
    "tasks_overdue": _inbox(_TASK, _NOBODY, _TASK.c.closed_at.is_(None), _TASK.c.due_key < _p("now")),
    "inbox_owned": _inbox(_TASK, _NOBODY, _TASK.c.closed_at.is_(None), *_is(_TASK, "owner")),
    "inbox_offered": _inbox(_OFFER, _OFFER.c.holder, *_is(_OFFER, "holder")),
    "offers_of_run": select(_OFFER.c.holder, _OFFER.c.due_key, _OFFER.c.no).where(*_is(_OFFER, "run")),
    "offer_insert": insert(_OFFER),
    "offer_delete": delete(_OFFER).where(*_is(_OFFER, "run", "no")),
    # history and payloads
    "history_insert": insert(_HISTORY),
    "history_of_run": select(_HISTORY)
    .where(*_is(_HISTORY, "run"), _HISTORY.c.seq > _p("after"), _HISTORY.c.seq <= _p("upto"))
    .order_by(_HISTORY.c.seq)
    .limit(_LIMIT),
    "history_without_run": select(_HISTORY.c.run)
    .where(_HISTORY.c.run > _p("after"), _HISTORY.c.run != literal_column("'ORG'"), ~exists().where(_RUN.c.id == _HISTORY.c.run))
    .order_by(_HISTORY.c.run)
    .limit(_LIMIT),
    "payload_insert": insert(_PAYLOAD),
    "payload_retire": update(_PAYLOAD)
    .values(current=literal_column("0"))
    .where(*_is(_PAYLOAD, "run", "path"), _PAYLOAD.c.current == literal_column("1")),
    "payloads_current": select(_PAYLOAD.c.path, _PAYLOAD.c.body)
    .where(*_is(_PAYLOAD, "run"), _PAYLOAD.c.current == literal_column("1"))
    .order_by(_PAYLOAD.c.path),
    "payloads_of_scope": select(_PAYLOAD.c.path, _PAYLOAD.c.body)
    .where(
        *_is(_PAYLOAD, "run"),
        _PAYLOAD.c.current == literal_column("1"),
        _PAYLOAD.c.path >= _p("first"),
        _PAYLOAD.c.path < _p("beyond"),
    )
    .order_by(_PAYLOAD.c.path),
    "payloads_of_run": select(_PAYLOAD)
    .where(*_is(_PAYLOAD, "run"), _PAYLOAD.c.seq <= _p("upto"))
    .order_by(_PAYLOAD.c.current, _PAYLOAD.c.path, _PAYLOAD.c.seq),
    # A value that went along to another version stands under both names, with the same salt: both go.
    "payload_erase": delete(_PAYLOAD).where(
        *_is(_PAYLOAD, "run"),
        _PAYLOAD.c.salt.in_(
            select(_SAME.c.salt).where(
                _SAME.c.run == _p("run"),
                _SAME.c.path == _p("path"),
                _SAME.c.seq == _p("seq"),
                _SAME.c.current.in_([literal_column("0"), literal_column("1")]),
            )
        ),
    ),
    # timers and effects
    "timer_upsert": _upsert(_TIMER, "run", "task", "kind", "n"),
    "timer_done": _set(_TIMER, "done_at").where(*_is(_TIMER, "run", "task", "kind", "n"), _TIMER.c.done_at.is_(None)),
    "timers_due": select(_TIMER)
    .where(
        _TIMER.c.done_at.is_(None),
        _TIMER.c.fire_at <= _p("now"),
        tuple_(_TIMER.c.fire_at, _TIMER.c.run, _TIMER.c.task) > tuple_(_p("after_at"), _p("after_run"), _p("after_task")),
    )
    .order_by(_TIMER.c.fire_at, _TIMER.c.run, _TIMER.c.task)
    .limit(_LIMIT)
    .with_for_update(skip_locked=True),
    "timers_of_run": select(_TIMER).where(*_is(_TIMER, "run")).order_by(_TIMER.c.task, _TIMER.c.kind, _TIMER.c.n),
    "outbox_insert": insert(_OUTBOX),
    "outbox_done": _set(_OUTBOX, "done_at").where(*_is(_OUTBOX, "id"), _OUTBOX.c.done_at.is_(None)),
    "outbox_due": select(_OUTBOX)
    .where(_OUTBOX.c.done_at.is_(None))
    .order_by(_OUTBOX.c.created_at, _OUTBOX.c.id)
    .limit(_LIMIT)
    .with_for_update(skip_locked=True),
    "request_insert": insert(_REQUEST),
    "request_by_key": select(_REQUEST).where(*_is(_REQUEST, "key")),
    "evidence_insert": _ignore(_EVIDENCE),
    "evidence_by_sha256": select(_EVIDENCE).where(*_is(_EVIDENCE, "sha256")),
    # definitions, files, calendars
    "definition_insert": insert(_DEFINITION),
    "definition_retire": _set(_DEFINITION, "retired_at", "retired_by", "retired_why").where(*_is(_DEFINITION, "fingerprint")),
    "definition_publish": _set(_DEFINITION, "added_by", "why").where(*_is(_DEFINITION, "fingerprint"), _DEFINITION.c.why.is_(None)),
    "definition_by_fingerprint": select(_DEFINITION).where(*_is(_DEFINITION, "fingerprint")),
    "definitions_of_sop": select(*_DEFINITION_LINE).where(*_is(_DEFINITION, "sop")).order_by(_DEFINITION.c.version),
    "definitions_all": select(*_DEFINITION_LINE).order_by(_DEFINITION.c.sop, _DEFINITION.c.version),
    "library_upsert": _upsert(_LIBRARY, "path"),
    "library_delete": delete(_LIBRARY).where(*_is(_LIBRARY, "path")),
    "library_all": select(_LIBRARY).order_by(_LIBRARY.c.path),
    "calendar_insert": insert(_CALENDAR),
    "calendar_by_digest": select(_CALENDAR).where(*_is(_CALENDAR, "digest")),
    # people
    "person_upsert": _upsert(_PERSON, "id"),
    "person_by_id": select(_PERSON).where(*_is(_PERSON, "id")),
    "person_by_handle": select(_PERSON).where(*_is(_PERSON, "handle")),
    "people_all": select(_PERSON).order_by(_PERSON.c.handle),
    "team_upsert": _upsert(_TEAM, "id"),
    "team_by_id": select(_TEAM).where(*_is(_TEAM, "id")),
    "teams_all": select(_TEAM).order_by(_TEAM.c.id),
    "teams_of_person": select(_MEMBER.c.team).where(*_is(_MEMBER, "person")).order_by(_MEMBER.c.team),
    "members_all": select(_MEMBER).order_by(_MEMBER.c.team, _MEMBER.c.person),
    "members_of_team": select(_MEMBER.c.person).where(*_is(_MEMBER, "team")).order_by(_MEMBER.c.person),
    "members_delete": delete(_MEMBER).where(*_is(_MEMBER, "team")),
    "member_insert": insert(_MEMBER),
    **organisation_queries.QUERIES,
    **sections.QUERIES,
    **scheduling.QUERIES,
    **measuring.QUERIES,
}
"""Name -> statement."""
