"""The same command line again: a slip of the finger within ten minutes, another command afterwards."""

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from engine.timers import written
from runners.clock import SystemClock

if TYPE_CHECKING:
    from tests.cli.conftest import Project

BOUNDARY = datetime.fromisoformat("2041-03-04T13:00:00Z")
"""The end of a window; after every clock these tests may run under, as no history takes a time before its last record's."""


@pytest.mark.parametrize(
    ("first", "second", "repeated"),
    [(-1, 1, True), (-1, 598, True), (-1, 599, False), (-599, 2, False), (1, 598, True), (1, 601, False)],
)
def test_a_command_line_is_the_same_command_for_ten_minutes(
    project: "Project",
    monkeypatch: pytest.MonkeyPatch,
    first: int,
    second: int,
    repeated: bool,  # noqa: FBT001
) -> None:
    """Counted from when it was given, whichever windows of the clock that falls into."""
    monkeypatch.setattr(SystemClock, "now", lambda _self: written(BOUNDARY - timedelta(hours=1)))
    run = project.start()

    def say(seconds: int) -> bool:
        at = written(BOUNDARY + timedelta(seconds=seconds))
        monkeypatch.setattr(SystemClock, "now", lambda _self: at)
        answer = json.loads(project.good("comment", run, "-m", "Nearly there", "--json"))
        return bool(answer["repeated"])

    assert say(first) is False
    assert say(second) is repeated
