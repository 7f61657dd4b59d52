"""Deciding: who may do what."""

from typing import Any

import pytest

from engine import commands as c
from engine import events as e
from engine.options import options
from engine.people import SYSTEM, holds, involved
from engine.refusals import Code, Refused
from tests.engine.kit import ANA, BEN, CLEO, DAN, EVE, NOW, PEOPLE, STRANGER, Play, approval, compiled, persons, task

LED = {"lead": persons(ANA)}
"""Ana alone leads."""


def test_an_offered_task_is_claimed_once() -> None:
    """The first claim gives the task; the next is told who has it since when, the owner that it is theirs already."""
    play = Play([task("write")]).start(LED)
    assert play.task("write").owner == ""
    play.do(BEN, c.Claim("write"))
    assert (play.task("write").owner, play.task("write").since) == (BEN, NOW)
    answer = play.ask(CLEO, c.Claim("write"))
    assert isinstance(answer, Refused)
    assert [(r.code, r.facts["by"], r.facts["at"]) for r in answer.reasons] == [(Code.TAKEN, BEN, NOW)]
    assert play.refused(BEN, c.Claim("write")) == [Code.ALREADY]
    assert play.refused(CLEO, c.Complete("write")) == [Code.TAKEN]


def test_completing_an_offered_task_claims_it() -> None:
    """Whoever completes a task that nobody has is its owner from then on, in the history too."""
    play = Play([task("write")]).start(LED)
    play.complete(BEN, "write")
    assert [type(event).__name__ for event in play.last.events[:2]] == ["TaskClaimed", "TaskCompleted"]


def test_a_claimed_task_is_given_back() -> None:
    """Its owner and the lead may give it back; others may not, and what nobody has cannot be given back."""
    play = Play([task("write")]).start(LED)
    assert play.refused(BEN, c.Release("write")) == [Code.NOT_CLAIMED]
    play.do(BEN, c.Claim("write"))
    assert play.refused(CLEO, c.Release("write")) == [Code.NOT_OWNER]
    assert play.refused(STRANGER, c.Release("write")) == [Code.INACTIVE]
    play.do(BEN, c.Release("write"))
    assert play.told(e.TaskReleased) == [e.TaskReleased(1, BEN)]
    assert (play.task("write").owner, play.task("write").since) == ("", "")
    play.do(BEN, c.Claim("write"))
    play.do(ANA, c.Release("write", "he is ill"))
    assert play.task("write").owner == ""


def test_the_lead_assigns_a_task() -> None:
    """Assigning gives the task to a person of the role; taking it from somebody needs a reason."""
    play = Play([task("write")]).start(LED | {"maker": persons(BEN, CLEO)})
    assert play.refused(BEN, c.Assign("write", CLEO)) == [Code.NOT_LEAD]
    assert play.refused(ANA, c.Assign("write", DAN)) == [Code.NOT_IN_ROLE]
    assert play.refused(ANA, c.Assign("write", STRANGER)) == [Code.INACTIVE]
    play.do(ANA, c.Assign("write", BEN))
    assert play.refused(ANA, c.Assign("write", BEN, "again")) == [Code.ALREADY]
    assert play.refused(ANA, c.Assign("write", CLEO)) == [Code.REASON_REQUIRED]
    play.do(ANA, c.Assign("write", CLEO, "Ben is ill"))
    assert play.told(e.TaskAssigned) == [e.TaskAssigned(1, CLEO, BEN)]
    assert play.task("write").owner == CLEO


def test_whoever_alone_holds_a_role_has_its_tasks() -> None:
    """A task of a role with one person is theirs when it opens; with a team or several it is offered."""
    play = Play([task("write"), task("draw", "artist"), task("last", "team")])
    play.start(LED | {"maker": persons(BEN), "artist": persons(CLEO, DAN), "team": ("team:crew",)})
    assert play.task("write").owner == BEN
    play.complete(BEN, "write")
    assert play.task("draw").owner == ""
    play.complete(DAN, "draw")
    assert play.task("last").owner == ""


def test_a_role_may_be_held_by_a_team() -> None:
    """Members of the team, and nobody else, hold the role, as long as they are active."""
    teams: dict[str, tuple[str, ...]] = {ANA: (), BEN: ("crew", "other"), CLEO: ("other",)}
    play = Play([task("write")], teams=teams).start(LED | {"maker": ("team:crew",)})
    assert play.refused(CLEO, c.Claim("write")) == [Code.NOT_IN_ROLE]
    assert play.refused(DAN, c.Claim("write")) == [Code.INACTIVE]
    play.do(BEN, c.Claim("write"))
    play.teams = {ANA: (), CLEO: ("crew",)}
    assert play.refused(BEN, c.Complete("write")) == [Code.INACTIVE]
    assert not holds(play.state, "maker", BEN, play.directory)


def test_binding_says_who_holds_a_role_from_now_on() -> None:
    """The lead binds a role; a role that was bound needs a reason, and tasks of people who lost it are offered again."""
    play = Play([task("write"), task("next_one")]).start(LED | {"maker": persons(BEN)})
    assert play.refused(BEN, c.Bind("maker", persons(CLEO), "x")) == [Code.NOT_LEAD]
    assert play.refused(ANA, c.Bind("maker", persons(CLEO))) == [Code.REASON_REQUIRED]
    play.do(ANA, c.Bind("maker", persons(CLEO, CLEO), "Ben left"))
    assert play.last.events == (e.RoleBound("maker", persons(CLEO)), e.TaskReleased(1, BEN))
    assert play.refused(BEN, c.Claim("write")) == [Code.NOT_IN_ROLE]
    play.do(CLEO, c.Claim("write"))
    play.do(ANA, c.Bind("maker", persons(CLEO, DAN), "more hands"))
    assert play.task("write").owner == CLEO


def test_a_role_that_nobody_holds_is_bound_without_a_reason() -> None:
    """The first binding of a role explains itself."""
    play = Play([task("write")]).start(LED | {"maker": ()})
    assert play.refused(BEN, c.Claim("write")) == [Code.NOT_IN_ROLE]
    play.do(ANA, c.Bind("maker", persons(BEN)))
    play.complete(BEN, "write")


def test_binding_what_does_not_exist_is_refused_with_every_reason() -> None:
    """An unknown role, people who are not active, and words that name neither person nor team are all told."""
    play = Play([task("write")]).start(LED)
    holders = ("person:p_nobodyaaaaa", "team:no such team", "ben", "team:crew")
    answer = play.ask(ANA, c.Bind("painter", holders))
    assert isinstance(answer, Refused)
    assert [(r.code, r.facts.get("team") or r.facts.get("person")) for r in answer.reasons] == [
        (Code.ROLE_UNKNOWN, None), (Code.NO_TEAM, "ben"), (Code.NO_PERSON, "p_nobodyaaaaa"), (Code.NO_TEAM, "team:no such team"),
    ]  # fmt: skip
    start = c.Start("RUN-1", "x", STRANGER, {"painter": holders})
    assert Play([task("write")]).refused(STRANGER, start) == [
        Code.ROLE_UNKNOWN, Code.NO_TEAM, Code.NO_PERSON, Code.NO_TEAM, Code.NO_PERSON, Code.INACTIVE,
    ]  # fmt: skip


def test_an_inactive_owner_who_lost_the_role_loses_the_task() -> None:
    """Binding a role anew frees the tasks of its former holders even when they are gone."""
    play = Play([task("write")]).start(LED | {"maker": persons(BEN)})
    play.teams = dict.fromkeys((ANA, CLEO), ())
    play.do(ANA, c.Bind("maker", persons(CLEO), "Ben is gone"))
    assert play.task("write").owner == ""


def test_an_inactive_lead_leads_no_more() -> None:
    """Whoever is switched off can neither assign nor bind nor cancel, and the owner role still can."""
    play = Play([task("write")]).start({"lead": persons(BEN)}, lead=ANA)
    play.teams = dict.fromkeys((BEN, CLEO), ())
    assert play.refused(ANA, c.Assign("write", CLEO)) == [Code.INACTIVE]
    assert play.refused(ANA, c.Bind("maker", persons(BEN), "x")) == [Code.INACTIVE]
    assert play.refused(ANA, c.Comment("hello")) == [Code.INACTIVE]
    play.do(BEN, c.Assign("write", CLEO))


SEPARATE = {"separate": [["write", "check"]]}


def test_separated_steps_are_never_done_by_the_same_person() -> None:
    """Whoever did one step of a group is refused the other when they claim, act, or are given it."""
    play = Play(compiled([task("write"), task("check"), task("last")], **SEPARATE)).start(LED)
    play.complete(BEN, "write")
    for command in (c.Claim("check"), c.Complete("check")):
        assert play.refused(BEN, command) == [Code.SEPARATED]
    assert play.refused(ANA, c.Assign("check", BEN)) == [Code.SEPARATED]
    play.complete(CLEO, "check")
    play.complete(BEN, "last")  # stands in no group


def test_the_procedure_knows_whose_people_decide_about_a_step() -> None:
    """Those of separated steps, those whose work it is a decision about, and those of the step it repeats; often nobody's."""
    steps = [
        task("write"),
        task("check"),
        approval("agree", of=["check"]),
        task("fix", same_as="write"),
    ]
    procedure = compiled(steps, **SEPARATE)
    for _ in range(2):  # found out once and remembered
        found = {step: set(procedure.deciding(step)) for step in procedure.steps}
        assert found == {"write": {"check"}, "check": {"write"}, "agree": {"check"}, "fix": {"write"}}
    assert compiled([task("write")]).deciding("write") == frozenset()


def test_separation_counts_what_somebody_holds_open() -> None:
    """Whoever has claimed one of two separated open tasks cannot take the other."""
    steps = [{"id": "both", "parallel": {"a": [task("write")], "b": [task("check")]}}]
    play = Play(compiled(steps, **SEPARATE)).start(LED)
    play.do(BEN, c.Claim("write"))
    answer = play.ask(BEN, c.Claim("check"))
    assert isinstance(answer, Refused)
    assert [(r.code, r.facts["did"]) for r in answer.reasons] == [(Code.SEPARATED, "has")]
    assert play.refused(BEN, c.Complete("check")) == [Code.SEPARATED]
    play.do(BEN, c.Release("write"))
    play.do(BEN, c.Claim("check"))


def test_separation_reaches_into_steps_that_hold_others() -> None:
    """A parallel step in a group stands for everything that people do inside it, and not for itself."""
    steps = [{"id": "prepare", "parallel": {"a": [task("draw")], "b": [task("caption")]}}, task("check")]
    play = Play(compiled(steps, separate=[["prepare", "check"]])).start(LED)
    play.complete(BEN, "draw")
    play.complete(BEN, "caption")
    answer = play.ask(BEN, c.Claim("check"))
    assert isinstance(answer, Refused)
    assert [r.facts["other"] for r in answer.reasons] == ["caption", "draw"]
    play.complete(CLEO, "check")


def test_separation_is_kept_by_automatic_allocation() -> None:
    """The only holder of a role does not get a task that they may not do; it stays offered, and the lead must bind anew."""
    held = LED | {"maker": persons(BEN), "reviewer": persons(BEN)}
    play = Play(compiled([task("write"), task("check", "reviewer")], **SEPARATE)).start(held)
    play.complete(BEN, "write")
    assert play.task("check").owner == ""
    assert not play.may(BEN, "complete", "check")


def test_nobody_decides_about_their_own_work() -> None:
    """Whoever worked on what an approval is about may not decide, also when the work is inside a parallel step."""
    steps = [
        task("write"),
        {"id": "prepare", "parallel": {"a": [task("draw")], "b": [task("caption")]}},
        approval("review", of=["write", "prepare"]),
    ]
    play = Play(steps).start(LED)
    play.complete(BEN, "write")
    play.complete(CLEO, "draw")
    play.complete(DAN, "caption")
    for person, work in ((BEN, "write"), (CLEO, "draw"), (DAN, "caption")):
        answer = play.ask(person, c.Complete("review"))
        assert isinstance(answer, Refused)
        assert [(r.code, r.facts["other"]) for r in answer.reasons] == [(Code.OWN_WORK, work)]
    play.complete(EVE, "review")


def test_own_work_that_is_separated_too_is_told_once() -> None:
    """An approval that is also separated from what it decides about gives one reason for it, not two."""
    play = Play(compiled([task("write"), approval("check", of=["write"])], **SEPARATE)).start(LED)
    play.complete(BEN, "write")
    assert play.refused(BEN, c.Claim("check")) == [Code.SEPARATED]


def test_only_whoever_did_a_step_may_do_the_other() -> None:
    """``same_as`` gives the task to that person and refuses everybody else; before the step was done it binds nobody."""
    play = Play([task("write"), task("fix", same_as="write")]).start(LED)
    play.complete(BEN, "write")
    assert play.task("fix").owner == BEN
    assert play.refused(ANA, c.Assign("fix", CLEO, "x")) == [Code.SAME_AS]
    play.do(BEN, c.Release("fix"))
    assert play.refused(CLEO, c.Claim("fix")) == [Code.SAME_AS]
    skipped = Play([task("write", when="false"), task("fix", same_as="write")]).start(LED)
    skipped.complete(CLEO, "fix")


def test_rework_returns_to_whoever_did_it() -> None:
    """A task that comes back belongs to the person who did it last, unless they may no longer do it."""
    steps = [task("write"), approval("review", outcomes={"ok": "next", "back": "write"})]
    play = Play(steps).start(LED)
    play.complete(BEN, "write")
    play.complete(CLEO, "review", "back")
    assert play.task("write").owner == BEN
    play.do(ANA, c.Assign("write", DAN, "Ben is away"))
    play.complete(DAN, "write")
    assert play.task("review").owner == CLEO
    play.complete(CLEO, "review", "back")
    assert play.task("write").owner == DAN
    play.complete(DAN, "write")
    play.do(ANA, c.Bind("maker", persons(BEN, EVE), "Dan left"))
    play.complete(CLEO, "review", "back")
    assert play.task("write").owner == ""


def test_a_start_names_its_lead_and_its_people() -> None:
    """Roles are bound as given, twice named holders once, and the lead need not hold any role."""
    play = Play([task("write")]).start({"maker": (*persons(BEN), *persons(BEN)), "lead": ()}, lead=DAN)
    assert play.told(e.RoleBound) == [e.RoleBound("maker", persons(BEN))]
    assert play.state.lead == DAN
    play.do(DAN, c.CancelRun("no"))


def test_who_has_a_part_in_a_run() -> None:
    """The lead, holders of the owner role and of any bound role are involved; others are not."""
    play = Play([task("write")]).start({"lead": persons(BEN), "maker": persons(CLEO)}, lead=ANA)
    found = [person for person in PEOPLE if involved(play.procedure, play.state, person, play.directory)]
    assert found == [ANA, BEN, CLEO]
    assert play.refused(DAN, c.Comment("me too")) == [Code.NOT_INVOLVED]


ACTS: dict[str, Any] = {
    "claim": c.Claim, "release": c.Release, "complete": c.Complete,
}  # fmt: skip


@pytest.mark.parametrize("person", [*PEOPLE, STRANGER])
def test_what_options_say_is_what_decide_does(person: str) -> None:
    """In every state of a small run, each option agrees with the command that it stands for."""
    play = Play(compiled([task("write"), approval("check", of=["write"], quorum=2)], **SEPARATE))
    play.start({"lead": persons(ANA), "maker": persons(BEN, CLEO), "checker": persons(BEN, CLEO, DAN, EVE)})
    moves: list[tuple[str, c.Command] | None] = [
        None,
        (BEN, c.Claim("write")),
        (BEN, c.Complete("write")),
        (DAN, c.Complete("check")),
    ]
    for move in moves:
        if move:
            play.do(*move)
        for option in options(play.procedure, play.state, person, play.directory):
            if option.act in ACTS:
                answer = play.ask(person, ACTS[option.act](option.step))
                assert isinstance(answer, Refused) == bool(option.reasons)
                assert not isinstance(answer, Refused) or answer.reasons == option.reasons


def test_options_of_a_run_are_for_its_lead() -> None:
    """Binding, cancelling and assigning are for the lead; comments and files for all who have a part."""
    play = Play([task("write", outcomes={"a": "next", "b": "end"})]).start({"lead": persons(ANA), "maker": persons(BEN)})
    for act in ("bind", "cancel"):
        assert [play.may(person, act) for person in (ANA, BEN, CLEO)] == [True, False, False]
    for act in ("comment", "attach"):
        assert [play.may(person, act) for person in (ANA, BEN, CLEO, STRANGER)] == [True, True, False, False]
    assert [play.may(person, "assign", "write") for person in (ANA, BEN)] == [True, False]
    (option,) = (o for o in options(play.procedure, play.state, BEN, play.directory) if o.act == "complete")
    assert option.outcomes == ("a", "b")
    play.complete(BEN, "write", "b")
    assert not play.may(ANA, "bind")


def test_the_system_is_no_person() -> None:
    """What has no face cannot claim or complete a task, but may follow rules that only the lead could."""
    play = Play([task("write")]).start(LED)
    assert play.refused(SYSTEM, c.Claim("write")) == [Code.INACTIVE]
    assert play.refused(SYSTEM, c.Complete("write")) == [Code.INACTIVE]
    play.system(c.Assign("write", BEN))
    assert play.task("write").owner == BEN
