"""Every console block of the documentation is executed: what the documents show is what the product does.

A document is one session in an empty folder. In a ``console`` block a line that begins with ``$`` is a command (a
backslash continues it); the lines below it are its output, where ``…`` stands for anything. A command without output
below it only has to succeed; ``# exit 6`` at its end says that it must end with that code. A fenced block whose info
string ends in ``file=NAME`` is written to that file first.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MADE = ROOT / "docs" / "handbook"
"""Pages that are made from the definitions; their links are looked at where they are made."""
DOCUMENTS = sorted([ROOT / "README.md", *(path for path in (ROOT / "docs").rglob("*.md") if MADE not in path.parents)])
FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
EXIT = re.compile(r"\s+# exit (\d+)$")


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


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_document_tells_the_truth(document: Path, tmp_path: Path) -> None:
    """The commands of the document do and print what it says."""
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path), "LANG": "C.UTF-8", "SOP_USER": "ana", "COLUMNS": "100", "TZ": "UTC", "NO_COLOR": "1",
    }  # fmt: skip
    environment |= {name: value for name, value in os.environ.items() if name.startswith(("COV_", "COVERAGE_"))}
    for kind, name, content in sessions(document.read_text()):
        if kind == "file":
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(content)
            continue
        if name.startswith(("pip ", "python3 -m pip", "git ", "uv ")):
            continue  # how to get the product; tried on a fresh machine, not here
        expected_code = int(found[1]) if (found := EXIT.search(name)) else 0
        ran = subprocess.run(
            ["bash", "-c", EXIT.sub("", name)],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        printed = ran.stdout + ran.stderr

        assert (expected_code, name) == (ran.returncode, name), printed
        if content.strip():
            assert re.fullmatch(pattern(content), "\n".join(line.rstrip() for line in printed.strip().splitlines())), (
                f"$ {name}\n{printed}"
            )
