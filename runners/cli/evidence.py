"""``sop evidence``: the files of a run, and a copy of one of them."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from engine.text import clean
from runners.cli.commands import command, pass_session
from runners.cli.completion import TARGET
from runners.cli.doing import size_words
from runners.cli.failures import missing, usage
from runners.cli.session import Session
from runners.cli.tables import Column
from runners.cli.targets import target
from runners.cli.times import shown
from runners.store.errors import system_words
from runners.tongue import spoken

if TYPE_CHECKING:
    from runners.views import HistoryLine


class Found(NamedTuple):
    """A file as a record names it."""

    seq: int
    at: str
    who: str
    place: str
    name: str
    size: int
    sha256: str


@command("evidence")
@click.argument("what", metavar="RUN[/STEP]", type=TARGET)
@click.argument("file", metavar="[FILE]", default="")
@click.option("-o", "--output", metavar="PATH", default="", help="Where to put the copy; '-' writes it to standard output.")
@click.option("-f", "--force", is_flag=True, help="Replace what is there.")
@pass_session
def evidence_command(session: Session, what: str, file: str, output: str, *, force: bool) -> None:
    """List the files of a run or a step, or take FILE (its name, field or the beginning of its SHA-256) out.

    The latest file of that name is taken. It is read against its SHA-256: a file that was changed is not handed out. Once
    the organisation has auditors or administrators, files are for people of the run and for these.
    """
    run, step = target(what)
    found = [one for line in session.app.views.history(run) for one in _files(line) if not step or _is_of(one, step)]
    if not file:
        _list(session, found)
        return
    session.app.views.take_out(run)
    chosen = next((one for one in reversed(found) if file in {one.name, one.place.rpartition(".")[2]} or _begins(one, file)), None)
    if chosen is None:
        raise missing("file", file, [one.name for one in found])
    _copy(session, chosen, output or Path(chosen.name).name, force=force)


def _begins(one: Found, text: str) -> bool:
    return len(text) > 5 and one.sha256.startswith(text.lower())  # noqa: PLR2004 - enough not to meet another by chance


def _is_of(one: Found, step: str) -> bool:
    return one.place.rpartition("/")[2].startswith((f"{step.partition(':')[0]}.", f"{step}:")) or one.place == step


def _files(line: "HistoryLine") -> Iterator[Found]:
    from runners.sealing import files

    for path, value in line.values.items():
        place = line.command.get("step", "") if path == "file" else path
        for one in files(value):
            yield Found(line.seq, line.at, line.actor, str(place), str(one["name"]), int(one["size"]), str(one["sha256"]))


def _list(session: Session, found: list[Found]) -> None:
    items: list[dict[str, Any]] = [{**one._asdict(), "who": session.handle(one.who)} for one in found]
    columns = [
        Column(spoken("SEQ"), lambda item: str(item["seq"]), right=True),
        Column(spoken("AT"), lambda item: shown(item["at"], session.now, session.zone)),
        Column(spoken("WHO"), lambda item: item["who"]),
        Column(spoken("WHERE"), lambda item: item["place"]),
        Column(spoken("SIZE"), lambda item: size_words(item["size"]), right=True),
        Column("SHA-256", lambda item: item["sha256"][:12]),
        Column(spoken("NAME"), lambda item: item["name"]),
    ]
    session.out.items(items, columns, empty=spoken("There are no files."))


def _copy(session: Session, one: Found, output: str, *, force: bool) -> None:
    from runners.store.evidence import EvidenceFolder

    folder = EvidenceFolder(session.settings.evidence)
    folder.verify(one.sha256)
    with folder.open(one.sha256) as stored:
        if output == "-":
            shutil.copyfileobj(stored, sys.stdout.buffer)
            return
        path = Path(output)
        if path.is_dir():
            path /= Path(one.name).name
        if path.exists() and not force:
            raise usage(spoken("{path} is there already", path=path), spoken("give another place with -o, or --force"))
        try:
            with path.open("wb") as copy:
                shutil.copyfileobj(stored, copy)
        except OSError as error:
            words = spoken("cannot write {path}: {why}", path=path, why=system_words(error))
            raise usage(words, spoken("give another place with -o")) from error
    copied = spoken("Copied {name} to {path}", name=clean(one.name), path=clean(str(path)))
    session.out.thing({**one._asdict(), "path": str(path)}, [(copied, "")])
