"""Large definitions, many open tokens, long lists of items: what grows with them, and what must not.

Everything is CPU time, on a database in memory: other work on the machine falls on it least, and nothing waits for a disk.
Two houses take turns with every act, the order turning too.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import pytest

from engine import commands as c
from engine.calendar import Calendar
from runners.clock import Ids, SystemClock
from runners.library import Library
from runners.runner import Done, Runner
from runners.store.database import open_database
from runners.store.records import Person
from runners.store.writes import save_person
from runners.views import Views

if TYPE_CHECKING:
    from tests.benchmarks.conftest import Compared, Figures

pytestmark = pytest.mark.benchmark

MEMORY = Path("/dev/shm") if Path("/dev/shm").is_dir() else None  # noqa: S108 - that it is in memory is the point
PEOPLE = {"manager": "ana", "content_creator": "ben"}
FORM = {"text": "Everything went as planned; the notes are attached.", "risk": "low"}
SOP = Path(sys.executable).with_name("sop")

HEAD = """
sop: large
version: {version}
prefix: LAR
title: Large
purpose: To be timed.
scope: This benchmark.
owner: manager
roles: [manager, content_creator]
inputs: {{names: {{type: text, many: true}}}}
steps:
  - {{id: first, role: manager}}
"""
FORM_TEXT = "{{text: {{type: text, required: true}}, risk: {{type: choice, options: [low, high]}}}}"
STEP = f"{{{{id: {{}}, role: content_creator, form: {FORM_TEXT}}}}}"


def in_a_row(count: int, version: str = "1.0.0") -> str:
    """A definition of *count* steps, one after another."""
    return HEAD.format(version=version) + "".join(f"  - {STEP.format(f's{number}')}\n" for number in range(1, count))


def side_by_side(count: int) -> str:
    """A definition with *count* branches at once in groups of ten (one group: a plain parallel), each of ten steps."""
    text = HEAD.format(version="1.0.0") + "  - id: all\n    parallel:\n"
    for group in range(0, count, 10):
        text += f"      g{group}:\n        - id: p{group}\n          parallel:\n"
        for branch in range(group, min(group + 10, count)):
            text += f"            b{branch}:\n"
            text += "".join(f"              - {STEP.format(f's{branch}_{number}')}\n" for number in range(10))
    return text + "  - {id: last, role: manager}\n"


EACH = HEAD.format(version="1.0.0") + f"  - id: each\n    for_each: {{one: inputs.names}}\n    steps: [{STEP.format('write')}]\n"


class Place:
    """One procedure in a database of its own, and a run of it."""

    def __init__(self, folder: Path, text: str, items: int = 0) -> None:
        (folder / "sops").mkdir(parents=True)
        self.folder, self.file = folder, folder / "sops" / "large.yaml"
        self.file.write_text(text, encoding="utf-8")
        self.url = f"sqlite:///{folder / 'sop.db'}"
        self.database = open_database(self.url, create=True)
        with self.database.write() as unit:
            for role, handle in PEOPLE.items():
                save_person(unit, Person(f"p_{handle:a<12}", handle, role))
        clock = SystemClock()
        self.library = Library(self.database, [folder / "sops"], clock)
        assert self.library.sync() == []
        self.runner = Runner(self.database, self.library, clock, Ids(), Calendar())
        self.views = Views(self.database, lambda: self.library, clock)
        roles = {role: [handle] for role, handle in PEOPLE.items()}
        names = [f"n{number}" for number in range(items)]
        done = self.runner.start("large", title="Large", actor="ana", roles=roles, inputs={"names": names} if items else {})
        assert isinstance(done, Done), done
        self.run = done.run
        self.last = done

    def take(self, address: str, who: str = "ben", **values: str) -> None:
        """Finish a task."""
        done = self.runner.handle(
            self.run, c.Complete(address, "", values), actor=f"p_{who:a<12}", key=f"{address}-{self.last.seq}"
        )
        assert isinstance(done, Done), done
        self.last = done

    def opened(self) -> "Place":
        """Itself, after its first step."""
        self.take("first", "ana")
        return self

    def fill(self, addresses: Iterator[str]) -> Callable[[], None]:
        """What finishes the next of *addresses*."""
        return lambda: self.take(next(addresses), **FORM)

    def forget(self) -> None:
        """As a new process would begin: the runner remembers nothing of earlier commands."""
        self.runner = Runner(self.database, self.library, SystemClock(), Ids(), Calendar())


Make = Callable[..., Place]


@pytest.fixture
def make() -> Iterator[Make]:
    """Makes places, each in a folder of its own."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=MEMORY)))
        numbers = iter(range(100))

        def made(text: str, items: int = 0) -> Place:
            place = Place(folder / str(next(numbers)), text, items)
            stack.callback(place.database.close)
            return place

        yield made


def in_turn(series: "Compared", ours: Callable[[], object], reference: Callable[[], object], rounds: int) -> None:
    """Time both, in turn."""
    for number in range(rounds):
        pair = [(series.ours, ours), (series.reference, reference)]
        for times, act in pair if number % 2 else reversed(pair):
            begun = time.process_time()
            act()
            times.append(time.process_time() - begun)


@pytest.mark.parametrize(("begun", "limit"), [(False, 1.25), (True, 2)], ids=["at its beginning", "at its end"])
def test_a_step_of_a_long_definition(make: Make, series: "Compared", figure: "Figures", begun: bool, limit: float) -> None:  # noqa: FBT001
    """Two hundred steps against twenty. At its end the state holds two commitments for each step that is finished."""
    long, short = make(in_a_row(200)).opened(), make(in_a_row(20)).opened()
    steps = iter(f"s{number}" for number in range(1, 200))
    for _ in range(180 if begun else 0):
        long.take(next(steps), **FORM)
    after = iter([f"s{number}" for number in range(1, 18)])
    long.take(next(steps), **FORM)
    short.take(next(after), **FORM)
    in_turn(series, long.fill(steps), short.fill(after), 16)
    where = "with 180 behind it" if begun else "at its beginning"
    figure(f"step among 200 {where}, against 20", series.ratio, limit, told=series.told())


def test_a_step_with_many_tracks_open(make: Make, series: "Compared", figure: "Figures") -> None:
    """Fifty open tasks in nested branches against five."""
    many, few = make(side_by_side(50)).opened(), make(side_by_side(5)).opened()
    assert (len(many.last.state.tasks), len(few.last.state.tasks)) == (50, 5)
    ours = iter([f"s{branch}_{number}" for number in range(9) for branch in range(0, 50, 10)])
    reference = iter([f"s{branch}_{number}" for number in range(9) for branch in range(5)])
    in_turn(series, many.fill(ours), few.fill(reference), 40)
    figure("step with 50 tokens open, against 5", series.ratio, 1.5, told=series.told())


@pytest.mark.parametrize("remembered", [True, False], ids=["one process", "a process each"])
def test_finished_items_cost_nothing(make: Make, series: "Compared", figure: "Figures", remembered: bool) -> None:  # noqa: FBT001
    """A for-each of a thousand with 900 finished against one of a hundred with none finished: as many are open."""
    large, small = make(EACH, 1000).opened(), make(EACH, 100).opened()
    for number in range(1, 901):
        large.take(f"write:{number}", **FORM)
    assert len(large.last.state.tasks) == len(small.last.state.tasks) == 100
    ours, reference = (
        place.fill(iter([f"write:{number}" for number in range(first, first + 90)])) for place, first in ((large, 901), (small, 1))
    )

    def each(place: Place, act: Callable[[], None]) -> Callable[[], None]:
        def anew() -> None:
            if not remembered:
                place.forget()
            act()

        return anew

    in_turn(series, each(large, ours), each(small, reference), 80)
    figure(f"step with 900 of 1,000 items finished, against 0 of 100 ({'one process' if remembered else 'nothing remembered'})",
           series.ratio, 1.15, told=series.told())  # fmt: skip


def test_a_for_each_of_a_thousand(make: Make, series: "Compared", figure: "Figures") -> None:
    """Opening it per item against opening ten, and a step of it while all are open against a step while a hundred are."""
    large, tens = make(EACH, 1000), [make(EACH, 10) for _ in range(5)]
    begun = time.process_time()
    large.opened()
    whole = (time.process_time() - begun) / 1000
    each = []
    for place in tens:
        begun = time.process_time()
        place.opened()
        each.append((time.process_time() - begun) / 10)
    small = make(EACH, 100).opened()
    ours, reference = (place.fill(iter([f"write:{number}" for number in range(1, 50)])) for place in (large, small))
    in_turn(series, ours, reference, 40)
    figure.tell("step with 1,000 items open, against 100", f"{series.ratio:.2f} x; {series.told()}")
    told = f"{whole * 1e6:,.0f} us an item of 1,000 against {median(each) * 1e6:,.0f} us an item of 10"
    figure("opening an item of 1,000, against one of 10", whole / median(each), 1.25, told=told)


def test_an_inbox_of_a_thousand(make: Make, series: "Compared", figure: "Figures") -> None:
    """A page of fifty out of a thousand tasks against one out of fifty."""
    many, few = make(EACH, 1000).opened(), make(EACH, 50).opened()
    me = f"p_{'ben':a<12}"

    def page(place: Place) -> Callable[[], object]:
        return lambda: place.views.inbox(me, limit=50)

    in_turn(series, page(many), page(few), 100)
    figure("page of an inbox of 1,000, against one of 50", series.ratio, 1.15, told=series.told())


def cpu(arguments: list[str], folder: Path, env: dict[str, str]) -> float:
    """Seconds of CPU of a process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(arguments, env=env, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, (arguments, done.stdout.decode()[-2000:], done.stderr.decode()[-2000:])
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def environment(place: Place, user: str = "ben") -> dict[str, str]:
    """What a process of *user* is started with."""
    folder = {"HOME": str(place.folder), "SOP_SHIPPED": "no", "SOP_DEFINITIONS": str(place.folder / "sops")}
    return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "SOP_DB": place.url, "SOP_USER": user, **folder}


def test_the_commands_of_who_has_a_thousand_tasks(make: Make, figure: "Figures") -> None:
    """`sop inbox` and `sop complete` as processes, among a thousand tasks and among fifty."""
    many, few = make(EACH, 1000).opened(), make(EACH, 50).opened()
    took: dict[str, list[float]] = {"inbox": [], "inbox few": [], "complete": [], "complete few": []}
    for number in range(1, 9):
        acts = []
        for name, place in (("", many), (" few", few)):
            acts.append((f"inbox{name}", place, ["inbox"]))
            filled = [f"--set={field}={value}" for field, value in FORM.items()]
            acts.append((f"complete{name}", place, ["complete", f"{place.run}/write:{number}", *filled]))
        for name, place, arguments in acts if number % 2 else reversed(acts):
            took[name].append(cpu([str(SOP), *arguments], place.folder, environment(place)))
    for name, limit in (("inbox", 1.15), ("complete", 2)):
        ours, reference = min(took[name]), min(took[f"{name} few"])
        told = f"{ours * 1e3:.0f} ms of CPU against {reference * 1e3:.0f} ms"
        figure(f"sop {name} among 1,000 tasks, against 50", ours / reference, limit, told=told)


def roster() -> str:
    """Fifty people, of whom two manage and all others create content."""
    lines = [
        f"  p{number}: {{name: Person {number}, roles: [{'manager' if number < 2 else 'content_creator'}]}}\n"
        for number in range(50)
    ]
    return "people:\n" + "".join(lines)


def test_commands_about_a_definition_of_200_steps(make: Make, figure: "Figures") -> None:
    """Lint, lint with fifty people, diff and migrate, as processes, against the same with twenty steps."""
    found: dict[str, list[list[float]]] = {}
    for size in (200, 20):
        apart = "separate:\n" + "".join(f"  - [s{number}, s{number + 1}]\n" for number in range(1, size - 1, 2))
        place = make(in_a_row(size) + apart)
        place.opened()
        place.file.write_text(in_a_row(size, "1.1.0").replace("{id: s7,", "{id: seven,") + apart.replace("s7,", "seven,"))
        assert place.library.sync() == []
        (place.folder / "people.yaml").write_text(roster())
        acts: dict[str, list[str]] = {
            "lint": ["lint", str(place.file)],
            "lint --people": ["lint", str(place.file), "--people", "people.yaml"],
            "diff": ["diff", "large@1.0.0", "large@1.1.0"],
            "migrate --dry-run": ["migrate", place.run, "--to", "1.1.0", "--map", "s7=seven", "--dry-run"],
        }
        for name, arguments in acts.items():
            series = [cpu([str(SOP), *arguments], place.folder, environment(place, "ana")) for _ in range(4)]
            found.setdefault(name, []).append(series)
    for name, (large, small) in found.items():
        told = f"against {min(small):.2f} s with 20"
        figure(f"sop {name} with 200 steps", min(large), 3, unit="s of CPU", told=told)
