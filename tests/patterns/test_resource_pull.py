"""Workflow resource patterns WRP-21 to WRP-26 and WRP-36 to WRP-42: how people come to work and go about it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import commands as c
from engine import events as e
from engine.authority import may
from engine.directory import Answers, Candidate
from engine.refusals import Code
from runners.clock import Ids, SystemClock
from runners.directory import Entry, Roster, take_in
from runners.runner import Done
from runners.settings import load
from runners.wiring import App, open_app
from tests.engine.kit import ANA, BEN, CLEO, DAN, Play, persons, task
from tests.patterns.playing import checked

SOP = """
sop: sample
version: 1.0.0
title: Sample
purpose: To be tested.
scope: This test.
owner: lead
roles: [lead, maker, checker]
steps:
  - {id: one, role: maker, due: 2d}
  - {id: two, role: checker}
"""


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A project with one SOP and three people."""
    folder = tmp_path / "definitions"
    folder.mkdir()
    (folder / "sample.yaml").write_text(SOP, encoding="utf-8")
    env = {"SOP_SHIPPED": "no", "SOP_DEFINITIONS": str(folder), "SOP_DB": f"sqlite:///{tmp_path / 'sop.db'}", "HOME": str(tmp_path)}
    with open_app(load(env, tmp_path, {}), create=True, clock=SystemClock()) as opened:
        people = (
            Entry("ana", "Ana", roles=("lead",)),
            Entry("ben", "Ben", roles=("maker",)),
            Entry("cleo", "Cleo", roles=("maker",)),
        )
        take_in(opened.database, Roster((*people, Entry("dan", "Dan", roles=("checker",)))), Ids())
        opened.library.sync()
        yield opened


def begin(app: App, title: str) -> Done:
    """A run led by Ana."""
    done = app.runner.start("sample", title=title, actor="ana")
    assert isinstance(done, Done)
    return done


def test_wrp_21_resource_initiated_allocation() -> None:
    """Somebody takes a task without doing it at once: from then on it is theirs alone."""
    play = Play(checked([task("one")])).start({"maker": persons(BEN, CLEO)})
    play.do(BEN, c.Claim("one"))
    assert play.open == ["one"]
    assert play.refused(CLEO, c.Complete("one")) == [Code.TAKEN]


def test_wrp_22_resource_initiated_execution_allocated_work_item() -> None:
    """Whoever has a task does it when they choose to; nobody else can."""
    play = Play(checked([task("one")])).start({"maker": persons(BEN, CLEO)})
    play.do(BEN, c.Claim("one"))
    assert play.refused(CLEO, c.Complete("one")) == [Code.TAKEN]
    play.complete(BEN, "one")
    assert play.state.status == "ended"


def test_wrp_23_resource_initiated_execution_offered_work_item() -> None:
    """Whoever is offered a task may do it without taking it first; the history says that it was theirs."""
    play = Play(checked([task("one"), task("two")])).start({"maker": persons(BEN, CLEO)})
    play.complete(BEN, "one")
    assert [event.person for event in play.told(e.TaskClaimed)] == [BEN]
    assert play.refused(DAN, c.Complete("two")) == [Code.NOT_IN_ROLE]


def test_wrp_24_system_determined_work_queue_content(app: App) -> None:
    """What stands in an inbox, and in which order, is for the system to say: what is due first, and nothing of other roles."""
    runs = [begin(app, title).run for title in ("first", "second")]
    ben, dan = (app.views.pseudonym(handle) for handle in ("ben", "dan"))
    assert [row.run for row in app.views.inbox(ben)] == runs
    assert app.views.inbox(dan) == []


def test_wrp_25_resource_determined_work_queue_content(app: App) -> None:
    """People choose what of it they see, and see nothing more by choosing."""
    first, second = (begin(app, title).run for title in ("first", "second"))
    ben = app.views.pseudonym("ben")
    app.runner.handle(second, c.Claim("one"), actor=ben)
    assert [row.run for row in app.views.inbox(ben, wanted=lambda row: row.owner == ben)] == [second]
    assert [row.run for row in app.views.inbox(ben, wanted=lambda row: row.title == "first")] == [first]
    assert app.views.inbox(ben, wanted=lambda row: row.role == "checker") == []


def test_wrp_26_selection_autonomy() -> None:
    """Of several tasks people do which they like first; no order is forced where the definition has none."""
    both = [{"id": "both", "parallel": {"a": [task("one")], "b": [task("two")]}}]
    for order in (("one", "two"), ("two", "one")):
        play = Play(checked(both)).start({"maker": persons(BEN)})
        for step in order:
            play.complete(BEN, step)
        assert play.state.status == "ended"
    alone = [{**both[0], "one_at_a_time": True}]
    play = Play(checked(alone)).start({"maker": persons(BEN, CLEO)})
    play.do(BEN, c.Claim("one"))
    assert Code.ONE_AT_A_TIME in play.refused(CLEO, c.Claim("two"))  # unless the definition says so


def test_wrp_36_commencement_on_creation() -> None:
    """A task of somebody who alone can do it is in their hands when it comes to be; one for several is in nobody's."""
    play = Play(checked([task("one"), task("two", "checker")])).start({"maker": persons(BEN), "checker": persons(CLEO, DAN)})
    (opened,) = play.told(e.TaskOpened)
    assert (opened.owner, play.task("one").since) == (BEN, play.at)
    play.complete(BEN, "one")
    assert play.task("two").since == ""


def test_wrp_37_commencement_on_allocation() -> None:
    """With the lead's assignment the task is in somebody's hands, without a further step; before it was in nobody's."""
    play = Play(checked([task("one")])).start({"maker": persons(BEN, CLEO), "lead": persons(ANA)})
    assert play.task("one").since == ""
    play.do(ANA, c.Assign("one", CLEO))
    assert (play.task("one").owner, play.task("one").since) == (CLEO, play.at)
    assert play.refused(CLEO, c.Claim("one")) == [Code.ALREADY]


def test_wrp_38_piled_execution() -> None:
    """Whoever has one task of a step gets the next ones of it, from other runs too, while they have room."""
    procedure = checked([task("one", assign="familiar")])
    for has, owner in ((1, BEN), (2, BEN), (3, CLEO)):
        answers = Answers()
        answers.candidates = {"sample/one": (Candidate(BEN, has, 20, 3), Candidate(CLEO))}
        play = Play(procedure, answers=answers).start({"maker": persons(BEN, CLEO)})
        assert play.task("one").owner == owner


def test_wrp_39_chained_execution() -> None:
    """Whoever finishes a step has the next one of the run in hand at once; without that it is offered to all."""
    play = Play(checked([task("one"), task("two", same_as="one"), task("three")])).start({"maker": persons(BEN, CLEO)})
    play.complete(CLEO, "one")
    assert [event.owner for event in play.told(e.TaskOpened)] == [CLEO]
    play.complete(CLEO, "two")
    assert [event.owner for event in play.told(e.TaskOpened)] == [""]


def test_wrp_40_configurable_unallocated_work_item_visibility(app: App) -> None:
    """An unclaimed task stands in the inboxes of those who may take it, and of nobody else, the lead included."""
    begin(app, "first")
    seen = {handle for handle in ("ana", "ben", "cleo", "dan") if app.views.inbox(app.views.pseudonym(handle))}
    assert seen == {"ben", "cleo"}


def test_wrp_41_configurable_allocated_work_item_visibility() -> None:
    """Work that somebody has is seen by everybody, or, as the definition says, by those of some roles and whoever has a part."""
    held = {"lead": persons(ANA), "maker": persons(BEN), "checker": persons(CLEO)}
    steps = [task("one"), task("two", role="checker")]
    for permissions, outsider in (({}, True), ({"read": ["checker"]}, False)):
        play = Play(checked(steps, permissions=permissions)).start(held)
        assert play.task("one").owner == BEN
        sees = {who: not may("read", play.procedure, play.state, who, play.directory) for who in (ANA, BEN, CLEO, DAN)}
        assert sees == {ANA: True, BEN: True, CLEO: True, DAN: outsider}


def test_wrp_42_simultaneous_execution() -> None:
    """One person can have several tasks in hand at a time, unless a critical section says one."""
    both = {"id": "both", "parallel": {"a": [task("one")], "b": [task("two")]}}
    play = Play(checked([both])).start({"maker": persons(BEN, CLEO)})
    play.do(BEN, c.Claim("one"))
    play.do(BEN, c.Claim("two"))
    assert {task_.owner for task_ in play.state.tasks.values()} == {BEN}
    critical = {"id": "both", "parallel": {"a": [task("one", critical="desk")], "b": [task("two", critical="desk")]}}
    play = Play(checked([critical])).start({"maker": persons(BEN, CLEO)})
    play.do(BEN, c.Claim("one"))
    assert Code.CRITICAL in play.refused(BEN, c.Claim("two"))
