"""What an approval is about, as a hash, and what happens to decisions when it changes."""

import hashlib

from engine import events as e
from engine.canonical import canonical
from engine.data import scopes
from engine.people import doers
from engine.procedure import Procedure
from engine.rules.scribe import Scribe
from engine.state import State, Task


def content_of(procedure: Procedure, state: State, task: Task) -> str:
    """SHA-256 (hex) over the commitments of everything that *task* approves; empty when it approves no content."""
    parts = procedure.approves(task.step)
    if not parts:
        return ""
    prefixes = tuple(f"{scope}{leaf}." for scope in scopes(state, state.tokens[task.token]) for leaf in parts)
    found = {path: seal for path, seal in state.values.items() if path.startswith(prefixes)}
    return hashlib.sha256(canonical(found)).hexdigest()


def void_stale(s: Scribe) -> None:
    """Decisions about a content that has changed no longer count, nor do those of people who have worked on it since."""
    for task in tuple(s.state.tasks.values()):
        if not task.votes:
            continue
        content = content_of(s.procedure, s.state, task)
        authors = {person for part in s.procedure.approves(task.step) for person in doers(s.procedure, s.state, task, part)}
        people = tuple(
            vote.person for vote in task.votes if vote.content != content or not authors.isdisjoint((vote.person, *vote.on_behalf))
        )
        if people:
            s.tell(e.ApprovalVoided(task.no, people))
