"""``sop comment`` and ``sop attach``."""

import sys

import click

from engine.commands import Attach, Comment
from runners.cli.commands import command, pass_session
from runners.cli.completion import TARGET
from runners.cli.doing import file_words, key_of, run_for, tell
from runners.cli.failures import usage
from runners.cli.options import noting, writing
from runners.cli.session import Session
from runners.cli.targets import target
from runners.cli.values import stored_file
from runners.tongue import spoken


@command("comment")
@click.argument("what", metavar="RUN[/STEP]", type=TARGET)
@noting("What you have to say; '-' reads it from standard input.")
@writing
@pass_session
def comment_command(session: Session, what: str, note: str, key: str, *, dry_run: bool) -> None:
    """Add a note to a run or a task, open or not. It can be erased; that it was made stays in the history."""
    run, step = target(what)
    if not note:
        raise usage(spoken("a comment needs a text"), spoken('give it with -m "…", or -m - to read it'), code="SOP-U03")
    text = sys.stdin.read() if note == "-" else note
    request = key_of(session, key, "comment", run, step, text)
    answer = session.app.runner.handle(run, Comment(text, step), actor=session.me.id, key=request, dry_run=dry_run)
    tell(session, session.done(answer, run), spoken("Noted on {what}", what=what), dry_run=dry_run)


@command("attach")
@click.argument("what", metavar="RUN[/STEP]", type=TARGET)
@click.argument("file", type=click.Path())
@noting("What it is.")
@writing
@pass_session
def attach_command(session: Session, what: str, file: str, note: str, key: str, *, dry_run: bool) -> None:
    """Add FILE to a run or a task, beside what its form asks for."""
    run, step = target(what)
    me = session.me
    run_for(session, run, Attach({}, step, note))  # before anything is copied
    stored = stored_file(session, file, keep=not dry_run)
    request = key_of(session, key, "attach", run, step, stored, note)
    answer = session.app.runner.handle(run, Attach(stored, step, note), actor=me.id, key=request, dry_run=dry_run)
    headline = spoken("Attached to {what}", what=what)
    tell(session, session.done(answer, run), headline, dry_run=dry_run, details=[file_words("file", stored)])
