"""What people see: inboxes, lists, a run now and at a moment of the past, histories, and what may be done."""

import json

import pytest

from engine import commands as c
from engine.refusals import Code
from runners.past import Past
from runners.people import NotFound
from runners.store import reads
from runners.store.writes import erase_payload, save_team
from tests.company import COPY, INPUTS, ROLES, Company

# inboxes


def test_an_inbox_shows_what_is_owned_and_what_is_offered(company: Company) -> None:
    """To a person or to a team; a claimed task is its owner's alone, a closed one nobody's."""
    run = company.begin()
    assert (company.inbox("ben"), company.inbox("cy"), company.inbox("dan")) == ([f"{run}/write"], [f"{run}/write"], [])
    company.do("ben", run, c.Claim("write"))
    assert (company.inbox("ben"), company.inbox("cy")) == ([f"{run}/write"], [])
    company.do("ben", run, c.Release("write"))
    assert company.inbox("cy") == [f"{run}/write"]
    company.complete("ben", run, "write", **COPY)
    assert company.inbox("ben") == []
    company.complete("dan", run, "review")
    company.complete("eve", run, "review")
    assert f"{run}/design" in company.inbox("dan")
    assert f"{run}/design" in company.inbox("eve")
    assert f"{run}/design" not in company.inbox("fay")
    company.complete("eve", run, "design")
    assert f"{run}/design" not in company.inbox("dan")


def test_nobody_is_offered_what_separation_keeps_them_from(company: Company) -> None:
    """Whoever wrote does not see the review, and whoever has voted sees it no longer."""
    run = company.begin(roles={**ROLES, "checker": ["ben", "cy", "dan", "eve"]})
    company.complete("ben", run, "write", **COPY)
    assert {who: bool(company.inbox(who)) for who in ("ben", "cy", "dan", "eve")} == {
        "ben": False, "cy": True, "dan": True, "eve": True
    }  # fmt: skip
    company.complete("dan", run, "review")
    assert (company.inbox("dan"), company.inbox("eve")) == ([], [f"{run}/review"])


def test_a_team_does_not_offer_to_a_member_who_is_kept_from_it(company: Company) -> None:
    """The others of the team see it; who is kept from it has their own tasks and nothing of this one."""
    with company.database.write() as unit:
        team = reads.teams(unit)[0]
        save_team(unit, team, [company.people[who] for who in ("ben", "dan", "eve")])
    roles = {**ROLES, "writer": ["team:design"], "checker": ["team:design"]}
    run, other = company.begin(roles=roles), company.begin(roles=roles)
    company.complete("ben", run, "write", **COPY)
    assert company.inbox("ben") == [f"{other}/write"]
    assert company.inbox("dan") == [f"{other}/write", f"{run}/review"]
    company.complete("dan", run, "review")
    assert company.inbox("dan") == [f"{other}/write"]
    assert company.inbox("eve") == [f"{other}/write", f"{run}/review"]
    company.do("ben", other, c.Claim("write"))
    assert company.inbox("ben") == [f"{other}/write"]


def test_whoever_holds_the_other_task_is_kept_away_at_once(company: Company) -> None:
    """Having claimed one of two separated tasks is enough; giving it back opens the other again."""
    text = """sop: pair
version: 1.0.0
title: Pair
purpose: x
scope: x
owner: editor
roles: [editor, doer]
separate: [[left, right]]
steps:
  - id: both
    parallel: {a: [{id: left, role: doer}], b: [{id: right, role: doer}]}
"""
    from runners.store.writes import add_definition
    from tests.company import definition

    with company.database.write() as unit:
        add_definition(unit, definition(text))
        save_team(unit, reads.teams(unit)[0], [company.people[who] for who in ("ben", "dan")])
    for doers in (["ben", "dan"], ["team:design"]):
        run = company.begin("pair", inputs={}, roles={"doer": doers})
        mine = [f"{run}/left", f"{run}/right"]
        assert company.inbox("ben")[-2:] == company.inbox("dan")[-2:] == mine
        company.do("ben", run, c.Claim("left"))
        assert [name for name in company.inbox("ben") if name in mine] == [f"{run}/left"]
        assert [name for name in company.inbox("dan") if name in mine] == [f"{run}/right"]
        assert company.refused("ben", run, c.Claim("right")) == [Code.SEPARATED]
        company.do("ben", run, c.Release("left"))
        assert [name for name in company.inbox("ben") if name in mine] == mine
        company.do("ana", run, c.CancelRun("Next"))


def test_what_must_be_done_by_the_same_person_is_offered_to_nobody_else(company: Company) -> None:
    """Whoever did the one step gets the other; after giving it back it is still theirs to take."""
    from runners.store.writes import add_definition
    from tests.company import definition, small

    text = small("same", "{id: begin, role: editor}", "{id: finish, role: analyst, same_as: begin}")
    with company.database.write() as unit:
        add_definition(unit, definition(text))
    run = company.begin("same", inputs={}, roles={"editor": ["ana", "dan"], "analyst": ["ana", "dan", "team:design"]})
    company.complete("dan", run, "begin")
    assert (company.inbox("dan"), company.inbox("eve"), company.inbox("ana")) == ([f"{run}/finish"], [], [])
    company.do("dan", run, c.Release("finish"))
    assert (company.inbox("dan"), company.inbox("eve"), company.inbox("ana")) == ([f"{run}/finish"], [], [])


def test_a_page_is_filled_although_some_of_it_is_kept_away(company: Company) -> None:
    """Paging goes on where the last line stood; nothing is missed and nothing comes twice."""
    with company.database.write() as unit:
        save_team(unit, reads.teams(unit)[0], [company.people[who] for who in ("ben", "dan", "eve")])
    roles = {**ROLES, "writer": ["team:design"], "checker": ["team:design"]}
    runs = [company.begin(roles=roles) for _ in range(6)]
    for run in runs[:5]:
        company.complete("ben", run, "write", **COPY)
    assert company.inbox("ben") == [f"{runs[5]}/write"]
    seen: list[str] = []
    after = reads.NO_KEY
    while page := company.views.inbox(company.people["dan"], after=after, limit=2):
        assert len(page) <= 2
        seen += [row.run for row in page]
        after = page[-1].key
    assert sorted(seen) == runs
    assert [row.run for row in company.views.inbox(company.people["ben"], limit=1)] == [runs[5]]


def test_late_tasks_are_offered_to_whom_they_were_escalated(company: Company) -> None:
    """Also when somebody has them, who keeps seeing them as their own."""
    run = company.begin()
    company.do("ben", run, c.Claim("write"))
    company.clock.move(days=3)
    company.runner.elapse()
    assert company.inbox("ana") == company.inbox("ben") == [f"{run}/write"]
    assert company.views.inbox(company.people["ben"])[0].holder == ""
    company.complete("ana", run, "write", **COPY)
    assert company.inbox("ben") == []
    assert company.audit().findings == []


# lists


def test_lists_of_runs(company: Company) -> None:
    """Open, closed, all; of one SOP, of one lead; newest first and by pages."""
    runs = [company.begin(), company.begin("note"), company.begin(lead="fay")]
    company.clock.move(hours=1)
    company.do("ana", runs[0], c.CancelRun("x"))
    lists = company.views
    assert {line.id for line in lists.runs()} == set(runs[1:])
    assert [line.id for line in lists.runs("closed")] == runs[:1]
    assert {line.id for line in lists.runs("all", sop="article")} == {runs[0], runs[2]}
    assert [line.id for line in lists.runs("all", lead=company.people["fay"])] == [runs[2]]
    first = lists.runs("all", limit=2)
    rest = lists.runs("all", after=first[-1].key)
    assert [line.id for line in (*first, *rest)] == sorted(runs, reverse=True)


def test_runs_are_overdue_when_a_task_is_late(company: Company) -> None:
    """From the moment after its due until it is done."""
    run = company.begin()
    company.begin("note")
    company.clock.move(days=2)
    assert company.views.runs("overdue") == []
    company.clock.move(seconds=1)
    assert [line.id for line in company.views.runs("overdue")] == [run]
    assert company.views.runs("overdue", lead=company.people["fay"]) == []
    company.complete("ben", run, "write", **COPY)
    assert company.views.runs("overdue") == []


def test_people_and_teams(company: Company) -> None:
    """By handle or pseudonym; who is not there is said with those who are."""
    views = company.views
    ana = views.person("ana")
    assert views.person(ana.id) == ana
    assert views.handles()[ana.id] == "ana"
    assert views.pseudonym("@me", ana.id) == views.pseudonym("ana") == ana.id
    assert views.holder("team:design") == "team:design"
    assert views.holder("person:ana") == views.holder("ana") == f"person:{ana.id}"
    ((team, members),) = views.teams()
    assert (team.id, set(members)) == ("design", {company.people["dan"], company.people["eve"]})
    for ask in (lambda: views.person("nobody"), lambda: views.pseudonym("nobody"), lambda: views.holder("team:nobody")):
        with pytest.raises(NotFound) as error:
            ask()
        assert error.value.known


# one run


def test_a_run_at_a_moment_of_the_past(company: Company) -> None:
    """By the number of a record or by an instant: state, values and number as they were."""
    run = company.begin()
    started = company.clock.at
    company.clock.move(hours=1)
    company.complete("ben", run, "write", **COPY)
    written = company.clock.at
    company.clock.move(hours=1)
    company.complete("dan", run, "review", "reject", "Too short")
    company.clock.move(hours=1)
    company.complete("ben", run, "write", copy="Much better", risk="low")
    views = company.views
    assert (views.run(run).as_of, views.run(run).seq) == (False, 3)
    for as_of in (1, written, "2026-11-23T11:59:59+01:00"):
        then = views.run(run, as_of=as_of)
        assert (then.seq, then.as_of, then.values["write.copy"]) == (1, True, COPY["copy"])
        assert [task.address for task in then.state.tasks.values()] == ["review"]
    assert views.run(run, as_of=started).values == {f"inputs.{name}": value for name, value in INPUTS.items()}
    assert views.run(run, as_of=3).values["write.copy"] == "Much better"
    assert views.run(run, as_of=3).state == views.run(run).state
    for as_of in ("2026-11-22T00:00:00Z", -1):
        with pytest.raises(NotFound, match="record"):
            views.run(run, as_of=as_of)


def test_lists_at_a_moment_of_the_past(company: Company) -> None:
    """Runs, late ones and an inbox as they stood, from histories alone."""
    run = company.begin()
    company.clock.move(days=2, seconds=1)
    late = company.clock.at
    company.complete("ben", run, "write", **COPY)
    company.clock.move(hours=1)
    company.do("ana", run, c.CancelRun("x"))
    past = Past(company.database, company.app.library.procedure, late[:10] + "T08:00:00Z")
    assert [(line.id, line.status, line.seq) for line in past.runs()] == [(run, "open", 0)]
    assert past.overdue() == []
    assert [row.label for row in past.inbox(company.people["ben"])] == ["write"]
    assert [line.id for line in Past(company.database, company.app.library.procedure, "2026-11-23T08:00:00Z").runs()] == []
    now = Past(company.database, company.app.library.procedure, company.clock.at)
    assert [(line.status, line.closed_at) for line in now.runs()] == [("cancelled", company.clock.at)]


def test_an_inbox_of_the_past_follows_the_same_rules_as_one_of_now(company: Company) -> None:
    """Separation, teams, whoever must do it again, and late tasks that somebody has: the same lines, then as now."""
    from runners.store.writes import add_definition
    from tests.company import definition, small

    text = small("same", "{id: begin, role: editor}", "{id: finish, role: analyst, same_as: begin}")
    with company.database.write() as unit:
        add_definition(unit, definition(text))
        save_team(unit, reads.teams(unit)[0], [company.people[who] for who in ("ben", "dan", "eve")])
    roles = {**ROLES, "writer": ["team:design"], "checker": ["team:design", "ben", "cy"]}
    reviewed, other, late = company.begin(roles=roles), company.begin(roles=roles), company.begin()
    company.complete("ben", reviewed, "write", **COPY)
    company.complete("dan", reviewed, "review")
    again = company.begin("same", inputs={}, roles={"editor": ["ana", "dan"], "analyst": ["ana", "dan", "team:design"]})
    company.complete("dan", again, "begin")
    company.do("dan", again, c.Release("finish"))
    company.do("ben", late, c.Claim("write"))
    company.do("eve", other, c.Claim("write"))
    company.clock.move(days=3)
    company.runner.elapse()
    past = Past(company.database, company.app.library.procedure, company.clock.at)
    for who, person in company.people.items():
        assert past.inbox(person) == company.views.inbox(person), who
    assert f"{reviewed}/review" not in company.inbox("ben")
    assert f"{late}/write" in company.inbox("ana")


def test_a_history_tells_who_what_when_and_why(company: Company) -> None:
    """Every record in order, with roles held then, words and values as far as they are kept."""
    run = company.to_end()
    lines = company.views.history(run)
    assert [line.seq for line in lines] == list(range(len(lines)))
    assert {line.record["log"] for line in lines} == {company.database.log}
    reject = next(line for line in lines if line.note == "Too short")
    assert (reject.actor, reject.roles) == (company.people["dan"], ("checker", "designer"))
    assert reject.values["review.remark"] == "Hm"
    assert [line.seq for line in company.views.history(run, after=2, upto=4)] == [3, 4]
    assert lines[-1].hash == company.raw("SELECT head FROM sop_run WHERE id = ?", run)[0][0]
    with pytest.raises(NotFound):
        company.views.history("ART-9")


def test_a_later_change_of_roles_leaves_older_records(company: Company) -> None:
    """The role that was held then stands in the record."""
    run = company.begin()
    company.do("ben", run, c.Claim("write"))
    company.do("ana", run, c.Bind("writer", [f"person:{company.people['cy']}"], "x"))
    assert company.views.history(run)[1].roles == ("writer",)
    company.do("cy", run, c.Claim("write"))
    assert company.views.history(run)[-1].roles == ("checker", "writer")


def test_what_may_be_done_and_why_not(company: Company) -> None:
    """The same rules as the commands themselves."""
    run = company.to_review()
    options = {(option.act, option.step): option for option in company.views.can(run, company.people["ben"])}
    assert [reason.code for reason in options["complete", "review"].reasons] == [Code.NOT_IN_ROLE, Code.SEPARATED]
    assert options["comment", ""].reasons == ()
    assert options["cancel", ""].reasons[0].code is Code.NOT_LEAD
    with pytest.raises(NotFound):
        company.views.can("ART-9", company.people["ben"])


# erasure


def test_an_erased_value_leaves_history_and_state_in_order(company: Company) -> None:
    """The fold stands, the record keeps a commitment that says nothing; what needed the value is not checkable."""
    run = company.to_end()
    with company.database.write() as unit:
        assert erase_payload(unit, run, 8, "write.copy")
        assert erase_payload(unit, run, 0, "title")
        assert erase_payload(unit, run, 5, "note")
    report = company.audit()
    assert report.findings == []
    assert report.erased == 3
    assert (report.unchecked, report.decided) == (3, report.records - 3)
    view = company.views.run(run)
    assert "write.copy" not in view.values
    assert "write.copy" in view.state.values
    assert company.views.history(run)[5].note is None
    assert "write.copy" not in company.views.run(run, as_of=9).values


def test_what_does_not_need_the_erased_value_is_still_checked(company: Company) -> None:
    """Later decisions that read nothing of it come out the same."""
    run = company.to_review()
    with company.database.write() as unit:
        assert erase_payload(unit, run, 1, "write.copy")
    company.complete("dan", run, "review")
    company.complete("eve", run, "review")
    report = company.audit()
    assert (report.findings, report.unchecked, report.decided) == ([], 1, 3)


def test_an_erased_result_of_a_child_is_not_checkable(company: Company) -> None:
    """The parent's record of the return cannot be decided again, and nothing is said to be wrong."""
    run = company.to_child()
    company.complete("dan", f"{run}.1", "count", total=7)
    seq = company.views.run(run).seq
    with company.database.write() as unit:
        assert erase_payload(unit, run, seq, "measure.results.total")
    report = company.audit(run)
    assert (report.findings, report.unchecked) == ([], 1)


def test_a_person_who_was_erased_stays_a_pseudonym(company: Company) -> None:
    """Names live in one table; without the row a history still reads, and nobody can act as that person."""
    run = company.to_review()
    ben = company.people["ben"]
    company.raw("DELETE FROM sop_person WHERE id = ?", ben)
    assert company.audit().findings == []
    assert company.views.history(run)[1].actor == ben
    assert ben not in company.views.handles()
    with pytest.raises(NotFound):
        company.runner.handle(run, c.Comment("It is me"), actor=ben)
    assert json.loads(company.raw("SELECT record FROM sop_history WHERE run = ? AND seq = 1", run)[0][0])["actor"]["sub"] == ben
