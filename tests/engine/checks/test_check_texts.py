"""Languages: titles agree with the definition's own title, or everything with what is asked for."""

from collections.abc import Callable

from engine.canonical import canonical_document
from engine.checks.texts import offered, tongues
from engine.definition import Definition

Find = Callable[..., tuple[object, object]]
"""The fixture that finds problems and marks."""


def test_titles_offer_the_languages_of_the_definition(found: Find) -> None:
    """A title that misses a language of the definition's title is warned about; other texts are not."""
    body = """
title: {en: Sample, zh-Hans: 样本}
steps:
  - id: write
    title: Write  #! SOP-L100
    instructions: In English only
    role: lead
    form: {title: {type: text, label: Title}}
  - id: both
    title: {en: Both, zh-Hans: 两者}
    parallel:
      title:
        title: {zh-Hans: 标题}  #! SOP-L100
        steps: [{id: a, role: lead}]
kpis:
  speed:
    title: Speed  #! SOP-L100
    target: ">= 3"
    source: x
    confidence: team
"""

    problems, marks = found(body)

    assert marks == problems


def test_languages_that_are_asked_for_must_be_everywhere(found: Find) -> None:
    """With languages given every text must offer them, or a shorter tag that serves them."""
    body = """
lang: de
title: {en: Sample, de: Muster}
purpose: {en: Purpose, de: Zweck}
scope: Umfang  #! SOP-L100
steps:
  - id: write
    role: lead
    title: {en: Write, de-AT: Schreiben}  #! SOP-L100
    form:
      title:  #! SOP-L100
        type: text
        help: Hilfe  #! SOP-L100
"""

    problems, marks = found(body, languages=["en-GB", "de"])

    assert marks == problems


def test_what_people_are_shown_as_an_id_counts_as_the_own_language(found: Find) -> None:
    """Options given as a list, fields without a label and outcomes, steps and figures without a name need translations too."""
    body = """
title: {en: Sample, ko: 견본}
purpose: {en: Purpose, ko: 목적}
scope: {en: Scope, ko: 범위}
inputs:
  topic: {type: text}  #! SOP-L100
parameters:
  days: {type: number, default: 1, label: {en: Days, ko: 일}, source: x, confidence: team}
signals:
  paid:  #! SOP-L100
    form:
      amount: {type: number}  #! SOP-L100
steps:
  - id: write  #! SOP-L100
    role: lead
    form:
      mood:
        type: choice
        label: {en: Mood, ko: 기분}
        options: [calm, loud]  #! SOP-L100 SOP-L100
      risk:
        type: choice
        label: {en: Risk, ko: 위험}
        options:
          title: {en: Low, ko: 낮음}
          high: High  #! SOP-L100
      ready:
        type: checklist
        label: {en: Ready, ko: 준비}
        items:
          sent: {en: Sent}  #! SOP-L100
      rows:
        type: table
        label: {en: Rows, ko: 행}
        columns:
          name: {type: text}  #! SOP-L100
    outcomes:
      done: next  #! SOP-L100
  - id: either
    title: {en: Either, ko: 둘 중 하나}
    first:
      word:  #! SOP-L100
        - {id: hear, title: {en: Hear, ko: 듣기}, wait: {signal: paid}}
      time:
        title: {en: Time, ko: 시간}
        steps: [{id: rest, title: {en: Rest, ko: 휴식}, wait: {for: 1 day}}]
kpis:
  speed: {target: ">= $days", source: x, confidence: team}  #! SOP-L100
"""

    problems, marks = found(body, languages=["en", "ko"])

    assert problems == marks


def test_an_end_is_called_something_in_every_language(found: Find) -> None:
    """The name of an end that a way leads to is a text; where none stands its id is shown, in the definition's own language."""
    body = """
title: {en: Sample, ko: 견본}
purpose: {en: Purpose, ko: 목적}
scope: {en: Scope, ko: 범위}
steps:
  - id: write
    role: lead
    title: {en: Write, ko: 작성}
    outcomes:
      done: {to: next, label: {en: Done, ko: 완료}}
      drop: {to: end(dropped), label: {en: Drop, ko: 중단}}
      stop: {to: end(stopped), label: {en: Stop, ko: 중지}}
ends:  #! SOP-L100
  stopped: {en: Stopped, ko: 중지됨}
"""
    problems, marks = found(body, languages=["en", "ko"])

    assert marks == problems
    assert found(body.replace("ends:  #! SOP-L100", "ends:\n  dropped: {en: Dropped, ko: 중단됨}"), languages=["en", "ko"])[0] == []


def test_without_languages_ids_are_no_finding(found: Find) -> None:
    """Only titles that are there are compared with the definition's own; an id is a name too."""
    body = """
title: {en: Sample, ko: 견본}
steps: [{id: write, role: lead, form: {mood: {type: choice, options: [calm, loud]}}, outcomes: {done: next}}]
"""

    assert found(body) == ([], [])


def test_a_translation_keeps_what_stands_in_braces(found: Find) -> None:
    """A placeholder that one language has and another has not is an error wherever it stands, with the place of the translation."""
    body = """
title: {en: Sample, zh-Hans: 样本}
steps:
  - id: write
    role: lead
    instructions:
      en: Send {file} on {date}
      zh-Hans: 发送 {file}  #! SOP-L101
      ko: "{date} {file} 보내기"
    form:
      note:
        type: text
        help: Only {one} language
schedule:
  - cron: 0 9 * * MON
    zone: UTC
    title:
      en: Week {week}
      zh-Hans: 第几周  #! SOP-L101
"""

    problems, marks = found(body)

    assert problems == marks


def test_every_kind_of_text_keeps_its_braces(found: Find) -> None:
    """Titles, labels, help, options, items, columns, instructions, outcomes, branches, signals, figures and ends."""
    body = """
title: {en: "Sample {a}", ko: 견본}  #! SOP-L101
purpose: {en: Checking, ko: "{a} 검사"}  #! SOP-L101
scope: {en: "Of {a}", ko: 전부}  #! SOP-L101
parameters:
  days: {type: duration, default: P1D, source: a test, confidence: seed, label: {en: "Days {a}", ko: 일}}  #! SOP-L101
inputs:
  topic: {type: text, label: {en: "Topic {a}", ko: 주제}}  #! SOP-L101
  mood: {type: text, help: {en: "How {a}", ko: 어떻게}}  #! SOP-L101
  kind: {type: choice, options: {one: {en: "One {a}", ko: 하나}}}  #! SOP-L101
  list: {type: checklist, items: {first: {en: "First {a}", ko: 첫째}}}  #! SOP-L101
  rows: {type: table, columns: {name: {type: text, label: {en: "Name {a}", ko: 이름}}}}  #! SOP-L101
signals:
  seen:
    title: {en: "Seen {a}", ko: 봄}  #! SOP-L101
    form: {what: {type: text, label: {en: "What {a}", ko: 무엇}}}  #! SOP-L101
kpis:
  one: {title: {en: "One {a}", ko: 하나}, target: ">= 1", source: a test, confidence: seed}  #! SOP-L101
ends:
  dropped: {en: "Dropped {a}", ko: 중단}  #! SOP-L101
steps:
  - id: write
    role: lead
    due: $days
    title: {en: "Write {a}", ko: 쓰기}  #! SOP-L101
    instructions:
      en: |
        First line.
        Then {a}.
      ko: |  #! SOP-L101
        첫 줄.
    form: {note: {type: text, label: {en: "Note {a}", ko: 메모}}}  #! SOP-L101
    outcomes:
      done: {label: {en: "Done {a}", ko: 완료}}  #! SOP-L101
      dropped: end(dropped)
  - id: both
    parallel:
      left:
        title: {en: "Left {a}", ko: 왼쪽}  #! SOP-L101
        steps: [{id: one, role: lead, title: {en: "One {a}", ko: 하나}}]  #! SOP-L101
      right: [{id: two, wait: {signal: seen}, title: {en: "Wait {a}", ko: 대기}}]  #! SOP-L101
"""

    problems, marks = found(body)

    assert problems == marks


def test_languages_of_a_definition_begin_with_its_own(define: Callable[[str], Definition]) -> None:
    """Its own language first, whatever is written in it; each of the others once."""
    body = "lang: ko\ntitle: {en: Sample, ko: 견본}\nsteps: [{id: write, title: {zh: 写, en: Write}, role: lead}]\n"

    assert tongues(canonical_document(define(body))) == ["ko", "en", "zh"]


def test_texts_are_counted_by_language(define: Callable[[str], Definition]) -> None:
    """How many texts there are in each language, and how many at all; a longer tag is served by a shorter one."""
    body = """
title: {en: Sample, zh-Hans: 样本}
steps: [{id: write, title: {en: Write, zh: 写}, role: lead}]
"""

    assert offered(canonical_document(define(body)), ["en-GB", "zh-Hans", "ko"]) == ({"en-GB": 4, "zh-Hans": 2, "ko": 0}, 4)
