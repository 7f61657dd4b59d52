"""Whether anybody can do a task at all. A role that nobody can fill blocks the step: it is never skipped for that."""

from engine.directory import Directory
from engine.people import unfit
from engine.procedure import Procedure
from engine.refusals import Code, Reason
from engine.rules.tasks import quorum
from engine.state import State, Task


def unfilled(procedure: Procedure, state: State, task: Task, directory: Directory) -> tuple[Reason, ...]:
    """Why *task* cannot be done by anybody now, with what keeps each of its people away; nothing if it can.

    Whoever has it must still be able to do it; otherwise as many of its role as still have to agree.
    """
    holders = tuple(dict.fromkeys(holder for role in (task.role, *task.also) for holder in state.roles.get(role, ())))
    needed = max(quorum(procedure, state, procedure.steps[task.step]) - len(task.votes), 1)
    people = iter([task.owner]) if task.owner else (c.person for c in directory.candidates("", holders))
    kept: list[Reason] = []
    for person in [task.named] if task.named and not task.owner else []:
        needed -= not unfit(procedure, state, task, person, directory)
    while needed > 0 and (person := next(people, "")):
        reasons = unfit(procedure, state, task, person, directory)
        if reasons:
            kept.append(Reason(Code.KEPT, {"person": person, "why": str(reasons[0].code)}))
        needed -= not reasons
    if needed <= 0:
        return ()
    return (Reason(Code.NOBODY, {"step": task.address, "role": task.role}), *kept)
