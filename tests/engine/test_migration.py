"""An open run goes over to another version of its definition."""

from typing import Any

import pytest

from engine import commands as c
from engine import events as e
from engine.context import Context
from engine.evolve import HistoryError, evolve
from engine.history import asked
from engine.migration import plan
from engine.options import options
from engine.procedure import Procedure
from engine.refusals import Code, Refused
from engine.state import State, changed
from tests.engine.kit import ANA, BEN, CLEO, DAN, NOW, STRANGER, Play, approval, compiled, persons, task

FORM = {"copy": {"type": "text", "required": True}}
STEPS: list[dict[str, Any]] = [
    task("write", form=FORM),
    approval("review", of=["write"], due="PT4H", remind=["-1h", "1h"], escalate=[{"after": "2h", "to": "lead"}]),
    task("publish"),
]


def newer(steps: list[dict[str, Any]] | None = None, **more: Any) -> Procedure:  # noqa: ANN401 - parts of a document
    """Another version of the sample."""
    return compiled(steps or STEPS, version="2.0.0", **more)


def under_review(steps: list[dict[str, Any]] | None = None, **more: Any) -> Play:  # noqa: ANN401 - parts of a document
    """A run whose draft is written and waits for its review."""
    play = Play(compiled(steps or STEPS, **more)).start()
    play.complete(BEN, "write", copy="A draft")
    return play


def go(play: Play, new: Procedure, names: dict[str, str] | None = None) -> e.RunMigrated:
    """Take *play* over to *new*."""
    play.versions |= {play.procedure.fingerprint: play.procedure, new.fingerprint: new}
    play.do(ANA, c.Migrate(new.fingerprint, names or {}, "the new version holds"))
    (event,) = play.told(e.RunMigrated)
    assert isinstance(event, e.RunMigrated)
    return event


def why_not(play: Play, new: Procedure, names: dict[str, str] | None = None) -> list[tuple[Code, Any]]:
    """Codes and the first facts for which *play* cannot go over to *new*."""
    play.versions |= {new.fingerprint: new}
    answer = play.ask(ANA, c.Migrate(new.fingerprint, names or {}, "the new version holds"))
    assert isinstance(answer, Refused)
    return [(reason.code, next(iter(reason.facts.values()))) for reason in answer.reasons]


def test_a_run_goes_over_and_is_decided_by_the_new_version() -> None:
    """After it the new version decides: a step that it adds is reached."""
    play = under_review()
    event = go(play, newer([*STEPS, task("archive")]))
    assert (event.version, event.previous, event.names) == ("2.0.0", compiled(STEPS).fingerprint, {})
    assert play.open == ["review"]
    play.complete(CLEO, "review", "approve")
    play.complete(BEN, "publish")
    assert play.open == ["archive"]
    assert play.state.version == "2.0.0"


def test_what_is_done_goes_along_under_its_new_name() -> None:
    """Values, outcomes, people and counts of a renamed step are found under its new name, and keep people apart."""
    steps = [task("draft", form=FORM), approval("check", of=["draft"]), task("publish", when="draft.copy == 'A draft'")]
    play = under_review()
    seal = play.state.values["write.copy"]
    event = go(play, newer(steps), {"write": "draft", "review": "check"})
    assert event.names == {"write": "draft", "review": "check"}
    assert event.values == {"draft.copy": seal}
    assert play.open == ["check"]
    assert set(play.state.done_at) == {"draft"}
    assert play.state.actors["draft"] == (BEN,)
    assert play.refused(BEN, c.Complete("check", "approve")) == [Code.OWN_WORK]
    play.complete(CLEO, "check", "approve")
    assert play.open == ["publish"]


def test_the_way_back_gives_the_state_from_before() -> None:
    """With the names turned round, everything stands as it stood; also what was left behind."""
    play = under_review()
    before = play.state
    assert go(play, newer([approval("check"), task("publish")]), {"review": "check"}).forgotten == ("write",)
    assert play.state != before
    go(play, compiled(STEPS), {"check": "review"})
    assert play.state == before


def test_two_names_can_be_exchanged() -> None:
    """All names change at once."""
    play = Play(compiled([task("a"), task("b"), task("c")])).start()
    play.complete(BEN, "a")
    event = go(play, newer([task("b"), task("a"), task("c")]), {"a": "b", "b": "a", "c": "c"})
    assert event.names == {"a": "b", "b": "a"}
    assert (play.open, set(play.state.done_at)) == (["a"], {"b"})


def test_items_and_branches_go_along() -> None:
    """Tracks of a renamed for-each, their addresses and their values are renamed inside each item; the item's own value is not."""

    def steps(outer: str, inner: str) -> list[dict[str, Any]]:
        each = {"id": outer, "for_each": {"place": "inputs.places"}, "steps": [task(inner, form=FORM), task("look")]}
        return [{"id": "both", "parallel": {"left": {"steps": [each]}, "right": {"steps": [task("other")]}}}]

    inputs = {"places": {"type": "multi_choice", "options": ["here", "there"]}}
    play = Play(compiled(steps("all", "post"), inputs=inputs)).start(inputs={"places": ["here", "there"]})
    play.complete(BEN, "post:here", copy="Hello")
    event = go(play, newer(steps("every", "send"), inputs=inputs), {"all": "every", "post": "send"})
    assert play.open == ["look:here", "other", "send:there"]
    (moved,) = event.values
    scope = moved.partition("/")[0]
    assert moved == f"{scope}/send.copy"
    assert f"{scope}/place" in play.state.values
    assert {token.track for token in play.state.tokens.values()} == {"main", "both.left", "both.right", "every"}
    play.complete(BEN, "look:here")


def test_who_did_what_in_an_item_goes_along_under_the_new_name() -> None:
    """Whoever wrote in an item may not decide about it there after the step was renamed: nobody's work is forgotten."""

    def steps(write: str) -> list[dict[str, Any]]:
        return [{"id": "all", "for_each": {"x": "['a', 'b']"}, "steps": [task(write), approval("check", of=[write])]}]

    play = Play(compiled(steps("write"))).start()
    play.complete(BEN, "write:1")
    assert play.refused(BEN, c.Complete("check:1")) == [Code.OWN_WORK]
    go(play, newer(steps("draft")), {"write": "draft"})
    assert play.refused(BEN, c.Complete("check:1")) == [Code.OWN_WORK]
    assert "2/draft" in play.state.actors
    play.complete(CLEO, "check:1")


def test_a_step_that_was_left_behind_is_not_corrected() -> None:
    """What only an earlier version knew stays done; it is offered to nobody, and asking for it is refused."""
    play = under_review()
    assert play.may(ANA, "correct", "write")
    go(play, newer([approval("review"), task("publish")]))
    assert [option.step for option in options(play.procedure, play.state, ANA, play.directory) if option.act == "correct"] == []
    assert play.refused(ANA, c.Correct("write", {"copy": "x"}, "x")) == [Code.NO_TASK]
    play.complete(CLEO, "review", "approve")


def test_signals_that_were_kept_are_no_steps() -> None:
    """A signal with the name of a renamed step stays what it is."""
    signals = {"write": {"keep": True}}
    play = Play(compiled(STEPS, signals=signals)).start()
    play.do(ANA, c.Signal("write"))
    play.complete(BEN, "write", copy="x")
    go(play, newer([task("draft", form=FORM), approval("review"), task("publish")], signals=signals), {"write": "draft"})
    assert play.state.counts["signal/write"] == 1


def test_timers_are_those_of_the_new_version() -> None:
    """Due dates stay; when to remind and to escalate is said by the new version, as far as it is still to come."""
    play = under_review()
    due = play.task("review").due
    play.at = NOW.replace("T09", "T12:30").replace(":00:00.", ":00.")  # the reminder an hour before is past
    new = approval("review", of=["write"], due="PT1H", remind=["-1h", "2h"])
    event = go(play, newer([STEPS[0], new, STEPS[2]]))
    number = play.task("review").no
    assert play.task("review").due == due
    assert event.timers == ((number, "remind", 1, "2026-11-23T15:00:00.000000Z"),)


@pytest.mark.parametrize(
    ("steps", "names", "lost"),
    [
        ([task("write", form=FORM), task("publish")], {}, "gone"),
        ([task("write", form=FORM), task("review", "checker"), task("publish")], {}, "kind"),
        ([{"id": "p", "parallel": {"a": {"steps": [approval("review")]}, "b": {"steps": [task("z")]}}}], {}, "track"),
    ],
)
def test_what_is_open_needs_a_place(steps: list[dict[str, Any]], names: dict[str, str], lost: str) -> None:
    """An open step that is gone, of another kind, or in another track keeps the run where it is, and a mapping may help."""
    play = under_review()
    new = newer(steps)
    found = plan(play.procedure, new, play.state, names)
    assert found.verdict == "mapping"
    assert [(reason.code, reason.facts["lost"]) for reason in found.reasons] == [(Code.NO_PLACE, lost)]
    assert why_not(play, new, names) == [(Code.NO_PLACE, "review")]


def test_a_mapping_gives_the_place() -> None:
    """Where a step went under another name, naming it makes the run safe."""
    play = under_review()
    new = newer([task("write", form=FORM), approval("check"), task("publish")])
    assert plan(play.procedure, new, play.state, {}).verdict == "mapping"
    assert plan(play.procedure, new, play.state, {"review": "check"}).verdict == "safe"


def test_names_that_do_not_exist_are_told() -> None:
    """Both sides of a mapping are looked up."""
    assert why_not(under_review(), newer(), {"wrte": "wriet"}) == [(Code.NO_TASK, "wrte"), (Code.NO_TASK, "wriet")]


def test_what_was_left_behind_can_be_taken_up_again() -> None:
    """A step that an earlier version knew may still be mapped."""
    play = under_review()
    go(play, newer([approval("review"), task("publish")]))
    third = compiled([task("draft", form=FORM), approval("review"), task("publish")], version="3.0.0")
    go(play, third, {"write": "draft"})
    assert set(play.state.done_at) == {"draft"}


def test_two_pasts_do_not_become_one() -> None:
    """Two steps of which something is known cannot have one name."""
    play = under_review()
    new = newer([approval("review"), task("publish")])
    assert why_not(play, new, {"write": "review"}) == [(Code.ONE_NAME, "write")]


def test_values_keep_their_types() -> None:
    """A given value that the new version reads as another type blocks; one that nobody gave does not."""
    optional = {"copy": {"type": "text"}, "size": {"type": "number"}}
    steps = [task("write", form=optional), *STEPS[1:]]
    inputs = {"topic": {"type": "text"}, "day": {"type": "date"}}
    play = Play(compiled(steps, inputs=inputs)).start(inputs={"topic": "Spring"})
    play.complete(BEN, "write", copy="x")
    other = [task("write", form={"copy": {"type": "longtext"}, "size": {"type": "text"}}), *STEPS[1:]]
    new = newer(other, inputs={"topic": {"type": "text", "many": True}, "day": {"type": "text"}})
    blocked = [(Code.OTHER_TYPE, "inputs.topic"), (Code.OTHER_TYPE, "write.copy")]
    assert why_not(play, new) == blocked
    play.state = changed(play.state, values=dict(reversed(list(play.state.values.items()))))
    assert why_not(play, new) == blocked  # a stored state keeps no order
    assert plan(play.procedure, new, play.state, {}).verdict == "blocked"


def test_what_is_asked_at_the_start_must_be_there() -> None:
    """A new required input or parameter that the run was not given blocks."""
    inputs = {"topic": {"type": "text", "required": True}}
    parameters = {"sla": {"type": "duration", "required": True, "source": "us", "confidence": "team"}}
    found = why_not(under_review(), newer(inputs=inputs, parameters=parameters))
    assert found == [(Code.FIELD_REQUIRED, "inputs.topic"), (Code.FIELD_REQUIRED, "parameters.sla")]


def test_parameters_that_the_run_was_given_go_along() -> None:
    """A parameter with a value of the same type is there; one that is read as another type blocks."""
    sla = {"type": "duration", "required": True, "source": "us", "confidence": "team"}
    play = Play(compiled(STEPS, parameters={"sla": sla})).start(parameters={"sla": "PT4H"})
    assert why_not(play, newer(parameters={"sla": {**sla, "type": "text"}})) == [(Code.OTHER_TYPE, "parameters.sla")]
    go(play, newer(parameters={"sla": sla}))


def test_another_sop_is_no_other_version() -> None:
    """A run cannot become a run of something else."""
    assert why_not(under_review(), compiled(STEPS, sop="another")) == [(Code.OTHER_SOP, "sample")]


def test_roles_that_come_with_a_version_are_bound() -> None:
    """As the command says and only if nobody holds them yet; nobody unknown, and no role that the version does not know."""
    steps = [*STEPS, task("law", "legal"), task("sign", "board")]
    play, new = under_review(), newer(steps)
    play.versions |= {new.fingerprint: new}
    wrong = {"legal": persons(STRANGER), "board": (), "nothing": persons(DAN)}
    assert play.refused(ANA, c.Migrate(new.fingerprint, {}, "why", wrong)) == [Code.ROLE_UNKNOWN, Code.NO_PERSON]
    held = play.state.roles
    given = {"legal": [*persons(DAN), *persons(DAN)], "board": (), "maker": persons(DAN)}
    play.do(ANA, c.Migrate(new.fingerprint, {}, "why", given))
    assert play.told(e.RoleBound) == [e.RoleBound("legal", persons(DAN))]
    assert play.state.roles == {**held, "legal": persons(DAN)}


def test_the_same_version_again_is_refused() -> None:
    """Nothing would change."""
    play = under_review()
    assert why_not(play, play.procedure) == [(Code.ALREADY, "1.0.0")]


def test_a_version_that_is_not_stored_is_refused() -> None:
    """What nobody has published cannot decide."""
    assert under_review().refused(ANA, c.Migrate("0" * 64, {}, "why")) == [Code.NO_SOP]


def test_only_the_lead_and_only_with_a_reason() -> None:
    """Others may not, nobody may without saying why, and a closed run stays what it was."""
    play = under_review()
    new = newer([*STEPS, task("archive")])
    play.versions[new.fingerprint] = new
    play.state = changed(play.state, roles={**play.state.roles, "lead": (f"person:{ANA}",)})
    assert play.refused(BEN, c.Migrate(new.fingerprint, {})) == [Code.NOT_PERMITTED, Code.REASON_REQUIRED]
    ended = changed(play.state, status="ended", end="done", tokens={}, tasks={})
    play.state = ended
    assert play.refused(ANA, c.Migrate(new.fingerprint, {}, "why")) == [Code.RUN_CLOSED]


def test_a_migration_that_does_not_fit_damages_the_history() -> None:
    """An event that says another version decided before is no event of this run."""
    play = under_review()
    with pytest.raises(HistoryError):
        evolve(play.state, e.RunMigrated("2.0.0", "f" * 64, "0" * 64), NOW)


def test_the_record_names_what_was_asked() -> None:
    """Fingerprint and names stand in the record of the command; no names, no word of them."""
    assert asked(c.Migrate("f" * 64, {"a": "b"}), {}) == {"do": "migrate", "fingerprint": "f" * 64, "names": {"a": "b"}}
    assert asked(c.Migrate("f" * 64), {}) == {"do": "migrate", "fingerprint": "f" * 64}


def test_state_is_not_changed_by_no_names() -> None:
    """Only the version differs where every step keeps its name."""
    play = under_review()
    before: State = play.state
    go(play, newer([*STEPS, task("archive")]))
    assert changed(play.state, version=before.version, fingerprint=before.fingerprint) == before


def test_a_context_knows_no_other_version_by_itself() -> None:
    """Whoever decides without a library finds no version to go over to."""
    play = Play(compiled(STEPS)).start()
    context = play.context(ANA)
    assert Context(context.run, context.at, ANA, context.directory, context.calendar, context.seal).versions("any") is None
