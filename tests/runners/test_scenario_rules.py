"""What the rules of a definition imply: named until a scenario shows it, each rule by its own acts."""

from pathlib import Path

import pytest

from engine.canonical import canonical_document, fingerprint
from engine.parse import read
from engine.procedure import Procedure
from runners.scenarios import Report, render, run_file
from runners.stories.implied import implied

LETTER = """
sop: letter
version: 1.0.0
title: T
purpose: P
scope: S
owner: lead
roles: [lead, writer, reviewer, legal, printer]
separate: [[write, review]]
inputs: {away: {type: user}}
steps:
  - id: write
    role: writer
    due: 1 day
    escalate: [{after: 1 day, to: lead}]
    form:
      text: {type: longtext, required: true}
      sheet: {type: file, required: true}
      ready: {type: bool}
    outcomes: {done: {to: next, when: write.ready}}
  - id: review
    approval: {role: reviewer, of: [write]}
    due: 4h
    outcomes:
      approve: next
      reject: {to: write, reason: required, rounds: 2, then: end(rejected)}
  - id: sign
    not_from: inputs.away
    approval: {role: legal, of: [write]}
  - {id: print, role: printer, same_as: write}
"""

FILE = """sop: letter
people: {ana: {}, ben: {}, dan: {}, hana: {}, pam: {}}
defaults: {write: {set: {text: Dear all, sheet: "file:a.pdf", ready: true}}}
scenarios:
  - name: The letter
    lead: ana
    roles: {lead: ana, writer: ben, reviewer: dan, legal: [hana, pam], printer: [ben, dan]}
    inputs: {away: pam}
    acts:
"""

SHOWN = {
    "required": "{as: ben, do: write, set: {text: ''}, refused: SOP-F01}",
    "evidence": "{as: ben, do: write, set: {sheet: ''}, refused: SOP-F01}",
    "role": "{as: hana, do: write, refused: SOP-D01}",
    "condition": "{as: ben, do: write, set: {ready: false}, refused: SOP-R01}",
    "": "{as: ben, do: write}",
    "separate": "{as: ben, do: review, refused: SOP-D02}",
    "reason": "{as: dan, do: review, outcome: reject, refused: SOP-F06}",
    " ": "{as: dan, do: review, outcome: reject, note: Shorter}",
    "escalate": "{after: 3 days}\n      - {as: ana, do: write}",
    "late": "{after: 5h}\n      - {expect: {late: [review]}}",
    "  ": "{as: dan, do: review}",
    "own_work": "{as: ben, do: sign, refused: SOP-D03}",
    "not_from": "{as: pam, do: sign, refused: SOP-D02}",
    "unresolved": (
        "{as: ana, bind: legal, to: [], note: Away}\n      - {expect: {blocked: [sign]}}\n"
        "      - {as: ana, bind: legal, to: [hana], note: Back}"
    ),
    "   ": "{as: hana, do: sign, outcome: approve}",
    "same_as": "{as: dan, do: print, refused: SOP-D09}",
}
"""Rule to the acts that show it; what is called by blanks only leads on."""


@pytest.fixture(scope="module")
def letter() -> Procedure:
    parsed = read(LETTER.encode())
    assert parsed.definition is not None, parsed.problems
    document = canonical_document(parsed.definition)
    return Procedure(document, fingerprint(document))


def told(letter: Procedure, folder: Path, without: str = "-") -> Report:
    """The letter's story, without the acts that show one rule."""
    path = folder / "letter.scenario.yaml"
    acts = [act for rule, act in SHOWN.items() if rule != without]
    path.write_text(FILE + "".join(f"      - {act}\n" for act in acts) + "    end: open\n", encoding="utf-8")
    return run_file(path, {"letter": letter})


def test_the_whole_story_shows_every_rule(letter: Procedure, tmp_path: Path) -> None:
    """Nothing is left, and every kind of rule was there to be shown."""
    report = told(letter, tmp_path)
    assert report.passed, render(report)
    assert report.unshown == ()
    assert {one.rule for one in implied(letter)} == {rule for rule in SHOWN if rule.strip()}


@pytest.mark.parametrize("rule", [rule for rule in SHOWN if rule.strip() and rule not in {"required", "escalate"}])
def test_a_rule_that_is_not_shown_is_named(letter: Procedure, tmp_path: Path, rule: str) -> None:
    """Without its act a rule is named, and no other one is."""
    report = told(letter, tmp_path, rule)
    assert report.passed, render(report)
    assert [one.rule for one in report.unshown] == [rule]
    assert "never shown" in render(report, rules=True)
    assert "never shown" not in render(report)


def test_a_scenario_that_fails_shows_no_rule(letter: Procedure, tmp_path: Path) -> None:
    """What was shown before a story went wrong counts only when the story is right."""
    path = tmp_path / "letter.scenario.yaml"
    path.write_text(FILE + f"      - {SHOWN['role']}\n    end: done\n", encoding="utf-8")
    failed = run_file(path, {"letter": letter})
    assert not failed.passed
    assert {one.rule for one in failed.unshown} == {one.rule for one in implied(letter)}
    path.write_text(path.read_text(encoding="utf-8").replace("end: done", "end: open"), encoding="utf-8")
    passed = run_file(path, {"letter": letter})
    assert passed.passed
    assert "role" not in {one.rule for one in passed.unshown}


def test_an_escalation_is_shown_by_who_acts_on_it(letter: Procedure, tmp_path: Path) -> None:
    """Whoever holds the role by themselves shows no escalation, however late they are."""
    path = tmp_path / "letter.scenario.yaml"
    path.write_text(FILE + "      - {after: 3 days}\n      - {as: ben, do: write}\n    end: open\n", encoding="utf-8")
    report = run_file(path, {"letter": letter})
    assert report.passed
    assert "escalate" in {one.rule for one in report.unshown}


@pytest.mark.parametrize(
    ("expected", "message"),
    [("[]", "write there and not expected"), ("[write, review]", "review expected and not there"), ("[wirte]", '"wirte"')],
)
def test_blocked_tasks_are_compared(letter: Procedure, tmp_path: Path, expected: str, message: str) -> None:
    """What is blocked, by an empty role or by somebody's word, is exactly what the story says."""
    path = tmp_path / "letter.scenario.yaml"
    head = FILE.replace("writer: ben, ", "")
    path.write_text(head + f"      - {{expect: {{blocked: {expected}}}}}\n    end: open\n", encoding="utf-8")
    report = run_file(path, {"letter": letter})
    assert message in report.scenarios[0].problems[0].message
    held = "      - {as: ben, block: write, note: No paper}\n      - {expect: {blocked: [write]}}\n    end: open\n"
    path.write_text(FILE + held, encoding="utf-8")
    assert run_file(path, {"letter": letter}).passed
