"""Starting a run."""

from engine import events as e
from engine import forms, limits
from engine.authority import may
from engine.commands import Start
from engine.people import SYSTEM, unknown_holders
from engine.refusals import Code, Reason
from engine.rules.flow import begin
from engine.rules.scribe import Scribe, Stop
from engine.state import State
from engine.text import hostile, said
from engine.values import Value


def start(s: Scribe, command: Start) -> None:
    """Start a run: check everything that was given, then move to the first tasks."""
    if s.state.status != "new":
        raise Stop([Reason(Code.ALREADY, {"step": s.context.run, "what": "started"})])
    document = s.procedure.document
    inputs, reasons = forms.read_all(document.get("inputs", {}), command.inputs)
    parameters, wrong = _parameters(s, command)
    reasons = [*reasons, *wrong, *_people(s, command), *_title(command.title)]
    # What a parent hands on was read by whoever gave it there, and not by whoever happens to move it to this step.
    reader = "" if command.parent else s.context.actor
    reasons += forms.strangers(document.get("inputs", {}), inputs, s.context.directory, reader)
    reasons += forms.strangers(document.get("parameters", {}), parameters, s.context.directory, reader)
    if reasons:
        raise Stop(reasons)
    s.tell(
        e.RunStarted(
            s.procedure.sop,
            s.procedure.version,
            s.procedure.fingerprint,
            command.lead,
            title=s.keep("title", command.title),
            inputs=s.keep_all("inputs", inputs),
            parameters=parameters,
            parent=command.parent,
            depth=command.depth,
            drill=command.drill,
            unit=command.unit,
        )
    )
    for role in document["roles"]:
        if holders := tuple(dict.fromkeys(command.roles.get(role, ()))):
            s.tell(e.RoleBound(role, holders))
    begin(s)


def _title(title: str) -> list[Reason]:
    if not title.strip() or len(title) > limits.NAME_CHARACTERS or hostile(title):
        return [
            Reason(
                Code.FIELD_INVALID,
                {"field": "title", "expected": said("a line of 1 to {limit} characters", limit=limits.NAME_CHARACTERS)},
            )
        ]
    return []


def _people(s: Scribe, command: Start) -> list[Reason]:
    directory, actor = s.context.directory, s.context.actor
    reasons = list(unknown_holders(command.roles, s.procedure.document["roles"], directory))
    if command.lead != SYSTEM and directory.teams(command.lead) is None:
        reasons.append(Reason(Code.NO_PERSON, {"person": command.lead}))
    to_be = State(lead=command.lead, roles={role: tuple(holders) for role, holders in command.roles.items()})
    return [*reasons, *may("start", s.procedure, to_be, actor, directory)]


def _parameters(s: Scribe, command: Start) -> tuple[dict[str, Value], list[Reason]]:
    fields = s.procedure.document.get("parameters", {})
    reasons = [
        Reason(Code.FIELD_UNKNOWN, {"field": f"parameters.{name}", "known": tuple(fields)})
        for name in command.parameters
        if name not in fields
    ]
    values: dict[str, Value] = {}
    for name, field in fields.items():
        if name in command.parameters:
            value, expected = forms.read(field, command.parameters[name])
            if expected:
                reasons.append(Reason(Code.FIELD_INVALID, {"field": f"parameters.{name}", "expected": expected}))
            else:
                values[name] = value
        elif field.get("required"):
            reasons.append(Reason(Code.FIELD_REQUIRED, {"field": f"parameters.{name}", "type": str(field["type"])}))
    return values, reasons
