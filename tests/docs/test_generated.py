"""The made pages of the reference are never stale."""

import importlib.util
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def _made() -> Mapping[str, str]:
    spec = importlib.util.spec_from_file_location("make_reference", Path(__file__).with_name("make_reference.py"))
    assert spec is not None
    assert spec.loader is not None
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    found: Mapping[str, str] = maker.made()
    return found


def _stale(root: Path) -> list[str]:
    return [path for path, text in _made().items() if not (root / path).is_file() or (root / path).read_text() != text]


def test_made_pages_are_up_to_date() -> None:
    """The made pages say what the code says now."""
    assert _stale(ROOT) == [], "run: uv run python tests/regenerate.py reference"


def test_a_stale_page_is_found(tmp_path: Path) -> None:
    """The negative control: a changed page and a missing one are named, and no other."""
    for path, text in _made().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    changed, gone = "docs/reference/limits.md", "docs/reference/lint.md"
    (tmp_path / changed).write_text((tmp_path / changed).read_text().replace("|", "!", 1))
    (tmp_path / gone).unlink()

    assert sorted(_stale(tmp_path)) == [changed, gone]


def test_every_key_of_the_format_is_explained() -> None:
    """No key of the JSON Schema is missing in the page about definitions."""
    from engine.schema import json_schema

    schema = json_schema()
    keys = {key for part in (schema, *schema["$defs"].values()) for key in part.get("properties", {})}
    page = _made()["docs/reference/definition.md"]

    assert {key for key in keys if f"| `{key}` |" not in page} == set()
