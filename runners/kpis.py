"""The figures that SOPs are judged by, read out of runs. Drills never count, and what may not be read does not either."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from engine.kpis import Measure, Verdict, goal, measure, verdict
from engine.periods import Window, around
from engine.procedure import Document, Procedure
from engine.state import from_plain
from engine.timers import instant
from runners.library import Library
from runners.people import NotFound
from runners.store import measuring_reads as measuring
from runners.store import reads
from runners.store.database import Database, Unit
from runners.store.records import LAST

if TYPE_CHECKING:
    from runners.permissions import Reader

TREND: Final = 10
"""Values that a trend shows."""


class Found(NamedTuple):
    """A figure in one run."""

    run: str
    measure: Measure


class Line(NamedTuple):
    """What is known of one figure.

    Attributes:
        procedure: whose figure it is.
        name: its id.
        kpi: its part of the document.
        goal: what is aimed at, in the unit of the figure; None where nobody can tell.
        sign: how the two are compared.
        verdict: what the values of the period say.
        trend: the last values until the end of the period, the latest last.
        window: the period; None where it is the latest run.
        run: the latest run with a value.
        over: it is of a run that has ended: nothing more will come.
    """

    procedure: Procedure
    name: str
    kpi: Document
    goal: Decimal | None
    sign: str
    verdict: Verdict
    trend: Sequence[Decimal]
    window: Window | None = None
    run: str = ""
    over: bool = False

    @property
    def outside(self) -> bool:
        """Whether it is measured outside: no run holds it."""
        return "value" not in self.kpi


class Kpis:
    """Reads figures of one database.

    Args:
        database: where to read.
        library: says what the definitions say.
        reader: who looks: what may not be read counts in no figure.
        zone: where days, months and quarters begin.
    """

    def __init__(self, database: Database, library: Library, reader: "Reader", zone: tzinfo) -> None:
        self._database = database
        self._library = library
        self._reader = reader
        self._zone = zone

    def of_sops(self, procedures: Iterable[Procedure], window: Window | None = None, *, sop: str | None = None) -> list[Line]:
        """The figures of *procedures*, over all runs of these SOPs, whatever version decides them.

        Args:
            procedures: as new runs start with them; their figures are told, in their order.
            window: what is counted; if absent, the last period of each figure that has a value.
            sop: all *procedures* are of this SOP.
        """
        named = {procedure.sop: procedure for procedure in procedures if procedure.document.get("kpis")}
        found: dict[tuple[str, str], list[Found]] = {}
        for run, name, kpi, one in self._measures(named, sop):
            found.setdefault((name, kpi), []).append(Found(run, one))
        return [
            self._line(procedure, name, sorted(found.get((of, name), ()), key=_order), window)
            for of, procedure in named.items()
            for name in procedure.document["kpis"]
        ]

    def of_run(self, run: str) -> tuple[list[Line], bool]:
        """The figures of one run, and whether it is a drill, which has none. Raises NotFound and NotPermitted."""
        with self._database.read() as unit:
            row = reads.load_run(unit, run)
            if row is None:
                raise NotFound("run", run)
            self._reader.admit(unit, row)
            procedure = self._library.procedure(unit, row.fingerprint)
            values = {path: json.loads(body) for path, body in reads.current_payloads(unit, run).items()}
        if row.drill:
            return [], True
        state = from_plain(json.loads(row.state))
        lines = []
        for name, kpi in procedure.document.get("kpis", {}).items():
            one = measure(procedure, name, state, values, run)
            known = (one,) if one.at else ()
            trend = [one.value] if one.value is not None else []
            said, over = verdict(known, each=True), state.status != "open"
            lines.append(Line(procedure, name, kpi, one.goal, one.sign, said, trend, run=run, over=over))
        return lines, False

    def _measures(self, named: Mapping[str, Procedure], sop: str | None) -> Iterator[tuple[str, str, str, Measure]]:
        """Run, SOP, figure and what it is there, of every run that has it."""
        before: tuple[str, str] | None = (LAST, LAST) if named else None
        while before is not None:
            with self._database.read() as unit:
                seen, page = self._reader.within(unit), measuring.measurable(unit, sop=sop, before=before)
                before = page[-1].key if page else None
                for row in page:
                    if row.sop in named and seen(row.run, row.sop):
                        yield from self._of(unit, row, named[row.sop])

    def _of(self, unit: Unit, row: measuring.Measurable, now: Procedure) -> Iterator[tuple[str, str, str, Measure]]:
        procedure = self._library.procedure(unit, row.fingerprint)
        own = procedure.document.get("kpis", {})
        names = [name for name in now.document["kpis"] if "value" in own.get(name, ())]
        if not names:
            return
        state = from_plain(json.loads(row.state))
        values = {path: json.loads(body) for path, body in row.values.items()}
        for name in names:
            one = measure(procedure, name, state, values, row.run)
            if one.at:
                yield row.run, row.sop, name, one

    def _line(self, procedure: Procedure, name: str, found: Sequence[Found], window: Window | None) -> Line:
        kpi = procedure.document["kpis"][name]
        stretch = window
        if window is None and found:
            stretch = around(kpi.get("period", ""), instant(found[-1].measure.at), self._zone)
        counted = list(found[-1:]) if stretch is None else [one for one in found if stretch.start <= one.measure.at < stretch.end]
        until = [one for one in found if stretch is None or one.measure.at < stretch.end]
        trend = [one.measure.value for one in until if one.measure.value is not None][-TREND:]
        sign, aim = goal(procedure, name)
        said = verdict([one.measure for one in counted], each=kpi.get("period") == "run")
        latest = next((one for one in reversed(counted) if one.measure.value is not None), None)
        if latest is not None:
            sign, aim = latest.measure.sign, latest.measure.goal
        return Line(procedure, name, kpi, aim, sign, said, trend, stretch, counted[-1].run if counted else "")


def _order(found: Found) -> tuple[str, str]:
    return (found.measure.at, found.run)
