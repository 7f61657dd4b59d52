"""Texts that would be more than text: in HTML, in SVG, in Markdown they stay what people wrote."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.procedure import Procedure
from runners.handbook import as_markdown
from runners.handbook.blocks import Bit, Facts, Page, Table
from runners.handbook.book import Area, Book, Edition, Volume
from runners.handbook.building import made
from runners.handbook.html import Markup, escaped, style, tag
from tests.handbook.reading import Read
from tests.handbook.test_handbook_conditions import voice
from tests.handbook.test_handbook_layout import sound

EVIL = [
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "[x](javascript:alert(1))",
    "https://evil.example/",
    "<!-- ",
    "]]>",
    "</svg></title></desc>",
    "&lt;b&gt;",
    "\x1b[31m\x07\x9b",
    "\u202egnp.exe",
    "\ud800",
    "\x00",
    "x" * 5000,
    "# h\n- l\n1. n\n| a | b |",
    "``` `",
    "{0.__class__}{name}",
    "%s%n",
    "```\n</code>",
    "🏳\u200d🌈",
    "\\",
    "a\u2028b",
]

SAID = re.compile(r"\\[!-/:-@\[-`{-~]|(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)")
"""What Markdown takes for text in any case: an escaped sign, or code."""


def spoiled(value: Any, evil: str, *, text: bool = False) -> Any:  # noqa: ANN401 - any part of a document
    """*value* with *evil* in place of every text that people wrote."""
    if isinstance(value, dict):
        return {
            key: spoiled(one, evil, text=text or key in {"title", "label", "help", "purpose", "scope", "instructions"})
            if key not in {"options", "items"}
            else {name: {"": evil} for name in one}
            for key, one in value.items()
        }
    if isinstance(value, list):
        return [spoiled(one, evil, text=text) for one in value]
    return evil if text and isinstance(value, str) else value


def volume(evil: str) -> Volume:
    """The definition of the conditions' tests, spoiled behind the back of the models."""
    plain = voice(kpis={"k": {"target": "> 1", "source": "s", "confidence": "team", "unit": "u"}}).document
    document: dict[str, Any] = {**spoiled(plain, evil), "sources": [evil], "sop": "sample"}
    document["kpis"] = {"k": {**document["kpis"]["k"], "source": evil, "unit": evil, "period": evil, "target": f"> {evil}"}}
    first = {**document["steps"][0], "source": evil, "when": f"'{evil}' == write.note"}
    document["steps"] = [first, *document["steps"][1:]]
    return Volume(Procedure(document, ""), (Edition("1.0.0", "2026-11-22T00:00:00Z", evil, evil, "2026-11-23T00:00:00Z", evil),))


def book(evil: str) -> Book:
    return Book([volume(evil)], {"lead": {"title": evil, "duties": evil, "source": evil}}, [Area({"en": evil}, ("sample",))])


def structure(page: Read) -> list[tuple[str, tuple[str, ...]]]:
    """All elements with the names of their attributes, but for the lines of the picture, which depend on how long texts are."""
    return [(e.tag, tuple(sorted(e.attributes))) for e in page.elements if "svg" not in e.path]


@pytest.mark.parametrize("evil", EVIL)
def test_no_text_becomes_markup(evil: str) -> None:
    """Whatever people wrote: the same elements with the same attributes, the same links, no script, no control character."""
    harmless = made(book("harmless"), {"en": ("en",)})
    files = made(book(evil), {"en": ("en",)})
    for path, body in files.items():
        text = body.decode()
        page = Read(text)
        # A text that holds something to enter a condition with is said as code, and that is the one difference.
        kept = [item for item in structure(page) if item[0] not in {"code", "span"}]
        assert kept == [item for item in structure(Read(harmless[path].decode())) if item[0] not in {"code", "span"}]
        assert {e.tag for e in page.elements} - {e.tag for e in Read(harmless[path].decode()).elements} <= {"code"}
        assert all(re.fullmatch(r"(\.\./|[a-z_/-])*[a-z_]*(\.html)?(#[a-z0-9_:-]+)?", link) for link in page.attributes("href"))
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029]", text)


@pytest.mark.parametrize("evil", [one for one in EVIL if one not in {"\x1b[31m\x07\x9b", "\x00", "\ud800"}])
def test_what_people_wrote_can_still_be_read(evil: str) -> None:
    """Escaping loses nothing: the title is on the page as it was written."""
    (title,) = Read(made(book(evil), {"en": ("en",)})["en/sop/sample.html"].decode()).all("h1")
    expected = (
        evil.encode("unicode_escape").decode() if evil in {"\u202egnp.exe", "a\u2028b"} else re.sub(r"\s+", " ", evil).strip()
    )
    assert title.text.replace(" ", "") == expected.replace(" ", "")


@pytest.mark.parametrize("evil", EVIL)
def test_pictures_bear_any_text(evil: str) -> None:
    """Very long words are broken, boxes stay apart."""
    from runners.handbook.drawing import drawn

    sound(drawn(book(evil).voice("sample", ("en",))))


@pytest.mark.parametrize("evil", EVIL)
def test_markdown_keeps_texts_to_be_texts(evil: str) -> None:
    """The same lines as of a harmless text begin headings, lists and tables; no raw tag, no link of people's own."""
    harmless = made(book("harmless"), {"en": ("en",)}, "markdown")
    for path, body in made(book(evil), {"en": ("en",)}, "markdown").items():
        text = body.decode()
        if path.endswith(".md"):
            bare, plain = (SAID.sub("", one) for one in (text, harmless[path].decode()))
            assert set(re.findall(r"<(\w+)", bare)) <= {"a", "br"}
            links = re.findall(r"\]\(([^)]*)\)", bare)
            assert set(links) == set(re.findall(r"\]\(([^)]*)\)", plain))
            beginnings = [re.match(r"#+ |- |\| |\d+[.)] ", line) for line in text.splitlines()]
            same = [re.match(r"#+ |- |\| |\d+[.)] ", line) for line in harmless[path].decode().splitlines()]
            assert [found[0] for found in beginnings if found] == [found[0] for found in same if found]


@given(st.text())
def test_escaped_text_reads_back_as_it_was(text: str) -> None:
    """HTML gives back what was written, but for what steers a screen, which is written out."""
    from engine.text import clean

    page = Read(tag("p", text, title=text))
    (found,) = page.all("p")
    wanted = clean(text, lines=True)
    assert found.attributes["title"] == wanted
    assert found.text == re.sub(r"\s+", " ", wanted).strip()
    assert isinstance(escaped(text), Markup)


@given(st.text(alphabet="ab \\`*_[]<>#|~&!$-+=.:)(1\nhtps:/w"))
def test_markdown_has_no_sign_left(text: str) -> None:
    """Each sign of Markdown has a backslash before it, and no line begins as a list."""
    found = as_markdown.escaped(text)
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_\[\]<>#|~&!$]", found)
    assert not re.search(r"^\s*([-+=]|\d+[.)])", found, re.MULTILINE)
    assert "http:" not in found
    assert "www." not in found


def test_code_is_whole_where_it_stands() -> None:
    """In a table the bar has a backslash before it, which the reader does not see there; in a list it has none, which he would."""
    code = Bit("a.matches('x|y')", style="code")
    page = Page("sop/a", Bit("T"), "en", (Facts((("Only if", (code,)),)), Table("T", ("A",), (((code,),),))))
    text = as_markdown.whole_page(page)
    assert "- **Only if**: `a.matches('x|y')`" in text
    assert "| `a.matches('x\\|y')` |" in text


def test_text_of_either_direction_stays_in_its_place() -> None:
    """Each paragraph, cell and link finds its own direction, so that a number beside a title stays beside it."""
    page = made(book("وصفة"), {"en": ("en",)})["en/sop/sample.html"].decode()
    assert "h1,h2,h3,p,dd,li,th,td,a,[lang] [lang]{unicode-bidi:plaintext}" in page


def test_links_lead_only_where_we_make_them() -> None:
    """A link to anywhere else is an error of ours and never written."""
    for link in ("javascript:alert(1)", "//evil.example", "https://evil.example", "data:text/html,x", "/etc/passwd", "a b", "a\nb"):
        with pytest.raises(ValueError, match="no link of ours"):
            tag("a", "x", href=link)
    assert tag("a", "x", href="../roles.html#role-lead") == '<a href="../roles.html#role-lead">x</a>'


def test_style_sheets_end_where_we_end_them() -> None:
    """A style sheet with a tag in it is refused."""
    with pytest.raises(ValueError, match="no tags"):
        style("</style>")
    assert tag("input", hidden=True, name=None) == "<input hidden></input>"
