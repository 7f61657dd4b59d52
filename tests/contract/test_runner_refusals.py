"""What is refused, what of it is recorded, and the same command given again."""

import json
import re
from dataclasses import replace

import pytest

from engine import commands as c
from engine.people import SYSTEM
from engine.refusals import Code, Refused
from runners.people import NotFound
from runners.runner import AUTO, Done
from runners.store.writes import save_person, save_team
from tests.company import COPY, Company

SEAL = re.compile(rb'"[A-Za-z0-9_-]{43}"')


def kinds(done: Done) -> list[str]:
    return [type(event).__name__ for event in done.events]


def test_a_refused_attempt_is_recorded_and_changes_nothing(company: Company) -> None:
    """The record tells who tried what, in which roles, and why not; the state is as before."""
    run = company.to_review()
    before = company.views.run(run)
    assert company.refused("ben", run, c.Complete("review", note="Looks good to me")) == [Code.NOT_IN_ROLE, Code.SEPARATED]
    after = company.views.run(run)
    assert (after.state, after.values, after.tasks) == (before.state, before.values, before.tasks)
    assert after.seq == before.seq + 1
    line = company.views.history(run)[-1]
    assert (line.kind, line.actor, line.roles) == ("refused", company.people["ben"], ("writer",))
    assert [code for code, _ in line.reasons] == ["SOP-D01", "SOP-D02"]
    assert (line.events, line.note) == ((), "Looks good to me")
    assert company.audit().findings == []


def test_the_form_of_a_refused_attempt_is_kept_where_it_can_be_erased(company: Company) -> None:
    """What somebody tried to say is known to the auditor and stands in no record."""
    run = company.begin()
    company.refused("eve", run, c.Complete("write", values={"copy": "Mine", "colour": "red"}))
    line = company.views.history(run)[-1]
    assert line.values == {"refused.values.copy": "Mine", "refused.values.colour": "red"}
    assert "colour" not in json.dumps(line.record)
    assert company.audit().findings == []


@pytest.mark.parametrize(
    "command",
    [
        c.Complete("write", values={"copy": "x"}),
        c.Complete("write", "publish", COPY),
        c.Complete("write", values={**COPY, "colour": "red"}),
        c.Complete("nowhere"),
        c.Claim("write:item"),
        c.Comment(""),
        c.Comment("x", "nowhere"),
        c.Claim("write\ud800"),
        c.Complete("write", values={"cöpy": "x"}),
        c.Complete("write", values={**COPY, "copy": 2**60}),
    ],
)
def test_a_slip_of_the_keyboard_is_not_recorded(company: Company, command: c.Command) -> None:
    """What is only badly said leaves the database as it was."""
    run = company.begin()
    before = company.dump()
    company.refused("ben", run, command, key="k")
    assert company.dump() == before


def test_numbers_with_a_point_are_taken_as_they_are_written(company: Company) -> None:
    """A door may hand over floats; nothing of them reaches a record."""
    run = company.begin()
    company.complete("ben", run, "write", copy=1.5, risk="low")
    assert company.views.run(run).values["write.copy"] == "1.5"
    assert company.audit().findings == []


def test_words_that_are_no_names_are_sealed(company: Company) -> None:
    """What somebody typed in place of a step, role or person is a value, not part of a record."""
    run, other = company.begin(), company.begin()
    company.do("ana", run, c.CancelRun("Enough"))
    for command in (
        c.Claim("Jane Doe"), c.Claim("post:Jane Doe"), c.Complete("write", "jane_doe"), c.Assign("write", "p_jane_doe", "x"),
        c.Bind("jane_doe", ["person:jane_doe"], "x"), c.CancelTrack("jane_doe", "x"), c.CancelTrack("prepare.art:Jane Doe", "x"),
        c.Bind("writer", ["team:Jane Doe"], "x"),
    ):  # fmt: skip
        company.ask("ben", other, command)
        company.ask("ana", run, command)
    written = b"".join(row[0] for row in company.raw("SELECT record FROM sop_history"))
    assert b"ane" not in SEAL.sub(b"", written)
    assert (len(company.records(run)), len(company.records(other))) == (10, 6)
    assert company.audit().findings == []
    assert company.audit().unchecked == 0


def test_a_run_that_is_closed_refuses_and_says_so(company: Company) -> None:
    """Every command but comments and files."""
    run = company.begin("simple")
    company.do("ana", run, c.CancelRun("Enough"))
    for command in (c.Claim("one"), c.Complete("one"), c.Release("one"), c.CancelRun("x"), c.Bind("doer", [], "x")):
        assert Code.RUN_CLOSED in company.refused("ana", run, command)


def test_nobody_acts_in_the_name_of_a_rule_or_of_nobody(company: Company) -> None:
    """The actor of a record is a person whom the door knows; ``system`` is not to be had from outside."""
    run = company.begin()
    for actor in (SYSTEM, "p_aaaaaaaaaaaa", "Jane Doe", ""):
        with pytest.raises(NotFound) as error:
            company.runner.handle(run, c.Claim("write"), actor=actor)
        assert (error.value.kind, error.value.name) == ("person", actor)
    assert len(company.records(run)) == 1
    for command in (c.ChildEnded(1, "ART-1.1", "done"), c.Elapse(1, "remind", 0)):
        assert company.refused("ana", run, command) == [Code.NOT_LEAD]
    with pytest.raises(NotFound):
        company.runner.handle("ART-9", c.Claim("write"), actor=company.people["ben"])


def test_somebody_who_left_can_do_nothing(company: Company) -> None:
    """A right that is withdrawn is gone with the next command, also for the lead."""
    run = company.begin()
    company.do("ben", run, c.Claim("write"))
    for who in ("ana", "ben"):
        person = company.views.person(who)
        with company.database.write() as unit:
            save_person(unit, person._replace(active=False))
    assert company.refused("ben", run, c.Complete("write", values=COPY)) == [Code.INACTIVE]
    assert company.refused("ben", run, c.Release("write")) == [Code.INACTIVE]
    for command in (c.CancelRun("x"), c.Bind("writer", [], "x"), c.Comment("x"), c.Assign("write", company.people["cy"], "x")):
        assert Code.INACTIVE in company.refused("ana", run, command)
    assert company.audit().findings == []


def test_rights_through_a_team_are_those_of_now(company: Company) -> None:
    """Who joins a team may act at once, who leaves it no longer; the records keep what was so."""
    run = company.to_review()
    company.complete("dan", run, "review")
    company.complete("eve", run, "review")
    assert company.refused("fay", run, c.Claim("design")) == [Code.NOT_IN_ROLE]
    team = next(team for team, _ in company.views.teams())
    with company.database.write() as unit:
        save_team(unit, team, [company.people["fay"]])
    company.do("fay", run, c.Claim("design"))
    assert company.refused("dan", run, c.Complete("design")) == [Code.TAKEN, Code.NOT_IN_ROLE]
    assert company.views.history(run)[-2].roles == ("designer",)
    assert company.audit().findings == []


@pytest.mark.parametrize("key", ["mine", f"{AUTO}door"])
def test_a_command_that_is_repeated_happens_once(company: Company, key: str) -> None:
    """The second time it is answered as the first time."""
    run = company.begin()
    first = company.do("ben", run, c.Complete("write", values=COPY), key=key)
    before = company.dump()
    again = company.do("ben", run, c.Complete("write", values=COPY), key=key)
    assert again.repeated
    assert replace(again, repeated=False) == replace(first, others=())
    assert company.dump() == before


def test_a_refusal_is_answered_again_under_its_key(company: Company) -> None:
    """All its reasons, and no second record."""
    run = company.begin()
    first = company.ask("eve", run, c.Claim("write"), key="k")
    before = company.dump()
    again = company.ask("eve", run, c.Claim("write"), key="k")
    assert isinstance(first, Refused)
    assert isinstance(again, Refused)
    assert [(r.code, r.facts["step"]) for r in again.reasons] == [(r.code, r.facts["step"]) for r in first.reasons]
    assert company.dump() == before


def test_a_key_made_by_a_door_keeps_no_refusal(company: Company) -> None:
    """What was in the way may be gone: the person asks again and is heard."""
    run = company.to_review()
    company.complete("dan", run, "review")
    company.complete("eve", run, "review")
    assert company.refused("fay", run, c.Claim("design"), key=f"{AUTO}1") == [Code.NOT_IN_ROLE]
    team = next(team for team, _ in company.views.teams())
    with company.database.write() as unit:
        save_team(unit, team, [company.people["fay"]])
    company.do("fay", run, c.Claim("design"), key=f"{AUTO}1")


def test_a_key_made_by_a_door_ends_when_the_run_moves_on(company: Company) -> None:
    """The same words later are another command."""
    run = company.begin()
    company.do("ben", run, c.Claim("write"), key=f"{AUTO}1")
    company.do("ben", run, c.Release("write"))
    assert not company.do("ben", run, c.Claim("write"), key=f"{AUTO}1").repeated


@pytest.mark.parametrize(
    ("who", "command"), [("cy", c.Claim("write")), ("ben", c.Release("write")), ("ben", c.Complete("write", values=COPY))]
)
def test_a_key_is_of_one_person_and_one_command(company: Company, who: str, command: c.Command) -> None:
    """Used for anything else it is refused, and nothing is recorded."""
    run = company.begin()
    company.do("ben", run, c.Claim("write"), key="k")
    before = company.dump()
    assert company.refused(who, run, command, key="k") == [Code.KEY_REUSED]
    assert company.dump() == before


def test_a_preview_writes_nothing(company: Company) -> None:
    """Accepted or refused, the database is as before, and the real command goes its way."""
    run = company.begin()
    before = company.dump()
    preview = company.do("ben", run, c.Complete("write", values=COPY), dry_run=True, key="k")
    assert company.refused("eve", run, c.Claim("write"), dry_run=True) == [Code.NOT_IN_ROLE]
    assert company.dump() == before
    real = company.do("ben", run, c.Complete("write", values=COPY), key="k")
    assert (preview.seq, kinds(preview)) == (real.seq, kinds(real))
