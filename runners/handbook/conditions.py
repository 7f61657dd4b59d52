"""Conditions and computations of a definition in words, as far as words are clearer than the expression.

Only what people meet every day is said: comparisons, ``&&``, ``||``, ``!``, sizes, and rows of a table. Everything else stays
the expression that it is, marked as code; nothing is evaluated here.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from engine.procedure import Step
from engine.text import clean
from runners.handbook.blocks import Bit
from runners.handbook.days import counted
from runners.handbook.parsing import LEVELS, Node, Parser, UnsayableError
from runners.handbook.voice import Voice, field_value, spaced

_SIGNS: Final = {"==": "=", "!=": "≠", "<=": "≤", ">=": "≥", "*": "×", "-": "−", "/": "÷"}  # noqa: RUF001 - signs of arithmetic
_MIRRORED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_COMPARED: Final = 2
_SUMS: Final = frozenset({"+", "-"})
_PRODUCTS: Final = frozenset({"*", "/", "%"})
_CONVERSIONS: Final = frozenset({"timestamp", "double", "int", "string"})
"""What nobody needs to hear of."""


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
            return self._not(node.parts[0], inside=inside)
        if node.kind in {"in", *LEVELS[2]}:
            said = self._compared(node)
            return f"({said})" if inside and len(node.parts[1].parts) > 1 and node.kind == "in" else said
        if node.kind == "name":
            return self._true(node.value, yes=True)
        if node.kind == "call":
            return self._rows_of(node, exists="say.some_row", all="say.every_row")
        raise UnsayableError

    def _not(self, node: Node, *, inside: bool) -> str:
        if node.kind == "name":
            return self._true(node.value, yes=False)
        said = self._voice.w("say.not", a=self.condition(node, inside=True))
        return f"({said})" if inside else said

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
                raise UnsayableError
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
        if node.kind in _SUMS | _PRODUCTS:
            left, right = node.parts
            below = _SUMS if node.kind in _SUMS else _SUMS | _PRODUCTS
            return f"{self._operand(left, _SUMS)} {_SIGNS.get(node.kind, node.kind)} {self._operand(right, below)}"
        raise UnsayableError

    def _operand(self, node: Node, below: frozenset[str]) -> str:
        """A part of a calculation, in brackets where it is one of *below*, which would be read otherwise without."""
        while node.kind == "call" and node.value in _CONVERSIONS and len(node.parts) == 1:
            (node,) = node.parts
        said = self.value(node)
        return f"({said})" if node.kind in below else said

    def _called(self, node: Node) -> str:
        """What a function gives."""
        if len(node.parts) == 1 and node.value == "size":
            return self._count(node.parts[0])
        if node.value.endswith(".filter"):
            return self._rows_of(node, filter="say.rows_where")
        if len(node.parts) == 1 and node.value in _CONVERSIONS:
            return self.value(node.parts[0])
        given = [self._voice.time(part.value) if number and part.kind == "text" else self.value(part)
                 for number, part in enumerate(node.parts)]  # fmt: skip
        if said := counted(self._voice, node.value, given):
            return said
        raise UnsayableError

    def _either(self, node: Node) -> str:
        """A value, or yes and no."""
        return self._voice.w("yes" if node.value == "true" else "no") if node.value in {"true", "false"} else self.value(node)

    def _count(self, node: Node) -> str:
        """The size of a list, or of those of its rows that fit."""
        if node.kind == "call" and node.value.endswith(".filter"):
            return self._rows_of(node, filter="say.count_where")
        return self._voice.w("say.count_of", a=self.value(node))

    def _rows_of(self, node: Node, **known: str) -> str:
        """``list.exists(row, …)`` and its like, by the words *known* for it."""
        name, _, how = node.value.rpartition(".")
        if how not in known or len(node.parts) != _COMPARED or node.parts[0].kind != "name":
            raise UnsayableError
        words, _, field = self._named(name)
        inner = _Teller(self._voice, {**self._rows, node.parts[0].value: field.get("columns", {})})
        said = inner.condition(node.parts[1])
        return self._voice.w(known[how], list=words, a=said)

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
        raise UnsayableError

    def _of_step(self, step: Step, field: str) -> tuple[str, Mapping[str, Any], Mapping[str, Any]]:
        voice = self._voice
        if field in step.form:
            return voice.field_of(step.id, field), step.form[field].get("options", {}), step.form[field]
        if field == "outcome":
            labels = {way: doc.get("label") or voice.outcome(way) for way, doc in step.outcomes.items()}
            return voice.w("say.result_of", step=voice.step_n(step.id)), labels, {}
        if field == "rounds":
            return voice.w("say.times_opened", step=voice.step_n(step.id)), {}, {}
        raise UnsayableError


def _told(text: str, say: Callable[[Node], str]) -> Bit:
    try:
        return Bit(say(Parser(text).whole()))
    except UnsayableError:
        return Bit(clean(" ".join(text.split())), style="code")


def condition(voice: Voice, text: str) -> Bit:
    """The condition *text* in words, or as code."""
    return _told(text, _Teller(voice, {}).condition)


def computation(voice: Voice, text: str, columns: Mapping[str, Any] | None = None, row: str = "row") -> Bit:
    """The expression *text*, which gives any value, in words, or as code.

    Args:
        voice: the language and the definition.
        text: the expression.
        columns: those of the row that it stands in.
        row: what that row is called in it.
    """
    teller = _Teller(voice, {} if columns is None else {row: columns})

    def either(node: Node) -> str:
        try:
            return teller.value(node)
        except UnsayableError:
            return teller.condition(node)

    return _told(text, either)
