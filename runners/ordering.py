"""The order of keys in a definition's file: entries move as the lines they are, with the comments above them.

Only keys that the format names are put in order. Names that an author chose (fields, outcomes, branches) stay where they are:
their order means something.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple


class Kind(NamedTuple):
    """A part of a definition.

    Attributes:
        order: its keys.
        inside: the kind of what stands under a key; with ``*`` before it, of everything in the map of names there.
    """

    order: tuple[str, ...]
    inside: Mapping[str, str]


def _kind(order: str, **inside: str) -> Kind:
    return Kind(tuple(order.split()), inside)


_FIELD: Final = (
    "type many sop currency decimals required default min max unit pattern rule pii keep calendar label help options items "
    "columns value source confidence"
)
KINDS: Final[Mapping[str, Kind]] = {
    "definition": _kind(
        "sop version lang prefix title purpose scope references owner review_every roles separate sources parameters inputs "
        "signals permissions steps kpis results schedule ends",
        parameters="*field", inputs="*field", signals="*signal", steps="step", kpis="*kpi", schedule="schedule",
    ),
    "step": _kind(
        "id title when role approval same_as skill from not_from lead assign source instructions form due remind escalate "
        "critical while run with detached drill wait for_each open parallel first join rest one_at_a_time decide outcomes steps",
        approval="approval", form="*field", due="due", escalate="escalation", wait="wait", parallel="*branch", first="*branch",
        decide="choice", outcomes="*outcome", steps="step",
    ),
    "field": _kind(_FIELD, columns="*field"),
    "signal": _kind("title keep form", form="*field"),
    "kpi": _kind("title value at target unit period source confidence"),
    "schedule": _kind("id cron zone missed title inputs parameters lead unit source"),
    "approval": _kind("role quorum of"),
    "due": _kind("when due else"),
    "escalation": _kind("after to"),
    "wait": _kind("signal for until"),
    "branch": _kind("title when steps", steps="step"),
    "choice": _kind("when to rounds then else"),
    "outcome": _kind("to label reason when rounds then cancels"),
}  # fmt: skip
"""Every part of a definition, in the order that the shipped ones have; a test compares the keys with the models."""

Node = Any
"""A node of a YAML library: scalars have a text as value, lists nodes, and mappings pairs of nodes."""


def ordered(text: str, root: Node) -> str:
    """*text* with its keys in order.

    Args:
        text: a definition, its lines ended by line feeds.
        root: the nodes of *text*, with their marks.
    """
    orderer = _Orderer(text)
    orderer.descend(root, "definition")
    return "\n".join(orderer.lines)


class _Orderer:
    """Reorders from the inside out, so that whatever is moved was finished before; no line is added or lost.

    Attributes:
        lines: the lines as they are by now.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self.lines = text.split("\n")

    def descend(self, node: Node, kind: str) -> None:
        """Put everything in *node* in order."""
        if isinstance(node.value, str):
            return
        if node.flow_style:
            start, end = node.start_mark, node.end_mark
            made = self._flow(node, kind)
            whole = self.lines[start.line][: start.column] + made + self.lines[end.line][end.column :]
            self.lines[start.line : end.line + 1] = whole.split("\n")
            return
        for _, value, inner in _inside(node, kind):
            self.descend(value, inner)
        if _is_mapping(node) and kind in KINDS:
            self._block(node, KINDS[kind].order)

    def _block(self, node: Node, order: Sequence[str]) -> None:
        keys = [key for key, _ in node.value]
        moved = _sorted(keys, order)
        column = keys[0].start_mark.column
        begins = [key.start_mark.line for key in keys]
        if moved == list(range(len(keys))) or any(self.lines[line][:column].strip() for line in begins[1:]):
            return
        ends = [self._last(value) for _, value in node.value]
        for place, begin in enumerate(begins[1:]):
            while ends[place] + 1 < begin and _indent(self.lines[ends[place] + 1]) > column:
                ends[place] += 1  # a comment that stands deeper belongs to what is above it
        dash = self.lines[begins[0]][:column]
        above: list[list[str]] = [[]]
        bodies: list[list[str]] = []
        for place, (begin, end) in enumerate(zip(begins, ends, strict=True)):
            if place:
                above.append(self.lines[ends[place - 1] + 1 : begin])
            head = dash if place == moved[0] else " " * column
            bodies.append([head + self.lines[begin][column:], *self.lines[begin + 1 : end + 1]])
        self.lines[begins[0] : ends[-1] + 1] = [line for place in moved for line in (*above[place], *bodies[place])]

    def _last(self, node: Node) -> int:
        """The last line of *node*."""
        if isinstance(node.value, str) and node.style in {"|", ">"}:
            line: int = node.end_mark.line - 1
            while not self.lines[line].strip():
                line -= 1
            return line
        if isinstance(node.value, str) or node.flow_style:
            found: int = node.end_mark.line
            return found
        last = node.value[-1]
        return self._last(last[1] if isinstance(last, tuple) else last)

    def _flow(self, node: Node, kind: str) -> str:
        """The text of a node in brackets, in order inside; left as it is where comments stand between."""
        if isinstance(node.value, str) or not node.value:
            return self._text[node.start_mark.index : node.end_mark.index]
        pieces: list[tuple[int, int, str]] = []
        for key, value, inner in _inside(node, kind):
            begin = (key or value).start_mark.index
            pieces.append((begin, value.end_mark.index, self._text[begin : value.start_mark.index] + self._flow(value, inner)))
        start, end = node.start_mark.index, node.end_mark.index
        edges = [start, *(edge for begin, end_, _ in pieces for edge in (begin, end_)), end]
        between = [self._text[edges[number] : edges[number + 1]] for number in range(0, len(edges), 2)]
        moved = list(range(len(pieces)))
        if _is_mapping(node) and kind in KINDS and not any("#" in gap for gap in between):
            moved = _sorted([key for key, _ in node.value], KINDS[kind].order)
        return "".join(gap + pieces[place][2] for gap, place in zip(between, moved, strict=False)) + between[-1]


def _inside(node: Node, kind: str) -> Iterator[tuple[Node | None, Node, str]]:
    """Key (None in a list), value and kind of everything directly in *node*."""
    if not _is_mapping(node):
        for item in node.value:
            yield None, item, "step" if kind == "branch" else kind
        return
    for key, value in node.value:
        if kind.startswith("*"):
            yield key, value, kind[1:]
        else:
            yield key, value, KINDS[kind].inside.get(key.value, "") if kind in KINDS else ""


def _is_mapping(node: Node) -> bool:
    return bool(node.value) and isinstance(node.value[0], tuple)


def _sorted(keys: Sequence[Node], order: Sequence[str]) -> list[int]:
    ranks = [order.index(key.value) if key.value in order else len(order) for key in keys]
    return sorted(range(len(keys)), key=ranks.__getitem__)


def _indent(line: str) -> int:
    """Blanks before the text of *line*; none where there is no text."""
    return len(line) - len(line.lstrip(" ")) if line.strip() else 0
