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
from runners.cli.words import status_words
from runners.tongue import marked, spoken

if TYPE_CHECKING:
    from engine.state import State
    from runners.views import HistoryLine, RunView

_PAST: Final = {
    "start": marked("started"), "claim": marked("claimed"), "release": marked("gave back"), "complete": marked("completed"),
    "assign": marked("assigned"), "bind": marked("bound role"), "cancel_track": marked("cancelled"),
    "cancel_run": marked("cancelled run"), "comment": marked("commented"), "migrate": marked("went over"),
    "attach": marked("attached"), "child_ended": marked("child returned"), "elapse": marked("timer"),
    "delegate": marked("delegated"), "override": marked("overrode"), "signal": marked("signalled"), "skip": marked("left out"),
    "rewind": marked("went back"), "suspend": marked("suspended"), "resume": marked("resumed"), "block": marked("blocked"),
    "unblock": marked("unblocked"), "reopen": marked("opened again"), "correct": marked("corrected"),
    "add_item": marked("added item"), "close_items": marked("closed items"),
}  # fmt: skip
"""Commands as people read them afterwards."""

_NOT_PEOPLE: Final = {"system": marked("system"), "nobody": marked("nobody")}
"""Who acts where no person does: what falls due, and who set up a database before there was anybody."""
_ATTEMPTS: Final = {
    "start": marked("start"), "claim": marked("claim"), "release": marked("release"), "complete": marked("complete"),
    "assign": marked("assign"), "bind": marked("bind"), "cancel_track": marked("cancel track"),
    "cancel_run": marked("cancel run"), "comment": marked("comment"), "migrate": marked("migrate"), "attach": marked("attach"),
    "child_ended": marked("child ended"), "elapse": marked("elapse"), "delegate": marked("delegate"),
    "override": marked("override"), "signal": marked("signal"), "skip": marked("skip"), "rewind": marked("rewind"),
    "suspend": marked("suspend"), "resume": marked("resume"), "block": marked("block"), "unblock": marked("unblock"),
    "reopen": marked("reopen"), "correct": marked("correct"), "add_item": marked("add item"),
    "close_items": marked("close items"),
}  # fmt: skip
"""Commands as people read them when they were refused."""


def task_names(view: "RunView") -> Callable[[int], str]:
    """From the number of a task of the run of *view*, open or closed, to its address."""
    labels = {row.no: row.label for row in view.tasks}
    return lambda number: labels.get(number) or spoken("task {number}", number=number)


def _about(line: "HistoryLine", address: Callable[[int], str]) -> str:
    """Which task or role a record is about."""
    asked = line.command
    if isinstance(asked.get("task"), int):
        return address(asked["task"])
    return str(asked.get("step") or asked.get("track") or asked.get("role") or "")


def _moves(line: "HistoryLine") -> str:
    from engine.events import RunCancelled, RunEnded, TokenMoved

    start = spoken("start")
    moves = [f"{event.source or start} → {event.target}" for event in line.events if isinstance(event, TokenMoved)]
    ends = [spoken("ended: {end}", end=event.end) for event in line.events if isinstance(event, RunEnded)]
    cancelled = [spoken("run cancelled") for event in line.events if isinstance(event, RunCancelled)]
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
            who, until = session.handle(event.person), event.until[:16].replace("T", " ")
            if until:
                found.append(spoken("to {person}, until {time} UTC", person=who, time=until))
            else:
                found.append(spoken("to {person}", person=who))
        elif isinstance(event, RunMigrated):
            if before := versions.get(event.previous, ""):
                found.append(spoken("from {before} to {after}", before=before, after=event.version))
            else:
                found.append(spoken("to {version}", version=event.version))
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


def who(item: Any) -> str:  # noqa: ANN401 - plain data
    """Who did it, and in whose place, whose right it is standing last."""
    words = spoken(_NOT_PEOPLE[item["pseudonym"]]) if item["pseudonym"] in _NOT_PEOPLE else item["actor"]
    for person in reversed(item["for"]):
        words = spoken("{actor} for {person}", actor=words, person=person)
    return str(words)


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
    session.out.items(items, columns(session), empty=spoken("No records in that time."))
    if items:
        session.out.next(f"sop verify {name}")


def columns(session: Session, *, short: bool = False) -> list[Column]:
    """What people see of a record; *short* without its moves and the reasons, which make long lines."""
    from runners.messages import Sentences

    def why(item: Any) -> str:  # noqa: ANN401 - plain data
        refused = " ".join(_refusal(Sentences(item["run"], session.handle), found) for found in item["refused"])
        file, said = item["values"].get("file"), item["values"].get("comment")
        name = str(file["name"]) if item["command"] == "attach" and isinstance(file, dict) else ""
        return " ".join(part for part in (refused, name, str(said or ""), item["note"] or "") if part)

    def what(item: Any) -> str:  # noqa: ANN401 - plain data
        command = item["command"]
        if item["refused"]:
            return spoken("refused: {what}", what=spoken(_ATTEMPTS[command]))
        return ": ".join(part for part in (spoken(_PAST[command]), item["outcome"], item["detail"]) if part)

    found = [
        Column(spoken("SEQ"), lambda item: str(item["seq"]), right=True),
        Column(spoken("AT (UTC)"), lambda item: item["at"][:19].replace("T", " ")),
        Column(spoken("WHO"), who),
        Column(spoken("WHAT"), what, style=lambda item: "late" if item["refused"] else ""),
        Column(spoken("STEP"), lambda item: item["step"] or ""),
    ]
    if short:
        return found
    return [*found, Column(spoken("FROM → TO"), lambda item: item["moves"] or ""), Column(spoken("WHY"), why)]


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

    what = f"{spoken(_ATTEMPTS[item['command']])} {item['step'] or ''}".strip()
    yield f"{line.seq}  {shown(line.at, session.now, session.zone, full=True)}  {who(item)}  {what}  {line.hash.hex()[:16]}"
    say = Sentences(line.run, session.handle)
    for found in item["refused"]:
        yield "    " + spoken("refused: {what}", what=_refusal(say, found))
    for event in line.events:
        yield f"    {in_words(event, address, session.handle)}"
    if line.note:
        yield "    " + spoken("note: {text}", text=line.note)
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
            session.out.line("    " + spoken("stands at: {places}", places=_stands_words(state)), "dim")
            if waits and line is not lines[-1]:
                click.prompt("", default="", show_default=False, prompt_suffix=spoken("Enter for the next record "))
    _end(session, view, state, items, stepwise=stepwise, whole=upto is None)


def _end(
    session: Session, view: "RunView", state: "State", items: list[dict[str, Any]], *, stepwise: bool, whole: bool
) -> None:  # fmt: skip
    same = not whole or state == view.state
    if session.out.machine and stepwise:
        session.out.items(items, [])
        return
    value = {"run": view.line.id, "records": len(items), "equal": same if whole else None, **_stands(state)}
    facts = {"run": view.line.id, "records": len(items), "places": _stands_words(state)}
    text = spoken("{run} after {records} records: {places}", **facts)
    verdict = ""
    if whole:
        words = spoken("equals the stored state") if same else spoken("is not the stored state")
        verdict = f"{session.out.sign('good' if same else 'bad')} {words}"
    session.out.thing(value, [(text, ""), *([(verdict, "good" if same else "late")] if verdict else [])])
    if not same:
        from runners.cli.failures import Complaint, Failure
        from runners.exits import CHECK

        words = spoken("the history gives another state than the one that is stored")
        raise Failure([Complaint("SOP-K01", words, spoken("sop verify says more"))], CHECK)


def _stands(state: "State") -> dict[str, Any]:
    return {
        "status": state.status, "end": state.end or None, "open": [task.address for task in state.tasks.values()],
        "at": sorted({token.at for token in state.tokens.values() if token.at}),
    }  # fmt: skip


def _stands_words(state: "State") -> str:
    if state.status != "open":
        return f"{status_words(state.status)}{': ' + state.end if state.end else ''}"
    places = [
        spoken("{task} round {round}", task=task.address, round=task.round) if task.round > 1 else task.address
        for task in state.tasks.values()
    ]
    return ", ".join(places) or spoken("waiting")
