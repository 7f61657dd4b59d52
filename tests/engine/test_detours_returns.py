"""Going back, opening again, correcting: what counts afterwards, and what is refused."""

from engine import commands as c
from engine import events as e
from engine.options import options
from engine.refusals import Code, Refused
from tests.engine.kit import ANA, BEN, CLEO, DAN, Play, approval, compiled, persons, task
from tests.patterns.playing import branch, started

SIZE = {"type": "number", "value": "write.text.size() + write.extra.size()"}
FORM = {"text": {"type": "text", "required": True}, "extra": {"type": "text"}, "size": SIZE}


def test_going_back_takes_back_everything_behind_and_inside() -> None:
    """Steps behind the target and the branches inside them no longer count; what stands before it does."""
    steps = [task("one"), {"id": "split", "parallel": {"a": [task("do_a"), task("then_a")], "b": [task("do_b")]}}, task("after")]
    play = started(steps)
    for name in ("one", "do_a"):
        play.complete(BEN, name)
    play.do(ANA, c.Rewind("do_a", "wrong"))
    assert play.told(e.Rewound) == [e.Rewound(2, "then_a", "do_a", ("do_a",))]
    assert play.open == ["do_a", "do_b"]  # the other branch stays as it is
    for name in ("do_a", "then_a", "do_b"):
        play.complete(BEN, name)
    play.do(ANA, c.Rewind("split", "all of it"))
    assert play.told(e.Rewound)[0].voided == ("do_a", "do_b", "split", "then_a")  # sorted: stored states keep no order
    assert play.open == ["do_a", "do_b"]
    assert "one" in play.state.done_at
    assert play.task("do_a").round == 3
    play.do(ANA, c.Rewind("one", "from the start"))
    assert {event.why for event in play.told(e.TaskWithdrawn)} == {"rewound"}
    assert play.open == ["one"]
    assert play.state.actors["do_a"] == (BEN,)  # who did it stays known


def test_what_goes_on_beside_ends_with_what_opened_it() -> None:
    """Going back before a join that left tracks behind ends them too; going back behind it does not."""
    split = {"id": "split", "parallel": branch("a", "b"), "join": "any", "rest": "continue"}
    play = started([task("one"), split, task("two"), task("three")])
    for name in ("one", "do_a", "two"):
        play.complete(BEN, name)
    play.do(ANA, c.Rewind("two", "again"))
    assert play.open == ["do_b", "two"]
    play.do(ANA, c.Rewind("split", "again"))
    assert play.open == ["do_a", "do_b"]
    assert play.told(e.TrackClosed)[0].how == "cancelled"


def test_a_loop_begins_anew_what_went_on_beside() -> None:
    """A step that is entered again ends what an earlier round of it left running: nothing is open twice."""
    split = {"id": "split", "parallel": branch("a", "b"), "join": "any", "rest": "continue"}
    play = started([split, task("look", outcomes={"ok": "next", "again": {"to": "split", "rounds": 1, "then": "next"}})])
    play.complete(BEN, "do_a")
    play.complete(BEN, "look", "again")
    assert play.open == ["do_a", "do_b"]
    assert {event.why for event in play.told(e.TaskWithdrawn)} == {"begun again"}


def test_where_a_run_cannot_go_back_to() -> None:
    """Only to what it has come past, in an open track; never forward, and not without a reason."""
    play = started([task("one"), {"id": "split", "parallel": branch("a", "b")}, task("after")])
    assert play.refused(ANA, c.Rewind("after", "x")) == [Code.NOT_PASSED]
    assert play.refused(ANA, c.Rewind("do_a", "x")) == [Code.NOT_PASSED]
    assert play.refused(ANA, c.Rewind("nowhere", "x")) == [Code.NO_TASK]
    assert play.refused(ANA, c.Rewind("one")) == [Code.REASON_REQUIRED]
    assert play.refused(BEN, c.Rewind("one", "x")) == [Code.NOT_PERMITTED]
    play.do(ANA, c.Rewind("one", "where it stands"))
    assert play.task("one").round == 2
    play.do(ANA, c.CancelRun("x"))
    assert play.refused(ANA, c.Rewind("one", "x")) == [Code.RUN_CLOSED]


def test_what_is_inside_a_branch_that_is_over_is_told_with_what_opened_it() -> None:
    """Whoever names such a step learns the step of the main track; what is only further on in an open branch is not of these."""
    play = started([{"id": "split", "parallel": {"a": [task("do_a"), task("then_a")], "b": [task("do_b")]}}, task("after")])

    def facts(command: c.Command) -> list[tuple[Code, object]]:
        answer = play.ask(ANA, command)
        assert isinstance(answer, Refused)
        return [(reason.code, reason.facts.get("owner")) for reason in answer.reasons]

    assert facts(c.Rewind("then_a", "x")) == [(Code.NOT_PASSED, None)]
    for name in ("do_a", "then_a", "do_b"):
        play.complete(BEN, name)
    assert facts(c.Rewind("do_a", "x")) == [(Code.NOT_PASSED, "split")]
    play.complete(BEN, "after")
    assert facts(c.Reopen("do_a", "x")) == [(Code.NOT_PASSED, "split")]
    assert facts(c.Rewind("do_a", "x")) == [(Code.RUN_CLOSED, None)]


def test_a_skipped_step_can_be_gone_back_to() -> None:
    """What was left out by mistake is done after all."""
    play = started([task("one"), task("two")])
    play.do(ANA, c.Skip("one", "not needed"))
    play.do(ANA, c.Rewind("one", "needed after all"))
    assert play.open == ["one"]
    assert play.told(e.Rewound)[0].voided == ()


def test_a_step_that_was_jumped_over_was_not_passed() -> None:
    """Standing before the run in the document is not enough: it must have come that way."""
    play = started([task("one", outcomes={"over": "three", "on": "next"}), task("two"), task("three")])
    play.complete(BEN, "one", "over")
    assert play.refused(ANA, c.Rewind("two", "x")) == [Code.NOT_PASSED]
    assert not play.may(BEN, "rewind", "one")
    assert play.may(ANA, "rewind", "one")


def test_inside_an_item_only_this_item_goes_back() -> None:
    """The address names the item; the others stay where they are."""
    play = started([{"id": "each", "for_each": {"n": "[1, 2]"}, "steps": [task("ask"), task("note")]}])
    for number in (1, 2):
        play.complete(BEN, f"ask:{number}")
    play.do(ANA, c.Rewind("ask:2", "wrong"))
    assert play.open == ["ask:2", "note:1"]
    assert play.refused(ANA, c.Rewind("ask", "which?")) == [Code.NOT_PASSED]


def test_a_run_is_opened_again_at_a_step_of_its_main_track() -> None:
    """What stands before the step still counts; the lead says so, with a reason, and only of a run that is over."""
    play = started([task("one"), {"id": "split", "parallel": branch("a")}, task("two")])
    assert play.refused(ANA, c.Reopen("one", "x")) == [Code.ALREADY]
    for name in ("one", "do_a", "two"):
        play.complete(BEN, name)
    assert play.refused(ANA, c.Reopen("do_a", "x")) == [Code.NOT_PASSED]
    assert play.refused(ANA, c.Reopen("nowhere", "x")) == [Code.NO_TASK]
    assert play.refused(ANA, c.Reopen("two")) == [Code.REASON_REQUIRED]
    assert play.refused(BEN, c.Reopen("two", "x")) == [Code.NOT_PERMITTED]
    play.do(ANA, c.Reopen("split", "once more"))
    assert play.told(e.RunReopened) == [e.RunReopened("done", ("do_a", "split", "two"))]
    assert play.open == ["do_a"]
    assert "one" in play.state.done_at
    play.do(ANA, c.CancelRun("enough"))
    play.do(ANA, c.Reopen("two", "after all"))
    play.complete(BEN, "two")
    assert play.state.end == "done"


def test_a_run_can_be_opened_again_once_it_is_over() -> None:
    """The lead may, others are told that they may not, and before the end nobody is offered it."""
    play = Play(compiled([task("one")])).start({"lead": persons(ANA), "maker": persons(BEN)})

    def offered(person: str) -> list[list[Code]]:
        found = options(play.procedure, play.state, person, play.directory)
        return [[reason.code for reason in option.reasons] for option in found if option.act == "reopen"]

    assert offered(ANA) == []
    play.complete(BEN, "one")
    assert (offered(ANA), offered(BEN)) == ([[]], [[Code.NOT_PERMITTED]])


def corrected() -> Play:
    """A step of Ben's that is done, then an approval."""
    steps = [task("write", form=FORM), task("wait"), approval("decide_it", of=["write"]), task("after")]
    play = Play(compiled(steps, separate=[["write", "wait"]])).start({"lead": persons(ANA), "maker": persons(BEN, CLEO)})
    play.complete(BEN, "write", text="one", extra="a")
    return play


def test_what_is_corrected_counts_and_the_rest_stays() -> None:
    """Fields that are given change, those that are not stay, computed ones follow; the author may, and the lead."""
    play = corrected()
    play.do(BEN, c.Correct("write", {"text": "three"}, "slip"))
    assert (play.data["write.text"], play.data["write.extra"], play.data["write.size"]) == ("three", "a", 6)
    play.do(ANA, c.Correct("write", {"extra": ""}, "not needed"))
    assert "write.extra" not in play.data
    assert "write.size" not in play.data  # it cannot be computed any more
    assert set(play.told(e.FieldsCorrected)[0].values) == {"extra", "size"}
    assert play.state.actors["write"] == (ANA, BEN)  # a part in it, and not the last act
    assert play.refused(ANA, c.Complete("decide_it")) != []


def test_what_cannot_be_corrected() -> None:
    """A required field is not emptied, an unknown one not set, nothing without a reason; and not by everybody."""
    play = corrected()
    assert play.refused(BEN, c.Correct("write", {"text": ""}, "x")) == [Code.FIELD_REQUIRED]
    assert play.refused(BEN, c.Correct("write", {"text": "a", "txt": "b"}, "x")) == [Code.FIELD_UNKNOWN]
    assert play.refused(BEN, c.Correct("write", {"size": 5}, "x")) == [Code.FIELD_INVALID]
    assert play.refused(BEN, c.Correct("write", {}, "x")) == [Code.FIELD_REQUIRED]
    assert play.refused(BEN, c.Correct("write", {"text": "a"})) == [Code.REASON_REQUIRED]
    assert play.refused(CLEO, c.Correct("write", {"text": "a"}, "x")) == [Code.NOT_PERMITTED]
    assert play.refused(BEN, c.Correct("wait", {"text": "a"}, "x")) == [Code.NOT_PERMITTED, Code.NOT_DONE]
    assert play.refused(BEN, c.Correct("what is this", {}, "x")) == [Code.NO_TASK]


def test_what_was_approved_is_not_corrected_behind_it_nor_by_who_is_kept_apart() -> None:
    """After the decision one goes back instead; duties stay apart for corrections as for work."""
    play = corrected()
    play.complete(CLEO, "wait")
    play.do(ANA, c.Bind("maker", persons(BEN, CLEO), "x"))
    assert play.refused(CLEO, c.Correct("write", {"text": "a"}, "x")) == [Code.NOT_PERMITTED, Code.SEPARATED]
    play.complete(DAN, "decide_it")
    assert play.refused(BEN, c.Correct("write", {"text": "a"}, "x")) == [Code.APPROVED]
    play.do(ANA, c.CancelRun("x"))
    assert play.refused(ANA, c.Correct("write", {"text": "a"}, "x")) == [Code.RUN_CLOSED, Code.APPROVED]


def test_a_finished_run_and_an_open_item_can_be_corrected() -> None:
    """What is done is corrected where it is: after the end, and inside an item while it is open."""
    play = started([task("write", form={"text": {"type": "text"}}), {"id": "each", "for_each": {"n": "[1]"}, "steps": [
        task("ask", form={"text": {"type": "text"}}), task("note"),
    ]}])  # fmt: skip
    play.complete(BEN, "write", text="a")
    play.complete(BEN, "ask:1", text="b")
    play.do(BEN, c.Correct("ask:1", {"text": "c"}, "slip"))
    assert [path for path in play.data if path.endswith("ask.text") and play.data[path] == "c"] == ["2/ask.text"]
    play.complete(BEN, "note:1")
    assert play.state.status == "ended"
    assert play.refused(BEN, c.Correct("ask:1", {"text": "d"}, "gone")) == [Code.NOT_DONE]
    play.do(BEN, c.Correct("write", {"text": "z"}, "slip"))
    assert play.data["write.text"] == "z"
