"""On a server far away, what counts is how often one waits for it."""

import queue
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import psycopg
import pytest

from runners.store import reads
from runners.store.database import Unit, open_database, transact
from runners.store.loading import load
from runners.store.records import Payload

if TYPE_CHECKING:
    from tests.contract.conftest import Shelf

DELAY = 0.1
"""Seconds that every answer of the server takes longer."""


def carry(source: socket.socket, target: socket.socket, delay: float) -> None:
    """Carries bytes from one end to the other, each so much later than it came, in order."""
    waiting: queue.Queue[tuple[float, bytes]] = queue.Queue()

    def deliver() -> None:
        while True:
            due, data = waiting.get()
            time.sleep(max(0.0, due - time.monotonic()))
            try:
                target.sendall(data)
            except OSError:
                return
            if not data:
                return

    threading.Thread(target=deliver, daemon=True).start()
    data = b"x"
    while data:
        try:
            data = source.recv(65536)
        except OSError:
            data = b""
        waiting.put((time.monotonic() + delay, data))


@pytest.fixture
def far_url(postgresql_url: str, tmp_path: Path) -> Iterator[str]:
    """The same database, behind a line that delays every answer."""
    info = psycopg.conninfo.conninfo_to_dict(postgresql_url)
    near = f"{info['host']}/.s.PGSQL.{info.get('port', 5432)}"
    ends: list[socket.socket] = []

    def serve(listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(near)
            ends.extend((client, server))
            threading.Thread(target=carry, args=(client, server, 0.0), daemon=True).start()
            threading.Thread(target=carry, args=(server, client, DELAY), daemon=True).start()

    folder = tmp_path / "far"
    folder.mkdir()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / ".s.PGSQL.5432"))
        listener.listen()
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        user, database = info["user"], info["dbname"]
        yield f"postgresql://{user}@/{database}?host={quote(str(folder))}&options={quote(str(info['options']))}"
        listener.shutdown(socket.SHUT_RDWR)
    for end in ends:
        end.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_step_waits_twice_for_the_server(shelf: "Shelf", far_url: str) -> None:
    """BEGIN travels with everything that is read, and COMMIT with everything that is written."""
    row = shelf.start()
    far = open_database(far_url)

    def step(unit: Unit) -> None:
        found = load(unit, "CAM-1", key=f"key {row.seq}", person="p_ana").run
        assert found is not None
        more = {
            "tasks": [shelf.task(1, closed_at=found.started_at), shelf.task(2)],
            "offers": {1: [], 2: ["team:design", "team:legal"]},
            "payloads": [Payload("CAM-1", found.seq + 1, "brief.copy", b"s" * 32, b"1")],
            "request": (f"key {found.seq}", "digest", found.seq + 1),
        }
        shelf.step(found, unit=unit, more=more)

    trips = []
    for _ in range(3):
        began = time.monotonic()
        transact(far, step)
        trips.append((time.monotonic() - began) / DELAY)
    far.close()

    assert 2 <= min(trips) < 3
    with shelf.database.read() as unit:
        assert len(reads.history(unit, "CAM-1")) == 4


def test_one_statement_after_another_would_be_seen(far_url: str) -> None:
    """The negative control: without the pipeline five statements wait five times."""
    with psycopg.connect(far_url, autocommit=True) as far:
        began = time.monotonic()
        for _ in range(5):
            far.execute("SELECT 1")
        assert (time.monotonic() - began) / DELAY >= 5
