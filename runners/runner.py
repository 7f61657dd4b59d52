"""The one way to change anything: load, decide, evolve, and write in one transaction.

Doors (command line, later HTTP and the web) call :class:`Runner`; authority is checked below it, in ``engine``. A command
that lost a race is decided again from the beginning, a bounded number of times.
"""

from collections.abc import Callable, Mapping, Sequence

from engine import commands as c
from engine import limits
from engine.calendar import Calendar
from engine.decide import Accepted
from engine.people import SYSTEM
from engine.procedure import Procedure
from engine.refusals import Refused
from engine.values import Value
from runners.answers import AUTO, IDLE, ByRule, Done, answered_before
from runners.asker import Asker
from runners.asking import digest_of, plain, written
from runners.binding import bindings
from runners.books import Books
from runners.clock import Clock, Ids
from runners.elapsing import Due, key_of
from runners.library import Library
from runners.people import NotFound, actor_of, holder, translated
from runners.people import pseudonym as pseudonym_of
from runners.store import reads
from runners.store.database import Database, Unit
from runners.store.errors import Conflict, StoreError
from runners.store.loading import load
from runners.store.organisation_reads import ORG
from runners.store.records import Request, RunRow
from runners.store.writes import next_number
from runners.translating import with_holders, with_pseudonyms


class Runner:
    """Carries out commands.

    Args:
        database: where runs are.
        library: what they are decided by.
        clock: tells the time.
        ids: makes salts.
        calendar: working days.
        auth: how the door knows who gives commands.
    """

    def __init__(
        self, database: Database, library: Library, clock: Clock, ids: Ids, calendar: Calendar, *, auth: str = "os"
    ) -> None:
        self._database = database
        self._library = library
        self._clock = clock
        self._ids = ids
        self._books = Books(database, library, ids, calendar)
        self._auth = auth

    def handle(self, run: str, command: c.Command, *, actor: str, key: str = "", dry_run: bool = False) -> Done | Refused:
        """Carry out *command* in *run*.

        Args:
            run: name of the run.
            command: what is asked for; people in it are pseudonyms, but fields of people may hold handles.
            actor: pseudonym of who asks.
            key: the same key gives the same answer and happens once.
            dry_run: say what would happen and write nothing.

        Raises:
            NotFound: the run, the actor, or a person named in a field.
            StoreError: the database cannot do it now.
        """
        if actor == SYSTEM:
            raise NotFound("person", actor)  # rules act from inside; nobody becomes one of them by saying so
        return self._handle(run, command, actor=actor, key=key, dry_run=dry_run)

    def _handle(self, run: str, command: c.Command, *, actor: str, key: str, dry_run: bool = False) -> Done | Refused:
        asked = written(command)
        if isinstance(asked, Refused):
            return asked

        def work(unit: Unit) -> Done | Refused:
            loaded = load(unit, run, key=key, person=actor, change=True)
            if loaded.run is None:
                raise NotFound("run", run)
            if loaded.person is None and actor != SYSTEM:
                raise NotFound("person", actor)
            digest = digest_of(run, actor, command, asked) if key else ""
            if loaded.answered and (answer := self._again(unit, loaded.answered, loaded.run, command, digest)):
                return answer
            request = (run, key, digest) if key and not loaded.answered else None
            known = {actor: (loaded.person, loaded.teams) if loaded.person else None}
            ledger = self._books.opened(unit, self._clock.now(), known, loaded.people)
            opened = ledger.open(run, loaded)
            assert opened is not None  # noqa: S101 - the row is there
            asker = Asker(actor, "rule" if actor == SYSTEM else self._auth)
            translated_command = with_pseudonyms(unit, opened.procedure, command, actor)
            if isinstance(command, c.Migrate):
                translated_command = with_holders(unit, self._library, opened, command)
            decided = ledger.carry_out(opened, translated_command, asker, key)
            if isinstance(command, c.Migrate) and isinstance(decided, Accepted):
                decided = ledger.unless(self._library.barred(unit, command.fingerprint), ORG) or decided
            if isinstance(decided, Refused) and opened.events:  # accepted here, refused by a run it would have touched
                ledger.refuse_after_all(run, loaded, translated_command, asker, decided, request=key)
            return self._books.closed(ledger, run, decided, request, dry_run=dry_run)

        return self._books.transact(work)

    def start(
        self, sop: str, *, title: str, actor: str, roles: Mapping[str, Sequence[str]] | None = None,
        inputs: Mapping[str, Value] | None = None, parameters: Mapping[str, Value] | None = None, lead: str = "",
        drill: bool = False, key: str = "", dry_run: bool = False, place: str = "",
    ) -> Done | Refused:  # fmt: skip
        """Start a run of *sop* (or ``sop@version``).

        Args:
            sop: which procedure.
            title: what people call the run.
            actor: who starts it: handle or pseudonym.
            roles: role to handles and ``team:ID``; roles that are not named are held by whom the directory names for them.
            inputs: the definition's inputs.
            parameters: values that replace its defaults.
            lead: who leads it, by handle; the actor if empty.
            drill: an exercise.
            key: the same key gives the same run.
            dry_run: say what would happen and write nothing.
            place: the brand or department it is for, whose people come first.

        Raises:
            NotFound: the SOP, or one that is no longer in use; a person or a team.
            StoreError: the database cannot do it now.
        """
        self._library.sync()
        stored = self._library.find(sop)
        if stored.barred:
            return self._not_started(Refused(stored.barred), sop, actor, dry_run=dry_run)
        if stored.retired_at:
            raise NotFound("sop", sop, [other.procedure.sop for other in self._library.all()])
        procedure = stored.procedure
        asked = c.Start("", title, lead, roles or {}, inputs or {}, parameters or {}, drill=drill, unit=place)
        said = written(asked)
        if isinstance(said, Refused):
            return said

        def work(unit: Unit) -> Done | Refused:
            me = actor_of(unit, actor)
            digest = digest_of(sop, me, asked, said) if key else ""
            answered = reads.request(unit, key) if key else None
            if answered:
                return answered_before(unit, self._library, answered, asked, same=answered.digest == digest)
            bound = {role: [holder(unit, text, me) for text in holders] for role, holders in asked.roles.items()}
            leader = pseudonym_of(unit, lead, me) if lead else me
            asker = Asker(me, self._auth)
            request = (key, digest)
            return self._begin(unit, procedure, asked, asker, bound=bound, lead=leader, request=request, me=me, dry_run=dry_run)

        return self._not_started(self._books.transact(work), sop, actor, dry_run=dry_run)

    def _not_started(self, answer: Done | Refused, sop: str, actor: str, *, dry_run: bool) -> Done | Refused:
        if isinstance(answer, Refused) and not dry_run:
            from runners.register import start_refused

            start_refused(self._database, answer, sop, (actor, self._auth), at=self._clock.now(), ids=self._ids)
        return answer

    def _begin(
        self, unit: Unit, procedure: Procedure, asked: c.Start, asker: Asker, *, bound: Mapping[str, Sequence[str]], lead: str,
        request: tuple[str, str], me: str, dry_run: bool = False, keep: Callable[[str], None] = lambda _: None,
    ) -> Done | Refused:  # fmt: skip
        """A run as it is asked for, with the next number; *bound* holds those roles for which holders were named."""
        at = self._clock.now()
        defaults = bindings(unit, at, asked.unit)
        roles = {role: bound.get(role) or defaults.get(role, []) for role in (*procedure.document["roles"], *bound)}
        run = f"{procedure.prefix}-{next_number(unit, procedure.prefix)}"
        inputs = translated(unit, procedure.document.get("inputs", {}), plain(asked.inputs), me)
        command = c.Start(
            run, asked.title, lead, {role: holders for role, holders in roles.items() if holders}, inputs, plain(asked.parameters),
            drill=asked.drill, unit=asked.unit,
        )  # fmt: skip
        ledger = self._books.opened(unit, at)
        decided = ledger.carry_out(ledger.begin(run, procedure, asked.title, asker.person), command, asker, request[0])
        keep(run)
        # Of a run that never began nothing is kept, not even its number.
        unkept = dry_run or isinstance(decided, Refused)
        return self._books.closed(ledger, run, decided, (run, *request) if request[0] else None, dry_run=unkept)

    def start_by_rule(self, prepare: Callable[[Unit], ByRule | None]) -> Done | Refused | None:
        """Start the run that *prepare* finds to be due, in the transaction in which it finds it.

        Args:
            prepare: gives the run, or None if there is none to start; what it writes is kept unless the start is refused.

        Returns:
            What was done, why it was refused, or None if there was nothing to start.

        Raises:
            NotFound: a person or a unit.
            StoreError: the database cannot do it now.
        """

        def work(unit: Unit) -> Done | Refused:
            found = prepare(unit)
            if found is None:
                return IDLE
            if answered := reads.request(unit, found.key):
                found.keep(answered.run)
                return answered_before(unit, self._library, answered, found.asked, same=answered.digest == found.key)
            asker = Asker(SYSTEM, "rule", found.cause)
            request = (found.key, found.key)  # the key says everything that was asked for
            return self._begin(
                unit,
                found.procedure,
                found.asked,
                asker,
                bound={},
                lead=found.lead,
                request=request,
                me=found.lead,
                keep=found.keep,
            )

        answer = self._books.transact(work)
        return None if answer is IDLE else answer

    def elapse(self, limit: int = limits.PAGE_ROWS) -> list[Done]:
        """Let every timer that is due elapse; each is a command of its own, so that a fault of one holds up no other.

        Args:
            limit: how many at most; those that are due the longest come first.

        Raises:
            StoreError: some could not elapse now; all others have.
        """
        due = Due(self._database, self._clock.now(), limit)
        done, faults = [], []
        for timer in due:
            try:
                answer = self._handle(timer.run, c.Elapse(timer.task, timer.kind, timer.n), actor=SYSTEM, key=key_of(timer))
            except StoreError as fault:
                faults.append(fault)
                continue
            if isinstance(answer, Refused):
                due.refused(timer, answer)
            elif not answer.repeated:
                done.append(answer)
        if faults:
            raise faults[0]
        return done

    def _again(self, unit: Unit, answered: Request, run: RunRow, command: c.Command, digest: str) -> Done | Refused | None:
        """The answer to a key that was used before; None where the command is to be decided once more.

        A key that a door made from the arguments answers only while the run has not moved on. It keeps no refusal: what was
        in the way may be gone, and the person simply asks again.
        """
        auto = answered.key.startswith(AUTO)
        if auto and answered.seq < run.seq:
            return None
        answer = answered_before(unit, self._library, answered, command, same=answered.digest == digest)
        return None if auto and isinstance(answer, Refused) else answer


__all__ = ["AUTO", "ByRule", "Conflict", "Done", "NotFound", "Runner"]
