"""What is decided from fields, through the runner on both databases: the histories prove it when they are decided again."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from engine import commands as c
from engine.calendar import Calendar
from engine.refusals import Code, Refused
from runners.clock import Ids
from runners.runner import Runner
from runners.store.writes import add_definition
from tests.company import Company, definition

_HEAD = "version: 1.0.0\ntitle: Planned\npurpose: To be tested\nscope: This test\nowner: editor\n"
PLANNED = f"""\
sop: planned
{_HEAD}roles: [editor, analyst]
steps:
  - id: plan
    role: editor
    form:
      on: {{type: date, required: true}}
      ready: {{type: date, value: "minus(plan.on, '1 business day')"}}
      opens: {{type: datetime, value: "at(plan.on, '09:00')"}}
      ahead: {{type: number, value: "days_between(plan.ready, plan.on)"}}
    outcomes:
      done: {{to: next, when: "workdays_between(plan.ready, plan.on) == 1 && plan.ahead < 4"}}
  - {{id: last, role: editor}}
"""
ASKED = f"""\
sop: asked
{_HEAD}roles: [editor, analyst]
inputs: {{sponsor: {{type: user}}}}
steps:
  - id: ask
    role: editor
    form: {{by: {{type: user}}, risk: {{type: choice, options: [high, low]}}}}
  - id: decide_it
    approval: {{role: analyst, of: [ask]}}
    not_from: [ask.by, inputs.sponsor]
    due:
      - {{when: ask.risk == 'high', due: PT1H}}
      - {{else: 1 business day}}
    outcomes: {{approve: next, back: {{to: ask, rounds: 3, then: end}}}}
  - {{id: exercise, run: note, drill: true}}
  - {{id: real, run: note, detached: true}}
"""
LINKED = f"""\
sop: linked
{_HEAD}roles: [editor]
inputs: {{of: {{type: run, sop: note}}}}
steps:
  - id: link
    role: editor
    form: {{any: {{type: run, many: true}}, rows: {{type: table, columns: {{of: {{type: run, sop: note}}}}}}}}
"""
PARENT = f"""\
sop: parent
{_HEAD}roles: [editor, analyst]
inputs: {{of: {{type: run}}}}
steps:
  - {{id: wait_for_it, role: analyst}}
  - {{id: inner, run: taking, with: {{of: inputs.of}}}}
"""
TAKING = f"""\
sop: taking
{_HEAD}roles: [editor]
inputs: {{of: {{type: run, sop: hidden}}}}
steps:
  - {{id: look, role: editor}}
"""
HIDDEN = f"""\
sop: hidden
{_HEAD}roles: [editor, analyst]
permissions: {{read: [analyst]}}
steps:
  - {{id: look, role: analyst}}
"""
SHANGHAI = Calendar(ZoneInfo("Asia/Shanghai"), "Asia/Shanghai", holidays=frozenset({date(2026, 11, 26), date(2026, 12, 7)}))


@pytest.fixture
def planning(company: Company) -> Iterator[Company]:
    """The company with its own calendar, and the definitions of this module."""
    with company.database.write() as unit:
        add_definition(unit, definition(PLANNED))
        for text in (ASKED, LINKED, HIDDEN, PARENT, TAKING):
            add_definition(unit, definition(text))
    company.runner = Runner(company.database, company.app.library, company.clock, Ids(), SHANGHAI, auth="flag")
    yield company
    assert company.audit().findings == []


def test_what_days_gave_is_decided_again_with_the_calendar_of_the_record(planning: Company) -> None:
    """Accepted or refused, the record names the calendar that was asked, and an auditor comes to the same days with it."""
    run = planning.begin("planned", roles={})
    assert planning.refused("ana", run, c.Complete("plan", values={"on": "2026-12-08"})) == [Code.GUARD_FALSE]
    planning.complete("ana", run, "plan", on="2026-11-27")
    with planning.database.read() as unit:
        from runners.store import reads

        values = {payload.path: payload.body for payload in reads.payloads(unit, run) if payload.current}
    assert b"2026-11-25" in values["plan.ready"]
    assert b"2026-11-27T01:00:00Z" in values["plan.opens"]
    planning.complete("ana", run, "last")
    assert ["calendar" in record["context"] for record in planning.records(run)] == [False, True, True, False]


def test_who_is_kept_out_what_is_due_and_what_is_a_drill_is_decided_again(planning: Company) -> None:
    """None of it depends on reading the values once more: the records say who was named, which due counted, and what is a drill."""
    who = planning.people
    run = planning.begin("asked", inputs={"sponsor": "dan"}, roles={"analyst": ["dan", "eve", "fay"]})
    planning.complete("ana", run, "ask", by="eve", risk="high")
    assert planning.task(run, "decide_it").due == "2026-11-23T10:00:00.000000Z"
    for name, field in (("dan", "inputs.sponsor"), ("eve", "ask.by")):
        answer = planning.ask(name, run, c.Complete("decide_it"))
        assert isinstance(answer, Refused)
        assert [reason.facts["other"] for reason in answer.reasons] == [field]
    planning.do("ana", run, c.Correct("ask", {"by": who["fay"]}, "it was hers"))
    assert planning.refused("fay", run, c.Complete("decide_it")) == [Code.SEPARATED]
    planning.complete("eve", run, "decide_it", "back")
    planning.complete("ana", run, "ask", risk="low", by="fay")
    assert planning.task(run, "decide_it").due == "2026-11-24T09:00:00.000000Z"
    planning.complete("eve", run, "decide_it")
    assert planning.views.run(f"{run}.1").state.drill is True
    planning.complete("dan", f"{run}.1", "jot")
    assert planning.views.run(f"{run}.2").state.drill is False
    kinds = [event["is"] for record in planning.records(run) for event in record.get("events", ())]
    assert kinds.count("PeopleKeptOut") == 3


def test_a_field_that_bars_who_has_a_task_shows_it_as_stuck_on_every_list(planning: Company) -> None:
    """The blocked runs and the lead's inbox agree with what is said of the task, and nobody is offered what they may not take."""
    who = planning.people
    run = planning.begin("asked", roles={"analyst": ["dan", "eve"]})
    planning.complete("ana", run, "ask", risk="low")
    assert planning.inbox("eve") == [f"{run}/decide_it"]
    planning.do("eve", run, c.Claim("decide_it"))
    assert planning.views.stuck() == []
    planning.do("ana", run, c.Correct("ask", {"by": who["eve"]}, "it is about her"))
    assert [reason.code for reason in planning.views.blocked(run, "decide_it")[1]] == [Code.NOBODY, Code.KEPT]
    assert [(row.run, row.label) for row in planning.views.stuck()] == [(run, "decide_it")]
    assert [(row.run, row.label) for row in planning.views.stuck(lead=who["ana"])] == [(run, "decide_it")]
    assert [row.holder[:6] for row in planning.views.inbox(who["ana"])] == ["stuck:"]
    planning.do("ana", run, c.Release("decide_it", "she may not"))
    assert planning.inbox("eve") == []
    assert planning.views.stuck() == []
    planning.do("ana", run, c.Correct("ask", {"by": who["dan"]}, "it is about him"))
    assert (planning.inbox("dan"), planning.inbox("eve")) == ([], [f"{run}/decide_it"])


def test_a_run_that_a_field_names_is_there_and_is_of_the_sop(planning: Company) -> None:
    """At the start and in a form, a column of a table included; what was asked stands in the record, and is decided again."""
    first = planning.begin("note", roles={})
    other = planning.begin("planned", roles={})
    for wrong in ("NOT-99", other):
        answer = planning.start("linked", roles={}, inputs={"of": wrong})
        assert isinstance(answer, Refused)
        assert [(r.code, r.facts["field"], r.facts["referred"], r.facts["of"]) for r in answer.reasons] == [
            (Code.FIELD_INVALID, "of", wrong, "note")
        ]
    run = planning.begin("linked", roles={}, inputs={"of": first})
    for values in ({"any": ["XYZ-1"]}, {"rows": [{"of": other}]}, {"any": [first, "NOT-77"]}):
        assert planning.refused("ana", run, c.Complete("link", values=values)) == [Code.FIELD_INVALID]
    planning.complete("ana", run, "link", any=[first, other, run], rows=[{"of": first}])
    asked = [record["context"].get("runs", {}) for record in planning.records(run)]
    assert asked == [{first: "note"}, {first: "note", other: "planned", run: "linked"}]


def test_a_child_takes_the_run_that_its_parent_hands_on(planning: Company) -> None:
    """Whoever gave it could read it; whoever moves the parent on need not. It still has to be of the child's SOP."""
    secret = planning.begin("hidden", roles={"analyst": ["dan"]}, actor="dan")
    run = planning.begin("parent", roles={"analyst": ["eve"]}, inputs={"of": secret}, actor="dan")
    assert planning.refused("eve", secret, c.Comment("x")) != []
    planning.complete("eve", run, "wait_for_it")
    assert planning.views.run(f"{run}.1").state.status == "open"
    wrong = planning.begin("parent", roles={"analyst": ["eve"]}, inputs={"of": run}, actor="dan")
    assert planning.refused("eve", wrong, c.Complete("wait_for_it"))


def test_a_run_that_is_not_theirs_to_read_is_none_that_is_there(planning: Company) -> None:
    """Whoever may not read a run learns nothing of it: neither from the refusal nor from the record; who may read it names it."""
    secret = planning.begin("hidden", roles={"analyst": ["dan"]})
    run = planning.begin("linked", roles={"editor": ["ana", "eve"]})
    absent = planning.ask("eve", run, c.Complete("link", values={"any": ["HID-99"]}))
    answer = planning.ask("eve", run, c.Complete("link", values={"any": [secret]}))
    assert isinstance(answer, Refused)
    assert isinstance(absent, Refused)
    assert [r.facts["expected"] for r in answer.reasons] == [r.facts["expected"] for r in absent.reasons]
    assert len(planning.records(run)) == 1
    planning.complete("ana", run, "link", any=[secret])
    assert planning.records(run)[-1]["context"]["runs"] == {secret: "hidden"}
