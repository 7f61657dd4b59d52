"""The calendar for other calendars: what is written is read again, whatever people wrote."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from runners.feed import feed
from runners.planning import DUE, SLOT, START, Entry
from tests.profiles import load

load()

NOW = "2026-11-22T13:02:11.123456Z"
LOG = "0123456789abcdef"
HANDLES = {"p_aaaaaaaaaaaa": "ana"}
DUE_ENTRY = Entry(
    "2026-11-25T09:00:00.000000Z", DUE, "Charger story", "ART-1/write", "due-ART-1-1", "article", "ART-1", "write", "writer",
    ("p_aaaaaaaaaaaa",), status="open",
)  # fmt: skip
START_ENTRY = Entry("2026-11-25T01:00:00.000000Z", START, "Week 48", "weekly.regular", "start-weekly", "weekly", role="manager")
SLOT_ENTRY = Entry("2026-12-24", SLOT, "圣诞 · 微博", "CAL-1", "slot-CAL-1-x", "calendar", "CAL-1", "December", drill=True)


def written(*entries: Entry) -> bytes:
    return feed(entries, lambda person: HANDLES.get(person, person), log=LOG, now=NOW, zone="Asia/Shanghai")


def events(file: bytes) -> list[dict[str, object]]:
    """The events of a file as another program reads them."""
    read = Calendar.from_ical(file)
    assert isinstance(read, Calendar)
    assert read.errors == []
    found: list[dict[str, object]] = []
    for event in read.walk("VEVENT"):
        assert event.errors == []
        of: Any = event  # the library types a property as any of thirty kinds
        found.append(
            {"uid": str(of["UID"]), "summary": str(of["SUMMARY"]), "start": of["DTSTART"].dt, "end": of["DTEND"].dt,
             "stamp": of["DTSTAMP"].dt, "text": str(of.get("DESCRIPTION", "")),
             "kinds": [str(kind) for kind in of["CATEGORIES"].cats]}
        )  # fmt: skip
    return found


def test_what_each_kind_becomes() -> None:
    """A due and a start are moments in UTC, a day is a whole day; a drill is marked; who is a handle."""
    due, start, slot = events(written(DUE_ENTRY, START_ENTRY, SLOT_ENTRY))

    assert (due["summary"], due["start"], due["end"]) == (
        "Due: write - Charger story", datetime(2026, 11, 25, 9, tzinfo=UTC), datetime(2026, 11, 25, 9, 15, tzinfo=UTC)
    )  # fmt: skip
    assert due["text"] == "SOP: article\nRun: ART-1\nTask: ART-1/write\nRole: writer\nWho: ana"
    assert (start["summary"], start["kinds"], start["stamp"]) == (
        "Starts: Week 48", ["START"], datetime(2026, 11, 22, 13, 2, 11, tzinfo=UTC)
    )  # fmt: skip
    assert (slot["summary"], slot["start"], slot["end"], slot["kinds"]) == (
        "[DRILL] 圣诞 · 微博", date(2026, 12, 24), date(2026, 12, 25), ["SLOT", "DRILL"]
    )  # fmt: skip
    assert len({event["uid"] for event in (due, start, slot)}) == 3


def test_a_moved_entry_is_the_same_event() -> None:
    """The UID says what it is and not when; another database has other ones."""
    moved = DUE_ENTRY._replace(at="2026-12-01T09:00:00.000000Z", title="Another title")
    other = feed([DUE_ENTRY], str, log="f" * 16, now=NOW, zone="UTC")

    uids = [events(file)[0]["uid"] for file in (written(DUE_ENTRY), written(moved), other)]

    assert uids[0] == uids[1] != uids[2]


def test_the_form_of_the_file() -> None:
    """CRLF, lines of at most 75 bytes that break no character, one calendar, its name and zone once."""
    file = written(SLOT_ENTRY._replace(title="很长的标题" * 30), DUE_ENTRY)
    lines = file.split(b"\r\n")

    assert file.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert file.endswith(b"END:VCALENDAR\r\n")
    assert max(len(line) for line in lines) <= 75
    assert all(line.decode() is not None for line in lines)
    assert b"\n" not in file.replace(b"\r\n", b"")
    for once in (b"X-WR-CALNAME:SOP", b"X-WR-TIMEZONE:Asia/Shanghai", b"METHOD:PUBLISH"):
        assert file.count(once) == 1
    assert events(file)[0]["summary"] == "[DRILL] " + "很长的标题" * 30


HOSTILE = [
    "a\r\nBEGIN:VEVENT\r\nSUMMARY:injected", "END:VEVENT\nEND:VCALENDAR", "semi;colon, comma \\ backslash \\n",
    'quote " and : colon', "\x1b]8;;http://x\x07bell\x00null", "\u202egnp.exe", "\u2028line", "=HYPERLINK(1)",
    "\U0001f469\u200d\U0001f680", "^n^'", " ",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_texts(text: str) -> None:
    """No text makes an event, a property or a control character of its own."""
    file = written(DUE_ENTRY._replace(title=text), SLOT_ENTRY._replace(title=text, about=text), START_ENTRY._replace(title=text))

    found = events(file)
    assert [event["uid"] for event in found] == [event["uid"] for event in events(written(DUE_ENTRY, SLOT_ENTRY, START_ENTRY))]
    assert file.count(b"\r\nBEGIN:VEVENT\r\n") == 3
    decoded = file.decode().replace("\r\n", "")
    assert not any(ord(character) < 0x20 or character in "\u202e\u2028\x7f" for character in decoded)


@given(st.text(max_size=120))
def test_every_text_comes_back(text: str) -> None:
    """What was written is read again, with what could steer a reader written out."""
    from engine.text import clean

    (found,) = events(written(START_ENTRY._replace(title=text)))

    assert str(found["summary"]).strip() == f"Starts: {clean(text)}".strip()
