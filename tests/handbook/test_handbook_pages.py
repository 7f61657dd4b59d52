"""The pages of the shipped SOPs: everything of a definition is there, in every language, and every link leads somewhere."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Any

import pytest

from runners.handbook.blocks import Bit, Table, filled
from runners.handbook.book import Book, Volume
from runners.handbook.building import made
from runners.handbook.figures import kpi_table, target
from runners.handbook.sourcing import cited
from runners.handbook.voice import Voice, spaced
from runners.handbook.words import NAMES, TAGS, WORDS
from tests.handbook.conftest import LANGUAGES
from tests.handbook.reading import Read
from tests.handbook.test_handbook_conditions import DOCUMENT
from tests.handbook.test_handbook_conditions import voice as sample


def sops(book: Book) -> Iterator[tuple[str, str, Voice]]:
    for tag in TAGS:
        for sop in book.volumes:
            yield tag, sop, book.voice(sop, (tag,))


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def said(voice: Voice, source: str) -> str:
    """A source as the page has it."""
    return "".join(bit.text for bit in cited(voice, source))


def asked(voice: Voice, fields: Mapping[str, Any]) -> Iterator[str]:
    """Every label that a form shows: of fields, columns, choices and items, and every help."""
    for name, field in fields.items():
        yield voice.label(name, field)
        yield voice.plain(field.get("help"))
        yield from asked(voice, field.get("columns", {}))
        for labels in (field.get("options"), field.get("items")):
            for option, text in (labels or {}).items():
                yield voice.plain(text) or spaced(option)


def test_every_sop_has_a_page_in_every_language(book: Book, html: dict[str, bytes]) -> None:
    """Beside them there are the index, the roles and the KPIs of each language, and the page to choose one; and nothing else."""
    expected = {f"{tag}/sop/{sop}.html" for tag in TAGS for sop in book.volumes}
    expected |= {f"{tag}/{page}.html" for tag in TAGS for page in ("index", "roles", "kpis")} | {"index.html"}
    assert set(html) == expected
    assert len(book.volumes) > 15


def test_everything_a_person_needs_is_on_the_page(book: Book, pages: dict[str, Read]) -> None:
    """Purpose, scope, roles, every step with its instructions, every field, choice, outcome, KPI, setting and source."""
    for tag, sop, voice in sops(book):
        document = voice.document
        (body,) = pages[f"{tag}/sop/{sop}.html"].all("main")
        wanted = [voice.plain(document[key]) for key in ("title", "purpose", "scope")]
        wanted += [voice.role(role) for role in document["roles"]]
        wanted += [source for source in document.get("sources", ()) if not source.startswith("INF")] + [document["version"]]
        wanted += [voice.sop(other) for other in document.get("references", ())]
        for part in ("inputs", "parameters"):
            wanted += asked(voice, document.get(part, {}))
        for signal in document.get("signals", {}).values():
            wanted += [voice.plain(signal.get("title")), *asked(voice, signal.get("form", {}))]
        for name, kpi in document.get("kpis", {}).items():
            wanted += [voice.plain(kpi.get("title")) or spaced(name), said(voice, kpi["source"])]
        for step in voice.procedure.steps.values():
            wanted += [
                voice.numbered_title(step.id),
                voice.plain(step.doc.get("instructions")),
                said(voice, step.doc.get("source", "")),
            ]
            wanted += asked(voice, step.form)
            wanted += [voice.plain(way.get("label")) for way in step.outcomes.values()]
        missing = [text for text in wanted if flat(text) not in body.text]
        assert missing == [], (tag, sop)


def test_pages_say_their_language_and_lead_through_headings(pages: dict[str, Read]) -> None:
    """One first heading, no level left out, one main part, a title, and the language on the root; other languages are marked."""
    for path, page in pages.items():
        (root,) = page.all("html")
        tag = path.split("/")[0] if "/" in path else "en"
        assert root.attributes["lang"] == tag
        assert len(page.all("main")) == len(page.all("h1")) == len(page.all("title", "title")) - len(page.all("svg"))
        levels = [int(element.tag[1]) for element in page.all("h1", "h2", "h3", "h4")]
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels)), path
        for marked in page.attributes("lang"):
            assert marked in NAMES, path


def test_tables_have_captions_and_headings(pages: dict[str, Read]) -> None:
    """Every table names itself, every column and every row has a heading with its scope."""
    for path, page in pages.items():
        tables = page.all("table")
        assert len(page.all("caption")) == len(tables), path
        assert all(caption.text for caption in page.all("caption"))
        assert {element.attributes["scope"] for element in page.all("th")} <= {"col", "row"}
        rows = [element for element in page.all("tr") if "tbody" in element.path]
        assert len(rows) == len([element for element in page.all("th") if element.attributes["scope"] == "row"])


def test_pictures_are_described_and_regions_named(pages: dict[str, Read], book: Book) -> None:
    """The picture of each SOP has a title and a description; what can be moved sideways can be reached with the keyboard."""
    for tag, sop, _ in sops(book):
        page = pages[f"{tag}/sop/{sop}.html"]
        (picture,) = page.all("svg")
        assert picture.attributes["role"] == "img"
        named = set(picture.attributes["aria-labelledby"].split())
        assert {element.attributes.get("id") for element in page.all("title", "desc")} >= named
        regions = [element for element in page.elements if element.attributes.get("role") == "region"]
        assert all(element.attributes["aria-label"] and element.attributes["tabindex"] == "0" for element in regions)
        assert len(regions) == len(page.all("table")) + 1


def test_every_link_leads_somewhere(pages: dict[str, Read]) -> None:
    """Each link leads to a file of the handbook, and to a place that is on it once; none leads out."""
    ids = {path: page.attributes("id") for path, page in pages.items()}
    for path, found in ids.items():
        assert len(found) == len(set(found)), path
    for path, page in pages.items():
        for link in page.attributes("href"):
            file, _, anchor = link.partition("#")
            goal = normpath(str(PurePosixPath(path).parent / file)) if file else path
            assert goal in pages, (path, link)
            assert not anchor or anchor in ids[goal], (path, link)


def test_pages_need_nothing_else(html: dict[str, bytes], pages: dict[str, Read]) -> None:
    """No script, nothing to load, and a policy that would not let anything in."""
    for path, page in pages.items():
        assert not page.all("script", "iframe", "img", "object", "embed", "link", "form", "base"), path
        assert not [name for element in page.elements for name in element.attributes if name.startswith("on") or name == "src"]
        assert b"url(" not in html[path]
        assert b"@import" not in html[path]
        policy = [e.attributes["content"] for e in page.all("meta") if "http-equiv" in e.attributes]
        assert policy
        assert policy[0].startswith("default-src 'none'")


def test_same_definitions_give_the_same_bytes(book: Book, html: dict[str, bytes]) -> None:
    """Nothing of the time, of chance or of an order that nobody chose gets into a page."""
    again = made(book, {"ko": LANGUAGES["ko"]})
    other = made(book, {"ko": LANGUAGES["ko"]})
    assert again == other
    # With other languages beside it only the links to them differ.
    assert Read(again["ko/sop/crisis.html"].decode()).all("main") == Read(html["ko/sop/crisis.html"].decode()).all("main")


def test_index_lists_every_sop_once_by_area(book: Book, pages: dict[str, Read]) -> None:
    """Each area is a heading with a table, and what stands in no area comes last."""
    page = pages["zh-Hans/index.html"]
    links = [link for link in page.attributes("href") if link.startswith("sop/")]
    assert sorted(links) == sorted(f"sop/{sop}.html" for sop in book.volumes)
    assert next(element.text for element in page.all("h2")) == "策略与规划"
    alone = Book([book.volumes["crisis"]], book.roles, ())
    (only,) = Read(made(alone, {"en": ("en",)})["en/index.html"].decode()).all("h2")
    assert only.text == "Procedures"
    some = Book([book.volumes["crisis"], book.volumes["audit"]], book.roles, [area for area in book.areas if "audit" in area.sops])
    heads = Read(made(some, {"en": ("en",)})["en/index.html"].decode()).all("h2")
    assert [head.text for head in heads] == ["Strategy and planning", "Further procedures"]


def test_roles_page_says_who_does_what_everywhere(book: Book, pages: dict[str, Read]) -> None:
    """Every role that an SOP names is there with its duties, and with each of its steps in each SOP."""
    page = pages["en/roles.html"]
    links = set(page.attributes("href"))
    assert [e.attributes["id"] for e in page.all("h2")] == [f"role-{role}" for role in book.named_roles()]
    for sop, volume in book.volumes.items():
        for step in volume.procedure.steps.values():
            if step.role:
                assert f"sop/{sop}.html#step-{step.id}" in links
    (body,) = page.all("main")
    assert "Plans the whole, coordinates people" in body.text or "owns the procedure" in body.text


def test_kpi_page_holds_every_figure(book: Book, pages: dict[str, Read]) -> None:
    """All KPIs of all SOPs, in every language."""
    for tag, sop, voice in sops(book):
        (body,) = pages[f"{tag}/kpis.html"].all("main")
        for name, kpi in voice.document.get("kpis", {}).items():
            assert (voice.plain(kpi.get("title")) or spaced(name)) in body.text, (tag, sop, name)


def test_sops_lead_to_one_another(book: Book, pages: dict[str, Read]) -> None:
    """References and child runs are links, on the page of the other one too."""
    for sop, started in book.starts.items():
        links = pages[f"en/sop/{sop}.html"].attributes("href")
        for other in started:
            if other in book.volumes:
                assert f"{other}.html" in links
                assert f"{sop}.html" in pages[f"en/sop/{other}.html"].attributes("href")
        for other in book.volumes[sop].procedure.document.get("references", ()):
            assert other not in book.volumes or f"{other}.html" in links


@pytest.mark.parametrize("key", WORDS)
def test_words_have_the_same_places_in_every_language(key: str) -> None:
    """No language is empty, and none forgets or invents a place."""
    texts = WORDS[key]
    assert len(texts) == len(TAGS)
    assert all(text.strip() for text in texts)
    assert len({frozenset(re.findall(r"\{(\w+)\}", text)) for text in texts}) == 1


def test_a_language_without_words_of_ours_has_texts_of_its_own(book: Book) -> None:
    """Headings are English, titles in the language that was asked for or else the best there is, marked where they differ."""
    document = dict(book.volumes["crisis"].procedure.document)
    document["title"] = {"de": "Krise", "en": "Crisis"}
    from engine.procedure import Procedure

    german = Book([book.volumes["crisis"]._replace(procedure=Procedure(document, ""))], book.roles, ())
    page = Read(made(german, {"de": ("de",)})["de/sop/crisis.html"].decode())
    assert page.all("html")[0].attributes["lang"] == "en"
    assert [e.text for e in page.elements if e.attributes.get("lang") == "de"] == ["Krise"]
    assert "Purpose" in [e.text for e in page.all("h2")]


def test_markdown_holds_the_same(book: Book) -> None:
    """The plain alternative has the same files, a picture beside each SOP, and every step."""
    files = made(book, {"zh-Hant": ("zh-Hant",)}, "markdown")
    expected = {f"zh-Hant/sop/{sop}.{ending}" for sop in book.volumes for ending in ("md", "svg")}
    assert set(files) == expected | {f"zh-Hant/{page}.md" for page in ("index", "roles", "kpis")} | {"index.md"}
    for sop, volume in book.volumes.items():
        text = files[f"zh-Hant/sop/{sop}.md"].decode()
        assert text.count('<a id="step-') == len(volume.procedure.steps)
        for path in re.findall(r"\]\(([^)#]+)", text):
            assert normpath(f"zh-Hant/sop/{path}") in files, (sop, path)
        for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
            assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1, table
        assert files[f"zh-Hant/sop/{sop}.svg"].startswith(b"<svg ")


def test_an_end_is_called_what_the_definition_says(pages: dict[str, Read]) -> None:
    """The page speaks of an end by its name in the reader's language, not by the id that commands take."""
    for page, words in (("ko/sop/influencer.html", "종료: 협업에 부적합"), ("en/sop/influencer.html", "End: Not fit for creators")):
        (body,) = pages[page].all("body")
        assert words in body.text


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("INF", "our own estimate"),
        ("INF: our own inference", "our own estimate"),
        ("INF: set your own limit", "our own estimate: set your own limit"),
        ("INF thresholds", "our own estimate: the threshold"),
        ("INF (day 7 of the run)", "our own estimate (day 7 of the run)"),
        ("GSA; the length is INF", "GSA; the length: our own estimate"),
        ("CYX; INF for the target", "CYX; the target: our own estimate"),
        ("S1, reconstructed; practitioners", "S1, mended; practitioners"),
        ("S1: Friday", "S1: Friday"),
    ],
)
def test_sources_are_said_in_the_language_of_the_page(book: Book, source: str, words: str) -> None:
    """What definitions always call the same has words in every language; names of works stay what they are."""
    assert said(book.voice("audit", ("en",)), source) == words
    assert "INF" not in said(book.voice("audit", ("ko",)), source)


def test_a_source_of_ones_own_that_has_our_short_name_is_itself() -> None:
    """Whoever lists it among the sources means that."""
    own = sample(sources=["INF: Institute of Nice Figures"])
    assert [(bit.text, bit.href) for bit in cited(own, "INF 2024; x")] == [
        ("INF", "#source-1"),
        (" 2024", ""),
        ("; ", ""),
        ("x", ""),
    ]


def test_short_names_of_sources_lead_to_their_list(book: Book, pages: dict[str, Read]) -> None:
    """On the page of the SOP and from the page of all figures; a name that is not in the list is no link."""
    page = pages["ko/sop/account_takeover.html"]
    assert [bullet.text for bullet in page.all("li") if bullet.attributes.get("id") == "source-4"] == [
        "VIC: Victorian Government social media policy (records)"
    ]
    assert ("CYX", "") in [(bit.text, bit.href) for bit in cited(book.voice("account_takeover", ("ko",)), "CYX; GSA")]
    assert any(link.text == "GSA" and link.attributes["href"] == "#source-1" for link in page.all("a"))
    assert any(link.startswith("sop/") and "#source-" in link for link in pages["ko/roles.html"].attributes("href"))
    assert "INF" not in pages["ko/roles.html"].all("main")[0].text
    links = pages["ko/kpis.html"].attributes("href")
    assert any(link.startswith("sop/") and "#source-" in link for link in links)


def test_a_long_markdown_page_begins_with_its_contents(book: Book) -> None:
    """Each heading below the title is a link there, and the numbers of versions are whole."""
    page = made(book, {"en": ("en",)}, "markdown")["en/sop/crisis.md"].decode()
    contents = page.split("\n\n")[1]
    assert re.findall(r"\(#(\w+)\)", contents) == re.findall(r'<a id="(\w+)"></a>\n\n## ', page)
    assert f"**Version**: {book.volumes['crisis'].procedure.version}\n" in page


def test_columns_in_which_nothing_stands_are_left_out() -> None:
    """The first one stays, and a table with something in each column is the same as before."""
    text = (Bit("x"),)
    assert filled(Table("T", ("A", "B", "C"), ((text, (), text), (text, (), ())))) == Table(
        "T", ("A", "C"), ((text, text), (text, ()))
    )
    whole = Table("T", ("A", "B"), ((text, ()), (text, text)))
    assert filled(whole) == whole
    assert filled(Table("T", ("A", "B"), (((), ()),))).heads == ("A",)


def test_units_and_times_are_said_once(book: Book) -> None:
    """A target that is set as a length of time has no unit besides; usual units are said in the language of the page."""
    rows = {tag: kpi_table(book.voice("crisis", (tag,)), ["first_response"]).rows for tag in ("en", "ko")}
    assert [rows[tag][0][1] for tag in rows] == [(Bit("≤ 60 minutes"),), (Bit("≤ 60분"),)]
    (answer,) = kpi_table(book.voice("campaign", ("zh-Hans",)), ["report_on_time"]).rows
    assert answer[1] == (Bit("≤ 14 天"),)
    (growth,) = kpi_table(book.voice("strategy", ("en",)), ["followers_growth"]).rows
    assert growth[1] == (Bit("≥ “Growth of followers expected in half a year (X)” (at the start)"),)
    assert target(book.voice("crisis", ("en",)), "<= parameters.first_response", "min") == "≤ 60 minutes"


def test_what_a_definition_of_ones_own_may_hold_has_its_place() -> None:
    """Permissions, what holds only for a while, alternatives, and expressions that there are no words for, as code."""
    own = sample(
        permissions={"skip": ["lead"], "reopen": ["lead", "maker"]},
        results={"odd": "write.note.matches('a|b')", "which": "which.branch", "plain": "write.fee"},
        steps=[
            *DOCUMENT["steps"][:1],
            {"id": "each", "for_each": {"line": "write.note.lines()"}, "steps": [{"id": "post", "role": "maker"}]},
            {"id": "which", "first": {
                "paid": {"title": "Paid", "steps": [{"id": "money", "wait": {"signal": "paid"}}]},
                "late": {"steps": [{"id": "later", "wait": {"for": "2 days"}}]},
            }},
            {"id": "sell", "role": "maker", "while": "which.branch == 'paid'"},
            {"id": "decide", "decide": [
                {"when": "write.note.matches('x')", "to": "write", "rounds": 2, "then": "end"}, {"else": "end"},
            ]},
        ],
        kpis={"k": {"value": "write.fee", "target": ">= 1", "source": "s", "confidence": "team"}},
    )  # fmt: skip
    page = Read(made(Book([Volume(own.procedure, ())], {}, ()), {"en": ("en",)})["en/sop/sample.html"].decode())
    (body,) = page.all("main")
    assert "leave steps out: lead" in body.text
    assert "open it again: lead, maker" in body.text
    assert "result of step 3 = “Paid”" in body.text
    assert "when the first is done" in body.text
    assert "odd: write.note.matches('a|b')" in body.text
    codes = [code.text for code in page.all("code")]
    assert "write.note.matches('a|b')" in codes
    assert codes.count("write.note.matches('x')") == 2
    assert "write.note.lines()" in codes
