"""A random crowd of people who come, go, stand in for one another, and are sometimes the same human being twice.

It answers what the engine may ask about people, and keeps what was asked, as the runner does for its records. The questions
of the properties (who is which human being, who can be reached at all) are answered from the same tables by other code.
"""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.directory import Answers, Candidate, Links, Mandate
from tests.engine.kit import ANA, PEOPLE
from tests.properties.drafts import ROLES, SKILLS

FAY, GUS, HAL = (f"p_{name:a<12}" for name in ("fay", "gus", "hal"))
EVERYBODY = (*PEOPLE, FAY, GUS, HAL)
TEAMS = ("desk", "studio")


@dataclass(slots=True)
class Crowd:
    """Who there is, what they can do, and who stands in for whom.

    Attributes:
        inactive: people who have left.
        member: person to teams.
        skilled: person to skills.
        human: second account to the first one of the same human being.
        deputy: whoever is away to whoever stands in for them.
        given: (giver, role, receiver) of roles that were handed on for a time.
        manager: person to whoever leads them.
        capacity: person to how many tasks they are to have at most.
    """

    inactive: set[str] = field(default_factory=set)
    member: dict[str, tuple[str, ...]] = field(default_factory=dict)
    skilled: dict[str, tuple[str, ...]] = field(default_factory=dict)
    human: dict[str, str] = field(default_factory=dict)
    deputy: dict[str, str] = field(default_factory=dict)
    given: list[tuple[str, str, str]] = field(default_factory=list)
    manager: dict[str, str] = field(default_factory=dict)
    capacity: dict[str, int] = field(default_factory=dict)

    @classmethod
    def drawn(cls, rng: random.Random) -> "Crowd":
        """A random crowd; Ana, who leads, is always there."""
        made = cls()
        others = [person for person in EVERYBODY if person != ANA]
        for person in EVERYBODY:
            made.member[person] = tuple(rng.sample(TEAMS, rng.choice((0, 0, 1, 2))))
            made.skilled[person] = tuple(rng.sample(SKILLS, rng.choice((0, 1, 2))))
            if rng.random() < 0.5:
                made.manager[person] = rng.choice(EVERYBODY)
            if rng.random() < 0.3:
                made.capacity[person] = rng.choice((1, 2, 3))
        if rng.random() < 0.7:
            first, second = rng.sample(others, 2)
            made.human[second] = first
        for _ in range(rng.choice((0, 1, 2, 3))):
            made.stir(rng)
        return made

    def stir(self, rng: random.Random) -> str:
        """Somebody goes away, comes back, leaves, or hands a role on; gives what happened, in words."""
        others = [person for person in EVERYBODY if person != ANA]
        kind = rng.choice(("away", "away", "back", "leave", "return", "give", "take back"))
        person = rng.choice(others)
        if kind == "away":
            self.deputy[person] = rng.choice([other for other in EVERYBODY if other != person])
        elif kind == "back":
            self.deputy.pop(person, None)
        elif kind == "leave" and len(self.inactive) < 2:
            self.inactive.add(person)
        elif kind == "return":
            self.inactive.discard(person)
        elif kind == "give":
            self.given.append((person, rng.choice(("lead", *ROLES)), rng.choice([other for other in EVERYBODY if other != person])))
        else:
            self.given = self.given[1:]
        return f"{kind} {person}"

    @property
    def active(self) -> list[str]:
        """Everybody who has not left."""
        return [person for person in EVERYBODY if person not in self.inactive]

    def humans(self, people: Iterable[str]) -> frozenset[str]:
        """The human beings behind accounts."""
        return frozenset(self.human.get(person, person) for person in people)


class Asked:
    """What a crowd answers at one instant, with everything that was asked.

    Attributes:
        at: the instant.
        asked: the answers, as a record keeps them.

    Args:
        crowd: the people.
        at: as the attribute.
        loads: person to open tasks in all runs.
        turns: place and person to the last turn.
    """

    __slots__ = ("_crowd", "_links", "_loads", "_turns", "asked", "at")

    def __init__(
        self, crowd: Crowd, at: str, loads: Mapping[str, int] | None = None, turns: Mapping[tuple[str, str], int] | None = None
    ) -> None:
        self._crowd = crowd
        self._loads = loads or {}
        self._turns = turns or {}
        self._links: dict[str, Links] = {}
        self.at = at
        self.asked = Answers()

    def teams(self, person: str) -> tuple[str, ...] | None:
        """Teams of *person*; None if there is no such active person."""
        known = person in self._crowd.member and person not in self._crowd.inactive
        self.asked.people[person] = self._crowd.member[person] if known else None
        return self.asked.people[person]

    def links(self, person: str) -> Links:
        """Other accounts of *person*, and in whose place they may act."""
        if person not in self._links:
            human = self._crowd.human.get(person, person)
            others = tuple(sorted(p for p in EVERYBODY if p != person and self._crowd.human.get(p, p) == human))
            active = person not in self._crowd.inactive
            self._links[person] = Links(others, tuple(self._mandates(person, (), {person})) if active else ())
        self.asked.links[person] = self._links[person]
        return self.asked.links[person]

    def _mandates(self, person: str, through: tuple[str, ...], seen: set[str]) -> list[Mandate]:
        found = [
            Mandate((giver, *through), role, self._crowd.member[giver])
            for giver, role, receiver in self._crowd.given
            if receiver == person and giver not in seen and giver not in self._crowd.inactive
        ]
        for away, deputy in sorted(self._crowd.deputy.items()):
            if deputy == person and away not in seen and away not in self._crowd.inactive:
                found.append(Mandate((away, *through), "", self._crowd.member[away]))
                found += self._mandates(away, (away, *through), {*seen, away})
        return found

    def refers(self, run: str, sop: str, _reader: str) -> bool:
        """Every other run: those with an even number are of the SOP that was asked for and may be read by everybody."""
        if int(run.rpartition("-")[2].partition(".")[0]) % 2:
            return False
        self.asked.runs[run] = sop or "any"
        return True

    def duties(self, person: str) -> tuple[str, ...]:
        """Nothing: no duty in the organisation matters to a run."""
        self.asked.duties[person] = ()
        return ()

    def skills(self, person: str) -> tuple[str, ...]:
        """What *person* can do."""
        self.asked.skills[person] = self._crowd.skilled.get(person, ()) if person not in self._crowd.inactive else ()
        return self.asked.skills[person]

    def manager(self, person: str) -> str:
        """Who leads *person*."""
        self.asked.managers[person] = self._crowd.manager.get(person, "")
        return self.asked.managers[person]

    def candidates(self, place: str, holders: tuple[str, ...]) -> Iterable[Candidate]:
        """Every active person among *holders*; with what allocation asks, where there is a *place*."""
        people = dict.fromkeys(one for holder in holders for one in self._behind(holder))
        active = [person for person in people if person in self._crowd.member and person not in self._crowd.inactive]
        if not place:
            return [Candidate(person) for person in active]
        answer = tuple(
            Candidate(
                person, self._loads.get(person, 0), self._turns.get((place, person), 0), self._crowd.capacity.get(person, 0),
                person in self._crowd.deputy,
            )
            for person in active
        )  # fmt: skip
        self.asked.candidates[place] = answer
        return answer

    def _behind(self, holder: str) -> list[str]:
        kind, _, name = holder.partition(":")
        return [name] if kind == "person" else [person for person, teams in self._crowd.member.items() if name in teams]

    def chance(self) -> int:
        """The same number within a decision."""
        if self.asked.seed is None:
            self.asked.seed = sum(map(ord, self.at))
        return self.asked.seed
