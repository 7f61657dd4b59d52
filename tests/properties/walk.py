"""A walk: one random definition, a random crowd, and one random act after another, with everything held after each."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from engine import commands as c
from engine import events as e
from engine.calendar import Calendar
from engine.canonical import canonical
from engine.context import Context
from engine.decide import Accepted, decide
from engine.options import Option, options
from engine.people import SYSTEM
from engine.refusals import Refused
from engine.rules.working import may_complete
from engine.state import EMPTY, State, to_plain
from engine.timers import ESCALATE, REMIND, RETURN, WAIT, instant, written
from tests.engine.kit import ANA, NOW, STRANGER
from tests.properties.acts import WHY, command_for, disagreement, filled, renamed
from tests.properties.crowd import EVERYBODY, Asked, Crowd
from tests.properties.drafts import drafted, next_version
from tests.properties.duties import PEOPLE, Deed
from tests.properties.finishing import an_end_can_be_reached
from tests.properties.invariants import COURSE, Act
from tests.properties.notary import Notary, salts
from tests.properties.offering import Offers, inboxes_are_what_they_would_be_anew
from tests.properties.shadow import Shadow

if TYPE_CHECKING:
    from engine.procedure import Procedure

_ON: Final = frozenset({"complete", "claim", "delegate", "block", "release"})
"""What whoever can do a task does with it."""
_TAKING: Final = (c.Claim, c.Assign, c.Complete, c.Delegate)
OFTEN: Final = {
    "claim": 4, "complete": 14, "signal": 1, "assign": 3, "delegate": 2, "add_item": 3, "close_items": 1, "resume": 5, "unblock": 4,
    "rewind": 1, "correct": 2, "skip": 1, "reopen": 6, "cancel": 0, "bind": 2,
}  # fmt: skip
"""How often an act is drawn against others; once if it does not stand here. Cancelling a run is drawn elsewhere."""
SEARCHES: Final = 8
"""After so many acts it is tried whether an end can be reached."""


class Broken(AssertionError):  # noqa: N818 - a promise is
    """A promise does not hold; says which, where, and how to see it again."""

    def __init__(self, promise: str, why: str, walk: "Walk") -> None:
        super().__init__(f"{promise}: {why}\n{walk.told()}")
        self.promise = promise


class Walk:
    """One definition and its runs.

    Args:
        seed: what everything is drawn from.

    Attributes:
        seen: what was drawn and what happened, counted.
    """

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self.rng = random.Random(seed)
        self.first = drafted(self.rng)
        self.crowd = Crowd.drawn(self.rng)
        self.versions: dict[str, Procedure] = {self.first.fingerprint: self.first}
        self.seen: Counter[str] = Counter()
        self.acts = 0
        self.at = NOW
        self.lines: list[str] = []
        self.begin()

    def begin(self) -> None:
        """A new run of the definition."""
        self.procedure, self.state = self.first, EMPTY
        self.data: dict[str, Any] = {}
        self.history: list[tuple[str, e.Event]] = []
        self.timers: dict[tuple[int, str, int], str] = {}
        self.turns: dict[tuple[str, str], int] = {}
        self.children: set[str] = set()
        self.joined: set[tuple[int, str]] = set()
        self.deeds: list[Deed] = []
        self.shadow = Shadow()
        self.offers = Offers()
        self.notary = Notary(salts(f"{self.seed}/{self.acts}"), self.versions.get)
        self.lines = []
        rng, people = self.rng, self.crowd.active
        roles = {role: self._holders() for role in self.procedure.document["roles"] if rng.random() < 0.95}
        roles["lead"] = (f"person:{ANA}", *roles.get("lead", ()))[: rng.choice((1, 2))]
        inputs = filled(self.procedure.document["inputs"], rng.choice, people)
        parameters = {"rounds": 1} if rng.random() < 0.3 else {}
        start = c.Start("SAM-1", "A run", ANA, roles, inputs, parameters, drill=rng.random() < 0.3)
        if isinstance(answer := self.attempt(ANA, start), Refused):
            raise Broken("a_run_can_be_started", f"it is refused: {answer.reasons}", self)

    def _holders(self) -> tuple[str, ...]:
        several = self.rng.sample(self.crowd.active, self.rng.choice((1, 2, 2, 3)))
        teams = ("team:desk",) if self.rng.random() < 0.25 else ()
        return (*teams, *(f"person:{person}" for person in several))

    def parameter(self, name: str) -> int:
        """A whole number among the parameters."""
        return int(self.state.parameters.get(name, self.procedure.default(name)))

    def parameter_or_number(self, found: int | str) -> int:
        """A number, or the parameter that ``$name`` stands for."""
        return self.parameter(found[1:]) if isinstance(found, str) else found

    def directory(self) -> Asked:
        """People as of now."""
        loads = Counter(task.owner for task in self.state.tasks.values() if task.owner)
        return Asked(self.crowd, self.at, loads, self.turns)

    def step(self) -> None:
        """One act, and everything that must hold after it."""
        self.acts += 1
        self.at = written(instant(self.at) + timedelta(minutes=self.rng.choice((0, 1, 30, 120))))
        if self.rng.random() < 0.08:
            self._note(f"({self.crowd.stir(self.rng)})")
            self.offers.renew(self.procedure, self.state, self.directory())
        if self.state.status != "open" and self.rng.random() < 0.4:
            self.begin()
            return
        draw = self.rng.random()
        if draw < 0.16 and self._outside():
            pass
        elif draw < 0.22:
            self._wild()
        elif draw < 0.25:
            self._migrate()
        else:
            self._offered()
        if self.acts % SEARCHES == 0:
            self.search()

    def search(self) -> None:
        """Whether an end can be reached from here."""
        if why := an_end_can_be_reached(self):
            raise Broken("an_end_can_be_reached", why, self)

    def _offered(self) -> None:
        """Something that ``options`` shows to somebody, permitted or not; some of the rest is only asked."""
        rng = self.rng
        wanted = self._able() if rng.random() < 0.6 else None
        person, address = wanted or (
            rng.choice((ANA, STRANGER, *EVERYBODY) if rng.random() < 0.2 else (ANA, *self.crowd.active)),
            "",
        )
        shown = list(options(self.procedure, self.state, person, self.directory()))
        can = [option for option in shown if not option.reasons and OFTEN.get(option.act, 1)]
        mine = [option for option in can if option.step == address and option.act in _ON if address]
        cannot = [option for option in shown if option.reasons]
        stored = canonical(to_plain(self.state))
        for option in rng.sample(shown, min(4, len(shown))):
            command = command_for(self.procedure, self.state, option, rng.choice, self.crowd.active, self.at)
            answer = self._decided(person, command, self._held(command))[0]
            if why := disagreement(option, answer):
                raise Broken("options_agree_with_decide", f"for {person}, {why}", self)
        if canonical(to_plain(self.state)) != stored:
            raise Broken("asking_changes_nothing", "the state is another after it was only asked about", self)
        chosen = rng.choice(cannot) if not can or (cannot and rng.random() < 0.1) else _weighed(rng, mine or can)
        answer = self.attempt(person, command_for(self.procedure, self.state, chosen, rng.choice, self.crowd.active, self.at))
        if why := disagreement(chosen, answer):
            raise Broken("options_agree_with_decide", f"for {person}, {why}", self)

    def _able(self) -> tuple[str, str] | None:
        """Somebody who can do one of the open tasks, and its address; so that the run gets on."""
        for task in self.rng.sample(list(self.state.tasks.values()), len(self.state.tasks)):
            for person in self.rng.sample(self.crowd.active, len(self.crowd.active)):
                if not may_complete(self.procedure, self.state, task, person, self.directory()):
                    return person, task.address
        return None

    def _outside(self) -> bool:
        """A timer that is due, or a child run that returns; gives whether there is any."""
        due = [key for key, _ in sorted(self.timers.items(), key=lambda timer: timer[1])[:2]]
        waiting = [token for token in self.state.tokens.values() if token.waiting in self.children]
        if not due and not waiting:
            return False
        if waiting and (not due or self.rng.random() < 0.5):
            token = self.rng.choice(waiting)
            end = self.rng.choice(("done", "done", "rejected", "cancelled"))
            answer = self.attempt(SYSTEM, c.ChildEnded(token.id, token.waiting, end, {"r": 1}))
        else:
            key = self.rng.choice(due)
            self.at = max(self.at, self.timers[key])
            answer = self.attempt(SYSTEM, c.Elapse(*key))
            if isinstance(answer, Accepted):
                self.timers.pop(key, None)
        return True

    def _wild(self) -> None:
        """What nobody is offered: forcing, cancelling, guessing at names, filling in nonsense."""
        rng, person = self.rng, self.rng.choice((ANA, self.rng.choice(self.crowd.active)))
        tasks = list(self.state.tasks.values())
        address = rng.choice(tasks).address if tasks else "nowhere"
        step = address.partition(":")[0]
        form = self.procedure.steps[step].form if step in self.procedure.steps else {}
        values = filled(form, rng.choice, self.crowd.active)
        many: Sequence[c.Command] = (
            c.Complete(address, "", values, WHY, override=True),
            c.Complete(address, "", values, WHY, override=True),
            c.Complete(address, "nonsense", values, WHY),
            c.Complete(address, "", {"flag": "maybe", "strange": 1}),
            c.CancelTrack(rng.choice([address, *self.procedure.tracks]), WHY),
            c.CloseItems(rng.choice([*self.procedure.steps]), note=WHY),
            c.Rewind(rng.choice([*self.procedure.steps]), WHY),
            c.Skip(address),
            c.Assign(address, STRANGER, WHY),
            c.Bind("maker", self._holders(), WHY),
            c.CancelRun(WHY) if rng.random() < 0.2 else c.Comment("hm", "no such step"),
        )
        self.attempt(person, rng.choice(many))

    def _migrate(self) -> None:
        """Go over to another version, or ask for one that nobody knows."""
        if len(self.versions) > 3 or self.rng.random() < 0.2:
            self.attempt(ANA, c.Migrate("0" * 64, {}, WHY))
            return
        new, names = next_version(self.rng, self.procedure)
        self.versions[new.fingerprint] = new
        self.attempt(ANA, c.Migrate(new.fingerprint, names if self.rng.random() < 0.8 else {}, WHY))

    def _held(self, command: c.Command) -> dict[str, tuple[str, str]]:
        busy = "studio" in self.procedure.sections and self.rng.random() < 0.1
        return {"studio": ("SAM-9", "s1")} if busy and isinstance(command, _TAKING) else {}

    def _decided(
        self, actor: str, command: c.Command, held: Mapping[str, tuple[str, str]]
    ) -> tuple[Accepted | Refused, Asked, Any]:
        directory, sealer = self.directory(), self.notary.sealer()
        context = Context("SAM-1", self.at, actor, directory, CALENDAR, sealer, self.data, held, self.versions.get)
        return decide(self.procedure, self.state, command, context), directory, sealer

    def attempt(self, actor: str, command: c.Command) -> Accepted | Refused:
        """Ask for it, write it down, take it over if it is accepted, and hold everything."""
        held = self._held(command)
        answer, directory, sealer = self._decided(actor, command, held)
        name = type(command).__name__
        forced = " override" if isinstance(command, c.Complete) and command.override else ""
        self.seen[f"{name}{forced} {'accepted' if isinstance(answer, Accepted) else 'refused'}"] += 1
        self._note(f"{self.at[:16]} {actor}: {command}{'' if isinstance(answer, Accepted) else f' REFUSED {answer.reasons}'}")
        if isinstance(answer, Accepted) or (answer.recorded and actor != SYSTEM and self.state.status != "new"):
            why = self.notary.differs(self.procedure, self.state, command, actor, answer, sealer, directory, held)
            if why:
                raise Broken("deciding_again_equals_history", why, self)
        if isinstance(answer, Accepted):
            act = Act(self.procedure, self.state, actor, command, answer, directory)
            self._take(act)
            for invariant in (*COURSE, *PEOPLE, inboxes_are_what_they_would_be_anew):
                if why := invariant(self, act):
                    raise Broken(invariant.__name__, why, self)
        return answer

    def _take(self, act: Act) -> None:
        self.data = renamed(self.data, self.state, act.answer)
        self.state = act.after
        for event in act.answer.events:
            self.history.append((act.directory.at, event))
            self.seen[type(event).__name__] += 1
            if isinstance(event, e.RunMigrated):
                self.procedure = self.versions[event.fingerprint]
            elif isinstance(event, e.ChildRequested) and not event.detached:
                self.children.add(event.child)
            elif isinstance(event, e.ChildReturned):
                self.children.discard(event.child)
            elif isinstance(event, e.TaskOpened) and event.turn:
                self.turns[f"{act.procedure.sop}/{event.step}", event.owner] = event.turn
            self._time(event)
        self.offers.follow(act, self.procedure)
        alive = {(WAIT, token.id) for token in self.state.tokens.values() if token.waiting.startswith("until:")}
        alive |= {(kind, task) for task in self.state.tasks for kind in (REMIND, ESCALATE, RETURN)}
        self.timers = {key: at for key, at in self.timers.items() if (key[1], key[0]) in alive}

    def _time(self, event: e.Event) -> None:
        if isinstance(event, e.TaskOpened):
            self.timers |= {(event.task, kind, number): at for kind, number, at in event.timers}
        elif isinstance(event, e.TaskDelegated) and event.until:
            self.timers[event.task, RETURN, 0] = event.until
        elif isinstance(event, e.WaitBegan) and event.until:
            self.timers[event.token, WAIT, 0] = event.until

    def _note(self, line: str) -> None:
        self.lines.append(line)

    def told(self) -> str:
        """The definition and what was done in its run, to be read by whoever has to mend it."""
        import yaml

        text = yaml.safe_dump(dict(self.procedure.document), sort_keys=False, allow_unicode=True, width=120)
        return f"seed {self.seed}, act {self.acts}\n--- definition\n{text}--- acts\n" + "\n".join(self.lines)


def _weighed(rng: random.Random, shown: Sequence[Option]) -> Option:
    return rng.choices(shown, [OFTEN.get(option.act, 1) for option in shown])[0]


CALENDAR: Final = Calendar()


def walk(seed: str, acts: int) -> Walk:
    """A whole walk of so many acts. Raises Broken where a promise does not hold."""
    made = Walk(seed)
    for _ in range(acts):
        made.step()
    made.search()
    return made


__all__ = ["Broken", "State", "Walk", "walk"]
