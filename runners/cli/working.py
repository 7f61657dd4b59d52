"""Taking tasks and giving them back."""

from engine.commands import Claim, Release
from runners.cli.doing import key_of, tell
from runners.cli.session import Session
from runners.cli.targets import task_target
from runners.cli.times import shown
from runners.tongue import spoken


def claim(session: Session, task: str, *, key: str = "", dry_run: bool = False) -> None:
    """Take *task* (``RUN/STEP``)."""
    run, step = task_target(task)
    me = session.me
    answer = session.app.runner.handle(run, Claim(step), actor=me.id, key=key_of(session, key, "claim", run, step), dry_run=dry_run)
    done = session.done(answer, run)
    mine = next((found for found in done.state.tasks.values() if found.address == step), None)
    said = spoken("Yours: {task}", task=f"{run}/{step}")
    if mine and mine.due:
        due = shown(mine.due, session.now, session.zone)
        said = spoken("Yours: {task}, due {time}", task=f"{run}/{step}", time=due)
    tell(session, done, said, dry_run=dry_run)


def unclaim(session: Session, task: str, *, note: str, key: str, dry_run: bool) -> None:
    """Give *task* (``RUN/STEP``) back."""
    run, step = task_target(task)
    request = key_of(session, key, "unclaim", run, step, note)
    answer = session.app.runner.handle(run, Release(step, note), actor=session.me.id, key=request, dry_run=dry_run)
    tell(session, session.done(answer, run), spoken("Given back: {task}", task=f"{run}/{step}"), dry_run=dry_run)
