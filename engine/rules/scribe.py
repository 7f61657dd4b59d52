"""The working copy of one decision: it tells events, applies each at once, and asks guards.

Rules speak to the scribe and to nothing else. What it has gathered becomes the answer when every rule has agreed; when one
stops, it is thrown away and the state is as before.
"""

from collections import ChainMap, deque
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from engine.context import Context
from engine.data import View
from engine.evolve import evolve
from engine.expressions import GuardError
from engine.procedure import Procedure
from engine.refusals import Code, Reason
from engine.state import State, Token
from engine.values import Value

if TYPE_CHECKING:
    from engine.effects import Effect
    from engine.events import Event


class Stop(Exception):  # noqa: N818 - not an error: the way a rule deep inside a decision refuses it
    """The command is refused for these reasons."""

    def __init__(self, reasons: Iterable[Reason]) -> None:
        super().__init__("refused")
        self.reasons = tuple(reasons)


class Scribe:
    """One decision in the making.

    Attributes:
        state: the run, with everything told so far.
        events: told so far.
        values: new values by path; their commitments are in the events.
        effects: asked of the outside.
        guards: every expression that was asked, with its answer.
        counted: an expression may have asked the calendar.
        todo: moves still to be made: token, source, target, by.
        loads: tasks that this decision has allocated to a person.
        turns: the turn in which this decision last allocated a task of a step to a person.
    """

    __slots__ = (
        "_data", "context", "counted", "effects", "events", "guards", "loads", "procedure", "state", "todo", "turns", "values",
    )  # fmt: skip

    def __init__(self, procedure: Procedure, state: State, context: Context) -> None:
        self.procedure = procedure
        self.context = context
        self.state = state
        self.events: list[Event] = []
        self.values: dict[str, Value] = {}
        self.effects: list[Effect] = []
        self.guards: list[tuple[str, bool]] = []
        self.counted = False
        self.todo: deque[tuple[int, str, str, str]] = deque()
        self.loads: dict[str, int] = {}
        self.turns: dict[tuple[str, str], int] = {}
        self._data: Mapping[str, Value] = ChainMap(self.values, cast("dict[str, Any]", context.data))  # only read

    def tell(self, event: "Event") -> None:
        """Record *event* and apply it."""
        self.events.append(event)
        self.state = evolve(self.state, event, self.context.at)

    def keep(self, path: str, value: Value) -> str:
        """Keep *value* under *path*; gives the commitment that stands for it."""
        self.values[path] = value
        return self.context.seal(path, value)

    def keep_all(self, prefix: str, values: Mapping[str, Value]) -> dict[str, str]:
        """Keep each of *values* under ``prefix.name``; gives name to commitment."""
        return {name: self.keep(f"{prefix}.{name}", value) for name, value in values.items()}

    def view(self, token: Token | None) -> View:
        """The names visible to *token*."""
        return View(self.procedure, self.state, self._data, token, self.context.run)

    def holds(self, where: str, step: str, text: str, token: Token | None) -> bool:
        """Whether the condition *text* is true; the answer is recorded under *where*.

        Raises:
            Stop: it is neither true nor false (a name without a value, an error inside).
        """
        guard = self.procedure.guard(step, text)
        self.counted |= guard.counts_days
        view, calendar = self.view(token), self.context.calendar
        try:
            answer = guard.holds(view.names(guard.reads, self.procedure.scopes.conditions(step)), calendar)
        except GuardError as error:
            raise Stop([Reason(Code.GUARD_ERROR, {"where": where, "expression": text, "why": error.reason})]) from error
        self.guards.append((where, answer))
        return answer

    def value(self, step: str, text: str, token: Token | None) -> Value:
        """What the expression *text* gives; a bare name gives its value as it is stored.

        Raises:
            GuardError: it gives nothing usable.
        """
        view = self.view(token)
        words = self.procedure.scopes.at(step)
        if (name := text.strip()) in words:
            return view.raw(name)
        guard = self.procedure.guard(step, text, condition=False)
        self.counted |= guard.counts_days
        return guard.value(view.names(guard.reads, words), self.context.calendar)
