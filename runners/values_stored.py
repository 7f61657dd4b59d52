"""The values of a run that count now, read from the database when a rule first asks for one.

Most commands ask for none: a task is finished without looking at what other tasks gave. What is asked for is read together
with its neighbours, those of the run or those of the same item of a for-each, so that a command inside one of a thousand
items costs what it would cost in the only one.
"""

import json
from collections.abc import Callable, Iterator, Mapping

from engine.values import Value


def scope_of(path: str) -> str:
    """The item that *path* belongs to, as the prefix of its paths: ``"17/"``; empty for what belongs to the run."""
    return path[: path.index("/") + 1] if path[0].isdigit() else ""


class Values(Mapping[str, Value]):
    """Path to value.

    Args:
        read: gives path and canonical JSON of everything that counts now in a scope.
    """

    __slots__ = ("_bodies", "_found", "_read", "_scopes")

    def __init__(self, read: Callable[[str], Mapping[str, bytes]] = lambda _: {}) -> None:
        self._read = read
        self._scopes: set[str] = set()
        self._bodies: dict[str, bytes] = {}
        self._found: dict[str, Value] = {}

    def _look(self, path: str) -> None:
        """Read the scope of *path*, once."""
        scope = scope_of(path)
        if scope not in self._scopes:
            self._scopes.add(scope)
            self._bodies.update(self._read(scope))

    def __getitem__(self, path: str) -> Value:
        """The value at *path*."""
        if path not in self._found:
            self._look(path)
            self._found[path] = json.loads(self._bodies[path])
        return self._found[path]

    def __iter__(self) -> Iterator[str]:
        """The paths that were read so far."""
        return iter({**self._bodies, **self._found})

    def __len__(self) -> int:
        return len({**self._bodies, **self._found})

    def rename(self, paths: Mapping[str, str]) -> None:
        """Find what stood under the keys of *paths* under their values, all at once."""
        for path in (*paths, *paths.values()):
            self._look(path)
        self._bodies = {paths.get(path, path): body for path, body in self._bodies.items()}
        self._found = {paths.get(path, path): value for path, value in self._found.items()}

    def learn(self, values: Mapping[str, Value]) -> None:
        """Take in what was decided since."""
        self._found.update(values)
