"""Scenarios that leave the ordinary course: every act there is, accepted and refused."""

from pathlib import Path

from engine.parse import read
from engine.procedure import Procedure
from runners.scenarios import Report, run_file
from runners.stories.report import render

SHOP = b"""\
sop: shop
version: 1.0.0
title: Shop
purpose: To be tested.
scope: This test.
owner: lead
roles: [lead, maker]
signals: {paid: {form: {amount: {type: number, required: true}}}}
permissions: {override: [lead]}
steps:
  - {id: write, role: maker, form: {text: {type: text, required: true}}}
  - id: answer
    first:
      money: [{id: paid, wait: {signal: paid}}]
      late: [{id: late, wait: {for: 2d}}, {id: dun, role: maker}]
  - {id: each, for_each: {item: "['x']"}, open: true, steps: [{id: pack, role: maker}]}
  - {id: last, role: maker}
"""
PEOPLE = "sop: shop\npeople: {ana: {}, ben: {}}\ndefaults: {write: {set: {text: hello}}}\nscenarios:\n"
BEGIN = "  - name: {name}\n    lead: ana\n    roles: {{lead: [ana], maker: [ben]}}\n    end: {end}\n    acts:\n"


def played(folder: Path, *stories: tuple[str, str, list[str]]) -> Report:
    """The report about *stories*: name, end, acts."""
    text = PEOPLE
    for name, end, acts in stories:
        text += BEGIN.format(name=name, end=end) + "".join(f"      - {act}\n" for act in acts)
    path = folder / "shop.scenario.yaml"
    path.write_text(text)
    definition = read(SHOP).definition
    assert definition is not None
    return run_file(path, {"shop": Procedure.compiled(definition)})


LONG = [
    "{as: ben, block: write, note: no pen}",
    "{as: ben, do: write, refused: SOP-R12}",
    "{as: ana, unblock: write, note: a pen}",
    "{as: ana, suspend: true, note: strike}",
    "{as: ben, do: write, refused: SOP-R11}",
    "{as: ana, resume: true, note: over}",
    "{as: ana, suspend: write, note: wait}",
    "{as: ana, resume: write, note: go}",
    "{as: ben, do: write}",
    "{expect: {waiting: [paid, late], values: {write.text: hello}}}",
    "{as: ben, correct: write, set: {text: bye}, note: slip}",
    "{expect: {values: {write.text: bye}}}",
    "{as: ben, skip: late, note: no, refused: SOP-D10}",
    "{as: ana, rewind: write, note: again}",
    "{expect: {open: [write], waiting: []}}",
    "{as: ana, skip: write, note: enough}",
    "{as: ben, signal: paid, set: {amount: 5}}",
    "{expect: {open: ['pack:1'], values: {paid.amount: 5, paid.outcome: signal}}}",
    "{as: ben, add: each, item: y}",
    "{expect: {open: ['pack:1', 'pack:2']}}",
    "{as: ana, close: each, early: true, note: enough}",
    "{as: ben, release: last}",
    "{as: ana, do: last, override: true, note: nobody is here}",
    "{as: ana, reopen: last, note: not yet}",
    "{as: ben, do: last}",
]
LATE = [
    "{as: ben, do: write}",
    "{after: 1d}",
    "{expect: {open: []}}",
    "{after: 1d}",
    "{expect: {open: [dun]}}",
    "{as: ben, do: dun}",
    "{as: ben, close: each}",
    "{as: ben, do: 'pack:1'}",
    "{as: ben, do: last}",
]


def test_every_act_can_be_told(tmp_path: Path) -> None:
    """Both stories pass, and with them every way that the procedure has by its own rules is walked."""
    report = played(tmp_path, ("a long way", "done", LONG), ("too late", "done", LATE))
    assert report.passed, render(report)
    assert report.refusals == ("SOP-D10", "SOP-R11", "SOP-R12")
    assert report.missing == ()


def test_a_wait_that_nobody_ends_is_named(tmp_path: Path) -> None:
    """What the run still waits for stands in the report; a wait is not ended as a child run is."""
    report = played(tmp_path, ("stuck", "done", ["{as: ben, do: write}"]), ("child", "open", [
        "{as: ben, do: write}", "{child: paid, end: done}",
    ]))  # fmt: skip
    assert "open: paid (waiting), late (waiting)" in render(report)
    assert not report.scenarios[1].passed
    assert "answer --joined--> each" in report.missing
    assert "late --the wait is over--> dun" in report.missing


def test_names_that_nothing_has_are_found_before_playing(tmp_path: Path) -> None:
    """Steps and signals of every act are looked up, with a suggestion."""
    acts = [
        "{as: ben, skip: wrote, note: x}", "{as: ben, signal: payed}", "{as: ben, correct: wright, set: {text: x}, note: x}",
        "{as: ben, suspend: lost, note: x}", "{as: ben, add: eech, item: x}", "{expect: {waiting: [payd]}}",
    ]  # fmt: skip
    text = render(played(tmp_path, ("slips", "open", acts)))
    for slip in ("wrote", "payed", "wright", "lost", "eech", "payd"):
        assert f'"{slip}"' in text
