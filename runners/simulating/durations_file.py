"""The file that says how long things take, read and checked against the procedure it is for."""

import re
from collections.abc import Callable, Iterable, Mapping
from math import isfinite
from typing import Any, Final

from engine.problems import Problem
from engine.procedure import Document, Procedure
from runners.messages import meant
from runners.simulating.pace import Durations, Plan, Span, clock, work
from runners.tongue import marked, spoken

CODE: Final = "SOP-U04"
"""The code of everything that can be wrong with such a file."""
_SPAN: Final = ("min", "mode", "max", "fixed")
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")
_LENGTH: Final = marked("a length of time is expected here, like 45 min, 4h, 2 days or PT90M")
_WEIGHED: Final = frozenset({"choice", "bool", "text"})

Path = tuple[str | int, ...]


def read_durations(text: bytes, procedure: Procedure) -> tuple[Durations | None, tuple[Problem, ...]]:
    """What the file says for *procedure*, or every problem with its place. Never raises for what the bytes hold."""
    from engine.parse import read_plain

    plain = read_plain(text)
    if any(problem.severity == "error" for problem in plain.problems):
        return None, plain.problems
    reader = _Reader(procedure)
    durations = reader.whole(plain.document)
    problems = tuple(plain.places.placed(reader.problems))
    return (None, problems) if problems else (durations, ())


class _Reader:
    """Checks plain data; keeps what is right and notes what is not."""

    def __init__(self, procedure: Procedure) -> None:
        self.problems: list[Problem] = []
        self._procedure = procedure
        self._day = 0

    def whole(self, document: object) -> Durations:
        body = self._mapping(document, (), ("hours", "on_call", "default", "roles", "steps", "inputs", "signals"))
        opens, closes, every_day = self._hours(body.get("hours", {}))
        self._day = closes - opens
        roles = self._named(
            body.get("roles", {}), ("roles",), self._procedure.document["roles"], marked("{sop} has no role {name}")
        )
        people = {step.id: step for step in self._procedure.steps.values() if step.role or step.kind in {"run", "wait"}}
        steps = self._named(
            body.get("steps", {}), ("steps",), people, marked("{sop} has no step of a person, of a child run or of a wait {name}")
        )
        signals = self._named(
            body.get("signals", {}), ("signals",), self._procedure.document.get("signals", {}), marked("{sop} has no signal {name}")
        )
        return Durations(
            opens, closes, every_day,
            self._span(body["default"], ("default",), self._work) if "default" in body else None,
            {role: span for role, one in roles.items() if (span := self._span(one, ("roles", role), self._work))},
            {step: self._plan(step, one) for step, one in steps.items()},
            self._given(body.get("inputs", {}), ("inputs",), self._procedure.document.get("inputs", {})),
            {name: None if one == "never" else self._span(one, ("signals", name), clock) for name, one in signals.items()},
            *self._on_call(body.get("on_call", {})),
        )  # fmt: skip

    def _wrong(self, message: str, path: Path, hint: str = "", *, key: bool = False) -> None:
        self.problems.append(Problem(CODE, message, path, hint=hint, facts={"at": "key"} if key else {}))

    def _mapping(self, value: object, path: Path, keys: Iterable[str]) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            self._wrong(spoken("a mapping is expected here"), path)
            return {}
        keys = list(keys)
        for key in value:
            if key not in keys:
                self._wrong(spoken("there is no key {key} here", key=key), (*path, key), meant(str(key), keys), key=True)
        return value

    def _named(self, value: object, path: Path, known: Iterable[str], what: str) -> dict[str, Any]:
        """The parts of *value*, whose keys must be *known*."""
        if not isinstance(value, dict):
            self._wrong(spoken("a mapping is expected here"), path)
            return {}
        names = list(known)
        for key in value:
            if key not in names:
                self._wrong(spoken(what, sop=self._procedure.sop, name=key), (*path, key), meant(str(key), names), key=True)
        return {key: one for key, one in value.items() if key in names}

    def _hours(self, value: object) -> tuple[int, int, bool]:
        body = self._mapping(value, ("hours",), ("from", "to", "days"))
        found = []
        for key, ordinary in (("from", "09:00"), ("to", "18:00")):
            text = body.get(key, ordinary)
            if not isinstance(text, str) or not _CLOCK.fullmatch(text):
                self._wrong(spoken("a time of the day is expected here, like 09:00"), ("hours", key))
                text = ordinary
            found.append(int(text[:2]) * 3_600 + int(text[3:]) * 60)
        if found[1] <= found[0]:
            self._wrong(spoken("work ends before it begins"), ("hours", "to" if "to" in body else "from"))
            found = [0, 86_400]
        if (days := body.get("days", "business")) not in {"business", "all"}:
            self._wrong(spoken("business or all is expected here"), ("hours", "days"))
        return found[0], found[1], days == "all"

    def _on_call(self, value: object) -> tuple[int, Span]:
        """Within what something is due that is begun at any hour, in seconds, and how long that takes whoever is called."""
        ordinary = Durations()
        if value == "nobody":
            return 0, ordinary.reacts
        body = self._mapping(value, ("on_call",), ("due", "reacts"))
        urgent = self._length(body["due"], ("on_call", "due"), clock) if "due" in body else ordinary.urgent
        reacts = self._span(body["reacts"], ("on_call", "reacts"), clock) if "reacts" in body else None
        return urgent, reacts or ordinary.reacts

    def _work(self, text: str) -> int:
        return work(text, self._day)

    def _length(self, value: object, path: Path, means: Callable[[str], int]) -> int:
        try:
            if isinstance(value, str):
                return means(value)
        except (ValueError, OverflowError):
            pass
        self._wrong(spoken(_LENGTH), path)
        return 0

    def _span(self, value: object, path: Path, means: Callable[[str], int], more: Iterable[str] = ()) -> Span | None:
        """The lengths in *value*: a fixed one, or at least, mostly and at most; None where none are given."""
        if not isinstance(value, dict):
            found = self._length(value, path, means)
            return Span(found, found, found)
        body = self._mapping(value, path, (*_SPAN, *more))
        given = {key: self._length(body[key], (*path, key), means) for key in _SPAN if key in body}
        if "fixed" in given:
            if len(given) > 1:
                self._wrong(spoken("fixed stands alone, without min, mode and max"), (*path, "fixed"), key=True)
            return Span(given["fixed"], given["fixed"], given["fixed"])
        if not given:
            if not more:
                self._wrong(spoken("min and max are expected here, or fixed"), path)
            return None
        if missing := [key for key in ("min", "max") if key not in given]:
            self._wrong(
                spoken(
                    "{keys} is missing",
                    keys=spoken("{one} and {other}", one=missing[0], other=missing[1]) if missing[1:] else missing[0],
                ),
                path,
            )
            return None
        low, high = given["min"], given["max"]
        mode = given.get("mode", (low + high) // 2)
        if not low <= mode <= high:
            self._wrong(
                spoken("min, mode and max are in this order, the shortest first"), (*path, "mode" if "mode" in given else "max")
            )
        return Span(low, mode, high)

    def _plan(self, name: str, value: object) -> Plan:
        step, path = self._procedure.steps[name], ("steps", name)
        means = self._work if step.role else clock
        span = self._span(value, path, means, ("outcomes", "set"))
        if not isinstance(value, dict):
            return Plan(span)
        # A child run that names no ends may end in any way; a wait has none.
        known = list(step.outcomes)
        names = None if step.kind == "run" and not known else known
        outcomes = self._weights(value.get("outcomes", {}), (*path, "outcomes"), names)
        fields = None if step.kind == "run" else self._fields(name)
        return Plan(span, outcomes, self._given(value.get("set", {}), (*path, "set"), fields))

    def _fields(self, name: str) -> Mapping[str, Document]:
        step = self._procedure.steps[name]
        if step.kind != "wait":
            return step.form
        signal = self._procedure.document.get("signals", {}).get(step.doc["wait"].get("signal"), {})
        found: Mapping[str, Document] = signal.get("form", {})
        return found

    def _weights(self, value: object, path: Path, known: Iterable[str] | None) -> dict[str, float]:
        if not isinstance(value, dict):
            self._wrong(spoken("a mapping of names to weights is expected here"), path)
            return {}
        names = [str(key) for key in value] if known is None else list(known)
        for name, weight in value.items():
            if name not in names:
                self._wrong(spoken("there is no {name} here", name=name), (*path, name), meant(str(name), names), key=True)
            elif isinstance(weight, bool) or not isinstance(weight, int | float) or not isfinite(weight) or weight < 0:
                self._wrong(spoken("a weight is a number from 0 on"), (*path, name))
        found = {str(name): float(w) for name, w in value.items() if isinstance(w, int | float) and w >= 0}
        if value and not any(found.values()):
            self._wrong(spoken("one weight at least is greater than 0"), path)
        return found

    def _given(self, value: object, path: Path, fields: Mapping[str, Document] | None) -> dict[str, Any]:
        """What is filled in: field to its value, or to weights of values; *fields* is None where nobody knows them."""
        if not isinstance(value, dict):
            self._wrong(spoken("a mapping of fields to values is expected here"), path)
            return {}
        found = {}
        for name, one in value.items():
            field = (fields or {}).get(name, {"type": "text"} if fields is None else None)
            if field is None or "value" in field:
                names = [key for key, known in (fields or {}).items() if "value" not in known]
                self._wrong(
                    spoken("there is no field {name} that somebody fills in", name=name),
                    (*path, name),
                    meant(str(name), names),
                    key=True,
                )
            elif isinstance(one, dict):
                found[name] = self._choices(one, (*path, name), field)
            else:
                self._readable(one, (*path, name), field)
                found[name] = one
        return found

    def _choices(self, value: dict[str, Any], path: Path, field: Document) -> dict[str, float]:
        if field["type"] not in _WEIGHED:
            self._wrong(spoken("only a choice, a yes or no, or a text has weights"), path)
            return {}
        options = {"choice": [*field.get("options", ())], "bool": ["true", "false"]}.get(field["type"])
        return self._weights(value, path, options)

    def _readable(self, value: object, path: Path, field: Document) -> None:
        from engine.forms import read

        if field["type"] not in {"user", "users", "file"} and (expected := read(field, value)[1]):
            self._wrong(spoken("expected {expected}", expected=expected), path)
