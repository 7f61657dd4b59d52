"""Which commitments a record carries, and where the values behind them are kept."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

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
    for event in record.get("events", ()):
        found.update(_told(event, before))
    return {path: seal for path, seal in found.items() if seal}


def _told(event: Mapping[str, Value], before: State) -> Iterator[tuple[str, str]]:
    kind = event["is"]
    if kind == "RunStarted":
        yield "title", event.get("title", "")
        yield from ((f"inputs.{name}", seal) for name, seal in event.get("inputs", {}).items())
    elif kind == "TrackOpened":
        yield f"{event['token']}/{event.get('name', '')}", event.get("item", "")
    elif kind in {"ApprovalGiven", "TaskCompleted"}:
        task = before.tasks[event["task"]]  # nothing is opened and acted on by one record
        where = f"{before.tokens[task.token].scope}{task.step}"
        yield from ((f"{where}.{name}", seal) for name, seal in event.get("values", {}).items())
    elif kind == "ChildReturned":
        where = f"{before.tokens[event['token']].scope}{event['step']}.results"
        yield from ((f"{where}.{name}", seal) for name, seal in event.get("results", {}).items())
    elif kind == "Commented":
        yield "comment", event["text"]
    elif kind == "Attached":
        yield "file", event["file"]
