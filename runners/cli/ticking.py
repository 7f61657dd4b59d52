"""``sop tick``: what is due by itself."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from engine.events import TaskEscalated, TaskReminded
from runners.cli.commands import command, pass_session
from runners.cli.doing import addresses
from runners.cli.session import Session
from runners.cli.tables import Column
from runners.exits import DONE, FAILED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.refusals import Reason


@command("tick")
@click.option("--limit", type=click.IntRange(1, 1_000), default=1_000, show_default=True, help="Timers at most, and runs at most.")
@click.option("-n", "--dry-run", is_flag=True, help="Say what is due and change nothing.")
@pass_session
def tick_command(session: Session, *, limit: int, dry_run: bool) -> int:
    """Do what is due: remind people, escalate what is late, start the runs of schedules. Meant for cron or a systemd timer.

    A second call does nothing that a first one did, and two at once do nothing twice. A run that cannot be started is tried
    again next time; the exit code is 1 then.
    """
    items = list(_due(session, limit) if dry_run else _elapsed(session, limit))
    starts = list(_to_start(session, limit) if dry_run else _started(session, limit))
    columns = [Column("TASK", lambda item: item["id"], whole=True), Column("WHAT", lambda item: item["what"])]
    session.out.items([*items, *starts], columns, empty="Nothing is due.")
    if dry_run and (items or starts):
        session.out.note("Nothing was changed (dry run).")
    return FAILED if any(item["run"] is None and item["reasons"] for item in starts) else DONE


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


def _started(session: Session, limit: int) -> Iterator[dict[str, Any]]:
    for one in session.app.scheduler.start_due(limit):
        name = f"{one.sop}.{one.id}"
        base = {"schedule": name, "at": one.at, "reasons": []}
        if one.done:
            yield {"id": one.done.run, "run": one.done.run, "seq": one.done.seq, "what": f"started by {name}", **base}
        elif one.refused:
            words = in_words(session, one.refused.reasons)
            what = f"cannot be started: {'; '.join(words)}"
            yield {"id": name, "run": None, "seq": None, "what": what, **base, "reasons": words}
        else:
            yield {"id": name, "run": None, "seq": None, "what": "skipped: nobody looked in time", **base}


def _to_start(session: Session, limit: int) -> Iterator[dict[str, Any]]:
    for row in session.app.scheduler.due(limit):
        name = f"{row.sop}.{row.id}"
        yield {"id": name, "run": None, "seq": None, "what": "a start is due", "schedule": name, "at": row.next_at, "reasons": []}


def in_words(session: Session, reasons: "Sequence[Reason]") -> list[str]:
    """Why a run could not be started."""
    from runners.messages import Sentences, ordered

    say = Sentences("", session.handle, session.now)
    return [say.sentence(reason) for reason in ordered(reasons)]
