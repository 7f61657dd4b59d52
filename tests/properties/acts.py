"""Well-formed commands for what :func:`engine.options.options` offers, and the reasons that may still refuse a permitted one.

Whoever draws (Hypothesis, or a seeded generator) is only a function that picks one of several.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from engine import commands as c
from engine.decide import Accepted
from engine.migration import moved
from engine.options import Option
from engine.procedure import Procedure
from engine.refusals import Code, Refused
from engine.rules.opening import listed
from engine.state import State
from tests.engine.kit import NOW

T = TypeVar("T")
WHY = "because"


class Pick(Protocol):
    """Gives one of several."""

    def __call__(self, several: Sequence[T], /) -> T:
        """One of *several*."""


def value_for(field: Mapping[str, Any], pick: Pick, people: Sequence[str]) -> Any:  # noqa: ANN401 - any value
    """A value that *field* takes."""
    options = list(field.get("options", {}))
    made: dict[str, Callable[[], Any]] = {
        "bool": lambda: pick((True, False)), "number": lambda: pick((0, 1, 7)), "money": lambda: pick(("0.00", "12.50")),
        "text": lambda: "said", "choice": lambda: pick(options), "multi_choice": lambda: sorted({pick(options), pick(options)}),
        "user": lambda: pick(people), "users": lambda: sorted({pick(people), pick(people)}),
        "date": lambda: pick(("2026-11-24", "2026-12-01")), "rating": lambda: 3,
        "checklist": lambda: list(field["items"]), "file": lambda: {"sha256": "ab" * 32, "name": "x.txt", "size": 3},
        "table": lambda: [
            {name: value_for(column, pick, people) for name, column in field["columns"].items()} for _ in range(pick((1, 2)))
        ],
    }  # fmt: skip
    found = made[field["type"]]()
    return [found] if field.get("many") else found


def filled(form: Mapping[str, Mapping[str, Any]], pick: Pick, people: Sequence[str]) -> dict[str, Any]:
    """A form with everything that is required, and some of the rest."""
    asked = {name: field for name, field in form.items() if "value" not in field}
    return {
        name: value_for(field, pick, people) for name, field in asked.items() if field.get("required") or pick((True, True, False))
    }


def command_for(  # noqa: PLR0917 - a run, what is shown of it, and how to choose
    procedure: Procedure, state: State, option: Option, pick: Pick, people: Sequence[str], at: str = NOW
) -> c.Command:
    """A well-formed command for what *option* offers.

    Args:
        procedure: whose run.
        state: where it stands.
        option: what is to be done.
        pick: gives one of several.
        people: active people.
        at: the instant.
    """
    step = option.step
    name = step.partition(":")[0]
    form = procedure.steps[name].form if name in procedure.steps else {}
    made: dict[str, Callable[[], c.Command]] = {
        "claim": lambda: c.Claim(step),
        "release": lambda: c.Release(step, WHY),
        "complete": lambda: c.Complete(step, pick(["", "", *option.outcomes]), filled(form, pick, people), WHY),
        "assign": lambda: c.Assign(step, pick(people), WHY),
        "delegate": lambda: c.Delegate(step, pick(people), pick(["", f"{int(at[:4]) + 1}{at[4:]}"]), WHY),
        "bind": lambda: c.Bind(pick(procedure.document["roles"]), _holders(pick, people), WHY),
        "cancel": lambda: c.CancelRun(WHY),
        "comment": lambda: c.Comment("hm", step),
        "attach": lambda: c.Attach({"sha256": "00" * 32, "name": "x", "size": 1}),
        "signal": lambda: c.Signal(step, filled(procedure.document["signals"][step].get("form", {}), pick, people), WHY),
        "skip": lambda: c.Skip(step, WHY),
        "rewind": lambda: c.Rewind(step, WHY),
        "suspend": lambda: c.Suspend(step, WHY),
        "resume": lambda: c.Resume(step, WHY),
        "block": lambda: c.Block(step, WHY),
        "unblock": lambda: c.Unblock(step, WHY),
        "reopen": lambda: c.Reopen(pick(procedure.tracks["main"].steps), WHY),
        "correct": lambda: _correct(form, step, pick, people),
        "add_item": lambda: c.AddItem(step, _item(procedure, name, pick, people)),
        "close_items": lambda: c.CloseItems(step, early=True, note=WHY),
    }
    return made[option.act]()


def _holders(pick: Pick, people: Sequence[str]) -> tuple[str, ...]:
    if pick((True, False, False, False)):
        return ("team:desk", f"person:{pick(people)}")
    return tuple(dict.fromkeys(f"person:{pick(people)}" for _ in range(4)))


def _correct(form: Mapping[str, Mapping[str, Any]], step: str, pick: Pick, people: Sequence[str]) -> c.Command:
    name = pick([field for field, spec in form.items() if "value" not in spec])
    return c.Correct(step, {name: value_for(form[name], pick, people)}, WHY)


def _item(procedure: Procedure, step: str, pick: Pick, people: Sequence[str]) -> Any:  # noqa: ANN401 - an item of any list
    field = listed(procedure, procedure.steps[step])
    if not field:
        return "new"
    found = value_for(field, pick, people)
    return found[0]


_WORLD = {Code.GUARD_FALSE, Code.GUARD_ERROR, Code.CRITICAL}
"""A milestone, a condition of the outcome or further on, a critical section of another run: they need values, or other runs."""
_OTHER_PERSON = {
    Code.NOT_IN_ROLE, Code.SEPARATED, Code.OWN_WORK, Code.ALREADY_VOTED, Code.INACTIVE, Code.SAME_AS, Code.NO_SKILL, Code.ALREADY,
    Code.GOES_ROUND, Code.ONE_AT_A_TIME, Code.NOT_CLAIMABLE,
}  # fmt: skip
"""What lies with the person who is to get the task, or with its coming into anybody's hands."""
LEFT_OPEN: Mapping[str, frozenset[Code]] = {
    "claim": frozenset(_WORLD),
    "complete": frozenset(_WORLD),
    "assign": frozenset(_WORLD | _OTHER_PERSON),
    "delegate": frozenset(_WORLD | _OTHER_PERSON),
    "skip": frozenset({Code.GUARD_ERROR}),
    "rewind": frozenset({Code.GUARD_ERROR}),
    "reopen": frozenset({Code.GUARD_ERROR}),
    "resume": frozenset({Code.GUARD_ERROR}),
    "signal": frozenset({Code.GUARD_ERROR}),
    "close_items": frozenset({Code.GUARD_ERROR}),
    "add_item": frozenset({Code.GUARD_ERROR, Code.ALREADY}),
}
"""For which reasons an act that is shown as permitted may still be refused, by act; for no others, and none where it is absent."""


def disagreement(option: Option, answer: Accepted | Refused) -> str:
    """What of *option* a decision does not bear out; empty if it agrees."""
    codes = {reason.code for reason in answer.reasons} if isinstance(answer, Refused) else set()
    shown = {reason.code for reason in option.reasons}
    if shown and not codes:
        return f"{option.act} {option.step} is shown as refused for {_named(shown)}, and is accepted"
    if shown - codes:
        return f"{option.act} {option.step} is shown as refused for {_named(shown)}, and is refused for {_named(codes)}"
    if not shown and (more := codes - LEFT_OPEN.get(option.act, frozenset())):
        return f"{option.act} {option.step} is shown as permitted, and is refused for {_named(more)}"
    return ""


def _named(codes: set[Code]) -> str:
    return ", ".join(sorted(code.name for code in codes))


def renamed(data: Mapping[str, Any], before: State, answer: Accepted) -> dict[str, Any]:
    """The values that count after *answer*: found under their new paths where another version has renamed them.

    What one of several has said of an approval does not count before all have: another value counts in the state.
    """
    found = dict(data)
    for event in answer.events:
        if names := getattr(event, "names", None):
            found |= {after: found[path] for path, after in moved(before, names).items() if path in found}
    was, now = before.values, answer.state.values
    fresh = {path: value for path, value in answer.values.items() if now.get(path) != was.get(path)}
    return {path: value for path, value in {**found, **fresh}.items() if path in now}
