"""Commands as doors give them: whether they can be written at all, and what tells one from another."""

import hashlib
from collections.abc import Mapping

from engine import commands as c
from engine.canonical import CanonicalError, canonical
from engine.frozen import parts
from engine.refusals import Code, Reason, Refused
from engine.text import said
from engine.values import Value


def plain(values: Mapping[str, Value]) -> dict[str, Value]:
    """*values* without floating point numbers, which have no canonical form: they travel as their shortest text."""
    return {name: value if type(value) is str else _plain(value) for name, value in values.items()}


def _plain(value: Value) -> Value:
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def written(command: c.Command) -> bytes | Refused:
    """Everything that *command* says, as bytes that no other command has.

    Refused is what no record could hold: half a character, a number without end.
    """
    bodies: list[bytes] = []
    reasons: list[Reason] = []
    for name, part in plain(parts(command)).items():
        try:
            bodies.append(canonical(part))
        except CanonicalError as error:
            reasons.append(
                Reason(Code.FIELD_INVALID, {"field": name, "expected": said("plain text and numbers ({why})", why=error.args[0])})
            )
    return Refused(tuple(reasons)) if reasons else b"\n".join(bodies)


def digest_of(target: str, actor: str, command: c.Command, asked: bytes) -> str:
    """What tells a command from another one under the same key: SHA-256 (hex) over everything that was asked, of whom, by whom.

    Args:
        target: the run, or the SOP to be started.
        actor: pseudonym of who asks.
        command: what is asked for.
        asked: what it says, as ``written`` gives it.
    """
    return hashlib.sha256(canonical([target, actor, c.NAMES[type(command)]]) + asked).hexdigest()
