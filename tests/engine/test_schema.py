"""Models, schema and shipped definitions say the same."""

# One row of a table is one line, and data is of any type.
# ruff: noqa: E501, ANN401

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from engine.definition import Definition
from engine.parse import read_plain
from engine.schema import draft7, json_schema, render
from engine.shape import shaped

ROOT = Path(__file__).parents[2]
SCHEMA = json_schema()
NEWEST = jsonschema.Draft202012Validator(SCHEMA)
DRAFT7 = jsonschema.Draft7Validator(draft7(SCHEMA))

HEAD = {"sop": "a", "version": "1.0.0", "title": "t", "purpose": "p", "scope": "s", "owner": "r", "roles": ["r"]}
STEP = {"id": "a", "role": "r"}
PARAMETER = {"source": "x", "confidence": "team"}
KPI = {"target": ">= 95", "source": "x", "confidence": "team"}


def with_step(**more: Any) -> dict[str, Any]:
    return {**HEAD, "steps": [{**STEP, **more}]}


def with_field(**field: Any) -> dict[str, Any]:
    return with_step(form={"f": field})


def only(**step: Any) -> dict[str, Any]:
    return {**HEAD, "steps": [{"id": "a", **step}]}


GOOD = {
    "least": with_step(),
    "texts": {**with_step(title={"en": "A", "zh-Hans": "样"}, instructions="Do"), "title": {"": "T", "de-AT": "T"}},
    "everything else": {
        **with_step(), "lang": "de", "prefix": "AB", "references": ["b"], "review_every": "P6M", "sources": ["x"],
        "separate": [["a", "b"]], "results": {"x": "a.done"}, "kpis": {"k": KPI},
        "parameters": {"p": {"type": "number", "default": 2.5, "decimals": 1, **PARAMETER}},
        "inputs": {"i": {"type": "date", "min": "2026-01-01", "required": True}},
    },
    "short outcome": with_step(outcomes={"done": "next", "stop": "end(stopped)", "out": "leave"}),
    "long outcome": with_step(outcomes={"again": {"to": "a", "rounds": 2, "then": "end", "reason": "required", "label": "x"}}),
    "rounds by parameter": with_step(outcomes={"again": {"to": "a", "rounds": "$n", "then": "end", "when": "a.done"}}),
    "times": with_step(due="2 business days", remind=["-4h", "P1DT2H"], escalate=[{"after": "$late", "to": "r"}]),
    "due after": with_step(due="PT24H after start"),
    "due before": with_step(due="$lead before inputs.day"),
    "options in short": with_field(type="choice", options=["low", "high"]),
    "options in full": with_field(type="multi_choice", options={"low": "Low", "high": {"en": "High", "de": "Hoch"}}),
    "checklist": with_field(type="checklist", items=["one"], rule="any"),
    "table": with_field(type="table", columns={"c": {"type": "money", "currency": "EUR"}}),
    "default list": with_field(type="multi_choice", options=["x"], default=["x"]),
    "nulls": with_step(title=None, due=None, when=None),
    "approval": only(approval={"role": "r", "of": ["b"], "quorum": "$n"}),
    "decision": only(decide=[{"when": "x", "to": "b"}, {"when": "y", "to": "b", "rounds": 1, "then": "c"}, {"else": "end"}]),
    "branches": only(parallel={"short": [STEP], "long": {"title": "x", "when": "y", "steps": [STEP]}}, join=1),
    "items": only(for_each={"x": "inputs.list"}, steps=[STEP], join="any"),
    "child": only(run="b", **{"with": {"x": "1"}}, outcomes={"done": "next"}),
}  # fmt: skip

BAD = {
    "nothing": {},
    "list": [],
    "no steps": HEAD,
    "empty steps": {**HEAD, "steps": []},
    "unknown key": {**with_step(), "extra": 1},
    "attribute name": only(run="b", with_={"x": "1"}),
    "attribute name of else": only(decide=[{"when": "x", "to": "b"}, {"otherwise": "end"}]),
    "sop": {**with_step(), "sop": "A"},
    "version": {**with_step(), "version": "1.0"},
    "version in other digits": {**with_step(), "version": "1.0.٣"},
    "text that is a number": {**with_step(), "title": 5},
    "empty text": {**with_step(), "title": ""},
    "no texts": {**with_step(), "title": {}},
    "empty translation": {**with_step(), "title": {"en": ""}},
    "tag": {**with_step(), "title": {"e n": "x"}},
    "long text": {**with_step(), "title": "x" * 20_000},
    "prefix": {**with_step(), "prefix": "ab"},
    "role": {**with_step(), "roles": ["R"]},
    "no roles": {**with_step(), "roles": []},
    "small group": {**with_step(), "separate": [["a"]]},
    "parameter name": {**with_step(), "parameters": {"P": {"type": "text", "default": "x", **PARAMETER}}},
    "parameter without source": {**with_step(), "parameters": {"p": {"type": "text", "default": "x"}}},
    "kpi": {**with_step(), "kpis": {"k": {**KPI, "target": "95"}}},
    "two kinds": with_step(run="b"),
    "no kind": only(title="x"),
    "reserved kind": only(wait="PT1H"),
    "unknown key of a step": with_step(dew="4h"),
    "due": with_step(due="soon"),
    "due in other digits": with_step(due="٣ days"),
    "remind": with_step(remind=["tomorrow"]),
    "target": with_step(outcomes={"done": "Next"}),
    "outcome name": with_step(outcomes={"Done": "next"}),
    "no outcomes": with_step(outcomes={}),
    "rounds alone": with_step(outcomes={"done": {"rounds": 2}}),
    "then alone": with_step(outcomes={"done": {"then": "end"}}),
    "no rounds": with_step(outcomes={"done": {"rounds": 0, "then": "end"}}),
    "reason": with_step(outcomes={"done": {"reason": "yes"}}),
    "field type": with_field(type="txt"),
    "field without a type": with_field(label="x"),
    "options missing": with_field(type="choice"),
    "options empty": with_field(type="choice", options=[]),
    "options twice": with_field(type="choice", options=["a", "a"]),
    "options of a text": with_field(type="text", options=["a"]),
    "option id": with_field(type="choice", options=["A"]),
    "option label": with_field(type="choice", options={"a": 5}),
    "items missing": with_field(type="checklist"),
    "columns missing": with_field(type="table"),
    "columns of a text": with_field(type="text", columns={"c": {"type": "text"}}),
    "column name": with_field(type="table", columns={"C": {"type": "text"}}),
    "decimals": with_field(type="number", decimals=7),
    "currency": with_field(type="money", currency="euro"),
    "required": with_field(type="text", required="yes"),
    "field name": with_step(form={"F": {"type": "text"}}),
    "quorum": only(approval={"role": "r", "quorum": 0}),
    "approval without a role": only(approval={}),
    "one choice": only(decide=[{"else": "end"}]),
    "choice without a target": only(decide=[{"when": "x"}, {"else": "end"}]),
    "no branches": only(parallel={}),
    "empty branch": only(parallel={"x": {"steps": []}}),
    "branch name": only(parallel={"X": [STEP]}),
    "join": only(parallel={"x": [STEP]}, join="most"),
    "join of none": only(parallel={"x": [STEP]}, join=0),
    "two items": only(for_each={"x": "a", "y": "b"}, steps=[STEP]),
    "expression": only(for_each={"x": ""}, steps=[STEP]),
    "long expression": with_step(when="x" * 1_001),
    "deep inside": only(parallel={"x": [{"id": "b", "for_each": {"i": "l"}, "steps": [{"id": "c", "rol": "r"}]}]}),
}  # fmt: skip


@pytest.mark.parametrize("document", GOOD.values(), ids=GOOD)
def test_what_the_models_take_both_schemas_take(document: dict[str, Any]) -> None:
    """A sound document, in short forms and long ones, passes the models and both renditions of the schema."""
    assert isinstance(shaped(document)[0], Definition)
    assert [error.message for error in NEWEST.iter_errors(document)] == []
    assert [error.message for error in DRAFT7.iter_errors(document)] == []


@pytest.mark.parametrize("document", BAD.values(), ids=BAD)
def test_what_the_models_refuse_both_schemas_refuse(document: Any) -> None:
    """A slip of shape is seen by the models and in every editor."""
    definition, problems = shaped(document)

    assert definition is None
    assert problems
    assert not NEWEST.is_valid(document)
    assert not DRAFT7.is_valid(document)


def test_empty_branch_in_short_is_refused_by_the_models_at_least() -> None:
    """A branch in its short form has at least one step."""
    assert shaped(only(parallel={"x": []}))[0] is None


def test_schemas_are_schemas() -> None:
    """Both renditions are valid in their own draft."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.Draft7Validator.check_schema(draft7())


def test_draft_7_uses_nothing_newer() -> None:
    """No keyword that an editor of draft 7 would pass over is left in that rendition."""
    written = json.dumps(draft7(SCHEMA))

    assert not [word for word in ("$defs", "prefixItems", "dependentRequired", "unevaluated") if word in written]

    def beside(part: Any) -> bool:
        inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        return (isinstance(part, dict) and "$ref" in part and len(part) > 1) or any(beside(item) for item in inner)

    assert not beside(draft7(SCHEMA))


def test_every_key_is_described() -> None:
    """An editor can say of each key what it is; the few whose name says it all are listed here."""
    plain = {"title", "sop", "steps", "type", "to", "role", "unit", "period", "confidence", "parameters", "else", "kpis", "parallel",
             "decide", "approval", "rounds", "source"}  # fmt: skip
    bare = [
        f"{name}.{key}"
        for name, part in [("Definition", SCHEMA), *SCHEMA["$defs"].items()]
        for key, value in part.get("properties", {}).items()
        if "description" not in value and key not in plain
    ]

    assert bare == []


@pytest.mark.parametrize(("name", "schema"), [("sop.schema.json", SCHEMA), ("sop.draft7.schema.json", draft7(SCHEMA))])
def test_schema_files_are_up_to_date(name: str, schema: dict[str, Any]) -> None:
    """The files are what would be made now; make them with ``uv run python tests/regenerate.py schema``."""
    assert render(schema) == (ROOT / "definitions" / "schema" / name).read_text(encoding="utf-8")


@pytest.mark.no_cover  # most of it is the work of another library
def test_shipped_definitions_pass_both_schemas() -> None:
    """Every definition that we ship is sound for editors too."""
    shipped = [path for path in (ROOT / "definitions").glob("*.yaml") if b"\nsop:" in path.read_bytes()]

    assert shipped
    for path in shipped:
        document = read_plain(path.read_bytes()).document
        assert [error.message for error in NEWEST.iter_errors(document)] == [], path.name
        assert [error.message for error in DRAFT7.iter_errors(document)] == [], path.name
