"""Folders of definition files: which of their files count, which SOP each is of, and which of them hide one another.

Nothing is parsed to say so, unless two files hold the same version of the same SOP.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from engine import limits
from runners.reading import content

_NAME: Final = re.compile(rb"""^sop:[ ]*["']?([a-z][a-z0-9_]*)""", re.MULTILINE)
_VERSION: Final = re.compile(rb"""^version:[ ]*["']?([0-9.]+)""", re.MULTILINE)


def files(folders: Sequence[Path]) -> list[Path]:
    """The definition files of *folders*; a later folder's file replaces an earlier one of the same name."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else []:
            if path.stem not in {"roles", "people"} and not path.name.endswith((".example.yaml", ".scenario.yaml")):
                found[path.name] = path
    return list(found.values())


def sops(folders: Sequence[Path]) -> dict[str, Path]:
    """The file of each SOP in *folders*, by what stands in it; nothing is parsed."""
    return {found[1].decode(): path for path, body in _bodies(files(folders)) if (found := _NAME.search(body))}


class Doubled(NamedTuple):
    """Two files that hold the same version of the same SOP and differ.

    Attributes:
        label: ``sop@version``.
        path: the one that counts.
        other: the one that it hides.
    """

    label: str
    path: Path
    other: Path


def doubled(paths: Iterable[Path]) -> list[Doubled]:
    """Every version of an SOP that stands differently in two of *paths*, of which the later one counts."""
    alike: dict[tuple[bytes, bytes], dict[bytes, Path]] = {}
    for path, body in _bodies(paths):
        if (name := _NAME.search(body)) and (version := _VERSION.search(body)):
            alike.setdefault((name[1], version[1]), {})[body] = path
    found = []
    for (name_, version_), bodies in alike.items():
        # Only now is it worth the time to see whether they mean the same.
        marks = {mark: path for body, path in bodies.items() if (mark := _mark(body))} if len(bodies) > 1 else {}
        if len(marks) > 1:
            *_, other, last = marks.values()
            found.append(Doubled(f"{name_.decode()}@{version_.decode()}", last, other))
    return found


def everything(folders: Sequence[Path]) -> list[Path]:
    """The definition files of *folders*, those too that a later folder replaces."""
    return [path for folder in folders for path in files([folder])]


def _bodies(paths: Iterable[Path]) -> Iterator[tuple[Path, bytes]]:
    for path in paths:
        with suppress(OSError):  # who reads it in earnest says so
            yield path, content(path, limits.DOCUMENT_BYTES)


def _mark(body: bytes) -> str:
    """The fingerprint of the definition in *body*, if it is one."""
    from engine.canonical import canonical_document, fingerprint
    from engine.parse import read

    definition = read(body).definition
    return fingerprint(canonical_document(definition)) if definition else ""
