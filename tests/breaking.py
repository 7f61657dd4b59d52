"""Documents with one thing wrong in them, for tests of what is said about it."""

import copy
from collections.abc import Iterator
from typing import Any

WRONG: tuple[Any, ...] = (
    None,
    True,
    3,
    3.5,
    -7,
    "",
    "No Such Thing",
    "x" * 5000,
    [],
    ["a", "a"],
    [None],
    {},
    {"no": "such"},
    {"": 1},
)


def broken(whole: Any) -> Iterator[Any]:  # noqa: ANN401 - plain data
    """*whole* with one part replaced by something else, left out, or joined by another."""

    def walk(part: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - plain data
        for key in part if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ():
            yield (*path, key)
            yield from walk(part[key], (*path, key))

    for *way, last in walk(whole, ()):
        for value in (*WRONG, ...):
            other = copy.deepcopy(whole)
            holder = other
            for part in way:
                holder = holder[part]
            if value is ...:
                del holder[last]
            else:
                holder[last] = value
            yield other
