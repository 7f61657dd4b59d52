"""Workflow resource patterns WRP-1 to WRP-11: who a task is for, as the definition says. Each shows what must not happen."""

from engine import commands as c
from engine import events as e
from engine.directory import Answers
from engine.refusals import Code
from tests.engine.kit import ANA, BEN, CLEO, DAN, EVE, PEOPLE, Play, approval, persons, task
from tests.patterns.playing import checked

WHO = {"who": {"type": "user"}}


def test_wrp_01_direct_distribution() -> None:
    """The person who was named at the start gets the task, and others of the role cannot take it from them."""
    play = Play(checked([task("one", **{"from": "inputs.who"})], inputs=WHO)).start(
        {"maker": persons(BEN, CLEO)}, inputs={"who": CLEO}
    )
    assert play.task("one").owner == CLEO
    assert play.refused(BEN, c.Complete("one")) == [Code.TAKEN]
    play.complete(CLEO, "one")


def test_wrp_02_role_based_distribution() -> None:
    """Whoever holds the role may do it, in person or through a team; nobody else may."""
    teams = {ANA: (), BEN: ("desk",), CLEO: (), DAN: ()}
    play = Play(checked([task("one")]), teams=teams).start({"maker": ("team:desk", *persons(CLEO)), "lead": persons(ANA)})
    assert play.task("one").owner == ""
    assert play.may(BEN, "claim", "one")
    assert play.may(CLEO, "claim", "one")
    assert play.refused(DAN, c.Claim("one")) == [Code.NOT_IN_ROLE]


def test_wrp_03_deferred_distribution() -> None:
    """Who does a later step is decided while the run goes on, by a field of an earlier one; empty, it goes to the role."""
    steps = [task("plan", form=WHO), task("do", **{"from": "plan.who"})]
    play = Play(checked(steps)).start({"maker": persons(BEN, CLEO)})
    play.complete(BEN, "plan", who=DAN)
    assert play.task("do").owner == DAN
    assert play.refused(CLEO, c.Complete("do")) == [Code.TAKEN]
    other = Play(checked(steps)).start({"maker": persons(BEN, CLEO)})
    other.complete(BEN, "plan")
    assert other.task("do").owner == ""
    assert other.refused(DAN, c.Claim("do")) == [Code.NOT_IN_ROLE]


def test_wrp_04_authorization() -> None:
    """What somebody may do beyond their task is given by the definition to roles, and to nobody else."""
    play = Play(checked([task("one"), task("two", "checker")], permissions={"skip": ["checker"]}))
    play.start({"maker": persons(BEN), "checker": persons(CLEO), "lead": persons(ANA)})
    assert play.refused(BEN, c.Skip("one", "no need")) == [Code.NOT_PERMITTED]
    play.do(CLEO, c.Skip("one", "no need"))
    assert play.open == ["two"]


def test_wrp_05_separation_of_duties() -> None:
    """Nobody does two steps that are kept apart, though they hold both roles."""
    play = Play(checked([task("one"), task("two")], separate=[["one", "two"]])).start({"maker": persons(BEN, CLEO)})
    play.complete(BEN, "one")
    assert play.refused(BEN, c.Complete("two")) == [Code.SEPARATED]
    play.complete(CLEO, "two")


def test_wrp_06_case_handling() -> None:
    """One person handles the whole run: every later step is theirs, and no other of the role can step in."""
    steps = [task("one"), task("two", same_as="one"), task("three", same_as="one")]
    play = Play(checked(steps)).start({"maker": persons(BEN, CLEO)})
    play.complete(CLEO, "one")
    assert play.task("two").owner == CLEO
    assert Code.SAME_AS in play.refused(BEN, c.Claim("two"))
    play.complete(CLEO, "two")
    assert play.task("three").owner == CLEO


def test_wrp_07_retain_familiar() -> None:
    """Work that comes back is with whoever did it, and not offered to everybody again."""
    back = {"approve": "next", "reject": {"to": "one", "reason": "required", "rounds": 3, "then": "end"}}
    play = Play(checked([task("one"), approval("check", of=["one"], outcomes=back)]))
    play.start({"maker": persons(BEN, CLEO), "checker": persons(DAN, EVE)})
    play.complete(CLEO, "one")
    play.complete(DAN, "check", "reject", "not yet")
    assert play.task("one").owner == CLEO
    assert play.refused(BEN, c.Claim("one")) == [Code.TAKEN]


def test_wrp_08_capability_based_distribution() -> None:
    """Of a role only those with the skill may do it, and only they are chosen."""
    answers = Answers()
    answers.skills = {CLEO: ("korean", "copy"), DAN: ("copy",)}
    steps = [task("translate", skill="korean", assign="round_robin")]
    play = Play(checked(steps), answers=answers).start({"maker": persons(BEN, CLEO, DAN)})
    assert play.task("translate").owner == CLEO
    play.do(CLEO, c.Release("translate"))
    assert play.refused(DAN, c.Claim("translate")) == [Code.NO_SKILL]
    assert play.refused(BEN, c.Complete("translate")) == [Code.NO_SKILL]
    play.complete(CLEO, "translate")


def test_wrp_09_history_based_distribution() -> None:
    """Whoever was given the last one, in any run, gets the next; not who never had one, though they have less to do."""
    from engine.directory import Candidate

    answers = Answers()
    answers.candidates = {
        "sample/one": (Candidate(BEN, 0), Candidate(CLEO, 4, 20), Candidate(DAN, 1, 2)),
    }
    play = Play(checked([task("one", assign="familiar")]), answers=answers).start({"maker": persons(BEN, CLEO, DAN)})
    assert play.task("one").owner == CLEO
    full = Answers()
    full.candidates = {"sample/one": (Candidate(CLEO, 4, 20, 4), Candidate(DAN, 1, 2))}
    play = Play(checked([task("one", assign="familiar")]), answers=full).start({"maker": persons(CLEO, DAN)})
    assert play.task("one").owner == DAN  # Cleo has no room


def test_wrp_10_organisational_distribution() -> None:
    """It goes to whoever leads the person who did the step before: not to that person, nor to another lead."""
    answers = Answers()
    answers.managers = {BEN: DAN, CLEO: EVE}
    steps = [task("ask"), task("grant", "checker", lead="ask")]
    play = Play(checked(steps), answers=answers).start({"maker": persons(BEN, CLEO), "checker": persons(ANA, CLEO)})
    play.complete(BEN, "ask")
    assert play.task("grant").owner == DAN
    assert play.refused(BEN, c.Complete("grant")) == [Code.TAKEN, Code.NOT_IN_ROLE]
    assert Code.NOT_IN_ROLE in play.refused(EVE, c.Complete("grant"))
    play.complete(DAN, "grant")
    lead = Play(checked([task("sum_up", "checker", lead=True)])).start({"checker": persons(CLEO, DAN)}, lead=EVE)
    assert lead.task("sum_up").owner == EVE


def test_wrp_11_automatic_execution() -> None:
    """A step that needs no person is done at once, and stands in nobody's inbox."""
    steps = [
        task("count", form={"n": {"type": "number", "required": True}}),
        {"id": "route", "decide": [{"when": "count.n > 3", "to": "many"}, {"else": "few"}]},
        task("many", outcomes={"done": "end(many)"}), task("few"),
    ]  # fmt: skip
    play = Play(checked(steps)).start({"maker": persons(*PEOPLE)})
    play.complete(BEN, "count", n=5)
    assert [event.choice for event in play.told(e.DecisionTaken)] == [0]
    assert play.open == ["many"]
    assert play.refused(ANA, c.Complete("route")) == [Code.NO_TASK]
