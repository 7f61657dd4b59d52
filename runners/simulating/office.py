"""The office: who is free, who is asked first, and why nobody can go on."""

from collections.abc import Collection, Iterator

from engine.blocked import unfilled
from engine.forms import computed_columns
from engine.people import unfit
from engine.procedure import Step
from engine.refusals import Reason
from engine.state import FOREVER, Task, for_a_child
from runners.simulating.crew import Crew
from runners.simulating.playing import TRIES, Playing, written
from runners.tongue import spoken


class Office:
    """People, each with one task at a time; what is urgent interrupts another one.

    Args:
        crew: who there is.

    Attributes:
        worked: person to seconds of work so far.
    """

    def __init__(self, crew: Crew) -> None:
        self.worked: dict[str, int] = {}
        self._busy: set[str] = set()
        self._pressed: set[str] = set()
        self._lost: dict[str, int] = {}
        self._awake: dict[str, int] = {}
        self._crew = crew

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
        fit = {one: _needed(run, task.step, one) for one in people if not unfit(run.procedure, run.state, task, one, self._crew)}
        spare = [one for one in fit if fit[one] < 1] or [*fit]
        breadth = run.part.breadth
        return sorted(spare, key=lambda one: (one != task.named, fit[one], breadth[one], self.worked.get(one, 0), one))

    def free(self, people: list[str], *, urgent: bool) -> list[str]:
        """Those of *people* who can begin now; for what is *urgent* also, but last, those who are busy with something else."""
        idle = [one for one in people if one not in self._busy and one not in self._pressed]
        return idle + [one for one in people if one in self._busy and one not in self._pressed] if urgent else idle

    def take(self, person: str, *, urgent: bool) -> None:
        """*person* has something in hand from now on."""
        (self._pressed if urgent else self._busy).add(person)
        self._crew.load[person] = self._crew.load.get(person, 0) + 1

    def interrupt(self, person: str, work: int) -> None:
        """*person* loses so much time for what they were busy with, if they were."""
        if person in self._busy:
            self._lost[person] = self._lost.get(person, 0) + work

    def lost(self, person: str) -> int:
        """Seconds of work that *person* lost since they were asked last."""
        return self._lost.pop(person, 0)

    def leave(self, person: str, work: int, *, urgent: bool) -> None:
        """*person* has nothing of this kind in hand any more, after so many seconds of work."""
        (self._pressed if urgent else self._busy).discard(person)
        self._crew.load[person] -= 1
        self.worked[person] = self.worked.get(person, 0) + work

    def awake(self, person: str, at: int) -> bool:
        """Whether *person* is still there at *at* since something urgent came up."""
        return self._awake.get(person, -1) >= at

    def stays(self, person: str, until: int) -> None:
        """*person* is there until then."""
        self._awake[person] = max(until, self._awake.get(person, until))


def _needed(run: Playing, step: str, person: str) -> float:
    """How much *person* is needed for steps that are kept apart from *step*; 1 and more for the last one who could do it."""
    most, part = 0.0, run.part
    for other in part.apart[step]:
        if person in part.people[other]:
            gone = {one for kept in part.apart[other] for one in run.state.actors.get(kept, ())}
            left = [one for one in part.people[other] if one not in gone]
            most = max(most, 1 / len(left) if person in left else 0)
    return most


def why(run: Playing, crew: Crew, now: int, played: Collection[int] = ()) -> Iterator[tuple[str, str, Reason | None]]:
    """What keeps a run from going on: step, what is said where no rule has a word for it, and the reason of the rule.

    Nothing is said of tokens that wait for a run that is *played*.
    """
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
        if token.waiting and not refused and token.id not in played:
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
