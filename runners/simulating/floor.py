"""The floor: people, one task at a time each, and a simulated clock that goes from one happening to the next."""

import heapq
import random
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from engine import commands as c
from engine import events as e
from engine.decide import Accepted
from engine.people import SYSTEM
from engine.refusals import Reason
from engine.rules.tasks import quorum
from engine.rules.working import may_complete
from engine.state import Task, address_of, for_a_child
from engine.timers import ESCALATE, WAIT
from runners.messages import Sentences
from runners.simulating.children import results
from runners.simulating.examples import INPUTS
from runners.simulating.office import Office, tries, urgency, why
from runners.simulating.pace import Pace, expected, weighed
from runners.simulating.playing import TRIES, Playing, seconds, spreading, written

if TYPE_CHECKING:
    from engine.procedure import Procedure, Step
    from runners.simulating.crew import Crew
    from runners.simulating.filling import Filler
    from runners.simulating.hours import Hours
    from runners.simulating.measuring import Figures

MOST: Final = 5_000
"""Commands of one run; one that needs more goes in circles."""
_NOTE: Final = "simulated"

Happening = Callable[[Playing], None]
Because = tuple[str, str, Reason | None]


class Floor:
    """Plays runs that share their people.

    Args:
        procedure: what is played.
        crew: who there is.
        pace: how long things take.
        hours: when people work.
        dice: what is drawn from.
        filler: fills in forms.
        figures: where everything is counted.
        until: seconds after which a run that has not ended is given up.
        known: other SOPs, for what their runs hand back.
    """

    def __init__(  # noqa: PLR0917 - everything that a run is played with
        self, procedure: "Procedure", crew: "Crew", pace: Pace, hours: "Hours", dice: random.Random, filler: "Filler",
        figures: "Figures", until: int, known: Mapping[str, "Procedure"],
    ) -> None:  # fmt: skip
        self._crew, self._pace, self._hours, self._dice = crew, pace, hours, dice
        self._filler, self._figures, self._until, self._known = filler, figures, until, known
        self._heap: list[tuple[int, int, Playing, Happening]] = []
        self._order = 0
        self._now = 0
        self._office = Office(crew, procedure)
        self._open: list[Playing] = []
        self._left: set[int] = set()

    def play(self, starts: list[tuple[int, Playing]], tell: Callable[[int], None] = lambda _: None) -> None:
        """Play runs from their starts until each has ended, is stuck or is given up; *tell* is told how many are over."""
        for at, run in starts:
            self._at(at, run, self._start)
        while self._heap:
            self._now, _, run, happens = heapq.heappop(self._heap)
            happens(run)
            if not self._heap or self._heap[0][0] > self._now:
                self._dispatch()
                tell(len(self._left))
        for run in [*self._open]:
            self._end(run, "stuck", why(run, self._crew, self._now))

    def _at(self, at: int, run: Playing, happens: Happening) -> None:
        self._order += 1
        heapq.heappush(self._heap, (max(at, self._now), self._order, run, happens))

    # --- the course of one run

    def _start(self, run: Playing) -> None:
        run.started = self._now
        self._open.append(run)
        document = run.procedure.document
        owners = self._crew.behind(self._crew.roles.get(run.procedure.owner, ())) or [*self._crew.members]
        roles = {role: self._crew.roles[role] for role in document["roles"] if role in self._crew.roles}
        given = self._pace.durations.inputs
        self._crew.lot = self._dice.randrange(2**31)

        def make(attempt: int) -> c.Start:
            inputs = self._filler.step(INPUTS, document.get("inputs", {}), self._now, given, attempt)
            parameters = {
                name: self._filler.value(field, self._now, attempt)
                for name, field in document.get("parameters", {}).items()
                if field.get("required")
            }
            return c.Start(run.name, "Simulated", owners[0], roles, inputs, parameters)

        answer, reasons = run.attempt(owners[0], self._now, make, TRIES)
        if answer is None:
            self._end(run, "stuck", [("start", "", reason) for reason in reasons])
        else:
            self._after(run, answer)

    def _after(self, run: Playing, answer: Accepted) -> None:
        """Take over what happened: what is open now, what will come by itself, and whether the run is over."""
        for event in answer.events:
            self._note(run, event)
        if run.state.status != "open":
            how = run.state.end if run.state.status == "ended" else run.state.status
            self._end(run, how or "done")
        elif run.commands > MOST:
            self._end(run, "unfinished")

    def _note(self, run: Playing, event: e.Event) -> None:  # noqa: C901 - one branch for each event that matters
        if isinstance(event, e.TaskOpened):
            run.ready["task", event.task] = self._now
            if event.round > 1:
                run.again += 1
                self._figures.step(event.step, event.role).again += 1
            if event.turn:
                self._crew.turns[f"{run.procedure.sop}/{event.step}", event.owner] = event.turn
            for kind, number, at in event.timers:
                if kind == ESCALATE:
                    self._at(seconds(at), run, self._elapses(event.task, kind, number))
        elif isinstance(event, e.WaitBegan):
            run.ready["token", event.token] = self._now
            if event.until:
                self._at(seconds(event.until), run, self._elapses(event.token, WAIT, 0, event.until))
            elif (span := self._pace.signal(event.signal)) is not None:
                self._at(self._now + span.draw(self._dice), run, self._signals(event.token, event.signal))
        elif isinstance(event, e.WaitEnded):
            self._waited(run, event.token, event.step)
        elif isinstance(event, e.ChildRequested) and not event.detached:
            run.ready["token", event.token] = self._now
            span = self._pace.of(run.procedure.steps[event.step])
            self._at(self._now + span.draw(self._dice), run, self._returns(event.token, event.child))

    def _waited(self, run: Playing, token: int, step: str) -> None:
        since = run.ready.pop(("token", token), self._now)
        self._figures.step(step, "").finished(self._now - since, self._now - since)

    def _end(self, run: Playing, how: str, because: Iterable[Because] = ()) -> None:
        if run.number in self._left:
            return
        self._left.add(run.number)
        self._open.remove(run)
        figures = self._figures
        figures.runs += 1
        figures.commands += run.commands
        figures.rework.append(run.again)
        figures.ends[how] += 1
        if how not in {"stuck", "unfinished"}:
            figures.cycles.append(self._now - run.started)
        if found := [*because]:
            say = Sentences("", self._crew.handle)
            told = [(step, str(r.code) if r else "", say.sentence(r) if r else words) for step, words, r in found]
            figures.stuck.update(set(told))

    def _over(self, run: Playing) -> bool:
        """Whether nothing more happens in *run*; gives it up when its time is over."""
        if run.number not in self._left and self._now - run.started > self._until:
            self._end(run, "unfinished")
        return run.number in self._left

    # --- what happens by itself

    def _elapses(self, number: int, kind: str, which: int, until: str = "") -> Happening:
        def happens(run: Playing) -> None:
            there = run.state.tokens if kind == WAIT else run.state.tasks
            if self._over(run) or number not in there:
                return
            if kind == WAIT and run.state.tokens[number].waiting != f"until:{until}":
                return
            self._outside(run, SYSTEM, lambda _: c.Elapse(number, kind, which), ("token", number) if kind == WAIT else None)

        return happens

    def _signals(self, token: int, name: str) -> Happening:
        def happens(run: Playing) -> None:
            found = run.state.tokens.get(token)
            if self._over(run) or found is None or found.waiting != f"signal:{name}":
                return
            form = run.procedure.document["signals"][name].get("form", {})
            given = self._pace.plan(found.at).given

            def make(attempt: int) -> c.Command:
                return c.Signal(name, self._filler.step(name, form, self._now, given, attempt))

            self._outside(run, SYSTEM, make, ("token", token))

        return happens

    def _returns(self, token: int, child: str) -> Happening:
        def happens(run: Playing) -> None:
            found = run.state.tokens.get(token)
            if self._over(run) or found is None or for_a_child(found) != child:
                return
            step = run.procedure.steps[found.at]
            plan = self._pace.plan(step.id)
            ends = expected(list(step.outcomes or plan.outcomes) or ["done"], plan.outcomes)

            def make(attempt: int) -> c.Command:
                handed = results(step.id, self._known.get(step.doc["run"]), self._filler, self._now, plan.given, attempt)
                return c.ChildEnded(token, child, weighed(self._dice, ends), handed)

            if self._outside(run, SYSTEM, make, ("token", token)):
                self._waited(run, token, step.id)

        return happens

    def _outside(self, run: Playing, actor: str, make: Callable[[int], c.Command], what: tuple[str, int] | None) -> bool:
        answer, reasons = run.attempt(actor, self._now, make, TRIES)
        if answer is None:
            if what:
                run.refuse(what, reasons)
            return False
        self._after(run, answer)
        return True

    # --- people

    def _dispatch(self) -> None:
        """Give every task that waits to somebody who is free, what is due first standing first."""
        for run in [*self._open]:
            self._over(run)
        moved = True
        while moved:
            moved = False
            for run in [*self._open]:
                for token in [*spreading(run)]:
                    step = address_of(run.state, run.state.tokens[token])
                    if not run.kept(("token", token)):
                        close = c.CloseItems(step, note=_NOTE)
                        moved |= self._outside(run, SYSTEM, lambda _, close=close: close, ("token", token))  # type: ignore[misc]
        waiting = [(run, task) for run in self._open for task in run.state.tasks.values()]
        for run, found in sorted(waiting, key=urgency):
            if run.number not in self._left and (task := run.state.tasks.get(found.no)) is not None:
                self._hand_out(run, task)

    def _hand_out(self, run: Playing, task: Task) -> None:
        step = run.procedure.steps[task.step]
        needed = quorum(run.procedure, run.state, step)
        free = needed - len(task.votes) - run.hands.get(task.no, 0)
        if free <= 0 or run.kept(("task", task.no)):
            return
        for person in self._office.candidates(run, task):
            if free <= 0:
                return
            if person in self._office.busy:
                continue
            self._crew.at = written(self._now)
            if may_complete(run.procedure, run.state, task, person, self._crew):
                continue
            if needed == 1 and task.owner != person:
                answer, reasons = run.attempt(person, self._now, lambda _: c.Claim(task.address), 1)
                if answer is None:
                    run.refuse(("task", task.no), reasons)
                    return
            free -= 1
            self._begin(run, task, step, person)

    def _begin(self, run: Playing, task: Task, step: "Step", person: str) -> None:
        work = self._pace.of(step).draw(self._dice)
        begins = self._hours.opening(self._now)
        self._office.take(person)
        run.hands[task.no] = run.hands.get(task.no, 0) + 1

        def happens(run: Playing) -> None:
            self._office.leave(person, work)
            run.hands[task.no] -= 1
            self._figures.people[self._crew.handle(person)] += work
            self._figures.roles[task.role] += work
            if not self._over(run) and task.no in run.state.tasks:
                self._finish(run, run.state.tasks[task.no], step, person, (begins, work))

        self._at(self._hours.after(begins, work), run, happens)

    def _finish(self, run: Playing, task: Task, step: "Step", person: str, spent: tuple[int, int]) -> None:
        plan = self._pace.plan(step.id)
        drawn = weighed(self._dice, expected(list(step.outcomes), plan.outcomes))
        self._crew.lot = self._dice.randrange(2**31)
        because: tuple[Reason, ...] = ()
        for outcome in (drawn, *(other for other in step.outcomes if other != drawn)):
            answer, reasons = run.attempt(person, self._now, self._completing(task, step, outcome, plan.given), tries(step))
            if answer is not None:
                self._count(run, task, answer, spent)
                self._after(run, answer)
                return
            because = because or reasons
        run.refuse(("task", task.no), because)

    def _completing(self, task: Task, step: "Step", outcome: str, given: Mapping[str, Any]) -> Callable[[int], c.Command]:
        note = _NOTE if step.outcomes[outcome].get("reason") == "required" else ""

        def make(attempt: int) -> c.Command:
            return c.Complete(task.address, outcome, self._filler.step(step.id, step.form, self._now, given, attempt), note)

        return make

    def _count(self, run: Playing, task: Task, answer: Accepted, spent: tuple[int, int]) -> None:
        begins, work = spent
        figures = self._figures.step(task.step, task.role)
        figures.working += work
        if task.no in run.state.tasks and any(isinstance(event, e.ApprovalGiven) for event in answer.events):
            return  # one voice of several
        ready = run.ready.pop(("task", task.no), begins)
        figures.finished(max(0, begins - ready), self._now - ready, written(self._now) > task.due if task.due else None)
