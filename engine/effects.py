"""What is to be done outside, as values. Written in the transaction of the events, performed later, never on replay."""

from collections.abc import Mapping
from dataclasses import field
from typing import TypeAlias

from engine.frozen import frozen
from engine.values import Value


@frozen
class StartChild:
    """Start a run of another SOP for a waiting token. Performed in the same transaction, or the command is refused."""

    token: int
    child: str
    sop: str
    inputs: Mapping[str, Value] = field(default_factory=dict)
    parameters: Mapping[str, Value] = field(default_factory=dict)
    drill: bool = False


@frozen
class ReturnToParent:
    """Tell the parent run that this one is over. Performed in the same transaction."""

    parent: str
    token: int
    end: str
    results: Mapping[str, Value] = field(default_factory=dict)


@frozen
class CancelChild:
    """Cancel a child run whose waiting token is gone. Performed in the same transaction."""

    child: str


@frozen
class Notify:
    """Tell people something. Goes to the outbox.

    Attributes:
        kind: ``reminded`` or ``escalated``.
        role: who is to be told, with the owner of the task if it has one.
    """

    kind: str
    step: str
    role: str
    owner: str = ""


Effect: TypeAlias = StartChild | ReturnToParent | CancelChild | Notify
"""Everything that can be asked of the outside."""
