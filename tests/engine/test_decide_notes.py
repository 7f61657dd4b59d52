"""Deciding: starting, comments, files, and notes."""

from typing import Any

import pytest

from engine import commands as c
from engine import events as e
from engine import limits
from engine.people import SYSTEM
from engine.refusals import Code, Refused
from tests.engine.kit import ANA, BEN, CLEO, STRANGER, Play, compiled, persons, task

FILE = {"sha256": "ab" * 32, "name": "a.pdf", "size": 3}
HOSTILE = ["\x1b]52;c;x\x07", "a\u202eb", "\ud800"]


def playing() -> Play:
    """A run with one task for Ben alone."""
    return Play([task("write"), task("last")]).start({"lead": persons(ANA), "maker": persons(BEN)})


def test_a_run_starts_with_what_it_was_given() -> None:
    """The first event holds the definition, the lead, the sealed title, and what stands above the run."""
    procedure = compiled([task("write")])
    play = Play(procedure).start(parent=("RUN-0", 2), depth=1, drill=True)
    (started,) = play.told(e.RunStarted)
    assert (started.sop, started.version, started.fingerprint) == ("sample", "1.0.0", procedure.fingerprint)
    assert play.last.values["title"] == "A run"
    assert started.title not in {"", "A run"}
    state = play.state
    assert (state.status, state.lead, state.parent, state.depth, state.drill) == ("open", ANA, ("RUN-0", 2), 1, True)
    assert play.refused(ANA, c.Start("RUN-1", "x", ANA)) == [Code.ALREADY]


def test_expressions_know_a_drill() -> None:
    """A step may be skipped in an exercise."""
    steps = [task("call_press", when="!run.drill"), task("last")]
    assert Play(steps).start(drill=True).open == ["last"]
    assert Play(steps).start().open == ["call_press"]


@pytest.mark.parametrize("title", ["", "  ", "x" * (limits.NAME_CHARACTERS + 1), "two\nlines", *HOSTILE])
def test_a_title_is_one_line(title: str) -> None:
    """An empty, long or hostile title is refused."""
    assert Play([task("write")]).refused(ANA, c.Start("RUN-1", title, ANA)) == [Code.FIELD_INVALID]


def test_only_active_people_start_runs() -> None:
    """Whoever starts a run, and its lead, must be there; the system may start one for a rule, and lead it."""
    play = Play([task("write")])
    assert play.refused(STRANGER, c.Start("RUN-1", "x", ANA)) == [Code.INACTIVE]
    assert play.refused(ANA, c.Start("RUN-1", "x", STRANGER)) == [Code.NO_PERSON]
    play.do(SYSTEM, c.Start("RUN-1", "x", SYSTEM))


@pytest.mark.parametrize(
    "command",
    [c.Claim("write"), c.Complete("write"), c.Release("write"), c.Assign("write", BEN), c.CancelRun("x"),
     c.CancelTrack("write", "x"), c.Bind("maker", (), "x"), c.Comment("x")],
)  # fmt: skip
def test_a_run_that_does_not_exist_takes_only_its_start(command: c.Command) -> None:
    """Before the start nothing can be asked of a run."""
    answer = Play([task("write")]).ask(ANA, command)
    assert isinstance(answer, Refused)
    assert {reason.code for reason in answer.reasons} & {Code.RUN_CLOSED, Code.NOT_INVOLVED}


def test_people_with_a_part_comment_and_attach() -> None:
    """The text and the file are sealed in the event, the address is plain; closed steps and closed runs take them too."""
    play = playing()
    play.do(BEN, c.Comment("line\nline", "write"))
    (said,) = play.told(e.Commented)
    assert (said.step, play.last.values["comment"]) == ("write", "line\nline")
    play.do(BEN, c.Attach(FILE))
    (attached,) = play.told(e.Attached)
    assert (attached.step, play.last.values["file"]) == ("", FILE)
    play.complete(BEN, "write")
    play.complete(BEN, "last")
    play.do(ANA, c.Comment("afterwards", "write"))
    play.do(ANA, c.Attach(FILE, "last", "the signed one"))
    assert play.last.values["note"] == "the signed one"


def test_comments_and_files_are_refused_with_every_reason() -> None:
    """Strangers, people without a part, steps that do not exist, empty and hostile texts, and what is no file."""
    play = playing()
    assert play.refused(STRANGER, c.Comment("x")) == [Code.INACTIVE]
    assert play.refused(CLEO, c.Comment("", "nope")) == [Code.NOT_INVOLVED, Code.NO_TASK, Code.FIELD_INVALID]
    assert play.refused(CLEO, c.Attach({"name": "x"}, "nope")) == [Code.NOT_INVOLVED, Code.NO_TASK, Code.FIELD_INVALID]
    for text in ("", " ", "x" * (limits.COMMENT_CHARACTERS + 1), *HOSTILE):
        assert play.refused(BEN, c.Comment(text)) == [Code.FIELD_INVALID]


@pytest.mark.parametrize(
    ("address", "fits"),
    [("write", True), ("write:weibo", True), ("write:1:weibo", True), ("write:", False), (":write", False), ("write:Ana Li", False),
     ("nope", False), ("nope:weibo", False), ("write:a::b", False), ("write:\x1b", False)],
)  # fmt: skip
def test_an_address_is_no_place_for_free_text(address: str, fits: bool) -> None:  # noqa: FBT001
    """What stands plainly in the history must look like the address of a task of this procedure."""
    answer = playing().ask(BEN, c.Comment("x", address))
    assert isinstance(answer, Refused) is not fits


@pytest.mark.parametrize("note", [*HOSTILE, "x" * (limits.COMMENT_CHARACTERS + 1)])
def test_a_note_is_plain_text(note: str) -> None:
    """Every command refuses a note that is hostile or too long, beside its other reasons, and keeps a good one."""
    play = playing()
    assert play.refused(BEN, c.Complete("write", "", {}, note)) == [Code.FIELD_INVALID]
    assert play.refused(ANA, c.Release("last", note)) == [Code.FIELD_INVALID, Code.NO_TASK]
    play.complete(BEN, "write", note="two\nlines")
    assert play.last.values["note"] == "two\nlines"


@pytest.mark.parametrize("command", [c.Comment("ding\x07"), c.Complete("write", "", {}, "ding\x07")])
def test_the_character_in_the_way_is_named(command: c.Command) -> None:
    """A text with a control character is refused for that character, and one that is too long for its length."""
    answer = playing().ask(BEN, command)
    assert isinstance(answer, Refused)
    assert answer.reasons[0].facts["expected"] == "a text without the control character U+0007"
    long = playing().ask(BEN, c.Comment("x" * (limits.COMMENT_CHARACTERS + 1)))
    assert isinstance(long, Refused)
    assert "at most" in str(long.reasons[0].facts["expected"])


def test_a_run_that_is_over_has_no_tracks_to_cancel() -> None:
    """That it is over is the answer, whatever track is named."""
    play = playing()
    play.do(ANA, c.CancelRun("enough"))
    assert play.refused(ANA, c.CancelTrack("nowhere", "x")) == [Code.RUN_CLOSED]


def test_what_is_refused_is_recorded_unless_it_was_a_slip() -> None:
    """A missing field or a mistyped name is not kept; an attempt that somebody may not make is."""
    play = playing()
    slips: list[tuple[str, Any, bool]] = [
        (BEN, c.Claim("wrote"), False), (BEN, c.Complete("write", "nope"), False), (CLEO, c.Claim("write"), True),
        (ANA, c.CancelRun(""), False), (BEN, c.CancelRun(""), True),
    ]  # fmt: skip
    for actor, command, kept in slips:
        answer = play.ask(actor, command)
        assert isinstance(answer, Refused)
        assert answer.recorded is kept
