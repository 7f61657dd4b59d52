"""Whether what leaves the ordinary course can work: signals and waits, first choices, regions, what goes on beside a run."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.checks.codes import Lint
from engine.checks.outline import HUMAN, Outline, Path, Place, around, at_key, close, outcomes, warning
from engine.names import MAIN
from engine.problems import Problem
from engine.procedure import branches
from engine.text import said


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
                Lint.SECTION, said('"{id}" needs several people and is a critical section, which one has at a time', id=step.id),
                (*step.path, "critical"), said("take out critical, or quorum"),
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
            hint = close(name, declared) or said("declare it under signals")
            yield Problem(
                Lint.UNKNOWN_SIGNAL, said('there is no signal "{name}"', name=name), (*step.path, "wait", "signal"), hint=hint
            )
    for name, signal in declared.items():
        if name not in waited:
            message = said('nothing waits for the signal "{name}"', name=name)
            yield warning(Lint.UNUSED_SIGNAL, message, ("signals", name), said("remove it, or wait for it"))
        yield from _uncomputed(signal.get("form", {}), ("signals", name, "form"), name)
    yield from _uncomputed(outline.document.get("inputs", {}), ("inputs",))


def _uncomputed(fields: Mapping[str, Any], path: Path, signal: str = "") -> Iterator[Problem]:
    """What is computed where nothing computes it."""
    for name, field in fields.items():
        places = [(name, field), *((f"{name}.{column}", body) for column, body in field.get("columns", {}).items())]
        for place, body in places:
            if "value" in body:
                where = place.replace(".", ".columns.").split(".")
                message = (
                    said('"{field}" is computed, and the signal "{signal}" brings what is given', field=place, signal=signal)
                    if signal
                    else said('"{field}" is computed, and inputs bring what is given', field=place)
                )
                yield at_key(Lint.UNCOMPUTED, message, (*path, *where, "value"), said("take out value"))


def _alternatives(outline: Outline, step: Place) -> Iterator[Problem]:
    for name in branches(step.doc):
        first = outline.tracks[f"{step.id}.{name}"][0]
        if first.kind not in HUMAN and first.kind != "wait":
            message = said(
                'the alternative "{name}" of "{id}" begins with "{first}", for which nobody waits',
                name=name,
                id=step.id,
                first=first.id,
            )
            yield Problem(Lint.ALTERNATIVE, message, (*first.path, "id"), hint=said("let it begin with a person or a wait"))
        elif "when" in first.doc:
            message = said(
                'the alternative "{name}" of "{id}" begins with a step that can be skipped, and so would be chosen',
                name=name,
                id=step.id,
            )
            hint = said("put the condition on the alternative: {when: …, steps: …}")
            yield at_key(Lint.ALTERNATIVE, message, (*first.path, "when"), hint)


def _regions(outline: Outline, step: Place) -> Iterator[Problem]:
    for name, way in outcomes(step).items():
        for number, region in enumerate(way.get("cancels", ())):
            path = (*step.path, "outcomes", name, "cancels", number)
            if region == MAIN or region not in outline.tracks:
                known = [track for track in outline.tracks if track != MAIN]
                hint = close(region, known) or said("name a branch (step.branch) or a for-each step")
                yield Problem(
                    Lint.REGION, said('there is no branch and no for-each step "{region}"', region=region), path, hint=hint
                )
            elif region in {step.track, *(one.track for one in around(step))}:
                hint = said("leave closes the track that a step stands in")
                yield Problem(Lint.REGION, said('"{id}" stands in "{region}" itself', id=step.id, region=region), path, hint=hint)
            else:
                yield from _elsewhere(outline, step, region, path)


def _elsewhere(outline: Outline, step: Place, region: str, path: Path) -> Iterator[Problem]:
    """A region inside a for-each step that *step* does not stand in: of which item?"""
    owner = outline.tracks[region][0].outer
    bodies = {one.body for one in (step, *around(step))}
    if owner is not None and owner.body and owner.body not in bodies:
        message = said(
            '"{region}" is inside the items of "{for_each}", and "{step}" is not', region=region, for_each=owner.body, step=step.id
        )
        yield Problem(Lint.REGION, message, path, hint=said('cancel "{for_each}" as a whole', for_each=owner.body))


def _rest(step: Place) -> Iterator[Problem]:
    if step.doc.get("rest") != "continue":
        return
    path, join = (*step.path, "rest"), step.doc.get("join", "all")
    tracks: Iterable[str] = branches(step.doc)
    if step.body:
        message = said('what goes on beside "{step}" would outlive its item of "{for_each}"', step=step.id, for_each=step.body)
        yield Problem(Lint.REST, message, path, hint=said("let the rest be cancelled, or wait for all"))
    elif join == "all" or (isinstance(join, int) and step.kind == "parallel" and join >= len(list(tracks))):
        message = said('"{id}" waits for all of its tracks, so that none can go on', id=step.id)
        yield Problem(Lint.REST, message, path, hint=said("join: any, or a number"))
