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
        unit: the brand or department it is for.
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
    unit: str = ""


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
        override: act against roles and separation, by the permission of that name; needs a reason and is an event of its own.
    """

    step: str
    outcome: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    note: str = ""
    override: bool = False


@frozen
class Assign:
    """Give a task to a person of its role."""

    step: str
    person: str
    note: str = ""


@frozen
class Delegate:
    """Let a person do a task in the place of whoever has it.

    Attributes:
        step: address of the task.
        person: who is to do it; needs no role of their own.
        until: when it goes back, RFC 3339 in UTC with microseconds; never if empty.
        note: why.
    """

    step: str
    person: str
    until: str = ""
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


@frozen
class Signal:
    """Something has happened outside that steps wait for."""

    name: str
    values: Mapping[str, Value] = field(default_factory=dict)
    note: str = ""


@frozen
class Skip:
    """Leave a step out, with a reason."""

    step: str
    note: str = ""


@frozen
class Rewind:
    """Go back to an earlier step of an open track; what was done since no longer counts."""

    step: str
    note: str = ""


@frozen
class Suspend:
    """Let nobody act on a task, or on the whole run if *step* is empty, until it is resumed."""

    step: str = ""
    note: str = ""


@frozen
class Resume:
    """Let people act again."""

    step: str = ""
    note: str = ""


@frozen
class Block:
    """Say that a task cannot be finished now, and why."""

    step: str
    note: str = ""


@frozen
class Unblock:
    """Say that the reason is gone, and how."""

    step: str
    note: str = ""


@frozen
class Reopen:
    """Open a finished run again, at a step of its main track."""

    step: str
    note: str = ""


@frozen
class Correct:
    """Correct fields of a step that is done; the earlier values stay in the history."""

    step: str
    values: Mapping[str, Value] = field(default_factory=dict)
    note: str = ""


@frozen
class AddItem:
    """Add an item to an open for-each step."""

    step: str
    item: Value = None
    note: str = ""


@frozen
class CloseItems:
    """Say that no more items come; with *early*, items that are not finished end."""

    step: str
    early: bool = False
    note: str = ""


@frozen
class Migrate:
    """Let another version of the definition decide the run from here on.

    Attributes:
        fingerprint: of that version.
        names: old step to new step, where they are called differently.
        roles: roles that come with that version, to who holds them.
    """

    fingerprint: str
    names: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    roles: Mapping[str, Sequence[str]] = field(default_factory=dict)


Command: TypeAlias = (
    Start | Claim | Release | Complete | Assign | Bind | CancelTrack | CancelRun | Comment | Attach | ChildEnded | Elapse
    | Signal | Skip | Rewind | Suspend | Resume | Block | Unblock | Reopen | Correct | AddItem | CloseItems | Migrate
    | Delegate
)  # fmt: skip
"""Everything that can be asked for."""

NAMES: Mapping[type, str] = {
    Start: "start", Claim: "claim", Release: "release", Complete: "complete", Assign: "assign", Bind: "bind",
    CancelTrack: "cancel_track", CancelRun: "cancel_run", Comment: "comment", Attach: "attach",
    ChildEnded: "child_ended", Elapse: "elapse", Signal: "signal", Skip: "skip", Rewind: "rewind", Suspend: "suspend",
    Resume: "resume", Block: "block", Unblock: "unblock", Reopen: "reopen", Correct: "correct", AddItem: "add_item",
    CloseItems: "close_items", Migrate: "migrate", Delegate: "delegate",
}  # fmt: skip
"""How commands are called in records and messages."""
