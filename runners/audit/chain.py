"""Level V0: the chain of one run's records. Shares no code with what writes them: bytes, SHA-256 and nothing else.

The bytes that were hashed are the bytes that are stored, so nothing is written again to be checked. The layout is
canonical JSON with sorted keys, so that the end of a record is known to the byte:
``,"log":"…","prev":"…","run":"CAM-1","seq":7,"v":1}``. A hybrid that checks only ends of chains has been fooled before;
every record is hashed.
"""

import hashlib
import json
from binascii import b2a_base64
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from runners.tongue import spoken

_URL_SAFE: Final = bytes.maketrans(b"+/", b"-_")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written.

    Attributes:
        level: ``chain``, ``head``, ``state``, ``rows``, ``decision``, ``commitment``, ``evidence`` or ``definition``.
        seq: the first record concerned; -1 for the run as a whole.
        what: in the language that is spoken.
    """

    level: str
    run: str
    seq: int
    what: str


@dataclass(slots=True)
class Chain:
    """The chain of one run, checked record by record.

    Attributes:
        run: name of the run.
        log: id of the database's log, which every record carries.
        length: records checked so far.
        head: hash of the last one.
    """

    run: str
    log: str
    length: int = 0
    head: bytes = bytes(32)

    def check(self, rows: Iterable[tuple[int, bytes, bytes]]) -> Finding | None:
        """The first thing wrong in *rows* (number, record, stored hash), which go on where the last call ended."""
        sha256 = hashlib.sha256
        log = f',"log":"{self.log}","prev":"'.encode()
        end = f'","run":"{self.run}","seq":'.encode()
        seq, head = self.length, self.head
        try:
            for number, record, stored in rows:
                if number != seq:
                    return Finding(
                        "chain", self.run, seq, spoken("record {seq} is missing; {other} stands there", seq=seq, other=number)
                    )
                if sha256(b"\0" + record).digest() != stored:
                    return Finding("chain", self.run, seq, spoken("the record is not the one that was hashed"))
                prev = b2a_base64(head, newline=False)[:43].translate(_URL_SAFE)
                if not record.endswith(b'%b%b%b%d,"v":1}' % (log, prev, end, seq)) and (wrong := self._strange(record, prev, seq)):
                    return Finding("chain", self.run, seq, wrong)
                head, seq = stored, seq + 1
            return None
        finally:
            self.length, self.head = seq, head

    def _strange(self, record: bytes, prev: bytes, seq: int) -> str:
        """What is wrong with a record that does not end like most; empty if it is a refusal, whose reasons stand within its end."""
        try:
            said = json.loads(record)
            if "reasons" in said and (said["log"], said["run"], said["seq"], said["v"]) == (self.log, self.run, seq, 1):
                return "" if said["prev"] == prev.decode() else spoken("the record does not follow the one before it")
        except (ValueError, KeyError, TypeError):
            pass
        return spoken("the record belongs to another run or place, or does not follow the one before it")
