"""Options that several commands share."""

from collections.abc import Callable
from typing import Any

import click

from engine import limits
from runners.cli import times
from runners.cli.failures import Complaint, Failure
from runners.exits import USAGE
from runners.tongue import spoken


def writing(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds what every command has that changes something: ``--dry-run`` and ``--idempotency-key``."""
    function = click.option("-n", "--dry-run", is_flag=True, help="Say what would happen and change nothing.")(function)
    return click.option(
        "--idempotency-key", "key", metavar="KEY", default="",
        help="The same key does it once. Made from the arguments and a window of ten minutes if absent.",
    )(function)  # fmt: skip


def noting(help_: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Adds ``-m``: why, in the person's words; refused where it is too long to be kept."""
    return click.option("-m", "--note", "note", metavar="TEXT", default="", callback=_bounded, help=help_)


def _bounded(_ctx: click.Context, _param: click.Parameter, note: str) -> str:
    if len(note) > limits.COMMENT_CHARACTERS:
        words = spoken("note: expected a text of at most {limit} characters", limit=limits.COMMENT_CHARACTERS)
        raise Failure([Complaint("SOP-F03", words, spoken("attach a longer text as a file"), {"field": "note"})], USAGE)
    return note


def looking_back(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds ``--as-of``."""
    help_ = f"As it was then: {times.EXPECTED} (a day means its end), or the number of a record of the run."
    return click.option("--as-of", "as_of", metavar="TIME|SEQ", default="", help=help_)(function)


def paged(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds ``--limit`` and ``--after``."""
    function = click.option("--after", metavar="KEY", default="", help="Begin after this line of an earlier page.")(function)
    return click.option("--limit", type=click.IntRange(1, limits.PAGE_ROWS), default=50, show_default=True, help="Lines at most.")(
        function
    )


def filling(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds ``--set``, ``--form`` and ``--evidence``."""
    function = click.option(
        "--evidence", "evidence", multiple=True, metavar="FIELD=PATH", help="A file for a field; may be repeated."
    )(function)
    function = click.option(
        "--form", "form", metavar="FILE", default="", help="Values from a JSON or YAML file; '-' for standard input (JSON)."
    )(function)
    return click.option("--set", "sets", multiple=True, metavar="FIELD=VALUE", help="A value; may be repeated.")(function)
