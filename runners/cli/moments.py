"""The moment a reading command looks at, out of what ``--as-of``, ``--from`` and ``--to`` say."""

from typing import TYPE_CHECKING

from runners.cli import times
from runners.cli.failures import Complaint, Failure, usage
from runners.cli.session import Session
from runners.exits import MISSING
from runners.tongue import spoken

if TYPE_CHECKING:
    from runners.views import RunView


def moment(session: Session, text: str, *, records: bool = True) -> str | int | None:
    """What ``--as-of`` means: None for now, the number of a record, or an instant.

    Args:
        session: the call.
        text: as typed.
        records: whether the number of a record makes sense here.
    """
    if not text:
        return None
    if text.isdecimal() and len(text) < len("2026-1-1"):
        if not records:
            raise usage(spoken("--as-of {text}: records are numbered for each run; give a time", text=text), times.EXPECTED)
        return int(text)
    return instant(session, text, "--as-of", end=True)


def instant(session: Session, text: str, flag: str, *, end: bool) -> str:
    """The instant that *text* means. Raises Failure."""
    try:
        return times.parse(text, session.now, session.zone, end=end)
    except ValueError as error:
        message = spoken("{flag} {text}: expected a time like {examples}", flag=flag, text=text, examples=times.EXPECTED)
        raise usage(message) from error


def run_then(session: Session, run: str, as_of: str) -> "RunView":
    """The run, now or at the moment that *as_of* means. Raises Failure and NotFound."""
    from runners.people import NotFound

    when = moment(session, as_of)
    try:
        return session.app.views.run(run, as_of=when)
    except NotFound as error:
        if error.kind != "record" or isinstance(when, int):
            raise
        began = session.app.views.run(run).state.started
        words = times.shown(began, session.now, session.zone, full=True)
        facts = {"run": run, "began": began}
        message = spoken("{run} had not begun then; it began {when}", run=run, when=words)
        hint = spoken("sop history {run}   shows its records", run=run)
        raise Failure([Complaint("SOP-N07", message, hint, facts)], MISSING) from error
