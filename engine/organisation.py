"""The directory's own history: who held what when, who published and retired a version, who let a schedule rest.

Its events are whole facts, and the fold keeps the latest of each. Nothing personal stands in it: people are pseudonyms, and
names and addresses are kept where they can be erased.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from engine.values import Value

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "PersonSet": ("person",),
    "TeamSet": ("team",),
    "UnitSet": ("unit",),
    "AbsenceSet": ("person", "from"),
    "RoleDelegated": ("giver", "role", "receiver", "from"),
    "VersionPublished": ("fingerprint",),
    "VersionRetired": ("fingerprint",),
    "ScheduleSet": ("sop", "id"),
}
"""Event to what tells one fact of its kind from another."""

Facts = dict[tuple[str, ...], dict[str, Value]]


def fold(facts: Facts, events: Iterable[Mapping[str, Value]]) -> Facts:
    """*facts* after *events*. Raises KeyError for an event that is none of ours."""
    after = dict(facts)
    for event in events:
        kind = event["is"]
        key = (kind, *(event[name] for name in KEYS[kind]))
        after[key] = {name: value for name, value in event.items() if name != "is"}
    return after


def same(one: Mapping[str, Value], other: Mapping[str, Value]) -> bool:
    """Whether two facts say the same; what is empty is as if it were not there."""
    return _said(one) == _said(other)


def _said(fact: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in fact.items() if value not in ("", [], 0, None)}
