"""One procedure as it is played: what all runs of it share, and the procedures that its steps run."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from engine.procedure import Procedure, Step
from engine.values import Value
from runners.simulating.crew import Crew
from runners.simulating.examples import Story, Told
from runners.simulating.filling import Filler, constants
from runners.simulating.pace import Durations, Pace
from runners.simulating.playing import texts

DEPTH: Final = 3
"""So many runs, each of which waits for the next, are played; what is deeper takes its time."""
ENOUGH: Final = 50
"""Runs for one step that are played where runs have their people for themselves; further ones are taken from among them."""


class Sample(NamedTuple):
    """What came of a run that another one waited for.

    Attributes:
        took: seconds on the clock.
        end: how it ended.
        results: what it handed back.
        work: role and person to seconds of work.
    """

    took: int
    end: str
    results: Mapping[str, Value]
    work: Mapping[tuple[str, str], int]


class Library(NamedTuple):
    """Other SOPs by name, and examples of how their forms are filled in."""

    known: Mapping[str, Procedure]
    stories: Mapping[str, Sequence[Story]]


class Part:
    """A procedure, and everything about it that does not change from run to run.

    Args:
        procedure: what is played.
        crew: who there is.
        durations: how long things take.
        stories: examples of its forms.
        library: other SOPs.
        depth: how many runs wait for one of these.

    Attributes:
        people: step to whoever has its role.
        breadth: person to how many roles they have.
        apart: step to the steps that are kept apart from it, sorted.
        begun: how many runs were begun that others waited for.
        samples: what came of these; None for one that never came back.
    """

    def __init__(  # noqa: PLR0917 - everything that is shared
        self, procedure: Procedure, crew: Crew, durations: Durations, stories: Sequence[Story], library: Library, depth: int = 0
    ) -> None:
        self.procedure = procedure
        self.pace = Pace(procedure, durations)
        self.people = {step.id: crew.behind(crew.roles.get(step.role, ())) for step in procedure.steps.values()}
        self.breadth = Counter(one for role in procedure.document["roles"] for one in crew.behind(crew.roles.get(role, ())))
        self.begun = 0
        self.samples: list[Sample | None] = []
        apart = {step: set(procedure.separated(step) | procedure.approves(step)) for step in procedure.steps}
        for step, others in [*apart.items()]:
            for other in [*others]:
                apart[other].add(step)
        self.apart = {step: sorted(others) for step, others in apart.items()}
        self._crew, self._stories, self._library, self._depth = crew, stories, library, depth
        self._numbers = constants([*texts(procedure.document)])
        self._called: dict[str, Part | None] = {}
        self._between: dict[tuple[str, str], frozenset[str]] = {}

    @property
    def at_any_hour(self) -> bool:
        """Whether runs begin at any hour: no schedule begins them, and the first thing to do is urgent."""
        first = next(iter(self.procedure.steps.values()))
        return "schedule" not in self.procedure.document and self.pace.urgent(first)

    def filler(self, dice: random.Random, at: int, inputs: Mapping[str, Value]) -> Filler:
        """What fills in the forms of a run that begins at *at* with these *inputs*, if another run gives them."""
        people = list(self._crew.members)
        order = dice.sample(range(len(self._stories)), len(self._stories))
        began = datetime.fromtimestamp(at, UTC)
        return Filler(dice, people, self._numbers, [Told(self._stories[number], began, people, inputs) for number in order])

    def called(self, step: Step) -> "Part | None":
        """What *step* runs; None where it is not played: it is not known, too deep, or a file says what comes of it."""
        if step.id not in self._called:
            procedure = self._library.known.get(step.doc["run"])
            told = step.id in self.pace.durations.steps
            self._called[step.id] = None
            if procedure is not None and not told and self._depth < DEPTH:
                stories = self._library.stories.get(procedure.sop, ())
                durations = self.pace.durations.general
                self._called[step.id] = Part(procedure, self._crew, durations, stories, self._library, self._depth + 1)
        return self._called[step.id]

    def known(self, sop: str) -> Procedure | None:
        """Another SOP; None if it is not known."""
        return self._library.known.get(sop)

    def between(self, first: str, last: str) -> frozenset[str]:
        """The steps from *first* to *last* of one track and all inside them; nothing if *first* does not stand before it."""
        if (first, last) not in self._between:
            steps = self.procedure.tracks[self.procedure.steps[last].track].steps
            found: set[str] = set()
            if first in steps and steps.index(first) <= steps.index(last):
                for step in steps[steps.index(first) : steps.index(last) + 1]:
                    found |= {step, *self.procedure.leaves(step)}
            self._between[first, last] = frozenset(found)
        return self._between[first, last]
