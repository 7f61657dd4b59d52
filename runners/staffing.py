"""Whether the people of a run, or of a roster, can do a procedure: who could do each step, and which steps nobody can."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from engine.data import View
from engine.procedure import HUMAN, Procedure, Step
from engine.rules.tasks import quorum
from engine.staffing import staff
from engine.state import EMPTY, State
from runners.binding import bindings, chosen, path
from runners.people import holder
from runners.people_stored import StoredDirectory
from runners.roster import Entry, Roster
from runners.runner import Done
from runners.store.database import Database, Unit
from runners.tongue import spoken


class Found(NamedTuple):
    """The answer.

    Attributes:
        roles: step to its role.
        people: step to those who hold its role and can do it (pseudonyms, or handles of a roster).
        stuck: the smallest set of steps that cannot all be done; empty if the procedure can be done.
    """

    roles: Mapping[str, str]
    people: Mapping[str, tuple[str, ...]]
    stuck: tuple[str, ...]


def of_run(database: Database, done: Done, at: str) -> Found:
    """Of a run as it begins."""
    with database.read() as unit:
        return _of_stored(unit, done.procedure, done.state, done.state.roles, at)


def beforehand(
    database: Database, procedure: Procedure, named: Mapping[str, Sequence[str]], at: str, *, place: str = "", me: str = ""
) -> Found:
    """Of a run of *procedure* that nobody has asked for in full yet.

    Args:
        database: knows the people.
        procedure: what would be run.
        named: role to handles and ``team:ID``; other roles are held by those whom the directory names for them.
        at: the instant.
        place: the brand or department it is for; may be empty.
        me: pseudonym of who asks, for ``@me``.

    Raises:
        NotFound: a person, a team or a unit.
    """
    with database.read() as unit:
        held = {**bindings(unit, at, place), **{role: [holder(unit, text, me) for text in texts] for role, texts in named.items()}}
        return _of_stored(unit, procedure, EMPTY, held, at)


def _of_stored(unit: Unit, procedure: Procedure, state: State, held: Mapping[str, Sequence[str]], at: str) -> Found:
    people: dict[str, tuple[str, ...]] = {}
    humans: dict[str, set[str]] = {}
    directory = StoredDirectory(unit, at)
    for step in _human(procedure):
        found = [c.person for c in directory.candidates("", tuple(held.get(step.role, ())))]
        skill = step.doc.get("skill")
        fit = tuple(dict.fromkeys(one for one in found if not skill or skill in directory.skills(one)))
        people[step.id] = fit
        humans[step.id] = {min(one, *directory.links(one).accounts, one) for one in fit}
    return _answer(procedure, state, people, humans)


def of_roster(roster: Roster, procedure: Procedure, place: str, at: str) -> Found:
    """Of a roster, for runs of the unit *place* (empty: of none), at the instant *at*."""
    active = {entry.handle: entry for entry in roster.people if entry.active}
    held: dict[str, dict[str, list[str]]] = {}
    for handle, role, where in _held(roster, active, at):
        held.setdefault(where, {}).setdefault(role, []).append(handle)
    roles = chosen(held, path(roster.units, place))
    people = {step.id: tuple(dict.fromkeys(_possible(step, roles, active))) for step in _human(procedure)}
    humans = {step: {active[handle].alias_of or handle for handle in found} for step, found in people.items()}
    return _answer(procedure, EMPTY, people, humans)


def bond(procedure: Procedure, steps: Sequence[str]) -> str:
    """What makes *steps* hard to find people for: they are kept apart, they are for one person, or some are this, some that."""
    inside = set(steps)
    apart = any(inside & (procedure.separated(step) | procedure.approves(step)) for step in steps)
    same = any(procedure.steps[step].doc.get("same_as") in inside for step in steps)
    if apart and same:
        return spoken("some of which are kept apart and some for one person (same_as)")
    return spoken("which one person has to do (same_as)") if same else spoken("which are kept apart")


def _human(procedure: Procedure) -> list[Step]:
    return [step for step in procedure.steps.values() if step.kind in HUMAN]


def _answer(procedure: Procedure, state: State, people: dict[str, tuple[str, ...]], humans: Mapping[str, set[str]]) -> Found:
    quorums = {step.id: _needed(procedure, state, step) for step in _human(procedure)}
    answer = staff(procedure, humans, quorums)
    return Found({step.id: step.role for step in _human(procedure)}, people, answer.stuck)


def _needed(procedure: Procedure, state: State, step: Step) -> int:
    """How many have to agree; one where that is a parameter that is still to be given."""
    found = step.doc["approval"].get("quorum", 1) if step.kind == "approval" else 1
    if isinstance(found, str) and View(procedure, state, {}).parameter(found[1:]) is None:
        return 1
    return quorum(procedure, state, step)


def _held(roster: Roster, active: Mapping[str, Entry], at: str) -> Iterator[tuple[str, str, str]]:
    """Handle, role and unit of everything that is held at the instant *at*, through teams too."""
    for entry in active.values():
        yield from ((entry.handle, role, "") for role in entry.roles)
        yield from ((entry.handle, role, where) for role, where in _now(entry.posts, at))
    for team in roster.teams.values():
        yield from ((member, role, where) for role, where in _now(team.posts, at) for member in team.members if member in active)


def _now(posts: Sequence[tuple[str, str, str, str]], at: str) -> Iterator[tuple[str, str]]:
    return ((role, unit) for role, unit, since, until in posts if (not since or since <= at) and (not until or at < until))


def _possible(step: Step, roles: Mapping[str, Sequence[str]], active: Mapping[str, Entry]) -> list[str]:
    """Who could do *step*: holders of its role, and anybody where a field or a lead names who."""
    found = [*roles.get(step.role, ())]
    if step.doc.get("from") or step.doc.get("lead"):
        found += active
    skill = step.doc.get("skill")
    return [handle for handle in found if not skill or skill in active[handle].skills]
