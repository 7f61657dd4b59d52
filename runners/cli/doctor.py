"""``sop doctor``: is this machine fit, and is this database whole."""

import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Final, Literal

from engine.text import said
from runners.cli.commands import command, pass_session
from runners.cli.session import Session
from runners.exits import CHECK
from runners.settings import database_file
from runners.store.errors import Missing
from runners.tongue import retold, spoken

_LEAST_SPACE: Final = 100 * 1024 * 1024
"""Bytes on the disk below which writing will soon fail."""

_NETWORK: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "glusterfs", "ceph"})
"""File systems whose locks cannot be trusted for WAL: all processes have to be on one machine."""

_RECORDS: Final = 1_000
"""The newest records whose chains are checked."""

State = Literal["good", "late", "bad"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: how it is, and what mends it; in English, which the log and programs get, and retold to people."""

    name: str
    state: State
    text: str
    mend: str = ""


@command("doctor")
@pass_session
def doctor_command(session: Session) -> int:
    """Check Python, SQLite, the disk, the database, its triggers and its newest records. Exit code 5 when something is broken."""
    checks = list(_all(session))
    words = {"good": "ok", "late": "warning", "bad": "broken"}
    if session.out.machine:
        session.out.items([{"name": c.name, "state": words[c.state], "text": c.text, "mend": c.mend} for c in checks], [])
    else:
        styles = {"good": "", "late": "soon", "bad": "late"}
        for check in checks:
            mend = f"   ({retold(check.mend)})" if check.mend else ""
            text = f"{session.out.sign(check.state)} {spoken(check.name)}: {retold(check.text)}{mend}"
            session.out.line(text, styles[check.state])
    _log(session, checks)
    return CHECK if any(check.state == "bad" for check in checks) else 0


def _log(session: Session, checks: list[Check]) -> None:
    """What is wrong goes into the operators' log too."""
    wrong = [check for check in checks if check.state == "bad"]
    if wrong and session.settings.log.parent.is_dir():
        from contextlib import suppress

        from runners.logs import logger

        with suppress(OSError), logger(session.settings.log) as log:
            for check in wrong:
                log.error("doctor", check=check.name, text=check.text)


def _all(session: Session) -> Iterator[Check]:
    yield _python()
    yield _sqlite()
    yield _packages()
    file = database_file(session.settings.database)
    if file is not None:
        yield from _disk(file)
    parts: list[Callable[[Session], Iterator[Check]]] = [_database, _people, _definitions, _history]
    for part in parts:
        try:
            yield from part(session)
        except Exception as error:  # noqa: BLE001 - a doctor names what is wrong and looks on
            name, text = part.__name__.strip("_"), f"{type(error).__name__}: {' '.join(str(error).split())}"
            yield Check(name, "bad", text, said("sop init makes one") if isinstance(error, Missing) else "")
            if part is _database:
                return


def _python() -> Check:
    text = ".".join(map(str, sys.version_info[:3]))
    return Check("python", "good" if sys.version_info >= (3, 11) else "bad", text)


def _sqlite() -> Check:
    found = sqlite3.sqlite_version_info
    if not wal_reset(found):
        return Check("sqlite", "good", sqlite3.sqlite_version)
    text = said("{version} has the WAL-reset bug: two writers at once can corrupt the file", version=sqlite3.sqlite_version)
    return Check("sqlite", "late", text, said("use 3.51.3 or newer, or PostgreSQL when many share one file"))


def wal_reset(found: tuple[int, int, int]) -> bool:
    """Whether this SQLite has the WAL-reset bug: 3.7.0 to 3.51.2, but for the mended 3.44.6 and 3.50.7."""
    if (3, 44, 6) <= found < (3, 45, 0) or (3, 50, 7) <= found < (3, 51, 0):
        return False
    return (3, 7, 0) <= found < (3, 51, 3)


def _packages() -> Check:
    """Our import packages have common names; another distribution that brings the same would shadow them."""
    from importlib.metadata import packages_distributions

    owners = packages_distributions()
    others = {name: sorted(set(owners.get(name, [])) - {"sopwith"}) for name in ("engine", "runners", "definitions")}
    wrong = {name: found for name, found in others.items() if found}
    if wrong:
        found = [said("{name} is also in {others}", name=name, others=", ".join(found)) for name, found in wrong.items()]
        text = reduce(lambda one, other: said("{one}; {other}", one=one, other=other), found)
        return Check(said("packages"), "bad", text, said("install sopwith in an environment of its own"))
    return Check(said("packages"), "good", said("engine, runners and definitions are ours alone"))


def _disk(file: Path) -> Iterator[Check]:
    folder = next((place for place in (file.parent, *file.parents) if place.is_dir()), Path("/"))
    free = shutil.disk_usage(folder).free
    enough = free > _LEAST_SPACE
    text = said("{size} GB free", size=f"{free / 1e9:.1f}")
    yield Check(said("disk"), "good" if enough else "bad", text, "" if enough else said("make room"))
    kind = _file_system(folder)
    if kind in _NETWORK:
        text = said("{kind}: SQLite needs a local disk", kind=kind)
        yield Check(said("file system"), "bad", text, said("put the database on a local disk"))
    else:
        yield Check(said("file system"), "good", kind or said("unknown"))


def _file_system(folder: Path) -> str:
    """The type of the file system that *folder* is on; empty where that cannot be told."""
    try:
        mounts = [line.split() for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()]
    except OSError:
        return ""
    real = str(folder.resolve())
    fitting = [(len(point), kind) for _, point, kind, *_ in mounts if real == point or real.startswith(point.rstrip("/") + "/")]
    return max(fitting, default=(0, ""))[1]


def _database(session: Session) -> Iterator[Check]:
    url = session.settings.database
    app = session.app  # opens it: kind, schema and damage are looked at there
    file = database_file(url)
    if file is None:
        yield Check(said("database"), "good", said("a server, log {log}", log=app.database.log))
        return
    yield Check(said("database"), "good", said("{file}, log {log}", file=file, log=app.database.log))
    with closing(sqlite3.connect(file, timeout=10)) as connection:
        mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
        wal = mode == "wal"
        yield Check(said("journal"), "good" if wal else "bad", mode, "" if wal else "sqlite3 FILE 'PRAGMA journal_mode=wal'")
        pages = "; ".join(str(row[0]) for row in connection.execute("PRAGMA quick_check(5)"))
        yield Check(said("pages"), "good" if pages == "ok" else "bad", pages, "" if pages == "ok" else said("restore a copy"))
        foreign = connection.execute("PRAGMA foreign_key_check").fetchall()
        text = said("{number} broken", number=len(foreign)) if foreign else said("whole")
        yield Check(said("references"), "bad" if foreign else "good", text)
        there = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")}
    from runners.store.triggers import names

    gone = sorted(set(names("sqlite")) - there)
    if gone:
        mend = said("restore a copy; sop verify --all says whether anything was edited")
        yield Check(said("triggers"), "bad", said("missing: {names}; histories can be edited", names=", ".join(gone)), mend)
    else:
        yield Check(said("triggers"), "good", said("{number} in place", number=len(there)))


def _people(session: Session) -> Iterator[Check]:
    count = len(session.app.views.people())
    yield Check(said("people"), "good" if count else "late", f"{count}", "" if count else "sop people import FILE")


def _definitions(session: Session) -> Iterator[Check]:
    broken = session.app.library.sync()
    count = len(session.app.library.all())
    if broken:
        paths = ", ".join(str(found.path) for found in broken)
        text = said("{number} can be started; broken: {paths}", number=count, paths=paths)
    else:
        text = said("{number} can be started", number=count)
    yield Check(said("definitions"), "late" if broken or not count else "good", text, "sop lint" if broken else "")


def _history(session: Session) -> Iterator[Check]:
    """The runs that were started last, until enough records were looked at."""
    from runners.audit.verify import Auditor
    from runners.cli.times import zone_of

    app = session.app
    runs: list[str] = []
    records = 0
    for line in app.views.runs("all", limit=_RECORDS):
        runs.append(line.id)
        records += line.seq + 1
        if records >= _RECORDS:
            break
    if not runs:
        yield Check(said("history"), "good", said("no runs yet"))
        return
    report = Auditor(app.database, zone_of).verify(runs)
    facts = {"records": report.records, "runs": report.runs, "findings": len(report.findings)}
    if report.sound:
        yield Check(said("history"), "good", said("{records} records of {runs} runs", **facts))
    else:
        text = said("{records} records of {runs} runs, {findings} findings", **facts)
        yield Check(said("history"), "bad", text, f"sop verify {' '.join(runs[:3])}")
