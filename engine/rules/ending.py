"""Ending what is open without finishing it, and ending runs."""

from engine import events as e
from engine.data import exact
from engine.effects import CancelChild, ReturnToParent
from engine.expressions import GuardError
from engine.rules.scribe import Scribe
from engine.state import for_a_child
from engine.values import Value


def cancel_track(s: Scribe, number: int, why: str) -> None:
    """End a track and everything that was opened in it, also what goes on beside it."""
    for inner in [token.id for token in s.state.tokens.values() if token.parent == number]:
        cancel_track(s, inner, why)
    for task in [task.no for task in s.state.tasks.values() if task.token == number]:
        s.tell(e.TaskWithdrawn(task, why))
    if child := for_a_child(s.state.tokens[number]):
        s.effects.append(CancelChild(child))
    s.tell(e.TrackClosed(number, "cancelled"))


def end_run(s: Scribe, end: str) -> None:
    """Finish the run with *end*; whatever is still open is cancelled."""
    results = results_of(s)  # before the tracks go: their values go with them
    _clear(s, "ended")
    s.tell(e.RunEnded(end))
    _return(s, end, results)


def cancel_run(s: Scribe) -> None:
    """End the run without finishing it."""
    _clear(s, "cancelled")
    s.tell(e.RunCancelled())
    _return(s, "cancelled", {})


def _clear(s: Scribe, why: str) -> None:
    s.todo.clear()
    for number in [token.id for token in s.state.tokens.values() if token.parent is None or token.loose]:
        if number in s.state.tokens:
            cancel_track(s, number, why)


def _return(s: Scribe, end: str, results: dict[str, Value]) -> None:
    if s.state.parent:
        parent, token = s.state.parent
        s.effects.append(ReturnToParent(parent, token, end, results))


def results_of(s: Scribe) -> dict[str, Value]:
    """What the run hands back; a result that cannot be computed at this end is left out."""
    found: dict[str, Value] = {}
    for name, text in s.procedure.document.get("results", {}).items():
        try:
            value = exact(s.value("results", text, None))
        except GuardError:
            continue
        if value is not None:
            found[name] = value
    return found
