"""What milestones and critical sections keep people from is said before they try."""

from pathlib import Path

import pytest

from tests.cli.test_cli_child_runs import HEAD, Sop, follow
from tests.cli.test_cli_child_runs import sop as sop  # noqa: PLC0414 - a fixture is found by its name

GATE = f"""sop: gate
{HEAD}  - id: both
    parallel:
      order: [{{id: ship, role: maker}}, {{id: film, role: maker, critical: studio}}]
      change: [{{id: change, role: maker, while: "!ship.done"}}]
"""


@pytest.fixture
def gates(sop: Sop, tmp_path: Path) -> Sop:
    """Two runs, GAT-1 and GAT-2, that have passed their milestone and stand before a critical section."""
    (tmp_path / "sops" / "gate.yaml").write_text(GATE)
    for title in "AB":
        assert sop("ana", f"start gate --title {title}")[0] == 0
    assert sop("ben", "can ben complete GAT-1/change")[0] == 0
    for number in (1, 2):
        assert sop("ben", f"complete GAT-{number}/ship")[0] == 0
    return sop


def test_a_milestone_that_is_over_is_told_before_and_after(gates: Sop) -> None:
    """Asking, looking and trying agree, and the hint names who can go on."""
    said = "change can be done only while !ship.done, and that is not so now"
    follow(
        gates,
        ("ben", "can ben claim GAT-1/change", 5, "no"),
        ("ben", "can ben complete GAT-1/change --explain", 5, said),
        ("ben", "show GAT-1/change", 0, f"You may not complete it: {said} (SOP-R01)"),
        ("ana", "show GAT-1/change", 0, said),
        ("ben", "claim GAT-1/change", 1, said),
        ("ben", "complete GAT-1/change", 1, "sop skip GAT-1/change -m"),
        ("ana", "skip GAT-1/change -m over", 0, "Left out GAT-1/change"),
    )


def test_a_section_that_another_run_holds_is_told_before(gates: Sop) -> None:
    """Nobody is told that they may do what another run keeps them from; once it is free, they may."""
    follow(
        gates,
        ("ben", "can ben claim GAT-2/film", 0, "yes"),
        ("ben", "claim GAT-1/film", 0, "GAT-1/film"),
        ("ben", "can ben claim GAT-2/film --explain", 5, "GAT-1/film is in somebody's hands"),
        ("ben", "can ben complete GAT-2/film --explain", 5, "SOP-R14"),
        ("ben", "can ben complete GAT-1/film", 0, "yes"),
        ("ben", "complete GAT-1/film", 0, "Completed"),
        ("ben", "can ben complete GAT-2/film", 0, "yes"),
    )
