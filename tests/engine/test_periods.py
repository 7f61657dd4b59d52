"""Stretches of time that people name, and those that an instant falls into."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.periods import Window, around, window
from engine.timers import written

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
ZEROS = "T00:00:00.000000Z"


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026", "2026-01-01", "2027-01-01"), ("2026-Q1", "2026-01-01", "2026-04-01"), ("2026-Q4", "2026-10-01", "2027-01-01"),
        ("2026-11", "2026-11-01", "2026-12-01"), ("2024-02", "2024-02-01", "2024-03-01"), ("2026-W01", "2025-12-29", "2026-01-05"),
        ("2026-11-22", "2026-11-22", "2026-11-23"),
    ],
)  # fmt: skip
def test_periods_by_their_names(text: str, start: str, end: str) -> None:
    """Years, quarters, months, weeks and days, from their first midnight to the first one after them."""
    assert window(text, NOW, UTC) == Window(text, start + ZEROS, end + ZEROS)


def test_midnight_is_where_the_reader_is() -> None:
    """A month of Shanghai begins eight hours before that of Greenwich."""
    assert window("2026-11", NOW, SHANGHAI) == Window("2026-11", "2026-10-31T16:00:00.000000Z", "2026-11-30T16:00:00.000000Z")


def test_lengths_of_time_end_now() -> None:
    """The last thirty days, or six hours."""
    assert window("P30D", NOW, UTC) == Window("P30D", "2026-10-23T12:00:00.000000Z", "2026-11-22T12:00:00.000000Z")
    assert window("PT6H", NOW, UTC).start == "2026-11-22T06:00:00.000000Z"


@pytest.mark.parametrize("text", ["", "soon", "2026-13", "2026-00", "2026-Q5", "2026-Q0", "2026-W54", "2026-W00",
                                  "2026-11-31", "2026-11-00",
                                  "0000", "9999", "P99999999W", "P" + "9" * 60 + "D", "2026-1", "2026-W10-11", "run"])  # fmt: skip
def test_other_words_are_refused(text: str) -> None:
    """Whatever names no stretch of time, or one that no calendar holds."""
    with pytest.raises(ValueError, match=r"."):
        window(text, NOW, UTC)


def test_the_beginning_of_time_is_refused_east_of_greenwich() -> None:
    """The year 1 of Shanghai began in the year 0."""
    with pytest.raises(ValueError, match="range"):
        window("0001", NOW, SHANGHAI)


@pytest.mark.parametrize(("period", "name"), [("week", "2026-W47"), ("month", "2026-11"), ("quarter", "2026-Q4"), ("year", "2026")])
def test_the_period_that_an_instant_falls_into(period: str, name: str) -> None:
    """It is called as people would ask for it."""
    assert around(period, NOW, UTC) == window(name, NOW, UTC)


def test_a_length_of_time_ends_with_the_instant() -> None:
    """The instant itself is in it."""
    found = around("P30D", NOW, UTC)
    assert found is not None
    assert found.start <= written(NOW) < found.end


@pytest.mark.parametrize("period", ["", "run", "30 days after the run", "Personal", "P99999999W"])
def test_other_words_are_no_stretch_of_time(period: str) -> None:
    """`run` is judged run by run; free words are for people."""
    assert around(period, NOW, UTC) is None


@given(
    st.integers(0, 3_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC)),
    st.sampled_from(["week", "month", "quarter", "year"]),
)
def test_every_instant_is_in_its_period(at: datetime, period: str) -> None:
    """In a zone with changes of its clock too; the name leads back to the same stretch."""
    zone = ZoneInfo("Europe/Berlin")
    found = around(period, at, zone)
    assert found is not None
    assert found.start <= written(at) < found.end
    assert window(found.name, NOW, zone) == found
