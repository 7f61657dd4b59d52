"""Who plays: people with their roles, out of a file or the directory, and what the engine asks about them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.directory import Candidate, Links
from runners.binding import bindings, chosen, path
from runners.people import NotFound
from runners.stories.cast import pseudonym

if TYPE_CHECKING:
    from runners.roster import Post, Roster
    from runners.store.database import Unit

_ALONE: Final = Links()


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who plays; people are pseudonyms.

    Attributes:
        accounts: other accounts of the same human being.
    """

    handle: str
    teams: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    capacity: int = 0
    manager: str = ""
    accounts: tuple[str, ...] = ()


class Crew:
    """People and the roles they hold; answers the engine as a directory.

    Args:
        members: pseudonym to person, of everybody active.
        roles: role to holders (``person:…``, ``team:…``).

    Attributes:
        at: the instant of the answers; whoever asks sets it.
        load: person to the tasks they have.
        lot: what allocation by lot goes by.
    """

    def __init__(self, members: Mapping[str, Member], roles: Mapping[str, Sequence[str]]) -> None:
        self.members = members
        self.roles = roles
        self.at = ""
        self.load: dict[str, int] = {}
        self.turns: dict[tuple[str, str], int] = {}
        self.lot = 0
        self._behind = {
            holder: tuple(self._expanded(holder)) for holders in roles.values() for holder in holders
        }  # nobody comes or goes while a run is played

    def fresh(self) -> "Crew":
        """The same people, with nothing to do."""
        return Crew(self.members, self.roles)

    def _expanded(self, holder: str) -> Iterator[str]:
        kind, _, name = holder.partition(":")
        yield from (one for one, member in self.members.items() if (name in member.teams if kind == "team" else one == name))

    def behind(self, holders: Sequence[str]) -> list[str]:
        """Everybody active among *holders*, each once."""
        return list(dict.fromkeys(one for holder in holders for one in self._behind.get(holder, ())))

    def handle(self, person: str) -> str:
        """What people call *person*."""
        member = self.members.get(person)
        return member.handle if member else person

    def teams(self, person: str) -> tuple[str, ...] | None:
        """Teams of *person*; None if there is no such active person."""
        member = self.members.get(person)
        return member.teams if member else None

    def links(self, person: str) -> Links:
        """Other accounts of *person*; nobody acts for others here."""
        member = self.members.get(person)
        return Links(member.accounts) if member and member.accounts else _ALONE

    def duties(self, _person: str) -> tuple[str, ...]:
        """Nothing: no duty in the organisation matters to the work itself."""
        return ()

    def skills(self, person: str) -> tuple[str, ...]:
        """What *person* can do."""
        return self.members[person].skills if person in self.members else ()

    def manager(self, person: str) -> str:
        """Who leads *person*."""
        return self.members[person].manager if person in self.members else ""

    def candidates(self, place: str, holders: tuple[str, ...]) -> tuple[Candidate, ...]:
        """Everybody among *holders*, with the tasks they have and the turns they had."""
        return tuple(
            Candidate(one, self.load.get(one, 0), self.turns.get((place, one), 0), self.members[one].capacity)
            for one in self.behind(holders)
        )

    def chance(self) -> int:
        """The number drawn last."""
        return self.lot

    def refers(self, _run: str, _sop: str, _reader: str) -> bool:
        """True: one run is played at a time, and those that it names are somebody else's."""
        return True


def of_roster(roster: "Roster", place: str, at: str) -> Crew:
    """The people of a file, for runs of the unit *place* (empty: of none), at the instant *at*. Raises NotFound."""
    if place and place not in roster.units:
        raise NotFound("unit", place, list(roster.units))
    active = {entry.handle: entry for entry in roster.people if entry.active}
    teams: dict[str, list[str]] = {handle: [] for handle in active}
    held: dict[str, dict[str, list[str]]] = {}

    def hold(holder: str, posts: "Sequence[Post]") -> None:
        for role, unit, since, until in posts:
            if (not since or since <= at) and (not until or at < until):
                held.setdefault(unit, {}).setdefault(role, []).append(holder)

    for handle, entry in active.items():
        hold(f"person:{pseudonym(handle)}", [*((role, "", "", "") for role in entry.roles), *entry.posts])
    for team, entry_ in roster.teams.items():
        hold(f"team:{team}", entry_.posts)
        for member in entry_.members:
            if member in active:
                teams[member].append(team)
    human = {handle: entry.alias_of or handle for handle, entry in active.items()}
    members = {
        pseudonym(handle): Member(
            handle, tuple(teams[handle]), entry.skills, entry.capacity, pseudonym(entry.manager) if entry.manager else "",
            tuple(pseudonym(other) for other in active if other != handle and human[other] == human[handle]),
        )
        for handle, entry in active.items()
    }  # fmt: skip
    return Crew(members, chosen(held, path(roster.units, place)))


def of_directory(unit: "Unit", place: str, at: str) -> Crew:
    """The people of a database, for runs of the unit *place* (empty: of none), at the instant *at*. Raises NotFound."""
    from runners.people_stored import StoredDirectory
    from runners.store import reads

    directory = StoredDirectory(unit, at)
    people = [person for person in reads.people(unit) if person.active]
    members = {
        one.id: Member(
            one.handle, directory.teams(one.id) or (), directory.skills(one.id), int(one.more.get("capacity", 0)),
            directory.manager(one.id), directory.links(one.id).accounts,
        )
        for one in sorted(people, key=lambda one: one.handle)
    }  # fmt: skip
    return Crew(members, bindings(unit, at, place))
