"""Runs that wait for other runs, as somebody sees and leads them on the command line."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Lines

Sop = Callable[[str, str], tuple[int, str]]
HEAD = "version: 1.0.0\ntitle: T\npurpose: P.\nscope: S.\nowner: lead\nroles: [lead, maker]\nsteps:\n"
OUTER = f"sop: outer\n{HEAD}  - {{id: a, role: maker}}\n  - {{id: child, run: kid}}\n  - {{id: z, role: maker}}\n"
KID = f"sop: kid\n{HEAD}  - {{id: k, role: maker}}\n"


@pytest.fixture
def sop(lines: Callable[..., "Lines"]) -> Sop:
    """Carries out one command line of a person; gives the exit code and what was printed. OUT-1 waits for OUT-1.1."""
    people = "people: {ana: {roles: [lead]}, ben: {roles: [maker]}}\n"
    typed = lines({"sops/outer.yaml": OUTER, "sops/kid.yaml": KID, "people.yaml": people})
    for who, line in (("ana", "start outer --title T"), ("ben", "complete OUT-1/a")):
        assert typed.by(who, line)[0] == 0
    return typed.by


def follow(sop: Sop, *lines: tuple[str, str, int, str]) -> None:
    """Each line by its person, with its exit code and what is said."""
    for who, line, code, said in lines:
        found, printed = sop(who, line)
        assert (found, said in printed) == (code, True), f"{line}: {found}\n{printed}"


def test_going_back_tells_that_the_child_ends(sop: Sop) -> None:
    """Both previews and the answer name the child; afterwards one child is open and the records agree."""
    follow(
        sop,
        ("ana", "rewind OUT-1/a -m x -n", 0, "in OUT-1.1: run cancelled"),
        ("ana", "rewind OUT-1/a -m x", 2, "is cancelled: OUT-1.1"),
        ("ana", "rewind OUT-1/a -m x -y", 0, "OUT-1.1 is cancelled"),
        ("ben", "complete OUT-1/a", 0, "OUT-1.2 started"),
        ("ana", "show OUT-1.1", 0, "cancelled"),
        ("ana", "verify OUT-1", 0, "same answers"),
        ("ana", "verify OUT-1.1", 0, "same answers"),
    )


def test_the_lead_leaves_a_child_run_out(sop: Sop) -> None:
    """The child ends, the run goes on, and the records of both agree."""
    follow(
        sop,
        ("ana", "can ana skip OUT-1/child", 0, "yes"),
        ("ben", "skip OUT-1/child -m x", 8, "SOP-D10"),
        ("ana", "skip OUT-1/child -m x -n", 0, "in OUT-1.1: run cancelled"),
        ("ana", "skip OUT-1/child -m x", 0, "OUT-1.1 is cancelled"),
        ("ben", "complete OUT-1/z", 0, "OUT-1 has ended: done"),
        ("ana", "verify OUT-1", 0, "same answers"),
        ("ana", "verify OUT-1.1", 0, "same answers"),
    )


def test_a_closed_run_is_told_to_be_opened_first(sop: Sop) -> None:
    """Only that it is closed is the reason, with the command that opens it again."""
    follow(sop, ("ana", "cancel OUT-1 -m x -y", 0, "cancelled"))
    code, printed = sop("ana", "rewind OUT-1/a -m x -y")
    assert (code, "come past" in printed, "sop reopen OUT-1/STEP -m" in printed) == (6, False, True), printed


def test_a_step_inside_a_branch_that_is_over_is_no_place_to_go_back_to(sop: Sop, tmp_path: Path) -> None:
    """It is said which steps are; the attempt stands in the history with its address."""
    split = "  - {id: split, parallel: {x: [{id: b, role: maker}], y: [{id: c, role: maker}]}}\n"
    (tmp_path / "sops" / "split.yaml").write_text(f"sop: split\n{HEAD}{split}  - {{id: z, role: maker}}\n")
    follow(
        sop,
        ("ana", "start split --title T", 0, "SPL-1"),
        ("ben", "complete SPL-1/b", 0, ""),
        ("ben", "complete SPL-1/c", 0, ""),
        ("ana", "rewind SPL-1/b -m x -y", 1, "b is inside split, of which nothing is open"),
        ("ben", "complete SPL-1/z", 0, "has ended"),
        ("ana", "reopen SPL-1/b -m x -y", 1, "only steps of the main track"),
        ("ana", "history SPL-1", 0, "b is inside split"),
    )


def test_a_suspended_run_shows_that_its_child_has_come_back(sop: Sop) -> None:
    """It goes on when it is resumed, which says so, and the records agree before and after."""
    follow(
        sop,
        ("ana", "suspend OUT-1 -m x", 0, ""),
        ("ben", "complete OUT-1.1/k", 0, "OUT-1.1 has ended: done"),
        ("ana", "show OUT-1", 0, "child waits for this run to be resumed; OUT-1.1 has come back"),
        ("ana", "show OUT-1/child", 0, "this run to be resumed; OUT-1.1 has come back"),
        ("ana", "verify OUT-1", 0, "same answers"),
        ("ana", "resume OUT-1 -m x", 0, "→ z"),
        ("ben", "complete OUT-1/z", 0, "OUT-1 has ended: done"),
        ("ana", "verify OUT-1", 0, "same answers"),
    )


@pytest.fixture
def counting(sop: Sop, tmp_path: Path) -> Sop:
    """CNT-1 is suspended; it waits for CNT-1.1, then gives a number of it to a run that takes no more than 5."""
    steps = "  - {id: a, run: asking}\n  - {id: b, run: taking, with: {n: a.results.n}}\n"
    number = "{type: number, required: true"
    asking = f"  - {{id: k, role: maker, form: {{n: {number}}}}}}}\nresults: {{n: k.n}}\n"
    taking = HEAD.replace("steps:", f"inputs: {{n: {number}, max: 5}}}}\nsteps:") + "  - {id: t, role: maker}\n"
    for name, text in (("counts", f"{HEAD}{steps}"), ("asking", f"{HEAD}{asking}"), ("taking", taking)):
        prefix = "prefix: CNT\n" if name == "counts" else ""
        (tmp_path / "sops" / f"{name}.yaml").write_text(f"sop: {name}\n{prefix}{text}")
    follow(sop, ("ana", "start counts --title T", 0, "CNT-1"))
    return sop


def test_a_refusal_names_the_run_that_could_not_start(counting: Sop) -> None:
    """With what that run says of its own; the history tells it as well."""
    said = "a run of taking that this one would start refuses: CNT-1.2"
    follow(
        counting,
        ("ben", "complete CNT-1.1/k --set n=50", 2, said),
        ("ana", "history CNT-1.1", 0, said),
        ("ben", "complete CNT-1.1/k --set n=4", 0, "CNT-1.2 started"),
    )


def test_a_suspended_run_that_cannot_go_on_has_a_way_out(counting: Sop) -> None:
    """What its child brought is refused by the next one at every resumption, so that its lead takes the run back."""
    follow(
        counting,
        ("ana", "suspend CNT-1 -m x", 0, ""),
        ("ben", "complete CNT-1.1/k --set n=50", 0, "has ended"),
        ("ana", "resume CNT-1 -m x", 2, "SOP-R05"),
        ("ana", "rewind CNT-1/a -m x -y", 0, "CNT-1.2 started"),
        ("ana", "resume CNT-1 -m x", 0, ""),
        ("ben", "complete CNT-1.2/k --set n=4", 0, "CNT-1.3 started"),
        ("ana", "verify --all", 0, "same answers"),
    )
