"""The plain forms of daily commands: the same output, errors and exit codes as through click."""

import re
from typing import TYPE_CHECKING

import pytest

from runners.cli import plain
from runners.cli.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Project

COMMANDS = [
    ["inbox"], ["inbox", "--json"], ["--json", "inbox"], ["--as", "dora", "inbox"], ["inbox", "--as", "ben"],
    ["--as", "nobody_here", "inbox"], ["show", "MIN-1"], ["show", "MIN-1", "--json"], ["show", "MIN-1/draft"], ["show", "min-1"],
    ["show", "MIN-9"], ["show", "MIN-1/nothing"], ["show", "mini"], ["show", "nothing"], ["show", "MIN-1/"],
    ["claim", "MIN-1/draft"], ["--as", "dora", "claim", "MIN-1/draft"], ["claim", "MIN-1"], ["claim", "MIN-1/nothing", "--json"],
    ["complete", "MIN-1/draft"], ["complete", "MIN-1/draft", "--set", "text"], ["complete", "MIN-1/draft", "--set", "size=x"],
    ["complete", "MIN-1/draft", "--set", "text=a", "--set", "places=web", "--set", "places=print", "-m", "note"],
    ["complete", "MIN-1/draft", "--set", "text=a", "--evidence", "brief=missing"], ["complete", "MIN-1/draft", "--outcome", "no"],
    ["--as", "dora", "complete", "MIN-1/draft", "--set", "text=a", "--json"],
]  # fmt: skip

OTHER = [
    [], ["--help"], ["inbox", "--help"], ["inbox", "x"], ["inbox", "-q"], ["inbox", "--limit", "3"], ["show"], ["show", "a", "b"],
    ["show", "--", "a"], ["complete", "MIN-1/draft", "--set"], ["complete", "MIN-1/draft", "--set", "-x"],
    ["complete", "-n", "MIN-1/draft"],
    ["complete", "MIN-1/draft", "-m", "a", "-m", "b"], ["complete", "MIN-1/draft", "-mx"],
    ["complete", "MIN-1/draft", "--set=text=x"],
    ["--as", "a", "--as", "b", "inbox"], ["inbox", "--set", "a=b"], ["claim", "MIN-1/draft", "-m", "x"], ["--db", "x", "inbox"],
    ["inbox", "--format", "csv"], ["", "inbox"], ["--set", "inbox", "x"], ["runs"],
    ["inbox", "--mine"], ["inbox", "--ahead"], ["inbox", "--sop", "mini"], ["inbox", "--role", "x"], ["inbox", "--as-of", "-1d"],
    ["claim", "MIN-1/draft", "--idempotency-key", "k"], ["show", "MIN-1", "--as-of", "1"],
    ["complete", "MIN-1/draft", "--override", "-m", "x"], ["complete", "MIN-1/draft", "--set", "text=a", "--keep"],
    ["complete", "MIN-1/draft", "--form", "x.json"], ["complete", "MIN-1/draft", "--set", "text=a", "-m", "x" * 20_000],
    ["skip", "MIN-1/draft", "-m", "x"], ["assign", "--from", "ben", "--all"],
]  # fmt: skip


def normal(text: str) -> str:
    """*text* without times of day and hashes."""
    return re.sub(r"\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.]+Z|[0-9a-f]{40,}|[\w-]{43}\b", "#", text)


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_both_ways_say_the_same(
    new_project: "Callable[[Path], Project]", tmp_path: "Path", monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    """Each plain form gives the same through click, in two copies of one project."""
    results = []
    for way in ("plain", "click"):
        project = new_project(tmp_path / way / "here")
        project.start()
        if way == "click":
            monkeypatch.setattr(plain, "understood", lambda *_: None)
        else:
            assert plain.understood(Session(), arguments) is not None
        done = project.sop(*arguments, who="ben")
        results.append((done.code, normal(done.out).replace(way, "WAY"), normal(done.err).replace(way, "WAY")))
    assert results[0] == results[1]


@pytest.mark.parametrize("arguments", OTHER, ids=lambda arguments: " ".join(arguments)[:60])
def test_everything_else_is_left_to_click(arguments: list[str]) -> None:
    """Whatever is not exactly a plain form is not guessed at."""
    assert plain.understood(Session(), arguments) is None


def test_the_newer_options_of_daily_commands_work(project: "Project") -> None:
    """What a plain form does not know reaches the command behind it with its meaning."""
    run = project.start()
    task = f"{run}/draft"
    assert "Nothing waits for ben" in project.sop("inbox", "--mine", who="ben").err
    assert task in project.good("inbox", "--role", "content_creator", who="ben")
    assert "Nothing waits for ben" in project.sop("inbox", "--role", "manager", who="ben").err
    assert "review" in project.good("inbox", "--ahead", who="dora")
    assert "error[SOP-D10]" in project.sop("complete", task, "--set", "text=x", "--override", "-m", "x", who="ana").err
    project.good("claim", task, "--idempotency-key", "mine", who="ben")
    assert "Already done" in project.good("claim", task, "--idempotency-key", "mine", who="ben")
    assert task in project.good("inbox", "--mine", who="ben")
