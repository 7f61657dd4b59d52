"""``sop fmt``: files in one layout, with their comments."""

from collections.abc import Sequence
from pathlib import Path

import click

from runners.cli.commands import command, pass_session
from runners.cli.completion import SOP
from runners.cli.failures import unreadable, words_of
from runners.cli.session import Session
from runners.exits import CHECK
from runners.messages import problem_line
from runners.tongue import spoken


@command("fmt")
@click.argument("files", nargs=-1, metavar="[FILE|SOP]...", type=SOP)
@click.option("--check", is_flag=True, help="Change nothing; exit code 5 when something would change.")
@pass_session
def fmt_command(session: Session, files: Sequence[str], *, check: bool) -> int:
    """Put definitions in one layout: FILE… (or folders, or names of SOPs), or all of the project's own.

    Comments stay, and what a file means stays: that is compared before anything is written. Keys get one order, lines a
    length. Other YAML files (scenarios, people) keep the order of their keys. Exit code 5 when a file cannot be laid out.
    """
    from runners.cli.checking import chosen
    from runners.tidying import Unread, Untidy

    paths = chosen(session, files, everything=False)
    changed: list[str] = []
    failed = 0
    for path in paths:
        try:
            if _tidy(path, check=check):
                changed.append(str(path))
        except Unread as error:
            failed += 1
            for problem in error.problems:
                session.out.note(problem_line(str(path), problem), "late")
        except Untidy as error:
            failed += 1
            session.out.note(f"{session.out.sign('bad')} {path}: {words_of(error)}", "late")
    lines = [spoken("{path} would be changed", path=path) if check else spoken("{path} changed", path=path) for path in changed]
    session.out.thing({"files": len(paths), "changed": changed, "failed": failed}, [(line, "") for line in lines])
    bad = failed or (check and changed)
    counts = _counts(len(paths), len(changed), failed, check=check)
    session.out.note(f"{session.out.sign('bad' if bad else 'good')} {counts}", "late" if bad else "good")
    return CHECK if bad else 0


def _counts(files: int, changed: int, failed: int, *, check: bool) -> str:
    facts = {"files": files, "changed": changed, "failed": failed}
    if check and failed:
        return spoken("{files} files: {changed} would be changed, {failed} cannot be laid out", **facts)
    if check:
        return spoken("{files} files: {changed} would be changed", **facts)
    if failed:
        return spoken("{files} files: {changed} changed, {failed} cannot be laid out", **facts)
    return spoken("{files} files: {changed} changed", **facts)


def _tidy(path: Path, *, check: bool) -> bool:
    """Whether the file at *path* is (or would be) another one now. Written beside it first, so that it is never half a file."""
    from engine.limits import DOCUMENT_BYTES
    from runners.reading import content
    from runners.tidying import tidied

    try:
        body = content(path, DOCUMENT_BYTES)
        made = tidied(body)
        if made == body or check:
            return made != body
        target = path.resolve()
        beside = target.with_name(f".{target.name}.new")
        beside.write_bytes(made)
        beside.chmod(target.stat().st_mode & 0o777)
        beside.replace(target)
    except OSError as error:
        raise unreadable(path, error) from error
    return True
