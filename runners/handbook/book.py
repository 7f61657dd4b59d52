"""What a handbook is made from: definitions, who they are linked with, the roles, the areas, and what is known of versions."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from engine.procedure import Procedure
from runners.handbook.voice import Texts, Voice


class Edition(NamedTuple):
    """A version of an SOP that somebody published, or that was found in a file.

    Attributes:
        version: its number.
        at: when, RFC 3339; empty where no database says.
        by: handle of who, if anybody.
        why: the note that came with it.
        retired_at: since when it is out of use, by command.
        retired_why: the note that came with that.
    """

    version: str
    at: str = ""
    by: str = ""
    why: str = ""
    retired_at: str = ""
    retired_why: str = ""


class Volume(NamedTuple):
    """An SOP of the handbook, with its versions, the newest first."""

    procedure: Procedure
    editions: tuple[Edition, ...]


class Area(NamedTuple):
    """A part of the index: its title and its SOPs."""

    title: Texts
    sops: tuple[str, ...]


class Book:
    """Everything that the pages are made from.

    Args:
        volumes: the SOPs.
        roles: the catalogue of roles.
        areas: how the index is divided.
    """

    def __init__(self, volumes: Sequence[Volume], roles: Mapping[str, Mapping[str, Any]], areas: Sequence[Area]) -> None:
        self.volumes = {volume.procedure.sop: volume for volume in volumes}
        self.roles = roles
        self.areas = areas
        self.titles = {sop: _own(volume.procedure, volume.procedure.document["title"]) for sop, volume in self.volumes.items()}
        self.starts = {sop: _started(volume.procedure) for sop, volume in self.volumes.items()}

    def voice(self, sop: str, languages: Sequence[str]) -> Voice:
        """What is said about *sop* to a reader of *languages*."""
        return Voice(self.volumes[sop].procedure, languages, self.roles, self.titles)

    def started_by(self, sop: str) -> list[str]:
        """The SOPs with a step that runs *sop*."""
        return [other for other, started in self.starts.items() if sop in started]

    def referred_by(self, sop: str) -> list[str]:
        """The SOPs that name *sop* as one they build on."""
        return [other for other, volume in self.volumes.items() if sop in volume.procedure.document.get("references", ())]

    def named_roles(self) -> list[str]:
        """Every role that an SOP names, in the order of the catalogue; those that are not in it come last."""
        named = {role for volume in self.volumes.values() for role in (*volume.procedure.document["roles"], volume.procedure.owner)}
        return [role for role in self.roles if role in named] + sorted(named - set(self.roles))


def _own(procedure: Procedure, texts: Texts) -> Texts:
    """*texts* without the empty tag, so that other definitions can show them."""
    return {tag or procedure.lang: text for tag, text in texts.items()}


def _started(procedure: Procedure) -> list[str]:
    return list(dict.fromkeys(step.doc["run"] for step in procedure.steps.values() if step.kind == "run"))
