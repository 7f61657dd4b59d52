"""What is done in the organisation is told in words of the reader's, whole sentences and no names of the code."""

import json
import re
from gettext import NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from runners import tongue
from runners.cli import org_history

if TYPE_CHECKING:
    from tests.cli.conftest import Project

RUNNERS = Path(tongue.__file__).parent
RECORDED = re.compile(r"(?:\.record|\.refuse|\._given)\(\s*\"(\w+)\"|\bdo = \"(\w+)\" if on else \"(\w+)\"")


class Quoting(NullTranslations):
    """Every message stands between quotes of its own."""

    def gettext(self, message: str) -> str:
        """The message itself, to be known again."""
        return f"«{message}»"


def test_everything_that_the_directory_records_has_words() -> None:
    """Done and refused: whatever is written into its history is told in messages."""
    found = {name for path in RUNNERS.glob("*.py") for names in RECORDED.findall(path.read_text()) for name in names if name}
    assert found == set(org_history._ATTEMPTS)
    assert found - {"start"} == set(org_history._PAST)


def test_the_history_of_the_organisation_is_told_in_messages(project: "Project", monkeypatch: pytest.MonkeyPatch) -> None:
    """What was done and what was refused; programs read the names of the commands."""
    project.good("people", "add", "eve", "Eve", "--role", "approver")
    project.good("away", "ben", "--until", "2099-02-01")
    project.good("team", "set", "desk", "--member", "ben", "--name", "Desk")
    told = json.loads(project.good("history", "ORG", "--json"))["items"]
    assert {"import", "away", "team"} <= {item["command"] for item in told}
    monkeypatch.setattr(tongue, "_read", lambda _tag: Quoting())
    out = project.sop("history", "ORG", env={"SOP_LANG": "ko"}).out
    assert all(words in out for words in ("«took in people»", "«noted an absence»", "«changed a team»"))


def test_differences_of_people_are_told_in_messages(project: "Project", monkeypatch: pytest.MonkeyPatch) -> None:
    """A new person, another name, another address, other roles: each as a message, with the names of its parts."""
    file = project.folder / "more.yaml"
    file.write_text(
        "people:\n  ben: {name: Benedikt, email: b@example.org}\n  zoe: {name: Zoe, roles: [maker]}\n", encoding="utf-8"
    )
    english = project.sop("people", "import", "more.yaml", "-n").out
    assert "person ben: email b@example.org, name Ben Carter → Benedikt, roles -" in english
    assert "person zoe: new, roles +maker" in english
    monkeypatch.setattr(tongue, "_read", lambda _tag: Quoting())
    quoted = project.sop("people", "import", "more.yaml", "-n", env={"SOP_LANG": "ko"}).out
    assert "««name» Ben Carter → Benedikt»" in quoted
    assert "«new», ««roles» +maker»" in quoted
    assert json.loads(project.sop("people", "import", "more.yaml", "-n", "--json", env={"SOP_LANG": "ko"}).out)["differences"]
