"""Scenarios: stories told beside a definition, and played against it without a store and without a clock.

A scenario file names people, and tells what they do and what must come of it. Every act goes through the same ``decide``
as in earnest; time moves only where the story says so. The ways that the stories walk are counted, so that a definition
shows which of its ways nobody has tried.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.limits import DOCUMENT_BYTES
from engine.machine import Edge
from engine.problems import Problem
from engine.procedure import Procedure
from runners.messages import meant
from runners.reading import content
from runners.store.errors import system_words
from runners.stories.coverage import Coverage, coverage, in_words
from runners.stories.implied import unshown
from runners.stories.report import Report, ScenarioReport, Trouble, render
from runners.tongue import spoken

if TYPE_CHECKING:
    from engine.places import Places
    from runners.stories.document import Document

__all__ = ["Coverage", "Report", "ScenarioReport", "Trouble", "render", "run_file", "scenario_files"]

SUFFIX: Final = ".scenario.yaml"
FOLDER: Final = "scenarios"
_DEFINITION: Final = re.compile(rb"^sop:.*^steps:", re.MULTILINE | re.DOTALL)


def scenario_files(paths: Iterable[Path]) -> list[Path]:
    """The scenario files that belong to *paths*, each once.

    Args:
        paths: definition files, scenario files, and folders of either.

    A definition without scenarios is answered with the file where they would stand, which does not exist; ``run_file``
    reports it with no coverage.
    """
    return list(dict.fromkeys(found for path in paths for found in _found(path)))


def _found(path: Path) -> Iterator[Path]:
    if path.is_dir():
        for inside in sorted(path.iterdir()):
            if inside.suffix in {".yaml", ".yml"} and (inside.name.endswith(SUFFIX) or _defines(inside)):
                yield from _found(inside)
        if (path / FOLDER).is_dir():
            yield from sorted((path / FOLDER).glob(f"*{SUFFIX}"))
    elif path.name.endswith(SUFFIX):
        yield path
    else:
        name = f"{path.stem}{SUFFIX}"
        places = [path.with_name(name), path.parent / FOLDER / name]
        yield from [place for place in places if place.exists()] or places[1:]


def _defines(path: Path) -> bool:
    """Whether *path* looks like a definition; roles, people and settings are YAML too."""
    try:
        return bool(_DEFINITION.search(content(path, DOCUMENT_BYTES)))
    except OSError:  # a pipe, a device, what nobody may read
        return False


def run_file(path: Path, definitions: Mapping[str, Procedure]) -> Report:
    """Play every scenario of the file at *path*. Never raises for what the file holds.

    Args:
        path: a scenario file; one that does not exist is reported.
        definitions: SOP to the procedure that is played.
    """
    stem = path.name.removesuffix(SUFFIX)
    try:
        text = content(path, DOCUMENT_BYTES)
    except OSError as error:
        problem = Problem(Trouble.NOTHING, spoken("there are no scenarios: {reason}", reason=system_words(error)), line=1, column=1)
        return _unplayed(path, stem, definitions, (problem,))
    document, places, problems = _read(text)
    if document is None:
        return _unplayed(path, stem, definitions, problems)
    procedure = definitions.get(document.sop)
    if procedure is None:
        unknown = Problem(
            Trouble.UNKNOWN,
            spoken('there is no definition of "{sop}"', sop=document.sop),
            ("sop",),
            hint=meant(document.sop, [*definitions]),
        )
        return _unplayed(path, document.sop, definitions, tuple(places.placed([unknown])))
    return _played(path, document, procedure, places, definitions)


def _unplayed(path: Path, sop: str, definitions: Mapping[str, Procedure], problems: tuple[Problem, ...]) -> Report:
    if sop not in definitions:
        return Report(path, sop, problems=problems)
    found = coverage(definitions[sop], {})
    return Report(path, sop, (), found, _missing(definitions[sop], found), problems, unshown(definitions[sop], ()))


def _missing(procedure: Procedure, found: Coverage) -> tuple[str, ...]:
    return tuple(in_words(procedure, edge) for edge in found.missing)


def _read(text: bytes) -> "tuple[Document | None, Places, tuple[Problem, ...]]":
    from engine.parse import read_plain
    from runners.stories.document import shaped

    plain = read_plain(text)
    if any(problem.severity == "error" for problem in plain.problems):
        return None, plain.places, plain.problems
    document, problems = shaped(plain.document)
    return document, plain.places, tuple(plain.places.placed(problems))


def _played(
    path: Path, document: "Document", procedure: Procedure, places: "Places", definitions: Mapping[str, Procedure]
) -> Report:
    from runners.stories.checking import check
    from runners.stories.story import Story

    slips = list(check(document, procedure, definitions))
    walked = Counter[Edge]()
    reports = []
    if all(problem.path[0] == "scenarios" for problem in slips):
        for number, scenario in enumerate(document.scenarios):
            line = places.of(("scenarios", number))[0]
            if own := [problem for problem in slips if problem.path[1] == number]:
                reports.append(ScenarioReport(scenario.name, line, tuple(places.placed(own))))
                continue
            story = Story(procedure, document, number)
            walked += story.tell()
            problems = tuple(places.placed(story.problems))
            shown = frozenset(story.shown)
            reports.append(ScenarioReport(scenario.name, line, problems, frozenset(story.refusals), story.play.commands, shown))
        slips = []
    found = coverage(procedure, walked)
    left = unshown(procedure, {one for report in reports if report.passed for one in report.shown})
    return Report(path, document.sop, tuple(reports), found, _missing(procedure, found), tuple(places.placed(slips)), left)
