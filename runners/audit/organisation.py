"""The directory's own history, proved like that of a run: its chain, its head, and that the tables say what it says."""

import json

from engine.organisation import Facts, fold, same
from runners.audit.chain import Chain, Finding
from runners.register import facts_now
from runners.store import organisation_reads as organisation
from runners.store import reads
from runners.store.database import Unit
from runners.store.organisation_reads import ORG


def check(unit: Unit, log: str) -> tuple[int, Finding | None]:
    """How many records the history of the directory has, and the first thing that is wrong with it."""
    chain = Chain(ORG, log)
    facts: Facts = {}
    after = -1
    while rows := reads.history(unit, ORG, after=after):
        if broken := chain.check((row.seq, row.record, row.hash) for row in rows):
            return chain.length, broken
        for row in rows:
            try:
                facts = fold(facts, json.loads(row.record).get("events", ()))
            except (KeyError, TypeError, ValueError) as error:
                return chain.length, Finding("state", ORG, row.seq, f"the record cannot be read: {type(error).__name__} {error}")
        after = rows[-1].seq
    head = organisation.head(unit)
    if (head.seq, head.head) != (chain.length - 1, chain.head) if head else chain.length:
        what = f"the directory stands at record {head.seq if head else -1}, its history ends at {chain.length - 1}"
        return chain.length, Finding("head", ORG, chain.length - 1, what)
    return chain.length, _difference(facts, facts_now(unit)) if head else None


def _difference(told: Facts, stored: Facts) -> Finding | None:
    """The first fact that the tables and the history do not agree about. Whoever was erased is only in the history."""
    for key, fact in stored.items():
        if not same(fact, told.get(key, {})):
            return Finding("rows", ORG, -1, f"{' '.join(key)} is not stored as its history says")
    for key in told:
        if key not in stored and key[0] != "PersonSet":
            return Finding("rows", ORG, -1, f"{' '.join(key)} is missing")
    return None
