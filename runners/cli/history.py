"""``sop history`` and ``sop replay``."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import click

from runners.cli.commands import command, pass_session
from runners.cli.completion import RUN
from runners.cli.failures import missing
from runners.cli.moments import instant, moment
from runners.cli.options import looking_back
from runners.cli.session import Session
from runners.cli.tables import Column
from runners.cli.targets import run_of
from runners.cli.times import shown

if TYPE_CHECKING:
    from engine.state import State
    from runners.views import HistoryLine, RunView

_PAST: Final = {
    "start": "started", "claim": "claimed", "release": "gave back", "complete": "completed", "assign": "assigned",
    "bind": "bound role", "cancel_track": "cancelled", "cancel_run": "cancelled run", "comment": "commented",
    "migrate": "went over", "attach": "attached", "child_ended": "child returned", "elapse": "timer",
    "delegate": "delegated", "override": "overrode", "signal": "signalled", "skip": "left out", "rewind": "went back",
    "suspend": "suspended", "resume": "resumed", "block": "blocked", "unblock": "unblocked", "reopen": "opened again",
    "correct": "corrected", "add_item": "added item", "close_items": "closed items",
}  # fmt: skip
"""Commands as people read them afterwards."""


def task_names(view: "RunView") -> Callable[[int], str]:
    """From the number of a task of the run of *view*, open or closed, to its address."""
    labels = {row.no: row.label for row in view.tasks}
    return lambda number: labels.get(number, f"task {number}")


def _about(line: "HistoryLine", address: Callable[[int], str]) -> str:
    """Which task or role a record is about."""
    asked = line.command
    if isinstance(asked.get("task"), int):
        return address(asked["task"])
    return str(asked.get("step") or asked.get("track") or asked.get("role") or "")


def _moves(line: "HistoryLine") -> str:
    from engine.events import RunCancelled, RunEnded, TokenMoved

    moves = [f"{event.source or 'start'} → {event.target}" for event in line.events if isinstance(event, TokenMoved)]
    ends = [f"ended: {event.end}" for event in line.events if isinstance(event, RunEnded)]
    cancelled = ["run cancelled" for event in line.events if isinstance(event, RunCancelled)]
    return "; ".join([*moves, *ends, *cancelled])


def versions_of(lines: "Sequence[HistoryLine]") -> dict[str, str]:
    """Fingerprint to version, of every version that a run with these records was decided by."""
    from engine.events import RunMigrated, RunStarted

    events = (event for line in lines for event in line.events if isinstance(event, RunStarted | RunMigrated))
    return {event.fingerprint: event.version for event in events}


def _detail(session: Session, line: "HistoryLine", versions: Mapping[str, str]) -> str:
    """What the word for the command leaves open: to whom, until when, which versions, which fields."""
    from engine.events import FieldsCorrected, RunMigrated, TaskDelegated

    found = []
    for event in line.events:
        if isinstance(event, TaskDelegated):
            until = f", until {event.until[:16].replace('T', ' ')} UTC" if event.until else ""
            found.append(f"to {session.handle(event.person)}{until}")
        elif isinstance(event, RunMigrated):
            before = versions.get(event.previous, "")
            found.append(f"{f'from {before} ' if before else ''}to {event.version}")
        elif isinstance(event, FieldsCorrected):
            found.append(", ".join(event.values))
    return "; ".join(found)


def item_of(
    session: Session, line: "HistoryLine", address: Callable[[int], str], versions: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any]:
    """A record as plain data. *versions* says which fingerprint is which version, where that is known."""
    from engine.events import encode

    actor = line.record["actor"]
    return {
        "run": line.run, "seq": line.seq, "at": line.at, "actor": session.handle(line.actor), "pseudonym": line.actor,
        "for": [session.handle(person) for person in actor.get("for", ())], "detail": _detail(session, line, versions) or None,
        "roles": list(line.roles), "kind": line.kind, "command": line.command["do"],
        "step": _about(line, address) or None, "outcome": line.command.get("outcome") or None, "note": line.note,
        "moves": _moves(line) or None, "events": [encode(event) for event in line.events],
        "refused": [{"code": code, "facts": facts} for code, facts in line.reasons], "values": dict(line.values),
        "hash": line.hash.hex(),
    }  # fmt: skip


def _who(item: Any) -> str:  # noqa: ANN401 - plain data
    """Who did it, and in whose place, whose right it is standing last."""
    return " for ".join([item["actor"], *reversed(item["for"])])


@command("history")
@click.argument("run", type=RUN)
@click.option("--from", "start", metavar="TIME", default="", help="Records from then on (a day means its beginning).")
@click.option("--to", "end", metavar="TIME", default="", help="Records until then (a day means its end).")
@looking_back
@pass_session
def history_command(session: Session, run: str, start: str, end: str, as_of: str) -> None:
    """What happened in a RUN, record by record, refused attempts among them; ORG is the directory of people and roles.

    With -v every event is told; with --json or --format jsonl each record comes with its values and its hash.
    """
    if run.upper() == "ORG":
        from runners.cli.org_history import show

        last = moment(session, as_of, records=False)
        before = instant(session, end, "--to", end=True) if end else str(last or "")
        show(session, instant(session, start, "--from", end=False) if start else "", before)
        return
    name = run_of(run)
    views = session.app.views
    when = moment(session, as_of)
    view = views.run(name)
    lines = views.history(name, upto=when if isinstance(when, int) else None)
    versions = versions_of(lines)
    since = instant(session, start, "--from", end=False) if start else ""
    until = instant(session, end, "--to", end=True) if end else str(when) if isinstance(when, str) else ""
    lines = [line for line in lines if (not since or line.at >= since) and (not until or line.at <= until)]
    address = task_names(view)
    items = [item_of(session, line, address, versions) for line in lines]
    if session.options.verbose and not session.out.machine:
        _tell(session, lines, items, address)
        return
    session.out.items(items, columns(session), empty="No records in that time.")
    if items:
        session.out.next(f"sop verify {name}")


def columns(session: Session) -> list[Column]:
    """What people see of a record."""
    from runners.messages import Sentences

    def why(item: Any) -> str:  # noqa: ANN401 - plain data
        refused = " ".join(_refusal(Sentences(item["run"], session.handle), found) for found in item["refused"])
        file, said = item["values"].get("file"), item["values"].get("comment")
        name = str(file["name"]) if item["command"] == "attach" and isinstance(file, dict) else ""
        return " ".join(part for part in (refused, name, str(said or ""), item["note"] or "") if part)

    def what(item: Any) -> str:  # noqa: ANN401 - plain data
        if item["refused"]:
            return f"refused: {item['command'].replace('_', ' ')}"
        said = _PAST[item["command"]] + (f": {item['outcome']}" if item["outcome"] else "")
        return said + (f": {item['detail']}" if item["detail"] else "")

    return [
        Column("SEQ", lambda item: str(item["seq"]), right=True),
        Column("AT (UTC)", lambda item: item["at"][:19].replace("T", " ")),
        Column("WHO", _who),
        Column("WHAT", what, style=lambda item: "late" if item["refused"] else ""),
        Column("STEP", lambda item: item["step"] or ""),
        Column("FROM → TO", lambda item: item["moves"] or ""),
        Column("WHY", why),
    ]


def _refusal(say: Any, found: Any) -> str:  # noqa: ANN401 - plain data
    from engine.refusals import Code, Reason

    facts = {name: tuple(value) if isinstance(value, list) else value for name, value in found["facts"].items()}
    return f"{say.sentence(Reason(Code(found['code']), facts))} ({found['code']})."


def _tell(session: Session, lines: "Sequence[HistoryLine]", items: Sequence[dict[str, Any]], address: Callable[[int], str]) -> None:
    for line, item in zip(lines, items, strict=True):
        for text in _record_lines(session, line, item, address):
            session.out.line(text)


def _record_lines(session: Session, line: "HistoryLine", item: dict[str, Any], address: Callable[[int], str]) -> Iterator[str]:
    from runners.cli.words import value_words
    from runners.messages import Sentences
    from runners.telling import in_words

    what = f"{item['command']} {item['step'] or ''}".strip()
    yield f"{line.seq}  {shown(line.at, session.now, session.zone, full=True)}  {_who(item)}  {what}  {line.hash.hex()[:16]}"
    say = Sentences(line.run, session.handle)
    for found in item["refused"]:
        yield f"    refused: {_refusal(say, found)}"
    for event in line.events:
        yield f"    {in_words(event, address, session.handle)}"
    if line.note:
        yield f"    note: {line.note}"
    for path, value in line.values.items():
        if path not in {"note", "refused.note"}:
            yield f"    {path} = {value_words(value, session.handle)}"


@command("replay")
@click.argument("run", type=RUN)
@click.option("--to", "upto", type=click.IntRange(0), metavar="SEQ", help="Stop after this record.")
@click.option("--step", "stepwise", is_flag=True, help="Show every record; on a terminal, wait for Enter after each.")
@pass_session
def replay_command(session: Session, run: str, upto: int | None, *, stepwise: bool) -> None:
    """Rebuild a RUN from its history alone, and show where it stood."""
    from engine.evolve import evolve
    from engine.state import EMPTY

    name = run_of(run)
    views = session.app.views
    view = views.run(name)
    lines = views.history(name, upto=upto)
    if upto is not None and (not lines or lines[-1].seq < upto):
        raise missing("record", f"{name} {upto}")
    address = task_names(view)
    state: State = EMPTY
    versions = versions_of(lines)
    items = []
    waits = stepwise and session.out.terminal and sys.stdin.isatty() and session.options.input and not session.out.machine
    for line in lines:
        for event in line.events:
            state = evolve(state, event, line.at)
        item = {**item_of(session, line, address, versions), "state": _stands(state)}
        items.append(item)
        if stepwise and not session.out.machine:
            _tell(session, [line], [item], address)
            session.out.line(f"    stands at: {_stands_words(state)}", "dim")
            if waits and line is not lines[-1]:
                click.prompt("", default="", show_default=False, prompt_suffix="Enter for the next record ")
    _end(session, view, state, items, stepwise=stepwise, whole=upto is None)


def _end(
    session: Session, view: "RunView", state: "State", items: list[dict[str, Any]], *, stepwise: bool, whole: bool
) -> None:  # fmt: skip
    same = not whole or state == view.state
    if session.out.machine and stepwise:
        session.out.items(items, [])
        return
    value = {"run": view.line.id, "records": len(items), "equal": same if whole else None, **_stands(state)}
    text = f"{view.line.id} after {len(items)} records: {_stands_words(state)}"
    verdict = ""
    if whole:
        verdict = (
            f"{session.out.sign('good')} equals the stored state" if same else f"{session.out.sign('bad')} is not the stored state"
        )
    session.out.thing(value, [(text, ""), *([(verdict, "good" if same else "late")] if verdict else [])])
    if not same:
        from runners.cli.failures import Complaint, Failure
        from runners.exits import CHECK

        raise Failure(
            [Complaint("SOP-K01", "the history gives another state than the one that is stored", "sop verify says more")], CHECK
        )


def _stands(state: "State") -> dict[str, Any]:
    return {
        "status": state.status, "end": state.end or None, "open": [task.address for task in state.tasks.values()],
        "at": sorted({token.at for token in state.tokens.values() if token.at}),
    }  # fmt: skip


def _stands_words(state: "State") -> str:
    if state.status != "open":
        return f"{state.status}{': ' + state.end if state.end else ''}"
    return ", ".join(
        f"{task.address}{' round ' + str(task.round) if task.round > 1 else ''}" for task in state.tasks.values()
    ) or "waiting"  # fmt: skip
