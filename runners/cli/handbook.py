"""``sop docs``."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from runners.cli.broken import report
from runners.cli.catalogue import COMMANDS
from runners.cli.commands import Family, pass_session
from runners.cli.completion import SOP
from runners.cli.failures import Complaint, Failure, advice, missing, unreadable, usage, words_of
from runners.cli.session import Session
from runners.exits import CHECK, MISSING
from runners.handbook.words import TAGS
from runners.tongue import spoken

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
    from runners.handbook.speech import has_words

    folders = session.settings.definitions
    languages = _languages(tags)
    volumes = _volumes(session, sops)
    if not volumes:
        none = spoken("there is no SOP in the folders of definitions")
        raise Failure([Complaint("SOP-N02", none, advice("SOP-N02"), {"kind": "sop", "name": "", "known": []})], MISSING)
    try:
        book = Book(volumes, roles(folders), areas(folders))
    except UnusableError as error:
        raise Failure([Complaint("SOP-U02", words_of(error), spoken("mend the file, or move it away"))], CHECK) from error
    files = made(book, languages, form)
    try:
        built = write(out, files, force=force)
    except ForeignFilesError as error:
        raise _foreign(error.paths) from error
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
    facts = {"sops": len(book.volumes), "languages": len(languages), "folder": out, "files": len(built.written)}
    session.out.thing(value, [(spoken("Wrote {sops} SOPs in {languages} languages to {folder}: {files} files", **facts), "")])
    for tag in (tag for tag, wanted in languages.items() if not has_words(wanted)):
        known = ", ".join(TAGS)
        words = spoken("Headings are English on the pages in {tag}: the handbook itself speaks {known} only", tag=tag, known=known)
        session.out.note(f"{session.out.sign('late')} {words}", "soon")
    session.out.note(spoken("Begin with {path}", path=index))


def _foreign(paths: Sequence[Path]) -> Failure:
    """There are files in the way that somebody else wrote."""
    hint = spoken("--out FOLDER writes elsewhere\n--force replaces them")
    if len(paths) > 1:
        words = spoken("{path} and {number} more were not written by this command", path=paths[0], number=len(paths) - 1)
    else:
        words = spoken("{path} was not written by this command", path=paths[0])
    return usage(words, hint, code="SOP-U04")


def _languages(tags: str) -> dict[str, Sequence[str]]:
    """The folder of each language, and what its readers want. Raises Failure."""
    from runners.setting_keys import KEYS

    found: dict[str, Sequence[str]] = {}
    for tag in [part.strip().replace("_", "-") for part in tags.split(",") if part.strip()]:
        try:
            found[tag] = KEYS["languages"].read(tag)
        except ValueError as error:
            words = spoken("--lang takes {expected}, not {given}", expected=words_of(error), given=tag)
            raise usage(words, "sop docs build --lang en,ko", code="SOP-U05") from error
    if not found:
        raise usage(spoken("--lang names no language"), "sop docs build --lang en,ko", code="SOP-U05")
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
    from runners.cli.checking import read_definition
    from runners.handbook.shelf import from_parsed

    found = from_parsed(read_definition(Path(name)))
    if found is None:
        hint = spoken("sop lint {path}   shows every problem", path=name)
        raise Failure([Complaint("SOP-D00", spoken("{path} cannot be used", path=name), hint)], CHECK)
    return found


def _from_library(session: Session, names: Sequence[str]) -> "list[Volume]":
    from runners.handbook.shelf import from_library
    from runners.store.errors import Missing

    try:
        app = session.app
    except Missing:
        return _from_files(session, names)
    report(session, app.library.sync())
    return from_library(app, names, session.handle)


def _from_files(session: Session, names: Sequence[str]) -> "list[Volume]":
    """The SOPs of the folders of definitions, where there is no database. Raises Failure."""
    from runners.cli.checking import read_definition
    from runners.folders import files
    from runners.handbook.shelf import from_parsed
    from runners.intake import Broken

    known: dict[str, Volume] = {}
    for path in files(session.settings.library):
        parsed = read_definition(path)
        if volume := from_parsed(parsed):
            known[volume.procedure.sop] = volume
        else:
            report(session, [Broken(path, parsed.problems)])
    for name in names:
        sop, _, version = name.partition("@")
        if sop not in known or version not in {"", known[sop].procedure.version}:
            raise missing("sop", name, sorted(known))
    return [known[name.partition("@")[0]] for name in names] if names else [known[sop] for sop in sorted(known)]
