"""One run while it is played: its state, its values, and what was refused last."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from engine import commands as c
from engine.context import Context
from engine.decide import Accepted, decide
from engine.procedure import HUMAN, Procedure, Step
from engine.refusals import Code, Kind, Reason, Refused
from engine.state import EMPTY, State
from engine.values import Value
from runners.simulating.crew import Crew

if TYPE_CHECKING:
    from engine.calendar import Calendar
    from runners.simulating.filling import Filler
    from runners.simulating.measuring import Figures
    from runners.simulating.part import Part

TRIES: Final = 60
"""How often the form of one outcome is filled in anew until it is taken."""
OF_VALUES: Final = frozenset({Code.GUARD_FALSE, Code.GUARD_ERROR, Code.NOWHERE, Code.NO_PERSON, Code.LIMIT})
"""Refusals that other values may help against, beside those of the form itself."""


@lru_cache(4_096)  # the same instant is asked for by everything that happens at it
def written(at: int) -> str:
    """The instant *at* as the history writes it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.000000Z")


def seconds(at: str) -> int:
    """The instant *at*, as the history writes it, in whole seconds, rounded up."""
    found = datetime.fromisoformat(at)
    return int(found.timestamp()) + bool(found.microsecond)


def of_values(refused: Refused) -> bool:
    """Whether other values may help."""
    return all(reason.kind is Kind.USAGE or reason.code in OF_VALUES for reason in refused.reasons)


class Playing:
    """A run that exists only while it is played.

    Args:
        part: what it is a run of.
        number: which of the runs.
        crew: who plays.
        calendar: working days.
        figures: where it is counted.
        name: what it is called; else by its number.

    Attributes:
        calendar: working days.
        parent: the run and its token that wait for this one; None for a run that nobody waits for.
        filler: fills in its forms; set when it starts.
        over: nothing more happens in it.
        work: role and person to seconds of work, runs that it waited for included; kept for those that are waited for.
        state: where it stands.
        ready: task or token to the instant at which it was reached.
        hands: task to how many people are busy with it.
        refused: task or token to the change after which it was refused, and why.
        changes: how many commands were accepted.
        commands: how many were decided.
        again: rounds that are rework.
    """

    filler: "Filler"

    def __init__(  # noqa: PLR0917 - everything that a run is
        self, part: "Part", number: int, crew: Crew, calendar: "Calendar", figures: "Figures", name: str = "",
        parent: "tuple[Playing, int] | None" = None,
    ) -> None:  # fmt: skip
        self.part, self.figures, self.parent = part, figures, parent
        self.procedure: Procedure = part.procedure
        self.name = name or f"{self.procedure.prefix}-{number + 1}"
        self.number = number
        self.over = False
        self.work = Counter[tuple[str, str]]()
        self.state: State = EMPTY
        self.started = 0
        self.ready: dict[tuple[str, int], int] = {}
        self.hands: dict[int, int] = {}
        self.refused: dict[tuple[str, int], tuple[int, tuple[Reason, ...]]] = {}
        self.changes = 0
        self.commands = 0
        self.again = 0
        self._explained: set[str] = set()
        self._redone: frozenset[str] = frozenset()
        self.calendar = calendar
        self._crew = crew
        self._data: dict[str, Value] = {}
        self._seals = 0

    def _seal(self, _path: str, _value: Value) -> str:
        """A commitment that is like no other; nobody will ever open it."""
        self._seals += 1
        return f"{self._seals}"

    def ask(self, actor: str, command: c.Command, at: int) -> Accepted | Refused:
        """What comes of *command* at the instant *at*; if it is accepted, it has happened."""
        self.commands += 1
        now = written(at)
        self._crew.at = now
        context = Context(self.name, now, actor, self._crew, self.calendar, self._seal, self._data)
        answer = decide(self.procedure, self.state, command, context)
        if isinstance(answer, Accepted):
            self.state = answer.state
            self._data.update(answer.values)
            self.changes += 1
        return answer

    def attempt(
        self, actor: str, at: int, make: Callable[[int], c.Command], tries: int
    ) -> tuple[Accepted | None, tuple[Reason, ...]]:
        """What comes of the first command that is accepted, of several with other values each; and why the first was not."""
        reasons: tuple[Reason, ...] = ()
        for number in range(tries):
            answer = self.ask(actor, make(number), at)
            if isinstance(answer, Accepted):
                return answer, ()
            reasons = reasons or answer.reasons  # of the first, where nothing was left out
            if not of_values(answer):
                break
        return None, reasons

    def refuse(self, what: tuple[str, int], reasons: tuple[Reason, ...]) -> None:
        """Remember why a task or a wait could not go on; it is tried again when something else has changed."""
        self.refused[what] = (self.changes, reasons)

    def done(self, step: "Step", outcome: str) -> None:
        """Somebody chose the outcome of *step*; one that needs a reason says what is wrong."""
        if step.outcomes[outcome].get("reason") == "required":
            self._explained.add(step.id)
        else:
            self._explained.discard(step.id)

    def moved(self, source: str, target: str) -> None:
        """A track goes from *source* to *target*: back for rework, back because it goes round, or on.

        It is rework if the outcome that takes it back needs a reason, or if a decision takes it back and one of the outcomes
        that the decision looks at needed one. Everything else that goes round is meant to.
        """
        between = self.part.between(target, source)
        if not between:
            return
        by_people = self.procedure.steps[source].kind in HUMAN
        if self._explained & ({source} if by_people else between):
            self._redone |= between
        else:
            self._redone -= between
        self._explained -= between

    def rework(self, step: str) -> bool:
        """Whether *step* is done anew because something was wrong."""
        return step in self._redone

    @property
    def top(self) -> "Playing":
        """The run of the lineage that nobody waits for."""
        return [*self.lineage()][-1]

    def lineage(self) -> "Iterator[Playing]":
        """This run, the one that waits for it, and so on."""
        run: Playing | None = self
        while run is not None:
            yield run
            run = run.parent[0] if run.parent else None

    def kept(self, what: tuple[str, int]) -> bool:
        """Whether it was refused, and nothing has changed since."""
        return what in self.refused and self.refused[what][0] == self.changes


def spreading(play: Playing) -> Iterator[int]:
    """Tokens that are open for further items and have none that is open."""
    tokens = play.state.tokens
    for token in tokens.values():
        if token.more and not any(other.parent == token.id and other.step == token.at for other in tokens.values()):
            yield token.id


def texts(document: Mapping[str, Value]) -> Iterator[str]:
    """Every expression and text in *document*; numbers are looked for in them."""
    for key, value in document.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield from texts(one)
            elif isinstance(one, str) and key in {"when", "while", "value"}:
                yield one
