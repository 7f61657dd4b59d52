"""Evidence files in a folder, each under the SHA-256 of its content.

``objects/ab/cdef…``: the same content is stored once, and what is stored cannot be changed without its name becoming
wrong. Names that people gave to files are data of the run and never become paths. A file is whole and on the disk
before anything refers to it: written under a temporary name, synchronised, renamed, and the folder synchronised.
"""

import errno
import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from engine import limits
from engine.text import said
from runners.store.errors import Damaged, Missing, StoreError, Unavailable, system_words

_CHUNK: Final = 256 * 1024
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_TEMPORARY: Final = ".part-"

_MAGIC: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
)
"""Content decides where it can: a name is only what somebody called it."""

_OFFICE: Final = {
    f".{ending}": f"application/vnd.openxmlformats-officedocument.{media}"
    for ending, media in (
        ("docx", "wordprocessingml.document"),
        ("pptx", "presentationml.presentation"),
        ("xlsx", "spreadsheetml.sheet"),
    )
}
"""Endings that the standard library knows in some versions and not in others."""


class EvidenceRefused(StoreError):  # noqa: N818 - as the others in ``errors``
    """What was given is no file that can be kept: too large, a folder, a device, a pipe."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that is now in the folder.

    Attributes:
        sha256: its name there, 64 hexadecimal digits.
        size: in bytes.
        media: media type, ``application/octet-stream`` where nothing is known.
    """

    sha256: str
    size: int
    media: str


class EvidenceFolder:
    """The folder.

    Attributes:
        root: made when the first file comes.
        limit: the largest file, in bytes.
    """

    def __init__(self, root: Path, *, limit: int = limits.EVIDENCE_BYTES) -> None:
        self.root = root
        self.limit = limit

    def add(self, source: Path) -> Stored:
        """Copies a file in.

        Raises:
            Missing: there is no such file.
            EvidenceRefused: it is no ordinary file, or too large.
            Unavailable: it cannot be read, or the folder cannot be written.
        """
        try:
            # Without waiting: opening a pipe that nobody writes to would never return.
            descriptor = os.open(source, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError as error:
            raise Missing(said("there is no file {path}", path=source)) from error
        except OSError as error:
            if error.errno == errno.ENXIO:
                raise EvidenceRefused(said("{path} is not an ordinary file", path=source)) from error
            raise Unavailable(said("cannot read {path}: {reason}", path=source, reason=system_words(error))) from error
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise EvidenceRefused(said("{path} is not an ordinary file", path=source))
        with os.fdopen(descriptor, "rb") as stream:
            return self.add_stream(stream, name=source.name)

    def add_stream(self, stream: BinaryIO, *, name: str = "") -> Stored:
        """Copies what a stream gives; ``name`` only helps to tell the media type.

        Raises:
            EvidenceRefused: it gives more than the limit.
            Unavailable: it cannot be read, or the folder cannot be written.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(prefix=_TEMPORARY, dir=self.root)
            try:
                with os.fdopen(descriptor, "wb") as target:
                    stored = self._copy(stream, target, name)
                self._place(Path(temporary), self.path(stored.sha256))
            finally:
                Path(temporary).unlink(missing_ok=True)
        except OSError as error:
            raise Unavailable(said("cannot keep the file: {reason}", reason=system_words(error))) from error
        return stored

    def _copy(self, stream: BinaryIO, target: BinaryIO, name: str) -> Stored:
        digest, size, start = hashlib.sha256(), 0, b""
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > self.limit:
                raise EvidenceRefused(said("the file has more than {limit} bytes", limit=self.limit))
            start = start or chunk[:16]
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
        return Stored(digest.hexdigest(), size, media_type(name, start))

    def _place(self, temporary: Path, path: Path) -> None:
        """Gives a synchronised file its name. An equal one that is there stays, unless it was damaged."""
        if self._whole(path):
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.chmod(0o444)
        temporary.replace(path)
        for folder in (path.parent, path.parent.parent, self.root, self.root.parent):
            _synchronise(folder)

    def path(self, sha256: str) -> Path:
        """Where a file with this content is kept.

        Raises:
            Missing: this is no SHA-256 digest; so nothing outside the folder can be named.
        """
        if _DIGEST.fullmatch(sha256) is None:
            raise Missing(said("a file is named by the 64 hexadecimal digits of its SHA-256"))
        return self.root / "objects" / sha256[:2] / sha256[2:]

    def open(self, sha256: str) -> BinaryIO:
        """The content.

        Raises:
            Missing: it is not here.
        """
        try:
            return self.path(sha256).open("rb")
        except FileNotFoundError as error:
            raise Missing(said("there is no evidence {sha256}", sha256=sha256)) from error

    def verify(self, sha256: str) -> int:
        """Reads the whole file again; returns its size in bytes.

        Raises:
            Missing: it is not here.
            Damaged: its content is not what its name says.
        """
        with self.open(sha256) as stream:
            found, size = _digest(stream)
        if found != sha256:
            raise Damaged(said("evidence {sha256} has been changed: its content is {found}", sha256=sha256, found=found))
        return size

    def _whole(self, path: Path) -> bool:
        try:
            with path.open("rb") as stream:
                return _digest(stream)[0] == path.parent.name + path.name
        except FileNotFoundError:
            return False

    def digests(self) -> Iterator[str]:
        """What is here, in order."""
        for folder in sorted(self.root.glob("objects/[0-9a-f][0-9a-f]")):
            yield from sorted(folder.name + file.name for file in folder.iterdir())

    def gc(self, keep: Collection[str], *, older: Callable[[Path], bool]) -> list[str]:
        """Deletes what nothing refers to, and what was left by copies that were cut off.

        Args:
            keep: digests that the database knows.
            older: whether a file is old enough to go. What was added a moment ago may be about to be referred to.

        Returns:
            The digests and temporary names that were deleted.
        """
        gone = [name for name in self.digests() if name not in keep and older(self.path(name))]
        for name in gone:
            self.path(name).unlink()
        for left in sorted(self.root.glob(f"{_TEMPORARY}*")):
            if older(left):
                left.unlink()
                gone.append(left.name)
        return gone


def media_type(name: str, start: bytes) -> str:
    """The media type by the first bytes of the content, else by the ending of the name."""
    import mimetypes  # 5 ms that only an attachment needs to cost

    # An instance of its own, so that the answer does not hang on what the machine has installed.
    known = mimetypes.MimeTypes()
    for ending, media in _OFFICE.items():
        known.add_type(media, ending)
    named = known.guess_type(name)[0] or "application/octet-stream"
    for magic, media in _MAGIC:
        if start.startswith(magic):
            # Many office formats are archives: there the name says more, but only there.
            return named if media == "application/zip" and named.startswith("application/") else media
    return named


def _digest(stream: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def _synchronise(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
