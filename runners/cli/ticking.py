"""``sop tick``: what is due by itself."""

from collections.abc import Iterator
from typing import Any

import click

from engine.events import TaskEscalated, TaskReminded
from runners.cli.commands import command, pass_session
from runners.cli.doing import addresses
from runners.cli.session import Session
from runners.cli.tables import Column


@command("tick")
@click.option("--limit", type=click.IntRange(1, 1_000), default=1_000, show_default=True, help="Timers at most.")
@click.option("-n", "--dry-run", is_flag=True, help="Say what is due and change nothing.")
@pass_session
def tick_command(session: Session, *, limit: int, dry_run: bool) -> None:
    """Let every timer elapse that is due: remind people, escalate what is late. Meant for cron or a systemd timer.

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
            if isinstance(event, TaskReminded | TaskEscalated):
                what = f"escalated to {event.role}" if isinstance(event, TaskEscalated) else "reminded"
                yield {"id": f"{done.run}/{address(event.task)}", "run": done.run, "seq": done.seq, "what": what}


def _due(session: Session, limit: int) -> Iterator[dict[str, Any]]:
    from runners.store import reads

    with session.app.database.read() as unit:
        for timer in reads.timers_due(unit, session.now, limit=limit):
            task = next((row for row in reads.tasks_of(unit, timer.run) if row.no == timer.task), None)
            if task is not None and task.closed_at is None:
                yield {"id": f"{timer.run}/{task.label}", "run": timer.run, "seq": None, "what": f"{timer.kind} is due"}
