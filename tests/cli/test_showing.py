"""What showing a run and its steps tells beside where they stand: notes, files, why work came back, items."""

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Project

ITEMS = """\
sop: places
version: 1.0.0
prefix: PLA
title: Places
purpose: Try items out.
scope: Nothing else.
owner: manager
roles: [manager, writer, clerk]
steps:
  - id: choose
    role: writer
    form:
      where: {type: multi_choice, options: [web, print], required: true}
  - id: places
    for_each: {place: choose.where}
    steps: [{id: post, role: clerk, form: {link: {type: text}}}]
  - id: close
    role: manager
"""


def sent_back(project: "Project") -> str:
    """A run whose draft came back once."""
    run = project.start()
    project.good("complete", f"{run}/draft", "--set", "text=x", "-m", "first", who="ben")
    for step in ("left_work", "right_work"):
        project.good("complete", f"{run}/{step}", "-m", "my part", who="carla")
    project.good("reject", f"{run}/review", "-m", "The date is missing", who="dora")
    return run


def test_a_task_says_why_it_came_back(project: "Project") -> None:
    """Who sent it back from where with which words; also behind the step it went back to, and not in a first round."""
    run = sent_back(project)
    assert "  sent back by dora from review: The date is missing\n" in project.good("show", f"{run}/draft", who="ben")
    back = json.loads(project.good("show", f"{run}/draft", "--json"))["sent_back"]
    assert (back["by"], back["from"], back["outcome"], back["note"]) == ("dora", "review", "reject", "The date is missing")
    project.good("complete", f"{run}/draft", "--set", "text=y", "-m", "with a date", who="ben")
    assert "sent back by dora from review: The date is missing" in project.good("show", f"{run}/left_work")
    first = project.start("Second")
    assert json.loads(project.good("show", f"{first}/draft", "--json"))["sent_back"] is None
    assert "sent back" not in project.good("show", f"{run}/draft", "--as-of", "0")


def test_notes_and_files_are_shown(project: "Project") -> None:
    """A run shows all of them, a step its own, the history their words and names; the past knows nothing of later ones."""
    run = project.start()
    (project.folder / "plan.txt").write_text("x", encoding="utf-8")
    project.good("comment", run, "-m", "On the whole")
    project.good("comment", f"{run}/draft", "-m", "On the draft", who="ben")
    project.good("attach", f"{run}/draft", "plan.txt", "-m", "for later", who="ben")
    whole = project.good("show", run)
    assert "Notes:\n" in whole
    assert "ana: On the whole\n" in whole
    assert "ben on draft: On the draft\n" in whole
    assert "ben on draft: plan.txt (sha256:" in whole.partition("Files:\n")[2]
    assert "for later" in whole
    step = project.good("show", f"{run}/draft")
    assert "On the draft" in step
    assert "plan.txt" in step
    assert "On the whole" not in step
    assert "Notes:" not in project.good("show", f"{run}/review")
    shown = json.loads(project.good("show", run, "--json"))
    assert [(note["by"], note["step"], note["text"]) for note in shown["notes"]] == [
        ("ana", None, "On the whole"), ("ben", "draft", "On the draft"),
    ]  # fmt: skip
    assert [(file["file"]["name"], file["note"]) for file in shown["files"]] == [("plan.txt", "for later")]
    assert "Notes:" not in project.good("show", run, "--as-of", "0")
    lines = project.good("history", run).splitlines()
    assert sum("On the draft" in line and "commented" in line for line in lines) == 1
    assert sum("plan.txt for later" in line and "attached" in line for line in lines) == 1


def test_roles_stand_in_the_order_of_the_definition(project: "Project") -> None:
    """However they were bound."""
    out = project.good(
        "start", "mini", "--title", "T", "--set", "topic=x", "--role", "content_reviewer=dora", "--role", "manager=ana",
        "--role", "content_creator=ben",
    )  # fmt: skip
    run = out.split()[1]
    assert "  manager: ana; content_creator: ben; content_reviewer: dora\n" in project.good("show", run)
    assert list(json.loads(project.good("show", run, "--json"))["roles"]) == ["manager", "content_creator", "content_reviewer"]


def test_a_step_of_items_lists_those_that_are_open(project: "Project") -> None:
    """Without a key the step says which items wait, as does the step around them; other tracks are no items."""
    (project.folder / ".sop/definitions/places.yaml").write_text(ITEMS, encoding="utf-8")
    roles = ("manager=ana", "writer=ben", "clerk=carla,dora")
    run = project.good("start", "places", "--title", "T", *(f"--role={role}" for role in roles)).split()[1]
    assert "  not open\n" in project.good("show", f"{run}/post")
    project.good("complete", f"{run}/choose", "--set", "where=web", "--set", "where=print", who="ben")
    addresses = [task["id"].partition("/")[2] for task in json.loads(project.good("show", run, "--json"))["open"]]
    assert len(addresses) == 2
    for step in ("post", "places"):
        assert f"  2 items open: {', '.join(addresses)}\n" in project.good("show", f"{run}/{step}")
    project.good("complete", f"{run}/{addresses[0]}", who="carla")
    assert f"  1 item open: {addresses[1]}\n" in project.good("show", f"{run}/post")
    assert project.sop("can", "carla", "complete", f"{run}/post").code == 3
    assert json.loads(project.good("show", f"{run}/post", "--json"))["open_items"] == [f"{run}/{addresses[1]}"]


def test_what_was_done_stands_in_the_order_it_was_done(project: "Project") -> None:
    """Not by the alphabet; at the same moment, as the definition has them."""
    run = sent_back(project)
    project.good("complete", f"{run}/draft", "--set", "text=y", "-m", "again", who="ben")
    done = json.loads(project.good("show", run, "--json"))["done"]
    assert [one["step"] for one in done] == ["left_work", "both", "right_work", "review", "draft"]
    assert [one["at"] for one in done] == sorted(one["at"] for one in done)


def test_items_are_shown_after_their_loop(project: "Project") -> None:
    """Who did each and what they filled in, by its own address, while the loop runs and once it is done; others are missing."""
    (project.folder / ".sop/definitions/places.yaml").write_text(ITEMS, encoding="utf-8")
    roles = ("manager=ana", "writer=ben", "clerk=carla,dora")
    run = project.good("start", "places", "--title", "T", *(f"--role={role}" for role in roles)).split()[1]
    project.good("complete", f"{run}/choose", "--set", "where=web", "--set", "where=print", who="ben")
    first, second = (task["id"] for task in json.loads(project.good("show", run, "--json"))["open"])
    project.good("complete", first, "--set", "link=one", who="carla")
    assert f"  {first.partition('/')[2]}  done by carla" in project.good("show", run)
    project.good("complete", second, "--set", "link=two", who="dora")
    for address, who, link in ((first, "carla", "one"), (second, "dora", "two")):
        name = address.partition("/")[2]
        assert f"  {name}  done by {who}" in project.good("show", run)
        assert f"  {name}  done by {who}: done\n" in project.good("show", f"{run}/post")
        text = project.good("show", address)
        assert text.startswith(address)
        assert f"  done by {who}: done\n" in text
        assert f"(text) = {link}\n" in text
        shown = json.loads(project.good("show", address, "--json"))
        assert (shown["done_by"], shown["outcome"], shown["values"]) == ([who], "done", {"link": link})
    assert project.good("show", f"{run}/places").splitlines()[2] == "  done"
    assert project.sop("show", f"{run}/post:none").code == 3
    project.good("rewind", f"{run}/choose", "-y", "-m", "other places")
    assert first.partition("/")[2] not in project.good("show", run)
    assert "  not open\n" in project.good("show", first)
