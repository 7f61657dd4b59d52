"""What the models of the format refuse, beside what their types say."""

from typing import Any

import pytest
from pydantic import ValidationError

from engine.definition import Definition
from engine.fields import Column, FormField, Parameter
from engine.problems import DefinitionError, Problem
from engine.steps import Choice, Outcome, ParallelStep, RunStep
from tests.engine.kit import compiled, task

SOURCED = {"source": "us", "confidence": "team"}
COLUMNS = {"a": {"type": "text"}}

BAD: list[tuple[type[Any], dict[str, Any], str]] = [
    (FormField, {"type": "choice"}, "a choice needs options"),
    (FormField, {"type": "text", "options": ["a"]}, "a text takes no options"),
    (FormField, {"type": "choice", "options": ["a", "a"]}, "stands in the list twice"),
    (FormField, {"type": "checklist"}, "a checklist needs items"),
    (FormField, {"type": "text", "items": ["a"]}, "a text takes no items"),
    (FormField, {"type": "text", "decimals": 2}, "decimals means nothing for a text"),
    (FormField, {"type": "user", "many": True}, "many means nothing for a user"),
    (FormField, {"type": "duration", "min": 3}, "min and max mean nothing for a duration"),
    (FormField, {"type": "table"}, "a table needs columns"),
    (FormField, {"type": "text", "columns": COLUMNS}, "a text takes no columns"),
    (FormField, {"type": "text", "label": "a\x1bb"}, r"control character U\+001B"),
    (FormField, {"type": "number", "value": "1", "required": True}, "neither required nor has it a default"),
    (FormField, {"type": "url", "value": "1"}, "a url cannot be computed"),
    (Column, {"type": "users"}, "a column cannot be a users"),
    (Column, {"type": "text", "many": True}, "a column cannot be a list"),
    (Column, {"type": "text", "value": "row.a", "required": True}, "a computed column is not required"),
    (Column, {"type": "user", "value": "row.a"}, "a user cannot be computed"),
    (Parameter, {"type": "text", **SOURCED}, "either a default or"),
    (Parameter, {"type": "text", "default": "a", "required": True, **SOURCED}, "either a default or"),
    (Parameter, {"type": "file", "required": True, **SOURCED}, "a parameter is a plain value"),
    (Outcome, {"rounds": 2}, "rounds and then go together"),
    (RunStep, {"id": "a", "run": "b", "with": {"x": {"y": "1"}}}, "every other name is an input"),
    (RunStep, {"id": "a", "run": "b", "with": {"parameters": "1"}}, "holds parameters by name"),
    (Choice, {"when": "true", "to": "next", "then": "end"}, "rounds and then go together"),
]


@pytest.mark.parametrize(("model", "given", "said"), BAD, ids=[f"{model.__name__}-{n}" for n, (model, _, _) in enumerate(BAD)])
def test_what_means_nothing_is_refused(model: type[Any], given: dict[str, Any], said: str) -> None:
    """A key that does not fit the type, or two that do not fit each other, is refused with what is wrong."""
    with pytest.raises(ValidationError, match=said):
        model.model_validate(given)


def test_short_forms_mean_the_long_ones() -> None:
    """A target for an outcome, a list for a branch and for options, a text for a map of texts: both ways are one document."""
    short = {
        "id": "both",
        "parallel": {"a": [task("x", outcomes={"done": "next"}, form={"r": {"type": "choice", "options": ["lo"]}})]},
    }
    field = {"type": "choice", "options": {"lo": {"": "lo"}}}
    long = {"id": "both", "parallel": {"a": {"steps": [task("x", outcomes={"done": {"to": "next"}}, form={"r": field})]}}}
    assert compiled([short]).fingerprint == compiled([long]).fingerprint


def test_a_document_may_be_made_of_models() -> None:
    """A definition is also built from steps that are models already."""
    document = dict(compiled([task("x")]).document)
    step = ParallelStep.model_validate({"id": "both", "parallel": {"a": [task("x")]}})
    assert Definition.model_validate({**document, "steps": [step]}).steps == [step]


def test_an_unusable_document_says_its_first_problems() -> None:
    """The exception holds all problems and names three."""
    problems = [Problem(f"SOP-L00{n}", "that is wrong") for n in range(5)]
    error = DefinitionError(problems)
    assert error.problems == tuple(problems)
    assert str(error) == "SOP-L000 that is wrong; SOP-L001 that is wrong; SOP-L002 that is wrong"
