"""Starting runs: defaults, people and teams, values, drills, previews and repeated commands."""

import json
from typing import Any

import pytest

from engine.refusals import Code, Refused
from runners.people import NotFound
from runners.runner import AUTO, Done
from tests.company import INPUTS, ROLES, Company


def persons(company: Company, *handles: str) -> tuple[str, ...]:
    return tuple(f"person:{company.people[handle]}" for handle in handles)


def codes(answer: object) -> list[Code]:
    assert isinstance(answer, Refused), answer
    return [reason.code for reason in answer.reasons]


def test_roles_are_bound_as_said_and_else_after_the_directory(company: Company) -> None:
    """Handles become pseudonyms, teams stay teams, a role that is not named goes to whom the directory names."""
    run = company.begin(roles={key: value for key, value in ROLES.items() if key != "editor"})
    roles = company.views.run(run).state.roles
    assert roles["writer"] == persons(company, "ben", "cy")
    assert roles["designer"] == ("team:design",)
    assert roles["editor"] == persons(company, "ana")


def test_a_role_that_nobody_holds_is_bound_to_nobody(company: Company) -> None:
    """A run may begin with a role that is still open."""
    run = company.begin(roles={})
    assert "checker" not in company.views.run(run).state.roles


def test_somebody_who_left_holds_no_role_by_default(company: Company) -> None:
    """The directory's defaults name active people only."""
    from runners.store.writes import save_person

    dan = company.views.person("dan")
    with company.database.write() as unit:
        save_person(unit, dan._replace(active=False))
    assert "analyst" not in company.views.run(company.begin("note")).state.roles


def test_the_lead_is_who_starts_unless_another_is_named(company: Company) -> None:
    """Without a lead the actor leads; ``@me`` is the actor wherever a handle may stand."""
    assert company.views.run(company.begin()).state.lead == company.people["ana"]
    assert company.views.run(company.begin(lead="fay")).state.lead == company.people["fay"]
    run = company.begin(actor="ben", lead="@me", roles={**ROLES, "editor": ["@me"]})
    assert company.views.run(run).state.lead == company.people["ben"]
    assert company.views.run(run).state.roles["editor"] == persons(company, "ben")


def test_an_actor_may_be_named_by_pseudonym(company: Company) -> None:
    """What a door has resolved already is taken as it is."""
    assert company.views.run(company.begin(actor=company.people["ben"])).line.started_by == company.people["ben"]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"actor": "nobody"}, "person"),
        ({"lead": "nobody"}, "person"),
        ({"roles": {"writer": ["nobody"]}}, "person"),
        ({"roles": {"writer": ["team:nobody"]}}, "team"),
    ],
)
def test_names_that_nobody_has_are_said_with_those_that_exist(company: Company, change: dict[str, Any], kind: str) -> None:
    """An unknown person or team is no refusal but an error with suggestions, and nothing is left."""
    before = company.dump()
    with pytest.raises(NotFound) as error:
        company.start(**change)
    assert error.value.kind == kind
    assert set(error.value.known) & {"ana", "design"}
    assert company.dump() == before


def test_an_unknown_sop_is_said_with_those_that_exist(company: Company) -> None:
    """So is an SOP, or a version of one, that is not there."""
    for name in ("articel", "article@9.9.9"):
        with pytest.raises(NotFound) as error:
            company.start(name)
        assert error.value.kind == "sop"
        assert "article" in error.value.known


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"inputs": {"platforms": ["weibo"]}}, Code.FIELD_REQUIRED),
        ({"inputs": {**INPUTS, "colour": "red"}}, Code.FIELD_UNKNOWN),
        ({"inputs": {**INPUTS, "platforms": ["telegraph"]}}, Code.FIELD_INVALID),
        ({"parameters": {"rounds": "many"}}, Code.FIELD_INVALID),
        ({"parameters": {"days": 3}}, Code.FIELD_UNKNOWN),
        ({"title": " "}, Code.FIELD_INVALID),
        ({"title": "x" * 201}, Code.FIELD_INVALID),
        ({"title": "line\nline"}, Code.FIELD_INVALID),
        ({"title": "half \ud800"}, Code.FIELD_INVALID),
        ({"roles": {**ROLES, "poet": ["ana"]}}, Code.ROLE_UNKNOWN),
        ({"roles": {**ROLES, "writer": ["gus"]}}, Code.NO_PERSON),
        ({"lead": "gus"}, Code.NO_PERSON),
    ],
)
def test_a_start_that_is_refused_leaves_nothing(company: Company, change: dict[str, Any], code: Code) -> None:
    """Not even the number of the run: the next one gets it."""
    before = company.dump()
    assert code in codes(company.start(**change, key="k"))
    assert company.dump() == before
    assert company.begin() == "ART-1"


def test_an_attempt_to_start_is_recorded(company: Company) -> None:
    """Whoever may not start leaves a record of having tried, and nothing else: not even the number of the run is taken."""
    before = company.dump()
    assert codes(company.start(actor="gus", lead="ana", key="k")) == [Code.INACTIVE]
    after = company.dump()
    (refused,) = after.pop("history")
    assert json.loads(refused[2])["reasons"][0][0] == Code.INACTIVE
    assert after == {name: rows for name, rows in before.items() if name != "history"}
    assert company.begin() == "ART-1"


def test_inputs_and_parameters_are_kept_in_their_canonical_form(company: Company) -> None:
    """Values are given as people type them and read back as the SOP declares them."""
    run = company.begin(inputs={"topic": "News", "platforms": "wechat,weibo"}, parameters={"rounds": "3"})
    view = company.views.run(run)
    assert view.values == {"inputs.topic": "News", "inputs.platforms": ["weibo", "wechat"]}
    assert view.state.parameters == {"rounds": 3}


def test_runs_are_numbered_by_prefix(company: Company) -> None:
    """Each SOP counts for itself."""
    assert [company.begin(), company.begin("note"), company.begin()] == ["ART-1", "NOT-1", "ART-2"]


def test_a_drill_is_marked_everywhere(company: Company) -> None:
    """State, lists and history know that a run was an exercise; so do the runs it starts."""
    run = company.begin(drill=True)
    assert company.views.run(run).state.drill
    assert company.views.runs()[0].drill
    assert company.records(run)[0]["events"][0]["drill"] is True


def test_a_preview_says_what_would_happen_and_leaves_nothing(company: Company) -> None:
    """A dry run has the name and the tasks of the real one, which then happens just so."""
    before = company.dump()
    preview = company.start(dry_run=True, key="k")
    assert isinstance(preview, Done)
    assert company.dump() == before
    real = company.start(key="k")
    assert isinstance(real, Done)
    assert (preview.run, preview.seq, list(preview.state.tasks)) == (real.run, real.seq, list(real.state.tasks))
    assert not real.repeated
    assert codes(company.start(dry_run=True, title="")) == [Code.FIELD_INVALID]


def test_the_same_key_gives_the_same_run(company: Company) -> None:
    """A start that is repeated is answered and happens once."""
    first = company.start(key="k")
    before = company.dump()
    again = company.start(key="k")
    assert isinstance(first, Done)
    assert isinstance(again, Done)
    assert again.repeated
    assert (again.run, again.seq, again.events, again.state) == (first.run, first.seq, first.events, first.state)
    assert company.dump() == before


@pytest.mark.parametrize("change", [{"title": "Another"}, {"drill": True}, {"inputs": {**INPUTS, "topic": "X"}}, {"actor": "ben"}])
def test_the_same_key_with_another_content_is_refused(company: Company, change: dict[str, Any]) -> None:
    """A key stands for one command of one person."""
    company.begin(key="k")
    before = company.dump()
    assert codes(company.start(key="k", **change)) == [Code.KEY_REUSED]
    assert company.dump() == before


def test_a_key_of_a_start_is_no_key_for_another_command(company: Company) -> None:
    """Keys are of the whole database, whatever they were used for."""
    from engine import commands as c

    run = company.begin(key="k")
    assert company.refused("ana", run, c.Comment("Hello"), key="k") == [Code.KEY_REUSED]
    company.do("ana", run, c.Comment("Hello"), key="l")
    assert codes(company.start(key="l")) == [Code.KEY_REUSED]


def test_a_key_made_by_a_door_answers_a_start(company: Company) -> None:
    """Who presses the key twice gets one run, even when it has gone on in between."""
    run = company.begin(key=f"{AUTO}1")
    company.complete("ben", run, "write", copy="x", risk="low")
    again = company.start(key=f"{AUTO}1")
    assert isinstance(again, Done)
    assert (again.run, again.repeated) == (run, True)


def test_a_run_belongs_to_who_started_it(company: Company) -> None:
    """The first record says who, in which role, how that was known, and with which definition."""
    run = company.begin(actor="ana", key="k")
    first = company.records(run)[0]
    assert first["actor"] == {"sub": company.people["ana"], "auth": "flag", "roles": ["editor"]}
    assert (first["kind"], first["command"], first["idem"]) == ("created", {"do": "start"}, "k")
    assert first["def"]["id"] == "article"
    assert company.views.runs()[0].started_by == company.people["ana"]
