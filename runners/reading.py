"""Files that people name: only ordinary ones, and never more of them than may be used."""

import hashlib
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from engine import limits
from engine.text import said
from runners.tongue import spoken

if TYPE_CHECKING:
    from runners.store.records import LibraryFile


_PLACE: Final = re.compile(r"at line (\d+), column (\d+)")
_AGAIN: Final = re.compile("overwrite|twice|mutate|Cannot declare|Duplicate")


def content(path: Path, limit: int) -> bytes:
    """What the file at *path* holds.

    Args:
        path: a file; links are followed.
        limit: bytes that are of use. One more is read, so that whoever asks sees that there are too many.

    Raises:
        OSError: it cannot be read, or is no ordinary file.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(spoken("it is no ordinary file"))  # to open a pipe may never return, and a device may never end
    with path.open("rb") as stream:
        return stream.read(limit + 1)


class Changed(NamedTuple):
    """A file that is new or holds something else than before."""

    path: Path
    size: int
    mtime_ns: int
    source: bytes
    digest: str


def changed_file(path: Path, known: "LibraryFile | None") -> "Changed | LibraryFile | None":
    """What is new about the file of a definition.

    Args:
        path: the file.
        known: what is remembered of it.

    Returns:
        None where size and time are those of before; *known* with another time where the file was only touched; else what
        it holds now.

    Raises:
        OSError: it cannot be read, or is no ordinary file.
    """
    found = path.stat()
    if known is not None and (known.size, known.mtime_ns) == (found.st_size, found.st_mtime_ns):
        return None
    body = content(path, limits.DOCUMENT_BYTES)
    digest = hashlib.sha256(body).hexdigest()
    if known is not None and known.digest == digest:
        return known._replace(size=found.st_size, mtime_ns=found.st_mtime_ns)
    return Changed(path, found.st_size, found.st_mtime_ns, body, digest)


def no_toml(path: Path, error: Exception) -> str:
    """What is wrong with the file at *path*, in which *error* ended the reading of TOML: where, and in words of our own."""
    if isinstance(error, UnicodeDecodeError):
        return said("{path} is no TOML: it is not UTF-8", path=path)
    place = _PLACE.search(str(error))
    if place is None:
        return said("{path} is no TOML: it ends too early", path=path)
    if _AGAIN.search(str(error)):
        return said("{path} is no TOML: line {line} sets again what is set already", path=path, line=place[1])
    return said("{path} is no TOML: line {line} cannot be read from column {column} on", path=path, line=place[1], column=place[2])
