"""Keys of pages: what ``--after`` takes is what the page before gave."""

from collections.abc import Sequence

from runners.cli.failures import usage
from runners.tongue import spoken

_SEPARATOR = "|"


def key_text(key: Sequence[str | int]) -> str:
    """The key of a line as it is printed."""
    return _SEPARATOR.join(map(str, key))


def key_of(text: str, parts: int) -> tuple[str, ...]:
    """The parts of a printed key. Raises Failure."""
    found = tuple(text.split(_SEPARATOR))
    if len(found) != parts:
        hint = spoken("take it from the end of the page before, or from next in JSON")
        raise usage(spoken("--after {key}: this is no key of a page", key=text), hint)
    return found
