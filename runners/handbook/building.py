"""The files of a handbook: all made first, then written; nothing is replaced that somebody else wrote."""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from runners.handbook import as_html, as_markdown
from runners.handbook.blocks import Drawing, Page
from runners.handbook.book import Book
from runners.handbook.overview_pages import overview_pages
from runners.handbook.sop_page import sop_page
from runners.handbook.svg import svg
from runners.handbook.words import NAMES

MANIFEST: Final = "handbook.json"
"""Names the files that were written here, each with its SHA-256."""
_SCHEMA: Final = "sop-handbook/1"
_OURS: Final = re.compile(r"([A-Za-z0-9-]+/)?(sop/)?[a-z0-9_]+\.(html|md|svg)")
_LARGEST: Final = 4_000_000


class ForeignFilesError(Exception):
    """Files stand in the way that were not written here, or were changed since.

    Attributes:
        paths: they.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        super().__init__(", ".join(str(path) for path in paths))
        self.paths = tuple(paths)


class Built(NamedTuple):
    """What was written, and what was taken away because it is made no more."""

    written: tuple[str, ...]
    removed: tuple[str, ...]


def made(book: Book, languages: Mapping[str, Sequence[str]], form: str = "html") -> dict[str, bytes]:
    """Every file of the handbook: its path in the folder, and its bytes.

    Args:
        book: what it is made from.
        languages: folder (a BCP 47 tag) to what its readers want, best first.
        form: ``html`` or ``markdown``.
    """
    tags = list(languages)
    files: dict[str, str] = {}
    for folder, wanted in languages.items():
        pages = [*overview_pages(book, wanted), *(sop_page(book, sop, wanted) for sop in book.volumes)]
        for page in pages:
            files.update(_files(page, folder, tags, form))
    if form == "html":
        files["index.html"] = as_html.chooser(tags)
    else:
        files["index.md"] = "\n".join(f"- [{NAMES.get(one, one)}]({one}/index.md)" for one in tags) + "\n"
    return {path: text.encode() for path, text in sorted(files.items())}


def _files(page: Page, folder: str, tags: Sequence[str], form: str) -> Iterator[tuple[str, str]]:
    if form == "html":
        yield f"{folder}/{page.path}.html", as_html.whole_page(page, tags, folder)
        return
    yield f"{folder}/{page.path}.md", as_markdown.whole_page(page)
    for block in page.blocks:
        if isinstance(block, Drawing):
            yield f"{folder}/{page.path}.svg", svg(block.picture, block.title, block.description, page.lang) + "\n"


def write(folder: Path, files: Mapping[str, bytes], *, force: bool = False) -> Built:
    """Write *files* into *folder*, and take away what was written here before and is made no more.

    Args:
        folder: made where it is missing.
        files: path in the folder to bytes.
        force: replace files of others too.

    Raises:
        ForeignFilesError: files of others stand in the way; nothing was written.
        OSError: the folder cannot be written.
    """
    before = _manifest(folder)
    foreign = [
        folder / path
        for path, body in files.items()
        if (found := _mark(folder / path)) and found not in {before.get(path), hashlib.sha256(body).hexdigest()}
    ]
    if not before and (folder / MANIFEST).exists():
        foreign.append(folder / MANIFEST)
    if foreign and not force:
        raise ForeignFilesError(foreign)
    for path, body in files.items():
        _replace(folder / path, body)
    gone = [path for path, mark in before.items() if path not in files and _OURS.fullmatch(path) and _mark(folder / path) == mark]
    marks = {path: hashlib.sha256(body).hexdigest() for path, body in files.items()}
    _replace(folder / MANIFEST, (json.dumps({"schema": _SCHEMA, "files": marks}, indent=1, sort_keys=True) + "\n").encode())
    for path in gone:
        (folder / path).unlink()
        with suppress(OSError):  # others' files may be left in it
            (folder / path).parent.rmdir()
    return Built(tuple(files), tuple(gone))


def _manifest(folder: Path) -> dict[str, str]:
    """What was written here before; nothing if there is no list of ours."""
    path = folder / MANIFEST
    try:
        if path.stat().st_size > _LARGEST:
            return {}
        document = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(document, dict) or document.get("schema") != _SCHEMA or not isinstance(document.get("files"), dict):
        return {}
    return {str(name): str(mark) for name, mark in document["files"].items()}


def _mark(path: Path) -> str:
    """The SHA-256 of what stands at *path*; nothing if nothing does, and a word if it is no file that can be read."""
    if not path.is_symlink() and not path.exists():
        return ""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and not path.is_symlink() else "no file"
    except OSError:
        return "unreadable"


def _replace(path: Path, body: bytes) -> None:
    """Write *body* to *path* whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".handbook-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
