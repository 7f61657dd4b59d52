"""Commands that leave the ordinary course, read back from their records."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from engine import commands as c
from engine import forms
from engine.procedure import Document, Procedure
from engine.state import State
from engine.values import Value


class Told(NamedTuple):
    """A record, and what it takes to read it.

    Attributes:
        procedure: the definition that it names.
        state: where the run stood before it.
        record: the parsed record.
        one: gives the value that a record (by number) keeps at a path; raises where it was erased.
        before: the values that counted before it, by path; asking for an erased one raises.
    """

    procedure: Procedure
    state: State
    record: Mapping[str, Value]
    one: Callable[[int, str], Value]
    before: Mapping[str, Value]

    def part(self, name: str) -> Any:  # noqa: ANN401 - a name or a truth value
        """A name in the command, or the words that stood in its place."""
        asked = self.record["command"]
        return self.said(name) if name in asked.get("seals", {}) else asked.get(name, "")

    def said(self, name: str) -> Value:
        """What was said in a refused command."""
        return self.one(self.record["seq"], f"refused.{name}")

    @property
    def refused(self) -> bool:
        """Whether it is the record of a refusal."""
        return "reasons" in self.record

    def values(self) -> dict[str, Value]:
        """The values of a refused command."""
        return dict(self.said("values")) if "values" in self.record["command"].get("seals", {}) else {}

    def event(self, kind: str) -> Mapping[str, Value] | None:
        """The first event of a *kind*."""
        return next((event for event in self.record["events"] if event["is"] == kind), None)

    def kept(self, where: str, names: Mapping[str, str]) -> dict[str, Value]:
        """The values that the record sealed under *where*."""
        return {name: self.one(self.record["seq"], f"{where}.{name}") for name, seal in names.items() if seal}


def _signal(told: Told, note: str) -> c.Command:
    name = told.part("name")
    if told.refused:
        return c.Signal(name, told.values(), note)
    if ended := told.event("WaitEnded"):
        where = f"{told.state.tokens[ended['token']].scope}{ended['step']}"
        return c.Signal(name, told.kept(where, ended.get("values", {})), note)
    came = told.event("SignalCame") or {}
    return c.Signal(name, told.kept(f"signal/{name}", came.get("values", {})), note)


def _correct(told: Told, note: str) -> c.Command:
    step = told.part("step")
    if told.refused:
        return c.Correct(step, told.values(), note)
    corrected = told.event("FieldsCorrected") or {}
    form = told.procedure.steps[step.partition(":")[0]].form
    seals = {name: seal for name, seal in corrected.get("values", {}).items() if "value" not in form[name]}
    empty = {name: "" for name, seal in seals.items() if not seal}
    given = forms.typed(form, told.kept(corrected["where"], seals))
    asked = _without_recomputed(told, corrected["where"], form, given)
    return c.Correct(step, {**(asked if asked or empty else given), **empty}, note)


def _without_recomputed(told: Told, where: str, form: Mapping[str, Document], given: Mapping[str, Value]) -> dict[str, Value]:
    """*given* without the tables that were only computed again: their rows stood there before, and nobody was asked about them."""
    return {
        name: value
        for name, value in given.items()
        if not forms.computed_columns(form[name])
        or f"{where}.{name}" not in told.before
        or forms.typed(form, {name: told.before[f"{where}.{name}"]})[name] != value
    }


def _add_item(told: Told, note: str) -> c.Command:
    if told.refused:
        given = told.said("item") if "item" in told.record["command"].get("seals", {}) else None
        return c.AddItem(told.part("step"), given, note)
    opened = told.event("TrackOpened") or {}
    return c.AddItem(told.part("step"), told.one(told.record["seq"], f"{opened['token']}/{opened['name']}"), note)


DETOURS: Final[Mapping[str, Callable[[Told, str], c.Command]]] = {
    "signal": _signal,
    "correct": _correct,
    "add_item": _add_item,
    "skip": lambda told, note: c.Skip(told.part("step"), note),
    "rewind": lambda told, note: c.Rewind(told.part("step"), note),
    "suspend": lambda told, note: c.Suspend(told.part("step"), note),
    "resume": lambda told, note: c.Resume(told.part("step"), note),
    "block": lambda told, note: c.Block(told.part("step"), note),
    "unblock": lambda told, note: c.Unblock(told.part("step"), note),
    "reopen": lambda told, note: c.Reopen(told.part("step"), note),
    "close_items": lambda told, note: c.CloseItems(told.part("step"), bool(told.part("early")), note),
}
"""From what a record calls a command to what reads it back, with the note."""
