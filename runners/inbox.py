"""What waits for somebody: their own tasks, those they may take, those they do in somebody's place, and those that are stuck."""

import json
from typing import TYPE_CHECKING

from engine.directory import Links
from runners.people import KEPT, STUCK
from runners.people_stored import StoredDirectory
from runners.store import reads
from runners.store.database import Unit
from runners.store.records import InboxRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.procedure import Procedure
    from engine.state import State
    from runners.library import Library


class Inbox:
    """Reads inboxes within one transaction.

    Args:
        unit: the transaction.
        directory: tells in whose place somebody may act now.
        library: gives what finds procedures, when one is needed.
    """

    def __init__(self, unit: Unit, directory: StoredDirectory, library: "Callable[[], Library]") -> None:
        self._unit = unit
        self._directory = directory
        self._library = library
        self._standing: dict[str, tuple[State, Procedure] | None] = {}

    def page(
        self, person: str, after: tuple[str, str, int], limit: int, wanted: "Callable[[InboxRow], bool]" = lambda _: True
    ) -> list[InboxRow]:
        """The next *limit* lines after the key *after*, due first; only those that are *wanted*.

        Of lines for the same task the first counts: whoever is kept from it does not get it through a team, and whoever may do
        it in their own right does not do it in another's place.
        """
        links = self._directory.links(person)
        mine = [f"{KEPT}{person}", f"person:{person}", *(f"team:{team}" for team in self._directory.teams(person) or ())]
        place: dict[str, str] = {}
        for mandate in links.mandates:
            for holder in (f"person:{mandate.chain[0]}", *(f"team:{team}" for team in mandate.teams)):
                if holder not in mine:
                    place.setdefault(holder, mandate.chain[0])
        away = _away(links)
        stuck = [f"{STUCK}{lead}" for lead in (person, *away)]
        found: list[InboxRow] = []
        while len(found) < limit:
            rows = reads.inbox(self._unit, person, [*mine, *place, *stuck], after=after, limit=limit, owners=away)
            found += [shown for row in rows if (shown := self._shown(row, person, place, away)) and wanted(shown)]
            if len(rows) < limit:
                break
            after = rows[-1].key
        return found[:limit]

    def _shown(self, row: InboxRow, person: str, place: dict[str, str], away: list[str]) -> InboxRow | None:
        if row.holder.startswith(KEPT):
            return None
        principal = place.get(row.holder) or (row.owner if not row.holder and row.owner in away else "")
        if not principal:
            return row
        # What waits for somebody else is asked about one by one: which role it is for, and what whoever stands in has done.
        return row._replace(place=principal) if self._permitted(row, person) else None

    def _permitted(self, row: InboxRow, person: str) -> bool:
        from engine.people import unfit

        if row.run not in self._standing:  # a page often has many tasks of one run
            self._standing[row.run] = self._stands(row.run)
        state, procedure = self._standing[row.run] or (None, None)
        if state is None or procedure is None or row.no not in state.tasks:
            return False
        return not unfit(procedure, state, state.tasks[row.no], person, self._directory)

    def _stands(self, run: str) -> "tuple[State, Procedure] | None":
        from engine.state import from_plain

        found = reads.load_run(self._unit, run)
        return (from_plain(json.loads(found.state)), self._library().procedure(self._unit, found.fingerprint)) if found else None


def _away(links: Links) -> list[str]:
    """Those for whom everything is done: they are away."""
    return list(dict.fromkeys(mandate.chain[0] for mandate in links.mandates if not mandate.role))
