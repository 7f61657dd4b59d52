"""``sop demo``: a whole crisis run, played in a temporary place with the real definition and the real engine."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from engine.commands import Complete
from engine.events import JoinFired, TaskEscalated, TaskOpened
from engine.refusals import Refused
from engine.state import State
from runners.cli.commands import command, pass_session
from runners.cli.demo_story import BEGIN, FILES, STORY, TITLE, Act
from runners.cli.doing import addresses
from runners.cli.failures import Complaint, Failure, usage
from runners.cli.session import Session
from runners.cli.tables import Column
from runners.cli.times import written
from runners.exits import CHECK
from runners.messages import Sentences, ordered
from runners.runner import Done
from runners.settings import load
from runners.wiring import App, open_app


class StoryClock:
    """A clock that stands still until the story moves it."""

    def __init__(self, at: str) -> None:
        self._at = datetime.fromisoformat(at)

    def now(self) -> str:
        """The instant of the story."""
        self._at += timedelta(milliseconds=1)  # two records of one moment still have an order
        return written(self._at)

    def pass_(self, minutes: int) -> None:
        """Let time pass."""
        self._at += timedelta(minutes=minutes)

    @property
    def words(self) -> str:
        """Day and time for the reader."""
        return f"{self._at:%a %H:%M}"


@command("demo")
@click.option("--keep", metavar="DIR", default="", help="Keep everything in DIR, to look around in it afterwards.")
@pass_session
def demo_command(session: Session, keep: str) -> int:
    """Play a real crisis run from start to end in a temporary place, then show its history and verify it.

    Nothing of yours is touched. The people, times and texts are made up; the SOP, the rules and the records are real.
    """
    with _place(keep) as folder:
        clock = StoryClock(BEGIN)
        (folder / ".sop").mkdir()
        settings = load({"HOME": str(folder)}, folder, {"languages": session.options.lang})
        with open_app(settings, create=True, clock=clock) as app:
            sound = _Demo(session, app, clock).play()
        if keep:
            session.out.note(f"Everything is in {keep}: cd {keep} && SOP_USER=ana sop show CRI-1")
    return 0 if sound else CHECK


@contextmanager
def _place(keep: str) -> Iterator[Path]:
    if not keep:
        with tempfile.TemporaryDirectory(prefix="sop-demo-") as folder:
            yield Path(folder)
        return
    kept = Path(keep).absolute()
    if kept.exists() and (not kept.is_dir() or any(kept.iterdir())):
        raise usage(f"{keep} is not empty", "name a folder that does not exist yet", code="SOP-U04")
    kept.mkdir(parents=True, exist_ok=True)
    yield kept


class _Demo:
    def __init__(self, session: Session, app: App, clock: StoryClock) -> None:
        self._out = session.out
        self._app = app
        self._clock = clock
        self._told: list[dict[str, Any]] = []
        self._session = session
        session.__dict__["app"] = app  # what follows reads this database, not the reader's own
        self._files: dict[str, dict[str, Any]] = {}

    def play(self) -> bool:
        """The whole story; gives whether the history verified."""
        self._prepare()
        started = self._app.runner.start("crisis", title=TITLE, actor="ana", lead="ana", key="demo")
        done = self._session.done(started)
        self._session.__dict__["handles"] = self._app.views.handles()
        self._say("ana", f'starts {done.run}: crisis {done.procedure.version}, "{TITLE}"', done)
        for act in STORY:
            self._act(done.run, act)
        return self._end(done.run)

    def _prepare(self) -> None:
        from runners.clock import Ids
        from runners.directory import read_roster, take_in
        from runners.store.evidence import EvidenceFolder

        settings = self._app.settings
        roster, problems = read_roster((settings.definitions[0] / "people.example.yaml").read_bytes())
        assert roster is not None, problems  # noqa: S101 - a test reads the shipped file
        take_in(self._app.database, roster, Ids(), at=self._app.clock.now())
        broken = self._app.library.sync()
        if any(found.path.stem == "crisis" for found in broken):
            raise Failure([Complaint("SOP-D00", "the shipped crisis.yaml cannot be used", "sop lint   says why")], CHECK)
        folder = EvidenceFolder(settings.evidence)
        for name, body in FILES.items():
            path = settings.evidence.parent / name
            path.write_bytes(body)
            stored = folder.add(path)
            path.unlink()
            self._files[name] = {"sha256": stored.sha256, "name": name, "size": stored.size}

    def _value(self, value: Any) -> Any:  # noqa: ANN401 - any form value
        if isinstance(value, str) and value.startswith("file:"):
            return self._files[value.removeprefix("file:")]
        return [self._value(item) for item in value] if isinstance(value, list) else value

    def _act(self, run: str, act: Act) -> None:
        self._clock.pass_(act.minutes)
        self._tick()
        values = {name: self._value(value) for name, value in act.values.items()}
        person = self._app.views.pseudonym(act.who)
        answer = self._app.runner.handle(run, Complete(act.step, act.outcome, values, act.note), actor=person)
        if isinstance(answer, Refused) != act.refused:
            if isinstance(answer, Refused):
                self._session.done(answer, run)
            raise Failure([Complaint("SOP-K01", f"{act.who} was allowed to do {act.step}, which must be refused")], CHECK)
        if isinstance(answer, Refused):
            self._refused(run, act, answer)
        else:
            self._say(act.who, act.says, answer, step=act.step, note=act.note)

    def _tick(self) -> None:
        for done in self._app.runner.elapse():
            address = addresses(self._session, done)
            for event in done.events:
                if isinstance(event, TaskEscalated):
                    self._line("system", f"{address(event.task)} is late: {event.role} may act on it too", "soon")

    def _refused(self, run: str, act: Act, refused: Refused) -> None:
        say = Sentences(run, self._session.handle)
        self._line(act.who, act.says, "")
        for reason in ordered(refused.reasons):
            self._aside(f"{self._out.sign('bad')} refused: {say.sentence(reason)} ({reason.code})", "late")
        self._told.append({"at": self._clock.words, "who": act.who, "step": act.step,
                           "refused": [str(reason.code) for reason in refused.reasons]})  # fmt: skip

    def _say(self, who: str, says: str, done: Done, *, step: str = "", note: str = "") -> None:
        self._line(who, says, "")
        if note:
            self._aside(f'"{note}"', "dim")
        for event in done.events:
            if isinstance(event, JoinFired):
                self._aside(f"{self._out.sign('good')} {event.step}: {event.finished} of {event.opened} done", "good")
        opened = [_task_words(event, done.state) for event in done.events if isinstance(event, TaskOpened)]
        if opened:
            self._aside(f"→ {', '.join(opened)}", "dim")
        if done.state.status != "open":
            self._aside(f"{self._out.sign('good')} {done.run} has ended: {done.state.end}", "good")
        self._told.append({"at": self._clock.words, "who": who, "step": step, "seq": done.seq})

    def _line(self, who: str, says: str, style: str) -> None:
        if not self._out.machine:
            self._out.line(f"{self._clock.words}  {who:<6} {says}", style)

    def _aside(self, text: str, style: str) -> None:
        if not self._out.machine:
            self._out.line(f"             {text}", style)

    def _end(self, run: str) -> bool:
        from runners.audit.verify import Auditor
        from runners.cli.history import columns, item_of, task_names
        from runners.cli.times import zone_of
        from runners.cli.verifying import files_whole, told

        view = self._app.views.run(run)
        lines = self._app.views.history(run)
        report = Auditor(self._app.database, zone_of, files_whole(self._app.settings.evidence)).verify([run])
        if self._out.machine:
            value = {"run": run, "status": view.state.status, "end": view.state.end, "records": len(lines), "sound": report.sound}
            self._out.thing({**value, "acts": self._told}, [])
            return report.sound
        self._out.line()
        self._out.line(f"The history of {run}, {len(lines)} records (sop history {run}):", "bold")
        items = [item_of(self._session, line, task_names(view)) for line in lines]
        self._out.items(items, _short(columns(self._session)))
        self._out.line()
        self._out.line(f"Verified (sop verify {run} --evidence):", "bold")
        for text, style in told(self._out, report):
            self._out.line(text, style)
        return report.sound


def _short(columns: list[Column]) -> list[Column]:
    """Without the moves, which would make the lines of a story too long to read."""
    return [column for column in columns if column.title not in {"FROM → TO", "WHY"}]


def _task_words(event: TaskOpened, state: State) -> str:
    task = state.tasks.get(event.task)
    name = task.address if task else event.step
    return f"{name} ({event.role}{', round ' + str(event.round) if event.round > 1 else ''})"
