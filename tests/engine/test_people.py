"""Rights and leading in somebody's place, where they end, and what a directory answers again from a record."""

import json

import pytest

from engine import commands as c
from engine.ahead import coming
from engine.blocked import unfilled
from engine.canonical import canonical
from engine.directory import Answers, Candidate, Links, Mandate, Recorded
from engine.people import involved, leads, unknown_holders
from engine.refusals import Code
from engine.state import changed
from tests.engine.kit import ANA, BEN, CLEO, DAN, EVE, PEOPLE, STRANGER, Play, approval, persons, task


def linked(**links: Links) -> Answers:
    """What a directory says of the people named."""
    answers = Answers()
    names = {"ana": ANA, "ben": BEN, "cleo": CLEO, "dan": DAN, "eve": EVE}
    answers.links = {names[name]: found for name, found in links.items()}
    return answers


def deputy(*chain: str, role: str = "", teams: tuple[str, ...] = ()) -> Links:
    """Somebody who acts for *chain*."""
    return Links((), (Mandate(chain, role, teams),))


def test_answers_survive_a_record() -> None:
    """What was asked comes out of a record's bytes as it went in; what is empty costs nothing there."""
    answers = Answers()
    answers.people = {ANA: ("desk",), BEN: None}
    answers.links = {ANA: Links((CLEO,), (Mandate((BEN, DAN), "maker", ("desk",)),)), BEN: Links()}
    answers.duties = {ANA: ("auditor",), BEN: ()}
    answers.skills = {ANA: ("korean",)}
    answers.managers = {ANA: BEN, BEN: ""}
    answers.candidates = {"sop/step": (Candidate(ANA, 2, 7, 3, away=True),)}
    answers.seed = 9
    plain = json.loads(canonical(answers.plain()))
    assert "duties" in plain
    assert BEN not in plain["links"]
    again = Recorded.of(plain, "now")
    assert (again.at, again.teams(ANA), again.teams(BEN)) == ("now", ("desk",), None)
    assert (again.links(ANA), again.links(BEN)) == (answers.links[ANA], Links())
    assert (again.duties(ANA), again.duties(BEN), again.skills(ANA), again.skills(BEN)) == (("auditor",), (), ("korean",), ())
    assert (again.manager(ANA), again.manager(BEN), again.chance()) == (BEN, "", 9)
    assert again.candidates("sop/step", ()) == answers.candidates["sop/step"]
    assert again.candidates("other", ("team:desk", f"person:{CLEO}")) == (Candidate(ANA),)
    assert Answers().plain() == {}
    assert answers.copy().plain() == answers.plain()
    answers.clear()
    assert answers.plain() == {}


def test_who_leads_in_whose_place() -> None:
    """The deputy of the lead and of whoever holds the owner role; not the holder of another role of theirs."""
    answers = linked(ben=deputy(ANA), cleo=deputy(ANA, role="maker"), dan=deputy(EVE), eve=deputy(CLEO, role="lead"))
    play = Play([task("one")], answers=answers).start({"lead": persons(EVE), "maker": persons(BEN)}, lead=ANA)
    found = {person: leads(play.procedure, play.state, person, play.directory) for person in PEOPLE}
    assert found == {ANA: True, BEN: True, CLEO: False, DAN: True, EVE: True}
    assert Code.NOT_LEAD in play.refused(CLEO, c.Bind("maker", persons(CLEO), "mine"))
    play.do(DAN, c.Bind("maker", persons(CLEO), "Eve is away"))


def test_a_deputy_has_what_was_delegated_too() -> None:
    """A task that somebody does in another's place is done by their deputy in both places; not after the delegation's end."""
    play = Play([task("one"), task("two")], answers=linked(eve=deputy(DAN)))
    play.start({"maker": persons(BEN, CLEO)}, lead=ANA)
    play.do(BEN, c.Claim("one"))
    play.do(BEN, c.Delegate("one", DAN, "2026-11-25T00:00:00.000000Z"))
    assert involved(play.procedure, play.state, DAN, play.directory)
    answer = play.complete(EVE, "one")
    assert play.state.actors["one"] == (BEN, DAN, EVE)
    assert answer.state.status == "open"
    play.do(BEN, c.Release("two")) if play.task("two").owner else None
    play.do(BEN, c.Claim("two"))
    play.do(BEN, c.Delegate("two", DAN, "2026-11-25T00:00:00.000000Z"))
    play.at = "2026-11-26T00:00:00.000000Z"
    assert play.refused(EVE, c.Complete("two")) == [Code.NOT_IN_ROLE]


def test_a_deputy_has_what_somebody_was_named_for() -> None:
    """And nobody else has; a role by delegation does not bring it."""
    steps = [task("one", **{"from": "inputs.who"})]
    from tests.engine.kit import compiled

    procedure = compiled(steps, inputs={"who": {"type": "user"}})
    play = Play(procedure, answers=linked(ben=deputy(DAN), cleo=deputy(DAN, role="maker")))
    play.start({"maker": persons(EVE)}, lead=ANA, inputs={"who": DAN})
    assert play.refused(CLEO, c.Complete("one"))[-1] == Code.NOT_IN_ROLE
    play.complete(BEN, "one")


def test_what_a_leaver_delegated_lapses() -> None:
    """Whose right it was is gone, and the right with it."""
    play = Play([task("one")])
    play.start({"maker": persons(BEN, CLEO)}, lead=ANA)
    play.do(BEN, c.Claim("one"))
    play.do(BEN, c.Delegate("one", DAN))
    play.teams = {person: () for person in PEOPLE if person != BEN}
    assert play.refused(DAN, c.Complete("one")) == [Code.NOT_IN_ROLE]


def test_who_may_delegate() -> None:
    """Whoever has it, or could have it; the lead, what somebody has; nobody, what several must decide."""
    play = Play([task("one"), approval("all", quorum=2)]).start(
        {"maker": persons(BEN, CLEO), "checker": persons(*PEOPLE)}, lead=ANA
    )
    assert play.refused(DAN, c.Delegate("none", EVE)) == [Code.NO_TASK]
    assert play.refused(EVE, c.Delegate("one", DAN)) == [Code.NOT_IN_ROLE]
    assert play.refused(BEN, c.Delegate("one", STRANGER)) == [Code.INACTIVE]
    play.do(BEN, c.Delegate("one", DAN))
    assert (play.task("one").owner, play.task("one").chain) == (DAN, (BEN,))
    play.do(ANA, c.Delegate("one", EVE))
    assert (play.task("one").owner, play.task("one").chain) == (EVE, (BEN, DAN))
    play.complete(EVE, "one")
    assert play.refused(BEN, c.Delegate("all", DAN)) == [Code.NOT_CLAIMABLE]


def test_holders_that_cannot_be() -> None:
    """A role that is not declared, a person who is not there, a team that is none."""
    found = unknown_holders({"maker": ["person:p_x", "team:9", "crew:x"]}, ["lead"], Recorded({}))
    assert [reason.code for reason in found] == [Code.ROLE_UNKNOWN, Code.NO_TEAM, Code.NO_PERSON, Code.NO_TEAM]


@pytest.mark.parametrize(("holders", "free"), [((BEN, CLEO), True), ((BEN,), False), ((), False)])
def test_what_several_must_decide_needs_as_many(holders: tuple[str, ...], free: bool) -> None:  # noqa: FBT001 - a case
    """A quorum of two is blocked by one holder, and by none."""
    play = Play([approval("check", quorum=2)]).start({"checker": persons(*holders)}, lead=ANA)
    assert (unfilled(play.procedure, play.state, play.task("check"), play.directory) == ()) == free


def test_somebody_named_can_be_enough() -> None:
    """A role that nobody holds does not block what somebody is named for, unless that person may not."""
    from tests.engine.kit import compiled

    procedure = compiled([task("one"), task("two", "checker", lead=True)], separate=[["one", "two"]])
    for maker, blocked in ((BEN, False), (ANA, True)):
        play = Play(procedure).start({"maker": persons(maker), "checker": ()}, lead=ANA)
        play.complete(maker, "one")
        assert play.task("two").named == ANA
        assert bool(unfilled(play.procedure, play.state, play.task("two"), play.directory)) == blocked
        if not blocked:
            play.do(ANA, c.Release("two"))
            assert unfilled(play.procedure, play.state, play.task("two"), play.directory) == ()


def test_what_somebody_has_is_not_blocked_while_another_may_take_it() -> None:
    """A late task of a leaver is open to those it was escalated to, and one of somebody away to a deputy who holds the role."""
    late = Play([task("one", due="1h", escalate=[{"after": "1h", "to": "lead"}])]).start({"maker": persons(BEN, CLEO)}, lead=ANA)
    late.do(BEN, c.Claim("one"))
    late.teams = {ANA: (), CLEO: ()}
    assert unfilled(late.procedure, late.state, late.task("one"), late.directory) != ()
    late.system(c.Elapse(late.task("one").no, "escalate", 0))
    assert unfilled(late.procedure, late.state, late.task("one"), late.directory) == ()
    late.complete(ANA, "one")
    away = Play([task("one")]).start({"maker": persons(BEN, CLEO)}, lead=ANA)
    away.do(BEN, c.Claim("one"))
    away.do(ANA, c.Bind("lead", persons(DAN), "away"))
    away.answers, away.teams = linked(cleo=deputy(BEN)), {BEN: (), CLEO: ()}
    away.state = changed(away.state, roles={**away.state.roles, "maker": persons(CLEO)})
    assert away.may(CLEO, "complete", "one")
    assert unfilled(away.procedure, away.state, away.task("one"), away.directory) == ()


def test_nothing_comes_to_who_is_gone_or_when_it_is_over() -> None:
    """What is ahead is told to active people, of open runs, within what skills they have."""
    answers = Answers()
    answers.skills = {CLEO: ("korean",)}
    play = Play([task("one"), task("two", skill="korean")], answers=answers).start({"maker": persons(BEN, CLEO)}, lead=ANA)
    assert list(coming(play.procedure, play.state, STRANGER, play.directory)) == []
    assert list(coming(play.procedure, play.state, BEN, play.directory)) == []
    assert [step.id for step in coming(play.procedure, play.state, CLEO, play.directory)] == ["two"]
    play.do(ANA, c.CancelRun("no"))
    assert list(coming(play.procedure, play.state, CLEO, play.directory)) == []


def test_two_accounts_are_not_two_people() -> None:
    """A quorum of two is blocked where the only two holders are one human being, or one holds the role twice."""
    answers = linked(ben=Links((CLEO,)), cleo=Links((BEN,)))
    teams = {**dict.fromkeys(PEOPLE, ()), BEN: ("desk",)}
    for holders, more in ((persons(BEN, CLEO), answers), ((*persons(BEN), "team:desk"), Answers())):
        play = Play([approval("check", quorum=2)], teams=teams, answers=more).start({"checker": holders}, lead=ANA)
        (reason,) = unfilled(play.procedure, play.state, play.task("check"), play.directory)
        assert reason.code is Code.NOBODY


def test_who_is_kept_from_a_blocked_task_is_said() -> None:
    """With the first reason of each; a leaver who has a task keeps everybody from it."""
    from tests.engine.kit import compiled

    play = Play(compiled([task("one"), task("two")], separate=[["one", "two"]])).start({"maker": persons(BEN)}, lead=ANA)
    play.complete(BEN, "one")
    nobody, kept = unfilled(play.procedure, play.state, play.task("two"), play.directory)
    assert (nobody.code, kept.facts) == (Code.NOBODY, {"person": BEN, "why": Code.SEPARATED})
    other = Play([task("one")]).start({"maker": persons(BEN, CLEO)}, lead=ANA)
    other.do(BEN, c.Claim("one"))
    other.teams = {CLEO: ()}
    nobody, kept = unfilled(other.procedure, other.state, other.task("one"), other.directory)
    assert (nobody.code, kept.facts) == (Code.NOBODY, {"person": BEN, "why": Code.INACTIVE})
