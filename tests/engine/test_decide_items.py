"""Deciding: the same steps once for each item of a list."""

from typing import Any

import pytest

from engine import commands as c
from engine import events as e
from engine import limits
from engine.data import View
from engine.refusals import Code, Refused
from tests.engine.kit import ANA, BEN, CLEO, DAN, NOW, Play, approval, compiled, task

PLATFORMS = {"type": "multi_choice", "options": ["weibo", "wechat", "douyin"]}


def posting(join: str | int = "all", outcomes: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """A post for each platform, and a last step."""
    post = task("post", form={"url": {"type": "url"}, "bad": {"type": "bool"}})
    if outcomes:
        post["outcomes"] = outcomes
    return [{"id": "publish", "for_each": {"platform": "inputs.platforms"}, "steps": [post], "join": join}, task("last")]


def play_of(steps: list[dict[str, Any]], platforms: list[str] | None) -> Play:
    """A run over *platforms*."""
    procedure = compiled(steps, inputs={"platforms": PLATFORMS})
    return Play(procedure).start(inputs={"platforms": platforms} if platforms else {})


def test_each_item_has_its_own_task_called_by_its_key() -> None:
    """Items of a declared choice are called by their ids, and the join waits for all of them."""
    play = play_of(posting(), ["weibo", "douyin"])
    assert play.open == ["post:douyin", "post:weibo"]
    play.complete(BEN, "post:weibo")
    assert play.open == ["post:douyin"]
    play.complete(BEN, "post:douyin")
    assert play.told(e.JoinFired) == [e.JoinFired(1, "publish", 2, 2)]
    assert play.open == ["last"]


def test_no_items_means_nothing_to_do() -> None:
    """An empty list, and a list that is not there, fire the join at once."""
    play = play_of(posting(), None)
    assert play.open == ["last"]
    assert play.told(e.JoinFired) == [e.JoinFired(1, "publish", 0, 0)]


def test_items_may_be_enough_in_part() -> None:
    """``join: any`` and a number cancel the items that are left."""
    play = play_of(posting("any"), ["weibo", "wechat", "douyin"])
    play.complete(BEN, "post:wechat")
    assert play.open == ["last"]
    assert len(play.told(e.TaskWithdrawn)) == 2
    play = play_of(posting(2), ["weibo", "wechat", "douyin"])
    play.complete(BEN, "post:wechat")
    play.complete(BEN, "post:weibo")
    assert play.open == ["last"]


def test_expressions_inside_an_item_read_its_own_values() -> None:
    """The item's name and the fields of its steps mean this item, not its neighbour."""
    steps = posting()
    steps[0]["steps"].append(task("fix", when="post.bad && platform != 'wechat'"))
    play = play_of(steps, ["weibo", "wechat", "douyin"])
    play.complete(BEN, "post:wechat", bad=True)
    assert play.open == ["post:douyin", "post:weibo"]
    play.complete(BEN, "post:weibo", bad=True)
    assert play.open == ["fix:weibo", "post:douyin"]
    play.complete(BEN, "post:douyin", bad=False)
    assert play.open == ["fix:weibo"]


def test_what_was_done_is_asked_of_the_same_item() -> None:
    """``done``, ``outcome`` and ``rounds`` of a step mean this item's; of a step further out, the run's."""
    steps = posting(outcomes={"ok": "next", "again": "post"})
    when = "post.outcome == 'ok' && post.rounds == 2 && first.done && !last.done && last.outcome == '' && last.rounds == 0"
    steps[0]["steps"].append(task("after", when=when))
    play = play_of([task("first"), *steps], ["weibo", "wechat"])
    play.complete(BEN, "first")
    play.complete(BEN, "post:weibo", "again")
    play.complete(BEN, "post:weibo", "ok")
    assert play.open == ["after:weibo", "post:wechat"]
    play.complete(BEN, "post:wechat", "ok")
    assert play.open == ["after:weibo"]


def test_a_finished_item_leaves_nothing_in_the_state() -> None:
    """Values, outcomes, times and counts of an item go when it closes; who acted stays."""
    play = play_of(posting(), ["weibo", "wechat"])
    play.complete(BEN, "post:weibo", url="https://a.example/1")
    assert not [key for key in (*play.state.values, *play.state.outcomes, *play.state.counts) if key.startswith("2/")]
    assert [key for key in play.state.values if key.startswith("3/")] == ["3/platform"]
    assert play.state.actors["post"] == (BEN,)


def test_items_that_are_no_declared_choice_are_called_by_number() -> None:
    """Free texts could be anybody's data, so their tasks are numbered."""
    field = {"type": "text", "many": True}
    steps = [task("list", form={"names": field}), {"id": "each", "for_each": {"who": "list.names"}, "steps": [task("call")]}]
    play = Play(steps).start()
    play.complete(BEN, "list", names=["Anna Li", "Bo Chen"])
    assert play.open == ["call:1", "call:2"]
    token = play.state.tokens[play.task("call:2").token]
    assert View(play.procedure, play.state, play.data, token).raw("who") == "Bo Chen"


def test_items_may_come_from_an_expression() -> None:
    """A computed list is taken as it is; numbers in it are kept as decimal text."""
    steps = [{"id": "each", "for_each": {"n": "[1.5, 2.0]"}, "steps": [task("call")]}]
    play = Play(steps).start()
    assert [play.data[f"{token}/n"] for token in (2, 3)] == ["1.5", "2"]


def test_rows_of_a_table_are_items() -> None:
    """Each row is a map of its columns inside its item."""
    table = {"type": "table", "required": True, "columns": {"name": {"type": "text"}, "n": {"type": "number"}}}
    each = {"id": "each", "for_each": {"row": "list.rows"}, "steps": [task("call", when="row.n > 1")]}
    play = Play([task("list", form={"rows": table}), each, task("last")]).start()
    play.complete(BEN, "list", rows=[{"name": "a", "n": 1}, {"name": "b", "n": 2}])
    assert play.open == ["call:2"]


def test_parameters_may_be_items_too() -> None:
    """A for-each over a parameter takes its default in canonical form, and calls items by their ids."""
    parameter = {"type": "multi_choice", "options": ["a", "b"], "default": "b, a", "source": "us", "confidence": "team"}
    steps = [{"id": "each", "for_each": {"x": "parameters.names"}, "steps": [task("call")]}]
    assert Play(compiled(steps, parameters={"names": parameter})).start().open == ["call:a", "call:b"]


def test_items_nest() -> None:
    """An item inside an item is addressed by both keys, and its names do not mix."""
    inner = {"id": "inner", "for_each": {"n": "['x', 'y']"}, "steps": [task("call", form={"t": {"type": "text"}})]}
    after = task("after", when="platform == 'weibo'")
    steps = [{"id": "outer", "for_each": {"platform": "inputs.platforms"}, "steps": [inner, after]}, task("last")]
    play = play_of(steps, ["weibo", "wechat"])
    assert play.open == ["call:wechat:1", "call:wechat:2", "call:weibo:1", "call:weibo:2"]
    play.complete(BEN, "call:weibo:1", t="a")
    play.complete(BEN, "call:weibo:2", t="b")
    assert play.open == ["after:weibo", "call:wechat:1", "call:wechat:2"]
    play.do(ANA, c.CancelTrack("inner:wechat:2", "twice"))
    play.do(ANA, c.CancelTrack("outer:wechat", "not at all"))
    assert play.open == ["after:weibo"]
    play.complete(BEN, "after:weibo")
    assert play.open == ["last"]


def test_branches_inside_an_item_belong_to_it() -> None:
    """A parallel step in an item opens its branches per item, each track with an address of its own."""
    split = {"id": "both", "parallel": {"a": [task("do_a")], "b": [task("do_b")]}}
    steps = [{"id": "outer", "for_each": {"platform": "inputs.platforms"}, "steps": [split]}, task("last")]
    play = play_of(steps, ["weibo", "wechat"])
    assert play.open == ["do_a:wechat", "do_a:weibo", "do_b:wechat", "do_b:weibo"]
    play.do(ANA, c.CancelTrack("both.a:wechat", "x"))
    assert play.open == ["do_a:weibo", "do_b:wechat", "do_b:weibo"]
    play.complete(BEN, "do_b:wechat")
    assert play.open == ["do_a:weibo", "do_b:weibo"]


def test_round_limits_count_in_each_item() -> None:
    """A loop inside an item has its own rounds."""
    outcomes = {"done": "next", "again": {"to": "post", "rounds": 1, "then": "leave"}}
    play = play_of(posting(outcomes=outcomes), ["weibo", "wechat"])
    play.complete(BEN, "post:weibo", "again")
    assert play.task("post:weibo").round == 2
    play.complete(BEN, "post:wechat", "again")
    assert play.task("post:wechat").round == 2
    play.complete(BEN, "post:weibo", "again")
    assert play.open == ["post:wechat"]


def test_a_task_of_an_item_needs_its_key() -> None:
    """The bare name of a step inside a for-each is refused with the addresses that there are."""
    play = play_of(posting(), ["weibo", "wechat"])
    assert play.refused(BEN, c.Complete("post")) == [Code.NO_TASK]
    play.complete(BEN, "post:weibo")
    assert play.refused(CLEO, c.Complete("post:weibo")) == [Code.NO_TASK]
    play.complete(BEN, "post:wechat")
    assert play.refused(CLEO, c.Complete("post:weibo")) == [Code.TASK_CLOSED]


def test_a_list_that_is_none_is_refused() -> None:
    """A for-each over something that is no list, or that cannot be computed, refuses the command that reaches it."""
    first = task("first", form={"n": {"type": "number"}, "many": {"type": "text", "many": True}})
    for text in ("inputs.one", "first.n > 1 ? ['a'] : ['b']"):
        steps = [first, {"id": "each", "for_each": {"x": text}, "steps": [task("call")]}]
        play = Play(compiled(steps, inputs={"one": {"type": "text", "required": True}})).start(inputs={"one": "x"})
        assert play.refused(BEN, c.Complete("first")) == [Code.GUARD_ERROR]


def test_too_many_items_are_refused() -> None:
    """More items than a for-each may have refuse the command that reaches it."""
    steps = [{"id": "each", "for_each": {"x": "inputs.names"}, "steps": [task("call")]}]
    procedure = compiled(
        [{"id": "outer", "for_each": {"y": "inputs.names"}, "steps": steps}], inputs={"names": {"type": "text", "many": True}}
    )
    names = [str(n) for n in range(71)]  # 71 * 71 tokens are too many, 71 items are not
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "ITEMS", 70)
        assert Play(procedure).refused(ANA, start(names)) == [Code.LIMIT]
    assert Play(procedure).refused(ANA, start(names)) == [Code.LIMIT]
    assert Play(procedure).refused(ANA, start(["a"] * (limits.TABLE_ROWS + 1))) == [Code.FIELD_INVALID]


def start(names: list[str]) -> c.Start:
    """A start with *names*."""
    return c.Start("RUN-1", "x", ANA, {}, {"names": names})


def reviewing() -> Play:
    """Two items, each written and then reviewed and mended."""
    steps = [
        task("write"),
        approval("review", of=["write"], outcomes={"ok": "next", "back": "write"}),
        task("mend", same_as="write"),
    ]
    play = Play([{"id": "each", "for_each": {"x": "['a', 'b']"}, "steps": steps}, task("last")]).start()
    play.complete(BEN, "write:1")
    play.complete(CLEO, "write:2")
    return play


def test_people_may_decide_about_each_other_s_items() -> None:
    """Own work is the work on this item: two people can review what the other wrote, and not what they wrote themselves."""
    play = reviewing()
    assert play.refused(BEN, c.Complete("review:1")) == [Code.OWN_WORK]
    assert play.refused(CLEO, c.Complete("review:2")) == [Code.OWN_WORK]
    play.complete(CLEO, "review:1")
    play.complete(BEN, "review:2")


def test_rework_and_same_as_stay_inside_their_item() -> None:
    """A task that comes back, and one for whoever did another, go to the person of the same item."""
    play = reviewing()
    play.complete(CLEO, "review:1", "back")
    assert play.task("write:1").owner == BEN
    play.complete(BEN, "write:1")
    play.complete(CLEO, "review:1")
    assert play.task("mend:1").owner == BEN
    play.complete(BEN, "review:2")
    assert play.task("mend:2").owner == CLEO


def test_a_closed_task_of_an_item_says_who_closed_it() -> None:
    """While the item is open it is known who did its step and when; afterwards only that it was done."""
    play = reviewing()
    told = []
    for cancelled in (False, True):
        if cancelled:
            play.do(ANA, c.CancelTrack("each:1", "x"))
        answer = play.ask(ANA, c.Claim("write:1"))
        assert isinstance(answer, Refused)
        told += [(reason.code, reason.facts["by"], reason.facts["at"]) for reason in answer.reasons]
    assert told == [(Code.TASK_CLOSED, BEN, NOW), (Code.TASK_CLOSED, "", "")]


def test_outside_the_items_everybody_counts_who_worked_on_any() -> None:
    """An approval after a for-each is about all its items, and nobody who did one of them may decide."""
    each = {"id": "each", "for_each": {"x": "['a', 'b']"}, "steps": [task("write")]}
    play = Play([each, approval("review", of=["each"])]).start()
    play.complete(BEN, "write:1")
    play.complete(CLEO, "write:2")
    for person in (BEN, CLEO):
        assert play.refused(person, c.Claim("review")) == [Code.OWN_WORK]
    play.complete(ANA, "review")


COSTS = {
    "type": "table",
    "required": True,
    "columns": {"name": {"type": "text"}, "cost": {"type": "money"}, "time": {"type": "duration"}},
}
ROWS = [{"name": "1.5", "cost": "99.50", "time": "2h"}, {"name": "b", "cost": 100}]


def test_amounts_in_tables_compare_as_numbers() -> None:
    """In an expression the cells of a table have the types of their columns, in the table, in its rows and further in."""
    inner = {"id": "inner", "for_each": {"n": "['x']"}, "steps": [task("dear", when="row.cost >= 100.0 && n == 'x'")]}
    each = {
        "id": "each",
        "for_each": {"row": "list.rows"},
        "steps": [inner, task("odd", when="row.name == '1.5' && row.time == 7200")],
    }
    check = {"to": "next", "when": "list.rows.exists(r, r.cost < 99.9) && inputs.more.all(r, r.cost > 1.0)"}
    play = Play(compiled([task("list", form={"rows": COSTS}, outcomes={"done": check}), each], inputs={"more": COSTS}))
    play.start(inputs={"more": [{"cost": 2}]})
    play.complete(BEN, "list", rows=ROWS)
    assert play.open == ["dear:2:1", "odd:1"]


def test_a_table_that_is_not_there_has_no_value() -> None:
    """An expression that reads an optional table which nobody filled in is refused like any other absent name."""
    table = {**COSTS, "required": False}
    play = Play([task("list", form={"rows": table}), task("last", when="list.rows.size() > 0")]).start()
    assert play.refused(BEN, c.Complete("list")) == [Code.GUARD_ERROR]


def test_items_of_a_computed_list_are_as_they_come() -> None:
    """A list of maps that an expression makes has no columns; its cells are taken as they are kept."""
    each = {"id": "each", "for_each": {"row": "[{'a': 1}, {'a': 2}]"}, "steps": [task("call", when="row.a > 1")]}
    assert Play([each]).start().open == ["call:2"]


def test_each_row_has_its_own_due_date_and_its_own_person() -> None:
    """A due counts from a date of the row, and a person of the row gets the task; a row without them has neither."""
    rows = {"type": "table", "columns": {"by": {"type": "user"}, "on": {"type": "datetime"}}}
    each = {"id": "each", "for_each": {"line": "plan.rows"}, "steps": [
        task("act", role="worker", **{"from": "line.by"}, due="1 hour before line.on", remind=["-30 min"]),
    ]}  # fmt: skip
    play = Play([task("plan", form={"rows": rows}), each]).start({"worker": ()})
    play.complete(BEN, "plan", rows=[{"by": CLEO, "on": "2026-12-01T10:00Z"}, {"by": DAN}, {}])
    assert [(t.owner, t.due) for t in play.state.tasks.values()] == [(CLEO, "2026-12-01T09:00:00.000000Z"), (DAN, ""), ("", "")]
    play.complete(CLEO, "act:1")
    assert play.refused(CLEO, c.Complete("act:2")) != []
