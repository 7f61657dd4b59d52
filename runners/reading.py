"""Files that people name: only ordinary ones, and never more of them than may be used."""

import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from engine import limits

if TYPE_CHECKING:
    from runners.store.records import LibraryFile


def content(path: Path, limit: int) -> bytes:
    """What the file at *path* holds.

    Args:
        path: a file; links are followed.
        limit: bytes that are of use. One more is read, so that whoever asks sees that there are too many.

    Raises:
        OSError: it cannot be read, or is no ordinary file.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError("it is no ordinary file")  # to open a pipe may never return, and a device may never end
    with path.open("rb") as stream:
        return stream.read(limit + 1)


class Changed(NamedTuple):
    """A file that is new or another one than before."""

    path: Path
    size: int
    mtime_ns: int
    source: bytes


def changed_file(path: Path, known: "LibraryFile | None") -> Changed | None:
    """The file of a definition, if it is new or another one than before. Raises OSError if it cannot be read."""
    found = path.stat()
    if known is not None and (known.size, known.mtime_ns) == (found.st_size, found.st_mtime_ns):
        return None
    return Changed(path, found.st_size, found.st_mtime_ns, content(path, limits.DOCUMENT_BYTES))
