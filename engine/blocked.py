"""Whether anybody can do a task at all. A role that nobody can fill blocks the step: it is never skipped for that."""

from collections.abc import Iterator

from engine.directory import Directory
from engine.people import principals, unfit
from engine.procedure import Procedure
from engine.refusals import Code, Reason
from engine.rules.tasks import another_has, quorum
from engine.state import State, Task


def unfilled(procedure: Procedure, state: State, task: Task, directory: Directory) -> tuple[Reason, ...]:
    """Why *task* cannot be done by anybody now, with what keeps each of its people away; nothing if it can.

    Whoever has it must still be able to do it, or somebody of its role who may take it from them; otherwise as many of its
    role as still have to agree.
    """
    holders = tuple(dict.fromkeys(holder for role in (task.role, *task.also) for holder in state.roles.get(role, ())))
    needed = max(quorum(procedure, state, procedure.steps[task.step]) - len(task.votes), 1)
    kept: list[Reason] = []
    seen: set[str] = set()
    for person in _people(state, task, holders, directory):
        if person in seen:  # through a team as well, or another account of somebody who was counted
            continue
        if reasons := unfit(procedure, state, task, person, directory):
            seen.add(person)
            facts = {"did": "named"} if reasons[0].facts.get("did") == "named" else {}
            kept.append(Reason(Code.KEPT, {"person": person, "why": str(reasons[0].code), **facts}))
            continue
        seen |= principals(person, (), directory)
        needed -= 1
        if not needed:
            return ()
    return (Reason(Code.NOBODY, {"step": task.address, "role": task.role}), *kept)


def _people(state: State, task: Task, holders: tuple[str, ...], directory: Directory) -> Iterator[str]:
    """Whoever could do *task* if nothing keeps them from it."""
    if task.owner or task.named:
        yield task.owner or task.named
    for candidate in directory.candidates("", holders):
        if not another_has(state, task, candidate.person, directory):
            yield candidate.person
