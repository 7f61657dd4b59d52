"""A file of people: who there is, in which teams and units, with which roles, skills and room. Read, checked, not yet taken in."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from engine import limits
from engine.names import ID_PATTERN
from engine.problems import Problem
from engine.text import hostile
from runners.binding import MODELS
from runners.messages import meant
from runners.people import ME
from runners.tongue import marked, spoken

CODE: Final = "SOP-P01"
"""The code of everything that can be wrong with a file of people."""

DUTIES: Final = ("administrator", "auditor", "publisher", "lead")
"""What somebody can be in the organisation, beside what they are in a run."""
CAPACITY: Final = 10_000

_PERSON_KEYS: Final = (
    "name", "email", "roles", "active", "skills", "capacity", "unit", "manager", "alias_of", "organisation",
)  # fmt: skip
_TEAM_KEYS: Final = ("name", "members", "roles", "lead", "unit")
_UNIT_KEYS: Final = ("name", "parent", "lead", "model")
_POST_KEYS: Final = ("role", "unit", "from", "until")
_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")
_DAY: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")

_NO_UNIT: Final = marked("{name} is none of the units of this file")
_NO_OTHER_UNIT: Final = marked("{name} is none of the other units of this file")
_NOBODY: Final = marked("{name} is none of the people of this file")
_NOT_OTHER: Final = marked("{name} is none of the other people of this file")
_NO_MODEL: Final = marked("{name} is none of the ways to organise a team of this file")

Path = tuple[str | int, ...]
Post = tuple[str, str, str, str]
"""Role, unit (empty: everywhere), and from when until when (empty: always)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A person as a file gives them; people are handles. ``roles`` are held everywhere and for good, ``posts`` are not."""

    handle: str
    name: str
    email: str | None = None
    roles: tuple[str, ...] = ()
    active: bool = True
    posts: tuple[Post, ...] = ()
    skills: tuple[str, ...] = ()
    capacity: int = 0
    unit: str = ""
    manager: str = ""
    alias_of: str = ""
    duties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TeamEntry:
    """A team as a file gives it."""

    name: str
    members: tuple[str, ...] = ()
    posts: tuple[Post, ...] = ()
    lead: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """A brand or department as a file gives it."""

    name: str
    parent: str = ""
    lead: str = ""
    model: str = "hybrid"


@dataclass(frozen=True, slots=True)
class Roster:
    """People, teams and units as a file gives them, by id."""

    people: tuple[Entry, ...] = ()
    teams: Mapping[str, TeamEntry] = field(default_factory=dict)
    units: Mapping[str, UnitEntry] = field(default_factory=dict)


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
        whole = self._mapping(document, (), ("people", "teams", "units"))
        people = self._mapping(whole.get("people", {}), ("people",), None)
        teams = self._mapping(whole.get("teams", {}), ("teams",), None)
        units = self._mapping(whole.get("units", {}), ("units",), None)
        self._people, self._units = list(people), list(units)
        self.roster = Roster(
            tuple(self._person(handle, body) for handle, body in people.items()),
            {team: self._team(team, body) for team, body in teams.items()},
            {unit: self._unit(unit, body) for unit, body in units.items()},
        )
        by_handle = {entry.handle: entry for entry in self.roster.people}
        self._circles(
            {h: e.alias_of for h, e in by_handle.items()}, "people", "alias_of", marked("{name} is another account of themselves")
        )
        self._circles(
            {h: e.manager for h, e in by_handle.items()}, "people", "manager", marked("{name} leads themselves, over others")
        )
        self._circles(
            {u: e.parent for u, e in self.roster.units.items()}, "units", "parent", marked("{name} belongs to itself, over others")
        )

    def _wrong(self, message: str, path: Path, hint: str = "") -> None:
        self.problems.append(Problem(CODE, message, path, hint=hint))

    def _mapping(self, value: object, path: Path, keys: Sequence[str] | None) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            self._wrong(spoken("a mapping is expected here"), path)
            return {}
        for key in value:
            if keys is not None and key not in keys:
                self._wrong(spoken("unknown key {key}", key=key), (*path, key), meant(key, keys))
        return value

    def _id(self, name: str, path: Path) -> None:
        if not re.fullmatch(ID_PATTERN, name):
            self._wrong(spoken("{name} is no id: small letters, digits and _, beginning with a letter", name=name), path)

    def _line(self, value: object, path: Path) -> str:
        if not isinstance(value, str) or (bad := bad_name(value)):
            self._wrong(bad if isinstance(value, str) else spoken("a text is expected here"), path)
            return ""
        return value.strip()

    def _list(self, value: object, path: Path) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._wrong(spoken("a list of ids is expected here"), path)
            return ()
        for number, item in enumerate(value):
            self._id(item, (*path, number))
        return tuple(value)

    def _one_of(self, body: Mapping[str, Any], key: str, path: Path, known: Sequence[str], wrong: str) -> str:
        """The id under *key*, which must be one of *known*, else *wrong* is said of it; empty if it is not there."""
        value = body.get(key, "")
        if value == "":
            return ""
        if not isinstance(value, str) or value not in known:
            self._wrong(spoken(wrong, name=value), (*path, key), meant(str(value), sorted(known)))
            return ""
        return value

    def _posts(self, value: object, path: Path) -> tuple[tuple[str, ...], tuple[Post, ...]]:
        """Roles held for good, and those that are held in one unit or for a time."""
        if not isinstance(value, list):
            self._wrong(spoken("a list of roles is expected here"), path)
            return (), ()
        always, posts = [], []
        for number, item in enumerate(value):
            where = (*path, number)
            if isinstance(item, str):
                self._id(item, where)
                always.append(item)
                continue
            body = self._mapping(item, where, _POST_KEYS)
            role = str(body.get("role", ""))
            self._id(role, (*where, "role") if "role" in body else where)
            since, until = (self._day(body, key, where) for key in ("from", "until"))
            if since and until and until <= since:
                self._wrong(spoken("it ends before it begins"), (*where, "until"))
            posts.append(
                (
                    role,
                    self._one_of(body, "unit", where, self._units, _NO_UNIT),
                    since,
                    until,
                )
            )
        return tuple(always), tuple(posts)

    def _day(self, body: Mapping[str, Any], key: str, path: Path) -> str:
        value = body.get(key, "")
        if value and (not isinstance(value, str) or not _DAY.fullmatch(value)):
            self._wrong(spoken("a day is expected here, like 2026-11-22"), (*path, key))
            return ""
        return f"{value}T00:00:00.000000Z" if value else ""

    def _person(self, handle: str, body: object) -> Entry:
        path = ("people", handle)
        self._id(handle, path)
        found = self._mapping(body, path, _PERSON_KEYS)
        email, active, capacity = found.get("email"), found.get("active", True), found.get("capacity", 0)
        if email is not None and not (isinstance(email, str) and _EMAIL.fullmatch(email) and not hostile(email)):
            self._wrong(spoken("this is no address like ana@example.org"), (*path, "email"))
        if not isinstance(active, bool):
            self._wrong(spoken("true or false is expected here"), (*path, "active"))
        if isinstance(capacity, bool) or not isinstance(capacity, int) or not 0 <= capacity <= CAPACITY:
            self._wrong(
                spoken("a number of open tasks from 0 (any) to {most} is expected here", most=CAPACITY), (*path, "capacity")
            )
        duties = self._list(found.get("organisation", []), (*path, "organisation"))
        for number, duty in enumerate(duties):
            if duty not in DUTIES:
                self._wrong(
                    spoken("{name} is nothing in an organisation", name=duty), (*path, "organisation", number), meant(duty, DUTIES)
                )
        others = [other for other in self._people if other != handle]
        roles, posts = self._posts(found.get("roles", []), (*path, "roles"))
        return Entry(
            handle, self._line(found.get("name", handle), (*path, "name")), email if isinstance(email, str) else None, roles,
            bool(active), posts, self._list(found.get("skills", []), (*path, "skills")),
            capacity if isinstance(capacity, int) else 0, self._one_of(found, "unit", path, self._units, _NO_UNIT),
            self._one_of(found, "manager", path, others, _NOT_OTHER),
            self._one_of(found, "alias_of", path, others, _NOT_OTHER), duties,
        )  # fmt: skip

    def _team(self, team: str, body: object) -> TeamEntry:
        path = ("teams", team)
        self._id(team, path)
        found = self._mapping(body, path, _TEAM_KEYS)
        members = self._list(found.get("members", []), (*path, "members"))
        for number, member in enumerate(members):
            if member not in self._people:
                hint = meant(member, sorted(self._people))
                self._wrong(spoken("{name} is none of the people of this file", name=member), (*path, "members", number), hint)
        always, posts = self._posts(found.get("roles", []), (*path, "roles"))
        return TeamEntry(
            self._line(found.get("name", team), (*path, "name")), members, (*((role, "", "", "") for role in always), *posts),
            self._one_of(found, "lead", path, self._people, _NOBODY), self._one_of(found, "unit", path, self._units, _NO_UNIT),
        )  # fmt: skip

    def _unit(self, unit: str, body: object) -> UnitEntry:
        path = ("units", unit)
        self._id(unit, path)
        found = self._mapping(body, path, _UNIT_KEYS)
        others = [other for other in self._units if other != unit]
        return UnitEntry(
            self._line(found.get("name", unit), (*path, "name")), self._one_of(found, "parent", path, others, _NO_OTHER_UNIT),
            self._one_of(found, "lead", path, self._people, _NOBODY),
            self._one_of(found, "model", path, MODELS, _NO_MODEL) or "hybrid",
        )  # fmt: skip

    def _circles(self, above: Mapping[str, str], group: str, key: str, what: str) -> None:
        for name in above:
            if _circular(name, above.get):
                self._wrong(spoken(what, name=name), (group, name, key))


def _circular(name: str, above: Callable[[str, str], str]) -> bool:
    seen = {name}
    current = above(name, "")
    while current and current not in seen:
        seen.add(current)
        current = above(current, "")
    return current == name


def bad_name(name: str) -> str:
    """Why *name* cannot be shown as somebody's name; empty if it can."""
    if not name.strip():
        return spoken("a name is empty")
    if len(name) > limits.NAME_CHARACTERS:
        return spoken("a name has more than {most} characters", most=limits.NAME_CHARACTERS)
    return spoken("a name holds the control character {character}", character=f"U+{ord(bad):04X}") if (bad := hostile(name)) else ""


def problems_of(entry: Entry) -> Iterator[str]:
    """Why *entry*, given on a command line, cannot be taken in."""
    for name in (entry.handle, *entry.roles, *entry.skills):
        if not re.fullmatch(ID_PATTERN, name) or name == ME:
            yield spoken("{name} is no id: small letters, digits and _, beginning with a letter", name=name)
    if bad := bad_name(entry.name):
        yield bad
    if entry.email is not None and (not _EMAIL.fullmatch(entry.email) or hostile(entry.email)):
        yield spoken("{email} is no address like ana@example.org", email=entry.email)
