"""What one accepted or refused command writes, in one transaction."""

from collections.abc import Container, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from runners.clock import Ids
from runners.store.database import Parameters, Statement, Unit
from runners.store.records import (
    NO_DUE,
    PEOPLE,
    Evidence,
    LibraryFile,
    Outbox,
    Payload,
    Person,
    RunRow,
    StoredDefinition,
    TaskRow,
    Team,
    Timer,
)
from runners.store.rows import plain, task_parameters, texts

_NOTHING: Final[Mapping[int, Any]] = MappingProxyType({})


class Change(NamedTuple):
    """Everything that one command does to one run.

    Attributes:
        run: the row as it shall be; its ``seq`` and ``head`` are those of the last of ``records``.
        expected_seq: the ``seq`` that was read, None for a run that begins.
        at: the instant of the change.
        records: sequence number, record, hash (32 bytes); at least one, without a gap after ``expected_seq``.
        before: the row as it was read. With it, a step that changes only seq, head, open tasks and state writes no index.
        tasks: tasks that are new or differ; whole rows.
        offers: by number of the task, to whom it is offered now; replaces what was offered before. Empty = to nobody.
            A task named here must be in ``tasks`` or in ``dues``.
        dues: due dates of tasks in ``offers`` that are not in ``tasks``.
        payloads: new values. Those that count now replace the current ones of the same path.
        retired: paths whose current value no longer counts and gets no successor.
        counted: paths that have a current value until now; None where that is not known. No other is looked for, to be replaced.
        timers_set: timers that are new or set anew.
        timers_done: task, kind, n of timers that fired or have become pointless.
        outbox: effects to be performed.
        request: key of the command, digest of what it asked, number of the record that answered.
        evidence: files that are in the evidence folder already.
        turns: place, person, last: tasks that were given out by a rule.
        locks_freed: critical sections that the run is no longer in.
        locks_taken: name and task: critical sections that it is in now; a Conflict where another run is.
    """

    run: RunRow
    expected_seq: int | None
    at: str
    records: Sequence[tuple[int, bytes, bytes]]
    before: RunRow | None = None
    tasks: Sequence[TaskRow] = ()
    offers: Mapping[int, Sequence[str]] = _NOTHING
    dues: Mapping[int, str | None] = _NOTHING
    payloads: Sequence[Payload] = ()
    retired: Sequence[str] = ()
    counted: Container[str] | None = None
    timers_set: Sequence[Timer] = ()
    timers_done: Sequence[tuple[int, str, int]] = ()
    outbox: Sequence[Outbox] = ()
    request: tuple[str, str, int] | None = None
    evidence: Sequence[Evidence] = ()
    turns: Sequence[tuple[str, str, int]] = ()
    locks_freed: Sequence[str] = ()
    locks_taken: Sequence[tuple[str, str]] = ()


def apply(unit: Unit, change: Change) -> None:
    """Writes a change.

    Raises:
        Conflict: the run has moved on since it was read, or a key (run, request) is taken. Perhaps only at the end of
            the transaction.
        ValueError: the change does not fit together; nothing was written.
    """
    _require_whole(change)
    run = change.run.id
    statements = [_run(change)]
    statements.append(
        Statement(
            "history_insert", [{"run": run, "seq": seq, "record": record, "hash": digest} for seq, record, digest in change.records]
        )
    )
    if change.tasks:
        statements.append(Statement("task_upsert", [task_parameters(task) for task in change.tasks]))
    if change.offers:
        statements += _offers(change)
    counted = change.counted
    replaced = (p.path for p in change.payloads if p.current and (counted is None or p.path in counted))
    retired = [*change.retired, *replaced] if change.expected_seq is not None else []
    if retired:
        statements.append(Statement("payload_retire", [{"run": run, "path": path} for path in retired]))
    if change.payloads:
        statements.append(Statement("payload_insert", [_payload(payload) for payload in change.payloads]))
    if change.timers_set or change.timers_done or change.outbox or change.evidence or change.turns:
        statements += _rare(change)
    if change.locks_freed or change.locks_taken:
        statements.append(Statement("lock_delete", [{"name": name, "run": run} for name in change.locks_freed]))
        taken = [{"name": name, "run": run, "label": label} for name, label in change.locks_taken]
        statements.append(Statement("lock_insert", taken))
    if change.request is not None:
        key, digest, seq = change.request
        statements.append(Statement("request_insert", [{"key": key, "digest": digest, "run": run, "seq": seq, "at": change.at}]))
    unit.batch(statements)


def _require_whole(change: Change) -> None:
    """A last look before writing: on a server the records are also what makes a lost compare-and-set fail."""
    first = 0 if change.expected_seq is None else change.expected_seq + 1
    if not change.records or [seq for seq, _, _ in change.records] != list(range(first, first + len(change.records))):
        raise ValueError(f"the records of {change.run.id} do not go on from {change.expected_seq}")
    last, _, head = change.records[-1]
    if (change.run.seq, change.run.head) != (last, head):
        raise ValueError(f"the run {change.run.id} does not stand at its last record")


def _run(change: Change) -> Statement:
    run, before = change.run, change.before
    if change.expected_seq is None:
        return Statement("run_insert", [_run_parameters(run)])
    if before is not None and _same_but_state(before, run):
        return Statement(
            "run_step",
            [
                {
                    "id": run.id,
                    "expected": change.expected_seq,
                    "seq": run.seq,
                    "head": run.head,
                    "open_tasks": run.open_tasks,
                    "state": run.state,
                }
            ],
            1,
        )
    return Statement("run_update", [_run_parameters(run) | {"expected": change.expected_seq}], 1)


def _same_but_state(before: RunRow, after: RunRow) -> bool:
    return (
        before.closed_at == after.closed_at
        and before.status == after.status
        and before.end_name == after.end_name
        and before.due_at == after.due_at
        and before.lead == after.lead
        and before.title == after.title
        and before.fingerprint == after.fingerprint
        and before.version == after.version
        and before.sop == after.sop
    )


def _run_parameters(run: RunRow) -> dict[str, Any]:
    return run._asdict() | {"drill": int(run.drill)}


def _offers(change: Change) -> list[Statement]:
    run = change.run.id
    dues = {**change.dues, **{task.no: task.due_at for task in change.tasks}}
    added: list[Parameters] = [
        {"holder": holder, "due_key": dues[no] or NO_DUE, "run": run, "no": no}
        for no, holders in change.offers.items()
        for holder in holders
    ]
    made = [Statement("offer_delete", [{"run": run, "no": no} for no in change.offers])]
    return [*made, Statement("offer_insert", added)] if added else made


def _payload(payload: Payload) -> dict[str, Any]:
    return payload._asdict() | {"current": int(payload.current)}


def _rare(change: Change) -> list[Statement]:
    run = change.run.id
    return [
        Statement(
            "timer_done", [{"run": run, "task": t, "kind": k, "n": n, "done_at": change.at} for t, k, n in change.timers_done]
        ),
        Statement("timer_upsert", [_plain(timer) for timer in change.timers_set]),
        Statement("outbox_insert", [_plain(effect) for effect in change.outbox]),
        Statement("evidence_insert", [_plain(file) for file in change.evidence]),
        Statement("turn_upsert", [{"place": place, "person": person, "last": last} for place, person, last in change.turns]),
    ]


def _plain(value: Timer | Outbox | Evidence | LibraryFile | StoredDefinition) -> dict[str, Any]:
    return value._asdict()


def add_definition(unit: Unit, definition: StoredDefinition) -> bool:
    """Takes a definition in; returns whether it was new. Its fingerprint says all: the bytes of an old one stay."""
    if unit.one("definition_by_fingerprint", fingerprint=definition.fingerprint) is not None:
        return False
    unit.batch([Statement("definition_insert", [_plain(definition)])])
    return True


def retire_definition(unit: Unit, fingerprint: str, at: str | None, by: str | None = None, why: str | None = None) -> bool:
    """Says since when no run may start with it, or with None that runs may again; returns whether there is such.

    Args:
        unit: the transaction.
        fingerprint: of the definition.
        at: the instant.
        by: pseudonym of who retired it; None where its file is gone.
        why: their words.
    """
    return unit.run("definition_retire", fingerprint=fingerprint, retired_at=at, retired_by=by, retired_why=why) == 1


def publish_definition(unit: Unit, fingerprint: str, by: str, why: str) -> bool:
    """Says who stands for a definition and why, once; returns whether nobody had."""
    return unit.run("definition_publish", fingerprint=fingerprint, added_by=by, why=why) == 1


def add_calendar(unit: Unit, digest: str, body: bytes) -> bool:
    """Takes a calendar in; returns whether it was new."""
    if unit.one("calendar_by_digest", digest=digest) is not None:
        return False
    unit.run("calendar_insert", digest=digest, body=body)
    return True


def remember_files(unit: Unit, files: Sequence[LibraryFile], gone: Sequence[str] = ()) -> None:
    """Keeps what files of the library held; forgets the paths in ``gone``."""
    unit.batch(
        [
            Statement("library_upsert", [_plain(file) for file in files]),
            Statement("library_delete", [{"path": path} for path in gone]),
        ]
    )


def _people_changed(unit: Unit) -> None:
    """Tells whoever remembers people to ask again."""
    unit.batch([Statement("meta_upsert", [{"key": PEOPLE, "value": Ids().token()}])])


def save_person(unit: Unit, person: Person) -> None:
    """Adds a person or replaces what is known of one.

    Raises:
        Conflict: somebody else has the handle.
    """
    unit.run(
        "person_upsert",
        id=person.id,
        handle=person.handle,
        name=person.name,
        email=person.email,
        roles=texts(person.roles),
        active=int(person.active),
        more=plain(person.more),
        human=person.human,
        linked=int(person.linked),
    )
    _people_changed(unit)


def save_team(unit: Unit, team: Team, members: Sequence[str]) -> None:
    """Adds a team or replaces its name and its members (pseudonyms)."""
    unit.batch(
        [
            Statement("team_upsert", [{"id": team.id, "name": team.name, "more": plain(team.more)}]),
            Statement("members_delete", [{"team": team.id}]),
            Statement("member_insert", [{"team": team.id, "person": person} for person in members]),
        ]
    )
    _people_changed(unit)


def next_number(unit: Unit, prefix: str) -> int:
    """The next number for a run of this prefix, from 1; taken when the transaction is committed."""
    return int(unit.all("counter_next", prefix=prefix)[0][0])


def finish_effect(unit: Unit, effect: str, at: str) -> bool:
    """Marks an effect as performed; returns whether it was still waiting."""
    return unit.run("outbox_done", id=effect, done_at=at) == 1


def erase_payload(unit: Unit, run: str, seq: int, path: str) -> bool:
    """Deletes a value and its salt, wherever it went, so that the commitment in the records says nothing any more."""
    return unit.run("payload_erase", run=run, seq=seq, path=path) > 0
