"""``sop lint``: every problem of definitions, at once, in the form that the reader needs."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from engine.text import clean, said
from runners.cli.commands import command, pass_session, version
from runners.cli.completion import SOP
from runners.cli.failures import Failure, unreadable
from runners.cli.output import SCHEMA, Output, to_json
from runners.cli.session import Session
from runners.exits import CHECK
from runners.messages import problem_line
from runners.tongue import spoken

if TYPE_CHECKING:
    from engine.checks.outline import Document
    from engine.parse import Parsed
    from engine.problems import Problem
    from runners.folders import Doubled

Found = Sequence[tuple[str, "Problem"]]

_SARIF: Final = "https://json.schemastore.org/sarif-2.1.0.json"


@command("lint")
@click.argument("files", nargs=-1, metavar="[FILE|SOP]...", type=SOP)
@click.option(
    "--format", "form", type=click.Choice(["concise", "full", "json", "sarif", "github"]), help="How to print; full on a terminal."
)
@click.option("--lang", "languages", metavar="TAGS", default="", help="Languages that every text must offer, like en,zh-Hans.")
@click.option("--people", "roster", metavar="FILE", default="", help="Prove that the people of this file can do each SOP.")
@click.option("--all", "everything", is_flag=True, help="Without FILE: the definitions that come with the program too.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@pass_session
def lint_command(
    session: Session, files: Sequence[str], form: str | None, languages: str, roster: str, *, everything: bool, strict: bool
) -> int:
    """Check definitions: FILE… (or folders, or names of SOPs), or all of the project's own.

    Files know one another: a step may run an SOP of another file. Exit code 5 when there are errors.
    """
    paths = chosen(session, files, everything=everything)
    tags = [tag.strip() for tag in languages.split(",") if tag.strip()]
    parsed = {path: read_definition(path) if str(path) in files else _told(path) for path in paths}
    found = _found(session, parsed, tags)
    known = sum(one.definition is not None for one in parsed.values())
    if roster:
        from runners.cli.people import roster_of
        from runners.cli.staffing import unstaffed

        found += unstaffed(session, paths, roster_of(session, roster))
    form = form or ("json" if session.options.format in {"json", "jsonl"} else "full" if session.out.terminal else "concise")
    errors = sum(problem.severity == "error" or strict for _, problem in found)
    shares = _complete(parsed, tags)
    if form == "json":
        _json(session.out, found, shares)
    else:
        _PRINTERS[form](session.out, found)
    if form in {"concise", "full"}:
        warnings = len(found) - errors
        facts = {"files": len(paths), "sops": known, "errors": errors, "warnings": warnings}
        words = spoken("{files} files, {sops} SOPs: {errors} errors, {warnings} warnings", **facts)
        if shares:
            session.out.note(", ".join(f"{clean(tag)} {share} %" for tag, share in shares.items()))
        if known < len(paths):
            session.out.note(spoken("more checks follow once these are mended"))
        session.out.note(f"{session.out.sign('bad' if errors else 'good')} {words}", "late" if errors else "good")
    return CHECK if errors else 0


def chosen(session: Session, given: Sequence[str], *, everything: bool) -> list[Path]:
    """The files that are *given*, or all of the project's own; with *everything* the shipped ones too. Raises Failure."""
    from runners.folders import files

    if not given:
        shipped, *own = session.settings.definitions
        return files([shipped, *own] if everything else own)
    paths = [named(session, text) for text in given]
    return list(dict.fromkeys(found for path in paths for found in (files([path]) if path.is_dir() else [path])))


def named(session: Session, text: str) -> Path:
    """The file or folder *text*, or else the file of the SOP of that name. Raises Failure."""
    from runners.folders import sops

    path = Path(text)
    found = path if path.exists() else sops(session.settings.definitions).get(text)
    if found is None:
        raise unreadable(text, FileNotFoundError())
    return found


def checked(session: Session, paths: Sequence[Path], *, stored: bool = False) -> list[tuple[str, "Problem"]]:
    """Every problem of the files at *paths*, each with its file; the SOPs of the session's folders are known to them.

    Args:
        session: the call.
        paths: the files.
        stored: what is in use in the database is known too, as for what runs there.
    """
    return _found(session, {path: read_definition(path) for path in paths}, (), stored=stored)


def _found(
    session: Session, parsed: "Mapping[Path, Parsed]", languages: Sequence[str], *, stored: bool = False
) -> list[tuple[str, "Problem"]]:
    from engine.check import check
    from runners.folders import doubled, everything

    folders = session.settings.library
    known = _Known(parsed.values(), folders, session.app.library.known() if stored else {})
    roles = _roles(session)
    twice = {one.path: one for one in doubled([*everything(folders), *parsed])}
    found: list[tuple[str, Problem]] = []
    for path, one in parsed.items():
        problems = list(one.problems)
        if one.definition is not None:
            problems += one.places.placed(check(one.definition, known=known, roles=roles, languages=languages))
            problems += one.places.placed(_twice(twice[path]) if path in twice else ())
        found += [(str(path), problem) for problem in sorted(problems, key=lambda p: (p.line, p.column))]
    return found


def _complete(parsed: "Mapping[Path, Parsed]", languages: Sequence[str]) -> dict[str, int]:
    """How much of all texts there is in each of *languages*, in whole percent: 100 is said of nothing that misses one."""
    if not languages:
        return {}
    from engine.canonical import canonical_document
    from engine.checks.texts import offered

    counts = [offered(canonical_document(one.definition), languages) for one in parsed.values() if one.definition is not None]
    everything = sum(count for _, count in counts)
    return {tag: 100 * sum(there[tag] for there, _ in counts) // everything for tag in languages} if everything else {}


def read_definition(path: Path) -> "Parsed":
    """The definition at *path*, or its problems. Raises Failure if it is no file that can be read."""
    try:
        return _read(path)
    except OSError as error:
        raise unreadable(path, error) from error


def _told(path: Path) -> "Parsed":
    """As :func:`read_definition`, of a file that nobody named: if it cannot be read, that is a problem like others."""
    from engine.parse import Parsed
    from engine.places import Places
    from runners import intake

    try:
        return _read(path)
    except OSError as error:
        return Parsed(None, None, intake.unreadable(path, error).problems, Places())


def _read(path: Path) -> "Parsed":
    from engine.limits import DOCUMENT_BYTES
    from engine.parse import read
    from runners.reading import content

    return read(content(path, DOCUMENT_BYTES), name=path.name)


class _Known(Mapping[str, "Document"]):
    """The documents of *parsed*, else of the files in *folders*, else of *stored*; a file is read when its SOP is asked for."""

    def __init__(self, parsed: "Iterable[Parsed]", folders: Sequence[Path], stored: "Mapping[str, Document]") -> None:
        from engine.canonical import canonical_document
        from runners.folders import sops

        checked = {one.definition.sop: canonical_document(one.definition) for one in parsed if one.definition is not None}
        self._documents = {**stored, **checked}
        self._files = {sop: path for sop, path in sops(folders).items() if sop not in checked}

    def __getitem__(self, sop: str) -> "Document":
        from engine.canonical import canonical_document

        if sop in self._files:
            path = self._files.pop(sop)
            with suppress(Failure):
                if found := read_definition(path).definition:
                    self._documents[sop] = canonical_document(found)
        return self._documents[sop]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._documents, **self._files})

    def __len__(self) -> int:
        return len({**self._documents, **self._files})


def _twice(found: "Doubled") -> "list[Problem]":
    from engine.checks.codes import Lint
    from engine.problems import Problem

    words = said("{name} also stands in {path}, and differs", name=found.label, path=found.other)
    hint = said("give it a version or a name of its own")
    return [Problem(Lint.DOUBLED_VERSION, words, ("version",), hint=hint, severity="warning")]


def _roles(session: Session) -> list[str] | None:
    """The catalogue of roles of all folders; None where there is none."""
    from engine.limits import DOCUMENT_BYTES
    from engine.parse import read_plain
    from runners.reading import content

    found: list[str] = []
    for folder in session.settings.definitions:
        path = folder / "roles.yaml"
        if path.is_file():
            document = read_plain(content(path, DOCUMENT_BYTES)).document
            listed = document.get("roles") if isinstance(document, dict) else None
            found += list(listed) if isinstance(listed, dict) else []
    return found or None


def concise(out: Output, found: Found) -> None:
    """Print each finding on a line of its own."""
    for file, problem in found:
        out.line(problem_line(file, problem))


def _full(out: Output, found: Found) -> None:
    from engine.limits import DOCUMENT_BYTES
    from runners.reading import content

    texts: dict[str, list[str]] = {}
    for file, problem in found:
        out.line(problem_line(file, problem), "late" if problem.severity == "error" else "soon")
        if file not in texts and problem.line:
            texts[file] = content(Path(file), DOCUMENT_BYTES).decode("utf-8", "replace").splitlines()
        for line in _excerpt(texts.get(file, ()), problem):
            out.line(line, "dim")
        out.line()


def _excerpt(lines: Sequence[str], problem: "Problem") -> Iterator[str]:
    """The line of *problem* with the one before it and a mark below the place."""
    from runners.cli.tables import width

    if not 0 < problem.line <= len(lines):
        return
    margin = len(str(problem.line))
    for number in range(max(1, problem.line - 1), problem.line + 1):
        yield f"  {number:>{margin}} | {clean(lines[number - 1])[:120]}"
    before = clean(lines[problem.line - 1][: max(problem.column - 1, 0)])
    yield f"  {' ' * margin} | {' ' * width(before)}^"


def _item(file: str, problem: "Problem") -> dict[str, Any]:
    return {
        "file": file, "line": problem.line, "column": problem.column, "severity": problem.severity, "code": str(problem.code),
        "message": problem.message, "hint": problem.hint, "path": list(problem.path),
    }  # fmt: skip


def _json(out: Output, found: Found, languages: Mapping[str, int]) -> None:
    items = [_item(file, problem) for file, problem in found]
    out.raw(to_json({"schema": SCHEMA, "items": items, "next": None} | ({"languages": languages} if languages else {})))


def _github(out: Output, found: Found) -> None:
    """Workflow commands of GitHub: they become remarks beside the lines."""

    def escaped(text: str, more: str = "") -> str:
        for character in "%\r\n" + more:
            text = text.replace(character, f"%{ord(character):02X}")
        return clean(text)

    for file, problem in found:
        text = problem.message + (f" ({problem.hint})" if problem.hint else "")
        place = f"file={escaped(file, ':,')},line={problem.line},col={problem.column},title={problem.code}"
        out.line(f"::{problem.severity} {place}::{escaped(text)}")


def _sarif(out: Output, found: Found) -> None:
    """SARIF 2.1.0, which code hosts and editors read."""
    from engine.checks.codes import CODES

    rules = {
        str(code): {"id": str(code), "shortDescription": {"text": title}, "help": {"text": help_}}
        for code, (title, help_) in CODES.items()
    }
    used = sorted({str(problem.code) for _, problem in found})
    results = [
        {
            "ruleId": str(problem.code),
            "level": problem.severity,
            "message": {"text": problem.message + (f" ({problem.hint})" if problem.hint else "")},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": Path(file).as_posix()},
                        "region": {"startLine": max(problem.line, 1), "startColumn": max(problem.column, 1)},
                    }
                }
            ],
        }
        for file, problem in found
    ]
    driver = {"name": "sop lint", "version": version(), "rules": [rules.get(code, {"id": code}) for code in used]}
    out.raw(to_json({"$schema": _SARIF, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}))


_PRINTERS: Final[Mapping[str, Callable[[Output, Found], None]]] = {
    "concise": concise, "full": _full, "github": _github, "sarif": _sarif,
}  # fmt: skip
