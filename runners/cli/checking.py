"""Which definition files a command means, what they say, and every problem of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from engine.text import said
from runners.cli.failures import Complaint, Failure, unreadable
from runners.cli.session import Session
from runners.exits import CHECK
from runners.tongue import spoken

if TYPE_CHECKING:
    from engine.checks.outline import Document
    from engine.parse import Parsed
    from engine.problems import Problem
    from runners.folders import Doubled


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
    return problems_of(session, {path: read_definition(path) for path in paths}, (), stored=stored)


def problems_of(
    session: Session, parsed: "Mapping[Path, Parsed]", languages: Sequence[str], *, stored: bool = False
) -> list[tuple[str, "Problem"]]:
    """As :func:`checked`, of files that were read already; every text must be there in each of *languages*."""
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


def sound(session: Session, paths: Sequence[Path]) -> None:
    """Let only files without errors pass. Raises Failure with the first twenty errors."""
    from runners.messages import problem_words

    problems = [(file, problem) for file, problem in checked(session, paths) if problem.severity == "error"]
    if problems:
        lines = [Complaint(str(problem.code), problem_words(file, problem)) for file, problem in problems[:20]]
        hint = spoken("sop lint FILE   shows every problem")
        raise Failure([*lines, Complaint("SOP-D00", spoken("a definition cannot be used"), hint)], CHECK)


def read_definition(path: Path) -> "Parsed":
    """The definition at *path*, or its problems. Raises Failure if it is no file that can be read."""
    try:
        return _read(path)
    except OSError as error:
        raise unreadable(path, error) from error


def read_or_told(path: Path) -> "Parsed":
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
