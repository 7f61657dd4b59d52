"""The pages of the shipped SOPs that stand in the documentation."""

import re
from pathlib import Path

from runners.handbook.book import Book
from runners.handbook.building import made
from tests.handbook.conftest import LANGUAGES

LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)#?([^)\s]*)\)")
PAGES = Path(__file__).resolve().parents[2] / "docs" / "handbook"


def test_the_documentation_holds_the_handbook_as_it_would_be_made_now(book: Book) -> None:
    """Every page in every language, and none that is left over: `python tests/regenerate.py handbook` writes them."""
    wanted = made(book, LANGUAGES, "markdown")
    there = {path.relative_to(PAGES).as_posix(): path for path in PAGES.rglob("*") if path.suffix in {".md", ".svg"}}
    assert there.keys() == wanted.keys()
    assert [name for name, path in there.items() if path.read_bytes() != wanted[name]] == []


def test_their_links_lead_somewhere() -> None:
    """To a page or a picture that is there, and to a place on it."""
    dead = []
    for page in PAGES.rglob("*.md"):
        for target, place in LINK.findall(page.read_text(encoding="utf-8")):
            found = (page.parent / target).resolve() if target else page
            if not found.is_file() or (place and f'<a id="{place}"></a>' not in found.read_text(encoding="utf-8")):
                dead.append((page.name, target, place))
    assert dead == []
