"""Two commands on one run at the same moment, interleaved at every statement: the result is that of one order or the other.

One command is stopped before its n-th statement, the other one is let run as far as it gets, then the first goes on. Where
the other one waits for a lock it is let wait. Afterwards the database must be what some order of the two would have made.
"""

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from engine import commands as c
from engine.refusals import Refused
from runners.runner import Done
from tests.company import COPY, Company

Ask = tuple[str, c.Command]
LONG = 0.06
"""Seconds after which whoever has not answered is taken to wait for a lock."""


def _begun(company: Company) -> str:
    return company.begin()


def _claimed(company: Company) -> str:
    run = company.begin()
    company.do("ben", run, c.Claim("write"))
    return run


def _review(company: Company) -> str:
    return company.to_review()


PAIRS: dict[str, tuple[Callable[[Company], str], Ask, Ask]] = {
    "complete and assign": (_claimed, ("ben", c.Complete("write", values=COPY)), ("ana", c.Assign("write", "cy", "Swap"))),
    "claim and claim": (_begun, ("ben", c.Claim("write")), ("cy", c.Claim("write"))),
    "claim and cancel": (_begun, ("ben", c.Claim("write")), ("ana", c.CancelRun("Enough"))),
    "complete and cancel": (_claimed, ("ben", c.Complete("write", values=COPY)), ("ana", c.CancelRun("Enough"))),
    "complete and complete": (_begun, ("ben", c.Complete("write", values=COPY)), ("cy", c.Complete("write", values=COPY))),
    "approve and approve": (_review, ("dan", c.Complete("review")), ("eve", c.Complete("review"))),
    "approve and approve by one": (_review, ("dan", c.Complete("review")), ("dan", c.Complete("review"))),
    "approve and reject": (_review, ("dan", c.Complete("review")), ("eve", c.Complete("review", "reject", note="No"))),
}


def outcome(company: Company, run: str) -> tuple[Any, ...]:
    """What can be seen of a run, without what chance has made."""
    view = company.views.run(run)
    tasks = sorted((row.label, row.round, row.owner, row.outcome) for row in view.tasks)
    votes = sorted((vote.person, vote.outcome) for task in view.state.tasks.values() for vote in task.votes)
    kinds = [(r["kind"], r["actor"]["sub"], [code for code, _ in r.get("reasons", ())]) for r in company.records(run)]
    return view.state.status, tasks, votes, json.dumps(dict(view.state.counts), sort_keys=True), sorted(view.values), kinds


def ask(company: Company, run: str, asked: Ask) -> Done | Refused:
    who, command = asked
    if isinstance(command, c.Assign):
        command = c.Assign(command.step, company.people[command.person], command.note)
    return company.ask(who, run, command)


def interleaved(company: Company, run: str, first: Ask, second: Ask, n: int) -> bool:
    """Stop *first* before its n-th statement and let *second* go; False when *first* has not so many."""
    arrived, go = threading.Event(), threading.Event()
    seen = [0]

    def barrier(_name: str) -> None:
        seen[0] += 1
        if seen[0] == n:
            arrived.set()
            assert go.wait(30)

    faults: list[BaseException] = []

    def one() -> None:
        try:
            mine = company.again(seed=5)
            mine.database.observer = barrier
            ask(mine, run, first)
            mine.close()
        except BaseException as error:  # noqa: BLE001 - told below
            faults.append(error)
        finally:
            arrived.set()

    def other() -> None:
        try:
            mine = company.again(seed=6)
            ask(mine, run, second)
            mine.close()
        except BaseException as error:  # noqa: BLE001 - told below
            faults.append(error)

    holding, passing = threading.Thread(target=one), threading.Thread(target=other)
    holding.start()
    assert arrived.wait(30)
    stopped = not go.is_set() and seen[0] == n
    passing.start()
    passing.join(LONG)
    go.set()
    holding.join(30)
    passing.join(30)
    assert faults == []
    return stopped


@pytest.mark.parametrize("name", PAIRS)
def test_the_result_is_that_of_one_order_or_the_other(company: Company, name: str) -> None:
    """At every statement of the first command: nothing is lost, doubled or mixed, and the histories prove themselves."""
    prepare, first, second = PAIRS[name]
    orders = []
    for pair in ((first, second), (second, first)):
        run = prepare(company)
        for asked in pair:
            ask(company, run, asked)
        orders.append(outcome(company, run))
    stopped = 0
    for n in range(1, 60):
        run = prepare(company)
        if not interleaved(company, run, first, second, n):
            break
        stopped += 1
        assert outcome(company, run) in orders, n
        assert company.audit(run).findings == []
    assert stopped > 8
    assert stopped < 59


def test_two_starts_under_one_key_make_one_run(company: Company) -> None:
    """At every statement of the first: the other one gets the same run."""
    answers: list[Done | Refused] = []
    for n in range(1, 40):
        arrived, go = threading.Event(), threading.Event()
        seen = [0]

        def barrier(
            _name: str, arrived: threading.Event = arrived, go: threading.Event = go, seen: list[int] = seen, n: int = n
        ) -> None:
            seen[0] += 1
            if seen[0] == n:
                arrived.set()
                assert go.wait(30)

        def begin(observer: Callable[[str], None] | None, seed: int, arrived: threading.Event = arrived, n: int = n) -> None:
            mine = company.again(seed=seed)
            mine.app.library.find("article")
            mine.database.observer = observer
            answers.append(mine.start(key=f"once-{n}"))
            mine.database.observer = None
            mine.close()
            arrived.set()

        before = len(company.views.runs("all", limit=500))
        holding = threading.Thread(target=begin, args=(barrier, 5))
        passing = threading.Thread(target=begin, args=(None, 6))
        holding.start()
        assert arrived.wait(30)
        passing.start()
        passing.join(LONG)
        go.set()
        holding.join(30)
        passing.join(30)
        one, two = answers[-2:]
        assert isinstance(one, Done)
        assert isinstance(two, Done)
        assert one.run == two.run
        assert sorted((one.repeated, two.repeated)) == [False, True]
        assert len(company.views.runs("all", limit=500)) == before + 1
        if seen[0] < n:
            break
    assert n > 10
    assert company.audit().findings == []
