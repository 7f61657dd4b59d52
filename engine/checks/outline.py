"""A definition laid out for checking: every step with its place, its track, and its ways out.

Made from the canonical document. Unlike a procedure it bears what is wrong: ids that stand twice, targets that are nowhere.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from engine.checks.codes import Lint
from engine.checks.reach import Reach
from engine.names import END, LEAVE, MAIN, NEXT
from engine.places import AT_KEY
from engine.problems import Problem, Severity
from engine.procedure import branches
from engine.text import said

Document = Mapping[str, Any]
Path = tuple[str | int, ...]

_KINDS: Final = ("approval", "decide", "parallel", "first", "for_each", "run", "wait")
HUMAN: Final = frozenset({"task", "approval"})
"""Kinds of steps that people do."""
_DEFAULTS: Final[Mapping[str, Document]] = {
    "task": {"done": {}},
    "approval": {"approve": {}, "reject": {"to": "end(rejected)", "reason": "required"}},
}


@dataclass(frozen=True, slots=True)
class Way:
    """One way out of a step.

    Attributes:
        target: ``next``, ``leave``, ``end…`` or the id of a step.
        name: outcome or choice, for people.
        path: where the target stands; the step itself for ways that are not written.
        limited: it can be taken a limited number of times.
        kind: ``outcome``, ``choice``, ``then``, ``skip``, ``join``, ``wait`` or ``child``.
    """

    target: str
    name: str
    path: Path
    limited: bool = False
    kind: str = "outcome"


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A step where it stands.

    Attributes:
        kind: ``task``, ``approval``, ``decide``, ``parallel``, ``first``, ``for_each``, ``run`` or ``wait``.
        doc: its part of the canonical document.
        path: keys and indexes from the root to it.
        track: name of its track.
        following: id of the next step of the track, empty for the last.
        outer: the step whose branch or body it stands in; None in the main track.
        body: id of the innermost for-each around it, or empty.
    """

    id: str
    kind: str
    doc: Document
    path: Path
    track: str
    following: str
    outer: "Place | None"
    body: str


class Outline:
    """All steps of a document, in order.

    Attributes:
        document: the canonical document.
        steps: all steps; an id that stands twice is here twice.
        by_id: the first step with each id.
        tracks: track name to its steps.
        peopled: the steps that people do, and those that such steps stand in.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.steps: list[Place] = []
        self.tracks: dict[str, list[Place]] = {}
        self._lay_out(document["steps"], ("steps",), MAIN, None, "")
        self.by_id = {step.id: step for step in reversed(self.steps)}
        self.peopled = {one for step in self.humans() for one in (step, *around(step))}
        self._ids = {track: {step.id: step for step in steps} for track, steps in self.tracks.items()}
        self._reach: dict[str, Reach] = {}

    def _lay_out(self, steps: Sequence[Document], path: Path, track: str, outer: Place | None, body: str) -> None:
        laid = self.tracks.setdefault(track, [])
        for number, doc in enumerate(steps):
            following = steps[number + 1]["id"] if number + 1 < len(steps) else ""
            kind = next((kind for kind in _KINDS if kind in doc), "task")
            step = Place(doc["id"], kind, doc, (*path, number), track, following, outer, body)
            laid.append(step)
            self.steps.append(step)
            for name, branch in branches(doc).items():
                inner = (*step.path, kind, name, "steps")
                self._lay_out(branch["steps"], inner, f"{step.id}.{name}", step, body)
            if kind == "for_each":
                self._lay_out(doc["steps"], (*step.path, "steps"), step.id, step, step.id)

    def humans(self) -> list[Place]:
        """The steps that people do."""
        return [step for step in self.steps if step.kind in HUMAN]

    def leaves(self, step: Place) -> list[Place]:
        """*step* itself if people do it, else the steps inside it that people do."""
        return [one for one in self.humans() if step in (one, *around(one))]

    def resolved(self, step: Place, target: str) -> str:
        """Where *target* leads from *step*: a step id, ``leave`` or ``end``."""
        if target == NEXT:
            return step.following or LEAVE
        return END if target.startswith("end") and (target == END or target[3] == "(") else target

    def in_track(self, track: str, name: str) -> bool:
        """Whether a step *name* stands in *track*."""
        return name in self._ids[track]

    def before(self, first: Place, second: Place) -> bool:
        """Whether *first* can have been done when *second* begins."""
        chain = (second, *around(second))
        one, two = next((one, two) for one in (first, *around(first)) for two in chain if one.track == two.track)
        if one is two and one is not first and one is not second:
            return True  # in different branches of one step either may be first
        if one.track not in self._reach:
            steps = self._ids[one.track]
            graph = {name: [self.resolved(step, way.target) for way in ways(step)] for name, step in steps.items()}
            self._reach[one.track] = Reach({name: [to for to in out if to in steps] for name, out in graph.items()})
        return self._reach[one.track].leads(one.id, two.id)


def around(step: Place) -> Iterator[Place]:
    """The steps that *step* stands in, innermost first."""
    while step.outer is not None:
        step = step.outer
        yield step


def columns(outline: Outline, step: Place) -> dict[str, Mapping[str, Document]]:
    """Name of each item that *step* is done for to its columns, where a plain name says which table the items come from."""
    found: dict[str, Mapping[str, Document]] = {}
    for outer in around(step):
        for item, text in outer.doc.get("for_each", {}).items():
            root, _, name = text.strip().partition(".")
            holder = outline.by_id[root].doc.get("form", {}) if root in outline.by_id else outline.document.get(root, {})
            field = holder.get(name, {}) if root in outline.by_id or root == "inputs" else {}
            found[item] = field.get("columns", {})
    return found


def kinds(outline: Outline) -> dict[str, str]:
    """Dotted name to field type of everything that people fill in or set: inputs, parameters, forms, what signals bring."""
    signals = outline.document.get("signals", {})
    forms = {root: outline.document.get(root, {}) for root in ("inputs", "parameters")}
    for step in outline.steps:
        forms[step.id] = {**signals.get(step.doc.get("wait", {}).get("signal"), {}).get("form", {}), **step.doc.get("form", {})}
    return {f"{root}.{name}": field["type"] for root, form in forms.items() for name, field in form.items()}


def outcomes(step: Place) -> Mapping[str, Document]:
    """The outcomes of *step*, written or not."""
    found: Mapping[str, Document] = step.doc.get("outcomes") or _DEFAULTS.get(step.kind, {})
    return found


def ways(step: Place) -> Iterator[Way]:
    """Every way out of *step*, in the order of the document."""
    if "when" in step.doc:
        yield Way(NEXT, said("skipped"), step.path, kind="skip")
    for name, doc in outcomes(step).items():
        yield from _limited(name, doc, (*step.path, "outcomes", name), "outcome")
    for number, doc in enumerate(step.doc.get("decide", ())):
        path = (*step.path, "decide", number)
        if "else" in doc:
            yield Way(doc["else"], said("else"), (*path, "else"), kind="choice")
        else:
            yield from _limited(doc["when"], doc, path, "choice")
    if step.kind == "run":
        yield Way(NEXT, "the child run ends", step.path, kind="child")
    elif step.kind == "wait":
        yield Way(NEXT, said("the wait is over"), step.path, kind="wait")
    elif step.kind in {"parallel", "first", "for_each"}:
        yield Way(NEXT, "joined", step.path, kind="join")


def _limited(name: str, doc: Document, path: Path, kind: str) -> Iterator[Way]:
    yield Way(doc.get("to", NEXT), name, (*path, "to"), limited="rounds" in doc, kind=kind)
    if "then" in doc:
        yield Way(doc["then"], said("{name}, rounds used up", name=name), (*path, "then"), kind="then")


def ends(outline: Outline) -> list[str]:
    """The names of the ends that ways lead to, in order; beside them a run can be done, or cancelled."""
    found = {way.target[4:-1] for step in outline.steps for way in ways(step) if way.target.startswith("end(")}
    return sorted(found)


GIVEN: Final = {"inputs": said("input"), "parameters": said("parameter")}
"""What one of the things is called that a run is given, by the key that they stand under."""


def close(word: str, words: Iterable[str]) -> str:
    """``did you mean "…"?`` for the nearest of *words*, or nothing."""
    found = difflib.get_close_matches(word, sorted(set(words)), n=1)
    return said('did you mean "{name}"?', name=found[0]) if found else ""


def warning(code: Lint, message: str, path: Path, hint: str = "") -> Problem:
    """A problem that does not keep the definition from being used."""
    severity: Severity = "warning"
    return Problem(code, message, path, hint=hint, severity=severity)


def at_key(code: Lint, message: str, path: Path, hint: str = "") -> Problem:
    """A problem about a key."""
    return Problem(code, message, path, hint=hint, facts=AT_KEY)
