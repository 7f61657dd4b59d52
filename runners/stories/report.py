"""What came of a scenario file, as data and as text."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from math import floor
from pathlib import Path

from engine.problems import Problem
from engine.text import clean
from runners.messages import problem_line
from runners.stories.coverage import Coverage
from runners.stories.implied import Seen, Situation
from runners.tongue import spoken


class Trouble(StrEnum):
    """Stable codes of what can be wrong with a scenario, or with what it shows."""

    SHAPE = "SOP-T01"
    """The file is not written as a scenario file is."""
    UNKNOWN = "SOP-T02"
    """A name that nothing has: of a step, a person, a role, an outcome, an end, a code."""
    REFUSED = "SOP-T03"
    """An act was refused that should not have been."""
    NOT_REFUSED = "SOP-T04"
    """An act that must be refused was accepted."""
    OTHER_REASON = "SOP-T05"
    """An act was refused as it should be, but not for this reason."""
    DIFFERENT = "SOP-T06"
    """The run is not as expected."""
    END = "SOP-T07"
    """The run ended differently, or has not ended."""
    BROKEN = "SOP-T08"
    """The engine failed, or contradicted itself."""
    NOTHING = "SOP-T09"
    """There are no scenarios."""


@dataclass(frozen=True, slots=True)
class ScenarioReport:
    """What came of one scenario.

    Attributes:
        name: its sentence.
        line: where it begins in its file.
        problems: why it failed, each with line and column; empty if it passed.
        refusals: codes of the refusals that it asked for and got.
        commands: how many commands were decided, timers included.
        shown: what the rules of the SOP imply, as far as it showed it.
    """

    name: str
    line: int = 0
    problems: tuple[Problem, ...] = ()
    refusals: frozenset[str] = frozenset()
    commands: int = 0
    shown: frozenset[Seen] = frozenset()

    @property
    def passed(self) -> bool:
        """Whether everything went as told."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class Report:
    """What came of one file.

    Attributes:
        path: the file.
        sop: id of the SOP that it is about; empty when it could not be read.
        scenarios: in the order of the file.
        coverage: which ways of the SOP all of them together walk.
        missing: the ways not walked, in words.
        problems: what is wrong with the file itself; then nothing was played.
        unshown: what the rules of the SOP imply and no scenario that passed shows.
    """

    path: Path
    sop: str = ""
    scenarios: tuple[ScenarioReport, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    missing: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    unshown: tuple[Situation, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the file is in order and every scenario passed. Says nothing about coverage."""
        return not self.problems and all(scenario.passed for scenario in self.scenarios)

    @property
    def refusals(self) -> tuple[str, ...]:
        """Codes of all refusals that were asked for and shown."""
        return tuple(sorted({code for scenario in self.scenarios for code in scenario.refusals}))


def render(report: Report, *, rules: bool = False) -> str:
    """*report* for people, as lines of plain text; with *rules* also what the rules imply and no scenario shows."""
    return clean("\n".join([*_lines(report), *(_unshown(report) if rules else ())]), lines=True)


def _unshown(report: Report) -> Iterator[str]:
    if report.unshown:
        yield f"  {spoken('never shown, although the rules imply it:')}"
        yield from (f"    {situation}" for situation in report.unshown)


def _lines(report: Report) -> Iterator[str]:
    yield str(report.path)
    yield from _listed(report, report.problems, "  ")
    for scenario in report.scenarios:
        yield f"  {spoken('passed') if scenario.passed else spoken('FAILED')}  {scenario.name}"
        yield from _listed(report, scenario.problems, "      ")
    good = sum(scenario.passed for scenario in report.scenarios)
    found = report.coverage
    walked = len(found.edges) - len(found.missing)
    # Rounded down: 100.0 % is said only where nothing is missing.
    percent = f"{floor(found.percent * 10) / 10:.1f} %"
    summary = spoken(
        "{good} of {scenarios} scenarios passed; {walked} of {ways} ways walked ({percent})",
        good=good, scenarios=len(report.scenarios), walked=walked, ways=len(found.edges), percent=percent,
    )  # fmt: skip
    yield f"  {summary}"
    if report.refusals:
        yield f"  {spoken('refusals shown: {codes}', codes=', '.join(report.refusals))}"
    if report.missing:
        yield f"  {spoken('never walked:')}"
        yield from (f"    {words}" for words in report.missing)


def _listed(report: Report, problems: tuple[Problem, ...], indent: str) -> Iterator[str]:
    return (indent + problem_line(str(report.path), problem) for problem in problems)
