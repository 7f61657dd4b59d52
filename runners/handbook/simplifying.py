"""Expressions said shorter: what is written for the machine's sake is left out, and what has a name of its own gets it.

New kinds of parts: ``filled`` (a value that is there), ``only`` (a value, and the condition on which it counts), ``abs``,
``gap`` (a difference without its sign), ``percent`` (one of another, times a hundred), ``instead`` (a value of a step, and what
stands for it where the step was not done).
"""

from collections.abc import Callable, Mapping
from typing import Final

from runners.handbook.parsing import Node, UnsayableError

COMPARED: Final = frozenset({"==", "!=", "<", "<=", ">", ">="})
_CONVERSIONS: Final = frozenset({"double", "int", "string", "dyn"})
"""What nobody needs to hear of."""
_LARGEST: Final = 600
_HUNDRED: Final = frozenset({"100", "100.0"})
_NOUGHT: Final = frozenset({"0", "0.0"})
_UNITS: Final = {"60": "minutes_between", "3600": "hours_between", "86400": "full_days_between"}
_SPANS: Final = {"getSeconds": "seconds_between", "getMinutes": "minutes_between", "getHours": "hours_between"}
_MIDNIGHT: Final = "T00:00:00Z"
TIMES: Final = frozenset({"timestamp", "duration"})


def simple(node: Node) -> Node:
    """*node* said shorter. Raises UnsayableError for what becomes too large."""
    node = node._replace(parts=tuple(simple(part) for part in node.parts))
    return _RULES.get(node.kind, _same)(node)


def number(node: Node) -> str:
    """The number that *node* is, without decimals that are nought; empty for everything else."""
    return node.value.removesuffix(".0") if node.kind == "number" else ""


def loop(node: Node, *names: str) -> bool:
    """Whether *node* goes over a list by one of these methods, under a name for its entries."""
    return node.kind == "method" and node.value in names and len(node.parts) == 3 and node.parts[1].kind == "name"  # noqa: PLR2004


def conjuncts(node: Node, sign: str = "&&") -> list[Node]:
    """The parts of *node* between which *sign* stands."""
    if node.kind != sign:
        return [node]
    found: list[Node] = []
    while node.kind == sign:
        found.append(node.parts[1])
        node = node.parts[0]
    return [node, *reversed(found)]


def put(node: Node, name: str, given: Node) -> Node:
    """*node* with *given* in the place of the variable *name*. Raises UnsayableError for what becomes too large."""
    made = _put(node, name, given)
    if _size(made) > _LARGEST:
        raise UnsayableError
    return made


def _put(node: Node, name: str, given: Node) -> Node:
    if node.kind == "name" and node.value == name:
        return given
    if node.kind == "name" and node.value.startswith(f"{name}."):
        rest = node.value[len(name) + 1 :]
        return Node("name", f"{given.value}.{rest}") if given.kind == "name" else Node("member", rest, (given,))
    return node._replace(parts=tuple(_put(part, name, given) for part in node.parts))


def _size(node: Node) -> int:
    """How many parts there are in *node*, as far as it is not too many."""
    found = 0
    rest = [node]
    while rest and found <= _LARGEST:
        found += 1
        rest += rest.pop().parts
    return found


def _same(node: Node) -> Node:
    return node


def _call(node: Node) -> Node:
    if len(node.parts) != 1:
        return _weekday(node) if node.value == "plus" else node
    (given,) = node.parts
    if node.value in _CONVERSIONS:
        return given
    if node.value == "has":
        return Node("filled", "", (given,))
    if node.value == "duration" and given.kind == "+" and given.parts[1] == Node("text", "s"):
        return node._replace(parts=given.parts[:1])
    return node


def _weekday(node: Node) -> Node:
    """``plus(day, (n - timestamp(day).getDayOfWeek()) % 7 * 86400)``: the first such day of a week from there on."""
    if len(node.parts) != 2:  # noqa: PLR2004 - a day, and how much
        return node
    start, added = node.parts
    asked = Node("method", "getDayOfWeek", (Node("call", "timestamp", (start,)),))
    if added.kind == "*" and number(added.parts[1]) == "86400" and added.parts[0].kind == "%":
        moved, week = added.parts[0].parts
        if number(week) == "7" and moved.kind == "-" and moved.parts[1] == asked and number(moved.parts[0]).isdecimal():
            return Node("call", "weekday_from", (Node("number", str(int(number(moved.parts[0])) % 7)), start))
    return node


def _method(node: Node) -> Node:
    of = node.parts[0]
    if len(node.parts) == 1 and node.value in _SPANS and of.kind == "call" and of.value == "seconds_between":
        return of._replace(value=_SPANS[node.value])
    if loop(node, "map", "filter") and loop(of, "map"):
        # An entry of the list that is made of another list: what it is made of stands in its place.
        base, name, made = of.parts
        body = put(node.parts[2], node.parts[1].value, made)
        if node.value == "map":
            return Node("method", "map", (base, name, simple(body)))
        return Node("method", "map", (Node("method", "filter", (base, name, simple(body))), name, made))
    return node


def _index(node: Node) -> Node:
    of, at = node.parts
    if number(at) == "0" and loop(of, "filter") and of.parts[0].kind == "list" and len(of.parts[0].parts) == 1:
        (given,) = of.parts[0].parts
        return Node("only", "", (given, put(of.parts[2], of.parts[1].value, given)))
    return node


def _is(node: Node, name: str) -> bool:
    return node.kind == "call" and node.value == name and len(node.parts) == 1


def _minus(node: Node) -> Node:
    first, last = node.parts
    if _is(first, "timestamp") and _is(last, "timestamp"):
        return Node("call", "seconds_between", (last.parts[0], first.parts[0]))
    return _moved(node, "minus")


def _plus(node: Node) -> Node:
    first, last = node.parts
    if last == Node("text", _MIDNIGHT):
        return first
    return _moved(node, "plus")


def _moved(node: Node, function: str) -> Node:
    first, last = node.parts
    return Node("call", function, (first, last.parts[0])) if _is(first, "timestamp") and _is(last, "duration") else node


def _divided(node: Node) -> Node:
    first, last = node.parts
    if first.kind == "call" and first.value == "seconds_between" and number(last) in _UNITS:
        return first._replace(value=_UNITS[number(last)])
    if first.kind == "*" and (rest := _without_hundred(first)):
        return Node("percent", "", (rest, last))
    return node


def _without_hundred(node: Node) -> Node | None:
    """The other factor of a product with a hundred; None where there is no hundred."""
    one, other = node.parts
    return other if one.value in _HUNDRED else one if other.value in _HUNDRED else None


def _times(node: Node) -> Node:
    rest = _without_hundred(node)
    return Node("percent", "", rest.parts) if rest and rest.kind == "/" else node


def _chosen(node: Node) -> Node:
    when, yes, no = node.parts
    if yes == no:
        return yes
    if (yes, no) == (Node("name", "true"), Node("name", "false")):
        return when
    if when.kind == "name" and when.value.endswith(".done") and _asks(yes, when.value.removesuffix("done")):
        return Node("instead", "", (yes, no))
    if when.kind in {"<", ">", "<=", ">="}:
        more, less = (yes, no) if when.kind in {">", ">="} else (no, yes)
        first, second = when.parts
        if second.value in _NOUGHT and more == first and less == Node("neg", "", (first,)):
            return Node("abs", "", (first,))
        if more == Node("-", "", (first, second)) and less == Node("-", "", (second, first)):
            return Node("gap", "", (first, second))
    return node


def _either(node: Node) -> Node:
    """``x > l || x < -l``, and the same with ``-x > l``: x without its sign is more."""
    first, second = node.parts
    if first.kind == ">" and second.kind in {"<", ">"}:
        what, limit = first.parts
        if second in (
            Node("<", "", (what, Node("neg", "", (limit,)))),
            Node(">", "", (Node("neg", "", (what,)), limit)),
        ):
            return Node(">", "", (Node("abs", "", (what,)), limit))
    return node


def _both(node: Node) -> Node:
    """Without ``step.done`` where the next part asks for something of the step, which is there only if it was done."""
    parts = conjuncts(node)
    kept = [
        part
        for part, after in zip(parts, [*parts[1:], Node("list")], strict=True)
        if not (part.kind == "name" and part.value.endswith(".done") and _asks(after, part.value.removesuffix("done")))
    ]
    made = kept[0]
    for part in kept[1:]:
        made = Node("&&", "", (made, part))
    return made


def _asks(node: Node, root: str) -> bool:
    """Whether *node* cannot hold without something of the step whose names begin with *root*."""
    if node.kind == "name":
        return node.value.startswith(root) and not node.value.endswith(".done")
    if node.kind in COMPARED or node.kind in {"in", "call", "filled"}:
        return any(_asks(part, root) for part in node.parts)
    return node.kind == "method" and _asks(node.parts[0], root)


def _compared(node: Node) -> Node:
    first, last = node.parts
    if last == Node("text", "") and node.kind in {"==", "!="}:
        return _there(first, there=node.kind == "!=")
    if _is(first, "size") and (found := _COUNTS.get((node.kind, number(last)))) is not None:
        (of,) = first.parts
        while loop(of, "map"):
            of = of.parts[0]
        if loop(of, "filter"):
            some = Node("method", "exists", of.parts)
            return some if found else Node("not", "", (some,))
        return _there(of, there=found)
    return node


_COUNTS: Final = {(">", "0"): True, ("!=", "0"): True, (">=", "1"): True, ("==", "0"): False, ("<", "1"): False}


def _there(node: Node, *, there: bool) -> Node:
    made = Node("filled", "", (node,))
    return made if there else Node("not", "", (made,))


def _not(node: Node) -> Node:
    (of,) = node.parts
    if of.kind == "not":
        return of.parts[0]
    if of.kind in _TURNED:
        return of._replace(kind=_TURNED[of.kind])
    return node


_TURNED: Final = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_RULES: Final[Mapping[str, Callable[[Node], Node]]] = {
    "call": _call, "method": _method, "index": _index, "-": _minus, "+": _plus, "/": _divided, "*": _times, "?": _chosen,
    "||": _either, "&&": _both, "not": _not, **dict.fromkeys(COMPARED, _compared),
}  # fmt: skip
