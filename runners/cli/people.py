"""``sop people``: who there is."""

import sys
from pathlib import Path
from typing import Any

import click

from runners.cli.catalogue import COMMANDS
from runners.cli.commands import Family, pass_session
from runners.cli.failures import Complaint, Failure, unreadable, usage
from runners.cli.session import Session
from runners.cli.tables import Column

_DRY_RUN = click.option("-n", "--dry-run", is_flag=True, help="Say what would happen and change nothing.")


@click.group("people", cls=Family, short_help=COMMANDS["people"].help, invoke_without_command=True)
@click.pass_context
def people_command(ctx: click.Context) -> None:
    """Who there is: names, handles, default roles, teams.

    Names live in this list alone and can be erased from it; histories know people by pseudonyms.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_people)


def _items(session: Session) -> list[dict[str, Any]]:
    teams: dict[str, list[str]] = {}
    for team, members in session.app.views.teams():
        for member in members:
            teams.setdefault(member, []).append(team.id)
    return [
        {
            "handle": person.handle, "name": person.name, "email": person.email, "roles": list(person.roles),
            "teams": teams.get(person.id, []), "active": person.active, "pseudonym": person.id,
        }
        for person in session.app.views.people()
    ]  # fmt: skip


@people_command.command("list")
@pass_session
def list_people(session: Session) -> None:
    """List everybody."""
    columns = [
        Column("HANDLE", lambda p: p["handle"], whole=True),
        Column("NAME", lambda p: p["name"]),
        Column("ROLES", lambda p: ", ".join(p["roles"])),
        Column("TEAMS", lambda p: ", ".join(p["teams"])),
        Column("", lambda p: "" if p["active"] else "inactive", style=lambda _: "dim"),
    ]
    session.out.items(_items(session), columns, empty="Nobody yet. sop people import FILE, or sop people add HANDLE NAME")


@people_command.command("add")
@click.argument("handle")
@click.argument("name")
@click.option("--email", help="Where messages go.")
@click.option("--role", "roles", multiple=True, metavar="ROLE", help="A role held by default; may be repeated.")
@click.option("--inactive", is_flag=True, help="May do nothing; histories keep what they did.")
@_DRY_RUN
@pass_session
def add_person(
    session: Session, *, handle: str, name: str, email: str | None, roles: tuple[str, ...], inactive: bool, dry_run: bool
) -> None:
    """Add a person, or change what is known of one; what is not given stays as it was."""
    from runners.clock import Ids
    from runners.directory import Entry, Roster, problems_of, take_in

    known = next((person for person in session.app.views.people() if person.handle == handle), None)
    if known is not None:
        email, roles = email or known.email, roles or known.roles
    entry = Entry(handle, name.strip(), email, roles, not inactive)
    if wrong := list(problems_of(entry)):
        raise Failure([Complaint("SOP-U05", problem) for problem in wrong], 2)
    taken = take_in(session.app.database, Roster((entry,), {}), Ids(), dry_run=dry_run)
    what = "Added" if taken.added else "Changed" if taken.changed else "Known already:"
    session.out.thing({"added": list(taken.added), "changed": list(taken.changed)}, [(f"{what} {handle} ({name})", "")])
    _said(session, dry_run=dry_run)


@people_command.command("import")
@click.argument("file")
@_DRY_RUN
@pass_session
def import_people(session: Session, *, file: str, dry_run: bool) -> None:
    """Take in the people and teams of a YAML file ('-' for standard input); nobody is removed.

    \b
    people:
      ana: {name: Ana Lindqvist, roles: [manager], email: ana@example.org}
    teams:
      content: {name: Content, members: [ana]}
    """  # noqa: D301 - click's mark for a paragraph that is kept as it is
    from engine.limits import DOCUMENT_BYTES
    from runners.clock import Ids
    from runners.directory import read_roster, take_in
    from runners.messages import problem_line
    from runners.reading import content

    try:
        text = sys.stdin.buffer.read(DOCUMENT_BYTES + 1) if file == "-" else content(Path(file), DOCUMENT_BYTES)
    except OSError as error:
        raise unreadable(file, error) from error
    roster, problems = read_roster(text)
    if roster is None:
        for problem in problems:
            session.out.error(problem_line(file, problem))
        raise usage(f"{file} cannot be used: {len(problems)} problems", "mend them; nobody was taken in", code="SOP-U04")
    taken = take_in(session.app.database, roster, Ids(), dry_run=dry_run)
    value = {"added": list(taken.added), "changed": list(taken.changed), "teams": list(taken.teams)}
    text_ = f"{len(taken.added)} people added, {len(taken.changed)} changed, {len(taken.teams)} teams set"
    session.out.thing(value, [(text_, "")])
    _said(session, dry_run=dry_run)


def _said(session: Session, *, dry_run: bool) -> None:
    if dry_run:
        session.out.note("Nothing was changed (dry run).")
