"""What a run's history adds to where it stands: what people said, the files they added, and why work came back."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from engine.events import Attached, Commented, TaskOpened, TokenMoved
from engine.text import clean
from runners.cli.doing import Line
from runners.cli.session import Session
from runners.cli.times import shown
from runners.cli.words import value_words
from runners.tongue import marked, spoken

if TYPE_CHECKING:
    from engine.state import Task
    from runners.views import HistoryLine, RunView


def told(session: Session, view: "RunView") -> "list[HistoryLine]":
    """The records that *view* takes into account."""
    return session.app.views.history(view.line.id, upto=view.seq)


def notes(session: Session, lines: "Sequence[HistoryLine]", address: str = "") -> list[dict[str, Any]]:
    """Every comment on a run, or only those on the step at *address*; the text is None where it was erased."""
    return [
        {**_told(session, line, event.step), "text": line.values.get("comment")}
        for line in lines
        for event in line.events
        if isinstance(event, Commented) and _on(event.step, address)
    ]


def files(session: Session, lines: "Sequence[HistoryLine]", address: str = "") -> list[dict[str, Any]]:
    """Every file that was attached to a run, or only to the step at *address*; the file is None where it was erased."""
    return [
        {**_told(session, line, event.step), "file": line.values.get("file"), "note": line.note}
        for line in lines
        for event in line.events
        if isinstance(event, Attached) and _on(event.step, address)
    ]


def _told(session: Session, line: "HistoryLine", step: str) -> dict[str, Any]:
    return {"seq": line.seq, "at": line.at, "by": session.handle(line.actor), "step": step or None}


def _on(step: str, address: str) -> bool:
    """Whether what was said about *step* belongs to *address*: a step and its items belong together, two items do not."""
    if not address or step == address:
        return True
    return step.partition(":")[0] == address.partition(":")[0] and not (":" in step and ":" in address)


def note_lines(session: Session, said: Sequence[dict[str, Any]], added: Sequence[dict[str, Any]]) -> Iterator[Line]:
    """Comments and files for people."""
    for title, items in ((spoken("Notes:"), said), (spoken("Files:"), added)):
        if items:
            yield title, "bold"
        for item in items:
            what = _words(item.get("text") if items is said else _file(session, item))
            line = marked("{time}  {person} on {step}: {what}") if item["step"] else marked("{time}  {person}: {what}")
            at = shown(item["at"], session.now, session.zone)
            yield "  " + spoken(line, time=at, person=item["by"], step=item["step"], what=what), ""


def _words(text: str | None) -> str:
    return spoken("(erased)") if text is None else clean(text, lines=True)


def _file(session: Session, item: dict[str, Any]) -> str | None:
    if item["file"] is None:
        return None
    return value_words(item["file"], session.handle) + (f"  {item['note']}" if item["note"] else "")


def sent_back(session: Session, view: "RunView", lines: "Sequence[HistoryLine]", task: "Task | None") -> dict[str, Any] | None:
    """Why *task* is there once more: the latest move since its last round that led back; one with a note counts first."""
    if task is None or task.round < 2:  # noqa: PLR2004 - the first round came forward
        return None
    labels = {row.no: row.label for row in view.tasks}
    opened = [
        (event.task, number)
        for number, line in enumerate(lines)
        for event in line.events
        if isinstance(event, TaskOpened) and labels.get(event.task) == task.address
    ]
    until = next((number for no, number in opened if no == task.no), -1)
    since = max((number for no, number in opened if no < task.no), default=-1)
    back = [line for line in lines[since + 1 : until + 1] if _leads_back(view, line, task)]
    found = next(iter([line for line in reversed(back) if line.note] or reversed(back)), None)
    if found is None:
        return None
    number = found.command.get("task")
    source = labels.get(number, "") if isinstance(number, int) else str(found.command.get("step") or "")
    return {
        "seq": found.seq, "at": found.at, "by": session.handle(found.actor), "from": source or None,
        "outcome": found.command.get("outcome") or None, "note": found.note,
    }  # fmt: skip


def _leads_back(view: "RunView", line: "HistoryLine", task: "Task") -> bool:
    """Whether a record moved the track of *task*, or one around it, to an earlier step, or to it by another than the first way."""
    tracks, token = set(), view.state.tokens.get(task.token)
    while token is not None:
        tracks.add(token.id)
        token = view.state.tokens.get(token.parent) if token.parent is not None else None
    order = {name: number for number, name in enumerate(view.procedure.steps)}
    for event in line.events:
        if isinstance(event, TokenMoved) and event.token in tracks and event.source in order and event.target in order:
            aside = event.target == task.step and event.by not in list(view.procedure.steps[event.source].outcomes)[:1]
            if order[event.target] <= order[event.source] or (aside and line.note):
                return True
    return False


def back_line(found: dict[str, Any]) -> str:
    """What ``sent_back`` found, in one line."""
    source, note = found["from"], clean(found["note"], lines=True) if found["note"] else ""
    if source and note:
        return spoken("sent back by {person} from {step}: {note}", person=found["by"], step=source, note=note)
    if source:
        return spoken("sent back by {person} from {step}", person=found["by"], step=source)
    if note:
        return spoken("sent back by {person}: {note}", person=found["by"], note=note)
    return spoken("sent back by {person}", person=found["by"])
