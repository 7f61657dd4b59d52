"""Where everything of a picture stands: steps from top to bottom, what happens at the same time side by side.

Block-structured like definitions, and so without crossings by construction: a track is a column, a step that opens tracks is
a head, a row of frames and a foot. Ways back run up on the left, ways over steps run down on the right. All lengths are whole
pixels, so that the same definition gives the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from runners.handbook.measuring import width, wrapped
from runners.handbook.shapes import Exit, Lane, Shape

PAD: Final = 12
"""Between a border and what stands inside it."""
_WIDTH: Final = 236
_PILL: Final = 150
_GAP: Final = 30
_BUS: Final = 16
_LANE: Final = 12
_PAGE: Final = 1040
"""Frames that would be wider together stand in several rows."""
_ARRIVAL: Final = 14
"""Below the upper border of a box: where ways back arrive."""
SIZES: Final = {"caption": 11, "title": 13, "note": 11, "exit": 11, "frame": 12}
_HEIGHTS: Final = {"caption": 15, "title": 18, "note": 15, "exit": 16, "frame": 18}
_BOLD: Final = frozenset({"title", "frame"})
Point = tuple[int, int]


class Line(NamedTuple):
    """A line of text; ``x`` and ``y`` are the left end of its base line, ``style`` a key of ``SIZES``."""

    text: str
    x: int
    y: int
    style: str


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with text. ``rules`` are heights of lines across it."""

    id: str
    kind: str
    x: int
    y: int
    w: int
    h: int
    lines: tuple[Line, ...] = ()
    rules: tuple[int, ...] = ()
    here: bool = False

    def moved(self, dx: int, dy: int) -> "Box":
        """The same elsewhere."""
        lines = tuple(line._replace(x=line.x + dx, y=line.y + dy) for line in self.lines)
        return replace(self, x=self.x + dx, y=self.y + dy, lines=lines, rules=tuple(rule + dy for rule in self.rules))


@dataclass(frozen=True, slots=True)
class Edge:
    """A way from box to box, along *points*; the last one has the arrow head."""

    source: str
    target: str
    points: tuple[Point, ...]

    def moved(self, dx: int, dy: int) -> "Edge":
        """The same elsewhere."""
        return replace(self, points=tuple((x + dx, y + dy) for x, y in self.points))


@dataclass(slots=True)
class Part:
    """A piece of the picture around its ``axis``, which is 0 in its own coordinates; its top is 0.

    Attributes:
        left: how far it reaches to the left (positive); ``right`` likewise.
        frames: boxes with boxes inside.
        leaving: where the way to what follows begins: box and height.
        exits: heights of the ways out of each step.
    """

    left: int = 0
    right: int = 0
    h: int = 0
    boxes: list[Box] = field(default_factory=list)
    frames: list[Box] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    leaving: str = ""
    exits: list[tuple[Exit, int]] = field(default_factory=list)

    def take(self, other: "Part", dx: int, dy: int) -> None:
        """Put *other* into this one, moved."""
        self.boxes += [box.moved(dx, dy) for box in other.boxes]
        self.frames += [box.moved(dx, dy) for box in other.frames]
        self.edges += [edge.moved(dx, dy) for edge in other.edges]
        self.left = max(self.left, other.left - dx)
        self.right = max(self.right, other.right + dx)


class Picture(NamedTuple):
    """Everything with its place, from (0, 0)."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    frames: tuple[Box, ...]
    edges: tuple[Edge, ...]


def laid_out(shapes: Sequence[Shape]) -> Picture:
    """The picture of a track with everything inside it."""
    part = _track(shapes)
    dx, dy = part.left + PAD, PAD
    return Picture(
        part.left + part.right + 2 * PAD,
        part.h + 2 * PAD,
        tuple(box.moved(dx, dy) for box in part.boxes),
        tuple(box.moved(dx, dy) for box in part.frames),
        tuple(edge.moved(dx, dy) for edge in part.edges),
    )


def _track(shapes: Sequence[Shape]) -> Part:
    part = Part()
    tops: list[int] = []
    items = [_item(shape) for shape in shapes]
    y = 0
    for item in items:
        tops.append(y)
        part.take(item, 0, y)
        y += item.h + _GAP
    part.h = y - _GAP
    for number, (shape, item) in enumerate(zip(shapes[:-1], items[:-1], strict=True)):
        if shape.passes:
            points = ((0, tops[number] + item.h), (0, tops[number + 1]))
            part.edges.append(Edge(item.leaving, shapes[number + 1].id, points))
    _jumps(part, shapes, items, tops)
    return part


class _Jump(NamedTuple):
    """A way to another step than the next: the numbers of both steps, and its heights."""

    source: int
    target: int
    leaves: int
    arrives: int


def _jumps(part: Part, shapes: Sequence[Shape], items: Sequence[Part], tops: Sequence[int]) -> None:
    places = {shape.id: number for number, shape in enumerate(shapes)}
    found = [
        _Jump(number, places[way.target], tops[number] + height, tops[places[way.target]] + _ARRIVAL)
        for number, item in enumerate(items)
        for way, height in item.exits
        if way.target in places
    ]
    found.sort(key=lambda jump: (abs(jump.source - jump.target), jump.leaves))
    taken: list[tuple[int, _Jump]] = []
    for jump in found:
        back = jump.target <= jump.source
        first, last = sorted((jump.source, jump.target))
        reach = max(item.left if back else item.right for item in items[first : last + 1]) + _LANE
        while any(_in_the_way(jump, back, reach, other, at) for at, other in taken):
            reach += _LANE
        taken.append((reach, jump))
        sign = -1 if back else 1
        lane = sign * reach
        points = (
            (sign * _half(items[jump.source]), jump.leaves), (lane, jump.leaves), (lane, jump.arrives),
            (sign * _half(items[jump.target]), jump.arrives),
        )  # fmt: skip
        part.edges.append(Edge(shapes[jump.source].id, shapes[jump.target].id, points))
        part.left, part.right = (max(part.left, reach), part.right) if back else (part.left, max(part.right, reach))


def _in_the_way(jump: _Jump, back: bool, reach: int, other: _Jump, at: int) -> bool:  # noqa: FBT001 - one of five plain values
    """Whether both would run along the same line; ways to the same step may."""
    if back != (other.target <= other.source) or abs(at - reach) >= _LANE or jump.target == other.target:
        return False
    low, high = sorted((jump.leaves, jump.arrives))
    other_low, other_high = sorted((other.leaves, other.arrives))
    return low <= other_high and other_low <= high


def _half(item: Part) -> int:
    """Half the width of the first box of *item*, its head."""
    return item.boxes[0].w // 2


def _item(shape: Shape) -> Part:
    box, exits = _box(shape)
    part = Part(box.w // 2, box.w // 2, box.h, boxes=[box], leaving=shape.id, exits=exits)
    if shape.lanes:
        _opened(part, shape)
    return part


def _opened(part: Part, shape: Shape) -> None:
    """Put the frames of the tracks that *shape* opens below its box, and the box where they come together below these."""
    head = part.h
    frames = [_frame(lane) for lane in shape.lanes]
    rows: list[list[Part]] = [[]]
    for frame in frames:
        if rows[-1] and sum(one.left + one.right + PAD for one in (*rows[-1], frame)) > _PAGE:
            rows.append([])
        rows[-1].append(frame)
    widths = [sum(one.left + one.right for one in row) + PAD * (len(row) - 1) for row in rows]
    side = max(widths) // 2 + _LANE  # where ways to further rows run
    first = head + _BUS
    y = head
    lasts: list[tuple[Part, int, int, int]] = []
    for number, (row, wide) in enumerate(zip(rows, widths, strict=True)):
        bus = y + _BUS
        y = bus + _BUS
        x = -wide // 2
        tall = max(one.h for one in row)
        for frame in row:
            middle = x + frame.left
            part.take(frame, middle, y)
            turn: tuple[Point, ...] = (
                ((0, first), (middle, bus)) if number == 0 else ((0, first), (-side, first), (-side, bus), (middle, bus))
            )
            part.edges.append(Edge(shape.id, frame.leaving, _straight(((0, head), *turn, (middle, y)))))
            lasts.append((frame, middle, y + frame.h, y + tall + _BUS))
            x += frame.left + frame.right + PAD
        y += tall + _BUS
    foot = y + _BUS
    join = _pill(f"join:{shape.id}", "join", shape.join).moved(0, foot)
    part.boxes.append(join)
    for frame, middle, bottom, bus in lasts:
        turn = ((middle, y), (0, y)) if bus == y else ((middle, bus), (side, bus), (side, y), (0, y))
        part.edges.append(Edge(frame.leaving, join.id, _straight(((middle, bottom), *turn, (0, foot)))))
    if len(rows) > 1:
        part.left, part.right = max(part.left, side), max(part.right, side)
    part.left, part.right = max(part.left, join.w // 2), max(part.right, join.w // 2)
    part.h = foot + join.h
    part.leaving = join.id


def _straight(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """*points* without those that are no corners."""
    found: list[Point] = []
    for point in points:
        if found and found[-1] == point:
            continue
        if len(found) > 1 and (found[-2][0] == found[-1][0] == point[0] or found[-2][1] == found[-1][1] == point[1]):
            found.pop()
        found.append(point)
    return tuple(found)


def _frame(lane: Lane) -> Part:
    """The frame around a track; its ``leaving`` is its own id."""
    inner = _track(lane.shapes)
    room = inner.left + inner.right
    lines: list[Line] = []
    y = PAD // 2
    for text in wrapped(lane.title, room, SIZES["frame"], bold=True):
        y += _HEIGHTS["frame"]
        lines.append(Line(text, -inner.left, y - 5, "frame"))
    y += PAD // 2
    part = Part(h=y + inner.h + PAD, leaving=f"frame:{lane.id}")
    part.take(inner, 0, y)
    part.left, part.right = inner.left + PAD, inner.right + PAD
    kind = "repeated" if lane.repeated else "frame"
    part.frames.insert(0, Box(part.leaving, kind, -part.left, 0, part.left + part.right, part.h, tuple(lines)))
    return part


def _pill(name: str, kind: str, text: str) -> Box:
    lines: list[Line] = []
    y = 5
    for line in wrapped(text, _PILL - 2 * PAD, SIZES["caption"]) or [""]:
        y += _HEIGHTS["caption"]
        lines.append(Line(line, -width(line, SIZES["caption"]) // 2, y - 4, "caption"))
    return Box(name, kind, -_PILL // 2, 0, _PILL, y + 5, tuple(lines))


def _box(shape: Shape) -> tuple[Box, list[tuple[Exit, int]]]:
    """The box of *shape*, and the heights where its ways leave."""
    if shape.kind in {"start", "end"}:
        return _pill(shape.id, shape.kind, shape.title), []
    lines: list[Line] = []
    y = 6
    left = -_WIDTH // 2 + PAD

    def put(text: str, style: str) -> None:
        nonlocal y
        for line in wrapped(text, _WIDTH - 2 * PAD, SIZES[style], bold=style in _BOLD) or [""]:
            y += _HEIGHTS[style]
            lines.append(Line(line, left, y - 4, style))

    put(shape.caption, "caption")
    put(shape.title, "title")
    for note in shape.notes:
        put(note, "note")
    rules: list[int] = []
    exits: list[tuple[Exit, int]] = []
    for way in shape.exits:
        y += 3
        rules.append(y)
        exits.append((way, y + _HEIGHTS["exit"] // 2 + 1))
        put(way.text, "exit")
    return Box(shape.id, shape.kind, -_WIDTH // 2, 0, _WIDTH, y + 8, tuple(lines), tuple(rules), shape.here), exits
