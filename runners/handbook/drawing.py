"""The picture of a definition: its shapes with the words of one language, laid out."""

from collections.abc import Collection
from typing import Final

from engine.names import MAIN, NEXT
from engine.procedure import Step
from runners.handbook import shapes
from runners.handbook.conditions import condition
from runners.handbook.layout import Picture, laid_out
from runners.handbook.measuring import shortened
from runners.handbook.shapes import Exit, Lane, Shape
from runners.handbook.voice import Voice
from runners.handbook.ways import Way, join, tracks, ways, who

_LONG: Final = 110
"""Characters of a condition in a box; the whole one stands beside the step."""


def drawn(voice: Voice, here: Collection[str] = ()) -> Picture:
    """The picture of the definition of *voice*.

    Args:
        voice: the definition and the language.
        here: ids of steps where a run stands.
    """
    inside = _shapes(voice, MAIN, here)
    start = Shape("start", "start", title=voice.w("step.start"))
    end = Shape("end", "end", title=voice.w("step.end"))
    return laid_out([start, *inside, end])


def _shapes(voice: Voice, track: str, here: Collection[str]) -> list[Shape]:
    return [_shape(voice, voice.procedure.steps[step], here) for step in voice.procedure.tracks[track].steps]


def _shape(voice: Voice, step: Step, here: Collection[str]) -> Shape:
    kind = voice.w(f"step.{step.kind}")
    caption = f"{voice.numbers[step.id]} · {kind}" + (f" · {voice.role(step.role)}" if step.role else "")
    notes = [] if step.role else who(voice, step)
    if "when" in step.doc:
        notes.append(voice.named(voice.w("only_if"), condition(voice.at(step.id), step.doc["when"]).text))
    lanes = tuple(
        Lane(
            name,
            shortened(voice.named(title, condition.text) if condition else title, _LONG),
            tuple(_shapes(voice, name, here)),
            repeated=step.kind == "for_each",
        )
        for name, title, condition in tracks(voice, step)
    )
    short = tuple(shortened(note, _LONG) for note in notes)
    return Shape(
        step.id, step.kind, caption, voice.title(step.id), short, _exits(voice, step), lanes,
        join(voice, step) if lanes else "", step.id in here,
    )  # fmt: skip


def _exits(voice: Voice, step: Step) -> tuple[Exit, ...]:
    """The ways out that need words: all, unless there is only the one to what follows."""
    found = list(ways(voice, step))
    if not found or (len(found) == 1 and found[0].target == NEXT):
        return ()
    order = voice.procedure.tracks[step.track].steps
    return tuple(_exit(voice, step, way, order) for way in found)


def _exit(voice: Voice, step: Step, way: Way, order: tuple[str, ...]) -> Exit:
    name = shortened(way.name.text, _LONG)
    if way.target == NEXT:
        return Exit(f"↓ {name}", shapes.NEXT)
    if not way.target:
        return Exit(f"■ {voice.named(name, way.goal)}", shapes.STOP)
    back = order.index(way.target) <= order.index(step.id)
    place = way.goal if way.target == step.id else voice.numbered_title(way.target)  # the arrow says how to get there
    return Exit(f"{'←' if back else '→'} {voice.bracketed(voice.named(name, place), way.rounds)}", way.target)
