"""Where procedures come from: files that change, break, go and come back, and runs that keep what they began with."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from engine import commands as c
from engine.refusals import Code, Refused
from runners.folders import files
from runners.library import Library
from runners.people import NotFound
from runners.runner import Done
from tests.company import NOTE, SIMPLE, Company, small

Writer = Callable[..., Path]
ONE = small("letter", "{id: write, role: editor}")
TWO = small("letter", "{id: write, role: editor}", "{id: send, role: editor}")


@pytest.fixture
def folder(company: Company) -> Path:
    """The folder of the company's SOPs, still empty."""
    (found,) = company.app.settings.definitions
    found.mkdir()
    return found


@pytest.fixture
def put(folder: Path) -> Writer:
    """Writes a file of the library, later than any before it."""
    times = iter(range(1_000_000_000, 2_000_000_000, 1000))

    def write(text: str, name: str = "letter.yaml") -> Path:
        path = folder / name
        path.write_text(text, encoding="utf-8")
        moment = next(times)
        os.utime(path, ns=(moment, moment))
        return path

    return write


def steps(company: Company, sop: str = "letter") -> list[str]:
    return list(company.app.library.find(sop).procedure.steps)


def test_a_new_run_starts_with_what_stands_in_the_file_now(company: Company, put: Writer) -> None:
    """An edit is taken up by the next start without being asked for."""
    put(ONE)
    assert company.app.library.sync() == []
    assert steps(company) == ["write"]
    put(TWO)
    run = company.begin("letter")
    assert list(company.views.run(run).procedure.steps) == ["write", "send"]


def test_a_run_keeps_the_definition_it_began_with(company: Company, put: Writer) -> None:
    """Byte for byte, whatever happens to the file; both prove themselves."""
    put(TWO)
    old = company.begin("letter")
    put(ONE)
    new = company.begin("letter")
    company.complete("ana", old, "write")
    company.complete("ana", new, "write")
    assert company.open(old) == ["send"]
    assert company.views.run(new).state.status == "ended"
    assert company.views.run(old).line.fingerprint != company.views.run(new).line.fingerprint
    other = company.again()
    other.complete("ana", old, "send")
    other.close()
    assert company.audit().findings == []


def test_an_edit_that_is_taken_back_is_taken_back(company: Company, put: Writer) -> None:
    """The text of before counts again, although the other one was taken in later."""
    put(ONE)
    company.app.library.sync()
    put(TWO)
    company.app.library.sync()
    assert steps(company) == ["write", "send"]
    put(ONE)
    company.clock.move(hours=1)
    company.app.library.sync()
    assert steps(company) == ["write"]
    assert steps(company, "letter@1.0.0") == ["write"]
    assert company.views.run(company.begin("letter")).procedure.steps.keys() == {"write"}


def test_a_lower_version_in_the_file_counts(company: Company, put: Writer) -> None:
    """The folder says what is in use; the other version can still be named."""
    put(TWO.replace("1.0.0", "2.0.0"))
    company.app.library.sync()
    put(ONE)
    company.app.library.sync()
    assert company.app.library.find("letter").procedure.version == "1.0.0"
    assert company.app.library.find("letter@2.0.0").procedure.version == "2.0.0"
    assert company.views.run(company.begin("letter@2.0.0")).line.version == "2.0.0"


def test_a_broken_file_is_reported_and_the_others_are_used(company: Company, put: Writer) -> None:
    """With its lines; it does not take the others down, and its SOP goes on with what was good before."""
    put(ONE)
    put(SIMPLE.replace("sop: simple", "sop: plain"), "plain.yaml")
    assert company.app.library.sync() == []
    path = put(ONE.replace("role: editor", "rule: editor"))
    put(small("memo", "{id: read, role: editor}"), "memo.yaml")
    (broken,) = company.app.library.sync()
    assert (broken.path, broken.problems[0].line > 1) == (path, True)
    assert steps(company, "memo") == ["read"]
    assert steps(company) == ["write"]
    (again,) = company.app.library.sync()
    assert again == broken
    put(TWO)
    assert company.app.library.sync() == []
    assert steps(company) == ["write", "send"]


def test_what_a_file_says_of_others_is_checked_against_unchanged_ones(company: Company, put: Writer) -> None:
    """A child that stands in a file which did not change is known."""
    put(NOTE.replace("sop: note", "sop: memo"), "memo.yaml")
    assert company.app.library.sync() == []
    put(small("letter", "{id: ask, run: memo}"))
    assert company.app.library.sync() == []
    put(small("letter", "{id: ask, run: nothing}"))
    (broken,) = company.app.library.sync()
    assert ["nothing" in problem.message for problem in broken.problems if problem.severity == "error"] == [True]


def test_only_changed_files_are_read(company: Company, put: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    """What has the size and time of before is not opened."""
    paths = {put(ONE), put(small("memo", "{id: read, role: editor}"), "memo.yaml")}
    opened: list[Path] = []
    real = Path.open

    def spy(self: Path, *args: object, **more: object) -> object:
        if self.suffix == ".yaml":
            opened.append(self)
        return real(self, *args, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", spy)
    company.app.library.sync()
    assert set(opened) == paths
    opened.clear()
    company.app.library.sync()
    other = company.again()
    other.app.library.sync()
    other.close()
    assert opened == []
    changed = put(TWO)
    opened.clear()
    company.app.library.sync()
    assert opened == [changed]


def test_a_touched_file_is_hashed_and_not_read_as_yaml(
    company: Company, put: Writer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another time with the same content is remembered, so that it is not even hashed again."""
    put(ONE)
    assert company.app.library.sync() == []
    path = put(ONE)
    monkeypatch.setattr("engine.parse.read", None)
    assert company.app.library.sync() == []
    path.chmod(0o600)
    monkeypatch.setattr("runners.reading.content", None)
    assert company.app.library.sync() == []
    assert steps(company) == ["write"]
    assert list(folder.iterdir()) == [path]


def test_a_file_that_is_no_definition_is_read_once(company: Company, put: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that looks again and again tells the same of it, until it changes."""
    from engine import parse

    read: list[str] = []
    real = parse.read

    def spy(text: bytes, *, name: str = "") -> parse.Parsed:
        read.append(name)
        return real(text, name=name)

    monkeypatch.setattr(parse, "read", spy)
    put("sop: [")
    found = [company.app.library.sync() for _ in range(3)]
    assert found[0] == found[1] == found[2] != []
    assert read == ["letter.yaml"]
    put(ONE)
    assert company.app.library.sync() == []
    assert read == ["letter.yaml"] * 2


def test_a_removed_file_starts_no_more_runs(company: Company, put: Writer) -> None:
    """Runs that have its definition go on; when the file comes back, so does the SOP."""
    path = put(TWO)
    run = company.begin("letter")
    path.unlink()
    assert company.app.library.sync() == []
    for name in ("letter", "letter@1.0.0"):
        with pytest.raises(NotFound):
            company.start(name)
    assert "letter" not in [stored.procedure.sop for stored in company.app.library.all()]
    company.complete("ana", run, "write")
    assert company.audit().findings == []
    put(TWO)
    assert company.begin("letter") == "LET-2"


def test_a_renamed_file_goes_on(company: Company, put: Writer) -> None:
    """The same definition under another name is the same definition."""
    put(ONE).unlink()
    put(ONE)
    company.app.library.sync()
    (company.app.settings.definitions[0] / "letter.yaml").rename(company.app.settings.definitions[0] / "brief.yaml")
    company.app.library.sync()
    assert company.begin("letter") == "LET-1"


def test_files_of_another_library_are_left_alone(company: Company, put: Writer, tmp_path: Path) -> None:
    """Two machines with their own folders may share a database."""
    put(ONE)
    company.app.library.sync()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "memo.yaml").write_text(small("memo", "{id: read, role: editor}"))
    other = Library(company.database, [elsewhere], company.clock)
    assert other.sync() == []
    assert company.app.library.sync() == []
    assert {"letter", "memo"} <= {stored.procedure.sop for stored in other.all()}


def test_a_file_that_cannot_be_read_is_reported(company: Company, put: Writer, folder: Path) -> None:
    """A folder, a pipe, a file that is gone in the meantime: none of them holds anything up."""
    put(ONE)
    (folder / "folder.yaml").mkdir()
    os.mkfifo(folder / "pipe.yaml")
    (folder / "gone.yaml").symlink_to(folder / "nothing")
    broken = {found.path.name: found.problems[0].message for found in company.app.library.sync()}
    assert broken["folder.yaml"] == broken["pipe.yaml"] == "the file cannot be read: it is no ordinary file"
    assert "No such file" in broken["gone.yaml"]
    assert company.begin("letter") == "LET-1"


def test_a_file_that_is_too_large_is_not_read_whole(company: Company, put: Writer) -> None:
    """What is beyond the limit is a problem of the file, not of the machine."""
    path = put("sop: letter\n")
    with path.open("r+b") as stream:
        stream.truncate(2**40)
    (broken,) = company.app.library.sync()
    assert broken.problems[0].code == "SOP-L001"


def test_files_that_are_no_definitions_are_passed_over(tmp_path: Path) -> None:
    """Roles, people, examples and scenarios stand beside definitions; a later folder replaces files of an earlier one."""
    for name in (
        "a/one.yaml",
        "a/two.yaml",
        "a/roles.yaml",
        "a/people.yaml",
        "a/x.example.yaml",
        "a/x.scenario.yaml",
        "b/two.yaml",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = files([tmp_path / "a", tmp_path / "b", tmp_path / "none"])
    assert [str(path.relative_to(tmp_path)) for path in found] == ["a/one.yaml", "b/two.yaml"]


def test_what_is_not_known_is_said(company: Company) -> None:
    """A fingerprint or a name that nothing was ever taken in under."""
    with company.database.read() as unit:
        with pytest.raises(NotFound, match="definition"):
            company.app.library.procedure(unit, "0" * 64)
        assert company.app.library.latest(unit, "nothing") is None
    with pytest.raises(NotFound) as error:
        company.app.library.find("nothing")
    assert "article" in error.value.known


def test_a_child_is_what_is_in_use_when_it_starts(company: Company, put: Writer) -> None:
    """Not what was in use when its parent began."""
    put(small("memo", "{id: read, role: editor}"), "memo.yaml")
    put(small("letter", "{id: write, role: editor}", "{id: ask, run: memo}"))
    run = company.begin("letter")
    put(small("memo", "{id: reread, role: editor}"), "memo.yaml")
    company.app.library.sync()
    company.complete("ana", run, "write")
    assert company.open(f"{run}.1") == ["reread"]


def test_texts_that_name_something_to_call_do_nothing(
    company: Company, put: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dotted name in any text of a definition, a title, a note or a value is a text, through a whole run."""
    module = tmp_path / "hostile_module.py"
    module.write_text(f"open({str(tmp_path / 'called')!r}, 'w')\ndef call(*a, **k):\n    open({str(tmp_path / 'called')!r}, 'w')\n")
    monkeypatch.syspath_prepend(tmp_path)
    evil = "hostile_module.call"
    ticking = [evil, "{{7*7}}", "${x}", "%s", "{0.__class__}", "__import__('hostile_module')"]
    quoted = [text.replace("'", "''") for text in ticking]
    put(
        f"""sop: letter
version: 1.0.0
title: {{en: '{evil}', de: '{quoted[5]}'}}
purpose: '{quoted[1]}'
scope: '{quoted[2]}'
owner: editor
roles: [editor, analyst]
inputs:
  topic: {{type: text, label: '{evil}', help: '{quoted[4]}', default: '{evil}'}}
steps:
  - id: call
    title: '{evil}'
    instructions: '{quoted[5]}'
    source: '{evil}'
    role: editor
    form:
      on_enter: {{type: text, label: '{evil}', help: '{quoted[3]}', required: true}}
      choose: {{type: choice, options: {{call: '{evil}', other: '{quoted[0]}'}}, required: true}}
    outcomes: {{call: next, trigger: {{to: call, reason: required, rounds: 2, then: leave}}}}
  - id: machine
    when: call.on_enter == '{quoted[0]}'
    role: editor
"""
    )
    assert company.app.library.sync() == []
    for text in ticking:
        run = company.begin("letter", title=text, inputs={"topic": text}, roles={"editor": ["ana"]})
        company.do("ana", run, c.Complete("call", "trigger", {"on_enter": text, "choose": "call"}, text))
        company.do("ana", run, c.Comment(text, "call"))
        assert Code.OUTCOME_UNKNOWN in company.refused("ana", run, c.Complete("call", evil, {"on_enter": text, "choose": "call"}))
        assert isinstance(company.ask("ana", run, c.Claim(evil)), Refused)
        company.complete("ana", run, "call", note=text, on_enter=text, choose="call")
        view = company.views.run(run)
        assert (view.line.title, view.values["call.on_enter"], view.values["inputs.topic"]) == (text, text, text)
        if text == evil:
            assert isinstance(company.complete("ana", run, "machine"), Done)
        assert view.state.status == "ended" or company.views.run(run).state.status == "ended"
    assert company.audit().findings == []
    assert not (tmp_path / "called").exists()
