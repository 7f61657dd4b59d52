"""Every console block of the documentation is executed: what the documents show is what the product does.

A document is one session in an empty folder. In a ``console`` block a line that begins with ``$`` is a command (a
backslash continues it); the lines below it are its output, where ``…`` stands for anything. A command without output
below it only has to succeed; ``# exit 6`` at its end says that it must end with that code. A fenced block whose info
string ends in ``file=NAME`` is written to that file first.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import Result, in_process

ROOT = Path(__file__).resolve().parents[2]
MADE = ROOT / "docs" / "handbook"
"""Pages that are made from the definitions; their links are looked at where they are made."""
DOCUMENTS = sorted([ROOT / "README.md", *(path for path in (ROOT / "docs").rglob("*.md") if MADE not in path.parents)])
FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
EXIT = re.compile(r"\s+# exit (\d+)$")
SHELL = re.compile(r"[|&;<>$`*?~#]")
"""What only a shell understands."""
PLAIN = re.compile(r"(?P<set>(?:[A-Z_]+=\S+ +)*)sop (?P<rest>.*)")
"""A command of ours, with variables set for it."""
TYPED = {"README.md", "tutorial.md"}
"""What newcomers type first is tried as they do, every command a process of its own."""


def sessions(text: str) -> Iterator[tuple[str, str, str]]:
    """Info string's kind (``console`` or ``file``), name or command, and content or expected output."""
    for block in FENCE.finditer(text):
        info = block["info"].split()
        named = [word.removeprefix("file=") for word in info if word.startswith("file=")]
        if named:
            yield "file", named[0], block["body"]
        elif info[:1] == ["console"]:
            yield from commands(block["body"])


def commands(body: str) -> Iterator[tuple[str, str, str]]:
    """The commands of one block with what they are said to print."""
    command: list[str] = []
    output: list[str] = []
    continued = False
    for line in body.splitlines():
        if line.startswith("$ ") or continued:
            if not continued:
                if command:
                    yield "console", "\n".join(command), "\n".join(output)
                command, output = [], []
            command.append(line.removeprefix("$ ") if not continued else line)
            continued = line.endswith("\\")
        else:
            output.append(line)
    if command:
        yield "console", "\n".join(command), "\n".join(output)


def pattern(expected: str) -> str:
    """A regular expression for *expected*, in which ``…`` is anything, lines included, and runs of spaces are alike."""
    lines = [
        r"[ ]*" + r"[ ]+".join(r"(?:.|\n)*?".join(map(re.escape, word.split("…"))) for word in line.split()) + r"[ ]*"
        for line in expected.strip().splitlines()
    ]
    return "\n".join(lines)


class Reader:
    """Somebody who types what a document shows, in a folder of their own.

    Args:
        folder: empty.
        typed: where every command is a process; elsewhere plain ones of ``sop`` are carried out in this one.
        begun: a folder in which ``sop init`` was given, and nothing else.
    """

    def __init__(self, folder: Path, *, typed: bool, begun: tuple[Path, Result] | None = None) -> None:
        self._folder, self._typed, self._begun = folder, typed, begun
        self._environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(folder), "LANG": "C.UTF-8", "SOP_USER": "ana", "COLUMNS": "100", "TZ": "UTC", "NO_COLOR": "1",
        }  # fmt: skip

    def types(self, command: str) -> Result:
        """What *command* does."""
        line = command.replace("\\\n", " ")
        if self._typed or SHELL.search(line) or not (plain := PLAIN.fullmatch(line)):
            ran = subprocess.run(
                ["bash", "-c", command], cwd=self._folder, env=self._environment, capture_output=True, text=True, check=False,
                stdin=subprocess.DEVNULL,
            )  # fmt: skip
            return Result(ran.returncode, ran.stdout, ran.stderr)
        if self._begun and line == "sop init" and not any(self._folder.iterdir()):
            shutil.copytree(self._begun[0], self._folder, dirs_exist_ok=True)
            return self._begun[1]
        set_before = dict(word.split("=", 1) for word in plain["set"].split())
        return in_process(shlex.split(plain["rest"]), self._folder, {**self._environment, **set_before})


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """What ``sop init`` makes of an empty folder, and what it says: most documents begin with it."""
    folder = tmp_path_factory.mktemp("begun")
    return folder, Reader(folder, typed=False).types("sop init")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_document_tells_the_truth(document: Path, tmp_path: Path, begun: tuple[Path, Result]) -> None:
    """The commands of the document do and print what it says."""
    reader = Reader(tmp_path, typed=document.name in TYPED, begun=begun)
    for kind, name, content in sessions(document.read_text()):
        if kind == "file":
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(content)
            continue
        if name.startswith(("pip ", "python3 -m pip", "git ", "uv ")):
            continue  # how to get the product; tried on a fresh machine, not here
        expected_code = int(found[1]) if (found := EXIT.search(name)) else 0
        ran = reader.types(EXIT.sub("", name))
        printed = ran.out + ran.err

        assert (expected_code, name) == (ran.code, name), printed
        if content.strip():
            assert re.fullmatch(pattern(content), "\n".join(line.rstrip() for line in printed.strip().splitlines())), (
                f"$ {name}\n{printed}"
            )
