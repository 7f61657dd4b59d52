"""One way to write a value: the bytes of RFC 8785, or a refusal."""

# Data is of any type.
# ruff: noqa: ANN401

import math
from enum import IntEnum, StrEnum
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from engine.canonical import CanonicalError, canonical, canonical_document, fingerprint, restored, stored
from engine.definition import Definition
from engine.parse import read

KEYS = st.text(st.characters(max_codepoint=127), max_size=8)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
WHOLE = st.integers(1 - 2**53, 2**53 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | WHOLE | TEXTS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=30,
)


@given(VALUES)
def test_bytes_equal_those_of_an_independent_writer(value: Any) -> None:
    """Within the profile our bytes are those of another implementation of RFC 8785."""
    assert rfc8785.dumps(value) == canonical(value)


@given(st.dictionaries(KEYS, VALUES, min_size=2, max_size=6), st.randoms())
def test_order_of_keys_means_nothing(value: dict[str, Any], random: Any) -> None:
    """However a map was filled, its bytes are the same."""
    items = list(value.items())
    random.shuffle(items)

    assert canonical(value) == canonical(dict(items))


def test_text_is_written_as_it_is() -> None:
    """Only what JSON must escape is escaped; everything else is UTF-8."""
    assert '{"a":"é 样本 😀 \x7f","b":"\\u0000\\b\\t\\n\\f\\r\\"\\\\/"}'.encode() == canonical(
        {"b": '\0\b\t\n\f\r"\\/', "a": "é 样本 😀 \x7f"}
    )


class Word(StrEnum):
    A = "a"


class Number(IntEnum):
    ONE = 1


def test_tuples_and_words_are_taken() -> None:
    """Tuples are lists, words of an enumeration their text and number."""
    assert canonical(((1, 2), Word.A, Number.ONE)) == b'[[1,2],"a",1]'


CYCLE: list[Any] = []
CYCLE.append(CYCLE)
DEEP: Any = 0
for _ in range(65):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (1.5, "floating point"), (math.nan, "floating point"), ([math.inf], "floating point"), ({"a": -0.0}, "floating point"),
        (2**53, "beyond 2\\^53"), ({"a": -(2**53)}, "beyond 2\\^53"), ({"é": 1}, "not ASCII"), ({1: 2}, "not ASCII"),
        ({None: 2}, "not ASCII"), ("\ud800", "U\\+D800"), (["a\udfffb"], "U\\+DFFF"), (b"x", "bytes"), ({"a"}, "set"),
        (object(), "object"), (CYCLE, "nested"), (DEEP, "nested"),
    ],
)  # fmt: skip
def test_what_has_no_canonical_form_is_refused(value: object, reason: str) -> None:
    """Outside the profile nothing is adapted: it is refused, with the reason."""
    with pytest.raises(CanonicalError, match=reason):
        canonical(value)


def test_depth_up_to_the_limit_is_taken() -> None:
    """One level less than what is refused is written."""
    assert canonical(DEEP[0]) == b"[" * 64 + b"0" + b"]" * 64


DOCUMENT = """
sop: sample
version: 1.0.0
title: {en: Sample, zh-Hans: 样本}
purpose: p
scope: s
owner: lead
roles: [lead]
inputs:
  share: {type: number, decimals: 3, min: 0.5, max: 1e-7, default: 2.5}
  big: {type: number, decimals: 1, max: 1e20}
steps:
  - id: write
    role: lead
    outcomes: {done: next, over: end}
  - id: choose
    decide: [{when: write.done, to: next}, {else: end}]
  - {id: child, run: other, with: {a: "1"}}
"""


def _definition(text: str) -> Definition:
    definition = read(text.encode()).definition
    assert definition is not None
    return definition


def test_document_is_plain_data_without_defaults() -> None:
    """Names are those of the format, defaults are gone, and real numbers are decimal text without an exponent."""
    document = canonical_document(_definition(DOCUMENT))

    assert document["purpose"] == {"": "p"}
    assert document["inputs"] == {
        "share": {"type": "number", "decimals": 3, "min": "0.5", "max": "0.0000001", "default": "2.5"},
        "big": {"type": "number", "decimals": 1, "max": "100000000000000000000"},
    }
    assert document["steps"][0] == {"id": "write", "role": "lead", "outcomes": {"done": {}, "over": {"to": "end"}}}
    assert document["steps"][1]["decide"] == [{"when": "write.done", "to": "next"}, {"else": "end"}]
    assert document["steps"][2]["with"] == {"a": "1"}
    assert "lang" not in document


def test_document_is_a_definition_again() -> None:
    """What is stored reads back as the same definition, and so keeps its fingerprint."""
    definition = _definition(DOCUMENT.replace("min: 0.5, max: 1e-7, default: 2.5", "min: 1").replace("max: 1e20", "min: 1"))
    document = canonical_document(definition)

    assert definition == Definition.model_validate(document)
    assert fingerprint(document) == fingerprint(canonical_document(Definition.model_validate(document)))


def test_fingerprint_follows_the_meaning_and_not_the_writing() -> None:
    """Comments, quotes and written-out defaults change nothing; a word does."""
    first = canonical_document(_definition(DOCUMENT))
    same = canonical_document(_definition("# a comment\n" + DOCUMENT.replace("sop: sample", "sop: 'sample'\nlang: en")))
    other = canonical_document(_definition(DOCUMENT.replace("Sample", "Simple")))

    assert fingerprint(first) == fingerprint(same)
    assert fingerprint(first) != fingerprint(other)
    assert len(fingerprint(first)) == 64


ORDERED = """
sop: sample
version: 1.0.0
title: {zh-Hans: 样本, en: Sample}
purpose: p
scope: s
owner: lead
roles: [lead]
inputs: {z: {type: text}, form: {type: choice, options: {y: Y, x: X}}}
parameters: {q: {type: text, default: x, source: s, confidence: team}, b: {type: text, default: x, source: s, confidence: team}}
steps:
  - id: write
    role: lead
    form:
      options: {type: text}
      items: {type: checklist, items: {y: Y, x: X}}
      columns: {type: table, columns: {y: {type: text}, x: {type: text}}}
    outcomes: {pass: next, fail: end}
  - {id: both, parallel: {y: [{id: b, role: lead}], x: [{id: a, role: lead}]}}
kpis: {y: {target: "> 1", source: s, confidence: team}, x: {target: "> 1", source: s, confidence: team}}
results: {y: "1", x: "2"}
"""


def test_stored_document_keeps_the_order_that_means_something() -> None:
    """The first outcome is the expected one and a form is asked from top to bottom: both survive being stored."""
    document = canonical_document(_definition(ORDERED))

    again = restored(stored(document))

    assert again == document
    assert list(again["steps"][0]["outcomes"]) == ["pass", "fail"]
    assert list(again["steps"][0]["form"]) == ["options", "items", "columns"]
    assert list(again["steps"][0]["form"]["columns"]["columns"]) == ["y", "x"]
    assert list(again["inputs"]["form"]["options"]) == ["y", "x"]
    assert list(again["steps"][1]["parallel"]) == ["y", "x"]
    assert [list(again[key]) for key in ("inputs", "parameters", "kpis", "results")] == [
        ["z", "form"],
        ["q", "b"],
        ["y", "x"],
        ["y", "x"],
    ]


def test_fingerprint_follows_the_order_of_outcomes() -> None:
    """Two definitions that differ in which outcome comes first are two definitions; the order of languages is none."""
    first = fingerprint(canonical_document(_definition(ORDERED)))

    assert first != fingerprint(canonical_document(_definition(ORDERED.replace("pass: next, fail: end", "fail: end, pass: next"))))
    assert first == fingerprint(
        canonical_document(_definition(ORDERED.replace("zh-Hans: 样本, en: Sample", "en: Sample, zh-Hans: 样本")))
    )
