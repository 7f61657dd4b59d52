"""Changes between versions in words."""

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
        (Change("added", "steps.a", None, {"role": "legal", "due": "PT1H"}), "step a is new: done by legal"),
        (Change("removed", "steps.a", {"approval": {"role": "legal"}}), "step a is gone (was decided by legal)"),
        (Change("added", "steps.a", None, {"run": "other"}), 'step a is new: {"run": "other"}'),
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
