"""What a schedule starts at one of its instants: the command, and who leads the run."""

from collections.abc import Sequence

from engine import commands as c
from engine import limits
from engine.periods import filled
from engine.procedure import Document, Procedure
from engine.schedules import zone_of
from engine.text import pick
from engine.timers import instant
from runners.binding import bindings
from runners.store import reads
from runners.store.database import Unit


def asked_for(procedure: Procedure, schedule: Document, at: str, languages: Sequence[str] = ()) -> c.Start:
    """The command that *schedule* gives for its instant *at*; people in it are handles."""
    there, zone = instant(at), zone_of(schedule["zone"])
    pattern = pick(schedule.get("title"), languages, procedure.lang)
    title = pattern or f"{pick(procedure.document['title'], languages, procedure.lang)} {{date}}"
    return c.Start(
        "", str(filled(title, there, zone))[: limits.NAME_CHARACTERS], "", {},
        {name: filled(value, there, zone) for name, value in schedule.get("inputs", {}).items()},
        {name: filled(value, there, zone) for name, value in schedule.get("parameters", {}).items()},
        unit=schedule.get("unit", ""),
    )  # fmt: skip


def leader(unit: Unit, role: str, at: str, place: str) -> str:
    """The pseudonym of who leads what is started: the first who holds *role*; of a team its lead, or its first active member."""
    active = {person.id for person in reads.people(unit) if person.active}
    for holder in bindings(unit, at, place).get(role, ()):
        kind, _, name = holder.partition(":")
        team = reads.team(unit, name) if kind == "team" else None
        people = [name] if team is None else [str(team.more.get("lead", "")), *sorted(reads.members_of(unit, name))]
        if found := next((person for person in people if person in active), ""):
            return found
    return ""
