"""Reading what figures are made of."""

from collections.abc import Mapping
from typing import NamedTuple

from engine import limits
from runners.store.database import Unit
from runners.store.records import LAST


class Measurable(NamedTuple):
    """A run that figures can be made of, as it is stored.

    Attributes:
        values: path to what was filled in, as JSON; without what was erased.
    """

    run: str
    sop: str
    fingerprint: str
    started_at: str
    state: bytes
    values: Mapping[str, bytes]

    @property
    def key(self) -> tuple[str, str]:
        """Where it stands in the list."""
        return (self.started_at, self.run)


def measurable(
    unit: Unit, *, sop: str | None = None, before: tuple[str, str] = (LAST, LAST), limit: int = limits.PAGE_ROWS
) -> list[Measurable]:
    """Runs that are no drills, newest first, after the ``key`` of the last one of the page before."""
    page = {"sop": sop, "before_at": before[0], "before_id": before[1]}
    runs = unit.all("runs_measured", **page, limit=limit)
    values: dict[str, dict[str, bytes]] = {}
    if runs:
        last_id, last_at = runs[-1][0], runs[-1][3]
        for run, path, body in unit.all("values_measured", **page, last_at=last_at, last_id=last_id):
            values.setdefault(run, {})[path] = bytes(body)
    return [
        Measurable(run, name, fingerprint, started, bytes(state), values.get(run, {}))
        for run, name, fingerprint, started, state in runs
    ]
