"""Runs that fields name: there, readable, and of the SOP that the field says."""

from engine import commands as c
from engine.blocked import unfilled
from engine.directory import Answers, Recorded
from engine.refusals import Code, Refused
from tests.engine.kit import ANA, BEN, CLEO, Play, approval, persons, task

FORM = {
    "of": {"type": "run", "sop": "note"},
    "several": {"type": "run", "many": True},
    "rows": {"type": "table", "columns": {"of": {"type": "run", "sop": "note"}, "n": {"type": "number"}}},
}


def _answers() -> Answers:
    answers = Answers()
    answers.runs = {"NOT-1": "note", "CAM-1": "campaign"}
    return answers


def test_a_run_is_there_and_of_the_sop_that_the_field_names() -> None:
    """One value, several and a column each; the refusal says what was expected and which run is none."""
    play = Play([task("link", form=FORM)], answers=_answers())
    play.start({"maker": persons(BEN)})
    for values, run, sop in (
        ({"of": "NOT-2"}, "NOT-2", "note"),
        ({"of": "CAM-1"}, "CAM-1", "note"),
        ({"several": ["CAM-1", "NOT-3"]}, "NOT-3", ""),
        ({"rows": [{"of": "NOT-1"}, {"n": 1}, {"of": "CAM-1"}]}, "CAM-1", "note"),
    ):
        answer = play.ask(BEN, c.Complete("link", "", values))
        assert isinstance(answer, Refused)
        (reason,) = answer.reasons
        assert (reason.code, reason.facts["referred"], reason.facts["of"]) == (Code.FIELD_INVALID, run, sop)
        assert reason.facts["expected"] == f"a run {f'of {sop} ' if sop else ''}that exists and that you may read"
    play.complete(BEN, "link", of="NOT-1", several=["CAM-1", "NOT-1"], rows=[{"of": "NOT-1"}, {"n": 2}])


def test_which_runs_were_found_is_kept_with_the_answers() -> None:
    """A record keeps them, and whoever decides again is told the same; where none was asked for there is no such part."""
    assert "runs" not in Answers().plain()
    found = Recorded.of(_answers().plain(), "")
    assert [found.refers("NOT-1", sop, ANA) for sop in ("", "note", "campaign")] == [True, True, False]
    assert not found.refers("NOT-2", "", ANA)


def test_a_list_of_what_blocks_a_task_tells_apart_who_was_named_and_who_did_something() -> None:
    """Whom a field keeps out has done nothing, and is not said to have."""
    form = {"by": {"type": "user"}}
    play = Play([task("ask", form=form), approval("check", of=["ask"], not_from=["ask.by"])])
    play.start({"maker": persons(BEN), "checker": persons(BEN, CLEO)})
    play.complete(BEN, "ask", by=CLEO)
    _, *kept = unfilled(play.procedure, play.state, play.task("check"), play.directory)
    assert [dict(reason.facts) for reason in kept] == [
        {"person": BEN, "why": Code.OWN_WORK},
        {"person": CLEO, "why": Code.SEPARATED, "did": "named"},
    ]
