"""Conditions and computations of a definition in words, as far as words are clearer than the expression.

Only what people meet every day is said: comparisons, ``&&``, ``||``, ``!``, sizes, and rows of a table. Everything else stays
the expression that it is, marked as code; nothing is evaluated here.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from engine.procedure import Step
from engine.text import clean
from runners.handbook.blocks import Bit
from runners.handbook.days import counted
from runners.handbook.voice import Voice, field_value, spaced

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'[^'\\]*'|\"[^\"\\]*\")|(?P<name>[A-Za-z_]\w*)|(?P<sign>&&|\|\||[=!<>]=|[-+*/%<>!()\[\],.?:]))"
)
_LEVELS: Final = (("||",), ("&&",), ("==", "!=", "<", "<=", ">", ">=", "in"), ("+", "-"), ("*", "/", "%"))
_SIGNS: Final = {"==": "=", "!=": "≠", "<=": "≤", ">=": "≥", "*": "×", "-": "−", "/": "÷"}  # noqa: RUF001 - signs of arithmetic
_MIRRORED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_TOKENS: Final = 120
"""What is longer is no sentence any more; it also bounds how deep the parts stand in one another."""
_COMPARED: Final = 2


class _UnsayableError(Exception):
    """There are no better words than the expression."""


class Node(NamedTuple):
    """A part of an expression: ``name``, ``text``, ``number``, ``list``, ``call``, ``not`` or the sign of an operator."""

    kind: str
    value: str = ""
    parts: "tuple[Node, ...]" = ()


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        place = 0
        text = text.strip()
        while place < len(text):
            found = _TOKEN.match(text, place)
            if not found:
                raise _UnsayableError
            self._tokens.append((str(found.lastgroup), found[str(found.lastgroup)]))
            place = found.end()
        if len(self._tokens) > _TOKENS:
            raise _UnsayableError
        self._at = 0

    def whole(self) -> Node:
        node = self._choice()
        if self._at < len(self._tokens):
            raise _UnsayableError
        return node

    def _peek(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def _next(self, wanted: str = "") -> tuple[str, str]:
        if self._at >= len(self._tokens) or (wanted and self._peek() != wanted):
            raise _UnsayableError
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
        if level == len(_LEVELS):
            return self._unary()
        left = self._level(level + 1)
        while self._peek() in _LEVELS[level]:
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
            raise _UnsayableError
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


class _Teller:
    """Says parts of an expression.

    Args:
        voice: the language and the definition.
        rows: name of a row to the columns of its table.
    """

    def __init__(self, voice: Voice, rows: Mapping[str, Mapping[str, Any]]) -> None:
        self._voice = voice
        self._rows = rows

    def condition(self, node: Node, *, inside: bool = False) -> str:
        """*node*, which is true or false. ``inside`` of another, what has several parts stands in brackets."""
        if node.kind in {"&&", "||"}:
            key = "say.and" if node.kind == "&&" else "say.or"
            first, second = node.parts
            parts = {"a": self.condition(first, inside=first.kind != node.kind), "b": self.condition(second, inside=True)}
            said = self._voice.w(key, **parts)
            return f"({said})" if inside else said
        if node.kind == "not":
            return self._not(node.parts[0])
        if node.kind in {"in", *_LEVELS[2]}:
            return self._compared(node)
        if node.kind == "name":
            return self._true(node.value, yes=True)
        if node.kind == "call":
            return self._rows_of(node)
        raise _UnsayableError

    def _not(self, node: Node) -> str:
        if node.kind == "name":
            return self._true(node.value, yes=False)
        return self._voice.w("say.not", a=self.condition(node, inside=True))

    def _true(self, name: str, *, yes: bool) -> str:
        w = self._voice.w
        if name in {"true", "false"}:
            return w("say.always") if (name == "true") == yes else w("say.never")
        if name == "run.drill":
            return w("say.a_drill" if yes else "say.no_drill")
        step, _, field = name.partition(".")
        if step == "kpi" and field.endswith(".met"):
            return w("say.met" if yes else "say.missed", a=self._voice.figure(field))
        if field == "done" and step in self._voice.procedure.steps:
            return w("say.was_done" if yes else "say.not_done", step=self._voice.step_n(step))
        return f"{self._named(name)[0]} = {w('yes' if yes else 'no')}"

    def _compared(self, node: Node) -> str:
        left, right, sign = *node.parts, node.kind
        if left.kind in {"text", "number"} and right.kind == "name" and sign == "in":
            options = self._named(right.value)[1]
            return self._voice.w("say.contains", list=self._named(right.value)[0], a=self._literal(left, options))
        if left.kind in {"text", "number"} and right.kind not in {"text", "number"} and sign != "in":
            left, right, sign = right, left, _MIRRORED.get(sign, sign)
        options = self._options(left)
        if right == Node("text", "") and sign in {"==", "!="}:
            return self._voice.w("say.filled" if sign == "!=" else "say.empty", a=self.value(left))
        if sign == "in":
            if right.kind != "list" or not right.parts:
                raise _UnsayableError
            listed = [self._literal(part, options) for part in right.parts]
            said = listed[0]
            for one in listed[1:]:
                said = self._voice.w("say.or", a=said, b=one)
            return f"{self.value(left)} = {said}"
        return f"{self.value(left)} {_SIGNS.get(sign, sign)} {self._literal(right, options)}"

    def _options(self, node: Node) -> Mapping[str, Any]:
        return self._named(node.value)[1] if node.kind == "name" else {}

    def _literal(self, node: Node, options: Mapping[str, Any]) -> str:
        if node.kind == "text":
            return self._voice.quoted(self._voice.plain(options.get(node.value)) or spaced(node.value))
        if node.kind == "name" and node.value in {"true", "false"}:
            return self._voice.w("yes" if node.value == "true" else "no")
        return self.value(node)

    def value(self, node: Node) -> str:
        """*node*, which is a value."""
        if node.kind == "number":
            return node.value.removesuffix(".0")
        if node.kind == "text":
            return self._voice.quoted(spaced(node.value))
        if node.kind == "name":
            return self._named(node.value)[0]
        if node.kind == "call":
            return self._called(node)
        if node.kind == "?":
            when, yes, no = node.parts
            return f"({self._voice.w('say.either', condition=self.condition(when), yes=self._either(yes), no=self._either(no))})"
        if node.kind in {"+", "-", "*", "/", "%"}:
            left, right = (f"({self.value(part)})" if part.kind in {"+", "-"} else self.value(part) for part in node.parts)
            return f"{left} {_SIGNS.get(node.kind, node.kind)} {right}"
        raise _UnsayableError

    def _called(self, node: Node) -> str:
        """What a function gives."""
        if len(node.parts) == 1 and node.value == "size":
            return self._count(node.parts[0])
        if len(node.parts) == 1 and node.value in {"timestamp", "double", "int", "string"}:
            return self.value(node.parts[0])
        given = [self._voice.time(part.value) if number and part.kind == "text" else self.value(part)
                 for number, part in enumerate(node.parts)]  # fmt: skip
        if said := counted(self._voice, node.value, given):
            return said
        raise _UnsayableError

    def _either(self, node: Node) -> str:
        """A value, or yes and no."""
        return self._voice.w("yes" if node.value == "true" else "no") if node.value in {"true", "false"} else self.value(node)

    def _count(self, node: Node) -> str:
        """The size of a list, or of those of its rows that fit."""
        name, _, how = node.value.rpartition(".")
        if node.kind == "call" and how == "filter" and len(node.parts) == _COMPARED:
            words, _, field = self._named(name)
            inner = _Teller(self._voice, {**self._rows, node.parts[0].value: field.get("columns", {})})
            return self._voice.w("say.count_where", list=words, a=inner.condition(node.parts[1]))
        return self._voice.w("say.count_of", a=self.value(node))

    def _rows_of(self, node: Node) -> str:
        """``list.exists(row, …)`` and ``list.all(row, …)``."""
        name, _, how = node.value.rpartition(".")
        if how not in {"exists", "all"} or len(node.parts) != _COMPARED or node.parts[0].kind != "name":
            raise _UnsayableError
        words, _, field = self._named(name)
        inner = _Teller(self._voice, {**self._rows, node.parts[0].value: field.get("columns", {})})
        said = inner.condition(node.parts[1])
        return self._voice.w("say.some_row" if how == "exists" else "say.every_row", list=words, a=said)

    def _named(self, name: str) -> tuple[str, Mapping[str, Any], Mapping[str, Any]]:
        """The words for a name, the labels of its values, and the field that it is."""
        voice = self._voice
        owner, _, field = name.partition(".")
        if owner in self._rows:
            column = self._rows[owner].get(field, {})
            return voice.quoted(voice.label(field or owner, column)), column.get("options", {}), {}
        if owner in {"inputs", "parameters"} and field in voice.document.get(owner, {}):
            found = voice.document[owner][field]
            if owner == "inputs":
                return voice.field_of(owner, field), found.get("options", {}), found
            preset = field_value(voice, found, found["default"]) if "default" in found else ""
            return voice.bracketed(voice.quoted(voice.label(field, found)), preset), {}, found
        if step := voice.procedure.steps.get(owner):
            return self._of_step(step, field)
        if owner == "kpi" and field.endswith((".value", ".target")):
            return voice.figure(field), {}, {}
        raise _UnsayableError

    def _of_step(self, step: Step, field: str) -> tuple[str, Mapping[str, Any], Mapping[str, Any]]:
        voice = self._voice
        if field in step.form:
            return voice.field_of(step.id, field), step.form[field].get("options", {}), step.form[field]
        if field == "outcome":
            labels = {way: doc.get("label") or voice.outcome(way) for way, doc in step.outcomes.items()}
            return voice.w("say.result_of", step=voice.step_n(step.id)), labels, {}
        if field == "rounds":
            return voice.w("say.times_opened", step=voice.step_n(step.id)), {}, {}
        raise _UnsayableError


def _told(text: str, say: Callable[[Node], str]) -> Bit:
    try:
        return Bit(say(_Parser(text).whole()))
    except _UnsayableError:
        return Bit(clean(" ".join(text.split())), style="code")


def condition(voice: Voice, text: str) -> Bit:
    """The condition *text* in words, or as code."""
    return _told(text, _Teller(voice, {}).condition)


def computation(voice: Voice, text: str, columns: Mapping[str, Any] | None = None) -> Bit:
    """The expression *text*, which gives any value, in words, or as code.

    Args:
        voice: the language and the definition.
        text: the expression.
        columns: those of the row that it stands in, called ``row``.
    """
    teller = _Teller(voice, {"row": columns} if columns else {})

    def either(node: Node) -> str:
        try:
            return teller.value(node)
        except _UnsayableError:
            return teller.condition(node)

    return _told(text, either)
