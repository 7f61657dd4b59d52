"""Nothing is left in English where somebody reads another language: every word is of a message, or of the data."""

import json
import re
from gettext import NullTranslations
from typing import TYPE_CHECKING

import pytest

from runners import tongue
from runners.cli.catalogue import COMMANDS
from runners.cli.output import FORMATS
from tests.cli.conftest import MINI

if TYPE_CHECKING:
    from tests.cli.conftest import Project

RUNS = [
    ["list"], ["runs"], ["show", "mini"], ["show", "MIN-1"], ["show", "MIN-1/draft"], ["inbox"], ["history", "MIN-1", "-v"],
    ["history", "ORG"], ["board"], ["verify", "--all"], ["people", "show", "ben"], ["claim", "MIN-1/left_work"],
    ["complete", "MIN-1/draft", "--set", "size=99"], ["reject", "MIN-1/review", "-m", "x"], ["show", "MIN-9"], ["inbox", "--frob"],
    ["runs", "--limit", "x"], ["show"], ["cancel", "MIN-1", "-m", "x", "-n"], ["can", "ben", "skip", "MIN-1/draft"],
    ["people", "import", "people.yaml"], ["diff", "mini", "broken.yaml"],
    ["--help"], ["show", "--help"], ["help", "errors"], ["help", "exit-codes"], ["help", "environment"], ["doctor"], ["whoami"],
]  # fmt: skip
"""What is looked at, asked for, refused, not understood."""

BROKEN = (
    "sop: broken\nversion: 1.0.0\ntitle: Broken\nroles: [a, b]\nsteps:\n  - {id: x, role: c, due: soon}\n  - {id: x, kind: y}\n"
)
PEOPLE = "people:\n  Ana B: {roles: manager, email: nowhere, manager: zoe}\nteams: []\n"
"""Files with many things wrong with them."""


class Quoting(NullTranslations):
    """Every message stands between quotes of its own."""

    def gettext(self, message: str) -> str:
        """The message itself, to be known again."""
        return f"«{message}»"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """As in English."""
        return f"«{msgid1 if n == 1 else msgid2}»"


@pytest.fixture
def quoting(project: "Project", monkeypatch: pytest.MonkeyPatch) -> "Project":
    """A project in which something has happened, and whose reader reads quotes."""
    project.start()
    project.good("claim", "MIN-1/draft", who="ben")
    (project.folder / "broken.yaml").write_text(BROKEN, encoding="utf-8")
    (project.folder / "people.yaml").write_text(PEOPLE, encoding="utf-8")
    monkeypatch.setattr(tongue, "_read", lambda _tag: Quoting())
    return project


def unquoted(text: str) -> str:
    """What of *text* stands in no message."""
    while (less := re.sub("«[^«»]*»", "", text)) != text:
        text = less
    return text


LINTED = [["lint", "broken.yaml"], ["test", "broken.yaml"]]
"""What says what is wrong with a definition."""


FILES = {
    "quotes.yaml": "sop: 'a\n", "tab.yaml": "sop:\n\ta: 1\n", "column.yaml": "sop: a\ntitle: b: c\n", "bracket.yaml": "roles: [a\n",
    "slips.yaml": (
        "sop: slips\nversion: 1.0.0\ntitle: Slips\npurpose: p\nscope: s\nowner: a\nroles: [a]\n"
        "inputs: {topic: {type: choice}, n: {type: text, min: x, decimals: 2}}\nschedule: {cron: 61 * * * *, zone: UTC, lead: a}\n"
        "steps:\n  - {id: x, role: a, due: [{else: 4h}, {when: 'true', due: 2h}]}\n  - {id: y, wait: {for: 2h, signal: z}}\n"
    ),
    "conditions.yaml": (
        "sop: conditions\nversion: 1.0.0\ntitle: Conditions\npurpose: p\nscope: s\nowner: a\nroles: [a]\n"
        "schedule: {cron: 61 * * * *, zone: UTC, lead: a}\nsteps:\n  - {id: x, role: a, form: {n: {type: number}}}\n"
        "  - {id: y, role: a, when: x.n >}\n  - {id: z, role: a, when: 'x.n = 3'}\n  - {id: w, role: a, when: \"x.n > 'x'\"}\n"
    ),
    "bad.scenario.yaml": "sop: mini\npeople: []\nscenarios:\n  - {name: '', lead: [ana], acts: [{after: 3}], end: 3}\n",
    "bad.csv": 'title,topic\n"x\n', "bad.json": '{"a": }',
    "roster.yaml": "people:\n  ben: {name: Benedikt}\n  zoe: {name: Zoe, roles: [maker]}\n",
}  # fmt: skip
"""Files that other programs would complain about in English, and one that only changes something."""
SAID = [
    *(["lint", name] for name in ("quotes.yaml", "tab.yaml", "column.yaml", "bracket.yaml", "slips.yaml", "conditions.yaml")),
    ["test", "bad.scenario.yaml"], ["start", "mini", "--from-csv", "bad.csv"], ["complete", "MIN-1/draft", "--form", "bad.json"],
    ["people", "import", "roster.yaml", "-n"], ["graph", "mini", "--format", "dot"], ["kpi", "mini"], ["replay", "MIN-1"],
    ["workload"],
    ["schedules", "list"], ["tick", "-n"], ["can", "ben", "complete", "MIN-1/review", "--explain"], ["help", "errors", "SOP-L003"],
    ["completion"], ["versions", "mini"], ["evidence", "MIN-1", "x"], ["docs", "build", "--out", "bad.csv"],
]  # fmt: skip
"""What libraries, the system and pictures say, and what is told of times and people."""
NOTATION = {
    "digraph",
    "label",
    "node",
    "sans",
    "shape",
    "subgraph",
    "box",
    "circle",
    "doublecircle",
    "hexagon",
    "invtrapezium",
    "trapezium",
}
"""Words of DOT."""


def words_of(text: str) -> set[str]:
    """The words of *text*; what looks like an address, a file, an option or a place is none."""
    return set(re.findall(r"(?<![A-Za-z0-9_./~-])[A-Za-z][a-z]+(?![A-Za-z0-9_./=(])", text))


def data_of(project: "Project") -> set[str]:
    """Words that stand in files, and names: of commands, formats, people, roles and SOPs."""
    people, sops = (json.loads(project.good(*command, "--json"))["items"] for command in (["people", "list"], ["list"]))
    listed = json.dumps([[*person.values()] for person in people]) + json.dumps([[sop["sop"], sop["roles"]] for sop in sops])
    typed = " ".join(word for words in [*RUNS, *LINTED, *SAID] for word in words)
    fixed = " ".join([*COMMANDS, *FORMATS, "First Spring error warning nobody wal ok"])
    return set(re.findall(r"[A-Za-z]+", f"{MINI} {BROKEN} {PEOPLE} {' '.join(FILES.values())} {listed} {typed} {fixed}")) | NOTATION


def left_in(project: "Project", commands: list[list[str]]) -> dict[str, set[str]]:
    """The words of each of *commands* that are of no message, and no data."""
    data, left = data_of(project), {}
    for arguments in commands:
        done = project.sop(*arguments, env={"SOP_LANG": "ko", "SOP_SHIPPED": "no"})
        assert "«" in done.out + done.err, arguments
        if more := words_of(unquoted(done.out + done.err)) - data:
            left[" ".join(arguments)] = more
    return left


def test_every_word_is_of_a_message_or_of_the_data(quoting: "Project") -> None:
    """What is neither was written into the code and can be translated by nobody."""
    assert not left_in(quoting, RUNS)


def test_every_word_about_a_definition_is_of_a_message(quoting: "Project") -> None:
    """What lint finds is said by the engine, and said again at the door."""
    assert not left_in(quoting, LINTED)


def test_no_word_is_of_another_program(quoting: "Project") -> None:
    """What readers of YAML, JSON, CSV, expressions and the system say is said again in messages."""
    for name, text in FILES.items():
        (quoting.folder / name).write_text(text, encoding="utf-8")
    assert not left_in(quoting, SAID)
