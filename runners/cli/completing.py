"""Finishing tasks and sending work back."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from engine import forms
from engine.commands import Complete
from engine.refusals import Code, Reason, Refused
from runners.cli.doing import clock, file_words, key_of, run_for, tell
from runners.cli.session import Session, refusal
from runners.cli.targets import task_target
from runners.cli.values import gathered
from runners.tongue import spoken

if TYPE_CHECKING:
    from engine.procedure import Step
    from runners.views import RunView


class Given(NamedTuple):
    """What the command line says about one task.

    Attributes:
        sets: ``field=value`` each.
        form: path of a file of values.
        evidence: ``field=path`` each.
        outcome: empty where it does not say.
        note: why.
        key: idempotency key; empty for one that is made.
        dry_run: change nothing.
        keep: fields that are not given keep their last values.
        override: do it although it is the task of others.
    """

    sets: Sequence[str] = ()
    form: str = ""
    evidence: Sequence[str] = ()
    outcome: str = ""
    note: str = ""
    key: str = ""
    dry_run: bool = False
    keep: bool = False
    override: bool = False


def _step_of(view: "RunView", address: str) -> "Step | None":
    return view.procedure.steps.get(address.partition(":")[0])


def _kept(view: "RunView", step: "Step", address: str) -> dict[str, Any]:
    """The values of the round before that still count; computed ones come anew."""
    task = next((found for found in view.state.tasks.values() if found.address == address), None)
    if task is None:
        return {}
    where = f"{view.state.tokens[task.token].scope}{step.id}."
    return forms.typed(step.form, {name: view.values[where + name] for name in step.form if where + name in view.values})


def complete(session: Session, task: str, given: Given) -> None:
    """Finish *task* (``RUN/STEP``)."""
    run, address = task_target(task)
    me = session.me
    view = run_for(session, run, Complete(address, given.outcome, {}, given.note, given.override))
    step = _step_of(view, address)
    form = step.form if step else {}
    filled = given.sets or given.form or given.evidence or given.keep or given.override
    outcome, note = given.outcome, given.note
    if step is not None and not filled and session.can_ask and (form or len(step.outcomes) > 1):
        values, outcome, note = _asked(session, view, step, f"{run}/{address}", given)
    else:
        values = gathered(session, form, given.sets, given.form, given.evidence, keep=not given.dry_run)
        if given.keep and step is not None:
            values = {**_kept(view, step, address), **values}
    if step is not None and step.kind == "approval" and not outcome:
        reason = Reason(Code.OUTCOME_REQUIRED, {"step": address, "known": tuple(step.outcomes)})
        raise refusal(Refused((reason,)), run, session.handle, session.now)
    asked = Complete(address, outcome, values, note, given.override)
    facts = {"task": f"{run}/{address}", "person": me.handle, "outcome": outcome, "time": clock(session)}
    headline = (
        spoken("Completed {task} as {person} with {outcome} at {time}", **facts)
        if outcome
        else spoken("Completed {task} as {person} at {time}", **facts)
    )
    _finish(session, run, asked, given, headline)


def _finish(session: Session, run: str, asked: Complete, given: Given, headline: str) -> None:
    request = key_of(session, given.key, "complete", run, asked.step, asked.outcome, asked.values, asked.note, asked.override)
    answer = session.app.runner.handle(run, asked, actor=session.me.id, key=request, dry_run=given.dry_run)
    done = session.done(answer, run)
    tell(session, done, headline, dry_run=given.dry_run, details=list(_evidence(asked.values)))


def _evidence(values: Mapping[str, Any]) -> Sequence[str]:
    files = [(name, item) for name, value in values.items() for item in (value if isinstance(value, list) else [value])]
    return [file_words(name, item) for name, item in files if isinstance(item, dict) and "sha256" in item]


def _asked(session: Session, view: "RunView", step: "Step", task: str, given: Given) -> tuple[dict[str, Any], str, str]:
    """Values, outcome and note as somebody types them; asked only of people who may complete the task."""
    import click

    from runners.cli.prompts import Asker

    run, _, address = task.partition("/")
    for option in session.app.views.can(run, session.me.id):
        if option.act == "complete" and option.step == address and option.reasons:
            raise refusal(Refused(option.reasons), run, session.handle, session.now)
    asker = Asker(session, view.procedure.lang, keep=not given.dry_run)
    out = session.out
    out.line(f"{task}  {asker.text(step.doc.get('title')) or step.id}", "bold")
    if step.doc.get("instructions"):
        out.line(asker.text(step.doc["instructions"]))
    outcome = given.outcome
    if not outcome and len(step.outcomes) > 1:
        labels = {name: asker.text(way.get("label")) or name.replace("_", " ") for name, way in step.outcomes.items()}
        outcome = asker.choice(spoken("How does it end?"), labels)
    back = step.outcomes.get(outcome or next(iter(step.outcomes)), {}).get("reason") == "required"
    values = {} if back else asker.form(step.form, _kept(view, step, address))
    note = given.note or asker.line(spoken("Why") if back else spoken("Note"), required=back)
    if not asker.summary(values, outcome):
        raise click.Abort
    return values, outcome, note


def reject(session: Session, task: str, to: str, given: Given) -> None:
    """End *task* (``RUN/STEP``) with the outcome that leads back *to* a step."""
    run, address = task_target(task)
    me = session.me
    view = run_for(session, run, Complete(address, given.outcome, {}, given.note))
    step = _step_of(view, address)
    note = given.note
    if not note.strip():
        if not session.can_ask:
            raise refusal(Refused((Reason(Code.REASON_REQUIRED, {"what": "reject"}),)), run, session.handle, session.now)
        from runners.cli.prompts import Asker

        note = Asker(session, view.procedure.lang, keep=False).line(spoken("Why"), required=True)
    outcome = given.outcome if step is None else _way_back(step, given.outcome, to)
    values = gathered(session, step.form if step else {}, given.sets, given.form, given.evidence, keep=not given.dry_run)
    facts = {"task": f"{run}/{address}", "person": me.handle, "outcome": outcome, "time": clock(session)}
    headline = (
        spoken("Sent back {task} as {person} with {outcome} at {time}", **facts)
        if outcome
        else spoken("Sent back {task} as {person} at {time}", **facts)
    )
    _finish(session, run, Complete(address, outcome, values, note), given, headline)


def _way_back(step: "Step", outcome: str, to: str) -> str:
    """The outcome of *step* that sends back: the named one, the one that leads *to* a step, or the only one that is no advance."""
    from runners.cli.failures import usage
    from runners.messages import meant

    if outcome:
        return outcome
    ways = list(step.outcomes.items())
    if to:
        leading = [name for name, way in ways if to in (way.get("to", "next"), way.get("then"))]
        if len(leading) == 1:
            return leading[0]
        if leading:
            raise usage(
                spoken("several outcomes of {step} lead to {target}", step=step.id, target=to),
                spoken("choose with --outcome: {outcomes}", outcomes=", ".join(leading)),
            )
        targets = [str(way.get("to", "next")) for _, way in ways[1:]]
        raise usage(spoken("no outcome of {step} leads to {target}", step=step.id, target=to), meant(to, targets))
    back = [name for name, _ in ways[1:]]
    if "reject" in back or len(back) == 1:
        return "reject" if "reject" in back else back[0]
    if not back:
        raise usage(spoken("{step} cannot be sent back: it has one outcome, {outcome}", step=step.id, outcome=ways[0][0]))
    raise usage(
        spoken("{step} can be sent back in several ways", step=step.id),
        spoken("choose with --to STEP or --outcome: {outcomes}", outcomes=", ".join(back)),
    )
