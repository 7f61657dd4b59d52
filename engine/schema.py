"""The JSON Schema of a definition, made from the models, for editors and for other programs.

Two renditions of one schema: 2020-12, and draft 7 for editors that know no later one. The files under
``definitions/schema/`` are made from here, and a test compares them.
"""

import json
from collections.abc import Callable
from typing import Any, Final

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from engine.definition import Definition
from engine.fields import TAG_PATTERN, Labels, Text
from engine.limits import SCALAR_CHARACTERS
from engine.names import ID_PATTERN

_FORMS: Final = {
    "Text": TypeAdapter(Text).json_schema()["anyOf"],
    "Labels": TypeAdapter(Labels).json_schema()["anyOf"],
}
"""How the models write what is shared."""
_ONE_TEXT: Final = {"type": "string", "minLength": 1, "maxLength": SCALAR_CHARACTERS}
_SHARED: Final[dict[str, dict[str, Any]]] = {
    "Text": {
        "title": "Text",
        "description": "A text in the definition's own language, or one text for each language tag (BCP 47).",
        "examples": ["Check the draft", {"en": "Check the draft", "zh-Hans": "审核初稿"}],
        "anyOf": [
            _ONE_TEXT,
            {
                "type": "object",
                "minProperties": 1,
                "propertyNames": {"pattern": TAG_PATTERN},
                "additionalProperties": _ONE_TEXT,
            },
        ],
    },
    "Labels": {
        "title": "Labels",
        "description": "Ids, each with its label; a bare list labels each id with itself.",
        "examples": [["low", "high"], {"low": {"en": "Low", "de": "Niedrig"}}],
        "anyOf": [
            {
                "type": "array",
                "minItems": 1,
                "uniqueItems": True,
                "items": {"type": "string", "pattern": ID_PATTERN},
            },
            {
                "type": "object",
                "minProperties": 1,
                "propertyNames": {"pattern": ID_PATTERN},
                "additionalProperties": {"$ref": "#/$defs/Text"},
            },
        ],
    },
}
"""What stands in hundreds of places, and is written once."""

_TOGETHER: Final = {"rounds": ["then"], "then": ["rounds"]}
_NEEDS: Final = (("options", ["choice", "multi_choice"]), ("items", ["checklist"]), ("columns", ["table"]))
"""A key that fields of some types need and others do not take."""


def json_schema() -> dict[str, Any]:
    """The schema of a definition, JSON Schema 2020-12."""
    made: dict[str, Any] = _tidy(Definition.model_json_schema())
    definitions = made.pop("$defs")
    for name in ("Outcome", "Choice"):
        definitions[name]["dependentRequired"] = _TOGETHER
    for name in ("FormField", "Parameter", "Column"):
        definitions[name]["allOf"] = _conditions(definitions[name]["properties"])
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": "sop.schema.json",
        **made,
        "$defs": {**definitions, **_SHARED},
    }


def draft7(schema: dict[str, Any] | None = None) -> dict[str, Any]:
    """A *schema* (that of a definition if none is given) as draft 7, the newest that most YAML editors know."""
    made: dict[str, Any] = _older(schema or json_schema())
    return {**made, "$schema": "http://json-schema.org/draft-07/schema#", "$id": "sop.draft7.schema.json"}


def render(schema: dict[str, Any]) -> str:
    """The text of a schema file."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def _conditions(properties: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "if": {"properties": {"type": {"enum": types}}, "required": ["type"]},
            "then": {"required": [key]},
            "else": {"properties": {key: {"type": "null"}}},
        }
        for key, types in _NEEDS
        if key in properties
    ]


def _tidy(schema: Any) -> Any:  # noqa: ANN401 - a schema, or true or false
    """*schema* with shared parts referred to, and no names allowed beside those that fit."""
    if not isinstance(schema, dict):
        return schema
    for name, forms in _FORMS.items():
        if schema.get("anyOf") == forms:
            own = {
                key: schema[key] for key in ("title", "description") if schema.get(key) not in (None, _SHARED[name]["description"])
            }
            return {**own, "$ref": f"#/$defs/{name}"}
    made = _inside(schema, _tidy)
    if "patternProperties" in made:  # ids; what does not look like one is refused, not passed over
        made["additionalProperties"] = False
        made.pop("propertyNames", None)
    if made.get("default", ...) is None:
        del made["default"]
    return made


def _older(schema: Any) -> Any:  # noqa: ANN401 - a schema, or true or false
    if not isinstance(schema, dict):
        return schema
    made = {_RENAMED.get(key, key): value for key, value in _inside(schema, _older).items()}
    if "$ref" in made:
        made["$ref"] = made["$ref"].replace("#/$defs/", "#/definitions/")
        if len(made) > 1:  # draft 7 does not look at what stands beside a reference
            made["allOf"] = [{"$ref": made.pop("$ref")}]
    return made


_RENAMED: Final = {"$defs": "definitions", "dependentRequired": "dependencies"}
_MAPS: Final = frozenset({"properties", "patternProperties", "$defs"})
_LISTS: Final = frozenset({"anyOf", "oneOf", "allOf"})
_SINGLE: Final = frozenset({"items", "additionalProperties", "propertyNames", "if", "then", "else"})


def _inside(schema: dict[str, Any], change: Callable[[Any], Any]) -> dict[str, Any]:
    """*schema* with each schema inside it changed; other keywords, and examples above all, stay as they are."""
    made = dict(schema)
    for key, value in schema.items():
        if key in _MAPS:
            made[key] = {name: change(inner) for name, inner in value.items()}
        elif key in _LISTS:
            made[key] = [change(inner) for inner in value]
        elif key in _SINGLE:
            made[key] = change(value)
    return made
