"""The main journeys, with real processes: a lead, two assignees, a reviewer, an auditor."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Project


def test_a_run_goes_from_start_to_verified_end(project: "Project") -> None:
    """A lead starts a run, people do their parts, work goes back once, and an auditor verifies it all."""
    brief = project.folder / "brief.pdf"
    brief.write_bytes(b"%PDF-1.7 the brief")
    started = project.process(
        "start", "mini", "--title", "Spring launch", "--role", "manager=ana", "--role", "content_creator=ben,carla",
        "--role", "content_reviewer=dora", "--set", "topic=Spring", "--set", "budget=20000",
    )  # fmt: skip
    assert (started.code, started.err) == (0, "")
    assert started.out.startswith("Started MIN-1  mini 1.0.0")

    assert "MIN-1/draft" in project.process("inbox", who="ben").out
    assert "Yours: MIN-1/draft" in project.process("claim", "MIN-1/draft", who="ben").out
    taken = project.process("claim", "MIN-1/draft", who="carla")
    assert taken.code == 6
    assert "error[SOP-C01]: MIN-1/draft was claimed by ben" in taken.err

    done = project.process(
        "complete", "MIN-1/draft", "--set", "text=A first draft", "--set", "size=3", "--evidence", "brief=./brief.pdf",
        "-m", "ready",
        who="ben",
    )  # fmt: skip
    assert done.code == 0
    assert "evidence brief  brief.pdf  18 B  sha256:" in done.out
    for step in ("left_work", "right_work"):
        assert project.process("complete", f"MIN-1/{step}", who="carla").code == 0

    separated = project.process("complete", "MIN-1/review", "--outcome", "approve", who="ben")
    assert separated.code == 8
    assert "SOP-D01" in separated.err
    back = project.process("reject", "MIN-1/review", "--to", "draft", "-m", "The date is missing", who="dora")
    assert back.code == 0
    assert "→ draft   for ben" in back.out
    assert "round 2" in back.out

    assert project.process("complete", "MIN-1/draft", "--set", "text=With a date", who="ben").code == 0
    for step in ("left_work", "right_work"):
        assert project.process("complete", f"MIN-1/{step}", who="carla").code == 0
    assert project.process("complete", "MIN-1/review", "--outcome", "approve", who="dora").code == 0
    assert "MIN-1 has ended: done" in project.process("complete", "MIN-1/publish", who="ben").out

    history = json.loads(project.process("history", "MIN-1", "--json").out)
    assert [item["command"] for item in history["items"]].count("complete") == 10
    assert any(item["refused"] for item in history["items"])
    verified = project.process("verify", "--all", "--evidence", who="uma")
    assert verified.code == 0, verified
    assert "1 evidence file read again" in verified.out
    assert "equals the stored state" in project.process("replay", "MIN-1").out


def test_the_past_can_be_asked_for(project: "Project") -> None:
    """--as-of shows a run as it stood after a record, and lists as they were at an instant."""
    run = project.start()
    project.good("complete", f"{run}/draft", "--set", "text=x", who="ben")
    assert json.loads(project.good("show", run, "--as-of", "0", "--json"))["open"][0]["step"] == "draft"
    assert {task["step"] for task in json.loads(project.good("show", run, "--json"))["open"]} == {"left_work", "right_work"}
    assert json.loads(project.good("inbox", "--as-of", "-1d", "--json", who="ben"))["items"] == []
    assert json.loads(project.good("runs", "--all", "--as-of", "yesterday", "--json"))["items"] == []
    then = json.loads(project.good("runs", "--as-of", "tomorrow", "--json"))["items"]
    assert [item["id"] for item in then] == [run]


def test_a_dry_run_says_what_would_happen_and_changes_nothing(project: "Project") -> None:
    """--dry-run of every writing command leaves the database as it was."""
    run = project.start()
    file = project.folder / "a.txt"
    file.write_text("x", encoding="utf-8")
    people = project.folder / "people.yaml"
    people.write_text("people: {yan: {name: Yan}}", encoding="utf-8")
    before = project.rows()
    commands = [
        ("ana", ["start", "mini", "--title", "x", "--set", "topic=y"]),
        ("ben", ["claim", f"{run}/draft"]),
        ("ben", ["complete", f"{run}/draft", "--set", "text=x", "--evidence", f"brief={file}"]),
        ("ben", ["comment", run, "-m", "hello"]),
        ("ben", ["attach", run, str(file)]),
        ("ana", ["assign", f"{run}/draft", "--to", "carla"]),
        ("ana", ["assign", run, "--role", "content_creator=gus", "-m", "help"]),
        ("ana", ["cancel", run, "-m", "enough"]),
    ]
    for who, arguments in commands:
        done = project.sop(*arguments, "--dry-run", who=who)
        assert done.code == 0, (arguments, done)
        assert "Would be: " in done.out
        assert "Nothing was changed" in done.err
    for arguments in (["people", "add", "zoe", "Zoe"], ["people", "import", str(people)]):
        done = project.sop(*arguments, "--dry-run")
        assert done.code == 0
        assert "Nothing was changed" in done.err
    assert project.rows() == before
    assert not (project.folder / ".sop" / "evidence").exists()
    project.change("UPDATE sop_timer SET fire_at = '2020-01-01T00:00:00.000000Z'")
    due = project.rows()
    assert f"{run}/draft  a reminder is due" in project.good("tick", "--dry-run")
    assert project.rows() == due


def test_the_same_command_twice_is_done_once(project: "Project") -> None:
    """A start repeated within the window, or under the same key, does not start a second run."""
    first = project.start("Twice")
    again = project.sop(
        "start", "mini", "--title", "Twice", "--set", "topic=Spring", "--role=manager=ana", "--role=content_creator=ben,carla",
        "--role=content_reviewer=dora",
    )  # fmt: skip
    assert again.code == 0
    assert again.out.startswith(f"Already done: Started {first}")
    key = ["--idempotency-key", "my-key"]
    one = json.loads(project.good("comment", first, "-m", "x", *key, "--json"))
    two = json.loads(project.good("comment", first, "-m", "x", *key, "--json"))
    assert (one["repeated"], two["repeated"], one["seq"]) == (False, True, two["seq"])
    other = project.sop("comment", first, "-m", "something else", *key)
    assert other.code == 6, other


def test_the_lead_can_change_and_end_things(project: "Project") -> None:
    """Assigning, binding, giving back, cancelling a branch and the run, each with its reason."""
    run = project.start()
    project.good("assign", f"{run}/draft", "--to", "carla")
    assert project.sop("assign", f"{run}/draft", "--to", "ben").code == 2  # a reason is needed to take it from somebody
    project.good("assign", f"{run}/draft", "--to", "ben", "-m", "carla is ill")
    project.good("unclaim", f"{run}/draft", who="ben")
    project.good("assign", run, "--role", "content_creator=ben", "--role", "manager=ana,leo", "-m", "smaller")
    project.good("complete", f"{run}/draft", "--set", "text=x", who="ben")
    assert "left_work" in project.good("show", run)
    project.good("cancel", f"{run}/both.left", "-m", "not needed", "--yes")
    assert "left_work  " not in project.good("show", run).partition("Done:")[0]
    project.good("cancel", run, "-m", "not needed", "--yes")
    assert project.sop("claim", f"{run}/right_work", who="ben").code == 6
    assert "cancelled" in project.good("runs", "--closed")


def test_permission_is_explained(project: "Project") -> None:
    """`sop can` says yes or no by its exit code, and why not."""
    run = project.start()
    yes = project.sop("can", "ben", "complete", f"{run}/draft", "--explain")
    assert (yes.code, yes.out) == (0, "yes\n")
    no = project.sop("can", "dora", "complete", f"{run}/draft", "--explain")
    assert no.code == 5
    assert no.out == f"no: dora does not hold the role content_creator, which {run}/draft needs (SOP-D01)\n"
    assert project.sop("can", "@me", "cancel", run, who="ana").code == 0


def test_tick_reminds_once(project: "Project") -> None:
    """A due timer elapses at the first tick and at no later one."""
    run = project.start()
    project.change("UPDATE sop_timer SET fire_at = '2020-01-01T00:00:00.000000Z'")
    first = json.loads(project.good("tick", "--json"))["items"]
    assert [(item["id"], item["what"]) for item in first] == [(f"{run}/draft", "reminded")]
    assert json.loads(project.good("tick", "--json"))["items"] == []


def test_init_is_safe_twice(project: "Project") -> None:
    """A second init changes no byte of what is there."""

    def files() -> dict[str, bytes]:
        return {str(p): p.read_bytes() for p in project.folder.rglob("*") if p.is_file() and "sop.db" not in p.name}

    project.good("init")  # the copy of a project has files of other paths to take in
    before, rows = files(), project.rows()
    again = project.sop("init")
    assert again.code == 0
    assert again.out.startswith("Everything is there already")
    assert (files(), project.rows()) == (before, rows)


def test_init_makes_a_project_that_works_at_once(tmp_path: Path, project: "Project") -> None:
    """An empty folder, one command, and an SOP can be started."""
    fresh = type(project)(tmp_path / "fresh")
    fresh.folder.mkdir()
    made = fresh.process("init", who="")
    assert made.code == 0, made
    assert (fresh.folder / ".vscode" / "settings.json").exists()
    listed = {item["sop"] for item in json.loads(fresh.process("list", "--json").out)["items"]}
    assert {"strategy", "audit", "campaign", "influencer", "crisis"} <= listed
    assert fresh.process("start", "crisis", "--title", "Drill", "--drill").code == 0


def test_people_come_from_a_file_or_one_by_one(project: "Project") -> None:
    """People are added, changed and imported; a file with mistakes takes in nobody and names every place."""
    project.good("people", "add", "zoe", "Zoë Ångström", "--role", "content_creator", "--email", "zoe@example.org")
    assert "Changed zoe" in project.good("people", "add", "zoe", "Zoë B")
    zoe = next(item for item in json.loads(project.good("people", "--json"))["items"] if item["handle"] == "zoe")
    assert (zoe["name"], zoe["roles"], zoe["email"]) == ("Zoë B", ["content_creator"], "zoe@example.org")
    before = project.rows()
    bad = "people:\n  Zoe: {name: X}\n  yan: {nam: Y, roles: [Big]}\nteams:\n  t: {members: [nobody]}\n"
    refused = project.sop("people", "import", "-", stdin=bad)
    assert refused.code == 2
    for place in ("-:2:3: ", "-:3:14: ", "-:3:25: ", "-:5:17: "):
        assert place in refused.err, refused.err
    assert project.rows() == before
    right = "people: {yan: {name: Yan}, wu: {}}\nteams: {t: {members: [wu]}}\n"
    assert "2 people added" in project.good("people", "import", "-", stdin=right)
