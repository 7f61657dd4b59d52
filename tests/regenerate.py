"""Makes the files that are made from the code: ``uv run python tests/regenerate.py [schema|reference|cli|messages|handbook]``.

Each has a test that compares it with what would be made now, and names this command when they differ.
"""

import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def schema() -> None:
    """The JSON Schema of definitions, in both renditions."""
    from engine.schema import draft7, json_schema, render

    folder = ROOT / "definitions" / "schema"
    folder.mkdir(exist_ok=True)
    made = json_schema()
    (folder / "sop.schema.json").write_text(render(made), encoding="utf-8")
    (folder / "sop.draft7.schema.json").write_text(render(draft7(made)), encoding="utf-8")


def reference() -> None:
    """The pages of the reference that say what the code says."""
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "tests" / "docs" / "make_reference.py")
    assert spec is not None
    assert spec.loader is not None
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    for path, text in maker.made().items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(text, encoding="utf-8")


def cli() -> None:
    """The page of the reference about the command line."""
    from runners.cli.reference import page

    path = ROOT / "docs" / "reference" / "cli.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(), encoding="utf-8")


def messages() -> None:
    """The catalogues of the program's messages: what stands in the code, merged into what is translated, and compiled."""
    from tests.messages.catalogues import regenerate

    regenerate()


def handbook() -> None:
    """The shipped SOPs as pages of the documentation, in every language."""
    from runners.handbook.building import made, write
    from tests.handbook.conftest import LANGUAGES, shipped_book

    write(ROOT / "docs" / "handbook", made(shipped_book(), LANGUAGES, "markdown"), force=True)


TARGETS = {"schema": schema, "reference": reference, "cli": cli, "messages": messages, "handbook": handbook}

if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))  # the tests are no package that is installed
    for name in sys.argv[1:] or TARGETS:
        TARGETS[name]()
