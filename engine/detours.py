"""Events off the ordinary course: waiting, suspending, blocking, going back, correcting, overriding.

The same rules hold as in :mod:`engine.events`, which encodes them and names them all.
"""

from collections.abc import Mapping
from dataclasses import field

from engine.frozen import frozen


@frozen
class WaitBegan:
    """A token waits without a person."""

    token: int
    step: str
    signal: str = ""
    until: str = ""


@frozen
class WaitEnded:
    """What was waited for has come; ``by`` is ``signal``, ``time`` or ``kept`` (a signal from before)."""

    token: int
    step: str
    by: str
    values: Mapping[str, str] = field(default_factory=dict)
    """field to seal"""


@frozen
class SignalCame:
    """A signal; ``kept`` for a step that will wait for it, else for the steps that wait now, if any."""

    name: str
    kept: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    """field to seal"""


@frozen
class TaskSuspended:
    """Nobody can act on the task."""

    task: int


@frozen
class TaskResumed:
    """The task goes on."""

    task: int


@frozen
class RunSuspended:
    """Nobody can act in the run."""


@frozen
class RunResumed:
    """The run goes on."""


@frozen
class TaskBlocked:
    """Something keeps the task from being finished."""

    task: int
    person: str


@frozen
class TaskUnblocked:
    """Nothing keeps the task from being finished any more."""

    task: int
    person: str


@frozen
class Rewound:
    """A token went back; ``voided`` are the steps (with their scope) whose results no longer count."""

    token: int
    source: str
    target: str
    voided: tuple[str, ...] = ()


@frozen
class RunReopened:
    """A finished run goes on; ``voided`` as in ``Rewound``."""

    end: str
    voided: tuple[str, ...] = ()


@frozen
class FieldsCorrected:
    """Fields of a finished step have other values now; ``where`` is the step with its scope."""

    where: str
    person: str
    values: Mapping[str, str] = field(default_factory=dict)
    """field to seal; empty for a field that is empty now"""


@frozen
class ItemsOpened:
    """Items can be added to a for-each step until they are closed."""

    token: int
    step: str


@frozen
class ItemsClosed:
    """No more items come to a for-each step."""

    token: int
    step: str


@frozen
class Overridden:
    """Somebody acted against these rules, by permission."""

    task: int
    person: str
    codes: tuple[str, ...]


@frozen
class RunMigrated:
    """The run is decided by another version of its definition from here on."""

    version: str
    fingerprint: str
    previous: str
    """fingerprint until here"""
    names: Mapping[str, str] = field(default_factory=dict)
    """old step to new step, where they differ"""
    forgotten: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    """path under the new names to seal, of the values whose path has changed"""
    timers: tuple[tuple[int, str, int, str], ...] = ()
    """of the open tasks, by the new version: task, kind, number in the document, instant; only those still to come"""
