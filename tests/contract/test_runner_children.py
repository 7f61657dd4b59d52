"""Runs that start runs, wait for them, cancel them, and refuse together."""

from engine import commands as c
from engine import events as e
from engine.refusals import Code, Refused
from runners.runner import Done
from runners.store.writes import add_definition, retire_definition
from tests.company import COPY, INPUTS, REPORT, ROLES, Company, definition, small


def kinds(done: Done) -> list[str]:
    return [type(event).__name__ for event in done.events]


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


def test_going_back_off_a_run_step_cancels_its_child(company: Company) -> None:
    """A preview tells it, the rule does it with its own children, and no second one runs beside it."""
    run = company.to_child()
    company.complete("dan", f"{run}.1", "count", total=500)
    asked = c.Rewind("measure", "Again")
    preview = company.runner.handle(run, asked, actor=company.people["ana"], dry_run=True)
    assert isinstance(preview, Done)
    assert [other.run for other in preview.others if "RunCancelled" in kinds(other)] == [f"{run}.1", f"{run}.1.1"]
    done = company.do("ana", run, asked)
    gone = {name for name in (f"{run}.1", f"{run}.1.1") if company.views.run(name).state.status == "cancelled"}
    assert gone == {f"{run}.1", f"{run}.1.1"}
    assert {f"{run}.1", f"{run}.1.1", f"{run}.2"} <= {other.run for other in done.others}
    assert company.views.run(f"{run}.2").state.status == "open"
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


def test_a_suspended_run_takes_what_its_child_brings_and_goes_on_when_it_is_resumed(company: Company) -> None:
    """The child ends for good meanwhile, and its results are there; nothing opens before, and the audit decides it all again."""
    run = company.to_child()
    company.do("ana", run, c.Suspend(note="The client is silent"))
    done = company.complete("dan", f"{run}.1", "count", total=7)
    assert [(other.run, kinds(other)) for other in done.others] == [(run, ["ChildReturned"])]
    assert company.views.run(f"{run}.1").state.status == "ended"
    assert (company.open(run), company.views.run(run).values["measure.results.total"]) == ([], 7)
    assert company.audit().findings == []
    resumed = company.do("ana", run, c.Resume(note="They answered"))
    assert kinds(resumed) == ["RunResumed", "TokenMoved", "TaskOpened"]
    assert company.open(run) == ["close"]
    report = company.audit()
    assert (report.findings, report.unchecked) == ([], 0)


def test_what_follows_the_return_to_a_suspended_run_is_checked_again(company: Company) -> None:
    """Items that would be opened, and signals that would be taken, are only tried; the audit asks for no value of theirs."""
    listing = "{id: k, role: analyst, form: {names: {type: multi_choice, options: [x, y]}}}"
    inner = small("inner", listing) + "results: {names: k.names}\n"
    each = "{id: each, for_each: {x: sub.results.names}, steps: [{id: one, role: editor}]}"
    outer = small("outer", "{id: sub, run: inner}", "{id: hear, wait: {signal: seen}}", each)
    outer += "signals: {seen: {keep: true, form: {n: {type: number}}}}\n"
    with company.database.write() as unit:
        add_definition(unit, definition(inner))
        add_definition(unit, definition(outer))
    run = company.begin("outer", inputs={})
    company.do("ana", run, c.Signal("seen", {"n": 1}))
    company.do("ana", run, c.Suspend(note="Later"))
    company.complete("dan", f"{run}.1", "k", names=["x", "y"])
    report = company.audit()
    assert (report.findings, report.unchecked) == ([], 0)
    company.do("ana", run, c.Resume(note="Now"))
    assert company.open(run) == ["one:1", "one:2"]
    report = company.audit()
    assert (report.findings, report.unchecked) == ([], 0)
