"""Random procedures, played by random people who do what they may.

A run is drawn step by step: a block-structured definition, who holds which role, and then one permitted act after another.
After every accepted command the fold of all events is the state, deciding again gives the same, and tokens and tasks fit
together (:mod:`tests.engine.kit` checks that); here stands what must hold between commands and over a whole run.

:mod:`tests.profiles` says how many.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from hypothesis import event, given, settings
from hypothesis import strategies as st

from engine import commands as c
from engine.blocked import unfilled
from engine.decide import Accepted
from engine.options import Option, options
from engine.people import SYSTEM
from engine.refusals import Refused
from engine.state import for_a_child
from tests.engine.kit import ANA, BEN, CLEO, PEOPLE, STRANGER, Play, approval, compiled, persons, task
from tests.profiles import TIMES
from tests.properties.acts import command_for, disagreement
from tests.properties.joins import joined_once

COMMANDS = 60
ROLES = ("maker", "checker", "boss")
T = TypeVar("T")
FORM = {"n": {"type": "number"}, "flag": {"type": "bool", "required": True}, "tags": {"type": "text", "many": True}}


class Drawn:
    """A definition in the making: block-structured, every loop limited, every name unique.

    Args:
        draw: Hypothesis' own.
    """

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.count = 0
        self.done: list[str] = []
        """Steps with a form, outside items, that may be read further down."""

    def track(self, depth: int, *, inside: bool = False) -> list[dict[str, Any]]:
        """One to three steps."""
        return [self.step(depth, inside=inside) for _ in range(self.draw(st.integers(1, 3)))]

    def step(self, depth: int, *, inside: bool) -> dict[str, Any]:
        """One step of any kind, with everything inside it."""
        self.count += 1
        name = f"s{self.count}"
        kinds = ["task", "task", "approval", "decide", "run"] + (["parallel", "for_each"] * 2 if depth else [])
        kind = self.draw(st.sampled_from(kinds))
        more = {"when": self.condition()} if self.draw(st.integers(0, 5)) == 0 else {}
        if kind == "task":
            found = task(name, self.draw(st.sampled_from(ROLES)), form=FORM, **more)
            found["outcomes"] = {"done": "next", "again": self.limited(name), **self.way_out()}
        elif kind == "approval":
            about = bool(self.done) and self.draw(st.booleans())
            of = [self.draw(st.sampled_from(self.done))] if about else []
            found = approval(name, self.draw(st.sampled_from(ROLES)), of=of, quorum=self.draw(st.integers(1, 2)), **more)
            found["outcomes"] = {"approve": "next", "back": {**self.limited(name), "reason": "required"}, **self.way_out()}
        elif kind == "decide":
            found = {"id": name, "decide": [{"when": self.condition(), "to": "next"}, {"else": "next"}], **more}
        elif kind == "run":
            found = {"id": name, "run": "other", "outcomes": {"rejected": self.limited(name)}, **more}
        elif kind == "parallel":
            branches: dict[str, dict[str, Any]] = {
                f"b{n}": {"steps": self.track(depth - 1, inside=inside)} for n in range(self.draw(st.integers(1, 3)))
            }
            if self.draw(st.booleans()):
                branches["b0"] = {**branches["b0"], "when": self.condition()}
            found = {"id": name, "parallel": branches, "join": self.join(), **more}
        else:
            items = self.draw(st.sampled_from(["[]", "['x']", "['x', 'y', 'z']", "inputs.platforms"]))
            found = {
                "id": name,
                "for_each": {f"i{name}": items},
                "steps": self.track(depth - 1, inside=True),
                "join": self.join(),
                **more,
            }
        if kind == "task" and not inside:
            self.done.append(name)
        return found

    def join(self) -> str | int:
        """How many tracks are needed."""
        joins: list[str | int] = ["all", "all", "any", 2]
        return self.draw(st.sampled_from(joins))

    def limited(self, back: str) -> dict[str, Any]:
        """A way back that ends somewhere."""
        return {
            "to": back,
            "rounds": self.draw(st.integers(1, 2)),
            "then": self.draw(st.sampled_from(["next", "leave", "end(given_up)"])),
        }

    def way_out(self) -> dict[str, Any]:
        """Now and then an outcome that ends the track or the run."""
        out = self.draw(st.sampled_from([None, None, "leave", "end(stopped)"]))
        return {"out": out} if out else {}

    def condition(self) -> str:
        """A condition that always has an answer."""
        known = [f"({name}.done && {name}.flag)" for name in self.done] + [f"{name}.outcome == 'done'" for name in self.done]
        return self.draw(st.sampled_from(["true", "false", "run.drill", "'weibo' in inputs.platforms", *known]))


@st.composite
def plays(draw: st.DrawFn) -> Play:
    """A run that has just been started: roles held by several people, some steps separated."""
    drawn = Drawn(draw)
    steps = drawn.track(2)
    more: dict[str, Any] = {}
    if len(drawn.done) > 1 and draw(st.booleans()):
        more["separate"] = [drawn.done[:2]]
    platforms = {"type": "multi_choice", "options": ["weibo", "wechat"], "required": True}
    procedure = compiled(steps, inputs={"platforms": platforms}, **{**more, "roles": ["lead", *ROLES]})
    held = {role: persons(*draw(st.lists(st.sampled_from(PEOPLE), min_size=2, unique=True))) for role in ROLES}
    if draw(st.booleans()):
        held = {role: persons(*PEOPLE) for role in ROLES}
    given_ = draw(st.sampled_from([["weibo"], ["weibo", "wechat"]]))
    return Play(procedure).start({"lead": persons(ANA), **held}, inputs={"platforms": given_}, drill=draw(st.booleans()))


Draw = Callable[[st.SearchStrategy[Any]], Any]


def made_for(play: Play, option: Option, draw: Draw) -> c.Command:
    """A well-formed command for what *option* offers."""

    def pick(several: Sequence[T], /) -> T:
        found: T = draw(st.sampled_from(several))
        return found

    return command_for(play.procedure, play.state, option, pick, PEOPLE, play.at)


def agrees(play: Play, option: Option, person: str, command: c.Command) -> Accepted | Refused:
    """What is decided, which must be what the option says."""
    answer = play.ask(person, command)
    assert not disagreement(option, answer), disagreement(option, answer)
    return answer


def somebody_can_act(play: Play) -> bool:
    """Whether anybody, or the system, could move the run."""
    waiting = any(token.waiting for token in play.state.tokens.values())
    return waiting or any(
        option.act == "complete" and not option.reasons
        for person in PEOPLE
        for option in options(play.procedure, play.state, person, play.directory)
    )


def freed(play: Play) -> bool:
    """Whether the lead can make somebody able to act, or it is shown that nobody can.

    By lifting what holds things up, binding every role to everybody and taking tasks from their owners.
    """
    if play.state.suspended:
        play.do(ANA, c.Resume("", "go on"))
    for found in tuple(play.state.tasks.values()):
        if "suspended" in found.held:
            play.do(ANA, c.Resume(found.address, "go on"))
        if "blocked" in found.held:
            play.do(ANA, c.Unblock(found.address, "go on"))
    for role in ROLES:
        play.do(ANA, c.Bind(role, persons(*PEOPLE), "all hands"))
    for found in tuple(play.state.tasks.values()):
        if found.owner:
            play.do(ANA, c.Release(found.address, "for somebody else"))
    shown = all(unfilled(play.procedure, play.state, found, play.directory) for found in play.state.tasks.values())
    return shown or somebody_can_act(play)


OFTEN = {"claim": 2, "complete": 12, "reopen": 3, "resume": 4, "unblock": 3}
"""How often an act is drawn against others; once if it does not stand here."""


@settings(max_examples=80 * TIMES)
@given(play=plays(), data=st.data())
def test_what_may_be_done_is_done_and_keeps_everything_in_order(play: Play, data: st.DataObject) -> None:
    """Whatever people do that they may, the run stays whole, options keep their word, and it ends or somebody can act."""
    joins: Counter[tuple[int, str, int]] = Counter()
    joined_once(play, joins)
    for _ in range(COMMANDS):
        if play.state.status != "open":
            break
        waiting = [token for token in play.state.tokens.values() if for_a_child(token)]
        returns: bool = data.draw(st.booleans(), label="child returns")
        if waiting and returns:
            end = data.draw(st.sampled_from(["done", "rejected"]))
            play.system(c.ChildEnded(waiting[0].id, waiting[0].waiting, end, {"r": 1}))
            joined_once(play, joins)
            continue
        person = data.draw(st.sampled_from(PEOPLE), label="person")
        offered = [o for o in options(play.procedure, play.state, person, play.directory) if o.act != "cancel"]
        option = data.draw(st.sampled_from([o for o in offered for _ in range(OFTEN.get(o.act, 1))]), label="option")
        command = made_for(play, option, data.draw)
        if isinstance(agrees(play, option, person, command), Accepted):
            play.do(person, command)
            joined_once(play, joins)
        assert somebody_can_act(play) or play.state.status != "open" or freed(play)
    event(f"run {play.state.status} after {len(play.history) // 20 * 20} events and more")


@settings(max_examples=100 * TIMES)
@given(play=plays(), data=st.data())
def test_every_option_of_everybody_keeps_its_word(play: Play, data: st.DataObject) -> None:
    """In some state of a run, each option of each person, and of a stranger, agrees with what is decided."""
    for _ in range(data.draw(st.integers(0, 6))):
        able = [(p, o) for p in PEOPLE for o in options(play.procedure, play.state, p, play.directory) if not o.reasons]
        able = [(p, o) for p, o in able if o.act in {"claim", "complete"}]
        if not able:
            break
        person, option = data.draw(st.sampled_from(able))
        command = made_for(play, option, data.draw)
        if isinstance(play.ask(person, command), Accepted):
            play.do(person, command)
    for person in (*PEOPLE, STRANGER):
        for option in options(play.procedure, play.state, person, play.directory):
            agrees(play, option, person, made_for(play, option, data.draw))


@settings(max_examples=70 * TIMES)
@given(play=plays(), data=st.data())
def test_a_run_that_everybody_finishes_ends(play: Play, data: st.DataObject) -> None:
    """With everybody in every role, completing whatever is open always comes to an end: every loop is limited."""
    play = Play(play.procedure).start({"lead": persons(ANA)}, inputs={"platforms": ["weibo", "wechat"]})
    for _ in range(600):
        if play.state.status != "open":
            break
        waiting = [token for token in play.state.tokens.values() if token.waiting]
        if waiting:
            play.system(c.ChildEnded(waiting[0].id, waiting[0].waiting, data.draw(st.sampled_from(["done", "rejected"]))))
            continue
        found = next(iter(play.state.tasks.values()))
        able = [p for p in PEOPLE if play.may(p, "complete", found.address)]
        if not able:
            play.do(ANA, c.Release(found.address, "for somebody else"))
            able = [p for p in PEOPLE if play.may(p, "complete", found.address)]
        outcome = data.draw(st.sampled_from(tuple(play.procedure.steps[found.step].outcomes)))
        values = {"flag": data.draw(st.booleans())} if found.kind == "task" else {}
        play.do(data.draw(st.sampled_from(able)), c.Complete(found.address, outcome, values, "because"))
    assert play.state.status == "ended"


@settings(max_examples=70 * TIMES)
@given(play=plays(), data=st.data())
def test_cancelling_leaves_nothing_behind(play: Play, data: st.DataObject) -> None:
    """At any moment a track or the run can be cancelled: every task is withdrawn and every waited-for child cancelled."""
    able = [task_.address for task_ in play.state.tasks.values()]
    for address in data.draw(st.lists(st.sampled_from(able), max_size=4)) if able else ():
        person = data.draw(st.sampled_from((BEN, CLEO)))
        command = c.Complete(address, "", {"flag": True}, "x")
        if isinstance(play.ask(person, command), Accepted):
            play.do(person, command)
    for address in [task_.address for task_ in play.state.tasks.values()]:
        answer = play.ask(ANA, c.CancelTrack(address, "x"))
        if isinstance(answer, Accepted):
            play.do(ANA, c.CancelTrack(address, "x"))
            break
    if play.state.status != "open":
        return
    waiting = sorted(child for token in play.state.tokens.values() if (child := for_a_child(token)))
    answer = play.do(SYSTEM, c.CancelRun("called off"))
    assert sorted(effect.child for effect in answer.effects) == waiting  # type: ignore[union-attr]
    assert play.state.status == "cancelled"
