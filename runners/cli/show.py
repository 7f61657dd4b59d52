"""``sop show``: an SOP, a run, or a task."""

import click

from runners.cli.asof import looking_back, moment
from runners.cli.commands import command, pass_session
from runners.cli.completion import ANYTHING
from runners.cli.failures import usage
from runners.cli.session import Session
from runners.cli.targets import is_run, target


@command("show")
@click.argument("what", metavar="SOP|RUN|RUN/STEP", type=ANYTHING)
@looking_back
@pass_session
def show_command(session: Session, what: str, as_of: str) -> None:
    """Show an SOP, a run, or a task: what it is about, where it stands, who has it, what is asked for."""
    if not is_run(what):
        if as_of:
            raise usage("--as-of is about runs", "an SOP of the past is shown as SOP@VERSION")
        from runners.cli.show_sop import show_sop

        show_sop(session, what)
        return
    run, step = target(what)
    view = session.app.views.run(run, as_of=moment(session, as_of))
    if step:
        from runners.cli.show_task import show_task

        show_task(session, view, step)
    else:
        from runners.cli.show_run import show_run

        show_run(session, view)
