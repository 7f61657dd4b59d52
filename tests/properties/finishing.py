"""Whether a run can still be finished: from where it stands, a willing crew tries, within a bounded number of acts.

The crew does what is open, sends what is waited for, lifts what holds the run up, and finds other people where nobody can do
a task. It leaves a step out, or ends a track, only where the run itself says that nobody can do the task, or that its
milestone is over. It never cancels the run: that would end anything.
"""

import random
from typing import TYPE_CHECKING

from engine import commands as c
from engine.blocked import unfilled
from engine.calendar import Calendar
from engine.context import Context
from engine.decide import Accepted, decide
from engine.people import SYSTEM
from engine.refusals import Code
from engine.rules.items import spreading
from engine.state import Task, address_of
from engine.timers import WAIT
from tests.engine.kit import ANA
from tests.properties.acts import WHY, filled, renamed
from tests.properties.crowd import Asked

if TYPE_CHECKING:
    from tests.properties.walk import Walk

CALENDAR = Calendar()
BOUND = 600
"""Acts. The longest of the drafts are finished in less than half of it."""


def an_end_can_be_reached(walk: "Walk") -> str:
    """From every state an end can be reached, unless people block it; gives why not.

    What can be finished from here could be finished from everywhere on the way here, so that asking at the end of a walk, and
    now and then on the way, asks about every state of it.
    """
    return Crew(walk).finish()


class Crew:
    """Everybody together, at work on a copy of a run.

    Attributes:
        left: what nobody could do and could not be left out either: approvals that everybody is kept from.
    """

    def __init__(self, walk: "Walk") -> None:
        self._procedure = walk.procedure
        self._state = walk.state
        self._data = dict(walk.data)
        self._at = walk.at
        self._crowd = walk.crowd
        self._rng = random.Random(f"{walk.seed}/{walk.acts}")
        self._refused: dict[str, set[Code]] = {}
        self.left: list[str] = []

    def finish(self) -> str:
        """Why the run cannot be finished; nothing if it can."""
        for _ in range(BOUND):
            if self._state.status != "open":
                return ""
            if not (self._lift() or self._work() or self._outside() or self._staff() or self._leave_out()):
                if self.left:
                    return ""  # shown as blocked, and nobody may go past it: that is for people to solve
                stuck = {task.address: sorted(self._refused.get(task.address, ())) for task in self._state.tasks.values()}
                return f"nobody can go on: {stuck or [token.at for token in self._state.tokens.values()]}"
        return f"it is not finished after {BOUND} acts"

    def _do(self, actor: str, command: c.Command) -> bool:
        def seal(path: str, _value: object) -> str:
            return f"{path}/{self._rng.random()}"

        context = Context("SAM-1", self._at, actor, Asked(self._crowd, self._at), CALENDAR, seal, self._data)
        answer = decide(self._procedure, self._state, command, context)
        if isinstance(answer, Accepted):
            self._data = renamed(self._data, self._state, answer)
            self._state = answer.state
            return True
        self._refused.setdefault(getattr(command, "step", ""), set()).update(reason.code for reason in answer.reasons)
        return False

    def _lift(self) -> bool:
        """Resume the run and its tasks, and say of what is blocked that it is not."""
        if self._state.suspended:
            return self._do(ANA, c.Resume("", WHY))
        for task in self._state.tasks.values():
            if "suspended" in task.held:
                return self._do(ANA, c.Resume(task.address, WHY))
            if "blocked" in task.held:
                return self._do(ANA, c.Unblock(task.address, WHY))
        return False

    def _work(self) -> bool:
        """Do one of the tasks, or say that no more items come."""
        for address, token in spreading(self._procedure, self._state).items():
            if token.more:
                return self._do(ANA, c.CloseItems(address, note=WHY))
        return any(self._complete(task) for task in self._state.tasks.values())

    def _complete(self, task: Task) -> bool:
        self._refused.pop(task.address, None)
        step = self._procedure.steps[task.step]
        values = filled(step.form, lambda several: several[0], self._crowd.active)
        people = [task.owner] if task.owner else self._rng.sample(self._crowd.active, len(self._crowd.active))
        return any(self._do(person, c.Complete(task.address, "", values, WHY)) for person in people)

    def _outside(self) -> bool:
        """Let something come from outside: a signal, a moment, a child run."""
        for token in self._state.tokens.values():
            kind, _, what = token.waiting.partition(":")
            if kind == "until":
                self._at = max(self._at, what)
                return self._do(SYSTEM, c.Elapse(token.id, WAIT, 0))
            if kind == "signal":
                form = self._procedure.document["signals"][what].get("form", {})
                return self._do(ANA, c.Signal(what, filled(form, lambda several: several[0], self._crowd.active)))
            if kind:
                return self._do(SYSTEM, c.ChildEnded(token.id, token.waiting, "done"))
        return False

    def _staff(self) -> bool:
        """Take tasks from people who cannot do them, and give their roles to everybody."""
        everybody = tuple(f"person:{person}" for person in self._crowd.active)
        for task in self._state.tasks.values():
            if task.owner and self._do(ANA, c.Release(task.address, WHY)):
                return True
            if set(self._state.roles.get(task.role, ())) != set(everybody):
                return self._do(ANA, c.Bind(task.role, everybody, WHY))
        return False

    def _leave_out(self) -> bool:
        """Leave out what nobody can do, and what has to wait for a milestone that is over."""
        self.left = []
        for task in self._state.tasks.values():
            over = Code.GUARD_FALSE in self._refused.get(task.address, ())
            if over or unfilled(self._procedure, self._state, task, Asked(self._crowd, self._at)):
                if any(self._do(ANA, way(task.address, WHY)) for way in (c.Skip, c.CancelTrack)):
                    return True
                self.left.append(address_of(self._state, self._state.tokens[task.token]))
        return False
