"""Which names an expression may use at a step, and the type of each.

Works on the canonical document, so that checking a definition and running it give the same answer. A name is dotted:
``STEP.FIELD`` (of a wait: what its signal brought), ``STEP.outcome``, ``STEP.done``, ``STEP.completed_at``, ``STEP.rounds``,
``STEP.results`` of a child run, ``STEP.branch`` of alternatives, ``inputs.FIELD``, ``parameters.FIELD``, ``run.drill``,
``run.name``, ``run.started_at``, and the item of a for-each. The names of a step inside a for-each, and its item, are visible
only inside it: outside there are as many of them as there are items. Conditions see ``kpi.NAME.met``, ``kpi.NAME.value`` and
``kpi.NAME.target`` besides.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from engine.procedure import branches

Document = Mapping[str, Any]

END: Final = "results"
"""What :meth:`Scopes.at` calls the place after all steps, where ``results`` and ``kpis`` are computed."""

ROW: Final = "row"
"""What a computed column calls the row that it is computed in."""

KPI: Final = "kpi"
"""The root of the names of figures, which conditions see: ``kpi.NAME.met``."""

_FIGURE: Final[Mapping[str, str]] = {"met": "bool", "value": "double", "target": "double"}

FIELD_RESERVED: Final = frozenset({"outcome", "done", "rounds", "results", "completed_at"})
"""What a form field may not be called, because ``STEP.…`` already means something."""

_WORDS: Final = {
    "rating": "int", "duration": "int", "percent": "double", "money": "double", "bool": "bool",
    "multi_choice": "list(string)", "users": "list(string)", "checklist": "list(string)", "table": "list(map)",
}  # fmt: skip
_NAME: Final = re.compile(r"\s*([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)\s*")
_ITEMS: Final = {"list(string)": "string", "list(map)": "map"}


def field_type(field: Document) -> str:
    """The type word of a field, an input or a parameter as expressions see it."""
    kind = field["type"]
    if field.get("many"):
        return "list(string)"
    if kind == "number":
        return "double" if field.get("decimals") else "int"
    return _WORDS.get(kind, "string")


def field_types(fields: Mapping[str, Document], root: str) -> dict[str, str]:
    """Dotted name to type word for all *fields*, each under *root*."""
    return {f"{root}.{name}": field_type(field) for name, field in fields.items()}


class Scopes:
    """The visible names of every step of one document; each set is made once, when first asked for.

    Args:
        document: a canonical document.
    """

    __slots__ = ("_asked", "_bodies", "_document", "_inside", "_names")

    def __init__(self, document: Document) -> None:
        self._document = document
        self._bodies: dict[str, tuple[str, Document]] = {}  # for-each step -> the body around it, and the step
        self._inside = dict(self._place(document["steps"], ""))
        self._names: dict[str, Mapping[str, str]] = {}
        self._asked: dict[str, Mapping[str, str]] = {}

    def at(self, step: str) -> Mapping[str, str]:
        """Dotted name to type word for the expressions of *step*, or at the end for ``results``.

        Raises:
            KeyError: there is no such step.
        """
        return self._visible(self._body(step))

    def conditions(self, step: str) -> Mapping[str, str]:
        """The same for the conditions of *step*, which also ask how figures stand. Figures measured outside have no names.

        What is computed does not see them: a figure is made of what is computed, and not the other way round.
        """
        body = self._body(step)
        if body not in self._asked:
            kpis = self._document.get("kpis", {})
            figures = {f"{KPI}.{name}.{part}": word for name in kpis if "value" in kpis[name] for part, word in _FIGURE.items()}
            self._asked[body] = {**self._visible(body), **figures} if figures else self._visible(body)
        return self._asked[body]

    def inside(self, step: str) -> Mapping[str, str]:
        """The same for the body of the for-each *step*, item included."""
        return self._visible(step)

    def _body(self, step: str) -> str:
        return "" if step == END and END not in self._inside else self._inside[step]

    def _place(self, steps: Sequence[Document], body: str) -> Iterator[tuple[str, str]]:
        for step in steps:
            yield step["id"], body
            for branch in branches(step).values():
                yield from self._place(branch["steps"], body)
            if "for_each" in step:
                self._bodies[step["id"]] = (body, step)
                yield from self._place(step["steps"], step["id"])

    def _visible(self, body: str) -> Mapping[str, str]:
        found = self._names.get(body)
        if found is None:
            found = self._names[body] = self._of_item(body) if body else self._of_run()
        return found

    def _of_run(self) -> dict[str, str]:
        document = self._document
        return {
            **field_types(document.get("inputs", {}), "inputs"),
            **field_types(document.get("parameters", {}), "parameters"),
            "run.drill": "bool",
            "run.name": "string",
            "run.started_at": "string",
            **_of_steps(document["steps"], document.get("signals", {})),
        }

    def _of_item(self, body: str) -> dict[str, str]:
        around, step = self._bodies[body]
        names = dict(self._visible(around))
        for item, expression in step["for_each"].items():
            direct = _NAME.fullmatch(expression)
            # Only a plain name says what its items are; of anything else the library finds out when it is evaluated.
            names[item] = _ITEMS.get(names.get(direct[1], "") if direct else "", "dyn")
        names.update(_of_steps(step["steps"], self._document.get("signals", {})))
        return names


def names(document: Document) -> Scopes:
    """The visible names of every step of a canonical *document*."""
    return Scopes(document)


def _of_steps(steps: Sequence[Document], signals: Mapping[str, Document]) -> dict[str, str]:
    found: dict[str, str] = {}
    for step in steps:
        name = step["id"]
        if "decide" in step or step.get("detached"):
            continue  # it holds nothing: it asks, or does not wait for what it starts
        found[f"{name}.outcome"] = "string"
        found[f"{name}.done"] = "bool"
        found[f"{name}.completed_at"] = "string"
        if "role" in step or "approval" in step:
            found[f"{name}.rounds"] = "int"
            found.update(field_types(step.get("form", {}), name))
        elif "run" in step:
            found[f"{name}.results"] = "map"
        elif signal := step.get("wait", {}).get("signal"):
            found.update(field_types(signals.get(signal, {}).get("form", {}), name))
        if "first" in step:
            found[f"{name}.branch"] = "string"
        for branch in branches(step).values():
            found.update(_of_steps(branch["steps"], signals))
    return found
