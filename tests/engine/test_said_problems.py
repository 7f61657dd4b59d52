"""What is wrong with a file is said in sentences of our own, each of which can be said again in another language."""

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

import engine.parse
from engine.expressions import Compiler, ExpressionError, GuardError
from engine.parse import read, read_plain
from engine.schedules import CronError, following
from engine.shape import shaped
from engine.text import Said
from tests.breaking import broken

ENGINE = Path(engine.parse.__file__).parent

_ELSEWHERE = "what stands here does not belong to the {} that begins in line {}"
BROKEN = {
    "tab": ("a:\n\tb: 1\n", (2, 1), "a tab stands here where only spaces may"),
    "tab in a text": ("a: |\n\t x\n", (2, 1), "a tab stands here where only spaces may"),
    "sign": ("a: @x\n", (1, 4), "a text cannot begin with @"),
    "two colons": ("a: b: c\n", (1, 5), "a colon stands here where no key can be"),
    "list in a line": ("a: - b\n", (1, 4), "a list cannot begin here"),
    "key in a line": ("a: ? b\n", (1, 4), "a key cannot begin here"),
    "no colon": ("a: 1\nb\nc: 2\n", (3, 1), "the text above this line is a key without a colon"),
    "open list": ("a: 1\nb: [c, d\ne: f\n", (3, 2), "the bracket [ that opens in line 2 is not closed here"),
    "open to the end": ("a: [b", None, "the bracket [ that opens in line 1 is not closed here"),
    "open mapping": ("a: {b: c\nd: e\n", (2, 2), "the bracket { that opens in line 1 is not closed here"),
    "open quotes": ("a: 1\nb: 'c\n", (3, 1), "the quotes that open in line 2 are never closed"),
    "quotes over the end": ('a: "b\n---\nc"\n', (2, 1), "the quotes that open in line 1 are not closed where the document ends"),
    "unknown escape": ('a: "\\q"\n', None, "this backslash in double quotes begins no escape"),
    "no digits": ('a: "\\xZZ"\n', (1, 7), "this escape in double quotes stands for no character"),
    "comma too many": ("a: [b,,c]\n", (1, 7), "a value is missing here"),
    "unknown handle": ("a: !x!y z\n", (1, 4), "what begins with ! is a tag, and this one cannot be read"),
    "open tag": ("a: !<x\n", (1, 7), "what begins with ! is a tag, and this one cannot be read"),
    "other version": ("%YAML 2.0\n---\na: 1\n", (1, 1), "directives (%…) are not used here"),
    "directive": ("%YAML x\n---\na: 1\n", (1, 7), "directives (%…) are not used here"),
    "after the end": ("[a]\nb\n", (2, 1), "the document has ended, and something follows"),
    "text behind |": ("a: | text\n", (1, 6), "only the end of the line can follow | or >"),
    "anchor": ("a: & x\n", (1, 5), "what begins with & is an anchor, and this one has no name"),
    "bold": ("a: **b**\n", (1, 5), "what begins with * is an alias, and this one has no name"),
    "other column": (
        "a: 1\nb:\n    c: 1\n  d: 2\n",
        (4, 3),
        "what stands here does not belong to the mapping that begins in line 1",
    ),
    "quotes too early": ("a: 'it's'\n", (1, 8), "what stands here does not belong to the mapping that begins in line 1"),
    "key in a list": ("- a\nb: c\n", (2, 1), "what stands here does not belong to the list that begins in line 1"),
}
"""Of what is no YAML: the text, its place where both readers agree about it, and what is said."""


@pytest.mark.parametrize("loader", [getattr(yaml, "CSafeLoader", yaml.SafeLoader), yaml.SafeLoader])
@pytest.mark.parametrize("case", BROKEN)
def test_what_is_no_yaml_is_told_in_our_words(case: str, loader: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever reader there is: its place, what stands there, and what to do about it."""
    text, place, message = BROKEN[case]
    monkeypatch.setattr(engine.parse, "_LOADER", loader)

    (problem,) = read_plain(text.encode()).problems

    assert (problem.code, problem.message) == ("SOP-L003", message)
    assert place in {None, (problem.line, problem.column)}
    assert problem.hint
    assert isinstance(problem.message, Said)
    assert isinstance(problem.hint, Said)


def test_a_colon_at_the_end_of_a_text_in_brackets() -> None:
    """The reader that is written in Python takes it for a key without a value."""
    assert [p.message for p in read_plain(b"a: [b:]\n").problems] in ([], ["a text within brackets has a colon at its end"])


@pytest.mark.parametrize(
    "text",
    [b"\xff\xfea", b"\xff", b"\xef\xbb\xbfa", b"a: \x07", b"a: 1\rb: 2", b"a: 1e999", b"a: 99999999999999999999", b"a: !x 1"],
)
def test_what_hides_in_a_file_is_told_in_our_words(text: bytes) -> None:
    """Bytes, characters and numbers too."""
    problems = read_plain(text).problems

    assert problems
    assert all(isinstance(problem.message, Said) for problem in problems)
    assert all(isinstance(problem.hint, Said) or problem.hint == "" for problem in problems)


WHOLE = """\
sop: whole
version: 1.0.0
title: {en: Whole, ko: 전체}
purpose: To be broken
scope: This test
owner: lead
roles: [lead, other]
prefix: WHO
review_every: P6M
parameters:
  often: {type: number, default: 3, source: x, confidence: team}
inputs:
  topic: {type: choice, options: [a, b]}
  pieces: {type: table, columns: {name: {type: text, required: true}}}
signals: {paid: {title: Paid, form: {sum: {type: money, currency: EUR}}}}
separate: [[write, check]]
permissions: {start: [lead]}
kpis: {speed: {value: write.size, target: '>= 3', source: x, confidence: seed, period: run}}
schedule: {cron: 0 9 * * WED, zone: Asia/Shanghai, lead: lead}
results: {size: write.size}
steps:
  - id: write
    role: other
    due: [{when: inputs.topic == 'a', due: 4h}, {else: 2 days}]
    remind: [-4h]
    escalate: [{after: 1h, to: lead}]
    form: {size: {type: number, decimals: 2, min: 1}, list: {type: checklist, items: [x, y]}}
    outcomes: {good: next, bad: {to: end, rounds: 2, then: end}}
  - {id: check, approval: {role: lead, of: [write], quorum: 1}}
  - {id: way, decide: [{when: inputs.topic == 'a', to: next}, {else: end(other)}]}
  - {id: both, parallel: {one: [{id: a, role: lead}], two: {steps: [{id: b, role: lead}], when: run.drill}}}
  - {id: each, for_each: {item: inputs.pieces}, steps: [{id: c, role: lead}]}
  - {id: child, run: other, with: {x: inputs.topic}}
  - {id: rest, wait: {for: 2 days}}
  - {id: race, first: {one: [{id: d, wait: {signal: paid}}], two: [{id: e, role: lead}]}}
"""


def test_whatever_is_wrong_with_a_definition_is_said() -> None:
    """Each part replaced by each of many things, or missing: no sentence is the library's own, none stays English."""
    whole = read_plain(WHOLE.encode()).document
    found = {(problem.message, problem.hint) for other in broken(whole) for problem in shaped(other)[1]}

    assert len(found) > 200
    assert not [message for message, _ in found if not isinstance(message, Said)]
    assert not [hint for _, hint in found if hint and not isinstance(hint, Said)]
    assert not [message for message, _ in found if "valid value" in message], "a kind of error without words of its own"


def test_the_whole_document_is_only_broken_where_it_is_broken() -> None:
    """So that what is found above is found because of what was changed."""
    assert read(WHOLE.encode()).problems == ()


SLIPS = {
    "write.size >": "the expression ends too early",
    "'abc": "' means nothing here",
    "write.size = 3.0": "= means nothing here",
    "write.done and true": "and does not fit here",
    "write .. x": ".. does not fit here",
    "write.size 'x'": "'x' does not fit here",
    "write.title > 3": "> cannot be used with (string, int)",
    "!write.title": "! cannot be used with (string)",
    "write.size ? 1 : 2": "? : cannot be used with (double, int, int)",
    "write.title in 3": "in cannot be used with (string, int)",
    "write.title.foo": "a string has no parts that a dot could name",
    "99999999999999999999 == 1": "the number is too large to be kept exactly",
    "write.tags.all(1, x)": "the expression cannot be read: all() variable name must be a simple identifier",
    "size(3)": "size cannot be used with (int)",
    "sum(3)": "sum takes one list of numbers",
}
NAMES = {"write.size": "double", "write.title": "string", "write.tags": "list(string)", "write.done": "bool", "write.n": "int"}


@pytest.mark.parametrize("text", SLIPS)
def test_a_slip_in_an_expression_is_told_in_our_words(text: str) -> None:
    """What the expression library refuses to read."""
    with pytest.raises(ExpressionError) as error:
        Compiler(NAMES).compile(text)

    assert error.value.message == SLIPS[text]
    assert isinstance(error.value.message, Said)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("write.done and true", "write && for and"),
        ("not write.done", "write ! for not"),
        ("not (write.done)", "write ! for not"),
        ("write.size = 3.0", "compare it: … == …"),
        ("write.size ..", ""),
        ("'a", "close the quotes"),
    ],
)
def test_habits_from_elsewhere_are_answered_with_what_is_written_here(text: str, hint: str) -> None:
    """Words and signs of other languages have another form."""
    with pytest.raises(ExpressionError) as error:
        Compiler(NAMES).compile(text)

    assert error.value.hint == hint


UNANSWERED = {
    "1 / write.n == 1": "a number is divided by zero",
    "write.n % write.n == 1": "a number is divided by zero",
    "write.tags[3] == ''": "there is no item 3 in a list of 1, counted from 0",
    "int(write.title) == 1": "this string cannot be turned into a value of type int",
    "bool(write.title)": "this string cannot be turned into a value of type bool",
    "(write.n + 2) * 9223372036854775807 == 1": "a number is too large",
    "write.title.matches('(')": "the pattern is no regular expression",
    "{'a': 1}.b == 1": "there is no key b",
    "dyn(write.title) > 3": "> cannot be used with (string, int)",
    "avg([]) > 0.0": "avg of an empty list",
    "plus(write.title, 'P1D') == ''": "'x' is no date like 2026-11-22 and no instant like 2026-11-22T13:00:00Z",
    "plus('2026-11-22', write.title) == ''": "'x' is no length of time; write PT24H, P3D, 2 business days or 4h",
    "at('2026-11-22', write.title) == ''": "'x' is no time of day, like '09:00'",
    "seconds_between('2026-11-22', '2026-11-22T13:00:00Z') > 1": (
        "one is a date and the other an instant: day_of(…) makes a date of an instant"
    ),
    "timestamp(write.title) > timestamp('2026-01-01T00:00:00Z')": (
        "the expression gives no answer: String to Timestamp conversion failed"
    ),
    "write.done": "write.done has no value yet",
}


@pytest.mark.parametrize("text", UNANSWERED)
def test_why_an_expression_gives_no_answer_is_told_in_our_words(text: str) -> None:
    """What the expression library, or a function of ours inside of it, cannot compute."""
    data = {"write.n": 0, "write.title": "x", "write.tags": ["a"], "write.size": 1.5}

    with pytest.raises(GuardError) as error:
        Compiler(NAMES).compile(text).holds(data)

    assert error.value.reason == UNANSWERED[text]
    assert isinstance(error.value.reason, Said)


@pytest.mark.parametrize(
    ("value", "reason"),
    [("\ud800", "a text holds a lone surrogate"), ("a\0", "a text holds the character U+0000"), ("a" * 70_000, None)],
)
def test_why_data_is_not_read_is_told_in_our_words(value: str, reason: str | None) -> None:
    """Data that would harm the library is refused before it, and in a sentence that is remembered."""
    with pytest.raises(GuardError) as error:
        Compiler(NAMES).compile("write.title == ''").holds({"write.title": value})

    assert reason in {None, error.value.reason}
    assert isinstance(error.value.reason, Said)


CRONS = {
    "* * *": "it has not five fields", "61 * * * *": "the minute is wrong", "* 25 * * *": "the hour is wrong",
    "* * 32 * *": "the day of the month is wrong, or never comes", "* * * 13 *": "the month is wrong",
    "* * * * 8": "the day of the week is wrong",
}  # fmt: skip


@pytest.mark.parametrize("cron", CRONS)
def test_what_is_wrong_with_a_cron_expression_is_told_in_our_words(cron: str) -> None:
    """Which of its fields."""
    with pytest.raises(CronError) as error:
        next(following(cron, UTC, datetime(2026, 11, 22, tzinfo=UTC)))

    assert (error.value.args[0], type(error.value.args[0])) == (CRONS[cron], Said)


def test_no_finding_is_a_bare_text() -> None:
    """A message or a hint that is no `said(…)` reaches every reader in English."""
    makers = {"Problem", "Bad", "_problem", "ExpressionError", "GuardError", "PlainError", "CanonicalError", "ValueError"}
    bare = [
        f"{path.relative_to(ENGINE)}:{call.lineno}"
        for path in sorted(ENGINE.rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in makers
        for given in [*call.args[:2], *(keyword.value for keyword in call.keywords if keyword.arg in {"message", "hint"})]
        if (isinstance(given, ast.JoinedStr) and any(isinstance(part, ast.Constant) for part in given.values))
        or (isinstance(given, ast.Constant) and given.value and isinstance(given.value, str))
    ]
    assert not bare
