"""What holds of joins, whatever was drawn."""

from collections import Counter

from engine import events as e
from tests.engine.kit import Play


def joined_once(play: Play, joins: Counter[tuple[int, str, int]]) -> None:
    """A join fires once for each time that its step was entered."""
    for fired in play.told(e.JoinFired):
        entered = sum(
            isinstance(happened, e.TokenMoved | e.Rewound) and (happened.token, happened.target) == (fired.token, fired.step)
            for _, happened in play.history
        )
        joins[fired.token, fired.step, entered] += 1
        assert joins[fired.token, fired.step, entered] == 1
