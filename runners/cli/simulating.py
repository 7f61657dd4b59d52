"""``sop simulate``: a procedure played many times with the people there are, and what comes of it."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from runners.cli.commands import command, pass_session
from runners.cli.completion import SOP
from runners.cli.failures import Complaint, Failure, unreadable, usage
from runners.cli.session import Session
from runners.cli.tables import Column, aligned, cells, width
from runners.exits import CHECK, USAGE
from runners.lengths import brief
from runners.tongue import marked, spoken

if TYPE_CHECKING:
    from engine.procedure import Procedure
    from runners.simulating.crew import Crew
    from runners.simulating.examples import Story
    from runners.simulating.pace import Durations

_MOST: Final = 100_000
_DAY: Final = 86_400


@command("simulate")
@click.argument("sop", metavar="SOP|FILE", type=SOP)
@click.option("--runs", type=click.IntRange(1, _MOST), default=1_000, show_default=True, metavar="N", help="How many runs.")
@click.option("--seed", type=int, default=7, show_default=True, metavar="N", help="What everything is drawn from.")
@click.option("--people", metavar="FILE", default="", help="Who plays; else the people of the database, else the sample people.")
@click.option("--unit", metavar="UNIT", default="", help="Runs of this brand or department.")
@click.option("--durations", metavar="FILE", default="", help="How long things take and how they end; else by the dues.")
@click.option("--every", metavar="LENGTH", default="", help="A run begins every so often and shares its people with the others.")
@click.option("--until", metavar="LENGTH", default="730 days", show_default=True, help="Runs that take longer are given up.")
@pass_session
def simulate_command(
    session: Session, *, sop: str, runs: int, seed: int, people: str, unit: str, durations: str, every: str, until: str
) -> None:
    """Play an SOP many times: how long it takes, where it waits, who is busy, what is late, where it gets stuck.

    Nothing is written. The same seed gives the same answer. People have one task at a time, in working hours; what is urgent is
    begun at any hour by whoever is on call. Runs of other SOPs that a run waits for are played too.
    """
    from runners.simulating.measuring import summary
    from runners.simulation import Question, simulate
    from runners.wiring import calendar_of

    lengths = {flag: _length(text, flag) for flag, text in (("--every", every), ("--until", until)) if text}
    procedure, known, stories = _procedures(session, sop)
    _decided(procedure)
    paces = _durations(session, durations, procedure)
    question = Question(
        procedure, _crew(session, people, unit), paces, calendar_of(session.settings), runs, seed, lengths["--until"],
        lengths.get("--every", 0), known, stories.pop(procedure.sop), stories,
    )  # fmt: skip
    with_bar = _Bar(runs) if sys.stderr.isatty() and not session.options.quiet else None
    figures = simulate(question, with_bar or _silent)
    if with_bar:
        with_bar.clear()
    found = {
        "sop": procedure.sop, "version": procedure.version, "seed": seed, "on_call": _on_call(paces),
        **summary(figures, [*procedure.steps]),
    }  # fmt: skip
    if session.out.format == "csv":
        session.out.items(found["steps"], ())
        return
    session.out.thing(found, [*_lines(found)])


def _silent(_done: int) -> None:
    pass


class _Bar:
    """How far it is, on one line of a terminal."""

    def __init__(self, runs: int) -> None:
        self._runs, self._shown = runs, -1

    def __call__(self, done: int) -> None:
        percent = 100 * done // self._runs
        if percent != self._shown:
            self._shown = percent
            sys.stderr.write("\r" + self._words(done))
            sys.stderr.flush()

    def _words(self, done: int) -> str:
        return spoken("{done} of {all} runs", done=done, all=self._runs)

    def clear(self) -> None:
        """Leave nothing of it."""
        sys.stderr.write("\r" + " " * width(self._words(self._runs)) + "\r")
        sys.stderr.flush()


def _length(text: str, flag: str) -> int:
    from runners.simulating.pace import clock

    try:
        found = clock(text)
    except (ValueError, OverflowError):
        found = 0
    if not 0 < found <= 3_650 * _DAY:
        message = marked("{flag} {text}: expected a length of time of at most ten years, like 4h, 3 days or 2 weeks")
        raise usage(spoken(message, flag=flag, text=text))
    return found


def _on_call(durations: "Durations") -> dict[str, float] | None:
    """Who is on call, as data; None for nobody. In hours."""
    from runners.simulating.measuring import hours

    reacts = durations.reacts
    if not durations.urgent:
        return None
    lengths = {"due_hours": durations.urgent, "reacts_hours_least": reacts.low, "reacts_hours_most": reacts.high}
    return {name: hours(seconds) or 0.0 for name, seconds in lengths.items()}


def _procedures(session: Session, sop: str) -> "tuple[Procedure, dict[str, Procedure], dict[str, tuple[Story, ...]]]":
    """What is played, the other SOPs that its runs wait for, and examples of the forms of each. Raises Failure."""
    from engine.limits import DOCUMENT_BYTES
    from engine.procedure import Procedure
    from runners.cli.checking import named, read_definition, sound
    from runners.folders import sops
    from runners.reading import content
    from runners.scenarios import scenario_files
    from runners.simulating.examples import stories
    from runners.simulating.part import DEPTH

    path = named(session, sop)
    if path.is_dir():
        raise usage(spoken("{sop} is a folder", sop=sop), spoken("name one SOP, or its file"))
    sound(session, [path])

    def made(file: Path) -> "Procedure | None":
        definition = read_definition(file).definition
        return None if definition is None else Procedure.compiled(definition)

    procedure = made(path)
    if procedure is None:
        hint = spoken("sop lint FILE   shows every problem")
        raise Failure([Complaint("SOP-D00", spoken("{path} cannot be used", path=path), hint)], CHECK)

    def told(file: Path) -> "tuple[Story, ...]":
        beside = [one for one in scenario_files([file]) if one.exists()]
        return tuple(text for one in beside for text in stories(content(one, DOCUMENT_BYTES)))

    files = sops(session.settings.definitions)
    known: dict[str, Procedure] = {}
    examples = {procedure.sop: told(path)}
    callers = [procedure]
    for _ in range(DEPTH):
        waits = [step.doc for one in callers for step in one.steps.values() if step.kind == "run" and not step.doc.get("detached")]
        called = {doc["run"] for doc in waits}
        new = [files[name] for name in sorted(called) if name in files and name not in known]
        sound(session, new)
        callers = [one for file in new if (one := made(file)) is not None]
        known |= {one.sop: one for one in callers}
        examples = {**{one.sop: told(files[one.sop]) for one in callers}, **examples}
    return procedure, known, examples


def _decided(procedure: "Procedure") -> None:
    """Refuse dues of which nobody says how long they are. Raises Failure with every such parameter."""
    from runners.simulating.pace import undecided

    words = marked("a due of {sop} is the parameter {name}, which has no default")
    hint = marked("give {name} a default instead of `required: true`, in a copy of the file if it must stay as it is")
    if names := undecided(procedure):
        lines = [Complaint("SOP-U03", spoken(words, sop=procedure.sop, name=name), spoken(hint, name=name)) for name in names]
        raise Failure(lines, USAGE)


def _crew(session: Session, people: str, unit: str) -> "Crew":
    """Who plays. Raises Failure and NotFound."""
    from runners.cli.people import roster_of
    from runners.simulating.crew import of_directory, of_roster
    from runners.store.errors import Missing

    if not people:
        with suppress(Missing), session.app.database.read() as tx:
            if (found := of_directory(tx, unit, session.now)).members:
                return found
    file = people or str(session.settings.definitions[0] / "people.example.yaml")
    return of_roster(roster_of(session, file), unit, session.now)


def _durations(session: Session, file: str, procedure: "Procedure") -> "Durations":
    """What the file says. Raises Failure with every problem shown, each with its line."""
    from engine.limits import DOCUMENT_BYTES
    from runners.cli.people import unusable
    from runners.messages import problem_line
    from runners.reading import content
    from runners.simulating.durations_file import read_durations
    from runners.simulating.pace import Durations

    if not file:
        return Durations()
    try:
        text = content(Path(file), DOCUMENT_BYTES)
    except OSError as error:
        raise unreadable(file, error) from error
    durations, problems = read_durations(text, procedure)
    if durations is None:
        for problem in problems:
            session.out.error(problem_line(file, problem))
        raise unusable(file, len(problems))
    return durations


def in_hours(hours: float | None) -> str:
    """*hours* for a column or a short line; a dash for none."""
    return "-" if hours is None else brief(hours * 3_600)


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.0f} %"


def _lines(found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    cycle, rework = found["cycle_hours"], found["rework"]
    facts = {name: found[name] for name in ("sop", "version", "runs", "seed")}
    yield spoken("{sop} {version}: {runs} runs, seed {seed}", **facts), "bold"
    median, p90 = in_hours(cycle["median"]), in_hours(cycle["p90"])
    yield spoken("from start to end: median {median}, 90 % within {p90}", median=median, p90=p90), ""
    words = marked("rework: {rounds} rounds a run, in {runs} runs, at most {most}")
    yield spoken(words, rounds=rework["rounds_per_run"], runs=rework["runs_with_rework"], most=rework["most"]), ""
    yield _late(found["late"]), ""
    yield _called(found["on_call"]), ""
    yield spoken("ended: {ends}", ends=_ends(found["ends"])), ""
    steps = [
        Column(spoken("STEP"), lambda s: s["step"], whole=True), Column(spoken("ROLE"), lambda s: s["role"] or ""),
        Column(spoken("TIMES"), lambda s: f"{s['times_per_run']:.2f}", right=True),
        Column(spoken("WAITING"), lambda s: in_hours(s["waiting_hours"]), right=True),
        Column(spoken("WORKING"), lambda s: in_hours(s["working_hours"]), right=True),
        Column(spoken("SHARE"), lambda s: _percent(s["share"]), right=True),
        Column(spoken("LATE"), lambda s: _percent(s["late_percent"]), right=True),
        Column(spoken("REWORK"), lambda s: f"{s['rework_per_run']:.2f}" if s["rework_per_run"] else "", right=True),
    ]  # fmt: skip
    yield from _table(spoken("Where the time goes, the longest first:"), found["steps"], steps)
    for what, heading, title, items in (
        ("role", spoken("ROLE"), spoken("Work by role:"), found["roles"]),
        ("person", spoken("PERSON"), spoken("Work by person:"), found["people"]),
    ):
        columns = [
            Column(heading, lambda one, what=what: one[what], whole=True),  # type: ignore[misc]
            Column(spoken("WORK A RUN"), lambda one: in_hours(one["hours_per_run"]), right=True),
            Column(spoken("SHARE"), lambda one: _percent(one["share"]), right=True),
        ]
        yield from _table(title, items, columns)
    columns = [
        Column(spoken("SOP"), lambda one: one["sop"], whole=True),
        Column(spoken("PLAYED"), lambda one: str(one["runs"]), right=True),
        Column(spoken("DRAWN"), lambda one: str(one["drawn"]) if one["drawn"] else "", right=True),
        Column(spoken("MEDIAN"), lambda one: in_hours(one["median_hours"]), right=True),
        Column(spoken("90 % WITHIN"), lambda one: in_hours(one["p90_hours"]), right=True),
        Column(spoken("LATE"), lambda one: _percent(one["late_percent"]), right=True),
        Column(spoken("ENDED"), lambda one: _ends(one["ends"])),
    ]  # fmt: skip
    yield from _table(spoken("Runs of other SOPs that it waits for:"), found["children"], columns)
    if found["stuck"]:
        yield "", ""
        yield spoken("Runs that got stuck:"), "late"
    for one in found["stuck"]:
        why = f"{one['code']} {one['why']}" if one["code"] else one["why"]
        yield "  " + spoken("{runs} at {step}: {why}", runs=one["runs"], step=one["step"], why=why), "late"


def _ends(ends: Sequence[dict[str, Any]]) -> str:
    return ", ".join(f"{one['end']} {one['runs']}" for one in ends)


def _late(late: dict[str, float | None]) -> str:
    if late["percent"] is None:
        return spoken("late: nothing has a due")
    if late["urgent_percent"] is None:
        return spoken("late: {share} of what has a due", share=_percent(late["percent"]))
    shares = {"share": _percent(late["percent"]), "urgent": _percent(late["urgent_percent"])}
    return spoken("late: {share} of what has a due, {urgent} of what is urgent", **shares)


def _called(on_call: dict[str, float] | None) -> str:
    if on_call is None:
        return spoken("on call: nobody; all work is done in working hours")
    most, due = in_hours(on_call["reacts_hours_most"]), in_hours(on_call["due_hours"])
    words = marked("on call: what is due within {due} interrupts other work, and at night begins within {most}")
    return spoken(words, due=due, most=most)


def _table(title: str, items: Sequence[dict[str, Any]], columns: Sequence[Column]) -> Iterator[tuple[str, str]]:
    if items:
        yield "", ""
        yield title, "bold"
        yield from ((f"  {text}", "") for text in aligned(cells(items, columns), columns))
