"""Deciding: sequence, outcomes, conditions, decisions, loops and ends."""

from engine import commands as c
from engine import events as e
from engine.refusals import Code
from tests.engine.kit import BEN, Play, task


def test_steps_follow_one_another_until_the_run_is_done() -> None:
    """A sequence opens one task after the other, and the run ends after the last."""
    play = Play([task("write"), task("check")]).start()
    assert play.open == ["write"]
    play.complete(BEN, "write")
    assert play.open == ["check"]
    play.complete(BEN, "check")
    assert (play.state.status, play.state.end) == ("ended", "done")
    assert play.told(e.RunEnded) == [e.RunEnded("done")]
    assert play.refused(BEN, c.Complete("check")) == [Code.RUN_CLOSED]
