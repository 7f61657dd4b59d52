"""Scenarios: what passes, what fails and where it says so, refusals."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.procedure import Procedure
from runners.scenarios import Report, Trouble
from tests.runners.letters import FILE, FIRST, LETTER, WRITE, play_text, procedure, story, troubles

Playing = Callable[[str], Report]


@pytest.fixture(scope="module")
def definitions() -> dict[str, Procedure]:
    return {"letter": procedure(LETTER)}


@pytest.fixture
def play(tmp_path: Path, definitions: dict[str, Procedure]) -> Playing:
    """Play a whole file given as text."""
    return lambda text: play_text(text, tmp_path, definitions)


def test_a_story_that_goes_as_told_passes(play: Playing) -> None:
    """Completing with defaults, approving, and a skipped step lead to the end that the story names."""
    report = play(story(WRITE, "{as: dan, do: review}", end="done"))
    assert report.passed
    assert report.sop == "letter"
    assert [(s.name, s.line, s.passed, s.commands) for s in report.scenarios] == [("The letter", 12, True, 3)]


def test_people_claim_release_assign_bind_comment_and_attach(play: Playing) -> None:
    """Every kind of act reaches the engine, and the owner of a task can be expected at each point."""
    report = play(
        story(
            "{expect: {open: [write], owner: {write: null}, late: [], waiting: []}}",
            "{as: ben, claim: write}",
            "{expect: {owner: {write: ben}}}",
            "{as: ben, release: write}",
            "{expect: {owner: {write: null}}}",
            "{as: ana, assign: write, to: ana, note: quick}",
            "{expect: {owner: {write: ana}}}",
            "{as: ana, bind: writer, to: ben, note: ana is away}",
            "{expect: {owner: {write: null}}}",
            "{as: dan, comment: fine so far}",
            "{as: dan, comment: fine so far, step: write}",
            "{as: dan, attach: 'file:notes.txt', step: write, note: see there}",
            WRITE,
            "{as: dan, do: review, outcome: approve}",
            end="done",
        )
    )
    assert troubles(report) == []


def test_values_are_translated_and_expected(play: Playing) -> None:
    """Handles become people, `file:` becomes a stored file, an act's values stand over the defaults, null takes one away."""
    report = play(
        story(
            "{as: ben, do: write, set: {risk: high, helper: cara, people: 'ana, dan', sheet: 'file:a.pdf',"
            " rows: [{who: dan, count: 3}], share: 12.5}}",
            "{expect: {values: {write.text: Dear all, write.risk: high, write.helper: cara, write.people: [ana, dan],"
            " write.sheet: ['file:a.pdf'], write.rows: [{who: dan, count: 3}], write.share: 12.5, inputs.topic: rain,"
            " write.outcome: done, write.done: true, write.rounds: 1, review.done: false, parameters.redrafts: 1,"
            " inputs.helpers: null}}}",
            "{as: dan, do: review, outcome: reject, note: too long}",
            "{as: ben, do: write, set: {risk: null}, refused: SOP-F01}",
            "{as: ben, do: write, set: {helper: zoe, people: zoe}, refused: SOP-M02}",
            "{as: ben, do: write, set: {colour: red}, refused: [SOP-F02]}",
        )
    )
    assert troubles(report) == []
    assert report.refusals == ("SOP-F01", "SOP-F02", "SOP-M02")


def test_wrong_expectations_are_all_reported_where_they_stand(play: Playing) -> None:
    """Every difference of one expectation is a problem at its own line and column, and the story goes on."""
    report = play(
        story(
            "{expect: {open: [review], late: [write], owner: {write: ben, review: ben}}}",
            "{expect: {values: {write.text: x, inputs.topic: snow, write.risk: mid, parameters.signer: ana, 'write:k.text': x}}}",
            WRITE,
            "{expect: {owner: {review: ana}, values: {write.text: null, write.helper: ana}}}",
        )
    )
    assert troubles(report) == [
        ("SOP-T06", FIRST, "open", "open: review expected and not there; write there and not expected"),
        ("SOP-T06", FIRST, "late", "late: write expected and not there"),
        ("SOP-T06", FIRST, "ben", "write belongs to nobody, not to ben"),
        ("SOP-T06", FIRST, "ben", "no task review is open; open: write"),
        ("SOP-T06", FIRST + 1, "x", "write.text is absent, not 'x'"),
        ("SOP-T06", FIRST + 1, "snow", "inputs.topic is 'rain', not 'snow'"),
        ("SOP-T06", FIRST + 1, "mid", "write.risk can never be that: it is one of low, high"),
        ("SOP-T06", FIRST + 1, "ana", "parameters.signer is 'nobody', not 'ana'"),
        ("SOP-T06", FIRST + 1, "x", "no item k is open; the values inside an item go with it"),
        ("SOP-T06", FIRST + 3, "ana", "review belongs to dan, not to ana"),
        ("SOP-T06", FIRST + 3, "null", "write.text is 'Dear all', not absent"),
        ("SOP-T06", FIRST + 3, "ana", "write.helper is absent, not 'ana'"),
    ]


def test_an_unexpected_refusal_ends_the_story_with_its_reasons(play: Playing) -> None:
    """What is refused is told in words, with handles, and nothing after it is played."""
    report = play(story("{as: cara, do: write, set: {text: ''}}", "{expect: {open: [review]}}", end="done"))
    role, text = "SOP-D01 cara does not hold the role writer, which write needs", "SOP-F01 text is missing (longtext)"
    assert troubles(report) == [("SOP-T03", FIRST, "{as", f"cara: do write: refused, {role}; {text}")]
    assert not report.passed


def test_an_act_that_must_be_refused_and_is_not(play: Playing) -> None:
    """An unexpected success fails the story at the act."""
    report = play(story("{as: ben, do: write, refused: SOP-D01}", WRITE))
    assert troubles(report) == [("SOP-T04", FIRST, "{as", "ben: do write: accepted, and should have been refused with SOP-D01")]
    assert report.refusals == ()


def test_a_refusal_for_another_reason(play: Playing) -> None:
    """Every expected code must be among the reasons; others may be there as well, and nothing has moved."""
    both = "{as: cara, do: write, set: {text: ''}, refused: [SOP-D01, SOP-F01]}"
    assert troubles(play(story(both, "{expect: {open: [write]}}"))) == []
    report = play(story("{as: cara, do: write, outcome: done, refused: [SOP-D02, SOP-D01]}"))
    assert troubles(report) == [
        (
            "SOP-T05",
            FIRST,
            "refused",
            "cara: do write (done): refused, but not with SOP-D02: SOP-D01 cara does not hold the role writer, which write needs",
        )
    ]
    assert report.refusals == ("SOP-D01",)


def test_a_wrong_end(play: Playing) -> None:
    """Another end, a run that is still open, and one that should be open each fail at `end`."""
    line = FIRST + 2
    done = (WRITE, "{as: dan, do: review}")
    assert troubles(play(story(*done, end="rejected"))) == [
        ("SOP-T07", line, "rejected", "the run ended with done, not with rejected")
    ]
    assert troubles(play(story(*done))) == [("SOP-T07", line, "open", "the run ended with done, not with open")]
    message = "the run is still open and should have ended with done; open: write (nobody)"
    assert troubles(play(story("{after: 1h}", end="done"))) == [("SOP-T07", FIRST + 1, "done", message)]


def test_a_start_that_is_refused(play: Playing) -> None:
    """A start is refused like any act: told without `refused`, shown with it."""
    without = FILE.replace("    inputs: {topic: rain}\n", "").replace("    acts:\n", "")
    report = play(without + "    end: done\n")
    assert troubles(report) == [("SOP-T03", 12, "name", "ana: start: refused, SOP-F01 topic is missing (text)")]
    report = play(without + "    refused: SOP-F01\n    end: refused\n")
    assert troubles(report) == []
    assert report.refusals == ("SOP-F01",)
    assert [found[:3] for found in troubles(play(without + "    refused: SOP-F01\n    end: done\n"))] == [("SOP-T01", 17, "done")]
    with_actions = "    refused: SOP-F01\n    acts: [{after: 1d}]\n    end: refused\n"
    assert [found[0] for found in troubles(play(without + with_actions))] == ["SOP-T01"]


def test_inactive_people_and_people_unknown_to_the_engine_are_refused(play: Playing) -> None:
    """Who is not active is on stage, but not in the directory."""
    report = play(story("{as: eve, claim: write, refused: SOP-D06}", "{as: ana, bind: legal, to: eve, note: x, refused: SOP-M02}"))
    assert troubles(report) == []


def test_troubles_have_distinct_codes() -> None:
    """No two troubles share a code."""
    assert len({str(trouble) for trouble in Trouble}) == len(Trouble.__members__) == 9
