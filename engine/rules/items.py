"""Items that come while a for-each step is open, and the end of that."""

from engine import events as e
from engine import forms, limits
from engine.authority import gate
from engine.commands import AddItem, CloseItems
from engine.people import Directory
from engine.procedure import Document, Procedure
from engine.readers import nothing
from engine.refusals import Code, Reason
from engine.rules.detours import explained, refuse
from engine.rules.ending import cancel_track
from engine.rules.flow import check_join, settle
from engine.rules.opening import listed, open_item
from engine.rules.scribe import Scribe, Stop
from engine.state import State, Token, address_of
from engine.values import Value

Reasons = tuple[Reason, ...]


def spreading(procedure: Procedure, state: State) -> dict[str, Token]:
    """Address of each for-each step that a run stands at, to the token there."""
    at = (token for token in state.tokens.values() if token.at in procedure.steps)
    return {address_of(state, token): token for token in at if procedure.steps[token.at].kind == "for_each"}


def may_items(act: str, procedure: Procedure, state: State, person: str, directory: Directory, *, token: Token) -> Reasons:
    """Why *person* may not add items at *token* or close them (``items``), or go on without those that are open (``cancel``)."""
    reasons = gate(act, procedure, state, person, directory, onward=True)
    if act == "items" and not token.more:
        return (*reasons, Reason(Code.NO_MORE_ITEMS, {"step": address_of(state, token)}))
    return reasons


def _found(s: Scribe, address: str) -> Token:
    at = spreading(s.procedure, s.state)
    if address in at:
        return at[address]
    if s.state.status != "open":
        raise Stop([Reason(Code.RUN_CLOSED, {"status": s.state.status, "end": s.state.end})])
    raise Stop([Reason(Code.NO_TRACK, {"track": address, "known": tuple(at)})])


def add_item(s: Scribe, command: AddItem) -> None:
    """Add an item to a for-each step that is open for more."""
    token = _found(s, command.step)
    step = s.procedure.steps[token.at]
    reasons = [*may_items("items", s.procedure, s.state, s.context.actor, s.context.directory, token=token)]
    if token.opened >= limits.ITEMS:
        reasons.append(Reason(Code.LIMIT, {"what": "items", "limit": limits.ITEMS}))
    field = listed(s.procedure, step)
    items, expected = _items(field, command.item)
    if expected:
        reasons.append(Reason(Code.FIELD_INVALID, {"field": "item", "expected": expected}))
    elif field:
        reasons += forms.strangers({"item": field}, {"item": items}, s.context.directory, s.context.actor)
    item = items[0] if items else None
    named = field.get("type") == "multi_choice"
    key = str(item) if named else str(token.opened + 1)
    if named and any(t.parent == token.id and t.key == key for t in s.state.tokens.values()):
        reasons.append(Reason(Code.ALREADY, {"step": f"{token.at}:{key}", "what": "open"}))
    refuse(reasons)
    open_item(s, token, step, item, key)
    settle(s)


def _items(field: Document, given: Value) -> tuple[list[Value], str]:
    """A list of the one item in its canonical form, or what was expected: one more of the list that the step goes over."""
    if nothing(given):
        return [], "a value"
    if not field:  # a computed list
        found, expected = forms.read({"type": "number" if isinstance(given, int) else "text"}, given)
        return ([found], "") if not expected else ([], expected)
    one = {key: value for key, value in field.items() if key not in {"min", "max", "default", "value"}}
    found, expected = forms.read({**one, "rule": "any"}, [given])
    return (found or [], expected)


def close_items(s: Scribe, command: CloseItems) -> None:
    """Say that no more items come; *early* ends the items that are not finished and goes on."""
    token = _found(s, command.step)
    act = "cancel" if command.early else "items"
    reasons = may_items(act, s.procedure, s.state, s.context.actor, s.context.directory, token=token)
    refuse(explained(reasons, act, command.note) if command.early else [*reasons])
    if token.more:
        s.tell(e.ItemsClosed(token.id, token.at))
    if command.early:
        for item in [t.id for t in s.state.tokens.values() if t.parent == token.id and not t.loose]:
            cancel_track(s, item, "finished early")
    check_join(s, token.id)
    settle(s)
