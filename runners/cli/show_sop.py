"""An SOP for its readers: why, for what, who, which steps."""

from collections.abc import Iterator, Sequence
from typing import Any

from engine.procedure import Procedure, Step
from engine.text import pick
from runners.cli.doing import Line
from runners.cli.session import Session
from runners.cli.words import describe


def show_sop(session: Session, name: str) -> None:
    """Show the SOP (or ``SOP@VERSION``)."""
    app = session.app
    app.library.sync()
    stored = app.library.find(name)
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
    yield f"  scope: {text(document['scope'])}", ""
    yield f"  owner: {procedure.owner}; roles: {', '.join(document['roles'])}", ""
    for group in document.get("separate", ()):
        yield f"  never the same person: {', '.join(group)}", ""
    for what, title in (("inputs", "Inputs:"), ("parameters", "Parameters:")):
        if fields := document.get(what):
            yield title, "bold"
            for name, field in fields.items():
                default = f" = {field['default']}" if "default" in field else ", required" if field.get("required") else ""
                yield f"  {name} ({describe(field)}){default}", ""
    yield "Steps:", "bold"
    yield from _steps(procedure, document["steps"], text, 1)
    if session.options.verbose:
        yield f"fingerprint {procedure.fingerprint}", "dim"


def _steps(procedure: Procedure, steps: Sequence[Any], text: Any, depth: int) -> Iterator[Line]:  # noqa: ANN401 - parts of a document
    for body in steps:
        step = procedure.steps[body["id"]]
        title = text(body.get("title"))
        when = f"  when {body['when']}" if "when" in body else ""
        yield f"{'  ' * depth}{step.id}  {title + '  ' if title else ''}{_kind(step)}{when}", ""
        for branch, inner in body.get("parallel", {}).items():
            yield f"{'  ' * (depth + 1)}{branch}:", ""
            yield from _steps(procedure, inner["steps"], text, depth + 2)
        if "for_each" in body:
            yield from _steps(procedure, body["steps"], text, depth + 1)


def _kind(step: Step) -> str:
    if step.kind in {"task", "approval"}:
        ways = ", ".join(f"{name} → {way.get('to', 'next')}" for name, way in step.outcomes.items())
        return f"[{step.kind}: {step.role}] {ways}"
    if step.kind == "run":
        return f"[runs {step.doc['run']}]"
    if step.kind == "for_each":
        ((item, items),) = step.doc["for_each"].items()
        return f"[for each {item} of {items}, join {step.joins}]"
    return f"[parallel, join {step.joins}]" if step.kind == "parallel" else "[decides]"
