"""Files of authors: sop fmt, sop new --from, and what sop init leaves for editors."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Project

UNTIDY = """\
version: 1.0.0   # the first
sop: untidy
title: Untidy
purpose: p
scope: s
owner: manager
roles: [manager]
steps:
- role: manager
  # what it is called
  id: one
"""


def test_fmt_lays_out_and_check_only_tells(project: "Project") -> None:
    """--check changes nothing and ends with 5; without it the file is written, and then there is nothing left to do."""
    path = project.folder / "untidy.yaml"
    path.write_text(UNTIDY, encoding="utf-8")
    path.chmod(0o640)
    told = project.sop("fmt", str(path), "--check")
    assert (told.code, told.out) == (5, f"{path} would be changed\n")
    assert path.read_text(encoding="utf-8") == UNTIDY
    assert json.loads(project.good("fmt", str(path), "--json")) == {
        "schema": "sop/1", "files": 1, "changed": [str(path)], "failed": 0,
    }  # fmt: skip
    assert path.read_text(encoding="utf-8") == (
        "sop: untidy\nversion: 1.0.0   # the first\ntitle: Untidy\npurpose: p\nscope: s\nowner: manager\nroles: [manager]\n"
        "steps:\n  # what it is called\n  - id: one\n    role: manager\n"
    )
    assert path.stat().st_mode & 0o777 == 0o640
    again = project.sop("fmt", str(path), "--check")
    assert (again.code, again.out) == (0, "")
    assert not list(project.folder.glob(".untidy*"))


def test_fmt_leaves_alone_what_it_cannot_keep(project: "Project") -> None:
    """Problems with their lines, or the comment that would be lost; the other files are laid out all the same."""
    files = {"untidy": UNTIDY, "broken": "sop: broken\nsop: twice\n", "bracket": "a: {b: 1, # why\n  c: 2}\n"}
    paths = {name: project.folder / f"{name}.yaml" for name in files}
    for name, text in files.items():
        paths[name].write_text(text, encoding="utf-8")
    done = project.sop("fmt", *map(str, paths.values()))
    assert done.code == 5
    assert f"{paths['broken']}:2:1: error[SOP-L008]" in done.err
    assert f"{paths['bracket']}: the comment # why" in done.err
    assert "3 files: 1 changed, 2 cannot be laid out" in done.err
    assert paths["untidy"].read_text(encoding="utf-8") != UNTIDY
    assert [paths[name].read_text(encoding="utf-8") for name in ("broken", "bracket")] == [files["broken"], files["bracket"]]
    assert project.sop("fmt", "nothing.yaml").code == 3


def test_fmt_says_what_it_may_not_write(project: "Project", monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that cannot be written is a failure and not a trace."""
    path = project.folder / "untidy.yaml"
    path.write_text(UNTIDY, encoding="utf-8")

    def full(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_bytes", full)
    done = project.sop("fmt", str(path))
    assert done.code != 0
    assert "Traceback" not in done.err
    assert path.read_text(encoding="utf-8") == UNTIDY


def test_what_new_writes_is_laid_out(project: "Project") -> None:
    """The template needs no formatting."""
    project.good("new", "letter")
    assert project.sop("fmt", "--check", "letter").code == 0


def test_new_from_copies_comments_and_scenarios(project: "Project") -> None:
    """The copy differs in id, prefix and the way to the schema only; its scenarios pass, and it can be used beside the other."""
    made = [Path(path) for path in json.loads(project.good("new", "creators", "--from", "influencer", "--json"))["made"]]
    shipped = Path(__file__).parents[2] / "definitions"
    sources = [shipped / "influencer.yaml", shipped / "scenarios" / "influencer.scenario.yaml"]
    changed = [
        [
            (old, new)
            for old, new in zip(one.read_text("utf-8").split("\n"), two.read_text("utf-8").split("\n"), strict=True)
            if old != new
        ]
        for one, two in zip(sources, made, strict=True)
    ]
    assert changed == [
        [
            ("# yaml-language-server: $schema=schema/sop.schema.json",
             "# yaml-language-server: $schema=../schema/sop.draft7.schema.json"),
            ("sop: influencer", "sop: creators"), ("prefix: KOL", "prefix: CRE"),
        ],
        [("sop: influencer", "sop: creators")],
    ]  # fmt: skip
    assert project.sop("lint", "creators", "--strict").code == 0
    count = sources[1].read_text(encoding="utf-8").count("\n  - name: ")
    assert f"{count} scenarios of 1 files, 1 files passed" in project.sop("test", "creators").err


def test_new_from_ones_own(project: "Project") -> None:
    """An own SOP without scenarios: version 1.0.0 and a prefix that nobody has; other words of the file are not touched."""
    source = project.folder / ".sop" / "definitions" / "mini.yaml"
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("sop: mini\nversion: 1.0.0", "sop: 'mini' # me\nversion: 2.3.4  # old"), encoding="utf-8")
    made = json.loads(project.good("new", "minimum", "--from", "mini", "--json"))["made"]
    assert [Path(path).name for path in made] == ["minimum.yaml"]
    copy = Path(made[0]).read_text(encoding="utf-8")
    assert copy.startswith("sop: minimum # me\nversion: 1.0.0  # old\nprefix: MINI\n")
    Path(made[0]).write_text(copy.replace("MINI", "AA"), encoding="utf-8")
    project.good("new", "a", "--from", "mini")
    assert "prefix: AX\n" in (source.parent / "a.yaml").read_text(encoding="utf-8")


def test_new_takes_no_prefix_that_another_sop_has(project: "Project") -> None:
    """Neither one that stands in a file, with quotes or without, nor one that is made from an id: of shipped and of own SOPs."""
    folder = project.folder / ".sop" / "definitions"
    text = (folder / "mini.yaml").read_text(encoding="utf-8")
    for sop, prefix in (("lantern", ""), ("lantana", 'prefix: "LANT"\n')):
        (folder / f"{sop}.yaml").write_text(text.replace("sop: mini", f"sop: {sop}").replace("prefix: MIN\n", prefix), "utf-8")
    project.good("new", "lantern_feast", "--from", "campaign")
    assert "\nprefix: LANTE\n" in (folder / "lantern_feast.yaml").read_text(encoding="utf-8")
    for name, source, prefix in (("crisis_two", (), "CRIS"), ("lanternfish", ("--from", "lantern"), "LANTER")):
        project.good("new", name, *source)
        assert f"\nversion: 1.0.0\nprefix: {prefix}\n" in (folder / f"{name}.yaml").read_text(encoding="utf-8")
        assert project.sop("lint", name).code == 0
    assert project.sop("fmt", "--check", "crisis_two").code == 0
    project.good("new", "plain")
    assert "prefix:" not in (folder / "plain.yaml").read_text(encoding="utf-8")
    made = json.loads(project.good("new", "campaign", "--from", "campaign", "--force", "--json"))["made"]
    assert "\nprefix: CAM\n" in Path(made[0]).read_text(encoding="utf-8")  # it stands in the place of that one


def test_new_takes_the_prefix_that_is_asked_for_unless_another_sop_has_it(project: "Project") -> None:
    """Refused with the name of the other, and so is what cannot be one; nothing is written then."""
    folder = project.folder / ".sop" / "definitions"
    for prefix, said in (("CRI", "the SOP crisis has the prefix CRI already"), ("cri", "cri is no prefix"), ("", "is no prefix")):
        refused = project.sop("new", "leaks", "--from", "crisis", "--prefix", prefix)
        assert (refused.code, said in refused.err) == (2, True), refused.err
        assert not (folder / "leaks.yaml").exists()
    project.good("new", "leaks", "--from", "crisis", "--prefix", "LKS")
    assert "\nprefix: LKS\n" in (folder / "leaks.yaml").read_text(encoding="utf-8")
    project.good("new", "drips", "--prefix", "DR")
    assert "\nprefix: DR\n" in (folder / "drips.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("version", "end"),
    [("version: 1.0.0\n", "\n"), ('"version": 1.0.0\n', "\n"), ("version: 1.0.0\n", "\r\n"), ("", "\n"), ("", "\r\n")],
)
def test_a_prefix_finds_its_place_wherever_the_version_stands(project: "Project", version: str, end: str) -> None:
    """In quotes, with the ends of lines of another system, or on the last line, which has no end."""
    folder = project.folder / ".sop" / "definitions"
    text = (folder / "mini.yaml").read_text(encoding="utf-8").replace("prefix: MIN\n", "").replace("version: 1.0.0\n", version)
    text = text.replace("sop: mini", "sop: lantern") + ("" if version else "version: 1.0.0")
    (folder / "lantern.yaml").write_bytes(text.replace("\n", end).encode())
    project.good("new", "lantern_feast", "--from", "lantern")
    made = (folder / "lantern_feast.yaml").read_bytes().decode()
    assert "prefix: LANT" in made.split(end)
    assert made.count("\r") == made.count("\n") * (end == "\r\n")
    assert project.sop("lint", "lantern_feast").code == 0


def test_new_from_refuses_what_it_cannot_copy(project: "Project") -> None:
    """No such SOP, one with errors, and one that names itself in a way that is not found."""
    assert 'did you mean "mini"' in project.sop("new", "other", "--from", "minni").err.replace("mini?", '"mini"?').replace(
        '""', '"'
    )
    source = project.folder / ".sop" / "definitions" / "mini.yaml"
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("owner: manager", "owner: 3"), encoding="utf-8")
    refused = project.sop("new", "other", "--from", "mini")
    assert (refused.code, "has errors" in refused.err) == (1, True)
    source.write_text(
        text.replace("sop: mini", 'sop: mini\n"version": "1\\u002E0.1"').replace("version: 1.0.0\n", ""), encoding="utf-8"
    )
    odd = project.sop("new", "other", "--from", "mini")
    assert (odd.code, "cannot be replaced" in odd.err) == (1, True), odd
    assert not source.with_name("other.yaml").exists()


def test_init_leaves_settings_of_editors_alone(project: "Project", tmp_path: Path) -> None:
    """Both files are written where they are not there, and never over what is."""
    there = tmp_path / "fresh"
    there.mkdir()
    (there / ".editorconfig").write_text("root = true\n", encoding="utf-8")
    made = json.loads(project.good("init", str(there), "--json"))["made"]
    assert ".vscode/settings.json" in made
    assert ".editorconfig" not in made
    assert (there / ".editorconfig").read_text(encoding="utf-8") == "root = true\n"
    settings = json.loads((there / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    [(schema, patterns)] = settings["yaml.schemas"].items()
    assert (there / schema).is_file()
    assert patterns == [".sop/definitions/*.yaml"]
    (there / ".vscode" / "settings.json").write_text("{}", encoding="utf-8")
    (there / ".editorconfig").unlink()
    assert json.loads(project.good("init", str(there), "--json"))["made"] == [".editorconfig"]
    assert "indent_size = 2" in (there / ".editorconfig").read_text(encoding="utf-8")
    assert (there / ".vscode" / "settings.json").read_text(encoding="utf-8") == "{}"
