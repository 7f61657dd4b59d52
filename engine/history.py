"""The record of a command: its layout, its bytes, its hash, and the commitments in it.

One record for each accepted and each refused command of a run. The canonical bytes are hashed as they are stored;
``hash = SHA-256(0x00 || record)``; the hash of the record before stands inside as ``prev``, so that no record can be moved,
changed or left out without every later hash changing. The leading zero is the leaf prefix of RFC 6962: the same value can
become a leaf of a tree over all runs.

Nothing personal stands in a record. Values and free text are salted commitments, people are pseudonyms. The layout follows
the reference on audits, section 1.5; what is empty is left out.
"""

import hashlib
import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from typing import Final

from engine import __version__
from engine import commands as c
from engine.canonical import canonical
from engine.events import Event, encode
from engine.procedure import Procedure
from engine.refusals import Code, Reason
from engine.values import Value

FORMAT: Final = 1
"""Version of the layout. A reader refuses what it does not know."""
GENESIS: Final = bytes(32)
"""What stands before the first record of a run."""
_DOMAIN: Final = b"sop/data/v1\0"
_UNRECORDED: Final = frozenset({"why", "expected", "known"})
"""Facts of reasons that may quote what a person typed, or that only repeat the definition."""
_TYPED: Final[Mapping[Code, str]] = {
    Code.FIELD_UNKNOWN: "field", Code.OUTCOME_UNKNOWN: "outcome", Code.ROLE_UNKNOWN: "role", Code.NO_TASK: "step",
    Code.NO_PERSON: "person", Code.NO_TEAM: "team", Code.NO_TRACK: "track", Code.TASK_CLOSED: "step",
    Code.NO_SIGNAL: "signal", Code.NOT_PASSED: "step", Code.NOT_DONE: "step",
}  # fmt: skip
"""The fact of a reason that is what a person typed, and perhaps no name of ours at all."""


def text(raw: bytes) -> str:
    """*raw* as base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def hexadecimal(short: str) -> str:
    """The hexadecimal digits of what ``text`` wrote: how a digest is called outside of records."""
    return urlsafe_b64decode(short + "=" * (-len(short) % 4)).hex()


def commitment(salt: bytes, value: Value) -> str:
    """What stands for *value* in history: HMAC-SHA-256 with a salt of its own.

    Without the salt it says nothing about the value, even to somebody who tries every possible one; whoever deletes the
    salt has erased it. Never an unsalted hash: a four-digit number falls in milliseconds.
    """
    return text(hmac.digest(salt, _DOMAIN + canonical(value), "sha256"))


def digest(record: bytes) -> bytes:
    """The hash of a record's bytes."""
    return hashlib.sha256(b"\0" + record).digest()


_PEOPLE: Final = ("person", "by", "lead")
"""Facts of reasons that are pseudonyms, unless somebody typed something else there."""
_PSEUDONYM: Final = re.compile(r"p_[a-z2-7]{12}|system|")

_KINDS: Mapping[str, str] = {
    "start": "created", "claim": "claimed", "release": "released", "complete": "transition", "assign": "assigned",
    "bind": "role_changed", "cancel_track": "cancelled", "cancel_run": "cancelled", "comment": "commented",
    "delegate": "assigned", "attach": "attached", "child_ended": "transition", "elapse": "timer",
    "override": "overridden", "signal": "signalled", "skip": "skipped", "rewind": "rewound", "suspend": "suspended",
    "resume": "resumed", "block": "blocked", "unblock": "unblocked", "reopen": "reopened", "correct": "corrected",
    "add_item": "item_added", "close_items": "items_closed", "migrate": "migrated",
}  # fmt: skip

_ASKED: Mapping[type, tuple[str, ...]] = {
    c.Claim: ("step",), c.Release: ("step",), c.Complete: ("step", "outcome"), c.Assign: ("step", "person"),
    c.Delegate: ("step", "person", "until"),
    c.Bind: ("role", "holders"), c.CancelTrack: ("track",), c.Comment: ("step",), c.Attach: ("step",),
    c.ChildEnded: ("token", "child", "end"), c.Elapse: ("task", "timer", "n"),
    c.Signal: ("name",), c.Skip: ("step",), c.Rewind: ("step",), c.Suspend: ("step",), c.Resume: ("step",), c.Block: ("step",),
    c.Unblock: ("step",), c.Reopen: ("step",), c.Correct: ("step",), c.AddItem: ("step",), c.CloseItems: ("step", "early"),
    c.Migrate: ("fingerprint", "names", "roles"),
}  # fmt: skip
"""What of a command stands in its record. Values and texts do not: their commitments stand in the events, or in ``values``."""


def asked_parts(command: c.Command) -> tuple[str, ...]:
    """Names of the parts of *command* that are names themselves: of steps, outcomes, roles, people."""
    return _ASKED.get(type(command), ())


def asked(command: c.Command, seals: Mapping[str, str]) -> dict[str, Value]:
    """What *command* asked for, as it is recorded.

    Args:
        command: any command.
        seals: commitments of what the events do not carry: the note, and what was said in a refused command. A part of the
            command that stands here stands nowhere else.
    """
    forced = isinstance(command, c.Complete) and command.override
    found: dict[str, Value] = {"do": "override" if forced else c.NAMES[type(command)]}
    for name in asked_parts(command):
        value = getattr(command, name)
        if name not in seals and value not in ("", (), [], {}) and value is not False:
            found[name] = list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value
    if seals:
        found["seals"] = dict(seals)
    return found


def kind(do: str, *, refused: bool) -> str:
    """What a record is called after what was asked for."""
    return "refused" if refused else _KINDS[do]


def record(
    *,
    log: str,
    run: str,
    seq: int,
    prev: bytes,
    procedure: Procedure,
    at: str,
    actor: Mapping[str, Value],
    command: Mapping[str, Value],
    events: Sequence[Event] = (),
    guards: Sequence[tuple[str, bool]] = (),
    reasons: Sequence[Reason] = (),
    context: Mapping[str, Value] | None = None,
    request: str = "",
) -> bytes:
    """The canonical bytes of one record.

    Args:
        log: id of the database's log.
        run: name of the run.
        seq: number of the record in the run, from 0.
        prev: hash of the record before, or ``GENESIS``.
        procedure: the definition in force.
        at: the instant.
        actor: ``sub`` (pseudonym or ``system``), ``roles`` held at that moment, ``auth`` (how the door knew), ``cause``.
        command: what ``asked`` gives.
        events: what happened, if it was accepted.
        guards: expressions asked, with their answers.
        reasons: why not, if it was refused.
        context: what was used of the outside: ``people`` asked about with their teams, ``calendar`` (digest), and
            ``refused_in``, the run that refused what this one would have accepted.
        request: the idempotency key.
    """
    made: dict[str, Value] = {
        "v": FORMAT, "engine": __version__, "log": log, "run": run, "seq": seq, "prev": text(prev),
        "def": {"id": procedure.sop, "ver": procedure.version, "sha256": text(bytes.fromhex(procedure.fingerprint))},
        "kind": kind(command["do"], refused=bool(reasons)),
        "at": at, "actor": actor, "command": command,
    }  # fmt: skip
    if events:
        made["events"] = [encode(event) for event in events]
    if guards:
        made["guards"] = [list(guard) for guard in guards]
    if reasons:
        made["reasons"] = [told(reason) for reason in reasons]
    if context:
        made["context"] = context
    if request:
        made["idem"] = request
    return canonical(made)


def told(reason: Reason) -> list[Value]:
    """*reason* as it is recorded: code and facts, without what may quote a person."""
    left_out = {*_UNRECORDED, _TYPED.get(reason.code, "")}
    left_out |= {name for name in _PEOPLE if not _PSEUDONYM.fullmatch(str(reason.facts.get(name, "")))}
    facts = {name: list(fact) if isinstance(fact, tuple) else fact for name, fact in reason.facts.items() if name not in left_out}
    return [str(reason.code), facts]
