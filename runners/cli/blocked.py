"""``sop runs --blocked``: tasks that nobody can do, and tasks that somebody said cannot go on, each with why."""

from typing import TYPE_CHECKING, Any

from runners.cli.failures import usage
from runners.cli.paging import key_of, key_text
from runners.cli.session import Session
from runners.cli.tables import Column
from runners.tongue import marked, spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runners.views import HistoryLine


def show(session: Session, sop: str, lead: str, limit: int, after: str) -> None:
    """One line for each such task.

    Args:
        session: the call.
        sop: only of this SOP.
        lead: only of runs that this person (pseudonym) leads.
        limit: lines of a page.
        after: the key of the last line of the page before.
    """
    place: dict[str, Any] = {}
    if after:
        due, run, number = key_of(after, 3)
        if not number.isdecimal():
            raise usage(spoken("--after {key}: this is no key of a page", key=after))
        place = {"after": (due, run, int(number))}
    rows = session.app.views.stuck(lead=lead, sop=sop, limit=limit + 1, **place)
    more, rows = len(rows) > limit, rows[:limit]
    why = {(row.run, row.no): reasons_of(session, row.run, (row.no, row.label)) for row in rows}
    items = [
        {
            "id": f"{row.run}/{row.label}", "run": row.run, "step": row.step, "title": row.title, "sop": row.sop, "role": row.role,
            "owner": session.handle(row.owner) or None, "lead": session.handle(row.lead), "due": row.due_at,
            "why": why[row.run, row.no],
        }
        for row in rows
    ]  # fmt: skip
    columns = [
        Column(spoken("TASK"), lambda item: item["id"], whole=True),
        Column(spoken("TITLE"), lambda item: item["title"]),
        Column(spoken("LEAD"), lambda item: item["lead"]),
        Column(spoken("WHY"), lambda item: "; ".join(item["why"])),
    ]
    session.out.items(items, columns, after=key_text(rows[-1].key) if more else None, empty=spoken("No run is blocked."))
    if items:
        session.out.next(f"sop show {items[0]['id']}")


def reasons_of(session: Session, run: str, task: tuple[int, str], lines: "Sequence[HistoryLine] | None" = None) -> list[str]:
    """Why a task is blocked, in sentences; nothing if it is not.

    Args:
        session: the call.
        run: its run.
        task: its number and its address.
        lines: the history of the run, where the caller has read it.
    """
    from runners.messages import Sentences

    say = Sentences(run, session.handle, session.now)
    number, address = task
    held, reasons = session.app.views.blocked(run, address)
    words = [_said(session, session.app.views.history(run) if lines is None else lines, number)] if held else []
    for reason in reasons:
        if why := reason.facts.get("why"):
            words.append(f"{session.handle(str(reason.facts['person']))}: {_short(str(why), named='did' in reason.facts)}")
        else:
            words.append(say.sentence(reason))
    return words


def _said(session: Session, lines: "Sequence[HistoryLine]", number: int) -> str:
    """Who said that a task is blocked, and in which words, where these were not erased. Its step may be called otherwise now."""
    from engine.detours import TaskBlocked

    last = [line for line in lines if any(isinstance(e, TaskBlocked) and e.task == number for e in line.events)][-1]
    who = session.handle(last.actor)
    if last.note:
        return spoken("{person} said that it is blocked: {why}", person=who, why=last.note)
    return spoken("{person} said that it is blocked", person=who)


def _short(code: str, *, named: bool) -> str:
    from engine.refusals import Code

    if named:
        return spoken("is named in a field that keeps people out of it")
    known = {
        Code.SEPARATED: marked("did what is to be kept apart from it"), Code.OWN_WORK: marked("it is their own work"),
        Code.SAME_AS: marked("only whoever did an earlier step may"), Code.NO_SKILL: marked("does not have the skill"),
        Code.ALREADY_VOTED: marked("has decided already"), Code.INACTIVE: marked("is not active"),
        Code.NOT_IN_ROLE: marked("does not hold the role"),
    }  # fmt: skip
    return spoken(known.get(Code(code), code))
