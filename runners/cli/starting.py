"""``sop start``."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from engine.refusals import Kind, Refused
from runners.cli.broken import usable
from runners.cli.commands import command, pass_session
from runners.cli.completion import PERSON, SOP
from runners.cli.doing import key_of, tell
from runners.cli.failures import Complaint, Failure, usage
from runners.cli.options import filling, writing
from runners.cli.prompts import Asker
from runners.cli.session import Session
from runners.cli.targets import pair
from runners.cli.times import shown
from runners.cli.values import gathered, pairs
from runners.exits import FAILED
from runners.people import NotFound
from runners.tongue import marked, spoken

if TYPE_CHECKING:
    from engine.procedure import Procedure
    from runners.staffing import Found


@command("start")
@click.argument("sop", type=SOP)
@click.option("--title", default="", help="What people call the run.")
@click.option("--role", "roles", multiple=True, metavar="ROLE=WHO", help="WHO is a handle, @me or team:ID; may be repeated.")
@click.option("--unit", default="", metavar="UNIT", help="The brand or department it is for: its people come first.")
@filling
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="Replaces a default of the SOP; may be repeated.")
@click.option("--lead", default="", metavar="HANDLE", type=PERSON, help="Who leads the run; you if absent.")
@click.option(
    "--from-csv", "table", metavar="FILE", default="", help="A run for each line of this CSV file; '-' for standard input."
)
@click.option("--drill", is_flag=True, help="An exercise, kept out of all figures.")
@writing
@pass_session
def start_command(
    session: Session, *, sop: str, title: str, unit: str, roles: Sequence[str], sets: Sequence[str], form: str,
    evidence: Sequence[str], params: Sequence[str], lead: str, key: str, table: str, drill: bool, dry_run: bool,
) -> int | None:  # fmt: skip
    """Start a run of SOP (or SOP@VERSION).

    Roles that are not named are held by those whom the list of people names for them. With --dry-run you see who would do
    what, and which steps nobody could do.

    With --from-csv each line of the file is a run: title, the inputs by name, lead, unit, drill, role.NAME, param.NAME. Every
    line is tried before the first run begins; done again, the same file starts only what is missing.
    """
    me = session.me
    from runners.staffing import of_run

    app = session.app
    try:
        procedure = usable(session, sop).procedure
    except NotFound as error:
        raise _retired(session, sop) or error from error
    bound = {name: holders(several) for name, several in pairs(roles, "--role", "ROLE=WHO").items()}
    parameters = dict(pair(text, "--param", "NAME=VALUE") for text in params)
    if table:
        from runners.cli.bulk import Common, start_from

        if title or sets or form or evidence:
            hint = spoken("the columns of {file} say what each run gets", file=table)
            raise usage(spoken("--title, --set, --form and --evidence are for one run"), hint)
        return start_from(session, sop, table, Common(bound, parameters, lead, unit, drill, key), dry_run=dry_run)
    fields = procedure.document.get("inputs", {})
    ask = session.can_ask
    asker = Asker(session, procedure.lang, keep=not dry_run)
    if not title.strip() and not dry_run:  # who only looks need not name it
        if not ask:
            raise usage(spoken("a run needs a title"), '--title "…"', code="SOP-U03")
        title = asker.line(spoken("What is the run called"), required=True)
    inputs = gathered(session, fields, sets, form, evidence, keep=not dry_run)
    if ask and not inputs and any(field.get("required") for field in fields.values()):
        inputs = asker.form(fields)
        if not asker.summary(inputs, ""):
            raise click.Abort
    request = key_of(session, key, "start", sop, title, bound, inputs, parameters, lead, drill, unit)
    answer = app.runner.start(
        sop, title=title or sop, actor=me.id, roles=bound, inputs=inputs, parameters=parameters, lead=lead, drill=drill,
        key=request, dry_run=dry_run, place=unit,
    )  # fmt: skip
    if dry_run and isinstance(answer, Refused):
        _foresee(session, procedure, bound, unit, answer)
    done = session.done(answer)
    details = [*preview(session, done.procedure, of_run(app.database, done, session.now))] if dry_run else []
    details += [
        spoken("{role}: nobody yet; sop assign {run} --role {role}=WHO", role=role, run=done.run)
        for role in _unheld(done.state.roles, procedure.document)
    ]
    if done.repeated:
        details = [spoken("the same command line within ten minutes; --idempotency-key NEW starts another")]
    words = marked("Started {run}  {sop} {version} as a drill") if drill else marked("Started {run}  {sop} {version}")
    headline = spoken(words, run=done.run, sop=procedure.sop, version=procedure.version)
    tell(session, done, headline, dry_run=dry_run, details=details)
    return None


def _retired(session: Session, sop: str) -> Failure | None:
    """Why nothing is known by a name that was: every version of *sop* is out of use."""
    try:
        lines = session.app.publisher.versions(sop)
    except NotFound:
        return None
    last = max(lines, key=lambda line: line.retired_at or "")
    words = marked(
        "no version of {sop} is in use: {version}, the last one, was taken out of use {time}, its file is gone or not offered"
    )
    if last.retired_by:
        words = marked("no version of {sop} is in use: {version}, the last one, was taken out of use {time}, by {person}")
    at = shown(last.retired_at or "", session.now, session.zone)
    message = spoken(words, sop=sop, version=last.version, time=at, person=session.handle(last.retired_by))
    hint = spoken("sop versions {sop}   shows what there was, and why it is retired", sop=sop)
    return Failure([Complaint("SOP-R32", message, hint)], FAILED)


def _foresee(session: Session, procedure: "Procedure", bound: Mapping[str, Sequence[str]], place: str, refused: Refused) -> None:
    """Who would do what, for a lead who has not filled in the form yet: what is missing there is said behind it."""
    from runners.staffing import beforehand

    if any(reason.kind is not Kind.USAGE for reason in refused.reasons) or session.out.machine:
        return
    found = beforehand(session.app.database, procedure, bound, session.now, place=place, me=session.me.id)
    session.out.line(spoken("Would do the steps:"))
    for line in preview(session, procedure, found):
        session.out.line(f"  {line}")


def preview(session: Session, procedure: "Procedure", found: "Found") -> Iterator[str]:
    """Who would do each step of a run that is about to begin, and which steps nobody could do."""
    from runners.staffing import bond

    for step, names in found.people.items():
        yield f"{step} ({found.roles[step]}): {', '.join(session.handle(one) for one in names) or spoken('nobody')}"
    if found.stuck:
        words, steps = marked("nobody can do all of these: {steps}"), ", ".join(found.stuck)
        if len(found.stuck) > 1:
            words = marked("nobody can do all of these, {why}: {steps}")
        yield spoken(words, steps=steps, why=bond(procedure, found.stuck))


def holders(texts: Sequence[str]) -> list[str]:
    """Holders out of ``ben,team:content`` texts; an empty text stands for nobody."""
    return [part.strip() for text in texts for part in text.split(",") if part.strip()]


def _unheld(roles: object, document: object) -> list[str]:
    assert isinstance(roles, dict)  # noqa: S101 - for the reader of types
    assert isinstance(document, dict)  # noqa: S101
    return [role for role in document["roles"] if not roles.get(role)]
