"""Whatever is wrong with the shape of a scenario file is said in sentences that can be translated."""

from collections.abc import Iterator
from gettext import NullTranslations

import pytest

from engine.parse import read_plain
from runners import tongue
from runners.stories.document import shaped
from tests.breaking import broken

WHOLE = b"""\
sop: a
people: {ana: {teams: [x], active: true}, ben: {}}
teams: {x: [ana]}
defaults: {write: {set: {a: 1}, note: x}}
scenarios:
  - name: One
    lead: ana
    roles: {lead: ana, b: [ben]}
    inputs: {a: 1}
    refused: [X]
    drill: true
    acts:
      - {do: write, as: ana, set: {a: 1}, note: x, override: false}
      - {cancel: true, as: ana}
      - {expect: {open: [a], owner: {a: ben}, values: {a.b: 1}}}
      - {after: 2 days}
      - {child: a, end: x}
    end: done
"""


class Quoting(NullTranslations):
    """Every message stands between quotes of its own."""

    def gettext(self, message: str) -> str:
        """The message itself, to be known again."""
        return f"«{message}»"


@pytest.fixture
def quoting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A reader who reads quotes."""
    monkeypatch.setattr(tongue, "_read", lambda _tag: Quoting())
    tongue.speak(lambda: ["ko"])
    yield
    tongue._spoken.set(None)


@pytest.mark.usefixtures("quoting")
def test_each_slip_is_said_in_a_message_of_its_own() -> None:
    """Each part replaced by each of many things, or missing: none of the words is the library's."""
    whole = read_plain(WHOLE).document
    assert shaped(whole)[1] == []
    said = {problem.message for other in broken(whole) for problem in shaped(other)[1]}

    assert len(said) > 15
    assert not [message for message in said if not message.startswith("«") or not message.endswith("»")]
    assert not [message for message in said if "something else" in message], "a kind of error without words of its own"
