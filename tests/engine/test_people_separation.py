"""Separated duties, as a matrix: every act, by every way of getting the task, against every rule that keeps people apart."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from engine import commands as c
from engine import events as e
from engine.authority import TABLE
from engine.directory import Answers, Links, Mandate
from engine.refusals import Code, Refused
from tests.engine.kit import ANA, BEN, CLEO, DAN, EVE, PEOPLE, Play, approval, compiled, persons, task

ANA_TOO = "p_anatooaaaaaa"
"""Another account of Ana."""

RULES: dict[str, tuple[dict[str, Any], dict[str, Any], Code | None]] = {
    "kept apart": ({"separate": [["make", "check"]]}, {}, Code.SEPARATED),
    "own work": ({}, {"of": ["make"]}, Code.OWN_WORK),
    "named by a field": ({"inputs": {"ana": {"type": "user"}}}, {"not_from": ["inputs.ana"]}, Code.SEPARATED),
    "nothing": ({}, {}, None),
}
"""Rule to what the definition says, what the approval says, and the code it refuses with."""


class Way(NamedTuple):
    """How somebody comes to the task *check* although Ana, who did *make*, stands behind them.

    Attributes:
        actor: who acts.
        holders: who holds the role of *check*, beside Eve.
        links: what the directory says of them.
        herself: the actor is Ana, under whatever account.
    """

    actor: str
    holders: tuple[str, ...]
    links: dict[str, Links]
    herself: bool = True


SAME = {ANA: Links((ANA_TOO,)), ANA_TOO: Links((ANA,))}
WAYS = {
    "her own role": Way(ANA, persons(ANA), {}),
    "a team of hers": Way(ANA, ("team:desk",), {}),
    "another account": Way(ANA_TOO, persons(ANA_TOO), SAME),
    "another account, through a team": Way(ANA_TOO, ("team:desk",), SAME),
    "she is a deputy": Way(ANA, persons(BEN), {ANA: Links((), (Mandate((BEN,)),))}),
    "another account is a deputy": Way(ANA_TOO, persons(BEN), {**SAME, ANA_TOO: Links((ANA,), (Mandate((BEN,)),))}),
    "she has the role by delegation": Way(ANA, persons(BEN), {ANA: Links((), (Mandate((BEN,), "checker"),))}),
    "her deputy": Way(BEN, persons(ANA), {BEN: Links((), (Mandate((ANA,)),))}, herself=False),
    "the deputy of another account": Way(BEN, persons(ANA_TOO), {**SAME, BEN: Links((), (Mandate((ANA_TOO,)),))}, herself=False),
    "her deputy's deputy": Way(CLEO, persons(ANA), {CLEO: Links((), (Mandate((ANA, BEN)),))}, herself=False),
    "she between the two": Way(CLEO, persons(BEN), {CLEO: Links((), (Mandate((BEN, ANA)),))}, herself=False),
    "her delegate": Way(BEN, persons(ANA), {BEN: Links((), (Mandate((ANA,), "checker"),))}, herself=False),
    "her deputy, for her team": Way(BEN, ("team:desk",), {BEN: Links((), (Mandate((ANA,), "", ("desk",)),))}, herself=False),
}


def _claim(play: Play, actor: str) -> c.Command:
    return c.Claim("check")


def _complete(play: Play, actor: str) -> c.Command:
    return c.Complete("check")


def _override(play: Play, actor: str) -> c.Command:
    return c.Complete("check", note="there is nobody else", override=True)


def _after_reopening(play: Play, actor: str) -> c.Command:
    play.complete(EVE, "check")
    play.do(DAN, c.Reopen("check", "it was not right"))
    play.do(EVE, c.Release("check"))
    return c.Claim("check")


def _after_going_back(play: Play, actor: str) -> c.Command:
    play.do(DAN, c.Rewind("make", "again, by somebody else"))
    play.do(DAN, c.Bind("maker", persons(DAN), "she is done with it"))
    play.complete(DAN, "make")
    return c.Complete("check")


ACTS: dict[str, Callable[[Play, str], c.Command]] = {
    "claim": _claim,
    "complete": _complete,
    "override": _override,
    "claim after reopening": _after_reopening,
    "complete after going back": _after_going_back,
}


def played(way: Way, rule: str, **step: Any) -> Play:  # noqa: ANN401 - parts of a document
    """A run in which Ana has done *make* and *check* is open; Dan leads, Eve could check it, everybody may override."""
    document, inner, _ = RULES[rule]
    steps = [task("make"), approval("check", **inner, **step)]
    procedure = compiled(steps, **document, permissions={"override": ["lead"]})
    answers = Answers()
    answers.links = dict(way.links)
    teams = {**dict.fromkeys(PEOPLE, ()), ANA_TOO: ("desk",), ANA: ("desk",)}
    play = Play(procedure, teams=teams, answers=answers)
    roles = {"maker": persons(ANA), "checker": (*way.holders, *persons(EVE)), "lead": persons(*PEOPLE, ANA_TOO)}
    play.start(roles, lead=DAN, inputs=given(document))
    play.complete(ANA, "make")
    return play


def given(document: dict[str, Any]) -> dict[str, str]:
    """The inputs that *document* asks for: all of them name Ana."""
    return dict.fromkeys(document.get("inputs", {}), ANA)


def outcome(play: Play, actor: str, command: c.Command, rule: str) -> None:
    """Holds exactly when the rule keeps people apart: then it is refused for that, else it is done."""
    code = RULES[rule][2]
    if code is None:
        play.do(actor, command)
    else:
        assert code in play.refused(actor, command)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("act", ACTS)
def test_whoever_acts_is_compared_with_everybody_behind_them(act: str, way: str, rule: str) -> None:
    """No way to a task and no act leads past what keeps two duties apart; without such a rule each of them leads there."""
    play = played(WAYS[way], rule)
    actor = WAYS[way].actor
    outcome(play, actor, ACTS[act](play, actor), rule)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("way", WAYS)
def test_nobody_is_given_what_they_may_not_do(way: str, rule: str) -> None:
    """The lead cannot assign a task to somebody behind whom its own maker stands."""
    play = played(WAYS[way], rule)
    outcome(play, DAN, c.Assign("check", WAYS[way].actor), rule)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("way", [name for name, way in WAYS.items() if way.herself])
def test_a_task_is_not_delegated_to_who_may_not_do_it(way: str, rule: str) -> None:
    """Whoever has a task cannot let its maker do it, under whatever account."""
    play = played(WAYS[way], rule)
    play.do(EVE, c.Claim("check"))
    outcome(play, EVE, c.Delegate("check", WAYS[way].actor), rule)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("way", WAYS)
def test_a_voice_among_several_is_kept_apart_as_well(way: str, rule: str) -> None:
    """Of several who must agree none may be, or act for, whoever made it."""
    play = played(WAYS[way], rule, quorum=2)
    outcome(play, WAYS[way].actor, c.Complete("check"), rule)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("way", [name for name, way in WAYS.items() if way.herself])
def test_a_decision_is_not_left_out_by_who_may_not_take_it(way: str, rule: str) -> None:
    """Skipping an approval by permission is a decision, too: not for whoever made the work."""
    play = played(WAYS[way], rule)
    outcome(play, WAYS[way].actor, c.Skip("check", "no time"), rule)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("how", ["round_robin", "least_loaded", "random"])
@pytest.mark.parametrize("way", ["her own role", "a team of hers", "another account"])
def test_no_rule_allocates_what_somebody_may_not_do(way: str, how: str, rule: str) -> None:
    """Allocation passes over whoever is to be kept apart, however much it is their turn."""
    way_ = WAYS[way]
    document, inner, code = RULES[rule]
    answers = Answers()
    answers.links = dict(way_.links)
    teams = {**dict.fromkeys(PEOPLE, ()), ANA_TOO: ("desk",), ANA: ()}
    play = Play(compiled([task("make"), approval("check", **inner, assign=how)], **document), teams=teams, answers=answers)
    holders = persons(way_.actor)
    play.start({"maker": persons(ANA), "checker": holders}, lead=DAN, inputs=given(document))
    play.complete(ANA, "make")
    assert play.task("check").owner == ("" if code else way_.actor)


@pytest.mark.parametrize("rule", RULES)
def test_nobody_named_by_a_field_is_past_the_rule(rule: str) -> None:
    """A person whom a form names gets the task only if nothing keeps them from it."""
    document, inner, code = RULES[rule]
    steps = [task("make", form={"who": {"type": "user"}}), approval("check", **inner, **{"from": "make.who"})]
    play = Play(compiled(steps, **document))
    play.start({"maker": persons(ANA), "checker": persons(EVE, BEN)}, lead=DAN, inputs=given(document))
    play.complete(ANA, "make", who=ANA)
    assert play.task("check").owner == ("" if code else ANA)
    outcome(play, ANA, c.Complete("check"), rule)


REQUEST = task("request", form={"by": {"type": "user"}, "with": {"type": "users"}, "text": {"type": "text"}})
KEPT = ["request.by", "request.with"]


def requested(*more: dict[str, Any], **values: Any) -> Play:  # noqa: ANN401 - values of a form
    """A run in which Ben has handed in a request and Dan leads; whoever it names does not decide about it."""
    play = Play([REQUEST, approval("check", not_from=KEPT, outcomes={"approve": "next", "back": "request_again"}) | {
        "outcomes": {"approve": {"to": "next"}, "back": {"to": "request", "rounds": 3, "then": "end"}}}, *more])  # fmt: skip
    play.start({"maker": persons(BEN)}, lead=DAN)
    play.complete(BEN, "request", **values)
    return play


def test_everybody_whom_a_field_names_is_kept_out_and_told_why() -> None:
    """One person or several, from several fields; the refusal says which field, and the state and the history who they are."""
    play = requested(task("last"), **{"by": ANA, "with": [CLEO, DAN]})
    pairs = (("request.by", ANA), ("request.with", CLEO), ("request.with", DAN))
    assert [event.people for event in play.told(e.PeopleKeptOut)] == [pairs]
    assert play.state.kept_out == {"check": pairs}
    for person, field in ((ANA, "request.by"), (CLEO, "request.with"), (DAN, "request.with")):
        answer = play.ask(person, c.Complete("check"))
        assert isinstance(answer, Refused)
        assert [(r.code, r.facts) for r in answer.reasons] == [
            (Code.SEPARATED, {"step": "check", "other": field, "did": "named"})
        ]  # fmt: skip
    assert not play.may(ANA, "claim", "check")
    play.complete(EVE, "check")
    assert play.told(e.PeopleKeptOut) == []


def test_where_a_field_names_nobody_nobody_is_kept_out() -> None:
    """An empty field keeps nobody out, and nothing is told."""
    play = requested()
    assert (play.told(e.PeopleKeptOut), play.state.kept_out) == ([], {})
    play.complete(ANA, "check")


def test_whom_a_field_names_now_is_kept_out() -> None:
    """A correction by somebody else counts at once, for a task that is open as well; a round that names nobody frees all."""
    play = requested(by=ANA)
    play.do(DAN, c.Correct("request", {"by": CLEO}, "it was hers"))
    assert [event.people for event in play.told(e.PeopleKeptOut)] == [(("request.by", CLEO),)]
    assert play.refused(CLEO, c.Complete("check")) == [Code.SEPARATED]
    play.complete(ANA, "check", "back")
    play.complete(BEN, "request")
    assert [event.people for event in play.told(e.PeopleKeptOut)] == [()]
    play.do(ANA, c.Release("check"))
    play.complete(CLEO, "check")


@pytest.mark.parametrize("account", [DAN, "another"])
def test_nobody_takes_themselves_out_of_a_field(account: str) -> None:
    """Whoever is named and corrects the field stays named, under every account; somebody else can take them out."""
    answers = Answers()
    answers.links = {ANA_TOO: Links((DAN,)), DAN: Links((ANA_TOO,))}
    actor = ANA_TOO if account == "another" else DAN
    play = Play([REQUEST, approval("check", not_from=KEPT)], teams={**dict.fromkeys(PEOPLE, ()), ANA_TOO: ()}, answers=answers)
    play.start({"maker": persons(BEN), "lead": persons(ANA_TOO, EVE)}, lead=DAN)
    play.complete(BEN, "request", by=DAN)
    play.do(actor, c.Correct("request", {"by": ANA}, "a slip, I say"))
    assert play.state.kept_out == {"check": (("request.by", ANA), ("request.by", DAN))}
    assert play.refused(DAN, c.Complete("check")) == [Code.SEPARATED]
    play.do(EVE, c.Correct("request", {"text": "it was a slip"}, "I say so as well"))
    assert play.state.kept_out == {"check": (("request.by", ANA),)}


def test_what_was_erased_keeps_out_whom_it_named() -> None:
    """A value that is gone does not free anybody: what it said stands in the state."""
    play = requested(**{"by": ANA, "with": [CLEO]})
    del play.data["request.by"]
    play.do(DAN, c.Correct("request", {"text": "x"}, "a slip"))
    assert play.told(e.PeopleKeptOut) == []
    assert play.refused(ANA, c.Complete("check")) == [Code.SEPARATED]


def test_a_finished_step_is_not_corrected_by_whom_a_field_keeps_from_it() -> None:
    """Whoever corrects has a part in it, in a run that has ended too; there a correction of the field still counts."""
    form = {"note": {"type": "text"}}
    play = Play([REQUEST, task("write", not_from=["request.by"], form=form)])
    play.start({"maker": persons(BEN)}, lead=DAN)
    play.complete(BEN, "request", by=DAN)
    play.complete(BEN, "write", note="x")
    assert play.state.status == "ended"
    assert play.refused(DAN, c.Correct("write", {"note": "y"}, "a slip")) == [Code.SEPARATED]
    play.do(EVE, c.Correct("request", {"by": CLEO}, "it was hers"))
    play.do(DAN, c.Correct("write", {"note": "y"}, "a slip"))


def test_each_item_keeps_out_whom_it_names() -> None:
    """A column of its row, or a field of a step inside; what was kept for an item goes with it."""
    rows = {"rows": {"type": "table", "columns": {"who": {"type": "user"}, "what": {"type": "text"}}}}
    inner = [task("make", form={"by": {"type": "user"}}), approval("check", not_from=["row_one.who", "make.by"])]
    play = Play(compiled([{"id": "each", "for_each": {"row_one": "inputs.rows"}, "steps": inner}, task("last")], inputs=rows))
    play.start({"maker": persons(BEN)}, lead=DAN, inputs={"rows": [{"who": ANA}, {"who": CLEO}, {"what": "x"}]})
    assert sorted(people for people in play.state.kept_out.values()) == [(("row_one.who", ANA),), (("row_one.who", CLEO),)]
    play.complete(BEN, "make:1", by=EVE)
    assert play.refused(ANA, c.Complete("check:1")) == play.refused(EVE, c.Complete("check:1")) == [Code.SEPARATED]
    play.complete(BEN, "make:2")
    assert play.refused(CLEO, c.Complete("check:2")) == [Code.SEPARATED]
    play.complete(ANA, "check:2")
    play.complete(CLEO, "check:1")
    play.complete(BEN, "make:3")
    play.complete(ANA, "check:3")
    assert (play.open, play.state.kept_out) == (["last"], {})


def test_rules_and_signals_name_people_too() -> None:
    """What comes without a person, by a signal or as an act of the system, keeps out as well."""
    signals = {"filed": {"form": {"by": {"type": "user"}}}}
    wait = {"id": "listen", "wait": {"signal": "filed"}}
    late = {"id": "nap", "wait": {"for": "1h"}}
    play = Play(compiled([wait, late, approval("check", not_from=["listen.by"])], signals=signals)).start(lead=DAN)
    play.do(BEN, c.Signal("filed", {"by": ANA}))
    assert play.state.kept_out == {"check": (("listen.by", ANA),)}
    play.at = "2026-11-23T10:00:00.000000Z"
    play.system(c.Elapse(play.state.next_token - 1, "wait", 0))
    assert play.refused(ANA, c.Complete("check")) == [Code.SEPARATED]


def test_a_version_that_keeps_people_out_does_so_at_once_and_one_that_does_not_frees_them() -> None:
    """Going over to another version says anew who is kept out of what is open, under the names that it has for steps."""
    old = [REQUEST, approval("check")]
    new = [REQUEST | {"id": "asked"}, approval("check", not_from=["asked.by"])]
    first, second = compiled(old), compiled(new, version="2.0.0")
    play = Play(first).start({"maker": persons(BEN)}, lead=DAN)
    play.versions = {procedure.fingerprint: procedure for procedure in (first, second)}
    play.complete(BEN, "request", by=ANA)
    assert play.state.kept_out == {}
    play.do(DAN, c.Migrate(second.fingerprint, {"request": "asked"}, "it is new"))
    assert play.state.kept_out == {"check": (("asked.by", ANA),)}
    assert play.refused(ANA, c.Complete("check")) == [Code.SEPARATED]
    play.do(DAN, c.Migrate(first.fingerprint, {"asked": "request"}, "it was better"))
    assert play.state.kept_out == {}
    play.complete(ANA, "check")


def test_an_act_of_the_system_can_free_people() -> None:
    """Where the system changes what counts there is no actor who could have taken themselves out."""
    child = {"id": "sub", "run": "other", "outcomes": {"done": {"to": "request", "rounds": 1, "then": "end"}}}
    play = Play([REQUEST | {"when": "!sub.done"}, child, approval("check", not_from=["request.by"])])
    play.start({"maker": persons(BEN)}, lead=DAN)
    play.complete(BEN, "request", by=ANA)
    assert play.state.kept_out == {"check": (("request.by", ANA),)}
    (asked,) = play.told(e.ChildRequested)
    play.system(c.ChildEnded(asked.token, asked.child, "done", {}))
    assert (play.told(e.PeopleKeptOut), play.state.kept_out) == ([e.PeopleKeptOut("check")], {})


@pytest.mark.parametrize("later", ["herself", "another account", "her deputy"])
def test_what_was_done_in_somebodys_place_counts_as_theirs(later: str) -> None:
    """When a deputy has done the one step, neither the deputy nor whom they stood in for does the other."""
    answers = Answers()
    answers.links = {BEN: Links((), (Mandate((ANA,)),)), **SAME}
    procedure = compiled([task("make"), approval("check")], separate=[["make", "check"]])
    play = Play(procedure, teams={**dict.fromkeys(PEOPLE, ()), ANA_TOO: ()}, answers=answers)
    play.start({"maker": persons(ANA), "checker": persons(ANA, ANA_TOO, BEN, EVE)}, lead=DAN)
    play.complete(BEN, "make")
    assert play.state.actors["make"] == (ANA, BEN)
    actor = {"herself": ANA, "another account": ANA_TOO, "her deputy": BEN}[later]
    assert Code.SEPARATED in play.refused(actor, c.Claim("check"))
    play.complete(EVE, "check")


def test_what_somebody_holds_open_for_another_keeps_both_away() -> None:
    """A task that was delegated stays, until it is done, with whoever delegated it as well."""
    play = Play(
        compiled([{"id": "both", "parallel": {"one": [task("make")], "two": [task("check")]}}], separate=[["make", "check"]])
    )
    play.start({"maker": persons(ANA, BEN)}, lead=DAN)
    play.do(ANA, c.Claim("make"))
    play.do(ANA, c.Delegate("make", BEN))
    assert Code.SEPARATED in play.refused(ANA, c.Claim("check"))
    assert Code.SEPARATED in play.refused(BEN, c.Claim("check"))


def test_one_human_being_has_one_voice() -> None:
    """A second account, or a deputy, does not make up a quorum with the first."""
    answers = Answers()
    answers.links = {**SAME, BEN: Links((), (Mandate((ANA,)),))}
    teams = {**dict.fromkeys(PEOPLE, ()), ANA_TOO: ()}
    play = Play(compiled([approval("check", quorum=2)]), teams=teams, answers=answers)
    play.start({"checker": persons(ANA, ANA_TOO, CLEO)}, lead=DAN)
    play.complete(ANA, "check")
    assert play.refused(ANA_TOO, c.Complete("check")) == [Code.ALREADY_VOTED]
    assert play.refused(BEN, c.Complete("check")) == [Code.ALREADY_VOTED]
    play.complete(CLEO, "check")
    assert play.state.status == "ended"


def test_whoever_corrects_a_step_has_had_a_part_in_it() -> None:
    """A correction is refused to whom the step is closed, and closes to whoever makes it what is kept apart from it."""
    steps = [task("make", form={"text": {"type": "text"}}), task("check", "checker"), task("last", "checker")]
    play = Play(compiled(steps, separate=[["make", "check"]]))
    play.start({"maker": persons(ANA), "checker": persons(DAN, EVE)}, lead=DAN)
    play.complete(ANA, "make", text="x")
    play.do(DAN, c.Correct("make", {"text": "y"}, "a slip"))
    assert Code.SEPARATED in play.refused(DAN, c.Claim("check"))
    assert play.state.actors["make"] == (DAN, ANA)
    play.complete(EVE, "check")
    play.do(EVE, c.Release("last")) if play.task("last").owner else None
    answer = play.ask(EVE, c.Correct("make", {"text": "z"}, "a slip"))
    assert isinstance(answer, Refused)


def test_every_act_on_a_task_stands_in_the_matrix() -> None:
    """An act that gets somebody a task, and is new in the table of permissions, must be added to the matrix."""
    harmless = {
        "start", "release", "block", "unblock", "bind", "cancel", "rewind", "suspend", "resume", "items", "signal", "comment",
        "attach", "migrate", "read", "export", "audit", "publish", "retire", "administer",
        "schedule",
    }  # fmt: skip
    assert set(TABLE) - harmless == {"claim", "complete", "assign", "delegate", "skip", "reopen", "correct", "override"}
