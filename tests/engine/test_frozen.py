"""Frozen values: what ``dataclass(frozen=True, slots=True)`` gives, and that their classes cost little to make."""

import copy
import subprocess
import sys
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace
from typing import Any

import pytest

from engine.events import Event, TaskClaimed, TaskReleased
from engine.frozen import frozen, parts


@frozen
class Ours:
    """Made by us."""

    name: str
    number: int = 3
    more: dict[str, int] = field(default_factory=dict)


Theirs: Any = dataclass(frozen=True, slots=True)(
    type(
        "Ours",
        (),
        {"__annotations__": {"name": str, "number": int, "more": dict}, "number": 3, "more": field(default_factory=dict)},
    )
)
Theirs.__qualname__ = Ours.__qualname__

GIVEN: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    (("a",), {}),
    (("a", 4), {}),
    (("a", 4, {"x": 1}), {}),
    (("a",), {"more": {"x": 1}}),
    ((), {"number": 1, "name": "b"}),
]


@pytest.mark.parametrize(("args", "more"), GIVEN)
def test_values_are_as_those_of_dataclasses(args: tuple[Any, ...], more: dict[str, Any]) -> None:
    """Fields, defaults, text and equality."""
    ours, theirs = Ours(*args, **more), Theirs(*args, **more)
    assert [(part.name, getattr(ours, part.name)) for part in fields(ours)] == list(
        {part.name: getattr(theirs, part.name) for part in fields(theirs)}.items()
    )
    assert repr(ours) == repr(theirs)
    assert ours == Ours(*args, **more)
    assert ours != Ours("other")
    assert ours != theirs
    assert parts(ours) == {"name": ours.name, "number": ours.number, "more": ours.more}


@pytest.mark.parametrize(("args", "more"), [((), {}), (("a", 1, {}, 2), {}), (("a",), {"name": "b"}), (("a",), {"other": 1})])
def test_values_cannot_be_made_of_something_else(args: tuple[Any, ...], more: dict[str, Any]) -> None:
    """A field that is missing, given twice or unknown is refused, as by a dataclass."""
    for kind in (Ours, Theirs):
        with pytest.raises(TypeError):
            kind(*args, **more)


def test_values_stay_as_they_are() -> None:
    """Nothing can be set, deleted or added; a default that can change is made anew for each."""
    value = Ours("a")
    with pytest.raises(FrozenInstanceError, match="name"):
        value.name = "b"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError, match="name"):
        del value.name
    with pytest.raises(FrozenInstanceError):
        value.other = 1  # type: ignore[attr-defined]
    assert Ours("a").more is not Ours("b").more


def test_copies_are_equal() -> None:
    """``replace``, ``copy`` and ``deepcopy`` know them."""
    value = Ours("a", more={"x": 1})
    assert replace(value, number=7) == Ours("a", 7, {"x": 1})
    assert copy.copy(value) == value
    assert copy.deepcopy(value) == value
    assert copy.deepcopy(value).more is not value.more


def test_values_of_different_classes_differ() -> None:
    """Two events with the same fields are not the same event; equal ones have one place in a set."""
    claimed: Event = TaskClaimed(1, "p")
    released: Event = TaskReleased(1, "p")
    assert claimed != released
    assert len({TaskClaimed(1, "p"), TaskClaimed(1, "p"), TaskReleased(1, "p")}) == 2
    several: tuple[Event, ...] = (TaskClaimed(1, "p"),)
    assert several == (TaskClaimed(1, "p"),)


def test_a_class_compiles_nothing_before_its_first_value() -> None:
    """Which is what the command line saves; the negative control is the first value."""
    code = """
import builtins
from engine.frozen import frozen
made = []
compiled = builtins.exec
builtins.exec = lambda *args: (made.append(1), compiled(*args))[1]
class One:
    name: str
One = frozen(One)
before = len(made)
One("a")
once = len(made)
One("b")
print(before, once > 0, len(made) == once)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "True", "True"]
