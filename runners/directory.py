"""Who there is: read from a YAML file or given one by one, and kept apart from histories, where it can be erased."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from engine import limits
from engine.names import ID_PATTERN
from engine.problems import Problem
from engine.text import hostile
from runners.clock import Ids
from runners.messages import meant
from runners.people import ME
from runners.store import reads
from runners.store.database import Database, Unit, transact
from runners.store.records import Person, Team
from runners.store.writes import save_person, save_team

CODE: Final = "SOP-P01"
"""The code of everything that can be wrong with a file of people."""

_PERSON_KEYS: Final = ("name", "email", "roles", "active")
_TEAM_KEYS: Final = ("name", "members")
_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A person as a file gives them."""

    handle: str
    name: str
    email: str | None = None
    roles: tuple[str, ...] = ()
    active: bool = True


@dataclass(frozen=True, slots=True)
class Roster:
    """People and teams as a file gives them; ``teams`` is id to name and handles."""

    people: tuple[Entry, ...]
    teams: Mapping[str, tuple[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Taken:
    """What taking in a roster did: handles that are new, handles that changed, ids of the teams."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    teams: tuple[str, ...]


def read_roster(text: bytes) -> tuple[Roster | None, tuple[Problem, ...]]:
    """The roster in a YAML file, or every problem with its place. Never raises for what the bytes hold."""
    from engine.parse import read_plain

    plain = read_plain(text)
    if plain.document is None or any(problem.severity == "error" for problem in plain.problems):
        return None, plain.problems
    reader = _Reader(plain.document)
    problems = tuple(plain.places.placed(reader.problems))
    return (None, problems) if problems else (reader.roster, ())


class _Reader:
    """Checks plain data; keeps what is right and notes what is not."""

    def __init__(self, document: object) -> None:
        self.problems: list[Problem] = []
        whole = self._mapping(document, (), ("people", "teams"))
        people = self._mapping(whole.get("people", {}), ("people",), None)
        entries = tuple(self._person(handle, body) for handle, body in people.items())
        teams = self._mapping(whole.get("teams", {}), ("teams",), None)
        known = {entry.handle for entry in entries}
        self.roster = Roster(entries, {team: self._team(team, body, known) for team, body in teams.items()})

    def _wrong(self, message: str, path: Path, hint: str = "") -> None:
        self.problems.append(Problem(CODE, message, path, hint=hint))

    def _mapping(self, value: object, path: Path, keys: Sequence[str] | None) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            self._wrong("a mapping is expected here", path)
            return {}
        for key in value:
            if keys is not None and key not in keys:
                self._wrong(f"unknown key {key}", (*path, key), meant(key, keys))
        return value

    def _id(self, name: str, path: Path) -> None:
        if not re.fullmatch(ID_PATTERN, name):
            self._wrong(f"{name} is no id: small letters, digits and _, beginning with a letter", path)

    def _line(self, value: object, path: Path) -> str:
        if not isinstance(value, str) or (bad := bad_name(value)):
            self._wrong(bad if isinstance(value, str) else "a text is expected here", path)
            return ""
        return value.strip()

    def _list(self, value: object, path: Path) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._wrong("a list of ids is expected here", path)
            return ()
        for number, item in enumerate(value):
            self._id(item, (*path, number))
        return tuple(value)

    def _person(self, handle: str, body: object) -> Entry:
        path = ("people", handle)
        self._id(handle, path)
        found = self._mapping(body, path, _PERSON_KEYS)
        email, active = found.get("email"), found.get("active", True)
        if email is not None and not (isinstance(email, str) and _EMAIL.fullmatch(email) and not hostile(email)):
            self._wrong("this is no address like ana@example.org", (*path, "email"))
        if not isinstance(active, bool):
            self._wrong("true or false is expected here", (*path, "active"))
        name = self._line(found.get("name", handle), (*path, "name"))
        return Entry(handle, name, email if isinstance(email, str) else None, self._list(found.get("roles", []), (*path, "roles")),
                     bool(active))  # fmt: skip

    def _team(self, team: str, body: object, known: set[str]) -> tuple[str, tuple[str, ...]]:
        path = ("teams", team)
        self._id(team, path)
        found = self._mapping(body, path, _TEAM_KEYS)
        members = self._list(found.get("members", []), (*path, "members"))
        for number, member in enumerate(members):
            if member not in known:
                self._wrong(
                    f"{member} is none of the people of this file", (*path, "members", number), meant(member, sorted(known))
                )
        return self._line(found.get("name", team), (*path, "name")), members


def bad_name(name: str) -> str:
    """Why *name* cannot be shown as somebody's name; empty if it can."""
    if not name.strip():
        return "a name is empty"
    if len(name) > limits.NAME_CHARACTERS:
        return f"a name has more than {limits.NAME_CHARACTERS} characters"
    return f"a name holds the control character U+{ord(bad):04X}" if (bad := hostile(name)) else ""


class _DryRun(Exception):  # noqa: N818 - carries an answer out of a transaction that must not be committed
    def __init__(self, answer: Taken) -> None:
        super().__init__("dry run")
        self.answer = answer


def take_in(database: Database, roster: Roster, ids: Ids, *, dry_run: bool = False) -> Taken:
    """Add the people and teams of *roster*, or replace what is known of them. Nobody is removed.

    Args:
        database: where people are.
        roster: who.
        ids: makes pseudonyms.
        dry_run: say what would happen and write nothing.

    Raises:
        StoreError: the database cannot do it now.
    """

    def work(unit: Unit) -> Taken:
        added: list[str] = []
        changed: list[str] = []
        pseudonyms: dict[str, str] = {}
        for entry in roster.people:
            before = reads.person_by_handle(unit, entry.handle)
            pseudonyms[entry.handle] = before.id if before else ids.pseudonym()
            after = Person(pseudonyms[entry.handle], entry.handle, entry.name, entry.email, entry.roles, entry.active)
            if before != after:
                save_person(unit, after)
                (changed if before else added).append(entry.handle)
        for team, (name, members) in roster.teams.items():
            save_team(unit, Team(team, name), [pseudonyms[member] for member in members])
        taken = Taken(tuple(added), tuple(changed), tuple(roster.teams))
        if dry_run:
            raise _DryRun(taken)
        return taken

    try:
        return transact(database, work)
    except _DryRun as dry:
        return dry.answer


def problems_of(entry: Entry) -> Iterator[str]:
    """Why *entry*, given on a command line, cannot be taken in."""
    for name in (entry.handle, *entry.roles):
        if not re.fullmatch(ID_PATTERN, name) or name == ME:
            yield f"{name} is no id: small letters, digits and _, beginning with a letter"
    if bad := bad_name(entry.name):
        yield bad
    if entry.email is not None and (not _EMAIL.fullmatch(entry.email) or hostile(entry.email)):
        yield f"{entry.email} is no address like ana@example.org"
