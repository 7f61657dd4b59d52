"""What every benchmark needs: two things timed side by side, a house with a procedure of twenty steps, and the table at the end.

Every figure is a ratio between two things that are measured in the same process, one after the other, in an order that
turns with each round, so that whatever else the machine does falls on both. Medians are compared, never single values.
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copy
from statistics import median, quantiles
from typing import Any, Final

import pytest

from engine import commands as c
from engine.calendar import Calendar
from engine.state import State
from runners.clock import Ids, SystemClock
from runners.library import Library
from runners.runner import Done, Runner
from runners.store.database import Database, open_database
from runners.store.records import Person
from runners.store.writes import save_person
from runners.views import Views

HERE: Final = Path(__file__).parent
PEOPLE: Final = {"manager": ["ana"], "writer": ["ben"], "designer": ["carla", "dora"], "reviewer": ["emil"]}
"""Who holds the roles of ``long_sop.yaml``; one role is held by two, whose tasks are offered."""
IDS: Final = {handle: f"p_{handle:a<12}" for handles in PEOPLE.values() for handle in handles}
FORM: Final = {"result": "Everything went as planned; the notes are attached.", "risk": "low"}


@dataclass(slots=True)
class Compared:
    """Two series, in seconds, measured in turn."""

    ours: list[float] = field(default_factory=list)
    reference: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """How many times longer ours takes: the ratio of the medians."""
        return median(self.ours) / median(self.reference)

    @property
    def least(self) -> float:
        """The ratio of the two fastest rounds: what is left where nobody else used the machine."""
        return min(self.ours) / min(self.reference)

    @property
    def calm(self) -> float:
        """The ratio of the tenth percentiles: rounds in which neighbours did little. Waiting makes any two things alike."""
        return quantiles(self.ours, n=10)[0] / quantiles(self.reference, n=10)[0]

    def told(self) -> str:
        """Both medians and both fastest, in microseconds, and the ratio in calm."""
        ours, reference = (f"{median(series) * 1e6:,.0f} us ({min(series) * 1e6:,.0f})" for series in (self.ours, self.reference))
        return f"median (fastest) {ours} against {reference}; in calm {self.calm:.2f} x"


def timed(act: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Seconds that *act* takes."""
    begun = clock()
    act()
    return clock() - begun


def compared(
    ours: Callable[[], object], reference: Callable[[], object], rounds: int, clock: Callable[[], float] = time.perf_counter
) -> Compared:
    """Time both in each round, the order turned every time; two rounds before are not counted."""
    found = Compared()
    for number in range(rounds + 2):
        pair = [(found.ours, ours), (found.reference, reference)]
        for series, act in pair if number % 2 else reversed(pair):
            series.append(timed(act, clock))
    del found.ours[:2], found.reference[:2]
    return found


@pytest.fixture(autouse=True)
def alone() -> None:
    """Nothing is timed beside other tests."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        pytest.fail("benchmarks are run with -n 0")


@pytest.fixture
def compare() -> Callable[..., Compared]:
    """Times two things in turn."""
    return compared


@pytest.fixture
def series() -> Compared:
    """Two empty series."""
    return Compared()


class Figures:
    """The figures of this session, for the table at its end."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, what: str, measured: float, limit: float, *, unit: str = "x", least: bool = False, told: str = "") -> None:
        """Note a figure, and fail where it misses its limit.

        Args:
            what: in a few words.
            measured: the figure.
            limit: the most it may be.
            unit: of both.
            least: the limit is the least that it may be.
            told: what it was made of.
        """
        met = measured >= limit if least else measured <= limit
        sign = ">=" if least else "<="
        line = f"{what}: {measured:,.4g} {unit} ({sign} {limit:,.4g} {unit}: {'met' if met else 'MISSED'}) {told}"
        self.lines.append(line)
        assert met, line

    def tell(self, what: str, told: str) -> None:
        """Note something that has no limit."""
        self.lines.append(f"{what}: {told}")


_FIGURES: Final = Figures()


@pytest.fixture
def figure() -> Figures:
    """Notes a figure and compares it with its limit."""
    return _FIGURES


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table."""
    if _FIGURES.lines:
        terminalreporter.section("figures")
        for line in _FIGURES.lines:
            terminalreporter.write_line(line)


class House:
    """An application with the procedure of twenty steps and its people."""

    def __init__(self, database: Database, folder: Path, *, again: str = "") -> None:
        clock = SystemClock()
        self.database = database
        self.library = Library(database, [folder], clock)
        self.runner = Runner(database, self.library, clock, Ids(), Calendar())
        self.views = Views(database, lambda: self.library, clock)
        self._number = 0
        self._again = again
        if again:  # another process of the same house: people and definition are there, and keys have a name of its own
            return
        with database.write() as unit:
            for handle, pseudonym in IDS.items():
                save_person(unit, Person(pseudonym, handle, handle.title()))
        assert self.library.sync() == []

    def start(self) -> Done:
        """A new run."""
        started = self.runner.start(
            "long_sop", title="Timed", actor="ana", roles=PEOPLE, inputs={"topic": "spring"}, key=self.key("start")
        )
        assert isinstance(started, Done)
        return started

    def key(self, what: str) -> str:
        """An idempotency key that was never used."""
        self._number += 1
        return f"{what}-{self._again}-{self._number}"

    def step(self, state: State) -> tuple[c.Complete, str]:
        """The command that finishes the only open task of a run, and whose it is."""
        (task,) = state.tasks.values()
        values: Mapping[str, Any] = {} if task.kind == "approval" else FORM
        return c.Complete(task.address, "", values), IDS[PEOPLE[task.role][0]]

    def take(self, run: str, state: State) -> Done:
        """Finish the only open task of a run."""
        command, person = self.step(state)
        done = self.runner.handle(run, command, actor=person, key=self.key(run))
        assert isinstance(done, Done), done
        return done

    def finish(self, done: Done) -> Done:
        """Take every step that is left of a run."""
        while done.state.status == "open":
            done = self.take(done.run, done.state)
        return done

    def act(self, run: str, command: c.Command, person: str) -> Done:
        """Carry out a command that must be accepted."""
        done = self.runner.handle(run, command, actor=IDS[person], key=self.key(run))
        assert isinstance(done, Done), done
        return done


@contextmanager
def opened_house(url: str, folder: Path) -> Iterator[House]:
    """A house in a new database at *url*; *folder* takes the definition."""
    folder.mkdir(parents=True, exist_ok=True)
    copy(HERE / "long_sop.yaml", folder)
    database = open_database(url, create=True)
    try:
        yield House(database, folder)
    finally:
        database.close()


@pytest.fixture
def open_house() -> Callable[[str, Path], AbstractContextManager[House]]:
    """Opens a house at a database URL, with a folder of its own for definitions."""
    return opened_house
