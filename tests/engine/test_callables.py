"""Promise 6: no text from a definition is ever executed."""

# One row of a table is one line, and data is of any type.
# ruff: noqa: E501, ANN401

import builtins
import importlib
import os
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from engine.canonical import canonical_document, fingerprint
from engine.check import check
from engine.definition import Definition
from engine.diagram import dot, mermaid

TEXT = "TEXT"
DOCUMENT = {
    "sop": "a", "version": "1.0.0", "title": {"en": TEXT, "de": TEXT}, "purpose": TEXT, "scope": TEXT, "owner": "r", "roles": ["r"],
    "sources": [TEXT],
    "parameters": {"p": {"type": "text", "label": TEXT, "help": TEXT, "default": TEXT, "source": TEXT, "confidence": "team"}},
    "inputs": {"i": {"type": "text", "label": TEXT, "help": TEXT, "unit": None, "pattern": TEXT, "default": TEXT}},
    "steps": [
        {
            "id": "a", "role": "r", "title": TEXT, "instructions": TEXT, "when": TEXT, "source": TEXT,
            "form": {
                "n": {"type": "number", "unit": TEXT, "label": TEXT},
                "o": {"type": "choice", "options": {"x": TEXT}},
                "l": {"type": "checklist", "items": {"x": TEXT}},
                "t": {"type": "table", "columns": {"c": {"type": "text", "label": TEXT, "pattern": TEXT}}},
                "v": {"type": "text", "value": TEXT},
                "m": {"type": "text", "min": TEXT, "max": TEXT},
            },
            "outcomes": {"done": {"label": TEXT, "when": TEXT}},
        },
        {"id": "d", "title": TEXT, "decide": [{"when": TEXT, "to": "next"}, {"else": "next"}]},
        {"id": "b", "parallel": {"x": {"title": TEXT, "when": TEXT, "steps": [{"id": "e", "role": "r"}]}}},
        {"id": "f", "for_each": {"i": TEXT}, "steps": [{"id": "g", "role": "r", "title": TEXT}]},
        {"id": "c", "run": "other", "with": {"x": TEXT}},
    ],
    "kpis": {"k": {"title": TEXT, "value": TEXT, "target": ">= " + TEXT, "unit": TEXT, "period": TEXT, "source": TEXT, "confidence": "team"}},
    "results": {"r": TEXT},
}  # fmt: skip
"""Every place where a definition may hold free text."""

TEXTS = [
    "os.system", "engine.parse.read", "builtins.print", "subprocess.run", "__import__('os').system('id')", "os:system",
    "antigravity.geohash", "importlib.import_module", "lambda: 1", "{0.__class__.__mro__}", "{{7*7}}", "${HOME}", "%s%n", "$(id)", "`id`",
]  # fmt: skip


def filled(part: Any, text: str) -> Any:
    """The document with *text* for every TEXT."""
    if isinstance(part, dict):
        return {key: filled(item, text) for key, item in part.items()}
    if isinstance(part, list):
        return [filled(item, text) for item in part]
    return part.replace(TEXT, text) if isinstance(part, str) else part


@pytest.fixture
def alarms(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What a text that came alive would call. The names it rings for are collected."""
    rung: list[str] = []
    real = builtins.__import__

    def watch(name: str, *rest: Any, **more: Any) -> Any:
        if name.partition(".")[0] in {"antigravity", "subprocess"}:
            rung.append(f"import {name}")
        return real(name, *rest, **more)

    def ring(name: str) -> Any:
        return lambda *_, **__: rung.append(name)

    for owner, name in ((os, "system"), (subprocess, "run"), (builtins, "print"), (builtins, "eval"), (importlib, "import_module")):
        monkeypatch.setattr(owner, name, ring(name))
    monkeypatch.setattr(builtins, "__import__", watch)
    return rung  # type: ignore[return-value]


def test_alarms_would_ring(alarms: list[str]) -> None:
    """The watch is awake: what these texts name would be noticed if it were called."""
    os.system("id")  # noqa: S605 - replaced above
    __import__("subprocess")

    assert alarms == ["system", "import subprocess"]


@pytest.mark.parametrize("text", TEXTS)
def test_text_that_names_a_callable_stays_a_text(text: str, alarms: list[str]) -> None:
    """In every text of a definition the name of something callable is read, checked, hashed and drawn; nothing happens."""
    import json

    from engine.parse import read

    written = json.dumps(filled(DOCUMENT, text)).encode()  # JSON is YAML

    parsed = read(written)
    problems = check(parsed.definition) if parsed.definition else []
    document = canonical_document(parsed.definition) if parsed.definition else {}

    assert parsed.problems == ()
    assert isinstance(parsed.definition, Definition)
    assert {"en": text, "de": text} == document["title"]
    assert problems  # none of these is an expression over names that exist
    assert fingerprint(document)
    assert mermaid(document)
    assert dot(document)
    assert alarms == []
