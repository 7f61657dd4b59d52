"""What a step gives along to the run that it starts, on the page of its SOP."""

from engine.canonical import canonical_document
from engine.definition import Definition
from engine.procedure import Procedure
from runners.handbook.book import Book
from runners.handbook.handing import handed
from runners.handbook.voice import Voice
from tests.handbook.reading import Read


def test_page_says_what_a_run_is_given(book: Book, pages: dict[str, Read]) -> None:
    """Every value that a step gives along stands on the page, under the label that the other SOP has for it."""
    for tag in ("en", "zh-Hans", "zh-Hant", "ko"):
        for sop, volume in book.volumes.items():
            (body,) = pages[f"{tag}/sop/{sop}.html"].all("main")
            for step in volume.procedure.steps.values():
                if step.kind == "run" and step.doc["run"] in book.volumes:
                    other = book.voice(step.doc["run"], (tag,))
                    told = "".join(bit.text for bit in handed(book.voice(sop, (tag,)), step, other))
                    assert told in body.text
                    for name in step.doc.get("with", {}):
                        if name != "parameters":
                            assert other.quoted(other.label(name, other.document["inputs"][name])) in told, (tag, sop, step.id)


def test_values_of_an_item_a_word_and_the_run_itself_are_said(book: Book) -> None:
    """Columns of the item that a run is started for, options of the other SOP and the run itself are no expressions."""
    steps = book.volumes["campaign"].procedure.steps

    def said(step: str) -> str:
        other = book.voice(steps[step].doc["run"], ("en",))
        return "".join(bit.text for bit in handed(book.voice("campaign", ("en",)), steps[step], other))

    assert said("creators_run").startswith("“Planned publication” = “Creators publish on” (step 3); ")
    assert said("creators_run").endswith(" = this run")
    assert "“Topic” = “Topic”; " in said("produce_post")
    assert "post.topic" not in said("produce_post")
    assert "“Campaign”" in said("ads_run")
    assert handed(book.voice("campaign", ("en",)), steps["brief"], None) == ()


def test_what_nothing_is_known_of_is_said_by_its_names() -> None:
    """Of an SOP that is not in the handbook, names are the labels; parameters are among what is given."""
    document = canonical_document(
        Definition.model_validate(
            {
                "sop": "outer",
                "version": "1.0.0",
                "title": "Outer",
                "purpose": "p",
                "scope": "s",
                "owner": "lead",
                "roles": ["lead"],
                "inputs": {"day": {"type": "date", "label": "Day"}, "kinds": {"type": "multi_choice", "options": ["a", "b"]}},
                "steps": [
                    {"id": "write", "role": "lead"},
                    {
                        "id": "each",
                        "for_each": {"kind": "inputs.kinds"},
                        "steps": [
                            {
                                "id": "child",
                                "run": "inner",
                                "with": {"for_day": "inputs.day", "sort_of": "kind", "sure": "true", "parameters": {"few": "2"}},
                            }
                        ],
                    },
                ],
            }
        )
    )
    voice = Voice(Procedure(document, ""), ("en",), {}, {})
    told = "".join(bit.text for bit in handed(voice, voice.procedure.steps["child"], None))
    assert told == "“for day” = “Day” (at the start); “sort of” = this entry; “sure” = yes; “few” = 2"


def test_words_after_a_link_stand_apart_from_it(pages: dict[str, Read]) -> None:
    """That nobody waits for a run is a word of its own behind the title of what is started."""
    (body,) = pages["en/sop/campaign.html"].all("main")
    assert "Content production & review and does not wait for it" in body.text
    assert "reviewand" not in body.text


def test_items_that_are_kept_are_said(pages: dict[str, Read]) -> None:
    """Over which rows of a table a for-each goes stands there in words, in the picture too."""
    assert "content.posts.filter" not in pages["en/sop/campaign.html"].all("main")[0].text
