"""Whether the people fit: roles are declared and used, and separation leaves somebody."""

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations

from engine.checks.codes import Lint
from engine.checks.outline import HUMAN, Outline, Path, Place, close, columns, warning
from engine.problems import Problem
from engine.text import either, said


def check(outline: Outline, roles: Collection[str] | None) -> Iterator[Problem]:
    """Every problem of roles and of who may do what.

    Args:
        outline: the definition.
        roles: the catalogue; None where there is none to compare with.
    """
    yield from _roles(outline, roles)
    apart = _apart(outline)
    for number, group in enumerate(outline.document.get("separate", ())):
        yield from _group(outline, group, ("separate", number))
    for step in outline.humans():
        yield from _same_as(outline, step)
        yield from _named(outline, step)
        yield from _approval(outline, step)
    yield from _contradictions(outline, apart)


def _used(outline: Outline) -> Iterator[tuple[str, Path]]:
    yield outline.document["owner"], ("owner",)
    for act, granted in outline.document.get("permissions", {}).items():
        yield from ((role, ("permissions", act, number)) for number, role in enumerate(granted))
    for step in outline.steps:
        if step.kind == "task":
            yield step.doc["role"], (*step.path, "role")
        elif step.kind == "approval":
            yield step.doc["approval"]["role"], (*step.path, "approval", "role")
        for number, way in enumerate(step.doc.get("escalate", ())):
            yield way["to"], (*step.path, "escalate", number, "to")


def _roles(outline: Outline, catalogue: Collection[str] | None) -> Iterator[Problem]:
    declared: Sequence[str] = outline.document["roles"]
    used = list(_used(outline))
    for role, path in used:
        if role not in declared:
            hint = close(role, declared) or said("add it to roles")
            yield Problem(Lint.ROLE_UNDECLARED, said('the role "{role}" is not declared', role=role), path, hint=hint)
    names = {role for role, _ in used}
    for number, role in enumerate(declared):
        path = ("roles", number)
        if role in declared[:number]:
            yield warning(Lint.ROLE_DOUBLED, said('the role "{role}" stands in the list twice', role=role), path)
        elif role not in names:
            yield warning(
                Lint.ROLE_UNUSED, said('nobody does anything as "{role}"', role=role), path, said("remove it, or give it a step")
            )
        if catalogue is not None and role not in catalogue:
            message = said('the role "{role}" is not in the catalogue', role=role)
            yield Problem(Lint.ROLE_UNKNOWN, message, path, hint=close(role, catalogue) or said("add it to roles.yaml"))


def _step(outline: Outline, name: str, path: Path, what: str) -> Iterator[Problem]:
    """What is wrong with naming the step *name* as one that people do."""
    step = outline.by_id.get(name)
    if step is None:
        hint = close(name, outline.by_id)
        yield Problem(
            Lint.UNKNOWN_STEP, said('{key} names the step "{step}", which does not exist', key=what, step=name), path, hint=hint
        )
    elif step not in outline.peopled:
        yield Problem(
            Lint.NOBODY_DOES,
            said('{key} names "{step}", which no person does', key=what, step=name),
            path,
            hint=said("name steps that people do"),
        )


def _group(outline: Outline, group: Sequence[str], path: Path) -> Iterator[Problem]:
    for number, name in enumerate(group):
        yield from _step(outline, name, (*path, number), "separate")
        if name in group[:number]:
            message = said('"{name}" is kept apart from itself: nobody could do it', name=name)
            yield Problem(Lint.SEPARATION, message, (*path, number), hint=said("name it once"))


def _apart(outline: Outline) -> dict[frozenset[str], Path]:
    """Pairs of steps that one person may not do both of, each with where that is said."""
    found: dict[frozenset[str], Path] = {}
    for number, group in enumerate(outline.document.get("separate", ())):
        known = [outline.by_id[name] for name in group if name in outline.by_id]
        for one, two in combinations(known, 2):
            for first in outline.leaves(one):
                for second in outline.leaves(two):
                    found.setdefault(frozenset((first.id, second.id)), ("separate", number))
    for step in outline.humans():
        for name in step.doc.get("approval", {}).get("of", ()):
            for author in outline.leaves(outline.by_id[name]) if name in outline.by_id else ():
                found.setdefault(frozenset((step.id, author.id)), (*step.path, "approval", "of"))
    return {pair: path for pair, path in found.items() if len(pair) > 1}


def _same_as(outline: Outline, step: Place) -> Iterator[Problem]:
    name = step.doc.get("same_as")
    if name is None:
        return
    path = (*step.path, "same_as")
    yield from _step(outline, name, path, "same_as")
    other = outline.by_id.get(name)
    if other is None:
        return
    if other.kind not in HUMAN and other in outline.peopled:
        yield Problem(
            Lint.NOBODY_DOES,
            said('same_as names "{name}", which several people do', name=name),
            path,
            hint=said("name one step inside it"),
        )
    elif other.kind in HUMAN and not outline.before(other, step):
        yield Problem(Lint.NOT_BEFORE, said('"{other}" cannot have been done before "{step}"', other=name, step=step.id), path)


def _named(outline: Outline, step: Place) -> Iterator[Problem]:
    """What is wrong with the field, or the step, that says who gets the task."""
    if "from" in step.doc:
        yield from _field(outline, step, step.doc["from"], (*step.path, "from"), ("user",))
    for number, name in enumerate(step.doc.get("not_from", ())):
        path = (*step.path, "not_from", number)
        yield from _field(outline, step, name, path, ("user", "users"))
        if name == step.doc.get("from"):
            message = said('whoever "{field}" names gets "{step}", and may not do it', field=name, step=step.id)
            yield Problem(Lint.SEPARATION, message, path, hint=said("take out one of the two"))
    lead = step.doc.get("lead")
    if isinstance(lead, str):
        yield from _step(outline, lead, (*step.path, "lead"), "lead")
        did = outline.by_id.get(lead)
        if did is not None and did.kind in HUMAN and not outline.before(did, step):
            yield Problem(
                Lint.NOT_BEFORE,
                said('"{other}" cannot have been done before "{step}"', other=lead, step=step.id),
                (*step.path, "lead"),
            )


def _field(outline: Outline, step: Place, name: str, path: Path, types: Collection[str]) -> Iterator[Problem]:
    """What is wrong with *name* as a field that names people before *step* begins."""
    root, _, field = name.partition(".")
    other = outline.by_id.get(root)
    signal = outline.document.get("signals", {}).get(other.doc.get("wait", {}).get("signal"), {}) if other else {}
    form = {**signal.get("form", {}), **other.doc.get("form", {})} if other else {}
    held = outline.document.get("inputs", {}) if root == "inputs" else form
    fields = columns(outline, step).get(root) or held
    if field not in fields:
        hint = close(field, fields) or said("name a field of people: inputs.FIELD, STEP.FIELD or ITEM.COLUMN")
        yield Problem(Lint.UNKNOWN_NAME, said('there is no field "{name}"', name=name), path, hint=hint)
    elif fields[field]["type"] not in types:
        message = said('"{name}" names no person: it is a field of type {type}', name=name, type=fields[field]["type"])
        yield Problem(Lint.RESULT_TYPE, message, path, hint=said("a field of type {types}", types=either(sorted(types))))
    elif other is not None and not outline.before(other, step):
        yield Problem(Lint.NOT_BEFORE, said('"{other}" cannot have been done before "{step}"', other=root, step=step.id), path)


def _approval(outline: Outline, step: Place) -> Iterator[Problem]:
    for number, name in enumerate(step.doc.get("approval", {}).get("of", ())):
        path = (*step.path, "approval", "of", number)
        yield from _step(outline, name, path, said("the approval"))
        other = outline.by_id.get(name)
        if other is not None and other in outline.peopled and not outline.before(other, step):
            message = said('"{name}" cannot have been done before its approval "{id}"', name=name, id=step.id)
            yield Problem(Lint.NOT_BEFORE, message, path, hint=said("an approval stands after what it approves"))


def _contradictions(outline: Outline, apart: dict[frozenset[str], Path]) -> Iterator[Problem]:
    """Steps that one person must do and may not do, along any chain of same_as."""
    group: dict[str, str] = {step.id: step.id for step in outline.humans()}

    def root(name: str) -> str:
        while group[name] != name:
            name = group[name]
        return name

    for step in outline.humans():
        same = step.doc.get("same_as")
        if same in group:
            group[root(step.id)] = root(same)
    for step in outline.humans():
        if "same_as" not in step.doc:
            continue
        for pair in apart:
            first, second = sorted(pair)
            if step.id in pair and root(first) == root(second):
                other = second if first == step.id else first
                message = said('whoever does "{other}" must also do "{id}", and may not', other=other, id=step.id)
                hint = said("take out same_as, or the steps from separate or of")
                yield Problem(Lint.SEPARATION, message, (*step.path, "same_as"), hint=hint)
                break
