"""What the program reads. Lists are paged: at most ``limit`` lines, continued after the ``key`` of the last one."""

from collections.abc import Sequence
from heapq import merge
from typing import Literal

from engine import limits
from runners.store import rows
from runners.store.database import Unit, Value
from runners.store.records import (
    LAST,
    DefinitionLine,
    Evidence,
    HistoryRow,
    InboxRow,
    LibraryFile,
    Lock,
    Outbox,
    Payload,
    Person,
    Request,
    RunLine,
    RunRow,
    StoredDefinition,
    TaskRow,
    Team,
    Timer,
)

Which = Literal["open", "closed", "all"]

NO_KEY = ("", "", -1)
"""Before the first task of every list."""


# runs


def load_run(unit: Unit, run: str) -> RunRow | None:
    """A whole run."""
    row = unit.one("run_by_id", id=run)
    return None if row is None else rows.run_row(row)


def runs(
    unit: Unit,
    which: Which = "open",
    *,
    sop: str | None = None,
    lead: str | None = None,
    before: tuple[str, str] = (LAST, LAST),
    limit: int = limits.PAGE_ROWS,
) -> list[RunLine]:
    """Runs, newest first.

    Args:
        unit: the transaction.
        which: open ones, closed ones or all.
        sop: only of this SOP.
        lead: only of this lead (pseudonym).
        before: ``key`` of the last line of the page before.
        limit: lines of a page.
    """
    found = unit.all(f"runs_{which}", sop=sop, lead=lead, before_at=before[0], before_id=before[1], limit=limit)
    return [rows.run_line(row) for row in found]


def runs_overdue(
    unit: Unit,
    now: str,
    *,
    sop: str | None = None,
    lead: str | None = None,
    after: tuple[str, str] = ("", ""),
    limit: int = limits.PAGE_ROWS,
) -> list[RunLine]:
    """Open runs that should have ended before ``now``, the longest overdue first; ``after`` is (due_at, id)."""
    found = unit.all("runs_overdue", now=now, sop=sop, lead=lead, after_due=after[0], after_id=after[1], limit=limit)
    return [rows.run_line(row) for row in found]


def counters(unit: Unit) -> dict[str, int]:
    """Prefix -> the number that its next run will have."""
    return {prefix: int(number) for prefix, number in unit.all("counters_all")}


def history_without_run(unit: Unit) -> list[str]:
    """Names of runs that have records and no row."""
    found: list[str] = []
    while rows := unit.all("history_without_run", after=found[-1] if found else "", limit=1):
        found.append(rows[0][0])
    return found


def runs_of_parent(unit: Unit, parent: str) -> list[RunLine]:
    """The runs that a run started, in the order of their ids."""
    return [rows.run_line(row) for row in unit.all("runs_of_parent", parent=parent)]


# tasks


def tasks_of(unit: Unit, run: str) -> list[TaskRow]:
    """Every task of a run, open or closed, in the order of their numbers."""
    return [rows.task_row(row) for row in unit.all("tasks_of_run", run=run)]


def inbox(
    unit: Unit,
    person: str,
    holders: Sequence[str],
    *,
    after: tuple[str, str, int] = NO_KEY,
    limit: int = limits.PAGE_ROWS,
    owners: Sequence[str] = (),
) -> list[InboxRow]:
    """What a person owns or may claim, what is due first standing first, each task once.

    Args:
        unit: the transaction.
        person: pseudonym of the owner.
        holders: ``person:…`` and ``team:…`` under which tasks may be offered to that person.
        after: ``key`` of the last line of the page before.
        limit: lines of a page.
        owners: further people whose own tasks are wanted too.
    """
    page: dict[str, Value] = {"after_due": after[0], "after_run": after[1], "after_no": after[2], "limit": limit}
    lists = unit.fetch(
        [
            *(("inbox_owned", {"owner": owner, **page}) for owner in (person, *owners) if owner),
            *(("inbox_offered", {"holder": holder, **page}) for holder in holders),
        ]
    )
    found: list[InboxRow] = []
    for line in merge(*(map(rows.inbox_row, lines) for lines in lists), key=lambda line: line.key):
        if found and found[-1].key == line.key:
            continue  # offered to the person and to a team of theirs
        if len(found) == limit:
            break
        found.append(line)
    return found


def tasks_overdue(unit: Unit, now: str, *, after: tuple[str, str, int] = NO_KEY, limit: int = limits.PAGE_ROWS) -> list[InboxRow]:
    """Open tasks that were due before ``now``, the longest overdue first; ``now=LAST`` gives every open task."""
    found = unit.all("tasks_overdue", now=now, after_due=after[0], after_run=after[1], after_no=after[2], limit=limit)
    return [rows.inbox_row(row) for row in found]


def offers_of(unit: Unit, run: str) -> list[tuple[str, str, int]]:
    """Holder, key of the due date and number of the task of everything that a run offers."""
    return [(holder, due_key, no) for holder, due_key, no in unit.all("offers_of_run", run=run)]


# history and values


def history(unit: Unit, run: str, *, after: int = -1, upto: int | None = None, limit: int = limits.PAGE_ROWS) -> list[HistoryRow]:
    """Records of a run with ``after < seq <= upto``, in their order."""
    last = limits.WHOLE_NUMBER >> 22 if upto is None else upto
    return [HistoryRow(*row) for row in unit.all("history_of_run", run=run, after=after, upto=last, limit=limit)]


def current_payloads(unit: Unit, run: str) -> dict[str, bytes]:
    """Path -> canonical JSON of every value that counts now."""
    return {path: bytes(body) for path, body in unit.all("payloads_current", run=run)}


def payloads(unit: Unit, run: str, seq: int | None = None) -> list[Payload]:
    """Every value that was not erased, of the records up to ``seq``: by path, the latest of each path last."""
    last = limits.WHOLE_NUMBER >> 22 if seq is None else seq
    found = [rows.payload(row) for row in unit.all("payloads_of_run", run=run, upto=last)]
    return sorted(found, key=lambda payload: (payload.path, payload.seq))


def request(unit: Unit, key: str) -> Request | None:
    """The command that was given under this key."""
    row = unit.one("request_by_key", key=key)
    return None if row is None else Request(*row)


# what is due by itself


def timers_due(unit: Unit, now: str, *, limit: int = limits.PAGE_ROWS, after: Timer | None = None) -> list[Timer]:
    """Timers to fire, earliest first, from *after* on. In a writing transaction they are this caller's alone until it ends."""
    at, run, task = after.key if after else ("", "", 0)
    found = unit.all("timers_due", now=now, limit=limit, after_at=at, after_run=run, after_task=task)
    return [Timer(*row) for row in found]


def timers_of(unit: Unit, run: str) -> list[Timer]:
    """Every timer of a run."""
    return [Timer(*row) for row in unit.all("timers_of_run", run=run)]


def lock(unit: Unit, name: str) -> Lock | None:
    """Who is in a critical section."""
    row = unit.one("lock_by_name", name=name)
    return None if row is None else Lock(*row)


def locks_of(unit: Unit, run: str) -> list[Lock]:
    """The critical sections that a run is in."""
    return [Lock(*row) for row in unit.all("locks_of_run", run=run)]


def outbox_due(unit: Unit, *, limit: int = limits.PAGE_ROWS) -> list[Outbox]:
    """Effects to perform, oldest first. In a writing transaction they are this caller's alone until it ends."""
    return [Outbox(*row) for row in unit.all("outbox_due", limit=limit)]


def evidence(unit: Unit, sha256: str) -> Evidence | None:
    """What is known of a file."""
    row = unit.one("evidence_by_sha256", sha256=sha256)
    return None if row is None else Evidence(*row)


# definitions


def definition(unit: Unit, fingerprint: str) -> StoredDefinition | None:
    """A definition, byte for byte."""
    row = unit.one("definition_by_fingerprint", fingerprint=fingerprint)
    return None if row is None else StoredDefinition(*row)


def definitions(unit: Unit, sop: str | None = None) -> list[DefinitionLine]:
    """All definitions, or those of one SOP."""
    found = unit.all("definitions_all") if sop is None else unit.all("definitions_of_sop", sop=sop)
    return [DefinitionLine(*row) for row in found]


def library(unit: Unit) -> dict[str, LibraryFile]:
    """Path -> what the file held when it was last read."""
    return {row[0]: LibraryFile(*row) for row in unit.all("library_all")}


def calendar(unit: Unit, digest: str) -> bytes | None:
    """A calendar, byte for byte."""
    row = unit.one("calendar_by_digest", digest=digest)
    return None if row is None else bytes(row[1])


# people


def person_by_id(unit: Unit, pseudonym: str) -> Person | None:
    """Who a pseudonym is."""
    row = unit.one("person_by_id", id=pseudonym)
    return None if row is None else rows.person(row)


def person_by_handle(unit: Unit, handle: str) -> Person | None:
    """Who has this handle."""
    row = unit.one("person_by_handle", handle=handle)
    return None if row is None else rows.person(row)


def people(unit: Unit) -> list[Person]:
    """Everybody, in the order of their handles."""
    return [rows.person(row) for row in unit.all("people_all")]


def team(unit: Unit, team_id: str) -> Team | None:
    """A team."""
    row = unit.one("team_by_id", id=team_id)
    return None if row is None else rows.team(row)


def teams(unit: Unit) -> list[Team]:
    """Every team, in the order of their ids."""
    return [rows.team(row) for row in unit.all("teams_all")]


def teams_of(unit: Unit, pseudonym: str) -> list[str]:
    """Ids of the teams of a person."""
    return [row[0] for row in unit.all("teams_of_person", person=pseudonym)]


def members_of(unit: Unit, team_id: str) -> list[str]:
    """Pseudonyms of the members of a team."""
    return [row[0] for row in unit.all("members_of_team", team=team_id)]


def members(unit: Unit) -> dict[str, list[str]]:
    """Team -> pseudonyms of its members."""
    found: dict[str, list[str]] = {}
    for team_id, pseudonym in unit.all("members_all"):
        found.setdefault(team_id, []).append(pseudonym)
    return found
