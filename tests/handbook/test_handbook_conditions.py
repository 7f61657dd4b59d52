"""Conditions, times, fields and schedules in words."""

# ruff: noqa: RUF001 - the signs of other languages are meant
from typing import Any

import pytest

from engine.canonical import canonical_document
from engine.definition import Definition
from engine.procedure import Procedure, Step
from runners.handbook.conditions import computation, condition
from runners.handbook.fields import answer
from runners.handbook.figures import kpi_table
from runners.handbook.speech import Speech, words_tag
from runners.handbook.starting import starts
from runners.handbook.voice import Voice, numbered
from runners.handbook.ways import due, late, marks, reminders, ways, who

ROLES = {"lead": {"title": {"en": "Lead", "ko": "팀장"}}}
DOCUMENT: dict[str, Any] = {
    "sop": "sample",
    "version": "1.0.0",
    "title": "Sample",
    "purpose": "p",
    "scope": "s",
    "owner": "lead",
    "roles": ["lead", "maker"],
    "parameters": {
        "time": {"type": "duration", "default": "PT36H", "label": "Time", "source": "x", "confidence": "team"},
        "limit": {"type": "money", "currency": "EUR", "default": 500, "label": "Limit", "source": "x", "confidence": "team"},
        "open": {"type": "duration", "required": True, "source": "x", "confidence": "team"},
        "rounds": {"type": "number", "default": 3, "source": "x", "confidence": "team"},
    },
    "inputs": {
        "day": {"type": "date", "required": True, "label": "Day"},
        "kinds": {"type": "multi_choice", "options": ["a", "b"]},
        "boss": {"type": "user"},
    },
    "signals": {"paid": {"title": "Money came"}},
    "kpis": {
        "share": {"title": "Share", "value": "write.fee", "target": ">= 1", "at": "write", "source": "x", "confidence": "team"},
        "left": {"value": "write.fee", "target": ">= 1", "source": "x", "confidence": "team"},
    },
    "steps": [
        {
            "id": "write",
            "title": "Write it",
            "role": "maker",
            "due": "$time after inputs.day",
            "remind": ["-4h", "1 day"],
            "escalate": [{"after": "2h", "to": "lead"}, {"after": "0 days", "to": "maker"}],
            "form": {
                "risk": {"type": "choice", "label": "Risk", "options": {"high": "Very high", "low": "Low"}},
                "fine": {"type": "bool"},
                "fee": {"type": "money", "currency": "EUR"},
                "note": {"type": "text"},
                "rows": {"type": "table", "columns": {"cost": {"type": "number", "label": "Cost"}}},
            },
        },
        {
            "id": "check",
            "approval": {"role": "lead", "of": ["write"], "quorum": 2},
            "lead": True,
            "assign": "random",
            "skill": "law",
            "critical": "desk",
            "outcomes": {
                "approve": "next",
                "back": {"to": "write", "rounds": "$rounds", "then": "end(given_up)"},
                "over": "check_two",
                "stop": {"to": "leave", "cancels": ["both.one"]},
            },
        },
        {
            "id": "both",
            "one_at_a_time": True,
            "join": "any",
            "rest": "continue",
            "parallel": {
                "one": [{"id": "in_one", "role": "maker", "same_as": "write"}],
                "two": [{"id": "in_two", "role": "maker", "lead": "write", "from": "inputs.boss"}],
            },
        },
        {"id": "check_two", "role": "lead"},
        {"id": "each", "for_each": {"one_kind": "inputs.kinds"}, "open": True, "steps": [{"id": "post", "role": "maker"}]},
        {"id": "child", "run": "other", "detached": True},
        {"id": "wait_a", "wait": {"signal": "paid"}},
        {"id": "wait_b", "wait": {"for": "3 days"}},
        {"id": "wait_c", "wait": {"until": "0 days after check"}},
    ],
}


def voice(tag: str = "en", **changes: object) -> Voice:
    document = canonical_document(Definition.model_validate({**DOCUMENT, **changes}))
    return Voice(Procedure(document, ""), (tag,), ROLES, {"other": {"en": "The other"}})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("write.risk == 'high'", "“Risk” (step 1) = “Very high”"),
        ("'high' == write.risk", "“Risk” (step 1) = “Very high”"),
        ("100 < write.fee", "“fee” (step 1) > 100"),
        ("write.risk in ['high', 'low']", "“Risk” (step 1) = “Very high” or “Low”"),
        ("'a' in inputs.kinds", "“kinds” (at the start) includes “a”"),
        ("write.fee > parameters.limit", "“fee” (step 1) > “Limit” (500 EUR)"),
        ("write.fee >= 2.5 * 100.0 - 1", "“fee” (step 1) ≥ 2.5 × 100 − 1"),
        ("!write.fine", "“fine” (step 1) = no"),
        ("write.fine == true", "“fine” (step 1) = yes"),
        ("write.done && check.outcome == 'approve'", "step 1 was done and result of step 2 = “Approve”"),
        ("!write.done || (write.fine && run.drill)", "step 1 was not done or (“fine” (step 1) = yes and this is a drill)"),
        ("!run.drill", "this is no drill"),
        ("kpi.share.met && !kpi.left.met", "“Share”: target met and “left”: target missed"),
        ("kpi.share.value * 2.0 < kpi.share.target", "“Share” × 2 < target of “Share”"),
        ("!(write.fine || run.drill)", "not: (“fine” (step 1) = yes or this is a drill)"),
        ("!(write.fee > 3) && run.drill", "“fee” (step 1) ≤ 3 and this is a drill"),
        ("write.risk in ['high', 'low'] && run.drill", "(“Risk” (step 1) = “Very high” or “Low”) and this is a drill"),
        ("write.risk in ['low'] && run.drill", "“Risk” (step 1) = “Low” and this is a drill"),
        ("write.note != ''", "“note” (step 1) is filled in"),
        ("write.note == ''", "“note” (step 1) is empty"),
        ("size(write.rows) > 0", "“rows” (step 1) is filled in"),
        ("write.rows.exists(r, r.cost > 3)", "in “rows” (step 1) at least one entry has: “Cost” > 3"),
        ("write.rows.all(r, r.cost > 3)", "in “rows” (step 1) every entry has: “Cost” > 3"),
        ("check.rounds == 2", "how often step 2 was opened = 2"),
        ("size(write.rows.filter(r, r.cost > 3)) == 0", "in “rows” (step 1) no entry has: “Cost” > 3"),
        ("check.rounds % 3 == 0", "how often step 2 was opened is a multiple of 3"),
        ("write.fee > (write.fine ? 2 : 3)", "“fee” (step 1) > (2 if “fine” (step 1) = yes, otherwise 3)"),
        ("true", "always"),
        ("false", "never"),
    ],
)
def test_usual_conditions_are_said(text: str, words: str) -> None:
    """A reader sees labels, choices and numbers of steps, never ids and operators."""
    assert condition(voice(), text) == (words, "", "", "")


@pytest.mark.parametrize(
    "text",
    [
        "write.fine ? 1",
        "nobody.knows == 1",
        "timestamp(inputs.day).getDayOfYear() == 3",
        "write.risk.matches('x')",
        "((",
        "write.rows.map(r, r.cost)",
        "a b",
        "[1, 2",
        "write.nothing == 1",
        "{'a': 1}",
        "!" * 400 + "true",
        " && ".join(["write.fine"] * 100),
        "'open",
        "size(write.rows, 1) > 0",
        "write.risk in []",
        "write.fine && 3",
        "not_there.exists(r, true)",
        "f(1)",
        "size == 1 &&",
        "parameters.none == 1",
    ],
)
def test_what_cannot_be_said_stays_the_expression(text: str) -> None:
    """It is marked as code, and is whole."""
    told = condition(voice(), text)
    assert told.style == "code"
    assert told.text == " ".join(text.split())


def test_computations_are_said() -> None:
    """Values and conditions alike; what is neither stays code."""
    speaker = voice()
    assert computation(speaker, "write.fee - 1 - (2 + 3)").text == "“fee” (step 1) − 1 − (2 + 3)"
    assert computation(speaker, "write.fine ? true : write.fine").text == "yes if “fine” (step 1) = yes, otherwise “fine” (step 1)"
    assert computation(speaker, "row.cost * 2", {"cost": {"label": {"": "Cost"}}}).text == "“Cost” × 2"
    assert computation(speaker, "write.fine").text == "“fine” (step 1)"
    assert computation(speaker, "minus(inputs.day, '3 business days')").text == "3 business days before “Day” (at the start)"
    assert computation(speaker, "plus(inputs.day, parameters.time)").text == "“Time” (36 hours) after “Day” (at the start)"
    assert computation(speaker, "at(inputs.day, '09:30')").text == "“Day” (at the start) at 09:30"
    assert computation(speaker, "day_of(inputs.day)").text == "the day of “Day” (at the start)"
    said = computation(speaker, "workdays_between(inputs.day, day_of(inputs.day))").text
    assert said == "working days from “Day” (at the start) to the day of “Day” (at the start)"
    assert computation(speaker, "string(write.fee, 2)").style == "code"
    assert computation(speaker, "write.note.matches('a')").style == "code"
    assert computation(speaker, "write.fee > 3").text == "“fee” (step 1) > 3"
    assert computation(speaker, "'none'").text == "“none”"
    assert computation(speaker, "double(write.fee) / 2").text == "“fee” (step 1) ÷ 2"
    assert computation(speaker, "write.rows.filter(r, r.cost > 3)").text == "the entries in “rows” (step 1) with: “Cost” > 3"
    assert computation(speaker, "write.rows.filter(r, r.cost)[1]").style == "code"
    assert computation(speaker, "8 / (4 * 2)").text == "8 ÷ (4 × 2)"
    assert computation(speaker, "8 / 4 * 2").text == "8 ÷ 4 × 2"
    assert computation(speaker, "8 - (4 - 2 * 3)").text == "8 − (4 − 2 × 3)"
    assert computation(speaker, "10.0 * double(8 + 4) / 2").text == "10 × (8 + 4) ÷ 2"


def test_korean_and_chinese_say_it_their_way() -> None:
    """The quotation marks and the order of words are those of the language."""
    assert condition(voice("ko"), "check.done && write.risk == 'high'").text == "2단계 완료 및 ‘Risk’(1단계) = ‘Very high’"
    assert condition(voice("zh-Hant"), "!write.done").text == "第1步未完成"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("PT24H", "24 hours"),
        ("P1D", "1 day"),
        ("P1Y6M", "1 year 6 months"),
        ("2 business days", "2 business days"),
        ("1bd", "1 business day"),
        ("4h", "4 hours"),
        ("30 min", "30 minutes"),
        ("PT1M30S", "1 minute 30 seconds"),
        ("2w", "2 weeks"),
        ("P", "P"),
        ("soon", "soon"),
        ("3 moons", "3 moons"),
    ],
)
def test_lengths_of_time_are_said(text: str, words: str) -> None:
    """ISO 8601 and the short forms alike; what is none stays as it is."""
    assert Speech("en").duration(text) == words


def test_dues_name_what_they_count_from() -> None:
    """A field by its label, a step by its number, a setting by its value."""
    speaker = voice()
    assert speaker.due("$time after inputs.day") == "36 hours after “Day” (at the start)"
    assert speaker.due("3 days before write.note") == "3 days before “note” (step 1)"
    assert speaker.due("0 days after check") == "at step 2"
    assert speaker.due("$open after start") == "as set in “open” after the start"
    assert Speech("en").period("quarter") == "per quarter"
    assert Speech("ko").period("P1Y") == "1년"


def test_dues_say_on_which_condition_they_count() -> None:
    """Each with its condition, and the last for everything else; what is always due needs no words for that."""

    def said(due_: object, tag: str = "en") -> str:
        speaker = voice(tag)
        return "".join(bit.text for bit in due(speaker, Step("x", "task", "main", "", {"due": due_})))

    several = [{"when": "write.risk == 'high'", "due": "PT1H"}, {"when": "write.x()", "due": "2h"}, {"else": "$time after start"}]
    assert said(several) == ("1 hour if “Risk” (step 1) = “Very high”; 2 hours if write.x(); otherwise 36 hours after the start")
    assert said(several[:1], "ko").startswith("‘Risk’(1단계) = ‘Very high’이면 1시간")
    assert said("PT1H") == said([{"else": "PT1H"}]) == "1 hour"
    assert due(voice(), Step("x", "task", "main", "", {})) == ()


def test_steps_say_who_and_when() -> None:
    """Every way of giving a task to somebody has words, as have reminders, escalations and marks."""
    speaker = voice()
    steps = speaker.procedure.steps
    said = {name: who(speaker, step) for name, step in steps.items()}
    assert said["check"] == ["Lead", "the lead of the run", "with the skill law", "given out by lot"]
    assert said["in_one"] == ["maker", "whoever did step 1"]
    assert said["in_two"] == ["maker", "the person named in “boss” (at the start)", "whoever leads the person who did step 1"]
    assert said["child"] == ["Starts the procedure “The other” and does not wait for it"]
    assert who(voice("ko"), steps["child"]) == ["절차 ‘The other’ 시작(끝날 때까지 기다리지 않음)"]
    assert [said[f"wait_{one}"] for one in "abc"] == [["Waits for: Money came"], ["Waits 3 days"], ["Waits until at step 2"]]
    assert reminders(speaker, steps["write"]) == ["4 hours before the due time", "1 day after the due time"]
    assert late(speaker, steps["write"]) == ["Lead is told 2 hours after the due time", "maker is told at the due time"]
    assert marks(speaker, steps["check"]) == [
        "Decides about 1 Write it",
        "2 people must agree",
        "one at a time over all runs (desk)",
    ]
    assert marks(speaker, steps["both"]) == ["one at a time"]
    assert marks(speaker, steps["each"]) == ["items can be added"]


def test_ways_say_where_they_lead() -> None:
    """Onward, back, over steps, out, to an end with a name; with rounds and what follows when they are used up."""
    speaker = voice()
    found = [
        (way.name.text, way.target, way.goal, [note.text for note in way.notes])
        for way in ways(speaker, speaker.procedure.steps["check"])
    ]
    assert found == [
        ("Approve", "next", "3 both", []),
        ("back", "write", "Back to 1 Write it", ["at most 3 times"]),
        ("When that is used up", "", "End: given up", []),
        ("over", "check_two", "Go to 4 check two", []),
        ("stop", "", "End", ["ends “one”"]),
    ]


def test_steps_are_numbered_by_where_they_stand() -> None:
    """Branches have letters, also beyond the alphabet, and items a further number."""
    assert voice().numbers == {
        "write": "1", "check": "2", "both": "3", "in_one": "3a.1", "in_two": "3b.1", "check_two": "4", "each": "5", "post": "5.1",
        "child": "6", "wait_a": "7", "wait_b": "8", "wait_c": "9",
    }  # fmt: skip
    wide = [{"id": "p", "parallel": {f"b{n}": {"steps": [{"id": f"s{n}", "role": "r"}]} for n in range(28)}}]
    assert dict(numbered(wide))["s27"] == "1bb.1"


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ({"type": "number", "min": 1, "max": 9, "unit": "posts"}, "number; in posts; at least 1; at most 9"),
        ({"type": "file", "many": True, "keep": True, "pii": True}, "file; several; personal data; kept as a record"),
        (
            {"type": "checklist", "items": {"a": {"en": "First"}, "b": {"en": "Second"}}},
            "to tick: First; Second; all must be ticked",
        ),
        ({"type": "checklist", "items": {"a": {"en": "First"}}, "rule": "any"}, "to tick: First; one must be ticked"),
        ({"type": "run", "sop": "other"}, "a run of a procedure; of “The other”"),
        ({"type": "bool", "default": True}, "yes or no; yes unless changed"),
        (
            {"type": "multi_choice", "options": {"a": {"en": "A"}, "b": {"en": "B"}}, "default": ["a", "b"]},
            "any of: A; B; A, B unless changed",
        ),
        ({"type": "bool", "value": "write.fine"}, "yes or no; computed: “fine” (step 1)"),
        (
            {"type": "table", "columns": {"c": {"type": "money", "currency": "EUR", "required": True, "help": {"en": "H"}}}},
            "table with:\n– c (amount of money; in EUR; required; H)",
        ),
    ],
)
def test_fields_say_what_is_answered(field: dict[str, Any], words: str) -> None:
    """Type, bounds, choices, defaults and marks, each in words."""
    assert "".join(bit.text for bit in answer(voice(), field)) == words


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("0 9 * * *", "every day at 09:00 (Asia/Seoul)"),
        ("30 18 * * WED", "every Wednesday at 18:30 (Asia/Seoul)"),
        ("0 9 * * 1-5", "every Monday–Friday at 09:00 (Asia/Seoul)"),
        ("0 9 10 * *", "on day 10 of the month at 09:00 (Asia/Seoul)"),
        ("0 9 2-31 * *", "on day 2–31 of the month at 09:00 (Asia/Seoul)"),
        ("0 9 15 1 *", "on day 15 of January at 09:00 (Asia/Seoul)"),
        ("0 9 1 4,10 *", "on day 1 of April, October at 09:00 (Asia/Seoul)"),
        ("0 9 L * *", "on the last day of the month at 09:00 (Asia/Seoul)"),
        ("0 9 LW 3,6 *", "on the last working day of the month, in March, June at 09:00 (Asia/Seoul)"),
        ("0 9 * * MON#1", "on the first Monday of the month at 09:00 (Asia/Seoul)"),
    ],
)
def test_schedules_are_said(cron: str, words: str) -> None:
    """The usual rhythms have words."""
    assert [bit.text for bit in starts(voice(), {"cron": cron, "zone": "Asia/Seoul"})] == [words]


@pytest.mark.parametrize("cron", ["*/5 9 * * *", "0 9 1 * MON", "0 9 * * 5L", "0 9 * */2 *", "0 9 1 1-3 *"])
def test_other_rhythms_stay_as_they_are(cron: str) -> None:
    """They are shown as code with their zone, and with the title of the run."""
    told = starts(voice(), {"cron": cron, "zone": "UTC", "title": {"": "Weekly"}})
    assert told[0] == (f"{cron} UTC", "", "", "code")
    assert told[-1].text == "Weekly"


def test_a_title_of_a_schedule_leaves_out_what_differs_each_time() -> None:
    """Readers see where the week or the year will stand, and not how the definition asks for it."""
    told = starts(voice(), {"cron": "0 9 15 1 *", "zone": "UTC", "title": {"": "Audit {year+1}, week {week}"}})
    assert "".join(bit.text for bit in told) == "on day 15 of January at 09:00 (UTC): Audit …, week …"


def test_readers_get_the_nearest_language_of_ours() -> None:
    """By RFC 4647 look-up, and English if there is none."""
    assert words_tag(("zh-Hant-TW",)) == "zh-Hant"
    assert words_tag(("de", "ko-KR")) == "ko"
    assert words_tag(("de",)) == "en"


def test_a_figure_says_over_which_time_and_at_which_step_it_is_judged() -> None:
    """The period, the step, or both; nothing where neither is said."""
    figure = {"value": "write.fee", "target": ">= 1", "source": "x", "confidence": "team"}
    kpis = {"both": {**figure, "period": "month", "at": "write"}, "step": {**figure, "at": "write"}, "none": figure}
    rows = kpi_table(voice(kpis=kpis), list(kpis)).rows
    assert ["".join(bit.text for bit in row[2]) for row in rows] == ["per month; at step 1", "at step 1", ""]
