"""Figures over histories."""

import pytest

from engine import events as e
from runners.reports import Spread, Told, figures, plain, spread

FROM, TO = "2026-11-02T00:00:00.000000Z", "2026-12-01T00:00:00.000000Z"
MARK = "f" * 64


def at(day: int, hour: int = 9, month: int = 11) -> str:
    """An instant of 2026."""
    return f"2026-{month:02}-{day:02}T{hour:02}:00:00.000000Z"


def began(day: int, *, drill: bool = False, sop: str = "leaflet", month: int = 11) -> tuple[str, e.Event]:
    """A run begins."""
    return at(day, month=month), e.RunStarted(sop, "1.0.0", MARK, "p_ana", drill=drill)


def opened(
    day: int, task: int, step: str = "write", *, round_: int = 1, owner: str = "", due: str = "", hour: int = 9
) -> tuple[str, e.Event]:
    """A task opens."""
    return at(day, hour), e.TaskOpened(task, 1, step, "task", "maker", round_, due, owner)


def done(day: int, task: int, hour: int = 9) -> tuple[str, e.Event]:
    """A task is finished."""
    return at(day, hour), e.TaskCompleted(task, "p_ben", "done")


def test_throughput_counts_what_falls_into_the_window() -> None:
    """Begun, ended by the name of the end, cancelled, and still open at its end; what lies outside does not count."""
    found = figures(
        [
            Told("A", [began(5), (at(7), e.RunEnded("done"))]),
            Told("B", [began(20, month=10), (at(3), e.RunEnded("rejected"))]),
            Told("C", [began(6), (at(8), e.RunCancelled())]),
            Told("D", [began(20, month=10), (at(1), e.RunEnded("done"))]),
            Told("E", [began(6), (at(9, month=12), e.RunEnded("done"))]),
            Told("F", [began(9, month=12)]),
            Told("G", [began(10), (at(11), e.RunEnded("done")), (at(12), e.RunReopened("done"))]),
        ],
        FROM, TO,
    )  # fmt: skip
    assert (found.started, dict(found.ended), found.cancelled, found.open) == (4, {"done": 2, "rejected": 1}, 1, 2)
    assert sorted(found.cycle) == [86_400, 2 * 86_400, 14 * 86_400]


def test_a_drill_counts_for_nothing() -> None:
    """Exercises are kept out of all figures."""
    found = figures([Told("A", [began(5, drill=True), opened(5, 1), done(6, 1), (at(7), e.RunEnded("done"))])], FROM, TO)
    assert (found.started, found.open, found.steps, found.cycle) == (0, 0, {}, [])


def test_times_of_a_step() -> None:
    """From ready to finished, and from ready to taken; whoever has it from the beginning did not let it wait."""
    told = [
        began(5), opened(5, 1), (at(5, 11), e.TaskClaimed(1, "p_ben")), done(5, 1, 15),
        opened(6, 2, owner="p_ben"), done(6, 2, 10), opened(7, 3), done(7, 3, 12),
    ]  # fmt: skip
    step = figures([Told("A", told)], FROM, TO).steps["leaflet", "write"]
    assert (step.done, step.cycle, step.waiting) == (3, [6 * 3_600, 3_600, 3 * 3_600], [2 * 3_600, 0, 3 * 3_600])


def test_rework_and_lateness_are_shares() -> None:
    """Of the finished tasks, those that came back; of those with a due date, those that were late."""
    told = [
        began(5), opened(5, 1, due=at(6)), done(5, 1, 10), opened(6, 2, round_=2, due=at(6, 10)), done(6, 2, 11),
        opened(7, 3), done(7, 3, 10), opened(8, 4, "look"), (at(8), e.TaskWithdrawn(4, "cancelled")),
    ]  # fmt: skip
    found = figures([Told("A", told)], FROM, TO)
    step = found.steps["leaflet", "write"]
    assert step.rework == pytest.approx(1 / 3)
    assert step.overdue == 0.5
    assert ("leaflet", "look") not in found.steps


def test_hand_overs_are_counted() -> None:
    """Giving back, giving to another and delegating count; the first taking does not."""
    told = [
        began(5), opened(5, 1), (at(5), e.TaskClaimed(1, "p_ben")), (at(5), e.TaskReleased(1, "p_ben")),
        (at(5), e.TaskAssigned(1, "p_cleo")), (at(5), e.TaskAssigned(1, "p_dan", "p_cleo")),
        (at(6), e.TaskDelegated(1, "p_eve", ("p_dan",))), (at(9, month=12), e.TaskReleased(1, "p_eve")),
    ]  # fmt: skip
    step = figures([Told("A", told)], FROM, TO).steps["leaflet", "write"]
    assert (step.handed, step.done, step.rework, step.overdue) == (3, 0, None, None)


def test_an_open_task_goes_along_to_its_new_name() -> None:
    """After a run went over, its open task is finished under the name of the new version."""
    moved = e.RunMigrated("1.1.0", MARK, MARK, {"write": "draft"})
    told = [began(5), opened(5, 1), opened(5, 2, "look"), (at(6), moved), done(7, 1), done(7, 2)]
    assert list(figures([Told("A", told)], FROM, TO).steps) == [("leaflet", "draft"), ("leaflet", "look")]


def test_what_was_finished_before_the_window_is_not_of_it() -> None:
    """A task finished earlier counts in its own window."""
    assert figures([Told("A", [began(1), opened(1, 1), done(1, 1, 10)])], FROM, TO).steps == {}


def test_an_approval_waits_until_the_first_has_decided() -> None:
    """Where several decide, the first decision ends the waiting."""
    told = [began(5), opened(5, 1), (at(5, 10), e.ApprovalGiven(1, "p_ben", "approve", "c")), done(5, 1, 12)]
    assert figures([Told("A", told)], FROM, TO).steps["leaflet", "write"].waiting == [3_600]


@pytest.mark.parametrize(
    ("values", "expected"),
    [([], None), ([7], Spread(1, 7, 7)), ([1, 2], Spread(2, 1, 2)), (list(range(1, 11)), Spread(10, 5, 9)),
     (list(range(100, 0, -1)), Spread(100, 50, 90))],
)  # fmt: skip
def test_the_middle_and_nine_of_ten(values: list[int], expected: Spread | None) -> None:
    """The median is the middle, the ninetieth percentile the nearest rank."""
    assert spread(values) == expected


def test_plain_figures() -> None:
    """For programs: seconds, and shares with three places; nothing measured is null."""
    told = [began(5), opened(5, 1), done(5, 1, 10), opened(6, 2, round_=2), done(6, 2, 11), opened(7, 3), done(7, 3)]
    found = plain(figures([Told("A", told)], FROM, TO))
    assert found["cycle"] is None
    assert found["steps"] == [
        {
            "sop": "leaflet", "step": "write", "done": 3, "cycle": {"count": 3, "median": 3_600, "p90": 7_200},
            "waiting": {"count": 3, "median": 3_600, "p90": 7_200}, "rework": 0.333, "overdue": None, "handed": 0,
        }
    ]  # fmt: skip
