"""The state machine of a track, and a growing history."""

import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from transitions import Machine

from engine import commands as c
from engine.machine import Cursor

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tests.benchmarks.conftest import Compared, Figures, House

pytestmark = pytest.mark.benchmark

OpenHouse = Callable[[str, Path], "AbstractContextManager[House]"]
CHEAPEST = 7.2
"""Microseconds of the library's own cheapest call on the machine where the limit was set."""
TIMES = 500


class Model:
    """As small as the library allows."""

    __slots__ = ("state",)

    def __init__(self) -> None:
        self.state = ""


def test_a_trigger(tmp_path: Path, open_house: OpenHouse, compare: Callable[..., "Compared"], figure: "Figures") -> None:
    """Our trigger, which asks a question, against the library's own cheapest call, which asks none."""
    with open_house(f"sqlite:///{tmp_path / 'sop.db'}", tmp_path / "sops") as house:
        machine = house.library.find("long_sop").procedure.machine("main")
    states = [f"step_{number:02d}" for number in range(20)]
    ways = [["go", here, there] for here, there in zip(states, [*states[1:], "end"], strict=True)]
    library = Machine(model=None, states=[*states, "end"], transitions=ways, initial=states[0], auto_transitions=False)

    def ours() -> None:
        for _ in range(TIMES):
            machine.fire("step_01", "done", lambda _edge: True)

    def cheapest() -> None:
        model = Model()
        for _ in range(TIMES):
            model.state = "step_01"
            library.events["go"].trigger(model)

    found = compare(ours, cheapest, 60)
    told = f"{min(found.ours) / TIMES * 1e6:.1f} us here, {found.least:.2f} x the library's cheapest call"
    figure("trigger, in us of the reference machine", found.least * CHEAPEST, 8, unit="us", told=told)


def test_the_memory_of_a_run_that_is_held(figure: "Figures") -> None:
    """What the machine holds for a run is its cursor."""
    tracemalloc.start()
    held = [Cursor("step_01") for _ in range(10_000)]
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    figure("memory of a run held by the machine", (taken - sys.getsizeof(held)) / len(held), 200, unit="bytes")


def test_nothing_is_slower_in_a_long_history(tmp_path: Path, open_house: OpenHouse, series: "Compared", figure: "Figures") -> None:
    """The same steps, and the same looks at a run, after 1,000 records and after 10; the order turns with every step."""
    looks: dict[str, Compared] = {"showing a run": type(series)(), "what may be done": type(series)()}
    with open_house(f"sqlite:///{tmp_path / 'sop.db'}", tmp_path / "sops") as house:
        for _ in range(6):
            runs = [house.start() for _ in range(2)]
            for done, records in zip(runs, (1_000, 10), strict=True):
                for _ in range(records - 1):
                    house.act(done.run, c.Comment("Still at it."), "ana")
            for number in range(18):
                for place in (0, 1) if number % 2 else (1, 0):
                    begun = time.perf_counter()
                    runs[place] = house.take(runs[place].run, runs[place].state)
                    (series.reference if place else series.ours).append(time.perf_counter() - begun)
                    for name, look in looks.items():
                        begun = time.perf_counter()
                        if name == "showing a run":
                            house.views.run(runs[place].run)
                        else:
                            house.views.can(runs[place].run, "p_benaaaaaaaaa")
                        (look.reference if place else look.ours).append(time.perf_counter() - begun)
    figure("step after 1,000 records against after 10", series.ratio, 1.25, told=series.told())
    for name, look in looks.items():
        figure(f"{name} after 1,000 records against after 10", look.ratio, 1.25, told=look.told())
