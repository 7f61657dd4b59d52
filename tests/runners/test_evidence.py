"""The evidence folder: whole files under their digest, and nothing else."""

import hashlib
import io
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from runners.store import evidence
from runners.store.errors import Damaged, Missing, Unavailable
from runners.store.evidence import EvidenceFolder, EvidenceRefused, Stored, media_type

HELLO = hashlib.sha256(b"hello").hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> EvidenceFolder:
    return EvidenceFolder(tmp_path / "evidence", limit=1000)


def files(folder: EvidenceFolder) -> list[Path]:
    return sorted(path for path in folder.root.rglob("*") if path.is_file())


def test_a_file_is_kept_under_the_digest_of_its_content(folder: EvidenceFolder, tmp_path: Path) -> None:
    """Its name is data, its place is the digest, and its content comes back."""
    (tmp_path / "brief.txt").write_bytes(b"hello")

    stored = folder.add(tmp_path / "brief.txt")

    assert stored == Stored(HELLO, 5, "text/plain")
    assert files(folder) == [folder.root / "objects" / HELLO[:2] / HELLO[2:]]
    with folder.open(HELLO) as stream:
        assert stream.read() == b"hello"
    assert folder.verify(HELLO) == 5
    assert list(folder.digests()) == [HELLO]


def test_the_same_content_is_kept_once(folder: EvidenceFolder) -> None:
    """A second copy leaves the first one in its place, and nothing beside it."""
    folder.add_stream(io.BytesIO(b"hello"))
    before = files(folder)[0].stat().st_ino
    folder.add_stream(io.BytesIO(b"hello"), name="other.txt")
    assert [path.stat().st_ino for path in files(folder)] == [before]


def test_a_damaged_file_is_found_and_mended_by_the_original(folder: EvidenceFolder) -> None:
    """Verifying reads everything again; adding the same content again replaces what was damaged."""
    folder.add_stream(io.BytesIO(b"hello"))
    path = files(folder)[0]
    path.chmod(0o644)
    path.write_bytes(b"hellO")
    with pytest.raises(Damaged, match=HELLO):
        folder.verify(HELLO)

    folder.add_stream(io.BytesIO(b"hello"))

    assert folder.verify(HELLO) == 5


@pytest.mark.parametrize("size", [0, 1, 999, 1000])
def test_files_up_to_the_limit_are_kept(folder: EvidenceFolder, size: int) -> None:
    """The limit itself is allowed, and so is an empty file."""
    stored = folder.add_stream(io.BytesIO(b"x" * size))
    assert folder.verify(stored.sha256) == stored.size == size


def test_a_file_above_the_limit_is_refused_and_leaves_nothing(folder: EvidenceFolder) -> None:
    """One byte too many is refused with the number."""
    with pytest.raises(EvidenceRefused, match="1000"):
        folder.add_stream(io.BytesIO(b"x" * 1001))
    assert files(folder) == []


def test_an_endless_stream_is_read_only_to_the_limit(folder: EvidenceFolder) -> None:
    """What never ends is stopped, not collected."""

    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return b"x" * size

    endless = Endless()
    with pytest.raises(EvidenceRefused):
        folder.add_stream(endless)  # type: ignore[arg-type] # a stream in what it can do
    assert endless.given < 1_000_000


@pytest.fixture
def strange(tmp_path: Path) -> Iterator[dict[str, Path]]:
    """Things with a name that are no files."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        yield {
            "pipe": tmp_path / "pipe",
            "folder": tmp_path / "folder",
            "socket": tmp_path / "socket",
            "device": Path("/dev/zero"),
        }


@pytest.mark.parametrize("kind", ["pipe", "folder", "socket", "device"])
def test_only_ordinary_files_are_taken(folder: EvidenceFolder, strange: dict[str, Path], kind: str) -> None:
    """A pipe would wait for ever, a device would never end: they are refused at once."""
    with pytest.raises(EvidenceRefused):
        folder.add(strange[kind])
    assert not folder.root.exists()


def test_a_missing_file_is_missing(folder: EvidenceFolder, tmp_path: Path) -> None:
    """And so is evidence that nobody added."""
    with pytest.raises(Missing):
        folder.add(tmp_path / "none")
    with pytest.raises(Missing):
        folder.open("0" * 64)
    with pytest.raises(Missing):
        folder.verify("0" * 64)


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n", "../" + "a" * 61, "/" * 64])
def test_nothing_outside_the_folder_can_be_named(folder: EvidenceFolder, name: str) -> None:
    """Only digests are names."""
    with pytest.raises(Missing):
        folder.open(name)


def test_a_name_that_leads_elsewhere_is_only_a_name(folder: EvidenceFolder) -> None:
    """What somebody called a file never becomes a path."""
    folder.add_stream(io.BytesIO(b"hello"), name="../../../etc/cron.d/x\x00.txt")
    assert files(folder) == [folder.path(HELLO)]


def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    """A file in the place of the folder."""
    (tmp_path / "evidence").touch()
    with pytest.raises(Unavailable):
        EvidenceFolder(tmp_path / "evidence").add_stream(io.BytesIO(b"hello"))


def test_a_file_that_cannot_be_read_is_unavailable(folder: EvidenceFolder, tmp_path: Path) -> None:
    """A link that leads to itself."""
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(Unavailable):
        folder.add(tmp_path / "loop")


def test_a_failing_stream_leaves_nothing(folder: EvidenceFolder) -> None:
    """Half a file is not kept."""

    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise OSError(5, "Input/output error")
            return super().read(min(size or 0, 3))

    with pytest.raises(Unavailable, match="Input/output error"):
        folder.add_stream(Failing(b"hello"))
    assert files(folder) == []


def test_a_file_is_synchronised_before_it_has_its_name(folder: EvidenceFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """First the content, then the name, then every folder on the way: what is referred to survives a power cut."""
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def note_fsync(descriptor: int) -> None:
        path = str(Path(f"/proc/self/fd/{descriptor}").readlink())
        done.append("content" if evidence._TEMPORARY in path else "folder")
        fsync(descriptor)

    def note_replace(self: Path, target: Path) -> Path:
        done.append("name")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(Path, "replace", note_replace)
    folder.add_stream(io.BytesIO(b"hello"))
    assert done == ["content", "name", "folder", "folder", "folder", "folder"]


def test_a_copy_that_is_killed_leaves_no_evidence(folder: EvidenceFolder) -> None:
    """A process that dies in the middle leaves a temporary file, which the next clean-up takes away."""
    program = (
        "import os, sys; from pathlib import Path; from runners.store.evidence import EvidenceFolder\n"
        "class Deadly:\n"
        "    n = 0\n"
        "    def read(self, size):\n"
        "        self.n += 1\n"
        "        return b'half' if self.n == 1 else os._exit(9)\n"
        "EvidenceFolder(Path(sys.argv[1])).add_stream(Deadly())\n"
    )
    assert subprocess.run([sys.executable, "-c", program, str(folder.root)], check=False).returncode == 9
    assert list(folder.digests()) == []
    assert len(files(folder)) == 1

    gone = folder.gc([], older=lambda _: True)

    assert len(gone) == 1
    assert files(folder) == []


def test_cleaning_up_takes_only_what_is_old_and_unknown(folder: EvidenceFolder) -> None:
    """What the database knows stays, and what may be about to be referred to stays too."""
    kept = folder.add_stream(io.BytesIO(b"kept")).sha256
    gone = folder.add_stream(io.BytesIO(b"gone")).sha256
    (folder.root / ".part-new").touch()
    assert folder.gc([kept], older=lambda _: False) == []
    assert folder.gc([kept], older=lambda path: path.name != ".part-new") == [gone]
    assert list(folder.digests()) == [kept]
    assert (folder.root / ".part-new").exists()


def test_an_empty_folder_has_no_digests(folder: EvidenceFolder) -> None:
    """Nothing has to be made before the first file comes."""
    assert list(folder.digests()) == []
    assert folder.gc([], older=lambda _: True) == []


@pytest.mark.parametrize(
    ("name", "start", "media"),
    [
        ("brief.pdf", b"%PDF-1.7", "application/pdf"),
        ("brief.txt", b"%PDF-1.7", "application/pdf"),
        ("photo", b"\x89PNG\r\n\x1a\n", "image/png"),
        ("archive.zip", b"PK\x03\x04", "application/zip"),
        ("brief.docx", b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("page.html", b"PK\x03\x04", "application/zip"),
        ("notes.txt", b"hello", "text/plain"),
        ("notes", b"hello", "application/octet-stream"),
        ("", b"", "application/octet-stream"),
    ],
)
def test_the_media_type_is_that_of_the_content_first(name: str, start: bytes, media: str) -> None:
    """A name cannot make a picture of a page; where content says nothing, the name does."""
    assert media_type(name, start) == media
