"""Which names an expression sees, and their types."""

import time

import pytest

from engine.scope import END, field_type, names

DOCUMENT = {
    "inputs": {"topics": {"type": "multi_choice"}, "budget": {"type": "money"}},
    "parameters": {"span": {"type": "duration"}},
    "steps": [
        {"id": "write", "role": "r", "form": {"copy": {"type": "text"}, "rows": {"type": "table"}}},
        {"id": "choose", "decide": []},
        {"id": "both", "parallel": {"one": {"steps": [{"id": "draw", "approval": {"role": "r"}}]}}},
        {
            "id": "each",
            "for_each": {"topic": "inputs.topics"},
            "steps": [
                {"id": "post", "role": "r", "form": {"url": {"type": "url"}}},
                {"id": "inner", "for_each": {"row": " write.rows "}, "steps": [{"id": "fix", "role": "r"}]},
                {"id": "other", "for_each": {"x": "write.rows.map(r, r.a)"}, "steps": [{"id": "see", "role": "r"}]},
                {"id": "wrong", "for_each": {"y": "write.copy"}, "steps": [{"id": "mend", "role": "r"}]},
            ],
        },
        {"id": "child", "run": "x"},
    ],
}

WHOLE = {
    "inputs.topics": "list(string)", "inputs.budget": "double", "parameters.span": "int", "run.drill": "bool", "run.name": "string",
    "write.outcome": "string", "write.done": "bool", "write.rounds": "int", "write.copy": "string", "write.rows": "list(map)",
    "both.outcome": "string", "both.done": "bool", "draw.outcome": "string", "draw.done": "bool", "draw.rounds": "int",
    "each.outcome": "string", "each.done": "bool", "child.outcome": "string", "child.done": "bool", "child.results": "map",
}  # fmt: skip
WHOLE |= {"run.started_at": "string"} | {name[:-4] + "completed_at": "string" for name in WHOLE if name.endswith(".done")}


@pytest.mark.parametrize("step", ["write", "draw", "each", "child", END])
def test_steps_outside_a_for_each_see_the_whole_run(step: str) -> None:
    """Everything of the run is visible everywhere, later steps too; what stands inside a for-each is not."""
    assert names(DOCUMENT).at(step) == WHOLE


def test_steps_inside_see_their_item_and_one_another() -> None:
    """Inside a for-each the item and the steps around are visible besides."""
    scopes = names(DOCUMENT)

    added = {name: word for name, word in scopes.at("post").items() if name not in WHOLE and not name.endswith(".completed_at")}
    inner = {name: word for name, word in scopes.at("fix").items() if name not in scopes.at("post")}

    assert added == {
        "topic": "string", "post.outcome": "string", "post.done": "bool", "post.rounds": "int", "post.url": "string",
        "inner.outcome": "string", "inner.done": "bool", "other.outcome": "string", "other.done": "bool",
        "wrong.outcome": "string", "wrong.done": "bool",
    }  # fmt: skip
    assert inner == {
        "row": "map", "fix.outcome": "string", "fix.done": "bool", "fix.completed_at": "string", "fix.rounds": "int",
    }  # fmt: skip
    assert scopes.at("post") is scopes.at("inner") is scopes.inside("each")


def test_items_of_anything_but_a_name_have_any_type() -> None:
    """What a computed list holds shows only when it is computed."""
    scopes = names(DOCUMENT)

    assert scopes.at("see")["x"] == "dyn"
    assert scopes.at("mend")["y"] == "dyn"


def test_conditions_see_figures_that_runs_hold() -> None:
    """Whether the target is met, the value and the target; not what is measured outside, and nothing more without figures."""
    kpis = {"share": {"value": "write.copy", "target": ">= 1"}, "away": {"target": ">= 1"}}
    scopes = names({**DOCUMENT, "kpis": kpis})

    figures = {"kpi.share.met": "bool", "kpi.share.value": "double", "kpi.share.target": "double"}
    assert scopes.conditions("write") == {**WHOLE, **figures}
    assert scopes.conditions("post") == {**scopes.at("post"), **figures}
    assert scopes.conditions("write") is scopes.conditions("draw")
    assert scopes.at("write") == WHOLE
    assert (plain := names(DOCUMENT)).conditions("post") is plain.at("post")


def test_unknown_step_is_an_error() -> None:
    """Asking for a step that is not there is a slip of the caller."""
    with pytest.raises(KeyError):
        names(DOCUMENT).at("nowhere")


def test_step_called_like_the_end_is_found_first() -> None:
    """A step may be called ``results``; it sees what the end sees unless it stands in a for-each."""
    document = {"steps": [{"id": "each", "for_each": {"i": "x"}, "steps": [{"id": "results", "role": "r"}]}]}

    assert "i" in names(document).at("results")


@pytest.mark.parametrize(
    ("field", "word"),
    [
        ({"type": "text"}, "string"), ({"type": "longtext"}, "string"), ({"type": "date"}, "string"),
        ({"type": "datetime"}, "string"), ({"type": "url"}, "string"), ({"type": "user"}, "string"),
        ({"type": "run"}, "string"), ({"type": "choice"}, "string"), ({"type": "file"}, "string"),
        ({"type": "file", "many": True}, "list(string)"), ({"type": "text", "many": True}, "list(string)"),
        ({"type": "number"}, "int"), ({"type": "number", "decimals": 0}, "int"), ({"type": "number", "decimals": 2}, "double"),
        ({"type": "rating"}, "int"), ({"type": "duration"}, "int"), ({"type": "percent"}, "double"),
        ({"type": "money", "decimals": 0}, "double"), ({"type": "bool"}, "bool"), ({"type": "multi_choice"}, "list(string)"),
        ({"type": "users"}, "list(string)"), ({"type": "checklist"}, "list(string)"), ({"type": "table"}, "list(map)"),
    ],
)  # fmt: skip
def test_field_has_one_type_in_expressions(field: dict[str, object], word: str) -> None:
    """Each type of a field is one type of the expression language."""
    assert word == field_type(field)


def test_large_document_is_laid_out_at_once() -> None:
    """200 steps with eight fields each: asked for once, kept afterwards. Measured: below 1 ms."""
    form = {f"f{number}": {"type": "text"} for number in range(8)}
    document = {"steps": [{"id": f"s{number}", "role": "r", "form": form} for number in range(200)]}

    began = time.perf_counter()
    scopes = names(document)
    first = scopes.at("s0")
    took = time.perf_counter() - began

    assert took < 0.2
    assert first is scopes.at("s199")
