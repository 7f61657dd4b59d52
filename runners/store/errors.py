"""What can go wrong with a database, whatever its driver calls it, and what the operating system says."""

import errno
from collections.abc import Mapping
from typing import Final

from engine.text import said

_SYSTEM: Final[Mapping[int | None, str]] = {
    errno.EACCES: said("Permission denied"), errno.EPERM: said("Operation not permitted"),
    errno.ENOENT: said("No such file or directory"), errno.EISDIR: said("Is a directory"),
    errno.ENOTDIR: said("Not a directory"), errno.ENOSPC: said("No space left on device"),
    errno.EROFS: said("Read-only file system"), errno.ENAMETOOLONG: said("File name too long"),
    errno.EEXIST: said("File exists"), errno.EMFILE: said("Too many open files"), errno.EIO: said("Input/output error"),
}  # fmt: skip
"""What operating systems say most often; the rest is said as they say it."""


def system_words(error: OSError) -> str:
    """What the operating system says, to be said again in the language of the reader where it is known in it."""
    return _SYSTEM.get(error.errno) or error.strerror or str(error)


class StoreError(Exception):
    """The database refused something that should have been right: a fault of the program."""


class Busy(StoreError):  # noqa: N818 - read as ``except Busy``
    """Others held the lock too long, or the database chose this transaction to give way. Trying again helps."""


class Conflict(StoreError):  # noqa: N818 - read as ``except Conflict``
    """Somebody was first: the run has moved on, or the key is taken. Look again, then try again."""


class Unavailable(StoreError):  # noqa: N818 - read as ``except Unavailable``
    """Not possible now: the disk is full or read-only, the server is away. Nothing was changed, as far as is known."""


class Missing(StoreError):  # noqa: N818 - read as ``except Missing``
    """There is no database here."""


class Damaged(StoreError):  # noqa: N818 - read as ``except Damaged``
    """This is no database of ours, it is corrupt, or its schema belongs to another version of the program."""
