"""What is added to a run without moving it: comments and files."""

from engine import events as e
from engine import forms, limits
from engine.authority import gate
from engine.commands import Attach, Comment
from engine.people import Directory
from engine.procedure import Procedure
from engine.refusals import Code, Reason
from engine.rules.scribe import Scribe, Stop
from engine.rules.tasks import no_address
from engine.state import State
from engine.text import hostile


def may_note(act: str, procedure: Procedure, state: State, person: str, directory: Directory) -> tuple[Reason, ...]:
    """Why *person* may not ``comment`` or ``attach``: they have no part in the run, or are not active."""
    return gate(act, procedure, state, person, directory)


def expected_text(text: str) -> str:
    """What a comment or note should be instead of *text*; empty where it can be kept."""
    if found := hostile(text, lines=True):
        return f"a text without the control character U+{ord(found):04X}"
    return f"a text of at most {limits.COMMENT_CHARACTERS} characters" if len(text) > limits.COMMENT_CHARACTERS else ""


def _checked(s: Scribe, act: str, address: str) -> list[Reason]:
    reasons = list(may_note(act, s.procedure, s.state, s.context.actor, s.context.directory))
    if address and (wrong := no_address(s.procedure, address)):
        reasons.append(wrong)
    return reasons


def comment(s: Scribe, command: Comment) -> None:
    """Say something about a run or a step, open or not."""
    reasons = _checked(s, "comment", command.step)
    expected = expected_text(command.text)
    if expected or not command.text.strip():
        expected = expected or f"a text of 1 to {limits.COMMENT_CHARACTERS} characters"
        reasons.append(Reason(Code.FIELD_INVALID, {"field": "comment", "expected": expected}))
    if reasons:
        raise Stop(reasons)
    s.tell(e.Commented(s.keep("comment", command.text), command.step))


def attach(s: Scribe, command: Attach) -> None:
    """Add a file to a run or a step, open or not."""
    reasons = _checked(s, "attach", command.step)
    file, expected = forms.read({"type": "file"}, dict(command.file))
    if expected:
        reasons.append(Reason(Code.FIELD_INVALID, {"field": "file", "expected": expected}))
    if reasons:
        raise Stop(reasons)
    s.tell(e.Attached(s.keep("file", file), command.step))
