"""Which ways of a definition its scenarios walk, found in the events of the runs and nowhere else."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.data import View
from engine.events import Event, TokenMoved
from engine.evolve import evolve
from engine.machine import CHILD, CHOOSE, JOIN, SKIP, WAIT, Edge, edges
from engine.procedure import Procedure
from engine.state import EMPTY, State
from runners.tongue import marked, spoken


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of one SOP was walked.

    Attributes:
        sop: id of the SOP.
        edges: every way of every step, track by track.
        walked: way to how often it was walked.
    """

    sop: str = ""
    edges: tuple[Edge, ...] = ()
    walked: Mapping[Edge, int] = field(default_factory=dict)

    @property
    def percent(self) -> float:
        """Ways walked at least once, of all ways, in percent."""
        return 100 * (len(self.edges) - len(self.missing)) / len(self.edges) if self.edges else 0.0

    @property
    def missing(self) -> tuple[Edge, ...]:
        """The ways that were never walked."""
        return tuple(edge for edge in self.edges if not self.walked.get(edge))


def coverage(procedure: Procedure, walked: Mapping[Edge, int]) -> Coverage:
    """The coverage of *procedure* by the ways in *walked*. Leaving a step out by hand is no way of the procedure."""
    ways = tuple(edge for step in procedure.steps.values() for edge in edges(step) if edge.trigger != SKIP or "when" in step.doc)
    return Coverage(procedure.sop, ways, {way: count for way, count in walked.items() if way in ways})


def walk(procedure: Procedure, happened: Iterable[tuple[str, Event]]) -> tuple[Counter[Edge], State]:
    """How often *happened* (pairs of instant and event, from the start of a run) takes each way, and the state it folds to."""
    ways: dict[tuple[str, str, str], list[Edge]] = {}
    for step in procedure.steps.values():
        for edge in edges(step):
            ways.setdefault((edge.source, by(edge), edge.target), []).append(edge)
    state, walked = EMPTY, Counter[Edge]()
    for at, event in happened:
        if isinstance(event, TokenMoved) and event.source:
            found = ways[event.source, event.by, event.target]
            walked[found[0] if len(found) == 1 else _taken(procedure, state, event, found)] += 1
        state = evolve(state, event, at)
    return walked, state


def by(edge: Edge) -> str:
    """What a move along *edge* is called in events."""
    return f"{edge.trigger}:{edge.choice}" if edge.choice >= 0 else edge.trigger


def _taken(procedure: Procedure, state: State, event: TokenMoved, found: list[Edge]) -> Edge:
    """Which of two ways with one target: the second is open only when the rounds of the first are used up."""
    limited, fallback = found
    rounds = limited.rounds
    most = View(procedure, state, {}).parameter(rounds[1:]) if isinstance(rounds, str) else rounds
    used = state.counts.get(f"{state.tokens[event.token].scope}{event.source}.{event.by}", 0)
    return fallback if used >= int(str(most)) else limited


_CALLED: Final = {SKIP: marked("skipped"), JOIN: marked("joined"), WAIT: marked("the wait is over")}


def in_words(procedure: Procedure, edge: Edge) -> str:
    """*edge* as a line: ``review --reject--> write (rounds used up)``."""
    how = edge.trigger
    if edge.trigger == CHOOSE:
        way = procedure.steps[edge.source].doc["decide"][edge.choice]
        how = spoken("else") if "else" in way else spoken("choice {number}", number=edge.choice + 1)
    elif edge.trigger == CHILD:
        how = spoken("any other end of the child run") if procedure.steps[edge.source].outcomes else spoken("child run ended")
    elif edge.trigger.startswith(CHILD):
        how = spoken("child run ended: {end}", end=edge.trigger.removeprefix(f"{CHILD}:"))
    else:
        how = spoken(_CALLED[how]) if how in _CALLED else how
    way = f"{edge.source} --{how}--> {edge.target}"
    return spoken("{way} (rounds used up)", way=way) if edge.fallback else way
