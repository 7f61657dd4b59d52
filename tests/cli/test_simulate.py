"""``sop simulate``: figures of runs that are only played."""

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from runners.cli import simulating

if TYPE_CHECKING:
    import pytest

    from tests.cli.conftest import Project

TEAM = "people:\n  max: {roles: [manager]}\n  kim: {roles: [content_creator]}\n  lou: {roles: [content_reviewer]}\n"


def test_figures_for_people_and_for_programs(project: "Project") -> None:
    """The lines say how long it takes, where it waits, who is busy; JSON holds the same, and nothing is written."""
    project.good("init")
    before = project.rows()
    shown = project.good("simulate", "mini", "--runs", "20")
    for words in ("mini 1.0.0: 20 runs, seed 7", "from start to end: median", "left_work", "Work by role:", "Work by person:"):
        assert words in shown
    found = json.loads(project.good("simulate", "mini", "--runs", "20", "--json"))
    assert found["runs"] == sum(one["runs"] for one in found["ends"]) == 20
    assert {one["step"] for one in found["steps"]} >= {"draft", "left_work", "right_work", "review"}
    rows = project.good("simulate", "mini", "--runs", "3", "--format", "csv").splitlines()
    assert rows[0].startswith("step,role,times_per_run")
    assert project.rows() == before


def test_people_and_durations_come_from_files(project: "Project") -> None:
    """Who plays and how long they take is what the files say; what nobody can do is said with its reason."""
    (project.folder / "team.yaml").write_text(TEAM, encoding="utf-8")
    (project.folder / "times.yaml").write_text("default: 1h\nsteps: {review: {outcomes: {approve: 1}}}\n", encoding="utf-8")
    given = ("simulate", "mini", "--runs", "5", "--people", "team.yaml", "--durations", "times.yaml", "--json")
    found = json.loads(project.good(*given))
    assert {one["person"] for one in found["people"]} == {"kim", "lou"}
    assert next(one for one in found["steps"] if one["step"] == "draft")["working_hours"] == 1.0
    (project.folder / "team.yaml").write_text(TEAM.replace("lou: {roles: [content_reviewer]}", "lou: {}"), encoding="utf-8")
    stuck = project.good("simulate", "mini", "--runs", "5", "--people", "team.yaml")
    assert "5 at review: SOP-R22 nobody can do review now (role content_reviewer)" in stuck


def test_slips_of_a_durations_file_have_their_place(project: "Project") -> None:
    """Each slip is a line with file, line and column; the call fails and says how many there are."""
    (project.folder / "times.yaml").write_text("default: soon\nsteps:\n  drft: 1h\n", encoding="utf-8")
    done = project.sop("simulate", "mini", "--durations", "times.yaml")
    assert done.code == 2
    assert "times.yaml:1:10: error[SOP-U04]: a length of time is expected here" in done.err
    assert "times.yaml:3:3: error[SOP-U04]: mini has no step" in done.err
    assert "did you mean draft?" in done.err
    assert "times.yaml cannot be used: 2 problems" in done.err


def test_the_same_seed_gives_the_same_bytes_in_every_process(project: "Project") -> None:
    """Two real processes, whose hashing differs, print the same bytes; another seed prints others."""

    def printed(seed: str, hashing: str) -> bytes:
        done = subprocess.run(
            [sys.executable, "-m", "runners.cli", "simulate", "mini", "--runs", "15", "--seed", seed, "--json"], cwd=project.folder,
            env={**project.environment("ana", None), "PYTHONHASHSEED": hashing}, capture_output=True, check=True, timeout=60,
        )  # fmt: skip
        assert done.stderr == b""  # no progress where nobody looks
        return done.stdout

    assert printed("3", "1") == printed("3", "2")
    assert printed("3", "1") != printed("4", "1")


def test_a_terminal_sees_how_far_it_is(project: "Project", capsys: "pytest.CaptureFixture[str]") -> None:
    """The bar counts up on one line and leaves nothing behind."""
    bar = simulating._Bar(200)
    for done in range(201):
        bar(done)
    bar.clear()
    told = capsys.readouterr().err
    assert "\r100 of 200 runs" in told
    assert told.count("\r") == 101 + 2
    assert told.endswith(" \r")


def test_lengths_are_said_for_people() -> None:
    """In words, as everywhere; a dash for what was never measured."""
    assert [simulating.in_hours(one) for one in (None, 0.5, 4.26, 60)] == [
        "-", "30 min", "4 h 16 min", "2 d 12 h",
    ]  # fmt: skip


PARENT = """\
sop: parent
version: 1.0.0
title: Parent
purpose: Try things out.
scope: Nothing else.
owner: manager
roles: [manager]
steps:
  - {id: other, run: kid, with: {parameters: {sla: "parameters.sla"}}}
parameters: {sla: {type: duration, default: 2h, source: a test, confidence: inference}}
"""
KID = """\
sop: kid
version: 1.0.0
title: Kid
purpose: Try things out.
scope: Nothing else.
owner: manager
roles: [manager]
parameters: {sla: {type: duration, required: true, source: a test, confidence: inference}}
steps:
  - {id: look, role: manager, due: $sla, outcomes: {done: end}}
"""


def test_a_called_file_with_errors_is_named(project: "Project") -> None:
    """A broken definition of a run that is waited for is said as that of the SOP itself would be, with its file and place."""
    folder = project.folder / ".sop" / "definitions"
    (folder / "parent.yaml").write_text(PARENT, encoding="utf-8")
    (folder / "kid.yaml").write_text(KID.replace("{done: end}", "{done: nowhere}"), encoding="utf-8")
    done = project.sop("simulate", "parent", "--runs", "2")
    assert (done.code, done.out) == (5, "")
    assert "kid.yaml:10:" in done.err
    assert '"nowhere"' in done.err
    (folder / "parent.yaml").write_text(PARENT.replace("run: kid,", "run: kid, detached: true,"), encoding="utf-8")
    assert "ended: done 2" in project.good("simulate", "parent", "--runs", "2")  # what begins beside it is left out


def test_a_due_that_a_required_parameter_decides_needs_a_default(project: "Project") -> None:
    """The parameter is named, and what helps; where another run gives the value, the runs are played."""
    folder = project.folder / ".sop" / "definitions"
    (folder / "parent.yaml").write_text(PARENT, encoding="utf-8")
    (folder / "kid.yaml").write_text(KID, encoding="utf-8")
    done = project.sop("simulate", "kid", "--runs", "2")
    assert (done.code, done.out) == (2, "")
    assert "a due of kid is the parameter sla, which has no default" in done.err
    assert "error[SOP-U03]" in done.err
    assert "give sla a default" in done.err
    found = json.loads(project.good("simulate", "parent", "--runs", "2", "--json"))
    assert found["ends"] == [{"end": "done", "runs": 2}]
    assert found["children"][0]["late_percent"] == 0.0
