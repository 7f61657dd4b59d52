"""Expressions: what is refused when a definition is checked, and what can never do harm when it is run."""

# One row of a table is one line, and data is of any type.
# ruff: noqa: E501, ANN401

import time
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import limits
from engine.expressions import TYPE_WORDS, Compiler, ExpressionError, Guard, GuardError
from engine.mentions import members, references
from engine.plain import Budget, PlainError, admit
from engine.readers import with_digits

NAMES = {
    "write.risk": "string", "write.done": "bool", "write.count": "int", "write.share": "double", "write.tags": "list(string)",
    "write.rows": "list(map)", "measure.results": "map", "item": "dyn", "run.drill": "bool",
}  # fmt: skip
DATA: dict[str, Any] = {
    "write.risk": "high", "write.done": True, "write.count": 3, "write.share": 2.5, "write.tags": ["a", "b"],
    "write.rows": [{"n": 1, "t": "x"}, {"n": 2, "t": "y"}], "measure.results": {"url": "u", "nested": {"list": [1]}},
    "item": "weibo", "run.drill": False,
}  # fmt: skip


@pytest.fixture(scope="module")
def compiler() -> Compiler:
    """Compiles against the names of these tests."""
    return Compiler(NAMES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("write.risk == 'high'", True), ("write.risk == 'low'", False), ("write.count > 2 && !run.drill", True),
        ("write.share >= 2.5", True), ("'a' in write.tags", True), ("write.rows.all(r, r.n > 0)", True),
        ("write.rows.exists(r, r.t == 'z')", False), ("has(measure.results.url)", True), ("has(measure.results.nope)", False),
        ("measure.results.nested.list[0] == 1", True), ("item == 'weibo'", True), ("write.risk.matches('^h.*h$')", True),
        ("timestamp('2026-11-22T00:00:00Z') < timestamp('2026-11-23T00:00:00Z')", True), ("size(write.tags) == 2", True),
        (".write.risk == 'high'", True), ("write.risk == '样本'", False), ("true", True), ("false", False),
        ("write.risk\n  == 'high' // always", True), ("measure.results.url == 'u'", True),
    ],
)  # fmt: skip
def test_condition_is_true_or_false(compiler: Compiler, text: str, expected: bool) -> None:  # noqa: FBT001
    """A condition gives exactly what it says of plain data."""
    assert expected is compiler.compile(text).holds(DATA)


@pytest.mark.parametrize(
    ("text", "expected", "word"),
    [
        ("write.count + 1", 4, "int"), ("write.share * 2.0", 5.0, "double"), ("write.risk + '!'", "high!", "string"),
        ("write.tags", ["a", "b"], "list(string)"), ("write.rows", DATA["write.rows"], "list(map)"), ("run.drill", False, "bool"),
        ("measure.results", DATA["measure.results"], "map"), ("write.rows.map(r, r.n)", [1, 2], "list(dyn)"),
        ("item", "weibo", "dyn"), ("1u", 1, "uint"), ("[[1], [2]]", [[1], [2]], "list"), ("{'a': [1]}", {"a": [1]}, "map"),
    ],
)  # fmt: skip
def test_value_is_plain_data_of_a_known_type(compiler: Compiler, text: str, expected: object, word: str) -> None:
    """A value comes out as plain Python data, and its type is known beforehand."""
    guard = compiler.compile(text, result="any")

    found = guard.value(DATA)

    assert (expected, type(expected), word) == (found, type(found), guard.type)


@pytest.mark.parametrize(
    ("text", "message", "place", "hint"),
    [
        ("write.rsk == 'x'", "there is no write.rsk here", (1, 1), "did you mean write.risk?"),
        ("true && xyz", "there is no xyz here", (1, 9), ""),
        ("true && write . rsk == 'x'", "there is no write.rsk here", (1, 15), "did you mean write.risk?"),
        ("true &&\n  wirte.risk == ''", "there is no wirte.risk here", (2, 3), "did you mean write.risk?"),
        ("write.risk.foo", "a string has no parts that a dot could name", (1, 11), ""),
        ("zz(write.risk)", "there is no zz here", (1, 1), ""),
        ("write.risk == 1", "== cannot be used with (string, int)", (1, 12), ""),
        ("1 == 1.0", "== cannot be used with (int, double)", (1, 3), ""),
        ("write.count +", "the expression ends too early", (1, 14), ""),
        ("write.risk", "a condition is true or false, and this is a string", (1, 1), "compare it: … == …"),
        ("write.rows", "a condition is true or false, and this is a list(map)", (1, 1), "compare it: … == …"),
        ("has(write.done)", "has() is for the keys of a map, and write.done is a name", (1, 1), "write.done says whether the step was done"),
        ("true &&\n has( write . risk )", "has() is for the keys of a map, and write.risk is a name", (2, 2), "write.done says whether the step was done"),
        ("has(write // the step\n .done)", "has() is for the keys of a map, and write.done is a name", (1, 1), "write.done says whether the step was done"),
        ("`write`.risk", "quoted names (`…`) are not used here", (1, 1), ""),
        ("(" * 40 + "true" + ")" * 40, "the expression is nested too deeply", (1, 1), "compute a part of it in a field"),
        ("[" * 300 + "]" * 300, "the expression is nested too deeply", (1, 1), "compute a part of it in a field"),
        ("write.count" + " + 1" * 200 + " > 0", "the expression is nested too deeply", (1, 1), "compute a part of it in a field"),
        ("true" + " " * 1_000, "the expression has more than 1000 characters", (1, 1), ""),
        ("true && '\0' == ''", "the expression holds the character U+0000", (1, 1), ""),
        ("'\ud800' == ''", "the expression holds the character U+D800", (1, 1), ""),
        ("'\u202e' == ''", "the expression holds the character U+202E", (1, 1), ""),
        ("'\x1b[2J' == ''", "the expression holds the character U+001B", (1, 1), ""),
        ("__import__('os').system('id') == 0", None, None, None),
        ("os.system('id')", None, None, None),
        ("write.risk.__class__ == ''", "a string has no parts that a dot could name", (1, 11), ""),
        ("", None, None, None),
        ("lambda: 1", None, None, None),
        ("{{7*7}}", None, None, None),
        ("google.protobuf.Struct{}", None, None, None),
    ],
)  # fmt: skip
def test_what_is_no_condition_is_refused_with_a_place(
    compiler: Compiler, text: str, message: str | None, place: tuple[int, int] | None, hint: str | None
) -> None:
    """A slip in an expression shows when the definition is checked, with its place and what was probably meant."""
    with pytest.raises(ExpressionError) as refused:
        compiler.compile(text)

    assert message in {None, refused.value.message}
    assert place in {None, (refused.value.line, refused.value.column)}
    assert hint in {None, refused.value.hint}
    assert refused.value.line >= 1
    assert refused.value.column >= 1


def test_unknown_name_is_told_apart_and_cut() -> None:
    """The unknown name is a fact of the refusal; a name as long as the expression is not repeated whole."""
    with pytest.raises(ExpressionError) as refused:
        Compiler(NAMES).compile("a" * 900)

    assert refused.value.unknown == "a" * 900
    assert len(refused.value.message) < 200


def test_name_that_the_language_keeps_for_itself_is_refused() -> None:
    """A variable called like a type breaks the whole set of names; that is a refusal and no crash."""
    with pytest.raises(ExpressionError, match="int"):
        Compiler({"int": "string"}).compile("true")


def test_every_type_word_can_be_declared() -> None:
    """All type words are known to the compiler."""
    names = {f"a.{number}".replace(".", "_"): word for number, word in enumerate(sorted(TYPE_WORDS))}

    assert Compiler(names).compile("true").holds({})


def _cycle() -> list[Any]:
    cycle: list[Any] = []
    cycle.append(cycle)
    return cycle


def _deep(levels: int) -> Any:
    deep: Any = 1
    for _ in range(levels):
        deep = [deep]
    return deep


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("item", _cycle(), "nested"), ("item", _deep(limits.EXPRESSION_DEPTH + 1), "nested"), ("item", _deep(10_000), "nested"),
        ("item", {"a": {"b": _cycle()}}, "nested"), ("write.risk", "\ud800", "surrogate"), ("item", {"\udfff": 1}, "surrogate"),
        ("item", ["é", "x\ud800"], "surrogate"), ("write.count", 2**70, "64 bits"), ("write.count", -(2**63) - 1, "64 bits"),
        ("item", [2**63], "64 bits"), ("write.share", float("nan"), "finite"), ("write.share", float("inf"), "finite"),
        ("item", Decimal(1), "not its declared type"), ("item", [Decimal(1)], "Decimal"), ("item", {1: 2}, "key is not text"),
        ("item", {None: 2}, "key is not text"), ("item", [b"x"], "bytes"), ("item", [object()], "object"), ("item", [{1, 2}], "set"),
        ("write.risk", 5, "not its declared type"), ("write.count", True, "not its declared type"), ("write.count", "3", "not its"),
        ("write.done", 1, "not its declared type"), ("write.tags", "ab", "not its declared type"), ("write.rows", {}, "not its"),
        ("write.risk", None, "not its declared type"), ("write.risk", "x" * (limits.FIELD_CHARACTERS + 1), "longer than"),
        ("item", ["x" * limits.FIELD_CHARACTERS] * 65, "characters of text"), ("item", [1] * (limits.EXPRESSION_ITEMS + 1), "items"),
        ("item", {str(n): 1 for n in range(limits.EXPRESSION_KEYS + 1)}, "keys"),
        ("item", [[1] * 1_000] * 6, "items"), ("item", {"a\0b": 1}, "0000"), ("write.risk", "a\0", "0000"),
    ],
)  # fmt: skip
def test_data_that_would_harm_is_refused(compiler: Compiler, name: str, value: object, reason: str) -> None:
    """Deep, cyclic, huge and foreign data never reach the library, which would end the process or answer wrongly."""
    guard = compiler.compile(f"[{name}] == [{name}]")

    began = time.perf_counter()
    with pytest.raises(GuardError, match=reason):
        guard.holds({name: value})
    assert time.perf_counter() - began < 0.5


def test_data_up_to_the_limits_is_taken(compiler: Compiler) -> None:
    """What is within the limits is evaluated."""
    guard = compiler.compile("item != 1 && write.share == 3.0 && write.count > 0")

    assert guard.holds({"item": _deep(limits.EXPRESSION_DEPTH), "write.share": 3, "write.count": 2**63 - 1})
    assert compiler.compile("item == null").holds({"item": None})


def test_names_that_are_not_read_are_not_looked_at(compiler: Compiler) -> None:
    """Only what the expression reads is handed over, however large or broken the rest is."""
    guard = compiler.compile("write.risk == 'high'")

    assert frozenset({"write.risk"}) == guard.reads
    assert guard.holds({"write.risk": "high", "item": _cycle(), "unknown": object()})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("write.risk == 'high'", "write.risk has no value yet"), ("write.count / 0 == 1", "divided by zero"),
        ("measure.results.nope == 1", "there is no key nope"), ("write.risk.matches('(')", "the pattern is no regular expression"),
        ("9223372036854775807 + write.count > 0", "a number is too large"), ("item", "neither true nor false"),
        ("write.tags[5] == 'a'", "no item 5 in a list of 2"), ("item == 1 || item.foo", "SELECT"), ("timestamp(write.risk) == timestamp(write.risk)", "conversion failed"),
    ],
)  # fmt: skip
def test_no_clear_answer_is_never_true(compiler: Compiler, text: str, reason: str) -> None:
    """An error, a missing value and anything but a truth value refuse the act; none of them counts as true."""
    data = {name: value for name, value in DATA.items() if name != "write.risk" or "matches" in text or "timestamp" in text}

    with pytest.raises(GuardError, match=reason):
        compiler.compile(text).holds(data)


def test_missing_value_can_be_asked_around(compiler: Compiler) -> None:
    """A name without a value is no error where the expression does not need it."""
    assert not compiler.compile("write.done && write.risk == 'high'").holds({"write.done": False})
    assert compiler.compile("write.done || write.risk == 'high'").holds({"write.done": True})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("null", "null"), ("[null]", "null"), ("{'a': null}", "null"), ("b'x'", "bytearray"), ("[b'x']", "bytearray"),
        ("timestamp('2026-11-22T00:00:00Z')", "datetime"), ("duration('1h')", "timedelta"), ("type(1)", "Type"),
        ("1.0 / 0.0", "finite"), ("18446744073709551615u", "64 bits"), ("{1: 2}", "key is not text"), ("{true: 2}", "key is not"),
        ("write.rows.map(r, write.rows).map(x, x.map(y, y))", "keys"), ("write.risk", "has no value yet"),
        ("write.tags.map(t, write.tags.map(u, item))", "characters of text"),
    ],
)  # fmt: skip
def test_result_that_is_no_plain_data_is_refused(compiler: Compiler, text: str, reason: str) -> None:
    """What comes out is plain and bounded, or nothing."""
    data = {
        "write.rows": [{"n": n, "m": n} for n in range(70)], "write.tags": ["t"] * 60, "item": "x" * 2_000,
    }  # fmt: skip

    with pytest.raises(GuardError, match=reason):
        compiler.compile(text, result="any").value(data)


@pytest.mark.parametrize(
    "text",
    [
        "write.tags.all(a, write.tags.all(b, write.tags.all(c, a + b + c != 'x')))",
        "size(write.tags.map(a, item + item + item + item)) == 1",
        "write.tags.exists(a, write.tags + write.tags == [])",
        "write.tags.map(a, [item, item, item, item, item]).size() == 1",
        "write.tags.map // a comment\n (a, [item, item, item, item, item]).size() == 1",
    ],
)
def test_loops_that_would_fill_the_memory_are_refused(compiler: Compiler, text: str) -> None:
    """The library bounds the steps of a loop and not what it copies; unguarded these take gigabytes."""
    guard = compiler.compile(text)

    began = time.perf_counter()
    with pytest.raises(GuardError, match="copy too much"):
        guard.holds({"write.tags": ["a"] * 4_999, "item": "x" * limits.FIELD_CHARACTERS})
    assert time.perf_counter() - began < 0.5


def test_nested_loops_end(compiler: Compiler) -> None:
    """10^8 turns of a loop are stopped, quickly, and refused."""
    guard = compiler.compile("write.tags.all(a, write.tags.all(b, write.tags.all(c, write.tags.all(d, a != 'x'))))")

    began = time.perf_counter()
    with pytest.raises(GuardError):
        guard.holds({"write.tags": ["a"] * 100})
    assert time.perf_counter() - began < 1


def test_ordinary_loop_over_a_whole_table_is_allowed(compiler: Compiler) -> None:
    """A table of 1,000 rows may be looked through, sums of columns included."""
    rows = [{"a": n, "b": 1, "c": "text of a cell"} for n in range(1_000)]

    assert compiler.compile("write.rows.all(r, r.a + r.b > 0)").holds({"write.rows": rows})


def test_hostile_pattern_is_matched_in_linear_time(compiler: Compiler) -> None:
    """A pattern that makes other engines run for ever is answered at once."""
    began = time.perf_counter()

    assert not compiler.compile("write.risk.matches('^(a+)+$')").holds({"write.risk": "a" * 5_000 + "b"})
    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.b == 1", {"a.b"}), ("a . b == 1", {"a.b"}), ("a. // c.d 'quote\n b == 1", {"a.b"}), (".a.b == 1", {"a.b"}),
        ("a.b.c.d == 1", {"a.b"}), ("'a.b' == x", {"x"}), ('"it\\"s a.b" == x', {"x"}), ("r'\\' == a.b", {"a.b"}),
        ("'''a.b ' x''' == c.d", {"c.d"}), ('"""a.b " x""" == c.d', {"c.d"}), ("br'a.b' == x", {"x"}), ("a.b+c.d", {"a.b", "c.d"}),
        ("x[a.b].c.d", {"x", "a.b", "c.d"}), ("l.all(x, x.y)", {"x", "l"}), ("f(a.b).c.d", {"a.b", "c.d"}), ("ab.b == 1", set()), ("a.bc == 1", set()),
        ("1.0 + x", {"x"}), ("a.b ? c.d : x", {"a.b", "c.d", "x"}), ("", set()), ("'unclosed a.b", {"a.b"}), ("`a`.b", {"a.b"}),
    ],
)  # fmt: skip
def test_references_are_the_names_that_are_read(text: str, expected: set[str]) -> None:
    """All declared names that an expression can read are found, rather one too many; texts and comments hold no names."""
    assert expected == references(text, ["a.b", "c.d", "x", "l"])


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from([*NAMES, "==", "&&", "(", ")", "'a'", "1", ".", "[", "]", "!", "+", ",", "map"])).map(" ".join)
)
def test_any_text_is_an_expression_or_refused(text: str) -> None:
    """Whatever is written: a guard, or our refusal; and evaluating it gives an answer, or our refusal."""
    try:
        guard = Compiler(NAMES).compile(text, result="any")
    except ExpressionError:
        return
    for ask in (guard.holds, guard.value):
        try:
            ask(DATA)
        except GuardError:
            continue


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_characters="N"), max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_characters="N"), max_size=3), inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_any_data_is_answered_or_refused(value: object) -> None:
    """Whatever the data: what is admitted comes out as it went in, and nothing crashes."""
    try:
        admit([value], Budget())
    except PlainError:
        return
    guard = Compiler({"item": "dyn"}).compile("[item]", result="any")
    if "None" in repr(value):
        with pytest.raises(GuardError, match="null"):
            guard.value({"item": value})
    else:
        assert guard.value({"item": value}) == [value]


def test_failure_inside_the_library_is_a_refusal() -> None:
    """Should the library raise while it evaluates or hands over a result, the act is refused."""
    kinds = SimpleNamespace(BOOL="bool", ERROR="error")

    def fail(**_: object) -> None:
        raise RuntimeError("INTERNAL: broken")

    def broken(**_: object) -> object:
        return SimpleNamespace(type=lambda: "list", value=fail)

    name = SimpleNamespace(name=lambda: "DYN")
    evaluating = Guard("x", SimpleNamespace(eval=fail, return_type=lambda: name), {}, kinds)  # type: ignore[arg-type]
    giving = Guard("x", SimpleNamespace(eval=broken, return_type=lambda: name), {}, kinds)  # type: ignore[arg-type]

    with pytest.raises(GuardError, match=r"^the expression gives no answer: broken$"):
        evaluating.holds({})
    with pytest.raises(GuardError, match=r"^the expression gives no answer: broken$"):
        giving.value({})


def test_guard_answers_in_microseconds(compiler: Compiler) -> None:
    """An ordinary condition takes about 10 µs; the target is 30, the assertion leaves room for a busy machine."""
    guard = compiler.compile("write.done && write.risk == 'high' && write.count > 2")
    best = 1.0
    for _ in range(5):
        began = time.perf_counter()
        for _ in range(1_000):
            guard.holds(DATA)
        best = min(best, (time.perf_counter() - began) / 1_000)

    assert best < 150e-6


def test_members_are_what_is_taken_of_a_name() -> None:
    """Only the first step below the name counts, and nothing that stands in a text or below another name."""
    assert members("row.a / row . b.c + other.row.d > 0 ? 'row.e' : row[0].f", "row") == {"a", "b"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("sum([0.1, 0.2])", 0.3), ("sum([1, 2])", 3.0), ("sum([])", 0.0), ("sum(write.rows.map(r, r.n))", 3.0),
     ("sum(write.rows.filter(r, r.n > 5).map(r, r.n))", 0.0), ("sum(write.rows.map(r, double(r.n) * 1.5))", 4.5),
     ("avg([1, 2])", 1.5), ("avg([0.1, 0.1, 0.1])", 0.1), ("min(write.rows.map(r, r.n))", 1.0), ("max([2.5, -1.0])", 2.5),
     ("max([1.0, 2.0]) - min([1.0, 2.0])", 1.0), ("write.rows.map(r, sum([r.n, 1]))", [2.0, 3.0])],
)  # fmt: skip
def test_numbers_of_a_list_are_added_up(compiler: Compiler, text: str, expected: object) -> None:
    """Lists of numbers give a floating point number, right in decimal, also inside loops."""
    assert compiler.compile(text, result="any").value(DATA) == expected


@pytest.mark.parametrize(
    "text", ["sum(write.tags)", "sum(write.rows)", "sum(write.count)", "avg(['a'])", "max(1, 2)", "item.sum()", "sum([true])"]
)
def test_what_is_no_list_of_numbers_is_refused_when_it_is_checked(compiler: Compiler, text: str) -> None:
    """Where the type can be seen, the definition is refused."""
    with pytest.raises(ExpressionError, match=r"(sum|avg|max) takes one list of numbers"):
        compiler.compile(text, result="any")


@pytest.mark.parametrize(
    ("text", "why"),
    [("sum(write.rows.map(r, r.t))", "sum takes finite numbers"), ("max([item, true])", "max takes finite numbers"),
     ("sum([1.0 / 0.0])", "sum takes finite numbers"), ("avg([])", "avg of an empty list"), ("min([])", "min of an empty list"),
     ("max([])", "max of an empty list"), ("sum([1.5e308, 1.5e308])", "not finite")],
)  # fmt: skip
def test_a_sum_without_an_answer_says_why(compiler: Compiler, text: str, why: str) -> None:
    """Other elements than finite numbers, and nothing at all where something is needed, raise."""
    with pytest.raises(GuardError, match=why):
        compiler.compile(text, result="any").value(DATA)


def test_loops_add_up_a_bounded_number_of_numbers(compiler: Compiler) -> None:
    """A list of a thousand is added up a hundred times, and not a thousand times; each evaluation starts anew."""
    guard = compiler.compile("write.rows.all(r, sum(item) >= 0.0)")
    for _ in range(3):
        assert guard.holds({"write.rows": [{"n": 1}] * 100, "item": [1] * 1_000})
    with pytest.raises(GuardError, match="more than 200000 numbers"):
        guard.holds({"write.rows": [{"n": 1}] * 1_000, "item": [1] * 1_000})


@given(cents=st.lists(st.integers(-(10**12), 10**12), max_size=200))
def test_sums_of_amounts_are_right_to_the_cent(cents: list[int]) -> None:
    """However many amounts are added, the field holds their exact sum."""
    guard = Compiler({"write.rows": "list(map)"}).compile("sum(write.rows.map(r, r.amount))", result="any")
    found = guard.value({"write.rows": [{"amount": cent / 100} for cent in cents]})
    expected = Decimal(sum(cents)).scaleb(-2)
    if abs(expected) < 10**13:
        assert with_digits(found, {"type": "money"}) == f"{expected + 0:.2f}"
