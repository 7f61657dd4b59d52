"""When runs start by themselves, in words as far as the rhythm is a usual one."""

import re
from collections.abc import Mapping
from typing import Any, Final

from engine.text import clean
from runners.handbook.blocks import Bit, Inline, around, bits
from runners.handbook.voice import Voice

_DAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NUMBERS: Final = re.compile(r"\d{1,2}([-,]\d{1,2})*")
_PLACE: Final = re.compile(r"\{[^{}]*\}")
"""What a title says of the time of its run."""
_MONTHS: Final = re.compile(r"([1-9]|1[0-2])(,([1-9]|1[0-2]))*")
_WEEKDAYS: Final = re.compile(r"(?i)([0-7]|sun|mon|tue|wed|thu|fri|sat)([-,]([0-7]|sun|mon|tue|wed|thu|fri|sat))*")
_NTH: Final = re.compile(r"(?i)([0-7]|sun|mon|tue|wed|thu|fri|sat)#([1-5])")


def starts(voice: Voice, schedule: Mapping[str, Any]) -> Inline:
    """When a schedule of the definition starts a run, and what that is called."""
    zone = clean(schedule["zone"])
    words = _words(voice, schedule["cron"], zone)
    told = Bit(words) if words else Bit(f"{clean(schedule['cron'])} {zone}", style="code")
    title = schedule.get("title")
    if not title:
        return bits(told)
    text, *marks = voice.said(title)
    before, _, after = voice.named("\0", "\1").partition("\1")
    return bits(*around(before, bits(told)), Bit(_PLACE.sub("…", text), *marks), after)


def _words(voice: Voice, cron: str, zone: str) -> str:
    """The rhythm *cron* in words; nothing if it is no usual one."""
    minute, hour, day, month, weekday = cron.split()
    days = _days(voice, day, weekday)
    if not (days and minute.isdecimal() and hour.isdecimal() and (month == "*" or _MONTHS.fullmatch(month))):
        return ""
    if month != "*":
        months = voice.listed([voice.w(f"clock.month{int(one)}") for one in month.split(",")])
        words = "clock.yearly" if weekday == "*" and _NUMBERS.fullmatch(day) else "clock.in_months"
        days = voice.w(words, days=_numbers(voice, day) if words == "clock.yearly" else days, months=months)
    return voice.w("clock.at", days=days, time=f"{int(hour):02}:{int(minute):02}", zone=zone)


def _days(voice: Voice, day: str, weekday: str) -> str:
    if weekday == "*":
        known = {"*": "clock.daily", "L": "clock.last_day", "LW": "clock.last_working_day"}
        if day in known:
            return voice.w(known[day])
        return voice.w("clock.monthly", days=_numbers(voice, day)) if _NUMBERS.fullmatch(day) else ""
    if day != "*":
        return ""
    if nth := _NTH.fullmatch(weekday):
        return voice.w("clock.nth", days=_weekday(voice, nth[1]), n=voice.w(f"clock.nth{nth[2]}"))
    if _WEEKDAYS.fullmatch(weekday):
        parts = ["–".join(_weekday(voice, one) for one in part.split("-")) for part in weekday.split(",")]  # noqa: RUF001 - a range
        return voice.w("clock.weekly", days=voice.listed(parts))
    return ""


def _numbers(voice: Voice, days: str) -> str:
    return voice.listed([part.replace("-", "–") for part in days.split(",")])  # noqa: RUF001 - a range


def _weekday(voice: Voice, day: str) -> str:
    return voice.w(f"clock.{_DAYS[int(day)] if day.isdecimal() else day.lower()}")
