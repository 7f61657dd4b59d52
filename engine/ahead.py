"""What is still to come in a run: steps that no token has reached, and that somebody will be able to do.

Conditions and decisions are not foreseen: a step that may be left out is among them. What its rules already keep somebody
from is not.
"""

from collections.abc import Iterator

from engine.directory import Directory
from engine.people import holds, principals, separation
from engine.procedure import HUMAN, Procedure, Step
from engine.state import State


def coming(procedure: Procedure, state: State, person: str, directory: Directory) -> Iterator[Step]:
    """The steps behind those where the run stands that *person* could do, in the order of the definition."""
    if state.status != "open" or directory.teams(person) is None:
        return
    ahead = _ahead(procedure, state)
    behind = principals(person, (), directory)
    for step in procedure.steps.values():
        if step.id in ahead and step.kind in HUMAN and holds(state, step.role, person, directory):
            skill = step.doc.get("skill")
            if (not skill or skill in directory.skills(person)) and not any(separation(procedure, state, step.id, behind)):
                yield step


def _ahead(procedure: Procedure, state: State) -> set[str]:
    """Steps after those at which tokens stand, with everything inside them; inside a step that is open, nothing is opened anew."""
    found: set[str] = set()
    for token in state.tokens.values():
        steps = procedure.tracks[token.track].steps
        later = steps[steps.index(token.at) + 1 :] if token.at else steps
        for step in later:
            found |= {step, *procedure.leaves(step)}
    return found
