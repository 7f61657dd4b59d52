"""Which commitments a record carries, and where the values behind them are kept."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from engine.events import decode
from engine.evolve import replay
from engine.state import State
from engine.values import Value


class Erased(NamedTuple):
    """A commitment whose value is no longer kept: *run*, number of the record, path of the value."""

    run: str
    seq: int
    path: str


def commitments(record: Mapping[str, Value], before: State) -> dict[str, str]:
    """Path to commitment of everything that *record* sealed; *before* is the state it was decided in."""
    prefix = "refused." if "reasons" in record else ""
    found = {f"{prefix}{name}": seal for name, seal in record["command"].get("seals", {}).items()}
    events = record.get("events", ())
    for number, event in enumerate(events):
        if event["is"] == "WaitEnded":
            # What was signalled before somebody waited for it ends a wait in the record in which the wait begins.
            then = (
                before if event["token"] in before.tokens else replay(((record["at"], decode(e)) for e in events[:number]), before)
            )
            found.update(_under(f"{then.tokens[event['token']].scope}{event['step']}", event.get("values", {})))
        else:
            found.update(_told(event, before))
    return {path: seal for path, seal in found.items() if seal}


def _under(where: str, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield from ((f"{where}.{name}", seal) for name, seal in values.items())


def _told(event: Mapping[str, Value], before: State) -> Iterator[tuple[str, str]]:
    kind = event["is"]
    if kind == "RunStarted":
        yield "title", event.get("title", "")
        yield from _under("inputs", event.get("inputs", {}))
    elif kind == "TrackOpened":
        yield f"{event['token']}/{event.get('name', '')}", event.get("item", "")
    elif kind in {"ApprovalGiven", "TaskCompleted"}:
        task = before.tasks[event["task"]]  # nothing is opened and acted on by one record
        yield from _under(f"{before.tokens[task.token].scope}{task.step}", event.get("values", {}))
    elif kind == "ChildReturned":
        yield from _under(f"{before.tokens[event['token']].scope}{event['step']}.results", event.get("results", {}))
    elif kind == "SignalCame":
        yield from _under(f"signal/{event['name']}", event.get("values", {}))
    elif kind == "FieldsCorrected":
        yield from _under(event["where"], event.get("values", {}))
    elif kind == "RunMigrated":
        yield from event.get("values", {}).items()
    elif kind == "Commented":
        yield "comment", event["text"]
    elif kind == "Attached":
        yield "file", event["file"]
