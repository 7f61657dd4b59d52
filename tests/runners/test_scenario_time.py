"""Scenarios: time, child runs and items, and an engine that fails or contradicts itself."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.events import encode
from engine.procedure import Procedure
from engine.rules.scribe import Scribe
from engine.state import EMPTY
from runners.scenarios import Report, run_file
from tests.runners.letters import FILE, FIRST, HEAD, LETTER, WRITE, play_text, procedure, story, troubles

TOUR = (
    "sop: tour\n"
    + HEAD
    + """inputs: {platforms: {type: multi_choice, options: [weibo, wechat], required: true}}
steps:
  - id: publish
    for_each: {platform: inputs.platforms}
    steps:
      - {id: post, role: writer, form: {url: {type: url, required: true}}}
      - {id: letter_of, run: letter, with: {topic: platform}}
  - id: both
    parallel:
      left: [{id: one, role: writer}]
      right: [{id: two, role: legal}]
  - {id: measure, run: figures, outcomes: {bad: end(bad)}}
"""
)

Playing = Callable[[str], Report]


@pytest.fixture(scope="module")
def definitions() -> dict[str, Procedure]:
    return {"letter": procedure(LETTER), "tour": procedure(TOUR)}


@pytest.fixture
def play(tmp_path: Path, definitions: dict[str, Procedure]) -> Playing:
    """Play a whole file given as text."""
    return lambda text: play_text(text, tmp_path, definitions)


def tour(*acts: str, end: str, platforms: str = "[weibo, wechat]") -> str:
    head = FILE.replace("sop: letter", "sop: tour").replace("{topic: rain}", f"{{platforms: {platforms}}}")
    defaults = "  post: {set: {url: 'https://example.org'}}\n  'post:weibo': {set: {url: 'https://weibo.example/1'}}\n"
    head = head.replace("  write: {set: {text: Dear all, risk: low}, note: As agreed}\n", defaults)
    return story(*acts, end=end, head=head)


def test_timers_fire_on_the_way_in_order(play: Playing) -> None:
    """Reminders and escalations fire at their instants while time passes; an escalation opens the task to its role."""
    report = play(
        story(
            "{after: 47h}",
            "{expect: {late: []}}",
            "{after: 1h}",
            "{expect: {late: []}}",
            "{after: 1min}",
            "{expect: {late: [write]}}",
            "{as: cara, bind: writer, to: ben, note: x, refused: SOP-D04}",
            "{as: ana, bind: writer, to: ben, note: x}",
            "{as: ana, do: write, refused: SOP-D01}",
            "{after: P1D}",
            "{as: ana, do: write}",
            "{after: 30d}",
        )
    )
    assert troubles(report) == []
    # the start and four acts of people, two reminders and one escalation
    assert report.scenarios[0].commands == 5 + 3


def test_timers_fire_each_at_its_own_instant(monkeypatch: pytest.MonkeyPatch, play: Playing) -> None:
    """The events of timers carry the instants they were due, not the instant to which the story jumps; closed tasks stay silent."""
    seen: list[tuple[str, str]] = []
    told = Scribe.tell

    def noted(self: Scribe, event: object) -> None:
        seen.append((type(event).__name__, self.context.at[:16]))
        told(self, event)  # type: ignore[arg-type]

    monkeypatch.setattr(Scribe, "tell", noted)
    assert play(story("{after: 30d}", WRITE, "{after: 30d}")).passed
    timers = list(dict.fromkeys(found for found in seen if found[0] in {"TaskReminded", "TaskEscalated"}))
    assert timers == [
        ("TaskReminded", "2026-03-03T09:00"),
        ("TaskReminded", "2026-03-03T21:00"),
        ("TaskEscalated", "2026-03-05T09:00"),
    ]
    seen.clear()
    assert play(story(WRITE, "{after: 30d}")).passed
    assert not any(name.startswith(("TaskR", "TaskE")) for name, _ in seen)


def test_cancelled_runs_and_tracks(play: Playing) -> None:
    """`cancel: true` ends the run as cancelled, `cancel: TRACK` one item or branch of it."""
    assert troubles(play(story("{as: ana, cancel: true, note: no money}", end="cancelled"))) == []
    acts = ("{as: ana, cancel: both.left, note: not needed}", "{expect: {open: [two]}}")
    assert troubles(play(tour("{as: ana, cancel: 'publish:weibo', note: closed}", *acts, end="open", platforms="[weibo]"))) == []


def test_what_still_waits_is_named_when_the_end_is_wrong(play: Playing) -> None:
    """Open tasks and child runs are listed, each with its address."""
    message = "the run is still open and should have ended with done; open: post:wechat (nobody), letter_of:weibo (child run)"
    assert [found[3] for found in troubles(play(tour("{as: ben, do: 'post:weibo'}", end="done")))] == [message]


def test_a_default_for_one_item_stands_over_that_of_its_step(play: Playing) -> None:
    """`STEP:KEY` in the defaults is taken for that item, under the act's own values."""
    text = tour("{as: ben, do: 'post:weibo'}", "{expect: {values: {'post:weibo.url': 'https://weibo.example/1'}}}", end="open")
    assert troubles(play(text)) == []


def test_child_runs_return_to_the_step_that_waits(play: Playing) -> None:
    """A child run ends as the story says, its results count, and its end chooses the way."""
    done = ["{as: ben, do: 'post:weibo'}", "{child: 'letter_of:weibo', end: done}"]
    report = play(
        tour(
            *done,
            "{expect: {open: ['post:wechat'], waiting: []}}",
            "{as: ben, do: 'post:wechat'}",
            "{expect: {open: [], waiting: ['letter_of:wechat']}}",
            "{child: 'letter_of:wechat', end: rejected}",
            "{as: ben, do: one}",
            "{as: cara, do: two}",
            "{child: measure, end: bad, results: {likes: 5}}",
            "{expect: {values: {measure.results.likes: 5}}}",
            end="bad",
        )
    )
    assert troubles(report) == []


def test_a_child_run_that_nobody_waits_for(play: Playing) -> None:
    """The story stops where it lets a child run end that was never started, and says which ones wait."""
    first = FIRST + 1
    report = play(tour("{child: measure, end: good}", end="open"))
    assert troubles(report) == [("SOP-T06", first, "measure", "no child run is waited for at measure; waiting: nothing")]
    report = play(tour("{as: ben, do: 'post:weibo'}", "{child: letter_of, end: done}", end="open"))
    message = "no child run is waited for at letter_of; waiting: letter_of:weibo"
    assert troubles(report) == [("SOP-T06", first + 1, "letter_of", message)]


def test_a_child_run_whose_return_is_refused(tmp_path: Path) -> None:
    """What the engine refuses when a child returns fails the story like any refusal."""
    last = "  - {id: last, run: figures, with: {x: \"measure.results['y']\"}}\n"
    acts = ("{as: ana, cancel: 'publish:weibo', note: closed}", "{as: ben, do: one}", "{as: cara, do: two}")
    path = tmp_path / "tour.scenario.yaml"
    path.write_text(tour(*acts, "{child: measure, end: fine}", end="open", platforms="[weibo]"), encoding="utf-8")
    found = troubles(run_file(path, {"tour": procedure(TOUR + last)}))
    assert [(code, message.partition(", ")[0]) for code, _, _, message in found] == [
        ("SOP-T03", "the child run at measure ends: refused")
    ]


def test_an_engine_that_fails_is_reported_and_hides_no_other_story(monkeypatch: pytest.MonkeyPatch, play: Playing) -> None:
    """An exception inside the engine fails its scenario at the act, and the next one is played."""
    two = story("{after: 1h}", WRITE) + story("{after: 2h}", head=FILE.partition("scenarios:\n")[2])

    def broken(self: object, text: str) -> None:
        if text == "1h":
            raise RuntimeError("the clock stands still")

    monkeypatch.setattr("runners.stories.playing.Play.pass_time", broken)
    report = play(two)
    assert troubles(report) == [("SOP-T08", FIRST, "{after", "the engine failed: RuntimeError: the clock stands still")]
    assert [scenario.passed for scenario in report.scenarios] == [False, True]


def test_a_fold_that_differs_from_the_state_is_found(monkeypatch: pytest.MonkeyPatch, play: Playing) -> None:
    """If the stored events do not give the decided state, or do not fold at all, the scenario fails."""

    def forgetful(event: object) -> dict[str, object]:
        return {name: value for name, value in encode(event).items() if name not in {"owner", "due"}}  # type: ignore[arg-type]

    monkeypatch.setattr("runners.stories.story.encode", forgetful)
    report = play(story("{after: 1h}"))
    assert [found[::3] for found in troubles(report)] == [("SOP-T08", "the events do not fold to the state that was decided")]
    monkeypatch.setattr("runners.stories.story.encode", lambda _event: {"is": "Nothing"})
    report = play(story(WRITE, "{as: dan, do: review}", end="done"))
    assert [found[::3] for found in troubles(report)] == [("SOP-T08", "the engine failed: KeyError: 'Nothing'")]
    assert report.coverage.percent == 0


def test_a_decision_that_depends_on_more_than_its_arguments_is_found(monkeypatch: pytest.MonkeyPatch, play: Playing) -> None:
    """Everything is decided twice, the second time on a state read back from plain data; two answers fail the scenario."""
    monkeypatch.setattr("runners.stories.playing.from_plain", lambda _plain: EMPTY)
    report = play(story(WRITE))
    assert [found[::3] for found in troubles(report)] == [
        ("SOP-T08", "the engine failed: complete was decided twice, with two results")
    ]
