"""States that a process has just read or written, so that the next command need not decode them once more.

What is remembered is found by the very bytes that the database gave: it is a shorter way to the same answer, and nothing
that another process or a hand in the database changes can be missed.
"""

import json
from typing import Final, NamedTuple

from engine.canonical import encoded
from engine.state import State, from_plain, to_plain

RUNS: Final = 32
"""How many runs a process remembers; the one that was used the longest ago is forgotten first."""


class Stored(NamedTuple):
    """A state and the instant of its last record."""

    state: State
    at: str


class States:
    """The way from stored bytes to states and back, with a memory."""

    __slots__ = ("_runs",)

    def __init__(self) -> None:
        self._runs: dict[str, tuple[bytes, Stored]] = {}

    def read(self, run: str, body: bytes) -> Stored:
        """What *body* says, the stored state of *run*."""
        known = self._runs.pop(run, None)
        if known is None or known[0] != body:
            plain = json.loads(body)
            known = body, Stored(from_plain(plain), plain.get("at", ""))
        self._keep(run, known)
        return known[1]

    def written(self, run: str, state: State, at: str) -> bytes:
        """The bytes to be stored of *state*, whose last record is of the instant *at*."""
        body = encoded({**to_plain(state), "at": at})  # a fold of events, all of which stand in records that were checked
        self._runs.pop(run, None)
        self._keep(run, (body, Stored(state, at)))
        return body

    def _keep(self, run: str, known: tuple[bytes, Stored]) -> None:
        self._runs[run] = known
        if len(self._runs) > RUNS:
            del self._runs[next(iter(self._runs))]
