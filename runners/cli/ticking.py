"""``sop tick``: what is due by itself."""

import click

from engine.events import TaskEscalated, TaskReminded
from runners.cli.commands import command, pass_session
from runners.cli.doing import addresses
from runners.cli.session import Session
from runners.cli.tables import Column


@command("tick")
@click.option("--limit", type=click.IntRange(1, 1_000), default=1_000, show_default=True, help="Timers at most.")
@pass_session
def tick_command(session: Session, limit: int) -> None:
    """Let every timer elapse that is due: remind people, escalate what is late. Meant for cron or a systemd timer.

    A second call does nothing that a first one did.
    """
    items = []
    for done in session.app.runner.elapse(limit):
        address = addresses(session, done)
        for event in done.events:
            if isinstance(event, TaskReminded | TaskEscalated):
                what = f"escalated to {event.role}" if isinstance(event, TaskEscalated) else "reminded"
                items.append({"id": f"{done.run}/{address(event.task)}", "run": done.run, "seq": done.seq, "what": what})
    session.out.items(
        items,
        [Column("TASK", lambda item: item["id"], whole=True), Column("WHAT", lambda item: item["what"])],
        empty="Nothing is due.",
    )
