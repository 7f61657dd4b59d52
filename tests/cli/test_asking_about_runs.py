"""What somebody asks about runs: may I, which are there, how did it stand; and what is told to who asks amiss."""

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Project


def test_can_about_a_step_to_come(project: "Project") -> None:
    """A step that is not open yet is told as such, with the role and what keeps the person from it already."""
    run = project.start()
    future = project.sop("can", "dora", "complete", f"{run}/review", "--explain")
    assert (future.code, future.out) == (5, f"no: {run}/review is not open yet (SOP-M01)\n")
    project.good("assign", run, "--role", "content_reviewer=ben,dora", "-m", "more hands")
    project.good("complete", f"{run}/draft", "--set", "text=x", who="ben")
    kept = project.sop("can", "ben", "approve", f"{run}/review", "--explain").out
    assert kept.startswith(f"no: {run}/review is not open yet (SOP-M01)\nno: ")
    assert "(SOP-D02)" in kept
    stranger = json.loads(project.sop("can", "carla", "claim", f"{run}/review", "--json").out)
    assert [reason["code"] for reason in stranger["reasons"]] == ["SOP-M01", "SOP-D01"]
    assert project.sop("can", "dora", "claim", f"{run}/review").out == "no\n"


def test_can_about_a_finished_step(project: "Project") -> None:
    """A step that is done names who did it; what is no task at all is still not there."""
    run = project.start()
    project.good("complete", f"{run}/draft", "--set", "text=x", who="ben")
    done = project.sop("can", "carla", "complete", f"{run}/draft", "--explain")
    assert (done.code, done.out) == (5, f"no: {run}/draft was finished by ben (SOP-C02)\n")
    assign = project.sop("can", "ben", "assign", f"{run}/draft", "--explain")
    assert "was finished by ben (SOP-C02)\n" in assign.out
    assert "(SOP-D04)" in assign.out
    for nothing in ("nothing", "both", "draft: x"):
        assert project.sop("can", "ben", "complete", f"{run}/{nothing}").code == 3
    project.good("cancel", run, "-m", "x", "--yes")
    assert "(SOP-C03)" in project.sop("can", "ben", "complete", f"{run}/publish", "--explain").out


def test_a_record_that_is_not_there(project: "Project") -> None:
    """A number beyond the end is refused as replay refuses it."""
    run = project.start()
    beyond = project.sop("show", run, "--as-of", "99")
    assert beyond.code == 3
    assert beyond.err == project.sop("replay", run, "--to", "99").err
    assert f"error[SOP-N07]: there is no record {run} 99" in beyond.err
    assert project.sop("show", run, "--as-of", "0").code == 0


def test_before_a_run_began(project: "Project") -> None:
    """A moment before the beginning says when the run began, and names the run in its hint."""
    run = project.start()
    early = project.sop("show", f"{run.lower()}/draft", "--as-of", "2020-01-01")
    assert early.code == 3
    assert f"error[SOP-N07]: {run} had not begun then; it began " in early.err
    assert f"hint: sop history {run} " in early.err


@pytest.mark.parametrize("other", ["--closed", "--all"])
def test_late_runs_are_open_runs(project: "Project", other: str) -> None:
    """What excludes each other is refused, in either order."""
    for flags in (("--overdue", other), (other, "--overdue")):
        done = project.sop("runs", *flags)
        assert done.code == 2
        assert f"--overdue and {other} exclude each other" in done.err
        assert "hint: " in done.err
    assert project.sop("runs", "--overdue", "--open").code == 0


def test_runs_of_an_sop_that_nobody_knows(project: "Project") -> None:
    """A misspelt SOP is no empty list; one without runs is, also where its file was not read yet."""
    wrong = project.sop("runs", "--sop", "minni")
    assert wrong.code == 3
    assert "error[SOP-N02]: there is no SOP minni" in wrong.err
    assert "did you mean mini?" in wrong.err
    assert project.sop("runs", "--sop", "mini").code == 0
    text = (project.folder / ".sop/definitions/mini.yaml").read_text(encoding="utf-8").replace("sop: mini", "sop: newer")
    (project.folder / ".sop/definitions/newer.yaml").write_text(text.replace("MIN", "NEW"), encoding="utf-8")
    assert project.sop("runs", "--sop", "newer").code == 0
