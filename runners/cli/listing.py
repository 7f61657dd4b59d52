"""``sop list`` and ``sop runs``."""

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import click

from engine.text import pick
from runners.cli.broken import report
from runners.cli.commands import command, pass_session
from runners.cli.completion import PERSON, SOP
from runners.cli.failures import missing, usage
from runners.cli.moments import moment
from runners.cli.options import looking_back, paged
from runners.cli.paging import key_of, key_text
from runners.cli.session import Session
from runners.cli.tables import Column, Item
from runners.cli.times import shown
from runners.cli.words import status_words
from runners.tongue import spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runners.store.records import RunLine


Which: TypeAlias = Literal["open", "closed", "all", "overdue", "blocked"]


@command("list")
@pass_session
def list_command(session: Session) -> None:
    """The SOPs that can be started, with their roles and how many of their runs are open."""
    from runners.folders import doubled, everything

    app = session.app
    broken = app.library.sync()
    items = []
    for stored in app.library.all():
        document = stored.procedure.document
        sop = stored.procedure.sop
        dues = [due for _, due in app.views.open_ones(sop)]
        items.append(
            {
                "sop": sop, "version": stored.procedure.version, "fingerprint": stored.procedure.fingerprint,
                "title": pick(document["title"], session.settings.languages, stored.procedure.lang),
                "roles": list(document["roles"]), "open": len(dues),
                "overdue": sum(bool(due and due < session.now) for due in dues),
            }
        )  # fmt: skip
    columns = [
        Column("SOP", lambda item: item["sop"], whole=True),
        Column(spoken("VERSION"), lambda item: item["version"]),
        Column(spoken("TITLE"), lambda item: item["title"]),
        Column(spoken("OPEN"), lambda item: str(item["open"]), right=True),
        Column(spoken("OVERDUE"), lambda item: str(item["overdue"]), right=True, style=_lateness),
        Column(spoken("ROLES"), lambda item: ", ".join(item["roles"])),
    ]
    session.out.items(items, columns, empty=spoken("No SOP can be started. sop new NAME writes one."))
    report(session, broken)
    for twice in doubled(everything(session.settings.library)):
        facts = {"path": twice.path, "other": twice.other, "name": twice.label}
        words = spoken("{path} hides {other}, which is {name} too and differs", **facts)
        session.out.note(f"{session.out.sign('late')} {words}", "soon")
    if items:
        session.out.next(f"sop show {items[0]['sop']}")


def _lateness(item: Item) -> str:
    return "late" if item["overdue"] else ""


@command("runs")
@click.option("--open", "chosen", flag_value="open", default="open", help="Open runs (this is what you get without a choice).")
@click.option("--closed", "chosen", flag_value="closed", help="Runs that have ended or were cancelled.")
@click.option("--all", "chosen", flag_value="all", help="All runs.")
@click.option("--overdue", is_flag=True, help="Open runs with a late task, the latest first; not with --closed or --all.")
@click.option("--blocked", is_flag=True, help="Open runs with a task that nobody can do, or that is blocked; not with the others.")
@click.option("--sop", metavar="SOP", default="", type=SOP, help="Only of this SOP.")
@click.option("--lead", metavar="HANDLE", default="", type=PERSON, help="Only those that this person leads.")
@click.option("--mine", is_flag=True, help="Only those that you lead.")
@click.option("--role", metavar="ROLE", default="", help="Only those with an open task for this role.")
@click.option("--person", metavar="HANDLE", default="", type=PERSON, help="Only those with an open task that this person has.")
@click.option("--status", type=click.Choice(["open", "ended", "cancelled"]), default=None, help="Only those in this state.")
@click.option("--title", metavar="WORDS", default="", help="Only those with these words in the title.")
@looking_back
@paged
@pass_session
def runs_command(
    session: Session, *, chosen: Literal["open", "closed", "all"], overdue: bool, blocked: bool, sop: str,
    lead: str, mine: bool, role: str, person: str, status: str | None, title: str, as_of: str, limit: int, after: str,
) -> None:  # fmt: skip
    """List runs, newest first."""
    if mine and lead:
        raise usage(spoken("--mine and --lead ask for different people"))
    which = _which(chosen, overdue=overdue, blocked=blocked)
    leader = session.me.id if mine else session.person(lead) if lead else None
    when = moment(session, as_of, records=False)
    more = False
    closer = bool(role or person or status or title)
    if closer and (when is not None or which == "blocked"):
        raise usage(spoken("--role, --person, --status and --title ask about now"), spoken("leave out --as-of and --blocked"))
    if which == "blocked":
        from runners.cli.blocked import show

        if when is not None:
            raise usage(spoken("--blocked is about now: who can do what hangs on the people there are"))
        if sop:
            known(session, sop)
        show(session, sop, leader or "", limit, after)
        return
    if when is not None:
        lines = _then(session, which, str(when), sop or None, leader)[:limit]
    else:
        place = key_of(after, 2) if after else None
        who = session.person(person) if person else ""
        from runners.overview import Wanted

        among: Literal["open", "closed", "all", "overdue"] = "all" if status and which == "open" else which
        wanted = Wanted(among, status or "", sop, leader or "", role, who, title)
        lines = session.app.overview.runs(wanted, session.now, after=(place[0], place[1]) if place else None, limit=limit + 1)
        more, lines = len(lines) > limit, lines[:limit]
    if not lines:
        known_names(session, sop, role)
    items = _items(session, lines, str(when or ""))
    last = None
    if more:
        last = key_text((lines[-1].due_at or "", lines[-1].id) if which == "overdue" else lines[-1].key)
    session.out.items(items, _columns(session), after=last, empty=spoken("No runs."))
    if items and when is None:
        session.out.next(f"sop show {items[0]['id']}")


def _which(which: Which, *, overdue: bool, blocked: bool) -> Which:
    """The one list that is asked for; late and blocked ones are open ones. Raises Failure if two are."""
    if overdue and blocked:
        raise usage(spoken("--overdue and --blocked exclude each other"), spoken("ask for one after the other"))
    for name, given in (("overdue", overdue), ("blocked", blocked)):
        if given and which != "open":
            facts = {"one": f"--{name}", "other": f"--{which}"}
            hint = spoken("only open runs can be; leave out {other} or {one}", **facts)
            raise usage(spoken("{one} and {other} exclude each other", **facts), hint)
    return "overdue" if overdue else "blocked" if blocked else which


def known(session: Session, sop: str) -> None:
    """Raises Failure if *sop* is no name of an SOP, here or in a file that was not read yet."""
    app = session.app
    if not app.views.knows_sop(sop):
        app.library.sync()
        if not app.views.knows_sop(sop):
            raise missing("sop", sop, [stored.procedure.sop for stored in app.library.all()])


def known_names(session: Session, sop: str, role: str) -> None:
    """Raises Failure if *sop* or *role*, where they are given, is no name of an SOP or of a role."""
    if sop:
        known(session, sop)
    if role:
        known_role(session, role)


def known_role(session: Session, role: str) -> None:
    """Raises Failure if *role* is none of the SOPs there are, and nobody holds it without one."""
    from runners.standing import held

    names = {role for stored in session.app.library.all() for role in stored.procedure.document["roles"]}
    names |= {one.role for one in held(session.app.database, session.now)}
    if role not in names:
        raise missing("role", role, sorted(names))


def _then(session: Session, which: str, when: str, sop: str | None, lead: str | None) -> list["RunLine"]:
    from runners.past import Past

    past = Past(session.app.database, session.app.library.procedure, when, session.app.reader)
    if which == "overdue":
        return past.overdue(sop=sop, lead=lead)
    return [line for line in past.runs(sop=sop, lead=lead) if which == "all" or (line.status == "open") == (which == "open")]


def run_item(session: Session, line: "RunLine", when: str) -> dict[str, Any]:
    """A run of a list as plain data."""
    return {
        "id": line.id, "sop": line.sop, "version": line.version, "title": line.title, "status": line.status, "end": line.end_name,
        "lead": session.handle(line.lead), "started": line.started_at, "due": line.due_at,
        "overdue": bool(line.status == "open" and line.due_at and line.due_at < when), "closed": line.closed_at,
        "parent": line.parent, "drill": line.drill, "open_tasks": line.open_tasks, "seq": line.seq,
    }  # fmt: skip


def _items(session: Session, lines: "Sequence[RunLine]", when: str) -> list[dict[str, Any]]:
    items = [run_item(session, line, when or session.now) for line in lines]
    if when:  # an earlier moment is not what is held up now
        return items
    held = session.app.views.held_up(line.id for line in lines if line.status == "open")
    return [{**item, "suspended": held.run(item["id"])} for item in items]


def _columns(session: Session) -> list[Column]:
    full = session.options.verbose > 0

    def late(item: Item) -> str:
        return "late" if item["overdue"] else "dim" if item["status"] != "open" else ""

    def status(item: Item) -> str:
        state = item["status"]
        words = status_words(state)
        parts = [f"{words}: {item['end']}" if item["end"] else words]
        if item.get("suspended"):
            parts.append(spoken("suspended"))
        if item["drill"]:
            parts.append(spoken("drill"))
        return ", ".join(parts)

    return [
        Column("", lambda item: session.out.sign("late") if item["overdue"] else "", style=late),
        Column(spoken("RUN"), lambda item: item["id"], whole=True),
        Column(spoken("TITLE"), lambda item: item["title"]),
        Column("SOP", lambda item: item["sop"]),
        Column(spoken("STATUS"), status, style=late),
        Column(spoken("TASKS"), lambda item: str(item["open_tasks"]), right=True),
        Column(spoken("NEXT DUE"), lambda item: shown(item["due"] or "", session.now, session.zone, full=full), style=late),
        Column(spoken("LEAD"), lambda item: item["lead"]),
        Column(spoken("STARTED"), lambda item: shown(item["started"], session.now, session.zone, full=full)),
    ]
