"""The shipped SOPs: each is a sound definition, its scenarios pass, and together they walk every way it has."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import definitions as shipped
from engine.canonical import canonical_document, fingerprint
from engine.check import check
from engine.checks.texts import offered
from engine.parse import Parsed, read, read_plain
from engine.procedure import Procedure
from runners.folders import files
from runners.scenarios import Report, render, run_file, scenario_files
from runners.tidying import tidied

FOLDER = Path(next(iter(shipped.__path__)))
SOPS = tuple(sorted(path.stem for path in files([FOLDER])))
APART = tuple(sop for sop in SOPS if sop != "engagement_duty")
"""Those that keep work in several hands; a duty is the day of one person."""
LANGUAGES = ("en", "zh-Hans", "zh-Hant", "ko")


@pytest.fixture(scope="module")
def parsed() -> dict[str, Parsed]:
    return {sop: read((FOLDER / f"{sop}.yaml").read_bytes(), name=f"{sop}.yaml") for sop in SOPS}


@pytest.fixture(scope="module")
def procedures(parsed: dict[str, Parsed]) -> dict[str, Procedure]:
    found = {}
    for sop, one in parsed.items():
        assert one.definition is not None, one.problems
        found[sop] = Procedure.compiled(one.definition)
    return found


def played(sop: str, procedures: dict[str, Procedure], path: Path | None = None) -> Report:
    return run_file(path or FOLDER / "scenarios" / f"{sop}.scenario.yaml", procedures)


def test_every_definition_is_tested_and_every_scenario_file_has_one() -> None:
    """Each SOP of the folder has one scenario file, and no scenario file is of anything else."""
    found = scenario_files([FOLDER])
    assert len(SOPS) >= 23
    assert [path.relative_to(FOLDER).as_posix() for path in found] == [f"scenarios/{sop}.scenario.yaml" for sop in SOPS]


@pytest.mark.parametrize("sop", SOPS)
def test_a_definition_reads_without_problems(sop: str, parsed: dict[str, Parsed]) -> None:
    """Not even a warning, and the file is called like its SOP."""
    assert parsed[sop].problems == ()


@pytest.mark.parametrize("sop", SOPS)
def test_a_definition_checks_without_problems(sop: str, parsed: dict[str, Parsed]) -> None:
    """Against the other SOPs and the catalogue of roles, in every language, nothing is found."""
    roles: Any = read_plain((FOLDER / "roles.yaml").read_bytes()).document
    known = {name: canonical_document(one.definition) for name, one in parsed.items() if one.definition}
    definition = parsed[sop].definition
    assert definition is not None
    found = check(definition, known=known, roles=list(roles["roles"]), languages=LANGUAGES)
    assert parsed[sop].places.placed(found) == []


@pytest.mark.parametrize("sop", SOPS)
def test_its_scenarios_pass_and_walk_every_way(sop: str, procedures: dict[str, Procedure]) -> None:
    """Every scenario passes, every way is walked, and whatever the rules imply is shown: refusals, late approvals, empty roles."""
    report = played(sop, procedures)
    assert report.passed, render(report)
    assert (report.sop, report.missing, report.coverage.percent) == (sop, (), 100), render(report)
    assert report.unshown == (), render(report, rules=True)
    assert any(code.startswith("SOP-F") for code in report.refusals)


@pytest.mark.parametrize("sop", SOPS)
def test_one_scenario_alone_does_not_walk_every_way(sop: str, procedures: dict[str, Procedure], tmp_path: Path) -> None:
    """The measure can fail: with its first scenario alone, no SOP is fully covered."""
    text = (FOLDER / "scenarios" / f"{sop}.scenario.yaml").read_text(encoding="utf-8")
    head, first = text.split("\n  - name:")[:2]
    path = tmp_path / f"{sop}.scenario.yaml"
    path.write_text(f"{head}\n  - name:{first}\n", encoding="utf-8")
    report = played(sop, procedures, path)
    assert report.passed, render(report)
    assert len(report.scenarios) == 1
    assert 0 < report.coverage.percent < 100


@pytest.mark.parametrize("sop", APART)
def test_a_scenario_fails_when_the_definition_forgets_its_separation_of_duties(sop: str, parsed: dict[str, Parsed]) -> None:
    """Taking `separate`, the authors' bar and `not_from` out of a definition is noticed by its scenarios."""
    definition = parsed[sop].definition
    assert definition is not None
    document = canonical_document(definition)
    document.pop("separate", None)
    for step in _steps(document["steps"]):
        step.get("approval", {}).pop("of", None)
        step.pop("not_from", None)
    report = played(sop, {sop: Procedure(document, fingerprint(document))})
    assert not report.passed
    assert "SOP-T04" in render(report)


@pytest.mark.parametrize("sop", SOPS)
def test_every_text_is_there_in_four_languages(sop: str, procedures: dict[str, Procedure]) -> None:
    """Whatever people read is there in English, both Chinese scripts and Korean, to the last option."""
    counts, everything = offered(procedures[sop].document, LANGUAGES)
    assert counts == dict.fromkeys(LANGUAGES, everything)
    assert everything > 20


@pytest.mark.no_cover  # the layout has tests of its own
@pytest.mark.parametrize("sop", SOPS)
def test_a_definition_is_laid_out_as_the_formatter_would(sop: str) -> None:
    """Whoever copies one and runs `sop fmt` sees only their own changes."""
    body = (FOLDER / f"{sop}.yaml").read_bytes()
    assert tidied(body) == body


def _steps(steps: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for step in steps:
        yield step
        yield from _steps(step.get("steps", []))
        for branch in step.get("parallel", {}).values():
            yield from _steps(branch["steps"])
