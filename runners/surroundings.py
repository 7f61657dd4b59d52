"""What every decision of one command shares."""

from collections.abc import Callable, Mapping, Sequence

from engine.calendar import Calendar
from engine.frozen import frozen
from engine.procedure import Procedure
from runners.clock import Ids
from runners.states_remembered import States


@frozen
class Surroundings:
    """What every decision of one command shares.

    Attributes:
        log: id of the database's log.
        at: the instant of the command.
        calendar: working days.
        digest: under which the calendar is stored.
        procedure: finds a stored procedure by its fingerprint.
        latest: finds what a new run of an SOP starts with.
        defaults: role to holders for a unit, after the directory.
        ids: makes salts.
        states: reads and writes states of runs.
        versions: finds a stored procedure by its fingerprint, or nothing.
    """

    log: str
    at: str
    calendar: Calendar
    digest: str
    procedure: Callable[[str], Procedure]
    latest: Callable[[str], Procedure | None]
    defaults: Callable[[str], Mapping[str, Sequence[str]]]
    ids: Ids
    states: States
    versions: Callable[[str], Procedure | None] = lambda _: None
