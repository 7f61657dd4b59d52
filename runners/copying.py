"""A definition and its scenarios as the beginning of another one: every line and comment stays, but for what names it.

And the prefix of a new one: what the names of its runs begin with, which no other SOP has.
"""

import re
from collections.abc import Collection, Mapping, Sequence
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
_WRITTEN: Final = re.compile(rb"""^prefix:[ ]*["']?([A-Z0-9]+)""", re.MULTILINE)
_FIRST: Final = "1.0.0"
_LONGEST: Final = 8
"""Letters of a prefix, see ``names.PREFIX_PATTERN``."""


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
    fresh = {"sop": name, "version": _FIRST, "prefix": prefix}
    text = _renamed(body.decode(), parsed.document, parsed.places, fresh)
    if "prefix" not in parsed.document:
        text = prefixed(text, name, prefix)
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


def prefixed(text: str, name: str, prefix: str) -> str:
    """The definition *text* of the SOP *name*, which says nothing of a prefix, with *prefix* where that is not its own anyway."""
    if prefix == default_prefix(name):
        return text
    return re.sub(r"^version:.*\n(?:lang:.*\n)?", rf"\g<0>prefix: {prefix}\n", text, count=1, flags=re.MULTILINE)


def prefixes(folders: Sequence[Path], name: str) -> dict[str, str]:
    """Every prefix that another SOP than *name* has, be it written down or made from its id, and which SOP that is."""
    found = {}
    for sop, path in sops(folders).items():
        written = _WRITTEN.search(content(path, DOCUMENT_BYTES))
        found[written[1].decode() if written else default_prefix(sop)] = sop
    return {prefix: sop for prefix, sop in found.items() if sop != name}


def free_prefix(name: str, taken: Collection[str]) -> str:
    """Two or more capital letters of *name* that are not *taken*."""
    first, letters = default_prefix(name), name.replace("_", "").upper()
    for found in (first, *(letters[:length] for length in range(4, min(len(letters), _LONGEST) + 1))):
        if found not in taken:
            return found
    number = 2
    while (found := f"{first}{number}") in taken:
        number += 1
    return found
