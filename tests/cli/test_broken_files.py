"""A folder with files that cannot be used: the others go on, and each broken one is told of once, with its place."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Project

GOOD = """\
sop: other
version: 1.0.0
title: Other
purpose: To be broken.
scope: This test.
owner: manager
roles: [manager]
steps:
  - {id: look, role: manager}
"""
BROKEN = {
    "syntax.yaml": (b"sop: syntax\nsteps: [\n", ":3:1: error[SOP-L003]"),
    "key.yaml": (GOOD.replace("owner:", "ownr:").encode(), ":1:1: error[SOP-L021]"),
    "double.yaml": (GOOD.replace("scope:", "version: 2.0.0\nscope:").encode(), ":5:1: error[SOP-L008]"),
    "latin.yaml": (GOOD.replace("Other", "Ötzi").encode("latin-1"), ":3:8: error[SOP-L002]"),
    "empty.yaml": (b"", ":1:1: error[SOP-L006]"),
    "large.yaml": (b"#" * 300_000, ":1:1: error[SOP-L001]"),
    "child.yaml": (GOOD.replace("other", "child").replace("role: manager}", "run: nothing}").encode(), ":9:21: error[SOP-L081]"),
}


@pytest.fixture
def folder(project: "Project") -> Path:
    """The definitions of a project, with a file for each way to be broken, and things that are no files."""
    found = project.folder / ".sop" / "definitions"
    (found / "other.yaml").write_text(GOOD, encoding="utf-8")
    for name, (body, _) in BROKEN.items():
        (found / name).write_bytes(body)
    (found / "folder.yaml").mkdir()
    os.mkfifo(found / "pipe.yaml")
    (found / "gone.yaml").symlink_to(found / "nowhere")
    return found


def test_each_broken_file_is_told_of_once_with_its_place(project: "Project", folder: Path) -> None:
    """The list shows what can be started, and on the other stream the first error of each file, by its short name."""
    done = project.sop("list")
    assert done.code == 0
    assert {"mini", "other"} <= {line.split()[0] for line in done.out.splitlines()}
    lines = done.err.splitlines()
    for name, (_, place) in BROKEN.items():
        assert sum(f" .sop/definitions/{name}{place}" in line for line in lines) == 1, (name, done.err)
    for name in ("folder.yaml", "pipe.yaml", "gone.yaml"):
        assert sum(f"definitions/{name}: error[SOP-L002]: the file cannot be read" in line for line in lines) == 1, name
    assert "    1 more problem: sop lint .sop/definitions/key.yaml" in lines
    assert len(lines) == len(BROKEN) + 3 + 1
    assert len(list(folder.iterdir())) == len(BROKEN) + 5


@pytest.mark.usefixtures("folder")
def test_the_others_are_worked_with(project: "Project") -> None:
    """Starting another SOP and looking at the inbox say nothing of what is broken."""
    done = project.sop("start", "other", "--title", "Works", "--role=manager=ana")
    assert (done.code, done.err) == (0, "")
    inbox = project.sop("inbox")
    assert (inbox.code, inbox.err) == (0, "")
    assert "OTH-1/look" in inbox.out


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("command", [("start", "double", "--title", "x"), ("show", "double")])
def test_what_is_only_broken_cannot_be_asked_for(project: "Project", command: tuple[str, ...]) -> None:
    """It fails with the place of the error instead of saying that there is no such SOP."""
    done = project.sop(*command)
    assert done.code == 1
    assert "error[SOP-L008]: .sop/definitions/double.yaml:5:1: " in done.err
    assert "sop lint .sop/definitions/double.yaml" in done.err


def test_what_was_good_before_is_still_started(project: "Project", folder: Path) -> None:
    """Its file breaks, and the last good version goes on; whoever starts it is told."""
    project.good("list")
    (folder / "other.yaml").write_text(GOOD.replace("1.0.0", "1.1.0") + "  - {id: more}\n", encoding="utf-8")
    done = project.sop("start", "other", "--title", "Still", "--role=manager=ana")
    assert done.code == 0
    assert "other.yaml:10:5: error[SOP-L024]" in done.err
    assert "other stays what it was before: version 1.0.0" in done.err
    assert "version 1.0.0" in project.sop("show", "other").err
    assert "other.yaml" not in project.sop("start", "mini", "-n", "--title", "x", "--set", "topic=y").err


def test_lint_of_a_folder_goes_on_where_something_cannot_be_read(project: "Project", folder: Path) -> None:
    """What is no file is a finding like others, in every format; a file that was named and is not there ends it."""
    done = project.sop("lint")
    assert done.code == 5
    for name, (_, place) in BROKEN.items():
        assert f"{name}{place}" in done.out
    assert "pipe.yaml: error[SOP-L002]: the file cannot be read: it is no ordinary file" in done.out
    assert "gone.yaml: error[SOP-L002]: " in project.sop("lint", "--format", "full").out
    assert project.sop("lint", str(folder / "gone.yaml")).code == 3
