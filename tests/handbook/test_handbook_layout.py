"""The picture: nothing overlaps, text stays in its box, and every way begins and ends at one."""

# ruff: noqa: RUF001 - the signs of other languages are meant
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.canonical import canonical_document
from engine.definition import Definition
from engine.procedure import Procedure
from runners.handbook.book import Book
from runners.handbook.drawing import drawn
from runners.handbook.layout import SIZES, Box, Edge, Picture, laid_out
from runners.handbook.measuring import shortened, width, wrapped
from runners.handbook.shapes import Exit, Lane, Shape
from runners.handbook.svg import svg
from runners.handbook.voice import Voice
from runners.handbook.words import TAGS
from tests.handbook.reading import Read
from tests.properties import courses, test_core

WORDS = ["审", "批", "a", "approve it ", "x" * 60, "발행 ", "（", "。", "é", "😀", "\u0301", "W" * 9]


def inside(inner: Box, outer: Box) -> bool:
    return (
        outer.x < inner.x and outer.y < inner.y and inner.x + inner.w < outer.x + outer.w and inner.y + inner.h < outer.y + outer.h
    )


def apart(one: Box, two: Box) -> bool:
    return one.x + one.w <= two.x or two.x + two.w <= one.x or one.y + one.h <= two.y or two.y + two.h <= one.y


def on_border(point: tuple[int, int], box: Box) -> bool:
    x, y = point
    within = box.x <= x <= box.x + box.w and box.y <= y <= box.y + box.h
    return within and (x in {box.x, box.x + box.w} or y in {box.y, box.y + box.h})


def through(edge: Edge, box: Box) -> bool:
    """Whether *edge* runs through the inside of *box*."""
    for (x1, y1), (x2, y2) in zip(edge.points, edge.points[1:], strict=False):
        left, right, top, bottom = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
        if right > box.x and left < box.x + box.w and bottom > box.y and top < box.y + box.h:
            return True
    return False


def sound(picture: Picture) -> None:
    """What holds of every picture."""
    everything = [*picture.boxes, *picture.frames]
    by_id = {box.id: box for box in everything}
    assert len(by_id) == len(everything)
    for box in everything:
        assert 0 <= box.x <= box.x + box.w <= picture.width
        assert 0 <= box.y <= box.y + box.h <= picture.height
        for line in box.lines:
            bold = line.style in {"title", "frame"}
            assert box.x <= line.x
            assert line.x + width(line.text, SIZES[line.style], bold=bold) <= box.x + box.w, line
            assert box.y < line.y - SIZES[line.style] // 2 < line.y < box.y + box.h
    for number, one in enumerate(everything):
        for two in everything[number + 1 :]:
            framed = {one.kind, two.kind} & {"frame", "repeated"}
            assert apart(one, two) or (framed and (inside(one, two) or inside(two, one))), (one, two)
    for edge in picture.edges:
        source, target = by_id[edge.source], by_id[edge.target]
        assert on_border(edge.points[0], source), edge
        assert on_border(edge.points[-1], target), edge
        assert all(x1 == x2 or y1 == y2 for (x1, y1), (x2, y2) in zip(edge.points, edge.points[1:], strict=False))
        assert all(0 <= x <= picture.width and 0 <= y <= picture.height for x, y in edge.points)
        for box in picture.boxes:
            assert not through(edge, box), (edge, box)
        for frame in picture.frames:
            if not (inside(source, frame) and inside(target, frame)):
                assert not through(edge, frame), (edge, frame)


@st.composite
def shapes(draw: st.DrawFn, depth: int = 2, prefix: str = "s") -> list[Shape]:
    """A track of any shapes, with ways to anywhere in it."""
    count = draw(st.integers(1, 4))
    ids = [f"{prefix}{number}" for number in range(count)]
    text = st.lists(st.sampled_from(WORDS), max_size=12).map("".join)
    found = []
    for name in ids:
        lanes: tuple[Lane, ...] = ()
        if depth and draw(st.integers(0, 2)) == 0:
            lanes = tuple(
                Lane(f"{name}.{lane}", draw(text), tuple(draw(shapes(depth - 1, f"{name}_{lane}_"))), draw(st.booleans()))
                for lane in range(draw(st.integers(1, 6)))
            )
        ways = st.builds(Exit, text, st.sampled_from([*ids, "", "■"]))
        exits = () if lanes else tuple(draw(st.lists(ways, max_size=4)))
        kind = draw(st.sampled_from(["task", "approval", "decide", "wait", "run"]))
        notes = tuple(draw(st.lists(text, max_size=2)))
        found.append(Shape(name, kind, draw(text), draw(text), notes, exits, lanes, draw(text), here=draw(st.booleans())))
    return found


@pytest.mark.no_cover  # hundreds of random pictures walk lines that have tests of their own
@given(shapes())
def test_any_picture_is_sound(track: Sequence[Shape]) -> None:
    """Whatever the words and ways: boxes and frames lie apart or in one another, text stays inside, ways run between boxes."""
    picture = laid_out(track)
    sound(picture)
    ways = [(shape.id, way.target) for shape in every(track) for way in shape.exits if way.target not in {"", "■"}]
    drawn_ways = [(edge.source, edge.target) for edge in picture.edges]
    assert all(drawn_ways.count(way) >= ways.count(way) for way in ways)
    assert {box.id for box in picture.boxes} >= {shape.id for shape in every(track)}


def every(track: Sequence[Shape]) -> Iterator[Shape]:
    for shape in track:
        yield shape
        for lane in shape.lanes:
            yield from every(lane.shapes)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A definition with any kinds of steps, as the properties of the engine draw them."""
    maker: Any = draw(st.sampled_from([courses.Drawn, test_core.Drawn]))(draw)
    document = {
        "sop": "sample", "version": "1.0.0", "title": "Sample", "purpose": "To be tested.", "scope": "This test.", "owner": "lead",
        "roles": ["lead", "maker"], "steps": maker.track(2), "signals": courses.SIGNALS,
        "inputs": {"platforms": {"type": "multi_choice", "options": ["weibo"]}},
    }  # fmt: skip
    return canonical_document(Definition.model_validate(document))


@given(documents(), st.sampled_from(TAGS))
def test_any_definition_has_a_sound_picture(document: dict[str, Any], tag: str) -> None:
    """Every step has its box, every branch its frame, and every way within a track an edge."""
    procedure = Procedure(document, "")
    picture = drawn(Voice(procedure, (tag,), {}, {}))
    sound(picture)
    assert {box.id for box in picture.boxes} >= set(procedure.steps)
    assert len(picture.frames) == len(procedure.tracks) - 1


@pytest.mark.parametrize("tag", TAGS)
def test_pictures_of_the_library_are_sound(book: Book, tag: str) -> None:
    """The large ones too; and none is so wide that it cannot be read on a page."""
    for sop in book.volumes:
        picture = drawn(book.voice(sop, (tag,)))
        sound(picture)
        assert picture.width < 1600, sop


def test_branches_stand_side_by_side_until_the_page_is_full(book: Book) -> None:
    """Two branches share their upper border; many go on in further rows."""
    lanes = tuple(Lane(f"p.{number}", f"branch {number}", (Shape(f"t{number}", "task", title="T"),)) for number in range(7))
    two = laid_out([Shape("p", "parallel", lanes=lanes[:2], join="all")])
    assert len({frame.y for frame in two.frames}) == 1
    many = laid_out([Shape("p", "parallel", lanes=lanes, join="all")])
    sound(many)
    assert len({frame.y for frame in many.frames}) > 1
    assert many.width < 1200


def test_ways_back_run_on_the_left_and_ways_on_on_the_right() -> None:
    """A loop never crosses the column of the steps, and two loops to different steps have lines of their own."""
    track = [
        Shape("a", "task", title="A"),
        Shape("b", "task", title="B", exits=(Exit("on", "d"), Exit("back", "a"), Exit("again", "b"))),
        Shape("c", "task", title="C", exits=(Exit("back", "b"), Exit("next", ""))),
        Shape("d", "task", title="D", exits=(Exit("first", "a"), Exit("stop", "■"))),
    ]
    picture = laid_out(track)
    sound(picture)
    boxes = {box.id: box for box in picture.boxes}
    middle = boxes["a"].x + boxes["a"].w // 2
    loops = [edge for edge in picture.edges if len(edge.points) == 4]
    for edge in loops:
        back = list(boxes).index(edge.target) <= list(boxes).index(edge.source)
        assert all(x < middle if back else x > middle for x, _ in edge.points)
    assert len({edge.points[1][0] for edge in loops if edge.target in {"a", "b"}}) >= 2
    assert ("d", "") not in [(edge.source, edge.target) for edge in picture.edges]


def test_same_shapes_give_the_same_bytes(book: Book) -> None:
    """The picture holds whole numbers, and is the same each time."""
    voice = book.voice("crisis", ("ko",))
    first, second = (svg(drawn(voice), "T", "D", "ko") for _ in range(2))
    assert first == second
    assert Read(first).all("svg")[0].attributes["lang"] == "ko"


def test_where_a_run_stands_is_marked(book: Book) -> None:
    """A step with a task has a border of its own."""
    voice = book.voice("crisis", ("en",))
    assert "sd-box sd-task sd-here" not in svg(drawn(voice), "T", "D", "en")
    assert svg(drawn(voice, ["detect_log"]), "T", "D", "en").count("sd-box sd-task sd-here") == 1


@given(st.lists(st.sampled_from(WORDS), max_size=40).map("".join), st.integers(30, 300), st.booleans())
def test_wrapped_text_is_whole_and_fits(text: str, room: int, bold: bool) -> None:  # noqa: FBT001 - drawn
    """No line is wider than the room there is, and no character but blanks is lost."""
    lines = wrapped(text, room, 11, bold=bold)
    assert all(width(line, 11, bold=bold) <= room for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(line.strip() for line in lines)


def test_chinese_breaks_between_characters_and_korean_between_words() -> None:
    """Closing signs never begin a line; wide characters count twice."""
    assert wrapped("审批通过，发布", 48, 11) == ["审批通", "过，发布"]
    assert wrapped("审批“通过”", 33, 11) == ["审批", "“通", "过”"]
    assert wrapped("발행 승인 요청", 40, 11) == ["발행", "승인", "요청"]
    assert width("审", 10) > width("a", 10)
    assert shortened("one two three", 8) == "one two…"
