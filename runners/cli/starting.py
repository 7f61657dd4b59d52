"""``sop start``."""

from collections.abc import Sequence

import click

from runners.cli.commands import command, pass_session
from runners.cli.completion import PERSON, SOP
from runners.cli.doing import key_of, tell
from runners.cli.failures import usage
from runners.cli.options import filling, writing
from runners.cli.prompts import Asker
from runners.cli.session import Session
from runners.cli.targets import pair
from runners.cli.values import gathered, pairs


@command("start")
@click.argument("sop", type=SOP)
@click.option("--title", default="", help="What people call the run.")
@click.option("--role", "roles", multiple=True, metavar="ROLE=WHO", help="WHO is a handle, @me or team:ID; may be repeated.")
@filling
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="Replaces a default of the SOP; may be repeated.")
@click.option("--lead", default="", metavar="HANDLE", type=PERSON, help="Who leads the run; you if absent.")
@click.option("--drill", is_flag=True, help="An exercise, kept out of all figures.")
@writing
@pass_session
def start_command(
    session: Session, *, sop: str, title: str, roles: Sequence[str], sets: Sequence[str], form: str, evidence: Sequence[str],
    params: Sequence[str], lead: str, key: str, drill: bool, dry_run: bool,
) -> None:  # fmt: skip
    """Start a run of SOP (or SOP@VERSION).

    Roles that are not named are held by those whom the list of people names for them.
    """
    me = session.me
    app = session.app
    app.library.sync()
    procedure = app.library.find(sop).procedure
    bound = {name: holders(several) for name, several in pairs(roles, "--role", "ROLE=WHO").items()}
    parameters = dict(pair(text, "--param", "NAME=VALUE") for text in params)
    fields = procedure.document.get("inputs", {})
    ask = session.can_ask
    asker = Asker(session, procedure.lang, keep=not dry_run)
    if not title.strip():
        if not ask:
            raise usage("a run needs a title", '--title "…"', code="SOP-U03")
        title = asker.line("What is the run called", required=True)
    inputs = gathered(session, fields, sets, form, evidence, keep=not dry_run)
    if ask and not inputs and any(field.get("required") for field in fields.values()):
        inputs = asker.form(fields)
        if not asker.summary(inputs, ""):
            raise click.Abort
    request = key_of(session, key, "start", sop, title, bound, inputs, parameters, lead, drill)
    answer = app.runner.start(
        sop, title=title, actor=me.id, roles=bound, inputs=inputs, parameters=parameters, lead=lead, drill=drill, key=request,
        dry_run=dry_run,
    )  # fmt: skip
    done = session.done(answer)
    kind = " as a drill" if drill else ""
    details = [
        f"{role}: nobody yet; sop assign {done.run} --role {role}=WHO" for role in _unheld(done.state.roles, procedure.document)
    ]
    if done.repeated:
        details = ["the same command line within ten minutes; --idempotency-key NEW starts another"]
    tell(session, done, f"Started {done.run}  {procedure.sop} {procedure.version}{kind}", dry_run=dry_run, details=details)


def holders(texts: Sequence[str]) -> list[str]:
    """Holders out of ``ben,team:content`` texts; an empty text stands for nobody."""
    return [part.strip() for text in texts for part in text.split(",") if part.strip()]


def _unheld(roles: object, document: object) -> list[str]:
    assert isinstance(roles, dict)  # noqa: S101 - for the reader of types
    assert isinstance(document, dict)  # noqa: S101
    return [role for role in document["roles"] if not roles.get(role)]
