"""However much waits for somebody, showing a page of it reads a page of it."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from engine import commands as c
from runners.cli.door import main
from runners.store.on_sqlite import SQLiteUnit
from runners.store.reads import NO_KEY
from tests.people.office import SOPS, Office, office

TASKS = 1000
PAGE = 50
SOP = """
sop: many
version: 1.0.0
prefix: MAN
title: Many
purpose: To be tested.
scope: This test.
owner: boss
roles: [boss, maker]
inputs: {names: {type: text, many: true, required: true}}
steps:
  - {id: begin, role: boss}
  - id: each
    for_each: {name: inputs.names}
    steps: [{id: make, role: maker}]
"""


class Counted:
    """Statements that read, and how many rows each gave."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.rows: list[tuple[str, int]] = []
        read = SQLiteUnit._read

        def counted(unit: SQLiteUnit, name: str, parameters: Any) -> list[Any]:  # noqa: ANN401 - as the store passes them
            found = read(unit, name, parameters)
            self.rows.append((name, len(found)))
            return found

        patch.setattr(SQLiteUnit, "_read", counted)

    def __call__(self, part: str = "") -> list[int]:
        """Rows of every statement whose name has *part* in it."""
        return [count for name, count in self.rows if part in name]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where everything is."""
    return tmp_path_factory.mktemp("many")


@pytest.fixture(scope="module")
def here(folder: Path) -> Iterator[Office]:
    """A project with a run in which a thousand tasks are ben's, and one in which a thousand are offered to him and to cleo."""
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setitem(SOPS, "many", SOP)
        made = stack.enter_context(office(folder))
        for holders in (["ben"], ["ben", "cleo"]):
            done = made.app.runner.start(
                "many", title="Many", actor="ana", roles={"boss": ["ana"], "maker": holders},
                inputs={"names": [f"n{number}" for number in range(TASKS)]},
            )  # fmt: skip
            made.do("ana", getattr(done, "run", ""), c.Complete("begin"))
        yield made


@pytest.mark.parametrize(("limit", "most"), [(PAGE, PAGE), (TASKS, TASKS)])
def test_each_list_gives_no_more_than_a_page(here: Office, monkeypatch: pytest.MonkeyPatch, limit: int, most: int) -> None:
    """A page is read from each list that may hold it, with as many statements for a short page as for a long one."""
    read = Counted(monkeypatch)
    assert len(here.app.views.inbox(here.who("ben"), limit=limit)) == limit
    assert (sorted(read("inbox"))[-2:], max(read()), len(read())) == ([most, most], most, 7)


def test_the_next_pages_cost_the_same(here: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page far behind is found by its key, and every task stands on one page."""
    seen = [NO_KEY]
    while page := here.app.views.inbox(here.who("ben"), limit=400, after=seen[-1]):
        seen += [row.key for row in page]
    assert len(set(seen)) == len(seen) == 1 + 2 * TASKS
    read = Counted(monkeypatch)
    assert len(here.app.views.inbox(here.who("ben"), after=seen[-PAGE - 1], limit=PAGE + 1)) == PAGE
    assert sum(read("inbox")) == PAGE


def test_whoever_stands_in_has_each_run_read_once(here: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """What may be done in another's place is asked task by task, but a run is not decoded for each of them."""
    here.away("ben", "2026-11-27T18:00:00.000000Z", "eve")
    read = Counted(monkeypatch)
    assert {row.place for row in here.app.views.inbox(here.who("eve"), limit=PAGE)} == {here.who("ben")}
    assert len(read("run_by_id")) <= 2
    assert max(read()) == PAGE


@pytest.mark.usefixtures("here")
def test_the_command_reads_a_page_and_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line more than is shown tells whether there is another page."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder))
    read = Counted(monkeypatch)
    assert main(["--db", f"sqlite:///{folder / 'sop.db'}", "--as", "ben", "--json", "inbox"]) == 0
    assert capsys.readouterr().out.count('"id"') == PAGE
    assert max(read("inbox")) == PAGE + 1
