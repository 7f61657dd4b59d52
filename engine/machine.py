"""The only module that knows the ``transitions`` library.

Each track is one flat machine. Its states are the track's steps and its ends, its triggers the outcomes of people
(``approve``) and the automatic moves (``@skip``, ``@choose``, ``@join``, ``@child``), its conditions are asked in document
order. The machine is shared and holds no model: it is driven on a throw-away cursor through ``events[…].trigger``, which
is the cheapest public call and leaves nothing behind.

Facts about the library (0.9.3) that this module relies on or guards against: a *string* given as condition or callback is
imported and called, so only our own functions reach it; a destination that does not exist is accepted, so ours are made
from the same table as the states; a failed condition gives a bare ``False``, so reasons are found by the caller; a trigger
that is called like the attribute for the state is refused, so that attribute has a name that no outcome can have.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from transitions import Machine, MachineError

from engine.frozen import frozen
from engine.names import END, LEAVE, NEXT
from engine.procedure import HUMAN, Document, Step, Track

SKIPPABLE = HUMAN | {"wait", "run"}
"""Kinds of steps that somebody may skip by hand, with a reason."""

SKIP, CHOOSE, JOIN, CHILD, WAIT = "@skip", "@choose", "@join", "@child", "@wait"


@frozen
class Edge:
    """One way from a step.

    Attributes:
        trigger: outcome or automatic move.
        target: step of the track, ``leave`` or ``end(…)``.
        choice: number of the choice of a decision; -1 for everything else.
        rounds: how often it may be taken (number or ``$parameter``); None for without limit.
        fallback: taken when the rounds of the edge before it are used up.
    """

    source: str
    trigger: str
    target: str
    choice: int = -1
    rounds: int | str | None = None
    fallback: bool = False


Permits = Callable[[Edge], bool]


class Cursor:
    """What the machine moves. Thrown away after one move."""

    __slots__ = ("AT",)

    def __init__(self, at: str) -> None:
        self.AT = at


def _resolved(step: Step, target: str) -> str:
    if target == NEXT:
        return step.following or LEAVE
    return "end(done)" if target == END else target


def _limited(step: Step, trigger: str, way: Document, choice: int = -1) -> Iterator[Edge]:
    rounds = way.get("rounds")
    yield Edge(step.id, trigger, _resolved(step, way.get("to", NEXT)), choice, rounds)
    if rounds is not None:
        yield Edge(step.id, trigger, _resolved(step, way["then"]), choice, fallback=True)


def edges(step: Step) -> Iterator[Edge]:
    """Every way from *step*, in document order."""
    if "when" in step.doc or step.kind in SKIPPABLE:
        yield Edge(step.id, SKIP, step.following or LEAVE)
    if step.kind in HUMAN:
        for outcome, way in step.outcomes.items():
            yield from _limited(step, outcome, way)
    elif step.kind == "decide":
        for number, way in enumerate(step.doc["decide"]):
            if "else" in way:
                yield Edge(step.id, CHOOSE, _resolved(step, way["else"]), number)
            else:
                yield from _limited(step, CHOOSE, way, number)
    elif step.kind == "run":
        for end, way in step.outcomes.items():
            yield from _limited(step, f"{CHILD}:{end}", way)
        yield Edge(step.id, CHILD, step.following or LEAVE)
    elif step.kind == "wait":
        yield Edge(step.id, WAIT, step.following or LEAVE)
    else:
        yield Edge(step.id, JOIN, step.following or LEAVE)


def _condition(edge: Edge) -> Callable[[Any], bool]:
    def permitted(event: Any) -> bool:  # noqa: ANN401 - the library's EventData
        permits: Permits = event.kwargs["permits"]
        return permits(edge)

    return permitted


class TrackMachine:
    """The state machine of one track.

    Args:
        track: the track.
        steps: all steps of the procedure.
    """

    __slots__ = ("_machine", "edges")

    def __init__(self, track: Track, steps: Mapping[str, Step]) -> None:
        self.edges = tuple(edge for step in track.steps for edge in edges(steps[step]))
        states = dict.fromkeys((*track.steps, LEAVE, *(edge.target for edge in self.edges)))
        self._machine = Machine(
            model=None,
            states=list(states),
            initial=track.steps[0],
            transitions=[
                {"trigger": edge.trigger, "source": edge.source, "dest": edge.target, "conditions": _condition(edge)}
                for edge in self.edges
            ],
            auto_transitions=False,
            send_event=True,
            model_attribute="AT",
        )

    def fire(self, source: str, trigger: str, permits: Permits) -> str | None:
        """Where *trigger* leads from *source*, or None when every way was refused or there is none.

        Args:
            source: a step of the track.
            trigger: outcome or automatic move.
            permits: asked for each way in document order until one is permitted.
        """
        event = self._machine.events.get(trigger)
        if event is None:
            return None
        cursor = Cursor(source)
        try:
            moved = event.trigger(cursor, permits=permits)
        except MachineError:
            return None
        return cursor.AT if moved else None
