"""What a command did, what a rule asks for, and the answer to a command that was given before."""

import json
from collections.abc import Callable
from typing import Final

from engine import commands as c
from engine.events import Event, decode
from engine.frozen import frozen
from engine.history import asked_parts
from engine.procedure import Procedure
from engine.refusals import Code, Reason, Refused
from engine.state import State, from_plain
from runners.library import Library
from runners.store import reads
from runners.store.database import Unit
from runners.store.records import Request

AUTO = "auto-"
"""Prefix of keys that a door made by itself from the arguments: such a key answers only while the run has not moved on."""


@frozen
class Done:
    """What a command did.

    Attributes:
        run: name of the run.
        seq: number of its record; for a dry run, the number it would have got.
        events: what happened in that run.
        state: where it stands now.
        procedure: what it is decided by.
        repeated: the same command was carried out before; nothing happened now.
        others: further runs that were touched: children started, parents gone on.
    """

    run: str
    seq: int
    events: tuple[Event, ...]
    state: State
    procedure: Procedure
    repeated: bool = False
    others: "tuple[Done, ...]" = ()


@frozen
class ByRule:
    """A run that no person asked for.

    Attributes:
        procedure: what it is decided by.
        asked: the command as it stands in a definition: people are handles, roles are held by whom the directory names.
        lead: pseudonym of who leads it.
        key: the same key gives the same run.
        cause: the schedule and its instant.
        keep: told the name of the run, in the same transaction; that of the first, where the key was used before.
    """

    procedure: Procedure
    asked: c.Start
    lead: str
    key: str
    cause: tuple[str, str]
    keep: Callable[[str], None]


IDLE: Final = Refused(())
"""There was nothing to start."""


class NothingWritten(Exception):  # noqa: N818 - an answer
    """Carries an answer out of a transaction that must leave nothing."""

    def __init__(self, answer: "Done | Refused") -> None:
        super().__init__("nothing is written")
        self.answer = answer


def answered_before(unit: Unit, library: Library, answered: Request, command: c.Command, *, same: bool) -> Done | Refused:
    """The answer that was given to the same command before."""
    run, seq = answered.run, answered.seq
    if not same:
        return Refused((Reason(Code.KEY_REUSED, {"run": run}),))
    row = reads.load_run(unit, run)
    record = json.loads(reads.history(unit, run, after=seq - 1, upto=seq)[0].record)
    if "reasons" in record:
        typed = {name: getattr(command, name) for name in asked_parts(command)}
        return Refused(tuple(Reason(Code(code), {**typed, **facts}) for code, facts in record["reasons"]))
    assert row is not None  # noqa: S101 - a record has its run
    events = tuple(decode(event) for event in record.get("events", ()))
    procedure = library.procedure(unit, row.fingerprint)
    return Done(run, seq, events, from_plain(json.loads(row.state)), procedure, repeated=True)
