"""The pages of the shipped SOPs that stand in the documentation."""

import re
from pathlib import Path

from runners.handbook.book import Book
from runners.handbook.building import made
from tests.handbook.conftest import LANGUAGES

LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)#?([^)\s]*)\)")
ANCHOR = re.compile(r'<a id="([^"]*)"></a>')
PAGES = Path(__file__).resolve().parents[2] / "docs" / "handbook"


def test_the_documentation_holds_the_handbook_as_it_would_be_made_now(book: Book) -> None:
    """Every page in every language, and none that is left over: `python tests/regenerate.py handbook` writes them."""
    wanted = made(book, LANGUAGES, "markdown")
    there = {path.relative_to(PAGES).as_posix(): path for path in PAGES.rglob("*") if path.suffix in {".md", ".svg"}}
    assert there.keys() == wanted.keys()
    assert [name for name, path in there.items() if path.read_bytes() != wanted[name]] == []


def test_their_links_lead_somewhere() -> None:
    """To a page or a picture that is there, and to a place on it."""
    texts = {path: path.read_text(encoding="utf-8") for path in PAGES.rglob("*.md")}
    places = {path: set(ANCHOR.findall(text)) for path, text in texts.items()}
    dead = []
    for page, text in texts.items():
        for target, place in set(LINK.findall(text)):
            found = (page.parent / target).resolve() if target else page
            if not found.is_file() or (place and place not in places[found]):
                dead.append((page.name, target, place))
    assert dead == []
