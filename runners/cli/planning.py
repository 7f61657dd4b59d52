"""``sop calendar``: what is due, what starts and what is published, week by week."""

import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from runners.cli.commands import command, pass_session
from runners.cli.completion import PERSON, SOP
from runners.cli.failures import unreadable, usage
from runners.cli.listing import known, known_role
from runners.cli.moments import instant
from runners.cli.session import Session
from runners.cli.tables import Column, Item
from runners.cli.times import day, written
from runners.tongue import marked, spoken, spoken_many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runners.planning import Entry, Planner

_SPAN: Final = timedelta(weeks=4) - timedelta(microseconds=1)
"""Where nothing else is asked for: the day after the last of them is another period."""
_WHAT: Final = {"due": marked("due"), "start": marked("starts"), "slot": marked("planned")}


@command("calendar")
@click.option("--from", "start", metavar="TIME", default="today", show_default=True, help="The first day.")
@click.option("--to", "end", metavar="TIME", default="", help="The last day; four weeks later if absent.")
@click.option("--role", metavar="ROLE", default="", help="Only what this role does, leads or plans.")
@click.option(
    "--person", metavar="HANDLE", default="", type=PERSON, help="Only what this person has, may take, leads or is named for."
)
@click.option("--sop", metavar="SOP", default="", type=SOP, help="Only of this SOP.")
@click.option("--ics", metavar="FILE", default="", help="Write an iCalendar file for other calendars; '-' for standard output.")
@pass_session
def calendar_command(session: Session, *, start: str, end: str, role: str, person: str, sop: str, ics: str) -> None:
    """What is due, what starts by itself and what is planned for a day, week by week.

    Planned are the days and times of fields that a definition marks with `calendar: true`, as the slots of a content
    calendar are, of open runs and of those that have ended.
    """
    from runners.planning import Wanted

    begin = instant(session, "today 00:00" if start == "today" else start, "--from", end=False)
    until = instant(session, end, "--to", end=True) if end else _later(session, begin)
    if until <= begin:
        message = spoken("--to {end} is not after --from {start}", end=end, start=start)
        raise usage(message, spoken("name the earlier day with --from"))
    if person and role:
        raise usage(spoken("--role and --person ask for different things"), spoken("ask for one after the other"))
    session.app.scheduler.look()
    if sop:
        known(session, sop)
    planner = session.app.planner
    entries = planner.entries(Wanted(begin, until, sop, role, session.person(person) if person else ""), session.now)
    if role and not entries:
        known_role(session, role)
    if ics:
        _write(session, entries, ics)
        return
    items = [_item(session, entry, planner) for entry in entries]
    first = {id(item) for item, before in zip(items, [None, *items], strict=False) if not before or before["week"] != item["week"]}
    session.out.items(items, _columns(session, first), empty=spoken("Nothing is due, starts or is planned in that time."))
    if items:
        session.out.next("sop calendar --ics calendar.ics")


def _later(session: Session, begin: str) -> str:
    """The end of the four weeks from *begin* on, on the wall clock: one of their days may have 23 or 25 hours."""
    try:
        return written(datetime.fromisoformat(begin).astimezone(session.zone) + _SPAN)
    except OverflowError as error:
        raise usage(spoken("--to {end} is not after --from {start}", end="9999-12-31", start=begin[:10])) from error


def _item(session: Session, entry: "Entry", planner: "Planner") -> dict[str, Any]:
    begins = planner.begins(entry)
    year, week, _ = datetime.fromisoformat(begins).astimezone(session.zone).isocalendar()
    return {
        "week": f"{year}-W{week:02d}", "at": entry.at, "begins": begins, "all_day": len(entry.at) == len("2026-11-22"),
        "kind": entry.kind, "title": entry.title, "id": entry.id, "sop": entry.sop, "run": entry.run or None,
        "about": entry.about or None, "role": entry.role or None, "who": [session.handle(person) for person in entry.people],
        "drill": entry.drill, "status": entry.status or None, "overdue": entry.kind == "due" and begins < session.now,
    }  # fmt: skip


def _columns(session: Session, first: set[int]) -> list[Column]:
    def when(item: Item) -> str:
        there = datetime.fromisoformat(item["begins"]).astimezone(session.zone)
        return day(there) if item["all_day"] else spoken("{day} {time}", day=day(there), time=f"{there:%H:%M}")

    def title(item: Item) -> str:
        step = f"{item['about']}: " if item["kind"] == "due" else ""
        drill = spoken("[drill]") + " " if item["drill"] else ""
        return f"{drill}{step}{item['title']}"

    def style(item: Item) -> str:
        return "late" if item["overdue"] else ""

    return [
        Column(spoken("WEEK"), lambda item: item["week"] if id(item) in first else ""),
        Column("", lambda item: session.out.sign("late") if item["overdue"] else "", style=style),
        Column(spoken("WHEN"), when, style=style),
        Column(spoken("WHAT"), lambda item: spoken(_WHAT[item["kind"]])),
        Column(spoken("TITLE"), title),
        Column(spoken("WHO"), lambda item: ", ".join(item["who"]) or item["role"] or ""),
        Column(spoken("ID"), lambda item: item["id"], whole=True),
    ]


def _write(session: Session, entries: "Sequence[Entry]", place: str) -> None:
    from runners.feed import feed

    made = feed(entries, session.handle, log=session.app.database.log, now=session.now, zone=session.settings.zone)
    if place == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(made)
        sys.stdout.buffer.flush()
        return
    target = Path(place).absolute()
    beside = target.with_name(f".{target.name}.new")
    try:
        beside.write_bytes(made)
        beside.replace(target)  # a calendar that reads it now sees the old file or the new one
    except OSError as error:
        raise unreadable(target.parent if isinstance(error, FileNotFoundError) else target, error) from error
    count = len(entries)
    words = spoken_many("Wrote {count} entry to {file}", "Wrote {count} entries to {file}", count, file=place)
    session.out.thing({"file": place, "entries": count}, [(words, "")])
