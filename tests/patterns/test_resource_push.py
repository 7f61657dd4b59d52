"""Workflow resource patterns WRP-12 to WRP-20: how the system hands work out. Each test shows what must not happen, too."""

from collections import Counter

from engine import commands as c
from engine.ahead import coming
from engine.directory import Answers, Candidate
from engine.refusals import Code
from tests.engine.kit import ANA, BEN, CLEO, DAN, EVE, Play, persons, task
from tests.patterns.playing import checked


def with_candidates(*candidates: Candidate, seed: int = 0) -> Answers:
    """What a directory says of those who could get the step *one*."""
    answers = Answers()
    answers.candidates = {"sample/one": candidates}
    answers.seed = seed
    return answers


def test_wrp_12_distribution_by_offer_single_resource() -> None:
    """One person is offered the task and is free not to take it: until then it is nobody's."""
    play = Play(checked([task("one", assign="offer")])).start({"maker": persons(BEN)})
    assert play.task("one").owner == ""
    assert play.refused(CLEO, c.Claim("one")) == [Code.NOT_IN_ROLE]
    play.do(BEN, c.Claim("one"))
    assert play.task("one").owner == BEN


def test_wrp_13_distribution_by_offer_multiple_resources() -> None:
    """Several are offered it, the first who takes it has it, and the others no longer may."""
    play = Play(checked([task("one")])).start({"maker": persons(BEN, CLEO, DAN)})
    assert all(play.may(person, "claim", "one") for person in (BEN, CLEO, DAN))
    play.do(CLEO, c.Claim("one"))
    assert play.refused(BEN, c.Claim("one")) == [Code.TAKEN]


def test_wrp_14_distribution_by_allocation_single_resource() -> None:
    """Whoever alone holds the role has the task as soon as it is there, without asking for it."""
    play = Play(checked([task("one")])).start({"maker": persons(BEN)})
    assert play.task("one").owner == BEN
    assert play.refused(CLEO, c.Complete("one")) == [Code.TAKEN, Code.NOT_IN_ROLE]


def test_wrp_15_random_allocation() -> None:
    """The lot falls on each of them in time, the same seed gives the same person, and it never falls outside."""
    people = (Candidate(BEN), Candidate(CLEO), Candidate(DAN))
    found = Counter[str]()
    for seed in range(60):
        procedure = checked([task("one", assign="random")])
        first, again = (
            Play(procedure, answers=with_candidates(*people, seed=seed)).start({"maker": persons(BEN, CLEO, DAN)}) for _ in "12"
        )
        assert first.task("one").owner == again.task("one").owner
        found[first.task("one").owner] += 1
    assert set(found) == {BEN, CLEO, DAN}
    assert min(found.values()) >= 8


def test_wrp_16_round_robin_allocation() -> None:
    """Whoever had a task of this step the longest ago gets it, however much they have; within one decision it goes on round."""
    people = (Candidate(BEN, 0, 3), Candidate(CLEO, 9, 1), Candidate(DAN, 0, 2))
    play = Play(checked([task("one", assign="round_robin")]), answers=with_candidates(*people))
    play.start({"maker": persons(BEN, CLEO, DAN)})
    assert play.task("one").owner == CLEO
    items = [{"id": "all", "for_each": {"n": "[1, 2, 3, 4]"}, "steps": [task("one", assign="round_robin")]}]
    many = Play(checked(items), answers=with_candidates(*people)).start({"maker": persons(BEN, CLEO, DAN)})
    assert [task_.owner for task_ in many.state.tasks.values()] == [CLEO, DAN, BEN, CLEO]


def test_wrp_17_shortest_queue() -> None:
    """Whoever has the fewest open tasks gets it; nobody who is away, and nobody who has as many as they are to have."""
    people = (Candidate(BEN, 3), Candidate(CLEO, 1), Candidate(DAN, 0, 0, 0, away=True), Candidate(EVE, 0, 0, 2))
    play = Play(checked([task("one", assign="least_loaded")]), answers=with_candidates(*people))
    play.start({"maker": persons(BEN, CLEO, DAN, EVE)})
    assert play.task("one").owner == EVE
    items = [{"id": "all", "for_each": {"n": "[1, 2, 3, 4, 5]"}, "steps": [task("one", assign="least_loaded")]}]
    many = Play(checked(items), answers=with_candidates(*people)).start({"maker": persons(BEN, CLEO, DAN, EVE)})
    assert [task_.owner for task_ in many.state.tasks.values()] == [EVE, CLEO, EVE, CLEO, BEN]
    full = (Candidate(BEN, 3, 0, 3), Candidate(CLEO, 1, 0, 1))
    none = Play(checked([task("one", assign="least_loaded")]), answers=with_candidates(*full)).start({"maker": persons(BEN, CLEO)})
    assert none.task("one").owner == ""  # offered to both: nobody has room


def test_wrp_18_early_distribution() -> None:
    """People see what will come to them before it is ready, and cannot act on it yet; what they may not do is not announced."""
    steps = [task("one"), task("two", "checker"), task("three", "checker")]
    play = Play(checked(steps, separate=[["one", "three"]])).start({"maker": persons(BEN), "checker": persons(BEN, CLEO)})
    assert [step.id for step in coming(play.procedure, play.state, CLEO, play.directory)] == ["two", "three"]
    assert play.refused(CLEO, c.Complete("two")) == [Code.NO_TASK]
    assert [step.id for step in coming(play.procedure, play.state, BEN, play.directory)] == ["two"]
    assert list(coming(play.procedure, play.state, DAN, play.directory)) == []


def test_wrp_19_distribution_on_enablement() -> None:
    """A task is offered in the moment in which its step is reached, and not before."""
    play = Play(checked([task("one"), task("two", "checker")])).start({"maker": persons(BEN), "checker": persons(CLEO, DAN)})
    assert play.open == ["one"]
    play.complete(BEN, "one")
    assert play.may(CLEO, "claim", "two")


def test_wrp_20_late_distribution() -> None:
    """A step that is ready waits until somebody decides who holds its role; meanwhile nobody can do it."""
    play = Play(checked([task("one")])).start({"maker": (), "lead": persons(ANA)})
    assert play.refused(BEN, c.Claim("one")) == [Code.NOT_IN_ROLE]
    play.do(ANA, c.Bind("maker", persons(BEN, CLEO)))
    assert play.task("one").owner == ""
    play.do(BEN, c.Claim("one"))
