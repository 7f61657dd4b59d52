"""Units, absences and delegations as values."""

from typing import NamedTuple


class OrgUnit(NamedTuple):
    """A brand or department; ``lead`` is a pseudonym, ``model`` how its roles are filled."""

    id: str
    name: str
    parent: str = ""
    lead: str = ""
    model: str = "hybrid"


class Absence(NamedTuple):
    """Somebody is away from one instant until another."""

    person: str
    from_at: str
    until_at: str
    deputy: str = ""


class Delegation(NamedTuple):
    """A role that ``receiver`` holds in the place of ``giver`` from one instant until another."""

    giver: str
    role: str
    receiver: str
    from_at: str
    until_at: str
