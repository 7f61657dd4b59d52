"""``sop test``: the stories beside the definitions, played and compared."""

from collections.abc import Sequence
from contextlib import suppress
from math import floor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from runners.cli.broken import report as report_broken
from runners.cli.checking import named, read_definition, sound
from runners.cli.commands import command, pass_session
from runners.cli.completion import SOP
from runners.cli.failures import Complaint, Failure
from runners.cli.session import Session
from runners.exits import CHECK
from runners.messages import problem_line
from runners.tongue import spoken, spoken_many

if TYPE_CHECKING:
    from engine.procedure import Procedure


class _Percent(click.FloatRange):
    """A share that may be left out, and therefore takes the word that follows for itself."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: ANN401 - click's
        """The number, or a usage error that says what to do."""
        try:
            return float(super().convert(value, param, ctx))
        except click.BadParameter as error:
            words = spoken("{value} is no number from 0 to 100; write files before --coverage", value=repr(value))
            raise click.BadParameter(words, ctx, param) from error


@command("test")
@click.argument("files", nargs=-1, metavar="[FILE|SOP]...", type=SOP)
@click.option(
    "--coverage", "least", type=_Percent(0, 100), is_flag=False, flag_value="100", default=0, metavar="[PERCENT]",
    help="Fail below this share of ways; of all of them without PERCENT.",
)  # fmt: skip
@pass_session
def test_command(session: Session, files: Sequence[str], least: float) -> int:
    """Play the scenarios of definitions: FILE… (definitions, scenario files, folders, names of SOPs), or all there are.

    Names the ways of each SOP that none of them walks. With --coverage also what its rules imply and no scenario shows: who is
    refused, what is late, what nobody can do. Exit code 5 when one fails or too little is covered.
    """
    from runners.scenarios import render, run_file, scenario_files

    paths = [named(session, file) for file in files] or [folder for folder in session.settings.library if folder.is_dir()]
    procedures = _procedures(session, paths)
    reports = [run_file(path, procedures) for path in scenario_files(paths)]
    if not reports:
        hint = spoken("sop new NAME   writes some to begin from")
        raise Failure([Complaint("SOP-N04", spoken("there are no scenarios there"), hint)], 3)
    items = []
    for report in reports:
        if not session.out.machine:
            session.out.line(render(report, rules=least > 0))
        items.append(
            {
                "file": str(report.path), "sop": report.sop, "passed": report.passed,
                "coverage": floor(report.coverage.percent * 10) / 10,
                "missing": list(report.missing), "refusals": list(report.refusals),
                "unshown": [{"rule": one.rule, "steps": list(one.steps), "what": str(one)} for one in report.unshown],
                "problems": [problem_line(str(report.path), problem) for problem in report.problems],
                "scenarios": [
                    {"name": one.name, "line": one.line, "passed": one.passed, "commands": one.commands,
                     "problems": [problem_line(str(report.path), problem) for problem in one.problems]}
                    for one in report.scenarios
                ],
            }
        )  # fmt: skip
    if session.out.machine:
        session.out.items(items, [])
    short = sum(report.coverage.percent < least for report in reports)
    if short:
        share = f"{least:g} %"
        words = spoken_many("{count} file walks less than {share}", "{count} files walk less than {share}", short, share=share)
        session.out.note(f"{session.out.sign('late')} {words}", "soon")
    good = not short and all(report.passed for report in reports)
    played = sum(len(report.scenarios) for report in reports)
    counts = {"played": played, "files": len(reports), "passed": sum(report.passed for report in reports)}
    words = spoken("{played} scenarios of {files} files, {passed} files passed", **counts)
    session.out.note(f"{session.out.sign('good' if good else 'bad')} {words}", "good" if good else "late")
    return 0 if good else CHECK


def _procedures(session: Session, paths: Sequence[Path]) -> "dict[str, Procedure]":
    """Every definition that can be used, of the folders and of *paths*; a broken one that was named is a failure."""
    from engine.procedure import Procedure
    from runners.folders import files
    from runners.intake import Broken

    given = [path for path in paths if not path.is_dir() and not path.name.endswith(".scenario.yaml")]
    folders = [path for path in paths if path.is_dir()] + [path.parent for path in paths if path.is_file()]
    beside = [path.parent.parent for path in paths if path.is_file() and path.parent.name == "scenarios"]
    sound(session, given)
    found: dict[str, Procedure] = {}
    for path in [*files([*session.settings.library, *beside, *folders]), *given]:
        with suppress(Failure):  # what was given was read already
            parsed = read_definition(path)
            if parsed.definition is not None:
                found[parsed.definition.sop] = Procedure.compiled(parsed.definition)
            elif path.parent in paths:
                report_broken(session, [Broken(path, parsed.problems)])
    return found
