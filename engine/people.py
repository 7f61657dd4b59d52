"""Who may do what: roles, bindings, acting for others, and never the same person.

Every check of a person's right to a task goes through :func:`unfit`; assigning, delegating, claiming and acting ask the same
question. Separation of duties is decided in :func:`separation` and nowhere else. It compares *principals*: every account of
whoever acts and of everybody in whose place they act, against everybody who did, or has, what is to be kept apart.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from engine.directory import Directory, Recorded
from engine.names import ID_PATTERN
from engine.procedure import Procedure
from engine.refusals import Code, Reason
from engine.state import FOREVER, State, Task, Token

_ID: Final = re.compile(ID_PATTERN)
SYSTEM: Final = "system"
"""The actor of what nobody does: timers, and runs that return to their parent."""


def _has(state: State, role: str, person: str, teams: Iterable[str]) -> bool:
    holders = state.roles.get(role, ())
    return f"person:{person}" in holders or any(f"team:{team}" in holders for team in teams)


def holds_alone(state: State, role: str, person: str, directory: Directory) -> bool:
    """Whether *person* holds *role* in this run in their own right, in person or through a team."""
    holders = state.roles.get(role, ())
    if f"person:{person}" in holders:
        return True
    return any(holder.startswith("team:") for holder in holders) and _has(state, role, person, directory.teams(person) or ())


def holds(state: State, role: str, person: str, directory: Directory) -> bool:
    """Whether *person* holds *role* in this run: in person, through a team, or in the place of somebody who does."""
    if holds_alone(state, role, person, directory):
        return True
    return any(m.role in {"", role} and _has(state, role, m.chain[0], m.teams) for m in directory.links(person).mandates)


def sole_holder(state: State, role: str) -> str:
    """The person who alone holds *role*, or empty."""
    holders = state.roles.get(role, ())
    return holders[0].removeprefix("person:") if len(holders) == 1 and holders[0].startswith("person:") else ""


def leads(procedure: Procedure, state: State, person: str, directory: Directory) -> bool:
    """Whether *person* leads this run: its lead, whoever holds the owner role, their deputy, or the system that follows a rule."""
    return leading_for(procedure, state, person, directory) is not None


def leading_for(procedure: Procedure, state: State, person: str, directory: Directory) -> tuple[str, ...] | None:
    """In whose place *person* leads this run: nobody's (empty) by their own right; None if they do not lead it."""
    owner = procedure.owner
    if person in {state.lead, SYSTEM} or holds_alone(state, owner, person, directory):
        return ()
    for m in directory.links(person).mandates:
        if m.role in {"", owner} and (m.chain[0] == state.lead or _has(state, owner, m.chain[0], m.teams)):
            return m.chain
    return None


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
    if any(person in {task.owner, task.named} for task in state.tasks.values()):
        return True
    return leads(procedure, state, person, directory) or any(holds(state, role, person, directory) for role in state.roles)


def stands_in(person: str, other: str, directory: Directory) -> bool:
    """Whether *person* stands in for *other*, who is away."""
    return bool(other) and any(not m.role and m.chain[0] == other for m in directory.links(person).mandates)


def principals(person: str, on_behalf: Iterable[str], directory: Directory) -> frozenset[str]:
    """Everybody who stands behind an act: *person* and those they act for, with every account of each."""
    accounts = (person, *on_behalf)
    return frozenset(accounts).union(*(directory.links(account).accounts for account in accounts))


def separation(
    procedure: Procedure, state: State, step: str, behind: frozenset[str], task: Task | None = None, *, where: str = ""
) -> Iterator[Reason]:
    """Why those *behind* an act are kept from *step* by what one of them did, or holds open, elsewhere in the run.

    The one place where duties are kept apart. What counts is who did a step at any time: neither going back, reopening,
    skipping nor an override makes it undone; and whom a field names that keeps people out.

    Args:
        procedure: says what is to be kept apart.
        state: the run.
        step: what is to be done.
        behind: everybody who stands behind the act.
        task: which task of the step, if one is open.
        where: the step with its scope, where no task is open.
    """
    place = state.tokens[task.token].scope + step if task else where or step
    for field, person in state.kept_out.get(place, ()):
        if person in behind:
            yield Reason(Code.SEPARATED, {"step": step, "other": field, "did": "named"})
    apart = procedure.separated(step)
    for other in sorted(apart):
        did = not behind.isdisjoint(state.actors.get(other, ()))
        has = any(not behind.isdisjoint((t.owner, *t.chain)) for t in state.tasks.values() if t.step == other)
        if did or has:
            yield Reason(Code.SEPARATED, {"step": step, "other": other, "did": "did" if did else "has"})
    for other in sorted(procedure.approves(step) - apart):
        authors = doers(procedure, state, task, other) if task else state.actors.get(other, ())
        if not behind.isdisjoint(authors):
            yield Reason(Code.OWN_WORK, {"step": step, "other": other})


def doers(procedure: Procedure, state: State, task: Task, step: str) -> tuple[str, ...]:
    """Who did *step*, in order of the latest act, as *task* sees it: inside a for-each it is the step of the same item."""
    body = procedure.body(step)
    token: Token | None = state.tokens[task.token] if body else None
    while token is not None:
        if token.key and token.step == body:
            return state.actors.get(f"{token.id}/{step}", ())
        token = state.tokens.get(token.parent) if token.parent is not None else None
    return state.actors.get(step, ())


SEPARATING: Final = frozenset({Code.SEPARATED, Code.OWN_WORK, Code.ALREADY_VOTED})
"""Reasons that no permission and no override goes past."""


def rights(state: State, task: Task, person: str, directory: Directory) -> Iterator[tuple[str, ...]]:
    """In whose place *person* may do *task*, one answer for each right to it; an empty one is a right of their own."""
    lasts = bool(task.until) and (task.until == FOREVER or directory.at < task.until)
    current = lasts and _entitled(state, task, task.chain[0], directory)
    if current and task.owner == person:
        yield task.chain
    roles = (task.role, *task.also)
    if _entitled(state, task, person, directory):
        yield ()
    for m in directory.links(person).mandates:
        principal = m.chain[0]
        if any(m.role in {"", role} and _has(state, role, principal, m.teams) for role in roles) or (
            not m.role and task.named == principal
        ):
            yield m.chain
        elif not m.role and current and task.owner == principal:
            yield (*task.chain, *m.chain)


def _entitled(state: State, task: Task, person: str, directory: Directory) -> bool:
    if directory.teams(person) is None:
        return False
    return task.named == person or any(holds_alone(state, role, person, directory) for role in (task.role, *task.also))


def unfit(procedure: Procedure, state: State, task: Task, person: str, directory: Directory) -> tuple[Reason, ...]:
    """Every reason why *person* may not do *task*; nothing if they may.

    Asked when a task is assigned, delegated, claimed and acted on.
    """
    if directory.teams(person) is None:
        return (Reason(Code.INACTIVE, {"person": person}),)
    return _answer(procedure, state, task, person, directory)[0]


def on_behalf(procedure: Procedure, state: State, task: Task, person: str, directory: Directory) -> tuple[str, ...]:
    """In whose place *person* does *task*: nobody's (empty) where they have a right of their own."""
    return _answer(procedure, state, task, person, directory)[1]


def _answer(
    procedure: Procedure, state: State, task: Task, person: str, directory: Directory
) -> tuple[tuple[Reason, ...], tuple[str, ...]]:
    """Why not, and in whose place; the first right against which nothing stands, else the first one with what stands against it."""
    first: tuple[tuple[Reason, ...], tuple[str, ...]] | None = None
    for chain in rights(state, task, person, directory):
        reasons = barred(procedure, state, task, (person, *chain), directory)
        if not reasons:
            return (), chain
        first = first or (reasons, chain)
    if first is not None:
        return first
    missing = Reason(Code.NOT_IN_ROLE, {"person": person, "role": task.role, "step": task.address})
    return (missing, *barred(procedure, state, task, (person,), directory)), ()


def barred(procedure: Procedure, state: State, task: Task, acting: tuple[str, ...], directory: Directory) -> tuple[Reason, ...]:
    """What keeps the first of *acting*, in the place of the others, from *task* although they have a right to it."""
    person, *chain = acting
    behind = principals(person, chain, directory)
    doc = procedure.steps[task.step].doc
    reasons = list(separation(procedure, state, task.step, behind, task))
    if (skill := doc.get("skill")) and skill not in directory.skills(person):
        reasons.append(Reason(Code.NO_SKILL, {"person": person, "skill": skill, "step": task.address}))
    same = doc.get("same_as")
    if same and not behind.issuperset(doers(procedure, state, task, same)[-1:]):
        reasons.append(Reason(Code.SAME_AS, {"step": task.address, "other": same}))
    if any(not behind.isdisjoint((vote.person, *vote.on_behalf)) for vote in task.votes):
        reasons.append(Reason(Code.ALREADY_VOTED, {"step": task.address}))
    return tuple(reasons)


__all__ = [
    "SEPARATING", "SYSTEM", "Directory", "Recorded", "barred", "doers", "holds", "holds_alone", "involved", "leading_for", "leads",
    "on_behalf", "principals", "rights", "separation", "sole_holder", "stands_in", "unfit", "unknown_holders",
]  # fmt: skip
