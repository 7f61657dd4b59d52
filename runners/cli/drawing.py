"""``sop graph``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from runners.cli.commands import command, pass_session
from runners.cli.completion import ANYTHING
from runners.cli.failures import Complaint, Failure, unreadable
from runners.cli.moments import moment
from runners.cli.options import looking_back
from runners.cli.session import Session
from runners.cli.targets import is_run, run_of
from runners.exits import CHECK
from runners.messages import problem_words
from runners.tongue import retold, spoken


@command("graph")
@click.argument("what", metavar="SOP|RUN|FILE", type=ANYTHING)
@click.option(
    "--format", "form", type=click.Choice(["mermaid", "dot", "svg"]), default="mermaid", show_default=True, help="Which notation."
)
@looking_back
@pass_session
def graph_command(session: Session, what: str, form: str, as_of: str) -> None:
    """Draw an SOP, a RUN (with where it stands) or a definition FILE: as text for Mermaid or Graphviz, or as an SVG picture."""
    document, here = _drawn(session, what, as_of)
    text = _text(session, form, document, here)
    if session.out.machine:
        session.out.thing({"format": form, "text": text}, [])
        return
    session.out.raw(text.rstrip("\n"))


def _text(session: Session, form: str, document: Mapping[str, Any], here: list[str]) -> str:
    """The picture in the notation *form*."""
    languages = session.settings.languages
    if form != "svg":
        from engine.diagram import dot, mermaid

        return (mermaid if form == "mermaid" else dot)(document, languages, here, retold)
    from engine.procedure import Procedure
    from runners.handbook.drawing import drawn
    from runners.handbook.shelf import roles
    from runners.handbook.svg import svg
    from runners.handbook.voice import Voice

    voice = Voice(Procedure(document, ""), languages, roles(session.settings.definitions), {})
    title = voice.w("diagram_of", title=voice.plain(document["title"]))
    return svg(drawn(voice, here), title, voice.w("diagram_alt"), voice.tag)


def _drawn(session: Session, what: str, as_of: str) -> tuple[Mapping[str, Any], list[str]]:
    if is_run(what):
        view = session.app.views.run(run_of(what), as_of=moment(session, as_of))
        return view.procedure.document, sorted({token.at for token in view.state.tokens.values() if token.at})
    if what.endswith((".yaml", ".yml")) or "/" in what:
        return _from_file(what), []
    session.app.library.sync()
    return session.app.library.find(what).procedure.document, []


def _from_file(what: str) -> Mapping[str, Any]:
    from engine.canonical import canonical_document
    from engine.limits import DOCUMENT_BYTES
    from engine.parse import read
    from runners.reading import content

    try:
        parsed = read(content(Path(what), DOCUMENT_BYTES), name=Path(what).name)
    except OSError as error:
        raise unreadable(what, error) from error
    if parsed.definition is None:
        lines = [Complaint(str(problem.code), problem_words(what, problem)) for problem in parsed.problems[:20]]
        hint = spoken("sop lint {path}   shows every problem", path=what)
        raise Failure([*lines, Complaint("SOP-D00", spoken("{path} cannot be used", path=what), hint)], CHECK)
    return canonical_document(parsed.definition)
