"""Whether every expression means something: names that exist, types that fit, results of the right kind."""

from collections.abc import Mapping
from typing import Final, Literal

from engine.checks.codes import Lint
from engine.checks.outline import Document, Outline, Path, Place, outcomes
from engine.expressions import Compiler, ExpressionError, Guard
from engine.problems import Problem
from engine.procedure import branches
from engine.scope import END, Scopes, field_type

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
        kinds: path of each ``with`` to the type word of its result.
    """

    def __init__(self, outline: Outline, scopes: Scopes) -> None:
        self.problems: list[Problem] = []
        self.reads: set[str] = set()
        self.kinds: dict[Path, str] = {}
        self._outline = outline
        self._scopes = scopes
        self._compilers: dict[int, Compiler] = {}
        for step in outline.steps:
            self._step(step)
        for name, text in outline.document.get("results", {}).items():
            self._compile(END, text, ("results", name), "any")
        for name, kpi in outline.document.get("kpis", {}).items():
            if "value" in kpi:
                self._compile(END, kpi["value"], ("kpis", name, "value"), "any")

    def _step(self, step: Place) -> None:
        self._condition(step, step.doc, step.path)
        if "while" in step.doc:
            self._compile(step.id, step.doc["while"], (*step.path, "while"), "bool")
        for name, branch in branches(step.doc).items():
            self._condition(step, branch, (*step.path, step.kind, name))
        for name, way in outcomes(step).items():
            self._condition(step, way, (*step.path, "outcomes", name))
        for number, choice in enumerate(step.doc.get("decide", ())):
            self._condition(step, choice, (*step.path, "decide", number))
        for name, field in step.doc.get("form", {}).items():
            if "value" in field:
                self._computed(step, name, field)
        for item, text in step.doc.get("for_each", {}).items():
            self._items(step, text, (*step.path, "for_each", item))
        for name, text in step.doc.get("with", {}).items():
            path = (*step.path, "with", name)
            guard = self._compile(step.id, text, path, "any")
            if guard:
                self.kinds[path] = guard.type

    def _condition(self, step: Place, holder: Document, path: Path) -> None:
        if "when" in holder:
            self._compile(step.id, holder["when"], (*path, "when"), "bool")

    def _computed(self, step: Place, name: str, field: Document) -> None:
        path = (*step.path, "form", name, "value")
        guard = self._compile(step.id, field["value"], path, "any")
        if guard is None:
            return
        own = f"{step.id}.{name}"
        if own in guard.reads:
            self._tell(Lint.READS_ITSELF, f"{own} is computed from itself", path)
        elif guard.type not in _FITS[field_type(field)]:
            self._tell(Lint.RESULT_TYPE, f"a {field['type']} cannot take a {guard.type}", path, _hint(field, guard.type))

    def _items(self, step: Place, text: str, path: Path) -> None:
        guard = self._compile(step.id, text, path, "any")
        if guard and not guard.type.startswith("list") and guard.type != "dyn":
            hint = "name a multi_choice, users, checklist or table field, or one with many: true"
            self._tell(Lint.NOT_A_LIST, f"for_each goes over a list, and this is a {guard.type}", path, hint)

    def _compile(self, at: str, text: str, path: Path, result: Literal["bool", "any"]) -> Guard | None:
        names = self._scopes.at(at)
        if id(names) not in self._compilers:
            usable = {name: word for name, word in names.items() if name not in TYPE_NAMES}
            self._compilers[id(names)] = Compiler(usable)
        try:
            guard = self._compilers[id(names)].compile(text, result=result)
        except ExpressionError as error:
            if error.unknown:
                self._unknown(error, path, names)
            else:
                place = f" (at {error.line}:{error.column})" if error.column > 1 else ""
                self._tell(Lint.EXPRESSION, error.message + place, path, error.hint)
            return None
        self.reads |= guard.reads
        return guard

    def _unknown(self, error: ExpressionError, path: Path, names: Mapping[str, str]) -> None:
        root, dot, _ = error.unknown.partition(".")
        step = self._outline.by_id.get(root)
        hint = error.hint
        if step is not None and step.body and f"{root}.done" not in names:
            hint = f'the values of "{root}" are visible only inside the for_each "{step.body}"'
        elif not dot and any(name.startswith(f"{root}.") for name in names):
            hint = f"name one of its values, like {next(name for name in names if name.startswith(f'{root}.'))}"
        self._tell(Lint.UNKNOWN_NAME, error.message, path, hint)

    def _tell(self, code: Lint, message: str, path: Path, hint: str = "") -> None:
        self.problems.append(Problem(code, message, path, hint=hint))


def _hint(field: Document, given: str) -> str:
    if field_type(field) == "int" and given == "double":
        return "say how many decimals the field has"
    return "convert it: string(…)" if field_type(field) == "string" else ""
