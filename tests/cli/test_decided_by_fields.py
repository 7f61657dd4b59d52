"""What fields decide, as people meet it: computed days, dues that depend, who is kept out, exercises, and runs that are named."""

import json
from typing import TYPE_CHECKING

import pytest

from engine.timers import instant
from runners.clock import SystemClock

if TYPE_CHECKING:
    from tests.cli.conftest import Project

_HEAD = "version: 1.0.0\npurpose: To be tested.\nscope: This test.\nowner: manager\n"
PLAN = f"""\
sop: plan
prefix: PLN
title: Plan
{_HEAD}roles: [manager, content_creator, content_reviewer]
inputs: {{after: {{type: run, sop: plan}}}}
steps:
  - id: ask
    role: content_creator
    form:
      on: {{type: date, required: true}}
      ready: {{type: date, value: "minus(ask.on, '3 days')"}}
      by: {{type: user}}
      risk: {{type: choice, options: [high, low], default: low}}
      based_on: {{type: run}}
  - id: check
    approval: {{role: content_reviewer, of: [ask]}}
    not_from: ask.by
    due:
      - {{when: ask.risk == 'high', due: PT1H}}
      - {{else: PT48H}}
  - {{id: exercise, run: small, drill: true}}
  - {{id: real, run: small, detached: true}}
"""
SMALL = f"""\
sop: small
prefix: SML
title: Small
{_HEAD}roles: [manager]
steps: [{{id: only, role: manager}}]
"""
SECRET = SMALL.replace("small", "secret").replace("SML", "SEC").replace("steps:", "permissions: {read: [manager]}\nsteps:")
ROLES = ("--role=manager=ana", "--role=content_creator=ben", "--role=content_reviewer=carla,dora")


@pytest.fixture
def planning(project: "Project") -> "Project":
    """A project with these SOPs."""
    for name, text in (("plan", PLAN), ("small", SMALL), ("secret", SECRET)):
        (project.folder / ".sop" / "definitions" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return project


def _begun(project: "Project", *more: str, title: str = "One") -> str:
    return project.good("start", "plan", "--title", title, *ROLES, *more).split()[1]


def _hours(project: "Project", run: str) -> float:
    """How long from now *check* is due."""
    items = json.loads(project.good("inbox", "--json", who="dora"))["items"]
    (due,) = (item["due"] for item in items if item["run"] == run)
    return (instant(due) - instant(SystemClock().now())).total_seconds() / 3600


def test_a_day_that_is_computed_is_shown_and_not_typed(planning: "Project") -> None:
    """It stands among the values; whoever gives it is told that it is computed."""
    run = _begun(planning)
    done = planning.sop("complete", f"{run}/ask", "--set", "on=2026-12-08", "--set", "ready=2026-12-01", who="ben")
    assert (done.code, "ready: expected nothing: it is computed" in done.err) == (2, True)
    planning.good("complete", f"{run}/ask", "--set", "on=2026-12-08", who="ben")
    assert "2026-12-05" in planning.good("show", run, "--json")
    assert planning.sop("verify", run).code == 0


def test_when_something_is_due_depends_on_what_was_said(planning: "Project") -> None:
    """An hour where the risk is high, two days otherwise."""
    for risk, low, high in (("high", 0.9, 1.01), ("low", 47.0, 48.01)):
        run = _begun(planning, title=risk)
        planning.good("complete", f"{run}/ask", "--set", "on=2026-12-08", "--set", f"risk={risk}", who="ben")
        assert low < _hours(planning, run) < high
        assert planning.sop("verify", run).code == 0


def test_whom_a_field_names_is_kept_out_and_told_why(planning: "Project") -> None:
    """The refusal names the field; where nobody else is left, the list of blocked runs says so in words of its own."""
    run = _begun(planning)
    planning.good("complete", f"{run}/ask", "--set", "on=2026-12-08", "--set", "by=carla", who="ben")
    done = planning.sop("complete", f"{run}/check", "--outcome", "approve", who="carla")
    assert (done.code, "whoever is named in ask.by may not do check" in done.err) == (8, True)
    planning.good("assign", run, "--role=content_reviewer=carla", "-m", "dora is ill")
    assert "carla: is named in a field that keeps people out of it" in planning.good("runs", "--blocked")
    planning.good("assign", run, "--role=content_reviewer=dora", "-m", "dora is back")
    planning.good("complete", f"{run}/check", "--outcome", "approve", who="dora")
    assert planning.sop("verify", run).code == 0


def test_an_exercise_is_started_by_a_run_that_is_none(planning: "Project") -> None:
    """The step with drill: true starts a drill, the one without a run that counts."""
    run = _begun(planning)
    planning.good("complete", f"{run}/ask", "--set", "on=2026-12-08", who="ben")
    planning.good("complete", f"{run}/check", "--outcome", "approve", who="dora")
    planning.good("complete", f"{run}.1/only")
    drills = [json.loads(planning.good("show", name, "--json"))["drill"] for name in (run, f"{run}.1", f"{run}.2")]
    assert drills == [False, True, False]
    assert planning.sop("verify", "--all").code == 0


def test_a_run_that_a_field_names_has_to_be_there(planning: "Project") -> None:
    """Of the SOP that the field says, at the start too; a near one is suggested, and one that is not theirs to read is not."""
    first = _begun(planning)
    small = planning.good("start", "small", "--title", "S", "--role=manager=ana").split()[1]
    secret = planning.good("start", "secret", "--title", "S", "--role=manager=dora", who="dora").split()[1]
    for wrong in ("PLN-7", small):
        done = planning.sop("start", "plan", "--title", "Two", *ROLES, "--set", f"after={wrong}")
        assert done.code == 2
        assert "error[SOP-F03]: after: expected a run of plan that exists and that you may read" in done.err
    assert f"did you mean {first}?" in planning.sop("start", "plan", "--title", "Two", *ROLES, "--set", "after=PLN-7").err
    run = _begun(planning, "--set", f"after={first}")
    for wrong in ("SEC-9", secret):
        done = planning.sop("complete", f"{run}/ask", "--set", "on=2026-12-08", "--set", f"based_on={wrong}", who="ben")
        assert (done.code, "based_on: expected a run that exists and that you may read" in done.err) == (2, True)
        assert f"did you mean {secret}" not in done.err
    planning.good("complete", f"{run}/ask", "--set", "on=2026-12-08", "--set", f"based_on={small}", who="ben")
    assert planning.sop("verify", "--all").code == 0
