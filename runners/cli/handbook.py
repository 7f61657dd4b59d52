"""``sop docs``."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from runners.cli.catalogue import COMMANDS
from runners.cli.commands import Family, pass_session
from runners.cli.completion import SOP
from runners.cli.failures import Complaint, Failure, missing, unreadable, usage
from runners.cli.session import Session
from runners.exits import CHECK
from runners.handbook.words import TAGS

if TYPE_CHECKING:
    from runners.handbook.book import Volume


@click.group("docs", cls=Family, short_help=COMMANDS["docs"].help)
def docs_command() -> None:
    """Make the handbook: every SOP as a page that needs no knowledge of definitions."""


@docs_command.command("build")
@click.argument("sops", nargs=-1, metavar="[SOP|FILE]...", type=SOP)
@click.option(
    "--out", "out", type=click.Path(path_type=Path), default="handbook", show_default=True, help="The folder to write to."
)
@click.option("--lang", "tags", metavar="TAGS", default=",".join(TAGS), show_default=True, help="Languages of the pages.")
@click.option(
    "--format", "form", type=click.Choice(["html", "markdown"]), default="html", show_default=True, help="What kind of pages."
)
@click.option("-f", "--force", is_flag=True, help="Replace files that were not written by this command.")
@pass_session
def build_command(session: Session, sops: Sequence[str], out: Path, tags: str, form: str, *, force: bool) -> None:
    """Write the handbook: one page for each SOP and language, an index by area, the roles, the KPIs.

    Without SOP all that can be started. The pages need no server and no JavaScript: open index.html. With a database they
    tell who published which version and why; without one they are made from the files alone.
    """
    from runners.handbook.book import Book
    from runners.handbook.building import ForeignFilesError, made, write
    from runners.handbook.shelf import UnusableError, areas, roles

    folders = session.settings.definitions
    languages = _languages(tags)
    volumes = _volumes(session, sops)
    if not volumes:
        raise missing("sop", "in the folders of definitions", ())
    try:
        book = Book(volumes, roles(folders), areas(folders))
    except UnusableError as error:
        raise Failure([Complaint("SOP-U02", str(error), "mend the file, or move it away")], CHECK) from error
    files = made(book, languages, form)
    try:
        built = write(out, files, force=force)
    except ForeignFilesError as error:
        more = f" and {len(error.paths) - 1} more" if len(error.paths) > 1 else ""
        hint = "--out FOLDER writes elsewhere\n--force replaces them"
        raise usage(f"{error.paths[0]}{more} was not written by this command", hint, code="SOP-U04") from error
    except OSError as error:
        raise unreadable(out, error) from error
    value = {
        "out": str(out),
        "format": form,
        "languages": list(languages),
        "sops": list(book.volumes),
        "files": list(built.written),
    }
    value["removed"] = list(built.removed)
    index = out / ("index.html" if form == "html" else "index.md")
    words = f"Wrote {len(book.volumes)} SOPs in {len(languages)} languages to {out}: {len(built.written)} files"
    session.out.thing(value, [(words, "")])
    session.out.note(f"Begin with {index}")


def _languages(tags: str) -> dict[str, Sequence[str]]:
    """The folder of each language, and what its readers want. Raises Failure."""
    from runners.settings import KEYS

    found: dict[str, Sequence[str]] = {}
    for tag in [part.strip().replace("_", "-") for part in tags.split(",") if part.strip()]:
        try:
            found[tag] = KEYS["languages"].read(tag)
        except ValueError as error:
            raise usage(f"--lang takes {error}, not {tag}", "sop docs build --lang en,ko", code="SOP-U05") from error
    if not found:
        raise usage("--lang names no language", "sop docs build --lang en,ko", code="SOP-U05")
    return found


def _volumes(session: Session, sops: Sequence[str]) -> "list[Volume]":
    """What the handbook is about: files as they stand, everything else from the library. Raises Failure and NotFound."""
    given = [name for name in sops if _is_file(name)]
    named = [name for name in sops if not _is_file(name)]
    found = [_from_file(name) for name in given]
    if named or not given:
        found = [*_from_library(session, named), *found]
    return list({volume.procedure.sop: volume for volume in found}.values())


def _is_file(name: str) -> bool:
    return name.endswith((".yaml", ".yml")) or "/" in name


def _from_file(name: str) -> "Volume":
    from runners.cli.linting import read_definition
    from runners.handbook.shelf import from_parsed

    found = from_parsed(read_definition(Path(name)))
    if found is None:
        raise Failure([Complaint("SOP-D00", f"{name} cannot be used", f"sop lint {name}   shows every problem")], CHECK)
    return found


def _from_library(session: Session, names: Sequence[str]) -> "list[Volume]":
    from runners.handbook.shelf import from_library
    from runners.store.errors import Missing

    try:
        app = session.app
    except Missing:
        return _from_files(session, names)
    for broken in app.library.sync():
        _note_broken(session, broken.path)
    return from_library(app, names, session.handle)


def _from_files(session: Session, names: Sequence[str]) -> "list[Volume]":
    """The SOPs of the folders of definitions, where there is no database. Raises Failure."""
    from runners.cli.linting import read_definition
    from runners.folders import files
    from runners.handbook.shelf import from_parsed

    known: dict[str, Volume] = {}
    for path in files(session.settings.definitions):
        if volume := from_parsed(read_definition(path)):
            known[volume.procedure.sop] = volume
        else:
            _note_broken(session, path)
    for name in names:
        sop, _, version = name.partition("@")
        if sop not in known or version not in {"", known[sop].procedure.version}:
            raise missing("sop", name, sorted(known))
    return [known[name.partition("@")[0]] for name in names] if names else [known[sop] for sop in sorted(known)]


def _note_broken(session: Session, path: Path) -> None:
    session.out.note(f"{session.out.sign('late')} {path} cannot be used; sop lint {path}   says why", "soon")
