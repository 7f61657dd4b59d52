"""Reads pages as a browser would, as far as tests need it."""

import re
from html.parser import HTMLParser
from typing import NamedTuple

VOID = frozenset({"br", "link", "meta"})


class Element(NamedTuple):
    """An element with its attributes and all text inside it."""

    tag: str
    attributes: dict[str, str]
    text: str
    """With blanks and line breaks as one blank."""
    path: tuple[str, ...]


class Read(HTMLParser):
    """A page, read strictly: every tag is closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        self.elements: list[Element] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        assert len(found) == len(attrs)
        self._open.append((tag, found, []))
        if tag in VOID:
            self._done()

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1][0] == tag, (tag, self._open[-1])
        self._done()

    def handle_data(self, data: str) -> None:
        for _, _, texts in self._open:
            texts.append(data)

    def _done(self) -> None:
        tag, attributes, texts = self._open.pop()
        text = re.sub(r"\s+", " ", "".join(texts)).strip()
        self.elements.append(Element(tag, attributes, text, tuple(name for name, _, _ in self._open)))

    def all(self, *tags: str) -> list[Element]:
        """Every element of these tags."""
        return [element for element in self.elements if element.tag in tags]

    def attributes(self, name: str) -> list[str]:
        """Every value of an attribute."""
        return [element.attributes[name] for element in self.elements if name in element.attributes]
