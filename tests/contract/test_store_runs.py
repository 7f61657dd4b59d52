"""One change of a run: whole, once, and only from where it was read."""

import threading
from typing import TYPE_CHECKING, Any

import pytest

from runners.store import reads
from runners.store.database import Database, Unit, open_database, transact
from runners.store.errors import Conflict, StoreError
from runners.store.loading import current_values, load
from runners.store.records import Evidence, Outbox, Payload, Request, RunRow, Timer
from runners.store.writes import Change, apply, erase_payload, finish_effect, next_number

if TYPE_CHECKING:
    from tests.contract.conftest import Shelf

AT = "2026-11-22T13:02:11.123456Z"
LATER = "2026-11-23T00:00:00.000000Z"


def loaded(database: Database, run: str = "CAM-1") -> RunRow:
    with database.read() as unit:
        found = reads.load_run(unit, run)
    assert found is not None
    return found


def test_a_run_is_read_back_as_it_was_written(shelf: "Shelf") -> None:
    """Every field of a new run comes back, bytes as bytes and truth as truth."""
    row = shelf.start(drill=True, due_at=LATER, parent="CAM-0", title="Frühling 春 \N{SNOWMAN}", state=b"\x00\xff")

    assert loaded(shelf.database) == row


def test_a_missing_run_is_none(database: Database) -> None:
    """Loading what does not exist gives None, not an error."""
    with database.write() as unit:
        assert reads.load_run(unit, "CAM-9") is None
        assert load(unit, "CAM-9", key="k", person="p_x").run is None


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"title": "Summer"},
        {"lead": "p_other"},
        {"due_at": LATER},
        {"status": "ended", "end_name": "done", "closed_at": LATER},
        {"status": "cancelled", "closed_at": LATER},
        {"open_tasks": 7},
    ],
)
def test_a_step_keeps_every_change_of_the_run(shelf: "Shelf", fields: dict[str, Any]) -> None:
    """The short way to write a run is only taken where nothing but its state differs."""
    after = shelf.step(shelf.start(), **fields)

    assert loaded(shelf.database) == after


def test_a_step_without_the_row_before_keeps_every_change(shelf: "Shelf") -> None:
    """A change that does not say what was read writes the whole run."""
    row = shelf.start()
    after = row._replace(seq=1, head=b"\x01" * 32, title="Summer")
    with shelf.database.write() as unit:
        apply(unit, Change(after, 0, AT, [(1, b"{}", after.head)]))

    assert loaded(shelf.database) == after


def test_a_change_from_an_old_row_is_a_conflict_and_leaves_nothing(shelf: "Shelf") -> None:
    """Whoever read the run before somebody else's step loses, with everything they wrote."""
    row = shelf.start()
    winner = shelf.step(row, title="first")

    with pytest.raises(Conflict):
        shelf.step(row, more={"tasks": [shelf.task()], "offers": {1: ["team:a"]}}, title="second")

    assert loaded(shelf.database) == winner
    with shelf.database.read() as unit:
        assert reads.tasks_of(unit, "CAM-1") == []
        assert [record.seq for record in reads.history(unit, "CAM-1")] == [0, 1]


def test_a_run_id_is_given_once(shelf: "Shelf") -> None:
    """Starting a run under an id that is taken is a conflict."""
    shelf.start()
    with pytest.raises(Conflict):
        shelf.start(title="again")
    assert loaded(shelf.database).title == "Spring"


def test_a_request_key_is_used_once(shelf: "Shelf") -> None:
    """The second command under one key is a conflict and changes nothing; the first can be looked up."""
    row = shelf.step(shelf.start(), more={"request": ("key", "digest", 1)})
    with pytest.raises(Conflict):
        shelf.step(row, more={"request": ("key", "other", 2)})

    assert loaded(shelf.database) == row
    with shelf.database.write() as unit:
        assert reads.request(unit, "key") == Request("key", "digest", "CAM-1", 1, AT)
        assert reads.request(unit, "other") is None
        assert load(unit, "CAM-1", key="key").answered == Request("key", "digest", "CAM-1", 1, AT)


def test_an_exception_undoes_the_whole_transaction(shelf: "Shelf") -> None:
    """What was written before an exception is not there afterwards, and the database goes on."""
    row = shelf.start()

    def fail(unit: Unit) -> None:
        shelf.step(row, unit=unit)
        assert next_number(unit, "CAM") == 1
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        transact(shelf.database, fail)

    assert loaded(shelf.database) == row
    assert transact(shelf.database, lambda unit: next_number(unit, "CAM")) == 1


def test_two_runs_change_in_one_transaction(shelf: "Shelf") -> None:
    """A parent and its child move together or not at all."""
    parent, child = shelf.start(), shelf.start("CAM-1.1", parent="CAM-1")
    shelf.step(child)

    def both(unit: Unit) -> None:
        shelf.step(parent, unit=unit)
        shelf.step(child, unit=unit)

    with pytest.raises(Conflict):
        transact(shelf.database, both, tries=1)

    assert loaded(shelf.database).seq == 0
    assert loaded(shelf.database, "CAM-1.1").seq == 1
    with shelf.database.read() as unit:
        assert [line.id for line in reads.runs_of_parent(unit, "CAM-1")] == ["CAM-1.1"]


@pytest.mark.parametrize(
    ("records", "expected"),
    [([], 0), ([(2, b"", b"\x01" * 32)], 0), ([(1, b"", b"\x02" * 32)], 0), ([(1, b"", b"\x01" * 32)], None)],
)
def test_a_change_that_does_not_fit_together_is_not_written(
    shelf: "Shelf", records: list[tuple[int, bytes, bytes]], expected: int | None
) -> None:
    """No record, a gap, another head, or a beginning that is none: refused before the database is asked."""
    row = shelf.start()
    with pytest.raises(ValueError, match="CAM-1"), shelf.database.write() as unit:
        apply(unit, Change(row._replace(seq=1, head=b"\x01" * 32), expected, AT, records))
    assert loaded(shelf.database) == row


def test_what_may_only_be_read_cannot_be_written(shelf: "Shelf") -> None:
    """A reading transaction refuses to write, and the next writing one works."""
    with pytest.raises(StoreError), shelf.database.read() as unit:
        next_number(unit, "CAM")
    assert transact(shelf.database, lambda unit: next_number(unit, "CAM")) == 1


def test_reading_sees_one_moment(shelf: "Shelf", database_url: str) -> None:
    """What others commit while somebody reads appears in the next transaction."""
    row = shelf.start()
    other = open_database(database_url)
    with other.read() as unit:
        assert reads.load_run(unit, "CAM-1") == row
        after = shelf.step(row)
        assert reads.load_run(unit, "CAM-1") == row
    with other.read() as unit:
        assert reads.load_run(unit, "CAM-1") == after
    other.close()


def test_numbers_of_runs_have_no_gap_and_no_double(database: Database) -> None:
    """Each prefix counts from one by itself."""
    with database.write() as unit:
        assert [next_number(unit, prefix) for prefix in ("CAM", "CAM", "CRI", "CAM")] == [1, 2, 1, 3]


def test_eight_writers_lose_no_step(shelf: "Shelf", database_url: str) -> None:
    """Steps of one run by several connections at once: each is there once, in one gapless history."""
    shelf.start()
    failures: list[BaseException] = []

    def work() -> None:
        try:
            own = open_database(database_url)
            for _ in range(10):
                transact(own, increment, tries=1000, sleep=lambda _: None)
            own.close()
        except BaseException as error:  # noqa: BLE001 - handed to the test's thread
            failures.append(error)

    def increment(unit: Unit) -> None:
        row = reads.load_run(unit, "CAM-1")
        assert row is not None
        shelf.step(row, unit=unit, open_tasks=row.open_tasks + 1)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert (loaded(shelf.database).seq, loaded(shelf.database).open_tasks) == (80, 80)
    with shelf.database.read() as unit:
        assert [record.seq for record in reads.history(unit, "CAM-1")] == list(range(81))


def test_without_compare_and_set_steps_are_lost(shelf: "Shelf") -> None:
    """The negative control of the test above: writing what was computed from an old row loses a step."""
    row = shelf.start()
    for _ in range(2):
        with shelf.database.write() as unit:
            unit.run("run_step", id="CAM-1", expected=row.seq, seq=row.seq, head=row.head, open_tasks=row.open_tasks + 1, state=b"")
    assert loaded(shelf.database).open_tasks == 1


def test_values_replace_each_other_and_can_be_erased(shelf: "Shelf") -> None:
    """A new value of a path counts instead of the old one; the old one stays readable until it is erased."""
    salt = b"s" * 32
    first, second = Payload("CAM-1", 1, "brief.budget", salt, b"1"), Payload("CAM-1", 2, "brief.budget", b"t" * 32, b"2")
    other = Payload("CAM-1", 1, "brief.copy", b"u" * 32, b'"x"')
    row = shelf.step(shelf.start(), more={"payloads": [first, other]})
    row = shelf.step(row, more={"payloads": [second]})

    with shelf.database.write() as unit:
        assert reads.current_payloads(unit, "CAM-1") == {"brief.budget": b"2", "brief.copy": b'"x"'}
        assert current_values(unit, "CAM-1") == {"brief.budget": b"2", "brief.copy": b'"x"'}
        assert reads.payloads(unit, "CAM-1") == [first._replace(current=False), second, other]
        assert reads.payloads(unit, "CAM-1", 1) == [first._replace(current=False), other]

    shelf.step(row, more={"retired": ["brief.copy"]})
    with shelf.database.write() as unit:
        assert erase_payload(unit, "CAM-1", 1, "brief.budget") is True
        assert erase_payload(unit, "CAM-1", 1, "brief.budget") is False
    with shelf.database.read() as unit:
        assert reads.current_payloads(unit, "CAM-1") == {"brief.budget": b"2"}
        assert reads.payloads(unit, "CAM-1") == [second, other._replace(current=False)]


def test_values_are_read_for_the_run_or_for_one_item(shelf: "Shelf") -> None:
    """What is in items is not read with what is not, nor are items whose numbers begin alike read with one another."""
    paths = ["inputs.topic", "signal/go.at", "a.z", "z.a", "1/post.url", "17/item", "17/post.url", "170/post.url", "18/item"]
    shelf.start(more={"payloads": [Payload("CAM-1", 0, path, b"s" * 32, b"1") for path in paths]})
    with shelf.database.read() as unit:
        assert list(current_values(unit, "CAM-1")) == ["a.z", "inputs.topic", "signal/go.at", "z.a"]
        assert list(current_values(unit, "CAM-1", "17/")) == ["17/item", "17/post.url"]
        assert list(current_values(unit, "CAM-1", "1/")) == ["1/post.url"]
        assert current_values(unit, "CAM-1", "2/") == {}
        assert current_values(unit, "CAM-2") == {}


def test_values_of_a_new_run_count_from_the_start(shelf: "Shelf") -> None:
    """The inputs of a run are stored with its first record."""
    shelf.start(more={"payloads": [Payload("CAM-1", 0, "inputs.topic", b"s" * 32, b'"t"')]})
    with shelf.database.read() as unit:
        assert reads.current_payloads(unit, "CAM-1") == {"inputs.topic": b'"t"'}


def test_timers_fire_once_and_in_order(shelf: "Shelf") -> None:
    """What is due comes earliest first; what was done or set later does not come."""
    early, late = Timer("CAM-1", 1, "remind", 1, "2026-01-01"), Timer("CAM-1", 1, "escalate", 1, "2026-01-02")
    row = shelf.start(more={"timers_set": [late, early, Timer("CAM-1", 2, "remind", 1, "2027-01-01")]})
    with shelf.database.write() as unit:
        assert reads.timers_due(unit, AT) == [early, late]
        assert reads.timers_due(unit, AT, limit=1) == [early]

    row = shelf.step(row, more={"timers_done": [(1, "remind", 1)], "timers_set": [late._replace(fire_at="2028-01-01")]})
    with shelf.database.write() as unit:
        assert reads.timers_due(unit, AT) == []
    with shelf.database.read() as unit:
        assert [(timer.fire_at, timer.done_at) for timer in reads.timers_of(unit, "CAM-1")] == [
            ("2028-01-01", None),
            ("2026-01-01", AT),
            ("2027-01-01", None),
        ]


def test_effects_wait_until_they_are_performed(shelf: "Shelf") -> None:
    """An effect stays in the outbox until it is marked, and is marked once."""
    first, second = (Outbox(name, "CAM-1", 0, "message", b"{}", f"2026-0{n}-01") for n, name in ((2, "b"), (1, "a")))
    shelf.start(more={"outbox": [first, second]})
    with shelf.database.write() as unit:
        assert reads.outbox_due(unit) == [second, first]
        assert finish_effect(unit, "a", AT) is True
        assert finish_effect(unit, "a", AT) is False
        assert reads.outbox_due(unit) == [first]


def test_evidence_is_known_once(shelf: "Shelf") -> None:
    """The same file attached twice is one row, and the first one counts."""
    file = Evidence("a" * 64, 3, "text/plain", AT)
    row = shelf.start(more={"evidence": [file]})
    shelf.step(row, more={"evidence": [file._replace(added_at=LATER), file._replace(sha256="b" * 64)]})
    with shelf.database.read() as unit:
        assert reads.evidence(unit, "a" * 64) == file
        assert reads.evidence(unit, "c" * 64) is None
        assert reads.evidence(unit, "b" * 64) == file._replace(sha256="b" * 64)


@pytest.mark.parametrize(
    "fields",
    [{"status": "lost"}, {"head": b"short"}, {"status": "ended"}, {"open_tasks": -1}, {"fingerprint": "0" * 64}],
)
def test_the_database_itself_refuses_what_cannot_be(shelf: "Shelf", fields: dict[str, Any]) -> None:
    """Unknown states, digests of the wrong length, and runs of unknown definitions are no rows."""
    with pytest.raises(StoreError) as caught:
        shelf.start(**fields)
    assert not isinstance(caught.value, Conflict)
