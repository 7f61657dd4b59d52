"""What somebody may ask for. Imperative; may be refused.

A command names a task by its address (``brief``, or ``post:weibo`` inside a for-each), not by a number that could have
gone stale between looking and asking. Free text and values are plain here; only their commitments reach the history.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import TypeAlias

from engine.frozen import frozen
from engine.values import Value


@frozen
class Start:
    """Start a run.

    Attributes:
        run: the name the run will have.
        title: what people call it.
        lead: pseudonym of the person who leads it.
        roles: role to holders (``person:…``, ``team:…``).
        inputs: values of the definition's inputs, as given.
        parameters: values that replace defaults of the definition.
        parent: run and token that wait for this one, for a child run.
        depth: how many runs stand above this one.
        drill: an exercise, kept out of all figures.
    """

    run: str
    title: str
    lead: str
    roles: Mapping[str, Sequence[str]] = field(default_factory=dict)
    inputs: Mapping[str, Value] = field(default_factory=dict)
    parameters: Mapping[str, Value] = field(default_factory=dict)
    parent: tuple[str, int] | None = None
    depth: int = 0
    drill: bool = False


@frozen
class Claim:
    """Take an offered task."""

    step: str


@frozen
class Release:
    """Give a task back to all who may do it."""

    step: str
    note: str = ""


@frozen
class Complete:
    """End a task with an outcome.

    Attributes:
        step: address of the task.
        outcome: which one; the first that the step offers if empty.
        values: the filled-in form, as given.
        note: why, in the person's words.
    """

    step: str
    outcome: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    note: str = ""


@frozen
class Assign:
    """Give a task to a person of its role."""

    step: str
    person: str
    note: str = ""


@frozen
class Bind:
    """Say who holds a role in this run from now on."""

    role: str
    holders: Sequence[str]
    note: str = ""


@frozen
class CancelTrack:
    """End one track (a branch or an item, with everything open in it) without finishing it.

    Attributes:
        track: address of a task in the track, ``step.branch``, or ``step:key`` of a for-each.
    """

    track: str
    note: str = ""


@frozen
class CancelRun:
    """End the run without finishing it."""

    note: str = ""


@frozen
class Comment:
    """Say something about a run or a task."""

    text: str
    step: str = ""


@frozen
class Attach:
    """Add a file to a run or a task, beside what its form asks for.

    Attributes:
        file: ``{"sha256": …, "name": …, "size": …}`` of a stored file.
    """

    file: Mapping[str, Value]
    step: str = ""
    note: str = ""


@frozen
class ChildEnded:
    """A child run that this run waits for has ended. Comes from the runner, never from a person."""

    token: int
    child: str
    end: str
    results: Mapping[str, Value] = field(default_factory=dict)


@frozen
class Elapse:
    """A timer of a task is due. Comes from the runner, never from a person."""

    task: int
    timer: str
    n: int


Command: TypeAlias = (
    Start | Claim | Release | Complete | Assign | Bind | CancelTrack | CancelRun | Comment | Attach | ChildEnded | Elapse
)
"""Everything that can be asked for."""

NAMES: Mapping[type, str] = {
    Start: "start", Claim: "claim", Release: "release", Complete: "complete", Assign: "assign", Bind: "bind",
    CancelTrack: "cancel_track", CancelRun: "cancel_run", Comment: "comment", Attach: "attach",
    ChildEnded: "child_ended", Elapse: "elapse",
}  # fmt: skip
"""How commands are called in records and messages."""
