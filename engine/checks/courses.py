"""Whether what leaves the ordinary course can work: signals and waits, first choices, regions, what goes on beside a run."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.checks.codes import Lint
from engine.checks.outline import HUMAN, Outline, Path, Place, around, at_key, close, outcomes, warning
from engine.names import MAIN
from engine.problems import Problem
from engine.procedure import branches


def check(outline: Outline) -> Iterator[Problem]:
    """Every problem of signals, alternatives, regions, critical sections and open ends."""
    yield from _signals(outline)
    for step in outline.steps:
        if step.kind == "first":
            yield from _alternatives(outline, step)
        yield from _regions(outline, step)
        yield from _rest(step)
        quorum = step.doc.get("approval", {}).get("quorum", 1)
        if "critical" in step.doc and quorum != 1:
            yield at_key(
                Lint.SECTION, f'"{step.id}" needs several people and is a critical section, which one has at a time',
                (*step.path, "critical"), "take out critical, or quorum",
            )  # fmt: skip


def _signals(outline: Outline) -> Iterator[Problem]:
    declared: Mapping[str, Mapping[str, Any]] = outline.document.get("signals", {})
    waited = set()
    for step in outline.steps:
        name = step.doc.get("wait", {}).get("signal")
        if name is None:
            continue
        waited.add(name)
        if name not in declared:
            hint = close(name, declared) or "declare it under signals"
            yield Problem(Lint.UNKNOWN_SIGNAL, f'there is no signal "{name}"', (*step.path, "wait", "signal"), hint=hint)
    for name, signal in declared.items():
        if name not in waited:
            message = f'nothing waits for the signal "{name}"'
            yield warning(Lint.UNUSED_SIGNAL, message, ("signals", name), "remove it, or wait for it")
        yield from _uncomputed(signal.get("form", {}), ("signals", name, "form"), f'the signal "{name}" brings')
    yield from _uncomputed(outline.document.get("inputs", {}), ("inputs",), "inputs bring")


def _uncomputed(fields: Mapping[str, Any], path: Path, what: str) -> Iterator[Problem]:
    """What is computed where nothing computes it."""
    for name, field in fields.items():
        places = [(name, field), *((f"{name}.{column}", body) for column, body in field.get("columns", {}).items())]
        for place, body in places:
            if "value" in body:
                where = place.replace(".", ".columns.").split(".")
                yield at_key(
                    Lint.UNCOMPUTED, f'"{place}" is computed, and {what} what is given', (*path, *where, "value"), "take out value"
                )


def _alternatives(outline: Outline, step: Place) -> Iterator[Problem]:
    for name in branches(step.doc):
        first = outline.tracks[f"{step.id}.{name}"][0]
        if first.kind not in HUMAN and first.kind != "wait":
            message = f'the alternative "{name}" of "{step.id}" begins with "{first.id}", for which nobody waits'
            yield Problem(Lint.ALTERNATIVE, message, (*first.path, "id"), hint="let it begin with a person or a wait")
        elif "when" in first.doc:
            message = f'the alternative "{name}" of "{step.id}" begins with a step that can be skipped, and so would be chosen'
            hint = "put the condition on the alternative: {when: …, steps: …}"
            yield at_key(Lint.ALTERNATIVE, message, (*first.path, "when"), hint)


def _regions(outline: Outline, step: Place) -> Iterator[Problem]:
    for name, way in outcomes(step).items():
        for number, region in enumerate(way.get("cancels", ())):
            path = (*step.path, "outcomes", name, "cancels", number)
            if region == MAIN or region not in outline.tracks:
                known = [track for track in outline.tracks if track != MAIN]
                hint = close(region, known) or "name a branch (step.branch) or a for-each step"
                yield Problem(Lint.REGION, f'there is no branch and no for-each step "{region}"', path, hint=hint)
            elif region in {step.track, *(one.track for one in around(step))}:
                hint = "leave closes the track that a step stands in"
                yield Problem(Lint.REGION, f'"{step.id}" stands in "{region}" itself', path, hint=hint)
            else:
                yield from _elsewhere(outline, step, region, path)


def _elsewhere(outline: Outline, step: Place, region: str, path: Path) -> Iterator[Problem]:
    """A region inside a for-each step that *step* does not stand in: of which item?"""
    owner = outline.tracks[region][0].outer
    bodies = {one.body for one in (step, *around(step))}
    if owner is not None and owner.body and owner.body not in bodies:
        message = f'"{region}" is inside the items of "{owner.body}", and "{step.id}" is not'
        yield Problem(Lint.REGION, message, path, hint=f'cancel "{owner.body}" as a whole')


def _rest(step: Place) -> Iterator[Problem]:
    if step.doc.get("rest") != "continue":
        return
    path, join = (*step.path, "rest"), step.doc.get("join", "all")
    tracks: Iterable[str] = branches(step.doc)
    if step.body:
        message = f'what goes on beside "{step.id}" would outlive its item of "{step.body}"'
        yield Problem(Lint.REST, message, path, hint="let the rest be cancelled, or wait for all")
    elif join == "all" or (isinstance(join, int) and step.kind == "parallel" and join >= len(list(tracks))):
        message = f'"{step.id}" waits for all of its tracks, so that none can go on'
        yield Problem(Lint.REST, message, path, hint="join: any, or a number")
