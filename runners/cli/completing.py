"""``sop complete`` and ``sop reject``."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from engine.commands import Complete
from engine.refusals import Code, Reason, Refused
from runners.cli.commands import command, noting, pass_session, writing
from runners.cli.completion import TASK
from runners.cli.doing import clock, file_words, key_of, tell
from runners.cli.failures import Complaint, Failure, usage
from runners.cli.prompts import Asker, possible
from runners.cli.session import Session, refusal
from runners.cli.targets import task_target
from runners.cli.values import filling, gathered
from runners.messages import USAGE, meant

if TYPE_CHECKING:
    from engine.procedure import Step
    from runners.views import RunView


def _step_of(view: "RunView", address: str) -> "Step | None":
    return view.procedure.steps.get(address.partition(":")[0])


@command("complete")
@click.argument("task", type=TASK)
@filling
@click.option("--outcome", metavar="NAME", default="", help="How it ends; the expected outcome of a task if absent.")
@click.option("--override", is_flag=True, help="Do it although it is not your task, by permission and with a reason (-m).")
@noting("Why, in your words.")
@writing
@pass_session
def complete_command(
    session: Session, *, task: str, sets: Sequence[str], form: str, evidence: Sequence[str], outcome: str, note: str, key: str,
    dry_run: bool, override: bool,
) -> None:  # fmt: skip
    """Finish a task (RUN/STEP): fill in its form and choose its outcome.

    On a terminal, without values, every field is asked for. Otherwise give them with --set, --evidence and --form; sop show
    RUN/STEP says which there are.
    """
    run, address = task_target(task)
    me = session.me
    view = session.app.views.run(run)
    step = _step_of(view, address)
    form_of = step.form if step else {}
    silent = not (sets or form or evidence or override)
    if step is not None and silent and possible(session) and (form_of or len(step.outcomes) > 1):
        values, outcome, note = _asked(session, view, step, run=run, address=address, outcome=outcome, note=note, keep=not dry_run)
    else:
        values = gathered(session, form_of, sets, form, evidence, keep=not dry_run)
    if step is not None and step.kind == "approval" and not outcome:
        reason = Reason(Code.OUTCOME_REQUIRED, {"step": address, "known": tuple(step.outcomes)})
        raise refusal(Refused((reason,)), run, session.handle, session.now)
    _finish(
        session, run, Complete(address, outcome, values, note, override), key, f"Completed {run}/{address} as {me.handle}",
        dry_run=dry_run,
    )  # fmt: skip


def _finish(session: Session, run: str, complete: Complete, key: str, headline: str, *, dry_run: bool) -> None:
    said = (complete.step, complete.outcome, complete.values, complete.note, complete.override)
    request = key_of(session, key, "complete", run, *said)
    done = session.done(session.app.runner.handle(run, complete, actor=session.me.id, key=request, dry_run=dry_run), run)
    how = f" with {complete.outcome}" if complete.outcome else ""
    tell(session, done, f"{headline}{how} at {clock(session)}", dry_run=dry_run, details=list(_evidence(complete.values)))


def _evidence(values: Mapping[str, Any]) -> Sequence[str]:
    files = [(name, item) for name, value in values.items() for item in (value if isinstance(value, list) else [value])]
    return [file_words(name, item) for name, item in files if isinstance(item, dict) and "sha256" in item]


def _asked(
    session: Session, view: "RunView", step: "Step", *, run: str, address: str, outcome: str, note: str, keep: bool
) -> tuple[dict[str, Any], str, str]:
    """Values, outcome and note as somebody types them; asked only of people who may complete the task."""
    for option in session.app.views.can(run, session.me.id):
        if option.act == "complete" and option.step == address and option.reasons:
            raise refusal(Refused(option.reasons), run, session.handle, session.now)
    asker = Asker(session, view.procedure.lang, keep=keep)
    out = session.out
    out.line(f"{run}/{address}  {asker.text(step.doc.get('title')) or step.id}", "bold")
    if step.doc.get("instructions"):
        out.line(asker.text(step.doc["instructions"]))
    if not outcome and len(step.outcomes) > 1:
        labels = {name: asker.text(way.get("label")) or name.replace("_", " ") for name, way in step.outcomes.items()}
        outcome = asker.choice("How does it end?", labels)
    back = step.outcomes.get(outcome or next(iter(step.outcomes)), {}).get("reason") == "required"
    values = {} if back else asker.form(step.form)
    note = note or asker.line("Note" if not back else "Why", required=back)
    if not asker.summary(values, outcome):
        raise click.Abort
    return values, outcome, note


@command("reject")
@click.argument("task", type=TASK)
@click.option("--to", metavar="STEP", default="", help="The step it goes back to.")
@click.option("--outcome", metavar="NAME", default="", help="The outcome, where several lead back.")
@filling
@noting("Why. Always needed.")
@writing
@pass_session
def reject_command(
    session: Session, *, task: str, to: str, outcome: str, sets: Sequence[str], form: str, evidence: Sequence[str], note: str,
    key: str, dry_run: bool,
) -> None:  # fmt: skip
    """Send work back: end a task (RUN/STEP) with the outcome that leads back, and say why."""
    run, address = task_target(task)
    me = session.me
    view = session.app.views.run(run)
    step = _step_of(view, address)
    if not note.strip():
        if not possible(session):
            raise refusal(Refused((Reason(Code.REASON_REQUIRED, {"what": "reject"}),)), run, session.handle, session.now)
        note = Asker(session, view.procedure.lang, keep=False).line("Why", required=True)
    if step is not None:
        outcome = _way_back(step, outcome, to)
    values = gathered(session, step.form if step else {}, sets, form, evidence, keep=not dry_run)
    _finish(
        session, run, Complete(address, outcome, values, note), key, f"Sent back {run}/{address} as {me.handle}", dry_run=dry_run
    )


def _way_back(step: "Step", outcome: str, to: str) -> str:
    """The outcome of *step* that sends back: the named one, the one that leads *to* a step, or the only one that is no advance."""
    if outcome:
        return outcome
    ways = list(step.outcomes.items())
    if to:
        leading = [name for name, way in ways if to in (way.get("to", "next"), way.get("then"))]
        if len(leading) == 1:
            return leading[0]
        if leading:
            raise usage(f"several outcomes of {step.id} lead to {to}", "choose with --outcome: " + ", ".join(leading))
        targets = [str(way.get("to", "next")) for _, way in ways[1:]]
        raise Failure([Complaint("SOP-U05", f"no outcome of {step.id} leads to {to}", meant(to, targets))], USAGE)
    back = [name for name, _ in ways[1:]]
    if "reject" in back or len(back) == 1:
        return "reject" if "reject" in back else back[0]
    if not back:
        raise usage(f"{step.id} cannot be sent back: it has one outcome, {ways[0][0]}")
    raise usage(f"{step.id} can be sent back in several ways", "choose with --to STEP or --outcome: " + ", ".join(back))
