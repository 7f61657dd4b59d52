"""A definition and its scenarios as the beginning of another one: every line and comment stays, but for what names it."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from engine.limits import DOCUMENT_BYTES
from engine.parse import read, read_plain
from engine.places import Places
from engine.procedure import default_prefix
from runners.folders import sops
from runners.reading import content
from runners.tongue import spoken

_SCHEMA: Final = re.compile(r"\$schema=\S*sop\.(?:draft7\.)?schema\.json")
_FIRST: Final = "1.0.0"
_HEADS: Final = ("sop", "version", "lang")
"""What stands before a prefix."""


def copies(folders: Sequence[Path], source: str, name: str, prefix: str) -> dict[str, str]:
    """The files of a new SOP *name* that begins as a copy of *source*: path within a folder of definitions to text.

    Args:
        folders: where definitions stand.
        source: the SOP to copy.
        name: the id of the new one.
        prefix: what the names of its runs begin with.

    Raises:
        LookupError: there is no such SOP; its argument holds those that there are.
        ValueError: its file has errors, or names itself in a way that cannot be replaced.
    """
    known = sops(folders)
    if source not in known:
        raise LookupError(sorted(known))
    path = known[source]
    body = content(path, DOCUMENT_BYTES)
    parsed = read(body)
    if parsed.definition is None:
        raise ValueError(spoken("{path} has errors; sop lint {path} says which", path=path))
    document: Any = parsed.document
    fresh = {"sop": name, "version": _FIRST, "prefix": prefix}
    text = _renamed(body.decode(), document, parsed.places, fresh)
    if parsed.definition.prefix is None and prefix != default_prefix(name):
        text = _prefixed(text, max(parsed.places.of((key,))[0] for key in _HEADS if key in document), prefix)
    made = {f"{name}.yaml": _SCHEMA.sub("$schema=../schema/sop.draft7.schema.json", text, count=1)}
    again = read(made[f"{name}.yaml"].encode()).definition
    if again is None or (again.sop, again.version, again.prefix or default_prefix(name)) != (name, _FIRST, prefix):
        raise ValueError(
            spoken(
                "{path} names itself in a way that cannot be replaced; write `sop: {sop}` on a line of its own",
                path=path,
                sop=source,
            )
        )
    for scenarios in sorted(path.parent.glob("scenarios/*.scenario.yaml")):
        body = content(scenarios, DOCUMENT_BYTES)
        plain = read_plain(body)
        if isinstance(plain.document, dict) and plain.document.get("sop") == source:
            made[f"scenarios/{name}.scenario.yaml"] = _renamed(body.decode(), plain.document, plain.places, {"sop": name})
    return made


def _renamed(text: str, document: Any, places: Places, fresh: Mapping[str, str]) -> str:  # noqa: ANN401 - plain data
    """*text* with the *fresh* values of those keys that it has."""
    lines = text.split("\n")
    for key, value in fresh.items():
        if key in document:
            line, column = places.of((key,))
            head, tail = lines[line - 1][: column - 1], lines[line - 1][column - 1 :]
            old = re.escape(str(document[key]))
            lines[line - 1] = head + re.sub(rf"^([\"']?){old}\1", value, tail, count=1)
    return "\n".join(lines)


def _prefixed(text: str, line: int, prefix: str) -> str:
    """The definition *text*, which says nothing of a prefix, with *prefix* on a line of its own behind the *line*-th."""
    lines = text.split("\n")
    end = "\r" if lines[0].endswith("\r") else ""
    if line == len(lines):  # the last line has no end
        lines[-1] += end
        end = ""
    lines.insert(line, f"prefix: {prefix}{end}")
    return "\n".join(lines)
