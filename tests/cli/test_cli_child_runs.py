"""Runs that wait for other runs, as somebody sees and leads them on the command line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from runners.cli.door import main
from runners.store.database import open_database

Sop = Callable[[str, str], tuple[int, str]]
HEAD = "version: 1.0.0\ntitle: T\npurpose: P.\nscope: S.\nowner: lead\nroles: [lead, maker]\nsteps:\n"
OUTER = f"sop: outer\n{HEAD}  - {{id: a, role: maker}}\n  - {{id: child, run: kid}}\n  - {{id: z, role: maker}}\n"
KID = f"sop: kid\n{HEAD}  - {{id: k, role: maker}}\n"


@pytest.fixture
def sop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Sop:
    """Carries out one command line of a person; gives the exit code and what was printed. OUT-1 waits for OUT-1.1."""
    (tmp_path / "sops").mkdir()
    (tmp_path / "sops" / "outer.yaml").write_text(OUTER)
    (tmp_path / "sops" / "kid.yaml").write_text(KID)
    (tmp_path / "people.yaml").write_text("people: {ana: {roles: [lead]}, ben: {roles: [maker]}}\n")
    url = f"sqlite:///{tmp_path / 'sop.db'}"
    open_database(url, create=True).close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SOP_DEFINITIONS", str(tmp_path / "sops"))

    def run(who: str, line: str) -> tuple[int, str]:
        code = main(["--db", url, "--as", who, "--no-input", *line.split()])
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    for who, line in (("ana", "people import people.yaml"), ("ana", "start outer --title T"), ("ben", "complete OUT-1/a")):
        assert run(who, line)[0] == 0
    return run


def follow(sop: Sop, *lines: tuple[str, str, int, str]) -> None:
    """Each line by its person, with its exit code and what is said."""
    for who, line, code, said in lines:
        found, printed = sop(who, line)
        assert (found, said in printed) == (code, True), f"{line}: {found}\n{printed}"


def test_going_back_tells_that_the_child_ends(sop: Sop) -> None:
    """Both previews and the answer name the child; afterwards one child is open and the records agree."""
    follow(
        sop,
        ("ana", "rewind OUT-1/a -m x -n", 0, "in OUT-1.1: run cancelled"),
        ("ana", "rewind OUT-1/a -m x", 2, "is cancelled: OUT-1.1"),
        ("ana", "rewind OUT-1/a -m x -y", 0, "OUT-1.1 is cancelled"),
        ("ben", "complete OUT-1/a", 0, "OUT-1.2 started"),
        ("ana", "show OUT-1.1", 0, "cancelled"),
        ("ana", "verify OUT-1", 0, "same answers"),
        ("ana", "verify OUT-1.1", 0, "same answers"),
    )
