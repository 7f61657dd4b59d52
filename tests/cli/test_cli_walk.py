"""A longer way through a run, in commands: what people do to it out of order, and that its history still proves itself."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Project

LAUNCH = """\
sop: launch
version: 1.0.0
prefix: LAU
title: Launch a product page
purpose: Bring a product page out.
scope: The web shop.
owner: manager
roles: [manager, content_creator, content_reviewer, account_operator]
separate: [[write, check]]
inputs:
  product: {type: text, required: true}
  day: {type: date, required: true}
signals:
  paid: {form: {amount: {type: number, required: true}}}
permissions: {override: [manager]}
steps:
  - id: write
    title: Write the page
    role: content_creator
    form: {copy: {type: longtext, required: true}}
    due: 2 days
  - id: check
    title: Check the page
    approval: {role: content_reviewer, of: [write]}
    outcomes: {approve: next, reject: {to: write, reason: required, rounds: 3, then: end(given_up)}}
  - id: answer
    first:
      money: [{id: wait_paid, title: Wait for the money, wait: {signal: paid}}, {id: book, role: manager}]
      late: [{id: wait_late, wait: {for: 2 days}}, {id: dun, role: manager}]
  - id: posts
    for_each: {channel: "['weibo']"}
    open: true
    steps: [{id: post, title: Post it, role: account_operator, form: {url: {type: url}}}]
  - {id: film, title: Film it, role: content_creator, critical: studio}
  - {id: last, title: Close, role: manager}
"""
SECOND = LAUNCH.replace("1.0.0", "1.1.0").replace("- id: write", "- id: draft")
SECOND = SECOND.replace("to: write", "to: draft").replace("[write", "[draft")
CSV = """\
title,product,day,role.content_creator,role.content_reviewer,role.account_operator,lead
Charger,Charger 3,2026-12-01,"ben,carla",dora,gus,ana
Cable,,soon,ben,dora,gus,ana
"""


@pytest.fixture
def launch(project: "Project") -> "Project":
    """A project with the SOP ``launch``, a newer version of it beside, and two runs of the older."""
    (project.folder / ".sop" / "definitions" / "launch.yaml").write_text(LAUNCH, encoding="utf-8")
    (project.folder / "second.yaml").write_text(SECOND, encoding="utf-8")
    (project.folder / "runs.csv").write_text(CSV, encoding="utf-8")
    failed = project.sop("start", "launch", "--from-csv", "runs.csv")
    assert (failed.code, failed.out) == (5, "")
    assert "error[SOP-F01]: runs.csv:3: product is missing (text)" in failed.err
    assert "hint: the column product says it" in failed.err
    (project.folder / "runs.csv").write_text(CSV.replace("Cable,,soon", "Cable,Cable 2,2026-12-05"), encoding="utf-8")
    assert "LAU-2" in project.good("start", "launch", "--from-csv", "runs.csv")
    return project


def to_posts(launch: "Project") -> None:
    """``LAU-1`` has come to its for-each step."""
    for who, line in (
        ("carla", "complete LAU-1/write --set copy=Text"), ("dora", "complete LAU-1/check --outcome approve"),
        ("ana", "signal LAU-1 paid --set amount=12"), ("ana", "skip LAU-1/book -m cash"), ("gus", "add LAU-1/posts wechat"),
    ):  # fmt: skip
        launch.good(*line.split(), who=who)


def test_what_was_gone_back_from_is_decided_again_the_same(launch: "Project") -> None:
    """Steps that no longer count stand in the record in an order that whoever checks it comes to as well."""
    to_posts(launch)
    assert "no longer counts: answer, check, wait_paid" in launch.good("rewind", "LAU-1/check", "-m", "picture", "-n")
    launch.good("rewind", "LAU-1/check", "-m", "picture", "-y")
    launch.good("correct", "LAU-1/write", "--set", "copy=Better", "-m", "typo", who="carla")
    launch.good("complete", "LAU-1/check", "--outcome", "approve", who="dora")
    refused = launch.sop("correct", "LAU-1/write", "--set", "copy=Best", "-m", "typo", who="carla")
    assert "error[SOP-R17]" in refused.err
    assert "same answers" in launch.good("verify", "--all")


def test_a_run_with_a_critical_section_goes_over_with_a_task_in_hand(launch: "Project") -> None:
    """The step in hand is called otherwise in the new version, and what was taken is let go by the name it was taken under."""
    launch.good("claim", "LAU-1/write", who="carla")
    launch.good("publish", "second.yaml", "-m", "Draft is the word")
    first = launch.sop("migrate", "--all", "--sop", "launch", "--to", "1.1.0", "-n")
    assert (first.code, first.out.count("needs --map")) == (5, 2)
    done = launch.good("migrate", "--all", "--sop", "launch", "--to", "1.1.0", "--map", "write=draft", "-m", "Draft")
    assert done.count("migrated") == 2
    launch.good("complete", "LAU-1/draft", "--set", "copy=Text", who="carla")
    assert "same answers" in launch.good("verify", "--all")


def test_what_holds_a_run_up_is_said_with_who_and_why(launch: "Project") -> None:
    """The words of whoever blocked a task stand in the list, in the run and in the task; what is waited for where it is asked."""
    launch.good("block", "LAU-1/write", "-m", "No photos yet", who="ben")
    for line in ("runs --blocked", "show LAU-1"):
        assert "ben said that it is blocked: No photos yet" in launch.good(*line.split())
    assert "\n  blocked\n" in launch.good("show", "LAU-1/write")
    launch.good("unblock", "LAU-1/write", "-m", "They came", who="ben")
    to_posts(launch)
    launch.good("rewind", "LAU-1/answer", "-m", "not paid at all", "-y")
    assert "  waits for the signal paid\n" in launch.good("show", "LAU-1/wait_paid")
