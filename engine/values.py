"""The plain data that travels through the engine: what a form gives, what a record holds, what an expression reads."""

from collections.abc import Callable
from typing import Any, TypeAlias

Value: TypeAlias = Any
"""``None``, bool, int (53 bits), str, or lists and maps of these: what canonical JSON can hold. Never a float."""

Seal: TypeAlias = Callable[[str, Value], str]
"""Commits to the value at a path: the salted commitment that stands for it in history and state."""
