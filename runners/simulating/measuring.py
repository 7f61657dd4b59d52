"""What is measured while runs are played, and the figures that come of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class StepFigures:
    """What one step took, over all runs; lengths in seconds.

    Attributes:
        role: who does it; empty for nobody.
        done: how often it was finished.
        waiting: from when it was reached until somebody began, or what was waited for came.
        working: of people, in working hours.
        elapsed: from when it was reached until it was finished.
        dues: how often it had a due, and was finished.
        late: how often of these it was finished after its due.
        again: how often it was opened again because something was wrong (rework).
    """

    role: str
    done: int = 0
    waiting: int = 0
    working: int = 0
    elapsed: int = 0
    dues: int = 0
    late: int = 0
    again: int = 0

    def finished(self, waiting: int, elapsed: int, late: bool | None = None) -> None:  # noqa: FBT001 - None is for no due
        """It was finished once more."""
        self.done += 1
        self.waiting += waiting
        self.elapsed += elapsed
        self.dues += late is not None
        self.late += bool(late)


@dataclass(slots=True)
class Figures:
    """What all runs took.

    Attributes:
        runs: how many were played.
        cycles: seconds on the clock from start to end, of each run that ended.
        steps: by id.
        roles: seconds of work.
        people: seconds of work, by handle.
        ends: how the runs ended: the name of an end, ``cancelled``, ``stuck`` or ``unfinished``.
        stuck: step, code and sentence of what kept a run from going on, to how many runs.
        rework: rounds that are rework, of each run.
        commands: how many commands were decided.
        urgent: how much of what was urgent was finished, and how much of that after its due.
        children: SOP to the figures of the runs that were played because others waited for them.
        drawn: SOP to how many such runs were not played, but taken from those that were.
    """

    runs: int = 0
    cycles: list[int] = field(default_factory=list)
    steps: dict[str, StepFigures] = field(default_factory=dict)
    roles: Counter[str] = field(default_factory=Counter)
    people: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    stuck: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    rework: list[int] = field(default_factory=list)
    commands: int = 0
    urgent: list[int] = field(default_factory=lambda: [0, 0])
    children: dict[str, "Figures"] = field(default_factory=dict)
    drawn: Counter[str] = field(default_factory=Counter)

    @property
    def late(self) -> float | None:
        """Percent of what had a due that was finished after it; None if nothing had one."""
        return percent(sum(step.late for step in self.steps.values()), sum(step.dues for step in self.steps.values()))

    def child(self, sop: str) -> "Figures":
        """The figures of runs of *sop* that others waited for."""
        return self.children.setdefault(sop, Figures())

    def step(self, name: str, role: str) -> StepFigures:
        """The figures of the step *name*."""
        if name not in self.steps:
            self.steps[name] = StepFigures(role)
        return self.steps[name]


def quantile(values: Sequence[int], share: float) -> int | None:
    """The smallest of *values* that so large a *share* of them does not exceed; None of none."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-len(ordered) * share // 1) - 1))]


def hours(seconds: float | None) -> float | None:
    """*seconds* in hours, with two digits."""
    return None if seconds is None else round(seconds / 3_600, 2)


def percent(part: int, whole: int) -> float | None:
    """*part* of *whole* in percent, with one digit; None of nothing."""
    return round(100 * part / whole, 1) if whole else None


def summary(figures: Figures, order: Sequence[str]) -> dict[str, Any]:
    """The figures as plain data: what JSON shows. Lengths in hours; what is no average of a run says so.

    Args:
        figures: what was measured.
        order: the steps of the procedure; of steps that take alike the first stands first.
    """
    runs, cycles = max(figures.runs, 1), figures.cycles
    whole = sum(step.waiting + step.working for step in figures.steps.values())
    place = {name: number for number, name in enumerate(order)}
    ranked = sorted(figures.steps.items(), key=lambda item: (-(item[1].waiting + item[1].working), place[item[0]]))
    return {
        "runs": figures.runs,
        "ended": len(cycles),
        "cycle_hours": {
            "median": hours(quantile(cycles, 0.5)), "p90": hours(quantile(cycles, 0.9)),
            "least": hours(min(cycles, default=None)), "most": hours(max(cycles, default=None)),
        },
        "rework": {
            "rounds_per_run": round(sum(figures.rework) / runs, 2), "runs_with_rework": sum(map(bool, figures.rework)),
            "most": max(figures.rework, default=0),
        },
        "late": {"percent": figures.late, "urgent_percent": percent(figures.urgent[1], figures.urgent[0])},
        "ends": [{"end": end, "runs": count} for end, count in _counted(figures.ends)],
        "steps": [
            {
                "step": name, "role": step.role or None, "times_per_run": round(step.done / runs, 2),
                "waiting_hours": hours(step.waiting / max(step.done, 1)), "working_hours": hours(step.working / max(step.done, 1)),
                "elapsed_hours": hours(step.elapsed / max(step.done, 1)), "share": percent(step.waiting + step.working, whole),
                "late_percent": percent(step.late, step.dues), "rework_per_run": round(step.again / runs, 2),
            }
            for name, step in ranked
        ],
        "roles": _loads(figures.roles, runs, "role"),
        "people": _loads(figures.people, runs, "person"),
        "stuck": [
            {"step": step, "code": code, "why": why, "runs": count} for (step, code, why), count in _counted(figures.stuck)
        ],
        "children": [
            {
                "sop": sop, "runs": one.runs, "drawn": figures.drawn[sop], "median_hours": hours(quantile(one.cycles, 0.5)),
                "p90_hours": hours(quantile(one.cycles, 0.9)), "late_percent": one.late,
                "ends": [{"end": end, "runs": count} for end, count in _counted(one.ends)],
            }
            for sop, one in sorted(figures.children.items())
        ],
        "commands": figures.commands,
    }  # fmt: skip


def _counted(counter: Mapping[Any, int]) -> list[tuple[Any, int]]:
    return sorted(counter.items(), key=lambda item: (-item[1], item[0]))


def _loads(worked: Mapping[str, int], runs: int, what: str) -> list[dict[str, Any]]:
    whole = sum(worked.values())
    return [
        {what: name, "hours_per_run": hours(seconds / runs), "share": percent(seconds, whole)} for name, seconds in _counted(worked)
    ]
