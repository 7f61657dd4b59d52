"""What an expression reads: the values that count now, under the names that are visible at a step."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from engine.procedure import Document, Procedure
from engine.scope import KPI, field_type
from engine.state import State, Token
from engine.timers import seconds
from engine.values import Value

_SPECIAL: Final = frozenset({"outcome", "done", "rounds", "completed_at"})
"""What every step has in expressions; not its own fields."""


def scopes(state: State, token: Token | None) -> list[str]:
    """Prefixes of paths to look in, innermost item first; the run's own (empty) comes last."""
    found: list[str] = []
    while token is not None:
        if token.scope and (not found or found[-1] != token.scope):
            found.append(token.scope)
        token = state.tokens.get(token.parent) if token.parent is not None else None
    return [*found, ""]


def cells(value: Value, columns: Mapping[str, Document]) -> Value:
    """A table or one of its rows, each cell with the type of its column."""
    if isinstance(value, list):
        return [cells(row, columns) for row in value]
    return {name: converted(cell, field_type(columns[name])) for name, cell in value.items()} if value is not None else None


def converted(value: Value, word: str) -> Value:
    """*value* as the expression language takes it: decimals as doubles, files by name of content."""
    if word == "double" and isinstance(value, str):
        return float(value)
    if word == "int" and isinstance(value, str):
        return seconds(value)
    if isinstance(value, dict) and "sha256" in value:
        return value["sha256"]
    if isinstance(value, list) and word == "list(string)":
        return [converted(item, "string") for item in value]
    return value


def exact(value: Value) -> Value:
    """What an expression gave, as it may be kept: floating point numbers as decimal text with at most six digits.

    No field keeps more digits, and what comes out of a division is never exact.
    """
    if isinstance(value, float):
        text = f"{Decimal(repr(value)):.6f}".rstrip("0").rstrip(".")
        return "0" if text == "-0" else text
    if isinstance(value, list):
        return [exact(item) for item in value]
    if isinstance(value, dict):
        return {key: exact(item) for key, item in value.items()}
    return value


class View:
    """The names visible to a token, answered from state and values.

    Args:
        procedure: whose names.
        state: which tasks are done, and which values count.
        values: path to value.
        token: where the question is asked; None for the run as a whole.
        run: its name, which no state holds.
    """

    __slots__ = ("_procedure", "_run", "_scopes", "_state", "_token", "_values")

    def __init__(
        self, procedure: Procedure, state: State, values: Mapping[str, Value], token: Token | None = None, run: str = ""
    ) -> None:
        self._procedure = procedure
        self._state = state
        self._values = values
        self._token = token
        self._run = run
        self._scopes = scopes(state, token)

    def value(self, name: str) -> Value:
        """The value of a dotted name as stored; None where there is none."""
        for scope in self._scopes:
            path = scope + name
            if path in self._state.values:
                return self._values.get(path)
        return None

    def field(self, name: str) -> Value:
        """The value of a field, or of a column of the item that is gone over; None where there is none."""
        root, _, column = name.partition(".")
        row = self.value(root)
        return row.get(column) if isinstance(row, dict) else self.value(name)

    def parameter(self, name: str) -> Value:
        """The value of a parameter: the run's own, or the definition's default."""
        if name in self._state.parameters:
            return self._state.parameters[name]
        return self._procedure.default(name)

    def _special(self, step: str, what: str) -> Value:
        seen = (self._state.counts, self._state.outcomes)
        where = next((scope + step for scope in self._scopes if any(scope + step in found for found in seen)), step)
        if what == "outcome":
            return self._state.outcomes.get(where, "")
        if what == "branch":
            return self._state.outcomes.get(f"{where}.branch", "")
        if what == "done":
            return where in self._state.outcomes
        if what == "completed_at":
            return self._state.done_at.get(where)
        return self._state.counts.get(where, 0)

    def raw(self, name: str) -> Value:
        """What a declared name stands for, as it is stored; None where there is nothing."""
        root, _, rest = name.partition(".")
        if root == "parameters":
            return self.parameter(rest)
        if root == "run":
            return {"drill": self._state.drill, "started_at": self._state.started}.get(rest, self._run)
        if root == KPI and "." in rest:
            return self._figure(*rest.split("."))
        step = self._procedure.steps.get(root)
        if step and (rest in _SPECIAL or (rest == "branch" and step.kind == "first")):
            return self._special(root, rest)
        if rest == "results" and root in self._procedure.steps:
            return self._results(root)
        return self.value(name)

    def _figure(self, name: str, part: str) -> Value:
        """``met``, ``value`` or ``target`` of a figure in this run; the form that is just being handed in counts already."""
        from engine.kpis import measure  # figures read views

        doing = self._token.at if self._token else ""
        one = measure(self._procedure, name, self._state, self._values, self._run, doing)
        if part == "met":
            return one.met
        number = one.value if part == "value" else one.goal
        return None if number is None else str(number)

    def _results(self, step: str) -> dict[str, Value]:
        for scope in self._scopes:
            prefix = f"{scope}{step}.results."
            found = {p.removeprefix(prefix): self._values.get(p) for p in self._state.values if p.startswith(prefix)}
            if found:
                return found
        return {}

    def _columns(self, name: str, token: Token | None) -> Mapping[str, Document]:
        """The columns of the table that *name* stands for at *token*, or whose row it is; nothing for other names."""
        root, _, field = name.partition(".")
        if field:
            step = self._procedure.steps.get(root)
            fields = step.form if step else self._procedure.document.get(root, {})
            found: Mapping[str, Document] = fields.get(field, {}).get("columns", {})
            return found
        while token is not None:
            around = self._state.tokens[token.parent] if token.parent is not None else None
            if token.name == name:
                return self._columns(self._procedure.steps[token.step].doc["for_each"][name].strip(), around)
            token = around
        return {}

    def names(self, reads: Iterable[str], words: Mapping[str, str]) -> dict[str, Value]:
        """The values of the names in *reads*, without those that are absent.

        Args:
            reads: dotted names.
            words: their type words.
        """
        read = {}
        for name in reads:
            word = words[name]
            columns = self._columns(name, self._token) if word in {"list(map)", "map", "dyn"} else {}
            value = cells(self.raw(name), columns) if columns else converted(self.raw(name), word)
            if value is not None:
                read[name] = value
        return read
