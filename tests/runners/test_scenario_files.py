"""Scenario files: what is refused in them, and what coverage they show."""

from pathlib import Path

import pytest

from engine.parse import read
from engine.procedure import Procedure
from runners.scenarios import Report, render, run_file

HEAD = "version: 1.0.0\ntitle: T\npurpose: P\nscope: S\nowner: lead\nroles: [lead, writer]\n"

WAYS = (
    "sop: ways\n"
    + HEAD
    + """parameters: {twice: {type: number, default: 2, source: test, confidence: team}}
inputs: {risk: {type: choice, options: [low, high], default: low}, items: {type: multi_choice, options: [x, y]}}
steps:
  - id: write
    role: writer
    outcomes:
      done: next
      again: {to: write, rounds: $twice, then: write}
      stop: end(stopped)
  - id: extra
    when: inputs.risk == 'high'
    role: writer
  - id: route
    decide:
      - {when: "inputs.risk == 'high' && write.rounds < 2", to: write, rounds: 1, then: end(worn)}
      - else: all
  - id: all
    for_each: {item: inputs.items}
    steps: [{id: each, role: writer}]
  - id: measure
    run: letter
    outcomes: {bad: end(bad)}
  - id: tell
    run: letter
"""
)
"""Ways: write 4, extra 2, route 3, all 1, each 1, measure 2, tell 1."""

LETTER = (
    "sop: letter\n"
    + HEAD
    + "results: {length: write.length}\nsteps:\n  - {id: write, role: writer, form: {length: {type: number}}}\n"
)

FILE = """sop: ways
people: {ana: {}, ben: {}}
scenarios:
"""


def procedure(text: str) -> Procedure:
    parsed = read(text.encode())
    assert parsed.definition is not None, parsed.problems
    return Procedure.compiled(parsed.definition)


@pytest.fixture(scope="module")
def definitions() -> dict[str, Procedure]:
    return {"ways": procedure(WAYS), "letter": procedure(LETTER)}


def scenario(name: str, *acts: str, end: str, inputs: str = "{}") -> str:
    told = "".join(f"      - {act}\n" for act in acts)
    head = f"  - name: {name}\n    lead: ana\n    roles: {{writer: ben}}\n    inputs: {inputs}\n"
    return head + (f"    acts:\n{told}" if acts else "") + f"    end: {end}\n"


def run(tmp_path: Path, text: str, definitions: dict[str, Procedure]) -> Report:
    path = tmp_path / "ways.scenario.yaml"
    path.write_text(text, encoding="utf-8")
    return run_file(path, definitions)


DONE = "{as: ben, do: write}"


def test_coverage_counts_every_way_over_all_stories(tmp_path: Path, definitions: dict[str, Procedure]) -> None:
    """Ways are counted from events, once each, over all scenarios; what is missing is said in words."""
    report = run(tmp_path, FILE + scenario("One", DONE, "{child: measure, end: done}", end="open"), definitions)
    assert report.passed
    assert (len(report.coverage.edges), len(report.coverage.walked)) == (14, 5)
    assert report.coverage.percent == pytest.approx(100 * 5 / 14)
    assert report.missing == (
        "write --again--> write",
        "write --again--> write (rounds used up)",
        "write --stop--> end(stopped)",
        "extra --done--> route",
        "route --choice 1--> write",
        "route --choice 1--> end(worn) (rounds used up)",
        "measure --child run ended: bad--> end(bad)",
        "tell --child run ended--> leave",
        "each --done--> leave",
    )


def test_two_ways_to_the_same_step_are_told_apart_by_their_rounds(tmp_path: Path, definitions: dict[str, Procedure]) -> None:
    """Where the way after used-up rounds leads to the same step, only the number of rounds says which one was walked."""
    again = "{as: ben, do: write, outcome: again}"
    report = run(tmp_path, FILE + scenario("Two", again, again, end="open"), definitions)
    assert "write --again--> write (rounds used up)" in report.missing
    assert "write --again--> write" not in report.missing
    report = run(tmp_path, FILE + scenario("Three", again, again, again, end="open"), definitions)
    assert "write --again--> write (rounds used up)" not in report.missing
    assert dict.fromkeys(report.coverage.walked.values()) == {2: None, 1: None}


def test_all_ways_together_make_a_hundred_percent(tmp_path: Path) -> None:
    """A definition all of whose ways are walked by some story has full coverage, and nothing is missing."""
    text = WAYS.replace(" && write.rounds < 2", " && write.outcome == 'done'").replace("then: end(worn)", "then: all")
    again, high = "{as: ben, do: write, outcome: again}", "{risk: high, items: [x, y]}"
    extra = "{as: ben, do: extra}"
    items = ("{as: ben, do: 'each:y'}", "{as: ben, do: 'each:x'}")
    stories = (
        scenario("Stopped", "{as: ben, do: write, outcome: stop}", end="stopped"),
        scenario("Low", again, again, again, DONE, "{child: measure, end: bad}", end="bad"),
        scenario(
            "High", DONE, extra, DONE, extra, *items, "{child: measure, end: fine}", "{child: tell, end: fine}",
            end="done", inputs=high,
        ),
    )  # fmt: skip
    report = run(tmp_path, FILE + "".join(stories), {"ways": procedure(text)})
    assert report.passed, render(report)
    assert (report.coverage.percent, report.missing) == (100, ())
    assert "never walked" not in render(report)
    assert "14 of 14 ways walked (100.0 %)" in render(report)


def test_a_failing_story_counts_as_far_as_it_came(tmp_path: Path, definitions: dict[str, Procedure]) -> None:
    """Ways walked before a failure were walked."""
    report = run(tmp_path, FILE + scenario("Wrong", DONE, DONE, end="open"), definitions)
    assert not report.passed
    assert len(report.coverage.walked) == 4


def test_almost_all_is_not_shown_as_all(tmp_path: Path, definitions: dict[str, Procedure]) -> None:
    """Percentages are rounded down."""
    report = run(tmp_path, FILE + scenario("One", DONE, "{child: measure, end: done}", end="open"), definitions)
    assert "1 of 1 scenarios passed; 5 of 14 ways walked (35.7 %)" in render(report)


def test_a_report_as_text(tmp_path: Path, definitions: dict[str, Procedure]) -> None:
    """The text names the file, every story, each problem with its place, coverage, refusals, and the ways never walked."""
    refused = "{as: ana, do: write, refused: SOP-D01}"
    stories = scenario("Good", refused, DONE, end="open") + scenario("Bad", DONE, end="done")
    lines = render(run(tmp_path, FILE + stories, definitions)).splitlines()
    path = tmp_path / "ways.scenario.yaml"
    assert lines[:7] == [
        str(path),
        "  passed  Good",
        "  FAILED  Bad",
        f"      {path}:18:10: error[SOP-T07]: the run is still open and should have ended with done; open: measure (child run)",
        "  1 of 2 scenarios passed; 4 of 14 ways walked (28.5 %)",
        "  refusals shown: SOP-D01",
        "  never walked:",
    ]
    assert len(lines) == 7 + 10


@pytest.mark.parametrize(
    ("change", "at", "expected"),
    [
        (("sop: ways", "sop: way"), "way", 'SOP-T02 there is no definition of "way" (did you mean ways?)'),
        (("people:", "peopl:"), "peopl", 'SOP-T01 there is no key "peopl" here (did you mean people?)'),
        (("lead: ana", "leader: ana"), "leader", 'SOP-T01 there is no key "leader" here (did you mean lead?)'),
        (("    end: stopped\n", ""), "name", 'SOP-T01 "end" is missing ()'),
        (("outcome: stop", "outcom: stop"), "outcom", 'SOP-T01 there is no key "outcom" here (did you mean outcome?)'),
        (("do: write", "does: write"), "{as", "SOP-T01 an act has exactly one of: do, claim"),
        (("do: write", "do: write, claim: write"), "{as", "SOP-T01 an act has exactly one of: do, claim"),
        (("as: ben", "as: 5"), "5,", "SOP-T01 expected a text (put numbers and truth values in quotes) ()"),
        (("after: 1d", "cancel: false, as: ana"), "false", "SOP-T01 expected true, or a name"),
        (("after: 1d", "expect: {opened: [x]}"), "opened", 'SOP-T01 there is no key "opened" here (did you mean open?)'),
        (("after: 1d", "after: soon"), "soon", "SOP-T01 'soon' is no length of time"),
        (("inputs: {}", "at: yesterday"), "yesterday", "SOP-T01 expected an instant, like 2026-03-02T09:00:00Z ()"),
        (("inputs: {}", "inputs: []"), "inputs", "SOP-T01 expected a mapping ()"),
        (("name: Stopped", "name: ''"), "''", "SOP-T01 expected a text that is not empty ()"),
        (
            ("{ana: {}, ben: {}}", "{ana: {}, ben: {team: law}}"),
            "team",
            'SOP-T01 there is no key "team" here (did you mean teams?)',
        ),
        (("ana: {}", "Ana: {}"), "Ana", "SOP-T01 expected an id: small letters"),
        (("people:", "defaults: {writ: {}}\npeople:"), "writ", 'SOP-T02 there is no task "writ" (did you mean write?)'),
        (("people:", "teams: {law: [cara]}\npeople:"), "law", 'SOP-T02 there is no person "cara" (there is ana, ben)'),
        (("lead: ana", "lead: ann"), "ann", 'SOP-T02 there is no person "ann" (did you mean ana?)'),
        (("writer: ben", "writer: team:law"), "team:law", 'SOP-T02 there is no team "law" (there is none)'),
        (("writer: ben", "writr: ben"), "writr", 'SOP-T02 there is no role "writr" (did you mean writer?)'),
        (("as: ben", "as: bean"), "bean", 'SOP-T02 there is no person "bean" (did you mean ben?)'),
        (("do: write", "do: wrote"), "wrote", 'SOP-T02 there is no task "wrote" (did you mean write?)'),
        (("do: write", "do: writ"), "writ", 'SOP-T02 there is no task "writ" (did you mean write?)'),
        (("outcome: stop", "outcome: stip"), "stip", 'SOP-T02 there is no outcome of write called "stip" (did you mean stop?)'),
        (("outcome: stop", "refused: SOP-D99"), "SOP-D99", 'SOP-T02 there is no code "SOP-D99" (did you mean SOP-D09?)'),
        (("after: 1d", "claim: writ, as: ben"), "writ", 'SOP-T02 there is no task "writ" (did you mean write?)'),
        (("after: 1d", "release: writ, as: ben"), "writ", 'SOP-T02 there is no task "writ" (did you mean write?)'),
        (("after: 1d", "assign: write, as: ana, to: bob"), "bob", 'SOP-T02 there is no person "bob" (there is ana, ben)'),
        (
            ("after: 1d", "bind: writers, as: ana, to: [ben]"),
            "writers",
            'SOP-T02 there is no role "writers" (did you mean writer?)',
        ),
        (("after: 1d", "bind: writer, as: ana, to: [bob]"), "to", 'SOP-T02 there is no person "bob" (there is ana, ben)'),
        (("after: 1d", "child: tel, end: done"), "tel", 'SOP-T02 there is no step with a child run "tel" (did you mean tell?)'),
        (("after: 1d", "child: tell, end: don"), "don", 'SOP-T02 there is no end of letter called "don" (did you mean done?)'),
        (
            ("after: 1d", "child: tell, end: done, results: {lenght: 5}"),
            "lenght",
            'SOP-T02 there is no result of letter called "lenght" (did you mean length?)',
        ),
        (("after: 1d", "expect: {open: [writ]}"), "open", 'SOP-T02 there is no task "writ" (did you mean write?)'),
        (("after: 1d", "expect: {waiting: [write]}"), "waiting", 'SOP-T02 there is no step that waits "write" ('),
        (("after: 1d", "expect: {owner: {write: bob}}"), "bob", 'SOP-T02 there is no person "bob" (there is ana, ben)'),
        (("after: 1d", "expect: {owner: {writ: ben}}"), "writ: ben", 'SOP-T02 there is no task "writ" (did you mean write?)'),
        (
            ("after: 1d", "expect: {values: {write.dun: 1}}"),
            "write.dun",
            'SOP-T02 there is no value "write.dun" (did you mean write.done?)',
        ),
        (
            ("after: 1d", "expect: {values: {writ.done: 1}}"),
            "writ.done",
            'SOP-T02 there is no value "writ.done" (did you mean write.done?)',
        ),
        (("after: 1d", "expect: {values: {inputs.x: 1}}"), "inputs.x", 'SOP-T02 there is no value "inputs.x" ('),
        (("end: stopped", "end: stoped"), "stoped", 'SOP-T02 there is no end "stoped" (did you mean stopped?)'),
        (("sop: ways", "sop: ways\nsop: ways"), "sop", 'SOP-L008 the key "sop" stands here'),
    ],
)
def test_slips_are_reported_where_they_stand(
    tmp_path: Path, definitions: dict[str, Procedure], change: tuple[str, str], at: str, expected: str
) -> None:
    """Whatever is wrong with the file or names nothing is one problem with a code, a place and a hint; the story is not played."""
    good = FILE + scenario("Stopped", "{after: 1d}", "{as: ben, do: write, outcome: stop}", end="stopped")
    assert run(tmp_path, good, definitions).passed
    bad = good.replace(*change, 1)
    assert bad != good
    report = run(tmp_path, bad, definitions)
    found = [*report.problems, *(problem for played in report.scenarios for problem in played.problems)]
    words = {f"{p.code} {p.message} ({p.hint})": bad.splitlines()[p.line - 1][p.column - 1 :] for p in found}
    assert [place[: len(at)] for said, place in words.items() if said.startswith(expected)] == [at], words
    assert len(words) == (2 if "missing" in str([*words]) and "no key" in expected else 1), words
    assert sum(played.commands for played in report.scenarios) == 0
    assert not report.passed
    assert report.coverage.percent == 0


def test_a_slip_in_one_story_does_not_stop_the_others(tmp_path: Path, definitions: dict[str, Procedure]) -> None:
    """Names are checked for each scenario alone; the others are played."""
    stories = scenario("Slip", "{as: zoe, do: write}", end="open") + scenario("Good", DONE, end="open")
    report = run(tmp_path, FILE + stories, definitions)
    assert [(played.name, played.line, played.passed) for played in report.scenarios] == [("Slip", 4, False), ("Good", 11, True)]
    assert len(report.coverage.walked) == 4


def test_an_act_that_must_be_refused_may_name_what_does_not_exist(tmp_path: Path, definitions: dict[str, Procedure]) -> None:
    """That a step, an outcome or a role is unknown can be shown like any other refusal."""
    acts = (
        "{as: ben, do: wrote, set: {x: 1}, refused: SOP-M01}",
        "{as: ben, do: write, outcome: maybe, refused: SOP-F05}",
        "{as: ana, bind: king, to: ben, refused: SOP-F07}",
    )
    report = run(tmp_path, FILE + scenario("Unknown", *acts, end="open"), definitions)
    assert report.passed, render(report)
    assert report.refusals == ("SOP-F05", "SOP-F07", "SOP-M01")
    king = "  - {name: King, lead: ana, roles: {king: ben}, refused: SOP-F07, end: refused}\n"
    assert run(tmp_path, FILE + king, definitions).refusals == ("SOP-F07",)


def test_values_of_items_inside_items_and_of_unknown_child_runs(tmp_path: Path) -> None:
    """Addresses name the items from the outside in; the results of an SOP that is not there may be called anything."""
    text = (
        "sop: ways\n"
        + HEAD
        + "inputs: {items: {type: multi_choice, options: [x]}}\nsteps:\n"
        + "  - for_each: {item: inputs.items}\n    id: outer\n    steps:\n"
        + "      - id: inner\n        for_each: {part: inputs.items}\n        steps:\n"
        + "          - {id: each, role: writer, form: {a: {type: text}}}\n"
        + "          - {id: call, run: elsewhere}\n          - {id: last, role: writer}\n"
    )
    acts = (
        "{as: ben, do: 'each:x:x', set: {a: b}}",
        "{expect: {waiting: ['call:x:x'], values: {'each:x:x.a': b}}}",
        "{child: 'call:x:x', end: whatever, results: {z: 1}}",
        "{expect: {open: ['last:x:x'], values: {'call:x:x.results.z': 1}}}",
    )
    report = run(tmp_path, FILE + scenario("Nested", *acts, end="open", inputs="{items: [x]}"), {"ways": procedure(text)})
    assert report.passed, render(report)


def test_a_file_that_is_no_yaml_or_not_there(tmp_path: Path, definitions: dict[str, Procedure]) -> None:
    """A broken or missing file is a report without stories and with no coverage, never an exception."""
    report = run(tmp_path, "sop: [", definitions)
    assert [(problem.code, problem.line) for problem in report.problems] == [("SOP-L003", 2)]
    assert (report.sop, report.coverage.percent, len(report.missing)) == ("ways", 0, 14)
    report = run(tmp_path, "- a list\n", definitions)
    assert [(p.code, p.message, p.line) for p in report.problems] == [("SOP-T01", "expected a mapping", 1)]
    path = tmp_path / "letter.scenario.yaml"
    report = run_file(path, definitions)
    assert [problem.code for problem in report.problems] == ["SOP-T09"]
    assert (report.passed, report.sop, report.missing) == (False, "letter", ("write --done--> leave",))
    assert "0 of 0 scenarios passed; 0 of 1 ways walked (0.0 %)" in render(report)
    report = run_file(tmp_path / "other.scenario.yaml", definitions)
    assert (report.sop, report.coverage.percent, report.missing) == ("other", 0, ())
