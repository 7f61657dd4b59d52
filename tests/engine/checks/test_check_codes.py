"""The table of codes: complete, and each of them shown to happen by a test."""

import re
from pathlib import Path

from engine.checks.codes import CODES, Lint

TESTS = Path(__file__).parents[2]


def test_every_code_is_explained() -> None:
    """Each code has a title and a text that says how to mend it."""
    assert list(Lint) == list(CODES)
    assert all(title and text.endswith(".") for title, text in CODES.values())


def test_every_code_happens_in_a_test() -> None:
    """No code is without a document that gives it."""
    written = "".join(path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py"))

    assert sorted(Lint) == sorted(set(re.findall(r"SOP-L\d{3}", written)) & set(Lint))
