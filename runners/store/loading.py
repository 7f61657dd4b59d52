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
        person: who asks, if there is such a person.
        teams: their teams.
        people: changes whenever anybody or any team does; empty if nothing is known of that. What is asked about people
            later in this transaction is at least as new.
    """

    run: RunRow | None
    answered: Request | None
    person: Person | None
    teams: tuple[str, ...]
    people: str


def load(unit: Unit, run: str, *, key: str = "", person: str = "", change: bool = False) -> Loaded:
    """Load *run*, the answer to *key* and what is known of *person* (a pseudonym) together.

    With *change*, in a writing transaction, others who want to change the run wait until this transaction ends.
    """
    version, found, answered, people, teams = unit.fetch(
        [
            ("meta_by_key", {"key": PEOPLE}),
            ("run_to_change" if change else "run_by_id", {"id": run}),
            ("request_by_key", {"key": key}),
            ("person_by_id", {"id": person}),
            ("teams_of_person", {"person": person}),
        ]
    )
    return Loaded(
        rows.run_row(found[0]) if found else None,
        Request(*answered[0]) if answered else None,
        rows.person(people[0]) if people else None,
        tuple(team for (team,) in teams),
        str(version[0][0]) if version else "",
    )


def current_values(unit: Unit, run: str, scope: str = "") -> dict[str, bytes]:
    """Path to canonical JSON of the values of *run* that count now: its own, or those of one item of a for-each.

    Args:
        unit: the transaction.
        run: the run.
        scope: prefix of the item's paths, ``"17/"``; empty for what belongs to no item.
    """
    # Paths of items begin with a digit, all others with a letter; ":" is the character behind "9", "0" the one behind "/".
    first, beyond = (scope, f"{scope[:-1]}0") if scope else (":", "{")
    return {path: bytes(body) for path, body in unit.all("payloads_of_scope", run=run, first=first, beyond=beyond)}
