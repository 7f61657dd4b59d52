"""Time and chance: the only module that reads either.

Everything else takes them as arguments, so that a test or a replay can decide what they were.
"""

import os
import time
from collections.abc import Callable
from typing import Final, Protocol

_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz234567"
"""Base 32 of RFC 4648, in small letters: 32 characters, so five bits of a byte choose one without bias."""


class Clock(Protocol):
    """What tells the time."""

    def now(self) -> str:
        """The instant as RFC 3339 text in UTC with microseconds: ``2026-11-22T13:02:11.123456Z``."""
        ...


class SystemClock:
    """The clock of this machine, which never runs backwards within this process.

    Attributes:
        nanoseconds: reads the time since 1970 in nanoseconds.
    """

    def __init__(self, nanoseconds: Callable[[], int] = time.time_ns) -> None:
        self._nanoseconds = nanoseconds
        self._last = 0

    def now(self) -> str:
        """The instant, or the last one given where the machine's clock was set back."""
        self._last = max(self._last, self._nanoseconds() // 1000)
        seconds, microseconds = divmod(self._last, 1_000_000)
        return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{microseconds:06d}Z"


class Ids:
    """Names and secrets made by chance.

    Attributes:
        random: gives so many random bytes; the operating system's unless a test decides otherwise.
    """

    def __init__(self, random: Callable[[int], bytes] = os.urandom) -> None:
        self._random = random

    def salt(self) -> bytes:
        """32 bytes for one salted commitment."""
        return self._random(32)

    def pseudonym(self) -> str:
        """The name of a person in histories: ``p_`` and 12 characters (60 bits)."""
        return f"p_{self._letters(12)}"

    def token(self) -> str:
        """A key that nobody else made: 26 characters (130 bits), for requests and outward messages."""
        return self._letters(26)

    def log(self) -> str:
        """The id of a database's log: 16 hexadecimal digits."""
        return self._random(8).hex()

    def seed(self) -> int:
        """A seed to be recorded with what was drawn from it: 48 bits, a whole number that JSON keeps."""
        return int.from_bytes(self._random(6), "big")

    def _letters(self, count: int) -> str:
        return "".join(_ALPHABET[byte & 31] for byte in self._random(count))


def pause(seconds: float) -> None:
    """Waits."""
    time.sleep(seconds)


def chance() -> float:
    """A number from 0 to just below 1; for waiting times, not for secrets."""
    return int.from_bytes(os.urandom(4), "big") / 2**32
