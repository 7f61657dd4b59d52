"""The rules of the house that a few lines can check: sizes, names, what must not be in the repository."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import __version__

ROOT = Path(__file__).resolve().parents[2]
LINES_OF_A_FILE = 320
LINES_OF_A_FUNCTION = 65
GENERATED = re.compile(r"runners/store/sql/.*|uv\.lock|definitions/schema/.*|docs/reference/.*|LICENSE")


def tracked(pattern: str = "") -> list[Path]:
    """Files that git knows."""
    found = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in found.stdout.splitlines() if name.endswith(pattern) and (ROOT / name).is_file()]


def source() -> Iterator[Path]:
    """Python files of the product."""
    for path in tracked(".py"):
        if path.relative_to(ROOT).parts[0] in {"engine", "runners", "definitions"}:
            yield path


def test_no_file_is_long() -> None:
    """A file that grew beyond about 300 lines wants to be two."""
    long = {
        str(path.relative_to(ROOT)): count
        for path in source()
        if not GENERATED.fullmatch(str(path.relative_to(ROOT))) and (count := len(path.read_text().splitlines())) > LINES_OF_A_FILE
    }

    assert long == {}


def test_no_function_is_long() -> None:
    """A function that grew beyond about 60 lines wants to be two."""
    long = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": length
        for path in source()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and (length := (node.end_lineno or 0) - node.lineno + 1) > LINES_OF_A_FUNCTION
    }

    assert long == {}


def test_version_stands_once() -> None:
    """The version that records carry is the version of the distribution."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert __version__ == project["version"]


@pytest.mark.parametrize("word", ["/work/", "TODO", "FIXME", "XXX(", "NotImplementedError", "pickle.loads", "pragma: no cover"])
def test_nothing_unfinished_or_local_is_in_the_repository(word: str) -> None:
    """No path of a machine, no note to oneself, no way round the rules."""
    own = Path(__file__).resolve()
    found = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path != own and path.suffix != ".lock" and word in path.read_text(errors="ignore")
    ]

    assert found == []


def test_nobody_evaluates_text() -> None:
    """No `eval`, `exec`, `compile` or `pickle` call in the product."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in source()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"eval", "exec", "compile", "__import__"}
    ]

    assert found == []


def test_packages_import_nothing_heavy() -> None:
    """A package's `__init__` is a docstring and constants, so that importing a room costs nothing."""
    found = {
        str(path.relative_to(ROOT)): [
            ast.unparse(node) for node in ast.parse(path.read_text()).body if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        for path in source()
        if path.name == "__init__.py" and path.parent.name != "cli"
    }

    assert {name: imports for name, imports in found.items() if imports and name != "definitions/__init__.py"} == {}
