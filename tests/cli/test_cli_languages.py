"""In which language an SOP speaks: --lang, the settings, the locale; and tables that stay aligned with wide characters."""

import json
from typing import TYPE_CHECKING

import pytest

from runners.cli.tables import width

if TYPE_CHECKING:
    from tests.cli.conftest import Project

TITLES = {"en": "Influencer collaboration", "zh-Hans": "KOL/KOC合作", "ko": "인플루언서 협업"}


@pytest.mark.parametrize(
    ("arguments", "env", "tag"),
    [
        (["--lang", "ko"], {"LANGUAGE": "zh_CN"}, "ko"),
        ([], {"LANGUAGE": "ko:en"}, "ko"),
        ([], {"LANG": "zh_CN.UTF-8"}, "zh-Hans"),
        ([], {"LANGUAGE": "zh-Hans:en"}, "zh-Hans"),
        ([], {"SOP_LANG": "zh-Hans", "LANGUAGE": "ko"}, "zh-Hans"),
        ([], {"LANG": "fr_FR.UTF-8"}, "en"),
    ],
)
def test_the_flag_the_settings_and_the_locale_choose(
    project: "Project", arguments: list[str], env: dict[str, str], tag: str
) -> None:
    """The first of flag, variable of the program, and locale; English where nobody offers what is asked for."""
    items = json.loads(project.sop("list", "--json", *arguments, env=env).out)["items"]
    assert {item["sop"]: item["title"] for item in items}["influencer"] == TITLES[tag]
    assert TITLES[tag] in project.sop("show", "influencer", *arguments, env=env).out


def test_a_file_of_settings_chooses(project: "Project") -> None:
    """What the project says comes before the locale."""
    with (project.folder / ".sop" / "config.toml").open("a", encoding="utf-8") as file:
        file.write('languages = ["ko", "en"]\n')
    assert TITLES["ko"] in project.sop("list", env={"LANGUAGE": "zh_CN"}).out


def test_a_task_speaks_the_language_of_its_reader(project: "Project") -> None:
    """Title, instructions, labels, help, options, items and outcomes are shown in it, and none in another one."""
    words = {name: f"{{en: {name} in English, ko: {name} 한국어}}" for name in ("A", "B", "C", "D", "E", "F", "G")}
    text = """\
sop: talk
version: 1.0.0
title: Talk
purpose: p
scope: s
owner: manager
roles: [manager]
steps:
  - id: say
    title: {A}
    role: manager
    instructions: {B}
    form:
      mood: {{type: choice, label: {C}, help: {D}, options: {{calm: {E}}}}}
      ready: {{type: checklist, items: {{sent: {F}}}}}
    outcomes: {{done: {{to: end, label: {G}}}}}
"""
    (project.folder / ".sop" / "definitions" / "talk.yaml").write_text(text.format(**words), encoding="utf-8")
    run = project.good("start", "talk", "--title", "x", "--role=manager=ana").split()[1]
    for tag, shown, other in (("ko", "한국어", "in English"), ("en", "in English", "한국어")):
        out = project.good("show", f"{run}/say", "--lang", tag)
        assert [name for name in words if f"{name} {shown}" not in out] == []
        assert other not in out


@pytest.mark.parametrize(("tag", "word"), [("zh-Hans", "角色"), ("zh-Hant", "角色"), ("ko", "역할"), ("en", "ROLES")])
def test_columns_are_aligned_in_every_language(project: "Project", tag: str, word: str) -> None:
    """What stands right of a title begins in the same cell in every line."""
    heading, *lines = project.good("list", "--lang", tag).splitlines()
    items = json.loads(project.good("list", "--json", "--lang", tag))["items"]
    place = width(heading[: heading.index(word)])
    assert len(lines) == len(items) > 20
    for line, item in zip(lines, items, strict=True):
        assert width(line[: line.index(", ".join(item["roles"]))]) == place


def test_an_inbox_is_aligned_with_titles_of_any_script(project: "Project") -> None:
    """Runs are called as their leads like."""
    for title in ("봄 캠페인", "春季新品上市", "Spring", "春の e\u0301"):
        project.start(title)
    heading, *lines = project.good("inbox", who="ben").splitlines()
    place = width(heading[: heading.index("STATE")])
    assert [width(line[: line.index("open to")]) for line in lines] == [place] * 4
