"""What a run of another SOP hands back, when it is not played itself."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from engine.procedure import Document
from engine.values import Value
from runners.simulating.filling import Filler

if TYPE_CHECKING:
    from engine.procedure import Procedure

_FIELDS: Final[Mapping[str, Document]] = {
    "string": {"type": "text"}, "int": {"type": "number"}, "double": {"type": "money"}, "bool": {"type": "bool"},
}  # fmt: skip
"""Type of an expression to a field of that type."""


def results(  # noqa: PLR0917 - everything that values come from
    step: str, procedure: "Procedure | None", filler: Filler, at: int, given: Mapping[str, Any], attempt: int
) -> dict[str, Value]:
    """Values for everything that runs of *procedure* hand back, as far as their types are known.

    Args:
        step: the step that waits for it.
        procedure: the other SOP; None for one that is not known, which hands back what is *given*.
        filler: makes the values.
        at: the instant.
        given: result to its value, or to a mapping of values to weights.
        attempt: how often it was tried before.
    """
    fields: dict[str, Document] = {}
    for name, text in procedure.document.get("results", {}).items() if procedure else ():
        root, _, field = text.strip().partition(".")
        source = procedure.steps.get(root) if procedure else None
        declared = source.form.get(field) if source else None
        if declared is None and procedure:
            declared = _FIELDS.get(procedure.guard("results", text, condition=False).type)
        if declared is not None:
            fields[name] = {key: value for key, value in declared.items() if key != "value"}
    fields |= {name: {"type": "text"} for name in given if name not in fields}
    return filler.step(step, fields, at, given, attempt)
