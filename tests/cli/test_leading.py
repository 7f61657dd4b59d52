"""A day of somebody who leads: what is said back names people and times as they are, and asks for nothing that cannot work."""

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Project


@pytest.fixture
def run(project: "Project") -> str:
    """A run that ana leads."""
    return project.start()


def test_whoever_gives_themselves_a_role_is_called_by_their_name(project: "Project", run: str) -> None:
    """Not by ``@me``, which is somebody else tomorrow."""
    said = project.good("assign", run, "--role", "content_creator=@me,ben", "-m", "carla is ill")
    assert said.splitlines()[0] == f"content_creator of {run} is held by ana, ben"


def test_a_time_to_come_is_a_length_from_now(project: "Project") -> None:
    """As ``-2d`` is two days ago, ``+3d`` is in three days; what is no time is answered with both."""
    away = json.loads(project.good("away", "ben", "--until", "+3d", "--json"))
    assert away["until_at"][:19] > away["from_at"][:19]
    listed = json.loads(project.good("away", "--json"))["items"]
    assert [item["handle"] for item in listed] == ["ben"]
    refused = project.sop("away", "ben", "--until", "3 days")
    assert (refused.code, "yesterday 17:00, -2d or +3d" in refused.err) == (2, True), refused.err


def test_what_would_only_be_is_said_so(project: "Project") -> None:
    """A dry run brings nobody back."""
    project.good("away", "ben", "--until", "+3d")
    assert project.good("away", "ben", "--back", "-n") == "ben would be back\n"
    assert len(json.loads(project.good("away", "--json"))["items"]) == 1
    assert project.good("away", "ben", "--back") == "ben is back\n"


def test_a_hint_is_a_command_that_works(project: "Project", run: str) -> None:
    """To give somebody a role that others hold needs a reason, and the hint has a place for it."""
    refused = project.sop("assign", f"{run}/draft", "--to", "dora")
    assert f'sop assign {run} --role content_creator=dora -m "…"' in refused.err
    missing = project.sop("assign", run, "--role", "content_creator=dora")
    assert (missing.code, "assign needs a reason" in missing.err) == (2, True), missing.err


def test_a_run_that_was_cancelled_is_cancelled_once_and_can_be_opened_again(project: "Project", run: str) -> None:
    """Who is asked to be sure hears what ends, not that it is for ever; what was cancelled did not end otherwise."""
    asked = project.sop("cancel", run, "-m", "x")
    assert (asked.code, f"everything that is open in {run} ends" in asked.err, "undone" in asked.err) == (2, True, False)
    project.good("cancel", run, "-m", "x", "-y")
    assert "· cancelled · lead ana" in project.good("show", run)
    project.good("reopen", f"{run}/draft", "-m", "x", "-y")


def test_names_are_meant_whatever_their_case(project: "Project", run: str) -> None:
    """BEN means ben, and DRAFT means draft: refused, since names are what they are, but suggested."""
    assert "did you mean ben?" in project.sop("assign", f"{run}/draft", "--to", "BEN").err
    assert f"did you mean {run}/draft?" in project.sop("show", f"{run}/DRAFT").err


@pytest.mark.parametrize("words", ["runs", "calendar", "inbox", "inbox --ahead", "runs --closed"])
def test_a_role_that_is_none_is_no_empty_list(project: "Project", run: str, words: str) -> None:
    """Nobody is told that nothing waits for a role that they misspelt; one that has nothing to do is an empty list."""
    refused = project.sop(*words.split(), "--role", "content_creatr")
    assert (refused.code, "there is no role content_creatr" in refused.err) == (3, True), refused
    assert "did you mean content_creator?" in refused.err
    assert project.sop(*words.split(), "--role", "legal").code == 0
    assert run


def test_what_was_said_to_be_blocked_stands_so_in_the_inbox_of_whoever_has_it(project: "Project", run: str) -> None:
    """Beside what is suspended; gone when nothing is in the way any more, and another task of the same run is not meant."""
    project.good("claim", f"{run}/draft", who="ben")
    other = project.start("Second")
    project.good("claim", f"{other}/draft", who="ben")
    project.good("block", f"{run}/draft", "-m", "no pen", who="ben")
    project.good("suspend", f"{other}/draft", "-m", "no time")
    listed = json.loads(project.good("inbox", "--json", who="ben"))["items"]
    assert {item["run"]: (item["blocked"], item["suspended"]) for item in listed} == {run: (True, False), other: (False, True)}
    assert "yours, blocked\n" in project.good("inbox", who="ben")
    project.good("unblock", f"{run}/draft", "-m", "a pen", who="ben")
    assert "blocked" not in project.good("inbox", who="ben")
