"""The commands of daily work: ``inbox``, ``show``, ``claim``, ``unclaim``, ``complete``, ``reject``.

What they do stands in modules without click, so that the plain forms of these commands (see ``plain``) need not load it.
"""

from collections.abc import Sequence

import click

from runners.cli.commands import command, pass_session
from runners.cli.completing import Given, complete, reject
from runners.cli.completion import ANYTHING, TASK
from runners.cli.inbox import Choice, inbox
from runners.cli.options import filling, looking_back, noting, paged, writing
from runners.cli.session import Session
from runners.cli.show import show
from runners.cli.working import claim, unclaim


@command("inbox")
@click.option("--mine", is_flag=True, help="Only tasks that are yours already.")
@click.option("--sop", metavar="SOP", default="", help="Only of runs of this SOP.")
@click.option("--role", metavar="ROLE", default="", help="Only what this role does.")
@click.option("--ahead", is_flag=True, help="What will come to your roles in open runs, and is not ready yet.")
@looking_back
@paged
@pass_session
def inbox_command(session: Session, *, mine: bool, sop: str, role: str, ahead: bool, as_of: str, limit: int, after: str) -> None:
    """What waits for you: tasks that are yours, and tasks that you may claim; what is due first stands first.

    With it stand the tasks of those who are away and whose deputy you are, and in runs that you lead what nobody can do.
    """
    inbox(session, choice=Choice(mine, sop, role, ahead), as_of=as_of, limit=limit, after=after)


@command("show")
@click.argument("what", metavar="SOP|RUN|RUN/STEP", type=ANYTHING)
@looking_back
@pass_session
def show_command(session: Session, *, what: str, as_of: str) -> None:
    """Show an SOP, a run, or a task: what it is about, where it stands, who has it, what is asked for."""
    show(session, what, as_of=as_of)


@command("claim")
@click.argument("task", type=TASK)
@writing
@pass_session
def claim_command(session: Session, *, task: str, key: str, dry_run: bool) -> None:
    """Take an offered task (RUN/STEP), so that others know you are on it."""
    claim(session, task, key=key, dry_run=dry_run)


@command("unclaim")
@click.argument("task", type=TASK)
@noting("Why you give it back.")
@writing
@pass_session
def unclaim_command(session: Session, *, task: str, note: str, key: str, dry_run: bool) -> None:
    """Give a task (RUN/STEP) back to its role. The lead can give back what others hold."""
    unclaim(session, task, note=note, key=key, dry_run=dry_run)


@command("complete")
@click.argument("task", type=TASK)
@filling
@click.option("--outcome", metavar="NAME", default="", help="How it ends; the expected outcome of a task if absent.")
@click.option("--keep", is_flag=True, help="Fields that are not given keep their last values, files too; for work that came back.")
@click.option("--override", is_flag=True, help="Do it although it is not your task, by permission and with a reason (-m).")
@noting("Why, in your words.")
@writing
@pass_session
def complete_command(
    session: Session, *, task: str, sets: Sequence[str], form: str, evidence: Sequence[str], outcome: str, keep: bool,
    override: bool, note: str, key: str, dry_run: bool,
) -> None:  # fmt: skip
    """Finish a task (RUN/STEP): fill in its form and choose its outcome.

    On a terminal, without values, every field is asked for. Otherwise give them with --set, --evidence and --form; sop show
    RUN/STEP says which there are. An approval always needs its --outcome.

    Work that came back starts from an empty form, unless --keep is given: then what is not given stays as it was, files
    included, and --set FIELD= empties a field. On a terminal Enter keeps the last value, and - empties it.
    """
    complete(session, task, Given(sets, form, evidence, outcome, note, key, dry_run, keep, override))


@command("reject")
@click.argument("task", type=TASK)
@click.option("--to", metavar="STEP", default="", help="The step it goes back to.")
@click.option("--outcome", metavar="NAME", default="", help="The outcome, where several lead back.")
@filling
@noting("Why. Always needed.")
@writing
@pass_session
def reject_command(
    session: Session, *, task: str, to: str, outcome: str, sets: Sequence[str], form: str, evidence: Sequence[str], note: str,
    key: str, dry_run: bool,
) -> None:  # fmt: skip
    """Send work back: end a task (RUN/STEP) with the outcome that leads back, and say why."""
    reject(session, task, to, Given(sets, form, evidence, outcome, note, key, dry_run))
