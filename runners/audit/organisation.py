"""The directory's own history, proved like that of a run: its chain, its head, and that the tables say what it says."""

import json
from collections.abc import Mapping

from engine.history import commitment
from engine.organisation import Facts, fold, same
from engine.values import Value
from runners.audit.chain import Chain, Finding
from runners.register import facts_now
from runners.store import organisation_reads as organisation
from runners.store import reads
from runners.store.database import Unit
from runners.store.organisation_reads import ORG
from runners.store.records import Payload
from runners.tongue import spoken


def check(unit: Unit, log: str) -> tuple[int, Finding | None]:
    """How many records the history of the directory has, and the first thing that is wrong with it."""
    chain = Chain(ORG, log)
    facts: Facts = {}
    kept = {payload.seq: payload for payload in reads.payloads(unit, ORG) if payload.path == f"note/{payload.seq}"}
    words: dict[str, str] = {}
    after = -1
    while rows := reads.history(unit, ORG, after=after):
        if broken := chain.check((row.seq, row.record, row.hash) for row in rows):
            return chain.length, broken
        for row in rows:
            try:
                record = json.loads(row.record)
                facts = fold(facts, record.get("events", ()))
                if wrong := _note(record, kept.get(row.seq), words):
                    return chain.length, Finding("commitment", ORG, row.seq, wrong)
            except (KeyError, TypeError, ValueError) as error:
                return chain.length, Finding(
                    "state",
                    ORG,
                    row.seq,
                    spoken("the record cannot be read: {kind} {error}", kind=type(error).__name__, error=error),
                )
        after = rows[-1].seq
    head = organisation.head(unit)
    if (head.seq, head.head) != (chain.length - 1, chain.head) if head else chain.length:
        what = spoken(
            "the directory stands at record {seq}, its history ends at {last}", seq=head.seq if head else -1, last=chain.length - 1
        )
        return chain.length, Finding("head", ORG, chain.length - 1, what)
    return chain.length, (_difference(facts, facts_now(unit)) if head else None) or _words(unit, words)


def _note(record: Mapping[str, Value], kept: Payload | None, words: dict[str, str]) -> str:
    """What is wrong with the words kept for a record; those about versions are added to *words* by kind and fingerprint."""
    if kept is None:  # there were none, or they were erased
        return ""
    said = json.loads(kept.body)
    if commitment(kept.salt, said) != record["command"].get("seals", {}).get("note"):
        return spoken("the note is not the one that was committed to")
    for event in record.get("events", ()):
        if event["is"] in {"VersionPublished", "VersionRetired"}:
            words[f"{event['is']} {event['fingerprint']}"] = said
    return ""


def _words(unit: Unit, words: Mapping[str, str]) -> Finding | None:
    """The first version that is listed with other words than those its record was sealed with; none is erased."""
    for line in reads.definitions(unit):
        for kind, shown in (("VersionPublished", line.why), ("VersionRetired", line.retired_why)):
            if shown and shown != words.get(f"{kind} {line.fingerprint}", shown):
                return Finding(
                    "rows",
                    ORG,
                    -1,
                    spoken(
                        "{fact} {fingerprint} is not listed with the words of its record", fact=kind, fingerprint=line.fingerprint
                    ),
                )
    return None


def _difference(told: Facts, stored: Facts) -> Finding | None:
    """The first fact that the tables and the history do not agree about. Whoever was erased is only in the history."""
    for key, fact in stored.items():
        if not same(fact, told.get(key, {})):
            return Finding("rows", ORG, -1, spoken("{fact} is not stored as its history says", fact=" ".join(key)))
    for key in told:
        if key not in stored and key[0] != "PersonSet":
            return Finding("rows", ORG, -1, spoken("{fact} is missing", fact=" ".join(key)))
    return None
