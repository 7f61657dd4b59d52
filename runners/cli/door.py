"""The one place where a command begins and ends: every error becomes a code, a sentence, a hint and an exit code here."""

import contextlib
import os
import sys
from collections.abc import Sequence
from contextvars import copy_context
from functools import reduce
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from engine.text import clean
from runners.cli.session import Session
from runners.cli.tables import width
from runners.tongue import speak, spoken

if TYPE_CHECKING:
    from runners.cli.failures import Failure
    from runners.permissions import NotPermitted

COMPLETE: Final = "_SOP_COMPLETE"
"""The variable by which a shell asks for completions."""

INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141


def main(arguments: Sequence[str]) -> int:
    """Carry out one command line; gives the exit code. Never raises for what people or files do wrong.

    Args:
        arguments: without the program's name.
    """
    return copy_context().run(_carried_out, arguments)  # what is spoken here is not spoken by whoever called


def _carried_out(arguments: Sequence[str]) -> int:
    session = Session()
    speak(lambda: _languages(session, arguments))
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):  # a stream of a test may be something else
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = _invoke(session, list(arguments))
        sys.stdout.flush()
    except BrokenPipeError:
        _discard(sys.stdout)
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return _interrupted(session, arguments)
    except Exception as error:  # noqa: BLE001 - the door: nothing gets past it as a traceback
        code = _interrupted(session, arguments) if _gave_up(error) else _failed(session, arguments, error)
    finally:
        session.close()
        _flush()
    return code


def _languages(session: Session, arguments: Sequence[str]) -> Sequence[str]:
    """What to speak, best first: nothing but English to a program, which reads words that never change."""
    return () if session.options.format in {"json", "jsonl", "csv"} or _wants_json(session, arguments) else session.languages()


def _flush() -> None:
    """Nothing may be left in a buffer: the process ends without taking itself apart."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()


def _invoke(session: Session, arguments: list[str]) -> int:
    if COMPLETE not in os.environ:
        from runners.cli.plain import understood

        if todo := understood(session, arguments):
            todo()
            return 0
    return _through_click(session, arguments)


def _through_click(session: Session, arguments: list[str]) -> int:
    import click

    from runners.cli.commands import Sop

    group = Sop()
    if instruction := os.environ.get(COMPLETE, ""):
        from click.shell_completion import shell_complete

        return shell_complete(group, {"obj": session}, "sop", COMPLETE, instruction)
    try:
        with group.make_context("sop", arguments, obj=session) as ctx:
            code = group.invoke(ctx)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    return code if isinstance(code, int) else 0


def _gave_up(error: Exception) -> bool:
    """Whether somebody answered a question with Ctrl-C, Ctrl-D or no."""
    click = sys.modules.get("click")
    return isinstance(error, EOFError) or (click is not None and isinstance(error, click.Abort))


def _discard(stream: TextIO) -> None:
    """What is still to be written to *stream* goes nowhere: its reader has gone, or its disk is full."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _interrupted(session: Session, arguments: Sequence[str]) -> int:
    from runners.cli.failures import Complaint, Failure

    interrupted = Complaint("SOP-X02", spoken("interrupted"), spoken("nothing was changed unless it was said above"))
    _show(session, arguments, Failure([interrupted], INTERRUPTED))
    return INTERRUPTED


def _failed(session: Session, arguments: Sequence[str], error: Exception) -> int:
    failure = _understood(session, error)
    if session.options.debug or "--debug" in arguments:
        import traceback

        session.out.error("".join(traceback.format_exception(error)))
    with contextlib.suppress(OSError, ValueError):  # results that were made before the error; they may be unwritable themselves
        sys.stdout.flush()
    _show(session, arguments, failure)
    return failure.code


def _understood(session: Session, error: Exception) -> "Failure":
    """*error* as a code, a sentence, a hint and an exit code."""
    from runners.cli.failures import Failure, missing, of_store
    from runners.people import NotFound
    from runners.permissions import NotPermitted
    from runners.store.errors import StoreError

    if isinstance(error, Failure):
        return error
    if (click := sys.modules.get("click")) and isinstance(error, click.ClickException):
        return _misused(error)
    if isinstance(error, NotFound):
        return missing(error.kind, error.name, error.known)
    if isinstance(error, NotPermitted):
        return _not_permitted(session, error)
    if isinstance(error, StoreError):
        return of_store(error)
    return _outside(error) or _unexpected(session, error)


def _not_permitted(session: Session, error: "NotPermitted") -> "Failure":
    """Why something is not shown; who is nobody is told that first."""
    from runners.cli.failures import Failure
    from runners.cli.session import refusal

    try:
        session.me  # noqa: B018 - raises
    except Failure as nobody:
        return nobody
    return refusal(error.refused, error.run, session.handle, session.now)


def _misused(error: Exception) -> "Failure":
    import click

    from runners.cli.failures import Complaint, Failure
    from runners.cli.help_pages import complaint

    assert isinstance(error, click.ClickException)  # noqa: S101 - asked by the caller
    ctx = getattr(error, "ctx", None)
    path = ctx.command_path if ctx is not None else "sop"
    message = error.message or error.format_message()
    near = getattr(error, "possibilities", None)
    if isinstance(error, click.BadParameter | click.FileError) or not error.message:
        message = error.format_message()
    names = reduce(lambda one, other: spoken("{one} or {other}", one=one, other=other), near) if near else ""
    hints = [spoken("did you mean {names}?", names=names)] if near else []
    hint = "\n".join([*hints, spoken("{command} --help   shows how it is used", command=path)])
    return Failure([Complaint("SOP-U01", complaint(message[0].lower() + message[1:].rstrip(".")), hint)], 2)


def _outside(error: Exception) -> "Failure | None":
    """What the operating system or the engine says, where it is no fault of the program."""
    from engine.evolve import HistoryError
    from engine.problems import DefinitionError
    from runners.cli.failures import Complaint, Failure, advice, unreadable, usage
    from runners.exits import FAILED, LATER
    from runners.messages import problem_line
    from runners.store.errors import system_words

    if isinstance(error, OSError):
        if error.filename is not None:
            return unreadable(error.filename, error)
        message = spoken("this cannot be written now: {reason}", reason=system_words(error))
        return Failure([Complaint("SOP-S03", message, advice("SOP-S03"))], LATER)
    if isinstance(error, DefinitionError):
        lines = [Complaint("SOP-D00", problem_line(spoken("definition"), problem)) for problem in error.problems[:20]]
        return Failure([*lines, Complaint("SOP-D00", spoken("the definition cannot be used"), advice("SOP-D00"))], FAILED)
    if isinstance(error, ValueError) and "null byte" in str(error):
        return usage(spoken("a path holds a NUL character"), code="SOP-U04")
    if isinstance(error, HistoryError):
        message = spoken("the history is damaged: {reason}", reason=error)
        return Failure([Complaint("SOP-S05", message, spoken("sop verify RUN   says where"))], FAILED)
    return None


def _unexpected(session: Session, error: Exception) -> "Failure":
    from runners.cli.failures import Complaint, Failure
    from runners.exits import FAILED
    from runners.logs import report

    places = []
    with contextlib.suppress(Exception):
        places.append(session.settings.log)
    state = os.environ.get("XDG_STATE_HOME") or str(Path(os.environ.get("HOME", "/")) / ".local" / "state")
    number, path = report(error, [*places, Path(state) / "sop"])
    where = spoken("the details are in {path}", path=path) if path else spoken("--debug shows the details")
    message = spoken("something unexpected happened: {kind} ({number})", kind=type(error).__name__, number=number)
    return Failure([Complaint("SOP-X01", message, where, {"id": number, "log": str(path or "")})], FAILED)


def _wants_json(session: Session, arguments: Sequence[str]) -> bool:
    """Also where the command line could not be read to its end."""
    return (
        session.options.format in {"json", "jsonl"}
        or "--json" in arguments
        or "--format=json" in arguments
        or ("--format", "json") in pairwise(arguments)
    )


def _show(session: Session, arguments: Sequence[str], failure: "Failure") -> None:
    out = session.out
    with contextlib.suppress(BrokenPipeError):
        if _wants_json(session, arguments):
            first = failure.complaints[0]
            reasons = [
                {"code": c.code, "message": clean(c.message), "hint": clean(c.hint, lines=True), "facts": dict(c.facts)}
                for c in failure.complaints
            ]
            body = {"code": first.code, "message": first.message, "hint": first.hint, "exit": failure.code, "details": reasons}
            out.error_json(body)
            return
        shown: set[str] = set()
        mark = spoken("hint: ")
        for complaint in failure.complaints:
            out.error(spoken("error[{code}]: {message}", code=complaint.code, message=clean(complaint.message)), "error")
        for complaint in failure.complaints:
            for line in complaint.hint.splitlines():
                if line not in shown:
                    out.error(f"{' ' * width(mark) if shown else mark}{line}", "hint")
                    shown.add(line)
