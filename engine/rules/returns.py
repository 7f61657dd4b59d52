"""Going back: to an earlier step, or into a run that has ended."""

from collections.abc import Iterator

from engine import events as e
from engine.authority import gate
from engine.commands import Reopen, Rewind
from engine.effects import CancelChild
from engine.names import MAIN
from engine.people import Directory
from engine.procedure import Procedure
from engine.refusals import Code, Reason
from engine.rules.detours import explained, refuse
from engine.rules.ending import cancel_track
from engine.rules.flow import enter_again, settle
from engine.rules.scribe import Scribe, Stop
from engine.state import State, Token, for_a_child, has_returned, item_keys

Reasons = tuple[Reason, ...]


def following(procedure: Procedure, step: str) -> frozenset[str]:
    """*step*, the steps after it in its track, and all steps inside these."""
    track = procedure.tracks[procedure.steps[step].track].steps
    found = set(track[track.index(step) :])
    for inner in procedure.tracks.values():  # the tracks inside a track come after it
        if inner.owner in found:
            found.update(inner.steps)
    return frozenset(found)


def voided(procedure: Procedure, state: State, scope: str, step: str) -> tuple[str, ...]:
    """The finished steps, with their scope, that going back to *step* takes back; sorted, as a stored state keeps no order."""
    after = following(procedure, step)
    return tuple(sorted(place for place in state.done_at if place.startswith(scope) and place.removeprefix(scope) in after))


def passed(procedure: Procedure, state: State) -> Iterator[tuple[str, Token]]:
    """Every step that a run can go back to, by address, with the token in whose track it stands.

    That is where a token stands, and what it has left behind in the order of the document.
    """
    for token in state.tokens.values():
        steps = procedure.tracks[token.track].steps
        keys = item_keys(state, token) if token.scope else ""
        for step in steps[: steps.index(token.at) + 1]:
            left = f"{token.scope}{step}."
            if step == token.at or any(count.startswith(left) for count in state.counts):
                yield f"{step}:{keys}" if keys else step, token


def may_rewind(procedure: Procedure, state: State, token: Token | None, person: str, directory: Directory) -> Reasons:
    """Why *person* may not take *token* back to an earlier step; None where the run has none that came past it."""
    return gate("rewind", procedure, state, person, directory, returned=token is not None and has_returned(token))


def _no_way_back(procedure: Procedure, state: State, address: str, known: tuple[str, ...]) -> Reason:
    """Why a run cannot go back to *address*, which is none of the *known* ones."""
    step = procedure.steps.get(address.partition(":")[0])
    if step is None:
        return Reason(Code.NO_TASK, {"step": address, "known": known})
    over = step.track != MAIN and all(token.track != step.track for token in state.tokens.values())
    owner = {"owner": procedure.tracks[step.track].owner} if over else {}
    return Reason(Code.NOT_PASSED, {"step": address, "known": known, **owner})


def rewind(s: Scribe, command: Rewind) -> None:
    """Go back to *step* in its open track. What was done since no longer counts; it stays in the history."""
    places = dict(passed(s.procedure, s.state))
    token = places.get(command.step)
    reasons = explained(may_rewind(s.procedure, s.state, token, s.context.actor, s.context.directory), "rewind", command.note)
    if s.state.status != "open":  # it stands nowhere, and that is why
        raise Stop(reasons)
    if token is None:
        raise Stop([*reasons, _no_way_back(s.procedure, s.state, command.step, tuple(places))])
    refuse(reasons)
    target = command.step.partition(":")[0]
    after = following(s.procedure, target)
    for inner in [t.id for t in s.state.tokens.values() if t.parent == token.id and (not t.loose or t.step in after)]:
        cancel_track(s, inner, "rewound")
    for task in [task.no for task in s.state.tasks.values() if task.token == token.id]:
        s.tell(e.TaskWithdrawn(task, "rewound"))
    if child := for_a_child(token):  # nobody waits for it any more, and the way forward starts another
        s.effects.append(CancelChild(child))
    s.tell(e.Rewound(token.id, token.at, target, voided(s.procedure, s.state, token.scope, target)))
    enter_again(s, token.id, target)
    settle(s)


def may_reopen(procedure: Procedure, state: State, person: str, directory: Directory) -> Reasons:
    """Why *person* may not open this run again."""
    reasons = gate("reopen", procedure, state, person, directory)
    return (*reasons, Reason(Code.ALREADY, {"step": "", "what": "open"})) if state.status == "open" else reasons


def reopen(s: Scribe, command: Reopen) -> None:
    """Open a finished run again at a step of its main track."""
    reasons = explained(may_reopen(s.procedure, s.state, s.context.actor, s.context.directory), "reopen", command.note)
    known = s.procedure.tracks[MAIN].steps
    if s.state.status != "open" and command.step not in known:
        reasons.append(_no_way_back(s.procedure, s.state, command.step, tuple(known)))
    refuse(reasons)
    s.tell(e.RunReopened(s.state.end, voided(s.procedure, s.state, "", command.step)))
    number = s.state.next_token
    s.tell(e.TrackOpened(number, MAIN))
    s.todo.append((number, "", command.step, ""))
    settle(s)
