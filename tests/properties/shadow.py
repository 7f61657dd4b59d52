"""What a reader of the events alone would say of a run: plain dictionaries, and none of the engine's fold.

It keeps what people can see (tasks, tracks, who holds what, what counts) in its own words, so that an event whose fold forgets
or invents something is found.
"""

from collections.abc import Callable
from typing import Any

from engine import events as e
from engine.state import FOREVER, State

Facts = dict[str, Any]
TASK = (
    "token", "step", "kind", "role", "round", "ready", "due", "owner", "since", "also", "held", "named", "chain", "until", "votes",
)  # fmt: skip
TOKEN = ("track", "at", "parent", "step", "key", "scope", "name", "opened", "finished", "waiting", "loose", "more")
RUN = (
    "status", "end", "suspended", "sop", "version", "fingerprint", "lead", "unit", "started", "parent", "depth", "drill",
    "parameters", "roles", "values", "outcomes", "done_at", "counts", "actors", "kept_out",
)  # fmt: skip


class Shadow:
    """One run, as its events tell it."""

    def __init__(self) -> None:
        self.tasks: dict[int, Facts] = {}
        self.tokens: dict[int, Facts] = {}
        self.run: Facts = {name: {} for name in RUN} | {
            "status": "new", "end": "", "suspended": False, "sop": "", "version": "", "fingerprint": "", "lead": "", "unit": "",
            "started": "", "parent": None, "depth": 0, "drill": False,
        }  # fmt: skip

    def read(self, at: str, event: e.Event) -> None:
        """Take in one event."""
        told = self._TELL.get(type(event))
        if told is not None:
            told(self, event, at)

    def differs(self, state: State) -> str:
        """What of *state* the events do not say; empty if they agree."""
        for name in RUN:
            if getattr(state, name) != self.run[name]:
                return f"{name} is {getattr(state, name)!r}, and the events say {self.run[name]!r}"
        for what, names, mine, theirs in (("task", TASK, self.tasks, state.tasks), ("token", TOKEN, self.tokens, state.tokens)):
            if set(mine) != set(theirs):
                return f"open {what}s are {sorted(theirs)}, and the events say {sorted(mine)}"
            for number, facts in mine.items():
                for name in names:
                    found = getattr(theirs[number], name)
                    if name == "votes":
                        found = [(v.person, v.outcome, v.content, v.on_behalf) for v in found]
                    if found != facts[name]:
                        return f"{name} of {what} {number} is {found!r}, and the events say {facts[name]!r}"
        return ""

    def _where(self, token: int, step: str) -> str:
        return f"{self.tokens[token]['scope']}{step}"

    def _count(self, key: str) -> None:
        self.run["counts"][key] = self.run["counts"].get(key, 0) + 1

    def _values(self, prefix: str, values: Any) -> None:  # noqa: ANN401 - a mapping of seals
        self.run["values"].update({f"{prefix}.{name}": seal for name, seal in values.items()})

    def _without(self, group: str, gone: Callable[[str], bool]) -> None:
        self.run[group] = {key: value for key, value in self.run[group].items() if not gone(key)}

    def _void(self, place: str) -> None:
        self._without("values", lambda key: key.startswith(f"{place}."))
        self._without("outcomes", lambda key: key in {place, f"{place}.branch"})
        self.run["done_at"].pop(place, None)

    def _done(self, place: str, outcome: str, at: str, values: Any = (), under: str = "") -> None:  # noqa: ANN401
        if place in self.run["done_at"]:
            self._without("values", lambda key: key.startswith(f"{place}."))
        self._values(under or place, dict(values))
        self.run["outcomes"][place] = outcome
        self.run["done_at"][place] = at

    def _act(self, task: int, person: str, on_behalf: tuple[str, ...]) -> None:
        step, token = self.tasks[task]["step"], self.tasks[task]["token"]
        latest = [*(other for other in on_behalf if other != person), person]
        for key in {step, self._where(token, step)}:
            old = self.run["actors"].get(key, ())
            self.run["actors"][key] = (*(other for other in old if other not in latest), *latest)

    def _started(self, event: e.RunStarted, at: str) -> None:
        self.run |= {
            name: getattr(event, name) for name in ("sop", "version", "fingerprint", "lead", "unit", "parent", "depth", "drill")
        }
        self.run |= {"status": "open", "started": at, "parameters": dict(event.parameters)}
        self._values("inputs", event.inputs)

    def _opened(self, event: e.TrackOpened, _at: str) -> None:
        outer = self.tokens[event.parent]["scope"] if event.parent is not None else ""
        self.tokens[event.token] = dict(zip(TOKEN, (
            event.track, "", event.parent, event.step, event.key, f"{event.token}/" if event.key else outer, event.name, 0, 0, "",
            False, False,
        ), strict=True))  # fmt: skip
        if event.parent is not None:
            self.tokens[event.parent]["opened"] += 1
        if event.key:
            self.run["values"][f"{event.token}/{event.name}"] = event.item

    def _moved(self, event: e.TokenMoved | e.Rewound, _at: str) -> None:
        if isinstance(event, e.Rewound):
            for place in event.voided:
                self._void(place)
        elif event.source:
            self._count(f"{self._where(event.token, event.source)}.{event.by}")
        self.tokens[event.token] |= {"at": event.target, "opened": 0, "finished": 0, "waiting": "", "more": False}

    def _closed(self, event: e.TrackClosed, _at: str) -> None:
        gone = self.tokens.pop(event.token)
        if gone["parent"] is not None and event.how == "done" and not gone["loose"]:
            self.tokens[gone["parent"]]["finished"] += 1
        if gone["key"]:
            for group in ("values", "outcomes", "done_at", "actors", "counts", "kept_out"):
                self._without(group, lambda key: key.startswith(f"{event.token}/"))

    def _task(self, event: e.TaskOpened, at: str) -> None:
        self.tasks[event.task] = {
            "token": event.token, "step": event.step, "kind": event.kind, "role": event.role, "round": event.round, "ready": at,
            "due": event.due, "owner": event.owner, "since": at if event.owner else "", "also": (), "held": (),
            "named": event.named, "chain": (), "until": "", "votes": [],
        }  # fmt: skip
        self._count(self._where(event.token, event.step))

    def _taken(self, event: Any, at: str) -> None:  # noqa: ANN401 - several kinds
        chain, until = (), ""
        if not isinstance(event, e.TaskReturned):
            chain = event.on_behalf
        if isinstance(event, e.TaskDelegated):
            until = event.until or FOREVER
        self.tasks[event.task] |= {"owner": event.person, "since": at, "chain": chain, "until": until}

    def _free(self, event: e.TaskReleased, _at: str) -> None:
        self.tasks[event.task] |= {"owner": "", "since": "", "chain": (), "until": ""}

    def _late(self, event: e.TaskEscalated, _at: str) -> None:
        also = self.tasks[event.task]["also"]
        self.tasks[event.task]["also"] = also if event.role in also else (*also, event.role)

    def _voted(self, event: e.ApprovalGiven, _at: str) -> None:
        self.tasks[event.task]["votes"].append((event.person, event.outcome, event.content, event.on_behalf))
        self._act(event.task, event.person, event.on_behalf)

    def _unvoted(self, event: e.ApprovalVoided, _at: str) -> None:
        task = self.tasks[event.task]
        task["votes"] = [vote for vote in task["votes"] if vote[0] not in event.people]

    def _completed(self, event: e.TaskCompleted, at: str) -> None:
        self._act(event.task, event.person, event.on_behalf)
        task = self.tasks.pop(event.task)
        self._done(self._where(task["token"], task["step"]), event.outcome, at, event.values)

    def _held(self, event: Any, _at: str) -> None:  # noqa: ANN401 - four kinds
        word = "suspended" if isinstance(event, e.TaskSuspended | e.TaskResumed) else "blocked"
        others = tuple(held for held in self.tasks[event.task]["held"] if held != word)
        on = isinstance(event, e.TaskSuspended | e.TaskBlocked)
        self.tasks[event.task]["held"] = (*others, word) if on else others

    def _joined(self, event: e.JoinFired, at: str) -> None:
        place = self._where(event.token, event.step)
        self.run["outcomes"][place], self.run["done_at"][place] = "done", at
        self.run["outcomes"].pop(f"{place}.branch", None)
        if event.branch:
            self.run["outcomes"][f"{place}.branch"] = event.branch
        for left in event.left:
            self.tokens[left]["loose"] = True

    def _returned(self, event: e.ChildReturned, at: str) -> None:
        place = self._where(event.token, event.step)
        self._done(place, event.end, at, event.results, f"{place}.results")
        self.tokens[event.token]["waiting"] = f"returned:{event.child}" if self.run["suspended"] else ""

    def _waited(self, event: e.WaitEnded, at: str) -> None:
        name = self.tokens[event.token]["waiting"].removeprefix("signal:")
        if event.by == "kept":
            self._without("values", lambda key: key.startswith(f"signal/{name}."))
            self.run["counts"].pop(f"signal/{name}", None)
        self._done(self._where(event.token, event.step), event.by, at, event.values)
        self.tokens[event.token]["waiting"] = ""

    def _came(self, event: e.SignalCame, _at: str) -> None:
        if event.kept:
            self._without("values", lambda key: key.startswith(f"signal/{event.name}."))
            self._values(f"signal/{event.name}", event.values)
            self._count(f"signal/{event.name}")

    def _reopened(self, event: e.RunReopened, _at: str) -> None:
        self.run |= {"status": "open", "end": ""}
        for place in event.voided:
            self._void(place)

    def _corrected(self, event: e.FieldsCorrected, _at: str) -> None:
        for name, seal in event.values.items():
            self.run["values"].pop(f"{event.where}.{name}", None)
            if seal:
                self.run["values"][f"{event.where}.{name}"] = seal
        step = event.where.rpartition("/")[2]
        if event.person not in self.run["actors"].get(step, ()):
            self.run["actors"][step] = (event.person, *self.run["actors"].get(step, ()))

    def _skipped(self, event: e.StepSkipped, _at: str) -> None:
        self._void(self._where(event.token, event.step))

    def _migrated(self, event: e.RunMigrated, _at: str) -> None:
        def new(path: str) -> str:
            scope, slash, rest = path.rpartition("/")
            step, dot, more = rest.partition(".")
            return path if scope == "signal" or step == "inputs" else f"{scope}{slash}{event.names.get(step, step)}{dot}{more}"

        for group in ("values", "outcomes", "done_at", "counts", "actors", "kept_out"):
            self.run[group] = {new(key): value for key, value in self.run[group].items()}
        self.run |= {"version": event.version, "fingerprint": event.fingerprint}
        for token in self.tokens.values():
            owner, dot, branch = token["track"].partition(".")
            token["track"] = f"{event.names.get(owner, owner)}{dot}{branch}"
            token |= {name: event.names.get(token[name], token[name]) for name in ("at", "step")}
        for task in self.tasks.values():
            task["step"] = event.names.get(task["step"], task["step"])

    def _kept_out(self, event: e.PeopleKeptOut, _at: str) -> None:
        self._without("kept_out", lambda key: key == event.where)
        if event.people:
            self.run["kept_out"][event.where] = event.people

    def _over(self, event: e.RunEnded | e.RunCancelled, _at: str) -> None:
        ended = isinstance(event, e.RunEnded)
        end = event.end if isinstance(event, e.RunEnded) else "cancelled"
        self.run |= {"status": "ended" if ended else "cancelled", "end": end, "suspended": False}

    _TELL: dict[type, Callable[..., None]] = {  # noqa: RUF012 - never changed
        e.RunStarted: _started, e.TrackOpened: _opened, e.TokenMoved: _moved, e.Rewound: _moved, e.TrackClosed: _closed,
        e.TaskOpened: _task, e.TaskClaimed: _taken, e.TaskAssigned: _taken, e.TaskDelegated: _taken, e.TaskReturned: _taken,
        e.TaskReleased: _free, e.TaskEscalated: _late, e.ApprovalGiven: _voted, e.ApprovalVoided: _unvoted,
        e.TaskCompleted: _completed, e.TaskSuspended: _held, e.TaskResumed: _held, e.TaskBlocked: _held, e.TaskUnblocked: _held,
        e.JoinFired: _joined, e.ChildReturned: _returned, e.WaitEnded: _waited, e.SignalCame: _came, e.RunReopened: _reopened,
        e.FieldsCorrected: _corrected, e.StepSkipped: _skipped, e.RunMigrated: _migrated, e.RunEnded: _over, e.RunCancelled: _over,
        e.PeopleKeptOut: _kept_out,
        e.TaskWithdrawn: lambda self, event, _at: self.tasks.pop(event.task),
        e.RoleBound: lambda self, event, _at: self.run["roles"].__setitem__(event.role, event.holders),
        e.ChildRequested: lambda self, event, _at: self.tokens[event.token].update(waiting="" if event.detached else event.child),
        e.WaitBegan: lambda self, event, _at: self.tokens[event.token].update(
            waiting=f"signal:{event.signal}" if event.signal else f"until:{event.until}"
        ),
        e.ItemsOpened: lambda self, event, _at: self.tokens[event.token].update(more=True),
        e.ItemsClosed: lambda self, event, _at: self.tokens[event.token].update(more=False),
        e.RunSuspended: lambda self, _event, _at: self.run.update(suspended=True),
        e.RunResumed: lambda self, _event, _at: self.run.update(suspended=False),
    }  # fmt: skip


__all__ = ["Shadow"]
