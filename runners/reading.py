"""Files that people name: only ordinary ones, and never more of them than may be used."""

import stat
from pathlib import Path


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
