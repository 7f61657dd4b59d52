"""Everything a decision takes from outside, as one value: time, identity, people, calendar, chance, and stored values."""

from collections.abc import Mapping
from dataclasses import field

from engine.calendar import Calendar
from engine.frozen import frozen
from engine.people import Directory
from engine.values import Seal, Value


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
    """

    run: str
    at: str
    actor: str
    directory: Directory
    calendar: Calendar
    seal: Seal
    data: Mapping[str, Value] = field(default_factory=dict)
