"""What a check finds, in the form that the reader needs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from engine.text import clean
from runners.cli.commands import version
from runners.cli.output import SCHEMA, Output, to_json
from runners.messages import problem_line

if TYPE_CHECKING:
    from engine.problems import Problem

Found = Sequence[tuple[str, "Problem"]]

_SARIF: Final = "https://json.schemastore.org/sarif-2.1.0.json"


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


def as_json(out: Output, found: Found, languages: Mapping[str, int]) -> None:
    """Print the findings as data, with how much of all texts each of *languages* has."""
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


PRINTERS: Final[Mapping[str, Callable[[Output, Found], None]]] = {
    "concise": concise, "full": _full, "github": _github, "sarif": _sarif,
}  # fmt: skip
"""Every other form by its name."""
