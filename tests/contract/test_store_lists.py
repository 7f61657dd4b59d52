"""Lists: in order, complete, page by page, each line once."""

from typing import TYPE_CHECKING

from runners.store import reads
from runners.store.records import LAST, InboxRow, RunLine

if TYPE_CHECKING:
    from tests.contract.conftest import Shelf


def day(number: int) -> str:
    return f"2026-11-{number:02d}T00:00:00.000000Z"


def test_runs_are_listed_newest_first_page_by_page(shelf: "Shelf") -> None:
    """Pages of two follow one another without a gap or a double, also where runs began at the same instant."""
    for number in range(1, 8):
        shelf.start(f"CAM-{number}", started_at=day(1 + number // 2))
    with shelf.database.read() as unit:
        seen: list[RunLine] = []
        while page := reads.runs(unit, before=seen[-1].key if seen else (LAST, LAST), limit=2):
            seen += page
        assert [line.id for line in seen] == ["CAM-7", "CAM-6", "CAM-5", "CAM-4", "CAM-3", "CAM-2", "CAM-1"]
        assert seen == reads.runs(unit)


def test_runs_are_told_apart_by_state_sop_and_lead(shelf: "Shelf") -> None:
    """Open, closed and all; of one SOP; of one lead."""
    shelf.start("CAM-1", lead="p_ana")
    shelf.start("CRI-1", sop="crisis", lead="p_ben", drill=True)
    shelf.step(shelf.start("CAM-2", lead="p_ben"), status="ended", end_name="done", closed_at=day(3))
    with shelf.database.read() as unit:
        assert {line.id for line in reads.runs(unit)} == {"CAM-1", "CRI-1"}
        assert {line.id for line in reads.runs(unit, "closed")} == {"CAM-2"}
        assert {line.id for line in reads.runs(unit, "all")} == {"CAM-1", "CAM-2", "CRI-1"}
        assert {line.id for line in reads.runs(unit, "all", sop="campaign")} == {"CAM-1", "CAM-2"}
        assert {line.id for line in reads.runs(unit, "all", lead="p_ben")} == {"CRI-1", "CAM-2"}
        assert [line.drill for line in reads.runs(unit, sop="crisis")] == [True]


def test_overdue_runs_come_longest_overdue_first(shelf: "Shelf") -> None:
    """Only open runs whose time has passed, page by page."""
    for number, due in enumerate([day(5), day(3), None, day(9), day(4)], start=1):
        shelf.start(f"CAM-{number}", due_at=due)
    shelf.step(shelf.start("CAM-6", due_at=day(1)), status="cancelled", closed_at=day(2))
    with shelf.database.read() as unit:
        assert [line.id for line in reads.runs_overdue(unit, day(6))] == ["CAM-2", "CAM-5", "CAM-1"]
        assert [line.id for line in reads.runs_overdue(unit, day(6), after=(day(4), "CAM-5"))] == ["CAM-1"]
        assert reads.runs_overdue(unit, day(6), sop="crisis") == []
        assert reads.runs_overdue(unit, day(6), lead="p_nobody") == []


def inbox_shelf(shelf: "Shelf") -> None:
    tasks = [
        shelf.task(1, owner="p_ana", due_at=day(9)),
        shelf.task(2, offered=("person:p_ana", "team:design"), due_at=day(2)),
        shelf.task(3, offered=("team:design",)),
        shelf.task(4, owner="p_ben", due_at=day(1)),
        shelf.task(5, owner="p_ana", due_at=day(1), closed_at=day(1), outcome="done"),
        shelf.task(6, owner="p_ana", due_at=day(5), step="post", label="post:weibo", kind="approval", round=2),
    ]
    shelf.start(more={"tasks": tasks, "offers": {task.no: task.offered for task in tasks if task.offered}})


def test_an_inbox_merges_owned_and_offered_tasks_by_due(shelf: "Shelf") -> None:
    """What is due first stands first, what has no due date last, and a task offered twice stands there once."""
    inbox_shelf(shelf)
    with shelf.database.read() as unit:
        found = reads.inbox(unit, "p_ana", ["person:p_ana", "team:design"])
    assert [(line.no, line.owner, line.holder) for line in found] == [
        (2, None, "person:p_ana"),
        (6, "p_ana", ""),
        (1, "p_ana", ""),
        (3, None, "team:design"),
    ]
    at = "2026-11-22T13:02:11.123456Z"
    assert found[1] == InboxRow(
        "CAM-1", 6, "post", "post:weibo", "approval", "manager", 2, "p_ana", day(5), at, "campaign", "Spring",
        "p_lead", False, "", day(5),
    )  # fmt: skip


def test_an_inbox_goes_on_after_the_last_line(shelf: "Shelf") -> None:
    """Pages of one give the same lines as one page."""
    inbox_shelf(shelf)
    with shelf.database.read() as unit:
        seen: list[InboxRow] = []
        holders = ["person:p_ana", "team:design"]
        while page := reads.inbox(unit, "p_ana", holders, after=seen[-1].key if seen else reads.NO_KEY, limit=1):
            seen += page
        assert seen == reads.inbox(unit, "p_ana", holders)
        assert reads.inbox(unit, "p_nobody", []) == []


def test_offers_are_replaced_as_a_whole(shelf: "Shelf") -> None:
    """A claimed task leaves every inbox but its owner's; an unclaimed one comes back with its due date."""
    inbox_shelf(shelf)
    with shelf.database.read() as unit:
        row = reads.load_run(unit, "CAM-1")
        assert row is not None
    claimed = shelf.task(3, owner="p_ana", offered=("team:design",))
    row = shelf.step(row, more={"tasks": [claimed], "offers": {3: []}})
    with shelf.database.read() as unit:
        assert [line.no for line in reads.inbox(unit, "p_x", ["team:design"])] == [2]
        assert reads.tasks_of(unit, "CAM-1")[2] == claimed

    shelf.step(row, more={"offers": {3: ["team:legal"], 2: []}, "dues": {3: None}})
    with shelf.database.read() as unit:
        assert reads.inbox(unit, "p_x", ["team:design"]) == []
        assert [(line.no, line.due_key) for line in reads.inbox(unit, "p_x", ["team:legal"])] == [(3, "9999")]


def test_overdue_tasks_are_open_and_past_their_time(shelf: "Shelf") -> None:
    """Whoever owns them; asked without a limit in time, every open task comes."""
    inbox_shelf(shelf)
    with shelf.database.read() as unit:
        assert [line.no for line in reads.tasks_overdue(unit, day(3))] == [4, 2]
        assert [line.no for line in reads.tasks_overdue(unit, day(3), after=(day(1), "CAM-1", 4))] == [2]
        assert [line.no for line in reads.tasks_overdue(unit, LAST, limit=4)] == [4, 2, 6, 1]


def test_a_history_is_read_in_pages(shelf: "Shelf") -> None:
    """From after one record up to another, in order."""
    row = shelf.start()
    for _ in range(9):
        row = shelf.step(row)
    shelf.start("CAM-10")
    with shelf.database.read() as unit:
        assert [record.seq for record in reads.history(unit, "CAM-1")] == list(range(10))
        assert [record.seq for record in reads.history(unit, "CAM-1", after=2, upto=6, limit=3)] == [3, 4, 5]
        last = reads.history(unit, "CAM-1", after=8)[0]
        assert (last.record, last.hash) == (b'{"seq":9}', bytes([9]) * 32)


def test_texts_are_ordered_by_their_bytes(shelf: "Shelf") -> None:
    """Both databases order as Python does, whatever language the server speaks."""
    for name in ("CAM-1", "CAM-10", "CAM-2", "cam-1", "CÄM-1", "CAM.1"):
        shelf.start(name)
    with shelf.database.read() as unit:
        found = [line.id for line in reads.runs(unit)]
    assert found == sorted(found, reverse=True)
