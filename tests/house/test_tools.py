"""The rules of the house that tools can check: style, types, imports."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = {
    "ruff check": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "mypy": ["mypy"],
    "import-linter": ["lint-imports", "--no-cache"],
}


@pytest.mark.usefixtures("unmeasured")
@pytest.mark.parametrize("name", TOOLS)
def test_tool_is_content(name: str) -> None:
    """Ruff, mypy and import-linter find nothing."""
    program, *arguments = TOOLS[name]
    found = subprocess.run(
        [Path(sys.executable).with_name(program), *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert found.returncode == 0, found.stdout + found.stderr
