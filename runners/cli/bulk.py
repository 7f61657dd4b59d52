"""``sop start SOP --from-csv FILE``: a run for each line; every line is tried before the first run begins."""

import csv
import hashlib
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from runners.cli.failures import Complaint, Failure, unreadable, usage
from runners.cli.output import to_json
from runners.cli.session import Session, refusal
from runners.cli.tables import Column, Item
from runners.exits import CHECK, DONE, PARTLY, USAGE
from runners.messages import meant
from runners.reading import content
from runners.tongue import marked, spoken

if TYPE_CHECKING:
    from engine.procedure import Procedure
    from runners.runner import Done

MOST: Final = 10_000
"""Lines of a file at most."""
BYTES: Final = 16 * 1024 * 1024
"""Of a file at most: every line may have more than a page."""
_PLAIN: Final = ("title", "lead", "unit", "drill")
_LISTS: Final = frozenset({"multi_choice", "users", "checklist"})
_COUNTED: Final = {
    marked("started"): marked("{number} started"), marked("already started"): marked("{number} already started"),
    marked("would start"): marked("{number} would start"), marked("failed"): marked("{number} failed"),
}  # fmt: skip
"""What can come of a line, as data has it, and how many came to that in words."""
_YES: Final = {"true": True, "yes": True, "1": True, "x": True, "false": False, "no": False, "0": False, "": False}


@dataclass(frozen=True, slots=True)
class Common:
    """What holds for every line that says nothing else.

    Attributes:
        roles: role to handles and ``team:ID``.
        parameters: values that replace defaults.
        key: as given on the command line; each line gets a key of its own out of it.
    """

    roles: Mapping[str, Sequence[str]]
    parameters: Mapping[str, Any]
    lead: str
    unit: str
    drill: bool
    key: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file: its number there (the heading is 1) and what is asked for."""

    number: int
    asked: Mapping[str, Any]
    key: str


def start_from(session: Session, sop: str, path: str, common: Common, *, dry_run: bool) -> int:
    """Start a run for each line of the file at *path*; gives the exit code.

    Raises:
        Failure: the file or its heading cannot be used, or a line would be refused; nothing was started then.
    """
    procedure = session.app.library.find(sop).procedure
    lines = _lines(session, sop, path, procedure, common)
    if not lines:
        none = spoken("{path} has a heading and no line below it", path=path)
        raise usage(none, spoken("write a line for each run"), code="SOP-U03")
    tried = [(line, _start(session, sop, line, dry_run=True)) for line in _progress(lines, spoken("Checking"))]
    wrong = [(line, failure) for line, failure in tried if isinstance(failure, Failure)]
    if wrong:
        complaints = [
            Complaint(one.code, f"{path}:{line.number}: {one.message}", _hint(one), {**one.facts, "line": line.number})
            for line, failure in wrong
            for one in failure.complaints
        ]
        words = spoken("{wrong} of {lines} lines cannot be started; no run was", wrong=len(wrong), lines=len(lines))
        raise Failure([*complaints, Complaint("SOP-K01", words, spoken("mend them, then try again"))], CHECK)
    done = tried
    if not dry_run:
        done = [(line, _start(session, sop, line, dry_run=False)) for line in _progress(lines, spoken("Starting"))]
    items = [_item(line, answer, dry_run=dry_run) for line, answer in done]
    columns = [
        Column(spoken("LINE"), lambda item: str(item["line"]), right=True),
        Column(spoken("RUN"), lambda item: item["run"] or "", whole=True),
        Column(spoken("TITLE"), lambda item: item["title"]),
        Column(spoken("RESULT"), _result, style=_style),
        Column(spoken("WHY"), lambda item: "; ".join(reason["message"] for reason in item["reasons"])),
    ]
    session.out.items(items, columns, empty="")
    counts = Counter(item["result"] for item in items)
    session.out.note(", ".join(spoken(_COUNTED[result], number=count) for result, count in counts.items()))
    if dry_run:
        session.out.note(spoken("Nothing was changed (dry run)."))
    return PARTLY if counts["failed"] else DONE


def _hint(complaint: Complaint) -> str:
    """What to do about a line: a value is given in its column, and not with a flag."""
    field = str(complaint.facts.get("field", "")).replace("parameters.", "param.")
    return spoken("the column {name} says it", name=field) if field else complaint.hint


def _result(item: Item) -> str:
    result = item["result"]
    return spoken(result)


def _style(item: Item) -> str:
    return {"failed": "late", "already started": "dim"}.get(item["result"], "good")


def _item(line: Line, answer: "Done | Failure", *, dry_run: bool) -> dict[str, Any]:
    item = {"line": line.number, "run": None, "title": line.asked["title"], "result": "failed", "reasons": []}
    if isinstance(answer, Failure):
        return {**item, "reasons": [{"code": one.code, "message": one.message} for one in answer.complaints]}
    result = "already started" if answer.repeated else "would start" if dry_run else "started"
    return {**item, "run": None if dry_run and not answer.repeated else answer.run, "result": result}


def _start(session: Session, sop: str, line: Line, *, dry_run: bool) -> "Done | Failure":
    """Start the run of *line*, or say why not; a line that fails holds up no other."""
    from engine.refusals import Refused
    from runners.cli.failures import missing, of_store
    from runners.people import NotFound
    from runners.store.errors import StoreError

    try:
        answer = session.app.runner.start(sop, actor=session.me.id, key=line.key, dry_run=dry_run, **line.asked)
    except NotFound as error:
        return missing(error.kind, error.name, error.known)
    except StoreError as error:
        return of_store(error)
    return refusal(answer, "", session.handle, session.now) if isinstance(answer, Refused) else answer


def _lines(session: Session, sop: str, path: str, procedure: "Procedure", common: Common) -> list[Line]:
    heading, rows = _read(path)
    _check(heading, procedure, path)
    seen: Counter[str] = Counter()
    found = []
    for number, row in rows:
        if len(row) != len(heading):
            words = spoken("{cells} cells, and the heading has {titles}", cells=len(row), titles=len(heading))
            raise usage(f"{path}:{number}: {words}", code="SOP-U04")
        asked = _asked(dict(zip(heading, row, strict=True)), procedure, common, f"{path}:{number}")
        mark = to_json([common.key or session.me.id, sop, asked], ascii_only=True)
        seen[mark] += 1
        digest = hashlib.sha256(f"{mark}#{seen[mark]}".encode()).hexdigest()  # two equal lines are two runs
        found.append(Line(number, asked, f"csv-{digest[:40]}"))
    return found


def _read(path: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    try:
        body = sys.stdin.buffer.read(BYTES + 1) if path == "-" else content(Path(path), BYTES)
        if len(body) > BYTES:
            large = spoken("{path} has more than {size} MiB", path=path, size=BYTES // 1024 // 1024)
            raise usage(large, spoken("split it"), code="SOP-U04")
        reader = csv.reader(StringIO(body.decode("utf-8-sig"), newline=""), strict=True)
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except OSError as error:
        raise unreadable(path, error) from error
    except UnicodeDecodeError as error:
        raise usage(spoken("{path} is no CSV: it is not UTF-8", path=path), code="SOP-U04") from error
    except csv.Error as error:
        words = spoken("{path} is no CSV: line {line} cannot be read", path=path, line=reader.line_num)
        raise usage(words, spoken("close quotes, and write a quotation mark within them twice"), code="SOP-U04") from error
    if not rows:
        hint = spoken("its first line names the columns: title, and inputs of the SOP")
        raise usage(spoken("{path} is empty", path=path), hint, code="SOP-U04")
    if len(rows) > MOST + 1:
        raise usage(spoken("{path} has more than {most} lines", path=path, most=MOST), spoken("split it"), code="SOP-U04")
    return [cell.strip() for cell in rows[0][1]], rows[1:]


def _check(heading: Sequence[str], procedure: "Procedure", path: str) -> None:
    """Every column must mean something, once, and what is required must have one. Raises Failure with all that is wrong."""
    document = procedure.document
    inputs = document.get("inputs", {})
    known = [
        *_PLAIN, *(name for name, field in inputs.items() if field["type"] not in {"file", "table"}),
        *(f"role.{role}" for role in document["roles"]), *(f"param.{name}" for name in document.get("parameters", {})),
    ]  # fmt: skip
    wrong = [
        Complaint("SOP-U04", f"{path}:1: " + spoken("there is no column {name}", name=name), meant(name, known))
        for name in heading
        if name not in known
    ]
    wrong += [
        Complaint("SOP-U04", f"{path}:1: " + spoken("the column {name} stands twice", name=name))
        for name, n in Counter(heading).items()
        if n > 1
    ]
    needed = ["title", *(name for name, field in inputs.items() if field.get("required"))]
    wrong += [
        Complaint("SOP-U04", f"{path}:1: " + spoken("there is no column {name}, which every run needs", name=name))
        for name in needed
        if name not in heading
    ]
    if wrong:
        raise Failure(wrong, USAGE)


def _asked(row: Mapping[str, str], procedure: "Procedure", common: Common, where: str) -> dict[str, Any]:
    fields = procedure.document.get("inputs", {})
    told = {name: cell.strip() for name, cell in row.items()}
    if told.get("drill", "").lower() not in _YES:
        raise usage(f"{where}: " + spoken("drill is yes or no"), code="SOP-U04")
    roles = {name.removeprefix("role."): _parts(cell) for name, cell in told.items() if name.startswith("role.") and cell}
    parameters = {name.removeprefix("param."): cell for name, cell in told.items() if name.startswith("param.") and cell}
    inputs: dict[str, Any] = {}
    for name, field in fields.items():
        if cell := told.get(name, ""):
            inputs[name] = _parts(cell) if field.get("many") or field["type"] in _LISTS else cell
    return {
        "title": told["title"], "roles": {**common.roles, **roles}, "parameters": {**common.parameters, **parameters},
        "inputs": inputs, "lead": told.get("lead") or common.lead, "place": told.get("unit") or common.unit,
        "drill": _YES[told.get("drill", "").lower()] or common.drill,
    }  # fmt: skip


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.replace(";", ",").split(",") if part.strip()]


def _progress(lines: Sequence[Line], what: str) -> Iterator[Line]:
    """*lines*, with a bar on a terminal."""
    if not sys.stderr.isatty():
        yield from lines
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(lines, description=what, console=Console(stderr=True), transient=True)
