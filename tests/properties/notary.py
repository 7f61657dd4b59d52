"""The record of every act of a walk, written as the runner writes it, and decided again as the auditor does."""

import hashlib
import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from engine import commands as c
from engine import history
from engine.calendar import Calendar
from engine.canonical import canonical
from engine.decide import Accepted
from engine.people import SYSTEM, holds
from engine.procedure import Procedure
from engine.refusals import Refused
from engine.state import State
from runners.audit.again import Kept, again
from runners.clock import Ids
from runners.sealing import Sealer, said, typed
from runners.store.records import Payload
from tests.properties.crowd import Asked

if TYPE_CHECKING:
    from engine.values import Value

RUN = "SAM-1"


def salts(seed: str) -> Ids:
    """Ids whose every byte follows from *seed*."""
    count = itertools.count()
    return Ids(lambda size: hashlib.sha256(f"{seed}/{next(count)}".encode()).digest()[:size])


class Notary:
    """The history of one run, record by record.

    Args:
        ids: makes salts.
        versions: finds a version of the definition by its fingerprint.
    """

    def __init__(self, ids: Ids, versions: Callable[[str], Procedure | None]) -> None:
        self._ids = ids
        self._versions = versions
        self._kept = Kept(())
        self._seq = -1
        self._head = history.GENESIS

    def sealer(self) -> Sealer:
        """What makes the commitments of one decision."""
        return Sealer(self._ids)

    def differs(  # noqa: PLR0917 - what a record tells, in its order
        self, procedure: Procedure, before: State, command: c.Command, actor: str, decided: Accepted | Refused, sealer: Sealer,
        directory: Asked, held: Mapping[str, tuple[str, str]] | None,
    ) -> str:  # fmt: skip
        """Write down an act and decide it again from what was written; gives what comes out otherwise, or nothing."""
        if isinstance(decided, Refused):
            sealer = Sealer(self._ids)
            words = {**dict(said(command)), **dict(typed(procedure, command))}
            seals = {name: sealer(f"refused.{name}", word) for name, word in words.items()}
            values: Mapping[str, Value] = {f"refused.{name}": word for name, word in words.items()}
        else:
            seals = {"note": sealer.seals["note"]} if "note" in sealer.seals else {}
            values = decided.values
        standing = decided.state if self._seq < 0 and isinstance(decided, Accepted) else before
        roles = [] if actor == SYSTEM else sorted(role for role in standing.roles if holds(standing, role, actor, directory))
        self._seq += 1
        self._take([Payload(RUN, self._seq, path, sealer.salts[path], canonical(value)) for path, value in values.items()])
        written = self._written(procedure, command, actor, roles, seals, decided, directory, held)
        self._head = history.digest(written)
        found = again(procedure, before, json.loads(written), self._kept, lambda _: Calendar(), self._versions)
        return "it cannot be decided again, although nothing was erased" if found is None else found

    def _written(  # noqa: PLR0917 - as above
        self, procedure: Procedure, command: c.Command, actor: str, roles: Sequence[str], seals: Mapping[str, str],
        decided: Accepted | Refused, directory: Asked, held: Mapping[str, tuple[str, str]] | None,
    ) -> bytes:  # fmt: skip
        context = directory.asked.plain()
        if held:
            context["held"] = {section: list(place) for section, place in held.items()}
        done = decided if isinstance(decided, Accepted) else None
        reasons = decided.reasons if isinstance(decided, Refused) else ()
        return history.record(
            log="00" * 8, run=RUN, seq=self._seq, prev=self._head, procedure=procedure, at=directory.at,
            actor={"sub": actor, "auth": "os", **({"roles": roles} if roles else {})}, command=history.asked(command, seals),
            events=done.events if done else (), guards=done.guards if done else (),
            reasons=reasons, context=context,
        )  # fmt: skip

    def _take(self, payloads: Sequence[Payload]) -> None:
        more = Kept(payloads)
        self._kept.by_record |= more.by_record
        self._kept.by_seal |= more.by_seal
        self._kept.seals |= more.seals
