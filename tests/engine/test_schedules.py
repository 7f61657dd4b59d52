"""Instants of schedules: none is skipped, none comes twice, whatever clocks do; and what is written into titles and fields."""

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.periods import filled, unknown
from engine.schedules import GRACE, CronError, Standing, after, coming, due, following, named, standing, zone_of

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
NEW_YORK, LORD_HOWE = ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")
ZONES = ("UTC", "Europe/Berlin", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia")
CRONS = (
    "0 9 * * WED", "30 2 * * *", "0 2,3 * * *", "30 1,2 * * SUN", "0 * * * *", "*/30 * * * *", "0 9 10 * *", "0 9 L * *",
    "0 9 31 * *", "0 9 LW * *", "0 9 * * MON#1", "0 9 * * 5L", "0 9 29 2 *", "0 9 1 * MON", "59 23 31 12 *", "15 */2 * * *",
)  # fmt: skip


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def first(cron: str, zone: ZoneInfo, start: str, count: int) -> list[str]:
    """The first instants after *start* on the wall clock of the zone."""
    return [there.astimezone(zone).isoformat()[:16] for there in islice(following(cron, zone, at(start)), count)]


MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds it
SCHEDULES = st.fixed_dictionaries(
    {"cron": st.sampled_from(CRONS), "zone": st.sampled_from(ZONES), "missed": st.sampled_from(["once", "all", "skip"])}
)


@pytest.mark.parametrize(
    ("cron", "zone", "start", "expected"),
    [
        # the hour that is not there: as soon as it is over, once
        ("30 2 * * *", BERLIN, "2026-03-28T12:00+01:00", ["2026-03-29T03:00", "2026-03-30T02:30"]),
        ("0 2,3 * * *", BERLIN, "2026-03-28T12:00+01:00", ["2026-03-29T03:00", "2026-03-30T02:00", "2026-03-30T03:00"]),
        # the hour that comes twice: once
        ("30 2 * * *", BERLIN, "2026-10-24T12:00+02:00", ["2026-10-25T02:30", "2026-10-26T02:30"]),
        ("30 1 * * *", NEW_YORK, "2026-10-31T12:00-04:00", ["2026-11-01T01:30", "2026-11-02T01:30"]),
        # looked at between the two
        ("30 2 * * *", BERLIN, "2026-10-25T02:15+01:00", ["2026-10-26T02:30"]),
        # half an hour, and a zone without changes
        ("15 2 * * *", LORD_HOWE, "2026-10-03T12:00+10:30", ["2026-10-04T02:30", "2026-10-05T02:15"]),
        ("0 9 * * WED", SHANGHAI, "2026-11-22T00:00+08:00", ["2026-11-25T09:00", "2026-12-02T09:00"]),
        # months with fewer days
        ("0 9 10 * *", SHANGHAI, "2026-01-10T09:00+08:00", ["2026-02-10T09:00", "2026-03-10T09:00"]),
        ("0 9 31 * *", SHANGHAI, "2026-01-31T09:00+08:00", ["2026-03-31T09:00", "2026-05-31T09:00"]),
        ("0 9 L * *", SHANGHAI, "2028-01-31T09:00+08:00", ["2028-02-29T09:00", "2028-03-31T09:00", "2028-04-30T09:00"]),
        ("0 9 LW * *", SHANGHAI, "2026-01-01T00:00+08:00", ["2026-01-30T09:00", "2026-02-27T09:00"]),
        ("0 9 29 2 *", SHANGHAI, "2096-03-01T00:00+08:00", ["2104-02-29T09:00"]),
        ("0 9 1 1,4,7,10 *", SHANGHAI, "2026-11-22T00:00+08:00", ["2027-01-01T09:00", "2027-04-01T09:00"]),
    ],
)
def test_instants_on_the_wall_clock(cron: str, zone: ZoneInfo, start: str, expected: list[str]) -> None:
    """Summer time and months with fewer days are met as people expect it."""
    assert first(cron, zone, start, len(expected)) == expected


def test_every_hour_is_an_hour_when_clocks_change() -> None:
    """What comes every hour comes every hour, over both changes."""
    for start in ("2026-03-28T22:00+01:00", "2026-10-24T22:00+02:00"):
        found = list(islice(following("0 * * * *", BERLIN, at(start)), 8))
        assert {later - sooner for sooner, later in pairwise(found)} == {timedelta(hours=1)}


def test_what_never_comes_and_the_end_of_the_calendar() -> None:
    """An expression that is none, a day that never comes and the last year of all end with an answer."""
    for cron in ("0 9 30 2 *", "0 9 * *", "0 25 * * *", "nonsense"):
        with pytest.raises(CronError):
            after(cron, BERLIN, at("2026-01-01T00:00+01:00"))
    with pytest.raises(CronError):
        after("0 9 1 1 *", BERLIN, at("9999-06-01T00:00+01:00"))
    with pytest.raises(ValueError, match="Nowhere"):
        zone_of("Nowhere/Land")


@given(st.sampled_from(CRONS), st.sampled_from(ZONES), MOMENTS)
def test_instants_are_the_same_from_wherever_one_begins(cron: str, zone: str, start: datetime) -> None:
    """They rise, and begun again at any of them they go on as they would have: none is skipped and none comes twice."""
    found = list(islice(following(cron, zone_of(zone), start), 6))

    assert found == sorted(set(found))
    assert start < found[0]
    for place, there in enumerate(found[:-1]):
        assert after(cron, zone_of(zone), there) == found[place + 1]
        assert after(cron, zone_of(zone), there - timedelta(microseconds=1)) == there


def played(schedule: dict[str, Any], begun: datetime, looks: list[datetime]) -> tuple[list[datetime], datetime]:
    """What is started when somebody looks at these moments, and the instant after."""
    next_at, started = after(schedule["cron"], zone_of(schedule["zone"]), begun), []
    for now in looks:
        while found := due(schedule, next_at, now):
            started += [found.start] if found.start else []
            next_at = found.next
    return started, next_at


@given(SCHEDULES, MOMENTS, st.lists(st.integers(0, 60 * 24 * 40), min_size=1, max_size=6))
def test_nothing_is_skipped_and_nothing_doubled(schedule: dict[str, Any], begun: datetime, minutes: list[int]) -> None:
    """However rarely somebody looks: `all` starts for every instant, `once` for the last before each look, each once."""
    looks = [begun + timedelta(minutes=sum(minutes[: place + 1])) for place in range(len(minutes))]
    every: list[datetime] = []
    for there in following(schedule["cron"], zone_of(schedule["zone"]), begun):
        if there > looks[-1]:
            break
        every.append(there)

    started, next_at = played(schedule, begun, looks)

    assert started == sorted(set(started))
    assert next_at == after(schedule["cron"], zone_of(schedule["zone"]), looks[-1])
    if schedule["missed"] == "all":
        assert started == every
        return
    last = {max((one for one in every if one <= look), default=None) for look in looks} - {None}
    if schedule["missed"] == "skip":
        seen = {one: min(look for look in looks if look >= one) for one in last if one}
        last = {one for one, look in seen.items() if look - one <= GRACE}
    assert set(started) == last


def test_skip_starts_what_is_a_little_late_and_not_what_is_later() -> None:
    """An hour is the measure; either way it goes on with the instant after."""
    schedule = {"cron": "0 9 * * *", "zone": "UTC", "missed": "skip"}
    nine, tomorrow = at("2026-11-23T09:00Z"), at("2026-11-24T09:00Z")

    assert due(schedule, nine, nine - timedelta(seconds=1)) is None
    for late, start in ((GRACE, nine), (GRACE + timedelta(seconds=1), None)):
        found = due(schedule, nine, nine + late)
        assert found is not None
        assert (found.start, found.next) == (start, tomorrow)


def test_a_year_of_hours_is_not_walked_through() -> None:
    """The last instant of a long time is found at once, and that of a rare one too."""
    long = at("1970-01-01T00:00Z")
    for cron, expected in (("0 * * * *", "2026-11-22T13:00Z"), ("0 9 29 2 *", "2024-02-29T09:00Z")):
        found = due({"cron": cron, "zone": "UTC"}, after(cron, ZoneInfo("UTC"), long), at("2026-11-22T13:30Z"))
        assert found is not None
        assert found.start == at(expected)


def test_how_a_schedule_stands_when_it_is_looked_at() -> None:
    """New: after the version came. Off: after now. The same words: as it stood. New words: what had come before stays due."""
    daily, weekly = {"cron": "0 9 * * *", "zone": "UTC"}, {"cron": "0 9 * * WED", "zone": "UTC"}
    came, now = at("2026-11-23T12:00Z"), at("2026-11-26T12:00Z")
    off = Standing("0 9 * * *", "UTC", None, at("2026-11-20T09:00Z"))
    on = Standing("0 9 * * *", "UTC", at("2026-11-24T09:00Z"), at("2026-11-23T09:00Z"))
    late = Standing("0 9 * * *", "UTC", at("2026-11-22T09:00Z"))
    ahead = Standing("0 9 * * *", "UTC", at("2026-11-26T09:00Z"), at("2026-11-25T09:00Z"))

    assert standing(daily, None, came, now).next == at("2026-11-24T09:00Z")
    assert standing(daily, off, came, now) == Standing("0 9 * * *", "UTC", at("2026-11-27T09:00Z"), off.last)
    assert standing(daily, on, came, now) == on
    assert standing(weekly, on, came, now) == Standing("0 9 * * WED", "UTC", at("2026-11-25T09:00Z"), on.last)
    assert standing(weekly, late, came, now) == Standing("0 9 * * WED", "UTC", late.next)
    assert standing(weekly, ahead, came, now).next == at("2026-12-02T09:00Z")
    assert standing({**daily, "zone": "Asia/Shanghai"}, on, came, now).next == at("2026-11-24T01:00Z")


def test_what_is_to_come() -> None:
    """The instants until a moment, the first among them; none if that is past it."""
    schedule = {"cron": "0 9 * * *", "zone": "UTC"}
    first_at = "2026-11-23T09:00:00.000000Z"

    assert list(coming(schedule, first_at, "2026-11-25T08:00:00Z")) == [first_at, "2026-11-24T09:00:00.000000Z"]
    assert list(coming(schedule, first_at, "2026-11-23T08:00:00Z")) == []


def test_schedules_of_a_document_by_name() -> None:
    """One without an id is called regular."""
    assert list(named({"schedule": [{"cron": "x"}, {"id": "b"}]})) == ["regular", "b"]
    assert named({}) == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{date}", "2026-11-22"), ("{date+14}", "2026-12-06"), ("{date-22}", "2026-10-31"),
        ("{week}", "2026-W47"), ("{week+6}", "2026-W53"), ("{week+7}", "2027-W01"), ("{week.start}", "2026-11-16"),
        ("{week-1.end}", "2026-11-15"), ("{month}", "2026-11"), ("{month-1}", "2026-10"), ("{month+2}", "2027-01"),
        ("{month.end}", "2026-11-30"), ("{month-9.end}", "2026-02-28"), ("{quarter}", "2026-Q4"), ("{quarter-1}", "2026-Q3"),
        ("{quarter-1.end}", "2026-09-30"), ("{quarter+1.start}", "2027-01-01"), ("{year}", "2026"),
        ("{year+1.start}", "2027-01-01"),
        ("{year.end}", "2026-12-31"), ("{at}", "2026-11-21T16:30:00Z"), ("{at+8h}", "2026-11-22T00:30:00Z"),
        ("{at-30min}", "2026-11-21T16:00:00Z"), ("of {month}, due {date+1}", "of 2026-11, due 2026-11-23"), ("plain", "plain"),
    ],
)  # fmt: skip
def test_names_in_braces(text: str, expected: str) -> None:
    """Days and periods are those of the zone of the schedule: here it is the 22nd, in UTC still the 21st."""
    assert list(unknown(text)) == []
    assert filled(text, at("2026-11-21T16:30Z"), SHANGHAI) == expected


def test_other_values_stay_as_they_are() -> None:
    """Lists are filled item by item, and what is no text is not touched."""
    assert filled(["{year}", 3], at("2026-11-22T12:00Z"), BERLIN) == ["2026", 3]
    assert filled(True, at("2026-11-22T12:00Z"), BERLIN) is True


@pytest.mark.parametrize(
    "text", ["{weak}", "{date.start}", "{at+8}", "{at.end}", "{month+}", "{}", "{week", "week}", "{{date}}", "{date+1000}"]
)
def test_what_means_nothing_is_told(text: str) -> None:
    """Names that are none, what does not go together, and braces that are left over."""
    assert list(unknown(text)) != []
