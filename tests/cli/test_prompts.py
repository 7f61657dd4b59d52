"""Asking on a terminal, with a real one: field by field, what is wrong is asked again, one confirmation at the end."""

import contextlib
import json
import os
import pty
import select
import signal
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Project


SECONDS = 90
"""Longer than any answer takes on a busy machine."""


class Talk:
    """A command on a terminal of its own."""

    def __init__(self, project: "Project", *arguments: str, who: str = "ben") -> None:
        self.seen = ""
        self._read = 0
        self._pid, self._terminal = pty.fork()
        if self._pid == 0:
            os.chdir(project.folder)
            environment = {**project.environment(who), "TERM": "xterm", "COLUMNS": "100"}
            os.execve(sys.executable, [sys.executable, "-m", "runners.cli", *arguments], environment)  # noqa: S606 - the program under test

    def _more(self, end: float) -> bool:
        """Read what there is; false at the end of the command."""
        ready, _, _ = select.select([self._terminal], [], [], max(0, end - time.monotonic()))
        if not ready:
            os.kill(self._pid, signal.SIGKILL)
            raise AssertionError(f"nothing more came after {self.seen[-300:]!r}")
        try:
            more = os.read(self._terminal, 4096)
        except OSError:  # what a terminal gives when nobody is at its other side
            return False
        self.seen += more.decode("utf-8", "replace")
        return bool(more)

    def until(self, text: str) -> str:
        """Read until *text* came; gives what came since the text before it."""
        end = time.monotonic() + SECONDS
        while (found := self.seen.find(text, self._read)) < 0:
            assert self._more(end), f"{text!r} never came in {self.seen[self._read :]!r}"
        start, self._read = self._read, found + len(text)
        return self.seen[start : self._read]

    def say(self, text: str) -> None:
        """Type a line."""
        os.write(self._terminal, f"{text}\n".encode())

    def end(self) -> int:
        """Read to the end; gives the exit code."""
        end = time.monotonic() + SECONDS
        while self._more(end):
            pass
        return self._code()

    def pressed(self, key: str) -> int:
        """Press *key* until the command ends, as people do; gives the exit code.

        One that comes between showing a question and waiting for the answer is missed by the interpreter.
        """
        for _ in range(SECONDS):
            with contextlib.suppress(OSError):  # it has ended meanwhile
                os.write(self._terminal, key.encode())
            pause = time.monotonic() + 1
            while select.select([self._terminal], [], [], max(0, pause - time.monotonic()))[0]:
                if not self._more(pause + SECONDS):
                    return self._code()
        os.kill(self._pid, signal.SIGKILL)
        raise AssertionError(f"{key!r} did not end it: {self.seen[-300:]!r}")

    def _code(self) -> int:
        os.close(self._terminal)
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])


def test_complete_asks_field_by_field(project: "Project") -> None:
    """Type, choices and help stand beside each field, a wrong value is asked again, and one yes ends it."""
    run = project.start()
    (project.folder / "brief.txt").write_text("x", encoding="utf-8")
    talk = Talk(project, "complete", f"{run}/draft")
    assert "Write what is needed." in talk.until("text: ")
    assert "The text  (longtext, required)" in talk.seen
    assert "What it says." in talk.seen
    talk.say("")
    assert "expected a value" in talk.until("text: ")
    talk.say("A draft")
    assert "at least 1, at most 10" in talk.until("size: ")
    talk.say("eleven")
    assert "expected" in talk.until("size: ")
    talk.say("3")
    assert "calm" in talk.until("mood: ")
    talk.say("loud")
    talk.until("places: ")
    talk.say("web, print")
    talk.until("brief: ")
    talk.say("missing.txt")
    assert "there is no file missing.txt" in talk.until("brief: ")
    talk.say("brief.txt")
    talk.until("expert: ")
    talk.say("nobody")
    assert "there is no nobody" in talk.until("expert: ")
    talk.say("carla")
    talk.until("add row 1?")
    talk.say("y")
    talk.until("name: ")
    talk.say("One")
    talk.until("amount: ")
    talk.say("5")
    talk.until("add row 2?")
    talk.say("n")
    talk.until("Note: ")
    talk.say("done")
    summary = talk.until("Is this right?")
    for line in (
        "text: A draft",
        "size: 3",
        "places: web, print",
        "brief: brief.txt",
        "expert: carla",
        "rows: name: One; amount: 5",
    ):
        assert line in summary
    talk.say("y")
    assert talk.end() == 0
    assert f"Completed {run}/draft as ben" in talk.seen
    assert "Next: " in talk.seen


def test_work_that_came_back_offers_its_last_values(project: "Project") -> None:
    """Enter keeps a value, a file, a person and rows; a dash empties; something else replaces."""
    run = project.start()
    for name in ("brief.txt", "form.json"):
        (project.folder / name).write_text('{"rows": [{"name": "One", "amount": 5}]}', encoding="utf-8")
    project.good(
        "complete", f"{run}/draft", "--form", "form.json", "--set", "text=A draft", "--set", "size=3", "--set", "mood=loud",
        "--set", "expert=carla", "--set", "places=web", "--set", "places=print", "--evidence", "brief=brief.txt", who="ben",
    )  # fmt: skip
    before = json.loads(project.good("show", f"{run}/draft", "--json"))["values"]
    for step in ("left_work", "right_work"):
        project.good("complete", f"{run}/{step}", who="carla")
    project.good("reject", f"{run}/review", "-m", "once more", who="dora")
    talk = Talk(project, "complete", f"{run}/draft")
    for question, answer in (
        ("text [A draft]: ", ""), ("size [3]: ", "11"), ("size [3]: ", "4"), ("mood [loud]: ", "-"), ("places [web, print]: ", ""),
        ("brief [keep brief.txt]: ", ""), ("expert [carla]: ", ""), ("keep 1 row? [Y/n]: ", ""), ("Note: ", ""), ("right?", "y"),
    ):  # fmt: skip
        talk.until(question)
        talk.say(answer)
    assert talk.end() == 0
    after = json.loads(project.good("show", f"{run}/draft", "--json"))["values"]
    assert after == {name: value for name, value in before.items() if name != "mood"} | {"size": 4}


def test_no_at_the_end_changes_nothing(project: "Project") -> None:
    """A no, Ctrl-C and Ctrl-D leave the task open and end with 130."""
    run = project.start()
    project.good("complete", f"{run}/draft", "--set", "text=x", who="ben")
    project.good("complete", f"{run}/left_work", who="ben")
    project.good("complete", f"{run}/right_work", who="ben")
    before = project.rows()
    for last in ("n\n", "\x03", "\x04"):
        talk = Talk(project, "complete", f"{run}/review", who="dora")
        talk.until("How does it end? [approve]: ")
        talk.say("perhaps")
        talk.until("expected one of approve, reject")
        talk.until("How does it end? [approve]: ")
        talk.say("approve")
        talk.until("Note: ")
        talk.say("")
        talk.until("Is this right?")
        assert talk.pressed(last) == 130
        assert project.rows() == before


def test_who_may_not_is_told_before_being_asked(project: "Project") -> None:
    """Nobody fills in a form for nothing."""
    run = project.start()
    talk = Talk(project, "complete", f"{run}/draft", who="dora")
    assert talk.end() == 8
    assert "SOP-D01" in talk.seen
    assert "text: " not in talk.seen


def test_cancel_asks_for_the_name(project: "Project") -> None:
    """Cancelling a run on a terminal needs its name typed; another text changes nothing."""
    run = project.start("Acme")
    talk = Talk(project, "cancel", run, "-m", "no", who="ana")
    assert f'Cancel {run} "Acme"? 1 open tasks will end.' in talk.until("to confirm: ")
    talk.say("yes")
    assert talk.end() == 130
    assert "open" in project.good("runs")
    talk = Talk(project, "cancel", run, "-m", "no", who="ana")
    talk.until("to confirm: ")
    talk.say(run)
    assert talk.end() == 0
    assert f"Cancelled {run}" in talk.seen


def test_start_asks_for_title_and_inputs(project: "Project") -> None:
    """A start without values on a terminal asks for what the SOP needs."""
    talk = Talk(project, "start", "mini", who="ana")
    talk.until("What is the run called: ")
    talk.say("Asked")
    talk.until("topic: ")
    talk.say("Spring")
    assert "money, EUR" in talk.until("budget: ")
    talk.say("")
    talk.until("Is this right?")
    talk.say("")
    assert talk.end() == 0
    assert "Started MIN-1" in talk.seen


def test_no_input_never_asks(project: "Project") -> None:
    """--no-input on a terminal says which flags to give, as without one."""
    run = project.start()
    talk = Talk(project, "complete", f"{run}/draft", "--no-input")
    assert talk.end() == 2
    assert "--set text=" in talk.seen


def test_a_terminal_gets_colours_and_next_steps(project: "Project") -> None:
    """What is late is red with its sign, and the last line says what to do next."""
    run = project.start()
    project.change("UPDATE sop_task SET due_at = '2020-01-01T00:00:00.000000Z', due_key = '2020-01-01T00:00:00.000000Z'")
    talk = Talk(project, "inbox", who="ben")
    assert talk.end() == 0
    assert "\x1b[31m" in talk.seen
    assert "!" in talk.seen
    assert f"Next: sop show {run}/draft" in talk.seen


def test_a_next_step_is_never_the_same_command_again(project: "Project") -> None:
    """Figures of one SOP without a value lead nowhere; those of all lead to those of one."""
    for arguments, leads in (((), True), (("crisis",), False)):
        talk = Talk(project, "kpi", *arguments)
        assert talk.end() == 0
        assert ("Next: sop kpi " in talk.seen) == leads


def test_replay_waits_after_each_record(project: "Project") -> None:
    """Step by step, Enter by Enter."""
    run = project.start()
    project.good("claim", f"{run}/draft", who="ben")
    talk = Talk(project, "replay", run, "--step")
    assert "stands at: draft" in talk.until("Enter for the next record")
    talk.say("")
    assert talk.end() == 0
    assert "equals the stored state" in talk.seen
