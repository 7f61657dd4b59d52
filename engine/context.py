"""Everything a decision takes from outside, as one value: time, identity, people, calendar, chance, and stored values."""

from collections.abc import Callable, Mapping
from dataclasses import field

from engine.calendar import Calendar
from engine.frozen import frozen
from engine.people import Directory
from engine.procedure import Procedure
from engine.values import Seal, Value


def _none(_fingerprint: str) -> Procedure | None:
    return None


@frozen
class Context:
    """What a decision may use and cannot know by itself.

    Attributes:
        run: name of the run.
        at: the instant, RFC 3339 in UTC with microseconds.
        actor: pseudonym of who asks, or ``system``.
        directory: answers about people.
        calendar: working days.
        seal: makes the commitment to a value at a path.
        data: the values that count now, by path; whatever was erased is missing.
        held: critical section to the run and task that are in it, of all runs.
        versions: finds a stored version of a definition by its fingerprint; None if there is none.
    """

    run: str
    at: str
    actor: str
    directory: Directory
    calendar: Calendar
    seal: Seal
    data: Mapping[str, Value] = field(default_factory=dict)
    held: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    versions: Callable[[str], Procedure | None] = _none
