"""``sop inbox``: the command of every morning, so it loads little."""

from typing import TYPE_CHECKING, Any

import click

from runners.cli.asof import looking_back, moment
from runners.cli.commands import command, pass_session
from runners.cli.failures import usage
from runners.cli.paging import key_of, key_text, paged
from runners.cli.session import Session
from runners.cli.tables import Column, Item
from runners.cli.times import shown

if TYPE_CHECKING:
    from runners.store.records import InboxRow


@command("inbox")
@click.option("--mine", is_flag=True, help="Only tasks that are yours already.")
@click.option("--sop", metavar="SOP", default="", help="Only of runs of this SOP.")
@click.option("--role", metavar="ROLE", default="", help="Only what this role does.")
@click.option("--ahead", is_flag=True, help="What will come to your roles in open runs, and is not ready yet.")
@looking_back
@paged
@pass_session
def inbox_command(session: Session, *, mine: bool, sop: str, role: str, ahead: bool, as_of: str, limit: int, after: str) -> None:
    """What waits for you: tasks that are yours, and tasks that you may claim; what is due first stands first.

    With it stand the tasks of those who are away and whose deputy you are, and in runs that you lead what nobody can do.
    """
    me = session.me
    if ahead:
        _ahead(session, me.id, limit)
        return

    def wanted(row: "InboxRow") -> bool:
        return (not mine or row.owner == me.id) and sop in {"", row.sop} and role in {"", row.role}

    when = moment(session, as_of, records=False)
    if when is not None:
        from runners.past import Past

        rows = Past(session.app.database, str(when)).inbox(me.id)
        rows = [row for row in rows if wanted(row)][:limit]
        more = False
    else:
        rows = session.app.views.inbox(me.id, **_place(after), limit=limit + 1, wanted=wanted)
        more, rows = len(rows) > limit, rows[:limit]
    items = [item_of(session, row, me.id) for row in rows]
    session.out.items(
        items, _columns(session), after=key_text(rows[-1].key) if more else None, empty=f"Nothing waits for {me.handle}."
    )
    if rows:
        session.out.next(f"sop show {items[0]['id']}")


def _ahead(session: Session, me: str, limit: int) -> None:
    """Steps that are still to come."""
    items = [
        {"run": line.run, "step": line.step, "role": line.role, "title": line.title, "sop": line.sop}
        for line in session.app.views.ahead(me, limit=limit)
    ]
    columns = [
        Column("RUN", lambda item: item["run"], whole=True),
        Column("STEP", lambda item: item["step"]),
        Column("TITLE", lambda item: item["title"]),
        Column("AS", lambda item: item["role"]),
    ]
    session.out.items(items, columns, empty="Nothing is to come.")


def _place(after: str) -> dict[str, Any]:
    if not after:
        return {}
    due, run, number = key_of(after, 3)
    if not number.isdecimal():
        raise usage(f"--after {after}: this is no key of a page")
    return {"after": (due, run, int(number))}


def item_of(session: Session, row: "InboxRow", me: str) -> dict[str, Any]:
    """A line of an inbox as plain data."""
    return {
        "id": f"{row.run}/{row.label}", "run": row.run, "step": row.step, "kind": row.kind, "title": row.title, "sop": row.sop,
        "role": row.role, "round": row.round, "due": row.due_at, "overdue": bool(row.due_at and row.due_at < session.now),
        "ready": row.ready_at, "owner": session.handle(row.owner) or None, "mine": row.owner == me, "drill": row.drill,
        "for": session.handle(row.place) or None, "stuck": row.holder.startswith("stuck:"),
    }  # fmt: skip


def _columns(session: Session) -> list[Column]:
    full = session.options.verbose > 0

    def due(item: Item) -> str:
        return shown(item["due"] or "", session.now, session.zone, full=full)

    def late(item: Item) -> str:
        soon = item["due"] and due(item).startswith("today")
        return "late" if item["overdue"] else "soon" if soon else ""

    def state(item: Item) -> str:
        words = "yours" if item["mine"] else f"{item['owner']}'s" if item["owner"] else f"open to: {item['role']}"
        words = "blocked: nobody can go on with it" if item["stuck"] else words
        words += f", for {item['for']}" if item["for"] and item["for"] != item["owner"] else ""
        return words + (f", round {item['round']}" if item["round"] > 1 else "") + (", drill" if item["drill"] else "")

    return [
        Column("", lambda item: session.out.sign("late") if item["overdue"] else "", style=late),
        Column("DUE", due, style=late),
        Column("TASK", lambda item: item["id"], whole=True),
        Column("TITLE", lambda item: item["title"]),
        Column("STATE", state),
    ]
