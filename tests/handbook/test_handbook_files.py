"""How the files of a handbook are written: whole, and never over what somebody else wrote."""

import json
from pathlib import Path

import pytest

from runners.handbook.building import MANIFEST, Built, ForeignFilesError, write
from runners.handbook.shelf import UnusableError, areas, roles

FILES = {"index.html": b"one", "en/sop/a.html": b"two"}


def test_second_time_replaces_and_tidies_up(tmp_path: Path) -> None:
    """What was written here is replaced, and what is made no more is taken away with its empty folder."""
    assert write(tmp_path / "new" / "out", FILES) == Built(tuple(FILES), ())
    folder = tmp_path / "new" / "out"
    assert write(folder, {"index.html": b"changed"}) == Built(("index.html",), ("en/sop/a.html",))
    assert (folder / "index.html").read_bytes() == b"changed"
    assert not (folder / "en" / "sop").exists()
    assert (folder / "index.html").stat().st_mode & 0o777 == 0o644
    assert sorted(path.name for path in folder.iterdir()) == ["en", MANIFEST, "index.html"]


def test_foreign_files_stay(tmp_path: Path) -> None:
    """Nothing is written as long as a file of somebody else is in the way; with force it is replaced."""
    (tmp_path / "index.html").write_bytes(b"theirs")
    with pytest.raises(ForeignFilesError) as found:
        write(tmp_path, FILES)
    assert found.value.paths == (tmp_path / "index.html",)
    assert str(tmp_path / "index.html") in str(found.value)
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]
    write(tmp_path, FILES, force=True)
    assert (tmp_path / "index.html").read_bytes() == b"one"


def test_file_changed_by_hand_is_foreign(tmp_path: Path) -> None:
    """What we wrote and somebody changed is theirs now, also when it would be taken away."""
    write(tmp_path, FILES)
    (tmp_path / "en/sop/a.html").write_bytes(b"mended by hand")
    with pytest.raises(ForeignFilesError):
        write(tmp_path, FILES)
    assert write(tmp_path, {"index.html": b"one"}).removed == ()
    assert (tmp_path / "en/sop/a.html").read_bytes() == b"mended by hand"


def test_same_content_is_no_obstacle(tmp_path: Path) -> None:
    """A lost list of files is made again when all that stands there is what would be written."""
    write(tmp_path, FILES)
    (tmp_path / MANIFEST).unlink()
    write(tmp_path, FILES)
    assert set(json.loads((tmp_path / MANIFEST).read_bytes())["files"]) == set(FILES)


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b'{"schema": "sop-handbook/1"}', b'{"schema": "x", "files": {}}', b"\xff", b"[" * 100_000, b" " * 4_000_001],
)
def test_list_that_is_not_ours_is_foreign(tmp_path: Path, body: bytes) -> None:
    """A file that only has the name of our list is not trusted, and not replaced."""
    (tmp_path / MANIFEST).write_bytes(body)
    with pytest.raises(ForeignFilesError):
        write(tmp_path, FILES)
    assert (tmp_path / MANIFEST).read_bytes() == body


def test_list_leads_to_no_other_files(tmp_path: Path) -> None:
    """A list that names files elsewhere takes none of them away."""
    out = tmp_path / "out"
    write(out, FILES)
    victim = tmp_path / "victim.html"
    victim.write_bytes(b"one")
    listed = json.loads((out / MANIFEST).read_bytes())
    mark = listed["files"]["index.html"]
    listed["files"] |= {"../victim.html": mark, str(victim): mark, "gone.html": mark}
    (out / MANIFEST).write_text(json.dumps(listed), encoding="utf-8")
    assert write(out, FILES).removed == ()
    assert victim.exists()


def test_links_and_folders_are_foreign(tmp_path: Path) -> None:
    """A symbolic link is never written through, and a folder is no file."""
    (tmp_path / "elsewhere").write_bytes(b"theirs")
    out = tmp_path / "out"
    out.mkdir()
    (out / "index.html").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ForeignFilesError):
        write(out, FILES)
    write(out, FILES, force=True)
    assert (tmp_path / "elsewhere").read_bytes() == b"theirs"
    assert not (out / "index.html").is_symlink()
    (out / "index.html").unlink()
    (out / "index.html").mkdir()
    with pytest.raises(OSError, match="index"):
        write(out, FILES, force=True)
    assert not [path for path in out.iterdir() if path.name.startswith(".handbook-")]


def test_roles_of_all_folders_are_one_catalogue(tmp_path: Path) -> None:
    """Later folders win; what is no text is left out, and what is no catalogue too."""
    for name, text in (
        ("one", "roles:\n  a: {title: A, duties: {en: x, ko: 1}, external: true}\n  b: {title: B}\n  c: text\n"),
        ("two", "roles: {b: {title: {en: Other}}}\n"),
        ("three", "roles: []\n"),
        ("four", "just text\n"),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "roles.yaml").write_text(text, encoding="utf-8")
    found = roles([tmp_path / name for name in ("one", "two", "three", "four", "none")])
    assert found == {"a": {"title": "A", "external": True}, "b": {"title": {"en": "Other"}}}


def test_areas_of_ones_own_come_first(tmp_path: Path) -> None:
    """A title may be one text or several."""
    for name, text in (("one", '[[area]]\ntitle = {en = "E"}\nsops = ["a"]\n'), ("two", '[[area]]\ntitle = "T"\nsops = ["b"]\n')):
        (tmp_path / name).mkdir()
        (tmp_path / name / "areas.toml").write_text(text, encoding="utf-8")
    assert areas([tmp_path / "one", tmp_path / "two"]) == [({"en": "T"}, ("b",)), ({"en": "E"}, ("a",))]


@pytest.mark.parametrize(
    "text", ["=", "area = 1", "[[area]]\ntitle = 1\nsops = []", '[[area]]\ntitle = "T"', '[[area]]\ntitle="T"\nsops=[1]', "\xff"]
)
def test_areas_that_are_none_are_named(tmp_path: Path, text: str) -> None:
    """The file is named in what is said."""
    (tmp_path / "areas.toml").write_text(text, encoding="latin-1")
    with pytest.raises(UnusableError, match=r"areas\.toml"):
        areas([tmp_path])
