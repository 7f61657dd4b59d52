"""Opening what a step holds: branches, items of a list, a run of another SOP."""

from engine import events as e
from engine import limits
from engine.data import exact
from engine.effects import StartChild
from engine.expressions import GuardError
from engine.procedure import Document, Procedure, Step, branches, given
from engine.refusals import Code, Reason
from engine.rules.ending import cancel_track
from engine.rules.scribe import Scribe, Stop
from engine.state import Token
from engine.text import said
from engine.values import Value


def split(s: Scribe, token: Token, step: Step) -> bool:
    """Open the branches whose condition is true; gives whether there is any."""
    _replace(s, step.id)
    chosen = [
        branch
        for branch, body in branches(step.doc).items()
        if "when" not in body or s.holds(f"{step.id}.{branch}.when", step.id, body["when"], token)
    ]
    for branch in chosen:
        _open(s, token, step, f"{step.id}.{branch}")
    return bool(chosen)


def _replace(s: Scribe, step: str) -> None:
    """End the tracks that an earlier round of *step* left running beside the run: what begins anew is not done twice."""
    for old in [t.id for t in s.state.tokens.values() if t.loose and t.step == step]:
        cancel_track(s, old, "begun again")


def _open(s: Scribe, parent: Token, step: Step, track: str, *, key: str = "", item: str = "", name: str = "") -> None:
    number = s.state.next_token
    if len(s.state.tokens) >= limits.TOKENS:
        raise Stop([Reason(Code.LIMIT, {"what": "tokens", "limit": limits.TOKENS})])
    s.tell(e.TrackOpened(number, track, parent.id, step.id, key, item, name))
    s.todo.append((number, "", s.procedure.tracks[track].steps[0], ""))


def spread(s: Scribe, token: Token, step: Step) -> bool:
    """Open a track for each item; gives whether there is any, or more can come."""
    _replace(s, step.id)
    (text,) = step.doc["for_each"].values()
    try:
        items = exact(s.value(step.id, text, token))
    except GuardError as error:
        raise Stop([Reason(Code.GUARD_ERROR, {"where": f"{step.id}.for_each", "expression": text, "why": error.reason})]) from error
    if items is not None and not isinstance(items, list):
        raise Stop([Reason(Code.GUARD_ERROR, {"where": f"{step.id}.for_each", "expression": text, "why": said("it is no list")})])
    items = items or []
    if len(items) > limits.ITEMS:
        raise Stop([Reason(Code.LIMIT, {"what": "items", "limit": limits.ITEMS})])
    if more := bool(step.doc.get("open")):
        s.tell(e.ItemsOpened(token.id, step.id))
    named = listed(s.procedure, step).get("type") == "multi_choice"
    for index, item in enumerate(items, 1):
        open_item(s, token, step, item, str(item) if named else str(index))
    return bool(items) or more


def open_item(s: Scribe, token: Token, step: Step, item: Value, key: str) -> None:
    """Open the track of one item of a for-each step.

    Only ids of a declared choice are language-free and nobody's personal data; any other item is called by its number.
    """
    (name,) = step.doc["for_each"]
    seal = s.keep(f"{s.state.next_token}/{name}", item)
    _open(s, token, step, step.id, key=key, item=seal, name=name)


def listed(procedure: Procedure, step: Step) -> Document:
    """The declaration of the field that a for-each *step* goes over; empty where its list is computed."""
    (text,) = step.doc["for_each"].values()
    root, _, field = text.strip().partition(".")
    if root in procedure.steps:
        return procedure.steps[root].form.get(field, {})
    fields: Document = procedure.document.get(root, {}) if root in {"inputs", "parameters"} else {}
    found: Document = fields.get(field, {})
    return found


def call(s: Scribe, token: Token, step: Step) -> bool:
    """Start a run of another SOP; gives whether this one waits for it."""
    if s.state.depth >= limits.CHILD_DEPTH:
        raise Stop([Reason(Code.CHILD_DEPTH, {"step": step.id, "limit": limits.CHILD_DEPTH})])
    values: dict[str, dict[str, Value]] = {"inputs": {}, "parameters": {}}
    for root, name, text in given(step.doc):
        try:
            values[root][name] = exact(s.value(step.id, text, token))
        except GuardError as error:
            where = f"{step.id}.with.{name}" if root == "inputs" else f"{step.id}.with.{root}.{name}"
            raise Stop([Reason(Code.GUARD_ERROR, {"where": where, "expression": text, "why": error.reason})]) from error
    child = f"{s.context.run}.{s.state.next_child}"
    detached, drill = bool(step.doc.get("detached")), bool(step.doc.get("drill"))
    s.tell(e.ChildRequested(token.id, step.id, child, step.doc["run"], detached, drill))
    waiting = 0 if detached else token.id  # no token ever has the number 0
    s.effects.append(StartChild(waiting, child, step.doc["run"], values["inputs"], values["parameters"], s.state.drill or drill))
    return not detached
