"""``sop tick``: what is due by itself."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import click

from engine.events import TaskEscalated, TaskReminded, TaskReturned, WaitEnded
from engine.timers import ESCALATE, REMIND, RETURN, WAIT
from runners.cli.commands import command, pass_session
from runners.cli.doing import addresses
from runners.cli.session import Session
from runners.cli.tables import Column
from runners.exits import DONE, FAILED
from runners.tongue import marked, spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.refusals import Reason

_DUE: Final = {
    REMIND: marked("a reminder is due"), ESCALATE: marked("an escalation is due"),
    RETURN: marked("the end of a delegation is due"), WAIT: marked("the end of a wait is due"),
}  # fmt: skip


@command("tick")
@click.option("--limit", type=click.IntRange(1, 1_000), default=1_000, show_default=True, help="Timers at most, and runs at most.")
@click.option("-n", "--dry-run", is_flag=True, help="Say what is due and change nothing.")
@pass_session
def tick_command(session: Session, *, limit: int, dry_run: bool) -> int:
    """Do what is due: remind people, escalate what is late, end waits, start the runs of schedules. Meant for cron or a timer.

    A second call does nothing that a first one did, and two at once do nothing twice. A run that cannot be started is tried
    again next time; the exit code is 1 then.
    """
    items = list(_due(session, limit) if dry_run else _elapsed(session, limit))
    starts = list(_to_start(session, limit) if dry_run else _started(session, limit))
    columns = [Column(spoken("TASK"), lambda item: item["id"], whole=True), Column(spoken("WHAT"), lambda item: item["what"])]
    session.out.items([*items, *starts], columns, empty=spoken("Nothing is due."))
    if dry_run and (items or starts):
        session.out.note(spoken("Nothing was changed (dry run)."))
    return FAILED if any(item["run"] is None and item["reasons"] for item in starts) else DONE


def _elapsed(session: Session, limit: int) -> Iterator[dict[str, Any]]:
    for done in session.app.runner.elapse(limit):
        address = addresses(session, done)
        for event in done.events:
            if isinstance(event, WaitEnded):
                place, what = event.step, spoken("the wait is over")
            elif isinstance(event, TaskReminded | TaskEscalated | TaskReturned):
                place, what = address(event.task), _done_to(event)
            else:
                continue
            yield {"id": f"{done.run}/{place}", "run": done.run, "seq": done.seq, "what": what}


def _done_to(event: TaskReminded | TaskEscalated | TaskReturned) -> str:
    if isinstance(event, TaskEscalated):
        return spoken("escalated to {role}", role=event.role)
    return spoken("reminded") if isinstance(event, TaskReminded) else spoken("went back to whose task it is")


def _due(session: Session, limit: int) -> Iterator[dict[str, Any]]:
    from engine.state import from_plain
    from runners.store import reads

    with session.app.database.read() as unit:
        for timer in reads.timers_due(unit, session.now, limit=limit):
            if timer.kind == WAIT:  # its number is that of a token
                row = reads.load_run(unit, timer.run)
                token = from_plain(json.loads(row.state)).tokens.get(timer.task) if row else None
                place = token.at if token else ""
            else:
                open_tasks = (task for task in reads.tasks_of(unit, timer.run) if not task.closed_at)
                place = next((task.label for task in open_tasks if task.no == timer.task), "")
            if place:
                yield {"id": f"{timer.run}/{place}", "run": timer.run, "seq": None, "what": spoken(_DUE[timer.kind])}


def _started(session: Session, limit: int) -> Iterator[dict[str, Any]]:
    for one in session.app.scheduler.start_due(limit):
        name = f"{one.sop}.{one.id}"
        base = {"schedule": name, "at": one.at, "reasons": []}
        if one.done:
            what = spoken("started by {schedule}", schedule=name)
            yield {"id": one.done.run, "run": one.done.run, "seq": one.done.seq, "what": what, **base}
        elif one.refused:
            words = in_words(session, one.refused.reasons)
            what = spoken("cannot be started: {reasons}", reasons="; ".join(words))
            yield {"id": name, "run": None, "seq": None, "what": what, **base, "reasons": words}
        else:
            yield {"id": name, "run": None, "seq": None, "what": spoken("skipped: nobody looked in time"), **base}


def _to_start(session: Session, limit: int) -> Iterator[dict[str, Any]]:
    for row in session.app.scheduler.foreseen(limit):
        name = f"{row.sop}.{row.id}"
        what = spoken("a start is due")
        yield {"id": name, "run": None, "seq": None, "what": what, "schedule": name, "at": row.next_at, "reasons": []}


def in_words(session: Session, reasons: "Sequence[Reason]") -> list[str]:
    """Why a run could not be started."""
    from runners.messages import Sentences, ordered

    say = Sentences("", session.handle, session.now)
    return [say.sentence(reason) for reason in ordered(reasons)]
