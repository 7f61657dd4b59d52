"""Whether the steps hang together: every target exists, every step is reached, every loop ends, every join fills."""

from collections.abc import Iterable, Iterator, Mapping

from engine import limits
from engine.checks.codes import Lint
from engine.checks.expressions import TYPE_NAMES
from engine.checks.outline import Outline, Place, Way, at_key, close, ways
from engine.checks.reach import parts
from engine.names import END, LEAVE, MAIN, RESERVED
from engine.problems import Problem
from engine.scope import END as SCOPE_END
from engine.scope import FIELD_RESERVED
from engine.text import said

_LITERALS = frozenset({"true", "false", "null", "in"})
"""Words that the expression language does not take even after a dot."""


def check(outline: Outline) -> Iterator[Problem]:
    """Every problem of ids and control flow."""
    if len(outline.steps) > limits.STEPS:
        message = said(
            "the definition has {steps} steps, at most {limit} are allowed", steps=len(outline.steps), limit=limits.STEPS
        )
        yield Problem(Lint.LIMIT, message, ("steps",))
        return
    yield from _ids(outline)
    yield from _targets(outline)
    for steps in outline.tracks.values():
        yield from _track(outline, steps)
    yield from _joins(outline)


def _ids(outline: Outline) -> Iterator[Problem]:
    first: dict[str, Place] = {}
    for step in outline.steps:
        path = (*step.path, "id")
        if step.id in RESERVED or step.id in {MAIN, SCOPE_END}:
            yield Problem(Lint.RESERVED_ID, said('"{name}" is a reserved word', name=step.id), path, hint=said("choose another id"))
        if step.id in first:
            yield Problem(
                Lint.DOUBLED_ID,
                said('two steps are called "{id}"', id=step.id),
                path,
                hint=said("ids are unique in the definition"),
            )
        first.setdefault(step.id, step)
        yield from _fields(step.doc.get("form", {}), (*step.path, "form"), FIELD_RESERVED | _LITERALS)
        for item in step.doc.get("for_each", {}):
            yield from _item(outline, step, item)
    for root in ("inputs", "parameters"):
        yield from _fields(outline.document.get(root, {}), (root,), _LITERALS)
    for signal, spec in outline.document.get("signals", {}).items():
        yield from _fields(spec.get("form", {}), ("signals", signal, "form"), FIELD_RESERVED | _LITERALS)
    for number, role in enumerate(outline.document["roles"]):
        if role in RESERVED:
            yield Problem(
                Lint.RESERVED_ID, said('"{name}" is a reserved word', name=role), ("roles", number), hint=said("choose another id")
            )


def _fields(fields: Iterable[str], path: tuple[str | int, ...], reserved: Iterable[str]) -> Iterator[Problem]:
    for name in fields:
        if name in reserved:
            yield at_key(
                Lint.RESERVED_ID, said('a field cannot be called "{name}"', name=name), (*path, name), said("choose another id")
            )


def _item(outline: Outline, step: Place, item: str) -> Iterator[Problem]:
    path = (*step.path, "for_each", item)
    if item in RESERVED - {"item"} or item in TYPE_NAMES:
        yield at_key(
            Lint.RESERVED_ID, said('"{name}" is a reserved word', name=item), path, said("choose another name for the item")
        )
    elif item in outline.by_id:
        yield at_key(
            Lint.NAME_CLASH,
            said('the item is called like the step "{item}"', item=item),
            path,
            said("choose another name for the item"),
        )
    elif any(item in other.doc.get("for_each", {}) for other in outline.steps if other.id == step.body):
        yield at_key(
            Lint.NAME_CLASH,
            said('the item around it is called "{item}" too', item=item),
            path,
            said("choose another name for the item"),
        )


def _targets(outline: Outline) -> Iterator[Problem]:
    for step in outline.steps:
        for way in ways(step):
            to = outline.resolved(step, way.target)
            if to in {LEAVE, END} or outline.in_track(step.track, to):
                continue
            here = [other.id for other in outline.tracks[step.track]]
            if to not in outline.by_id:
                hint = close(to, [*here, "next", "leave", "end"]) or close(to, outline.by_id)
                yield Problem(
                    Lint.UNKNOWN_STEP,
                    said('step "{id}" goes to "{target}", which does not exist', id=step.id, target=to),
                    way.path,
                    hint=hint,
                )
            else:
                where = outline.by_id[to].track
                yield Problem(
                    Lint.OTHER_TRACK,
                    said('step "{id}" goes to "{target}", which is in another track ({track})', id=step.id, target=to, track=where),
                    way.path,
                    hint=said("a step goes to steps of its own track; leave closes the track, end ends the run"),
                )  # fmt: skip
        decide = step.doc.get("decide", ())
        for number, choice in enumerate(decide):
            if ("else" in choice) != (number == len(decide) - 1):
                last = (
                    said('decision "{id}": else stands last, and only there', id=step.id)
                    if "else" in choice
                    else said('decision "{id}": the last choice is not else', id=step.id)
                )
                yield Problem(
                    Lint.ELSE_LAST, last, (*step.path, "decide", number),
                    hint=said("what happens when nothing is true must be said"),
                )  # fmt: skip


Graph = Mapping[str, list[tuple[Way, str]]]


def _track(outline: Outline, steps: list[Place]) -> Iterator[Problem]:
    graph = {step.id: [(way, outline.resolved(step, way.target)) for way in ways(step)] for step in steps}
    reached = _reached(graph, steps[0].id)
    for step in steps:
        if step.id not in reached:
            yield Problem(Lint.UNREACHABLE, said('no way leads to step "{id}"', id=step.id), (*step.path, "id"))
    leaving = _leaving(graph)
    for step in steps:
        if step.id in reached and step.id not in leaving:
            yield Problem(
                Lint.NO_END, said('from step "{id}" no way leads to an end', id=step.id), (*step.path, "id"),
                hint=said("an outcome must lead to next, leave or end"),
            )  # fmt: skip
    endless = {name: [(way, to) for way, to in out if not way.limited] for name, out in graph.items()}
    for loop, back in _loops(endless):
        yield Problem(
            Lint.ENDLESS,
            said("the loop {loop} has no limit", loop=loop),
            back.path,
            hint=said("limit a way back: {to: …, rounds: 2, then: …}"),
        )
    automatic = {step.id: graph[step.id] for step in steps if not _waits(outline, step)}
    for loop, back in _loops(automatic):
        yield Problem(
            Lint.NOBODY_IN_LOOP,
            said("nobody acts in the loop {loop}", loop=loop),
            back.path,
            hint=said("let a person decide in it"),
        )


def _waits(outline: Outline, step: Place) -> bool:
    """Whether the run stops at *step* until a person, or another run, acts. A mere wait is nobody's."""
    return (step.kind == "run" and not step.doc.get("detached")) or step in outline.peopled


def _reached(graph: Graph, start: str) -> set[str]:
    found, open_ = {start}, [start]
    while open_:
        for _, to in graph[open_.pop()]:
            if to in graph and to not in found:
                found.add(to)
                open_.append(to)
    return found


def _leaving(graph: Graph) -> set[str]:
    """Steps from which the track can be closed, or the run ended. An unknown target counts: it is a problem of its own."""
    back: dict[str, list[str]] = {}
    for step, out in graph.items():
        for _, to in out:
            back.setdefault(to, []).append(step)
    open_ = [to for to in back if to not in graph]
    found = set(open_)
    while open_:
        for step in back.get(open_.pop(), ()):
            if step not in found:
                found.add(step)
                open_.append(step)
    return found


def _loops(graph: Graph) -> Iterator[tuple[str, Way]]:
    """Every loop of *graph*, written out, with the first way in it that leads backwards."""
    order = {step: number for number, step in enumerate(graph)}
    for part in parts({step: [to for _, to in out if to in order] for step, out in graph.items()}):
        inside = sorted(part, key=order.__getitem__)
        back = [way for step in inside for way, to in graph[step] if to in part and order[to] <= order[step]]
        if back:  # a part without a cycle is a single step that does not lead to itself
            yield " → ".join((*inside, inside[0])), back[0]


def _joins(outline: Outline) -> Iterator[Problem]:
    for step in outline.steps:
        if step.kind in {"parallel", "first"}:
            yield from _join(outline, step)
        elif step.kind == "for_each" and not _closes(outline, outline.tracks[step.id]):
            yield Problem(Lint.JOIN, said('no item of "{id}" can ever be finished', id=step.id), (*step.path, "id"), hint=_CLOSE)


def _join(outline: Outline, step: Place) -> Iterator[Problem]:
    branches: Mapping[str, Mapping[str, object]] = step.doc[step.kind]
    join = step.doc.get("join", "any" if step.kind == "first" else "all")
    if isinstance(join, int) and join > len(branches):
        message = said(
            'the join of "{id}" waits for {needed} branches, and there are {branches}',
            id=step.id,
            needed=join,
            branches=len(branches),
        )
        yield Problem(Lint.JOIN, message, (*step.path, "join"), hint=said("all waits for every branch that was opened"))
        return
    stuck = [name for name in branches if not _closes(outline, outline.tracks[f"{step.id}.{name}"])]
    if join == "all" and len(stuck) < len(branches):
        stuck = [name for name in stuck if "when" not in branches[name]]
        needed = len(branches)
    else:
        needed = join if isinstance(join, int) else 1
    if len(branches) - len(stuck) < needed:
        message = said('the join of "{id}" waits for branches that never close: {stuck}', id=step.id, stuck=", ".join(stuck))
        yield Problem(Lint.JOIN, message, (*step.path, step.kind), hint=_CLOSE)


_CLOSE = said("a way of the track must lead past its last step, or to leave")


def _closes(outline: Outline, steps: list[Place]) -> bool:
    """Whether the track can be closed without ending the run."""
    reached = _reached({s.id: [(way, outline.resolved(s, way.target)) for way in ways(s)] for s in steps}, steps[0].id)
    return any(outline.resolved(step, way.target) == LEAVE for step in steps if step.id in reached for way in ways(step))
