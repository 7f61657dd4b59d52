"""What the engine may ask about people, and the answers as values.

The runner answers from its database and keeps what was asked and answered in the record, so that an auditor who decides a
command again gets the same answers. What is empty is not kept: a recorded directory gives it for whatever it does not know.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol

from engine.values import Value


class Mandate(NamedTuple):
    """In whose place somebody may act now, because of an absence or a delegated role.

    Attributes:
        chain: whose right it is, then those through whom it came: ``(ben, cleo)`` when Cleo was Ben's deputy and is away too.
        role: only as holder of this role; of any role if empty.
        teams: of the first in the chain.
    """

    chain: tuple[str, ...]
    role: str = ""
    teams: tuple[str, ...] = ()


class Links(NamedTuple):
    """Who else stands behind an account.

    Attributes:
        accounts: other accounts of the same human being.
        mandates: in whose place they may act now.
    """

    accounts: tuple[str, ...] = ()
    mandates: tuple[Mandate, ...] = ()


class Candidate(NamedTuple):
    """Somebody a task may be given to.

    Attributes:
        load: how many open tasks they have, over all runs.
        last: the turn in which they were last given a task of this step by a rule; 0 for never.
        capacity: how many open tasks they are to have at most; 0 for any number.
        away: they are absent now.
    """

    person: str
    load: int = 0
    last: int = 0
    capacity: int = 0
    away: bool = False


class Directory(Protocol):
    """What the engine asks about people, as it stands at one instant."""

    @property
    def at(self) -> str:
        """The instant of the answers, RFC 3339 in UTC."""

    def teams(self, person: str) -> tuple[str, ...] | None:
        """Teams of *person*; None if there is no such active person."""

    def links(self, person: str) -> Links:
        """Other accounts of *person*, and in whose place they may act."""

    def duties(self, person: str) -> tuple[str, ...]:
        """What *person* is in the organisation: ``administrator``, ``auditor``, ``publisher``, ``lead``."""

    def skills(self, person: str) -> tuple[str, ...]:
        """What *person* can do."""

    def manager(self, person: str) -> str:
        """Who leads *person*: their manager, or who leads their unit; empty for nobody."""

    def candidates(self, place: str, holders: tuple[str, ...]) -> Iterable[Candidate]:
        """Every active person among *holders*, team members included, with what allocation asks about them.

        Args:
            place: ``sop/step``; turns are counted for each place. If empty only who they are is asked, one after the other.
            holders: ``person:…`` and ``team:…``.
        """

    def chance(self) -> int:
        """A number that nobody could foresee; the same one each time within a decision."""

    def refers(self, run: str, sop: str, reader: str) -> bool:
        """Whether there is a *run*, of this *sop* (of any if empty), that *reader* may read; without a reader, at all."""


class Answers:
    """What a directory was asked and answered in one decision.

    Attributes:
        people: pseudonym to teams; None for nobody active.
        runs: run to its SOP, of those that there are and whoever acts may read.
    """

    __slots__ = ("candidates", "duties", "links", "managers", "people", "runs", "seed", "skills")

    def __init__(self) -> None:
        self.people: dict[str, tuple[str, ...] | None] = {}
        self.links: dict[str, Links] = {}
        self.duties: dict[str, tuple[str, ...]] = {}
        self.skills: dict[str, tuple[str, ...]] = {}
        self.managers: dict[str, str] = {}
        self.candidates: dict[str, tuple[Candidate, ...]] = {}
        self.runs: dict[str, str] = {}
        self.seed: int | None = None

    def clear(self) -> None:
        """Forget everything."""
        self.__init__()  # type: ignore[misc] # the one way to be as new

    def copy(self) -> "Answers":
        """The same answers, apart."""
        return Answers.of(self.plain())

    def plain(self) -> dict[str, Value]:
        """As the record keeps it: a part of its context."""
        found: dict[str, Value] = {}
        if people := {p: list(teams) for p, teams in self.people.items() if teams is not None}:  # a stranger may be no name of ours
            found["people"] = people
        if links := {p: _links(one) for p, one in self.links.items() if any(one)}:
            found["links"] = links
        for name, lists in (("duties", self.duties), ("skills", self.skills)):
            if kept := {p: list(several) for p, several in lists.items() if several}:
                found[name] = kept
        if managers := {p: one for p, one in self.managers.items() if one}:
            found["managers"] = managers
        if self.candidates:
            found["candidates"] = {place: [list(c) for c in several] for place, several in self.candidates.items()}
        if self.runs:
            found["runs"] = dict(self.runs)
        if self.seed is not None:
            found["seed"] = self.seed
        return found

    @classmethod
    def of(cls, plain: Mapping[str, Value]) -> "Answers":
        """The answers that ``plain`` gave."""
        made = cls()
        made.people = {p: tuple(teams) if teams is not None else None for p, teams in plain.get("people", {}).items()}
        made.links = {
            p: Links(tuple(accounts), tuple(Mandate(tuple(chain), role, tuple(teams)) for chain, role, teams in mandates))
            for p, (accounts, mandates) in plain.get("links", {}).items()
        }
        made.duties = {p: tuple(several) for p, several in plain.get("duties", {}).items()}
        made.skills = {p: tuple(several) for p, several in plain.get("skills", {}).items()}
        made.managers = dict(plain.get("managers", {}))
        made.candidates = {place: tuple(Candidate(*c) for c in several) for place, several in plain.get("candidates", {}).items()}
        made.runs = dict(plain.get("runs", {}))
        made.seed = plain.get("seed")
        return made


def _links(links: Links) -> list[Value]:
    return [list(links.accounts), [[list(m.chain), m.role, list(m.teams)] for m in links.mandates]]


class Recorded:
    """A directory of given answers, for tests, scenarios and deciding again.

    Args:
        teams: person to teams, of everybody active.
        at: the instant of the answers.
        answers: everything else; what is not there is empty.
    """

    __slots__ = ("_answers", "_at", "_teams")

    def __init__(self, teams: Mapping[str, Iterable[str]], at: str = "", answers: Answers | None = None) -> None:
        self._teams = {person: tuple(found) for person, found in teams.items()}
        self._at = at
        self._answers = answers or Answers()

    @classmethod
    def of(cls, context: Mapping[str, Value], at: str) -> "Recorded":
        """What the context of a record kept."""
        answers = Answers.of(context)
        return cls({person: teams for person, teams in answers.people.items() if teams is not None}, at, answers)

    @property
    def at(self) -> str:
        """The instant of the answers."""
        return self._at

    def teams(self, person: str) -> tuple[str, ...] | None:
        """Teams of *person*; None if there is no such active person."""
        return self._teams.get(person)

    def links(self, person: str) -> Links:
        """Other accounts of *person*, and in whose place they may act."""
        return self._answers.links.get(person, _ALONE)

    def duties(self, person: str) -> tuple[str, ...]:
        """What *person* is in the organisation."""
        return self._answers.duties.get(person, ())

    def skills(self, person: str) -> tuple[str, ...]:
        """What *person* can do."""
        return self._answers.skills.get(person, ())

    def manager(self, person: str) -> str:
        """Who leads *person*."""
        return self._answers.managers.get(person, "")

    def candidates(self, place: str, holders: tuple[str, ...]) -> tuple[Candidate, ...]:
        """Those that were recorded for *place*; else the people among *holders*, with nothing to do."""
        if place in self._answers.candidates:
            return self._answers.candidates[place]
        return tuple(
            Candidate(person)
            for person, teams in self._teams.items()
            if f"person:{person}" in holders or any(f"team:{team}" in holders for team in teams)
        )

    def chance(self) -> int:
        """The recorded number."""
        return self._answers.seed or 0

    def refers(self, run: str, sop: str, _reader: str) -> bool:
        """Whether *run* was found, as one of *sop*."""
        found = self._answers.runs.get(run, "")
        return bool(found) and sop in {"", found}


_ALONE = Links()
