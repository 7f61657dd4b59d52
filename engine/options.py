"""What may this person do here, and if not, why not. Hints, links and buttons all come from this."""

from collections.abc import Iterator

from engine.context import Context
from engine.frozen import frozen
from engine.machine import SKIPPABLE
from engine.people import Directory
from engine.procedure import Procedure
from engine.refusals import Reason
from engine.rules.correcting import correctable, may_correct
from engine.rules.detours import may_block, may_signal, may_skip, may_suspend, signals
from engine.rules.giving import may_delegate
from engine.rules.items import may_items, spreading
from engine.rules.leading import may_lead
from engine.rules.noting import may_note
from engine.rules.returns import may_reopen, may_rewind, passed
from engine.rules.working import may_assign, may_claim, may_complete, may_release, outside
from engine.state import State, address_of


@frozen
class Option:
    """One thing that could be done.

    Attributes:
        act: what a command is called, or a row of :data:`engine.authority.TABLE`.
        step: address of the task or step; the name of a signal; empty for the run.
        outcomes: how the task can end (``complete`` only).
        reasons: why this person may not; empty if they may.
    """

    act: str
    step: str = ""
    outcomes: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


def options(
    procedure: Procedure, state: State, person: str, directory: Directory, context: Context | None = None
) -> Iterator[Option]:
    """Everything that could be done in a run, permitted to *person* or with every reason why not.

    What a form must hold is not asked.

    Args:
        procedure: what the run is decided by.
        state: the run.
        person: who would do it.
        directory: answers about people.
        context: what a decision would see of the outside. Without it no milestone is asked, nor what other runs hold.
    """
    yield from _of_tasks(procedure, state, person, directory, context)
    yield from _of_steps(procedure, state, person, directory)
    for act in ("bind", "cancel"):
        yield Option(act, reasons=may_lead(act, procedure, state, person, directory))
    act = "resume" if state.suspended else "suspend"
    yield Option(act, reasons=may_suspend(act, procedure, state, person, directory))
    if state.status != "open":
        yield Option("reopen", reasons=may_reopen(procedure, state, person, directory))
    for name in signals(procedure):
        yield Option("signal", name, (), may_signal(procedure, state, person, directory))
    for act in ("comment", "attach"):
        yield Option(act, reasons=may_note(act, procedure, state, person, directory))


def _of_tasks(procedure: Procedure, state: State, person: str, directory: Directory, context: Context | None) -> Iterator[Option]:
    for task in state.tasks.values():
        outcomes = tuple(procedure.steps[task.step].outcomes)
        found = outside(procedure, state, task, context) if context else ()
        for act, ends, reasons in (
            ("claim", (), may_claim(procedure, state, task, person, directory)),
            ("complete", outcomes, may_complete(procedure, state, task, person, directory)),
        ):
            yield Option(act, task.address, ends, (*reasons, *(reason for reason in found if reason not in reasons)))
        yield Option("release", task.address, (), may_release(procedure, state, task, person, directory))
        yield Option("assign", task.address, (), may_assign(procedure, state, person, directory))
        yield Option("delegate", task.address, (), may_delegate(procedure, state, task, person, directory))
        act = "resume" if "suspended" in task.held else "suspend"
        yield Option(act, task.address, (), may_suspend(act, procedure, state, person, directory, task=task))
        act = "unblock" if "blocked" in task.held else "block"
        yield Option(act, task.address, (), may_block(act, procedure, state, person, directory, task=task))


def _of_steps(procedure: Procedure, state: State, person: str, directory: Directory) -> Iterator[Option]:
    for token in state.tokens.values():
        if procedure.steps[token.at].kind in SKIPPABLE:
            yield Option("skip", address_of(state, token), (), may_skip(procedure, state, token, person, directory))
    for address, token in passed(procedure, state):
        yield Option("rewind", address, (), may_rewind(procedure, state, token, person, directory))
    for address, where in correctable(procedure, state):
        yield Option("correct", address, (), may_correct(procedure, state, where, person, directory))
    for address, token in spreading(procedure, state).items():
        yield Option("add_item", address, (), may_items("items", procedure, state, person, directory, token=token))
        yield Option("close_items", address, (), may_items("cancel", procedure, state, person, directory, token=token))
