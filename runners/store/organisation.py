"""Tables of people and how they are organised, of turns, and where the directory's own history stands."""

from sqlalchemy import ForeignKey, Index, Integer, UniqueConstraint

from runners.store.tables import _ORDERED as ORDERED
from runners.store.tables import _STRICT as STRICT
from runners.store.tables import Stored
from runners.store.tables import _bytes as bytes_
from runners.store.tables import _check as check
from runners.store.tables import _column as column
from runners.store.tables import _number as number
from runners.store.tables import _open as open_
from runners.store.tables import _text as text


class Person(Stored, table=True):
    """Who a pseudonym is. Erasable: histories keep the pseudonym alone.

    ``more`` holds what else the directory says, as JSON. ``human`` is the first account of the same human being, empty for
    that one itself. ``linked`` is 1 for whoever has other accounts or was ever named to act for somebody: only then is more
    to be asked about them, so that ordinary people cost nothing.
    """

    __tablename__ = "sop_person"
    __table_args__ = (
        UniqueConstraint("handle"),
        open_("sop_person_human", "human", where="human <> ''"),
        check("active_bool", "active IN (0, 1)"),
        check("linked_bool", "linked IN (0, 1)"),
        STRICT,
    )
    id: str = text(key=True)
    handle: str = text()
    name: str = text()
    email: str | None = text(null=True)
    roles: str = text(default="[]")
    active: int = number()
    more: str = text(default="{}")
    human: str = text(default="")
    linked: int = column(Integer(), default="0")


class Team(Stored, table=True):
    """A named group of people. ``more`` holds roles and lead, as JSON."""

    __tablename__ = "sop_team"
    __table_args__ = (ORDERED,)
    id: str = text(key=True)
    name: str = text()
    more: str = text(default="{}")


class Member(Stored, table=True):
    """Who is in which team."""

    __tablename__ = "sop_member"
    __table_args__ = (Index("sop_member_person", "person"), ORDERED)
    team: str = text(ForeignKey("sop_team.id"), key=True)
    person: str = text(ForeignKey("sop_person.id"), key=True)


class OrgUnit(Stored, table=True):
    """A brand or department: where it belongs, who leads it, how its roles are filled."""

    __tablename__ = "sop_unit"
    __table_args__ = (check("model_known", "model IN ('centralised', 'decentralised', 'hybrid')"), ORDERED)
    id: str = text(key=True)
    name: str = text()
    parent: str = text(default="")
    lead: str = text(default="")
    model: str = text(default="hybrid")


class Absence(Stored, table=True):
    """Somebody is away from one instant until another; ``deputy`` acts in their place meanwhile."""

    __tablename__ = "sop_absence"
    __table_args__ = (Index("sop_absence_deputy", "deputy", "until_at"), ORDERED)
    person: str = text(key=True)
    from_at: str = text(key=True)
    until_at: str = text()
    deputy: str = text(default="")


class Delegation(Stored, table=True):
    """A role that somebody holds in somebody else's place for a time."""

    __tablename__ = "sop_delegation"
    __table_args__ = (Index("sop_delegation_to", "receiver", "until_at"), ORDERED)
    giver: str = text(key=True)
    role: str = text(key=True)
    receiver: str = text(key=True)
    from_at: str = text(key=True)
    until_at: str = text()


class Turn(Stored, table=True):
    """In which turn somebody was last given a task of a step by a rule: what going round goes by."""

    __tablename__ = "sop_turn"
    __table_args__ = (ORDERED,)
    place: str = text(key=True)
    person: str = text(key=True)
    last: int = number()


class Org(Stored, table=True):
    """Where the history of the directory stands: one row, as each run has one."""

    __tablename__ = "sop_org"
    __table_args__ = (check("head_length", "length(head) = 32"), STRICT)
    id: str = text(key=True)
    seq: int = number()
    head: bytes = bytes_()
    at: str = text()
