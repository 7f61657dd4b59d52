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
from runners.cli.tables import padded
from runners.cli.times import written
from runners.exits import CHECK
from runners.messages import Sentences, ordered
from runners.runner import Done
from runners.settings import load
from runners.tongue import spoken
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
        return spoken("{weekday} {time}", weekday=spoken(f"{self._at:%a}"), time=f"{self._at:%H:%M}")


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
            session.out.note(spoken("Everything is in {folder}: cd {folder} && SOP_USER=ana sop show CRI-1", folder=keep))
    return 0 if sound else CHECK


@contextmanager
def _place(keep: str) -> Iterator[Path]:
    if not keep:
        with tempfile.TemporaryDirectory(prefix="sop-demo-") as folder:
            yield Path(folder)
        return
    kept = Path(keep).absolute()
    if kept.exists() and (not kept.is_dir() or any(kept.iterdir())):
        hint = spoken("name a folder that does not exist yet")
        raise usage(spoken("{path} is not empty", path=keep), hint, code="SOP-U04")
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
        facts = {"run": done.run, "version": done.procedure.version, "title": TITLE}
        self._say("ana", spoken('starts {run}: crisis {version}, "{title}"', **facts), done)
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
            unusable = Complaint("SOP-D00", spoken("the shipped crisis.yaml cannot be used"), spoken("sop lint   says why"))
            raise Failure([unusable], CHECK)
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
        answer = self._app.runner.handle(run, Complete(act.step, act.outcome, values, spoken(act.note)), actor=person)
        if isinstance(answer, Refused) != act.refused:
            if isinstance(answer, Refused):
                self._session.done(answer, run)
            words = spoken("{person} was allowed to do {step}, which must be refused", person=act.who, step=act.step)
            raise Failure([Complaint("SOP-K01", words)], CHECK)
        if isinstance(answer, Refused):
            self._refused(run, act, answer)
        else:
            self._say(act.who, spoken(act.says), answer, step=act.step, note=spoken(act.note))

    def _tick(self) -> None:
        for done in self._app.runner.elapse():
            address = addresses(self._session, done)
            for event in done.events:
                if isinstance(event, TaskEscalated):
                    words = spoken("{task} is late: {role} may act on it too", task=address(event.task), role=event.role)
                    self._line(spoken("system"), words, "soon")

    def _refused(self, run: str, act: Act, refused: Refused) -> None:
        say = Sentences(run, self._session.handle)
        self._line(act.who, spoken(act.says), "")
        for reason in ordered(refused.reasons):
            words = spoken("refused: {why} ({code})", why=say.sentence(reason), code=reason.code)
            self._aside(f"{self._out.sign('bad')} {words}", "late")
        self._told.append({"at": self._clock.words, "who": act.who, "step": act.step,
                           "refused": [str(reason.code) for reason in refused.reasons]})  # fmt: skip

    def _say(self, who: str, says: str, done: Done, *, step: str = "", note: str = "") -> None:
        self._line(who, says, "")
        if note:
            self._aside(f'"{note}"', "dim")
        for event in done.events:
            if isinstance(event, JoinFired):
                facts = {"step": event.step, "finished": event.finished, "opened": event.opened}
                words = spoken("{step}: {finished} of {opened} done", **facts)
                self._aside(f"{self._out.sign('good')} {words}", "good")
        opened = [_task_words(event, done.state) for event in done.events if isinstance(event, TaskOpened)]
        if opened:
            self._aside(f"→ {', '.join(opened)}", "dim")
        if done.state.status != "open":
            ended = spoken("{run} has ended: {end}", run=done.run, end=done.state.end)
            self._aside(f"{self._out.sign('good')} {ended}", "good")
        self._told.append({"at": self._clock.words, "who": who, "step": step, "seq": done.seq})

    def _line(self, who: str, says: str, style: str) -> None:
        if not self._out.machine:
            self._out.line(f"{self._clock.words}  {padded(who, 6)} {says}", style)

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
        heading = spoken("The history of {run}, {records} records (sop history {run}):", run=run, records=len(lines))
        self._out.line(heading, "bold")
        items = [item_of(self._session, line, task_names(view)) for line in lines]
        self._out.items(items, columns(self._session, short=True))
        self._out.line()
        self._out.line(spoken("Verified (sop verify {run} --evidence):", run=run), "bold")
        for text, style in told(self._out, report):
            self._out.line(text, style)
        return report.sound


def _task_words(event: TaskOpened, state: State) -> str:
    task = state.tasks.get(event.task)
    name = task.address if task else event.step
    if event.round > 1:
        return spoken("{task} ({role}, round {round})", task=name, role=event.role, round=event.round)
    return f"{name} ({event.role})"
