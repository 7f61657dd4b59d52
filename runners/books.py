"""What every transaction of a runner shares: its ledger is opened here, and written."""

import hashlib
from collections.abc import Callable, Mapping

from engine.calendar import Calendar
from engine.canonical import canonical
from engine.decide import Accepted
from engine.refusals import Refused
from runners.answers import Done, NothingWritten
from runners.binding import bindings
from runners.clock import Ids
from runners.ledger import Ledger
from runners.library import Library
from runners.people_stored import Remembered, StoredDirectory
from runners.states_remembered import States
from runners.store.database import Database, Unit, transact
from runners.store.records import Person
from runners.store.writes import add_calendar
from runners.surroundings import Surroundings


class Books:
    """Opens the ledger of a transaction and closes it.

    Args:
        database: where runs are.
        library: what they are decided by.
        ids: makes salts.
        calendar: working days; stored once, with the first record that they were counted for.
    """

    def __init__(self, database: Database, library: Library, ids: Ids, calendar: Calendar) -> None:
        self._database = database
        self._library = library
        self._ids = ids
        self._calendar = calendar
        body = canonical(calendar.plain())
        self._digest = hashlib.sha256(body).hexdigest()
        self._calendar_body: bytes | None = body
        self._calendar_sent = False
        self._people = Remembered()
        self._states = States()

    def transact(self, work: Callable[[Unit], Done | Refused]) -> Done | Refused:
        """Carry out *work* in one transaction, again where it lost a race; gives its answer, also where nothing was written."""
        self._calendar_sent = False
        try:
            answer = transact(self._database, work)
        except NothingWritten as nothing:
            return nothing.answer
        if self._calendar_sent:
            self._calendar_body = None  # only now is it certain that it is there
        return answer

    def opened(
        self, unit: Unit, at: str, known: Mapping[str, tuple[Person, tuple[str, ...]] | None] | None = None, people: str = ""
    ) -> Ledger:
        """The ledger of a transaction.

        Args:
            unit: the transaction.
            at: its instant.
            known: people and their teams who were read already.
            people: which state of the directory was read.
        """
        return Ledger(
            unit,
            Surroundings(
                self._database.log, at, self._calendar, self._digest,
                lambda fingerprint: self._library.procedure(unit, fingerprint),
                lambda sop: self._library.latest(unit, sop), lambda place: bindings(unit, at, place), self._ids,
                self._states,
                lambda fingerprint: self._library.version(unit, fingerprint),
            ),
            StoredDirectory(unit, at, known, self._ids, self._people.at(people)),
        )  # fmt: skip

    def closed(
        self, ledger: Ledger, run: str, decided: Accepted | Refused, request: tuple[str, str, str] | None, *, dry_run: bool
    ) -> Done | Refused:
        """Write what was decided, and give the answer.

        Args:
            ledger: of this transaction.
            run: the run that was asked.
            decided: what the ledger decided for it.
            request: run, key and digest of the command.
            dry_run: write nothing.

        Raises:
            NothingWritten: with the answer, where nothing is to be kept.
        """
        if isinstance(decided, Refused):
            answer: Done | Refused = decided
            ledger.keep_only_refusals()
        else:
            touched = [_done(ledger, name) for name, work in ledger.works.items() if name != run and work.records]
            answer = _done(ledger, run, tuple(touched))
        if dry_run or not ledger.works:
            raise NothingWritten(answer)  # a run that was refused leaves its number to the next
        if self._calendar_body is not None and ledger.uses_calendar():
            add_calendar(ledger.unit, self._digest, self._calendar_body)
            self._calendar_sent = True
        ledger.write(request)
        return answer


def _done(ledger: Ledger, run: str, others: tuple[Done, ...] = ()) -> Done:
    work = ledger.works[run]
    return Done(run, work.seq, tuple(event for _, event in work.events), work.state, work.procedure, others=others)
