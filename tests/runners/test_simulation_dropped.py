"""Runs of other SOPs that whoever asked for them does not wait for any more."""

import pytest

from tests.runners.test_simulation_course import CHILD, ROUND, played, step


def test_a_child_run_that_is_cancelled_as_it_is_requested_never_begins() -> None:
    """A parallel step that one empty branch already decides goes on; no run of the other SOP is played, known or not."""
    race = """race
steps:
  - id: both
    parallel:
      x: [{id: other, run: child}]
      y: [{id: never, role: manager, when: "1 == 2"}]
    join: any
  - {id: finish, role: maker}
"""
    for known in ((CHILD,), ()):
        found = played(race, *known, durations=ROUND)
        assert (found["ends"], found["children"], found["stuck"]) == ([{"end": "done", "runs": 20}], [], [])


def test_a_child_run_that_nobody_waits_for_any_more_does_not_begin() -> None:
    """What lets the parent go on at the very instant at which the child was requested leaves no run behind."""
    race = """race
steps:
  - id: both
    parallel:
      x: [{id: rest, wait: {for: 1h}}, {id: other, run: child}]
      y: [{id: sleep, wait: {for: 1h}}]
    join: any
  - {id: finish, role: checker}
"""
    found = played(race, CHILD, durations=ROUND, people="people: {ana: {roles: [manager]}, ben: {roles: [maker]}}")
    assert found["children"] == []
    assert {one["step"] for one in found["stuck"]} == {"finish"}


def test_a_drawn_run_that_is_dropped_counts_the_work_done_until_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """A parent that goes on after three quarters of the time has three quarters of the work; one that waits has all of it."""
    monkeypatch.setattr("runners.simulating.calls.ENOUGH", 10)
    race = """race
inputs: {fast: {type: bool, required: true}}
steps:
  - id: first
    parallel:
      a: [{id: other, run: child}]
      b: [{id: slow, wait: {for: 5h}, when: "!inputs.fast"}, {id: quick, wait: {for: 90 min}}]
    join: any
"""
    child = "child\nsteps:\n  - {id: one, role: checker}\n  - {id: two, role: checker}\n"
    found = played(race, child, durations=ROUND, runs=60)
    (other,) = found["children"]
    played_and_dropped = next(one["runs"] for one in other["ends"] if one["end"] == "cancelled")
    dropped = round(60 * step(found, "quick")["times_per_run"]) - played_and_dropped
    assert (other["runs"], other["drawn"]) == (10, 50)
    assert 0 < dropped < 50
    assert found["roles"][0]["hours_per_run"] == pytest.approx(2 - dropped / 2 / 60, abs=0.01)
