"""What a command needs of the database, in one round trip."""

from engine.frozen import frozen
from runners.store import rows
from runners.store.database import Unit
from runners.store.records import PEOPLE, Person, Request, RunRow


@frozen
class Loaded:
    """A run and everything beside it that a decision asks for.

    Attributes:
        run: the run; None if there is none.
        answered: the command that was given under the same key before.
        values: path to canonical JSON of every value that counts now.
        person: who asks, if there is such a person.
        teams: their teams.
        people: changes whenever anybody or any team does; empty if nothing is known of that. What is asked about people
            later in this transaction is at least as new.
    """

    run: RunRow | None
    answered: Request | None
    values: dict[str, bytes]
    person: Person | None
    teams: tuple[str, ...]
    people: str


def load(unit: Unit, run: str, *, key: str = "", person: str = "", change: bool = False) -> Loaded:
    """Load *run*, the answer to *key* and what is known of *person* (a pseudonym) together.

    With *change*, in a writing transaction, others who want to change the run wait until this transaction ends.
    """
    version, found, answered, values, people, teams = unit.fetch(
        [
            ("meta_by_key", {"key": PEOPLE}),
            ("run_to_change" if change else "run_by_id", {"id": run}),
            ("request_by_key", {"key": key}),
            ("payloads_current", {"run": run}),
            ("person_by_id", {"id": person}),
            ("teams_of_person", {"person": person}),
        ]
    )
    return Loaded(
        rows.run_row(found[0]) if found else None,
        Request(*answered[0]) if answered else None,
        {path: bytes(body) for path, body in values},
        rows.person(people[0]) if people else None,
        tuple(team for (team,) in teams),
        str(version[0][0]) if version else "",
    )
