"""The course of runs: how they start, what their events lead to, what happens by itself, how they end."""

import heapq
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from engine import commands as c
from engine import effects as f
from engine import events as e
from engine.decide import Accepted
from engine.people import SYSTEM
from engine.refusals import Reason
from engine.timers import ESCALATE, WAIT
from engine.values import Value
from runners.messages import Sentences
from runners.simulating.calls import Calls
from runners.simulating.crew import Crew
from runners.simulating.examples import INPUTS
from runners.simulating.office import why
from runners.simulating.part import Sample
from runners.simulating.playing import TRIES, Playing, seconds

MOST: Final = 5_000
"""Commands of one run; one that needs more goes in circles."""

_NONE: Final[Mapping[str, Value]] = {}

Happening = Callable[[Playing], None]
Because = tuple[str, str, Reason | None]


class Agenda:
    """A simulated clock, and what will happen.

    Attributes:
        now: the instant.
    """

    def __init__(self) -> None:
        self.now = 0
        self._heap: list[tuple[int, int, Playing, Happening]] = []
        self._order = 0

    def at(self, at: int, run: Playing, happens: Happening) -> None:
        """Let something happen in *run*, now at the earliest."""
        self._order += 1
        heapq.heappush(self._heap, (max(at, self.now), self._order, run, happens))

    def pass_time(self) -> Iterator[None]:
        """Let everything happen in its order; gives way whenever time is about to go on."""
        while self._heap:
            self.now, _, run, happens = heapq.heappop(self._heap)
            happens(run)
            if not self._heap or self._heap[0][0] > self.now:
                yield


class Course:
    """Runs and what happens in them without people.

    Args:
        agenda: the clock.
        crew: who there is.
        dice: what is drawn from.
        until: seconds after which a run that has not ended is given up.
        alone: each run has its people for itself, so that runs that others wait for may be taken from those that were played.

    Attributes:
        open: runs that have not ended, in the order of their starts.
        over: how many runs are over, without those that others waited for.
    """

    def __init__(self, agenda: Agenda, crew: Crew, dice: random.Random, until: int, *, alone: bool) -> None:
        self.open: list[Playing] = []
        self.over = 0
        self._agenda, self._crew, self._dice, self._until = agenda, crew, dice, until
        self._calls = Calls(self, agenda, crew, dice, alone=alone)

    # --- start and end

    def start(self, run: Playing) -> None:
        """Begin *run* now."""
        document, now = run.procedure.document, self._agenda.now
        owners = self._crew.behind(self._crew.roles.get(run.procedure.owner, ())) or [*self._crew.members]
        roles = {role: self._crew.roles[role] for role in document["roles"] if role in self._crew.roles}
        given = run.part.pace.durations.inputs
        self.began(run)

        def make(attempt: int) -> c.Start:
            inputs = run.filler.step(INPUTS, document.get("inputs", {}), now, given, attempt)
            parameters = {
                name: run.filler.value(field, now, attempt)
                for name, field in document.get("parameters", {}).items()
                if field.get("required")
            }
            return c.Start(run.name, "Simulated", owners[0], roles, inputs, parameters)

        answer, reasons = run.attempt(owners[0], now, make, TRIES)
        if answer is None:
            self.end(run, "stuck", [("start", "", reason) for reason in reasons])
        else:
            self.after(run, answer)

    def began(self, run: Playing, inputs: Mapping[str, Value] = _NONE) -> None:
        """*run* begins now, with *inputs* that another run gives."""
        run.started = self._agenda.now
        run.filler = run.part.filler(self._dice, run.started, inputs)
        self.open.append(run)
        self._crew.lot = self._dice.randrange(2**31)

    def after(self, run: Playing, answer: Accepted) -> None:
        """Take over what happened: what is open now, what will come by itself, and whether the run is over."""
        for event in answer.events:
            self._note(run, event)
        returned: f.ReturnToParent | None = None
        for effect in answer.effects:
            if isinstance(effect, f.StartChild) and effect.token:
                self._calls.begin(run, effect)
            elif isinstance(effect, f.CancelChild):
                self._calls.drop(run, effect.child)
            elif isinstance(effect, f.ReturnToParent):
                returned = effect
        if run.state.status != "open":
            how = run.state.end if run.state.status == "ended" else run.state.status
            self.end(run, how or "done")
            if returned and run.parent:
                run.part.samples.append(Sample(self._agenda.now - run.started, returned.end, returned.results, run.work))
                self._calls.back(*run.parent, run.name, returned.end, returned.results)
        elif run.commands > MOST:
            self.give_up(run)

    def end(self, run: Playing, how: str, because: Iterable[Because] = ()) -> None:
        """*run* ends, *how* and for which reasons; with it all that it waits for."""
        if run.over:
            return
        for other in [one for one in self.open if one.parent and one.parent[0] is run]:
            self.end(other, how if how in {"stuck", "unfinished"} else "cancelled")
        run.over = True
        self.open.remove(run)
        self.over += run.parent is None
        figures = run.figures
        figures.runs += 1
        figures.commands += run.commands
        figures.rework.append(run.again)
        figures.ends[how] += 1
        if how not in {"stuck", "unfinished"}:
            figures.cycles.append(self._agenda.now - run.started)
        elif run.parent:
            run.part.samples.append(None)
        if found := [*because]:
            say = Sentences("", self._crew.handle)
            told = [(step, str(r.code) if r else "", say.sentence(r) if r else words) for step, words, r in found]
            run.top.figures.stuck.update(set(told))

    def give_up(self, run: Playing) -> None:
        """*run* takes too long, or goes in circles; so does whatever waits for it."""
        self.end(run.top, "unfinished")

    def too_long(self, run: Playing) -> bool:
        """Whether nothing more happens in *run*; gives it up when its time is over."""
        if not run.over and self._agenda.now - run.top.started > self._until:
            self.give_up(run)
        return run.over

    def stuck(self) -> None:
        """Nothing will happen any more: whatever is open stays so."""
        for run in [one for one in self.open if not one.parent]:
            self.end(run, "stuck", [*self._why(run)])

    def _why(self, run: Playing) -> Iterator[Because]:
        inside = {one.parent[1]: one for one in self.open if one.parent and one.parent[0] is run}
        yield from why(run, self._crew, self._agenda.now, inside)
        for token, child in inside.items():
            at = run.state.tokens[token].at
            yield from ((f"{at} > {step}", words, reason) for step, words, reason in self._why(child))

    # --- what an event leads to

    def _note(self, run: Playing, event: e.Event) -> None:  # noqa: C901 - one branch for each event that matters
        now = self._agenda.now
        if isinstance(event, e.TaskOpened):
            run.ready["task", event.task] = now
            if event.round > 1 and run.rework(event.step):
                run.again += 1
                run.figures.step(event.step, event.role).again += 1
            if event.turn:
                self._crew.turns[f"{run.procedure.sop}/{event.step}", event.owner] = event.turn
            for kind, number, at in event.timers:
                if kind == ESCALATE:
                    self._agenda.at(seconds(at), run, self._elapses(event.task, kind, number))
        elif isinstance(event, e.TokenMoved):
            if event.source:
                run.moved(event.source, event.target)
        elif isinstance(event, e.WaitBegan):
            run.ready["token", event.token] = now
            if event.until:
                self._agenda.at(seconds(event.until), run, self._elapses(event.token, WAIT, 0, event.until))
            elif (span := run.part.pace.signal(event.signal)) is not None:
                self._agenda.at(now + span.draw(self._dice), run, self._signals(event.token, event.signal))
        elif isinstance(event, e.WaitEnded):
            self.waited(run, event.token, event.step)
        elif isinstance(event, e.ChildRequested) and not event.detached:
            run.ready["token", event.token] = now

    def waited(self, run: Playing, token: int, step: str) -> None:
        """What was waited for at *step* has come."""
        waiting = self._agenda.now - run.ready.pop(("token", token), self._agenda.now)
        run.figures.step(step, "").finished(waiting, waiting)

    def spend(self, run: Playing, role: str, person: str, work: int) -> None:
        """*person* has worked for *run*, and so for all that wait for it."""
        for one in run.lineage():
            one.work[role, person] += work
            if one.parent is None:
                one.figures.people[self._crew.handle(person)] += work
                one.figures.roles[role] += work

    # --- what happens by itself

    def _elapses(self, number: int, kind: str, which: int, until: str = "") -> Happening:
        def happens(run: Playing) -> None:
            there = run.state.tokens if kind == WAIT else run.state.tasks
            if self.too_long(run) or number not in there:
                return
            if kind == WAIT and run.state.tokens[number].waiting != f"until:{until}":
                return
            self.outside(run, SYSTEM, lambda _: c.Elapse(number, kind, which), ("token", number) if kind == WAIT else None)

        return happens

    def _signals(self, token: int, name: str) -> Happening:
        def happens(run: Playing) -> None:
            found = run.state.tokens.get(token)
            if self.too_long(run) or found is None or found.waiting != f"signal:{name}":
                return
            form = run.procedure.document["signals"][name].get("form", {})
            given = run.part.pace.plan(found.at).given

            def make(attempt: int) -> c.Command:
                return c.Signal(name, run.filler.step(name, form, self._agenda.now, given, attempt))

            self.outside(run, SYSTEM, make, ("token", token))

        return happens

    def outside(self, run: Playing, actor: str, make: Callable[[int], c.Command], what: tuple[str, int] | None) -> bool:
        """Whether *actor* gets through what is not a task; *what* it is about remembers why not."""
        answer, reasons = run.attempt(actor, self._agenda.now, make, TRIES)
        if answer is None:
            if what:
                run.refuse(what, reasons)
            return False
        self.after(run, answer)
        return True
