"""Deciding: forms, from what people type to what is kept."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import commands as c
from engine import events as e
from engine import forms, limits
from engine.data import converted, exact
from engine.fields import FormField
from engine.readers import decimals
from engine.refusals import Code, Refused
from tests.engine.kit import ANA, BEN, CLEO, STRANGER, Play, approval, compiled, task

SHA = "ab" * 32
PDF = {"sha256": SHA, "name": "brief.pdf", "size": 12}
COLUMNS = {
    "name": {"type": "text", "required": True},
    "cost": {"type": "money"},
    "who": {"type": "user"},
    "tags": {"type": "multi_choice", "options": ["a", "b"]},
}
TEXT: dict[str, Any] = {"type": "text"}
NUMBER: dict[str, Any] = {"type": "number"}
CHOICE: dict[str, Any] = {"type": "choice", "options": {"low": {"": "Low"}, "high": {"": "High"}}}
MULTI: dict[str, Any] = {"type": "multi_choice", "options": {"a": {"": "A"}, "b": {"": "B"}, "c": {"": "C"}}}
LIST: dict[str, Any] = {"type": "checklist", "items": {"one": {"": "1"}, "two": {"": "2"}}}
TABLE: dict[str, Any] = {
    "type": "table", "max": 2, "columns": {**COLUMNS, "tags": {"type": "multi_choice", "options": {"a": {}, "b": {}}}},
}  # fmt: skip

GOOD: list[tuple[dict[str, Any], Any, Any]] = [
    (TEXT, " a b ", " a b "),
    (TEXT, "文案 👩‍🚀", "文案 👩‍🚀"),
    ({**TEXT, "min": 2, "max": 3}, "abc", "abc"),
    ({**TEXT, "pattern": "[a-z]+"}, "abc", "abc"),
    ({"type": "longtext"}, "a\n\tb", "a\n\tb"),
    ({**TEXT, "many": True}, "a, b ,,c", ["a", "b", "c"]),
    ({**TEXT, "many": True, "min": 1, "max": 2}, ["x", "y, z"], ["x", "y, z"]),
    (NUMBER, " 12 ", 12),
    (NUMBER, 12.0, 12),
    (NUMBER, "1e3", 1000),
    (NUMBER, "-0", 0),
    (NUMBER, limits.WHOLE_NUMBER, limits.WHOLE_NUMBER),
    ({**NUMBER, "decimals": 3}, "1.5", "1.500"),
    ({**NUMBER, "decimals": 1, "min": "0.5"}, 0.5, "0.5"),
    ({"type": "percent"}, "-0.0", "0.0"),
    ({"type": "percent"}, 12, "12.0"),
    ({"type": "money"}, "19.9", "19.90"),
    ({"type": "money"}, 0.1, "0.10"),
    ({"type": "rating"}, "5", 5),
    ({"type": "rating", "min": 0, "max": 10}, 0, 0),
    ({"type": "date"}, " 2026-11-22 ", "2026-11-22"),
    ({"type": "date"}, "20261122", "2026-11-22"),
    ({"type": "date", "min": "2026-11-22", "max": "2026-11-22"}, "2026-11-22", "2026-11-22"),
    ({"type": "datetime"}, "2026-11-22T14:00+01:00", "2026-11-22T13:00:00Z"),
    ({"type": "datetime"}, "0999-01-01T00:00:00Z", "0999-01-01T00:00:00Z"),
    ({"type": "datetime", "max": "2026-11-22T13:00:00Z"}, "2026-11-22T13:00:00.9Z", "2026-11-22T13:00:00Z"),
    ({"type": "duration"}, " 4h ", "PT4H"),
    ({"type": "duration"}, "2 bd", "2 business days"),
    ({"type": "bool"}, "Yes", True),
    ({"type": "bool"}, 0, False),
    ({"type": "bool"}, False, False),
    (CHOICE, "low", "low"),
    (MULTI, "c, a", ["a", "c"]),
    ({**MULTI, "min": 1, "max": 2}, ["b", "b"], ["b"]),
    ({"type": "url"}, " https://a.example/x?y#z ", "https://a.example/x?y#z"),
    ({"type": "file"}, PDF, PDF),
    ({"type": "file", "many": True}, PDF, [PDF]),
    ({"type": "file", "many": True}, [PDF, PDF], [PDF, PDF]),
    ({"type": "user"}, BEN, BEN),
    ({"type": "users", "max": 2}, f"{BEN}, {ANA},{BEN}", [BEN, ANA]),
    ({"type": "run"}, " CAM-1.2 ", "CAM-1.2"),
    (LIST, "all", ["one", "two"]),
    (LIST, True, ["one", "two"]),
    (LIST, ["two", "one"], ["one", "two"]),
    ({**LIST, "rule": "any"}, "two", ["two"]),
    (TABLE, [{"name": "x", "cost": 1, "tags": "b,a"}, {"name": "y", "who": "", "cost": None}],
     [{"name": "x", "cost": "1.00", "tags": ["a", "b"]}, {"name": "y"}]),
]  # fmt: skip

BAD: list[tuple[dict[str, Any], Any, str]] = [
    (TEXT, 12, "a text"),
    (TEXT, "a\nb", "U+000A"),
    (TEXT, "\x1b[2J", "U+001B"),
    (TEXT, "\ud800", "U+D800"),
    ({"type": "longtext"}, "a\u202eb", "U+202E"),
    ({"type": "longtext"}, "x" * (limits.FIELD_CHARACTERS + 1), f"at most {limits.FIELD_CHARACTERS} characters"),
    ({**TEXT, "min": 2}, "a", "at least 2 characters"),
    ({**TEXT, "max": 2}, "abc", "at most 2 characters"),
    ({**TEXT, "pattern": "[a-z]+"}, "ab1", "matches [a-z]+"),
    ({**TEXT, "many": True, "min": 2}, "a", "at least 2"),
    ({**TEXT, "many": True}, 5, "a list"),
    ({**TEXT, "many": True}, ["x"] * (limits.TABLE_ROWS + 1), f"at most {limits.TABLE_ROWS} values"),
    ({**TEXT, "many": True}, ["x", 5], "a text"),
    (NUMBER, True, "a number"),
    (NUMBER, [1], "a number"),
    (NUMBER, "twelve", "written like"),
    (NUMBER, "9" * 65, "written like"),
    (NUMBER, "nan", "at most"),
    (NUMBER, float("inf"), "at most"),
    (NUMBER, 10**5000, "at most"),
    (NUMBER, "1e20", "at most"),
    (NUMBER, 1.5, "a whole number"),
    ({**NUMBER, "decimals": 2}, "1.234", "at most 2 digits"),
    ({**NUMBER, "min": 3}, 2, "at least 3"),
    ({**NUMBER, "max": 3}, 4, "at most 3"),
    ({"type": "rating"}, 6, "at most 5"),
    ({"type": "rating"}, 0, "at least 1"),
    ({"type": "date"}, "2026-02-30", "a date"),
    ({"type": "date"}, ["2026-02-20"], "a date"),
    ({"type": "date", "min": "2026-11-22"}, "2026-11-21", "not before"),
    ({"type": "date", "max": "2026-11-22"}, "2026-11-23", "not after"),
    ({"type": "datetime"}, "2026-11-22T14:00", "with its offset"),
    ({"type": "datetime"}, "soon", "an instant"),
    ({"type": "datetime"}, "0001-01-01T00:00+10:00", "an instant"),
    ({"type": "duration"}, "4 moons", "a length of time"),
    ({"type": "bool"}, "maybe", "true or false"),
    (CHOICE, "middle", "one of low, high"),
    (CHOICE, ["low"], "one of low, high"),
    (MULTI, "a, z", "some of a, b, c"),
    (MULTI, [["a"]], "some of a, b, c"),
    ({**MULTI, "max": 1}, "a,b", "at most 1"),
    ({"type": "url"}, "ftp://a.example", "begins with"),
    ({"type": "url"}, "javascript:alert(1)", "begins with"),
    ({"type": "url"}, "https://", "begins with"),
    ({"type": "url"}, "https://a b", "begins with"),
    ({"type": "url"}, "http://[::1", "a web address"),
    ({"type": "url"}, 5, "a text"),
    ({"type": "file"}, "brief.pdf", "a file"),
    ({"type": "file"}, {**PDF, "more": 1}, "a file"),
    ({"type": "file"}, {**PDF, "sha256": "AB" * 32}, "SHA-256"),
    ({"type": "file"}, {**PDF, "sha256": int("1" * 64)}, "SHA-256"),
    ({"type": "file"}, {**PDF, "size": -1}, "bytes"),
    ({"type": "file"}, {**PDF, "size": True}, "bytes"),
    ({"type": "file"}, {**PDF, "size": limits.EVIDENCE_BYTES + 1}, "bytes"),
    ({"type": "file"}, {**PDF, "name": ""}, "at least 1 characters"),
    ({"type": "file"}, {**PDF, "name": "x" * 201}, "at most 200 characters"),
    ({"type": "file", "many": True}, [PDF] * (limits.EVIDENCE_FILES + 1), f"at most {limits.EVIDENCE_FILES} files"),
    ({"type": "user"}, "ben", "a person"),
    ({"type": "user"}, None, "a person"),
    ({"type": "users"}, [BEN, 5], "a person"),
    ({"type": "users", "max": 1}, [BEN, ANA], "at most 1"),
    ({"type": "run"}, "cam-1", "the name of a run"),
    ({"type": "run"}, "CAM-\u0661", "the name of a run"),
    ({"type": "run"}, 5, "the name of a run"),
    (LIST, "one", "missing: two"),
    (LIST, "three", "some of one, two"),
    ({**LIST, "rule": "any"}, [], "at least one item"),
    (TABLE, "x", "a list of rows"),
    (TABLE, ["x"], "a list of rows"),
    (TABLE, [{"name": "x"}] * 3, "at most 2"),
    ({**TABLE, "max": 5000}, [{"name": "x"}] * 1001, "at most 1000 rows"),
    (TABLE, [{"name": "x", "more": 1}], "row 1: no column 'more'"),
    (TABLE, [{"name": "x"}, {"name": " "}], "row 2: name is missing"),
    (TABLE, [{"name": "x", "cost": "much"}], "row 1, cost: a number"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value", "canonical"), GOOD, ids=[f"{f['type']}-{n}" for n, (f, _, _) in enumerate(GOOD)])
def test_a_value_has_one_canonical_form(field: dict[str, Any], value: object, canonical: object) -> None:
    """What people type becomes the canonical form, and the canonical form stays what it is."""
    found, expected = forms.read(field, value)
    assert (found, expected) == (canonical, "")
    assert type(found) is type(canonical)
    assert forms.read(field, found) == (found, "")


@pytest.mark.parametrize(("field", "value", "said"), BAD, ids=[f"{f['type']}-{n}" for n, (f, _, _) in enumerate(BAD)])
def test_a_value_that_does_not_fit_says_what_would(field: dict[str, Any], value: object, said: str) -> None:
    """Every refusal says what was expected instead, and gives no value."""
    found, expected = forms.read(field, value)
    assert found is None
    assert said in expected


SIMPLE = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(
    ["2026-11-22", "2026-11-22T13:00:00Z", "PT4H", "3 bd", "low", "a,b", "all", "https://a.example", BEN, "CAM-1", "12.50", "-1e-3"]
)  # fmt: skip
ANYTHING = st.recursive(
    SIMPLE, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*COLUMNS, *PDF, "x"]), inner, max_size=4),
    max_leaves=6,
)  # fmt: skip
FIELDS = [field for field, _, _ in GOOD]


@given(field=st.sampled_from(FIELDS), value=ANYTHING | st.sampled_from([value for _, value, _ in GOOD]))
def test_reading_is_total_and_settles(field: dict[str, Any], value: object) -> None:
    """Any value gives a canonical form or a reason and never an exception, and reading a canonical form gives it back."""
    found, expected = forms.read(field, value)
    if expected:
        assert found is None
    else:
        assert forms.read(field, found) == (found, "")


@given(value=st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**15), max_value=10**15))
def test_amounts_keep_every_digit(value: object) -> None:
    """An amount with two digits after the point is kept exactly."""
    found, expected = forms.read({"type": "money"}, str(value))
    assert expected == ""
    assert found.lstrip("-") == f"{value:.2f}".lstrip("-")


def test_every_field_type_has_a_reader_and_a_number_of_digits() -> None:
    """No type of the format is without its canonical form."""
    types = FormField.model_fields["type"].annotation.__args__  # type: ignore[union-attr]
    assert {field["type"] for field in FIELDS} == set(types)
    assert [decimals({"type": kind}) for kind in ("number", "percent", "money", "rating")] == [0, 1, 2, 0]


FORM = {
    "copy": {"type": "text", "required": True},
    "cost": {"type": "money", "default": "1.5"},
    "who": {"type": "user"},
    "crew": {"type": "users"},
    "rows": {"type": "table", "columns": COLUMNS},
    "double": {"type": "money", "value": "write.cost * 2.0"},
    "third": {"type": "percent", "value": "write.double / 9.0"},
}


def writing(**more: Any) -> Play:  # noqa: ANN401 - parts of a form
    """A run that waits for a form."""
    return Play([task("write", form={**FORM, **more}), task("last")]).start()


def test_every_slip_of_a_form_is_told_at_once() -> None:
    """Missing, unknown, malformed and computed fields are all named, each with what it needs."""
    answer = writing().ask(BEN, c.Complete("write", "", {"cost": "x", "coppy": "y", "double": 3}))
    assert isinstance(answer, Refused)
    assert [(r.code, r.facts["field"]) for r in answer.reasons] == [
        (Code.FIELD_UNKNOWN, "coppy"), (Code.FIELD_REQUIRED, "copy"), (Code.FIELD_INVALID, "cost"), (Code.FIELD_INVALID, "double"),
    ]  # fmt: skip
    assert not answer.recorded


@pytest.mark.parametrize("empty", [None, "", "  ", []])
def test_a_required_field_needs_more_than_blanks(empty: object) -> None:
    """Nothing, an empty list and blanks are no answer."""
    assert writing().refused(BEN, c.Complete("write", "", {"copy": empty})) == [Code.FIELD_REQUIRED]


def test_defaults_and_computed_fields_are_filled_in() -> None:
    """A default stands in for nothing; computed fields follow from the form, also from one another, rounded to their digits."""
    play = writing()
    play.complete(BEN, "write", copy="x")
    assert {path: value for path, value in play.data.items() if path != "write.copy"} == {
        "write.cost": "1.50", "write.double": "3.00", "write.third": "0.3",
    }  # fmt: skip


def test_a_computed_field_without_its_sources_stays_empty() -> None:
    """When a value that it is computed from is not there, the field is empty, as an optional one would be."""
    form = {"a": NUMBER, "b": {"type": "number", "value": "write.a + 1"}, "t": {**TEXT, "value": "write.u"}, "u": TEXT}
    play = Play([task("write", form=form)]).start()
    play.complete(BEN, "write")
    assert play.data == {}


def test_a_computed_field_is_checked_like_any_other() -> None:
    """A computed value that its field does not take refuses the act."""
    limited = {"type": "number", "max": 5, "value": "write.n * 2"}
    play = Play([task("write", form={"n": NUMBER, "twice": limited})]).start()
    assert play.refused(BEN, c.Complete("write", "", {"n": 3})) == [Code.FIELD_INVALID]
    play.complete(BEN, "write", n=2)
    assert play.last.values["write.twice"] == 4


def test_a_computed_whole_number_may_come_from_a_division() -> None:
    """What comes out as a floating point number is rounded to the digits of its field before it is read."""
    play = Play([task("write", form={"p": {"type": "percent"}, "n": {"type": "text", "value": "write.p > 1.0 ? 'a' : 'b'"},
                                     "whole": {"type": "money", "value": "write.p * 1.1"}}), task("last")]).start()  # fmt: skip
    play.complete(BEN, "write", p="33.3")
    assert (play.data["write.whole"], play.data["write.n"]) == ("36.63", "a")


LINES = {"actual": {"type": "money"}, "target": {"type": "money"},
         "pct": {"type": "percent", "value": "row.actual / row.target * 100.0"},
         "good": {"type": "bool", "value": "row.pct >= parameters.floor"}}  # fmt: skip
FLOOR = {"floor": {"type": "percent", "default": 90, "source": "us", "confidence": "team"}}


def lines() -> Play:
    """A run that waits for a table with computed columns, and counts what came out below it."""
    form = {"lines": {"type": "table", "columns": LINES}, "n": {"type": "number"},
            "good": {"type": "number", "value": "size(write.lines.filter(l, has(l.good) && l.good))"}}  # fmt: skip
    steps = [task("write", form=form, outcomes={"done": {"when": "write.good > 0"}, "bad": "next"}), task("last")]
    return Play(compiled(steps, parameters=FLOOR)).start()


def test_columns_are_computed_row_by_row() -> None:
    """Each row is computed from itself, also from what was computed left of it; a row without its sources stays without them."""
    play = lines()
    rows = [{"actual": "1", "target": "3"}, {"actual": 10, "target": 10}, {"actual": 5}]
    play.complete(BEN, "write", lines=rows)
    assert play.data["write.lines"] == [
        {"actual": "1.00", "target": "3.00", "pct": "33.3", "good": False},
        {"actual": "10.00", "target": "10.00", "pct": "100.0", "good": True},
        {"actual": "5.00"},
    ]
    assert play.data["write.good"] == 1


def test_what_was_typed_is_the_form_without_what_was_computed() -> None:
    """Computed fields and cells are left out, everything else is as it was."""
    form = {"words": TEXT, "lines": {"type": "table", "columns": LINES}, "n": {"type": "number", "value": "1 + 1"}}
    values = {"words": "x", "lines": [{"actual": "1.00", "pct": "3.0"}], "n": 2}
    assert forms.typed(form, values) == {"words": "x", "lines": [{"actual": "1.00"}]}


def test_a_computed_column_is_not_typed() -> None:
    """Whoever gives a cell of it hears which; an empty cell is nothing."""
    play = lines()
    answer = play.ask(BEN, c.Complete("write", "", {"lines": [{"actual": 1, "pct": None}, {"actual": 1, "pct": 3}]}))
    assert isinstance(answer, Refused)
    assert [r.facts["expected"] for r in answer.reasons] == ["row 2, pct: nothing: it is computed"]


def test_a_computed_cell_is_checked_like_any_other() -> None:
    """What its column does not take refuses the act, and says where."""
    columns = {"n": {"type": "number"}, "twice": {"type": "number", "max": 5, "value": "row.n * 2"}}
    play = Play([task("write", form={"rows": {"type": "table", "columns": columns}}), task("last")]).start()
    answer = play.ask(BEN, c.Complete("write", "", {"rows": [{"n": 1}, {"n": 3}]}))
    assert isinstance(answer, Refused)
    assert [r.facts["expected"] for r in answer.reasons] == ["row 2, twice: at most 5"]


def test_columns_follow_a_correction_of_what_they_read() -> None:
    """The rows stay as they were typed, and nothing that was computed before is read again."""
    columns = {"n": {"type": "number"}, "more": {"type": "number", "value": "row.n * write.factor"}}
    form = {"before": {"type": "number", "value": "size(write.rows.filter(r, has(r.more)))"}, "factor": {"type": "number"},
            "rows": {"type": "table", "columns": columns}}  # fmt: skip
    play = Play([task("write", form=form), task("last")]).start()
    play.complete(BEN, "write", factor=2, rows=[{"n": 1}, {"n": 2}])
    assert play.data["write.rows"] == [{"n": 1, "more": 2}, {"n": 2, "more": 4}]
    play.do(BEN, c.Correct("write", {"factor": 3}, "slip"))
    assert play.data["write.rows"] == [{"n": 1, "more": 3}, {"n": 2, "more": 6}]
    assert play.data["write.before"] == 0
    play.do(BEN, c.Correct("write", {"factor": ""}, "slip"))
    assert play.data["write.rows"] == [{"n": 1}, {"n": 2}]
    del play.data["write.rows"]  # erased
    play.do(BEN, c.Correct("write", {"factor": 4}, "slip"))
    assert "rows" not in play.told(e.FieldsCorrected)[0].values


def test_columns_are_computed_in_every_item() -> None:
    """Inside a for-each the rows are those of the item."""
    columns = {"n": {"type": "number"}, "of": {"type": "text", "value": "one + write.word"}}
    form = {"word": TEXT, "rows": {"type": "table", "columns": columns}}
    play = Play([{"id": "each", "for_each": {"one": "['a', 'b']"}, "steps": [task("write", form=form), task("last")]}]).start()
    play.complete(BEN, "write:2", word="!", rows=[{"n": 1}])
    assert [value for path, value in play.data.items() if path.endswith("write.rows")] == [[{"n": 1, "of": "b!"}]]


def test_a_table_may_not_read_without_bound() -> None:
    """Rows that each read the whole table and long texts grow too fast; that is refused before it takes a minute."""
    columns = {"n": {"type": "number"}, "all": {"type": "number", "value": "size(write.rows) + size(write.words)"}}
    form = {"words": {"type": "longtext"}, "rows": {"type": "table", "columns": columns}}
    play = Play([task("write", form=form), task("last")]).start()
    assert play.refused(BEN, c.Complete("write", "", {"words": "x", "rows": [{"n": 1}] * 1_000})) == [Code.LIMIT]
    assert play.refused(BEN, c.Complete("write", "", {"words": "x" * 60_000, "rows": [{"n": 1}] * 700})) == [Code.LIMIT]
    play.complete(BEN, "write", words="xy", rows=[{"n": 1}] * 3)
    assert play.data["write.rows"] == [{"n": 1, "all": 5}] * 3


def test_people_in_a_form_must_be_there() -> None:
    """A person, one of several, or one in a table who is not active is named with the field."""
    rows = [{"name": "r", "who": STRANGER}, {"name": "s", "who": CLEO}, {"name": "t"}]
    answer = writing().ask(BEN, c.Complete("write", "", {"copy": "x", "who": STRANGER, "crew": [BEN, STRANGER], "rows": rows}))
    assert isinstance(answer, Refused)
    assert [(r.code, r.facts["field"]) for r in answer.reasons] == [(Code.NO_PERSON, name) for name in ("who", "crew", "rows")]


def test_a_form_has_a_size() -> None:
    """A form of many long texts is refused with the limit."""
    play = Play([task("write", form={f"t{n}": {"type": "longtext"} for n in range(17)})]).start()
    values = {f"t{n}": "x" * limits.FIELD_CHARACTERS for n in range(17)}
    assert play.refused(BEN, c.Complete("write", "", values)) == [Code.TOO_MUCH]


def test_inputs_and_parameters_are_read_when_a_run_starts() -> None:
    """Both are canonical in state and history; what is missing, unknown, malformed or a stranger is told together."""
    parameters = {
        "sla": {"type": "duration", "default": "4h", "source": "us", "confidence": "team"},
        "boss": {"type": "user", "required": True, "source": "us", "confidence": "team"},
    }
    inputs = {"budget": {"type": "money", "required": True}, "who": {"type": "user"}}
    procedure = compiled([task("write")], parameters=parameters, inputs=inputs)
    play = Play(procedure).start(inputs={"budget": "5", "who": BEN}, parameters={"sla": "2 h", "boss": ANA})
    assert dict(play.state.parameters) == {"sla": "PT2H", "boss": ANA}
    assert play.data == {"inputs.budget": "5.00", "inputs.who": BEN}
    start = c.Start("RUN-1", "x", ANA, {}, {"budget": "much", "who": STRANGER, "more": 1}, {"sla": "soon", "slb": 1})
    answer = Play(procedure).ask(ANA, start)
    assert isinstance(answer, Refused)
    assert [(r.code, r.facts["field"]) for r in answer.reasons] == [
        (Code.FIELD_UNKNOWN, "more"), (Code.FIELD_INVALID, "budget"), (Code.FIELD_UNKNOWN, "parameters.slb"),
        (Code.FIELD_INVALID, "parameters.sla"), (Code.FIELD_REQUIRED, "parameters.boss"), (Code.NO_PERSON, "who"),
    ]  # fmt: skip
    stranger = c.Start("RUN-1", "x", ANA, {}, {"budget": 1}, {"boss": STRANGER})
    assert Play(procedure).refused(ANA, stranger) == [Code.NO_PERSON]


def test_a_second_round_starts_with_an_empty_form() -> None:
    """Rework replaces the whole form: what was filled in before and is not given again no longer counts."""
    steps = [task("write", form={"a": TEXT, "b": TEXT}), approval("check", outcomes={"ok": "next", "back": "write"})]
    play = Play(steps).start()
    play.complete(BEN, "write", a="1", b="2")
    play.complete(CLEO, "check", "back")
    play.complete(BEN, "write", b="3")
    assert play.data == {"write.b": "3"}


@pytest.mark.parametrize(
    ("value", "word", "found"),
    [("12.50", "double", 12.5), (3, "double", 3), ("PT1H", "int", 3_600), ("2 business days", "int", 172_800), (3, "int", 3),
     (PDF, "string", SHA), ([PDF, PDF], "list(string)", [SHA, SHA]), ("x", "string", "x"), (["a"], "list(string)", ["a"]),
     ([{"a": 1}], "list(map)", [{"a": 1}]), (None, "double", None), (True, "bool", True)],
)  # fmt: skip
def test_expressions_see_plain_types(value: object, word: str, found: object) -> None:
    """Decimals are doubles, durations seconds, files the names of their content; everything else is as it is kept."""
    assert converted(value, word) == found


@pytest.mark.parametrize(
    ("value", "kept"),
    [(1.5, "1.5"), (2.0, "2"), (10 / 3, "3.333333"), (1e-9, "0"), (-1e-9, "0"), (1e21, "1" + "0" * 21), (3, 3), ("x", "x"),
     (True, True), ([1.5, [2.5]], ["1.5", ["2.5"]]), ({"a": 0.5}, {"a": "0.5"})],
)  # fmt: skip
def test_what_expressions_give_is_kept_without_floating_point(value: object, kept: object) -> None:
    """Floating point numbers become decimal text with at most six digits after the point, also inside lists and maps."""
    assert exact(value) == kept
    assert type(exact(value)) is type(kept)
