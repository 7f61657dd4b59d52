"""Versions and going over, as somebody types them, on both databases."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.runners.test_going_over import FIRST, SECOND

if TYPE_CHECKING:
    from tests.cli.conftest import Lines

Sop = Callable[..., tuple[int, str, str]]
MAP = "--map write=draft"


@pytest.fixture
def sop(lines: Callable[..., "Lines"], database_url: str) -> Sop:
    """Carries out one command line, as Ana; gives exit code, results, and messages. The first version is published."""
    people = "people: {ana: {roles: [lead]}, ben: {roles: [maker]}, cleo: {roles: [checker]}}\n"
    roles = "roles: {lead: {}, maker: {}, checker: {}}\n"
    files = {"first.yaml": FIRST, "second.yaml": SECOND, "people.yaml": people, "sops/roles.yaml": roles}
    typed = lines(files, database_url)
    assert typed.by_ana("publish first.yaml -m First")[:2] == (0, "Published leaflet 1.0.0\n")
    return typed.by_ana


def begin(sop: Sop) -> None:
    """Two runs of the first version: one is under review, one is being written."""
    for title in ("One", "Two"):
        assert sop(f"start leaflet --title {title} --set topic=x")[0] == 0
    assert sop("complete LEA-1/write --set copy=Text", "ben")[0] == 0


def test_publishing_asks_why_and_checks(sop: Sop, tmp_path: Path) -> None:
    """Without a reason, with a fault, with a taken number, without a file: nothing is published, and it is said why not."""
    assert (sop("publish second.yaml")[0], sop("publish nothing.yaml -m x")[0]) == (2, 3)
    (tmp_path / "wrong.yaml").write_text(SECOND.replace("role: maker", "role: makr"))
    code, out, err = sop("publish wrong.yaml -m x")
    assert (code, "makr" in out + err, "SOP-D00" in err) == (5, True, True)
    (tmp_path / "same.yaml").write_text(FIRST.replace("Leaflet", "A leaflet"))
    assert sop("publish same.yaml -m x")[::2] == (
        5, "error[SOP-K02]: version 1.0.0 of leaflet has other content\nhint: give it a version above 1.0.0\n"
    )  # fmt: skip
    (tmp_path / "lower.yaml").write_text(SECOND.replace("1.1.0", "0.9.0"))
    assert "version 0.9.0 of leaflet is not above 1.0.0" in sop("publish lower.yaml -m x")[2]
    assert len(json.loads(sop("versions leaflet --json")[1])["items"]) == 1


def test_publishing_shows_what_changed(sop: Sop) -> None:
    """A preview and the real thing show the same; again, it says that it was published before."""
    code, out, err = sop("publish second.yaml -m Second -n")
    assert (code, "Would publish leaflet 1.1.0" in out, "Nothing was changed" in err) == (0, True, True)
    code, out, _ = sop("publish second.yaml -m Second")
    assert "+ step sign is new: done by lead" in out
    assert "~ step review, remind: -4h, -2h → -1h" in out
    assert sop("publish second.yaml -m Other")[1].startswith("Published before: leaflet 1.1.0")
    value = json.loads(sop("diff leaflet@1.0.0 --json")[1])
    assert value["new"]["version"] == "1.1.0"
    assert {change["what"] for change in value["changes"]} >= {"added", "changed"}


def test_versions_and_retiring(sop: Sop) -> None:
    """Who, why, how many open runs; a retired version starts nothing, is not retired twice and does not come back."""
    begin(sop)
    sop("publish second.yaml -m Second", "ben")
    items = json.loads(sop("versions leaflet --json")[1])["items"]
    assert [(i["version"], i["by"], i["why"], i["open"], i["current"]) for i in items] == [
        ("1.1.0", "ben", "Second", 0, True), ("1.0.0", "ana", "First", 2, False),
    ]  # fmt: skip
    assert sop("retire leaflet -m x")[0] == 2
    assert sop("retire leaflet@1.0.0")[0] == 2
    assert sop("retire leaflet@7.0.0 -m x")[0] == 3
    assert "Would take leaflet 1.0.0 out of use" in sop("retire leaflet@1.0.0 -m Old -n")[1]
    code, out, _ = sop("retire leaflet@1.0.0 -m Old")
    assert (code, "2 open runs of it go on" in out, "new runs start with 1.1.0" in out) == (0, True, True)
    assert sop("retire leaflet@1.0.0 -m Old")[0] == 0  # the same again is the same answer, and no second record
    assert sop("retire leaflet@1.0.0 -m Older")[0] == 6
    assert sop("publish first.yaml -m Back")[0] == 5
    assert "SOP-R32" in sop("start leaflet@1.0.0 --title x --set topic=y")[2]
    assert "retired by ana" in sop("versions leaflet")[1]
    assert "no run of leaflet can be started now" in sop("retire leaflet@1.1.0 -m All")[1]
    assert sop("complete LEA-2/write --set copy=Text", "ben")[0] == 0


def test_what_is_retired_is_said(sop: Sop) -> None:
    """Versions in use are listed for who names none; a run can go back to a retired one; nothing new starts, and by whom."""
    begin(sop)
    sop("publish second.yaml -m Second")
    assert "in use: leaflet@1.1.0, leaflet@1.0.0" in sop("retire leaflet -m x")[2]
    assert "taken out of use" not in sop("migrate LEA-1 --to 1.1.0 -n")[2]
    assert sop(f"migrate LEA-1 --to 1.1.0 {MAP} -m Faster")[0] == 0
    assert sop("retire leaflet@1.0.0 -m Old")[0] == 0
    assert "in use: leaflet@1.1.0\n" in sop("retire leaflet -m x")[2]
    assert "leaflet 1.0.0 was taken out of use" in sop("migrate LEA-1 --to 1.0.0 --map draft=write -n")[2]
    assert sop("migrate LEA-1 --to 1.0.0 --map draft=write -m Back")[0] == 0
    assert sop("retire leaflet@1.1.0 -m All", "ben")[0] == 0
    code, _, err = sop("start leaflet --title x --set topic=y")
    assert (code, "SOP-R32" in err, ", by ben" in err, "sop versions leaflet" in err) == (1, True, True, True)
    assert "no version of leaflet is in use; sop versions leaflet" in sop("retire leaflet -m x")[2]
    assert "there is no SOP nothing" in sop("start nothing --title x")[2]


def test_a_diff_ends_with_five_if_asked(sop: Sop) -> None:
    """Only with --exit-code, and only where something differs."""
    sop("publish second.yaml -m Second")
    assert sop("diff leaflet@1.0.0 leaflet@1.1.0")[0] == 0
    assert sop("diff leaflet@1.0.0 1.1.0 --exit-code")[0] == 5
    assert sop("diff leaflet@1.1.0 --exit-code")[:2] == (0, "leaflet 1.1.0 → leaflet 1.1.0\n  they are the same\n")
    assert sop("diff leaflet@9.9.9")[0] == 3


def test_a_diff_takes_the_beginning_of_a_version(sop: Sop, tmp_path: Path) -> None:
    """The newest that begins so is meant, number by number; where there is none, it is said which there are."""
    sop("publish second.yaml -m Second")
    (tmp_path / "third.yaml").write_text(SECOND.replace("version: 1.1.0", "version: 2.0.0").replace("Leaflet", "Leaflets"))
    assert sop("publish third.yaml -m Third")[0] == 0
    assert sop("diff leaflet@1 leaflet@2")[1].startswith("leaflet 1.1.0 → leaflet 2.0.0\n")
    assert sop("diff leaflet@1.0 1.1")[1].startswith("leaflet 1.0.0 → leaflet 1.1.0\n")
    assert sop("diff leaflet@1.1")[1].startswith("leaflet 1.1.0 → leaflet 2.0.0\n")
    code, _, err = sop("diff leaflet@3 leaflet@2")
    assert (code, "there is no version 3 of leaflet" in err, "there is 2.0.0, 1.1.0, 1.0.0;" in err) == (3, True, True)
    assert sop("diff leaflet@2 leaflet@1.10")[0] == 3
    assert sop("diff nothing@1")[0] == 3


def test_all_runs_go_over_that_can(sop: Sop) -> None:
    """A preview tells each run's verdict; the safe ones go, the exit code says that some stayed, without a trace in them."""
    begin(sop)
    sop("publish second.yaml -m Second")
    code, out, _ = sop("migrate --all --sop leaflet --to 1.1.0 -n --json")
    items = {item["id"]: item for item in json.loads(out)["items"]}
    assert (code, items["LEA-1"]["verdict"], items["LEA-2"]["verdict"]) == (5, "safe", "mapping")
    assert items["LEA-1"]["forgotten"] == ["write"]
    code, out, _ = sop("migrate --all --sop leaflet --to 1.1.0 -m Faster")
    assert (code, "migrated" in out, "needs --map" in out) == (5, True, True)
    assert '"kind": "refused"' not in sop("history LEA-2 --json")[1]
    assert sop("migrate --all --sop leaflet --to 1.1.0 -m Faster", "ben")[1].count("blocked") == 1
    code, out, _ = sop(f"migrate --all --sop leaflet --to 1.1.0 {MAP} -m Faster")
    assert (code, "has it already" in out, "migrated" in out) == (0, True, True)
    assert sop("verify --all")[0] == 0
    assert (
        "No open run" in sop("migrate --all --sop nothing --to 1.0.0 -m x")[2]
        or sop("migrate --all --sop nothing --to 1 -n")[0] == 3
    )


def test_a_role_that_nobody_holds_is_told_before_a_run_goes_over(sop: Sop, tmp_path: Path) -> None:
    """It may go, and the preview names the steps that will wait for nobody; once somebody holds the role, nothing is said."""
    (tmp_path / "sops" / "roles.yaml").write_text("roles: {lead: {}, maker: {}, checker: {}, legal: {}}\n")
    text = SECOND.replace("role: lead\n  - id: print", "role: legal\n  - id: print").replace("checker]", "checker, legal]")
    (tmp_path / "legal.yaml").write_text(text)
    begin(sop)
    assert sop("publish legal.yaml -m Second")[0] == 0
    code, out, _ = sop(f"migrate LEA-1 --to 1.1.0 {MAP} -n --json")
    (item,) = json.loads(out)["items"]
    assert (code, item["verdict"], item["unheld"]) == (0, "safe", {"legal": ["sign"]})
    (tmp_path / "people.yaml").write_text("people: {cleo: {roles: [checker, legal]}}\n")
    assert sop("people import people.yaml")[0] == 0
    assert json.loads(sop(f"migrate LEA-1 --to 1.1.0 {MAP} -n --json")[1])["items"][0]["unheld"] == {}
    assert "nobody holds" not in sop(f"migrate LEA-1 --to 1.1.0 {MAP} -m Faster")[1]
    assert "legal" in sop("show LEA-1")[1]
    assert sop("verify --all")[0] == 0


def test_one_run_goes_over_and_back(sop: Sop) -> None:
    """The history tells both, the run's data is where it belongs, and everything is proved."""
    begin(sop)
    sop("publish second.yaml -m Second")
    assert sop(f"migrate LEA-1 --to 1.1.0 {MAP} -m Faster")[0] == 0
    assert json.loads(sop("show LEA-1 --json")[1])["values"]["draft.copy"] == "Text"
    assert "went over: from 1.0.0 to 1.1.0" in sop("history LEA-1")[1]
    assert "run goes over to version 1.1.0; write is draft now" in sop("history LEA-1 -v")[1]
    assert sop("replay LEA-1")[0] == 0
    assert sop("migrate LEA-1 --to 1.0.0 --map draft=write -m Back")[0] == 0
    assert json.loads(sop("show LEA-1 --json")[1])["values"]["write.copy"] == "Text"
    assert sop("complete LEA-1/review --outcome approve", "cleo")[0] == 0
    assert sop("verify LEA-1")[0] == 0


def test_who_blocked_a_task_is_known_after_its_step_is_called_otherwise(sop: Sop) -> None:
    """Records keep the old name of the step; the run and the list of blocked ones say who it was and why all the same."""
    begin(sop)
    assert sop("block LEA-2/write -m Ink", "ben")[0] == 0
    sop("publish second.yaml -m Second")
    assert sop(f"migrate LEA-2 --to 1.1.0 {MAP} -m Faster")[0] == 0
    assert "ben said that it is blocked: Ink" in sop("show LEA-2")[1]
    assert "ben said that it is blocked: Ink" in sop("runs --blocked")[1]


def test_what_cannot_go_says_why(sop: Sop) -> None:
    """One run that is refused is an error with its reasons; who may not leaves a record."""
    begin(sop)
    sop("publish second.yaml -m Second")
    code, _, err = sop("migrate LEA-2 --to 1.1.0 -m Faster")
    assert (code, "write is open, and has no place in that version (gone)" in err) == (1, True)
    assert sop("migrate LEA-2 --to 1.1.0 -m Faster", "ben")[0] == 8
    assert sop("migrate LEA-2 --to 7.0.0 -m Faster")[0] == 3
    assert sop("migrate LEA-2 --to 1.1.0")[0] == 2
    assert sop("migrate --to 1.1.0 -m x")[0] == 2
    assert sop("migrate LEA-2 --all --to 1.1.0 -m x")[0] == 2
    assert sop("migrate LEA-2 --to 1.1.0 -n")[0] == 5
    code, out, _ = sop("migrate LEA-2 --to 1.0.0 -m x")
    assert (code, "has it already" in out) == (0, True)


PARENT = """
sop: booklet
version: 1.0.0
title: Booklet
purpose: Several leaflets.
scope: All.
owner: lead
roles: [lead]
inputs: {topic: {type: text, required: true}}
steps:
  - {id: one, run: leaflet, with: {topic: inputs.topic}}
"""


def test_what_was_published_can_be_run_by_others(sop: Sop, tmp_path: Path) -> None:
    """An SOP that stands in no folder is known to one that is published and to a file that is taken in, while it is in use."""
    (tmp_path / "booklet.yaml").write_text(PARENT)
    code, out, err = sop("publish booklet.yaml -m Parent")
    assert (code, out, err) == (0, "Published booklet 1.0.0\n", "")
    assert sop("start booklet --title One --set topic=x")[0] == 0
    (tmp_path / "sops" / "folder.yaml").write_text(PARENT.replace("booklet", "folder"))
    assert sop("start folder --title Two --set topic=x")[0] == 0
    assert sop("retire leaflet@1.0.0 -m Old")[0] == 0
    (tmp_path / "other.yaml").write_text(PARENT.replace("booklet", "other"))
    code, out, err = sop("publish other.yaml -m Parent")
    assert (code, "SOP-L081" in out + err) == (5, True)
    (tmp_path / "sops" / "later.yaml").write_text(PARENT.replace("booklet", "later"))
    assert sop("start later --title Three --set topic=x")[0] == 1
