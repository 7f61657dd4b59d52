"""Runs played by the dice: through pure functions, with small procedures whose figures can be worked out by hand."""

from pathlib import Path
from typing import Any

import pytest

from engine.parse import read
from engine.procedure import Procedure
from runners.people import NotFound
from runners.roster import read_roster
from runners.simulating.crew import Crew, of_roster
from runners.simulating.durations_file import read_durations
from runners.simulating.examples import stories
from runners.simulating.measuring import summary
from runners.simulation import Question, simulate

DEFINITIONS = Path(__file__).parents[2] / "definitions"
AT = "2026-01-05T00:00:00.000000Z"
PEOPLE = """
people:
  ana: {roles: [manager]}
  ben: {roles: [maker]}
  eve: {roles: [checker]}
"""
HEAD = """
sop: small
version: 1.0.0
title: Small
purpose: To be played.
scope: Here.
owner: manager
roles: [manager, maker, checker]
"""
WORK = """
steps:
  - {id: make, role: maker, due: 4h}
  - id: check
    approval: {role: checker, of: [make]}
    outcomes: {approve: next, reject: {to: make, reason: required, rounds: 2, then: end(given_up)}}
"""
HOUR = 3_600


def crew(text: str = PEOPLE, unit: str = "") -> Crew:
    """People out of YAML."""
    roster, problems = read_roster(text.encode())
    assert roster, problems
    return of_roster(roster, unit, AT)


def procedure(steps: str) -> Procedure:
    """A definition out of YAML."""
    parsed = read((HEAD + steps).encode(), name="small.yaml")
    assert parsed.definition, parsed.problems
    return Procedure.compiled(parsed.definition)


def played(  # noqa: PLR0917 - a question
    steps: str = WORK,
    durations: str = "{}",
    people: str = PEOPLE,
    runs: int = 20,
    seed: int = 7,
    every: int = 0,
    until: int = 730 * 24 * 3_600,
) -> dict[str, Any]:
    """What comes of twenty runs."""
    made = procedure(steps)
    found, problems = read_durations(durations.encode(), made)
    assert found, problems
    question = Question(made, crew(people), found, runs=runs, seed=seed, every=every, until=until)
    return summary(simulate(question), [*made.steps])


def step(found: dict[str, Any], name: str) -> dict[str, Any]:
    """The figures of one step."""
    return next(one for one in found["steps"] if one["step"] == name)


def test_fixed_times_add_up() -> None:
    """Two steps of an hour, begun on a working morning: an hour of work each, and a day never longer than its hours."""
    found = played(
        durations="default: 1h\nhours: {from: '00:00', to: '24:00', days: all}\nsteps: {check: {outcomes: {approve: 1}}}"
    )
    assert found["cycle_hours"] == {"median": 2.0, "p90": 2.0, "least": 2.0, "most": 2.0}
    assert found["ends"] == [{"end": "done", "runs": 20}]
    assert found["rework"] == {"rounds_per_run": 0.0, "runs_with_rework": 0, "most": 0}
    assert found["roles"] == [
        {"role": "checker", "hours_per_run": 1.0, "share": 50.0},
        {"role": "maker", "hours_per_run": 1.0, "share": 50.0},
    ]
    assert step(found, "make") == {
        "step": "make", "role": "maker", "times_per_run": 1.0, "waiting_hours": 0.0, "working_hours": 1.0, "elapsed_hours": 1.0,
        "share": 50.0, "late_percent": 0.0, "rework_per_run": 0.0,
    }  # fmt: skip


def test_rejections_are_rework_until_the_rounds_are_used_up() -> None:
    """Whoever always rejects sends it back twice, and the run ends as the definition says."""
    found = played(durations="steps: {check: {outcomes: {reject: 1}}}")
    assert found["ends"] == [{"end": "given_up", "runs": 20}]
    assert step(found, "make")["rework_per_run"] == 2.0
    assert found["rework"] == {"rounds_per_run": 4.0, "runs_with_rework": 20, "most": 4}


def test_work_longer_than_its_due_is_late() -> None:
    """Six hours for what is due in four is late each time; what has no due is never said to be."""
    found = played(durations="steps: {make: 6h}")
    assert step(found, "make")["late_percent"] == 100.0
    assert step(found, "check")["late_percent"] is None


def test_nights_and_weekends_are_not_worked() -> None:
    """Two working days take more than one night on the clock, and never less work than was asked for."""
    found = played(durations="steps: {make: 2 days, check: {fixed: 1h, outcomes: {approve: 1}}}")
    assert step(found, "make")["working_hours"] == 18.0
    assert step(found, "make")["elapsed_hours"] >= 18 + 15
    assert found["cycle_hours"]["least"] >= 19 + 15


def test_one_task_at_a_time_makes_others_wait() -> None:
    """One person with two branches does one after the other; two people do them at once."""
    both = "steps:\n  - {id: both, parallel: {a: [{id: one, role: maker}], b: [{id: two, role: maker}]}}\n"
    clock = "default: 2h\nhours: {from: '00:00', to: '24:00', days: all}"
    alone = played(both, clock)
    assert alone["cycle_hours"]["median"] == 4.0
    assert step(alone, "two")["waiting_hours"] == 2.0
    together = played(both, clock, PEOPLE + "  flo: {roles: [maker]}\n")
    assert together["cycle_hours"]["median"] == 2.0
    assert [one["hours_per_run"] for one in together["people"]] == [2.0, 2.0]


def test_runs_that_share_their_people_wait_for_one_another() -> None:
    """A run an hour, with two hours of work each, makes a queue; runs apart have none."""
    one = "steps:\n  - {id: make, role: maker}\n"
    clock = "default: 2h\nhours: {from: '00:00', to: '24:00', days: all}"
    assert played(one, clock)["cycle_hours"]["most"] == 2.0
    assert played(one, clock, every=HOUR)["cycle_hours"]["most"] == 2.0 + 19


def test_separation_is_held_and_told_where_nobody_is_left() -> None:
    """One person for what two must do gets stuck, with the step, the code and the reason; a second one helps."""
    apart = "separate: [[make, check]]\nsteps:\n  - {id: make, role: maker}\n  - {id: check, role: maker}\n"
    found = played(apart)
    assert found["ends"] == [{"end": "stuck", "runs": 20}]
    assert found["ended"] == 0
    assert found["cycle_hours"]["median"] is None
    assert {(one["step"], one["code"]) for one in found["stuck"]} == {("check", "SOP-R22"), ("check", "SOP-D12")}
    assert played(apart, people=PEOPLE + "  flo: {roles: [maker]}\n")["ends"] == [{"end": "done", "runs": 20}]


def test_whoever_is_needed_later_is_kept_free() -> None:
    """Of two makers, the one who alone can check does not make, so that no run gets stuck."""
    people = "people: {ana: {roles: [manager]}, bea: {roles: [maker, checker]}, zoe: {roles: [maker]}}"
    found = played("separate: [[make, check]]\n" + WORK.lstrip("\n"), people=people)
    assert "stuck" not in {one["end"] for one in found["ends"]}


def test_a_condition_that_nothing_satisfies_is_named() -> None:
    """The step, the code and the condition are said of a form that cannot be passed."""
    never = (
        "steps:\n  - {id: make, role: maker, form: {n: {type: number, max: 9}}, outcomes: {done: {to: next, when: make.n > 9}}}\n"
    )
    found = played(never)
    assert found["ends"] == [{"end": "stuck", "runs": 20}]
    assert [(one["step"], one["code"], one["runs"]) for one in found["stuck"]] == [("make", "SOP-R01", 20)]
    assert "make.n > 9" in found["stuck"][0]["why"]


def test_values_are_tried_until_a_condition_holds() -> None:
    """A condition that one value in a thousand satisfies is met: numbers that it compares with are tried."""
    rare = (
        "steps:\n  - id: make\n    role: maker\n    form: {n: {type: number, max: 100000, required: true}, ok: {type: bool}}\n"
        "    outcomes: {done: {to: next, when: make.n == 4711 && make.ok}}\n"
    )
    assert played(rare)["ends"] == [{"end": "done", "runs": 20}]


def test_every_type_of_field_is_filled_in() -> None:
    """A form with one of each, all required, is taken."""
    kinds = {
        "text": "min: 12, max: 20", "longtext": "", "number": "min: 3", "percent": "", "money": "currency: EUR", "rating": "",
        "date": "", "datetime": "", "duration": "", "bool": "", "choice": "options: [a, b]",
        "multi_choice": "options: [a, b, c], min: 2", "url": "", "file": "", "user": "", "users": "min: 2", "run": "",
        "checklist": "items: [a, b]", "table": "min: 2, columns: {a: {type: text, required: true}, b: {type: user}}",
    }  # fmt: skip
    form = "".join(f"      {kind}_f: {{type: {kind}, required: true{', ' * bool(more)}{more}}}\n" for kind, more in kinds.items())
    form += "      coded: {type: text, pattern: '[A-Z]{3}', required: true}\n      links: {type: url, many: true, required: true}\n"
    form += "      sum: {type: number, value: 'all.number_f + 1'}\n      size: {type: number, default: 4}\n"
    assert played(f"steps:\n  - id: all\n    role: maker\n    form:\n{form}")["ends"] == [{"end": "done", "runs": 20}]


def test_waits_signals_and_child_runs_take_their_time() -> None:
    """What waits for no person counts as waiting, for as long as the file says; ends of a child run lead where they should."""
    outside = """
signals: {paid: {title: Paid, form: {amount: {type: money, currency: EUR, required: true}}}}
steps:
  - {id: rest, wait: {for: 3h}}
  - {id: money, wait: {signal: paid}}
  - {id: other, run: unknown_here, outcomes: {done: next, failed: end(failed)}}
  - {id: make, role: maker}
"""
    times = "steps: {other: {fixed: 1 day, outcomes: {failed: 1}}}\nsignals: {paid: {min: 5h, max: 5h}}"
    found = played(outside, times)
    assert [step(found, name)["waiting_hours"] for name in ("rest", "money", "other")] == [3.0, 5.0, 24.0]
    assert found["ends"] == [{"end": "failed", "runs": 20}]
    never = played(outside, "signals: {paid: never}")
    assert never["stuck"] == [{"step": "money", "code": "", "why": "it waits for paid, which never comes", "runs": 20}]


def test_runs_that_take_too_long_are_given_up() -> None:
    """After the time that was set, a run counts as unfinished and its length as nothing."""
    found = played(durations="steps: {make: 5 days}", until=24 * HOUR)
    assert found["ends"] == [{"end": "unfinished", "runs": 20}]
    assert found["cycle_hours"]["most"] is None


def test_a_run_that_goes_in_circles_is_given_up() -> None:
    """A loop without an end does not go on for ever."""
    circle = "steps:\n  - {id: make, role: maker, outcomes: {again: make, done: next}}\n"
    found = played(circle, "steps: {make: {outcomes: {again: 1}}}", runs=1, until=10**9)
    assert found["ends"] == [{"end": "unfinished", "runs": 1}]


def test_items_quorums_and_open_lists_are_played() -> None:
    """Items run side by side, several voices are given by several people, and an open list is closed when its items are done."""
    several = """
inputs: {places: {type: multi_choice, options: [web, print], required: true, min: 2}}
steps:
  - id: each
    for_each: {place: inputs.places}
    open: true
    steps: [{id: post, role: maker, critical: desk}]
  - {id: agree, approval: {role: checker, quorum: 2, of: [each]}, outcomes: {approve: next, reject: end(no)}}
"""
    people = PEOPLE + "  flo: {roles: [checker]}\n"
    found = played(several, "steps: {agree: {outcomes: {approve: 1}}}", people)
    assert found["ends"] == [{"end": "done", "runs": 20}]
    assert step(found, "post")["times_per_run"] == 2.0
    assert step(found, "agree")["times_per_run"] == 1.0


def test_escalations_come_by_themselves() -> None:
    """What nobody holds goes to whom the definition escalates it."""
    late = "steps:\n  - {id: make, role: maker, due: 1h, escalate: [{after: 1h, to: manager}]}\n"
    found = played(late, people="people: {ana: {roles: [manager]}}")
    assert found["ends"] == [{"end": "done", "runs": 20}]
    assert step(found, "make")["late_percent"] == 100.0
    assert [one["person"] for one in found["people"]] == ["ana"]


def test_the_seed_decides_everything() -> None:
    """The same seed gives the same figures, another one others."""
    assert played(seed=1) == played(seed=1)
    assert played(seed=1) != played(seed=2)


def test_units_have_their_own_people() -> None:
    """Who holds a role in one unit only plays there; a unit that is not there is said to be none."""
    text = "units: {north: {model: decentralised}}\npeople: {ana: {roles: [manager, {role: maker, unit: north}]}}"
    assert set(crew(text).roles) == {"manager"}
    assert set(crew(text, "north").roles) == {"maker"}
    with pytest.raises(NotFound):
        crew(text, "south")


@pytest.mark.parametrize("name", sorted(path.stem for path in DEFINITIONS.glob("*.yaml") if b"\nsteps:" in path.read_bytes()))
def test_shipped_sops_can_be_played(name: str) -> None:
    """Every SOP that comes along gets to an end with the sample people, by the examples of its scenarios."""
    parsed = read((DEFINITIONS / f"{name}.yaml").read_bytes(), name=name)
    assert parsed.definition
    made = Procedure.compiled(parsed.definition)
    told = stories((DEFINITIONS / "scenarios" / f"{name}.scenario.yaml").read_bytes())
    people = crew((DEFINITIONS / "people.example.yaml").read_text(encoding="utf-8"))
    found = summary(simulate(Question(made, people, runs=5, stories=told)), [*made.steps])
    assert found["ended"] >= 4, found["stuck"]


def test_stories_that_cannot_be_read_are_no_examples() -> None:
    """A broken scenario file tells nothing here; `sop test` says what is wrong with it."""
    assert stories(b"sop: [") == ()
    assert stories(b"sop: small") == ()
