"""What can be reached in a graph of names, in time that grows with its size. Nothing here recurses."""

from collections.abc import Iterator, Mapping, Sequence

Targets = Mapping[str, Sequence[str]]
"""Name to the names that one move leads to; all of them are names of the graph."""


def parts(graph: Targets) -> Iterator[set[str]]:
    """The strongly connected parts, each before those that it leads to (Kosaraju's algorithm)."""
    placed: set[str] = set()
    back: dict[str, list[str]] = {name: [] for name in graph}
    for name, targets in graph.items():
        for to in targets:
            back[to].append(name)
    for start in reversed(_finished(graph)):
        part = {start} - placed
        open_ = list(part)
        while open_:
            new = set(back[open_.pop()]) - part - placed
            part |= new
            open_ += new
        placed |= part
        if part:
            yield part


def _finished(graph: Targets) -> list[str]:
    """All names, each after those that a walk in depth found behind it."""
    finished: list[str] = []
    seen: set[str] = set()
    for start in graph:
        work = [(start, iter(graph[start]))] if start not in seen else []
        seen.add(start)
        while work:
            name, targets = work[-1]
            to = next((to for to in targets if to not in seen), None)
            if to is None:
                finished.append(name)
                work.pop()
            else:
                seen.add(to)
                work.append((to, iter(graph[to])))
    return finished


class Reach:
    """Answers what leads to what; itself only in a loop."""

    def __init__(self, graph: Targets) -> None:
        self._bit = {name: 1 << number for number, name in enumerate(graph)}
        self._from: dict[str, int] = {}
        for part in reversed(list(parts(graph))):
            found = 0
            for name in part:
                for to in graph[name]:
                    found |= self._bit[to] | self._from.get(to, 0)
            self._from.update(dict.fromkeys(part, found))

    def leads(self, start: str, goal: str) -> bool:
        """Whether one or more moves lead from *start* to *goal*."""
        return bool(self._from[start] & self._bit[goal])
