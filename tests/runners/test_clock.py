"""Time and chance."""

import re

from runners import clock
from runners.clock import Ids, SystemClock


def test_the_clock_gives_utc_with_microseconds() -> None:
    """The text is what the machine's clock says, to the microsecond."""
    assert SystemClock(lambda: 1_795_352_531_123_456_789).now() == "2026-11-22T13:02:11.123456Z"
    assert SystemClock(lambda: 1_000).now() == "1970-01-01T00:00:00.000001Z"


def test_the_clock_never_runs_backwards() -> None:
    """Where the machine's clock is set back, the last instant is given again until it is reached."""
    times = iter([5_000_000_000, 4_000_000_000, 4_999_999_999, 6_000_000_000])
    own = SystemClock(lambda: next(times))
    assert [own.now()[17:] for _ in range(4)] == ["05.000000Z", "05.000000Z", "05.000000Z", "06.000000Z"]


def test_the_machine_clock_is_read_by_default() -> None:
    """Two readings are instants of today, in order."""
    own = SystemClock()
    first, second = own.now(), own.now()
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", first)
    assert first <= second


def test_ids_have_their_shapes() -> None:
    """Pseudonyms, tokens, log ids, salts and seeds."""
    ids = Ids()
    assert re.fullmatch(r"p_[a-z2-7]{12}", ids.pseudonym())
    assert re.fullmatch(r"[a-z2-7]{26}", ids.token())
    assert re.fullmatch(r"[0-9a-f]{16}", ids.log())
    assert len(ids.salt()) == 32
    assert 0 <= ids.seed() < 2**48


def test_ids_differ_and_follow_their_source() -> None:
    """Chance makes them differ; a given source makes them known."""
    assert len({Ids().pseudonym() for _ in range(100)}) == 100
    fixed = Ids(lambda count: bytes(range(count)))
    assert (fixed.pseudonym(), fixed.log(), fixed.seed()) == ("p_abcdefghijkl", "0001020304050607", 0x000102030405)


def test_every_letter_is_equally_likely() -> None:
    """All 256 bytes give each of the 32 letters eight times."""
    every = iter(bytes([value]) for value in range(256))
    ids = Ids(lambda count: next(every) * count)
    letters = "".join(ids.token()[0] for _ in range(256))
    assert {letters.count(letter) for letter in set(letters)} == {8}
    assert len(set(letters)) == 32


def test_pauses_and_chance() -> None:
    """A pause of nothing ends, and chance stays within its bounds."""
    clock.pause(0)
    assert all(0 <= clock.chance() < 1 for _ in range(100))
