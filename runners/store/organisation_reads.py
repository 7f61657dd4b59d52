"""What is read of the organisation, and written to it. Small tables: whole lists are read at once."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from runners.store.database import Statement, Unit
from runners.store.organisation_records import Absence, Delegation, OrgUnit

ORG = "ORG"
"""What the history of the directory is called; no run can be called so."""


class Head(NamedTuple):
    """Where the history of the directory stands."""

    seq: int
    head: bytes
    at: str


def units(unit: Unit) -> list[OrgUnit]:
    """Every brand or department."""
    return [OrgUnit(*row) for row in unit.all("units_all")]


def absences(unit: Unit) -> list[Absence]:
    """Every absence, past ones included."""
    return [Absence(*row) for row in unit.all("absences_all")]


def away_for(unit: Unit, deputy: str, now: str) -> list[Absence]:
    """The absences in which *deputy* stands in now."""
    return sorted(Absence(*row) for row in unit.all("absences_for", deputy=deputy, now=now))


def away(unit: Unit, person: str, now: str) -> list[Absence]:
    """The absences of *person* now."""
    return [Absence(*row) for row in unit.all("absences_of", person=person, now=now)]


def delegations(unit: Unit) -> list[Delegation]:
    """Every delegated role, past ones included."""
    return [Delegation(*row) for row in unit.all("delegations_all")]


def delegated_to(unit: Unit, receiver: str, now: str) -> list[Delegation]:
    """The roles that *receiver* holds for others now."""
    return sorted(Delegation(*row) for row in unit.all("delegations_to", receiver=receiver, now=now))


def appointed(unit: Unit) -> frozenset[str]:
    """The roles in the organisation that somebody active has."""
    return frozenset(duty for (more,) in unit.all("people_like", part='%"duties"%') for duty in json.loads(more).get("duties", ()))


def accounts(unit: Unit, human: str) -> list[str]:
    """The further accounts of the human being whose first account is *human*."""
    return sorted(row[0] for row in unit.all("accounts_of_human", human=human))


def turns(unit: Unit, place: str) -> dict[str, int]:
    """Person to the turn in which they were last given a task at *place* (``sop/step``)."""
    return dict(unit.all("turns_of_place", place=place))


def load(unit: Unit, person: str) -> int:
    """How many open tasks *person* has."""
    return int(unit.all("load_of_person", owner=person)[0][0])


def head(unit: Unit) -> Head | None:
    """Where the history of the directory stands; None before its first record."""
    row = unit.one("org_now", id=ORG)
    return None if row is None else Head(int(row[1]), bytes(row[2]), row[3])


def save(
    unit: Unit, *, units: Sequence[OrgUnit] = (), absences: Sequence[Absence] = (), delegations: Sequence[Delegation] = (),
    linked: Sequence[str] = (),
) -> None:  # fmt: skip
    """Adds or replaces lines of the organisation; *linked* are people about whom more is to be asked from now on."""
    unit.batch(
        [
            Statement("unit_upsert", [one._asdict() for one in units]),
            Statement("absence_upsert", [one._asdict() for one in absences]),
            Statement("delegation_upsert", [one._asdict() for one in delegations]),
            Statement("person_linked", [{"id": person} for person in linked]),
        ]
    )


def append(unit: Unit, seq: int, record: bytes, digest: bytes, at: str) -> None:
    """Adds a record to the history of the directory. Raises Conflict if somebody was first."""
    unit.batch(
        [
            Statement("history_insert", [{"run": ORG, "seq": seq, "record": record, "hash": digest}]),
            Statement("org_upsert", [{"id": ORG, "seq": seq, "head": digest, "at": at}]),
        ]
    )


def keep_request(unit: Unit, key: str, digest: str, seq: int, at: str) -> None:
    """Keeps which record of the directory's history answered a command. Raises Conflict if the key is taken."""
    unit.batch([Statement("request_insert", [{"key": key, "digest": digest, "run": ORG, "seq": seq, "at": at}])])
