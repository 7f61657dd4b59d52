"""A picture as SVG: one style for light and dark, no script, no link, no font of its own."""

from typing import Final

from runners.handbook.html import Markup, joined, style, tag
from runners.handbook.layout import PAD, SIZES, Box, Edge, Picture

_FONT: Final = "system-ui, 'Segoe UI', Roboto, Arial, 'DejaVu Sans', 'PingFang SC', 'Microsoft YaHei', 'Malgun Gothic', sans-serif"
_COLORS: Final = {
    "ink": ("#1a1a1a", "#f0f0f0"), "soft": ("#555555", "#b8b8b8"), "line": ("#6b6b6b", "#9a9a9a"), "paper": ("#ffffff", "#1b1d21"),
    "box": ("#ffffff", "#25282e"), "task": ("#2563a8", "#7db4f0"), "approval": ("#96540a", "#e9ab5c"),
    "auto": ("#5c5c5c", "#a8a8a8"),
    "frame": ("#f3f5f8", "#20242a"), "here": ("#b3261e", "#ff8a80"),
}  # fmt: skip
_KINDS: Final = {"task": "task", "approval": "approval"}
_ROUND: Final = {"start": 14, "end": 14, "join": 10, "wait": 14}


def _sheet(dark: int) -> str:
    color = {name: both[dark] for name, both in _COLORS.items()}
    return (
        f".sd-bg{{fill:{color['paper']}}}.sd-box{{fill:{color['box']};stroke:{color['line']};stroke-width:1.5}}"
        f".sd-task{{stroke:{color['task']}}}.sd-approval{{stroke:{color['approval']}}}"
        f".sd-auto{{stroke:{color['auto']};stroke-dasharray:5 3}}"
        f".sd-bar.sd-task,.sd-bar.sd-approval,.sd-bar.sd-auto{{stroke-width:5;stroke-dasharray:none}}"
        f".sd-here{{stroke:{color['here']};stroke-width:4}}"
        f".sd-frame{{fill:{color['frame']};stroke:{color['line']};stroke-width:1}}.sd-rule{{stroke:{color['line']};stroke-width:.5}}"
        f".sd-edge{{fill:none;stroke:{color['line']};stroke-width:1.5}}.sd-head{{fill:{color['line']}}}"
        f".sd-text{{fill:{color['ink']}}}.sd-caption{{fill:{color['soft']}}}"
    )


_STYLE: Final = (
    f".sd-text{{font-family:{_FONT}}}"
    + "".join(f".sd-{name}-size{{font-size:{size}px}}" for name, size in SIZES.items())
    + ".sd-title-size,.sd-frame-size{font-weight:700}.sd-note-size{font-style:italic}"
    + _sheet(0)
    + f"@media screen and (prefers-color-scheme:dark){{{_sheet(1)}}}"
)


def svg(picture: Picture, title: str, description: str, lang: str, name: str = "diagram") -> Markup:
    """The picture, whole and standing alone, or inside a page.

    Args:
        picture: what stands where.
        title: what readers of screens hear first.
        description: what it shows.
        lang: language of its words.
        name: begins the ids in it, so that a page can hold several.
    """
    parts = [
        tag("title", title, id=f"{name}-title"),
        tag("desc", description, id=f"{name}-desc"),
        style(_STYLE),
        tag("rect", class_="sd-bg", width=picture.width, height=picture.height),
        *(_frame(box) for box in picture.frames),
        *(_edge(edge) for edge in picture.edges),
        *(_box(box) for box in picture.boxes),
    ]
    return tag(
        "svg", joined(parts), xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {picture.width} {picture.height}",
        width=picture.width, height=picture.height, role="img", lang=lang,
        **{"xml:lang": lang, "aria-labelledby": f"{name}-title {name}-desc"},
    )  # fmt: skip


def _rect(box: Box, kind: str, radius: int, inset: int = 0) -> Markup:
    return tag(
        "rect", class_=kind, x=box.x + inset, y=box.y + inset, width=box.w - 2 * inset, height=box.h - 2 * inset, rx=radius
    )  # fmt: skip


def _lines(box: Box) -> list[Markup]:
    return [
        tag(
            "text",
            line.text,
            class_=f"sd-text sd-{line.style}-size{' sd-caption' if line.style == 'caption' else ''}",
            x=line.x,
            y=line.y,
        )
        for line in box.lines
    ]


def _frame(box: Box) -> Markup:
    """The frame of a track; that of items has a second border inside."""
    again = [_rect(box, "sd-frame", 6, 3)] if box.kind == "repeated" else []
    return tag("g", joined([_rect(box, "sd-frame", 8), *again, *_lines(box)]))


def _box(box: Box) -> Markup:
    kind = f"sd-{_KINDS.get(box.kind, 'auto')}" if box.kind not in {"start", "end", "join"} else ""
    radius = _ROUND.get(box.kind, 5)
    parts = [_rect(box, f"sd-box {kind}{' sd-here' if box.here else ''}".strip(), radius)]
    if kind:
        parts.append(tag("path", class_=f"sd-bar {kind}", d=f"M{box.x + 3} {box.y + 6}V{box.y + box.h - 6}"))
    parts += [tag("path", class_="sd-rule", d=f"M{box.x + PAD // 2} {rule}H{box.x + box.w - PAD // 2}") for rule in box.rules]
    return tag("g", joined([*parts, *_lines(box)]))


def _edge(edge: Edge) -> Markup:
    """A way with its arrow head, which points as the last piece runs."""
    (fx, fy), (x, y) = edge.points[-2:]
    dx, dy = (x > fx) - (x < fx), (y > fy) - (y < fy)
    path = "M" + "L".join(f"{px} {py}" for px, py in edge.points)
    head = f"M{x} {y}L{x - 7 * dx - 4 * dy} {y - 7 * dy - 4 * dx}L{x - 7 * dx + 4 * dy} {y - 7 * dy + 4 * dx}Z"
    return joined([tag("path", class_="sd-edge", d=path), tag("path", class_="sd-head", d=head)], "")
