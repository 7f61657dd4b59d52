"""What leaves the ordinary course: signals, leaving out, going back, holding up, correcting, further items."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import click

from engine import commands as c
from engine.detours import Rewound, RunReopened
from engine.events import RunCancelled
from engine.refusals import Code, Reason, Refused
from runners.cli.commands import command, pass_session
from runners.cli.completion import TARGET, TASK
from runners.cli.doing import key_of, run_for, tell
from runners.cli.failures import missing, usage
from runners.cli.options import filling, noting, writing
from runners.cli.prompts import Asker
from runners.cli.session import Session, refusal
from runners.cli.targets import run_of, target, task_target
from runners.cli.values import gathered
from runners.tongue import spoken

if TYPE_CHECKING:
    from runners.runner import Done

_yes = click.option("-y", "--yes", is_flag=True, help="Do not ask.")
_PREVIEW: Final = "preview"
"""Stands for the reason while nothing is written."""


def _do(session: Session, run: str, asked: c.Command, key: str, headline: str, *, dry_run: bool) -> None:
    request = key_of(session, key, c.NAMES[type(asked)], run, repr(asked))
    answer = session.app.runner.handle(run, asked, actor=session.me.id, key=request, dry_run=dry_run)
    done = session.done(answer, run)
    if not isinstance(asked, c.Rewind | c.Reopen):
        tell(session, done, headline, dry_run=dry_run)
        return
    voided = _voided(done)
    details = []
    if voided and not dry_run:  # a preview tells it with its event
        details = [spoken("no longer counts: {steps}", steps=", ".join(voided))]
    tell(session, done, headline, dry_run=dry_run, details=details, more={"voided": voided})


def _step(session: Session, text: str) -> tuple[str, str]:
    """The run and the address of a step of it, open or not. Raises Failure where the run has no such step."""
    run, address = task_target(text)
    steps = session.app.views.run(run).procedure.steps
    if address.partition(":")[0] not in steps:
        raise missing("step", f"{run}/{address}", list(steps))
    return run, address


def _why(session: Session, run: str, what: str, note: str) -> str:
    """The reason that was given, or that somebody types now; refused where nobody can be asked."""
    if note.strip():
        return note
    if not session.can_ask:
        raise refusal(Refused((Reason(Code.REASON_REQUIRED, {"what": what}),)), run, session.handle, session.now)
    return Asker(session, session.app.views.run(run).procedure.lang, keep=False).line(spoken("Why"), required=True)


@command("signal")
@click.argument("run", metavar="RUN", type=TARGET)
@click.argument("name")
@filling
@noting("More about it.")
@writing
@pass_session
def signal_command(
    session: Session, *, run: str, name: str, sets: Sequence[str], form: str, evidence: Sequence[str], note: str, key: str,
    dry_run: bool,
) -> None:  # fmt: skip
    """Tell a RUN that NAME has happened, with what comes with it: every step that waits for it goes on."""
    run = run_of(run)
    fields = run_for(session, run, c.Signal(name, {}, note)).procedure.document.get("signals", {}).get(name, {}).get("form", {})
    values = gathered(session, fields, sets, form, evidence, keep=not dry_run)
    _do(session, run, c.Signal(name, values, note), key, spoken("Signalled {name} to {run}", name=name, run=run), dry_run=dry_run)


@command("skip")
@click.argument("task", type=TASK)
@noting("Why. Always needed.")
@writing
@pass_session
def skip_command(session: Session, *, task: str, note: str, key: str, dry_run: bool) -> None:
    """Leave a task, a wait or a child run (RUN/STEP) out; the run goes on behind it, and the child is cancelled."""
    run, step = task_target(task)
    note = _why(session, run, "skip", note)
    _do(session, run, c.Skip(step, note), key, spoken("Left out {step}", step=f"{run}/{step}"), dry_run=dry_run)


@command("rewind")
@click.argument("step", metavar="RUN/STEP", type=TASK)
@_yes
@noting("Why. Always needed.")
@writing
@pass_session
def rewind_command(session: Session, *, step: str, yes: bool, note: str, key: str, dry_run: bool) -> None:
    """Go back to an earlier step of a run. What was done since no longer counts; --dry-run lists it. It stays in the history."""
    run, address = _step(session, step)
    asked = c.Rewind(address, _PREVIEW if dry_run and not note.strip() else _why(session, run, "rewind", note))
    _agreed(session, run, asked, spoken("Go back to {step}?", step=f"{run}/{address}"), skip=yes or dry_run)
    _do(session, run, asked, key, spoken("Went back to {step}", step=f"{run}/{address}"), dry_run=dry_run)


@command("reopen")
@click.argument("step", metavar="RUN/STEP", type=TASK)
@_yes
@noting("Why. Always needed.")
@writing
@pass_session
def reopen_command(session: Session, *, step: str, yes: bool, note: str, key: str, dry_run: bool) -> None:
    """Open a run that has ended again, at a step of its main track; what follows the step no longer counts."""
    run, address = _step(session, step)
    asked = c.Reopen(address, _PREVIEW if dry_run and not note.strip() else _why(session, run, "reopen", note))
    _agreed(session, run, asked, spoken("Open {run} again at {step}?", run=run, step=address), skip=yes or dry_run)
    _do(session, run, asked, key, spoken("Opened {run} again at {step}", run=run, step=address), dry_run=dry_run)


def _agreed(session: Session, run: str, asked: c.Command, question: str, *, skip: bool) -> None:
    """Show what will no longer count, and ask. Raises Abort for no, and Failure where nobody can be asked."""
    if skip:
        return
    answer = session.app.runner.handle(run, asked, actor=session.me.id, dry_run=True)
    if isinstance(answer, Refused):
        return  # the command itself is refused then, and the attempt is on record
    steps = ", ".join(_voided(answer)) or spoken("nothing")
    if ended := [other.run for other in answer.others if any(isinstance(event, RunCancelled) for event in other.events)]:
        lost = spoken("No longer counts: {steps}; is cancelled: {runs}", steps=steps, runs=", ".join(ended))
    else:
        lost = spoken("No longer counts: {steps}", steps=steps)
    if not session.can_ask:
        raise usage(f"{question} {lost}", spoken("add --yes; --dry-run shows what would be"), code="SOP-U03")
    session.out.line(lost)
    if not click.confirm(question, default=False):
        raise click.Abort


def _voided(done: "Done") -> list[str]:
    places = (place for event in done.events if isinstance(event, Rewound | RunReopened) for place in event.voided)
    return list(dict.fromkeys(place.rpartition("/")[2] for place in places))


@command("suspend")
@click.argument("what", metavar="RUN[/STEP]", type=TARGET)
@noting("Why. Always needed.")
@writing
@pass_session
def suspend_command(session: Session, *, what: str, note: str, key: str, dry_run: bool) -> None:
    """Let nobody act on a run, or on one task of it, until it is resumed. What falls due waits."""
    run, step = target(what)
    why, headline = _why(session, run, "suspend", note), spoken("Suspended {what}", what=what)
    _do(session, run, c.Suspend(step, why), key, headline, dry_run=dry_run)


@command("resume")
@click.argument("what", metavar="RUN[/STEP]", type=TARGET)
@noting("Why. Always needed.")
@writing
@pass_session
def resume_command(session: Session, *, what: str, note: str, key: str, dry_run: bool) -> None:
    """Let people act again on a run, or on one task of it."""
    run, step = target(what)
    why, headline = _why(session, run, "resume", note), spoken("Resumed {what}", what=what)
    _do(session, run, c.Resume(step, why), key, headline, dry_run=dry_run)


@command("block")
@click.argument("task", type=TASK)
@noting("What is in the way. Always needed.")
@writing
@pass_session
def block_command(session: Session, *, task: str, note: str, key: str, dry_run: bool) -> None:
    """Say that something keeps a task (RUN/STEP) from being finished; until it is unblocked, it cannot be."""
    run, step = task_target(task)
    why, headline = _why(session, run, "block", note), spoken("Blocked {task}", task=f"{run}/{step}")
    _do(session, run, c.Block(step, why), key, headline, dry_run=dry_run)


@command("unblock")
@click.argument("task", type=TASK)
@noting("What is no longer in the way. Always needed.")
@writing
@pass_session
def unblock_command(session: Session, *, task: str, note: str, key: str, dry_run: bool) -> None:
    """Say that nothing keeps a task (RUN/STEP) from being finished any more."""
    run, step = task_target(task)
    why, headline = _why(session, run, "unblock", note), spoken("Unblocked {task}", task=f"{run}/{step}")
    _do(session, run, c.Unblock(step, why), key, headline, dry_run=dry_run)


@command("correct")
@click.argument("step", metavar="RUN/STEP", type=TASK)
@filling
@noting("Why. Always needed.")
@writing
@pass_session
def correct_command(
    session: Session, *, step: str, sets: Sequence[str], form: str, evidence: Sequence[str], note: str, key: str, dry_run: bool
) -> None:
    """Give fields of a step that is done other values; --set FIELD= empties one. The earlier values stay in the history."""
    run, address = _step(session, step)
    found = run_for(session, run, c.Correct(address, {}, note)).procedure.steps.get(address.partition(":")[0])
    values = gathered(session, found.form if found else {}, sets, form, evidence, keep=not dry_run)
    if not values:
        hint = spoken("give the new values with --set FIELD=VALUE, --form or --evidence")
        raise usage(spoken("nothing is to be corrected"), hint, code="SOP-U03")
    asked = c.Correct(address, values, _why(session, run, "correct", note))
    headline = spoken("Corrected {fields} of {step}", fields=", ".join(values), step=f"{run}/{address}")
    _do(session, run, asked, key, headline, dry_run=dry_run)


@command("add")
@click.argument("step", metavar="RUN/STEP", type=TASK)
@click.argument("value")
@noting("Why.")
@writing
@pass_session
def add_command(session: Session, *, step: str, value: str, note: str, key: str, dry_run: bool) -> None:
    """Add an item to a for-each step that is open for more. A row of a table is given as @FILE (JSON or YAML)."""
    run, address = _step(session, step)
    if value in {"", "@"}:
        hint = spoken("write its value, or @FILE for a row of a table")
        raise usage(spoken("the item is missing"), hint, code="SOP-U03")
    item = gathered(session, {}, [], value[1:], [], keep=False) if value.startswith("@") else value
    headline = spoken("Added {value} to {step}", value=value, step=f"{run}/{address}")
    _do(session, run, c.AddItem(address, item, note), key, headline, dry_run=dry_run)


@command("close")
@click.argument("step", metavar="RUN/STEP", type=TASK)
@click.option("--early", is_flag=True, help="Go on without the items that are not finished; the lead's to say, with a reason.")
@noting("Why. Needed with --early.")
@writing
@pass_session
def close_command(session: Session, *, step: str, early: bool, note: str, key: str, dry_run: bool) -> None:
    """Say that a for-each step takes no further items; the run goes on when those that are open are finished."""
    run, address = _step(session, step)
    note = _why(session, run, "close", note) if early else note
    headline = spoken("Closed {step}", step=f"{run}/{address}")
    _do(session, run, c.CloseItems(address, early, note), key, headline, dry_run=dry_run)
