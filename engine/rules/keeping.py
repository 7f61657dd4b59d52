"""Keeping people out of steps: whoever a field names does not do what says ``not_from``.

Who that is now stands in the state and, whenever it changes, in the history, so that nobody who asks later has to read the
values again. Nobody takes themselves out: whoever is named stays named for as long as it was they who changed the field.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine import events as e
from engine.data import scopes
from engine.people import SYSTEM, principals
from engine.procedure import Procedure
from engine.rules.scribe import Scribe
from engine.state import Token
from engine.values import Value

Pairs = tuple[tuple[str, str], ...]
"""Field and person."""


def keep_out(s: Scribe, step: str, token: Token | None) -> None:
    """Say who is kept out of *step* now, if that is news.

    Args:
        s: the decision.
        step: which step.
        token: where it stands, or the item that it belongs to; None outside of items.
    """
    where = f"{token.scope if token else ''}{step}"
    before = s.state.kept_out.get(where, ())
    now = tuple(pair for path in s.procedure.steps[step].doc.get("not_from", ()) for pair in _named(s, token, path, before))
    gone = [pair for pair in before if pair not in now]
    if gone and s.context.actor != SYSTEM:
        themselves = principals(s.context.actor, (), s.context.directory)
        now = (*now, *(pair for pair in gone if pair[1] in themselves))
    if now != before:
        s.tell(e.PeopleKeptOut(where, now))


def _named(s: Scribe, token: Token | None, path: str, before: Pairs) -> Pairs:
    """Whom the field *path* names; what was erased names those that it named before."""
    value = s.view(token).field(path)
    root = path.partition(".")[0]
    if value is None and any(scope + part in s.state.values for scope in scopes(s.state, token) for part in (path, root)):
        return tuple(pair for pair in before if pair[0] == path)
    people = [value] if isinstance(value, str) else value or ()
    return tuple((path, person) for person in people)


def keep_out_all(s: Scribe) -> None:
    """Say who is kept out of every step and every item that is open, where that is news."""
    for where in tuple(s.state.kept_out):
        if where.rpartition("/")[2] not in s.procedure.excluding:  # an earlier version kept them out
            s.tell(e.PeopleKeptOut(where, ()))
    for step in s.procedure.excluding:
        for token in _places(s, step):
            keep_out(s, step, token)


def _places(s: Scribe, step: str) -> Iterator[Token | None]:
    body = s.procedure.body(step)
    if body:
        yield from [token for token in s.state.tokens.values() if token.key and token.step == body]
    else:
        yield None


def keep_out_by(s: Scribe, new: Procedure, data: Mapping[str, Value]) -> None:
    """The same by another version of the definition, with the values under the paths that it knows."""
    other = Scribe(new, s.state, replace(s.context, data=data))
    keep_out_all(other)
    for event in other.events:
        s.tell(event)
