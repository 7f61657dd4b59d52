"""``sop watch``."""

from typing import TYPE_CHECKING, Any

import click

from runners.cli.commands import command, pass_session
from runners.cli.completion import RUN
from runners.cli.doing import task_item
from runners.cli.failures import usage
from runners.cli.session import Session
from runners.cli.targets import run_of
from runners.tongue import speak, spoken

if TYPE_CHECKING:
    from runners.views import RunView


@command("watch")
@click.argument("run", type=RUN)
@click.option("--interval", type=click.FloatRange(0.1, 3_600), default=2.0, show_default=True, help="Seconds between two looks.")
@pass_session
def watch_command(session: Session, run: str, interval: float) -> None:
    """Follow RUN until it ends: drawn anew on a terminal, one JSON line for each change otherwise.

    Ctrl-C ends the watching, not the run.
    """
    from runners.clock import pause

    run = run_of(run)
    session.app.views.run(run)  # whether there is such a run comes before how to show it
    if session.options.format in {"csv", "plain", "json"}:
        message = spoken("--format {format} has no end to wait for", format=session.options.format)
        raise usage(message, spoken("leave it out, or say --format jsonl"))
    drawn = session.out.terminal and session.options.format != "jsonl"
    if not drawn:
        speak(tuple)  # lines of JSON hold words that never change
    seen = -1
    while True:
        session.__dict__.pop("now", None)  # the instant of this look
        view = session.app.views.run(run)
        if drawn:
            _draw(session, view)
        elif view.seq > seen:
            session.out.jsonl(_line(session, view, seen))
        session.out.flush()
        seen = view.seq
        if view.state.status != "open":
            return
        pause(interval)


def _draw(session: Session, view: "RunView") -> None:
    from runners.cli.show_run import show_run

    session.out.clear()
    show_run(session, view)


def _line(session: Session, view: "RunView", seen: int) -> dict[str, Any]:
    """Where the run stands, and what has happened since the record *seen*; nothing of what was before the first look."""
    from runners.cli.history import task_names
    from runners.telling import in_words

    names = task_names(view)
    tasks = [task_item(session, view.line.id, task) for task in view.state.tasks.values()]
    happened = session.app.views.history(view.line.id, after=seen, upto=view.seq) if seen >= 0 else []
    return {
        "run": view.line.id, "seq": view.seq, "at": happened[-1].at if happened else session.now, "status": view.state.status,
        "end": view.state.end or None, "version": view.state.version,
        "open": tasks,
        "happened": [
            {
                "seq": line.seq, "at": line.at, "who": session.handle(line.actor), "kind": line.kind,
                "words": [in_words(event, names, session.handle) for event in line.events],
            }
            for line in happened
        ],
    }  # fmt: skip
