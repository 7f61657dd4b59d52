"""Conditions and computations of a definition in words, as far as there are words for them.

What is beyond these stays the expression that it is, marked as code; nothing is evaluated here.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from engine.text import clean
from runners.handbook.blocks import Bit
from runners.handbook.calculations import SIGNS, Labels, Row, Values, items, timely, truth
from runners.handbook.parsing import Node, Parser, UnsayableError
from runners.handbook.simplifying import COMPARED, conjuncts, loop, number, simple
from runners.handbook.voice import Voice

_MIRRORED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_TESTS: Final = {"contains": "say.holds", "startsWith": "say.begins", "endsWith": "say.ends"}
_SEVERAL: Final = {"all": "say.every_row", "exists": "say.some_row", "exists_one": "say.one_row"}
_EARLIER: Final = {"<": "say.earlier", "<=": "say.not_later", ">": "say.later", ">=": "say.not_earlier"}
_WHOLE: Final = frozenset({"list", "text", "number"})
_PAIR: Final = 2
_WEEK: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


class _Teller(Values):
    """Says parts of an expression that are conditions, too."""

    def condition(self, node: Node, *, inside: bool = False) -> str:
        """*node*, which is true or false. ``inside`` of another, what has several parts stands in brackets."""
        if node.kind == "name":
            return self._true(node.value, yes=True)
        if node.kind == "not":
            return self._not(node.parts[0], inside=inside)
        if node.kind == "filled":
            return self.voice.w("say.filled", a=self.value(node.parts[0]))
        if node.kind in COMPARED:
            return self._compared(node)
        said = self._composed(node)
        single = node.kind == "in" and len(node.parts[1].parts) < _PAIR
        return self.voice.w("say.brackets", a=said) if inside and not single else said

    def _composed(self, node: Node) -> str:
        """A condition that is a sentence of several parts."""
        w = self.voice.w
        if node.kind in {"&&", "||"}:
            parts = conjuncts(node, node.kind)
            return self._joined([self.condition(part, inside=True) for part in parts], "say.and" if node.kind == "&&" else "say.or")
        if node.kind == "in":
            return self._contains(node, "say.contains") if node.parts[1].kind == "name" else self._one_of(node, "say.one_of")
        if node.kind == "?":
            when, yes, no = (self.condition(part) for part in node.parts)
            return w("say.either_way", condition=when, yes=yes, no=no)
        if node.kind in {"instead", "only"}:
            first, second = (self.condition(part) for part in node.parts)
            return w("say.instead", a=first, b=second) if node.kind == "instead" else w("say.only_when", a=first, condition=second)
        if node.kind == "method" and node.value in _TESTS and len(node.parts) == _PAIR:
            return w(_TESTS[node.value], a=self.value(node.parts[0]), b=self.value(node.parts[1]))
        if loop(node, *_SEVERAL):
            return self._quantified(node)
        raise UnsayableError

    def _joined(self, said: Sequence[str], key: str) -> str:
        made = said[0]
        for one in said[1:]:
            made = self.voice.w(key, a=made, b=one)
        return made

    def _not(self, node: Node, *, inside: bool) -> str:
        w = self.voice.w
        if node.kind == "name":
            return self._true(node.value, yes=False)
        if node.kind == "filled":
            return w("say.empty", a=self.value(node.parts[0]))
        if node.kind == "in" and node.parts[1].kind == "name":
            return self._contains(node, "say.lacks")
        if node.kind == "in":
            said = self._one_of(node, "say.is_not")
        elif loop(node, "exists"):
            said = self._rows_of(node, "say.no_row")
        else:
            said = w("say.not", a=self.condition(node, inside=True))
        return w("say.brackets", a=said) if inside else said

    def _true(self, name: str, *, yes: bool) -> str:
        w = self.voice.w
        if name in {"true", "false"}:
            return w("say.always") if (name == "true") == yes else w("say.never")
        if name == "run.drill":
            return w("say.a_drill" if yes else "say.no_drill")
        step, _, field = name.partition(".")
        if step == "kpi" and field.endswith(".met"):
            return w("say.met" if yes else "say.missed", a=self.voice.figure(field))
        if field == "done" and step in self.voice.procedure.steps:
            return w("say.was_done" if yes else "say.not_done", step=self.voice.step_n(step))
        return f"{self.named(name)[0]} = {w('yes' if yes else 'no')}"

    def _compared(self, node: Node) -> str:
        left, right, sign = *node.parts, node.kind
        if left.kind in _WHOLE and right.kind not in _WHOLE:
            left, right, sign = right, left, _MIRRORED.get(sign, sign)
        if said := self._same(left, right, sign) or (sign == "==" and self._counted(left, number(right))):
            return said
        labels = self._labels(left)
        if sign in _EARLIER and (self._timely(left) or self._timely(right)):
            return self.voice.w(_EARLIER[sign], a=self.whole(left), b=self.whole(right))
        day = left.kind == "method" and left.value == "getDayOfWeek" and number(right) in set("0123456")
        last = self.voice.w(f"clock.{_WEEK[int(number(right))]}") if day else self.whole(right, labels)
        return f"{self.whole(left, labels)} {SIGNS.get(sign, sign)} {last}"

    def _counted(self, left: Node, amount: str) -> str:
        """What it means that *left* is this number, where there are words for it."""
        w = self.voice.w
        if left.kind == "%" and amount == "0":
            return w("say.multiple", a=self.whole(left.parts[0]), b=self.whole(left.parts[1]))
        if left.kind == "name" and left.value.endswith(".rounds") and amount == "1":
            return w("say.once", step=self.voice.step_n(left.value.removesuffix(".rounds")))
        return ""

    def _timely(self, node: Node) -> bool:
        return timely(node, self.named(node.value)[2] if node.kind == "name" and node.value not in {"true", "false"} else {})

    def _same(self, left: Node, right: Node, sign: str) -> str:
        """The comparison of columns of two lists, which are told apart; nothing for any other."""
        if {left.kind, right.kind} != {"name"} or {left.value, right.value} & {"true", "false"}:
            return ""
        rows = [self.rows.get(one.value.partition(".")[0]) for one in (left, right)]
        labels = [self.named(one.value)[0] for one in (left, right)]
        if None in rows or left.value.partition(".")[0] == right.value.partition(".")[0]:
            return ""
        if labels[0] == labels[1] and sign in {"==", "!="} and "." in left.value + right.value:
            return self.voice.w("say.same" if sign == "==" else "say.differs", a=labels[0])
        told = [self.voice.bracketed(label, row.of if row else "") for label, row in zip(labels, rows, strict=True)]
        return f"{told[0]} {SIGNS.get(sign, sign)} {told[1]}"

    def _contains(self, node: Node, key: str) -> str:
        left, right = node.parts
        words, labels, _ = self.named(right.value)
        return self.voice.w(key, list=words, a=self.value(left, labels))

    def _one_of(self, node: Node, key: str) -> str:
        left, right = node.parts
        if right.kind != "list" or not right.parts:
            raise UnsayableError
        turned = left.kind == "text"  # one of several fields has this value
        labels = self._labels(right.parts[0] if turned else left)
        listed = [self.value(part, labels) for part in right.parts]
        said = self._joined(listed, "say.or")
        sides = (said, self.value(left, labels)) if turned else (self.value(left), said)
        return self.voice.w(key, a=sides[0], b=sides[1])

    def _labels(self, node: Node) -> Labels:
        return self.named(node.value)[1] if node.kind == "name" and node.value not in {"true", "false"} else {}

    def _quantified(self, node: Node) -> str:
        of, name, body = node.parts
        if node.value == "all":
            if body.kind == "method" and (said := self._covered(of, name.value, body) or self._paired(of, name.value, body)):
                return said
            if loop(body, "all") and body.parts[0] == of:
                words, row = self.listed(of)
                pair = self.inside(name.value, row).inside(body.parts[1].value, row)
                return self.voice.w("say.every_pair", list=words, a=pair.condition(body.parts[2]))
        if of.kind == "list":
            return self._rows_of(node, "say.for_some" if node.value == "exists" else "say.for_each")
        return self._rows_of(node, _SEVERAL[node.value])

    def _covered(self, of: Node, name: str, body: Node) -> str:
        """``['a', 'b'].all(x, rows.exists(r, r.column == x))``: every one of these is there."""
        if of.kind != "list" or not loop(body, "exists", "exists_one") or body.parts[2].kind != "==":
            return ""
        words, row = self.listed(body.parts[0])
        sides = {side.value for side in body.parts[2].parts if side.kind == "name"}
        inner = body.parts[1].value
        columns = [side for side in sides if side.partition(".")[0] == inner]
        if len(columns) != 1 or sides != {columns[0], name}:
            return ""
        column, labels, _ = self.inside(inner, row).named(columns[0])
        return self.voice.w("say.covers", list=words, column=column, options=self.value(of, labels))

    def _paired(self, of: Node, name: str, body: Node) -> str:
        """``rows.all(a, others.exists(b, …))``: each has its counterpart, or there is only the row itself."""
        if not loop(body, "exists", "exists_one") or of.kind == "list":
            return ""
        (words, row), (other, other_row) = self.listed(of), self.listed(body.parts[0])
        inner = body.parts[1].value
        base = of.parts[0] if loop(of, "filter") else of
        if body.value == "exists_one" and body.parts[0] in {of, base}:
            # Whatever else is asked of the counterpart than to be the same in some columns holds of the row itself.
            same = [
                self.voice.quoted(self.voice.label(column, row.columns.get(column, {})))
                for column in _columns(body.parts[2], name, inner)
            ]
            if same:
                return self.voice.w("say.unique", list=words, columns=self._joined(same, "say.and"))
        said = self.inside(name, row).inside(inner, other_row).condition(body.parts[2])
        key = "say.each_has" if body.value == "exists" else "say.each_has_one"
        return self.voice.w(key, list=words, other=other, a=said)


def _columns(node: Node, name: str, inner: str) -> list[str]:
    """The columns in which the rows *name* and *inner* are to be the same."""
    found: list[str] = []
    for part in conjuncts(node):
        if part.kind == "==" and {side.value.partition(".")[0] for side in part.parts} == {name, inner}:
            columns = {side.value.partition(".")[2] for side in part.parts}
            found += columns if len(columns) == 1 else []
    return found


def _told(text: str, say: Callable[[Node], str]) -> Bit:
    try:
        return Bit(say(simple(Parser(text).whole())))
    except UnsayableError:
        return Bit(clean(" ".join(text.split())), style="code")


def condition(voice: Voice, text: str) -> Bit:
    """The condition *text* in words, or as code."""
    return _told(text, _Teller(voice, items(voice, _Teller)).condition)


def computation(
    voice: Voice, text: str, columns: Mapping[str, Any] | None = None, row: str = "row", labels: Labels | None = None
) -> Bit:
    """The expression *text*, which gives any value, in words, or as code.

    Args:
        voice: the language and the definition.
        text: the expression.
        columns: those of the row that it stands in.
        row: what that row is called in it.
        labels: what its values are called, if they have names.
    """
    rows = {} if columns is None else {row: Row(columns, voice.w("say.this_row"))}
    teller = _Teller(voice, {**items(voice, _Teller), **rows})
    return _told(text, lambda node: teller.anything(node, labels or {}))


def figure(voice: Voice, text: str, *, shared: bool, seconds: bool) -> Bit:
    """What a figure is computed from, in words, or as code.

    Args:
        voice: the language and the definition.
        text: the expression of its value.
        shared: it is taken over several runs, so that yes and no give a share.
        seconds: it is a length of time; what makes seconds of minutes is no news.
    """
    teller = _Teller(voice, items(voice, _Teller))

    def said(node: Node) -> str:
        if node.kind == "only":
            return voice.w("say.only_when", a=said(node.parts[0]), condition=teller.condition(node.parts[1]))
        if seconds and node.kind == "*" and number(node.parts[1]) in {"60", "3600", "86400"}:
            return said(node.parts[0])
        asked, key = _share(node)
        if key and shared:
            return voice.w(key, a=teller.condition(simple(asked)))
        if truth(node) or (node.kind == "name" and teller.named(node.value)[2].get("type") == "bool"):
            return voice.w("say.share_runs", a=teller.condition(node)) if shared else teller.condition(node)
        return teller.anything(node)

    return _told(text, said)


def _share(node: Node) -> tuple[Node, str]:
    """The condition of which a figure is the share or the number, and the words for it; no words where it is neither."""
    if node.kind == "?":
        when, yes, no = node.parts
        key = {frozenset({"100", "0"}): "say.share_runs", frozenset({"1", "0"}): "say.count_runs"}.get(
            frozenset({number(yes), number(no)})
        )
        if key:
            return (Node("not", "", (when,)) if number(yes) == "0" else when), key
    return node, ""
