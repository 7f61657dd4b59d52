"""What a run offers to whom, kept act by act as the runner keeps it, and held against what it would be if it were made anew."""

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from engine.people import Directory
from engine.procedure import Procedure
from engine.state import State
from runners import changes
from tests.properties.invariants import Act

if TYPE_CHECKING:
    from tests.properties.walk import Walk


class Offers:
    """The offers of one run.

    Attributes:
        held: number of an open task to everybody it is offered to, and whether it is stuck.
    """

    def __init__(self) -> None:
        self.held: dict[int, set[str]] = {}

    def renew(self, procedure: Procedure, state: State, directory: Directory) -> None:
        """Make all of them anew, as when the people have changed."""
        self.held = anew(procedure, state, directory)

    def follow(self, act: Act, procedure: Procedure) -> None:
        """Change those that *act* changes, as the runner does; *procedure* decides from now on."""
        left = act.procedure if act.procedure is not procedure else None
        events = [(0, event) for event in act.answer.events]
        work: Any = SimpleNamespace(before=act.before, state=act.after, events=events, procedure=procedure, left=left)
        for number, holders in changes._offers(work, changes._touched(work), act.directory).items():
            self.held[number] = set(holders)
            if not holders and number not in act.after.tasks:
                del self.held[number]


def anew(procedure: Procedure, state: State, directory: Directory) -> dict[int, set[str]]:
    """What everything that is open is offered to now."""
    return {number: set(changes.offers_of(procedure, state, task, directory)) for number, task in state.tasks.items()}


def inboxes_are_what_they_would_be_anew(walk: "Walk", act: Act) -> str:
    """Whoever may take a task has it in their inbox, nobody else has, and what nobody can do is listed as such at once."""
    if walk.acts % 5 and act.after.status == "open":
        return ""  # what is missed once stays missed
    wanted = anew(walk.procedure, act.after, act.directory)
    for number in sorted({*wanted, *walk.offers.held}):
        if (found := walk.offers.held.get(number, set())) != wanted.get(number, set()):
            return f"task {number} is offered to {sorted(found)}, and should be to {sorted(wanted.get(number, set()))}"
    return ""
