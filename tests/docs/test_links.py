"""What the documentation points at is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MADE = ROOT / "docs" / "handbook"
"""Pages that are made from the definitions; their links are looked at where they are made."""
DOCUMENTS = sorted([ROOT / "README.md", *(path for path in (ROOT / "docs").rglob("*.md") if MADE not in path.parents)])
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FILE = re.compile(r"`((?:engine|runners|tests|definitions|docs)/[\w./]*\w/?)`")
HEADLINE = re.compile(r"^#+ (.+)$", re.MULTILINE)


def anchors(document: Path) -> set[str]:
    """What a link into *document* may say after its ``#``."""
    return {
        re.sub(r"[^\w -]", "", headline.lower()).replace(" ", "-")
        for headline in HEADLINE.findall(FENCE.sub("", document.read_text()))
    }


def dead(document: Path) -> Iterator[str]:
    """Links of *document* that lead nowhere, and files it names that are not there."""
    text = FENCE.sub("", document.read_text())
    for link in LINK.findall(text):
        if link.startswith(("https://", "http://")):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            yield link
    yield from (name for name in FILE.findall(text) if not (ROOT / name).exists())


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_points_nowhere(document: Path) -> None:
    """Every relative link, every anchor, and every file of ours that is named."""
    assert list(dead(document)) == []


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    """The negative control: a missing file, a missing headline and a missing module are named, what is there is not."""
    document = tmp_path / "page.md"
    document.write_text("# Here\n[a](gone.md) [b](#here) [c](#there) [d](page.md#here) `engine/gone.py` `engine/limits.py`\n")

    assert list(dead(document)) == ["gone.md", "#there", "engine/gone.py"]
