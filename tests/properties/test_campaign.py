"""Random definitions with everything, random acts on each, every promise held after each act; and proof that it would be seen.

What holds is in :mod:`tests.properties.invariants`, :mod:`tests.properties.duties` and :mod:`tests.properties.finishing`; the
long form is ``python -m tests.properties.campaign``.
"""

import os
from collections import Counter

import pytest

from tests.profiles import TIMES
from tests.properties.walk import walk

SEED = os.environ.get("SOP_CAMPAIGN_SEED", "1")
ACTS = 50
PARTS = 10
EACH = 20 * TIMES
DONE = {
    "Start", "Claim", "Release", "Complete", "Assign", "Delegate", "Bind", "CancelTrack", "Comment", "Attach",
    "ChildEnded", "Elapse", "Signal", "Skip", "Rewind", "Suspend", "Resume", "Block", "Unblock", "Reopen", "Correct", "AddItem",
    "CloseItems", "Migrate", "Complete override",
}  # fmt: skip
"""Commands that a part of the campaign has seen accepted; cancelling a whole run is rare on purpose."""
HAPPENED = {
    "ApprovalGiven",
    "JoinFired",
    "TaskEscalated",
    "TaskReminded",
    "ChildReturned",
    "WaitEnded",
    "DecisionTaken",
    "RunEnded",
}


@pytest.mark.parametrize("part", range(PARTS))
def test_every_promise_holds_after_every_act(part: int) -> None:
    """Twenty definitions of each part, fifty acts on each: no promise is broken, and every kind of act is among them."""
    seen: Counter[str] = Counter()
    for number in range(part * EACH, (part + 1) * EACH):
        seen += walk(f"{SEED}:{number}", ACTS).seen
    done = {name.removesuffix(" accepted") for name in seen if name.endswith(" accepted")}
    assert len(DONE - done) <= 3, DONE - done
    assert len(HAPPENED - set(seen)) <= 1, HAPPENED - set(seen)
    assert sum(count for name, count in seen.items() if name.endswith(" refused")) > 100
