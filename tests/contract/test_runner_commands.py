"""Every command on both databases: what it does, what stands in its record, and what is refused."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from engine import commands as c
from engine import events as e
from engine.people import SYSTEM
from engine.refusals import Code, Refused
from runners.people import NotFound
from runners.runner import AUTO, Done
from runners.store import reads
from runners.store.writes import add_definition, retire_definition, save_person, save_team
from tests.company import COPY, INPUTS, NAMES, REPORT, ROLES, Company, definition, small

SEAL = re.compile(rb'"[A-Za-z0-9_-]{43}"')


def kinds(done: Done) -> list[str]:
    return [type(event).__name__ for event in done.events]


def test_a_whole_article_ends_and_proves_itself(company: Company) -> None:
    """Rework, two voices, a parallel part, items, a child run and its child: everything is written, and it all verifies."""
    run = company.to_end()
    view = company.views.run(run)
    assert (view.state.status, view.state.end, view.tasks[-1].closed_at) == ("ended", "done", company.clock.at)
    assert [line.id for line in company.views.runs("closed")] == ["ART-1.1.1", "ART-1.1", "ART-1"]
    report = company.audit()
    assert report.findings == []
    assert report.decided == report.records == sum(len(company.records(line.id)) for line in company.views.runs("all"))
    assert (report.runs, report.folded, report.unchecked, report.erased) == (3, 3, 0, 0)


def test_claim_and_release(company: Company) -> None:
    """A task has one owner at a time; a released one is open to all again."""
    run = company.begin()
    assert kinds(company.do("ben", run, c.Claim("write"))) == ["TaskClaimed"]
    assert company.task(run, "write").owner == company.people["ben"]
    answer = company.ask("cy", run, c.Claim("write"))
    assert isinstance(answer, Refused)
    assert (answer.reasons[0].code, answer.reasons[0].facts["by"]) == (Code.TAKEN, company.people["ben"])
    assert company.refused("ben", run, c.Claim("write")) == [Code.ALREADY]
    assert company.refused("cy", run, c.Release("write")) == [Code.NOT_OWNER]
    company.do("ben", run, c.Release("write", "No time"))
    assert company.refused("ben", run, c.Release("write")) == [Code.NOT_CLAIMED]
    company.do("cy", run, c.Claim("write"))
    company.do("ana", run, c.Release("write"))
    assert company.task(run, "write").owner == ""


def test_complete_keeps_the_form_and_moves_on(company: Company) -> None:
    """Values, also computed ones, are kept where they can be erased; the record holds their commitments."""
    run = company.begin()
    done = company.complete("ben", run, "write", **COPY, helper="fay", note="First draft")
    assert kinds(done) == ["TaskClaimed", "TaskCompleted", "TokenMoved", "TaskOpened"]
    view = company.views.run(run)
    assert view.values["write.copy"] == COPY["copy"]
    assert view.values["write.helper"] == company.people["fay"]
    assert view.values["write.loud"] is False
    record = company.records(run)[-1]
    assert set(record["events"][1]["values"]) == {"copy", "risk", "helper", "loud"}
    assert set(record["command"]["seals"]) == {"note"}
    assert company.views.history(run)[-1].note == "First draft"


def test_a_handle_in_a_form_must_be_somebody(company: Company) -> None:
    """A name that nobody has is said at once; a value of another kind is refused like any other."""
    run = company.begin()
    with pytest.raises(NotFound) as error:
        company.complete("ben", run, "write", **COPY, helper="nobody")
    assert (error.value.kind, "fay" in error.value.known) == ("person", True)
    company.complete("ben", run, "write", **COPY, helper=company.people["fay"])
    other = company.begin()
    assert company.refused("ben", other, c.Complete("write", values={**COPY, "helper": 5})) == [Code.FIELD_INVALID]
    assert company.refused("ben", other, c.Complete("write", values={**COPY, "helper": "gus"})) == [Code.NO_PERSON]
    company.complete("ben", other, "write", **COPY, helper="@me")
    assert company.views.run(other).values["write.helper"] == company.people["ben"]


def test_handles_become_pseudonyms_in_every_field_of_people(company: Company) -> None:
    """Several people, as a list or with commas, and people in the rows of a table."""
    columns = "{who: {type: user}, what: {type: text}}"
    text = small("crew", f"{{id: plan, role: editor, form: {{all: {{type: users}}, rows: {{type: table, columns: {columns}}}}}}}")
    with company.database.write() as unit:
        add_definition(unit, definition(text))
    ana, ben = company.people["ana"], company.people["ben"]
    for given in ("@me, ben", ["ana", ben]):
        run = company.begin("crew", inputs={})
        company.complete("ana", run, "plan", all=given, rows=[{"who": "ben", "what": "text"}, {"what": "more"}])
        values = company.views.run(run).values
        assert sorted(values["plan.all"]) == sorted([ana, ben])
        assert values["plan.rows"] == [{"who": ben, "what": "text"}, {"what": "more"}]
    run = company.begin("crew", inputs={})
    for wrong in (7, {"who": "ben"}):
        assert Code.FIELD_INVALID in company.refused("ana", run, c.Complete("plan", values={"all": wrong, "rows": wrong}))
    with pytest.raises(NotFound):
        company.complete("ana", run, "plan", rows=[{"who": "nobody"}])


def test_two_voices_make_an_approval(company: Company) -> None:
    """The first voice waits for the second; nobody has two; the value that counts is the one that decided."""
    run = company.to_review()
    assert kinds(company.complete("dan", run, "review", remark="First")) == ["ApprovalGiven"]
    assert "review.remark" not in company.views.run(run).values
    assert company.refused("dan", run, c.Complete("review")) == [Code.ALREADY_VOTED]
    assert "TaskCompleted" in kinds(company.complete("eve", run, "review", remark="Second"))
    assert company.views.run(run).values["review.remark"] == "Second"
    assert company.audit().findings == []


def test_a_voice_in_a_later_round_leaves_what_counts_untouched(company: Company) -> None:
    """While the second round is undecided, the value of the first round counts, in state and rows alike."""
    run = company.to_review()
    company.complete("dan", run, "review", "reject", "Too short", remark="Old")
    company.complete("ben", run, "write", **COPY)
    company.complete("dan", run, "review", remark="New")
    assert company.views.run(run).values["review.remark"] == "Old"
    assert company.views.run(run, as_of=company.views.run(run).seq).values["review.remark"] == "Old"
    assert company.audit().findings == []
    company.complete("eve", run, "review", remark="Newest")
    assert company.views.run(run).values["review.remark"] == "Newest"
    assert company.audit().findings == []


def test_rejecting_goes_back_until_the_rounds_are_used_up(company: Company) -> None:
    """The task comes back to whoever did it; after the last round the run ends as the SOP says."""
    run = company.begin()
    for round_ in (1, 2, 3):
        task = company.task(run, "write")
        assert (task.round, task.owner) == (round_, company.people["ben"] if round_ > 1 else "")
        company.complete("ben", run, "write", **COPY)
        company.complete("dan", run, "review", "reject", "Not yet")
    assert company.views.run(run).state.end == "given_up"
    assert company.audit().findings == []


def test_assign_gives_a_task_with_a_reason(company: Company) -> None:
    """Only the lead assigns, only to somebody who could claim it, and taking it from somebody needs a reason."""
    run = company.begin()
    company.do("ana", run, c.Assign("write", company.people["ben"]))
    assert company.refused("ana", run, c.Assign("write", company.people["cy"])) == [Code.REASON_REQUIRED]
    company.do("ana", run, c.Assign("write", company.people["cy"], "Ben is ill"))
    assert company.task(run, "write").owner == company.people["cy"]
    assert company.refused("ben", run, c.Assign("write", company.people["ben"], "Mine")) == [Code.NOT_LEAD]
    assert company.refused("ana", run, c.Assign("write", company.people["eve"], "Try")) == [Code.NOT_IN_ROLE]


def test_bind_changes_who_may_act(company: Company) -> None:
    """A role is rebound with a reason; tasks of people who no longer hold it go back to the role."""
    run = company.begin()
    company.do("cy", run, c.Claim("write"))
    fay = f"person:{company.people['fay']}"
    assert company.refused("ana", run, c.Bind("writer", [fay])) == [Code.REASON_REQUIRED]
    assert kinds(company.do("ana", run, c.Bind("writer", [fay], "A new team"))) == ["RoleBound", "TaskReleased"]
    assert company.refused("ben", run, c.Claim("write")) == [Code.NOT_IN_ROLE]
    assert company.inbox("fay") == [f"{run}/write"]
    assert company.inbox("ben") == company.inbox("cy") == []


def test_cancel_of_a_track_and_of_a_run(company: Company) -> None:
    """An item ends without being finished; a cancelled run withdraws everything that is open."""
    run = company.to_review()
    company.complete("dan", run, "review")
    company.complete("eve", run, "review")
    assert company.refused("ana", run, c.CancelTrack("main", "No")) == [Code.NO_TRACK]
    company.do("ana", run, c.CancelTrack("prepare.art", "No pictures"))
    assert company.open(run) == ["caption"]
    company.complete("ben", run, "caption")
    company.do("ana", run, c.CancelTrack("publish:weibo", "Closed"))
    assert company.open(run) == ["post:wechat"]
    assert company.refused("ben", run, c.CancelRun("Enough")) == [Code.NOT_LEAD]
    assert company.refused("ana", run, c.CancelRun()) == [Code.REASON_REQUIRED]
    company.do("ana", run, c.CancelRun("Enough"))
    view = company.views.run(run)
    assert (view.state.status, view.state.tasks, view.line.closed_at) == ("cancelled", {}, company.clock.at)
    assert {row.outcome for row in view.tasks if row.step in {"design", "post"}} == {"withdrawn"}
    assert company.inbox("eve") == []
    assert company.audit().findings == []


def test_comments_and_files_stay_with_the_run_after_its_end(company: Company) -> None:
    """Both are kept as values, from people with a part in the run, open or closed."""
    run = company.begin()
    company.do("ben", run, c.Comment("A word", "write"))
    file = {"sha256": "cd" * 32, "name": "notes.txt", "size": 5}
    company.do("ben", run, c.Attach(file, "write", "My notes"))
    company.do("ana", run, c.CancelRun("Enough"))
    company.do("ana", run, c.Comment("Sorry"))
    lines = company.views.history(run)
    assert [line.values for line in lines[1:3]] == [{"comment": "A word"}, {"file": file, "note": "My notes"}]
    assert company.refused("fay", run, c.Comment("Who?")) == [Code.NOT_INVOLVED]
    with company.database.read() as unit:
        assert reads.evidence(unit, "cd" * 32) is not None


def test_one_task_of_each_item(company: Company) -> None:
    """Items are addressed by their key, and the run goes on behind the last of them."""
    run = company.to_review()
    company.complete("dan", run, "review")
    company.complete("eve", run, "review")
    company.complete("dan", run, "design")
    assert company.open(run) == ["post:wechat", "post:weibo"]
    company.complete("eve", run, "post:weibo", url="https://weibo.example/1")
    assert company.refused("eve", run, c.Claim("post:weibo")) == [Code.NO_TASK]
    company.complete("eve", run, "post:wechat", url="https://wechat.example/1")
    assert company.views.run(run).state.tokens[1].waiting == f"{run}.1"


# refusals


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


# the same command again


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


# children


def test_a_child_starts_and_returns_in_the_transaction_of_its_parent(company: Company) -> None:
    """The last step before starts it, its end lets the parent go on, and both say so in one answer."""
    run = company.to_child()
    assert company.open(f"{run}.1") == ["count"]
    child = company.views.run(f"{run}.1")
    assert (child.line.parent, child.line.title, child.line.started_by) == (run, "Charger story / report", company.people["ana"])
    assert child.values == {"inputs.subject": INPUTS["topic"]}
    assert child.state.roles == {"editor": child.state.roles["editor"], "analyst": (f"person:{company.people['dan']}",)}
    done = company.complete("dan", f"{run}.1", "count", total=7)
    assert [other.run for other in done.others] == [run]
    assert company.open(run) == ["close"]
    assert company.views.run(run).values["measure.results.total"] == 7
    started, returned = company.records(f"{run}.1")[0], company.records(run)[-1]
    assert started["actor"] == {"sub": "system", "auth": "rule", "cause": [run, returned["seq"] - 1]}
    assert returned["actor"] == {"sub": "system", "auth": "rule", "cause": [f"{run}.1", 1]}
    assert company.audit().findings == []


def test_children_have_children(company: Company) -> None:
    """The end of the innermost goes up through all of them at once."""
    run = company.to_child()
    company.complete("dan", f"{run}.1", "count", total=500)
    done = company.complete("dan", f"{run}.1.1", "jot")
    assert [other.run for other in done.others] == [f"{run}.1", run]
    assert company.open(run) == ["close"]
    assert company.audit().findings == []


def test_cancelling_a_run_cancels_its_children(company: Company) -> None:
    """All of them, by the rule and not by the person, with the reason of the rule."""
    run = company.to_child()
    company.complete("dan", f"{run}.1", "count", total=500)
    done = company.do("ana", run, c.CancelRun("Enough"))
    assert sorted(other.run for other in done.others) == [f"{run}.1", f"{run}.1.1"]
    assert {company.views.run(name).state.status for name in (run, f"{run}.1", f"{run}.1.1")} == {"cancelled"}
    line = company.views.history(f"{run}.1.1")[-1]
    assert (line.actor, line.note) == ("system", f"{run}.1 no longer waits for it")
    assert company.inbox("dan") == []
    assert company.audit().findings == []


def test_a_child_that_refuses_refuses_its_parent(company: Company) -> None:
    """Nothing of either happens; the parent keeps the attempt with the reasons of the child."""
    run = company.to_review(inputs={"topic": "x" * 65_000, "platforms": ["weibo"]})
    company.complete("dan", run, "review")
    company.complete("eve", run, "review")
    company.complete("dan", run, "design")
    with company.database.write() as unit:
        retire_definition(unit, definition(REPORT).fingerprint, company.clock.at)
    before = company.views.run(run)
    command = c.Complete("post:weibo", values={"url": "https://weibo.example/1"})
    answer = company.ask("eve", run, command, key="k")
    assert isinstance(answer, Refused)
    after = company.views.run(run)
    assert after.state == before.state
    assert company.raw("SELECT count(*) FROM sop_run") == [(1,)]
    if answer.recorded:
        assert company.records(run)[-1]["context"]["refused_in"] == f"{run}.1"
        assert company.records(run)[-1]["idem"] == "k"
    assert company.audit().findings == []
    with company.database.write() as unit:
        retire_definition(unit, definition(REPORT).fingerprint, None)
    company.do("eve", run, command, key="k2")


def test_a_parent_that_cannot_go_on_refuses_the_end_of_its_child(company: Company) -> None:
    """A child's last step is refused, with the reasons of the parent, and can be tried again."""
    outer = small(
        "outer", """{id: measure, run: report, with: {subject: "'x'"}}""",
        "{id: close, role: editor, when: int(measure.results.total) > 10}",
        "{id: over, role: editor, when: 1 / (int(measure.results.total) - 5) > 0}",
    )  # fmt: skip
    with company.database.write() as unit:
        add_definition(unit, definition(outer))
    run = company.begin("outer", inputs={})
    answer = company.ask("dan", f"{run}.1", c.Complete("count", values={"total": 5}))
    assert isinstance(answer, Refused)
    assert [reason.code for reason in answer.reasons] == [Code.GUARD_ERROR]
    assert company.open(f"{run}.1") == ["count"]
    record = company.records(f"{run}.1")[-1]
    assert (record["kind"], record["context"]["refused_in"]) == ("refused", run)
    report = company.audit()
    assert (report.findings, report.unchecked) == ([], 0)
    company.complete("dan", f"{run}.1", "count", total=50)
    assert company.open(run) == ["close"]
    assert company.audit().findings == []


# time


def test_timers_elapse_once(company: Company) -> None:
    """A reminder, then an escalation, each once, as acts of the rule; what is done already needs none."""
    run = company.begin()
    other = company.begin()
    company.complete("ben", other, "write", **COPY)
    assert company.runner.elapse() == []
    company.clock.move(days=2, hours=-4)
    done = company.runner.elapse()
    assert [(one.run, kinds(one)) for one in done] == [(run, ["TaskReminded"])]
    assert company.runner.elapse() == []
    company.clock.move(hours=7)
    assert company.refused("ana", run, c.Complete("write", values=COPY))[0] is Code.NOT_IN_ROLE
    assert [kinds(one) for one in company.runner.elapse()] == [["TaskEscalated"]]
    assert company.runner.elapse() == company.again().runner.elapse() == []
    assert company.inbox("ana") == [f"{run}/write"]
    record = company.records(run)[-1]
    assert (record["actor"], record["kind"]) == ({"sub": "system", "auth": "rule"}, "timer")
    assert company.raw("SELECT kind, seq FROM sop_outbox ORDER BY seq") == [("reminded", 1), ("escalated", 3)]
    assert company.audit().findings == []


def test_two_who_elapse_the_same_timer_at_once(company: Company) -> None:
    """Whoever comes second finds that it has elapsed."""
    run = company.begin()
    company.clock.move(days=3)
    with company.database.write() as unit:
        due = reads.timers_due(unit, company.clock.at)
    company.runner.elapse()
    second = company.again()
    for timer in due:
        key = f"timer-{timer.run}-{timer.task}-{timer.kind}-{timer.n}"
        answer = second.runner._handle(run, c.Elapse(timer.task, timer.kind, timer.n), actor=SYSTEM, key=key)
        assert isinstance(answer, Done)
        assert answer.repeated
    second.close()
    assert len(company.records(run)) == 3


def test_a_timer_that_cannot_elapse_holds_up_no_other(company: Company) -> None:
    """The fault is said when all others have elapsed."""
    from runners.store.errors import StoreError, Unavailable

    runs = [company.begin() for _ in range(3)]
    company.clock.move(days=2)
    handled: list[str] = []
    real = company.runner._handle

    def failing(run: str, command: c.Command, **more: Any) -> Done | Refused:  # noqa: ANN401
        handled.append(run)
        if run == runs[0]:
            raise Unavailable("disk full")
        return real(run, command, **more)

    company.runner._handle = failing  # type: ignore[method-assign]
    with pytest.raises(StoreError, match="disk full"):
        company.runner.elapse()
    company.runner._handle = real  # type: ignore[method-assign]
    assert handled == runs
    assert [len(company.records(run)) for run in runs] == [1, 2, 2]
    assert [one.run for one in company.runner.elapse()] == [runs[0]]


def test_a_clock_that_is_set_back_does_not_turn_the_history_round(company: Company) -> None:
    """Records of a run never get older, whatever the machine says; the order is that of their numbers."""
    run = company.to_review()
    company.clock.move(hours=-5)
    company.complete("dan", run, "review")
    company.clock.move(hours=1)
    company.complete("eve", run, "review")
    instants = [line.at for line in company.views.history(run)]
    assert instants == sorted(instants)
    assert company.audit().findings == []


def test_dues_count_working_days_and_name_their_calendar(company: Company) -> None:
    """The calendar that a due was computed with is kept, once, and named in the record."""
    run = company.begin()
    company.begin()
    assert company.task(run, "write").due == "2026-11-25T09:00:00.000000Z"
    ((digest, _),) = company.raw("SELECT digest, body FROM sop_calendar")
    from engine.history import hexadecimal

    assert hexadecimal(company.records(run)[0]["context"]["calendar"]) == digest


def test_events_have_no_person_but_those_who_act(company: Company) -> None:
    """Records hold pseudonyms and ids: no name, no handle, no title, no text, no value."""
    run = company.to_end()
    bytes_ = b"".join(row[0] for row in company.raw("SELECT record FROM sop_history"))
    said = [
        *NAMES.values(), str(INPUTS["topic"]), "Charger story", COPY["copy"], "Too short", "First voice", "Nearly there",
        "https://wechat.example/1", "plan.pdf", "You know", "Let me", "Holidays", "No time", "mail.example",
    ]  # fmt: skip
    parts = {word for name in NAMES.values() for word in name.split() if word != "Van"}
    assert [text for text in {*said, *parts} if text.encode() in bytes_] == []
    assert [handle for handle in NAMES if f'"{handle}"'.encode() in bytes_] == []
    assert len(company.views.history(run)) == 20


def test_a_record_is_small(company: Company) -> None:
    """What a record holds beside its events is bounded: a claim or a comment, whole, stays below 520 bytes."""
    run = company.to_end()
    sizes = {line.kind: len(json.dumps(line.record, separators=(",", ":"))) for line in company.views.history(run)}
    assert sizes["claimed"] < 520
    assert sizes["commented"] < 520
    varying = {"events", "command", "context", "reasons", "guards"}
    fixed = [
        sum(len(json.dumps({name: part}, separators=(",", ":"))) for name, part in line.record.items() if name not in varying)
        for line in company.views.history(run)
    ]
    assert max(fixed) < 400


def test_a_child_that_ends_at_once_returns_at_once(company: Company) -> None:
    """Two records of the parent in one transaction."""
    inner = small("inner", "{id: a, role: editor, when: inputs.n > 5}", inputs="inputs: {n: {type: number}}\n")
    first = "{id: first, role: editor, form: {n: {type: number, required: true}}}"
    outer = small("outer", first, "{id: sub, run: inner, with: {n: first.n}}", "{id: last, role: editor}")
    with company.database.write() as unit:
        add_definition(unit, definition(inner))
        add_definition(unit, definition(outer))
    run = company.begin("outer", inputs={})
    done = company.complete("ana", run, "first", n=1)
    assert [(other.run, other.state.end) for other in done.others] == [(f"{run}.1", "done")]
    assert isinstance(done.events[-1], e.TaskOpened)
    assert (done.seq, company.open(run), len(company.records(run))) == (2, ["last"], 3)
    assert company.audit().findings == []


def test_the_same_roles_as_the_run_above(company: Company) -> None:
    """A child's roles are those of its parent, then those of the directory."""
    run = company.begin(roles={**ROLES, "editor": ["fay"]}, lead="fay")
    company.complete("ben", run, "write", **COPY)
    company.complete("dan", run, "review")
    company.complete("eve", run, "review")
    company.complete("dan", run, "design")
    company.complete("eve", run, "post:weibo", url="https://w.example")
    company.complete("eve", run, "post:wechat", url="https://w.example")
    assert company.views.run(f"{run}.1").state.roles["editor"] == (f"person:{company.people['fay']}",)
