"""People as the runner meets them: handles from outside, pseudonyms inside, and what was asked about them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from engine.values import Value
from runners.store import reads
from runners.store.database import Unit

if TYPE_CHECKING:
    from engine.procedure import Document

ME: Final = "@me"
KEPT: Final = "kept:"
"""Before the pseudonym of somebody who is kept from a task that is offered to a team; stands among its offers."""
STUCK: Final = "stuck:"
"""Before the pseudonym of the lead of a task that nobody can do or that is blocked; alone, for whoever asks for all of them."""


class NotFound(Exception):  # noqa: N818 - an answer, not a fault
    """There is no such thing.

    Attributes:
        kind: ``run``, ``person``, ``team``, ``sop``, ``task``, ``definition`` or ``file``.
        name: what was asked for.
        known: names that exist, to suggest one from.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str] = ()) -> None:
        super().__init__(f"there is no {kind} {name!r}")
        self.kind = kind
        self.name = name
        self.known = tuple(known)


def pseudonym(unit: Unit, handle: str, me: str = "") -> str:
    """The pseudonym of *handle*; ``@me`` is *me*. Raises NotFound."""
    if handle == ME and me:
        return me
    found = reads.person_by_handle(unit, handle)
    if found is None:
        raise NotFound("person", handle, (person.handle for person in reads.people(unit)))
    return found.id


def actor_of(unit: Unit, text: str) -> str:
    """The pseudonym of somebody who is named by handle or pseudonym. Raises NotFound."""
    return text if text.startswith("p_") and reads.person_by_id(unit, text) is not None else pseudonym(unit, text)


def holder(unit: Unit, text: str, me: str = "") -> str:
    """``person:…`` or ``team:…`` for a handle or ``team:ID``. Raises NotFound."""
    kind, found, name = text.partition(":")
    if found and kind == "team":
        if reads.team(unit, name) is None:
            raise NotFound("team", name, (team.id for team in reads.teams(unit)))
        return text
    return f"person:{pseudonym(unit, name if found else text, me)}"


def translated(unit: Unit, fields: "Mapping[str, Document]", values: Mapping[str, Value], me: str) -> dict[str, Value]:
    """*values* with handles in fields of people replaced by pseudonyms. Raises NotFound."""
    return {name: _translated(unit, fields.get(name, {}), value, me) for name, value in values.items()}


def _translated(unit: Unit, field: "Document", value: Value, me: str) -> Value:
    kind = field.get("type")
    if kind == "user" and isinstance(value, str) and value:
        return _known(unit, value, me)
    if kind == "users" and isinstance(value, str | list | tuple):
        parts: Sequence[Value] = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
        return [_known(unit, part, me) if isinstance(part, str) and part else part for part in parts]
    if kind == "table" and isinstance(value, list):
        return [translated(unit, field["columns"], row, me) if isinstance(row, dict) else row for row in value]
    return value


def _known(unit: Unit, text: str, me: str) -> str:
    is_pseudonym = text.startswith("p_") and reads.person_by_id(unit, text) is not None
    return text if is_pseudonym else pseudonym(unit, text, me)
