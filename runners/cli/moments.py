"""The moment a reading command looks at, out of what ``--as-of``, ``--from`` and ``--to`` say."""

from runners.cli import times
from runners.cli.failures import usage
from runners.cli.session import Session


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
            raise usage(f"--as-of {text}: records are numbered for each run; give a time", times.EXPECTED)
        return int(text)
    return instant(session, text, "--as-of", end=True)


def instant(session: Session, text: str, flag: str, *, end: bool) -> str:
    """The instant that *text* means. Raises Failure."""
    try:
        return times.parse(text, session.now, session.zone, end=end)
    except ValueError as error:
        raise usage(f"{flag} {text}: expected {error}") from error
