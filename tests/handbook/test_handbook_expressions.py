"""What definitions compute, in words: no page shows a reader an expression that there are words for."""

# ruff: noqa: RUF001 - the signs of other languages are meant
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.expressions import Compiler, ExpressionError
from engine.scope import names
from runners.handbook.book import Book
from runners.handbook.conditions import computation, condition, figure
from runners.handbook.parsing import Parser, UnsayableError
from runners.handbook.simplifying import simple
from runners.handbook.words import TAGS
from tests.handbook.reading import Read
from tests.handbook.test_handbook_conditions import DOCUMENT, voice

COLUMNS = {
    "name": {"type": "text", "label": "Name"},
    "cost": {"type": "number", "label": "Cost"}, "paid": {"type": "bool", "label": "Paid"},
    "sort": {"type": "choice", "label": "Sort", "options": {"new": "New", "old": "Old"}},
}  # fmt: skip
FORM: dict[str, dict[str, Any]] = {
    "risk": {"type": "choice", "label": "Risk", "options": {"high": "Very high", "low": "Low"}},
    "fine": {"type": "bool", "label": "Fine"},
    "fee": {"type": "number", "decimals": 2, "label": "Fee"},
    "count": {"type": "number", "label": "Count"},
    "note": {"type": "text", "label": "Note"},
    "at": {"type": "datetime", "label": "At"},
    "until": {"type": "datetime", "label": "Until"},
    "kinds": {"type": "multi_choice", "label": "Kinds", "options": {"a": "Apple", "b": "Pear"}},
    "rows": {"type": "table", "label": "Rows", "columns": COLUMNS},
    "more": {"type": "table", "label": "More", "columns": COLUMNS},
}
STEPS = [{**DOCUMENT["steps"][0], "form": FORM}, *DOCUMENT["steps"][1:]]
SPEAKERS = {tag: voice(tag, steps=STEPS) for tag in TAGS}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("seconds_between(write.at, write.until) / 60", "minutes from “At” (step 1) to “Until” (step 1)"),
        ("double(seconds_between(write.at, write.until)) / 3600.0", "hours from “At” (step 1) to “Until” (step 1)"),
        ("(timestamp(write.until) - timestamp(write.at)).getHours()", "hours from “At” (step 1) to “Until” (step 1)"),
        (
            "double((timestamp(check.completed_at) - timestamp(inputs.day + 'T00:00:00Z')).getSeconds()) / 86400.0",
            "days from “Day” (at the start) to the completion of step 2",
        ),
        ("write.fee / 2.0 * 100.0", "“Fee” (step 1) as a percentage of 2"),
        ("100.0 * double(write.count) / write.fee", "“Count” (step 1) as a percentage of “Fee” (step 1)"),
        ("(write.fee - 1.0) / write.fee * 100.0", "(“Fee” (step 1) − 1) as a percentage of “Fee” (step 1)"),
        (
            "100.0 * double(size(write.rows.filter(r, r.paid))) / double(size(write.rows))",
            "percentage of the entries in “Rows” (step 1) with: “Paid” = yes",
        ),
        ("sum(write.rows.map(r, r.cost))", "sum of “Cost” over all entries in “Rows” (step 1)"),
        ("avg(write.rows.map(r, r.cost * 2))", "average of (“Cost” × 2) over all entries in “Rows” (step 1)"),
        ("max([write.fee, 2.0])", "largest of “Fee” (step 1), 2"),
        ("min(write.rows.map(r, r.cost).map(c, c + 1))", "smallest of (“Cost” + 1) over all entries in “Rows” (step 1)"),
        ("size(write.rows.map(r, r.cost).filter(c, c > 1))", "number of entries in “Rows” (step 1) with: “Cost” > 1"),
        ("write.fee < 0.0 ? -write.fee : write.fee", "“Fee” (step 1) (up or down)"),
        ("write.fee > 3.0 ? write.fee - 3.0 : 3.0 - write.fee", "difference between “Fee” (step 1) and 3"),
        ("[write.fee].filter(x, x > 0.0)[0]", "“Fee” (step 1), counted only if “Fee” (step 1) > 0"),
        ("write.fee / [write.fee].filter(x, x > 0.0)[0]", "“Fee” (step 1) ÷ (“Fee” (step 1), counted only if “Fee” (step 1) > 0)"),
        ("write.rows[0].cost", "“Cost” of the first entry in “Rows” (step 1)"),
        (
            "write.rows.filter(r, r.sort == 'new')[0].name",
            "“Name” of the first entry in “Rows” (step 1) with: “Sort” = “New”",
        ),
        ("check.done ? check.completed_at : write.at", "the completion of step 2, or without that “At” (step 1)"),
        ("write.note + ' – ' + write.risk", "“Note” (step 1) – “Risk” (step 1)"),
        ("plus(write.at, 'PT48H')", "48 hours after “At” (step 1)"),
        (
            "timestamp(write.at) - duration(string(parameters.time) + 's')",
            "“Time” (36 hours) before “At” (step 1)",
        ),
        (
            "plus(inputs.day, (10 - timestamp(inputs.day).getDayOfWeek()) % 7 * 86400)",
            "the first Wednesday on or after “Day” (at the start)",
        ),
        ("write.fee > 1.0 ? 'high' : write.fee > 0.5 ? 'low' : 'none'",
         "“Very high” if “Fee” (step 1) > 1, otherwise “Low” if “Fee” (step 1) > 0.5, otherwise “none”"),
        ("run.started_at", "the start"),
        ("run.name", "this run"),
        ("child.results.score", "“score” of step 6"),
        ("-(write.fee + 1.0)", "−(“Fee” (step 1) + 1)"),
        ("timestamp(write.at).getDayOfWeek()", "weekday of “At” (step 1)"),
    ],
)  # fmt: skip
def test_values_are_said(text: str, words: str) -> None:
    """Spans, ratios, totals, entries of lists and values that depend."""
    assert computation(SPEAKERS["en"], text, labels=FORM["risk"]["options"]) == (words, "", "", "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("write.at < write.until", "“At” (step 1) is before “Until” (step 1)"),
        ("write.until >= check.completed_at", "“Until” (step 1) is not before the completion of step 2"),
        ("day_of(write.at) <= inputs.day", "the day of “At” (step 1) is not after “Day” (at the start)"),
        ("timestamp(write.at).getDayOfWeek() == 3", "weekday of “At” (step 1) = Wednesday"),
        ("check.rounds == 1", "step 2 was opened only once"),
        ("check.done && check.outcome == 'approve'", "result of step 2 = “Approve”"),
        ("check.done || check.outcome == 'approve'", "step 2 was done or result of step 2 = “Approve”"),
        ("!(write.risk in ['high', 'low'])", "“Risk” (step 1) is not “Very high” or “Low”"),
        ("!('a' in write.kinds)", "“Kinds” (step 1) does not include “Apple”"),
        ("'high' in [write.risk, write.note]", "“Risk” (step 1) or “Note” (step 1) = “Very high”"),
        ("write.fee > 2.0 || write.fee < -2.0", "“Fee” (step 1) (up or down) > 2"),
        ("write.fee > 2.0 || -write.fee > 2.0", "“Fee” (step 1) (up or down) > 2"),
        ("write.fine ? write.count > 1 : write.note != ''",
         "if “Fine” (step 1) = yes: “Count” (step 1) > 1; otherwise: “Note” (step 1) is filled in"),
        ("write.note.startsWith('x') && write.note.contains('y')",
         "(“Note” (step 1) begins with “x”) and (“Note” (step 1) contains “y”)"),
        ("['new', 'old'].all(s, write.rows.exists(r, r.sort == s))",
         "in “Rows” (step 1), “Sort” has each of: “New”, “Old”"),
        ("write.rows.all(a, write.rows.exists_one(b, b.name == a.name && b.sort == a.sort))",
         "no two entries in “Rows” (step 1) have the same “Name” and “Sort”"),
        ("write.rows.all(a, write.rows.all(b, a.name == b.name || a.sort != b.sort))",
         "any two entries in “Rows” (step 1) have: the same “Name” or a different “Sort”"),
        ("write.rows.all(a, write.more.exists(b, b.cost > a.cost))",
         "for every entry in “Rows” (step 1) there is one in “More” (step 1) with: “Cost” (“More”) > “Cost” (“Rows”)"),
        ("write.rows.filter(r, r.paid).all(a, write.more.exists_one(b, b.name == a.name))",
         "for every entry in “Rows” (step 1) (those with: “Paid” = yes) there is exactly one in “More” (step 1) with: the same “Name”"),  # noqa: E501
        ("write.rows.all(a, write.rows.exists_one(b, b.paid))",
         "for every entry in “Rows” (step 1) there is exactly one in “Rows” (step 1) with: “Paid” = yes"),
        ("['new', 'old'].all(s, write.rows.exists(r, r.sort == r.name))",
         "for each of “new”, “old”: in “Rows” (step 1) at least one entry has: “Sort” = “Name”"),
        ("[write.note, write.risk].exists(x, x == 'high')",
         "for at least one of “Note” (step 1), “Risk” (step 1): it = “high”"),
        ("check.done ? check.rounds > 1 : write.fine",
         "how often step 2 was opened > 1, or without that “Fine” (step 1) = yes"),
        ("(write.fine ? true : false) && (write.fee > 1.0 ? true : true)", "“Fine” (step 1) = yes and always"),
        ("size(write.rows.map(r, r.cost)) == 0", "“Rows” (step 1) is empty"),
        ("write.rows.exists_one(r, r.paid)", "in “Rows” (step 1) exactly one entry has: “Paid” = yes"),
        ("!write.rows.exists(r, r.paid)", "in “Rows” (step 1) no entry has: “Paid” = yes"),
        ("write.rows.all(r, has(r.name))", "in “Rows” (step 1) every entry has: “Name” is filled in"),
        ("[write.at, write.until].all(x, x > inputs.day)",
         "for each of “At” (step 1), “Until” (step 1): it is after “Day” (at the start)"),
        ("write.kinds.all(k, k == 'a' || k in write.kinds)",
         "in “Kinds” (step 1) every entry has: it = “Apple” or “Kinds” (step 1) includes it"),
        ("size(write.rows) >= 1 && size(write.more) == 0", "“Rows” (step 1) is filled in and “More” (step 1) is empty"),
    ],
)  # fmt: skip
def test_conditions_over_times_and_lists_are_said(text: str, words: str) -> None:
    """Entries that must be there, be the same or differ; times by what comes first."""
    assert condition(SPEAKERS["en"], text) == (words, "", "", "")


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("zh-Hans", "“Rows”（第1步）中符合以下条件的条目占比（%）：“Paid” = 是"),
        ("zh-Hant", "「Rows」（第1步）中符合以下條件的項目占比（%）：「Paid」 = 是"),
        ("ko", "‘Rows’(1단계) 중 다음에 해당하는 항목의 비율(%): ‘Paid’ = 예"),
    ],
)
def test_every_language_says_them(tag: str, words: str) -> None:
    """With its own words, signs of quotation and brackets."""
    text = "100.0 * double(size(write.rows.filter(r, r.paid))) / double(size(write.rows))"
    assert computation(SPEAKERS[tag], text).text == words


@pytest.mark.parametrize(
    ("text", "shared", "seconds", "words"),
    [
        ("write.fine ? 100.0 : 0.0", True, False, "share of runs where “Fine” (step 1) = yes"),
        ("write.fine ? 0 : 1", True, False, "number of runs where “Fine” (step 1) = no"),
        ("write.fine", True, False, "share of runs where “Fine” (step 1) = yes"),
        ("write.fine", False, False, "“Fine” (step 1) = yes"),
        ("write.fine ? 100.0 : 0.0", False, False, "100 if “Fine” (step 1) = yes, otherwise 0"),
        ("[write.fine].filter(x, run.drill)[0]", True, False,
         "share of runs where “Fine” (step 1) = yes, counted only if this is a drill"),
        ("write.count * 60", True, True, "“Count” (step 1)"),
        ("write.count * 60", True, False, "“Count” (step 1) × 60"),
    ],
)  # fmt: skip
def test_figures_over_runs_are_shares(text: str, shared: bool, seconds: bool, words: str) -> None:  # noqa: FBT001 - drawn
    """Yes and no of many runs are a share of them, and what only makes seconds is left out."""
    assert figure(SPEAKERS["en"], text, shared=shared, seconds=seconds) == (words, "", "", "")


def test_items_are_said_by_their_columns() -> None:
    """What a step is done for each of is known to its conditions, inside that step and nowhere else."""
    steps = [
        *STEPS[:1],
        {"id": "each", "for_each": {"line": "write.rows.filter(r, r.paid)"}, "steps": [
            {"id": "post", "role": "maker", "when": "line.cost > 1 && write.more.exists(m, m.name == line.name)"},
        ]},
    ]  # fmt: skip
    speaker = voice(steps=steps, kpis={})
    assert speaker.due("0 days after line.cost") == "at “Cost” (entry of “Rows”)"
    words = "“Cost” > 1 and (in “More” (step 1) at least one entry has: the same “Name”)"
    assert condition(speaker.at("post"), steps[1]["steps"][0]["when"]).text == words
    assert condition(speaker.at("write"), "line.cost > 1").style == "code"


NUMBERS = st.sampled_from(
    [
        "write.fee",
        "1.0",
        "double(write.count)",
        "double(check.rounds)",
        "double(size(write.rows))",
        "100.0",
        "0.0",
        "kpi.left.value",
    ]
)
TEXTS = st.sampled_from(["write.note", "write.risk", "'high'", "check.outcome", "''", "run.name", "write.at", "inputs.day"])
TRUTHS = st.sampled_from(
    ["write.fine", "write.done", "run.drill", "true", "kpi.left.met", "'a' in write.kinds", "check.rounds == 1"]
)


def _values(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    rows = st.sampled_from(["write.rows", "write.more", "write.rows.filter(f, f.paid)"])
    texts = st.lists(TEXTS, min_size=1, max_size=3)
    return st.one_of(
        st.builds("({} {} {})".format, NUMBERS, st.sampled_from("+-*/"), NUMBERS),
        st.builds("{} / {} * 100.0".format, NUMBERS, NUMBERS),
        st.builds("({} ? {} : {})".format, inner, NUMBERS, NUMBERS),
        st.builds("{}({}.map(m, double(m.cost)))".format, st.sampled_from(["sum", "avg", "min", "max"]), rows),
        st.builds("double(size({}.filter(r, {})))".format, rows, inner),
        st.builds("[{}].filter(o, {})[0]".format, NUMBERS, inner),
        st.builds("double(seconds_between({}, {})) / 60.0".format, TEXTS, TEXTS),
        st.builds("double(size([{}]))".format, texts.map(", ".join)),
        st.builds("-{}".format, NUMBERS),
    )


def _more(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    values = _values(inner)
    rows = st.sampled_from(["write.rows", "write.more", "write.rows.filter(f, f.cost > 2)"])
    loop = st.sampled_from(["all", "exists", "exists_one"])
    return st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["&&", "||"]), inner),
        st.builds("!({})".format, inner),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
        st.builds("{} {} {}".format, values, st.sampled_from(["<", "<=", "==", "!=", ">", ">="]), values),
        st.builds("{} {} {}".format, TEXTS, st.sampled_from(["<", "==", "!="]), TEXTS),
        st.builds("{} in [{}]".format, TEXTS, st.lists(TEXTS, min_size=1, max_size=3).map(", ".join)),
        st.builds("{}.{}(r, r.name == {} || {})".format, rows, loop, TEXTS, inner),
        st.builds("{}.{}(a, {}.{}(b, b.name == a.name && {}))".format, rows, loop, rows, loop, inner),
        st.builds("{}.{}({})".format, TEXTS, st.sampled_from(["contains", "startsWith", "matches"]), TEXTS),
        st.builds("[{}].all(x, x != {})".format, st.lists(TEXTS, min_size=1, max_size=3).map(", ".join), TEXTS),
    )


@given(st.recursive(TRUTHS, _more, max_leaves=8), st.sampled_from(TAGS))
def test_whatever_may_stand_in_a_definition_is_said_or_shown(text: str, tag: str) -> None:
    """Every expression that the checker takes becomes words or stays the code that it is, whole; nothing raises."""
    speaker = SPEAKERS[tag]
    try:
        Compiler(names(speaker.document).conditions("wait_c")).compile(text)
    except ExpressionError:
        assume(False)
    for told in (condition(speaker, text), computation(speaker, text), figure(speaker, text, shared=True, seconds=True)):
        assert told.text.strip()
        assert told.style or not re.search(r"&&|\|\||==|\bwrite\.|\bcheck\.", told.text)
        assert not told.style or told.text == " ".join(text.split())


@given(
    st.lists(
        st.sampled_from([*"()[].,?:!-+*/%<>", "&&", "||", "==", "in", "a", "r", "map", "filter", "size", "1", "'x'", "write.fee"])
    )
)
def test_nothing_that_people_write_raises(words: list[str]) -> None:
    """Be it an expression or not, the worst that happens is that it is shown as it is."""
    text = " ".join(words)
    assert condition(SPEAKERS["en"], text).text == " ".join(text.split()) or not condition(SPEAKERS["en"], text).style


@pytest.mark.parametrize(
    "text",
    [
        "(" * 200 + "1" + ")" * 200,
        "!" * 401 + "write.fine",
        " + ".join(["write.fee"] * 119),
        "write.fine ? " * 60 + "1" + " : 2" * 60,
        "write.rows" + ".map(m, m.cost + m.cost)" * 15,
        "[" * 100,
        "size(" * 60,
    ],
)
def test_what_is_too_deep_or_too_large_is_shown(text: str) -> None:
    """Nothing runs out of room or of time over it."""
    for tag in TAGS:
        assert computation(SPEAKERS[tag], text).text


def test_what_grows_when_it_is_said_shorter_is_given_up() -> None:
    """A list made of a list made of a list … would double each time."""
    with pytest.raises(UnsayableError):
        simple(Parser("write.rows" + ".map(m, m + m)" * 15).whole())


def expressions(value: object, key: str = "") -> Iterator[str]:
    """Every expression of a document that is more than a name."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from expressions(one, "value" if key in {"for_each", "results", "with"} else name)
    elif isinstance(value, list):
        for one in value:
            yield from expressions(one, key)
    elif isinstance(value, str) and key in {"when", "while", "value"} and re.search(r"[a-z]\.[a-z]|[&|=<>(]", value):
        yield " ".join(value.split())


@pytest.mark.parametrize("tag", TAGS)
def test_no_page_shows_an_expression(book: Book, pages: dict[str, Read], tag: str) -> None:
    """Of the shipped SOPs everything that is computed or asked is in words; as code there are only names for commands."""
    for path in [f"{tag}/{page}.html" for page in ("kpis", "roles", "index")] + [f"{tag}/sop/{sop}.html" for sop in book.volumes]:
        (body,) = pages[path].all("main")
        assert {code.text for code in pages[path].all("code")} <= set(book.volumes), path
        assert not re.search(r"&&|\|\||==|!=|\w\(\w+\.\w|\.(exists|all|filter|map|done|outcome|rounds)\b", body.text), path
    for sop, volume in book.volumes.items():
        (body,) = pages[f"{tag}/sop/{sop}.html"].all("main")
        found = list(expressions(volume.procedure.document))
        assert [text for text in found if text in body.text] == []
