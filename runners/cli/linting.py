"""``sop lint``: every problem of definitions, at once, in the form that the reader needs."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import click

from engine.text import clean
from runners.cli.checking import chosen, problems_of, read_definition, read_or_told
from runners.cli.commands import command, pass_session
from runners.cli.completion import SOP
from runners.cli.findings import PRINTERS, as_json
from runners.cli.session import Session
from runners.exits import CHECK
from runners.tongue import marked, spoken

if TYPE_CHECKING:
    from pathlib import Path

    from engine.parse import Parsed

_NONE: Final = marked(
    "no definitions of your own yet; sop lint --all checks those that come with the program, sop new NAME begins one"
)


@command("lint")
@click.argument("files", nargs=-1, metavar="[FILE|SOP]...", type=SOP)
@click.option(
    "--format", "form", type=click.Choice(["concise", "full", "json", "sarif", "github"]), help="How to print; full on a terminal."
)
@click.option("--lang", "languages", metavar="TAGS", default="", help="Languages that every text must offer, like en,zh-Hans.")
@click.option("--people", "roster", metavar="FILE", default="", help="Prove that the people of this file can do each SOP.")
@click.option("--all", "everything", is_flag=True, help="Without FILE: the definitions that come with the program too.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@pass_session
def lint_command(
    session: Session, files: Sequence[str], form: str | None, languages: str, roster: str, *, everything: bool, strict: bool
) -> int:
    """Check definitions: FILE… (or folders, or names of SOPs), or all of the project's own.

    Files know one another: a step may run an SOP of another file. Exit code 5 when there are errors.
    """
    paths = chosen(session, files, everything=everything)
    tags = [tag.strip() for tag in languages.split(",") if tag.strip()]
    parsed = {path: read_definition(path) if str(path) in files else read_or_told(path) for path in paths}
    found = problems_of(session, parsed, tags)
    known = sum(one.definition is not None for one in parsed.values())
    if roster:
        from runners.cli.people import roster_of
        from runners.cli.staffing import unstaffed

        found += unstaffed(session, paths, roster_of(session, roster))
    form = form or ("json" if session.options.format in {"json", "jsonl"} else "full" if session.out.terminal else "concise")
    errors = sum(problem.severity == "error" or strict for _, problem in found)
    shares = _complete(parsed, tags)
    if form == "json":
        as_json(session.out, found, shares)
    else:
        PRINTERS[form](session.out, found)
    if form in {"concise", "full"}:
        warnings = len(found) - errors
        facts = {"files": len(paths), "sops": known, "errors": errors, "warnings": warnings}
        words = spoken("{files} files, {sops} SOPs: {errors} errors, {warnings} warnings", **facts)
        if shares:
            session.out.note(", ".join(f"{clean(tag)} {share} %" for tag, share in shares.items()))
        if known < len(paths):
            session.out.note(spoken("more checks follow once these are mended"))
        if not paths and not files and not everything:
            session.out.note(spoken(_NONE))
        session.out.note(f"{session.out.sign('bad' if errors else 'good')} {words}", "late" if errors else "good")
    return CHECK if errors else 0


def _complete(parsed: "Mapping[Path, Parsed]", languages: Sequence[str]) -> dict[str, int]:
    """How much of all texts there is in each of *languages*, in whole percent: 100 is said of nothing that misses one.

    Without *languages*, in each that the files have texts in, if there is more than one.
    """
    from engine.canonical import canonical_document
    from engine.checks.texts import offered, tongues

    documents = [canonical_document(one.definition) for one in parsed.values() if one.definition is not None]
    tags = languages or list(dict.fromkeys(tag for document in documents for tag in tongues(document)))
    if len(tags) == 1 and not languages:
        return {}
    counts = [offered(document, tags) for document in documents]
    everything = sum(count for _, count in counts)
    return {tag: 100 * sum(there[tag] for there, _ in counts) // everything for tag in tags} if everything else {}
