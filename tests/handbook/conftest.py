"""The handbook of the shipped SOPs, made once."""

from pathlib import Path

import pytest

import definitions as shipped
from engine.parse import read
from runners.folders import files
from runners.handbook.book import Book, Volume
from runners.handbook.building import made
from runners.handbook.shelf import areas, from_parsed, roles
from runners.handbook.words import TAGS
from tests.handbook.reading import Read
from tests.profiles import load

load()
FOLDER = Path(next(iter(shipped.__path__)))
LANGUAGES = {tag: (tag,) for tag in TAGS}


def volumes() -> list[Volume]:
    found = [from_parsed(read(path.read_bytes(), name=path.name)) for path in files([FOLDER])]
    return [volume for volume in found if volume]


def shipped_book() -> Book:
    """The shipped SOPs."""
    return Book(volumes(), roles([FOLDER]), areas([FOLDER]))


@pytest.fixture(scope="session")
def book() -> Book:
    """The shipped SOPs."""
    return shipped_book()


@pytest.fixture(scope="session")
def html(book: Book) -> dict[str, bytes]:
    """Every file of the handbook in four languages."""
    return made(book, LANGUAGES)


@pytest.fixture(scope="session")
def pages(html: dict[str, bytes]) -> dict[str, Read]:
    """Every page, read."""
    return {path: Read(body.decode()) for path, body in html.items()}
