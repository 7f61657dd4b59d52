"""What the database says about people at one instant, with everything that was asked kept for the record."""

from collections.abc import Callable, Iterable, Mapping

from engine.directory import Answers, Candidate, Links, Mandate
from runners.clock import Ids
from runners.store import organisation_reads as organisation
from runners.store import reads
from runners.store.database import Unit
from runners.store.records import Person

_DEPTH = 10
"""How far a chain of deputies is followed; nobody is asked for an eleventh."""


class Remembered:
    """What a process remembers of people, for as long as nothing about anybody changes.

    Only who they are and their teams: who acts for whom depends on the instant too, and is asked each time.
    """

    __slots__ = ("_version", "people", "teams")

    def __init__(self) -> None:
        self._version = ""
        self.people: dict[str, Person | None] = {}
        self.teams: dict[str, tuple[str, ...]] = {}

    def at(self, version: str) -> "Remembered":
        """Itself, to be added to. Empty where *version* is new, or where nothing says when people change."""
        if version != self._version or not version:
            self._version, self.people, self.teams = version, {}, {}
        return self


class StoredDirectory:
    """Answers about people from the database, within one transaction, and keeps what was answered.

    Attributes:
        at: the instant of the answers.
        asked: everything that was asked, with its answer.
        begun: gives the SOP of a run that the transaction works on and may not have written yet; empty for others.

    Args:
        unit: the transaction.
        at: as the attribute.
        known: people that were read before, with their teams; None for nobody.
        ids: makes the number that allocation by lot asks for.
        remembered: what was read before, and still holds; takes in what is read now.
    """

    __slots__ = ("_ids", "_links", "_people", "_teams", "_unit", "asked", "at", "begun")

    def __init__(
        self, unit: Unit, at: str, known: Mapping[str, tuple[Person, tuple[str, ...]] | None] | None = None,
        ids: Ids | None = None, remembered: Remembered | None = None,
    ) -> None:  # fmt: skip
        self._unit = unit
        self.at = at
        self._ids = ids
        remembered = remembered or Remembered()
        self._people, self._teams = remembered.people, remembered.teams
        self._links: dict[str, Links] = {}
        self.asked = Answers()
        self.begun: Callable[[str], str] = _none
        for pseudonym, found in (known or {}).items():
            self._people[pseudonym] = found[0] if found else None
            self._teams[pseudonym] = found[1] if found else ()

    def _person(self, person: str) -> Person | None:
        """Who *person* is, if active."""
        if person not in self._people:
            self._people[person] = reads.person_by_id(self._unit, person)
        found = self._people[person]
        return found if found is not None and found.active else None

    def _teams_of(self, person: str) -> tuple[str, ...]:
        if person not in self._teams:
            self._teams[person] = tuple(reads.teams_of(self._unit, person))
        return self._teams[person]

    def teams(self, person: str) -> tuple[str, ...] | None:
        """Teams of *person*; None if there is no such active person."""
        self.asked.people[person] = self._teams_of(person) if self._person(person) else None
        return self.asked.people[person]

    def links(self, person: str) -> Links:
        """Other accounts of *person*, and in whose place they may act."""
        if person not in self._links:
            self._links[person] = self._found(person)
        self.asked.links[person] = self._links[person]
        return self._links[person]

    def _found(self, person: str) -> Links:
        if person not in self._people:
            self._people[person] = reads.person_by_id(self._unit, person)
        found = self._people[person]  # also of somebody who is gone: what they did counts
        if found is None or not (found.linked or found.human):
            return Links()
        human = found.human or found.id
        others = tuple(sorted({human, *organisation.accounts(self._unit, human)} - {person}))
        return Links(others, tuple(self._mandates(person, (), frozenset({person}))) if found.active else ())

    def _mandates(self, person: str, through: tuple[str, ...], seen: frozenset[str]) -> list[Mandate]:
        """In whose place *person* may act: for whom they are the deputy, for whom these are, and roles given to any of them.

        Whoever lends a role lends it with the right by which they hold it: in the place of somebody else, too.
        """
        found: list[Mandate] = []
        for giver, role, *_ in organisation.delegated_to(self._unit, person, self.at):
            if giver in seen or not self._person(giver):
                continue
            chain = (giver, *through)
            found.append(Mandate(chain, role, self._teams_of(giver)))
            further = self._mandates(giver, chain, seen | {giver}) if len(through) < _DEPTH else ()
            found += [Mandate(m.chain, role, m.teams) for m in further if m.role in {"", role}]
        if len(through) >= _DEPTH:
            return found
        for absence in organisation.away_for(self._unit, person, self.at):
            if absence.person in seen or not self._person(absence.person):
                continue
            chain = (absence.person, *through)
            found.append(Mandate(chain, "", self._teams_of(absence.person)))
            found += self._mandates(absence.person, chain, seen | {absence.person})
        return found

    def duties(self, person: str) -> tuple[str, ...]:
        """What *person* is in the organisation."""
        found = self._person(person)
        self.asked.duties[person] = tuple(found.more.get("duties", ())) if found else ()
        return self.asked.duties[person]

    def skills(self, person: str) -> tuple[str, ...]:
        """What *person* can do."""
        found = self._person(person)
        self.asked.skills[person] = tuple(found.more.get("skills", ())) if found else ()
        return self.asked.skills[person]

    def manager(self, person: str) -> str:
        """Who leads *person*: their manager, or the lead of their unit or of the one above it."""
        found = self._person(person)
        answer = str(found.more.get("manager", "")) if found else ""
        if found and not answer:
            units = {unit.id: unit for unit in organisation.units(self._unit)}
            unit = units.get(found.more.get("unit", ""))
            seen: set[str] = set()
            while unit is not None and unit.id not in seen and unit.lead in {"", person}:
                seen.add(unit.id)
                unit = units.get(unit.parent)
            answer = unit.lead if unit is not None and unit.id not in seen else ""
        self.asked.managers[person] = answer
        return answer

    def candidates(self, place: str, holders: tuple[str, ...]) -> Iterable[Candidate]:
        """Every active person among *holders*; without a *place*, without what only allocation asks."""
        if not place:
            return (Candidate(person) for holder in holders for person in self._behind(holder) if self._person(person))
        people = dict.fromkeys(one for holder in holders for one in self._behind(holder))
        active = [found for person in people if (found := self._person(person))]
        turns = organisation.turns(self._unit, place)
        answer = tuple(
            Candidate(
                person.id, organisation.load(self._unit, person.id), turns.get(person.id, 0), int(person.more.get("capacity", 0)),
                bool(organisation.away(self._unit, person.id, self.at)),
            )
            for person in active
        )  # fmt: skip
        self.asked.candidates[place] = answer
        return answer

    def _behind(self, holder: str) -> list[str]:
        kind, _, name = holder.partition(":")
        return [name] if kind == "person" else reads.members_of(self._unit, name)

    def chance(self) -> int:
        """A number that nobody could foresee; the same one within a decision."""
        if self.asked.seed is None:
            self.asked.seed = (self._ids or Ids()).seed()
        return self.asked.seed

    def refers(self, run: str, sop: str, reader: str) -> bool:
        """Whether there is a *run*, of this *sop* (of any if empty), that *reader* may read; without a reader, at all."""
        from runners.permissions import readable

        found = self.begun(run) or readable(self._unit, run, reader, self.at)
        if found:
            self.asked.runs[run] = found
        return bool(found) and sop in {"", found}


def _none(_run: str) -> str:
    return ""
