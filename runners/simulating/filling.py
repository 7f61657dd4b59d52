"""Forms filled in by the dice: values that a field takes, and on every further try others."""

import random
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from engine.forms import computed_columns, read
from engine.procedure import Document
from engine.readers import STARS, decimals
from engine.values import Value
from runners.simulating.examples import Told
from runners.simulating.pace import weighed
from runners.stories.cast import file

_TEXTS: Final = (
    "simulated", "#simulated", "2026-01", "ABC", "A-1", "1", "SIM-1", "sim", "@sim", "2026-W01", "2026-Q1", "+49 30 1234567",
    "a@example.org", "https://example.org/", "00:00", "1.0.0",
)  # fmt: skip
"""What is tried for a text with a pattern."""
_PLAIN: Final = {"duration": "PT4H", "url": "https://example.org/simulated", "run": "SIM-1"}
_CONSTANT: Final = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
_LEAVING_OUT: Final = 0.3
_DATES: Final = ((1, 14), (0, 60), (-30, 30), (-365, 365))
"""Days from now between which a date lies, on the first tries and on later ones."""
_DECIDING: Final = frozenset({"bool", "choice"})
"""Types of what decides where a run goes."""
_ODD: Final = 12
"""After so many tries in vain, extremes and numbers out of the conditions are tried more often."""


def constants(texts: Sequence[str]) -> tuple[str, ...]:
    """Every number that stands in expressions."""
    return tuple(dict.fromkeys(found for text in texts for found in _CONSTANT.findall(text)))


class Filler:
    """Fills in forms.

    The first try follows an example, but for what decides where a run goes (choices, yes and no); the second follows it
    altogether. Later ones are drawn freely, or follow other examples.

    Args:
        dice: what is drawn from.
        people: pseudonyms that can be named.
        numbers: what conditions compare with.
        examples: what others filled in; the first is followed.
    """

    def __init__(
        self, dice: random.Random, people: Sequence[str], numbers: Sequence[str] = (), examples: Sequence[Told] = ()
    ) -> None:
        self._dice = dice
        self._people = list(people)
        self._numbers = list(numbers)
        self._examples = list(examples)

    def step(
        self, name: str, fields: Mapping[str, Document], at: int, given: Mapping[str, Any], attempt: int = 0
    ) -> dict[str, Value]:
        """As ``form``, after the examples for the step *name*."""
        drawn = self.form(fields, at, given, attempt)
        if not self._examples or (attempt > 1 and attempt % 2):
            return drawn
        told = self._examples[0] if attempt < 2 else self._dice.choice(self._examples)  # noqa: PLR2004 - twice the same one
        example = told.values(name, fields)
        if not example:
            return drawn
        free = [key for key, field in fields.items() if key in given or (not attempt and field["type"] in _DECIDING)]
        return {**example, **{key: value for key, value in drawn.items() if key in free or (not attempt and key not in example)}}

    def form(self, fields: Mapping[str, Document], at: int, given: Mapping[str, Any], attempt: int = 0) -> dict[str, Value]:
        """Values for *fields*: on the first try for all of them, later without some that are not required.

        Args:
            fields: name to declaration; computed ones are left out.
            at: the instant, for dates.
            given: field to its value, or to a mapping of values to weights.
            attempt: how often it was tried before.
        """
        values: dict[str, Value] = {}
        for name, field in fields.items():
            if "value" in field:
                continue
            if name in given:
                values[name] = self._given(given[name], field)
            elif field.get("required") or not attempt or self._dice.random() >= _LEAVING_OUT:
                values[name] = self.value(field, at, attempt)
        return values

    def _given(self, value: Any, field: Document) -> Value:  # noqa: ANN401 - whatever the file holds
        if not isinstance(value, dict):
            return value
        drawn = weighed(self._dice, value)
        return drawn == "true" if field["type"] == "bool" else drawn

    def value(self, field: Document, at: int, attempt: int = 0) -> Value:
        """A value that *field* takes, as far as one is found; arguments as of ``form``."""
        if "default" in field and not attempt:
            return field["default"]
        if field.get("many"):
            return [self._one(field, at, attempt)]
        return self._one(field, at, attempt)

    def _one(self, field: Document, at: int, attempt: int) -> Value:  # noqa: C901, PLR0911 - one line for each type
        dice = self._dice
        kind: str = field["type"]
        match kind:
            case "text" | "longtext":
                return self._text(field)
            case "number" | "money" | "percent" | "rating":
                return self._number(field, attempt)
            case "date" | "datetime":
                return self._date(field, at, attempt)
            case "bool":
                return dice.random() < 0.5  # noqa: PLR2004 - either is as good
            case "choice":
                return dice.choice(list(field["options"]))
            case "multi_choice":
                return self._several(list(field["options"]), field)
            case "checklist":
                return list(field["items"])
            case "user":
                return dice.choice(self._people) if self._people else ""
            case "users":
                return self._several(self._people, field)
            case "table":
                return self._table(field, at, attempt)
            case _:
                return file("simulated.txt") if kind == "file" else _PLAIN[kind]

    def _text(self, field: Document) -> str:
        least = int(field.get("min", 0))
        found = "simulated".ljust(least, "d")
        if "max" in field:
            found = found[: int(field["max"])]
        if "pattern" not in field:
            return found
        return next((text for text in _TEXTS if not read(field, text)[1]), found)

    def _number(self, field: Document, attempt: int) -> Value:
        dice, digits = self._dice, decimals(field)
        stars = field["type"] == "rating"
        ceiling = {"percent": 100, "rating": STARS}.get(field["type"])
        low = Decimal(str(field.get("min", 1 if stars else 0)))
        high = Decimal(str(field["max"])) if "max" in field else None
        top = high if high is not None else Decimal(ceiling) if ceiling else max(low * 2, low + 100)
        if attempt and dice.random() < (0.8 if attempt > _ODD else 0.4):
            near = [Decimal(text) + more for text in self._numbers for more in (0, 0, 0, -1, 1)]
            fit = [number for number in near if number >= low and (high is None or number <= high)]
            return self._written(dice.choice([low, top, *fit]), 0 if stars else digits)
        return self._written(low + (top - low) * Decimal(dice.randrange(1_001)) / 1_000, 0 if stars else digits)

    @staticmethod
    def _written(number: Decimal, digits: int) -> Value:
        return f"{number:.{digits}f}" if digits else int(number)

    def _date(self, field: Document, at: int, attempt: int) -> str:
        first, last = _DATES[min(attempt // 3, len(_DATES) - 1)]
        found = datetime.fromtimestamp(at, UTC) + timedelta(days=self._dice.randint(first, last))
        text = found.date().isoformat() if field["type"] == "date" else found.strftime("%Y-%m-%dT%H:%M:%SZ")
        return min(max(text, str(field.get("min", text))), str(field.get("max", text)))

    def _several(self, names: Sequence[str], field: Document) -> list[str]:
        low = int(field.get("min", 1))
        high = max(low, min(int(field.get("max", 3)), 3, len(names)))
        count = min(len(names), self._dice.randint(low, high))
        found = self._dice.sample(list(names), count)
        return [name for name in names if name in found]

    def _table(self, field: Document, at: int, attempt: int) -> list[dict[str, Value]]:
        low = int(field.get("min", 1))
        rows = self._dice.randint(low, max(low, min(int(field.get("max", 3)), 3)))
        columns = {name: column for name, column in field["columns"].items() if name not in computed_columns(field)}
        return [self.form(columns, at, {}, attempt) for _ in range(rows)]
