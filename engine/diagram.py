"""Pictures of a definition as text: Mermaid and DOT.

Both are made from the same table of boxes and arrows. Labels are words of the definition and never anything else: each
notation's own signs are written as entities or escapes, ids are ours, and no link or style comes from a definition.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from engine.checks.outline import Outline, Place, Way, outcomes, ways
from engine.names import END, LEAVE, MAIN
from engine.procedure import branches
from engine.text import Said, clean, pick, said

_MERMAID: Final = {
    "start": '(("{}"))', "end": '(["{}"])', "task": '["{}"]', "approval": '{{{{"{}"}}}}', "decide": '{{"{}"}}',
    "parallel": '[/"{}"\\]', "first": '[/"{}"\\]', "wait": '(("{}"))', "join": '[\\"{}"/]', "for_each": '[["{}"]]', "run": '>"{}"]',
}  # fmt: skip
_DOT: Final = {
    "start": "circle", "end": "doublecircle", "task": "box", "approval": "hexagon", "decide": "diamond",
    "parallel": "trapezium", "first": "trapezium", "wait": "circle", "join": "invtrapezium", "for_each": "box3d",
    "run": "component",
}  # fmt: skip
_MARKS: Final = {
    "detached": said("not waited for"), "one_at_a_time": said("one at a time"), "open": said("items can be added"),
}  # fmt: skip
"""Keys of a step that are said in its box."""
_ENTITIES: Final = str.maketrans({sign: f"#{ord(sign)};" for sign in '#"<>&`\\|%'})
"""Mermaid reads ``%%{…}%%`` as an instruction even inside quotes, and back quotes as Markdown."""
_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"'})
_CHARACTERS: Final = 80
"""Of one label; a whole expression would push the boxes off the page."""


Say = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Box:
    """Something with a shape. ``shape`` is a kind of step, ``start``, ``end`` or ``join``."""

    id: str
    shape: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Arrow:
    """A way from box to box; ``dashed`` for what happens when something is left out."""

    source: str
    target: str
    label: str = ""
    dashed: bool = False


class _Drawing:
    """Boxes and arrows of one definition, in the words of one reader."""

    def __init__(self, document: Mapping[str, Any], languages: Sequence[str], say: Say) -> None:
        self.outline = Outline(document)
        self.say = say
        self.start = Box("start", "start", (say(said("start")),))
        self._own = str(document.get("lang", "en"))
        self._languages = languages
        self.ends: dict[str, Box] = {}
        self.arrows: list[Arrow] = []
        self._arrow("start", f"s_{self.outline.tracks[MAIN][0].id}")
        for step in self.outline.steps:
            for way in ways(step):
                self._way(step, way)
            for name, branch in branches(step.doc).items():
                first = self.outline.tracks[f"{step.id}.{name}"][0]
                self._arrow(f"s_{step.id}", f"s_{first.id}", branch.get("when", ""))
            if step.kind == "for_each":
                self._arrow(f"s_{step.id}", f"s_{self.outline.tracks[step.id][0].id}", self.say(said("for each item")))
            for region in dict.fromkeys(r for way in outcomes(step).values() for r in way.get("cancels", ())):
                self._arrow(f"s_{step.id}", f"s_{self.outline.tracks[region][0].id}", self.say(said("cancels")), dashed=True)

    def box(self, step: Place) -> Box:
        """The box of a step: its title, and who does it."""
        doc = step.doc
        who = doc["approval"]["role"] if step.kind == "approval" else doc.get("role", doc.get("run", ""))
        waits = " ".join(f"{how} {what}" for how, what in doc.get("wait", {}).items())
        marks = [self.say(word) for key, word in _MARKS.items() if doc.get(key)]
        lines = (self.words(doc.get("title")) or step.id, who, waits, ", ".join(marks))
        return Box(f"s_{step.id}", step.kind, tuple(line for line in lines if line))

    def join(self, step: Place) -> Box:
        """Where the tracks that *step* opened come together."""
        join = str(step.doc.get("join", "any" if step.kind == "first" else "all"))
        rest = (self.say(said("the rest goes on")),) if step.doc.get("rest") == "continue" else ()
        return Box(f"j_{step.id}", "join", (join, *rest))

    def words(self, texts: Mapping[str, str] | None) -> str:
        """The text for the reader, on one line and without anything that steers a screen."""
        return clean(" ".join(pick(texts, self._languages, self._own).split()))

    def _way(self, step: Place, way: Way) -> None:
        label = "" if way.kind in {"join", "child"} else self.say(way.name)
        if way.kind in {"outcome", "then"}:
            name = way.name.parts["name"] if isinstance(way.name, Said) else way.name
            label = self.words(step.doc.get("outcomes", {}).get(name, {}).get("label")) or name
            if way.kind == "then":
                label = self.say(said("{name}, rounds used up", name=label))
        source = f"j_{step.id}" if way.kind == "join" else f"s_{step.id}"
        self._arrow(source, self._goal(step, way.target), label, dashed=way.kind == "skip")

    def _goal(self, step: Place, target: str) -> str:
        to = self.outline.resolved(step, target)
        if to == LEAVE and step.outer is not None:
            return f"j_{step.outer.id}"
        if to not in {LEAVE, END}:
            return f"s_{to}"
        name = target[4:-1] if target.startswith("end(") else "done"
        self.ends.setdefault(name, Box(f"e_{name}", "end", (name.replace("_", " "),)))
        return f"e_{name}"

    def _arrow(self, source: str, target: str, label: str = "", *, dashed: bool = False) -> None:
        text = clean(" ".join(label.split()))
        short = text if len(text) <= _CHARACTERS else text[: _CHARACTERS - 1] + "…"
        self.arrows.append(Arrow(source, target, short, dashed))


def mermaid(document: Mapping[str, Any], languages: Sequence[str] = ("en",), here: Collection[str] = (), say: Say = str) -> str:
    """A flowchart of a canonical *document* in Mermaid's notation.

    Args:
        document: the canonical document.
        languages: what the reader wants, best first.
        here: ids of steps to mark, where a run stands.
        say: says the words that are the program's own in the language of the reader.
    """
    drawing = _Drawing(document, languages, say)
    lines = ["flowchart TD"]
    lines += [f"  {line}" for line in _mermaid_track(drawing, MAIN)]
    for box in (drawing.start, *drawing.ends.values()):
        lines.append(f"  {_mermaid_box(box)}")
    for arrow in drawing.arrows:
        line = "-.->" if arrow.dashed else "-->"
        label = f'|"{arrow.label.translate(_ENTITIES)}"|' if arrow.label else ""
        lines.append(f"  {arrow.source} {line}{label} {arrow.target}")
    if here:
        lines.append("  classDef here stroke-width:4px")
        lines.append(f"  class {','.join(f's_{step}' for step in sorted(here))} here")
    return "\n".join(lines) + "\n"


def _mermaid_box(box: Box) -> str:
    return box.id + _MERMAID[box.shape].format("<br/>".join(line.translate(_ENTITIES) for line in box.lines))


def _mermaid_track(drawing: _Drawing, track: str) -> Iterator[str]:
    for step in drawing.outline.tracks[track]:
        yield _mermaid_box(drawing.box(step))
        for inner, title in _inner(drawing, step):
            yield f'subgraph t_{inner.replace(".", "-")}["{title.translate(_ENTITIES)}"]'
            yield from (f"  {line}" for line in _mermaid_track(drawing, inner))
            yield "end"
        if step.kind in {"parallel", "first", "for_each"}:
            yield _mermaid_box(drawing.join(step))


def dot(document: Mapping[str, Any], languages: Sequence[str] = ("en",), here: Collection[str] = (), say: Say = str) -> str:
    """The same flowchart in the notation of Graphviz. Arguments as for :func:`mermaid`."""
    drawing = _Drawing(document, languages, say)
    lines = ["digraph sop {", "  rankdir=TB;", '  node [fontname="sans-serif"];']
    lines += [f"  {line}" for line in _dot_track(drawing, MAIN, here)]
    for box in (drawing.start, *drawing.ends.values()):
        lines.append(f"  {_dot_box(box, here)}")
    for arrow in drawing.arrows:
        style = ", style=dashed" if arrow.dashed else ""
        lines.append(f'  "{arrow.source}" -> "{arrow.target}" [label="{arrow.label.translate(_ESCAPES)}"{style}];')
    return "\n".join([*lines, "}"]) + "\n"


def _dot_box(box: Box, here: Collection[str]) -> str:
    label = "\\n".join(line.translate(_ESCAPES) for line in box.lines)
    marked = ", penwidth=4" if box.id.removeprefix("s_") in here and box.id.startswith("s_") else ""
    return f'"{box.id}" [shape={_DOT[box.shape]}, label="{label}"{marked}];'


def _dot_track(drawing: _Drawing, track: str, here: Collection[str]) -> Iterator[str]:
    for step in drawing.outline.tracks[track]:
        yield _dot_box(drawing.box(step), here)
        for inner, title in _inner(drawing, step):
            yield f'subgraph "cluster_{inner}" {{'
            yield f'  label="{title.translate(_ESCAPES)}";'
            yield from (f"  {line}" for line in _dot_track(drawing, inner, here))
            yield "}"
        if step.kind in {"parallel", "first", "for_each"}:
            yield _dot_box(drawing.join(step), here)


def _inner(drawing: _Drawing, step: Place) -> Iterator[tuple[str, str]]:
    """The tracks that *step* opens, each with its title."""
    for name, branch in branches(step.doc).items():
        yield f"{step.id}.{name}", drawing.words(branch.get("title")) or name
    for item in step.doc.get("for_each", {}):
        yield step.id, item
