"""Every command on both databases: what it does, and what stands in its record."""

import pytest

from engine import commands as c
from engine.refusals import Code, Refused
from runners.people import NotFound
from runners.runner import Done
from runners.store import reads
from runners.store.writes import add_definition
from tests.company import COPY, Company, definition, small


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
