"""Cancel regions: branches and items that end because of an outcome elsewhere, be it that of a child run."""

from collections.abc import Sequence

from engine.rules.flow import child_trigger, leave_out, proceed
from engine.rules.scribe import Scribe
from engine.state import State, Token, has_returned


def cancel_regions(s: Scribe, regions: Sequence[str], token: Token) -> None:
    """End the tracks that an outcome at *token* cancels, before the run moves on; inside an item, only those of this item."""
    here = _items(s.state, token)
    for region in regions:
        for other in [t for t in s.state.tokens.values() if t.track == region]:
            around = {track: number for track, number in _items(s.state, other).items() if track != region}
            if other.id in s.state.tokens and all(here.get(track, number) == number for track, number in around.items()):
                leave_out(s, other.id, "cancelled")


def go_on(s: Scribe, token: Token) -> None:
    """Go on behind the step of *token*, whose child run has come back."""
    end = s.state.outcomes[token.scope + token.at]
    cancel_regions(s, s.procedure.steps[token.at].outcomes.get(end, {}).get("cancels", ()), token)
    proceed(s, token.id, child_trigger(s, token.id, end))


def go_on_with_all(s: Scribe) -> None:
    """Go on wherever a child run came back while the run was suspended."""
    for token in [token for token in s.state.tokens.values() if has_returned(token)]:
        if token.id in s.state.tokens:  # another that went on may have ended this one
            go_on(s, token)


def _items(state: State, token: Token) -> dict[str, int]:
    """The items that *token* stands in: for-each step to the token of the item."""
    found: dict[str, int] = {}
    current: Token | None = token
    while current is not None:
        if current.key:
            found[current.track] = current.id
        current = state.tokens.get(current.parent) if current.parent is not None else None
    return found
