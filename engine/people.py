"""Who may do what: roles, bindings, and never the same person.

Every check of a person's right to a task goes through :func:`unfit`; assigning, claiming and acting ask the same question.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Protocol

from engine.names import ID_PATTERN
from engine.procedure import Procedure
from engine.refusals import Code, Reason
from engine.state import State, Task, Token

_ID: Final = re.compile(ID_PATTERN)
SYSTEM: Final = "system"
"""The actor of what nobody does: timers, and runs that return to their parent."""


class Directory(Protocol):
    """What the engine asks about people. The runner keeps what was asked and answered in the record."""

    def teams(self, person: str) -> tuple[str, ...] | None:
        """Teams of *person*; None if there is no such active person."""


class Recorded:
    """A directory of given answers, for tests, scenarios and re-deciding."""

    __slots__ = ("_teams",)

    def __init__(self, teams: Mapping[str, Iterable[str]]) -> None:
        self._teams = {person: tuple(found) for person, found in teams.items()}

    def teams(self, person: str) -> tuple[str, ...] | None:
        """Teams of *person*; None if there is no such active person."""
        return self._teams.get(person)


def holds(state: State, role: str, person: str, directory: Directory) -> bool:
    """Whether *person* holds *role* in this run, in person or through a team."""
    holders = state.roles.get(role, ())
    if f"person:{person}" in holders:
        return True
    teams = [holder for holder in holders if holder.startswith("team:")]
    return bool(teams) and any(f"team:{team}" in teams for team in directory.teams(person) or ())


def sole_holder(state: State, role: str) -> str:
    """The person who alone holds *role*, or empty."""
    holders = state.roles.get(role, ())
    return holders[0].removeprefix("person:") if len(holders) == 1 and holders[0].startswith("person:") else ""


def leads(procedure: Procedure, state: State, person: str, directory: Directory) -> bool:
    """Whether *person* leads this run: its lead, whoever holds the owner role, or the system that follows a rule."""
    return person in {state.lead, SYSTEM} or holds(state, procedure.owner, person, directory)


def not_leading(procedure: Procedure, state: State, person: str, directory: Directory) -> tuple[Reason, ...]:
    """Why *person* may not do what only the lead may; nothing if they may."""
    if person != SYSTEM and directory.teams(person) is None:
        return (Reason(Code.INACTIVE, {"person": person}),)
    return () if leads(procedure, state, person, directory) else (Reason(Code.NOT_LEAD, {"lead": state.lead}),)


def unknown_holders(roles: Mapping[str, Iterable[str]], known: Iterable[str], directory: Directory) -> Iterator[Reason]:
    """Why nobody can be given *roles*: a role that is not *known*, a holder who is no active person and no team."""
    known = tuple(known)
    for role in roles:
        if role not in known:
            yield Reason(Code.ROLE_UNKNOWN, {"role": role, "known": known})
    for holder in sorted({holder for holders in roles.values() for holder in holders}):
        kind, _, name = holder.partition(":")
        if kind == "person":
            if directory.teams(name) is None:
                yield Reason(Code.NO_PERSON, {"person": name})
        elif kind != "team" or not _ID.fullmatch(name):
            yield Reason(Code.NO_TEAM, {"team": holder})


def involved(procedure: Procedure, state: State, person: str, directory: Directory) -> bool:
    """Whether *person* has any part in this run."""
    return leads(procedure, state, person, directory) or any(holds(state, role, person, directory) for role in state.roles)


def separation(procedure: Procedure, state: State, step: str, person: str) -> Iterator[Reason]:
    """Why *person* is kept from *step* by what they did, or hold open, anywhere in the run."""
    for other in sorted(procedure.separated(step)):
        did = person in state.actors.get(other, ())
        has = any(task.owner == person for task in state.tasks.values() if task.step == other)
        if did or has:
            yield Reason(Code.SEPARATED, {"step": step, "other": other, "did": "did" if did else "has"})


def doers(procedure: Procedure, state: State, task: Task, step: str) -> tuple[str, ...]:
    """Who did *step*, in order of the latest act, as *task* sees it: inside a for-each it is the step of the same item."""
    body = procedure.body(step)
    token: Token | None = state.tokens[task.token] if body else None
    while token is not None:
        if token.key and token.step == body:
            return state.actors.get(f"{token.id}/{step}", ())
        token = state.tokens[token.parent] if token.parent is not None else None
    return state.actors.get(step, ())


def _own_work(procedure: Procedure, state: State, task: Task, person: str) -> Iterator[Reason]:
    for other in sorted(procedure.approves(task.step) - procedure.separated(task.step)):
        if person in doers(procedure, state, task, other):
            yield Reason(Code.OWN_WORK, {"step": task.step, "other": other})


def unfit(procedure: Procedure, state: State, task: Task, person: str, directory: Directory) -> tuple[Reason, ...]:
    """Every reason why *person* may not do *task*; nothing if they may.

    Asked when a task is assigned, when it is claimed and when it is acted on.
    """
    if directory.teams(person) is None:
        return (Reason(Code.INACTIVE, {"person": person}),)
    reasons = []
    if not any(holds(state, role, person, directory) for role in (task.role, *task.also)):
        reasons.append(Reason(Code.NOT_IN_ROLE, {"person": person, "role": task.role, "step": task.address}))
    reasons += separation(procedure, state, task.step, person)
    reasons += _own_work(procedure, state, task, person)
    same = procedure.steps[task.step].doc.get("same_as")
    if same and doers(procedure, state, task, same)[-1:] not in ((), (person,)):
        reasons.append(Reason(Code.SAME_AS, {"step": task.address, "other": same}))
    if any(vote.person == person for vote in task.votes):
        reasons.append(Reason(Code.ALREADY_VOTED, {"step": task.address}))
    return tuple(reasons)
