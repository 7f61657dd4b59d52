"""What runs do beside the ordinary course of work: people on call, going round and going back, runs of other SOPs."""

from typing import Any

import pytest

from engine.canonical import canonical_document, fingerprint
from engine.parse import read
from engine.procedure import Procedure
from runners.roster import read_roster
from runners.simulating import part
from runners.simulating.crew import of_roster
from runners.simulating.durations_file import read_durations
from runners.simulating.examples import Story, Told, stories
from runners.simulating.measuring import summary
from runners.simulation import Question, simulate

PEOPLE = "people: {ana: {roles: [manager]}, ben: {roles: [maker]}, eve: {roles: [checker]}}"
HEAD = """
version: 1.0.0
title: T
purpose: P
scope: S
owner: manager
roles: [manager, maker, checker]
"""
ROUND = "default: 1h\nhours: {from: '00:00', to: '24:00', days: all}"
"""People work day and night, an hour for everything."""


def procedure(text: str) -> Procedure:
    """A definition out of YAML, its head left out."""
    name, _, rest = text.lstrip().partition("\n")
    parsed = read(f"sop: {name}{HEAD}{rest}".encode(), name=f"{name}.yaml")
    assert parsed.definition, parsed.problems
    document = canonical_document(parsed.definition)
    return Procedure(document, fingerprint(document))


def played(*texts: str, durations: str = "{}", people: str = PEOPLE, runs: int = 20, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """What comes of runs of the first definition, which knows the others."""
    first, *others = (procedure(text) for text in texts)
    found, problems = read_durations(durations.encode(), first)
    assert found, problems
    roster, wrong = read_roster(people.encode())
    assert roster, wrong
    crew = of_roster(roster, "", "2026-01-05T00:00:00.000000Z")
    question = Question(first, crew, found, runs=runs, known={one.sop: one for one in others}, **more)
    return summary(simulate(question), [*first.steps])


def step(found: dict[str, Any], name: str) -> dict[str, Any]:
    """The figures of one step."""
    return next(one for one in found["steps"] if one["step"] == name)


ALARM = """alarm
steps:
  - {id: notice, role: maker, due: 10 min}
  - {id: decide, approval: {role: checker}, due: 1h after start, outcomes: {approve: next}}
"""


def test_whoever_is_on_call_does_what_is_urgent_at_any_hour() -> None:
    """An alarm is noticed at any hour by somebody who is there; who is called begins within ten minutes."""
    found = played(ALARM, runs=60)
    assert found["cycle_hours"]["most"] < 1
    assert step(found, "notice")["waiting_hours"] == 0.0
    assert 0.0 < step(found, "decide")["waiting_hours"] < 10 / 60
    assert found["late"] == {"percent": 0.0, "urgent_percent": 0.0}
    slow = played(ALARM, durations="on_call: {reacts: 3h}", runs=60)
    assert slow["late"]["urgent_percent"] > 20
    assert step(slow, "decide")["waiting_hours"] > 1


@pytest.mark.parametrize("nobody", ["nobody", "{due: 5 min}"])
def test_without_anybody_on_call_work_waits_for_the_morning(nobody: str) -> None:
    """What is not done when people go home is done the next working day, whatever its due; so nothing counts as urgent."""
    hours = "hours: {from: '09:00', to: '09:30'}\nsteps: {notice: 20 min, decide: 25 min}"
    found = played(ALARM, durations=f"on_call: {nobody}\n{hours}")
    assert step(found, "decide")["elapsed_hours"] > 23
    assert step(found, "decide")["late_percent"] == 100.0
    assert found["late"]["urgent_percent"] is None


def test_what_is_urgent_interrupts_other_work() -> None:
    """Somebody busy with something long does the urgent thing at once, and the long one takes longer by that."""
    both = """busy
steps:
  - id: both
    parallel:
      long: [{id: write, role: maker, due: 9 days}]
      short: [{id: rest, wait: {for: 1h}}, {id: stop, role: maker, due: 30 min}]
"""
    found = played(both, durations=f"{ROUND}\nsteps: {{write: 5h, stop: 20 min}}")
    assert step(found, "stop")["waiting_hours"] == 0.0
    assert step(found, "write")["elapsed_hours"] == pytest.approx(5.33, abs=0.01)
    apart = played(both, durations=f"{ROUND}\non_call: nobody\nsteps: {{write: 5h, stop: 20 min}}")
    assert (step(apart, "stop")["waiting_hours"], step(apart, "write")["elapsed_hours"]) == (4.0, 5.0)


def test_people_hurry_when_little_is_left_of_a_common_due() -> None:
    """Four steps due an hour after the start are all in time; each has only what the ones before it left."""
    steps = "".join(f"  - {{id: s{number}, role: maker, due: 1h after start}}\n" for number in range(4))
    found = played(f"chain\nsteps:\n{steps}", runs=100)
    works = [step(found, f"s{number}")["working_hours"] for number in range(4)]
    assert works == sorted(works, reverse=True)
    assert works[3] < works[0]
    assert found["late"]["percent"] < 5


def test_going_round_is_no_rework_and_going_back_is() -> None:
    """A cycle that is meant to go round is none; an outcome that needs a reason is, also where a decision then goes back."""
    weekly = """weekly
steps:
  - {id: plan, role: maker}
  - {id: post, role: maker, outcomes: {again: {to: plan, rounds: 5, then: next}}}
"""
    assert played(weekly)["rework"] == {"rounds_per_run": 0.0, "runs_with_rework": 0, "most": 0}
    assert step(played(weekly), "plan")["times_per_run"] == 6.0
    routed = """routed
steps:
  - {id: make, role: maker}
  - id: look
    parallel:
      a: [{id: one, approval: {role: checker}, outcomes: {approve: next, reject: {to: leave, reason: required}}}]
      b: [{id: two, approval: {role: manager}, outcomes: {approve: next, reject: {to: leave, reason: required}}}]
  - {id: back, decide: [{when: "one.outcome == 'reject'", to: make, rounds: 2, then: end(no)}, {else: next}]}
  - {id: show, role: maker}
"""
    found = played(routed, durations="steps: {one: {outcomes: {reject: 1}}, two: {outcomes: {approve: 1}}}")
    assert found["ends"] == [{"end": "no", "runs": 20}]
    assert found["rework"]["rounds_per_run"] == 6.0  # two rounds of three steps
    assert step(found, "make")["rework_per_run"] == 2.0


def test_a_round_that_is_meant_ends_the_rework_before_it() -> None:
    """What was sent back once and then goes round as it should is rework once only."""
    both = """both
steps:
  - {id: make, role: maker}
  - {id: check, approval: {role: checker}, outcomes: {approve: next, reject: {to: make, reason: required, rounds: 1, then: next}}}
  - {id: more, role: maker, outcomes: {again: {to: make, rounds: 3, then: end}}}
"""
    found = played(both, durations="steps: {check: {outcomes: {reject: 1}}}")
    assert step(found, "make")["times_per_run"] == 5.0
    assert step(found, "make")["rework_per_run"] == 1.0


PARENT = """parent
steps:
  - {id: prepare, role: maker}
  - {id: other, run: child, outcomes: {done: next, bad: end(bad)}}
  - {id: finish, role: checker}
"""
CHILD = """child
results: {count: look.count}
steps:
  - id: look
    role: checker
    form: {count: {type: number, required: true}}
    outcomes: {good: next, wrong: end(bad)}
"""


def test_runs_of_other_sops_are_played_by_the_same_people() -> None:
    """The child's hour is waited for, counts as work of its role, and its end leads where the parent says."""
    found = played(PARENT, CHILD, durations=ROUND, runs=50)
    assert step(found, "other")["waiting_hours"] == 1.0
    assert {one["role"]: one["hours_per_run"] for one in found["roles"]}["checker"] > 1.5
    (child,) = found["children"]
    assert (child["sop"], child["runs"], child["drawn"], child["median_hours"]) == ("child", 50, 0, 1.0)
    assert {one["end"]: one["runs"] for one in child["ends"]} == {
        {"done": "done", "bad": "bad"}[one["end"]]: one["runs"] for one in found["ends"]
    }


def test_what_a_file_says_of_a_child_run_is_not_played() -> None:
    """Whoever says how long it takes, or how it ends, is believed; so is an SOP that nobody knows."""
    told = played(PARENT, CHILD, durations=f"{ROUND}\nsteps: {{other: {{fixed: 1 day, outcomes: {{bad: 1}}}}}}")
    assert (told["children"], told["ends"]) == ([], [{"end": "bad", "runs": 20}])
    assert played(PARENT, durations=ROUND)["children"] == []


def test_enough_runs_of_another_sop_are_played_and_the_others_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where runs have their people for themselves, later ones take what came of an earlier one, its work included."""
    monkeypatch.setattr("runners.simulating.calls.ENOUGH", 10)
    found = played(PARENT, CHILD, durations=ROUND, runs=40)
    (child,) = found["children"]
    assert (child["runs"], child["drawn"]) == (10, 30)
    assert step(found, "other")["waiting_hours"] == 1.0
    everything = sum(one["hours_per_run"] for one in found["roles"])
    assert everything == pytest.approx(2.0 + step(found, "finish")["times_per_run"], abs=0.02)
    shared = played(PARENT, CHILD, durations=ROUND, runs=40, every=24 * 3_600)
    assert (shared["children"][0]["runs"], shared["children"][0]["drawn"]) == (40, 0)


def test_a_child_run_that_is_stuck_holds_up_its_parent() -> None:
    """The step of the parent and that of the child are both named; drawing from such runs is stuck as well."""
    people = "people: {ana: {roles: [manager]}, ben: {roles: [maker]}}"
    found = played(PARENT, CHILD, durations=ROUND, people=people, runs=150)
    assert found["ends"] == [{"end": "stuck", "runs": 150}]
    assert {one["step"] for one in found["stuck"]} == {"other > look", "other"}
    asked = CHILD.replace("steps:", "inputs: {size: {type: number, required: true}}\nsteps:", 1)
    refused = played(PARENT, asked, durations=ROUND)
    assert ("child > start", "SOP-F01") in {(one["step"], one["code"]) for one in refused["stuck"]}


def test_runs_that_wait_for_one_another_have_a_depth() -> None:
    """An SOP that runs itself is played three runs deep; what is deeper takes its time."""
    itself = "child\nsteps:\n  - {id: look, role: checker}\n  - {id: again, run: child}\n"
    found = played(PARENT.replace(", outcomes: {done: next, bad: end(bad)}", ""), itself, durations=ROUND, runs=3)
    assert found["children"][0]["runs"] == 3 * part.DEPTH
    assert found["ends"] == [{"end": "done", "runs": 3}]


def test_a_child_run_ends_with_what_waits_for_it() -> None:
    """A parent that goes on without the child cancels it, and one that is given up takes it along."""
    race = """race
steps:
  - id: first
    parallel:
      a: [{id: other, run: child}]
      b: [{id: quick, role: maker}]
    join: any
"""
    found = played(race, CHILD, durations=f"{ROUND}\nsteps: {{quick: 20 min}}")
    assert found["children"][0]["ends"] == [{"end": "cancelled", "runs": 20}]
    told = played(race, CHILD, durations=f"{ROUND}\nsteps: {{quick: 20 min, other: 1 day}}")
    assert told["cycle_hours"]["most"] == pytest.approx(0.33)
    late = played(PARENT, CHILD, durations=ROUND, until=90 * 60)
    assert late["ends"] == late["children"][0]["ends"] == [{"end": "unfinished", "runs": 20}]


def test_the_same_seed_gives_the_same_report_with_child_runs_and_calls() -> None:
    """Everything that is drawn is drawn from the seed: reactions, runs of other SOPs, which of them are taken again."""
    parent = PARENT.replace("role: maker}", "role: maker, due: 1h}")
    first, second = (played(parent, CHILD, runs=130) for _ in range(2))
    assert first == second
    assert first["children"][0]["drawn"] == 80
    assert played(parent, CHILD, runs=130, seed=8) != first


def test_what_happens_now_in_a_story_happens_now_in_a_run() -> None:
    """An instant near the start of a story stays as near to the start of the run; a later one keeps its weekday and hour."""
    told = stories(
        b"sop: small\npeople: {ana: {}}\nscenarios:\n  - {name: S, lead: ana, at: '2026-03-02T09:00:00Z', end: open, acts: ["
        b"{as: ana, do: see, set: {seen: '2026-03-02T08:55:00Z', event: '2026-03-20T18:00:00Z', day: 2026-03-02}}]}\n"
    )
    (story,) = told
    assert isinstance(story, Story)
    began = story.began.replace(month=1, day=7, hour=3)  # a Wednesday night
    fields = {"seen": {"type": "datetime"}, "event": {"type": "datetime"}, "day": {"type": "date"}}
    assert Told(story, began, []).values("see", fields) == {
        "seen": "2026-01-07T02:55:00Z", "event": "2026-01-23T18:00:00+00:00", "day": "2026-01-05",
    }  # fmt: skip


def test_examples_take_over_what_another_run_gives() -> None:
    """A story that speaks of its own brand speaks of the one that the run is about, so that its conditions hold."""
    child = """child
inputs: {brand: {type: text, required: true}}
results: {count: look.rows}
steps:
  - id: look
    role: checker
    form: {rows: {type: table, required: true, columns: {brand: {type: text, required: true}}}}
    outcomes: {good: {to: next, when: "look.rows.exists(r, r.brand == inputs.brand)"}}
"""
    told = stories(
        b"sop: child\npeople: {ana: {}}\nscenarios:\n  - {name: S, lead: ana, inputs: {brand: Nord}, end: open, acts: ["
        b"{as: ana, do: look, set: {rows: [{brand: Nord}, {brand: Other}]}}]}\n"
    )
    parent = PARENT.replace("run: child, outcomes: {done: next, bad: end(bad)}", "run: child, with: {brand: \"'Sued'\"}")
    assert played(parent, child, examples={"child": told})["ends"] == [{"end": "done", "runs": 20}]
    assert played(parent, child)["ends"] == [{"end": "stuck", "runs": 20}]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("on_call: ana", "a mapping is expected here"),
        ("on_call: {due: soon}", "a length of time is expected here"),
        ("on_call: {due: 2h, reacts: {min: 5 min, max: 1 min}}", "the shortest first"),
        ("on_call: {after: 2h}", "there is no key after here"),
    ],
)
def test_slips_in_who_is_on_call_are_shown(text: str, message: str) -> None:
    """With their line, as every other slip of the file."""
    _, problems = read_durations(text.encode(), procedure(ALARM))
    assert [problem.line for problem in problems] == [1]
    assert message in problems[0].message
