"""Values of expressions in words: fields by their titles, calculations with the brackets that they need, lists and their rows."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from engine.procedure import Step, branches
from runners.handbook.days import counted
from runners.handbook.parsing import Node, Parser, UnsayableError
from runners.handbook.simplifying import COMPARED, TIMES, conjuncts, loop, number, simple
from runners.handbook.voice import Voice, field_value, spaced

SIGNS: Final = {"==": "=", "!=": "≠", "<=": "≤", ">=": "≥", "*": "×", "-": "−", "/": "÷"}  # noqa: RUF001 - signs of arithmetic
_SUMS: Final = frozenset({"+", "-"})
_PRODUCTS: Final = frozenset({"*", "/", "%"})
_TOTALS: Final = frozenset({"sum", "avg", "min", "max"})
_PLAIN: Final = frozenset({"name", "number", "text", "call", "method", "member", "index", "list", "abs"})
"""What is not in need of brackets for its signs."""
_SENTENCES: Final = frozenset({"?", "only", "instead"})
_MOMENTS: Final = frozenset({"timestamp", "plus", "minus", "at", "day_of", "weekday_from"})
_WEEK: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
Labels = Mapping[str, Any]
"""Values of a field to what they are called."""
NO_LABELS: Final[Labels] = MappingProxyType({})


class Row(NamedTuple):
    """What a name for the entries of a list stands for.

    Attributes:
        columns: of the table; none where the entries are plain values.
        of: the list by its title, to tell its columns from those of another.
        labels: of the values that the entries are.
        word: key of the words for an entry itself.
    """

    columns: Mapping[str, Mapping[str, Any]]
    of: str
    labels: Labels = NO_LABELS
    word: str = "say.it"


def bare(node: Node) -> Node:
    """*node* without what makes a time of a text."""
    while node.kind == "call" and node.value in TIMES and len(node.parts) == 1:
        (node,) = node.parts
    return node


def timely(node: Node, field: Mapping[str, Any]) -> bool:
    """Whether *node*, which is *field* if it is one, is a date or an instant."""
    while node.kind in {"?", "only", "instead"}:
        node = node.parts[1 if node.kind == "?" else 0]
    if node.kind == "name":
        return field.get("type") in {"date", "datetime"} or node.value.endswith(".completed_at") or node.value == "run.started_at"
    return node.kind == "call" and node.value in _MOMENTS


def truth(node: Node) -> bool:
    """Whether *node* is a condition by its form."""
    while node.kind in {"?", "only", "instead"}:
        node = node.parts[1 if node.kind == "?" else 0]
    if node.kind == "name":
        return node.value == "run.drill" or node.value.endswith((".done", ".met"))
    tested = {"all", "exists", "exists_one", "startsWith", "endsWith", "contains"}
    return node.kind in {"&&", "||", "not", "in", "filled", *COMPARED} or (node.kind == "method" and node.value in tested)


class Values(ABC):
    """Says parts of an expression that are values.

    Args:
        voice: the language and the definition.
        rows: name for the entries of a list to what they are.
    """

    def __init__(self, voice: Voice, rows: Mapping[str, Row]) -> None:
        self.voice = voice
        self.rows = rows

    def inside(self, name: str, row: Row) -> "Values":
        """The same within the entries of a list, which are called *name*."""
        return type(self)(self.voice, {**self.rows, name: row})

    @abstractmethod
    def condition(self, node: Node, *, inside: bool = False) -> str:
        """*node*, which is true or false."""

    def anything(self, node: Node, labels: Labels = NO_LABELS) -> str:
        """*node*, be it a value or a condition."""
        return self.condition(node) if truth(node) else self.value(node, labels)

    def value(self, node: Node, labels: Labels = NO_LABELS) -> str:
        """*node*, which is a value; texts are said by their *labels*."""
        if node.kind in _SENTENCES:
            return self._sentence(node, labels)
        if node.kind == "text":
            return self.voice.quoted(self.voice.plain(labels.get(node.value)) or spaced(node.value))
        if node.kind == "list":
            return self.voice.listed([self.value(part, labels) for part in node.parts], "say.comma")
        tellers = {
            "number": number, "name": self._name, "percent": self._special, "gap": self._special, "abs": self._special,
            "call": self._called, "method": self._taken, "member": self._taken, "index": self._taken,
        }  # fmt: skip
        return tellers.get(node.kind, self._calculated)(node)

    def _name(self, node: Node) -> str:
        if node.value in {"true", "false"}:
            return self.voice.w("yes" if node.value == "true" else "no")
        return self.named(node.value)[0]

    def _sentence(self, node: Node, labels: Labels) -> str:
        """A value that depends."""
        w = self.voice.w
        if node.kind == "instead":
            return w("say.instead", a=self.anything(node.parts[0], labels), b=self.anything(node.parts[1], labels))
        if node.kind == "only":
            return w("say.only_when", a=self.anything(node.parts[0], labels), condition=self.condition(node.parts[1]))
        when, yes, no = node.parts
        first = self.anything(yes, labels)
        first = w("say.brackets", a=first) if yes.kind == "?" else first
        return w("say.either", condition=self.condition(when), yes=first, no=self.anything(no, labels))

    def _calculated(self, node: Node) -> str:
        if node.kind == "neg":
            return f"−{self._operand(node.parts[0], _SUMS)}"  # noqa: RUF001 - the sign of arithmetic
        if node.kind not in _SUMS | _PRODUCTS:
            raise UnsayableError
        left, right = node.parts
        parts = conjuncts(node, "+")
        if any(part.kind == "text" for part in parts):
            return "".join(part.value if part.kind == "text" else self._operand(part, _SUMS) for part in parts)
        below = frozenset({"-", "+"}) if node.kind == "-" else _SUMS | _PRODUCTS if node.kind in _PRODUCTS else frozenset()
        a = self._operand(left, _SUMS if node.kind in _PRODUCTS else frozenset())
        return f"{a} {SIGNS.get(node.kind, node.kind)} {self._operand(right, below)}"

    def _operand(self, node: Node, below: frozenset[str]) -> str:
        """A part of a calculation, in brackets where it would be read otherwise without."""
        node = bare(node)
        said = self.value(node)
        loose = node.kind not in _PLAIN | _SUMS | _PRODUCTS | {"neg"} or (node.kind in {"call", "method", "member", "index"})
        return self.voice.w("say.brackets", a=said) if loose or node.kind in below else said

    def _special(self, node: Node) -> str:
        w = self.voice.w
        if node.kind == "abs":
            return w("say.abs", a=self._operand(node.parts[0], _SUMS | _PRODUCTS))
        first, last = node.parts
        if node.kind == "percent":
            of = first.parts[0] if first.kind == "call" and first.value == "size" and len(first.parts) == 1 else first
            if loop(of, "filter") and last == first._replace(parts=of.parts[:1]):
                return self._rows_of(of, "say.share_where")
        key = "say.gap" if node.kind == "gap" else "say.percent_of"
        return w(key, a=self._operand(first, _SUMS | _PRODUCTS), b=self._operand(last, _SUMS | _PRODUCTS))

    def _called(self, node: Node) -> str:
        """What a function gives."""
        if len(node.parts) == 1 and node.value in TIMES:
            return self._time(node.parts[0]) if node.value == "duration" else self.value(node.parts[0])
        if len(node.parts) == 1 and node.value == "size":
            return self._count(node.parts[0])
        if len(node.parts) == 1 and node.value in _TOTALS:
            return self.voice.w(f"say.{node.value}_of", a=self.value(node.parts[0]))
        if node.value == "weekday_from":
            day = self.voice.w(f"clock.{_WEEK[int(node.parts[0].value)]}")
            return self.voice.w("say.weekday_from", day=day, what=self.value(node.parts[1]))
        given = [self._time(part) if place else self.whole(part) for place, part in enumerate(node.parts)]
        if said := counted(self.voice, node.value, given):
            return said
        raise UnsayableError

    def _time(self, node: Node) -> str:
        return self.voice.time(node.value) if node.kind == "text" else self.whole(node)

    def whole(self, node: Node, labels: Labels = NO_LABELS) -> str:
        """*node* as a part of a sentence: in brackets where it is a sentence itself."""
        node = bare(node)
        said = self.value(node, labels)
        return self.voice.w("say.brackets", a=said) if node.kind in _SENTENCES else said

    def _count(self, of: Node) -> str:
        """The size of a list, or of those of its rows that fit."""
        while loop(of, "map"):
            of = of.parts[0]
        return self._rows_of(of, "say.count_where") if loop(of, "filter") else self.voice.w("say.count_of", a=self.value(of))

    def _taken(self, node: Node) -> str:
        """An entry of a list, a column of one, or what a loop over the list gives."""
        w = self.voice.w
        of = node.parts[0]
        if node.kind == "member":
            if of.kind != "index":
                raise UnsayableError
            row = self.listed(of.parts[0])[1]
            label = self.voice.quoted(self.voice.label(node.value, row.columns.get(node.value, {})))
            return w("say.column_of", a=label, entry=self.value(of))
        if node.kind == "index":
            if number(node.parts[1]) != "0":
                raise UnsayableError
            return self._rows_of(of, "say.first_where") if loop(of, "filter") else w("say.first_of", list=self.value(of))
        if loop(node, "filter"):
            return self._rows_of(node, "say.rows_where")
        if loop(node, "map"):
            words, row = self.listed(of)
            made = self.inside(node.parts[1].value, row)
            return w("say.of_each", list=words, a=made._operand(node.parts[2], _SUMS | _PRODUCTS))  # noqa: SLF001 - one of us
        if node.value == "getDayOfWeek" and len(node.parts) == 1:
            return w("say.weekday_of", a=self.value(of))
        raise UnsayableError

    def _rows_of(self, node: Node, key: str) -> str:
        """The rows of a list that fit, by the words of *key*."""
        words, row = self.listed(node.parts[0])
        return self.voice.w(key, list=words, a=self.inside(node.parts[1].value, row).condition(node.parts[2]))

    def listed(self, node: Node) -> tuple[str, Row]:
        """The words for a list, and what its entries are."""
        if node.kind == "name":
            words, labels, field = self.named(node.value)
            return words, Row(
                field.get("columns", {}), self.voice.quoted(self.voice.label(node.value.rpartition(".")[2], field)), labels
            )
        if loop(node, "filter"):
            return self._rows_of(node, "say.list_where"), self.listed(node.parts[0])[1]
        if node.kind == "list" and node.parts:
            return self.value(node), Row({}, "")
        raise UnsayableError

    def named(self, name: str) -> tuple[str, Labels, Mapping[str, Any]]:
        """The words for a name, the labels of its values, and the field that it is."""
        voice = self.voice
        owner, _, field = name.partition(".")
        if owner in self.rows:
            row = self.rows[owner]
            if not field:
                return voice.w(row.word), row.labels, {}
            column = row.columns.get(field, {})
            return voice.quoted(voice.label(field, column)), column.get("options", {}), column
        if owner in {"inputs", "parameters"} and field in voice.document.get(owner, {}):
            return self._given(owner, field, voice.document[owner][field])
        if step := voice.procedure.steps.get(owner):
            return self._of_step(step, field)
        if owner == "kpi" and field.endswith((".value", ".target")):
            return voice.figure(field), {}, {}
        if name in {"run.name", "run.started_at"}:
            return voice.w("say.this_run" if field == "name" else "say.the_start"), {}, {}
        raise UnsayableError

    def _given(self, owner: str, name: str, field: Mapping[str, Any]) -> tuple[str, Labels, Mapping[str, Any]]:
        voice = self.voice
        if owner == "inputs":
            return voice.field_of(owner, name), labels_of(field), field
        preset = field_value(voice, field, field["default"]) if "default" in field else ""
        return voice.bracketed(voice.quoted(voice.label(name, field)), preset), labels_of(field), field

    def _of_step(self, step: Step, field: str) -> tuple[str, Labels, Mapping[str, Any]]:
        voice = self.voice
        if found := voice.form(step.id).get(field):
            return voice.field_of(step.id, field), labels_of(found), found
        if field == "outcome":
            labels: Labels = {way: doc.get("label") or voice.outcome(way) for way, doc in step.outcomes.items()}
            return voice.w("say.result_of", step=voice.step_n(step.id)), labels, {}
        if field == "branch":
            labels = {name: branch.get("title") for name, branch in branches(step.doc).items()}
            return voice.w("say.result_of", step=voice.step_n(step.id)), labels, {}
        if field.startswith("results."):
            given = voice.quoted(spaced(field.removeprefix("results.")))
            return voice.w("say.column_of", a=given, entry=voice.step_n(step.id)), {}, {}
        known = {"rounds": "say.times_opened", "completed_at": "say.completed"}
        if field in known:
            return voice.w(known[field], step=voice.step_n(step.id)), {}, {}
        raise UnsayableError


def labels_of(field: Mapping[str, Any]) -> Labels:
    """What the values of *field* are called."""
    found: Labels = field.get("options") or field.get("items") or {}
    return found


def items(voice: Voice, teller: type[Values]) -> dict[str, Row]:
    """What stands for the items that the step spoken about is there for, from the outermost; all there are at no step."""
    steps = voice.procedure.steps
    around: list[str] = []
    body = voice.procedure.body(voice.here) if voice.here in steps else ""
    while body:
        around.insert(0, body)
        body = voice.procedure.body(body)
    found: dict[str, Row] = {}
    for step in around if voice.here else [name for name, step in steps.items() if step.kind == "for_each"]:
        ((item, text),) = steps[step].doc["for_each"].items()
        try:
            row = teller(voice, found).listed(simple(Parser(text).whole()))[1]
        except UnsayableError:
            row = Row({}, "")
        found[item] = row._replace(word="say.this_entry")
    return found
