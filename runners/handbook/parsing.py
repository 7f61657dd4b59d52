"""Expressions taken apart, to be said in words; nothing is evaluated here, and what is not said is not taken apart either."""

import re
from typing import Final, NamedTuple

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'[^'\\]*'|\"[^\"\\]*\")|(?P<name>[A-Za-z_]\w*)|(?P<sign>&&|\|\||[=!<>]=|[-+*/%<>!()\[\],.?:]))"
)
LEVELS: Final = (("||",), ("&&",), ("==", "!=", "<", "<=", ">", ">=", "in"), ("+", "-"), ("*", "/", "%"))
"""Signs of operators, those that bind least first."""
_TOKENS: Final = 120
"""What is longer is no sentence any more; it also bounds how deep the parts stand in one another."""


class UnsayableError(Exception):
    """There are no better words than the expression."""


class Node(NamedTuple):
    """A part of an expression: ``name``, ``text``, ``number``, ``list``, ``call``, ``not`` or the sign of an operator."""

    kind: str
    value: str = ""
    parts: "tuple[Node, ...]" = ()


class Parser:
    """Reads an expression once, from its beginning to its end."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        place = 0
        text = text.strip()
        while place < len(text):
            found = _TOKEN.match(text, place)
            if not found:
                raise UnsayableError
            self._tokens.append((str(found.lastgroup), found[str(found.lastgroup)]))
            place = found.end()
        if len(self._tokens) > _TOKENS:
            raise UnsayableError
        self._at = 0

    def whole(self) -> Node:
        """What it is. Raises UnsayableError."""
        node = self._choice()
        if self._at < len(self._tokens):
            raise UnsayableError
        return node

    def _peek(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def _next(self, wanted: str = "") -> tuple[str, str]:
        if self._at >= len(self._tokens) or (wanted and self._peek() != wanted):
            raise UnsayableError
        self._at += 1
        return self._tokens[self._at - 1]

    def _choice(self) -> Node:
        """A whole expression, which may be a choice between two."""
        node = self._level(0)
        if self._peek() != "?":
            return node
        self._next()
        yes = self._choice()
        self._next(":")
        return Node("?", "", (node, yes, self._choice()))

    def _level(self, level: int) -> Node:
        if level == len(LEVELS):
            return self._unary()
        left = self._level(level + 1)
        while self._peek() in LEVELS[level]:
            sign = self._next()[1]
            left = Node(sign, "", (left, self._level(level + 1)))
        return left

    def _unary(self) -> Node:
        if self._peek() == "!":
            self._next()
            return Node("not", "", (self._unary(),))
        return self._primary()

    def _primary(self) -> Node:
        kind, value = self._next()
        if value == "(":
            node = self._choice()
            self._next(")")
        elif value == "[":
            node = Node("list", "", self._many("]"))
        elif kind in {"number", "text"}:
            node = Node(kind, value[1:-1] if kind == "text" else value)
        elif kind == "name":
            node = self._name(value)
        else:
            raise UnsayableError
        return node

    def _name(self, name: str) -> Node:
        while self._peek() == ".":
            self._next()
            name += "." + self._next()[1]
        if self._peek() == "(":
            self._next()
            return Node("call", name, self._many(")"))
        return Node("name", name)

    def _many(self, end: str) -> tuple[Node, ...]:
        found: list[Node] = []
        while self._peek() != end:
            found.append(self._choice())
            if self._peek() != end:
                self._next(",")
        self._next(end)
        return tuple(found)
