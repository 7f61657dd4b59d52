"""Where a handbook's definitions come from: the library of a database, or files where there is none."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from engine.limits import DOCUMENT_BYTES
from engine.procedure import Procedure
from engine.text import said
from runners.handbook.book import Area, Edition, Volume
from runners.reading import content, no_toml

if TYPE_CHECKING:
    from engine.parse import Parsed
    from runners.wiring import App

AREAS: Final = "areas.toml"
"""Beside definitions: how the index of the handbook is divided."""


class UnusableError(Exception):
    """A file beside the definitions is not what it should be."""


def from_library(app: "App", names: Sequence[str], handle: Callable[[str | None], str]) -> list[Volume]:
    """The SOPs of the library with their versions.

    Args:
        app: the application; its library has been brought up to date.
        names: ``sop`` or ``sop@version``; all that can be started if none is given.
        handle: a pseudonym to what people call it.

    Raises:
        NotFound: there is no such SOP.
    """
    stored = [app.library.find(name) for name in dict.fromkeys(names)] if names else app.library.all()
    found = []
    for one in stored:
        lines = app.publisher.versions(one.procedure.sop)
        editions = tuple(
            Edition(
                line.version, line.added_at, handle(line.added_by), line.why or "",
                (line.retired_at or "") if line.retired_by else "", line.retired_why or "",
            )
            for line in lines
        )  # fmt: skip
        found.append(Volume(one.procedure, editions))
    return found


def from_parsed(parsed: "Parsed") -> Volume | None:
    """The SOP of a file that was read; None if it cannot be used."""
    if parsed.definition is None:
        return None
    return Volume(Procedure.compiled(parsed.definition), (Edition(parsed.definition.version),))


def roles(folders: Sequence[Path]) -> dict[str, dict[str, Any]]:
    """The catalogues of roles of all *folders* in one; a later folder's role replaces an earlier one.

    What is no text is left out.
    """
    from engine.parse import read_plain

    found: dict[str, dict[str, Any]] = {}
    for path in _there(folders, "roles.yaml"):
        document = read_plain(content(path, DOCUMENT_BYTES)).document
        listed = document.get("roles") if isinstance(document, dict) else None
        for role, entry in (listed if isinstance(listed, dict) else {}).items():
            if isinstance(role, str) and isinstance(entry, dict):
                found[role] = {key: value for key, value in entry.items() if _text(value) or value is True}
    return found


def areas(folders: Sequence[Path]) -> list[Area]:
    """How the index is divided, by the files of all *folders*; those of later folders come first.

    Raises:
        UnusableError: a file is not what it should be.
    """
    found: list[Area] = []
    for path in reversed(list(_there(folders, AREAS))):
        try:
            listed = tomllib.loads(content(path, DOCUMENT_BYTES).decode("utf-8")).get("area", [])
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise UnusableError(no_toml(path, error)) from error
        for entry in listed if isinstance(listed, list) else [None]:
            if not isinstance(entry, dict) or not _text(entry.get("title")) or not _names(entry.get("sops")):
                raise UnusableError(said("{path}: each [[area]] needs a title and a list of sops", path=path))
            title: str | Mapping[str, str] = entry["title"]
            found.append(Area({"en": title} if isinstance(title, str) else title, tuple(entry["sops"])))
    return found


def _there(folders: Sequence[Path], name: str) -> Iterator[Path]:
    return (folder / name for folder in folders if (folder / name).is_file())


def _text(value: object) -> bool:
    texts = value.values() if isinstance(value, dict) and value else [value]
    return all(isinstance(text, str) for text in texts)


def _names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
