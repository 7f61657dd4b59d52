"""The people of a story: handles in the file, pseudonyms in the run, the same ones every time."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from engine.people import Recorded
from engine.procedure import Document as Fields
from engine.values import Value

if TYPE_CHECKING:
    from runners.stories.document import Document

_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz234567"
FILE: Final = "file:"
"""How a file is written that exists only in the story."""
TEAM: Final = "team:"


def pseudonym(handle: str) -> str:
    """The pseudonym of *handle* in all scenarios."""
    digest = hashlib.sha256(f"scenario {handle}".encode()).digest()
    return "p_" + "".join(_ALPHABET[byte & 31] for byte in digest[:12])


def file(name: str) -> dict[str, Value]:
    """A stored file called *name* (``file:`` before it is dropped), with contents that follow from the name."""
    name = name.removeprefix(FILE)
    return {"sha256": hashlib.sha256(name.encode()).hexdigest(), "name": name, "size": len(name.encode())}


class _Told(Recorded):
    """The people of a story; the runs that it names are in no story, and taken to be there."""

    __slots__ = ()

    def refers(self, _run: str, _sop: str, _reader: str) -> bool:
        """True."""
        return True


class Cast:
    """Who plays.

    Attributes:
        people: all handles.
        teams: all teams.
        directory: what the engine is told about them.

    Args:
        document: the scenario file.
    """

    def __init__(self, document: "Document") -> None:
        teams = {handle: list(person.teams) for handle, person in document.people.items()}
        for team, members in document.teams.items():
            for handle in members:
                if team not in teams.setdefault(handle, []):
                    teams[handle].append(team)
        self.people = tuple(document.people)
        self.teams = tuple(dict.fromkeys((*document.teams, *(team for found in teams.values() for team in found))))
        self.directory = _Told({pseudonym(handle): teams[handle] for handle, p in document.people.items() if p.active})
        self._handles = {pseudonym(handle): handle for handle in document.people}

    def named(self, text: str) -> str:
        """*text* with handles for pseudonyms."""
        for found, handle in self._handles.items():
            text = text.replace(found, handle)
        return text

    def handle(self, person: str) -> str | None:
        """The handle of a pseudonym; None for the empty one, which nobody has."""
        return self._handles.get(person, person) or None

    def values(self, fields: Mapping[str, Fields], given: Mapping[str, Value]) -> dict[str, Value]:
        """*given* as a form would send it: people by pseudonym, files as stored ones; what no field asks for is left as it is."""
        return {name: self.value(fields.get(name, {}), value) for name, value in given.items()}

    def value(self, field: Fields, value: Value) -> Value:
        """One value of *field* as a form would send it."""
        kind = field.get("type")
        if isinstance(value, dict):
            return self.values(field.get("columns", {}), value)
        if isinstance(value, list):
            return [self.value(field, item) for item in value]
        if not isinstance(value, str) or not value:
            return value
        if kind == "user":
            return pseudonym(value)
        if kind == "users":
            found = [pseudonym(part.strip()) for part in value.split(",")]
            return found if "," in value else found[0]
        return file(value) if kind == "file" and value.startswith(FILE) else value


def holders(names: Iterable[str]) -> tuple[str, ...]:
    """The holders of a role: handles, and ``team:ID`` as it is."""
    return tuple(name if name.startswith(TEAM) else f"person:{pseudonym(name)}" for name in names)
