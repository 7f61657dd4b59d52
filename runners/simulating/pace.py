"""How long things take: what a file says, and where it says nothing, what follows from the dues."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from engine.procedure import Procedure, Step
from engine.timers import due_rule, dues, length

_DAY: Final = 86_400
_WEEK: Final = 7
_BUSINESS: Final = 5
"""Working days of a week."""
_MOST: Final = 5
"""Working days: who has longer for a task is not busy with it all the time."""
_LEAST: Final = 60


class Span(NamedTuple):
    """How long something takes, in seconds: at least, mostly, at most."""

    low: int
    mode: int
    high: int

    def draw(self, dice: random.Random) -> int:
        """One length, by a triangular distribution."""
        if self.low == self.high:
            return self.low
        return round(dice.triangular(self.low, self.high, self.mode))


_REACTS: Final = Span(60, 180, 600)
"""How long somebody who is on call takes to begin at night."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file says of one step.

    Attributes:
        takes: how long; None for what follows from elsewhere.
        outcomes: outcome, or end of the child run, to its weight; empty for the ordinary ones.
        given: field to its value, or to a mapping of values to weights.
    """

    takes: Span | None = None
    outcomes: Mapping[str, float] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Durations:
    """What a file says; lengths of people's work in seconds of work, all others on the clock.

    Attributes:
        opens: second of the day at which work begins.
        closes: second of the day at which it ends.
        every_day: people work on weekends and holidays too.
        default: of steps of which nothing else says anything.
        inputs: as ``Plan.given``, of the run as a whole.
        signals: how long until a signal comes that is waited for; None for never.
        urgent: seconds; what is due within them is begun at any hour by whoever is on call. 0 for nobody.
        reacts: how long whoever is called outside working hours takes to begin.
    """

    opens: int = 9 * 3_600
    closes: int = 18 * 3_600
    every_day: bool = False
    default: Span | None = None
    roles: Mapping[str, Span] = field(default_factory=dict)
    steps: Mapping[str, Plan] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    signals: Mapping[str, Span | None] = field(default_factory=dict)
    urgent: int = 4 * 3_600
    reacts: Span = _REACTS

    @property
    def general(self) -> "Durations":
        """What holds for other SOPs as well: hours, roles and who is on call."""
        return replace(self, steps={}, inputs={}, signals={})


def work(text: str, day: int) -> int:
    """Seconds of work that the length *text* means where a day has *day* of them. Raises ValueError.

    A day is a working day and a week has five of them; hours are hours.
    """
    found = length(text)
    weeks = not found.business and "w" in text.lower()
    days = found.days * _BUSINESS / _WEEK if weeks else found.days
    return round(days * day) + found.seconds


def clock(text: str) -> int:
    """Seconds on the clock that the length *text* means; five business days are a week. Raises ValueError."""
    found = length(text)
    return round(found.days * _DAY * (_WEEK / _BUSINESS if found.business else 1)) + found.seconds


_HURRY: Final = 4
"""So many times as quickly somebody works at most who has little time left."""
_TASK: Final = Span(600, 1_800, 7_200)
"""Work on a task of which nothing says how long it takes."""
_CHILD: Final = Span(_DAY, 3 * _DAY, 10 * _DAY)
_SIGNAL: Final = Span(3_600, _DAY, 5 * _DAY)


def undecided(procedure: Procedure) -> list[str]:
    """The parameters that dues of *procedure* count with and that have no default, each once."""
    amounts = (due_rule(text).amount for step in procedure.steps.values() for _, text in dues(step.doc))
    names = dict.fromkeys(amount[1:] for amount in amounts if amount.startswith("$"))
    return [name for name in names if procedure.default(name) is None]


class Pace:
    """How long everything takes in one procedure.

    Args:
        procedure: whose steps.
        durations: what a file says.
    """

    def __init__(self, procedure: Procedure, durations: Durations) -> None:
        self._procedure = procedure
        self.durations = durations
        self._known: dict[str, Span] = {}
        self._urgent: dict[str, bool] = {}
        self._pressed: dict[str, int] = {}
        self._day = durations.closes - durations.opens

    def plan(self, step: str) -> Plan:
        """What the file says of *step*."""
        return self.durations.steps.get(step, _NOTHING)

    def of(self, step: Step) -> Span:
        """How long *step* takes: work of a person, or until a child run comes back."""
        if step.id not in self._known:
            self._known[step.id] = self._found(step)
        return self._known[step.id]

    def work(self, step: Step, dice: random.Random, left: int | None) -> int:
        """Seconds of work that *step* takes this time.

        Where its length follows from a due that counts from something else, people hurry when little of that is *left*.
        """
        takes = self.of(step).draw(dice)
        whole = self._pressed.get(step.id)
        if not whole or left is None:
            return takes
        return round(takes * min(1, max(left / whole, 1 / _HURRY)))

    def urgent(self, step: Step) -> bool:
        """Whether a due of *step* can be so short that it does not wait for working hours, and the work is not longer."""
        if step.id not in self._urgent:
            rules = [due_rule(text) for _, text in dues(step.doc)]
            lengths = [length(text) for rule in rules if rule.sign > 0 and (text := self._amount(rule.amount))]
            within = self.durations.urgent
            short = any(not one.days and one.seconds <= within for one in lengths)
            self._urgent[step.id] = bool(within) and short and self.of(step).mode <= within
        return self._urgent[step.id]

    def _amount(self, text: str) -> str:
        """The length that a due gives; empty where only each run has a value for the parameter that says it."""
        return str(self._procedure.default(text[1:]) or "") if text.startswith("$") else text

    def signal(self, name: str) -> Span | None:
        """How long until the signal comes, from when it is waited for; None for never."""
        return self.durations.signals.get(name, _SIGNAL)

    def _found(self, step: Step) -> Span:
        if (found := self.plan(step.id).takes) is not None:
            return found
        if step.kind == "run":
            return _CHILD
        return self.durations.roles.get(step.role) or self.durations.default or self._due(step) or _TASK

    def _due(self, step: Step) -> Span | None:
        """Out of the due: a twentieth to three fifths of it, mostly a fifth.

        Of one that counts from something else only if it is less than a day: then it says how urgent the step is, and not when
        it is to be done.
        """
        texts = [text for _, text in dues(step.doc)]  # of several, the last is the ordinary one
        rule = due_rule(texts[-1] if texts else "0 days before start")
        amount = self._amount(rule.amount)
        if rule.sign < 0 or not amount:
            return None
        found = length(amount)
        day, days = self._day, found.days if found.business else found.days * _BUSINESS / _WEEK
        whole, rest = divmod(found.seconds, _DAY)
        if rule.anchor and (found.days or whole):
            return None
        if rule.anchor:
            self._pressed[step.id] = found.seconds
        seconds = (days + whole) * day + min(rest, day)
        seconds = max(_LEAST, min(seconds, _MOST * day))
        return Span(round(seconds / 20), round(seconds / 5), round(seconds * 3 / 5))


_NOTHING: Final = Plan()


def weighed(dice: random.Random, weights: Mapping[str, float]) -> str:
    """One of the names in *weights*, by their weights."""
    return dice.choices(list(weights), list(weights.values()))[0]


def expected(names: list[str], weights: Mapping[str, float]) -> dict[str, float]:
    """Weights of *names*: those given, else eight tenths for the first and the rest for the others alike."""
    if weights:
        return {name: weights.get(name, 0) for name in names if weights.get(name, 0) > 0}
    others = max(len(names) - 1, 1)
    return {name: 0.2 / others if number else 0.8 for number, name in enumerate(names)}
