"""Runs that other runs wait for: played by the same people, taken from those that were, or as long as a file says."""

import random
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from engine import commands as c
from engine.effects import StartChild
from engine.people import SYSTEM
from engine.state import for_a_child
from engine.values import Value
from runners.simulating.children import results
from runners.simulating.pace import expected, weighed
from runners.simulating.part import ENOUGH, Part, Sample
from runners.simulating.playing import Playing

if TYPE_CHECKING:
    from runners.simulating.course import Agenda, Course
    from runners.simulating.crew import Crew


class Calls:
    """Begins runs of other SOPs, and brings them back.

    Args:
        course: the course of all runs.
        agenda: the clock.
        crew: who there is.
        dice: what is drawn from.
        alone: each run has its people for itself; then enough of such runs are played, and further ones taken from among them.
    """

    def __init__(self, course: "Course", agenda: "Agenda", crew: "Crew", dice: random.Random, *, alone: bool) -> None:
        self._course, self._agenda, self._crew, self._dice, self._alone = course, agenda, crew, dice, alone
        self._drawn: dict[tuple[Playing, str], tuple[int, Sample]] = {}

    def begin(self, run: Playing, effect: StartChild) -> None:
        """*run* waits for a run of another SOP from now on; unless the decision that asked for it went on without it."""
        if not _awaited(run, effect.token, effect.child):
            return
        step = run.procedure.steps[run.state.tokens[effect.token].at]
        part = run.part.called(step)
        if part is None:
            later = self._agenda.now + run.part.pace.of(step).draw(self._dice)
            self._agenda.at(later, run, self._promised(effect.token, effect.child))
        elif self._alone and part.begun >= ENOUGH and part.samples:
            self._draw(run, effect, part)
        else:
            part.begun += 1
            self._play(run, effect, part)

    def drop(self, run: Playing, name: str) -> None:
        """*run* does not wait any more for the run called *name*; of one that was drawn it has the work done until now."""
        if (run, name) in self._drawn:
            began, sample = self._drawn.pop((run, name))
            self._spend(run, sample, self._agenda.now - began)
        for child in [one for one in self._course.open if one.name == name and one.parent and one.parent[0] is run]:
            self._course.end(child, "cancelled")

    def back(self, run: Playing, token: int, child: str, end: str, handed: Mapping[str, Value] | None) -> None:
        """A run comes back to *run* with what it *handed* back; where that is refused or unknown, with other values.

        Args:
            run: the run that waits.
            token: its token.
            child: the name of the one that comes back.
            end: how it ended.
            handed: what it hands back; None for whatever its definition promises.
        """
        if run.over or not _awaited(run, token, child):
            return
        step = run.procedure.steps[run.state.tokens[token].at]
        other, given = run.part.known(step.doc["run"]), run.part.pace.plan(step.id).given

        def make(attempt: int) -> c.Command:
            values = handed if not attempt else None
            promised = results(step.id, other, run.filler, self._agenda.now, given, attempt) if values is None else values
            return c.ChildEnded(token, child, end, promised)

        if self._course.outside(run, SYSTEM, make, ("token", token)):
            self._course.waited(run, token, step.id)

    def _promised(self, token: int, child: str) -> Callable[[Playing], None]:
        def happens(run: Playing) -> None:
            if self._course.too_long(run) or not _awaited(run, token, child):
                return
            step = run.procedure.steps[run.state.tokens[token].at]
            plan = run.part.pace.plan(step.id)
            ends = expected(list(step.outcomes or plan.outcomes) or ["done"], plan.outcomes)
            self.back(run, token, child, weighed(self._dice, ends), None)

        return happens

    def _draw(self, run: Playing, effect: StartChild, part: Part) -> None:
        run.top.figures.drawn[effect.sop] += 1
        sample = self._dice.choice(part.samples)
        if sample is None:
            return
        self._drawn[run, effect.child] = self._agenda.now, sample

        def happens(run: Playing) -> None:
            waits = self._drawn.pop((run, effect.child), None)
            if waits and not self._course.too_long(run):
                self._spend(run, sample, sample.took)
                self.back(run, effect.token, effect.child, sample.end, sample.results)

        self._agenda.at(self._agenda.now + sample.took, run, happens)

    def _spend(self, run: Playing, sample: Sample, passed: int) -> None:
        """*run* has the work of *sample*, as far as it was done when so many seconds have *passed*."""
        for (role, person), work in sample.work.items():
            self._course.spend(run, role, person, work * passed // sample.took if sample.took else work)

    def _play(self, run: Playing, effect: StartChild, part: Part) -> None:
        held = run.state.roles
        roles = {role: held.get(role) or self._crew.roles.get(role, ()) for role in part.procedure.document["roles"]}
        command = c.Start(
            effect.child, "Simulated", run.state.lead, roles, effect.inputs, effect.parameters, (run.name, effect.token),
            run.state.depth + 1, effect.drill,
        )  # fmt: skip

        def happens(run: Playing) -> None:
            if run.over or not _awaited(run, effect.token, effect.child):  # something else happened first at this instant
                return
            figures = run.top.figures.child(effect.sop)
            child = Playing(part, run.number, self._crew, run.calendar, figures, effect.child, (run, effect.token))
            self._course.began(child, effect.inputs)
            answer, reasons = child.attempt(run.state.lead, self._agenda.now, lambda _: command, 1)
            if answer is None:
                self._course.end(child, "stuck", [(f"{effect.sop} > start", "", reason) for reason in reasons])
            else:
                self._course.after(child, answer)

        self._agenda.at(self._agenda.now, run, happens)


def _awaited(run: Playing, token: int, child: str) -> bool:
    """Whether the *token* of *run* is there and waits for the run called *child*."""
    found = run.state.tokens.get(token)
    return found is not None and for_a_child(found) == child
