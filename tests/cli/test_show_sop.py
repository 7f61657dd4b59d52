"""What an SOP asks for, read before a run of it is started."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Project

ASKS = """\
sop: asks
version: 1.0.0
prefix: ASK
lang: en
title: Asks
purpose: Ask.
scope: Nothing else.
owner: manager
roles: [manager]
inputs:
  where:
    type: choice
    required: true
    label: {en: Where it is shown, ko: 게시 위치}
    help: {en: The first place counts.}
    options: {web: {en: Web site, ko: 웹사이트}, wall: {en: On a wall}}
parameters:
  time_left: {type: duration, default: PT4H, label: Time for it, source: a test, confidence: inference}
  loud: {type: bool, default: false, source: a test, confidence: inference}
steps:
  - {id: only, role: manager}
"""


def test_an_sop_shows_what_a_start_asks_for(project: "Project") -> None:
    """Inputs and parameters stand with label, help, options and default, in the reader's language where there is one."""
    (project.folder / ".sop" / "definitions" / "asks.yaml").write_text(ASKS, encoding="utf-8")
    lines = project.good("show", "asks").splitlines()
    where = lines.index("  where  Where it is shown  (choice, required)")
    assert lines[where + 1 : where + 4] == ["      The first place counts.", "      web  Web site", "      wall  On a wall"]
    assert "  time_left  Time for it  (duration) = PT4H" in lines
    assert "  loud  (bool) = no" in lines
    korean = project.good("show", "asks", "--lang", "ko")
    assert "  where  게시 위치  " in korean
    assert "      web  웹사이트" in korean
    assert "      wall  On a wall" in korean
