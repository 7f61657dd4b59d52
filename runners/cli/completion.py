"""What a shell completes: runs, tasks, SOPs and people, by direct cheap queries. A fault gives no completions, never an error."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import click
from click.shell_completion import CompletionItem

from runners.cli.session import Session

if TYPE_CHECKING:
    from runners.permissions import Seen
    from runners.store.database import Unit

_MOST: Final = 50
"""Completions at most: more than fit on a screen help nobody."""

_TASKS: Final = 200

Found = Iterator[tuple[str, str]]


class Name(click.ParamType[str]):
    """A parameter whose values are completed from the database.

    Args:
        name: what the help calls it.
        find: gives names and what each is, given a unit of the database, the session and what was typed.
    """

    def __init__(self, name: str, find: "Callable[[Unit, Session, str], Found]") -> None:
        self.name = name
        self._find = find

    def convert(self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None) -> str:  # noqa: ANN401 - click's own
        """The text as it is."""
        return str(value)

    def shell_complete(self, ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The names that begin with what was typed."""
        session = ctx.find_object(Session) or Session()
        found: dict[str, CompletionItem] = {}
        with suppress(Exception):  # whatever is wrong is told by the command itself, not in the middle of a line
            from engine.text import clean
            from runners.store.database import open_database

            database = open_database(session.settings.database)
            try:
                with database.read() as unit:
                    for name, what in self._find(unit, session, incomplete):
                        if name.startswith(incomplete) and len(found) < _MOST:
                            found.setdefault(name, CompletionItem(name, help=clean(what)))
            finally:
                database.close()
        return list(found.values())


def _seen(unit: "Unit", session: Session) -> "Seen":
    """What is confidential is not completed either."""
    from runners.clock import SystemClock
    from runners.permissions import Reader

    return Reader(session.settings.person or "", SystemClock()).within(unit)


def _runs(unit: "Unit", session: Session, _typed: str) -> Found:
    from runners.store import reads

    seen = _seen(unit, session)
    for line in reads.runs(unit, "all", limit=_TASKS):
        if seen(line.id, line.sop):
            yield line.id, f"{line.sop}: {line.title}"


def _tasks(unit: "Unit", session: Session, _typed: str) -> Found:
    from runners.store import reads

    me = reads.person_by_handle(unit, session.settings.person or "")
    if me is not None:
        holders = [f"person:{me.id}", *(f"team:{team}" for team in reads.teams_of(unit, me.id))]
        for line in reads.inbox(unit, me.id, holders, limit=_MOST):
            yield f"{line.run}/{line.label}", line.title
    seen = _seen(unit, session)
    for line in reads.tasks_overdue(unit, "~", limit=_TASKS):
        if seen(line.run, line.sop):
            yield f"{line.run}/{line.label}", line.title


def _targets(unit: "Unit", session: Session, typed: str) -> Found:
    return _tasks(unit, session, typed) if "/" in typed else _runs(unit, session, typed)


def _sops(unit: "Unit", _session: Session, _typed: str) -> Found:
    from runners.store import reads

    for sop in dict.fromkeys(line.sop for line in reads.definitions(unit) if not line.retired_at):
        yield sop, "SOP"


def _anything(unit: "Unit", session: Session, typed: str) -> Found:
    yield from _sops(unit, session, typed)
    yield from _targets(unit, session, typed)


def _people(unit: "Unit", _session: Session, _typed: str) -> Found:
    from runners.store import reads

    for person in reads.people(unit):
        yield person.handle, person.name


RUN: Final = Name("run", _runs)
TASK: Final = Name("run/step", _tasks)
TARGET: Final = Name("run[/step]", _targets)
SOP: Final = Name("sop", _sops)
ANYTHING: Final = Name("what", _anything)
PERSON: Final = Name("person", _people)
