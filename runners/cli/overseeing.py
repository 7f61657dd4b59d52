"""``sop board`` and ``sop report``."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from runners.cli.commands import command, pass_session
from runners.cli.completion import PERSON, SOP
from runners.cli.failures import usage
from runners.cli.listing import known
from runners.cli.moments import instant
from runners.cli.session import Session
from runners.cli.tables import Column, Item
from runners.cli.targets import run_order
from runners.cli.times import shown
from runners.lengths import brief, span
from runners.tongue import marked, spoken

if TYPE_CHECKING:
    from engine.procedure import Procedure
    from runners.store.records import InboxRow


@command("board")
@click.option("--sop", metavar="SOP", default="", type=SOP, help="Only of this SOP.")
@click.option("--lead", metavar="HANDLE", default="", type=PERSON, help="Only runs that this person leads.")
@click.option("--mine", is_flag=True, help="Only runs that you lead.")
@pass_session
def board_command(session: Session, *, sop: str, lead: str, mine: bool) -> None:
    """What is where: the open tasks of all open runs by SOP and step, in the order of the SOP, late ones with a sign."""
    if mine and lead:
        raise usage(spoken("--mine and --lead ask for different people"))
    leader = session.me.id if mine else session.person(lead) if lead else None
    places: dict[tuple[str, str], list[dict[str, Any]]] = {}
    rows = list(session.app.overview.tasks(sop=sop or None, lead=leader))
    lines = list(session.app.overview.waiting(sop=sop or None, lead=leader))
    held = session.app.views.held_up([*(row.run for row in rows), *(line.id for line in lines)])
    for row in sorted(rows, key=lambda row: (row.due_key, run_order(row.run), row.no)):
        places.setdefault((row.sop, row.step), []).append({**_task(session, row), "suspended": held.task(row.run, row.no)})
    for line in sorted(lines, key=lambda line: run_order(line.id)):
        idle = {"id": line.id, "run": line.id, "title": line.title, "owner": None, "role": None, "due": None, "overdue": False,
                "ready": line.started_at, "round": 1, "drill": line.drill, "suspended": held.run(line.id)}  # fmt: skip
        places.setdefault((line.sop, ""), []).append(idle)
    steps = {name: _order(session, name) for name in dict.fromkeys(name for name, _ in sorted(places))}
    items = [
        {
            "sop": name, "step": step or None, "open": len(tasks), "late": sum(task["overdue"] for task in tasks),
            "oldest": min(task["ready"] for task in tasks), "tasks": tasks,
        }
        for (name, step), tasks in sorted(places.items(), key=lambda place: (place[0][0], steps[place[0][0]].get(place[0][1], 999)))
    ]  # fmt: skip
    columns = [
        Column("", lambda item: session.out.sign("late") if item["late"] else "", style=_late),
        Column(spoken("SOP"), lambda item: item["sop"]),
        Column(spoken("STEP"), lambda item: item["step"] or spoken("(nobody's turn)"), whole=True),
        Column(spoken("OPEN"), lambda item: str(item["open"]), right=True),
        Column(spoken("LATE"), lambda item: str(item["late"] or ""), right=True, style=_late),
        Column(spoken("OLDEST"), lambda item: shown(item["oldest"], session.now, session.zone, full=session.options.verbose > 0)),
        Column(spoken("RUNS"), lambda item: ", ".join(_words(session, task) for task in item["tasks"])),
    ]
    if sop and not items:
        known(session, sop)
    session.out.items(items, columns, empty=spoken("Nothing is open."))
    if items:
        session.out.next("sop runs --overdue")


def _order(session: Session, sop: str) -> Mapping[str, int]:
    """Steps of *sop* in the order of the document; a step of an earlier version stands at the end."""
    from runners.people import NotFound

    try:
        procedure: Procedure = session.app.library.find(sop).procedure
    except NotFound:
        return {}
    return {step: place for place, step in enumerate(procedure.steps)}


def _task(session: Session, row: "InboxRow") -> dict[str, Any]:
    return {
        "id": f"{row.run}/{row.label}", "run": row.run, "title": row.title, "owner": session.handle(row.owner) or None,
        "role": row.role, "due": row.due_at, "overdue": bool(row.due_at and row.due_at < session.now), "ready": row.ready_at,
        "round": row.round, "drill": row.drill,
    }  # fmt: skip


def _words(session: Session, task: Mapping[str, Any]) -> str:
    run, _, label = task["id"].partition("/")
    name = f"{run}:{label.partition(':')[2]}" if ":" in label else run
    if task["owner"] and task["suspended"]:
        told = spoken("{task} ({person}, suspended)", task=name, person=task["owner"])
    elif task["suspended"]:
        told = spoken("{task} (suspended)", task=name)
    else:
        told = spoken("{task} ({person})", task=name, person=task["owner"]) if task["owner"] else name
    return told + (session.out.sign("late") if task["overdue"] else "")


def _late(item: Item) -> str:
    return "late" if item["late"] else ""


@command("report")
@click.argument("sop", default="", metavar="[SOP]", type=SOP)
@click.option("--from", "start", metavar="TIME", default="-30d", show_default=True, help="What happened from then on.")
@click.option("--to", "end", metavar="TIME", default="", help="What happened until then (a day means its end); now if absent.")
@pass_session
def report_command(session: Session, sop: str, start: str, end: str) -> None:
    """How much was done, how long each step took and waited, what came back, what was late, how often tasks changed hands.

    A time belongs to the window in which it ended. Drills do not count. P90: nine of ten took at most so long.
    """
    from runners.reports import figures, plain

    begin = instant(session, start, "--from", end=False)
    until = instant(session, end, "--to", end=True) if end else session.now
    if until <= begin:
        message = spoken("--to {end} is not after --from {start}", end=end or spoken("now"), start=start)
        raise usage(message, spoken("name the earlier time with --from"))
    if sop:
        session.app.library.sync()
        session.app.library.find(sop)
    found = plain(figures(session.app.overview.histories(sop=sop or None, before=until), begin, until))
    steps = found["steps"]
    assert isinstance(steps, list)  # noqa: S101 - for the reader of types
    if session.out.format in {"json", "jsonl"}:
        session.out.thing({"from": begin, "to": until, "sop": sop or None, **found}, ())
        return
    if session.out.format == "csv":
        session.out.items([_flat(step) for step in steps], ())
        return
    for text in _summary(session, found, begin, until):
        session.out.line(text)
    session.out.items(steps, _columns(), empty=spoken("No task was finished or handed over."))


def _summary(session: Session, found: Mapping[str, Any], start: str, end: str) -> Sequence[str]:
    ends = ", ".join(f"{count} {name}" for name, count in sorted(found["ended"].items()))
    total = sum(found["ended"].values())
    days = [shown(at, session.now, session.zone, full=True)[:10] for at in (start, end)]
    counts = spoken(
        "started {started}, ended {ended}, cancelled {cancelled}, open at the end {open}",
        started=found["started"], ended=f"{total} ({ends})" if ends else total, cancelled=found["cancelled"], open=found["open"],
    )  # fmt: skip
    lines = [spoken("{first} to {last}", first=days[0], last=days[1]), f"  {counts}"]
    if cycle := found["cycle"]:
        words = marked("from start to end: {median} in the middle, nine of ten within {p90}")
        lines.append("  " + spoken(words, median=span(cycle["median"]), p90=span(cycle["p90"])))
    return lines


def _flat(step: Mapping[str, Any]) -> dict[str, Any]:
    """A step for a spreadsheet."""
    rest = {name: value for name, value in step.items() if name not in {"cycle", "waiting"}}
    for name in ("cycle", "waiting"):
        rest |= {f"{name}_{part}_seconds": (step[name] or {}).get(part) for part in ("median", "p90")}
    return rest


def _columns() -> list[Column]:
    def time(name: str, part: str, title: str) -> Column:
        return Column(title, lambda item: brief(item[name][part]) if item[name] else "", right=True)

    def share(name: str, title: str) -> Column:
        return Column(title, lambda item: "" if item[name] is None else f"{item[name]:.0%}", right=True)

    return [
        Column(spoken("SOP"), lambda item: item["sop"]),
        Column(spoken("STEP"), lambda item: item["step"], whole=True),
        Column(spoken("DONE"), lambda item: str(item["done"]), right=True),
        time("cycle", "median", spoken("TIME")), time("cycle", "p90", spoken("P90")), time("waiting", "median", spoken("WAITED")),
        time("waiting", "p90", spoken("P90")), share("rework", spoken("AGAIN")), share("overdue", spoken("LATE")),
        Column(spoken("HANDED ON"), lambda item: str(item["handed"] or ""), right=True),
    ]  # fmt: skip
