"""From bytes to a definition: every problem at its place, in words about the document."""

# One row of a table is one line.
# ruff: noqa: E501

from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

import engine.parse
from engine import limits
from engine.definition import Definition
from engine.parse import Parsed, read, read_plain
from engine.places import Places
from engine.problems import Problem

HEAD = """\
sop: sample
version: 1.0.0
title: Sample
purpose: To be read
scope: This test
owner: lead
roles: [lead]
"""
STEPS = "steps: [{id: write, role: lead}]\n"


def of(parsed: Parsed) -> list[tuple[str, str]]:
    """``line:column code`` and message of every problem."""
    return [(f"{problem.line}:{problem.column} {problem.code}", problem.message) for problem in parsed.problems]


def test_sound_document_gives_its_definition() -> None:
    """A document without a slip gives the definition and no problem."""
    parsed = read((HEAD + STEPS).encode(), name="some/where/sample.yaml")

    assert parsed.problems == ()
    assert isinstance(parsed.definition, Definition)
    assert parsed.definition.steps[0].id == "write"
    assert isinstance(parsed.document, dict)


@pytest.mark.parametrize("name", ["", "-", "sample.yaml", "a/b/sample.yml", r"c:\d\sample.yaml", "README", "other.json"])
def test_file_name_that_fits_or_says_nothing_is_not_told(name: str) -> None:
    """Only YAML files are expected to be called like their SOP."""
    assert read((HEAD + STEPS).encode(), name=name).problems == ()


def test_file_called_otherwise_is_a_warning() -> None:
    """A file that is not called like its SOP still gives its definition."""
    parsed = read((HEAD + STEPS).encode(), name="a/simple.yaml")

    assert of(parsed) == [("1:6 SOP-L028", "the file is called simple, and its SOP sample")]
    assert parsed.problems[0].severity == "warning"
    assert parsed.definition is not None


SHAPES = {
    "not a mapping": ("- a\n", "1:1 SOP-L022", "expected a mapping, not a list of 1"),
    "a text": ("hello\n", "1:1 SOP-L022", 'expected a mapping, not "hello"'),
    "missing key": (HEAD.replace("scope: This test\n", "") + STEPS, "1:1 SOP-L021", '"scope" is missing'),
    "unknown key": (HEAD + STEPS + "stesp: []\n", "9:1 SOP-L020", 'there is no key "stesp" here'),
    "number for text": (HEAD.replace("Sample", "12") + STEPS, "3:8 SOP-L022", "expected a text, not 12"),
    "number for the text of an option": (
        HEAD + "steps: [{id: a, role: lead, form: {b: {type: choice, options: {c: 1}}}}]\n",
        "8:67 SOP-L022", "expected a text, not 1",
    ),
    "version as a number": (HEAD.replace("1.0.0", "1.0") + STEPS, "2:10 SOP-L022", "expected a text, not 1.0"),
    "version": (HEAD.replace("1.0.0", "v1") + STEPS, "2:10 SOP-L023", 'expected three numbers, like 1.0.0, not "v1"'),
    "language": (HEAD + "lang: german!\n" + STEPS, "8:7 SOP-L023", 'expected a language tag, like en or zh-Hans, not "german!"'),
    "title tag": (
        HEAD.replace("Sample", '{"e n": x}') + STEPS, "3:9 SOP-L023", '"e n" is not a language tag, like en or zh-Hans',
    ),
    "title without a text": (HEAD.replace("Sample", "{}") + STEPS, "3:1 SOP-L026", "expected 1 or more, not a mapping of 0"),
    "empty text": (HEAD.replace("Sample", '""') + STEPS, "3:8 SOP-L026", 'expected a longer text, not ""'),
    "long": (
        HEAD + STEPS.replace("}", f", source: {'x' * 401}}}"), "8:41 SOP-L026",
        f'expected at most 400 characters, not "{"x" * 57}…"',
    ),
    "no steps": (HEAD + "steps: []\n", "8:1 SOP-L026", "expected 1 or more, not a list of 0"),
    "null": (HEAD + "steps:\n", "8:7 SOP-L022", "expected a list, not nothing"),
    "role": (
        HEAD.replace("[lead]", "[lead, Legal]") + STEPS, "7:15 SOP-L023",
        'expected an id: small letters, digits and _, beginning with a letter, not "Legal"',
    ),
    "too few": (HEAD + "separate: [[a]]\n" + STEPS, "8:12 SOP-L026", "expected 2 or more, not a list of 1"),
    "step that is no mapping": (HEAD + "steps: [write]\n", "8:9 SOP-L022", 'expected a step, not "write"'),
    "step of no kind": (
        HEAD + "steps: [{id: a, rol: lead}]\n", "8:9 SOP-L024",
        "a step has exactly one of role, approval, decide, parallel, first, for_each, run, wait; this one has none of them",
    ),
    "step of two kinds": (
        HEAD + "steps: [{id: a, role: lead, run: b}]\n", "8:9 SOP-L024",
        "a step has exactly one of role, approval, decide, parallel, first, for_each, run, wait; this one has role and run",
    ),
    "step with an unknown key": (HEAD + "steps:\n  - id: a\n    role: lead\n    dew: 4h\n", "11:5 SOP-L020", 'there is no key "dew" here'),
    "role that is a truth value": (HEAD + "steps: [{id: a, role: true}]\n", "8:23 SOP-L022", "expected a text, not true"),
    "due": (
        HEAD + "steps: [{id: a, role: lead, due: soon}]\n", "8:34 SOP-L023",
        'expected a length of time, like 2 business days, PT24H, $parameter, or 4h after start, not "soon"',
    ),
    "due of several": (
        HEAD + "steps: [{id: a, role: lead, due: [{else: soon}]}]\n", "8:42 SOP-L023",
        'expected a length of time, like 2 business days, PT24H, $parameter, or 4h after start, not "soon"',
    ),
    "due without a condition": (
        HEAD + "steps: [{id: a, role: lead, due: [{due: 4h}, {else: 4h}]}]\n", "8:35 SOP-L021", '"when" is missing',
    ),
    "due after else": (
        HEAD + "steps: [{id: a, role: lead, due: [{else: 4h}, {else: 4h}]}]\n", "8:29 SOP-L027",
        "else comes last, and once: nothing after it would ever count",
    ),
    "key of a due": (
        HEAD + "steps: [{id: a, role: lead, due: [{when: 'true', due: 4h, des: 4h}]}]\n", "8:59 SOP-L020", 'there is no key "des" here',
    ),
    "key of the last due": (
        HEAD + "steps: [{id: a, role: lead, due: [{else: 4h, due: 4h}]}]\n", "8:46 SOP-L020", 'there is no key "due" here',
    ),
    "target in short": (
        HEAD + "steps: [{id: a, role: lead, outcomes: {done: Next}}]\n", "8:46 SOP-L023",
        'expected next, leave, end, end(name) or a step, not "Next"',
    ),
    "target in full": (
        HEAD + "steps: [{id: a, role: lead, outcomes: {done: {to: Next}}}]\n", "8:51 SOP-L023",
        'expected next, leave, end, end(name) or a step, not "Next"',
    ),
    "outcome that is a list": (
        HEAD + "steps: [{id: a, role: lead, outcomes: {done: [a]}}]\n", "8:40 SOP-L022", "expected a mapping, not a list of 1",
    ),
    "outcome id": (
        HEAD + "steps: [{id: a, role: lead, outcomes: {Done: next}}]\n", "8:40 SOP-L023",
        '"Done" is not an id: small letters, digits and _, beginning with a letter',
    ),
    "rounds too few": (
        HEAD + "steps: [{id: a, role: lead, outcomes: {done: {to: a, rounds: 0, then: end}}}]\n", "8:62 SOP-L026",
        "expected 1 or more, not 0",
    ),
    "rounds in words": (
        HEAD + "steps: [{id: a, role: lead, outcomes: {done: {to: a, rounds: two, then: end}}}]\n", "8:62 SOP-L023",
        'expected a whole number or $parameter, not "two"',
    ),
    "rounds without then": (
        HEAD + "steps: [{id: a, role: lead, outcomes: {done: {to: a, rounds: 2}}}]\n", "8:40 SOP-L027",
        "rounds and then go together: how often, and where to when that is used up",
    ),
    "field type": (
        HEAD + "steps: [{id: a, role: lead, form: {b: {type: txet}}}]\n", "8:46 SOP-L022",
        ("expected text, longtext, number, percent, money, rating, date, datetime, duration, bool, choice, multi_choice, url, file, user, "
         'users, run, table or checklist, not "txet"'),
    ),
    "field constraint": (HEAD + "steps: [{id: a, role: lead, form: {b: {type: choice}}}]\n", "8:36 SOP-L027", "a choice needs options"),
    "field bound of no type": (
        HEAD + "steps: [{id: a, role: lead, form: {b: {type: text, min: [1]}}}]\n", "8:52 SOP-L022",
        "expected a whole number or a number or a text, not a list of 1",
    ),
    "join": (
        HEAD + "steps: [{id: a, parallel: {b: [{id: c, role: lead}]}, join: most}]\n", "8:61 SOP-L022",
        'expected all or any, not "most"',
    ),
    "choice without a condition": (
        HEAD + "steps: [{id: a, decide: [{to: end}, {else: end}]}]\n", "8:26 SOP-L021", '"when" is missing',
    ),
    "else with more": (
        HEAD + "steps: [{id: a, decide: [{when: a, to: end}, {else: end, rouns: 1}]}]\n", "8:58 SOP-L020",
        'there is no key "rouns" here',
    ),
    "choice that is a number": (
        HEAD + "steps: [{id: a, decide: [{when: a, to: end}, 5]}]\n", "8:46 SOP-L022", "expected a mapping, not 5",
    ),
    "two items": (
        HEAD + "steps: [{id: a, for_each: {b: c, d: e}, steps: [{id: f, role: lead}]}]\n", "8:17 SOP-L026",
        "expected 1 or fewer, not a mapping of 2",
    ),
    "number of another kind": (
        HEAD + "steps: [{id: a, role: lead, form: {b: {type: number, decimals: 1.5}}}]\n", "8:64 SOP-L022",
        "expected a whole number, not 1.5",
    ),
    "name of an attribute": (
        HEAD + "steps: [{id: a, run: b, with_: {}}]\n", "8:25 SOP-L020", 'there is no key "with_" here',
    ),
    "step in a branch in short": (
        HEAD + "steps:\n  - id: a\n    parallel:\n      b:\n        - {id: c, role: lead, dew: 4h}\n", "12:31 SOP-L020",
        'there is no key "dew" here',
    ),
    "step in a branch in full": (
        HEAD + "steps:\n  - id: a\n    parallel:\n      b:\n        steps:\n          - {id: c, approval: {role: 5}}\n",
        "13:38 SOP-L022", "expected a text, not 5",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "place", "message"), SHAPES.values(), ids=SHAPES)
def test_slip_of_shape_is_told_at_its_place(text: str, place: str, message: str) -> None:
    """Each slip is one problem at its line and column, in words about the document and not about our models."""
    parsed = read(text.encode())

    assert (place, message) in of(parsed)
    assert parsed.definition is None
    assert not any(word in message for word in ("pydantic", "function", "union", "tagged"))


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (HEAD + STEPS + "stesp: []\n", 'did you mean "steps"?'),
        (HEAD + "steps: [{id: a, rol: lead}]\n", 'did you mean "role"?'),
        (HEAD + "steps: [{id: a, xyz: lead}]\n", ""),
        (HEAD + "steps: [{id: a, role: lead, deu: 4h}]\n", 'did you mean "due"?'),
        (HEAD + "steps: [{id: a, role: lead, form: {b: {type: text, lable: x}}}]\n", 'did you mean "label"?'),
        (HEAD + "steps: [{id: a, role: lead, form: {b: {type: table, columns: {c: {type: text, lable: x}}}}}]\n", 'did you mean "label"?'),
        (HEAD + "steps: [{id: a, role: lead, outcomes: {b: {two: next}}}]\n", 'did you mean "to"?'),
        (HEAD + "steps: [{id: a, role: lead, escalate: [{afte: 4h, after: 4h, to: b}]}]\n", 'did you mean "after"?'),
        (HEAD + "steps: [{id: a, approval: {role: lead, qourum: 2}}]\n", 'did you mean "quorum"?'),
        (HEAD + "steps: [{id: a, decide: [{when: a, too: b, to: b}, {else: end}]}]\n", 'did you mean "to"?'),
        (HEAD + "steps: [{id: a, decide: [{when: a, to: b}, {els: end}]}]\n", ""),
        (HEAD + "steps: [{id: a, decide: [{when: a, to: b}, {else: end, elze: end}]}]\n", 'did you mean "else"?'),
        (HEAD + "steps: [{id: a, parallel: {b: {titel: x, steps: [{id: c, role: lead}]}}}]\n", 'did you mean "title"?'),
        (HEAD + "steps: [{id: a, run: b, wiht: {}}]\n", 'did you mean "with"?'),
        (HEAD + STEPS + "kpis: {a: {tagret: '> 1', target: '> 1', source: x, confidence: team}}\n", 'did you mean "target"?'),
        (HEAD + STEPS + "kpis: {a: {target: '> 1', source: x, confidence: teem}}\n", 'did you mean "team"?'),
        (HEAD + STEPS + "parameters: {a: {type: text, default: x, sorce: x, source: x, confidence: team}}\n", 'did you mean "source"?'),
        (HEAD + STEPS + "inputs: {a: {type: text, requird: true}}\n", 'did you mean "required"?'),
        (HEAD + "steps: [{id: a, role: lead, form: {b: {type: txet}}}]\n", 'did you mean "text"?'),
        (HEAD.replace("1.0.0", "1.0") + STEPS, "put it in quotes"),
    ],
)  # fmt: skip
def test_what_was_meant_is_guessed(text: str, hint: str) -> None:
    """An unknown key or word is answered with the nearest one that may stand there."""
    parsed = read(text.encode())

    assert hint in {problem.hint for problem in parsed.problems}


def test_all_problems_are_told_at_once_in_order() -> None:
    """Reading and shape are told together, by line; a value that could not be read is not told twice."""
    text = HEAD.replace("owner: lead", "owner: 99999999999999999999") + "steps: [{id: a, rol: lead}]\nnonsense: 1\nsop: b\n"

    parsed = read(text.encode())

    assert [(p.line, p.code) for p in parsed.problems] == [(6, "SOP-L010"), (8, "SOP-L024"), (9, "SOP-L020"), (10, "SOP-L008")]
    assert parsed.definition is None


def test_more_problems_than_anybody_reads_are_counted() -> None:
    """Beyond the limit the problems are counted, not shown."""
    text = HEAD + STEPS + "".join(f"key{number}: 1\n" for number in range(limits.PROBLEMS + 7))

    problems = read(text.encode()).problems

    assert len(problems) == limits.PROBLEMS + 1
    assert (problems[-1].code, problems[-1].message) == ("SOP-L029", "7 more problems are not shown")


def test_error_without_a_mark_is_told_at_the_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of the YAML library that names no place is still a problem with a line, and with words of our own."""

    def fail(*_: object, **__: object) -> None:
        raise yaml.YAMLError("broken")

    monkeypatch.setattr(engine.parse, "yaml", SimpleNamespace(parse=fail, YAMLError=yaml.YAMLError))

    (problem,) = read_plain(b"a: 1").problems

    assert (problem.code, problem.line, problem.column) == ("SOP-L003", 1, 1)
    assert problem.message == "from here on the file cannot be read as YAML"


def test_loader_written_in_python_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the compiled loader is missing, the other one gives the same data, places and problems."""
    text = (HEAD + "steps:\n  - id: a\n    role: lead\n    when: |\n      run.drill\n    dew: '4h'\n").encode()
    first = read(text)

    monkeypatch.setattr(engine.parse, "_LOADER", yaml.SafeLoader)
    second = read(text)

    assert (first.document, first.problems) == (second.document, second.problems)


def test_places_are_found_for_every_path() -> None:
    """A value is found at itself, a mapping or list at its key, what is missing at what should hold it."""
    text = (
        HEAD
        + "steps:\n  - id: a\n    role: lead\n    outcomes:\n      done: next\n  - id: b\n    parallel:\n      c: [{id: d, role: lead}]\n"
    )
    places = read(text.encode()).places

    assert places.of(()) == (1, 1)
    assert places.of(("sop",)) == (1, 6)
    assert places.of(("sop",), key=True) == (1, 1)
    assert places.of(("steps",)) == (8, 1)
    assert places.of(("steps", 0)) == (9, 5)
    assert places.of(("steps", 0, "role")) == (10, 11)
    assert places.of(("steps", 0, "outcomes")) == (11, 5)
    assert places.of(("steps", 0, "outcomes", "done", "to")) == (12, 13)
    assert places.of(("steps", 0, "due")) == (9, 5)
    assert places.of(("steps", 1, "parallel", "c", "steps")) == (15, 7)
    assert places.of(("steps", 1, "parallel", "c", "steps", 0, "id")) == (15, 16)
    assert places.of(("roles", "lead")) == (7, 9)
    assert places.of(("nowhere", 5, "x")) == (1, 1)
    assert Places().of(("a",)) == (1, 1)


def test_places_are_given_to_problems_in_the_order_of_the_document() -> None:
    """Problems of later checks get their lines from the same places."""
    places = read((HEAD + STEPS).encode()).places

    placed = places.placed([Problem("B", "", ("steps", 0, "role")), Problem("A", "", ("sop",), facts={"at": "key"})])

    assert [(problem.code, problem.line, problem.column) for problem in placed] == [("A", 1, 1), ("B", 8, 27)]


def test_plain_data_is_read_under_the_same_guards(tmp_path: Path) -> None:
    """Other YAML files are read as data with places, and refused for the same reasons."""
    plain = read_plain(b"people:\n  ana: {name: Ana}\n")

    assert plain.document == {"people": {"ana": {"name": "Ana"}}}
    assert plain.places.of(("people", "ana", "name")) == (2, 15)
    assert [problem.code for problem in read_plain(b"a: &x 1\n").problems] == ["SOP-L004"]
    assert read_plain(b"- x\n").document == ["x"]


def test_every_shipped_definition_is_read_without_an_error() -> None:
    """What we ship can be used."""
    folder = Path(__file__).parents[2] / "definitions"
    shipped = [path for path in folder.glob("*.yaml") if path.read_bytes().count(b"\nsop:")]

    assert shipped
    for path in shipped:
        assert read(path.read_bytes(), name=path.name).problems == (), path.name
