"""How much the property tests try.

Ordinarily every run tries the same, so that a failure is nobody's bad luck. ``SOP_PROPERTIES=long`` tries forty times as
much, and something else each time.
"""

import os
from typing import Final

from hypothesis import HealthCheck, settings

LONG: Final = os.environ.get("SOP_PROPERTIES") == "long"
TIMES: Final = 40 if LONG else 1


def load() -> None:
    """Make it so for every property test of this process."""
    settings.register_profile(
        "sopwith", max_examples=100 * TIMES, derandomize=not LONG, database=None, deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )  # fmt: skip
    settings.load_profile("sopwith")
