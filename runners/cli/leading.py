"""``sop assign`` and ``sop cancel``."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from engine.commands import Assign, Bind, CancelRun, CancelTrack, Command
from engine.refusals import Code, Reason, Refused
from runners.cli.commands import command, pass_session
from runners.cli.completion import PERSON, TARGET
from runners.cli.doing import key_of, run_for, tell
from runners.cli.failures import usage
from runners.cli.options import noting, writing
from runners.cli.prompts import Asker
from runners.cli.session import Session, refusal
from runners.cli.starting import holders
from runners.cli.targets import target
from runners.cli.values import pairs
from runners.tongue import spoken

if TYPE_CHECKING:
    from runners.runner import Done


def _with_roles(session: Session, run: str, act: str, answer: "Done | Refused") -> "Done | Refused":
    """*answer*; where only the lead may, with the roles that the definition permits it to as well."""
    from runners.permissions import NotPermitted

    if not isinstance(answer, Refused) or all(reason.code is not Code.NOT_LEAD for reason in answer.reasons):
        return answer
    try:
        roles = tuple(session.app.views.run(run).procedure.document.get("permissions", {}).get(act, ()))
    except NotPermitted:  # whoever may not see the run is not told who is in it
        return answer
    more = {"roles": roles} if roles else {}
    return Refused(tuple(Reason(r.code, {**r.facts, **more}) if r.code is Code.NOT_LEAD else r for r in answer.reasons))


@command("assign")
@click.argument("what", metavar="RUN[/STEP]", type=TARGET, default="")
@click.option("--to", metavar="HANDLE", default="", type=PERSON, help="Who gets the task; @me is you.")
@click.option("--from", "leaver", metavar="HANDLE", default="", type=PERSON, help="With --all: who hands everything over.")
@click.option("--all", "everything", is_flag=True, help="All tasks and roles in open runs of --from; without --to they go back.")
@click.option("--role", "roles", multiple=True, metavar="ROLE=WHO", help="Who holds the role from now on; may be repeated.")
@noting("Why. Needed where somebody has the task or the role already.")
@writing
@pass_session
def assign_command(
    session: Session, *, what: str, to: str, leaver: str, everything: bool, roles: Sequence[str], note: str, key: str, dry_run: bool
) -> int:
    """Give a task (RUN/STEP) to a person with --to, or a role of a RUN to its holders with --role.

    With --from BEN --to DORA --all everything that Ben has in open runs goes to Dora; look first with --dry-run.
    """
    if everything or leaver:
        from runners.cli.handing_over import hand_over

        if what or roles or not (everything and leaver):
            raise usage(spoken("--from and --all go together, without a run"), "sop assign --from BEN --to DORA --all --dry-run")
        return hand_over(session, leaver, to, note, dry_run=dry_run)
    run, step = target(what) if what else ("", "")
    if not run or bool(step) != bool(to) or bool(step) == bool(roles):
        raise usage(
            spoken("assign either a task to a person or a role to its holders"),
            "sop assign RUN/STEP --to HANDLE\nsop assign RUN --role ROLE=WHO",
        )
    me = session.me
    views = session.app.views
    wanted: list[tuple[Command, str]]
    if step:
        who = to if to != "@me" else me.handle
        headline = spoken("{task} is {person}'s now", task=f"{run}/{step}", person=who)
        wanted = [(Assign(step, views.pseudonym(to, me.id), note), headline)]
    else:
        wanted = []
        for role, texts in pairs(roles, "--role", "ROLE=WHO").items():
            names = holders(texts)
            bound = [views.holder(name, me.id) for name in names]
            who = ", ".join(me.handle if name == "@me" else name for name in names) or spoken("nobody")
            wanted.append((Bind(role, bound, note), spoken("{role} of {run} is held by {people}", role=role, run=run, people=who)))
    for number, (asked, headline) in enumerate(wanted):
        own = f"{key}-{number}" if key and number else key
        request = key_of(session, own, "assign", run, repr(asked))
        answer = session.app.runner.handle(run, asked, actor=me.id, key=request, dry_run=dry_run)
        done = session.done(_with_roles(session, run, "assign", answer), run)
        tell(session, done, headline, dry_run=dry_run)
    return 0


@command("cancel")
@click.argument("what", metavar="RUN[/TRACK]", type=TARGET)
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@noting("Why. Always needed.")
@writing
@pass_session
def cancel_command(session: Session, *, what: str, note: str, key: str, yes: bool, dry_run: bool) -> None:
    """End a RUN, or a branch or item of it (RUN/STEP, RUN/STEP.BRANCH, RUN/STEP:ITEM), without finishing it."""
    run, track = target(what)
    me = session.me
    view = run_for(session, run, CancelTrack(track, note) if track else CancelRun(note))
    ask = session.can_ask
    asker = Asker(session, view.procedure.lang, keep=False)
    if not note.strip():
        if not ask:
            raise refusal(Refused((Reason(Code.REASON_REQUIRED, {"what": "cancel"}),)), run, session.handle, session.now)
        note = asker.line(spoken("Why"), required=True)
    if not yes and not dry_run:
        name = f"{run}/{track}" if track else run
        if not ask:
            raise usage(spoken("everything that is open in {what} ends", what=name), spoken("add --yes"), code="SOP-U03")
        facts = {"name": name, "title": view.line.title, "tasks": view.line.open_tasks}
        if track:
            question = spoken('Cancel {name} "{title}"? Type {name} to confirm', **facts)
        else:
            question = spoken('Cancel {name} "{title}"? {tasks} open tasks will end. Type {name} to confirm', **facts)
        typed = asker.line(question, required=False)
        if typed != name:
            raise click.Abort
    asked: Command = CancelTrack(track, note) if track else CancelRun(note)
    request = key_of(session, key, "cancel", run, track, note)
    answer = session.app.runner.handle(run, asked, actor=me.id, key=request, dry_run=dry_run)
    done = session.done(_with_roles(session, run, "cancel", answer), run)
    tell(session, done, spoken("Cancelled {what}", what=what), dry_run=dry_run)
