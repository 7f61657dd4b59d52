"""A definition compiled: indexed, with its machines and its guards, each made when first needed.

A procedure is built from the canonical document (plain data), never from YAML or the models, so that a process which only
completes a task reads what was compiled once and imports neither pydantic nor yaml.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from engine import canonical
from engine.frozen import frozen
from engine.names import MAIN
from engine.values import Value

if TYPE_CHECKING:
    from engine.definition import Definition
    from engine.expressions import Compiler, Guard
    from engine.machine import TrackMachine
    from engine.scope import Scopes

Document = Mapping[str, Value]

_KINDS = ("approval", "decide", "parallel", "first", "for_each", "run", "wait")
HUMAN = frozenset({"task", "approval"})
"""Kinds of steps that wait for people."""

_DEFAULT_OUTCOMES: Mapping[str, Mapping[str, Document]] = {
    "task": {"done": {}},
    "approval": {"approve": {}, "reject": {"to": "end(rejected)", "reason": "required"}},
}


@frozen
class Step:
    """A step with its place.

    Attributes:
        kind: ``task``, ``approval``, ``decide``, ``parallel``, ``first``, ``for_each``, ``run`` or ``wait``.
        following: the step after it in its track, empty for the last.
        doc: its part of the canonical document.
    """

    id: str
    kind: str
    track: str
    following: str
    doc: Document

    @property
    def role(self) -> str:
        """The role that does it; empty for automatic steps."""
        role: str = self.doc["approval"]["role"] if self.kind == "approval" else self.doc.get("role", "")
        return role

    @property
    def outcomes(self) -> Mapping[str, Document]:
        """Outcome to its part of the document, in order."""
        outcomes: Mapping[str, Document] = self.doc.get("outcomes") or _DEFAULT_OUTCOMES.get(self.kind, {})
        return outcomes

    @property
    def form(self) -> Mapping[str, Document]:
        """Field to its part of the document, in order."""
        form: Mapping[str, Document] = self.doc.get("form", {})
        return form

    @property
    def joins(self) -> int | str:
        """``all``, ``any`` or a number of tracks."""
        join: int | str = self.doc.get("join", "any" if self.kind == "first" else "all")
        return join


@frozen
class Track:
    """A sequence of steps; ``owner`` is the step that opens it, empty for the whole SOP."""

    name: str
    owner: str
    steps: tuple[str, ...]


def default_prefix(sop: str) -> str:
    """What the names of runs of *sop* begin with where its definition does not say it."""
    return sop.replace("_", "")[:3].upper().ljust(2, "X")


def branches(step: Document) -> Mapping[str, Document]:
    """The branches of a step, by name: of ``parallel``, or the alternatives of ``first``."""
    found: Mapping[str, Document] = step.get("parallel") or step.get("first") or {}
    return found


def given(step: Document) -> tuple[tuple[str, str, str], ...]:
    """What a run step gives: ``inputs`` or ``parameters``, the name there, the expression."""
    found: Mapping[str, Value] = step.get("with", {})
    inputs = [("inputs", name, text) for name, text in found.items() if name != "parameters"]
    return (*inputs, *(("parameters", name, text) for name, text in found.get("parameters", {}).items()))


def _kind(step: Document) -> str:
    return next((kind for kind in _KINDS if kind in step), "task")


def _tracks(name: str, owner: str, steps: Sequence[Document]) -> Iterator[tuple[str, str, Sequence[Document]]]:
    yield name, owner, steps
    for step in steps:
        for branch, body in branches(step).items():
            yield from _tracks(f"{step['id']}.{branch}", step["id"], body["steps"])
        if "for_each" in step:
            yield from _tracks(step["id"], step["id"], step["steps"])


class Procedure:
    """What runs are decided by.

    Attributes:
        fingerprint: SHA-256 (hex) of the canonical document.
        document: the canonical document.
        steps: id to step.
        tracks: name to track; ``main`` is the whole SOP.
        sections: names of its critical sections.
        excluding: steps that keep people out whom a field names.
    """

    __slots__ = (
        "_approves", "_compilers", "_deciding", "_defaults", "_guards", "_leaves", "_machines", "_scopes", "_separated",
        "document", "excluding", "fingerprint", "sections", "steps", "tracks",
    )  # fmt: skip

    def __init__(self, document: Document, fingerprint: str) -> None:
        self.document = document
        self.fingerprint = fingerprint
        self.steps: dict[str, Step] = {}
        self.tracks: dict[str, Track] = {}
        for name, owner, steps in _tracks(MAIN, "", document["steps"]):
            self.tracks[name] = Track(name, owner, tuple(step["id"] for step in steps))
            for step, following in zip(steps, [*(s["id"] for s in steps[1:]), ""], strict=True):
                self.steps[step["id"]] = Step(step["id"], _kind(step), name, following, step)
        self.sections = frozenset(step.doc["critical"] for step in self.steps.values() if "critical" in step.doc)
        self.excluding = tuple(step.id for step in self.steps.values() if "not_from" in step.doc)
        self._machines: dict[str, TrackMachine] = {}
        self._guards: dict[tuple[str, str, bool], Guard] = {}
        self._compilers: dict[str, Compiler] = {}
        self._scopes: Scopes | None = None
        self._defaults: dict[str, Value] = {}
        self._leaves: dict[str, tuple[str, ...]] = {}
        self._approves: dict[str, frozenset[str]] = {}
        self._deciding: dict[str, frozenset[str]] = {}
        self._separated: dict[str, frozenset[str]] = {}

    @classmethod
    def compiled(cls, definition: "Definition") -> "Procedure":
        """The procedure of a definition that was checked."""
        document = canonical.canonical_document(definition)
        return cls(document, canonical.fingerprint(document))

    @classmethod
    def stored(cls, raw: bytes, fingerprint: str) -> "Procedure":
        """The procedure that was kept as *raw*; that the bytes have this *fingerprint* is known, and not looked at again."""
        return cls(canonical.restored(raw), fingerprint)

    @property
    def sop(self) -> str:
        """Id of the SOP."""
        return str(self.document["sop"])

    @property
    def version(self) -> str:
        """Version of the definition."""
        return str(self.document["version"])

    @property
    def lang(self) -> str:
        """Language of the definition's plain texts."""
        return str(self.document.get("lang", "en"))

    @property
    def owner(self) -> str:
        """The role that may lead its runs."""
        return str(self.document["owner"])

    @property
    def prefix(self) -> str:
        """What the names of its runs begin with."""
        return str(self.document.get("prefix") or default_prefix(self.sop))

    @property
    def scopes(self) -> "Scopes":
        """Which names expressions may use, and their types."""
        if self._scopes is None:
            from engine.scope import names  # a step without expressions needs no names

            self._scopes = names(self.document)
        return self._scopes

    def machine(self, track: str) -> "TrackMachine":
        """The state machine of *track*, built once."""
        if track not in self._machines:
            from engine.machine import TrackMachine  # reading commands move nothing

            self._machines[track] = TrackMachine(self.tracks[track], self.steps)
        return self._machines[track]

    def guard(self, step: str, text: str, *, condition: bool = True, row: bool = False) -> "Guard":
        """The compiled expression *text* as it stands at *step*.

        Args:
            step: id of the step whose names it may use, or ``results``.
            text: the expression.
            condition: it must be true or false, and may ask how figures stand; otherwise it may give any value.
            row: it stands in a column, and reads its row as well.
        """
        asks = condition and "kpi" in text  # most do not, and share what compiles the values at the step
        place = f"{step}.row" if row else f"{step}.kpi" if asks else step
        key = (place, text, condition)
        if key not in self._guards:
            from engine.expressions import Compiler  # a step without expressions needs no compiler

            if place not in self._compilers:
                names = self.scopes.conditions(step) if asks else self.scopes.at(step)
                self._compilers[place] = Compiler({**names, "row": "map"} if row else names)
            self._guards[key] = self._compilers[place].compile(text, result="bool" if condition else "any")
        return self._guards[key]

    def default(self, parameter: str) -> Value:
        """The default of a parameter in its canonical form; None if it has none or there is no such parameter."""
        if parameter not in self._defaults:
            from engine.forms import read  # forms build on procedures

            field = self.document.get("parameters", {}).get(parameter, {})
            self._defaults[parameter] = read(field, field["default"])[0] if "default" in field else None
        return self._defaults[parameter]

    def body(self, step: str) -> str:
        """The innermost for-each that *step* stands in; empty if it stands in none."""
        owner = self.tracks[self.steps[step].track].owner
        while owner and self.steps[owner].kind != "for_each":
            owner = self.tracks[self.steps[owner].track].owner
        return owner

    def leaves(self, step: str) -> tuple[str, ...]:
        """*step* itself if people do it, else all steps inside it that people do."""
        if step not in self._leaves:
            inside = (inner for track in self.tracks.values() if track.owner == step for inner in track.steps)
            found = (step,) if self.steps[step].kind in HUMAN else tuple(leaf for inner in inside for leaf in self.leaves(inner))
            self._leaves[step] = found
        return self._leaves[step]

    def approves(self, step: str) -> frozenset[str]:
        """The steps of people whose content *step* is a decision about; nothing for other steps than approvals."""
        if step not in self._approves:
            parts = self.steps[step].doc.get("approval", {}).get("of", ())
            self._approves[step] = frozenset(leaf for part in parts for leaf in self.leaves(part))
        return self._approves[step]

    def deciding(self, step: str) -> frozenset[str]:
        """The steps whose people decide who may do *step*."""
        if step not in self._deciding:
            same = self.steps[step].doc.get("same_as")
            self._deciding[step] = self.separated(step) | self.approves(step) | ({same} if same else frozenset())
        return self._deciding[step]

    def separated(self, step: str) -> frozenset[str]:
        """The steps that nobody may do who did *step*. A step that only holds others stands for all of them."""
        if step not in self._separated:
            apart: set[str] = set()
            for group in self.document.get("separate", ()):
                parts = [self.leaves(part) for part in group]
                if any(step in part for part in parts):
                    apart.update(leaf for part in parts if step not in part for leaf in part)
            self._separated[step] = frozenset(apart)
        return self._separated[step]
