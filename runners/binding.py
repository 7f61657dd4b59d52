"""Who holds the roles of a run when it starts: what the directory says, for a brand or department first.

The three ways teams are organised: *centralised*, one team does the work of all units; *decentralised*, each unit has its own
people and nobody else's; *hybrid*, a unit's own people where it has them, and those of the unit above it, at last everybody's,
where it has none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from runners.people import NotFound
from runners.store import organisation_reads as organisation
from runners.store import reads
from runners.store.database import Unit
from runners.store.records import Person, Team

CENTRALISED, DECENTRALISED, HYBRID = "centralised", "decentralised", "hybrid"
MODELS = (CENTRALISED, DECENTRALISED, HYBRID)


class Placed(Protocol):
    """A brand or department, stored or in a file: how its roles are filled, and where it belongs."""

    @property
    def model(self) -> str:
        """One of :data:`MODELS`."""

    @property
    def parent(self) -> str:
        """The unit above it; empty for none."""


def posts_of(holder: Person | Team, at: str) -> Iterator[tuple[str, str]]:
    """Role and unit (empty: everywhere) of everything that *holder* holds at the instant *at*."""
    for role in holder.roles if isinstance(holder, Person) else ():
        yield role, ""
    for role, unit, since, until in holder.more.get("posts", ()):
        if (not since or since <= at) and (not until or at < until):
            yield role, unit


def bindings(unit: Unit, at: str, place: str = "") -> dict[str, list[str]]:
    """Role to holders, for runs of the brand or department *place*. Raises NotFound for one that is not there."""
    units = {one.id: one for one in organisation.units(unit)}
    if place and place not in units:
        raise NotFound("unit", place, units)
    held: dict[str, dict[str, list[str]]] = {}
    for holder, name in _holders(unit):
        for role, where in posts_of(holder, at):
            held.setdefault(where, {}).setdefault(role, []).append(name)
    return chosen(held, path(units, place))


def path(units: Mapping[str, Placed], place: str) -> list[str]:
    """The units whose people are asked for, in order; an empty name for those who hold a role everywhere."""
    found: list[str] = []
    while place and place in units and place not in found:
        model = units[place].model
        if model == CENTRALISED:
            break
        found.append(place)
        if model == DECENTRALISED:
            return found
        place = units[place].parent
    return [*found, ""]


def chosen(held: Mapping[str, Mapping[str, Sequence[str]]], order: Iterable[str]) -> dict[str, list[str]]:
    """Role to the holders of the first unit in *order* that has any."""
    found: dict[str, list[str]] = {}
    for where in order:
        for role, names in held.get(where, {}).items():
            found.setdefault(role, list(dict.fromkeys(names)))
    return found


def _holders(unit: Unit) -> Iterator[tuple[Any, str]]:
    for person in reads.people(unit):
        if person.active:
            yield person, f"person:{person.id}"
    for team in reads.teams(unit):
        yield team, f"team:{team.id}"
