"""Whatever the order and layout of a definition: tidying keeps its fingerprint and every comment, and has nothing to do after."""

import random
import re
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import definitions as shipped
from engine.canonical import canonical_document, fingerprint
from engine.parse import read, read_plain
from runners.ordering import KINDS
from runners.tidying import tidied
from tests.profiles import TIMES

BODY = (Path(next(iter(shipped.__path__))) / "offboarding.yaml").read_bytes()
SOURCE: Any = read_plain(BODY).document
KEYS = frozenset(key for kind in KINDS.values() for key in kind.order)
"""Keys whose order means nothing, unless an author chose one as a name."""
NAMES = frozenset({"form", "inputs", "parameters", "columns", "outcomes", "parallel", "first", "kpis", "signals", "with", "results",
                   "options", "items"})  # fmt: skip


class Writer:
    """Writes plain data as YAML in a random way, with comments wherever they can stand.

    Args:
        chance: seeded.
    """

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.comments: list[str] = []

    def comment(self) -> str:
        self.comments.append(f"# remark {len(self.comments)}: 'it' \"is\" {{so}}")
        return self.comments[-1]

    def above(self, indent: str) -> str:
        lines = ["\n"] * (self.chance.random() < 0.1)
        if self.chance.random() < 0.15:
            lines.append(f"{indent}{self.comment()}\n")
        return "".join(lines)

    def behind(self) -> str:
        return f"  {self.comment()}\n" if self.chance.random() < 0.1 else "\n"

    def scalar(self, value: object) -> str:
        if not isinstance(value, str):
            return "true" if value is True else "false" if value is False else str(value)
        if self.chance.random() < 0.3 and re.fullmatch(r"[a-z][a-z_ ]*[a-z_]", value) and value not in {"true", "false", "null"}:
            return value
        return "'" + value.replace("'", "''") + "'"

    def pairs(self, value: dict[str, Any], *, names: bool) -> list[tuple[str, Any]]:
        found = list(value.items())
        if not names:
            self.chance.shuffle(found)
        return found

    def flow(self, value: object, *, names: bool = False) -> str:
        if isinstance(value, dict):
            inside = (f"{key}: {self.flow(item, names=key in NAMES)}" for key, item in self.pairs(value, names=names))
            return "{" + ", ".join(inside) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(self.flow(item) for item in value) + "]"
        return self.scalar(value)

    def block(self, value: object, indent: str, *, names: bool = False, first: str = "") -> str:
        """Lines of a mapping or list; *first* is what stands before the first key (a dash)."""
        out = []
        if isinstance(value, list):
            for item in value:
                out.append(self.above(indent))
                if isinstance(item, dict) and self.chance.random() < 0.8:
                    out.append(self.block(item, indent + "  ", first=f"{indent}- "))
                else:
                    out.append(f"{indent}- {self.flow(item)}{self.behind()}")
            return "".join(out)
        assert isinstance(value, dict)
        for number, (key, item) in enumerate(self.pairs(value, names=names)):
            head = first if first and not number else indent
            if number or not first:
                out.append(self.above(indent))
            if isinstance(item, dict | list) and item and self.chance.random() < 0.7:
                out.append(f"{head}{key}:{self.behind()}{self.block(item, indent + '  ', names=key in NAMES)}")
            else:
                out.append(f"{head}{key}: {self.flow(item, names=key in NAMES)}{self.behind()}")
        return "".join(out)


def mark(body: bytes) -> str:
    found = read(body)
    assert found.definition is not None, found.problems
    return fingerprint(canonical_document(found.definition))


def part(chance: random.Random) -> dict[str, Any]:
    """The head of a real definition with a few of its steps, so that an example is read in milliseconds."""
    steps = chance.sample(SOURCE["steps"], 2)
    return {**{key: item for key, item in SOURCE.items() if key not in {"steps", "parameters"}}, "steps": steps}


@settings(max_examples=12 * TIMES)  # each reads and writes a definition some eight times
@given(st.integers(0, 2**32))
def test_tidying_keeps_fingerprint_and_comments(seed: int) -> None:
    """Keys shuffled, brackets or lines, comments anywhere: the same fingerprint, every comment once, and a fixed point."""
    writer = Writer(random.Random(seed))
    body = writer.block(part(writer.chance), "").encode()
    made = tidied(body)
    assert mark(made) == mark(body)
    text = made.decode()
    assert [text.count(comment + "\n") for comment in writer.comments] == [1] * len(writer.comments)
    assert tidied(made) == made
    keys = [line.partition(":")[0] for line in text.splitlines() if re.match(r"[a-z]", line)]
    assert keys == sorted(keys, key=KINDS["definition"].order.index)
