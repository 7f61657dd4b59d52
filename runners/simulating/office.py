"""The office: who is free, who is asked first, and why nobody can go on."""

from collections import Counter
from collections.abc import Iterator

from engine.blocked import unfilled
from engine.forms import computed_columns
from engine.people import unfit
from engine.procedure import Procedure, Step
from engine.refusals import Reason
from engine.state import FOREVER, Task, for_a_child
from runners.simulating.crew import Crew
from runners.simulating.playing import TRIES, Playing, written
from runners.tongue import spoken


class Office:
    """People, each with one task at a time.

    Args:
        crew: who there is.
        procedure: what they do.

    Attributes:
        busy: who has a task in hand.
        worked: person to seconds of work so far.
    """

    def __init__(self, crew: Crew, procedure: Procedure) -> None:
        self.busy: set[str] = set()
        self.worked: dict[str, int] = {}
        self._crew = crew
        self._people = {step.id: crew.behind(crew.roles.get(step.role, ())) for step in procedure.steps.values()}
        self._breadth = Counter(person for role in procedure.document["roles"] for person in crew.behind(crew.roles.get(role, ())))
        self._apart = {step: procedure.separated(step) | procedure.approves(step) for step in procedure.steps}
        for step, others in [*self._apart.items()]:
            for other in others:
                self._apart[other] |= {step}

    def candidates(self, run: Playing, task: Task) -> list[str]:
        """Who may have the task, in the order in which they are asked.

        Whoever is named; then who is needed least for what must be kept apart from it, with few roles, who has worked least.
        Whoever is the last that could do such another step is not asked, as long as there is somebody else.
        """
        if task.owner:
            return [task.owner]
        holders = [holder for role in (task.role, *task.also) for holder in run.state.roles.get(role, ())]
        people = dict.fromkeys([*([task.named] if task.named else []), *self._crew.behind(holders)])
        if len(people) == 1:
            return [*people]
        fit = {
            one: self._needed(run, task.step, one) for one in people if not unfit(run.procedure, run.state, task, one, self._crew)
        }
        spare = [one for one in fit if fit[one] < 1] or [*fit]
        return sorted(spare, key=lambda one: (one != task.named, fit[one], self._breadth[one], self.worked.get(one, 0), one))

    def _needed(self, run: Playing, step: str, person: str) -> float:
        """How much *person* is needed for steps that are kept apart from *step*; 1 and more for the last one who could do it."""
        most = 0.0
        for other in sorted(self._apart[step]):
            if person in self._people[other]:
                gone = {one for kept in self._apart[other] for one in run.state.actors.get(kept, ())}
                left = [one for one in self._people[other] if one not in gone]
                most = max(most, 1 / len(left) if person in left else 0)
        return most

    def take(self, person: str) -> None:
        """*person* has something in hand from now on."""
        self.busy.add(person)
        self._crew.load[person] = self._crew.load.get(person, 0) + 1

    def leave(self, person: str, work: int) -> None:
        """*person* has nothing in hand any more, after so many seconds of work."""
        self.busy.discard(person)
        self._crew.load[person] -= 1
        self.worked[person] = self.worked.get(person, 0) + work


def why(run: Playing, crew: Crew, now: int) -> Iterator[tuple[str, str, Reason | None]]:
    """What keeps a run from going on: step, what is said where no rule has a word for it, and the reason of the rule."""
    crew.at = written(now)
    for task in run.state.tasks.values():
        refused = run.refused.get(("task", task.no), (0, ()))[1]
        reasons = refused or unfilled(run.procedure, run.state, task, crew)
        yield from ((task.step, "", reason) for reason in reasons)
        if not reasons:
            yield task.step, spoken("nobody came to it"), None
    for token in run.state.tokens.values():
        refused = run.refused.get(("token", token.id), (0, ()))[1]
        for reason in refused:
            yield token.at, "", reason
        if token.waiting and not refused:
            what = spoken("a child run") if for_a_child(token) else token.waiting.partition(":")[2]
            yield token.at, spoken("it waits for {what}, which never comes", what=what), None


def urgency(waiting: tuple[Playing, Task]) -> tuple[str, str, int, int]:
    """What is due first stands first; then what has waited longest."""
    run, task = waiting
    return task.due or FOREVER, task.ready, run.number, task.no


def tries(step: Step) -> int:
    """How often the form of *step* is filled in anew: once where nobody types anything."""
    fields = step.form.values()
    return TRIES if any("value" not in field or computed_columns(field) for field in fields) else 1
