"""``sop schedules``: what starts by itself."""

from typing import TYPE_CHECKING, Any, Final

import click

from runners.cli.catalogue import COMMANDS
from runners.cli.commands import Family, pass_session
from runners.cli.completion import SOP
from runners.cli.options import noting
from runners.cli.session import Session
from runners.cli.tables import Column, Item
from runners.cli.ticking import in_words
from runners.cli.times import shown
from runners.tongue import marked, spoken

if TYPE_CHECKING:
    from runners.store.scheduling_reads import ScheduleRow

_STATES: Final = {"paused": marked("paused"), "on": marked("on"), "not in use": marked("not in use")}

_DRY_RUN = click.option("-n", "--dry-run", is_flag=True, help="Say what would happen and change nothing.")


@click.group("schedules", cls=Family, short_help=COMMANDS["schedules"].help, invoke_without_command=True)
@click.pass_context
def schedules_command(ctx: click.Context) -> None:
    """What starts by itself: the schedules of the definitions in use, with their last and their next run.

    They stand in the definitions (schedule:), and sop tick starts what is due. Who may let one rest is said by the table of
    permissions; what was done stands in sop history ORG.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_schedules)


@schedules_command.command("list")
@click.option("--sop", metavar="SOP", default="", type=SOP, help="Only of this SOP.")
@pass_session
def list_schedules(session: Session, *, sop: str = "") -> None:
    """Every schedule: when it starts next, what it started last, and why it does not start."""
    session.app.scheduler.look()
    rows = [row for row in session.app.scheduler.rows() if sop in {"", row.sop}]
    items = [_item(session, row) for row in rows]
    full = session.options.verbose > 0

    def time(name: str, title: str) -> Column:
        return Column(title, lambda item: shown(item[name] or "", session.now, session.zone, full=full))

    columns = [
        Column("", lambda item: session.out.sign("late") if item["overdue"] else "", style=_style),
        Column(spoken("SCHEDULE"), lambda item: item["id"], whole=True),
        time("next", spoken("NEXT")),
        Column(spoken("CRON"), lambda item: item["cron"]),
        Column(spoken("ZONE"), lambda item: item["zone"]),
        time("last", spoken("LAST")),
        Column(spoken("RUN"), lambda item: item["run"] or ""),
        Column(spoken("STATE"), lambda item: "; ".join(item["reasons"]) or spoken(_STATES[item["state"]]), style=_style),
    ]
    session.out.items(items, columns, empty=spoken("Nothing starts by itself: no definition in use has a schedule."))
    if any(item["overdue"] for item in items):
        session.out.next("sop tick")


@schedules_command.command("pause")
@click.argument("schedule", metavar="SOP[.ID]")
@noting("Why it rests.")
@_DRY_RUN
@pass_session
def pause_schedule(session: Session, schedule: str, note: str, *, dry_run: bool) -> None:
    """Let a schedule start nothing until it is resumed."""
    _rest(session, schedule, note, on=False, dry_run=dry_run)


@schedules_command.command("resume")
@click.argument("schedule", metavar="SOP[.ID]")
@noting("Why it goes on.")
@_DRY_RUN
@pass_session
def resume_schedule(session: Session, schedule: str, note: str, *, dry_run: bool) -> None:
    """Let a schedule start runs again, from its next time on; what it missed while it rested is not made up for."""
    _rest(session, schedule, note, on=True, dry_run=dry_run)


def _rest(session: Session, schedule: str, note: str, *, on: bool, dry_run: bool) -> None:
    by = session.me.id
    row = session.done(session.app.scheduler.rest(schedule, by=by, note=note, on=on, dry_run=dry_run))
    item = _item(session, row)
    when = spoken("starts nothing")
    if item["next"]:
        when = spoken("starts next {time}", time=shown(item["next"], session.now, session.zone, full=True))
    state = spoken(_STATES[item["state"]])
    words = spoken("would be: {state}", state=state) if dry_run else state
    session.out.thing({**item, "dry_run": dry_run}, [(f"{item['id']}  {words}", ""), (f"  {when}", "")])
    if dry_run:
        session.out.note(spoken("Nothing was changed (dry run)."))


def _item(session: Session, row: "ScheduleRow") -> dict[str, Any]:
    from runners.schedules import troubles

    return {
        "id": f"{row.sop}.{row.id}", "sop": row.sop, "schedule": row.id, "cron": row.cron, "zone": row.zone, "next": row.next_at,
        "last": row.last_at, "run": row.last_run, "state": "paused" if row.paused_at else "on" if row.next_at else "not in use",
        "paused": row.paused_at, "set_by": session.handle(row.set_by) or None,
        "overdue": bool(row.next_at and row.next_at < session.now), "reasons": in_words(session, troubles(row)),
    }  # fmt: skip


def _style(item: Item) -> str:
    return "late" if item["overdue"] else "" if item["next"] else "dim"
