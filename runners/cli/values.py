"""Values from the command line: ``--set``, ``--form``, ``--evidence``, ``--param``."""

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from engine import limits
from runners.cli.failures import Complaint, Failure, unreadable, usage, words_of
from runners.cli.session import Session
from runners.cli.targets import pair
from runners.exits import USAGE
from runners.messages import meant
from runners.reading import content
from runners.tongue import marked, spoken

_LISTS: Final = frozenset({"multi_choice", "users", "checklist"})

Fields = Mapping[str, Mapping[str, Any]]


def gathered(
    session: Session, fields: Fields, sets: Sequence[str], form: str, evidence: Sequence[str], *, keep: bool = True
) -> dict[str, Any]:
    """All values that were given, by field.

    Args:
        session: the call.
        fields: the form they are for.
        sets: ``field=value`` each.
        form: path of a file of values, or ``-``.
        evidence: ``field=path`` each.
        keep: copy the files into the evidence folder; a dry run only looks at them.

    Raises:
        Failure: a file cannot be used, a field is given twice, or a file is given for a field that takes none.
    """
    values = read_form(form) if form else {}
    told: dict[str, list[str]] = {}
    for text in sets:
        name, value = pair(text, "--set", "FIELD=VALUE")
        told.setdefault(name, []).append(value)
    for name, several in told.items():
        field = fields.get(name, {})
        takes_many = bool(field.get("many")) or field.get("type") in _LISTS
        if len(several) > 1 and not takes_many:
            message = marked("--set {field} is given {count} times, and it takes one value")
            raise usage(spoken(message, field=name, count=len(several)))
        values[name] = several if len(several) > 1 else several[0]
    for name, files in _files(session, fields, evidence, keep=keep).items():
        values[name] = files if fields[name].get("many") else files[-1]
    return values


def read_form(form: str) -> dict[str, Any]:
    """The values in a file. Raises Failure."""
    try:
        body = sys.stdin.buffer.read(limits.FORM_BYTES + 1) if form == "-" else content(Path(form), limits.FORM_BYTES)
    except OSError as error:
        raise unreadable(form, error) from error
    where = spoken("standard input") if form == "-" else form
    if len(body) > limits.FORM_BYTES:
        message = spoken("{file} has more than {limit} bytes", file=where, limit=limits.FORM_BYTES)
        raise usage(message, spoken("attach large texts as files"), code="SOP-U04")
    found = _yaml(where, body) if form.endswith((".yaml", ".yml")) else _json(where, body)
    if not isinstance(found, dict):
        raise usage(spoken("{file}: expected an object with a value for each field", file=where), code="SOP-U04")
    return found


def _json(where: str, body: bytes) -> Any:  # noqa: ANN401 - whatever the file holds
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise ValueError(spoken('"{name}" stands twice', name=twice))
        return found

    def constant(name: str) -> Any:  # noqa: ANN401 - never returns
        raise ValueError(spoken("{number} is no number that can be kept", number=name))

    try:
        # Numbers with a point stay text: what was written is what is kept, without a detour through binary fractions.
        return json.loads(body.decode("utf-8-sig"), object_pairs_hook=once, parse_float=str, parse_constant=constant)
    except (ValueError, RecursionError) as error:
        message = spoken("{file} is no JSON that can be used: {reason}", file=where, reason=_why_no_json(error))
        raise usage(message, code="SOP-U04") from error


def _why_no_json(error: ValueError | RecursionError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return spoken("line {line} cannot be read from column {column} on", line=error.lineno, column=error.colno)
    if isinstance(error, UnicodeDecodeError):
        return spoken("it is not UTF-8")
    return spoken("it is nested too deeply") if isinstance(error, RecursionError) else str(error)


def _yaml(where: str, body: bytes) -> Any:  # noqa: ANN401 - whatever the file holds
    from engine.parse import read_plain
    from runners.messages import problem_line

    plain = read_plain(body)
    if plain.problems:
        raise Failure([Complaint("SOP-U04", problem_line(where, problem)) for problem in plain.problems], USAGE)
    return plain.document


def _files(session: Session, fields: Fields, evidence: Sequence[str], *, keep: bool) -> dict[str, list[dict[str, Any]]]:
    given = [pair(text, "--evidence", "FIELD=PATH") for text in evidence]
    taking = [name for name, field in fields.items() if field["type"] == "file"]
    for name, _ in given:
        if name not in taking:
            hint = meant(name, taking) if taking else spoken("this form takes no files; sop attach adds one beside it")
            raise Failure([Complaint("SOP-F02", spoken("there is no file field {field}", field=name), hint)], USAGE)
        if len([n for n, _ in given if n == name]) > 1 and not fields[name].get("many"):
            raise usage(spoken("--evidence {field} is given twice, and it takes one file", field=name))
    found: dict[str, list[dict[str, Any]]] = {}
    for name, path in given:
        found.setdefault(name, []).append(stored_file(session, path, keep=keep))
    return found


def stored_file(session: Session, path: str, *, keep: bool = True) -> dict[str, Any]:
    """The value that stands for the file at *path*, which is copied into the evidence folder when it is to be kept.

    Raises:
        Failure: it is no file, or too large.
    """
    from runners.store.errors import Missing, StoreError, Unavailable
    from runners.store.evidence import EvidenceFolder, EvidenceRefused

    source = Path(path)
    try:
        if not keep:
            return _looked_at(source)
        stored = EvidenceFolder(session.settings.evidence).add(source)
    except OSError as error:
        raise unreadable(path, error) from error
    except Missing as error:
        raise unreadable(path, FileNotFoundError()) from error
    except EvidenceRefused as error:
        raise usage(words_of(error), code="SOP-U04") from error
    except Unavailable as error:
        code = "SOP-U04" if str(error).startswith("cannot read") else "SOP-S03"
        raise Failure([Complaint(code, words_of(error))], 2 if code == "SOP-U04" else 7) from error
    except StoreError as error:
        raise usage(words_of(error), code="SOP-U04") from error
    return {"sha256": stored.sha256, "name": source.name, "size": stored.size}


def _looked_at(source: Path) -> dict[str, Any]:
    if not source.is_file():
        raise FileNotFoundError(2, "no such file", str(source))
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"sha256": digest, "name": source.name, "size": source.stat().st_size}


def pairs(texts: Sequence[str], flag: str, shape: str) -> dict[str, list[str]]:
    """``name=value`` texts by name, each with all its values in order."""
    found: dict[str, list[str]] = {}
    for text in texts:
        name, value = pair(text, flag, shape)
        found.setdefault(name, []).append(value)
    return found
