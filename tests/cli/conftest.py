"""A project to try commands in, and two ways to give them: in this process and as real ones."""

import contextlib
import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from runners.cli.door import main
from runners.store.database import open_database
from tests.commands import Result, in_process

ROOT = Path(__file__).parents[2]

MINI = """\
sop: mini
version: 1.0.0
prefix: MIN
title: {en: Mini procedure, ko: 작은 절차}
purpose: Try things out.
scope: Nothing else.
owner: manager
roles: [manager, content_creator, content_reviewer]
separate: [[draft, review]]
inputs:
  topic: {type: text, required: true}
  budget: {type: money, currency: EUR}
parameters:
  days: {type: number, default: 2, min: 1, max: 9, source: a test, confidence: inference}
steps:
  - id: draft
    title: Write it
    role: content_creator
    instructions: Write what is needed.
    due: 2 days
    remind: [-4h]
    form:
      text: {type: longtext, required: true, label: The text, help: What it says.}
      size: {type: number, min: 1, max: 10}
      mood: {type: choice, options: [calm, loud]}
      places: {type: multi_choice, options: [web, print]}
      brief: {type: file}
      expert: {type: user}
      rows: {type: table, columns: {name: {type: text, required: true}, amount: {type: number}}}
  - id: both
    parallel:
      left: [{id: left_work, role: content_creator}]
      right: [{id: right_work, role: content_creator}]
  - id: review
    title: Look at it
    approval: {role: content_reviewer, of: [draft]}
    outcomes:
      approve: next
      reject: {to: draft, reason: required, rounds: 3, then: end(given_up)}
  - id: publish
    role: content_creator
    outcomes: {done: end, never: end(dropped)}
"""


class Rows:
    """What a database held at a moment; the same bytes hold the same rows, others are compared row by row."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, body: bytes) -> None:
        self._body = body

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rows) and (self._body == other._body or list(self) == list(other))

    def __iter__(self) -> Iterator[str]:
        with contextlib.closing(sqlite3.connect(":memory:")) as connection:
            connection.deserialize(self._body[:18] + b"\x01\x01" + self._body[20:])  # what lives in memory has no second file
            yield from connection.iterdump()


class Project:
    """A folder with ``.sop`` in it, and people, and the SOP ``mini``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / ".sop" / "sop.db"

    def sop(self, *arguments: str, who: str = "ana", stdin: str = "", env: Mapping[str, str] | None = None) -> Result:
        """A command in this process; SOP_USER says *who* gives it."""
        return in_process(arguments, self.folder, self.environment(who, env), stdin)

    def process(self, *arguments: str, who: str = "ana", env: Mapping[str, str] | None = None, stdin: bytes = b"") -> Result:
        """A command as a real process."""
        done = subprocess.run(
            [sys.executable, "-m", "runners.cli", *arguments], cwd=self.folder, env=self.environment(who, env), input=stdin,
            capture_output=True, timeout=60, check=False,
        )  # fmt: skip
        return Result(
            done.returncode, done.stdout.decode("utf-8", "surrogateescape"), done.stderr.decode("utf-8", "surrogateescape")
        )

    def environment(self, who: str, env: Mapping[str, str] | None = None) -> dict[str, str]:
        """Only what a command needs, so that nothing of this machine leaks into a test."""
        made = {"HOME": str(self.folder / "home"), "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
        made |= {"COLUMNS": "200"} | ({"SOP_USER": who} if who else {})
        kept = {name: value for name, value in os.environ.items() if name.startswith("COV")}
        return {**kept, **made, **(env or {})}

    def good(self, *arguments: str, who: str = "ana", stdin: str = "") -> str:
        """The output of a command that has to succeed."""
        done = self.sop(*arguments, who=who, stdin=stdin)
        assert done.code == 0, done
        return done.out

    def start(self, title: str = "First") -> str:
        """A run of ``mini``: ana leads, ben and carla create, dora reviews."""
        roles = ("manager=ana", "content_creator=ben,carla", "content_reviewer=dora")
        out = self.good("start", "mini", "--title", title, "--set", "topic=Spring", *(f"--role={role}" for role in roles))
        return out.split()[1]

    def rows(self) -> "Rows":
        """Everything in the database."""
        with contextlib.closing(sqlite3.connect(self.database)) as connection:
            return Rows(connection.serialize())

    def change(self, statement: str, *values: object) -> None:
        """Change the database behind the program's back."""
        with contextlib.closing(sqlite3.connect(self.database, isolation_level=None)) as connection:
            connection.execute(statement, values)


@pytest.fixture(scope="session")
def made_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project made once; each test gets a copy."""
    folder = tmp_path_factory.mktemp("project")
    (folder / ".sop" / "definitions").mkdir(parents=True)
    (folder / ".sop" / "definitions" / "mini.yaml").write_text(MINI, encoding="utf-8")
    project = Project(folder)
    assert project.sop("init").code == 0
    return folder


@pytest.fixture(scope="session")
def new_project(made_project: Path) -> Callable[[Path], Project]:
    """Makes a project in a folder that does not exist yet."""

    def new(folder: Path) -> Project:
        shutil.copytree(made_project, folder)
        return Project(folder)

    return new


@pytest.fixture
def project(new_project: Callable[[Path], Project], tmp_path: Path) -> Project:
    """A project of this test's own."""
    return new_project(tmp_path / "here")


@pytest.fixture
def mini() -> str:
    """The YAML of the SOP ``mini``."""
    return MINI


class Lines:
    """Command lines that people type in a folder with a few small SOPs.

    Attributes:
        taken_in: what was said when the people were.
    """

    taken_in = ""

    def __init__(self, url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self._url, self._capsys = url, capsys

    def by(self, who: str, line: str) -> tuple[int, str]:
        """The exit code of what *who* types, and everything that is printed."""
        code, out, err = self._typed(who, line.split())
        return code, out + err

    def by_ana(self, line: str, who: str = "ana") -> tuple[int, str, str]:
        """Exit code, results and messages of what Ana types, or *who* does; quoted words are one."""
        return self._typed(who, shlex.split(line))

    def _typed(self, who: str, words: Sequence[str]) -> tuple[int, str, str]:
        code = main(["--db", self._url, "--as", who, "--no-input", *words])
        printed = self._capsys.readouterr()
        return code, printed.out, printed.err


@pytest.fixture
def lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Lines]:
    """Makes such a folder: files by name (SOPs under ``sops/``, ``people.yaml``), and a database; what comes along is left out."""

    def made(files: Mapping[str, str], url: str = "") -> Lines:
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text)
        url = url or f"sqlite:///{tmp_path / 'sop.db'}"
        open_database(url, create=True).close()
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("SOP_DEFINITIONS", str(tmp_path / "sops"))
        monkeypatch.setenv("SOP_SHIPPED", "no")
        typed = Lines(url, capsys)
        code, typed.taken_in = typed.by("ana", "people import people.yaml")
        assert code == 0
        return typed

    return made
