"""Keys of pages: what ``--after`` takes is what the page before gave."""

from collections.abc import Sequence

from runners.cli.failures import usage

_SEPARATOR = "|"


def key_text(key: Sequence[str | int]) -> str:
    """The key of a line as it is printed."""
    return _SEPARATOR.join(map(str, key))


def key_of(text: str, parts: int) -> tuple[str, ...]:
    """The parts of a printed key. Raises Failure."""
    found = tuple(text.split(_SEPARATOR))
    if len(found) != parts:
        raise usage(f"--after {text}: this is no key of a page", "take it from the end of the page before, or from next in JSON")
    return found
