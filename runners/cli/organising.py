"""``sop team``, ``sop role`` and ``sop workload``: who is where, who holds what, who has how much to do."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from runners.cli.catalogue import COMMANDS
from runners.cli.commands import Family, command, pass_session
from runners.cli.completion import PERSON
from runners.cli.failures import missing, usage
from runners.cli.moments import instant
from runners.cli.options import looking_back, noting
from runners.cli.people import asker
from runners.cli.session import Session, refusal
from runners.cli.tables import Column, Item
from runners.cli.times import shown
from runners.tongue import spoken

if TYPE_CHECKING:
    from runners.store.records import Person, Team


@click.group("team", cls=Family, short_help=COMMANDS["team"].help, invoke_without_command=True)
@click.pass_context
def team_command(ctx: click.Context) -> None:
    """Teams: who is in them, who leads them, which roles they hold."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_teams)


@team_command.command("list")
@pass_session
def list_teams(session: Session) -> None:
    """List every team."""
    items = [
        {
            "team": team.id, "name": team.name, "members": sorted(session.handle(member) for member in members),
            "lead": session.handle(team.more.get("lead")) or None, "unit": team.more.get("unit") or None,
            "roles": [list(post) for post in team.more.get("posts", ())],
        }
        for team, members in session.app.views.teams()
    ]  # fmt: skip
    columns = [
        Column(spoken("TEAM"), lambda t: t["team"], whole=True),
        Column(spoken("NAME"), lambda t: t["name"]),
        Column(spoken("LEAD"), lambda t: t["lead"] or ""),
        Column(spoken("UNIT"), lambda t: t["unit"] or ""),
        Column(spoken("MEMBERS"), lambda t: ", ".join(t["members"])),
    ]
    session.out.items(items, columns, empty=spoken("No teams yet. sop people import FILE, or sop team set ID --member HANDLE"))


@team_command.command("set")
@click.argument("team")
@click.option("--name", metavar="TEXT", default="", help="What it is called; the id if absent.")
@click.option("--member", "members", multiple=True, metavar="HANDLE", type=PERSON, help="Who is in it; may be repeated.")
@click.option("--lead", metavar="HANDLE", default="", type=PERSON, help="Who leads it.")
@pass_session
def set_team(session: Session, team: str, name: str, members: tuple[str, ...], lead: str) -> None:
    """Make TEAM, or replace its members and its lead; roles that it holds stay."""
    import re

    from engine.names import ID_PATTERN
    from engine.refusals import Refused
    from runners.clock import Ids
    from runners.directory import TeamEntry, bad_name, set_team

    if not re.fullmatch(ID_PATTERN, team) or (bad := bad_name(name or team)):
        raise usage(bad if re.fullmatch(ID_PATTERN, team) else spoken("{text} is no id: small letters, digits and _", text=team))
    lead, *members_ = (session.me.handle if handle == "@me" else handle for handle in (lead, *dict.fromkeys(members)))
    members = tuple(dict.fromkeys(members_))
    answer = set_team(
        session.app.database, team, TeamEntry(name or team, members, (), lead), Ids(), asker=asker(session), at=session.now,
        procedures=session.app.library.procedure,
    )  # fmt: skip
    if isinstance(answer, Refused):
        raise refusal(answer, "ORG", session.handle, session.now)
    session.out.thing({"team": team, "members": list(members)}, [(f"{team}: {', '.join(members) or spoken('nobody')}", "")])


@click.group("role", cls=Family, short_help=COMMANDS["role"].help, invoke_without_command=True)
@click.pass_context
def role_command(ctx: click.Context) -> None:
    """Who holds which role: everywhere, in one unit, for a time, or in somebody's place."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_roles)


@role_command.command("list")
@click.option("--unit", metavar="UNIT", default="", help="Who would hold the roles of a run of this brand or department.")
@looking_back
@pass_session
def list_roles(session: Session, unit: str = "", as_of: str = "") -> None:
    """List every role with who holds it, now or as it was."""
    from runners.standing import held

    when = instant(session, as_of, "--as-of", end=True) if as_of else ""
    if unit:
        from runners.binding import bindings

        with session.app.database.read() as tx:
            found = bindings(tx, when or session.now, unit)
        items = [
            {"role": role, "holder": _who(session, holder), "unit": unit, "from": None, "until": None, "for": None}
            for role, holders in sorted(found.items())
            for holder in holders
        ]
    else:
        items = [
            {
                "role": one.role, "holder": _who(session, one.holder), "unit": one.unit or None, "from": one.since or None,
                "until": one.until or None, "for": session.handle(one.of) or None,
            }
            for one in held(session.app.database, when or session.now, past=bool(when))
        ]  # fmt: skip

    def day(name: str) -> Callable[[Any], str]:
        return lambda item: shown(item[name] or "", session.now, session.zone)

    columns = [
        Column(spoken("ROLE"), lambda r: r["role"], whole=True),
        Column(spoken("HELD BY"), lambda r: r["holder"], whole=True),
        Column(spoken("UNIT"), lambda r: r["unit"] or ""),
        Column(spoken("FROM"), day("from")),
        Column(spoken("UNTIL"), day("until")),
        Column(spoken("IN PLACE OF"), lambda r: r["for"] or ""),
    ]
    session.out.items(items, columns, empty=spoken("Nobody holds a role."))


def _who(session: Session, holder: str) -> str:
    kind, _, name = holder.partition(":")
    return session.handle(name) if kind == "person" else holder


@role_command.command("give")
@click.argument("role")
@click.argument("who", type=PERSON)
@click.option("--unit", metavar="UNIT", default="", help="Only for this brand or department.")
@click.option("--from", "since", metavar="TIME", default="", help="From then on.")
@click.option("--until", metavar="TIME", default="", help="Until then.")
@noting("Why.")
@pass_session
def give_role(session: Session, *, role: str, who: str, unit: str, since: str, until: str, note: str) -> None:
    """Let WHO (a handle or team:ID) hold ROLE; runs that are open keep their people."""
    import re

    from engine.names import ID_PATTERN

    if not re.fullmatch(ID_PATTERN, role):
        raise usage(spoken("{text} is no id: small letters, digits and _", text=role))
    post = [role, unit, instant(session, since, "--from", end=False) if since else "",
            instant(session, until, "--until", end=True) if until else ""]  # fmt: skip
    if post[3] and post[3] <= (post[2] or session.now):
        raise usage(spoken("--until lies before --from") if post[2] else spoken("--until {until} is over already", until=until))
    if unit and unit not in (units := _units(session)):
        raise missing("unit", unit, units)

    def change(holder: "Person | Team") -> "Person | Team":
        posts = [list(one) for one in holder.more.get("posts", ()) if list(one)[:2] != [role, unit]]
        return holder._replace(more={**holder.more, "posts": [*posts, post]})

    said = spoken("{who} holds {role} of {unit}", who=who, role=role, unit=unit) if unit else ""
    _roles(session, who, change, note, said or spoken("{who} holds {role}", who=who, role=role))


@role_command.command("take")
@click.argument("role")
@click.argument("who", type=PERSON)
@click.option("--unit", metavar="UNIT", default="", help="Only for this brand or department.")
@noting("Why.")
@pass_session
def take_role(session: Session, *, role: str, who: str, unit: str, note: str) -> None:
    """Take ROLE away from WHO (a handle or team:ID); runs that are open keep their people."""

    def change(holder: "Person | Team") -> "Person | Team":
        from runners.store.records import Person

        posts = [list(one) for one in holder.more.get("posts", ()) if list(one)[:2] != [role, unit]]
        more = {name: value for name, value in {**holder.more, "posts": posts}.items() if value != []}
        if isinstance(holder, Person) and not unit:
            return holder._replace(more=more, roles=tuple(one for one in holder.roles if one != role))
        return holder._replace(more=more)

    said = spoken("{who} no longer holds {role} of {unit}", who=who, role=role, unit=unit) if unit else ""
    _roles(session, who, change, note, said or spoken("{who} no longer holds {role}", who=who, role=role))


def _units(session: Session) -> list[str]:
    from runners.store.organisation_reads import units

    with session.app.database.read() as tx:
        return [one.id for one in units(tx)]


def _roles(session: Session, who: str, change: "Callable[[Person | Team], Person | Team]", note: str, said: str) -> None:
    from engine.refusals import Refused
    from runners.clock import Ids
    from runners.standing_in import set_roles

    handle = session.me.handle if who == "@me" else who
    answer = set_roles(session.app.database, handle, change, Ids(), asker=asker(session), at=session.now, note=note)
    if isinstance(answer, Refused):
        raise refusal(answer, "ORG", session.handle, session.now)
    session.out.thing({"events": [dict(event) for event in answer]}, [(said, "")])


@command("workload")
@pass_session
def workload_command(session: Session) -> None:
    """How much everybody has to do: tasks that are theirs, late ones, tasks they may take, and who is away."""
    from runners.standing import workload

    items = [
        {
            "handle": load.person.handle, "name": load.person.name, "open": load.open, "overdue": load.overdue,
            "offered": load.offered, "capacity": load.person.more.get("capacity") or None, "next_due": load.next_due or None,
            "away_until": load.away_until or None,
        }
        for load in workload(session.app.database, session.now)
    ]  # fmt: skip
    columns = [
        Column(spoken("HANDLE"), lambda item: item["handle"], whole=True),
        Column(spoken("NAME"), lambda item: item["name"]),
        Column(spoken("OPEN"), _open, right=True),
        Column(
            spoken("OVERDUE"), lambda item: str(item["overdue"]), right=True, style=lambda item: "late" if item["overdue"] else ""
        ),
        Column(spoken("MAY TAKE"), lambda item: str(item["offered"]), right=True),
        Column(spoken("NEXT DUE"), lambda item: shown(item["next_due"] or "", session.now, session.zone)),
        Column(spoken("AWAY UNTIL"), lambda item: shown(item["away_until"] or "", session.now, session.zone)),
    ]
    session.out.items(items, columns, empty=spoken("Nobody yet. sop people import FILE"))


def _open(item: Item) -> str:
    return spoken("{open} of {capacity}", open=item["open"], capacity=item["capacity"]) if item["capacity"] else str(item["open"])
