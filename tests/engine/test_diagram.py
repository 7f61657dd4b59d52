"""Pictures as text: every way of a definition, and no sign of a notation out of a label."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from engine.canonical import canonical_document
from engine.diagram import dot, mermaid
from engine.parse import read
from engine.text import Said

TEXT = """
sop: sample
version: 1.0.0
title: T
purpose: p
scope: s
owner: lead
roles: [lead, legal]
inputs: {list: {type: multi_choice, options: [x]}}
steps:
  - id: write
    title: {en: Write it, de: Schreiben}
    role: lead
    when: run.drill
  - id: review
    approval: {role: legal, of: [write]}
    outcomes:
      ok: {to: next, label: {en: Fine, de: Gut}}
      no: {to: write, rounds: 2, then: end(given_up)}
  - id: both
    join: any
    parallel:
      one: [{id: a, role: lead, outcomes: {done: leave, halt: end}}]
      two: {title: {en: Second, de: Zweite}, when: write.done, steps: [{id: b, role: lead}]}
  - id: each
    for_each: {item_of: inputs.list}
    steps: [{id: post, role: lead}]
  - id: choose
    decide:
      - {when: "f(1, 2) == 3", to: write, rounds: 1, then: end}
      - {else: next}
  - {id: child, run: other}
"""


def document(text: str = TEXT) -> Mapping[str, Any]:
    definition = read(text.encode()).definition
    assert definition is not None
    return canonical_document(definition)


MERMAID = """\
flowchart TD
  s_write["Write it<br/>lead"]
  s_review{{"review<br/>legal"}}
  s_both[/"both"\\]
  subgraph t_both-one["one"]
    s_a["a<br/>lead"]
  end
  subgraph t_both-two["Second"]
    s_b["b<br/>lead"]
  end
  j_both[\\"any"/]
  s_each[["each"]]
  subgraph t_each["item_of"]
    s_post["post<br/>lead"]
  end
  j_each[\\"all"/]
  s_choose{"choose"}
  s_child>"child<br/>other"]
  start(("start"))
  e_given_up(["given up"])
  e_done(["done"])
  start --> s_write
  s_write -.->|"skipped"| s_review
  s_write -->|"done"| s_review
  s_review -->|"Fine"| s_both
  s_review -->|"no"| s_write
  s_review -->|"no, rounds used up"| e_given_up
  j_both --> s_each
  s_both --> s_a
  s_both -->|"write.done"| s_b
  s_a -->|"done"| j_both
  s_a -->|"halt"| e_done
  s_b -->|"done"| j_both
  j_each --> s_choose
  s_each -->|"for each item"| s_post
  s_post -->|"done"| j_each
  s_choose -->|"f(1, 2) == 3"| s_write
  s_choose -->|"f(1, 2) == 3, rounds used up"| e_done
  s_choose -->|"else"| s_child
  s_child --> e_done
"""


def test_mermaid_shows_every_step_and_every_way() -> None:
    """Tracks are boxes around steps, each kind has its shape, skips are dashed, ways are labelled."""
    assert mermaid(document()) == MERMAID


def test_dot_shows_the_same() -> None:
    """The two notations hold the same boxes and the same arrows."""
    drawn = dot(document())

    arrows = re.findall(r'"(\w+)" -> "(\w+)"', drawn)
    assert re.findall(r"^  (\w+) (?:-->|-\.->)(?:\|.*\|)? (\w+)$", MERMAID, re.MULTILINE) == arrows
    assert '"s_review" [shape=hexagon, label="review\\nlegal"];' in drawn
    assert '"s_write" -> "s_review" [label="skipped", style=dashed];' in drawn
    assert 'subgraph "cluster_both.two" {' in drawn
    assert drawn.count("{") == drawn.count("}")


def test_reader_gets_their_language() -> None:
    """Titles and labels are in the language that was asked for."""
    german = mermaid(document(), ["de"])

    assert 's_write["Schreiben<br/>lead"]' in german
    assert '|"Gut"|' in german
    assert '["Zweite"]' in german


def test_words_of_the_programs_own_are_said_again_for_the_reader() -> None:
    """Whoever draws says them, with the names of the definition in them; the rest is the definition's."""

    def quoted(sentence: str) -> str:
        return f"«{sentence.template}» {', '.join(map(str, sentence.parts.values()))}" if isinstance(sentence, Said) else sentence

    for draw in (mermaid, dot):
        drawn = draw(document(), ["de"], (), quoted)
        for words in (
            "«start»", "«skipped»", "«else»", "«for each item»", "«{name}, rounds used up» no",
            "«{name}, rounds used up» f(1, 2) == 3",
        ):  # fmt: skip
            assert words.replace('"', "") in drawn
        assert drawn.count("«") == 6


def test_steps_where_a_run_stands_are_marked() -> None:
    """A picture of a run shows where it stands."""
    assert "  class s_a,s_write here\n" in mermaid(document(), here=["write", "a"])
    assert '"s_a" [shape=box, label="a\\nlead", penwidth=4];' in dot(document(), here=["a"])
    assert "here" not in mermaid(document())
    assert "penwidth" not in dot(document())


EVIL = [
    '"]; click s_a href "javascript:alert(1)"; s_b["', "<script>alert(1)</script>", "a --> b", 'x"|y|"z', "#quot;", "`**bold**`",
    "end", "subgraph", "%%{init: {}}%%", "\\", '\\"', "two\n  lines: here", "x" * 300, "{{7*7}}", "${x}", "a & b", "样本 😀",
]  # fmt: skip


@pytest.mark.parametrize("text", EVIL)
def test_label_never_leaves_its_quotes(text: str) -> None:
    """Whatever a title or condition says, it stays a label: the lines and ids are those of the same picture without it."""
    plain = document()
    first = {**plain["steps"][0], "title": {"": text}, "when": f"'{text}' == ''"}
    choose = {**plain["steps"][4], "decide": [{"when": text, "to": "write", "rounds": 1, "then": "end"}, {"else": "next"}]}
    evil = {**plain, "steps": [first, *plain["steps"][1:4], choose, *plain["steps"][5:]]}

    def bare(drawing: str, quoted: str) -> list[str]:
        return [re.sub(quoted, "LABEL", line) for line in drawing.split("\n")]

    # Every label of ours stands in quotes; without what is in quotes the two pictures are the same text.
    assert bare(mermaid(plain), r'"[^"]*"') == bare(mermaid(evil), r'"[^"]*"')
    assert bare(dot(plain), r'"(\\.|[^"\\])*"') == bare(dot(evil), r'"(\\.|[^"\\])*"')
    labels = re.findall(r'"([^"]*)"', mermaid(evil))
    assert not [label for label in labels if re.search(r"[<>`\\|%]", label.replace("<br/>", ""))]


def test_long_condition_is_cut() -> None:
    """A label has at most 80 characters; the whole expression stands in the definition."""
    drawn = dot({**document(), "steps": [{"id": "a", "decide": [{"when": "x" * 900, "to": "end"}, {"else": "end"}]}]})

    assert "x" * 79 + "…" in drawn
    assert "x" * 80 not in drawn
