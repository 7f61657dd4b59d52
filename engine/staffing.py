"""Whether the people there are can do a whole procedure, given who may not do two things: exact, by trying.

A step needs as many different people as have to agree. Two accounts of one human being count as one. The answer is either
somebody for every step, or the smallest set of steps that cannot all be done: what a reader has to find somebody for.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from engine.frozen import frozen
from engine.procedure import HUMAN, Procedure


@frozen
class Seat:
    """One person that a step needs; ``number`` tells several of one step apart."""

    step: str
    number: int
    people: frozenset[str]


@frozen
class Staffing:
    """The answer.

    Attributes:
        chosen: step to somebody who could do each of its parts; empty if it cannot be done.
        stuck: the smallest set of steps that cannot all be done; empty if all can.
    """

    chosen: Mapping[str, tuple[str, ...]]
    stuck: tuple[str, ...] = ()


def staff(procedure: Procedure, people: Mapping[str, Iterable[str]], quorums: Mapping[str, int] | None = None) -> Staffing:
    """Somebody for every step of *procedure*.

    Args:
        procedure: says what is to be kept apart.
        people: step to the human beings who hold its role and have its skill.
        quorums: step to how many have to agree, where that is more than one.
    """
    steps = [step.id for step in procedure.steps.values() if step.kind in HUMAN]
    problem = _Problem(procedure, {step: frozenset(people.get(step, ())) for step in steps}, quorums or {})
    found = problem.solve(steps)
    return Staffing(found) if found is not None else Staffing({}, problem.smallest(steps))


class _Problem:
    """Seats, with which of them must be different people and which the same."""

    def __init__(self, procedure: Procedure, people: Mapping[str, frozenset[str]], quorums: Mapping[str, int]) -> None:
        self._seats = {step: [Seat(step, n, found) for n in range(quorums.get(step, 1))] for step, found in people.items()}
        self._apart = {step: procedure.separated(step) | procedure.approves(step) for step in people}
        for step, others in list(self._apart.items()):
            for other in others:
                self._apart[other] = self._apart.get(other, frozenset()) | {step}
        self._same = {step: str(procedure.steps[step].doc.get("same_as", "")) for step in people}

    def _differ(self, one: Seat, two: Seat) -> bool:
        return one.step == two.step or two.step in self._apart[one.step]

    def _equal(self, one: Seat, two: Seat) -> bool:
        return self._same[one.step] == two.step or self._same[two.step] == one.step

    def solve(self, steps: Sequence[str]) -> dict[str, tuple[str, ...]] | None:
        """Somebody for each of *steps*; None if there is no way."""
        seats = [seat for step in steps for seat in self._seats[step]]
        chosen = self._try({seat: seat.people for seat in seats}, {})
        if chosen is None:
            return None
        return {step: tuple(chosen[seat] for seat in self._seats[step]) for step in steps}

    def _try(self, left: Mapping[Seat, frozenset[str]], chosen: Mapping[Seat, str]) -> Mapping[Seat, str] | None:
        """The seat with the fewest people first; whoever takes it is taken from, or left alone at, those that it concerns."""
        if not left:
            return chosen
        seat = min(left, key=lambda s: len(left[s]))
        for person in sorted(left[seat]):
            rest = {other: self._remaining(seat, person, other, people) for other, people in left.items() if other != seat}
            if all(rest.values()) and (found := self._try(rest, {**chosen, seat: person})) is not None:
                return found
        return None

    def _remaining(self, seat: Seat, person: str, other: Seat, people: frozenset[str]) -> frozenset[str]:
        if self._differ(seat, other):
            people -= {person}
        return people & {person} if self._equal(seat, other) else people

    def smallest(self, steps: Sequence[str]) -> tuple[str, ...]:
        """The smallest set of *steps* that cannot all be done, the first such in the order of the procedure."""
        least = self._minimal(list(steps))
        sizes = range(1, len(least) + 1)
        return next(tuple(group) for size in sizes for group in self._groups(steps, size) if self.solve(group) is None)

    def _minimal(self, steps: list[str]) -> list[str]:
        """A set that cannot be done and can be as soon as any one step of it is left out: none is larger than it needs to be."""
        for step in reversed(list(steps)):
            rest = [other for other in steps if other != step]
            if rest and self.solve(rest) is None:
                steps = rest
        return steps

    def _groups(self, steps: Sequence[str], size: int) -> Iterator[list[str]]:
        """Sets of *size* steps that hang together: others cannot be the reason."""
        for group in combinations(steps, size):
            reached, open_ = {group[0]}, [group[0]]
            while open_:
                step = open_.pop()
                near = {
                    o
                    for o in group
                    if o not in reached and (o in self._apart[step] or self._same[o] == step or self._same[step] == o)
                }
                reached |= near
                open_ += near
            if len(reached) == size:
                yield list(group)
