"""``sop claim`` and ``sop unclaim``."""

import click

from engine.commands import Claim, Release
from runners.cli.commands import command, noting, pass_session, writing
from runners.cli.completion import TASK
from runners.cli.doing import key_of, tell
from runners.cli.session import Session
from runners.cli.targets import task_target
from runners.cli.times import shown


@command("claim")
@click.argument("task", type=TASK)
@writing
@pass_session
def claim_command(session: Session, task: str, key: str, *, dry_run: bool) -> None:
    """Take an offered task (RUN/STEP), so that others know you are on it."""
    run, step = task_target(task)
    me = session.me
    answer = session.app.runner.handle(run, Claim(step), actor=me.id, key=key_of(session, key, "claim", run, step), dry_run=dry_run)
    done = session.done(answer, run)
    mine = next((found for found in done.state.tasks.values() if found.address == step), None)
    due = f", due {shown(mine.due, session.now, session.zone)}" if mine and mine.due else ""
    tell(session, done, f"Yours: {run}/{step}{due}", dry_run=dry_run)


@command("unclaim")
@click.argument("task", type=TASK)
@noting("Why you give it back.")
@writing
@pass_session
def unclaim_command(session: Session, task: str, note: str, key: str, *, dry_run: bool) -> None:
    """Give a task (RUN/STEP) back to its role. The lead can give back what others hold."""
    run, step = task_target(task)
    request = key_of(session, key, "unclaim", run, step, note)
    answer = session.app.runner.handle(run, Release(step, note), actor=session.me.id, key=request, dry_run=dry_run)
    tell(session, session.done(answer, run), f"Given back: {run}/{step}", dry_run=dry_run)
