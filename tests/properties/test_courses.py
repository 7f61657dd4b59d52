"""Random procedures with every detour, played by random people who do what they may.

After every accepted command the fold of all events is the state, deciding again gives the same, and tokens and tasks fit
together (:mod:`tests.engine.kit` checks that); here stands what must hold between commands and over a whole run.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from engine import commands as c
from engine import events as e
from engine.decide import Accepted
from engine.machine import SKIP
from engine.options import Option, options
from engine.refusals import Code, Kind, Reason, Refused
from engine.timers import WAIT
from tests.engine.kit import ANA, PEOPLE, STRANGER, Play, persons
from tests.properties.courses import ROLES, plays
from tests.properties.joins import joined_once

COMMANDS = 50
AUTHORITY = frozenset(code for code in Code if Reason(code).kind in {Kind.DENIED, Kind.CONFLICT} or code is Code.NOT_CLAIMABLE)
OFTEN = {"claim": 3, "complete": 12, "signal": 3, "release": 2, "add_item": 3, "close_items": 3, "resume": 6, "unblock": 4}
RANDOM = settings(deadline=None, suppress_health_check=list(HealthCheck))

Draw = Callable[[st.SearchStrategy[Any]], Any]


def command_for(play: Play, option: Option, draw: Draw) -> c.Command | None:
    """A well-formed command for what *option* offers; None for what is tried elsewhere."""
    people, step, why = st.sampled_from(PEOPLE), option.step, "because"
    made: dict[str, Callable[[], c.Command]] = {
        "claim": lambda: c.Claim(step), "release": lambda: c.Release(step, why),
        "assign": lambda: c.Assign(step, draw(people), why),
        "bind": lambda: c.Bind(draw(st.sampled_from(ROLES)), persons(*draw(st.lists(people, min_size=3))), why),
        "comment": lambda: c.Comment("hm", step), "attach": lambda: c.Attach({"sha256": "00" * 32, "name": "x", "size": 1}),
        "signal": lambda: c.Signal(step, {"amount": 7} if step == "paid" else {}), "skip": lambda: c.Skip(step, why),
        "suspend": lambda: c.Suspend(step, why), "resume": lambda: c.Resume(step, why), "block": lambda: c.Block(step, why),
        "unblock": lambda: c.Unblock(step, why), "rewind": lambda: c.Rewind(step, why),
        "correct": lambda: c.Correct(step, {"flag": draw(st.booleans())}, why), "add_item": lambda: c.AddItem(step, "new"),
        "close_items": lambda: c.CloseItems(step, early=True, note=why),
        "reopen": lambda: c.Reopen(draw(st.sampled_from(play.procedure.tracks["main"].steps)), why),
        "complete": lambda: c.Complete(
            step, draw(st.sampled_from(["", *option.outcomes])),
            {"flag": draw(st.booleans())} if "again" in option.outcomes else {}, why,
        ),
    }  # fmt: skip
    return made[option.act]() if option.act in made else None


def agrees(play: Play, option: Option, person: str, command: c.Command) -> Accepted | Refused:
    """What is decided, which must be what the option says: a permitted act fails for no authority, a refused one for all."""
    answer = play.ask(person, command)
    codes = {reason.code for reason in answer.reasons} if isinstance(answer, Refused) else set()
    if option.reasons:
        assert {reason.code for reason in option.reasons} <= codes
    elif option.act != "assign":  # whom it is given to is another question
        assert not codes & AUTHORITY
    return answer


def settled(play: Play) -> None:
    """What is over is over: nothing waits for a signal that was kept, and no task stands in a track that was not chosen."""
    for token in play.state.tokens.values():
        if token.waiting == "signal:seen":
            assert "signal/seen" not in play.state.counts
    for token in play.state.tokens.values():
        inner = [t for t in play.state.tokens.values() if t.parent == token.id and not t.loose]
        if inner and play.procedure.steps[token.at].kind == "first" and len(inner) > 1:
            assert all(t.at == play.procedure.tracks[t.track].steps[0] for t in inner)


def outside(play: Play, draw: Draw) -> c.Command | None:
    """Something that comes from outside: a child run returns, or a wait is over."""
    kinds = ("signal:", "returned:", *(("until:",) if play.state.suspended else ()))
    waiting = [token for token in play.state.tokens.values() if token.waiting and not token.waiting.startswith(kinds)]
    if not waiting:
        return None
    token = draw(st.sampled_from(waiting))
    if token.waiting.startswith("until:"):
        play.at = max(play.at, token.waiting.removeprefix("until:"))
        return c.Elapse(token.id, WAIT, 0)
    return c.ChildEnded(token.id, token.waiting, draw(st.sampled_from(["done", "rejected"])))


def step_of(play: Play, data: st.DataObject) -> None:
    """One random act of a random person, or something from outside."""
    command = outside(play, data.draw) if data.draw(st.integers(0, 3)) == 0 else None
    if command is not None:
        play.system(command)
        return
    person = data.draw(st.sampled_from(PEOPLE), label="person")
    offered = [o for o in options(play.procedure, play.state, person, play.directory) if o.act not in {"cancel", "delegate"}]
    option = data.draw(st.sampled_from([o for o in offered for _ in range(OFTEN.get(o.act, 1))]), label="option")
    made = command_for(play, option, data.draw)
    if made is not None and isinstance(agrees(play, option, person, made), Accepted):
        play.do(person, made)


@settings(RANDOM, max_examples=200)
@given(play=plays(), data=st.data())
def test_whatever_is_done_the_run_stays_whole_and_can_be_finished(play: Play, data: st.DataObject) -> None:
    """Random acts keep every invariant, and from wherever they lead, willing people bring the run to an end."""
    joins: Counter[tuple[int, str, int]] = Counter()
    joined_once(play, joins)
    for _ in range(data.draw(st.integers(0, COMMANDS))):
        play.last = Accepted((), play.state, {}, (), ())
        step_of(play, data)
        joined_once(play, joins)
        settled(play)
    if play.state.status == "open":
        finish(play)
    event(f"run {play.state.status}")
    assert play.state.status != "open"


def finish(play: Play) -> None:
    """Lift whatever holds the run up, and do or leave out whatever is open."""
    if play.state.suspended:
        play.do(ANA, c.Resume("", "go on"))
    for _ in range(600):
        state = play.state
        if state.status != "open":
            return
        for token in state.tokens.values():
            if token.more:
                play.do(ANA, c.CloseItems(next(a for a in _spreading(play) if _spreading(play)[a] == token.id)))
                break
        else:
            play.do(ANA, c.Skip(next(iter(_skippable(play))), "done")) if _skippable(play) else _outside(play)


def _spreading(play: Play) -> dict[str, int]:
    from engine.rules.items import spreading

    return {address: token.id for address, token in spreading(play.procedure, play.state).items()}


def _skippable(play: Play) -> list[str]:
    found = options(play.procedure, play.state, ANA, play.directory)
    return [option.step for option in found if option.act == "skip" and not option.reasons]


def _outside(play: Play) -> None:
    for token in play.state.tokens.values():
        if token.waiting.startswith("until:"):
            play.at = max(play.at, token.waiting.removeprefix("until:"))
            play.system(c.Elapse(token.id, WAIT, 0))
            return
        if token.waiting.startswith("signal:"):
            play.do(ANA, c.Signal(token.waiting.removeprefix("signal:")))
            return
        if token.waiting:
            play.system(c.ChildEnded(token.id, token.waiting, "done"))
            return
    # The first step of an alternative, which is chosen by doing it; or a decision that the lead has a part in.
    task = next(iter(play.state.tasks.values()))
    answer = play.ask(ANA, c.CancelTrack(task.address, "nobody will"))
    play.do(ANA, c.CancelTrack(task.address, "nobody will") if isinstance(answer, Accepted) else c.CancelRun("nobody will"))


@settings(RANDOM, max_examples=120)
@given(play=plays(), data=st.data())
def test_every_option_of_everybody_keeps_its_word(play: Play, data: st.DataObject) -> None:
    """In some state of a run, each option of each person, and of a stranger, agrees with what is decided."""
    for _ in range(data.draw(st.integers(0, 12))):
        step_of(play, data)
    for person in (*PEOPLE, STRANGER):
        for option in options(play.procedure, play.state, person, play.directory):
            command = command_for(play, option, data.draw)
            if command is not None:
                agrees(play, option, person, command)


@settings(RANDOM, max_examples=100)
@given(play=plays(), data=st.data())
def test_going_back_leaves_nothing_that_follows(play: Play, data: st.DataObject) -> None:
    """After going back, nothing behind the step counts as done; how often things were done stays known."""
    for _ in range(data.draw(st.integers(0, 12))):
        step_of(play, data)
    places = [o.step for o in options(play.procedure, play.state, ANA, play.directory) if o.act == "rewind" and not o.reasons]
    if not places:
        return
    address = data.draw(st.sampled_from(places))
    answer = play.ask(ANA, c.Rewind(address, "once more"))
    if isinstance(answer, Refused):
        assert {reason.code for reason in answer.reasons} <= {Code.GUARD_ERROR, Code.CHILD_DEPTH, Code.NOWHERE}
        return
    counts = dict(play.state.counts)
    play.do(ANA, c.Rewind(address, "once more"))
    (back,) = play.told(e.Rewound)
    for place in back.voided:
        assert place not in play.state.done_at or play.state.done_at[place] == play.at
    assert {key: n for key, n in counts.items() if not key.startswith("signal/")}.keys() <= {
        *play.state.counts, *(key for key in counts if "/" in key)
    }  # fmt: skip
    assert all(f".{SKIP}" not in path for path in play.state.values)
