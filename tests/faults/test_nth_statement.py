"""The n-th statement fails, for every n of every command that writes: before or after, never between; the retry completes."""

from collections.abc import Callable
from typing import Any

import pytest

from engine import commands as c
from engine.refusals import Refused
from runners.runner import Done
from runners.store.database import Unit
from runners.store.errors import Unavailable
from runners.store.writes import Change, apply
from tests.company import COPY, Company

Act = Callable[[Company, str], Done | Refused | list[Done]]
Case = tuple[Callable[[Company], str], Act]


class FailingAt:
    """Fails at the n-th thing that happens to the database."""

    def __init__(self, n: int) -> None:
        self.left = n
        self.seen: list[str] = []

    def __call__(self, name: str) -> None:
        self.seen.append(name)
        self.left -= 1
        if self.left == 0:
            raise Unavailable("the disk is full")


def _asking(who: str, command: c.Command) -> Act:
    return lambda company, run: company.ask(who, run, command, key="once")


def _begun(company: Company) -> str:
    return company.begin()


def _claimed(company: Company) -> str:
    run = company.begin()
    company.do("ben", run, c.Claim("write"))
    return run


def _voted(company: Company) -> str:
    run = company.to_review()
    company.complete("dan", run, "review")
    return run


def _last_item(company: Company) -> str:
    run = _voted(company)
    company.complete("eve", run, "review")
    company.complete("dan", run, "design")
    company.complete("eve", run, "post:weibo", url="https://w.example")
    return run


def _late(company: Company) -> str:
    run = company.begin()
    company.clock.move(days=2)
    return run


def _grandchild(company: Company) -> str:
    run = company.to_child()
    company.complete("dan", f"{run}.1", "count", total=500)
    return run


def _in_child(company: Company, run: str) -> Done | Refused:
    return company.ask("dan", f"{run}.1.1", c.Complete("jot"), key="once")


FILE = {"sha256": "ab" * 32, "name": "plan.pdf", "size": 7}
CASES: dict[str, Case] = {
    "start": (lambda company: company.begin("note"), lambda company, _run: company.start(key="once")),
    "claim": (_begun, _asking("ben", c.Claim("write"))),
    "release": (_claimed, _asking("ben", c.Release("write", "No time"))),
    "complete": (_begun, _asking("ben", c.Complete("write", values={**COPY, "scan": FILE}, note="Done"))),
    "first voice": (lambda company: company.to_review(), _asking("dan", c.Complete("review", values={"remark": "Good"}))),
    "last voice": (_voted, _asking("eve", c.Complete("review", values={"remark": "Good"}))),
    "reject": (lambda company: company.to_review(), _asking("dan", c.Complete("review", "reject", note="No"))),
    "child starts": (_last_item, _asking("eve", c.Complete("post:wechat", values={"url": "https://w.example"}))),
    "children return": (_grandchild, _in_child),
    "assign": (_claimed, _asking("ana", c.Assign("write", "{cy}", "Swap"))),
    "bind": (_claimed, _asking("ana", c.Bind("writer", ["person:{cy}"], "Swap"))),
    "cancel track": (_last_item, _asking("ana", c.CancelTrack("post:wechat", "Closed"))),
    "cancel run": (_grandchild, _asking("ana", c.CancelRun("Enough"))),
    "comment": (_begun, _asking("ben", c.Comment("A word", "write"))),
    "attach": (_begun, _asking("ben", c.Attach(FILE, "write", "Mine"))),
    "elapse": (_late, lambda company, _run: company.runner.elapse(1)),
    "refused": (_begun, _asking("eve", c.Complete("write", values=COPY, note="Let me"))),
}


def _with_people(company: Company, act: Act) -> Act:
    """The act with handles in braces replaced by pseudonyms."""
    real = company.ask

    def ask(who: str, run: str, command: c.Command, **more: Any) -> Done | Refused:  # noqa: ANN401
        if isinstance(command, c.Assign):
            command = c.Assign(command.step, company.people["cy"], command.note)
        if isinstance(command, c.Bind):
            command = c.Bind(command.role, [f"person:{company.people['cy']}"], command.note)
        return real(who, run, command, **more)

    company.ask = ask  # type: ignore[method-assign]
    return act


def whole(company: Company) -> None:
    """The database is in order, down to its pages."""
    report = company.audit()
    assert report.findings == []
    assert report.unchecked == 0
    if company.url.startswith("sqlite"):
        assert company.raw("PRAGMA integrity_check") == [("ok",)]
        assert company.raw("PRAGMA foreign_key_check") == []


@pytest.mark.parametrize("name", CASES)
def test_the_nth_failure_leaves_all_or_nothing(company: Company, name: str) -> None:
    """Whichever statement fails, also the commit, every table is as before; in the end the same command completes, once."""
    prepare, act = CASES[name]
    act = _with_people(company, act)
    run = prepare(company)
    before = company.dump()
    for n in range(1, 500):
        company.database.observer = fault = FailingAt(n)
        try:
            answer = act(company, run)
        except Unavailable:
            assert company.dump() == before, f"{fault.seen[-1]}, the {n}th statement"
            continue
        finally:
            company.database.observer = None
        break
    assert "commit" in fault.seen
    assert fault.seen[0] == "begin"
    assert len(fault.seen) == n - 1 > 5
    after = company.dump()
    assert len(after["history"]) > len(before["history"])
    assert isinstance(answer, Refused) == (name == "refused")
    whole(company)
    again = act(company, run)
    assert company.dump() == after
    assert again == [] or isinstance(again, Refused) or (isinstance(again, Done) and again.repeated)


def test_a_fault_that_is_no_database_error_leaves_nothing_either(company: Company) -> None:
    """A key pressed, memory gone, a bug: at the first write, in the middle, at the commit."""
    run = company.begin()
    before = company.dump()
    for error in (KeyboardInterrupt, MemoryError, ZeroDivisionError):
        for place in ("begin", "history_insert", "payload_insert", "commit"):

            def interrupt(seen: str, place: str = place, error: type[BaseException] = error) -> None:
                if seen == place:
                    raise error

            company.database.observer = interrupt
            with pytest.raises(error):
                company.complete("ben", run, "write", **COPY)
            company.database.observer = None
            assert company.dump() == before
    company.complete("ben", run, "write", **COPY)
    whole(company)


def test_a_calendar_is_kept_although_its_first_transaction_failed(company: Company) -> None:
    """What a runner remembers to have written was written: the due of the next run finds its calendar."""

    def full(seen: str) -> None:
        if seen == "commit":
            raise Unavailable("the disk is full")

    company.database.observer = full
    with pytest.raises(Unavailable):
        company.begin()
    company.database.observer = None
    company.begin()
    assert len(company.raw("SELECT digest FROM sop_calendar")) == 1
    whole(company)


def test_a_command_in_two_transactions_would_be_caught(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: a runner that commits half way leaves something between, and the comparison sees it."""
    run = company.begin()
    before = company.dump()

    def split(unit: Unit, change: Change) -> None:
        apply(unit, change._replace(payloads=(), outbox=()))
        connection = unit._connection  # type: ignore[attr-defined]
        connection.execute("COMMIT")
        connection.execute("BEGIN")

    monkeypatch.setattr("runners.ledger.apply", split)
    company.database.observer = FailingAt(10_000)
    between = 0
    for n in range(1, 40):
        company.database.observer = FailingAt(n)
        try:
            company.ask("ben", run, c.Claim("write"), key="once")
        except Exception:  # noqa: BLE001 - whatever comes of it
            between += company.dump() != before
            if company.dump() != before:
                break
        else:
            break
        finally:
            company.database.observer = None
    assert between == 1
