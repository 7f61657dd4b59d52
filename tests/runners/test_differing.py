"""Changes between versions in words."""

from typing import Any

import pytest

from engine.difference import Change
from runners.differing import in_words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change("renamed", "steps.draft", "write", "draft"), "step write is called draft now"),
        (Change("moved", "tracks.main", ["a", "b"], ["b", "a"]), "order of steps in the main track: a, b → b, a"),
        (Change("moved", "tracks.both.left", ["a"], ["b"]), "order of steps in branch left of both: a → b"),
        (Change("moved", "steps.a", "main", "all"), "step a moved from the main track to the items of all"),
        (Change("removed", "separate", ["a", "b"]), "one person may do several of a, b now"),
        (Change("added", "separate", None, ["a", "b"]), "nobody may do more than one of a, b any more"),
        (Change("added", "steps.a", None, {"role": "legal", "due": "PT1H"}), "step a is new: done by legal; due PT1H"),
        (Change("removed", "steps.a", {"approval": {"role": "legal"}}), "step a is gone (was decided by legal)"),
        (Change("added", "steps.a", None, {"run": "other"}), "step a is new: runs other"),
        (Change("changed", "steps.a.due", "PT1H", "PT2H"), "step a, due: PT1H → PT2H"),
        (Change("added", "steps.a.form.b", None, {"type": "text", "required": True}), "step a, field b is new: required text"),
        (Change("changed", "steps.a.form.b.max_length", 5, 6), "step a, field b, max length: 5 → 6"),
        (Change("changed", "steps.a.outcomes.no.to", "b", "c"), "step a, outcome no, to: b → c"),
        (Change("removed", "steps.a.branches.b.when", "true"), "step a, branch b, when is gone (was true)"),
        (
            Change("changed", "steps.a.title", {"": "One", "de": "Eins"}, {"": "Two", "de": "Zwei"}),
            'step a, title: "Eins" → "Zwei"',
        ),
        (Change("changed", "parameters.sla.default", "PT1H", "PT2H"), "parameter sla, default: PT1H → PT2H"),
        (Change("changed", "permissions.skip", ["lead"], []), "who may skip beside the lead: lead → nothing"),
        (Change("changed", "owner", "lead", "maker"), "owner: lead → maker"),
        (Change("changed", "inputs.a.required", None, True), "input a, required: nothing → true"),
        (Change("changed", "purpose", {"": "x" * 200}, {"": "y"}), f'purpose: "{"x" * 78}… → "y"'),
    ],
)
def test_each_change_is_one_line(change: Change, words: str) -> None:
    """Every kind of change at every kind of place has a sentence."""
    assert in_words(change, ["de"], "en") == words


def test_nothing_in_a_definition_can_steer_a_terminal() -> None:
    """What people wrote is made safe."""
    assert "\x1b" not in in_words(Change("changed", "title", {"": "\x1b[2J"}, {"": "x"}))


FORM = {
    "copy": {"type": "text", "required": True, "max": 10},
    "mood": {"type": "choice", "options": {"a": {"": "A"}, "b": {"": "B"}}},
}
BACK = {"approve": {}, "reject": {"to": "write", "reason": "required", "rounds": 2, "then": "end(no)", "cancels": ["both.left"]}}


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (
            {"role": "maker", "form": FORM, "when": "a.done", "while": "inputs.open", "due": "PT1H", "title": {"": "Write"}},
            (
                'done by maker; title "Write"; only when a.done; only while inputs.open; '
                "asks for copy (required text, max 10), mood (choice, options a, b); due PT1H"
            ),
        ),
        (
            {"approval": {"role": "legal", "of": ["write", "draw"], "quorum": 2}, "outcomes": BACK},
            (
                "decided by legal, 2 of whom have to agree, about write, draw; "
                "ends with approve (next), reject (to write, reason required, at most 2 rounds, then end(no), cancels both.left)"
            ),
        ),
        (
            {"decide": [{"when": "write.risk == 'high'", "to": "legal"}, {"else": "next"}]},
            "decides by itself: to legal, only when write.risk == 'high'; otherwise next",
        ),
        (
            {"parallel": {"left": {"when": "inputs.a"}, "right": {}}, "join": "any", "one_at_a_time": True},
            "at the same time left (only when inputs.a), right; join any; one at a time",
        ),
        ({"first": {"a": {}, "b": {}}}, "whichever happens first of a, b"),
        ({"for_each": {"item": "inputs.list"}, "open": True}, "once for each item in inputs.list; open"),
        (
            {"run": "other", "with": {"topic": "inputs.topic"}, "detached": False},
            "runs other; with topic = inputs.topic; not detached",
        ),
        ({"wait": {"until": "0h after inputs.day"}}, "waits until 0h after inputs.day"),
        (
            {"role": "a", "remind": ["-4h"], "escalate": [{"after": "1 day", "to": "lead"}], "same_as": "b", "skill": "c"},
            "done by a; reminds -4h; escalates to lead, after 1 day; by whoever did b; needs the skill c",
        ),
        ({"role": "a", "from": "inputs.b"}, "done by a; for the person in inputs.b"),
        ({"role": "a", "lead": True}, "done by a; for the lead of the run"),
        ({"role": "a", "lead": "b"}, "done by a; for whoever leads the person who did b"),
    ],
)
def test_a_new_step_is_told_whole_and_in_words(step: dict[str, Any], words: str) -> None:
    """Who does it, what it asks for, when, by when, and where it goes; nothing of it as JSON, nothing cut off."""
    told = in_words(Change("added", "steps.a", None, step))
    assert sorted(told.removeprefix("step a is new: ").split("; ")) == sorted(words.split("; "))
    assert told.startswith("step a is new: " + words.partition("; ")[0])


@pytest.mark.parametrize(
    ("where", "value", "words"),
    [
        ("signals.go", {}, "signal go is new"),
        ("parameters.sla", {"type": "text", "default": "x"}, "parameter sla is new: text, default x"),
        ("inputs.sum", {"type": "money", "value": "1.0"}, "input sum is new: money, computed as 1.0"),
        ("steps.a.form.title", {"type": "text"}, "step a, field title is new: text"),
        ("steps.a.outcomes.no", {"to": "b"}, "step a, outcome no is new: to b"),
        ("steps.a.remind", ["-4h", "1 day"], "step a, remind is new: -4h, 1 day"),
        (
            "steps.a.escalate", [{"after": "PT1H", "to": "b"}, {"after": "P1D", "to": "c"}],
            "step a, escalate is new: to b, after PT1H; to c, after P1D",
        ),
    ],
)  # fmt: skip
def test_parts_that_are_new_are_told_in_words(where: str, value: Any, words: str) -> None:  # noqa: ANN401 - parts of a document
    """Fields, outcomes, signals and lists of parts have their words too, whatever they are called."""
    assert in_words(Change("added", where, None, value)) == words
