"""What was finished in a run, in the order it happened: the steps that are done, and those of items the run has let go of."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.events import Overridden, TaskCompleted
from runners.cli.session import Session

if TYPE_CHECKING:
    from runners.views import HistoryLine, RunView


class Way(NamedTuple):
    """How a task ended.

    Attributes:
        address: ``STEP`` or ``STEP:KEY``.
        at: when.
        seq: number of the record.
        event: who ended it, in whose place, and how.
        codes: rules that were gone past.
    """

    address: str
    at: str
    seq: int
    event: TaskCompleted
    codes: tuple[str, ...]


def ways(view: "RunView", lines: "Sequence[HistoryLine]") -> list[Way]:
    """Every task that somebody finished, by the records in *lines*, oldest first."""
    labels = {row.no: row.label for row in view.tasks}
    found: list[Way] = []
    for line in lines:
        codes = tuple(code for event in line.events if isinstance(event, Overridden) for code in event.codes)
        done = [event for event in line.events if isinstance(event, TaskCompleted)]
        found += [Way(labels[event.task], line.at, line.seq, event, codes) for event in done]
    return found


def filled_in(way: Way, lines: "Sequence[HistoryLine]") -> dict[str, Any]:
    """Field to value of what was filled in where *way* ended and was not erased, as corrected since."""
    fields = {f"{way.address.partition(':')[0]}.{name}" for name in way.event.values}
    first = next(line for line in lines if line.seq == way.seq)
    paths = [path for path in first.values if path.rpartition("/")[2] in fields]
    since = [line.values for line in lines if line.seq >= way.seq]
    return {path.rpartition(".")[2]: next(given[path] for given in reversed(since) if path in given) for path in paths}


def ways_of(view: "RunView", lines: "Sequence[HistoryLine]", address: str) -> list[Way]:
    """How the items of a step, or the one at *address*, were done last; nothing where their loop no longer counts."""
    last = {way.address: way for way in ways(view, lines) if address in {way.address, way.address.partition(":")[0]}}
    return [way for way in last.values() if _counts(view, way)]


def _counts(view: "RunView", way: Way) -> bool:
    """Whether the loop that an item belonged to is done or under way: a run forgets its items once it is done."""
    step, _, key = way.address.partition(":")
    if step not in view.procedure.steps:  # the run has gone over to a version that does not know it, or not by this name
        return False
    loop = view.procedure.body(step)
    outer = any(where.rpartition("/")[2] == loop for where in view.state.outcomes)
    return bool(key) and (outer or any(token.at == loop for token in view.state.tokens.values()))


def finished(session: Session, view: "RunView", lines: "Sequence[HistoryLine]") -> list[dict[str, Any]]:
    """Every step that is done, latest last: how it ended, who did it, in whose place, and which rules were gone past."""
    known = {(way.address.partition(":")[0], way.at): way for way in ways(view, lines)}
    found = []
    for where, outcome in view.state.outcomes.items():
        step, at = where.rpartition("/")[2], view.state.done_at.get(where, "")
        if step not in view.procedure.steps:  # which branch came first is no step
            continue
        way = known.pop((step, at), None)
        actors = (way.event.person,) if way else view.state.actors.get(step, ())[-1:]
        found.append(_item(session, way.address if way else step, outcome, at, actors, way))
    gone = {way.address: way for way in known.values() if _counts(view, way)}
    shown = {one["step"] for one in found}
    for address, way in gone.items():
        if address not in shown:
            found.append(_item(session, address, way.event.outcome, way.at, (way.event.person,), way))
    order = {name: number for number, name in enumerate(view.procedure.steps)}
    return sorted(found, key=lambda one: (one["at"] or "", order[one["step"].partition(":")[0]]))


def _item(  # noqa: PLR0917 - the parts of one line
    session: Session, address: str, outcome: str, at: str, actors: Sequence[str], way: Way | None
) -> dict[str, Any]:
    return {
        "step": address, "outcome": outcome, "by": session.handle(actors[0]) if actors else None, "at": at or None,
        "for": [session.handle(person) for person in way.event.on_behalf] if way else [],
        "overridden": list(way.codes) if way else [],
    }  # fmt: skip
