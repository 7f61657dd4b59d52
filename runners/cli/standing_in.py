"""``sop delegate`` and ``sop away``: what somebody else does in your place."""

from typing import TYPE_CHECKING, Final

import click

from engine.commands import Delegate
from engine.refusals import Code, Refused
from runners.cli.commands import command, pass_session
from runners.cli.completion import PERSON, TARGET
from runners.cli.doing import key_of, tell
from runners.cli.failures import Complaint, Failure, usage
from runners.cli.listing import known_role
from runners.cli.moments import instant
from runners.cli.options import noting, writing
from runners.cli.people import asker
from runners.cli.session import Session, refusal
from runners.cli.tables import Column
from runners.cli.targets import task_target
from runners.cli.times import shown
from runners.exits import DENIED
from runners.tongue import marked, spoken

if TYPE_CHECKING:
    from runners.store.organisation_records import Absence


@command("delegate")
@click.argument("what", metavar="[RUN/STEP]", default="", type=TARGET)
@click.option("--to", metavar="HANDLE", required=True, type=PERSON, help="Who is to do it.")
@click.option("--role", metavar="ROLE", default="", help="A role instead of a task: in every run where you hold it.")
@click.option("--of", metavar="HANDLE", default="@me", type=PERSON, help="Whose role it is; yours without this.")
@click.option("--from", "since", metavar="TIME", default="", help="From then on (a role); now without this.")
@click.option("--until", metavar="TIME", default="", help="Until then; a task goes back, a role ends.")
@noting("Why.")
@writing
@pass_session
def delegate_command(
    session: Session, *, what: str, to: str, role: str, of: str, since: str, until: str, note: str, key: str, dry_run: bool
) -> None:
    """Let somebody do a task (RUN/STEP) in your place, or hold a role of yours for a time (--role with --until).

    A role can be delegated by who holds it: themselves, through a team, in a unit, for somebody else, or in an open run.
    Separation of duties holds for both of you: what you may not do, they may not do for you.
    """
    if bool(what) == bool(role) or (role and not until):
        ways = "sop delegate RUN/STEP --to HANDLE --until TIME\nsop delegate --role ROLE --to HANDLE --until TIME"
        raise usage(spoken("delegate either a task, or a role for a time"), ways)
    end = instant(session, until, "--until", end=True) if until else ""
    if role:
        _role(session, role, (to, of), (since, end), note=note, dry_run=dry_run)
        return
    run, step = task_target(what)
    me = session.me
    asked = Delegate(step, session.app.views.pseudonym(to, me.id), end, note)
    request = key_of(session, key, "delegate", run, repr(asked))
    done = session.done(session.app.runner.handle(run, asked, actor=me.id, key=request, dry_run=dry_run), run)
    said = spoken("{person} does {task} in your place", person=to, task=f"{run}/{step}")
    if end:
        back = shown(end, session.now, session.zone)
        said = spoken("{person} does {task} in your place until {time}", person=to, task=f"{run}/{step}", time=back)
    tell(session, done, said, dry_run=dry_run)


def _role(session: Session, role: str, people: tuple[str, str], times: tuple[str, str], *, note: str, dry_run: bool) -> None:
    from runners.clock import Ids
    from runners.standing_in import delegate_role
    from runners.store.organisation_records import Delegation

    (to, of), (since, until) = people, times
    views, me = session.app.views, session.me
    known_role(session, role)
    start = instant(session, since, "--from", end=False) if since else session.now
    wanted = Delegation(views.pseudonym(of, me.id), role, views.pseudonym(to, me.id), start, until)
    answer = delegate_role(
        session.app.database, wanted, Ids(), asker=asker(session), at=session.now, note=note, dry_run=dry_run,
        procedures=session.app.library.procedure,
    )  # fmt: skip
    if isinstance(answer, Refused):
        if answer.reasons[0].code is Code.NOT_IN_ROLE:
            giver = session.handle(wanted.giver)
            message = marked("{person} does not hold the role {role}, neither by the list of people nor in an open run")
            message = spoken(message, person=giver, role=role)
            hint = spoken("sop role list   shows who holds {role}", role=role)
            raise Failure([Complaint(str(Code.NOT_IN_ROLE), message, hint, {"person": giver, "role": role})], DENIED)
        raise refusal(answer, "ORG", session.handle, session.now)
    end = shown(until, session.now, session.zone)
    giver, receiver = session.handle(wanted.giver), session.handle(wanted.receiver)
    words = marked("{receiver} holds {role} for {giver} until {time}")
    if dry_run:
        words = marked("{receiver} would hold {role} for {giver} until {time}")
    said = spoken(words, receiver=receiver, role=role, giver=giver, time=end)
    session.out.thing(wanted._asdict() | {"dry_run": dry_run}, [(said, "")])


@command("away")
@click.argument("who", metavar="[HANDLE]", default="", type=PERSON)
@click.option("--from", "since", metavar="TIME", default="", help="From then on; now without this.")
@click.option("--until", metavar="TIME", default="", help="Until then.")
@click.option("--back", is_flag=True, help="Not away any more.")
@click.option("--deputy", metavar="HANDLE", default="", type=PERSON, help="Who acts meanwhile.")
@noting("Why.")
@click.option("-n", "--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@pass_session
def away_command(session: Session, *, who: str, since: str, until: str, deputy: str, note: str, back: bool, dry_run: bool) -> None:
    """Say that you (or HANDLE) are away, and who acts in your place; without --until, list who is away now or later.

    A deputy sees your tasks in their inbox and does them in your place; if they are away too, their deputy does. Chains are
    followed, circles are refused.
    """
    from runners.store.organisation_records import Absence

    if until and back:
        raise usage(spoken("--until says how long somebody is away, and --back that they are not"), spoken("leave out one of them"))
    if not until and not back:
        if since or deputy or note:
            raise usage(spoken("how long is missing"), "sop away --until TIME", code="SOP-U03")
        _list(session, session.person(who) if who else "")
        return
    views, me = session.app.views, session.me
    if back:
        person = views.pseudonym(who or "@me", me.id)
        if not _absent(session, person):
            said = spoken("{person} is not away", person=session.handle(person))
            session.out.thing({"person": person, "dry_run": dry_run}, [(said, "")])
        for absence in _absent(session, person):
            words = marked("{person} would be back") if dry_run else marked("{person} is back")
            said = spoken(words, person=session.handle(person))
            _set(session, absence._replace(until_at=session.now), note, said, dry_run=dry_run)
        return
    start = instant(session, since, "--from", end=False) if since else session.now
    end = instant(session, until, "--until", end=True)
    absence = Absence(views.pseudonym(who or "@me", me.id), start, end, views.pseudonym(deputy, me.id) if deputy else "")
    until_ = shown(end, session.now, session.zone)
    said = spoken(_AWAY[bool(deputy), dry_run], person=session.handle(absence.person), time=until_, deputy=deputy)
    _set(session, absence, note, said, dry_run=dry_run)


_AWAY: Final = {
    (True, False): marked("{person} is away until {time}; {deputy} acts meanwhile"),
    (True, True): marked("{person} would be away until {time}; {deputy} acts meanwhile"),
    (False, False): marked("{person} is away until {time}; nobody acts meanwhile"),
    (False, True): marked("{person} would be away until {time}; nobody acts meanwhile"),
}
"""What is said of an absence: whether somebody acts meanwhile, and whether it was only tried."""


def _absent(session: Session, person: str) -> "list[Absence]":
    from runners.store.organisation_reads import away

    with session.app.database.read() as unit:
        return away(unit, person, session.now)


def _set(session: Session, absence: "Absence", note: str, said: str, *, dry_run: bool) -> None:
    from runners.clock import Ids
    from runners.standing_in import set_away

    answer = set_away(
        session.app.database, absence, Ids(), asker=asker(session), at=session.now, note=note, dry_run=dry_run,
        procedures=session.app.library.procedure,
    )  # fmt: skip
    if isinstance(answer, Refused):
        raise refusal(answer, "ORG", session.handle, session.now)
    session.out.thing(absence._asdict() | {"dry_run": dry_run}, [(said, "")])


def _list(session: Session, who: str) -> None:
    """Who is away now or later: everybody, or *who* alone."""
    from runners.store.organisation_reads import absences

    with session.app.database.read() as unit:
        found = [one for one in absences(unit) if one.until_at > session.now and who in {"", one.person}]
    items = [
        {"handle": session.handle(a.person), "from": a.from_at, "until": a.until_at, "deputy": session.handle(a.deputy) or None}
        for a in sorted(found, key=lambda one: one.from_at)
    ]
    columns = [
        Column(spoken("HANDLE"), lambda item: item["handle"], whole=True),
        Column(spoken("FROM"), lambda item: shown(item["from"], session.now, session.zone)),
        Column(spoken("UNTIL"), lambda item: shown(item["until"], session.now, session.zone)),
        Column(spoken("DEPUTY"), lambda item: item["deputy"] or ""),
    ]
    nobody = spoken("{person} is not away.", person=session.handle(who)) if who else spoken("Nobody is away.")
    session.out.items(items, columns, empty=nobody)
