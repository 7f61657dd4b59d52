"""The inbox: what everybody looks at every morning, so it loads little."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from engine.limits import PAGE_ROWS
from runners.cli.session import Session
from runners.cli.tables import Column, Item
from runners.cli.times import shown
from runners.tongue import spoken

if TYPE_CHECKING:
    from runners.store.records import InboxRow


class Choice(NamedTuple):
    """Which tasks of an inbox are asked for.

    Attributes:
        mine: only those that somebody claimed, and it is who asks.
        sop: only of runs of this SOP; empty for all.
        role: only what this role does; empty for all.
        ahead: not what is ready, but what will come.
    """

    mine: bool = False
    sop: str = ""
    role: str = ""
    ahead: bool = False


_ALL: Final = Choice()


def inbox(session: Session, *, choice: Choice = _ALL, as_of: str = "", limit: int = 50, after: str = "") -> None:
    """Show what waits for who asks."""
    me = session.me
    if choice.ahead:
        if choice.mine or as_of or after:
            from runners.cli.failures import usage

            hint = spoken("leave out --mine, --as-of and --after")
            raise usage(spoken("--ahead is about what is nobody's yet, and about now"), hint)
        _ahead(session, me.id, choice, limit)
        return

    def wanted(row: "InboxRow") -> bool:
        mine = not choice.mine or row.owner == me.id
        return mine and choice.sop in {"", row.sop} and choice.role in {"", row.role}

    more = False
    if as_of:
        from runners.cli.moments import moment
        from runners.past import Past

        when = str(moment(session, as_of, records=False))
        rows = Past(session.app.database, session.app.library.procedure, when, session.app.reader).inbox(me.id)
        rows = [row for row in rows if wanted(row)][:limit]
    else:
        rows = session.app.views.inbox(me.id, **_place(after), limit=limit + 1, wanted=wanted)
        more, rows = len(rows) > limit, rows[:limit]
    items = [item_of(session, row, me.id) for row in rows]
    if rows and not as_of:  # an earlier moment is not what is held up now
        held = session.app.views.held_up(row.run for row in rows if not row.holder)  # what is suspended is offered to nobody
        items = [
            {**item, "suspended": held.task(row.run, row.no), "blocked": held.blocked(row.run, row.no)}
            for item, row in zip(items, rows, strict=True)
        ]
    _meant(session, choice, items)
    last = "|".join(map(str, rows[-1].key)) if more else None
    session.out.items(items, _columns(session), after=last, empty=spoken("Nothing waits for {person}.", person=me.handle))
    if rows:
        session.out.next(f"sop show {items[0]['id']}")


def _ahead(session: Session, me: str, choice: Choice, limit: int) -> None:
    """Steps that are still to come."""
    items = [
        {"run": line.run, "step": line.step, "role": line.role, "title": line.title, "sop": line.sop}
        for line in session.app.views.ahead(me, limit=PAGE_ROWS if choice.sop or choice.role else limit)
        if choice.sop in {"", line.sop} and choice.role in {"", line.role}
    ][:limit]
    _meant(session, choice, items)
    columns = [
        Column(spoken("RUN"), lambda item: item["run"], whole=True),
        Column(spoken("STEP"), lambda item: item["step"]),
        Column(spoken("TITLE"), lambda item: item["title"]),
        Column(spoken("AS"), lambda item: item["role"]),
    ]
    session.out.items(items, columns, empty=spoken("Nothing is to come."))


def _meant(session: Session, choice: Choice, items: list[dict[str, Any]]) -> None:
    """Raises Failure where nothing is found because there is no such SOP, or no such role."""
    if (choice.sop or choice.role) and not items:
        from runners.cli.listing import known_names

        known_names(session, choice.sop, choice.role)


def _place(after: str) -> dict[str, Any]:
    if not after:
        return {}
    from runners.cli.failures import usage
    from runners.cli.paging import key_of

    due, run, number = key_of(after, 3)
    if not number.isdecimal():
        raise usage(spoken("--after {key}: this is no key of a page", key=after))
    return {"after": (due, run, int(number))}


def item_of(session: Session, row: "InboxRow", me: str) -> dict[str, Any]:
    """A line of an inbox as plain data."""
    return {
        "id": f"{row.run}/{row.label}", "run": row.run, "step": row.step, "kind": row.kind, "title": row.title, "sop": row.sop,
        "role": row.role, "round": row.round, "due": row.due_at, "overdue": bool(row.due_at and row.due_at < session.now),
        "ready": row.ready_at, "owner": session.handle(row.owner) or None, "mine": row.owner == me, "drill": row.drill,
        "for": session.handle(row.place) or None, "stuck": row.holder.startswith("stuck:"),
    }  # fmt: skip


def _day(session: Session, at: str) -> date:
    """The day on which *at* is for the reader."""
    return datetime.fromisoformat(at).astimezone(session.zone).date()


def _whose(item: Item) -> str:
    """Whose a task is, or why it is nobody's."""
    if item["stuck"]:
        return spoken("blocked: nobody can go on with it")
    if item["mine"]:
        return spoken("yours")
    return spoken("{person}'s", person=item["owner"]) if item["owner"] else spoken("open to: {role}", role=item["role"])


def _columns(session: Session) -> list[Column]:
    full = session.options.verbose > 0

    def due(item: Item) -> str:
        return shown(item["due"] or "", session.now, session.zone, full=full)

    def late(item: Item) -> str:
        soon = item["due"] and not full and _day(session, item["due"]) == _day(session, session.now)
        return "late" if item["overdue"] else "soon" if soon else ""

    def state(item: Item) -> str:
        words = [_whose(item)]
        if item["for"] and item["for"] != item["owner"]:
            words.append(spoken("for {person}", person=item["for"]))
        if item.get("suspended"):
            words.append(spoken("suspended"))
        if item.get("blocked") and not item["stuck"]:
            words.append(spoken("blocked"))
        if item["round"] > 1:
            words.append(spoken("round {round}", round=item["round"]))
        if item["drill"]:
            words.append(spoken("drill"))
        return ", ".join(words)

    return [
        Column("", lambda item: session.out.sign("late") if item["overdue"] else "", style=late),
        Column(spoken("DUE"), due, style=late),
        Column(spoken("TASK"), lambda item: item["id"], whole=True),
        Column(spoken("TITLE"), lambda item: item["title"]),
        Column(spoken("STATE"), state),
    ]
