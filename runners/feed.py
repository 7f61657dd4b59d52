"""The calendar as iCalendar (RFC 5545), for Google Calendar, Outlook and Apple Calendar.

Everything is an event, because not every calendar shows tasks. Instants are in UTC, which each calendar shows in its reader's
zone; a day is a whole day anywhere. An event keeps its UID when it is moved, so that a calendar that reads the feed again moves
it too. Nothing personal but handles stands in it.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Final

from icalendar import TRANSP, Calendar, Event

from engine.text import clean
from runners.planning import DUE, SLOT, Entry
from runners.tongue import spoken

_LONG: Final = timedelta(minutes=15)
"""How long an instant is: events without length are drawn as nothing, or as an hour."""
_SIGNS: Final = {DUE: "due", SLOT: "slot"}
_EVERY: Final = timedelta(hours=1)
"""How often a calendar that follows the feed may look again."""


def feed(entries: Iterable[Entry], names: Callable[[str], str], *, log: str, now: str, zone: str) -> bytes:
    """The file.

    Args:
        entries: lines of the calendar.
        names: from a pseudonym to a handle.
        log: id of the database: with it the UIDs of two databases differ.
        now: the instant at which the file is made.
        zone: the zone that a calendar may show it in, by IANA name.
    """
    made = Calendar.new(
        prodid="-//sopwith//sop calendar//EN", calscale="GREGORIAN", method="PUBLISH", name="SOP", refresh_interval=_EVERY,
        uid=f"calendar@{log}.sopwith",
    )  # fmt: skip
    made.add("x-wr-timezone", zone)
    stamp = datetime.fromisoformat(now).astimezone(UTC).replace(microsecond=0)
    for entry in entries:
        made.add_component(_event(entry, names, log, stamp))
    file: bytes = made.to_ical()
    return file


def _event(entry: Entry, names: Callable[[str], str], log: str, stamp: datetime) -> Event:
    start: date | datetime
    if len(entry.at) > len("2026-11-22"):
        start = datetime.fromisoformat(entry.at).astimezone(UTC).replace(microsecond=0)
        end: date | datetime = start + _LONG
    else:
        start = date.fromisoformat(entry.at)
        end = start + timedelta(days=1)
    drill = f"[{spoken('DRILL')}] " if entry.drill else ""
    lines = [f"{title}: {clean(text)}" for title, text in _facts(entry, names) if text]
    kinds = [entry.kind.upper(), *(["DRILL"] if entry.drill else [])]
    return Event.new(
        uid=f"{entry.key}@{log}.sopwith", stamp=stamp, start=start, end=end, summary=drill + words(entry),
        description="\n".join(lines), categories=kinds, transparency=TRANSP.TRANSPARENT,
    )  # fmt: skip


def words(entry: Entry) -> str:
    """What an entry is called, in one line and safe to show."""
    if entry.kind == DUE:
        return clean(spoken("Due: {task} - {title}", task=entry.about, title=entry.title))
    return clean(entry.title if entry.kind == SLOT else spoken("Starts: {title}", title=entry.title))


def _facts(entry: Entry, names: Callable[[str], str]) -> list[tuple[str, str]]:
    return [
        (spoken("SOP"), entry.sop), (spoken("Run"), entry.run), (spoken("Task"), entry.id if entry.kind == DUE else ""),
        (spoken("Of"), entry.about if entry.kind == SLOT else ""), (spoken("Schedule"), entry.id if not entry.run else ""),
        (spoken("Role"), entry.role), (spoken("Who"), ", ".join(names(person) for person in entry.people)),
        (spoken("Drill"), spoken("yes") if entry.drill else ""),
    ]  # fmt: skip
