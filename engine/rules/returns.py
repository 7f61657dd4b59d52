"""Going back: to an earlier step, into a finished run, or over a field that was wrong."""

from engine import events as e
from engine import forms
from engine.commands import Correct, Reopen, Rewind
from engine.names import MAIN
from engine.procedure import HUMAN
from engine.refusals import Code, Reason
from engine.rules.detours import asked
from engine.rules.flow import cancel_track, enter_again, settle
from engine.rules.scribe import Scribe, Stop
from engine.rules.tasks import no_address
from engine.state import Token


def voided(s: Scribe, scope: str, step: str) -> tuple[str, ...]:
    """The finished steps, with their scope, that going back to *step* takes back: it, what follows it, and all inside these."""
    track = s.procedure.tracks[s.procedure.steps[step].track].steps
    after = set(track[track.index(step) :])
    inner = {name for name, found in s.procedure.tracks.items() if found.owner in after}
    grown = True
    while grown:
        after |= {inside for name in inner for inside in s.procedure.tracks[name].steps}
        more = {name for name, found in s.procedure.tracks.items() if found.owner in after}
        grown, inner = more != inner, more
    return tuple(place for place in s.state.done_at if place.startswith(scope) and place.removeprefix(scope) in after)


def rewind(s: Scribe, command: Rewind) -> None:
    """Go back to *step* in its open track. What was done since no longer counts; it stays in the history."""
    reasons = asked(s, "rewind", command.note)
    token = _passed(s, command.step)
    if isinstance(token, Reason):
        raise Stop([*reasons, token])
    if reasons:
        raise Stop(reasons)
    target = command.step.partition(":")[0]
    for inner in [t.id for t in s.state.tokens.values() if t.parent == token.id and not t.loose]:
        cancel_track(s, inner, "rewound")
    for task in [task.no for task in s.state.tasks.values() if task.token == token.id]:
        s.tell(e.TaskWithdrawn(task, "rewound"))
    s.tell(e.Rewound(token.id, token.at, target, voided(s, token.scope, target)))
    enter_again(s, token.id, target)
    settle(s)


def _passed(s: Scribe, address: str) -> Token | Reason:
    """The token in whose track the step of *address* was passed."""
    step, _, key = address.partition(":")
    if step not in s.procedure.steps:
        return Reason(Code.NO_TASK, {"step": step, "known": tuple(s.procedure.steps)})
    track = s.procedure.tracks[s.procedure.steps[step].track]
    for token in s.state.tokens.values():
        if token.track != track.name or (key and token.key != key) or not token.at:
            continue
        if f"{token.scope}{step}" in s.state.done_at or token.at == step:
            return token
        return Reason(Code.NOT_PASSED, {"step": step, "at": token.at})
    return Reason(Code.NOT_PASSED, {"step": step, "at": ""})


def reopen(s: Scribe, command: Reopen) -> None:
    """Open a finished run again at a step of its main track."""
    reasons = asked(s, "reopen", command.note)
    if s.state.status not in {"ended", "cancelled"}:
        reasons.append(Reason(Code.ALREADY, {"step": command.step, "what": "open"}))
    if command.step not in s.procedure.tracks[MAIN].steps:
        reasons.append(Reason(Code.NO_TASK, {"step": command.step, "known": s.procedure.tracks[MAIN].steps}))
    if reasons:
        raise Stop(reasons)
    s.tell(e.RunReopened(s.state.end, voided(s, "", command.step)))
    number = s.state.next_token
    s.tell(e.TrackOpened(number, MAIN))
    s.todo.append((number, "", command.step, ""))
    settle(s)


def correct(s: Scribe, command: Correct) -> None:
    """Give fields of a finished step other values. What somebody has approved is not corrected behind them: go back instead."""
    if wrong := no_address(s.procedure, command.step):
        raise Stop([wrong])
    step = s.procedure.steps[command.step.partition(":")[0]]
    where = _where(s, command.step)
    reasons = asked(s, "correct", command.note, step=step.id)
    if where is None or step.kind not in HUMAN:
        raise Stop([*reasons, Reason(Code.NOT_DONE, {"step": command.step})])
    fields = {name: field for name, field in step.form.items() if name in command.values}
    unknown = {name: value for name, value in command.values.items() if name not in step.form}
    values, bad = forms.read_all({**fields}, {**command.values})
    reasons += (
        bad if fields or unknown else [Reason(Code.FIELD_REQUIRED, {"field": next(iter(step.form), "field"), "type": "text"})]
    )
    reasons += forms.strangers(step.form, values, s.context.directory)
    for other, found in s.procedure.steps.items():
        approved = found.kind == "approval" and step.id in s.procedure.approves(other)
        if approved and where.removesuffix(step.id) + other in s.state.done_at:
            reasons.append(Reason(Code.APPROVED, {"step": command.step, "approval": other}))
    if reasons:
        raise Stop(reasons)
    seals = {name: s.keep(f"{where}.{name}", values[name]) if name in values else "" for name in fields}
    s.tell(e.FieldsCorrected(where, s.context.actor, seals))
    settle(s)


def _where(s: Scribe, address: str) -> str | None:
    """The finished step of *address* with its scope."""
    step, _, key = address.partition(":")
    if not key:
        return step if step in s.state.done_at else None
    scopes = (token.scope for token in s.state.tokens.values() if token.key == key)
    return next((scope + step for scope in scopes if scope + step in s.state.done_at), None)
