"""What people do in a story beside the ordinary work: signals, leaving out, going back, holding up, correcting, adding."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from engine.fields import Model


def _listed(value: Any) -> Any:  # noqa: ANN401 - whatever the document holds
    return [value] if isinstance(value, str) else value


Several = Annotated[list[str], BeforeValidator(_listed)]
"""One name, or a list of names."""
Values = dict[str, Any]


class Act(Model):
    """Something that somebody does.

    Attributes:
        actor: handle (``as``).
        refused: codes that the refusal must hold; empty when the act must be accepted.
    """

    actor: str = Field(alias="as")
    refused: Several = Field(default_factory=list)


class Signalling(Act):
    """Send a signal."""

    signal: str
    given: Values = Field(default_factory=dict, alias="set")


class Explained(Act):
    """Something that needs a reason."""

    note: str = ""


class Skipping(Explained):
    """Leave a task or a wait out."""

    skip: str


class Rewinding(Explained):
    """Go back to a step."""

    rewind: str


class Suspending(Explained):
    """Let nobody act on a task, or with ``true`` in the run."""

    suspend: Literal[True] | str


class Resuming(Explained):
    """Let people act again."""

    resume: Literal[True] | str


class Blocking(Explained):
    """Say that a task cannot be finished now."""

    block: str


class Unblocking(Explained):
    """Say that it can."""

    unblock: str


class Reopening(Explained):
    """Open the run again at a step."""

    reopen: str


class Correcting(Explained):
    """Correct fields of a step that is done."""

    correct: str
    given: Values = Field(alias="set")


class Adding(Act):
    """Add an item to a for-each step."""

    add: str
    item: Any


class Closing(Explained):
    """Say that no more items come; with ``early``, go on without those that are not finished."""

    close: str
    early: bool = False


Detour = (
    Signalling | Skipping | Rewinding | Suspending | Resuming | Blocking | Unblocking | Reopening | Correcting | Adding | Closing
)
"""What leaves the ordinary course."""

DETOURS: dict[str, type[Model]] = {
    "signal": Signalling, "skip": Skipping, "rewind": Rewinding, "suspend": Suspending, "resume": Resuming, "block": Blocking,
    "unblock": Unblocking, "reopen": Reopening, "correct": Correcting, "add": Adding, "close": Closing,
}  # fmt: skip
"""The key that says what such an act is."""
