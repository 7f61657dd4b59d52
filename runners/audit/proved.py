"""The procedures and calendars that commands are decided again with, each proved to be what was hashed before it is used."""

import hashlib
import json
from collections.abc import Callable
from functools import lru_cache

from engine.calendar import Calendar, from_plain
from engine.canonical import restored
from engine.procedure import Procedure
from runners.store import reads
from runners.store.database import Unit
from runners.store.records import StoredDefinition
from runners.tongue import spoken


class Proved:
    """What was looked at in one audit.

    Args:
        zone: gives the zone object of a name.
    """

    def __init__(self, zone: Callable[[str], object]) -> None:
        self._zone = zone
        self._procedures: dict[str, Procedure | str] = {}
        self._calendars: dict[str, Calendar] = {}

    def __contains__(self, fingerprint: str) -> bool:
        """Whether the procedure of *fingerprint* was looked at already."""
        return fingerprint in self._procedures

    def procedure(self, unit: Unit, fingerprint: str) -> Procedure | str:
        """The procedure as it is stored now, or what is wrong with it."""
        if fingerprint not in self._procedures:
            stored = reads.definition(unit, fingerprint)
            wrong = spoken("its definition is missing") if stored is None else _altered(stored)
            self._procedures[fingerprint] = wrong if wrong or not stored else Procedure.stored(stored.document, fingerprint)
        return self._procedures[fingerprint]

    def version(self, unit: Unit, fingerprint: str) -> Procedure | None:
        """As :meth:`procedure`; None if something is wrong with it."""
        found = self.procedure(unit, fingerprint)
        return None if isinstance(found, str) else found

    def calendar(self, unit: Unit, digest: str) -> Calendar:
        """The calendar of *digest*. Raises ValueError if it is missing or was changed."""
        if digest not in self._calendars:
            body = reads.calendar(unit, digest)
            if body is None or hashlib.sha256(body).hexdigest() != digest:  # a calendar is nobody's, and is never erased
                raise ValueError(spoken("the calendar that its dues were computed with is missing or was changed"))
            plain = json.loads(body)
            self._calendars[digest] = from_plain(plain, self._zone(plain["zone"]))  # type: ignore[arg-type]
        return self._calendars[digest]


def _altered(stored: StoredDefinition) -> str:
    """What is wrong with a definition: its document is another than the one that was hashed, or its text means another."""
    if hashlib.sha256(stored.document).hexdigest() != stored.fingerprint:
        return spoken("its definition is not the one that was hashed")
    document = restored(stored.document)
    if (document["sop"], document["version"]) != (stored.sop, stored.version):
        return spoken("its definition stands under another name or version")
    return (
        "" if _meant(stored.source) == stored.fingerprint else spoken("the text of its definition is not the one that was taken in")
    )


@lru_cache(maxsize=64)
def _meant(source: bytes) -> str:
    """The fingerprint of what a definition's text means; empty where it means nothing."""
    from engine.canonical import canonical_document, fingerprint
    from engine.parse import read

    parsed = read(source).definition
    return fingerprint(canonical_document(parsed)) if parsed else ""
