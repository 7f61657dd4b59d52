"""``sop lint --people FILE``: whether the people of a roster can do each SOP."""

from collections.abc import Collection, Sequence
from pathlib import Path

from engine.check import check
from engine.checks.codes import Lint
from engine.parse import read
from engine.problems import Problem
from engine.procedure import Procedure
from runners.cli.session import Session
from runners.roster import Roster
from runners.staffing import Found, bond, of_roster
from runners.tongue import marked, spoken


def unstaffed(session: Session, paths: Sequence[Path], roster: Roster) -> list[tuple[str, Problem]]:
    """For each SOP of *paths*, and each unit of *roster*, the smallest set of steps that its people cannot all do."""
    found: list[tuple[str, Problem]] = []
    for path in paths:
        parsed = read(path.read_bytes(), name=path.name)
        if parsed.definition is None or any(problem.severity == "error" for problem in check(parsed.definition)):
            continue  # what cannot be run needs nobody
        procedure = Procedure.compiled(parsed.definition)
        problems = [problem for place in ("", *roster.units) for problem in _problems(procedure, roster, place, session.now)]
        found += [(str(path), problem) for problem in parsed.places.placed(_once(problems))]
    return found


def _problems(procedure: Procedure, roster: Roster, place: str, at: str) -> list[Problem]:
    found = of_roster(roster, procedure, place, at)
    if not found.stuck:
        return []
    message = _lonely(procedure, roster, found, place) if len(found.stuck) == 1 else _torn(procedure, roster, found, place)
    roles = ", ".join(dict.fromkeys(found.roles[step] for step in found.stuck))
    hint = spoken("give one of these roles to somebody else: {roles}", roles=roles)
    return [Problem(Lint.UNSTAFFED, message, _path(procedure, found.stuck[0]), hint=hint)]


def _lonely(procedure: Procedure, roster: Roster, found: Found, place: str) -> str:
    """Why nobody, or not enough people, can do the one step that is stuck."""
    step = found.stuck[0]
    facts = {"step": step, "role": found.roles[step], "place": place, "people": _named(roster, found.people[step])}
    if facts["people"]:
        words = marked('"{step}" needs more people than {people}')
        return spoken(marked('"{step}" needs more people of {place} than {people}') if place else words, **facts)
    if skill := procedure.steps[step].doc.get("skill"):
        words = marked('nobody can do "{step}": no active person holds {role} and has the skill {skill}')
        if place:
            words = marked('nobody of {place} can do "{step}": no active person holds {role} and has the skill {skill}')
        return spoken(words, **facts, skill=skill)
    words = marked('nobody can do "{step}": no active person holds {role}')
    return spoken(marked('nobody of {place} can do "{step}": no active person holds {role}') if place else words, **facts)


def _torn(procedure: Procedure, roster: Roster, found: Found, place: str) -> str:
    """Why the people there are cannot do all of the steps that are stuck."""
    people = _named(roster, {one for step in found.stuck for one in found.people[step]})
    same = {procedure.steps[step].doc.get("same_as") for step in found.stuck} & set(found.stuck)
    if same:
        each = (spoken("{people} for {step}", people=_named(roster, found.people[step]), step=step) for step in found.stuck)
        people = "; ".join(each)
    words = marked("the people cannot do all of {steps}, {why}: there is only {people}")
    if place:
        words = marked("the people of {place} cannot do all of {steps}, {why}: there is only {people}")
    return spoken(words, steps=", ".join(found.stuck), why=bond(procedure, found.stuck), people=people, place=place)


def _named(roster: Roster, handles: Collection[str]) -> str:
    """Human beings by their handles; further accounts of one stand behind the first."""
    alias = {entry.handle: entry.alias_of for entry in roster.people}
    humans: dict[str, list[str]] = {}
    for handle in sorted(handles, key=lambda one: (alias[one] or one, alias[one] != "", one)):
        humans.setdefault(alias[handle] or handle, []).append(handle)
    return ", ".join(
        spoken("{person} (also {others})", person=first, others=", ".join(more)) if more else first
        for first, *more in humans.values()
    )


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
