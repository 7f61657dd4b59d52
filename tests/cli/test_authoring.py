"""Writing definitions: new, lint in all its forms, test, graph, schema; and the demo, completion and help."""

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Project

BROKEN = """\
sop: broken
version: 1.0.0
title: Broken
purpose: p
scope: s
owner: manager
roles: [manager]
steps:
  - id: one
    role: manager
    outcomes: {done: tow}
  - id: two
    role: manger
"""


@pytest.fixture
def broken(project: "Project") -> Path:
    """A definition with two mistakes."""
    path = project.folder / "broken.yaml"
    path.write_text(BROKEN, encoding="utf-8")
    return path


def test_lint_reports_every_problem_with_its_place(project: "Project", broken: Path) -> None:
    """One line each, file:line:column, with did-you-mean; exit code 5."""
    done = project.sop("lint", str(broken))
    assert done.code == 5
    lines = done.out.splitlines()
    assert all(line.startswith(f"{broken}:") for line in lines)
    assert any(":11:" in line and 'did you mean "two"?' in line for line in lines), lines
    assert any(":13:" in line and 'did you mean "manager"?' in line for line in lines), lines


def test_lint_shows_the_line_with_a_mark(project: "Project", broken: Path) -> None:
    """The full form shows the place."""
    lines = project.sop("lint", str(broken), "--format", "full").out.splitlines()
    shown = lines.index("  11 |     outcomes: {done: tow}")
    assert lines[shown + 1].index("^") == lines[shown].index("tow")


def test_lint_for_programs(project: "Project", broken: Path) -> None:
    """JSON by either flag, SARIF that its schema's main parts hold, and remarks for GitHub."""
    items = json.loads(project.sop("lint", str(broken), "--json").out)["items"]
    assert json.loads(project.sop("lint", str(broken), "--format", "json").out)["items"] == items
    assert {"file", "line", "column", "severity", "code", "message", "hint", "path"} == set(items[0])
    sarif = json.loads(project.sop("lint", str(broken), "--format", "sarif").out)
    results = sarif["runs"][0]["results"]
    assert sarif["version"] == "2.1.0"
    assert [result["ruleId"] for result in results] == [item["code"] for item in items]
    assert {result["ruleId"] for result in results} <= {rule["id"] for rule in sarif["runs"][0]["tool"]["driver"]["rules"]}
    github = project.sop("lint", str(broken), "--format", "github").out.splitlines()
    assert github[0].startswith(f"::error file={broken},line=11,col=")


def test_files_know_one_another(project: "Project") -> None:
    """A step may run an SOP of another file that is checked, or of the project; an unknown one is a finding."""
    one = project.folder / "one.yaml"
    text = BROKEN.replace("broken", "one").partition("steps:")[0]
    one.write_text(f"{text}steps:\n  - {{id: a, run: two}}\n  - {{id: b, run: mini, with: {{topic: \"'x'\"}}}}\n", encoding="utf-8")
    two = project.folder / "two.yaml"
    two.write_text(text.replace("sop: one", "sop: two") + "steps:\n  - {id: a, role: manager}\n", encoding="utf-8")
    together = json.loads(project.sop("lint", str(one), str(two), "--json").out)["items"]
    alone = json.loads(project.sop("lint", str(one), "--json").out)["items"]
    assert [item["message"] for item in together] == []
    assert any("two" in item["message"] for item in alone)


def test_lint_without_arguments_checks_everything(project: "Project") -> None:
    """The project's own; with --all the shipped ones too. None has errors."""
    own = project.sop("lint")
    assert (own.code, "SOP-L085" in own.out) == (0, False), own
    assert "1 files, 1 SOPs: 0 errors" in own.err
    done = project.sop("lint", "--all")
    assert done.code == 0, done.out
    assert "0 errors" in done.err
    path = project.folder / ".sop" / "definitions" / "mini.yaml"
    path.write_text("references: [nothing]\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert (project.sop("lint").code, project.sop("lint", "--strict").code) == (0, 5)


def test_where_there_is_nothing_of_ones_own_to_check_it_is_said_what_there_is(project: "Project") -> None:
    """Lint names what checks the shipped ones, and how to begin; an empty folder that was asked for is only empty."""
    (project.folder / ".sop" / "definitions" / "mini.yaml").unlink()
    (project.folder / "empty").mkdir()
    said = "no definitions of your own yet; sop lint --all checks those that come with the program, sop new NAME begins one"
    assert said in project.sop("lint").err
    assert json.loads(project.sop("lint", "--json").out)["items"] == []
    assert "of your own" not in project.sop("lint", "empty").err
    assert "of your own" not in project.sop("lint", "crisis").err


def test_sops_are_checked_and_played_by_name(project: "Project") -> None:
    """Lint and test take the name of an SOP for its file; what is neither is not found."""
    assert "1 files, 1 SOPs" in project.sop("lint", "crisis").err
    project.good("new", "letter")
    assert "4 scenarios of 1 files, 1 files passed" in project.sop("test", "letter").err
    assert project.sop("lint", "nothing").code == project.sop("test", "nothing").code == 3


def test_what_stops_the_checks_is_said(project: "Project", broken: Path) -> None:
    """After mistakes of shape there may be more to come, after others not."""
    assert "more checks follow once these are mended" not in project.sop("lint", str(broken)).err
    broken.write_text("sop: broken\nsteps: 3\n", encoding="utf-8")
    assert "more checks follow once these are mended" in project.sop("lint", str(broken)).err
    drawn = project.sop("graph", str(broken))
    assert f"error[SOP-L022]: {broken}:2:8: expected a list" in drawn.err


def test_an_sop_is_not_hidden_by_accident(project: "Project") -> None:
    """A new one does not take the name of one that there is, unless forced; then lint warns while versions are the same."""
    refused = project.sop("new", "campaign")
    assert (refused.code, "--from campaign" in refused.err, "--force" in refused.err) == (2, True, True)
    assert not (project.folder / ".sop" / "definitions" / "campaign.yaml").exists()
    made = json.loads(project.good("new", "campaign", "--from", "campaign", "--force", "--json"))["made"][0]
    path = Path(made)
    shipped = Path(__file__).parents[2] / "definitions" / "campaign.yaml"
    text = shipped.read_text(encoding="utf-8")
    path.write_text(text + "# the same\n", encoding="utf-8")
    assert "SOP-L086" not in project.sop("lint", made).out
    path.write_text(text.replace("review_every: P", "review_every: P1", 1), encoding="utf-8")
    found = [item for item in json.loads(project.sop("lint", "--json").out)["items"] if item["code"] == "SOP-L086"]
    assert [(item["file"], item["severity"], item["path"]) for item in found] == [(made, "warning", ["version"])]
    assert str(shipped) in found[0]["message"]
    assert f"{path} hides {shipped}" in project.sop("list").err
    path.write_text(path.read_text(encoding="utf-8").replace("version: ", "version: 9", 1), encoding="utf-8")
    assert "SOP-L086" not in project.sop("lint", made).out
    assert "hides" not in project.sop("list").err


def test_an_sop_that_is_not_offered_is_hidden_by_nobody(project: "Project") -> None:
    """Who keeps to their own SOPs takes the name of one that comes along without force."""
    assert project.sop("new", "campaign", "--from", "campaign", env={"SOP_SHIPPED": "no"}).code == 0
    assert (project.folder / ".sop" / "definitions" / "campaign.yaml").exists()


def test_new_writes_what_lint_and_test_accept(project: "Project") -> None:
    """A new definition is right from the first moment, its stories pass and walk every way."""
    made = project.good("new", "newsletter")
    path = project.folder / ".sop" / "definitions" / "newsletter.yaml"
    assert str(path) in made
    assert project.sop("lint", str(path), "--strict").code == 0
    done = project.sop("test", str(path), "--coverage", "100")
    assert done.code == 0, done.out
    assert "4 scenarios of 1 files" in done.err
    project.good("new", "second", "--from", "mini")
    assert project.sop("lint", str(path.with_name("second.yaml"))).code == 0
    assert "sop: second" in path.with_name("second.yaml").read_text(encoding="utf-8")
    assert json.loads(project.good("test", str(path), "--json"))["items"][0]["coverage"] == 100.0


def test_stories_that_fail_are_reported(project: "Project") -> None:
    """A story that goes otherwise, or too little coverage, is exit code 5."""
    project.good("new", "letter")
    stories = project.folder / ".sop" / "definitions" / "scenarios" / "letter.scenario.yaml"
    text = stories.read_text(encoding="utf-8")
    stories.write_text(text.replace("end: stopped", "end: done"), encoding="utf-8")
    assert project.sop("test", str(stories)).code == 5
    stories.write_text(text.partition("  - name: After")[0], encoding="utf-8")
    assert project.sop("test", str(stories)).code == 0
    short = project.sop("test", str(stories), "--coverage", "100")
    assert (short.code, "1 file walks less than 100 %" in short.err) == (5, True)


def test_coverage_names_what_is_not_walked(project: "Project") -> None:
    """For one file and for a folder; without a number everything has to be walked, and a file is not taken for a number."""
    project.good("new", "letter")
    project.good("new", "second")
    folder = project.folder / ".sop" / "definitions"
    stories = folder / "scenarios" / "letter.scenario.yaml"
    whole = project.sop("test", "letter", "--coverage")
    assert (whole.code, "never" in whole.out) == (0, False)
    stories.write_text(stories.read_text(encoding="utf-8").partition("  - name: Nobody")[0], encoding="utf-8")
    one = project.sop("test", "letter", "--coverage")
    assert one.code == 5
    ways, _, rules = one.out.partition("never walked:\n")[2].partition("  never shown, although the rules imply it:\n")
    never = ways.splitlines()
    assert rules == "    a task is expected to be blocked because nobody holds its role\n"
    assert "never shown" not in project.sop("test", "letter").out
    unshown = {"rule": "unresolved", "steps": [], "what": rules.strip()}
    assert json.loads(project.sop("test", "letter", "--json").out)["items"][0]["unshown"] == [unshown]
    assert len(never) >= 1
    assert all(" --" in line and "--> " in line for line in never)
    (folder / "mini.yaml").unlink()
    everything = project.sop("test", str(folder), "--coverage")
    assert (everything.code, "1 file walks less than 100 %" in everything.err) == (5, True)
    assert [line for line in never if line not in everything.out.splitlines()] == []
    assert json.loads(project.sop("test", "letter", "--json").out)["items"][0]["missing"] == [line.strip() for line in never]
    wrong = project.sop("test", "--coverage", "letter")
    assert (wrong.code, "write files before --coverage" in wrong.err) == (2, True)


def test_a_broken_definition_does_not_keep_the_others_from_being_tested(project: "Project") -> None:
    """It is told of with its place, and the stories of the others are played."""
    project.good("new", "letter")
    folder = project.folder / ".sop" / "definitions"
    (folder / "mini.yaml").write_text("sop: mini\nsteps: [\n", encoding="utf-8")
    done = project.sop("test", str(folder))
    assert "mini.yaml:3:1: error[SOP-L003]" in done.err
    assert "4 of 4 scenarios passed" in done.out
    assert "L003" not in project.sop("test", "letter").err


def test_the_schema_checks_a_definition(project: "Project", mini: str) -> None:
    """Both renditions accept what lint accepts."""
    import yaml

    document = yaml.safe_load(mini)
    for arguments in ([], ["--draft", "7"]):
        schema = json.loads(project.good("schema", *arguments))
        jsonschema.validators.validator_for(schema).check_schema(schema)
        jsonschema.validate(document, schema)  # type: ignore[no-untyped-call]
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**document, "stepz": []}, schema)  # type: ignore[no-untyped-call]


def test_graphs_of_sops_runs_and_files(project: "Project") -> None:
    """Mermaid and DOT text, with the place where a run stands."""
    run = project.start()
    assert project.good("graph", "mini").startswith("flowchart")
    assert project.good("graph", "mini", "--format", "dot").startswith("digraph")
    assert project.good("graph", run) != project.good("graph", "mini")
    assert project.good("graph", ".sop/definitions/mini.yaml") == project.good("graph", "mini")
    assert json.loads(project.good("graph", "mini", "--json"))["format"] == "mermaid"


def test_the_demo_plays_a_whole_run(project: "Project", tmp_path: Path) -> None:
    """It ends, shows a refused attempt, a rework and a verified history, and leaves nothing unless asked."""
    before = project.rows()
    done = project.process("demo", env={"TMPDIR": str(tmp_path)})
    assert done.code == 0, done
    for text in (
        "refused: ben does not hold the role manager",
        "round 2",
        "CRI-1 has ended: done",
        "same answers",
        "separation of duties",
    ):
        assert text in done.out
    assert "\N{MULTIPLICATION SIGN} 38" not in done.out
    assert not list(tmp_path.glob("sop-demo-*"))
    assert project.rows() == before
    kept = json.loads(project.good("demo", "--keep", "kept", "--json"))
    assert kept["sound"] is True
    assert [act["refused"] for act in kept["acts"] if "refused" in act] == [["SOP-D01"], ["SOP-D01", "SOP-D02"]]
    looked = type(project)(project.folder / "kept")
    assert "ended: done" in looked.good("show", "CRI-1")
    assert looked.sop("verify", "--all", "--evidence").code == 0


def complete(project: "Project", line: str, who: str = "ben") -> list[str]:
    """What bash would be offered at the end of *line*."""
    words = line.split(" ")
    env = {**project.environment(who), "_SOP_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    done = subprocess.run(
        [sys.executable, "-m", "runners.cli"], cwd=project.folder, env=env, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr == ""
    return [found.partition(",")[2] for found in done.stdout.split()]


def test_shells_complete_what_there_is(project: "Project") -> None:
    """Commands, options, runs, tasks, SOPs and people; nothing, and no error, where there is no database."""
    run = project.start()
    assert "inbox" in complete(project, "sop in")
    assert "--as-of" in complete(project, "sop show --as")
    assert complete(project, "sop history M") == [run]
    assert complete(project, f"sop claim {run}/") == [f"{run}/draft"]
    assert complete(project, "sop start mi") == ["mini"]
    assert complete(project, f"sop assign {run}/draft --to car") == ["carla"]
    project.database.rename(project.database.with_suffix(".away"))
    assert complete(project, "sop history M") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_printed(project: "Project", shell: str) -> None:
    """A script for each shell that calls the program back."""
    assert "_SOP_COMPLETE" in project.good("completion", shell)


def test_help_explains_every_code(project: "Project") -> None:
    """Each code of the list has its own explanation; topics and commands are found, near ones suggested."""
    listed = [line.split()[0] for line in project.good("help", "errors").splitlines() if line.startswith("SOP-")]
    assert len(listed) > 80
    for code in listed[::9]:
        assert project.good("help", "errors", code).startswith(code)
    for topic in ("cheatsheet", "exit-codes", "environment", "formats", "inbox"):
        assert len(project.good("help", topic)) > 100
    assert "did you mean formats?" in project.sop("help", "fromats").err
    assert "did you mean inbox" in project.sop("inbix").err


def test_options_may_stand_before_or_after_the_command(project: "Project") -> None:
    """Global options mean the same in both places."""
    project.start()
    before = project.good("--json", "--as", "ben", "--lang", "ko", "runs")
    assert before == project.good("runs", "--json", "--as", "ben", "--lang", "ko")
    assert json.loads(before)["items"]


def test_config_says_where_values_come_from(project: "Project") -> None:
    """Every setting with its value and origin."""
    items = {item["name"]: item for item in json.loads(project.good("config", "list", "--show-origin", "--json"))["items"]}
    assert items["person"]["origin"] == "SOP_USER"
    assert items["zone"] == {"name": "zone", "value": "UTC", "origin": "default"}
    assert items["database"]["value"].endswith("/.sop/sop.db")
    assert "config.toml" in project.good("config", "path")


ONE_LANGUAGE = """\
sop: one
version: 1.0.0
title: One
purpose: One language only.
scope: Nothing.
owner: manager
roles: [manager]
steps: [{id: only, title: Do it, role: manager}]
"""


def test_lint_says_how_complete_the_texts_are(project: "Project") -> None:
    """One share for each language named, or written in; 100 is said of nothing that misses one, and JSON says the same."""
    whole = project.sop("lint", "influencer", "--lang", "en,zh-Hans,zh-Hant,ko")
    assert (whole.code, whole.out) == (0, ""), whole
    assert "en 100 %, zh-Hans 100 %, zh-Hant 100 %, ko 100 %\n" in whole.err
    path = project.folder / "influencer.yaml"
    shipped = (Path(__file__).parents[2] / "definitions" / "influencer.yaml").read_text(encoding="utf-8")
    path.write_text(shipped.replace(", ko: 인플루언서 협업", "", 1), encoding="utf-8")
    done = project.sop("lint", str(path), "--lang", "en,ko")
    assert done.code == 5
    assert f"{path}:6:1: error[SOP-L100]: the title is not translated: ko" in done.out
    assert "en 100 %, ko 99 %\n" in done.err
    assert json.loads(project.sop("lint", str(path), "--lang", "en,ko", "--json").out)["languages"] == {"en": 100, "ko": 99}
    unasked = project.sop("lint", str(path))
    assert (unasked.code, "en 100 %, zh-Hans 100 %, zh-Hant 100 %, ko 99 %\n" in unasked.err) == (0, True)
    (project.folder / "one.yaml").write_text(ONE_LANGUAGE, encoding="utf-8")
    assert " %" not in project.sop("lint", "one.yaml").err
    assert "languages" not in json.loads(project.sop("lint", "one.yaml", "--json").out)
    path.write_text("sop: influencer\n", encoding="utf-8")
    assert " %" not in project.sop("lint", str(path), "--lang", "en").err


def test_a_translation_that_lost_a_placeholder_is_an_error(project: "Project") -> None:
    """The place of the translation is named, with or without --lang."""
    path = project.folder / "mini.yaml"
    text = (project.folder / ".sop" / "definitions" / "mini.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("Write what is needed.", "{en: 'By {date}.', ko: 곧.}"), encoding="utf-8")
    done = project.sop("lint", str(path))
    assert done.code == 5
    assert "error[SOP-L101]: {date} is missing in ko, and another language has it" in done.out
