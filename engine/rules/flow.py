"""How tokens move: entering steps, opening and closing tracks, joins, ends.

Moves are made from a list of what is still to do, never by recursion, and counted: a definition that would move for ever
without a person is refused (the checker finds it first).
"""

from collections.abc import Mapping

from engine import events as e
from engine import limits
from engine.machine import CHILD, CHOOSE, JOIN, SKIP, WAIT, Edge
from engine.names import LEAVE, MAIN
from engine.procedure import HUMAN, Step
from engine.refusals import Code, Reason
from engine.rules.content import void_stale
from engine.rules.ending import cancel_track, end_run
from engine.rules.keeping import keep_out_all
from engine.rules.opening import call, split, spread
from engine.rules.scribe import Scribe, Stop
from engine.rules.tasks import due_of, open_task
from engine.state import Token
from engine.timers import instant, written
from engine.values import Value


def begin(s: Scribe) -> None:
    """Open the main track and move until people are needed."""
    token = s.state.next_token
    s.tell(e.TrackOpened(token, MAIN))
    s.todo.append((token, "", s.procedure.tracks[MAIN].steps[0], ""))
    settle(s)


def proceed(s: Scribe, token: int, trigger: str) -> None:
    """Fire *trigger* where *token* stands and move until people are needed."""
    _fire(s, token, trigger)
    settle(s)


def settle(s: Scribe) -> None:
    """Make every move that is still to do."""
    moves = 0
    while s.todo:
        moves += 1
        if moves > limits.MOVES:
            raise Stop([Reason(Code.LIMIT, {"what": "moves", "limit": limits.MOVES})])
        token, source, target, by = s.todo.popleft()
        if token in s.state.tokens:
            _arrive(s, token, source, target, by)
    keep_out_all(s)
    void_stale(s)


def _fire(s: Scribe, number: int, trigger: str) -> None:
    token = s.state.tokens[number]
    step = s.procedure.steps[token.at]
    answers: dict[int, bool] = {}
    taken: list[Edge] = []

    def permits(edge: Edge) -> bool:
        if edge.choice >= 0 and "when" in (way := step.doc["decide"][edge.choice]):
            if edge.choice not in answers:
                answers[edge.choice] = s.holds(f"{step.id}.decide.{edge.choice}", step.id, way["when"], token)
            if not answers[edge.choice]:
                return False
        if edge.rounds is not None and _used(s, token, edge) >= _limit(s, token, edge.rounds):
            return False
        taken.append(edge)
        return True

    target = s.procedure.machine(token.track).fire(step.id, trigger, permits)
    if target is None:
        raise Stop([Reason(Code.NOWHERE, {"step": step.id, "move": trigger})])
    if trigger == CHOOSE:
        s.tell(e.DecisionTaken(number, step.id, taken[-1].choice))
    s.todo.appendleft((number, step.id, target, _by(taken[-1])))


def _by(edge: Edge) -> str:
    return f"{edge.trigger}:{edge.choice}" if edge.choice >= 0 else edge.trigger


def _used(s: Scribe, token: Token, edge: Edge) -> int:
    return s.state.counts.get(f"{token.scope}{edge.source}.{_by(edge)}", 0)


def _limit(s: Scribe, token: Token, rounds: int | str) -> int:
    return int(s.view(token).parameter(rounds[1:])) if isinstance(rounds, str) else rounds


def _arrive(s: Scribe, number: int, source: str, target: str, by: str) -> None:
    s.tell(e.TokenMoved(number, source, target, by))
    _choose_first(s, s.state.tokens[number], source)
    if target == LEAVE:
        _close(s, number)
    elif target.startswith("end("):
        end_run(s, target[4:-1])
    else:
        _enter(s, number, s.procedure.steps[target])


def enter_again(s: Scribe, number: int, step: str) -> None:
    """Enter *step*, at which *number* was put by going back."""
    _enter(s, number, s.procedure.steps[step])


def _choose_first(s: Scribe, token: Token, source: str) -> None:
    """Of alternatives, the first to have finished its first step is chosen; the others end."""
    if token.parent is None or not source or s.procedure.steps[token.step].kind != "first":
        return
    if source == s.procedure.tracks[token.track].steps[0]:
        others = [t for t in s.state.tokens.values() if t.parent == token.parent and t.step == token.step and t.id != token.id]
        for other in others:
            cancel_track(s, other.id, "not chosen")


def _await(s: Scribe, token: Token, step: Step) -> None:
    """Wait for a signal (unless one was kept), for a time or until a date (unless it is past)."""
    wait = step.doc["wait"]
    if name := wait.get("signal"):
        if s.state.counts.get(f"signal/{name}"):
            prefix = f"signal/{name}."
            kept = {path.removeprefix(prefix): s.view(None).value(path) for path in s.state.values if path.startswith(prefix)}
            s.tell(e.WaitBegan(token.id, step.id, signal=name))
            end_wait(s, token.id, "kept", {field: value for field, value in kept.items() if value is not None})
        else:
            s.tell(e.WaitBegan(token.id, step.id, signal=name))
        return
    until = due_of(s, token, wait["for"] if "for" in wait else wait["until"])
    now = instant(s.context.at)
    s.tell(e.WaitBegan(token.id, step.id, until=written(until or now)))
    if until is None or until <= now:
        end_wait(s, token.id, "time", {})


def end_wait(s: Scribe, number: int, by: str, values: Mapping[str, Value]) -> None:
    """What *number* waited for has come; it moves when everything is settled."""
    token = s.state.tokens[number]
    s.tell(e.WaitEnded(number, token.at, by, s.keep_all(f"{token.scope}{token.at}", values)))
    _fire(s, number, WAIT)


def _enter(s: Scribe, number: int, step: Step) -> None:
    token = s.state.tokens[number]
    if "when" in step.doc and not s.holds(f"{step.id}.when", step.id, step.doc["when"], token):
        s.tell(e.StepSkipped(number, step.id))
        _fire(s, number, SKIP)
    elif step.kind in HUMAN:
        open_task(s, token, step)
    elif step.kind == "decide":
        _fire(s, number, CHOOSE)
    elif step.kind == "wait":
        _await(s, token, step)
    elif step.kind == "run":
        if not call(s, token, step):
            _fire(s, number, CHILD)
    elif not (spread(s, token, step) if step.kind == "for_each" else split(s, token, step)):
        _join(s, number, step)


def _close(s: Scribe, number: int) -> None:
    token = s.state.tokens[number]
    s.tell(e.TrackClosed(number))
    _closed(s, token)


def _closed(s: Scribe, token: Token) -> None:
    """Go on where somebody waited for the track of *token*, which is gone; end the run when nothing is left."""
    if token.parent is not None and not token.loose:
        check_join(s, token.parent, token.track)
    elif not s.state.tokens:  # what goes on beside the run must be over too
        end_run(s, "done")


def leave_out(s: Scribe, number: int, why: str) -> None:
    """End a track without finishing it, and go on where somebody waited for it."""
    token = s.state.tokens[number]
    cancel_track(s, number, why)
    _closed(s, token)


def check_join(s: Scribe, number: int, last: str = "") -> None:
    """Go on behind a step when enough of its tracks are finished; the rest is cancelled, or goes on beside the run.

    Args:
        s: the decision.
        number: the token that waits for the tracks.
        last: the track that was closed just now.
    """
    parent = s.state.tokens[number]
    step = s.procedure.steps[parent.at]
    open_tracks = [token.id for token in s.state.tokens.values() if token.parent == number and not token.loose]
    needed = parent.opened if step.joins == "all" else 1 if step.joins == "any" else int(step.joins)
    if parent.more and step.joins == "all":
        return
    if (open_tracks or parent.more) and parent.finished < needed:
        return
    left: tuple[int, ...] = ()
    if step.doc.get("rest") == "continue":
        left = tuple(open_tracks)
    else:
        for track in open_tracks:
            cancel_track(s, track, "joined")
    chosen = last.removeprefix(f"{step.id}.") if step.kind == "first" and parent.finished else ""
    _join(s, number, step, left, chosen)


def _join(s: Scribe, number: int, step: Step, left: tuple[int, ...] = (), branch: str = "") -> None:
    token = s.state.tokens[number]
    s.tell(e.JoinFired(number, step.id, token.finished, token.opened, left, branch))
    _fire(s, number, JOIN)


def child_trigger(s: Scribe, number: int, end: str) -> str:
    """The move that a child's end makes: its own if the step names it, else the ordinary one."""
    token = s.state.tokens[number]
    named = f"{CHILD}:{end}"
    ways = s.procedure.machine(token.track).edges
    return named if any(edge.source == token.at and edge.trigger == named for edge in ways) else CHILD
