"""``sop tick``: what is due by itself."""

import json
from collections.abc import Iterator
from typing import Any, Final

import click

from engine.events import TaskEscalated, TaskReminded, TaskReturned, WaitEnded
from engine.timers import ESCALATE, REMIND, RETURN, WAIT
from runners.cli.commands import command, pass_session
from runners.cli.doing import addresses
from runners.cli.session import Session
from runners.cli.tables import Column

_KINDS: Final = {REMIND: "a reminder", ESCALATE: "an escalation", RETURN: "the end of a delegation", WAIT: "the end of a wait"}


@command("tick")
@click.option("--limit", type=click.IntRange(1, 1_000), default=1_000, show_default=True, help="Timers at most.")
@click.option("-n", "--dry-run", is_flag=True, help="Say what is due and change nothing.")
@pass_session
def tick_command(session: Session, *, limit: int, dry_run: bool) -> None:
    """Let every timer elapse that is due: remind people, escalate what is late, end waits. Meant for cron or a systemd timer.

    A second call does nothing that a first one did.
    """
    items = list(_due(session, limit) if dry_run else _elapsed(session, limit))
    columns = [Column("TASK", lambda item: item["id"], whole=True), Column("WHAT", lambda item: item["what"])]
    session.out.items(items, columns, empty="Nothing is due.")
    if dry_run and items:
        session.out.note("Nothing was changed (dry run).")


def _elapsed(session: Session, limit: int) -> Iterator[dict[str, Any]]:
    for done in session.app.runner.elapse(limit):
        address = addresses(session, done)
        for event in done.events:
            if isinstance(event, WaitEnded):
                place, what = event.step, "the wait is over"
            elif isinstance(event, TaskReminded | TaskEscalated | TaskReturned):
                place, what = address(event.task), _done_to(event)
            else:
                continue
            yield {"id": f"{done.run}/{place}", "run": done.run, "seq": done.seq, "what": what}


def _done_to(event: TaskReminded | TaskEscalated | TaskReturned) -> str:
    if isinstance(event, TaskEscalated):
        return f"escalated to {event.role}"
    return "reminded" if isinstance(event, TaskReminded) else "went back to whose task it is"


def _due(session: Session, limit: int) -> Iterator[dict[str, Any]]:
    from engine.state import from_plain
    from runners.store import reads

    with session.app.database.read() as unit:
        for timer in reads.timers_due(unit, session.now, limit=limit):
            if timer.kind == WAIT:  # its number is that of a token
                token = (
                    from_plain(json.loads(row.state)).tokens.get(timer.task) if (row := reads.load_run(unit, timer.run)) else None
                )
                place = token.at if token else ""
            else:
                place = next(
                    (row.label for row in reads.tasks_of(unit, timer.run) if row.no == timer.task and not row.closed_at), ""
                )
            if place:
                yield {"id": f"{timer.run}/{place}", "run": timer.run, "seq": None, "what": f"{_KINDS[timer.kind]} is due"}
