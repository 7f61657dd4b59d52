"""Makes the files that are made from the code: ``uv run python tests/regenerate.py schema``.

Each has a test that compares it with what would be made now, and names this command when they differ.
"""

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


TARGETS = {"schema": schema}

if __name__ == "__main__":
    for name in sys.argv[1:] or TARGETS:
        TARGETS[name]()
