"""What a picture of an SOP shows, before it has a place: shapes with their words, in the order of the definition."""

from typing import NamedTuple

NEXT, STOP = "", "■"
"""Where a way leads when not to a step: to what follows, or out of the track (its words say where)."""


class Exit(NamedTuple):
    """A way out of a step: its words, and the id of a step of the same track, ``NEXT`` or ``STOP``."""

    text: str
    target: str


class Shape(NamedTuple):
    """A step as it is drawn.

    Attributes:
        id: of the step; ``start`` and ``end`` are ours.
        kind: as :attr:`engine.procedure.Step.kind`, or ``start``, ``end``, ``join``.
        caption: small, above the title: number, kind, who.
        title: what it is called.
        notes: conditions and the like, below the title.
        exits: ways out that are said in its box; none where the only way is to what follows.
        lanes: the tracks that it opens.
        join: the words of the box where these come together.
        here: a run stands here.
    """

    id: str
    kind: str
    caption: str = ""
    title: str = ""
    notes: tuple[str, ...] = ()
    exits: tuple[Exit, ...] = ()
    lanes: "tuple[Lane, ...]" = ()
    join: str = ""
    here: bool = False

    @property
    def passes(self) -> bool:
        """Whether it can lead to what follows it; when its tracks have come together, it always does."""
        return bool(self.lanes) or not self.exits or any(way.target == NEXT for way in self.exits)


class Lane(NamedTuple):
    """A track inside a step: a frame with a title."""

    id: str
    title: str
    shapes: tuple[Shape, ...]
    repeated: bool = False
    """Its steps are done once for each item."""
