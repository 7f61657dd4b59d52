"""Rows to values and back."""

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from runners.store.records import InboxRow, Payload, Person, Row, RunLine, RunRow, TaskRow, Team

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
_ENCODER: Final = json.JSONEncoder(separators=(",", ":"))


def _changed(row: Row, place: int, value: object) -> list[Any]:
    values = list(row)
    values[place] = value
    return values


def run_row(row: Row) -> RunRow:
    """A row of ``sop_run``."""
    return RunRow(*_changed(row, 15, bool(row[15])))


def run_line(row: Row) -> RunLine:
    """A row of ``sop_run`` without head and state."""
    return RunLine(*_changed(row, 14, bool(row[14])))


def task_row(row: Row) -> TaskRow:
    """A row of ``sop_task``, whose ``due_key`` says nothing new."""
    values = _changed(row, 8, tuple(json.loads(row[8])) if row[8] != "[]" else ())
    del values[10]
    return TaskRow(*values)


def task_parameters(task: TaskRow) -> dict[str, Any]:
    """What is written of a task."""
    return {
        "run": task.run,
        "no": task.no,
        "step": task.step,
        "label": task.label,
        "kind": task.kind,
        "role": task.role,
        "round": task.round,
        "owner": task.owner,
        "offered": texts(task.offered),
        "due_at": task.due_at,
        "due_key": task.due_key,
        "ready_at": task.ready_at,
        "closed_at": task.closed_at,
        "outcome": task.outcome,
    }


def inbox_row(row: Row) -> InboxRow:
    """A row of an inbox."""
    return InboxRow(*_changed(row, 13, bool(row[13])))


def payload(row: Row) -> Payload:
    """A row of ``sop_payload``."""
    run, current, path, seq, salt, body = row
    return Payload(run, seq, path, salt, body, bool(current))


def person(row: Row) -> Person:
    """A row of ``sop_person``."""
    pseudonym, handle, name, email, roles, active, more, human, linked = row
    said = json.loads(more) if more != "{}" else _NOTHING
    return Person(pseudonym, handle, name, email, tuple(json.loads(roles)), bool(active), said, human, bool(linked))


def team(row: Row) -> Team:
    """A row of ``sop_team``."""
    return Team(row[0], row[1], json.loads(row[2]) if row[2] != "{}" else _NOTHING)


def plain(of: Mapping[str, Any]) -> str:
    """A mapping as one JSON text."""
    return _ENCODER.encode(dict(of)) if of else "{}"


def texts(of: Sequence[str]) -> str:
    """Texts as one JSON text."""
    return _ENCODER.encode(list(of)) if of else "[]"
