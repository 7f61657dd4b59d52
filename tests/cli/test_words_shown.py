"""Spots where words of the code once reached readers: acts, bounds of numbers, who acted where nobody did."""

import re
from typing import TYPE_CHECKING

import pytest

from runners import tongue
from runners.cli.catalogue import COMMANDS
from tests.cli.test_cli_spoken_whole import Quoting

if TYPE_CHECKING:
    from tests.cli.conftest import Project

KOREAN = {"SOP_LANG": "ko"}


@pytest.fixture
def quoting(project: "Project", monkeypatch: pytest.MonkeyPatch) -> "Project":
    """A run whose first task ben has, and a reader who reads quotes."""
    project.start()
    project.good("claim", "MIN-1/draft", who="ben")
    monkeypatch.setattr(tongue, "_read", lambda _tag: Quoting())
    return project


def test_what_one_may_do_can_be_typed(project: "Project") -> None:
    """The acts at a task are told by the names of their commands."""
    project.start()
    project.good("claim", "MIN-1/draft", who="ben")
    line = next(line for line in project.good("show", "MIN-1/draft", who="ben").splitlines() if line.startswith("You may: "))
    acts = line.removeprefix("You may: ").split(", ")
    assert "unclaim" in acts
    assert set(acts) <= set(COMMANDS)


@pytest.mark.parametrize(("size", "words"), [("0", "«at least {number}»"), ("11", "«at most {number}»")])
def test_bounds_of_numbers_are_told_in_messages(quoting: "Project", size: str, words: str) -> None:
    """What a field expects is a sentence of its own, within the refusal."""
    done = quoting.sop("complete", "MIN-1/draft", "--set", "text=x", "--set", f"size={size}", who="ben", env=KOREAN)
    assert done.code == 2
    assert re.sub(r"\d+", "{number}", words) in re.sub(r"\d+", "{number}", done.err)


def test_the_long_history_tells_commands_in_messages(quoting: "Project") -> None:
    """As the short one does."""
    assert re.search(r"  ben  «claim» draft  [0-9a-f]{16}\n", quoting.sop("history", "MIN-1", "-v", env=KOREAN).out)


def test_nobody_is_no_name(quoting: "Project") -> None:
    """Who set up the people before there was anybody is told in a message."""
    assert " «nobody» " in quoting.sop("history", "ORG", env=KOREAN).out


def test_a_suspended_task_on_the_board_is_told_in_one_sentence(quoting: "Project") -> None:
    """Its owner and that it is suspended stand in one message, which a translator can turn round."""
    quoting.good("suspend", "MIN-1/draft", "-m", "x")
    assert "«MIN-1 (ben, suspended)»" in quoting.sop("board", env=KOREAN).out
    quoting.good("unclaim", "MIN-1/draft", who="ben")
    quoting.good("suspend", "MIN-1", "-m", "x")
    assert "«MIN-1 (suspended)»" in quoting.sop("board", env=KOREAN).out


FIGURES = """\
sop: figures
version: 1.0.0
title: Figures
purpose: Be counted
scope: Tests
owner: manager
roles: [manager]
kpis:
  fast: {target: "<= 95", value: draft.size, unit: days, period: P26W, source: x, confidence: team}
  many: {target: ">= 3", value: draft.size, unit: posts, source: x, confidence: team}
  odd: {target: ">= 3", value: draft.size, unit: bananas, source: x, confidence: team}
steps:
  - {id: draft, role: manager, form: {size: {type: number, unit: posts}, sort: {type: number, unit: bananas}}}
"""


def test_units_of_figures_are_told_in_messages(quoting: "Project") -> None:
    """Units of time as lengths, what is usually counted as messages; another unit is the definition's own."""
    (quoting.folder / ".sop" / "definitions" / "figures.yaml").write_text(FIGURES, encoding="utf-8")
    told = quoting.sop("kpi", "figures", env=KOREAN).out
    assert all(words in told for words in ("<= «95 d»", "«26 weeks»", ">= «3 posts»", ">= 3 bananas"))
    quoting.good("start", "figures", "--title", "x")
    form = quoting.sop("show", "FIG-1/draft", env=KOREAN).out
    assert ", « posts»" in form
    assert ", bananas)" in form


def test_what_can_be_chosen_is_told_once(quoting: "Project") -> None:
    """The argument that is missing names its choices itself; no sentence of the library's follows."""
    done = quoting.sop("completion", env=KOREAN)
    assert "«missing argument '{bash|zsh|fish}'»" in done.err
    assert "Choose" not in done.err


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"a": }', "«line 1 cannot be read from column 7 on»"), (b'{"a": "\xff"}', "«it is not UTF-8»"),
        (b"[" * 100_000, "«it is nested too deeply»"), (b'{"a": 1, "a": 2}', '«"a" stands twice»'),
    ],
)  # fmt: skip
def test_why_a_form_is_no_json_is_told_in_messages(quoting: "Project", body: bytes, words: str) -> None:
    """Where it ends to be JSON, and in words of our own."""
    (quoting.folder / "form.json").write_bytes(body)
    done = quoting.sop("complete", "MIN-1/draft", "--form", "form.json", who="ben", env=KOREAN)
    assert (done.code, words in done.err) == (2, True), done.err


def test_what_a_code_of_lint_means_is_told_in_the_language_of_the_reader(project: "Project") -> None:
    """Its title in the list, and how to mend it."""
    assert "SOP-L003  파일이 YAML이 아님" in project.sop("help", "errors", env=KOREAN).out
    told = project.sop("help", "errors", "SOP-L009", env=KOREAN).out
    assert told == "SOP-L009  키가 텍스트가 아님\n텍스트라면 따옴표로 묶으십시오.\n"
