"""What is held differently after a change of the directory, in words: what is gained, what is lost, what is another."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from engine.values import Value
from runners.tongue import marked, spoken

_PEOPLE: Final = frozenset({"members", "manager", "lead", "human"})
"""Parts whose values are pseudonyms."""
_CALLED: Final = {
    "accounts": marked("accounts"), "active": marked("active"), "capacity": marked("capacity"), "deputy": marked("deputy"),
    "duties": marked("organisation"), "email": marked("email"), "from": marked("from"), "handle": marked("handle"),
    "human": marked("alias of"), "lead": marked("lead"), "manager": marked("manager"), "members": marked("members"),
    "model": marked("model"), "name": marked("name"), "parent": marked("parent"), "posts": marked("posts"),
    "roles": marked("roles"), "skills": marked("skills"), "unit": marked("unit"), "until": marked("until"),
}  # fmt: skip
"""What a part of a fact is called; another one by its own name."""
_LOST: Final = "-"


def told(before: Mapping[str, Value], now: Mapping[str, Value], handles: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each part that differs, with its words: ``roles +legal -manager``, ``unit cn → de``.

    Args:
        before: the fact as it was; empty for what is new.
        now: the fact as it is.
        handles: pseudonym to handle.
    """
    for part in sorted({*before, *now}):
        old, new = before.get(part), now.get(part)
        if old != new:
            yield part, _part(part, old, new, handles)


def _part(part: str, old: Value, new: Value, handles: Mapping[str, str]) -> str:
    if part == "gone":
        return spoken("inactive") if new else spoken("active again")
    called = spoken(_CALLED.get(part, part))
    if isinstance(old, list) or isinstance(new, list):
        had, has = ([_one(part, one, handles) for one in value or ()] for value in (old, new))
        changes = [f"+{one}" for one in has if one not in had] + [f"{_LOST}{one}" for one in had if one not in has]
        return spoken("{what} {value}", what=called, value=" ".join(changes) or spoken("in another order"))
    was, is_ = (_one(part, value, handles) if value else spoken("nothing") for value in (old, new))
    if old:
        return spoken("{what} {before} → {after}", what=called, before=was, after=is_)
    return spoken("{what} {value}", what=called, value=is_)


def _one(part: str, value: Any, handles: Mapping[str, str]) -> str:  # noqa: ANN401 - a part of a fact
    if part == "posts":
        return post(value)
    return handles.get(value, value) if part in _PEOPLE else str(value)


def post(found: Sequence[str]) -> str:
    """A role that is held in one unit or for a time."""
    role, unit, since, until = found
    held = f"{role}@{unit}" if unit else role
    if since and until:
        return spoken("{role} from {since} until {until}", role=held, since=since[:10], until=until[:10])
    if since:
        return spoken("{role} from {since}", role=held, since=since[:10])
    return spoken("{role} until {until}", role=held, until=until[:10]) if until else held
