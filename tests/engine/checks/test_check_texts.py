"""Languages: titles agree with the definition's own title, or everything with what is asked for."""

from collections.abc import Callable

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
      title:
        type: text
        help: Hilfe  #! SOP-L100
"""

    problems, marks = found(body, languages=["en-GB", "de"])

    assert marks == problems
