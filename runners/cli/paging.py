"""Pages of lists: ``--limit`` and ``--after``, which takes what the page before gave."""

from collections.abc import Callable, Sequence
from typing import Any

import click

from engine import limits
from runners.cli.failures import usage

_SEPARATOR = "|"


def paged(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds ``--limit`` and ``--after``."""
    function = click.option("--after", metavar="KEY", default="", help="Begin after this line of an earlier page.")(function)
    return click.option("--limit", type=click.IntRange(1, limits.PAGE_ROWS), default=50, show_default=True, help="Lines at most.")(
        function
    )


def key_text(key: Sequence[str | int]) -> str:
    """The key of a line as it is printed."""
    return _SEPARATOR.join(map(str, key))


def key_of(text: str, parts: int) -> tuple[str, ...]:
    """The parts of a printed key. Raises Failure."""
    found = tuple(text.split(_SEPARATOR))
    if len(found) != parts:
        raise usage(f"--after {text}: this is no key of a page", "take it from the end of the page before, or from next in JSON")
    return found
