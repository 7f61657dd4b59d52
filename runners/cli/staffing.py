"""``sop lint --people FILE``: whether the people of a roster can do each SOP."""

from collections.abc import Collection, Sequence
from pathlib import Path

from engine.canonical import canonical_document, fingerprint
from engine.check import check
from engine.checks.codes import Lint
from engine.parse import read
from engine.problems import Problem
from engine.procedure import Procedure
from runners.cli.session import Session
from runners.roster import Roster
from runners.staffing import bond, of_roster


def unstaffed(session: Session, paths: Sequence[Path], roster: Roster) -> list[tuple[str, Problem]]:
    """For each SOP of *paths*, and each unit of *roster*, the smallest set of steps that its people cannot all do."""
    found: list[tuple[str, Problem]] = []
    for path in paths:
        parsed = read(path.read_bytes(), name=path.name)
        if parsed.definition is None or any(problem.severity == "error" for problem in check(parsed.definition)):
            continue  # what cannot be run needs nobody
        document = canonical_document(parsed.definition)
        procedure = Procedure(document, fingerprint(document))
        problems = [problem for place in ("", *roster.units) for problem in _problems(procedure, roster, place, session.now)]
        found += [(str(path), problem) for problem in parsed.places.placed(_once(problems))]
    return found


def _problems(procedure: Procedure, roster: Roster, place: str, at: str) -> list[Problem]:
    found = of_roster(roster, procedure, place, at)
    if not found.stuck:
        return []
    where = f" of {place}" if place else ""
    people = _named(roster, {one for step in found.stuck for one in found.people[step]})
    if len(found.stuck) == 1:
        step = found.stuck[0]
        message = f'nobody{where} can do "{step}": no active person holds {found.roles[step]}'
        if people:
            message = f'"{step}" needs more people{where} than {people}'
        elif skill := procedure.steps[step].doc.get("skill"):
            message += f" and has the skill {skill}"
    else:
        steps = ", ".join(found.stuck)
        why = bond(procedure, found.stuck)
        there = people
        if "same_as" in why:
            there = "; ".join(f"{_named(roster, found.people[step])} for {step}" for step in found.stuck)
        message = f"the people{where} cannot do all of {steps}, {why}: there is only {there}"
    hint = "give one of these roles to somebody else: " + ", ".join(dict.fromkeys(found.roles[step] for step in found.stuck))
    return [Problem(Lint.UNSTAFFED, message, _path(procedure, found.stuck[0]), hint=hint)]


def _named(roster: Roster, handles: Collection[str]) -> str:
    """Human beings by their handles; further accounts of one stand behind the first."""
    alias = {entry.handle: entry.alias_of for entry in roster.people}
    humans: dict[str, list[str]] = {}
    for handle in sorted(handles, key=lambda one: (alias[one] or one, alias[one] != "", one)):
        humans.setdefault(alias[handle] or handle, []).append(handle)
    return ", ".join(first + (f" (also {', '.join(more)})" if more else "") for first, *more in humans.values())


def _once(problems: Sequence[Problem]) -> list[Problem]:
    return list({problem.message: problem for problem in problems}.values())


def _path(procedure: Procedure, step: str) -> tuple[str | int, ...]:
    """Where *step* stands in the document."""
    found = procedure.steps[step]
    track = procedure.tracks[found.track]
    place = track.steps.index(step)
    if not track.owner:
        return ("steps", place)
    outer = _path(procedure, track.owner)
    if "." not in found.track:
        return (*outer, "steps", place)
    doc = procedure.steps[track.owner].doc
    return (*outer, "parallel" if "parallel" in doc else "first", found.track.partition(".")[2], "steps", place)
