"""``sop evidence``: what files a run has, and getting one out as it was put in."""

import json

from tests.cli.conftest import Project


def started(project: Project) -> str:
    """A run whose draft has a file, and that has another attached."""
    (project.folder / "brief.txt").write_text("what we want")
    (project.folder / "other.txt").write_text("beside it")
    project.good(
        "start", "mini", "--title", "T", "--set", "topic=x", "--role", "content_creator=ben", "--role", "content_reviewer=dora"
    )
    project.good("complete", "MIN-1/draft", "--set", "text=a", "--evidence", "brief=brief.txt", who="ben")
    project.good("attach", "MIN-1", "other.txt", "-m", "see")
    return "MIN-1"


def test_files_of_a_run_are_listed(project: Project) -> None:
    """Files of forms and attached ones, with who gave them."""
    run = started(project)
    items = json.loads(project.good("evidence", run, "--json"))["items"]

    assert [(i["name"], i["place"], i["who"]) for i in items] == [("brief.txt", "draft.brief", "ben"), ("other.txt", "", "ana")]
    assert "brief.txt" in project.good("evidence", f"{run}/draft")
    assert "other.txt" not in project.good("evidence", f"{run}/draft")


def test_file_comes_out_as_it_went_in(project: Project) -> None:
    """By name, by field, by the beginning of its SHA-256; never over what is there unless forced."""
    run = started(project)
    project.good("evidence", run, "brief", "-o", "copy.txt")
    again = project.sop("evidence", run, "brief.txt", "-o", "copy.txt")

    assert (project.folder / "copy.txt").read_text() == "what we want"
    assert again.code == 2
    assert "is there already" in again.err
    project.good("evidence", run, "brief.txt", "-o", "copy.txt", "--force")
    sha = json.loads(project.good("evidence", run, "--json"))["items"][1]["sha256"]
    assert project.process("evidence", run, sha[:8], "-o", "-").out == "beside it"


def test_unknown_or_changed_files_are_not_handed_out(project: Project) -> None:
    """A name that is not there, a place that cannot be written, content that is not what its name says."""
    run = started(project)

    assert project.sop("evidence", run, "nothing.txt").code == 3
    assert project.sop("evidence", run, "brief", "-o", "nowhere/copy.txt").code == 2
    stored = next(
        path for path in (project.folder / ".sop" / "evidence").rglob("*") if path.is_file() and path.read_text() == "what we want"
    )
    stored.chmod(0o644)
    stored.write_text("something else")
    damaged = project.sop("evidence", run, "brief", "-o", "copy.txt")
    assert damaged.code != 0
    assert not (project.folder / "copy.txt").exists()


def test_approval_shows_what_it_is_about(project: Project) -> None:
    """Whoever decides sees the content without looking for it."""
    run = started(project)
    for step in ("left_work", "right_work"):
        project.good("complete", f"{run}/{step}", who="ben")
    shown = project.good("show", f"{run}/review", who="dora")

    assert "To be approved: draft" in shown
    assert "text = a" in shown
