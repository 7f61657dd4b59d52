"""What the scenarios beside a definition fill in: examples that satisfy what no dice would."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from engine.procedure import Document
from engine.timers import instant
from engine.values import Value
from runners.stories.cast import file

if TYPE_CHECKING:
    from runners.stories.document import Document as Scenarios

INPUTS = "inputs"
"""What the inputs of a run are called among the examples; no step is."""
_AT_HAND: Final = timedelta(days=1)
"""An instant so near to the start of a story belongs to what happens, and stays as near to the start of a run."""


@dataclass(frozen=True, slots=True)
class Story:
    """What one scenario fills in.

    Attributes:
        began: the instant of its start; dates are moved with it.
        people: handles, in their order.
        given: step, ``inputs`` or signal to the values of its form; of a child run to what it hands back.
    """

    began: datetime
    people: tuple[str, ...] = ()
    given: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def stories(text: bytes) -> tuple[Story, ...]:
    """What the scenarios in *text* fill in; nothing where they cannot be read, which ``sop test`` tells."""
    from engine.parse import read_plain
    from runners.stories.document import shaped

    plain = read_plain(text)
    if any(problem.severity == "error" for problem in plain.problems):
        return ()
    document, _ = shaped(plain.document)
    return tuple(_told(document)) if document else ()


def _told(document: "Scenarios") -> list[Story]:
    from runners.stories import acts
    from runners.stories.document import Do, Returning

    common = {step.partition(":")[0]: preset.given for step, preset in document.defaults.items() if preset.given}
    found = []
    for scenario in document.scenarios:
        if scenario.refused:
            continue
        own: dict[str, Mapping[str, Any]] = {INPUTS: scenario.inputs}
        for act in scenario.acts:
            if isinstance(act, Do) and not act.refused:
                name = act.do.partition(":")[0]
                own.setdefault(name, {**common.get(name, {}), **act.given})
            elif isinstance(act, Returning):
                own.setdefault(act.child.partition(":")[0], act.results)
            elif isinstance(act, acts.Signalling) and not act.refused:
                own.setdefault(act.signal, act.given)
        found.append(Story(instant(scenario.at), tuple(document.people), {**common, **own}))
    return found


class Told:
    """One story, as a run takes it over: its dates moved, its people played by others.

    Args:
        story: the story.
        began: the instant at which the run begins.
        people: pseudonyms of those who play.
        inputs: what the run was given; a text that the story names after an input of its own is then called as in the run.
    """

    def __init__(self, story: Story, began: datetime, people: Sequence[str], inputs: Mapping[str, Value] | None = None) -> None:
        self._story = story
        own = story.given.get(INPUTS, {})
        self._called = {own[name]: value for name, value in (inputs or {}).items() if isinstance(own.get(name), str)}
        self._later_by = began - story.began
        self._moved = timedelta(weeks=round((began.date() - story.began.date()).days / 7))  # a Wednesday stays one
        self._cast = {handle: people[number % len(people)] for number, handle in enumerate(story.people)} if people else {}

    def values(self, name: str, fields: Mapping[str, Document]) -> dict[str, Value]:
        """What is filled in for the step *name*; without what its form does not ask for."""
        given = self._story.given.get(name, {})
        return {
            key: self._taken(value, fields[key]) for key, value in given.items() if key in fields and "value" not in fields[key]
        }

    def _taken(self, value: Any, field: Document) -> Value:  # noqa: ANN401 - whatever the file holds
        kind = field["type"]
        if isinstance(value, list):
            return [self._taken(item, field) for item in value]
        if isinstance(value, dict):
            columns = field.get("columns", {})
            return {name: self._taken(cell, columns[name]) if name in columns else cell for name, cell in value.items()}
        if not isinstance(value, str):
            return value
        if kind == "file":
            return file(value)
        if kind in {"user", "users"}:
            found = [self._cast.get(part.strip(), part.strip()) for part in value.split(",")]
            return found if kind == "users" and len(found) > 1 else found[0]
        return self._later(value) if kind in {"date", "datetime"} else self._called.get(value, value) if kind == "text" else value

    def _later(self, value: str) -> str:
        try:
            if "T" not in value:
                return (date.fromisoformat(value) + self._moved).isoformat()
            found = datetime.fromisoformat(value)
            if found.tzinfo and abs(found - self._story.began) <= _AT_HAND:
                return (found + self._later_by).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            return (found + timedelta(days=self._moved.days)).isoformat()
        except (ValueError, OverflowError):  # it shows a refusal
            return value
