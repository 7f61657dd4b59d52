"""One evil string through every field, command and format: nothing that steers a terminal comes out."""

import json
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Project

EVIL = (
    "A\x1b[2J\x1b]8;;http://evil\x07B\x1b]52;c;ZXZpbA==\x07\x9b31mC\rD\bE\u202eF\u2066G\u200eH\u2028I\x7fJ\x85K\U000e0041L\ud7ffM"
)
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u2028\u2029\U000e0000-\U000e007f]")
FORMATS = [["--format", name] for name in ("table", "plain", "json", "jsonl", "csv")]


def bad(*texts: str) -> list[str]:
    """Every forbidden character in *texts*."""
    return sorted({repr(found) for text in texts for found in FORBIDDEN.findall(text)})


def test_the_check_can_fail() -> None:
    """The evil string itself holds every kind of character that must not come out."""
    assert len(bad(EVIL)) >= 12


@pytest.mark.parametrize("text", [EVIL, "NUL\x00"], ids=["evil", "nul"])
def test_hostile_text_is_refused_where_it_is_given(project: "Project", text: str) -> None:
    """Titles, notes, values, names and ids with control characters are refused, and the refusal shows them written out."""
    run = project.start()
    form = project.folder / "form.json"
    form.write_text(json.dumps({"text": text}), encoding="utf-8")
    people = project.folder / "people.yaml"
    people.write_text(f"people: {{zoe: {{name: {json.dumps(text)}}}}}", encoding="utf-8")
    attempts = [
        ("ana", ["start", "mini", "--title", text, "--set", "topic=x"]),
        ("ana", ["start", "mini", "--title", "x", "--set", f"topic={text}"]),
        ("ana", ["start", "mini", "--title", "x", "--set", "topic=x", "--role", f"{text}=ana"]),
        ("ana", ["start", text, "--title", "x"]),
        ("ana", ["comment", run, "-m", text]),
        ("ben", ["complete", f"{run}/draft", "--set", f"text={text}"]),
        ("ben", ["complete", f"{run}/draft", "--form", str(form)]),
        ("ben", ["complete", f"{run}/draft", "--set", "text=x", "-m", text]),
        ("ben", ["complete", f"{run}/draft", "--set", f"{text}=x"]),
        ("ben", ["complete", f"{run}/draft", "--set", "text=x", "--outcome", text]),
        ("ben", ["claim", f"{run}/{text}"]),
        ("ben", ["attach", run, text]),
        ("ana", ["show", text]),
        ("ana", ["show", f"{run}/{text}"]),
        ("ana", ["assign", f"{run}/draft", "--to", text]),
        ("ana", ["cancel", run, "-m", text, "--yes"]),
        ("ana", ["can", text, "claim", f"{run}/draft"]),
        ("ana", ["history", run, "--from", text]),
        ("ana", ["people", "add", "zoe", text]),
        ("ana", ["people", "import", str(people)]),
        ("ana", ["lint", text]),
        ("ana", ["graph", text]),
        ("ana", ["help", text]),
        ("ana", ["new", text]),
        ("ana", [text]),
        ("ana", [f"--{text}"]),
        (text.replace("\x00", ""), ["inbox"]),
    ]
    for who, arguments in attempts:
        for extra in ([], ["--json"]):
            done = project.sop(*arguments, *extra, who=who)
            assert done.code in {2, 3, 4, 6}, (arguments, done)
            assert bad(done.out, done.err) == [], (arguments, done)


def test_hostile_text_that_got_in_is_written_out(project: "Project") -> None:
    """What stands in the database all the same (an older program, a foreign hand) does not reach the terminal either."""
    run = project.start()
    (project.folder / "brief.txt").write_text("x", encoding="utf-8")
    project.good("complete", f"{run}/draft", "--set", "text=TEXT", "--evidence", "brief=brief.txt", "-m", "NOTE", who="ben")
    project.good("comment", run, "-m", "COMMENT")
    project.change("UPDATE sop_run SET title = ?", EVIL)
    project.change("UPDATE sop_person SET name = ?, roles = ?", EVIL, json.dumps([EVIL]))
    project.change("UPDATE sop_person SET handle = ? WHERE handle = 'ben'", EVIL)
    for value in ("TEXT", "NOTE", "COMMENT", "Spring", "brief.txt"):
        body = json.dumps(EVIL, ensure_ascii=False)[1:-1]
        project.change("UPDATE sop_payload SET body = CAST(replace(CAST(body AS TEXT), ?, ?) AS BLOB)", value, body)
    commands = [
        ["inbox"], ["show", run], ["show", run, "-v"], ["show", f"{run}/draft"], ["show", f"{run}/left_work"], ["runs"],
        ["runs", "-v"],
        ["history", run], ["history", run, "-v"], ["replay", run, "--step"], ["people"], ["whoami"], ["graph", run],
        ["verify", run],
        ["can", "carla", "claim", f"{run}/left_work", "--explain"], ["claim", f"{run}/left_work", "-n"], ["doctor"], ["list"],
        ["comment", run, "-m", "fine"], ["tick"], ["cancel", run, "-m", "x", "--yes", "-n"],
    ]  # fmt: skip
    for arguments in commands:
        for extra in [[], *([] if arguments[0] == "graph" else FORMATS)]:
            for env in ({}, {"FORCE_COLOR": "1"}) if not extra else ({},):
                done = project.sop(*arguments, *extra, who="carla", env=env)
                plain = re.sub("\x1b\\[[0-9;]*m", "", done.out + done.err)
                assert bad(plain) == [], (arguments, extra, done)
                if not env:
                    assert "\x1b" not in done.out + done.err


def test_hostile_definitions_are_refused_with_safe_messages(project: "Project", mini: str) -> None:
    """lint, test, graph and new name the place of a control character and never print it."""
    file = project.folder / ".sop" / "definitions" / "evil.yaml"
    for place in ("Mini procedure", "Write what is needed.", "calm", "The text"):
        file.write_text(mini.replace("sop: mini", "sop: evil").replace(place, json.dumps(EVIL), 1), encoding="utf-8")
        for arguments in (["lint", str(file)], ["graph", str(file)], ["list"], ["show", "evil"]):
            for form in ([], ["--json"]):
                done = project.sop(*arguments, *form)
                assert bad(done.out, done.err) == [], (arguments, done)
        for name in ("concise", "full", "sarif", "github"):
            done = project.sop("lint", str(file), "--format", name)
            assert (done.code, bad(done.out, done.err)) == (5, [])


def test_spreadsheets_get_no_formulas(project: "Project") -> None:
    """A cell that would be taken for a formula begins with an apostrophe in CSV, and is itself in JSON Lines."""
    titles = ["=HYPERLINK(1)", "+1+1", "@SUM(A1)", "-2+3", "\uff1d1", "-5", "12.5", 'a "quoted", one']
    for title in titles:
        project.good("start", "mini", "--title", title, "--set", "topic=x")
    csv = project.good("runs", "--format", "csv")
    for cell in ("'=HYPERLINK(1)", "'+1+1", "'@SUM(A1)", "'-2+3", "'\uff1d1", ",-5,", ",12.5,", '"a ""quoted"", one"'):
        assert cell in csv
    lines = [json.loads(line)["title"] for line in project.good("runs", "--format", "jsonl").splitlines()]
    assert sorted(lines) == sorted(titles)
