"""Laying files out: keys in one order, comments with what they are about, and nothing meant otherwise."""

import pytest
from pydantic import BaseModel

from engine import definition, dues, fields, steps
from runners.ordering import KINDS
from runners.tidying import Unread, Untidy, tidied

HEAD = """\
sop: sample
version: 1.0.0
title: Sample
purpose: To be laid out
scope: This test
owner: lead
roles: [lead]
"""


def laid(text: str) -> str:
    return tidied(text.encode()).decode()


MODELS: dict[str, tuple[type[BaseModel], ...]] = {
    "definition": (definition.Definition,),
    "step": (
        steps.TaskStep, steps.ApprovalStep, steps.DecisionStep, steps.ParallelStep, steps.FirstStep, steps.ForEachStep,
        steps.RunStep, steps.WaitStep,
    ),
    "field": (fields.Parameter, fields.Column),
    "signal": (definition.Signal,),
    "kpi": (definition.Kpi,),
    "schedule": (definition.Schedule,),
    "approval": (steps.Approval,),
    "due": (dues.DueChoice, dues.DueOtherwise),
    "escalation": (dues.Escalation,),
    "wait": (steps.Wait,),
    "branch": (steps.Branch,),
    "choice": (steps.Choice, steps.Otherwise),
    "outcome": (steps.Outcome,),
}  # fmt: skip


def test_every_key_of_the_format_has_its_place() -> None:
    """The table of orders names what the models have, no more and no less."""
    known = {
        name: {field.alias or key for model in models for key, field in model.model_fields.items()}
        for name, models in MODELS.items()
    }
    assert {name: set(kind.order) for name, kind in KINDS.items()} == known
    assert all(len(kind.order) == len(set(kind.order)) for kind in KINDS.values())


def test_keys_move_with_the_comments_above_them() -> None:
    """The comment over a key goes where it goes, the one behind stays behind, and one over the first key stays above it."""
    given = """\
# about all of it
sop: sample
title: Sample   # short
version: 1.0.0
purpose: To be laid out
scope: This test

# who looks after it
owner: lead
steps:
  # the first of all
  - role: lead
      # deeper: still about the role
    # what it is called
    id: write
    form: {b: {required: true, type: text}, a: {label: A, type: bool}}   # in this order
    outcomes:
      later: {reason: required, to: end(later)}
      done: next
  # the second
  - parallel:
      x: [{role: lead, id: one}]
      y:
        steps:
        - {id: two, role: lead}
        title: Why
    id: both

roles: [lead]
# the end
"""
    assert (
        laid(given)
        == """\
# about all of it
sop: sample
version: 1.0.0
title: Sample   # short
purpose: To be laid out
scope: This test

# who looks after it
owner: lead

roles: [lead]
steps:
  # the first of all
    # what it is called
  - id: write
    role: lead
      # deeper: still about the role
    form: {b: {type: text, required: true}, a: {type: bool, label: A}}   # in this order
    outcomes:
      later: {to: end(later), reason: required}
      done: next
  # the second
  - id: both
    parallel:
      x: [{id: one, role: lead}]
      y:
        title: Why
        steps:
          - {id: two, role: lead}
# the end
"""
    )


def test_values_stay_as_they_were_written() -> None:
    """Dates, moments, numbers, quotes, block texts and nothing at all are the author's."""
    body = """\
steps:
  - id: write
    role: lead
    instructions: |
      # no comment
      two lines

    due: 2 days
    form:
      day: {type: date, min: 2026-03-02, default: '2026-03-04', max: 2026-04-01}
      at: {type: datetime, min: 2026-03-02T09:00:00Z}
      n: {type: number, min: 0x10, max: 1_000, label: "on"}
    when: "true || 12 > 1"
"""
    body = body.replace("max: 1_000, ", "")
    made = laid(HEAD + body)
    for text in (
        "min: 2026-03-02, max: 2026-04-01",
        "'2026-03-04'",
        "min: 2026-03-02T09:00:00Z",
        "0x10",
        '"on"',
        '"true || 12 > 1"',
    ):
        assert text in made
    assert "    instructions: |\n      # no comment\n      two lines\n" in made
    scenario = "at: 2026-03-02T09:00:00Z\nempty:\nlist: [a, ~, null]\nyes: [on, 1.10, 12:30]\n"
    assert laid(scenario) == scenario


def test_long_lines_are_broken_between_words() -> None:
    """Plain texts and lists get at most 132 characters where words allow it, without blanks at the end; quoted ones stay."""
    words = "word " * 60
    roles = ", ".join(f"role_number_{number}" for number in range(20))
    text = (
        HEAD.replace("To be laid out", words.strip()).replace("[lead]", f"[lead, {roles}]") + "steps: [{id: write, role: lead}]\n"
    )
    made = laid(text.replace("scope: This test", f'scope: "{words}"'))
    assert f'scope: "{words}"\n' in made
    rest = [line for line in made.splitlines() if not line.startswith("scope")]
    assert max(map(len, rest)) <= 132
    assert made.splitlines() == [line.rstrip() for line in made.splitlines()]
    assert laid(made) == made
    plain = "note: a  b\nchinese: " + "字" * 200 + "\n"
    assert laid(plain + "paragraphs: one\n\n  two\n") == plain + 'paragraphs: "one\\ntwo"\n'


def test_what_is_no_definition_keeps_its_order() -> None:
    """Scenarios, people, and definitions with errors are laid out and not put in order."""
    assert laid("b: {z: 1,   a: 2}\na:\n- x\n") == "b: {z: 1, a: 2}\na:\n  - x\n"
    wrong = "version: 1.0.0\nsop: sample\nsteps:\n- {role: lead, id: a}\n"
    assert laid(wrong) == wrong.replace("- {", "  - {")


def test_lines_of_windows_become_plain_ones() -> None:
    """A file with CR LF means the same and ends its lines with LF."""
    text = HEAD + "steps:\n  - {id: write, role: lead} # x\n"
    assert laid(text.replace("\n", "\r\n")) == text


def test_comments_inside_brackets_are_refused() -> None:
    """The library loses them: the file is left alone, and the comment is named."""
    with pytest.raises(Untidy, match="comment # who stands where it cannot be kept"):
        laid(HEAD + "steps:\n  - {role: lead, # who\n    id: write}\n")


def test_explicit_keys_become_plain_ones() -> None:
    """Then they are put in order like others."""
    assert (
        laid(HEAD + "steps:\n  - ? role\n    : lead\n    ? id\n    : write\n") == HEAD + "steps:\n  - id: write\n    role: lead\n"
    )


def test_comments_between_items_in_brackets_stay() -> None:
    """Comments and blank lines between items of a list, behind brackets or not."""
    text = "m:\n  - [a, b]\n  # y\n  - {c: d} # z\n\n  - [e] # f\n  # g\n  - [h]\n\n  # i\n  - j # k\nn: [l]\n# end\n"
    assert laid(text) == text


def test_what_cannot_be_read_is_refused_with_its_problems() -> None:
    """A file that lint would refuse to read is left alone."""
    with pytest.raises(Unread) as caught:
        laid("a: 1\na: 2\n")
    assert [problem.code for problem in caught.value.problems] == ["SOP-L008"]


def test_a_lost_comment_or_another_meaning_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the library does: without every comment, with another fingerprint, or without an end nothing comes out."""
    text = HEAD + "steps:\n  - {id: write, role: lead} # kept\n"
    for change, words in (
        (lambda made, **_: made.replace(" # kept", ""), "# kept"),
        (lambda made, **_: made.replace("id: write", "id: wrote"), "cannot be kept"),
        (lambda made, **_: made + "# more\n", "settle"),
        (lambda _, **_more: "a: [", "cannot be kept"),
    ):
        monkeypatch.setattr("runners.tidying._laid_out", change)
        with pytest.raises(Untidy, match=words):
            laid(text)
