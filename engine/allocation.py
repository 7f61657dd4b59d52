"""Who of several people gets a task: in turn, by load, or by lot.

Pure: what it goes by (open tasks, turns, a number that nobody could foresee) is given, and stands in the record, so that the
same choice comes out when it is made again.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

from engine.directory import Candidate

ROUND_ROBIN: Final = "round_robin"
LEAST_LOADED: Final = "least_loaded"
RANDOM: Final = "random"
FAMILIAR: Final = "familiar"
RULES: Final = frozenset({ROUND_ROBIN, LEAST_LOADED, RANDOM, FAMILIAR})


def choose(rule: str, candidates: Sequence[Candidate], lot: str) -> str:
    """The person who gets the task; empty if nobody has room for it.

    Args:
        rule: ``round_robin`` (whoever was given one the longest ago), ``least_loaded`` (whoever has the fewest open tasks, of
            these whoever was given one the longest ago), ``random``, or ``familiar`` (whoever was given one last, over all runs,
            as long as they have room).
        candidates: people who may do it. Those who are away or have as many tasks as they are to have are passed over.
        lot: what decides ``random``, different for each task.
    """
    free = sorted(c for c in candidates if not c.away and not (c.capacity and c.load >= c.capacity))
    if not free:
        return ""
    if rule == RANDOM:
        drawn = int.from_bytes(hashlib.sha256(lot.encode()).digest()[:8])
        return free[drawn % len(free)].person
    if rule == ROUND_ROBIN:
        return min(free, key=lambda c: (c.last, c.person)).person
    if rule == FAMILIAR and any(c.last for c in free):
        return max(free, key=lambda c: c.last).person
    return min(free, key=lambda c: (c.load, c.last, c.person)).person
