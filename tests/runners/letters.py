"""A letter that is written, reviewed and checked, its scenarios, and what a test asks of a report."""

import re
from collections.abc import Mapping
from pathlib import Path

from engine.parse import read
from engine.procedure import Procedure
from runners.scenarios import Report, render, run_file

HEAD = "version: 1.0.0\ntitle: T\npurpose: P\nscope: S\nowner: lead\nroles: [lead, writer, reviewer, legal]\n"

LETTER = (
    "sop: letter\n"
    + HEAD
    + """separate: [[write, review]]
inputs: {topic: {type: text, required: true}, helpers: {type: users}}
parameters:
  redrafts: {type: number, default: 1, source: test, confidence: team}
  signer: {type: text, default: nobody, source: test, confidence: team}
steps:
  - id: write
    role: writer
    due: 2 days
    remind: [-1d, -12h]
    escalate: [{after: 1d, to: lead}]
    form:
      text: {type: longtext, required: true}
      risk: {type: choice, options: [low, high], required: true}
      share: {type: percent}
      helper: {type: user}
      people: {type: users}
      sheet: {type: file, many: true}
      rows: {type: table, columns: {who: {type: user, required: true}, count: {type: number}}}
  - id: review
    approval: {role: reviewer, of: [write]}
    outcomes:
      approve: next
      reject: {to: write, reason: required, rounds: $redrafts, then: end(rejected)}
  - id: legal_check
    when: write.risk == 'high'
    approval: {role: legal, quorum: 2}
"""
)

FILE = """sop: letter
people:
  ana: {}
  ben: {teams: [desk]}
  cara: {}
  dan: {teams: [law]}
  eve: {active: false}
teams: {law: [cara, dan]}
defaults:
  write: {set: {text: Dear all, risk: low}, note: As agreed}
scenarios:
  - name: The letter
    lead: ana
    roles: {lead: ana, writer: [ben, ana], reviewer: dan, legal: team:law}
    inputs: {topic: rain}
    at: 2026-03-02T09:00:00Z
    acts:
"""

FIRST = FILE.count("\n") + 1
"""The line of the first act."""
WRITE = "{as: ben, do: write}"


def procedure(text: str) -> Procedure:
    parsed = read(text.encode())
    assert parsed.definition is not None, parsed.problems
    return Procedure.compiled(parsed.definition)


def play_text(text: str, folder: Path, definitions: Mapping[str, Procedure]) -> Report:
    """Play a whole file given as text."""
    path = folder / "x.scenario.yaml"
    path.write_text(text, encoding="utf-8")
    report = run_file(path, definitions)
    assert render(report)
    return report


def story(*acts: str, end: str = "open", head: str = FILE) -> str:
    return head + "".join(f"      - {act}\n" for act in acts) + f"    end: {end}\n"


def troubles(report: Report) -> list[tuple[str, int, str, str]]:
    """Code, line, the word that stands at the column, and message."""
    lines = report.path.read_text(encoding="utf-8").splitlines()
    return [
        (problem.code, problem.line, re.split(r"[:,} ]", lines[problem.line - 1][problem.column - 1 :])[0], problem.message)
        for problem in (*report.problems, *(problem for scenario in report.scenarios for problem in scenario.problems))
    ]
