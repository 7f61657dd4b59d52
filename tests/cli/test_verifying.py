"""What ``sop verify`` says: what was proved, what was not looked at, what is gone and what is wrong."""

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Project


def test_a_value_that_is_gone_is_named(project: "Project") -> None:
    """A line for each, and a list for programs; a history is sound without it."""
    run = project.start()
    project.good("complete", f"{run}/draft", "--set", "text=x", who="ben")
    assert "!" not in project.good("verify", run)
    project.change("DELETE FROM sop_payload WHERE path = 'draft.text'")
    assert f"! {run} record 1: the value of draft.text is no longer kept" in project.good("verify", run).splitlines()
    value = json.loads(project.good("verify", run, "--json"))
    assert (value["sound"], value["erased"], value["gone"]) == (True, 1, [{"run": run, "seq": 1, "path": "draft.text"}])


def test_what_was_not_checked_is_not_called_good(project: "Project") -> None:
    """After a broken chain nothing else is looked at, and no level is ticked off."""
    run = project.start()
    project.change("DROP TRIGGER sop_history_no_update")
    project.change("UPDATE sop_history SET hash = zeroblob(32)")
    done = project.sop("verify", run, "--evidence")
    assert done.code == 5
    assert "✓" not in done.out
    assert [line for line in done.out.splitlines() if line.endswith(": not checked")] == [
        "! states: not checked", "! decisions: not checked", "! values: not checked", "! evidence files: not checked",
    ]  # fmt: skip
    assert done.out.splitlines()[-1].strip() == f"{run} not checked further"
    assert json.loads(project.sop("verify", run, "--json").out)["unread"] == [run]


def test_levels_that_checked_other_runs_say_so(project: "Project") -> None:
    """One broken run does not hide what was proved about the others."""
    first, second = project.start(), project.start("Second")
    project.change("DROP TRIGGER sop_history_no_update")
    project.change("UPDATE sop_history SET hash = zeroblob(32) WHERE run = ?", first)
    out = project.sop("verify", "--all").out
    assert "✓ state of 1 run equals the histories" in out
    assert f"{first} not checked further" in out
    assert f"{second} not checked further" not in out


def test_a_finding_about_a_whole_run_has_no_record(project: "Project") -> None:
    """There is no record -1."""
    run = project.start()
    project.change("UPDATE sop_counter SET next = 9")
    done = project.sop("verify", "--all")
    assert done.code == 5
    assert "record -1" not in done.out
    assert f"{run.partition('-')[0]}-2: the run is missing (head)" in done.out


def test_a_database_without_its_histories_is_damaged(project: "Project") -> None:
    """Not a fault of the program."""
    project.start()
    project.change("DROP TABLE sop_history")
    done = project.sop("verify", "--all")
    assert done.code == 1
    assert "SOP-S05" in done.err
