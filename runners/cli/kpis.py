"""``sop kpi``: the figures that SOPs are judged by."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import click

from runners.cli.commands import command, pass_session
from runners.cli.completion import ANYTHING
from runners.cli.failures import usage
from runners.cli.session import Session
from runners.cli.tables import Column, Item
from runners.cli.targets import is_run, run_of
from runners.cli.words import measured
from runners.lengths import brief, written
from runners.tongue import marked, spoken, spoken_many

if TYPE_CHECKING:
    from runners.kpis import Line

_BARS: Final = "▁▂▃▄▅▆▇█"
_ASCII_BARS: Final = "_.,-=+*#"
_EVERY: Final = {
    "run": marked("run"), "week": marked("week"), "month": marked("month"), "quarter": marked("quarter"), "year": marked("year"),
}  # fmt: skip
"""How often a figure is looked at."""
_CONFIDENCE: Final = {
    "seed": marked("seed"), "seed_reconstructed": marked("seed reconstructed"), "public": marked("public"),
    "practitioner": marked("practitioner"), "inference": marked("inference"), "team": marked("team"),
}  # fmt: skip
"""How far a target can be trusted."""


@command("kpi")
@click.argument("target", default="", metavar="[SOP|RUN]", type=ANYTHING)
@click.option(
    "--period", metavar="PERIOD", default="",
    help="What is counted: 2026, 2026-Q4, 2026-11, 2026-W48, 2026-11-22, or P30D until now.",
)  # fmt: skip
@pass_session
def kpi_command(session: Session, *, target: str, period: str) -> None:
    """Target and actual of each figure that SOPs, or one run, are judged by: met or missed, the last ten values, the source.

    Without --period each figure is shown for the last period of its own (run, week, month, quarter, year) that has a value.
    Drills do not count. A value belongs to the moment when the last step was done that it is computed from; of several the
    mean is shown.
    """
    if is_run(target):
        if period:
            raise usage(spoken("--period {period}: one run has one value", period=period), spoken("leave it out, or name the SOP"))
        run = run_of(target)
        lines, drill = session.app.kpis.of_run(run)
        if drill:
            empty = spoken("{run} is a drill: nobody is judged by it.", run=run)
        else:
            empty = spoken("{run} is judged by no figure.", run=run)
    else:
        lines, empty = _of_sops(session, target, period), spoken("There are no figures.")
    items = [_item(session, line) for line in lines]
    session.out.items(items, _columns(session, several=not target), empty=empty)
    if erased := sum(item["missing"] for item in items):
        words = spoken_many(
            "{count} value is missing: erased, and counted nowhere.",
            "{count} values are missing: erased, and counted nowhere.",
            erased,
        )
        session.out.note(words)
    deeper = next((line.run for line in lines if line.run), "" if target else lines[0].procedure.sop) if lines else ""
    if deeper and not is_run(target) and not session.out.machine:
        session.out.next(f"sop kpi {deeper}")


def _of_sops(session: Session, sop: str, period: str) -> "list[Line]":
    from engine.periods import window

    library = session.app.library
    library.sync()
    procedures = [library.find(sop).procedure] if sop else [stored.procedure for stored in library.all()]
    try:
        asked = window(period, datetime.fromisoformat(session.now), session.zone) if period else None
    except ValueError as error:
        words = spoken("--period {period}: expected 2026, 2026-Q4, 2026-11, 2026-W48, 2026-11-22 or P30D", period=period)
        raise usage(words) from error
    lines = session.app.kpis.of_sops(procedures, asked, sop=procedures[0].sop if sop else None)
    # Of all SOPs most have not run yet: a person looks for those that have.
    return lines if sop or session.out.machine else sorted(lines, key=lambda line: not line.verdict.count)


def _item(session: Session, line: "Line") -> dict[str, Any]:
    from engine.kpis import unit_of
    from engine.text import pick

    verdict, unit = line.verdict, unit_of(line.procedure.document, line.kpi)
    title = pick(line.kpi.get("title"), session.settings.languages, line.procedure.lang) or line.name.replace("_", " ")
    return {
        "sop": line.procedure.sop, "kpi": line.name, "title": title, "unit": unit or None, "every": line.kpi.get("period"),
        "period": line.window.name if line.window else line.run or None,
        "from": line.window.start if line.window else None, "to": line.window.end if line.window else None,
        "run": line.run or None, "target": line.kpi["target"], "sign": line.sign, "goal": _plain(line.goal),
        "actual": _plain(verdict.actual), "met": verdict.met, "values": verdict.count, "good": verdict.good,
        "missing": verdict.missing, "outside": line.outside, "over": line.over, "trend": [_plain(value) for value in line.trend],
        "source": line.kpi["source"], "confidence": line.kpi["confidence"],
    }  # fmt: skip


def _plain(value: Decimal | None) -> int | float | None:
    """A figure as JSON has it, with at most six digits."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else round(float(value), 6)


def _counted(item: Item) -> str:
    """Of how many values how many meet the target."""
    if not item["values"]:
        return ""
    facts = {"good": item["good"], "values": item["values"]}
    if item["met"] is None:
        return spoken("({good} of {values})", **facts)
    return spoken("met ({good} of {values})", **facts) if item["met"] else spoken("missed ({good} of {values})", **facts)


def _period(item: Item) -> str:
    every = item["every"] or ""
    if item["period"] or not every:
        return item["period"] or ""
    return spoken(_EVERY[every]) if every in _EVERY else written(every)


def _confidence(item: Item) -> str:
    how = item["confidence"]
    return spoken(_CONFIDENCE[how])


def _columns(session: Session, *, several: bool) -> list[Column]:
    def mark(item: Item) -> str:
        return "" if item["met"] is None else session.out.sign("good" if item["met"] else "bad")

    def style(item: Item) -> str:
        return {True: "good", False: "late"}.get(item["met"], "dim" if item["outside"] else "")

    def goal(item: Item) -> str:
        return f"{item['sign']} {_words(item['goal'], item)}" if item["goal"] is not None else item["target"]

    def actual(item: Item) -> str:
        if item["outside"]:
            return spoken("measured outside")
        if item["actual"] is None:
            return spoken("erased") if item["missing"] else spoken("none") if item["over"] else spoken("none yet")
        return _words(item["actual"], item)

    return [
        *([Column("SOP", lambda item: item["sop"], whole=True)] if several else []),
        Column("", mark, style=style), Column(spoken("KPI"), lambda item: item["title"]),
        Column(spoken("PERIOD"), _period), Column(spoken("TARGET"), goal, right=True),
        Column(spoken("ACTUAL"), actual, style=style, right=True), Column(spoken("MET"), _counted),
        Column(spoken("TREND"), lambda item: sparkline(item["trend"], ascii_only=session.out.ascii_only)),
        Column(spoken("SOURCE"), lambda item: item["source"]), Column(spoken("CONFIDENCE"), _confidence),
    ]  # fmt: skip


def _words(value: float, item: Item) -> str:
    """A figure for people: at most two digits, and lengths of time in their largest units, shortly."""
    from engine.kpis import time_unit

    unit = item["unit"] or ""
    if size := time_unit(unit):
        return brief(value * size)
    number = f"{value:,.2f}".rstrip("0").rstrip(".")
    return measured(number, unit) if unit else number


def sparkline(values: Sequence[float], *, ascii_only: bool = False) -> str:
    """*values* as a row of bars, the smallest the lowest; all the same stand in the middle."""
    bars = _ASCII_BARS if ascii_only else _BARS
    if not values:
        return ""
    low, high = min(values), max(values)
    if low == high:
        return bars[3] * len(values)
    return "".join(bars[round((value - low) / (high - low) * (len(bars) - 1))] for value in values)
