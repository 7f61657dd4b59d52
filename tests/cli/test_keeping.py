"""Work that came back, done once more without a terminal; and people by their handles in what machines read."""

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Project


@pytest.fixture
def run(project: "Project") -> str:
    """A run whose draft, with text, size, mood and a file, was sent back."""
    run = project.start()
    (project.folder / "brief.txt").write_text("x", encoding="utf-8")
    values = ("--set", "text=A draft", "--set", "size=3", "--set", "mood=loud", "--evidence", "brief=brief.txt")
    project.good("complete", f"{run}/draft", *values, who="ben")
    for step in ("left_work", "right_work"):
        project.good("complete", f"{run}/{step}", who="carla")
    project.good("reject", f"{run}/review", "-m", "once more", who="dora")
    return run


def values(project: "Project", run: str) -> dict[str, Any]:
    """What the draft holds."""
    found: dict[str, Any] = json.loads(project.good("show", f"{run}/draft", "--json"))["values"]
    return found


def test_keep_takes_what_is_not_given(project: "Project", run: str) -> None:
    """What is given replaces, what is given empty goes, everything else stays, files too."""
    before = values(project, run)
    project.good("complete", f"{run}/draft", "--keep", "--set", "size=4", "--set", "mood=", who="ben")
    assert values(project, run) == {"text": "A draft", "size": 4, "brief": before["brief"]}


def test_keep_alone_hands_in_the_same(project: "Project", run: str) -> None:
    """Without any value everything stays."""
    before = values(project, run)
    project.good("complete", f"{run}/draft", "--keep", who="ben")
    assert values(project, run) == before


def test_without_keep_a_form_starts_empty(project: "Project", run: str) -> None:
    """As in the first round, a required field is missing; and where nothing is to be kept, --keep finds nothing."""
    assert project.sop("complete", f"{run}/draft", "--set", "size=4", who="ben").code == 2
    project.good("complete", f"{run}/draft", "--set", "text=only this", who="ben")
    assert values(project, run) == {"text": "only this"}
    other = project.start("Second")
    empty = project.sop("complete", f"{other}/draft", "--keep", who="ben")
    assert empty.code == 2
    assert "SOP-F01" in empty.err


def test_machines_read_handles(project: "Project") -> None:
    """Owners of open tasks, and the people in what a refusal says, are called by their handles."""
    started = json.loads(
        project.good("start", "mini", "--title", "T", "--set", "topic=x", "--role", "content_creator=ben,carla", "--json")
    )
    run = started["run"]
    assert [task["owner"] for task in started["open"]] == [None]
    claimed = json.loads(project.good("claim", f"{run}/draft", "--json", who="ben"))
    assert [task["owner"] for task in claimed["open"]] == ["ben"]
    taken = json.loads(project.sop("claim", f"{run}/draft", "--json", who="carla").err)
    assert "p_" not in taken["message"]
    assert [reason["facts"]["by"] for reason in taken["details"]] == ["ben"]
    led = json.loads(project.sop("assign", f"{run}/draft", "--to", "carla", "-m", "x", "--json", who="dora").err)
    assert [reason["facts"]["lead"] for reason in led["details"] if reason["code"] == "SOP-D04"] == ["ana"]
    alien = json.loads(project.sop("claim", f"{run}/draft", "--json", who="dora").err)
    assert [reason["facts"]["person"] for reason in alien["details"] if reason["code"] == "SOP-D01"] == ["dora"]
    project.good("complete", f"{run}/draft", "--set", "text=x", "--json", who="ben")
    closed = json.loads(project.sop("complete", f"{run}/draft", "--set", "text=y", "--json", who="carla").err)
    assert [reason["facts"]["by"] for reason in closed["details"]] == ["ben"]
    assert json.loads(project.good("show", run, "--json"))["lead"] == "ana"
