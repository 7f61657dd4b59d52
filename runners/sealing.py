"""What a record may not hold, and what stands for it there: commitments to values, free text and words that are no names."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from engine import commands as c
from engine import history
from engine.procedure import Procedure
from engine.rules.tasks import no_address
from engine.values import Value
from runners.clock import Ids

_FINGERPRINT: Final = re.compile(r"[0-9a-f]{64}")
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_HOLDER: Final = re.compile(r"person:p_[a-z2-7]{12}|team:[a-z][a-z0-9_]{0,62}")


class Sealer:
    """Makes commitments, each with a salt of its own, and keeps the salts."""

    __slots__ = ("_ids", "salts", "seals")

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self.salts: dict[str, bytes] = {}
        self.seals: dict[str, str] = {}

    def __call__(self, path: str, value: Value) -> str:
        """The commitment to *value*."""
        salt = self.salts[path] = self._ids.salt()
        seal = self.seals[path] = history.commitment(salt, value)
        return seal


def said(command: c.Command) -> Iterator[tuple[str, Value]]:
    """Free text and values of a command, by the names under which a refusal keeps them."""
    if note := getattr(command, "note", ""):
        yield "note", note
    if (isinstance(command, c.Complete) and command.values) or (isinstance(command, c.Signal | c.Correct) and command.values):
        yield "values", dict(command.values)
    elif isinstance(command, c.AddItem) and command.item is not None:
        yield "item", command.item
    elif isinstance(command, c.Comment):
        yield "text", command.text
    elif isinstance(command, c.Attach):
        yield "file", dict(command.file)


def typed(procedure: Procedure, command: c.Command) -> Iterator[tuple[str, Value]]:
    """The parts of a command that should be names and are none: perhaps somebody's own words, which no record may hold."""
    document = procedure.document
    known: dict[str, Callable[[str], bool]] = {
        "step": lambda text: no_address(procedure, text) is None,
        "outcome": lambda text: any(text in step.outcomes for step in procedure.steps.values()),
        "role": lambda text: text in document["roles"],
        "name": lambda text: text in document.get("signals", {}),
        "until": lambda text: _INSTANT.fullmatch(text) is not None,
        "track": lambda text: _is_track(procedure, text) or no_address(procedure, text) is None,
        "person": lambda text: _HOLDER.fullmatch(f"person:{text}") is not None,
        "holders": lambda text: _HOLDER.fullmatch(text) is not None,
        "names": lambda text: text in procedure.steps,
        "fingerprint": lambda text: _FINGERPRINT.fullmatch(text) is not None,
    }
    for name in history.asked_parts(command):
        part = getattr(command, name)
        texts: Iterable[str] = part if isinstance(part, list | tuple) else (part,)
        if isinstance(part, Mapping):
            texts = [*part, *part.values()]
        if name in known and part and not all(known[name](text) for text in texts):
            yield name, list(part) if isinstance(part, tuple) else dict(part) if isinstance(part, Mapping) else part


def _is_track(procedure: Procedure, text: str) -> bool:
    track, _, keys = text.partition(":")
    return track in procedure.tracks and no_address(procedure, f"{next(iter(procedure.steps))}:{keys}".rstrip(":")) is None


def files(value: Value) -> Iterator[Mapping[str, Value]]:
    """Every file that *value* names."""
    if isinstance(value, dict):
        if set(value) == {"sha256", "name", "size"}:
            yield value
        else:
            yield from files(list(value.values()))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from files(item)
