"""What people are told of definition files that cannot be used: the first error of each with its place."""

from pathlib import Path
from typing import TYPE_CHECKING

from runners.cli.failures import Complaint, Failure
from runners.cli.session import Session
from runners.exits import FAILED
from runners.messages import problem_line, problem_words
from runners.people import NotFound
from runners.tongue import spoken, spoken_many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.problems import Problem
    from runners.intake import Broken
    from runners.library import Stored
    from runners.settings import Settings


def report(session: Session, broken: "Sequence[Broken]") -> None:
    """Tell of each file in *broken*, beside what was asked for."""
    for found in broken:
        session.out.note(f"{session.out.sign('late')} {problem_line(_near(found.path), _error(found))}", "soon")
        if more := len(found.problems) - 1:
            path = _near(found.path)
            words = spoken_many("{count} more problem: sop lint {path}", "{count} more problems: sop lint {path}", more, path=path)
            session.out.note(f"    {words}", "soon")


def usable(session: Session, name: str) -> "Stored":
    """The definition of ``sop`` or ``sop@version``, with the files that have changed taken in.

    Where the file of this SOP is broken now, what was good before is found, and the person is told.

    Raises:
        NotFound: there is no such SOP.
        Failure: there is only a broken file of it.
    """
    library = session.app.library
    broken = library.sync()
    own = _of(broken, name.partition("@")[0], session.app.settings) if broken else []
    try:
        found = library.find(name)
    except NotFound as error:
        if not own:
            raise
        lines = [Complaint(str(_error(one).code), problem_words(_near(one.path), _error(one))) for one in own]
        hint = spoken("sop lint {path}   shows every problem", path=_near(own[0].path))
        last = Complaint("SOP-D00", spoken("{path} cannot be used", path=_near(own[0].path)), hint)
        raise Failure([*lines, last], FAILED) from error
    if own:
        report(session, own)
        version = found.procedure.version
        session.out.note("    " + spoken("{sop} stays what it was before: version {version}", sop=name, version=version), "soon")
    return found


def _of(broken: "Sequence[Broken]", sop: str, settings: "Settings") -> "list[Broken]":
    """Those of *broken* that are the file of *sop*, by what stands in them or by their name."""
    from runners.folders import sops

    path = sops(settings.library).get(sop)
    return [one for one in broken if one.path == path or one.path.stem == sop]


def _error(broken: "Broken") -> "Problem":
    return next(problem for problem in broken.problems if problem.severity == "error")


def _near(path: Path) -> str:
    """*path* as it is named from here."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
