"""Commands as doors give them: whether they can be written at all, and what tells one from another."""

import hashlib
from collections.abc import Mapping

from engine import commands as c
from engine.canonical import CanonicalError, canonical
from engine.refusals import Code, Reason, Refused
from engine.values import Value


def plain(values: Mapping[str, Value]) -> dict[str, Value]:
    """*values* without floating point numbers, which have no canonical form: they travel as their shortest text."""

    def one(value: Value) -> Value:
        if isinstance(value, float):
            return repr(value)
        if isinstance(value, dict):
            return {name: one(item) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [one(item) for item in value]
        return value

    return {name: one(value) for name, value in values.items()}


def _parts(command: c.Command) -> dict[str, Value]:
    made = {name: getattr(command, name) for name in command.__slots__}
    return {name: plain({"": value})[""] if not isinstance(value, Mapping) else plain(value) for name, value in made.items()}


def unwritable(command: c.Command) -> Refused | None:
    """The refusal of a command that holds what no record could hold: half a character, a number without end."""
    for name, part in _parts(command).items():
        try:
            canonical(part)
        except CanonicalError as error:
            return Refused((Reason(Code.FIELD_INVALID, {"field": name, "expected": f"plain text and numbers ({error})"}),))
    return None


def digest_of(target: str, actor: str, command: c.Command) -> str:
    """What tells a command from another one under the same key: SHA-256 (hex) over everything that was asked, of whom, by whom."""
    return hashlib.sha256(canonical([target, actor, c.NAMES[type(command)], _parts(command)])).hexdigest()
