"""How tokens move: entering steps, opening and closing tracks, joins, ends.

Moves are made from a list of what is still to do, never by recursion, and counted: a definition that would move for ever
without a person is refused (the checker finds it first).
"""

from collections.abc import Mapping

from engine import events as e
from engine import limits
from engine.data import exact
from engine.effects import CancelChild, ReturnToParent, StartChild
from engine.expressions import GuardError
from engine.machine import CHILD, CHOOSE, JOIN, SKIP, WAIT, Edge
from engine.names import LEAVE, MAIN
from engine.procedure import HUMAN, Step, branches
from engine.refusals import Code, Reason
from engine.rules.content import void_stale
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
        for other in [t.id for t in s.state.tokens.values() if t.parent == token.parent and t.id != token.id]:
            cancel_track(s, other, "not chosen")


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
    elif step.kind in {"parallel", "first"}:
        _split(s, token, step)
    elif step.kind == "wait":
        _await(s, token, step)
    elif step.kind == "for_each":
        _spread(s, token, step)
    else:
        _call(s, token, step)


def _split(s: Scribe, token: Token, step: Step) -> None:
    chosen = [
        branch
        for branch, body in branches(step.doc).items()
        if "when" not in body or s.holds(f"{step.id}.{branch}.when", step.id, body["when"], token)
    ]
    for branch in chosen:
        _open(s, token, step, f"{step.id}.{branch}")
    if not chosen:
        _join(s, token.id, step)


def _open(s: Scribe, parent: Token, step: Step, track: str, *, key: str = "", item: str = "", name: str = "") -> None:
    number = s.state.next_token
    if len(s.state.tokens) >= limits.TOKENS:
        raise Stop([Reason(Code.LIMIT, {"what": "tokens", "limit": limits.TOKENS})])
    s.tell(e.TrackOpened(number, track, parent.id, step.id, key, item, name))
    s.todo.append((number, "", s.procedure.tracks[track].steps[0], ""))


def _spread(s: Scribe, token: Token, step: Step) -> None:
    (text,) = step.doc["for_each"].values()
    try:
        items = exact(s.value(step.id, text, token))
    except GuardError as error:
        raise Stop([Reason(Code.GUARD_ERROR, {"where": f"{step.id}.for_each", "expression": text, "why": error.reason})]) from error
    if items is not None and not isinstance(items, list):
        raise Stop([Reason(Code.GUARD_ERROR, {"where": f"{step.id}.for_each", "expression": text, "why": "it is no list"})])
    items = items or []
    if len(items) > limits.ITEMS:
        raise Stop([Reason(Code.LIMIT, {"what": "items", "limit": limits.ITEMS})])
    if step.doc.get("open"):
        s.tell(e.ItemsOpened(token.id, step.id))
    named = _is_choice(s, text)
    for index, item in enumerate(items, 1):
        open_item(s, token, step, item, str(item) if named else str(index))
    if not items and not step.doc.get("open"):
        _join(s, token.id, step)


def open_item(s: Scribe, token: Token, step: Step, item: Value, key: str) -> None:
    """Open the track of one item of a for-each step.

    Only ids of a declared choice are language-free and nobody's personal data; any other item is called by its number.
    """
    (name,) = step.doc["for_each"]
    seal = s.keep(f"{s.state.next_token}/{name}", item)
    _open(s, token, step, step.id, key=key, item=seal, name=name)


def _is_choice(s: Scribe, text: str) -> bool:
    root, _, field = text.strip().partition(".")
    if root in s.procedure.steps:
        found = s.procedure.steps[root].form
    else:
        found = s.procedure.document.get(root, {}) if root in {"inputs", "parameters"} else {}
    return bool(found.get(field, {}).get("type") == "multi_choice")


def _call(s: Scribe, token: Token, step: Step) -> None:
    if s.state.depth >= limits.CHILD_DEPTH:
        raise Stop([Reason(Code.CHILD_DEPTH, {"step": step.id, "limit": limits.CHILD_DEPTH})])
    inputs: dict[str, Value] = {}
    for name, text in step.doc.get("with", {}).items():
        try:
            inputs[name] = exact(s.value(step.id, text, token))
        except GuardError as error:
            raise Stop(
                [Reason(Code.GUARD_ERROR, {"where": f"{step.id}.with.{name}", "expression": text, "why": error.reason})]
            ) from error
    child = f"{s.context.run}.{s.state.next_child}"
    detached = bool(step.doc.get("detached"))
    s.tell(e.ChildRequested(token.id, step.id, child, step.doc["run"], detached))
    s.effects.append(StartChild(0 if detached else token.id, child, step.doc["run"], inputs))  # no token ever has the number 0
    if detached:
        _fire(s, token.id, CHILD)


def _close(s: Scribe, number: int) -> None:
    token = s.state.tokens[number]
    s.tell(e.TrackClosed(number))
    if token.parent is not None and not token.loose:
        check_join(s, token.parent)
    elif not s.state.tokens:  # what goes on beside the run must be over too
        end_run(s, "done")


def check_join(s: Scribe, number: int) -> None:
    """Go on behind a step when enough of its tracks are finished; the rest is cancelled, or goes on beside the run."""
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
    _join(s, number, step, left)


def _join(s: Scribe, number: int, step: Step, left: tuple[int, ...] = ()) -> None:
    token = s.state.tokens[number]
    s.tell(e.JoinFired(number, step.id, token.finished, token.opened, left))
    _fire(s, number, JOIN)


def cancel_track(s: Scribe, number: int, why: str) -> None:
    """End a track and everything open in it without finishing it."""
    inner = [token.id for token in s.state.tokens.values() if token.parent == number and not token.loose]
    for track in inner:
        cancel_track(s, track, why)
    for task in [task.no for task in s.state.tasks.values() if task.token == number]:
        s.tell(e.TaskWithdrawn(task, why))
    waiting = s.state.tokens[number].waiting
    if waiting and not waiting.startswith(("signal:", "until:")):
        s.effects.append(CancelChild(waiting))
    s.tell(e.TrackClosed(number, "cancelled"))


def end_run(s: Scribe, end: str) -> None:
    """Finish the run with *end*; whatever is still open is cancelled."""
    results = results_of(s)  # before the tracks go: their values go with them
    _clear(s, "ended")
    s.tell(e.RunEnded(end))
    _return(s, end, results)


def cancel_run(s: Scribe) -> None:
    """End the run without finishing it."""
    _clear(s, "cancelled")
    s.tell(e.RunCancelled())
    _return(s, "cancelled", {})


def _clear(s: Scribe, why: str) -> None:
    s.todo.clear()
    for token in [token.id for token in s.state.tokens.values() if token.parent is None or token.loose]:
        cancel_track(s, token, why)


def _return(s: Scribe, end: str, results: dict[str, Value]) -> None:
    if s.state.parent:
        parent, token = s.state.parent
        s.effects.append(ReturnToParent(parent, token, end, results))


def results_of(s: Scribe) -> dict[str, Value]:
    """What the run hands back; a result that cannot be computed at this end is left out."""
    found: dict[str, Value] = {}
    for name, text in s.procedure.document.get("results", {}).items():
        try:
            value = exact(s.value("results", text, None))
        except GuardError:
            continue
        if value is not None:
            found[name] = value
    return found


def child_trigger(s: Scribe, number: int, end: str) -> str:
    """The move that a child's end makes: its own if the step names it, else the ordinary one."""
    token = s.state.tokens[number]
    named = f"{CHILD}:{end}"
    ways = s.procedure.machine(token.track).edges
    return named if any(edge.source == token.at and edge.trigger == named for edge in ways) else CHILD
