"""Playing a procedure many times with the people there are: how long it takes, where it waits, who is busy.

Every act goes through the same ``decide`` as in earnest, on a simulated clock and without a store. Everything is drawn from
the seed: the same question has the same answer, byte for byte, on every machine.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from engine.calendar import Calendar
from engine.procedure import Procedure
from runners.simulating.crew import Crew
from runners.simulating.examples import Story
from runners.simulating.floor import Floor
from runners.simulating.hours import Hours
from runners.simulating.measuring import Figures
from runners.simulating.pace import Durations
from runners.simulating.part import Library, Part
from runners.simulating.playing import Playing

BEGIN: Final = 1_767_571_200
"""Monday, 2026-01-05, midnight UTC: every simulation begins in that week, whenever it is asked for."""
_WEEK: Final = 7 * 86_400


@dataclass(frozen=True, slots=True)
class Question:
    """What is played.

    Attributes:
        procedure: the procedure.
        crew: the people.
        durations: how long things take.
        calendar: working days.
        runs: how many runs.
        seed: what everything is drawn from.
        until: seconds after which a run that has not ended is given up.
        every: seconds between the starts of two runs, which then share their people; 0 lets each have them for itself.
        known: other SOPs, whose runs are played where one waits for them.
        stories: examples of how forms are filled in.
        examples: the same of other SOPs, by their names.
    """

    procedure: Procedure
    crew: Crew
    durations: Durations = field(default_factory=Durations)
    calendar: Calendar = field(default_factory=Calendar)
    runs: int = 1_000
    seed: int = 7
    until: int = 730 * 86_400
    every: int = 0
    known: Mapping[str, Procedure] = field(default_factory=dict)
    stories: Sequence[Story] = ()
    examples: Mapping[str, Sequence[Story]] = field(default_factory=dict)


def _nobody(_done: int) -> None:
    pass


def simulate(question: Question, tell: Callable[[int], None] = _nobody) -> Figures:
    """Play all runs; gives what was measured.

    Args:
        question: what is played.
        tell: told how many runs are over, from time to time.
    """
    figures = Figures()
    durations = question.durations
    hours = Hours(question.calendar, durations.opens, durations.closes, every_day=durations.every_day)
    library = Library(question.known, question.examples)
    part = Part(question.procedure, question.crew, durations, question.stories, library)

    def floor(name: str, *, alone: bool) -> tuple[Floor, Crew, random.Random]:
        crew = question.crew.fresh()
        dice = random.Random(f"{question.seed}/{name}")  # noqa: S311 - a simulation, not a secret
        return Floor(crew, durations, hours, dice, question.until, alone=alone), crew, dice

    if question.every:
        shared, crew, _ = floor("all", alone=False)
        first = hours.opening(BEGIN)
        shared.play(
            [
                (first + number * question.every, Playing(part, number, crew, question.calendar, figures))
                for number in range(question.runs)
            ],
            tell,
        )
        return figures
    for number in range(question.runs):
        own, crew, dice = floor(str(number), alone=True)
        at = BEGIN + dice.randrange(_WEEK)
        at = at if part.at_any_hour else hours.opening(at)
        own.play([(at, Playing(part, number, crew, question.calendar, figures))])
        tell(number + 1)
    return figures
