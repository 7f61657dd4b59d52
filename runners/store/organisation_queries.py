"""Statements about the organisation; ``queries`` takes them in."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Table, func, literal_column, select, update

from runners.store.organisation import Absence, Delegation, Org, OrgUnit, Person, Turn
from runners.store.statements import is_, parameter, upsert
from runners.store.tables import Task


def _table(of: Any) -> Table:  # noqa: ANN401 - SQLModel gives its classes a table and does not say so
    found: Table = of.__table__
    return found


_PERSON, _TASK, _UNIT, _ABSENCE, _DELEGATION, _TURN, _ORG = (
    _table(of) for of in (Person, Task, OrgUnit, Absence, Delegation, Turn, Org)
)


def _now(of: Table) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return of.c.from_at <= parameter("now"), of.c.until_at > parameter("now")


QUERIES: Final[dict[str, Any]] = {
    "accounts_of_human": select(_PERSON.c.id).where(*is_(_PERSON, "human"), _PERSON.c.human != literal_column("''")),
    "person_linked": update(_PERSON).values(linked=literal_column("1")).where(*is_(_PERSON, "id")),
    "people_like": select(_PERSON.c.more).where(_PERSON.c.active == literal_column("1"), _PERSON.c.more.like(parameter("part"))),
    "unit_upsert": upsert(_UNIT, "id"),
    "units_all": select(_UNIT).order_by(_UNIT.c.id),
    "absence_upsert": upsert(_ABSENCE, "person", "from_at"),
    "absences_all": select(_ABSENCE).order_by(_ABSENCE.c.person, _ABSENCE.c.from_at),
    "absences_for": select(_ABSENCE).where(*is_(_ABSENCE, "deputy"), *_now(_ABSENCE)),
    "absences_of": select(_ABSENCE).where(*is_(_ABSENCE, "person"), *_now(_ABSENCE)).order_by(_ABSENCE.c.from_at),
    "delegation_upsert": upsert(_DELEGATION, "giver", "role", "receiver", "from_at"),
    "delegations_all": select(_DELEGATION).order_by(
        _DELEGATION.c.giver, _DELEGATION.c.role, _DELEGATION.c.receiver, _DELEGATION.c.from_at
    ),
    "delegations_to": select(_DELEGATION).where(*is_(_DELEGATION, "receiver"), *_now(_DELEGATION)),
    "turn_upsert": upsert(_TURN, "place", "person"),
    "turns_of_place": select(_TURN.c.person, _TURN.c.last).where(*is_(_TURN, "place")).order_by(_TURN.c.person),
    "load_of_person": select(func.count()).select_from(_TASK).where(_TASK.c.closed_at.is_(None), *is_(_TASK, "owner")),
    "org_upsert": upsert(_ORG, "id"),
    "org_now": select(_ORG).where(*is_(_ORG, "id")),
}
"""Name -> statement."""
