"""Expressions taken apart, to be said in words; nothing is evaluated here, and what is not said is not taken apart either."""

import re
from typing import Final, NamedTuple

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'[^'\\]*'|\"[^\"\\]*\")|(?P<name>[A-Za-z_]\w*)|(?P<sign>&&|\|\||[=!<>]=|[-+*/%<>!()\[\],.?:]))"
)
LEVELS: Final = (("||",), ("&&",), ("==", "!=", "<", "<=", ">", ">=", "in"), ("+", "-"), ("*", "/", "%"))
"""Signs of operators, those that bind least first."""
_TOKENS: Final = 240
"""What is longer is no sentence any more."""
_DEEP: Final = 24
"""How deep brackets may stand in one another: so deep that nobody could read it, and not so deep that Python gives up."""


class UnsayableError(Exception):
    """There are no better words than the expression."""


class Node(NamedTuple):
    """A part of an expression.

    Attributes:
        kind: ``name`` (dotted), ``text``, ``number``, ``list``, ``call``, ``method`` (its object is the first of the parts),
            ``member``, ``index``, ``not``, ``neg``, ``?``, or the sign of an operator.
        value: the name, the text, the number as written.
        parts: what it is made of.
    """

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
            if not found or len(self._tokens) == _TOKENS:
                raise UnsayableError
            self._tokens.append((str(found.lastgroup), found[str(found.lastgroup)]))
            place = found.end()
        self._at = 0
        self._depth = 0

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
        self._depth += 1
        if self._depth > _DEEP:
            raise UnsayableError
        node = self._level(0)
        if self._peek() == "?":
            self._next()
            yes = self._choice()
            self._next(":")
            node = Node("?", "", (node, yes, self._choice()))
        self._depth -= 1
        return node

    def _level(self, level: int) -> Node:
        if level == len(LEVELS):
            return self._unary()
        left = self._level(level + 1)
        while self._peek() in LEVELS[level]:
            sign = self._next()[1]
            left = Node(sign, "", (left, self._level(level + 1)))
        return left

    def _unary(self) -> Node:
        """What may have signs before it; a sign twice is nothing."""
        signs: list[str] = []
        while self._peek() in {"!", "-"}:
            sign = {"!": "not", "-": "neg"}[self._next()[1]]
            if signs and signs[-1] == sign:
                signs.pop()
            else:
                signs.append(sign)
        node = self._primary()
        for sign in reversed(signs):
            node = Node(sign, "", (node,))
        return node

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
            node = Node("name", value)
            if self._peek() == "(":
                self._next()
                node = Node("call", value, self._many(")"))
        else:
            raise UnsayableError
        return self._followed(node)

    def _followed(self, node: Node) -> Node:
        """*node* with what is asked of it: a part, an entry, a method."""
        while self._peek() in {".", "["}:
            if self._next()[1] == "[":
                node = Node("index", "", (node, self._choice()))
                self._next("]")
                continue
            kind, name = self._next()
            if kind != "name":
                raise UnsayableError
            if self._peek() == "(":
                self._next()
                node = Node("method", name, (node, *self._many(")")))
            elif node.kind == "name":
                node = Node("name", f"{node.value}.{name}")
            else:
                node = Node("member", name, (node,))
        return node

    def _many(self, end: str) -> tuple[Node, ...]:
        found: list[Node] = []
        while self._peek() != end:
            found.append(self._choice())
            if self._peek() != end:
                self._next(",")
        self._next(end)
        return tuple(found)
