"""What may this person do here, and if not, why not. Hints, links and buttons all come from this."""

from collections.abc import Iterator

from engine.frozen import frozen
from engine.people import Directory
from engine.procedure import Procedure
from engine.refusals import Reason
from engine.rules.leading import may_lead
from engine.rules.noting import may_note
from engine.rules.working import may_assign, may_claim, may_complete, may_release
from engine.state import State


@frozen
class Option:
    """One thing that could be done.

    Attributes:
        act: ``claim``, ``complete``, ``release``, ``assign``, ``bind``, ``cancel``, ``comment`` or ``attach``.
        step: address of the task; empty for the run.
        outcomes: how the task can end (``complete`` only).
        reasons: why this person may not; empty if they may.
    """

    act: str
    step: str = ""
    outcomes: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


def options(procedure: Procedure, state: State, person: str, directory: Directory) -> Iterator[Option]:
    """Everything that could be done in a run, permitted to *person* or with every reason why not."""
    for task in state.tasks.values():
        outcomes = tuple(procedure.steps[task.step].outcomes)
        yield Option("claim", task.address, (), may_claim(procedure, state, task, person, directory))
        yield Option("complete", task.address, outcomes, may_complete(procedure, state, task, person, directory))
        yield Option("release", task.address, (), may_release(procedure, state, task, person, directory))
        yield Option("assign", task.address, (), may_assign(procedure, state, person, directory))
    lead = may_lead(procedure, state, person, directory)
    yield Option("bind", reasons=lead)
    yield Option("cancel", reasons=lead)
    note = may_note(procedure, state, person, directory)
    yield Option("comment", reasons=note)
    yield Option("attach", reasons=note)
