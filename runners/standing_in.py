"""Absences with deputies, roles in somebody else's place, roles given and taken: each with its record in the history."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from engine.people import holds
from engine.refusals import Code, Reason, Refused
from engine.state import State, from_plain
from engine.text import said
from engine.values import Value
from runners.asker import Asker
from runners.clock import Ids
from runners.directory import Procedures, offered_anew, person_fact
from runners.people import NotFound
from runners.people_stored import StoredDirectory
from runners.register import Register, may_administer
from runners.store import organisation_reads as organisation
from runners.store import reads
from runners.store.database import Database, Unit, transact
from runners.store.organisation_records import Absence, Delegation
from runners.store.records import LAST, Person, Team
from runners.store.writes import save_person, save_team


def set_away(
    database: Database, absence: Absence, ids: Ids, *, asker: Asker, at: str, note: str = "", dry_run: bool = False,
    procedures: Procedures | None = None,
) -> Absence | Refused:  # fmt: skip
    """Say that somebody is away, from when until when, and who acts in their place.

    People say it of themselves; for others an administrator does, if there are any.

    Raises:
        StoreError: the database cannot do it now.
    """

    def work(unit: Unit) -> Absence | Refused:
        register = Register(unit, database.log, at, asker, ids)
        reasons = list(may_administer(unit, asker.person, own=absence.person))
        reasons += _times(absence.from_at, absence.until_at)
        if absence.deputy and _goes_round(unit, absence):
            reasons.append(Reason(Code.GOES_ROUND, {"person": absence.deputy}))
        if reasons:
            return register.refuse("away", reasons) if not dry_run else Refused(tuple(reasons))
        if not dry_run:
            organisation.save(unit, absences=[absence], linked=[absence.deputy] if absence.deputy else [])
            event = {"is": "AbsenceSet", "person": absence.person, "from": absence.from_at, "until": absence.until_at}
            register.record("away", [event | ({"deputy": absence.deputy} if absence.deputy else {})], note)
            offered_anew(unit, procedures, at)
        return absence

    return transact(database, work)


def _times(since: str, until: str) -> list[Reason]:
    if until > since:
        return []
    return [Reason(Code.FIELD_INVALID, {"field": "until", "expected": said("an instant after it begins")})]


def _goes_round(unit: Unit, absence: Absence) -> bool:
    """Whether the deputies of this absence come back to whoever is away, at any time during it."""
    others = [other for other in organisation.absences(unit) if other[:2] != absence[:2]]
    overlapping = [other for other in others if other.from_at < absence.until_at and absence.from_at < other.until_at]
    seen, open_ = {absence.deputy}, [absence.deputy]
    while open_:
        person = open_.pop()
        if person == absence.person:
            return True
        following = {other.deputy for other in overlapping if other.person == person and other.deputy} - seen
        seen |= following
        open_ += following
    return False


def delegate_role(
    database: Database, delegation: Delegation, ids: Ids, *, asker: Asker, at: str, note: str = "", dry_run: bool = False,
    procedures: Procedures | None = None,
) -> Delegation | Refused:  # fmt: skip
    """Let somebody hold a role in somebody else's place for a time.

    Only a role that the giver holds: by the directory (themselves, through a team, in a unit, in somebody else's place), or
    in an open run.

    Raises:
        StoreError: the database cannot do it now.
    """

    def work(unit: Unit) -> Delegation | Refused:
        register = Register(unit, database.log, at, asker, ids)
        reasons = list(may_administer(unit, asker.person, own=delegation.giver))
        reasons += _times(delegation.from_at, delegation.until_at)
        back = [d for d in organisation.delegations(unit) if d.role == delegation.role and d.until_at > delegation.from_at]
        if delegation.receiver == delegation.giver or _reaches(back, delegation):
            reasons.append(Reason(Code.GOES_ROUND, {"person": delegation.receiver}))
        if not reasons and not _holds(unit, delegation):
            reasons.append(Reason(Code.NOT_IN_ROLE, {"person": delegation.giver, "role": delegation.role}))
        if reasons:
            return register.refuse("delegate_role", reasons) if not dry_run else Refused(tuple(reasons))
        if not dry_run:
            organisation.save(unit, delegations=[delegation], linked=[delegation.receiver])
            event: dict[str, Value] = {
                "is": "RoleDelegated", "giver": delegation.giver, "role": delegation.role, "receiver": delegation.receiver,
                "from": delegation.from_at, "until": delegation.until_at,
            }  # fmt: skip
            register.record("delegate_role", [event], note)
            offered_anew(unit, procedures, at)
        return delegation

    return transact(database, work)


def _holds(unit: Unit, delegation: Delegation) -> bool:
    """Whether the giver holds the role when it begins to be held for them: by the directory, or in an open run."""
    giver, role, since = delegation.giver, delegation.role, delegation.from_at
    directory = StoredDirectory(unit, since)
    mandates = (mandate for mandate in directory.links(giver).mandates if mandate.role in {"", role})
    everybody = dict.fromkeys((giver, *(mandate.chain[0] for mandate in mandates)))
    return any(_given(unit, person, role, since) for person in everybody) or any(
        holds(state, role, giver, directory) for state in _open_states(unit)
    )


def _given(unit: Unit, giver: str, role: str, since: str) -> bool:
    """Whether the directory names *giver*, or a team of theirs, for *role*, anywhere and not only before *since*."""
    person, mine = reads.person_by_id(unit, giver), set(reads.teams_of(unit, giver))
    teams = [team for team in reads.teams(unit) if team.id in mine]
    posts = [post for one in (person, *teams) if one for post in one.more.get("posts", ())]
    return bool(person and role in person.roles) or any(name == role and (not end or end > since) for name, _, _, end in posts)


def _open_states(unit: Unit) -> Iterator[State]:
    """Where every open run stands."""
    before = (LAST, LAST)
    while lines := reads.runs(unit, "open", before=before, limit=200):
        for line in lines:
            if row := reads.load_run(unit, line.id):
                yield from_plain(json.loads(row.state))
        before = lines[-1].key


def _reaches(delegations: Sequence[Delegation], new: Delegation) -> bool:
    seen, open_ = {new.receiver}, [new.receiver]
    while open_:
        person = open_.pop()
        following = {d.receiver for d in delegations if d.giver == person} - seen
        if new.giver in following:
            return True
        seen |= following
        open_ += following
    return False


def set_roles(
    database: Database, handle: str, change: Callable[[Person | Team], Person | Team], ids: Ids, *, asker: Asker, at: str,
    note: str = "", dry_run: bool = False,
) -> tuple[Mapping[str, Value], ...] | Refused:  # fmt: skip
    """Change the roles that a person (by handle) or a team (``team:ID``) holds; gives the events.

    Raises:
        NotFound: there is no such person or team.
        StoreError: the database cannot do it now.
    """

    def work(unit: Unit) -> tuple[Mapping[str, Value], ...] | Refused:
        register = Register(unit, database.log, at, asker, ids)
        if reasons := may_administer(unit, asker.person):
            return register.refuse("roles", reasons) if not dry_run else Refused(reasons)
        event: dict[str, Value]
        kind, is_team, name = handle.partition(":")
        if is_team and kind == "team":
            team = reads.team(unit, name)
            if team is None:
                raise NotFound("team", name, [one.id for one in reads.teams(unit)])
            after = change(team)
            assert isinstance(after, Team)  # noqa: S101 - what goes in comes out
            members = reads.members_of(unit, name)
            if not dry_run:
                save_team(unit, after, members)
            event = {"is": "TeamSet", "team": name, "members": sorted(members), **after.more}
        else:
            person = reads.person_by_handle(unit, handle)
            if person is None:
                raise NotFound("person", handle, [one.handle for one in reads.people(unit)])
            changed = change(person)
            assert isinstance(changed, Person)  # noqa: S101 - what goes in comes out
            if not dry_run:
                save_person(unit, changed)
            event = person_fact(changed)
        event = {name_: value for name_, value in event.items() if value not in ("", [], 0)}
        if not dry_run:
            register.record("roles", [event], note)
        return (event,)

    return transact(database, work)
