"""``sop docs build`` and ``sop graph --format svg``."""

import json
import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Project

OWN = ("--lang", "en,ko")


def test_handbook_of_ones_own_sop(project: "Project") -> None:
    """A named SOP gets its pages in the languages that were asked for, and is told where to begin."""
    done = project.sop("docs", "build", "mini", *OWN, "--out", "book")
    assert done.code == 0
    assert done.out == "Wrote 1 SOPs in 2 languages to book: 9 files\n"
    assert "Begin with book/index.html" in done.err
    page = (project.folder / "book/ko/sop/mini.html").read_text(encoding="utf-8")
    assert "<h1>작은 절차</h1>" in page
    assert "목적" in page
    assert (project.folder / "book/en/roles.html").is_file()


def test_all_sops_are_in_it_without_names(project: "Project") -> None:
    """The shipped ones and one's own; machines get the files by name."""
    answer = json.loads(project.good("docs", "build", "--lang", "en", "--out", "book", "--json"))
    assert {"mini", "crisis"} <= set(answer["sops"])
    assert answer["languages"] == ["en"]
    assert sorted(answer["files"]) == answer["files"]
    assert all((project.folder / "book" / path).is_file() for path in answer["files"])
    assert answer["removed"] == []
    again = json.loads(project.good("docs", "build", "mini", "--lang", "en", "--out", "book", "--json"))
    assert "en/sop/crisis.html" in again["removed"]


def test_versions_are_told_from_the_database(project: "Project") -> None:
    """Who published what and why stands on the page, and what was taken out of use."""
    path = project.folder / "other.yaml"
    text = (project.folder / ".sop/definitions/mini.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("sop: mini", "sop: other"), encoding="utf-8")
    project.good("publish", str(path), "-m", "The first one")
    path.write_text(text.replace("sop: mini", "sop: other").replace("1.0.0", "1.1.0"), encoding="utf-8")
    project.good("publish", str(path), "-m", "Better words")
    project.good("retire", "other@1.0.0", "-m", "It was too strict")
    project.good("docs", "build", "other", "--lang", "en", "--out", "book")
    page = (project.folder / "book/en/sop/other.html").read_text(encoding="utf-8")
    for words in ("1.1.0", "Better words", "The first one", "ana", "It was too strict"):
        assert words in page
    assert "as it stands in its file" not in page


def test_without_a_database_the_files_are_enough(project: "Project") -> None:
    """The version is that of the file, and nothing is made beside the pages."""
    project.database.unlink()
    project.good("docs", "build", "mini", "--lang", "en", "--out", "book")
    page = (project.folder / "book/en/sop/mini.html").read_text(encoding="utf-8")
    assert "as it stands in its file" in page
    assert not project.database.exists()
    done = project.sop("docs", "build", "mimi", "--out", "book")
    assert (done.code, "SOP-N02" in done.err, "mini" in done.err) == (3, True, True)
    assert project.sop("docs", "build", "mini@9.9.9").code == 3
    assert project.sop("docs", "build", "mini@1.0.0", "--lang", "en", "--out", "book").code == 0


@pytest.mark.parametrize("database", [True, False])
def test_broken_file_does_not_take_the_others_down(project: "Project", *, database: bool) -> None:
    """It is named, and the rest is written."""
    (project.folder / ".sop/definitions/bad.yaml").write_text("sop: bad\nversion: 1\n", encoding="utf-8")
    if not database:
        project.database.unlink()
    done = project.sop("docs", "build", "--lang", "en", "--out", "book")
    assert done.code == 0
    assert " .sop/definitions/bad.yaml:1:1: error[SOP-L" in done.err
    assert (project.folder / "book/en/sop/mini.html").is_file()


def test_file_that_is_not_in_the_library_yet(project: "Project") -> None:
    """A draft is shown as it stands; with names beside it, it replaces the SOP of its name; a broken one is refused."""
    draft = project.folder / "draft.yaml"
    text = (project.folder / ".sop/definitions/mini.yaml").read_text(encoding="utf-8")
    draft.write_text(text.replace("Mini procedure", "Draft of it"), encoding="utf-8")
    project.good("docs", "build", "draft.yaml", "mini", "--lang", "en", "--out", "book")
    assert "Draft of it" in (project.folder / "book/en/sop/mini.html").read_text(encoding="utf-8")
    draft.write_text("sop: x\n", encoding="utf-8")
    done = project.sop("docs", "build", "draft.yaml")
    assert (done.code, "SOP-D00" in done.err) == (5, True)
    assert project.sop("docs", "build", "./nowhere.yaml").code == 3


def test_unknown_sop_is_not_found(project: "Project") -> None:
    """Exit code 3, a near name is suggested, and nothing is written."""
    done = project.sop("docs", "build", "mimi", "--out", "book")
    assert done.code == 3
    assert "SOP-N02" in done.err
    assert not (project.folder / "book").exists()


def test_nothing_to_write_is_not_found(project: "Project") -> None:
    """Where nothing can be started there is no handbook."""
    project.database.unlink()
    shutil.rmtree(project.folder / ".sop/definitions")
    empty = project.folder / "empty"
    empty.mkdir()
    (project.folder / ".sop/config.toml").unlink(missing_ok=True)
    from runners import settings

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "_SHIPPED", empty)
        assert project.sop("docs", "build").code == 3


def test_folder_that_cannot_be_written(project: "Project") -> None:
    """A file where a folder should be is said in words; exit code 2."""
    (project.folder / "taken").write_text("x", encoding="utf-8")
    done = project.sop("docs", "build", "mini", *OWN, "--out", "taken/book")
    assert (done.code, "SOP-U04" in done.err) == (2, True)
    assert "Traceback" not in done.err


def test_files_of_others_are_kept(project: "Project") -> None:
    """Without --force nothing is written; with it they are replaced."""
    (project.folder / "book/en").mkdir(parents=True)
    theirs = project.folder / "book/en/index.html"
    theirs.write_text("theirs", encoding="utf-8")
    done = project.sop("docs", "build", "mini", *OWN, "--out", "book")
    assert (done.code, "SOP-U04" in done.err, "--force" in done.err) == (2, True, True)
    (project.folder / "book/index.html").write_text("theirs too", encoding="utf-8")
    assert "and 1 more" in project.sop("docs", "build", "mini", *OWN, "--out", "book").err
    assert theirs.read_text(encoding="utf-8") == "theirs"
    project.good("docs", "build", "mini", *OWN, "--out", "book", "--force")
    assert theirs.read_text(encoding="utf-8") != "theirs"
    project.good("docs", "build", "mini", *OWN, "--out", "book")


def test_languages_are_tags(project: "Project") -> None:
    """What is no tag is refused; a place is understood by its script; other languages get English words."""
    assert project.sop("docs", "build", "mini", "--lang", "../x").code == 2
    assert project.sop("docs", "build", "mini", "--lang", " , ").code == 2
    project.good("docs", "build", "mini", "--lang", "zh-TW,de", "--out", "book")
    assert "適用範圍" in (project.folder / "book/zh-TW/sop/mini.html").read_text(encoding="utf-8")
    assert "Scope" in (project.folder / "book/de/sop/mini.html").read_text(encoding="utf-8")


def test_markdown_on_request(project: "Project") -> None:
    """The plain alternative lies beside its pictures."""
    project.good("docs", "build", "mini", "--lang", "en", "--format", "markdown", "--out", "book")
    assert (project.folder / "book/en/sop/mini.md").read_text(encoding="utf-8").startswith("# Mini procedure\n")
    assert (project.folder / "book/en/sop/mini.svg").is_file()
    assert (project.folder / "book/index.md").is_file()


def test_areas_that_cannot_be_read_are_named(project: "Project") -> None:
    """Exit code 5, with the name of the file."""
    (project.folder / ".sop/definitions/areas.toml").write_text("[[area", encoding="utf-8")
    done = project.sop("docs", "build", "mini", "--out", "book")
    assert (done.code, "areas.toml" in done.err) == (5, True)


def test_graph_draws_svg(project: "Project") -> None:
    """An SOP, a run with the mark of where it stands, and JSON around it."""
    picture = project.good("graph", "mini", "--format", "svg")
    assert picture.startswith("<svg ")
    assert "sd-here" not in picture.split("</style>")[1]
    run = project.start()
    assert "sd-here" in project.good("graph", run, "--format", "svg").split("</style>")[1]
    assert json.loads(project.good("graph", "mini", "--format", "svg", "--json"))["format"] == "svg"


def test_a_language_that_the_handbook_does_not_speak_is_said(project: "Project") -> None:
    """Its pages are made, and a note says that their headings are English; a dialect of a known language needs none."""
    done = project.sop("docs", "build", "mini", "--lang", "de,en-GB", "--out", "book")
    assert done.code == 0
    assert "Headings are English on the pages in de" in done.err
    assert "en-GB" not in done.err
    assert "Purpose" in (project.folder / "book/de/sop/mini.html").read_text(encoding="utf-8")
