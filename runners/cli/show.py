"""What ``sop show`` shows: an SOP, a run, or a task."""

from runners.cli.session import Session
from runners.cli.targets import is_run, target
from runners.tongue import spoken


def show(session: Session, what: str, *, as_of: str = "") -> None:
    """Show *what*, now or at a moment of the past."""
    from runners.cli.failures import usage

    if not is_run(what):
        if as_of:
            raise usage(spoken("--as-of is about runs"), spoken("an SOP of the past is shown as SOP@VERSION"))
        from runners.cli.show_sop import show_sop

        show_sop(session, what)
        return
    run, step = target(what)
    if as_of:
        from runners.cli.moments import run_then

        view = run_then(session, run, as_of)
    else:
        view = session.app.views.run(run)
    if step:
        from runners.cli.show_task import show_task

        show_task(session, view, step)
    else:
        from runners.cli.show_run import show_run

        show_run(session, view)
