"""Whether every expression means something: names that exist, types that fit, results of the right kind."""

import re
from collections.abc import Mapping
from typing import Final, Literal

from engine import dates
from engine.checks.codes import Lint
from engine.checks.outline import Document, Outline, Path, Place, close, kinds, outcomes
from engine.expressions import Compiler, ExpressionError, Guard
from engine.forms import computed_columns
from engine.mentions import members
from engine.problems import Problem
from engine.procedure import branches, given
from engine.scope import END, KPI, ROW, Scopes, field_type
from engine.text import said
from engine.timers import dues

TYPE_NAMES: Final = frozenset(["bool", "bytes", "double", "dyn", "int", "list", "map", "null_type", "string", "type", "uint"])
"""Names of types in the expression language; a variable cannot take them, and the graph check says so."""

_FITS: Final = {
    "string": {"string", "dyn"}, "int": {"int", "dyn"}, "bool": {"bool", "dyn"}, "double": {"double", "int", "dyn"},
}  # fmt: skip
"""Type word of a computed field to those of the results that it takes."""


class Expressions:
    """Compiles every expression of a definition once, and remembers what they read and give.

    Attributes:
        problems: everything found.
        reads: dotted names that some expression reads.
        kinds: path of each ``with``, and of the value of each figure, to the type word of its result.
        figures: name of each figure to what its value reads.
        asked: where conditions ask for figures: step, path, and the names that they read.
    """

    def __init__(self, outline: Outline, scopes: Scopes) -> None:
        self.problems: list[Problem] = []
        self.reads: set[str] = set()
        self.kinds: dict[Path, str] = {}
        self.figures: dict[str, frozenset[str]] = {}
        self.asked: list[tuple[Place, Path, frozenset[str]]] = []
        self._outline = outline
        self._scopes = scopes
        self._compilers: dict[tuple[int, bool], Compiler] = {}
        self._fields = kinds(outline)
        for step in outline.steps:
            self._step(step)
        for name, text in outline.document.get("results", {}).items():
            self._compile(END, text, ("results", name), "any")
        for name, kpi in outline.document.get("kpis", {}).items():
            if "value" in kpi:
                path: Path = ("kpis", name, "value")
                if guard := self._compile(END, kpi["value"], path, "any"):
                    self.kinds[path], self.figures[name] = guard.type, guard.reads

    def _step(self, step: Place) -> None:
        self._condition(step, step.doc, step.path)
        if "while" in step.doc:
            self._asks(step, step.doc["while"], (*step.path, "while"))
        for name, branch in branches(step.doc).items():
            self._condition(step, branch, (*step.path, step.kind, name))
        for name, way in outcomes(step).items():
            self._condition(step, way, (*step.path, "outcomes", name))
        for number, choice in enumerate(step.doc.get("decide", ())):
            self._condition(step, choice, (*step.path, "decide", number))
        self._due(step)
        self._form(step)
        for item, text in step.doc.get("for_each", {}).items():
            self._items(step, text, (*step.path, "for_each", item))
        for root, name, text in given(step.doc):
            path = (*step.path, "with", name) if root == "inputs" else (*step.path, "with", root, name)
            guard = self._compile(step.id, text, path, "any")
            if guard:
                self.kinds[path] = guard.type
                if root == "parameters" and (seen := [n for n in sorted(guard.reads) if _sealed(n)]):
                    message = said(
                        'the parameter "{parameter}" would show what is in "{field}": parameters stand in the history as they are',
                        parameter=name,
                        field=seen[0],
                    )
                    self._tell(Lint.SHOWN, message, path, said("give it as an input"))

    def _due(self, step: Place) -> None:
        for number, (when, _) in enumerate(dues(step.doc)):
            if when:
                self._asks(step, when, (*step.path, "due", number, "when"))

    def _condition(self, step: Place, holder: Document, path: Path) -> None:
        if "when" in holder:
            self._asks(step, holder["when"], (*path, "when"))

    def _asks(self, step: Place, text: str, path: Path) -> None:
        guard = self._compile(step.id, text, path, "bool")
        if guard and (figures := {name for name in guard.reads if name.startswith(f"{KPI}.")}):
            self.asked.append((step, path, frozenset(figures)))

    def _form(self, step: Place) -> None:
        for name, field in step.doc.get("form", {}).items():
            path = (*step.path, "form", name)
            if "value" in field:
                self._computed(step, name, field, path)
            for column, body in computed_columns(field).items():
                self._column(step, field, column, body, (*path, "columns", column))

    def _computed(self, step: Place, name: str, field: Document, path: Path) -> None:
        guard = self._compile(step.id, field["value"], (*path, "value"), "any")
        if guard is not None and not self._not_yet(step, name, guard, path):
            self._fits(field, guard, path)

    def _column(self, step: Place, table: Document, name: str, column: Document, path: Path) -> None:
        hidden = next((n for n in self._scopes.at(step.id) if n.partition(".")[0] == ROW), "")
        if hidden:
            message = said('"{row}" is the row that is computed, and here it is also "{name}"', row=ROW, name=hidden)
            self._tell(Lint.NAME_CLASH, message, (*path, "value"), said("call the step or the item something else"))
            return
        guard = self._compile(step.id, column["value"], (*path, "value"), "any", row=True)
        if guard is None:
            return
        columns = list(table["columns"])
        later = [c for c in columns[columns.index(name) :] if c in computed_columns(table)]
        for member in sorted(members(column["value"], ROW)):
            if member not in columns:
                self._tell(
                    Lint.UNKNOWN_NAME,
                    said("there is no column {member} here", member=member),
                    (*path, "value"),
                    close(member, columns),
                )
            elif member in later:
                self._tell(Lint.READS_ITSELF, _from(member == name, f"row.{member}"), (*path, "value"), _BELOW)
        if not self._not_yet(step, path[-3], guard, path):
            self._fits(column, guard, path)

    def _not_yet(self, step: Place, name: str | int, guard: Guard, path: Path) -> bool:
        """Whether the field *name* reads what is computed after it, or itself."""
        form = list(step.doc["form"].items())
        place = [field for field, _ in form].index(str(name))
        for field, body in form[place:]:
            own = field == name and "columns" not in path
            cells = field != name and any(re.search(rf"\.{column}\b", guard.text) for column in computed_columns(body))
            if f"{step.id}.{field}" in guard.reads and ("value" in body or cells):
                self._tell(Lint.READS_ITSELF, _from(own, f"{step.id}.{field}"), (*path, "value"), "" if own else _BELOW)
                return True
        return False

    def _fits(self, field: Document, guard: Guard, path: Path) -> None:
        if field["type"] == "duration" and guard.type == "string":
            return  # a length of time as people write it
        if guard.type not in _FITS[field_type(field)]:
            self._tell(
                Lint.RESULT_TYPE,
                said("a {type} cannot take a {given}", type=field["type"], given=guard.type),
                (*path, "value"),
                _hint(field, guard.type),
            )

    def _items(self, step: Place, text: str, path: Path) -> None:
        guard = self._compile(step.id, text, path, "any")
        if guard and not guard.type.startswith("list") and guard.type != "dyn":
            hint = said("name a multi_choice, users, checklist or table field, or one with many: true")
            self._tell(Lint.NOT_A_LIST, said("for_each goes over a list, and this is a {type}", type=guard.type), path, hint)

    def _compile(self, at: str, text: str, path: Path, result: Literal["bool", "any"], *, row: bool = False) -> Guard | None:
        names = self._scopes.conditions(at) if result == "bool" else self._scopes.at(at)
        key = (id(names), row)
        if key not in self._compilers:
            usable = {name: word for name, word in names.items() if name not in TYPE_NAMES}
            self._compilers[key] = Compiler({**usable, ROW: "map"} if row else usable)
        try:
            guard = self._compilers[key].compile(text, result=result)
        except ExpressionError as error:
            if error.unknown:
                self._unknown(error, path, names)
            else:
                message = error.message
                if error.column > 1:
                    message = said("{message} (at {line}:{column})", message=message, line=error.line, column=error.column)
                self._tell(Lint.EXPRESSION, message, path, error.hint)
            return None
        self.reads |= guard.reads
        self._days(guard, path)
        return guard

    def _days(self, guard: Guard, path: Path) -> None:
        """What is wrong with how an expression counts days."""
        for slip in dates.slips(guard.text, self._fields):
            self._tell(Lint.UNCOUNTABLE, slip, path)
        if path[0] == "kpis" and guard.counts_days:
            message = said("a figure is taken without a calendar, and days are counted in one")
            self._tell(Lint.UNCOUNTABLE, message, path, said("count them in a computed field, and take the figure from there"))

    def _unknown(self, error: ExpressionError, path: Path, names: Mapping[str, str]) -> None:
        root, dot, _ = error.unknown.partition(".")
        step = self._outline.by_id.get(root)
        hint, code, message = error.hint, Lint.UNKNOWN_NAME, error.message
        if root == KPI and (found := self._figure(error.unknown, path)):
            code, message, hint = found
        elif step is not None and step.body and f"{root}.done" not in names:
            hint = said('the values of "{step}" are visible only inside the for_each "{for_each}"', step=root, for_each=step.body)
        elif not dot and any(name.startswith(f"{root}.") for name in names):
            hint = said(
                "name one of its values, like {example}", example=next(name for name in names if name.startswith(f"{root}."))
            )
        self._tell(code, message, path, hint)

    def _figure(self, name: str, path: Path) -> tuple[Lint, str, str] | None:
        """What is wrong with *name*, which asks for a figure; None where there is nothing better to say."""
        kpis = self._outline.document.get("kpis", {})
        figure = name.split(".")[1] if "." in name else ""
        if figure and figure not in kpis:
            return Lint.UNKNOWN_NAME, said("there is no figure {figure} here", figure=figure), close(figure, kpis)
        if figure and "value" not in kpis[figure]:
            message = said('the figure "{figure}" is measured outside, and no run knows it', figure=figure)
            return Lint.KPI_STEP, message, said("give it a value")
        if figure and path[-1] not in {"when", "while"}:
            return Lint.KPI_STEP, said("only conditions ask for figures"), said("read what the figure is computed from")
        return None

    def _tell(self, code: Lint, message: str, path: Path, hint: str = "") -> None:
        self.problems.append(Problem(code, message, path, hint=hint))


_BELOW: Final = said("put it above: a form is computed from top to bottom")


def _from(itself: bool, name: str) -> str:  # noqa: FBT001 - the question itself
    return (
        said("{name} is computed from itself", name=name)
        if itself
        else said("it is computed from {name}, which is computed later", name=name)
    )


def _sealed(name: str) -> bool:
    """Whether a dotted name stands for something that somebody filled in, of which the history holds a commitment only."""
    root, _, rest = name.partition(".")
    return root not in {"parameters", "run"} and rest not in {"outcome", "done", "rounds", "completed_at"}


def _hint(field: Document, given: str) -> str:
    if field_type(field) == "int" and given == "double":
        return said("say how many decimals the field has, or make it whole: int(…)")
    return said("convert it: string(…)") if field_type(field) == "string" else ""
