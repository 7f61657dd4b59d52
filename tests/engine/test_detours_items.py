"""Items that come while a for-each step is open: what they must be, where they go, and who may say that there are no more."""

from typing import Any

import pytest

from engine import commands as c
from engine import events as e
from engine import limits
from engine.refusals import Code
from tests.engine.kit import ANA, BEN, CLEO, STRANGER, Play, task
from tests.patterns.playing import started

FIELDS: dict[str, dict[str, Any]] = {
    "names": {"type": "text", "many": True, "max": 3},
    "who": {"type": "users"},
    "where": {"type": "multi_choice", "options": ["weibo", "wechat"], "min": 1, "required": True},
    "ticks": {"type": "checklist", "items": ["a", "b"]},
    "rows": {"type": "table", "columns": {"n": {"type": "number", "required": True}, "by": {"type": "user"}}},
}


def over(text: str, **inputs: Any) -> Play:  # noqa: ANN401 - values of inputs
    """An open for-each over *text*, and a step after it."""
    each = {"id": "each", "for_each": {"one": text}, "open": True, "steps": [task("ask")]}
    return started([each, task("after")], inputs=FIELDS, given={"where": ["weibo"], **inputs})


@pytest.mark.parametrize(
    ("text", "good", "bad"),
    [
        ("inputs.names", "x", 5),
        ("inputs.who", CLEO, "cleo"),
        ("inputs.where", "wechat", "fax"),
        ("inputs.ticks", "a", "c"),
        ("inputs.rows", {"n": 1}, {"m": 1}),
        ("['x']", "y", {"n": 1}),
        ("[1, 2]", 3, [1]),
    ],
)
def test_an_item_is_one_more_of_its_list(text: str, good: Any, bad: Any) -> None:  # noqa: ANN401 - any value
    """It is read as the list is; nothing is no item. Bounds of the list are not those of the one item."""
    play = over(text)
    before = len(play.open)
    for wrong in (bad, None, "", " "):
        assert play.refused(BEN, c.AddItem("each", wrong)) == [Code.FIELD_INVALID]
    play.do(BEN, c.AddItem("each", good))
    assert len(play.open) == before + 1
    assert good in play.last.values.values()


def test_people_in_items_must_be_active() -> None:
    """In a list of people, and in a row of a table."""
    play = over("inputs.who")
    assert play.refused(BEN, c.AddItem("each", STRANGER)) == [Code.NO_PERSON]
    rows = over("inputs.rows")
    assert rows.refused(BEN, c.AddItem("each", {"n": 1, "by": STRANGER})) == [Code.NO_PERSON]


def test_an_item_with_a_name_is_open_once() -> None:
    """Items of a choice are called by their ids; one that is open cannot be added, one that is finished can be again."""
    play = over("inputs.where")
    assert play.refused(BEN, c.AddItem("each", "weibo")) == [Code.ALREADY]
    play.do(BEN, c.AddItem("each", "wechat"))
    assert play.open == ["ask:wechat", "ask:weibo"]
    play.complete(BEN, "ask:weibo")
    play.do(BEN, c.AddItem("each", "weibo"))
    assert play.open == ["ask:wechat", "ask:weibo"]


def test_where_nothing_can_be_added(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not elsewhere, not beyond the limit, not after the end, and not by strangers."""
    play = over("inputs.names")
    assert play.refused(BEN, c.AddItem("after", "x")) == [Code.NO_TRACK]
    assert play.refused(BEN, c.CloseItems("nowhere")) == [Code.NO_TRACK]
    assert play.refused(STRANGER, c.AddItem("each", "x")) == [Code.INACTIVE]
    monkeypatch.setattr(limits, "ITEMS", 0)
    assert play.refused(BEN, c.AddItem("each", "x")) == [Code.LIMIT]
    play.do(ANA, c.CancelRun("x"))
    assert play.refused(BEN, c.AddItem("each", "x")) == [Code.RUN_CLOSED]


def test_nobody_has_to_come() -> None:
    """An open for-each without items waits until somebody says that there are none."""
    play = over("inputs.names")
    assert (play.open, play.state.status) == ([], "open")
    play.do(BEN, c.CloseItems("each"))
    assert play.told(e.JoinFired) == [e.JoinFired(1, "each", 0, 0)]
    assert play.open == ["after"]


def test_a_suspended_run_does_not_go_on_without_its_items() -> None:
    """Neither by going on without them nor by cancelling one: the run could move on, and nobody could act on what comes."""
    play = over("inputs.names", names=["x"])
    play.do(ANA, c.Suspend(note="strike"))
    assert play.refused(ANA, c.CloseItems("each", early=True, note="enough")) == [Code.SUSPENDED]
    assert play.refused(ANA, c.CancelTrack("ask:1", "enough")) == [Code.SUSPENDED]
    assert not play.may(ANA, "close_items", "each")
    play.do(ANA, c.Resume(note="over"))
    play.do(ANA, c.CloseItems("each", early=True, note="enough"))
    assert play.open == ["after"]


def test_closing_twice_and_closing_early_afterwards() -> None:
    """Closed is closed; going on without the rest is still possible, and the lead's to say."""
    play = over("inputs.names", names=["x", "y"])
    play.do(BEN, c.CloseItems("each"))
    assert play.refused(BEN, c.CloseItems("each")) == [Code.NO_MORE_ITEMS]
    play.complete(BEN, "ask:1")
    play.do(ANA, c.CloseItems("each", early=True, note="enough"))
    assert play.open == ["after"]


def test_items_inside_items_have_their_address() -> None:
    """The step names the item it stands in."""
    inner = {"id": "inner", "for_each": {"two": "['a']"}, "open": True, "steps": [task("ask")]}
    play = started([{"id": "outer", "for_each": {"one": "[1, 2]"}, "steps": [inner]}])
    assert play.refused(BEN, c.AddItem("inner", "x")) == [Code.NO_TRACK]
    play.do(BEN, c.AddItem("inner:2", "x"))
    assert play.open == ["ask:1:1", "ask:2:1", "ask:2:2"]


def test_a_region_inside_an_item_is_that_items() -> None:
    """An outcome cancels the branch of its own item and not that of another."""
    stop = {"done": "next", "stop": {"cancels": ["split.b"]}}
    split = {"id": "split", "parallel": {"a": [task("watch", outcomes=stop)], "b": [task("do_b")]}}
    play = started([{"id": "each", "for_each": {"one": "[1, 2]"}, "steps": [split, task("last")]}])
    play.complete(BEN, "watch:1", "stop")
    assert play.open == ["do_b:2", "last:1", "watch:2"]


def test_the_end_of_a_child_run_can_cancel_too() -> None:
    """Only the end that says so."""
    call = {"id": "call", "run": "other", "outcomes": {"rejected": {"cancels": ["split.b"]}, "done": "next"}}
    steps = [{"id": "split", "parallel": {"a": [call, task("do_a")], "b": [task("do_b")]}}]
    play, other = started(steps), started(steps)
    play.system(c.ChildEnded(2, "RUN-1.1", "rejected"))
    other.system(c.ChildEnded(2, "RUN-1.1", "done"))
    assert (play.open, other.open) == (["do_a"], ["do_a", "do_b"])
