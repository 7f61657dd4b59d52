"""An SOP for its readers: why, for what, who, which steps."""

from collections.abc import Iterator, Sequence
from typing import Any

from engine.procedure import Procedure, Step
from engine.text import pick
from runners.cli.asking import field_lines
from runners.cli.broken import usable
from runners.cli.doing import Line
from runners.cli.session import Session
from runners.cli.words import value_words
from runners.tongue import marked, spoken


def show_sop(session: Session, name: str) -> None:
    """Show the SOP (or ``SOP@VERSION``)."""
    stored = usable(session, name)
    procedure = stored.procedure
    value = {
        "sop": procedure.sop, "version": procedure.version, "fingerprint": procedure.fingerprint, "added": stored.added_at,
        "retired": stored.retired_at, "definition": procedure.document,
    }  # fmt: skip
    session.out.thing(value, list(_lines(session, procedure)))
    session.out.next(f'sop start {procedure.sop} --title "…"')


def _lines(session: Session, procedure: Procedure) -> Iterator[Line]:
    document = procedure.document

    def text(texts: Any) -> str:  # noqa: ANN401 - a text of a document
        return pick(texts, session.settings.languages, procedure.lang)

    yield f"{procedure.sop} {procedure.version}  {text(document['title'])}", "bold"
    yield f"  {text(document['purpose'])}", ""
    yield "  " + spoken("scope: {scope}", scope=text(document["scope"])), ""
    yield "  " + spoken("owner: {owner}; roles: {roles}", owner=procedure.owner, roles=", ".join(document["roles"])), ""
    for group in document.get("separate", ()):
        yield "  " + spoken("never the same person: {steps}", steps=", ".join(group)), ""
    for what, title in (("inputs", spoken("Inputs:")), ("parameters", spoken("Parameters:"))):
        if fields := document.get(what):
            yield title, "bold"
            for name, field in fields.items():
                default = field.get("default")
                after = "" if default is None else f" = {value_words(default, str)}"
                yield from field_lines(name, field, text, after)
    yield spoken("Steps:"), "bold"
    yield from _steps(procedure, document["steps"], text, 1)
    if session.options.verbose:
        yield spoken("fingerprint {fingerprint}", fingerprint=procedure.fingerprint), "dim"


def _steps(procedure: Procedure, steps: Sequence[Any], text: Any, depth: int) -> Iterator[Line]:  # noqa: ANN401 - parts of a document
    for body in steps:
        step = procedure.steps[body["id"]]
        title = text(body.get("title"))
        when = "  " + spoken("when {condition}", condition=body["when"]) if "when" in body else ""
        yield f"{'  ' * depth}{step.id}  {title + '  ' if title else ''}{_kind(step)}{when}", ""
        for branch, inner in body.get("parallel", {}).items():
            yield f"{'  ' * (depth + 1)}{branch}:", ""
            yield from _steps(procedure, inner["steps"], text, depth + 2)
        if "for_each" in body:
            yield from _steps(procedure, body["steps"], text, depth + 1)


def _kind(step: Step) -> str:
    if step.kind in {"task", "approval"}:
        ways = ", ".join(f"{name} → {way.get('to', 'next')}" for name, way in step.outcomes.items())
        kind = marked("[task: {role}]") if step.kind == "task" else marked("[approval: {role}]")
        return f"{spoken(kind, role=step.role)} {ways}"
    if step.kind == "run":
        return spoken("[runs {sop}]", sop=step.doc["run"])
    if step.kind == "for_each":
        ((item, items),) = step.doc["for_each"].items()
        return spoken("[for each {item} of {items}, join {join}]", item=item, items=items, join=step.joins)
    return spoken("[parallel, join {join}]", join=step.joins) if step.kind == "parallel" else spoken("[decides]")
