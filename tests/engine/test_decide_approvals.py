"""Deciding: decisions of several people, bound to what they are about."""

from engine import commands as c
from engine import events as e
from engine.refusals import Code
from tests.engine.kit import ANA, BEN, CLEO, DAN, Play, approval, compiled, task

TEXT = {"copy": {"type": "text"}}


def beside() -> Play:
    """Writing and rewriting in one branch while an approval by two is open in the other; write is done, by Ben."""
    branch = [task("write", form=TEXT), task("again", outcomes={"edit": "write", "done": "next"})]
    review = approval("review", of=["write"], quorum=2)
    play = Play([{"id": "both", "parallel": {"make": branch, "check": [review]}}, task("last")]).start()
    play.complete(BEN, "write", copy="first")
    return play


def test_a_quorum_needs_so_many_different_people() -> None:
    """The first voice is kept, a second by the same person refused, and the last one needed completes the task."""
    play = Play([task("write"), approval("review", of=["write"], quorum=2), task("last")]).start()
    play.complete(BEN, "write")
    play.complete(CLEO, "review", note="fine")
    assert [type(event) for event in play.last.events] == [e.ApprovalGiven]
    assert play.refused(CLEO, c.Complete("review")) == [Code.ALREADY_VOTED]
    assert not play.may(CLEO, "complete", "review")
    play.complete(DAN, "review")
    assert [type(event) for event in play.last.events[:2]] == [e.ApprovalGiven, e.TaskCompleted]
    assert play.open == ["last"]
    assert play.state.actors["review"] == (CLEO, DAN)


def test_one_other_voice_ends_an_approval() -> None:
    """Any outcome but the first needs one person, whoever agreed before."""
    play = Play([task("write"), approval("review", of=["write"], quorum=3)]).start()
    play.complete(BEN, "write")
    play.complete(CLEO, "review")
    play.complete(DAN, "review", "reject", "no")
    assert play.state.end == "rejected"


def test_an_approval_by_several_is_nobody_s_own() -> None:
    """It cannot be claimed or assigned, and belongs to nobody when it opens."""
    play = Play([approval("review", quorum=2)]).start({"checker": (f"person:{BEN}",)})
    assert play.task("review").owner == ""
    assert play.refused(BEN, c.Claim("review")) == [Code.NOT_CLAIMABLE]
    assert play.refused(ANA, c.Assign("review", BEN)) == [Code.NOT_CLAIMABLE]


def test_the_number_of_voices_may_be_a_parameter() -> None:
    """A quorum that is a parameter takes the run's own value, else the default in canonical form."""
    parameter = {"type": "number", "default": "2", "source": "us", "confidence": "team"}
    procedure = compiled([approval("review", quorum="$voices")], parameters={"voices": parameter})
    play = Play(procedure).start()
    play.complete(BEN, "review")
    assert play.open == ["review"]
    play = Play(procedure).start(parameters={"voices": 1})
    play.complete(BEN, "review")
    assert play.state.end == "done"


def test_an_edit_voids_the_decisions_made_before_it() -> None:
    """When the content changes, voices about the old content are taken out, and their people may decide again."""
    play = beside()
    play.complete(CLEO, "review")
    content = play.task("review").votes[0].content
    play.complete(BEN, "again", "edit")
    assert play.told(e.ApprovalVoided) == []
    play.complete(BEN, "write", copy="second")
    assert play.told(e.ApprovalVoided) == [e.ApprovalVoided(play.task("review").no, (CLEO,))]
    assert play.task("review").votes == ()
    play.complete(CLEO, "review")
    assert play.task("review").votes[0].content != content
    play.complete(DAN, "review")
    assert [done.content for done in play.told(e.TaskCompleted)] == [play.told(e.ApprovalGiven)[0].content]
    assert "review" not in play.open


def test_an_emptied_field_is_an_edit_too() -> None:
    """A second round that leaves an optional field empty removes its value, and what was decided about it is void."""
    play = beside()
    play.complete(CLEO, "review")
    play.complete(BEN, "again", "edit")
    play.complete(BEN, "write")
    assert play.told(e.ApprovalVoided) != []
    assert "write.copy" not in play.state.values


def test_other_work_voids_nothing() -> None:
    """A step that the approval is not about leaves its voices as they are."""
    steps = [{"id": "both", "parallel": {"a": [task("write", form=TEXT), task("other", form=TEXT)],
                                         "b": [approval("review", of=["write"], quorum=2)]}}]  # fmt: skip
    play = Play(steps).start()
    play.complete(BEN, "write", copy="x")
    play.complete(CLEO, "review")
    play.complete(BEN, "other", copy="y")
    assert play.told(e.ApprovalVoided) == []


def test_whoever_works_on_it_after_deciding_loses_the_voice() -> None:
    """A person who decided and then took over the work no longer counts, even if the content is the same."""
    steps = [{"id": "both", "parallel": {"a": [task("write")], "b": [approval("review", of=["write"], quorum=2)]}}]
    play = Play(steps).start()
    play.complete(CLEO, "review")
    play.complete(CLEO, "write")
    assert play.told(e.ApprovalVoided) == [e.ApprovalVoided(2, (CLEO,))]
    assert play.refused(CLEO, c.Complete("review")) == [Code.OWN_WORK]


def test_the_form_of_the_last_voice_counts() -> None:
    """Every voice keeps its own form in its own event; the values that count are those of the one that completes."""
    play = Play([approval("review", quorum=2, form={"score": {"type": "rating"}}), task("last")]).start()
    play.complete(BEN, "review", score=2)
    (given,) = play.told(e.ApprovalGiven)
    assert list(given.values) == ["score"]
    assert play.state.values == {}
    play.complete(CLEO, "review", score=4)
    assert play.data == {"review.score": 4}


def test_an_approval_by_one_is_a_task_with_content() -> None:
    """With a quorum of one it can be claimed, and its completion carries the hash of what it was about."""
    play = Play([task("write", form=TEXT), approval("review", of=["write"]), approval("formal")]).start()
    play.complete(BEN, "write", copy="x")
    play.do(CLEO, c.Claim("review"))
    play.complete(CLEO, "review")
    (done,) = play.told(e.TaskCompleted)
    assert len(done.content) == 64
    play.complete(DAN, "formal")
    assert play.told(e.TaskCompleted)[0].content == ""
