"""Cancel regions: branches and items that end because of an outcome elsewhere."""

from collections.abc import Sequence

from engine.rules.flow import leave_out
from engine.rules.scribe import Scribe
from engine.state import State, Token


def cancel_regions(s: Scribe, regions: Sequence[str], token: Token) -> None:
    """End the tracks that an outcome at *token* cancels, before the run moves on; inside an item, only those of this item."""
    here = _items(s.state, token)
    for region in regions:
        for other in [t for t in s.state.tokens.values() if t.track == region]:
            around = {track: number for track, number in _items(s.state, other).items() if track != region}
            if other.id in s.state.tokens and all(here.get(track, number) == number for track, number in around.items()):
                leave_out(s, other.id, "cancelled")


def _items(state: State, token: Token) -> dict[str, int]:
    """The items that *token* stands in: for-each step to the token of the item."""
    found: dict[str, int] = {}
    current: Token | None = token
    while current is not None:
        if current.key:
            found[current.track] = current.id
        current = state.tokens.get(current.parent) if current.parent is not None else None
    return found
