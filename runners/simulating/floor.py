"""The floor: people, one task at a time each, and a simulated clock that goes from one happening to the next."""

import random
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from engine import commands as c
from engine import events as e
from engine.decide import Accepted
from engine.people import SYSTEM
from engine.rules.tasks import quorum
from engine.rules.working import may_complete
from engine.state import Task, address_of
from runners.simulating.course import Agenda, Course
from runners.simulating.office import Office, tries, urgency
from runners.simulating.pace import expected, weighed
from runners.simulating.playing import Playing, seconds, spreading, written

if TYPE_CHECKING:
    from engine.procedure import Step
    from engine.refusals import Reason
    from runners.simulating.crew import Crew
    from runners.simulating.hours import Hours
    from runners.simulating.pace import Durations

_NOTE: Final = "simulated"


class Floor:
    """Plays runs that share their people.

    Args:
        crew: who there is.
        durations: who is on call.
        hours: when people work.
        dice: what is drawn from.
        until: seconds after which a run that has not ended is given up.
        alone: there is one run, and those that it waits for.
    """

    def __init__(
        self, crew: "Crew", durations: "Durations", hours: "Hours", dice: random.Random, until: int, *, alone: bool
    ) -> None:
        self._crew, self._durations, self._hours, self._dice = crew, durations, hours, dice
        self._agenda = Agenda()
        self._course = Course(self._agenda, crew, dice, until, alone=alone)
        self._office = Office(crew)

    def play(self, starts: list[tuple[int, Playing]], tell: Callable[[int], None] = lambda _: None) -> None:
        """Play runs from their starts until each has ended, is stuck or is given up; *tell* is told how many are over."""
        for at, run in starts:
            self._agenda.at(at, run, self._course.start)
        for _ in self._agenda.pass_time():
            self._dispatch()
            tell(self._course.over)
        self._course.stuck()

    def _dispatch(self) -> None:
        """Give every task that waits to somebody who is free, what is due first standing first."""
        course = self._course
        for run in [*course.open]:
            course.too_long(run)
        moved = True
        while moved:
            moved = False
            for run in [*course.open]:
                for token in [*spreading(run)]:
                    step = address_of(run.state, run.state.tokens[token])
                    if not run.kept(("token", token)):
                        close = c.CloseItems(step, note=_NOTE)
                        moved |= course.outside(run, SYSTEM, lambda _, close=close: close, ("token", token))  # type: ignore[misc]
        waiting = [(run, task) for run in course.open for task in run.state.tasks.values()]
        for run, found in sorted(waiting, key=urgency):
            if not run.over and (task := run.state.tasks.get(found.no)) is not None:
                self._hand_out(run, task)

    def _urgent(self, run: Playing, task: Task, step: "Step") -> bool:
        """Whether *task* does not wait for working hours: whoever is on call begins it."""
        if not task.due or not run.part.pace.urgent(step):
            return False
        return abs(seconds(task.due) - seconds(task.ready)) <= self._durations.urgent

    def _hand_out(self, run: Playing, task: Task) -> None:
        step = run.procedure.steps[task.step]
        needed = quorum(run.procedure, run.state, step)
        free = needed - len(task.votes) - run.hands.get(task.no, 0)
        if free <= 0 or run.kept(("task", task.no)):
            return
        urgent = self._urgent(run, task, step)
        for person in self._office.free(self._office.candidates(run, task), urgent=urgent):
            if free <= 0:
                return
            self._crew.at = written(self._agenda.now)
            if may_complete(run.procedure, run.state, task, person, self._crew):
                continue
            if needed == 1 and task.owner != person:
                answer, reasons = run.attempt(person, self._agenda.now, lambda _: c.Claim(task.address), 1)
                if answer is None:
                    run.refuse(("task", task.no), reasons)
                    return
            free -= 1
            self._begin(run, task, person, urgent=urgent)

    def _when(self, person: str, work: int, *, urgent: bool, there: bool) -> tuple[int, int]:
        """When *person* begins something now, and when so much work is done; whoever is *there* need not be called."""
        now, opens = self._agenda.now, self._hours.opening(self._agenda.now)
        if not urgent:
            return opens, self._hours.after(opens, work)
        begins = now
        if opens > now and not there and not self._office.awake(person, now):
            begins += self._durations.reacts.draw(self._dice)
        if opens == now:
            self._office.interrupt(person, work)
        self._office.stays(person, begins + work + self._durations.urgent)
        return begins, begins + work

    def _begin(self, run: Playing, task: Task, person: str, *, urgent: bool) -> None:
        step = run.procedure.steps[task.step]
        left = seconds(task.due) - self._agenda.now if task.due else None
        work = run.part.pace.work(step, self._dice, left)
        noticed = self._agenda.now == run.top.started  # whoever begins a run is there
        begins, ends = self._when(person, work, urgent=urgent, there=noticed)
        self._office.take(person, urgent=urgent)
        run.hands[task.no] = run.hands.get(task.no, 0) + 1

        def happens(run: Playing) -> None:
            if not urgent and (lost := self._office.lost(person)):
                self._agenda.at(self._hours.after(self._agenda.now, lost), run, happens)
                return
            self._office.leave(person, work, urgent=urgent)
            run.hands[task.no] -= 1
            self._course.spend(run, task.role, person, work)
            if not self._course.too_long(run) and task.no in run.state.tasks:
                self._finish(run, run.state.tasks[task.no], person, (begins, work), urgent=urgent)

        self._agenda.at(ends, run, happens)

    def _finish(self, run: Playing, task: Task, person: str, spent: tuple[int, int], *, urgent: bool) -> None:
        step = run.procedure.steps[task.step]
        plan = run.part.pace.plan(step.id)
        drawn = weighed(self._dice, expected(list(step.outcomes), plan.outcomes))
        self._crew.lot = self._dice.randrange(2**31)
        because: tuple[Reason, ...] = ()
        for outcome in (drawn, *(other for other in step.outcomes if other != drawn)):
            make = self._completing(run, task, outcome, plan.given)
            answer, reasons = run.attempt(person, self._agenda.now, make, tries(step))
            if answer is not None:
                self._count(run, task, answer, spent, urgent=urgent)
                run.done(step, outcome)
                self._course.after(run, answer)
                return
            because = because or reasons
        run.refuse(("task", task.no), because)

    def _completing(self, run: Playing, task: Task, outcome: str, given: Mapping[str, Any]) -> Callable[[int], c.Command]:
        step = run.procedure.steps[task.step]
        note = _NOTE if step.outcomes[outcome].get("reason") == "required" else ""

        def make(attempt: int) -> c.Command:
            return c.Complete(task.address, outcome, run.filler.step(step.id, step.form, self._agenda.now, given, attempt), note)

        return make

    def _count(self, run: Playing, task: Task, answer: Accepted, spent: tuple[int, int], *, urgent: bool) -> None:
        begins, work = spent
        figures = run.figures.step(task.step, task.role)
        figures.working += work
        if task.no in run.state.tasks and any(isinstance(event, e.ApprovalGiven) for event in answer.events):
            return  # one voice of several
        ready = run.ready.pop(("task", task.no), begins)
        late = written(self._agenda.now) > task.due if task.due else None
        figures.finished(max(0, begins - ready), self._agenda.now - ready, late)
        if urgent:
            run.figures.urgent[0] += 1
            run.figures.urgent[1] += bool(late)
