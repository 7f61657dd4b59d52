"""One story, played in the pure engine: people act, time passes, child runs return, and everything is decided twice."""

import hashlib
import heapq
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from engine import commands as c
from engine.blocked import unfilled
from engine.calendar import Calendar
from engine.canonical import canonical
from engine.context import Context
from engine.decide import Accepted, decide
from engine.events import Event, TaskOpened, WaitBegan
from engine.people import SYSTEM
from engine.procedure import Procedure
from engine.refusals import Reason, Refused
from engine.state import EMPTY, State, Task, Token, from_plain, to_plain
from engine.timers import WAIT, instant, length, written
from engine.values import Seal, Value
from runners.stories.cast import Cast
from runners.tongue import spoken

if TYPE_CHECKING:
    from datetime import datetime


class ContradictionError(Exception):
    """The engine does not keep its own promises: the same question has two answers, or the fold is not the state."""


class Play:
    """A run that exists only while its story is told.

    Attributes:
        procedure: what it is decided by.
        cast: who plays.
        state: where it stands.
        at: the time of the story.
        data: values by path.
        happened: every instant and event so far.
        commands: how many commands were decided.
    """

    def __init__(self, procedure: Procedure, cast: Cast, at: str) -> None:
        self.procedure = procedure
        self.cast = cast
        self.state: State = EMPTY
        self.at: datetime = instant(at)
        self.data: dict[str, Value] = {}
        self.happened: list[tuple[str, Event]] = []
        self.commands = 0
        self._calendar = Calendar()
        self._timers: list[tuple[str, int, int, str, int]] = []

    @property
    def now(self) -> str:
        """The time of the story as the history writes it."""
        return written(self.at)

    def ask(self, actor: str, command: c.Command) -> Accepted | Refused:
        """What comes of *command*; if it is accepted, it has happened.

        Args:
            actor: pseudonym, or ``system``.
            command: what is asked for.
        """
        self.commands += 1
        context = Context(
            f"{self.procedure.prefix}-1", self.now, actor, self.cast.directory, self._calendar, _seal(self.commands), self.data
        )
        answer = decide(self.procedure, self.state, command, context)
        if decide(self.procedure, from_plain(to_plain(self.state)), command, context) != answer:
            raise ContradictionError(spoken("{command} was decided twice, with two results", command=c.NAMES[type(command)]))
        if isinstance(answer, Accepted):
            self.state = answer.state
            self.data.update(answer.values)
            self.happened += ((context.at, event) for event in answer.events)
            self._wind(answer.events)
        return answer

    def pass_time(self, text: str) -> None:
        """Let the time that *text* means go by. Timers that fall due on the way fire on the way, the earliest first."""
        until = length(text).after(self.at, self._calendar)
        limit = written(until)
        while self._timers and self._timers[0][0] <= limit:
            at, task, _, kind, number = heapq.heappop(self._timers)
            waits = self.state.tokens.get(task) if kind == WAIT else None
            if (waits is not None and waits.waiting == f"until:{at}") if kind == WAIT else task in self.state.tasks:
                self.at = max(self.at, instant(at))  # one that was due before its task opened fires now
                self.ask(SYSTEM, c.Elapse(task, kind, number))
        self.at = until

    def waiting(self) -> dict[str, Token]:
        """Address of a step to the token that waits there: for a child run, a signal or a moment."""
        return {address(self.state, token): token for token in self.state.tokens.values() if token.waiting}

    def unfilled(self, task: Task) -> tuple[Reason, ...]:
        """Why nobody of the story can do *task*; nothing if somebody can."""
        return unfilled(self.procedure, self.state, task, self.cast.directory)

    def _wind(self, events: Sequence[Event]) -> None:
        for event in events:
            if isinstance(event, TaskOpened):
                for order, (kind, number, at) in enumerate(event.timers):
                    heapq.heappush(self._timers, (at, event.task, order, kind, number))
            elif isinstance(event, WaitBegan) and event.until:
                heapq.heappush(self._timers, (event.until, event.token, 0, WAIT, 0))


def keys(tokens: Mapping[int, Token], token: Token) -> str:
    """Which items *token* stands in, as addresses name them: ``weibo``, ``weibo:2`` for an item inside an item."""
    found: list[str] = []
    current: Token | None = token
    while current is not None:
        if current.key:
            found.append(current.key)
        current = tokens.get(current.parent) if current.parent is not None else None
    return ":".join(reversed(found))


def address(state: State, token: Token) -> str:
    """The address of the step where *token* stands."""
    inside = keys(state.tokens, token)
    return f"{token.at}:{inside}" if inside else token.at


def _seal(number: int) -> Seal:
    """Commitments of the command numbered *number*: as in earnest, the same value never has the same one twice."""

    def seal(path: str, value: Value) -> str:
        return hashlib.sha256(f"{number} {path} ".encode() + canonical(value)).hexdigest()

    return seal
