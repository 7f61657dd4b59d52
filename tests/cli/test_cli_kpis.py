"""``sop kpi`` as somebody types it, on both databases: what counts, what does not, and how it is shown."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from runners import clock
from runners.cli.kpis import sparkline
from runners.store import measuring_reads, reads, writes
from runners.store.database import open_database, transact

if TYPE_CHECKING:
    from tests.cli.conftest import Lines

Sop = Callable[..., tuple[int, str, str]]
LETTER = """\
sop: letter
version: 1.0.0
prefix: LE
title: Letter
purpose: To be tested.
scope: This test.
owner: lead
roles: [lead, maker]
parameters: {rate: {type: percent, default: 50, source: us, confidence: team}}
permissions: {read: [lead]}
steps:
  - id: send
    role: maker
    form: {pct: {type: percent, required: true}, ok: {type: bool, required: true}, took: {type: number, required: true}}
kpis:
  opened: {title: {en: Opened, ko: 열람률}, value: send.pct, target: ">= $rate", unit: "%", period: month, source: us,
           confidence: public}
  proofread: {value: send.ok, target: "== 100", unit: "%", period: run, source: our rule, confidence: seed_reconstructed}
  time_taken: {value: send.took, target: <= PT1H, period: P30D, source: us, confidence: team}
  gone: {target: "<= 1.5 posts", period: quarter, source: them, confidence: team}
"""
PLAIN = """\
sop: plain
version: 1.0.0
title: Plain
purpose: To be tested.
scope: This test.
owner: lead
roles: [lead]
steps: [{id: only, role: lead}]
"""


@pytest.fixture
def sop(lines: Callable[..., "Lines"], database_url: str) -> Sop:
    """Carries out one command line, as Ana; gives exit code, results, and messages."""
    people = "people: {ana: {roles: [lead]}, ben: {roles: [maker]}, cleo: {roles: []}}\n"
    return lines({"sops/letter.yaml": LETTER, "sops/plain.yaml": PLAIN, "people.yaml": people}, database_url).by_ana


def played(sop: Sop, number: int, pct: str, *, ok: str = "yes", took: int = 60, more: str = "") -> None:
    """The run *number*, whose only step is done."""
    assert sop(f"start letter --title T{number} --role maker=ben {more}")[0] == 0
    assert sop(f"complete LE-{number}/send --set pct={pct} --set ok={ok} --set took={took}", "ben")[0] == 0


def items(answer: tuple[int, str, str]) -> list[dict[str, Any]]:
    """The items of a list in JSON."""
    assert answer[0] == 0, answer
    found: list[dict[str, Any]] = json.loads(answer[1])["items"]
    return found


def at(monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    """Let it be *when*."""
    monkeypatch.setattr(clock.SystemClock, "now", lambda _self: when)


def test_each_figure_stands_against_its_target(sop: Sop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last month that has a value, the latest run, the last thirty days; what is measured outside says so."""
    at(monkeypatch, "2026-10-30T10:00:00.000000Z")
    played(sop, 1, "90")
    at(monkeypatch, "2026-11-22T10:00:00.000000Z")
    played(sop, 2, "40", took=7_000)
    played(sop, 3, "45.5", ok="no")
    opened, proofread, took, gone = items(sop("kpi letter --json"))
    assert (opened["period"], opened["actual"], opened["goal"], opened["met"], opened["values"]) == ("2026-11", 42.75, 50, False, 2)
    assert (opened["trend"], opened["source"], opened["confidence"], opened["outside"]) == ([90, 40, 45.5], "us", "public", False)
    assert (proofread["period"], proofread["actual"], proofread["met"], proofread["good"]) == ("LE-3", 0, False, 0)
    assert (took["period"], took["actual"], took["goal"], took["unit"]) == ("P30D", 2373.333333, 3600, "s")
    assert (took["met"], took["good"]) == (True, 2)
    assert (gone["outside"], gone["actual"], gone["met"], gone["goal"], gone["period"]) == (True, None, None, 1.5, None)
    every = items(sop("kpi letter --period 2026 --json"))
    assert [(item["period"], item["values"], item["good"], item["met"]) for item in every[:2]] == [
        ("2026", 3, 1, True),
        ("2026", 3, 2, False),
    ]
    october = items(sop("kpi letter --period 2026-10 --json"))[0]
    assert (october["actual"], october["trend"], october["from"]) == (90, [90], "2026-10-01T00:00:00.000000Z")
    assert [item["actual"] for item in items(sop("kpi letter --period 2025 --json"))] == [None] * 4


def test_a_person_sees_signs_words_and_bars(sop: Sop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Met and missed are words with a sign; without colours the bars are plain; times are in words; titles in the language."""
    at(monkeypatch, "2026-11-22T10:00:00.000000Z")
    played(sop, 1, "90", took=93_600)
    played(sop, 2, "20", ok="no", took=93_600)
    _, out, _ = sop("kpi letter")
    lines = {line.split()[1]: line for line in out.splitlines()[1:4]}
    assert all(part in lines["Opened"] for part in ("✓", "2026-11", ">= 50 %", "55 %", "met (1 of 2)", "█▁", "us", "public"))
    assert all(
        part in lines["proofread"]
        for part in ("\N{MULTIPLICATION SIGN}", "LE-2", "== 100 %", "0 %", "missed (0 of 1)", "seed reconstructed")
    )
    assert all(part in lines["time"] for part in ("<= 1 h", "1 d 2 h", "missed", "▄▄"))
    assert "measured outside" in out.splitlines()[4]
    assert "<= 1.5 posts" in out
    assert "#_" in sop("kpi letter --no-color")[1]
    assert "열람률" in sop("kpi letter --lang ko")[1]
    rows = list(csv.DictReader(io.StringIO(sop("kpi letter --format csv")[1])))
    assert [(row["kpi"], row["met"], row["trend"]) for row in rows[:2]] == [
        ("opened", "true", "[90, 20]"),
        ("proofread", "false", "[100, 0]"),
    ]


def test_all_sops_together_name_theirs(sop: Sop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every SOP with figures is there; before the first run there is nothing yet; those with values come first."""
    monkeypatch.setenv("SOP_SHIPPED", "yes")
    _, out, _ = sop("kpi")
    mine = [line for line in out.splitlines() if line.startswith("letter ")]
    assert (out.split()[0], len(mine), sum("none yet" in line for line in mine)) == ("SOP", 4, 3)
    assert any(line.startswith("crisis ") for line in out.splitlines())
    assert "There are no figures" in sop("kpi plain")[2]
    played(sop, 1, "90")
    first = [line.split()[:2] for line in sop("kpi")[1].splitlines()[1:4]]
    assert [words for words in first if "letter" in words] == first


def test_one_run_has_its_own(sop: Sop) -> None:
    """Its values, before and after the step, against the parameters that it was started with."""
    assert sop("start letter --title One --role maker=ben --param rate=95")[0] == 0
    assert [(item["actual"], item["met"]) for item in items(sop("kpi LE-1 --json"))] == [(None, None)] * 4
    assert sop("complete LE-1/send --set pct=94 --set ok=yes --set took=0", "ben")[0] == 0
    found = items(sop("kpi le-1 --json"))
    shown = [(item["actual"], item["goal"], item["met"]) for item in found[:3]]
    assert shown == [(94, 95, False), (100, 100, True), (0, 3600, True)]
    assert " 0 s " in sop("kpi LE-1")[1]
    assert sop("start plain --title Two")[0] == 0
    assert "judged by no figure" in sop("kpi PLA-1")[2]


def test_a_run_that_is_over_gives_nothing_more(sop: Sop) -> None:
    """Nobody waits for the values of a run that was called off."""
    assert sop("start letter --title One --role maker=ben")[0] == 0
    assert "none yet" in sop("kpi LE-1")[1]
    assert sop("cancel LE-1 --note over --yes")[0] == 0
    out = sop("kpi LE-1")[1]
    assert ("none yet" in out, "none" in out) == (False, True)
    assert [item["over"] for item in items(sop("kpi LE-1 --json"))] == [True] * 4


def test_days_begin_in_the_zone_of_the_team(sop: Sop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last evening of September in London is October in Shanghai; what is corrected later stays in its month."""
    monkeypatch.setenv("SOP_ZONE", "Asia/Shanghai")
    at(monkeypatch, "2026-09-30T16:30:00.000000Z")
    played(sop, 1, "90")
    at(monkeypatch, "2026-11-02T09:00:00.000000Z")
    assert sop("correct LE-1/send --set pct=70 --note typo", "ben")[0] == 0
    found = items(sop("kpi letter --json"))[0]
    assert (found["period"], found["from"], found["actual"]) == ("2026-10", "2026-09-30T16:00:00.000000Z", 70)
    assert items(sop("kpi letter --period 2026-Q3 --json"))[0]["values"] == 0
    monkeypatch.setenv("SOP_ZONE", "Europe/London")
    assert items(sop("kpi letter --json"))[0]["period"] == "2026-09"


def test_drills_count_nowhere(sop: Sop) -> None:
    """Neither over all runs nor by themselves."""
    played(sop, 1, "90", more="--drill")
    assert [item["values"] for item in items(sop("kpi letter --json"))] == [0] * 4
    code, out, err = sop("kpi LE-1")
    assert (code, out, "LE-1 is a drill" in err) == (0, "", True)


def test_what_may_not_be_read_does_not_count(sop: Sop) -> None:
    """A confidential run is in no figure of somebody who may not read it."""
    played(sop, 1, "90")
    assert items(sop("kpi letter --json"))[0]["values"] == 1
    assert items(sop("kpi letter --json", "cleo"))[0]["values"] == 0
    assert sop("kpi LE-1", "cleo")[0] == 8


def test_what_was_erased_is_missing(sop: Sop, database_url: str) -> None:
    """It is no zero: the others are the mean, and how many are gone is said."""
    played(sop, 1, "90")
    played(sop, 2, "20")
    database = open_database(database_url)
    with database.read() as unit:
        row = next(row for row in measuring_reads.measurable(unit) if row.run == "LE-2")
        seq = next(one.seq for one in reads.payloads(unit, "LE-2") if one.path == "send.pct")
    assert row.values["send.pct"] == b'"20.0"'
    assert transact(database, lambda unit: writes.erase_payload(unit, "LE-2", seq, "send.pct"))
    database.close()
    code, out, err = sop("kpi letter --json")
    opened = json.loads(out)["items"][0]
    assert (code, opened["actual"], opened["values"], opened["missing"], opened["trend"]) == (0, 90, 1, 1, [90])
    assert "1 value is missing: erased" in err
    one = sop("kpi LE-2")
    assert ("erased" in one[1], "1 value is missing" in one[2]) == (True, True)


def test_pages_follow_one_another(sop: Sop, database_url: str) -> None:
    """Every run comes once, newest first, with its own values; another SOP does not come."""
    for number in range(1, 6):
        played(sop, number, str(number))
    assert sop("start plain --title Two")[0] == 0
    database = open_database(database_url)
    with database.read() as unit:
        found, before = [], ("9999", "9999")
        while page := measuring_reads.measurable(unit, sop="letter", before=before, limit=2):
            found += [(row.run, json.loads(row.values["send.pct"])) for row in page]
            before = page[-1].key
    database.close()
    assert found == [(f"LE-{number}", f"{number}.0") for number in (5, 4, 3, 2, 1)]


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("kpi letter --period soon", 2, "expected 2026"), ("kpi letter --period 2026-13", 2, "expected 2026"),
        ("kpi LE-1 --period 2026", 2, "one run has one value"), ("kpi nothing", 3, "no SOP nothing"),
        ("kpi LE-7", 3, "no run LE-7"), ("kpi LE-1/send", 2, "no name of a run"),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_is_said(sop: Sop, line: str, code: int, said: str) -> None:
    """With the reason and the exit code of its kind."""
    found, _, err = sop(line)
    assert (found, said in err) == (code, True), err


def test_figures_of_an_earlier_version_count_as_they_were_judged(sop: Sop, tmp_path: Path) -> None:
    """Runs keep the target of their version; a figure that a version did not have has no value there."""
    played(sop, 1, "90")
    text = LETTER.replace("version: 1.0.0", "version: 1.1.0").replace(">= $rate", ">= 99")
    text = text.replace("proofread: {value", "checked: {value")
    text = text.replace("parameters: {rate: {type: percent, default: 50, source: us, confidence: team}}\n", "")
    (tmp_path / "sops" / "letter.yaml").write_text(text)
    opened, checked, *_ = items(sop("kpi letter --json"))
    assert (opened["goal"], opened["met"], opened["values"]) == (50, True, 1)
    assert (checked["kpi"], checked["values"], checked["goal"]) == ("checked", 0, 100)


@pytest.mark.parametrize(
    ("values", "plain", "bars"),
    [([], "", ""), ([5], "-", "▄"), ([5, 5], "--", "▄▄"), ([0, 7], "_#", "▁█"), ([7, 0, 4.2], "#_=", "█▁▅")],
)
def test_bars_are_as_high_as_their_values(values: list[float], plain: str, bars: str) -> None:
    """The smallest is the lowest and the largest the highest."""
    assert sparkline(values) == bars
    assert sparkline(values, ascii_only=True) == plain
