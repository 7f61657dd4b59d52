"""``sop people``: who there is."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from runners.cli.catalogue import COMMANDS
from runners.cli.commands import Family, pass_session
from runners.cli.completion import PERSON
from runners.cli.failures import Complaint, Failure, unreadable, usage
from runners.cli.moments import instant
from runners.cli.options import looking_back
from runners.cli.session import Session, refusal
from runners.cli.tables import Column
from runners.cli.times import shown
from runners.tongue import marked, spoken, spoken_many

if TYPE_CHECKING:
    from runners.asker import Asker
    from runners.directory import Roster, Taken
    from runners.standing import Standing
    from runners.store.records import Person

_DIFFERS: Final = {
    "person": marked("person {name}: {differences}"), "team": marked("team {name}: {differences}"),
    "unit": marked("unit {name}: {differences}"),
}  # fmt: skip
"""How a roster differs from what is known."""

_DRY_RUN = click.option("-n", "--dry-run", is_flag=True, help="Say what would happen and change nothing.")


@click.group("people", cls=Family, short_help=COMMANDS["people"].help, invoke_without_command=True)
@click.pass_context
def people_command(ctx: click.Context) -> None:
    """Who there is: names, handles, roles, teams, skills, who leads whom.

    Names live in this list alone and can be erased from it; histories know people by pseudonyms. What people hold has a
    history of its own: sop history ORG.
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
            "posts": [list(post) for post in person.more.get("posts", ())], "teams": teams.get(person.id, []),
            "skills": list(person.more.get("skills", ())), "capacity": person.more.get("capacity") or None,
            "unit": person.more.get("unit") or None, "manager": session.handle(person.more.get("manager")) or None,
            "alias_of": session.handle(person.human) or None, "organisation": list(person.more.get("duties", ())),
            "active": person.active, "pseudonym": person.id,
        }
        for person in session.app.views.people()
    ]  # fmt: skip


def post_words(post: Sequence[str]) -> str:
    """A role that is held in one unit or for a time."""
    from runners import directory_differences

    return directory_differences.post(post)


@people_command.command("list")
@pass_session
def list_people(session: Session) -> None:
    """List everybody."""
    columns = [
        Column(spoken("HANDLE"), lambda p: p["handle"], whole=True),
        Column(spoken("NAME"), lambda p: p["name"]),
        Column(spoken("ROLES"), lambda p: ", ".join([*p["roles"], *(post_words(post) for post in p["posts"])])),
        Column(spoken("TEAMS"), lambda p: ", ".join(p["teams"])),
        Column(spoken("SKILLS"), lambda p: ", ".join(p["skills"])),
        Column("", lambda p: "" if p["active"] else spoken("inactive"), style=lambda _: "dim"),
    ]
    session.out.items(_items(session), columns, empty=spoken("Nobody yet. sop people import FILE, or sop people add HANDLE NAME"))


@people_command.command("show")
@click.argument("handle", type=PERSON)
@looking_back
@pass_session
def show_person(session: Session, handle: str, as_of: str) -> None:
    """Everything that is known of a person: roles, teams, skills, absences, and in whose place they act."""
    from runners.standing import standing

    person = session.app.views.person(handle if handle != "@me" else session.me.handle)
    when = instant(session, as_of, "--as-of", end=True) if as_of else ""
    found = standing(session.app.database, person, when or session.now, past=bool(when))
    value = {
        "handle": person.handle, "name": person.name, "pseudonym": person.id, "active": found.active, "known": found.known,
        "roles": list(found.roles), "posts": [list(post) for post in found.posts], "teams": list(found.teams),
        "skills": list(found.skills), "capacity": found.capacity or None, "unit": found.unit or None,
        "manager": session.handle(found.manager) or None, "organisation": list(found.duties),
        "accounts": [session.handle(one) for one in found.accounts],
        "away": [{"from": a.from_at, "until": a.until_at, "deputy": session.handle(a.deputy) or None} for a in found.absences],
        "stands_in_for": [{"role": role or None, "for": [session.handle(one) for one in chain]} for chain, role in found.places],
    }  # fmt: skip
    session.out.thing(value, [*_described(session, person, found)])


def _described(session: Session, person: "Person", found: "Standing") -> Iterator[tuple[str, str]]:
    state = "" if found.active else spoken("inactive") if found.known else spoken("not known then")
    yield f"{person.handle}  {person.name}{'  ' + state if state else ''}", "bold"
    at_most = spoken_many("at most: {count} open task", "at most: {count} open tasks", found.capacity) if found.capacity else ""
    roles = ", ".join([*found.roles, *(post_words(post) for post in found.posts)])
    accounts = ", ".join(session.handle(one) for one in found.accounts)
    for told, text in (
        (spoken("roles: {roles}", roles=roles), roles),
        (spoken("teams: {teams}", teams=", ".join(found.teams)), found.teams),
        (spoken("skills: {skills}", skills=", ".join(found.skills)), found.skills),
        (spoken("unit: {unit}", unit=found.unit), found.unit),
        (spoken("led by: {person}", person=session.handle(found.manager)), found.manager),
        (at_most, at_most),
        (spoken("organisation: {duties}", duties=", ".join(found.duties)), found.duties),
        (spoken("other accounts: {accounts}", accounts=accounts), accounts),
    ):
        if text:
            yield f"  {told}", ""
    for absence in found.absences:
        since, until = (shown(at, session.now, session.zone) for at in (absence.from_at, absence.until_at))
        words = marked("away from {since} until {until}, nobody acts meanwhile")
        if absence.deputy:
            words = marked("away from {since} until {until}, {deputy} acts meanwhile")
        yield "  " + spoken(words, since=since, until=until, deputy=session.handle(absence.deputy)), "soon"
    for chain, role in found.places:
        names = in_place([session.handle(one) for one in reversed(chain)])
        acts = spoken("acts for {names} as {role}", names=names, role=role) if role else spoken("acts for {names}", names=names)
        yield f"  {acts}", ""


def in_place(names: Sequence[str]) -> str:
    """Who stands for whom, whose right it is standing last: ``ben for ana``."""
    first, *rest = names
    return spoken("{person} for {other}", person=first, other=in_place(rest)) if rest else first


@people_command.command("add")
@click.argument("handle")
@click.argument("name")
@click.option("--email", help="Where messages go.")
@click.option("--role", "roles", multiple=True, metavar="ROLE", help="A role held by default; may be repeated.")
@click.option("--skill", "skills", multiple=True, metavar="SKILL", help="What they can do; may be repeated.")
@click.option("--capacity", type=click.IntRange(0, 10_000), default=0, help="How many open tasks they are to have; 0 for any.")
@click.option("--inactive", is_flag=True, help="May do nothing; histories keep what they did.")
@_DRY_RUN
@pass_session
def add_person(
    session: Session, handle: str, name: str, *, email: str | None, roles: tuple[str, ...], skills: tuple[str, ...], capacity: int,
    inactive: bool, dry_run: bool,
) -> None:  # fmt: skip
    """Add a person, or change what is known of one; what is not given stays as it was."""
    from runners.directory import Entry, Roster, problems_of

    known = next((person for person in session.app.views.people() if person.handle == handle), None)
    if known is not None:
        email, roles = email or known.email, roles or known.roles
        skills, capacity = skills or tuple(known.more.get("skills", ())), capacity or int(known.more.get("capacity", 0))
    entry = Entry(handle, name.strip(), email, roles, not inactive, skills=skills, capacity=capacity)
    if wrong := list(problems_of(entry)):
        raise Failure([Complaint("SOP-U05", problem) for problem in wrong], 2)
    taken = _take_in(session, Roster((entry,)), dry_run=dry_run)
    words = marked("Added {handle} ({name})") if taken.added else marked("Changed {handle} ({name})")
    said = spoken(words if taken.added or taken.changed else marked("Known already: {handle} ({name})"), handle=handle, name=name)
    session.out.thing({"added": list(taken.added), "changed": list(taken.changed)}, [(said, "")])
    _said(session, dry_run=dry_run)


@people_command.command("import")
@click.argument("file")
@_DRY_RUN
@pass_session
def import_people(session: Session, file: str, *, dry_run: bool) -> None:
    """Take in the people, teams and units of a YAML file ('-' for standard input); nobody is removed.

    \b
    units:
      cn: {name: China, lead: ana, model: hybrid}
    people:
      ana: {name: Ana Lindqvist, roles: [manager, {role: legal, unit: cn, until: 2027-01-01}], skills: [korean],
            capacity: 8, unit: cn, organisation: [administrator]}
      ana2: {name: Ana (agency account), alias_of: ana}
    teams:
      content: {name: Content, members: [ana], roles: [content_creator], lead: ana}
    """  # noqa: D301 - click's mark for a paragraph that is kept as it is
    taken = _take_in(session, roster_of(session, file), dry_run=dry_run)
    value = {
        "added": list(taken.added), "changed": list(taken.changed), "teams": list(taken.teams), "dry_run": dry_run,
        "units": list(taken.units),
        "differences": [
            {"what": kind, "name": name, "fields": list(fields), "words": list(words)}
            for kind, name, fields, words in taken.differences
        ],
    }  # fmt: skip
    told = [spoken(_DIFFERS[kind], name=name, differences=", ".join(words)) for kind, name, _, words in taken.differences]
    text = marked("{added} people added, {changed} changed, {teams} teams and {units} units set")
    if dry_run:
        text = marked("{added} people would be added, {changed} would be changed, {teams} teams and {units} units would be set")
    counts = {name: len(getattr(taken, name)) for name in ("added", "changed", "teams", "units")}
    session.out.thing(value, [*((f"  {one}", "") for one in told if dry_run), (spoken(text, **counts), "")])
    _said(session, dry_run=dry_run)


def roster_of(session: Session, file: str) -> "Roster":
    """The roster in *file*. Raises Failure with every problem shown, each with its line."""
    from engine.limits import DOCUMENT_BYTES
    from runners.directory import read_roster
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
        raise unusable(file, len(problems))
    return roster


def unusable(file: str, problems: int) -> Failure:
    """A file with so many *problems*, each of which was shown."""
    words = spoken_many("{file} cannot be used: {count} problem", "{file} cannot be used: {count} problems", problems, file=file)
    return usage(words, spoken("mend what is named above, then try again"), code="SOP-U04")


def asker(session: Session) -> "Asker":
    """Who changes the directory: nobody in particular where there is nobody yet."""
    from runners.asker import NOBODY, Asker

    return Asker(session.my_id or NOBODY, session.settings.person_origin)


def _take_in(session: Session, roster: "Roster", *, dry_run: bool) -> "Taken":
    from engine.refusals import Refused
    from runners.clock import Ids
    from runners.directory import take_in

    app = session.app
    answer = take_in(
        app.database, roster, Ids(), asker=asker(session), at=session.now, dry_run=dry_run,
        procedures=app.library.procedure,
    )  # fmt: skip
    if isinstance(answer, Refused):
        raise refusal(answer, "ORG", session.handle, session.now)
    return answer


def _said(session: Session, *, dry_run: bool) -> None:
    if dry_run:
        session.out.note(spoken("Nothing was changed (dry run)."))
