"""How commands that change something end: keys, previews, and what is said afterwards."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from engine.events import ChildRequested, RunCancelled, RunEnded, TaskOpened, WaitBegan, encode
from runners.cli.output import to_json
from runners.cli.session import Session
from runners.cli.times import shown
from runners.tongue import spoken

if TYPE_CHECKING:
    from engine.commands import Command
    from engine.state import Task
    from runners.runner import Done
    from runners.views import RunView

WINDOW: Final = 600
"""Seconds in which the same command line is taken for the same command: somebody pressed ↑ and Enter."""

Line = tuple[str, str]


def key_of(session: Session, given: str, *parts: Any) -> str:  # noqa: ANN401 - any plain data
    """The idempotency key: as given, or made from the arguments, the person and a window of ten minutes.

    A window ends whenever it ends; so the key of the window before still holds where it was used less than ten minutes ago.
    """
    if given:
        return given
    from runners.runner import AUTO

    window = int(datetime.fromisoformat(session.now).timestamp()) // WINDOW
    key, before = (
        AUTO + hashlib.sha256(to_json([session.me.id, number, *parts], ascii_only=True).encode()).hexdigest()[:32]
        for number in (window, window - 1)
    )
    if _lately(session, before):
        key = before
    if session.options.verbose:
        session.out.note(spoken("idempotency key {key}", key=key), "dim")
    return key


def _lately(session: Session, key: str) -> bool:
    """Whether a command was answered under *key* in the last ten minutes."""
    from runners.store import reads

    with session.app.database.read() as unit:
        found = reads.request(unit, key)
    age = datetime.fromisoformat(session.now) - datetime.fromisoformat(found.at) if found else None
    return age is not None and age.total_seconds() < WINDOW


def run_for(session: Session, run: str, attempt: "Command") -> "RunView":
    """The run that a command is about. Who may not read it is refused by the command itself, so that the attempt is on record.

    Args:
        session: the call.
        run: its name.
        attempt: the command, with as much as is known before the run is read.

    Raises:
        Failure: with what the command is refused for.
    """
    from runners.permissions import NotPermitted

    try:
        return session.app.views.run(run)
    except NotPermitted:
        session.done(session.app.runner.handle(run, attempt, actor=session.me.id), run)
        raise


def addresses(session: Session, done: "Done") -> Callable[[int], str]:
    """From the number of a task of a run that was just changed to its address."""
    known = {task.no: task.address for task in done.state.tasks.values()}
    known |= {event.task: event.step for event in done.events if isinstance(event, TaskOpened) and event.task not in known}

    def address(number: int) -> str:
        if number not in known:
            known.update({row.no: row.label for row in session.app.views.run(done.run).tasks if row.no not in known})
        return known.get(number) or spoken("task {number}", number=number)

    return address


def tell(
    session: Session, done: "Done", headline: str, *, dry_run: bool = False, details: Sequence[str] = (),
    more: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Say what was done and what comes next.

    Args:
        session: the call.
        done: the runner's answer.
        headline: what was done, in the past tense.
        dry_run: nothing was changed.
        details: more lines about it.
        more: facts about it that machines get beside those of every command.
    """
    more = more or {}
    if dry_run:
        _preview(session, done, headline, details, more)
        return
    lines: list[Line] = [(spoken("Already done: {what}", what=headline) if done.repeated else headline, "")]
    lines += [(f"  {detail}", "") for detail in details]
    lines += _consequences(session, done)
    session.out.thing({**_value(session, done, dry_run=False), **more}, lines)
    if follow := _follow(session, done):
        session.out.next(follow)


def _preview(session: Session, done: "Done", headline: str, details: Sequence[str], more: Mapping[str, Any]) -> None:
    from runners.telling import in_words

    address = addresses(session, done)
    lines = [(spoken("Would be: {what}", what=headline), "")]
    lines += [(f"  {in_words(event, address, session.handle)}", "") for event in done.events]
    for other in done.others:
        told = [in_words(event, addresses(session, other), session.handle) for event in other.events]
        lines += [("  " + spoken("in {run}: {event}", run=other.run, event=words), "") for words in told]
    lines += [(f"  {detail}", "") for detail in details]
    value = {**_value(session, done, dry_run=True), **more}
    session.out.thing(value | ({"details": list(details)} if details else {}), lines)
    session.out.note(spoken("Nothing was changed (dry run)."))


def _value(session: Session, done: "Done", *, dry_run: bool) -> dict[str, Any]:
    return {
        "run": done.run,
        "seq": done.seq,
        "status": done.state.status,
        "end": done.state.end or None,
        "repeated": done.repeated,
        "dry_run": dry_run,
        "open": [task_item(session, done.run, task) for task in done.state.tasks.values()],
        "events": [encode(event) for event in done.events],
        "others": [{"run": other.run, "seq": other.seq, "status": other.state.status} for other in done.others],
    }


def task_item(session: Session, run: str, task: "Task") -> dict[str, Any]:
    """An open task as plain data."""
    return {
        "id": f"{run}/{task.address}", "step": task.step, "kind": task.kind, "role": task.role, "round": task.round,
        "due": task.due or None, "owner": session.handle(task.owner) or None, "ready": task.ready,
    }  # fmt: skip


def _consequences(session: Session, done: "Done") -> Iterator[Line]:
    if done.repeated:
        return
    for one in (done, *done.others):
        prefix = "" if one is done else f"{one.run}/"
        for event in one.events:
            if isinstance(event, TaskOpened) and event.task in one.state.tasks:
                yield _opened(session, one.state.tasks[event.task], prefix)
            elif isinstance(event, RunEnded):
                yield "  " + spoken("{run} has ended: {end}", run=one.run, end=event.end), "good"
            elif isinstance(event, RunCancelled):
                yield "  " + spoken("{run} is cancelled", run=one.run), ""
            elif isinstance(event, ChildRequested):
                yield "  " + _started(one.run, event), ""
            elif isinstance(event, WaitBegan) and event.token in one.state.tokens and one.state.tokens[event.token].waiting:
                yield "  " + _waiting(session, event, prefix), ""


def _started(run: str, event: ChildRequested) -> str:
    if event.detached:
        return spoken("→ {child} started ({sop}); {run} goes on", child=event.child, sop=event.sop, run=run)
    return spoken("→ {child} started ({sop}); {run} waits for it", child=event.child, sop=event.sop, run=run)


def _waiting(session: Session, event: WaitBegan, prefix: str) -> str:
    step = f"{prefix}{event.step}"
    if event.until:
        return spoken("→ {step}   waits until {time}", step=step, time=shown(event.until, session.now, session.zone))
    return spoken("→ {step}   waits for the signal {signal}", step=step, signal=event.signal)


def _opened(session: Session, task: "Task", prefix: str) -> Line:
    words = [spoken("for {person}", person=session.handle(task.owner)) if task.owner else spoken("open to {role}", role=task.role)]
    if task.due:
        words.append(spoken("due {time}", time=shown(task.due, session.now, session.zone)))
    if task.round > 1:
        words.append(spoken("round {round}", round=task.round))
    return f"  → {prefix}{task.address}   {', '.join(words)}", ""


def _follow(session: Session, done: "Done") -> str:
    me = session.me.id
    mine = [task.address for task in done.state.tasks.values() if task.owner == me]
    if mine:
        return f"sop show {done.run}/{mine[0]}"
    return f"sop history {done.run}" if done.state.status != "open" else "sop inbox"


def clock(session: Session) -> str:
    """The time of day for a sentence."""
    here = datetime.fromisoformat(session.now).astimezone(session.zone)
    return here.strftime("%H:%M %Z")


def size_words(size: int) -> str:
    """A number of bytes for people."""
    number = float(size)
    for unit in ("B", "kB", "MB"):
        if number < 1_000:  # noqa: PLR2004 - SI steps
            return f"{number:.0f} {unit}"
        number /= 1_000
    return f"{number:.1f} GB"


def file_words(name: str, value: Mapping[str, Any]) -> str:
    """A stored file in one line."""
    size, digest = size_words(value["size"]), value["sha256"][:12]
    return spoken("evidence {field}  {file}  {size}  sha256:{digest}…", field=name, file=value["name"], size=size, digest=digest)
