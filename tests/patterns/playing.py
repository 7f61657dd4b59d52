"""What the tests of the patterns share: a definition that the checks accept, played from its start."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.check import check
from engine.definition import Definition
from engine.procedure import Procedure
from tests.engine.kit import ANA, Play, compiled, persons


def checked(steps: Sequence[Mapping[str, Any]], **more: Any) -> Procedure:  # noqa: ANN401 - parts of a document
    """A procedure of *steps* in which the checks find nothing wrong."""
    roles = compiled(steps).document["roles"]
    document = {
        "sop": "sample", "version": "1.0.0", "title": "Sample", "purpose": "To be tested.", "scope": "This test.",
        "owner": "lead", "roles": roles, "steps": list(steps), **more,
    }  # fmt: skip
    definition = Definition.model_validate(document)
    assert [problem for problem in check(definition) if problem.severity == "error"] == []
    return Procedure.compiled(definition)


def started(
    steps: Sequence[Mapping[str, Any]],
    *,
    given: Mapping[str, Any] | None = None,
    **more: Any,  # noqa: ANN401 - parts of a document
) -> Play:
    """A run of *steps*, started with the inputs *given*; Ana alone leads it, every other role is held by everybody."""
    return Play(checked(steps, **more)).start({"lead": persons(ANA)}, inputs=given)


def branch(*names: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of a document
    """Branches of one task each, called like their names."""
    return {name: [{"id": f"do_{name}", "role": "maker", **more}] for name in names}
