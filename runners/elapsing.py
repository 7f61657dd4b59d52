"""Which timers are due, page by page."""

from collections.abc import Iterator

from engine.refusals import Code, Refused
from engine.timers import WAIT
from runners.store import reads
from runners.store.database import Database
from runners.store.records import Timer


def key_of(timer: Timer) -> str:
    """The idempotency key under which *timer* elapses: once, whoever comes to it."""
    key = f"timer-{timer.run}-{timer.task}-{timer.kind}-{timer.n}"
    return f"{key}-{timer.fire_at}" if timer.kind == WAIT else key  # one token may wait more than once


class Due:
    """The timers that are due at an instant, the longest first.

    A timer of a run that is suspended stays due until the run goes on. However many of them there are, they keep no other from
    its turn: they do not count, and once a run was found suspended its timers are not tried again.

    Args:
        database: where they are.
        now: the instant.
        limit: how many are to elapse at most.
    """

    def __init__(self, database: Database, now: str, limit: int) -> None:
        self._database = database
        self._now = now
        self._left = limit
        self._waiting: set[str] = set()

    def __iter__(self) -> Iterator[Timer]:
        last: Timer | None = None
        while self._left > 0:
            with self._database.write() as unit:  # to look at them is to lock them, which a reading transaction may not
                page = reads.timers_due(unit, self._now, limit=self._left, after=last)
            for timer in page:
                if timer.run not in self._waiting:
                    self._left -= 1
                    yield timer
            if not page:
                return
            last = page[-1]

    def refused(self, timer: Timer, why: Refused) -> None:
        """*timer* could not elapse: it does not count if it has to wait for its run or task to go on."""
        if any(reason.code is Code.SUSPENDED for reason in why.reasons):
            self._left += 1
            if any(reason.facts.get("step") == "" for reason in why.reasons):
                self._waiting.add(timer.run)
