"""Pages as HTML files that stand alone: no script, nothing from elsewhere, for the screen, for paper and for readers of screens."""

from collections.abc import Sequence
from typing import Final

from runners.handbook.blocks import Bit, Bullets, Drawing, Facts, Heading, Inline, Page, Para, Table
from runners.handbook.html import Markup, escaped, joined, style, tag
from runners.handbook.speech import Speech
from runners.handbook.svg import svg
from runners.handbook.words import NAMES

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""Whatever a text held: nothing is loaded and nothing is run."""
_CSS: Final = """
:root{color-scheme:light dark;--ink:#1a1a1a;--soft:#4d4d4d;--paper:#fff;--band:#f3f5f8;--line:#c4c8ce;--link:#0b4f9e}
@media screen and (prefers-color-scheme:dark){:root{--ink:#f0f0f0;--soft:#bcbcbc;--paper:#1b1d21;--band:#25282e;--line:#4a4f58;
--link:#8fc1ff}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:72rem;padding:0 1rem 3rem;background:var(--paper);color:var(--ink);line-height:1.6;
overflow-wrap:anywhere;
font-family:system-ui,'Segoe UI',Roboto,Arial,'DejaVu Sans','PingFang SC','Microsoft YaHei','Malgun Gothic',sans-serif}
h1{font-size:1.9rem;line-height:1.25;margin:1.5rem 0 1rem}
h2{font-size:1.35rem;margin:2.5rem 0 .75rem;padding-bottom:.25rem;border-bottom:1px solid var(--line)}
h3{font-size:1.08rem;margin:2rem 0 .5rem}
h1,h2,h3,p,dd,li,th,td,a,[lang] [lang]{unicode-bidi:plaintext}
a{color:var(--link)}a:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--link);outline-offset:2px}
:lang(ko){word-break:keep-all}
p,.text{white-space:pre-line;max-width:46rem}
header nav,header p{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:.75rem 0}
header{border-bottom:1px solid var(--line)}
.skip{position:absolute;left:-999rem}.skip:focus{position:static}
nav ul{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem}
main nav{background:var(--band);padding:.75rem 1rem;border-radius:.5rem}
dl{display:grid;grid-template-columns:minmax(7rem,max-content) minmax(0,1fr);gap:.25rem 1rem;margin:.75rem 0}
dt{color:var(--soft);font-weight:600}dd{margin:0}
.wide{overflow-x:auto;margin:1rem 0}
table{overflow-wrap:break-word;border-collapse:collapse;width:100%;min-width:34rem;font-size:.94rem}
table:not(:has(tr>:nth-child(3))){min-width:0}
caption{text-align:left;font-weight:600;color:var(--soft);padding:.25rem 0}
th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border:1px solid var(--line);white-space:pre-line}
caption.heard{position:absolute;left:-999rem}thead th{background:var(--band)}
tbody th{font-weight:600;min-width:6em}
code{font-family:ui-monospace,Consolas,'DejaVu Sans Mono',monospace;font-size:.9em;background:var(--band);padding:.05em .3em}
figure{margin:1rem 0}figure svg{max-width:none;display:block;margin:0 auto}figcaption{color:var(--soft);font-size:.94rem}
@media(max-width:40rem){dl{grid-template-columns:1fr}dd{margin-bottom:.4rem}}
@media print{body{max-width:none;padding:0;font-size:10pt}header,main nav,.skip{display:none}h2,h3{break-after:avoid}
tr,dl{break-inside:avoid}.wide{overflow:visible}table{min-width:0}figure svg{max-width:100%;height:auto}
a{color:inherit;text-decoration:none}}
"""


def whole_page(page: Page, tags: Sequence[str], here: str) -> str:
    """The file of *page*.

    Args:
        page: what stands on it.
        tags: the languages of the handbook, as its folders are called.
        here: that of this page.
    """
    speech = Speech(page.lang)
    up = "../" * page.path.count("/")
    title = page.title.text if page.path == "index" else f"{page.title.text} · {speech.w('handbook')}"
    parts = [_banner(page, speech, up, tags, here), _main(page, speech)]
    body = tag("body", tag("a", speech.w("skip"), href="#content", class_="skip"), joined(parts))
    return f"<!DOCTYPE html>\n{tag('html', joined([_head(title), body]), lang=page.lang)}\n"


def chooser(tags: Sequence[str]) -> str:
    """The first page of the whole handbook, where a language is chosen; it is in all of them."""
    links = [tag("li", tag("a", NAMES.get(one, one), href=f"{one}/index.html", lang=one, hreflang=one)) for one in tags]
    title = " · ".join(dict.fromkeys(Speech(one).w("handbook") for one in tags if one in NAMES)) or Speech("en").w("handbook")
    body = tag("body", tag("main", tag("h1", title), tag("ul", *links)))
    return f"<!DOCTYPE html>\n{tag('html', joined([_head(title), body]), lang=tags[0] if tags[0] in NAMES else 'en')}\n"


def _head(title: str) -> Markup:
    parts = [
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", title),
        style(_CSS),
    ]
    return tag("head", joined(parts))


def _banner(page: Page, speech: Speech, up: str, tags: Sequence[str], here: str) -> Markup:
    """The head of a page: the pages over all SOPs, and the same page in other languages."""
    links = [
        tag("li", tag("a", speech.w(key), href=f"{up}{path}.html", aria_current="page" if path == page.path else None))
        for path, key in (("index", "handbook"), ("roles", "roles"), ("kpis", "kpis"))
    ]
    parts = [tag("nav", tag("ul", *links), aria_label=speech.w("pages"))]
    if len(tags) > 1:
        others = [
            tag("li", NAMES.get(one, one), lang=one)
            if one == here
            else tag("li", tag("a", NAMES.get(one, one), href=f"{up}../{one}/{page.path}.html", lang=one, hreflang=one))
            for one in tags
        ]
        parts.append(tag("nav", tag("ul", *others), aria_label=speech.w("languages")))
    return tag("header", joined(parts))


def _main(page: Page, speech: Speech) -> Markup:
    heads = [block for block in page.blocks if isinstance(block, Heading) and block.level == 2]  # noqa: PLR2004 - below the title
    links = [tag("li", tag("a", *(bit.text for bit in head.content), href=f"#{head.anchor}")) for head in heads]
    contents = [tag("nav", tag("ul", *links), aria_label=speech.w("contents"))] if links else []
    blocks = []
    last = ""
    for block in page.blocks:
        last = "".join(bit.text for bit in block.content) if isinstance(block, Heading) else last
        blocks.append(_table(block, heard=block.caption == last) if isinstance(block, Table) else _block(block, page))
    return tag("main", joined([tag("h1", *_inline((page.title._replace(href=""),))), *contents, *blocks]), id="content")


def _inline(content: Inline) -> list[Markup]:
    return [_bit(bit) for bit in content]


def _bit(bit: Bit) -> Markup:
    made = tag("code" if bit.style else "span", bit.text, lang=bit.lang or None) if bit.style or bit.lang else escaped(bit.text)
    if bit.href:
        path, sign, anchor = bit.href.partition("#")
        return tag("a", made, href=(f"{path}.html" if path else "") + sign + anchor)
    return made


def _block(block: Heading | Para | Bullets | Facts | Drawing, page: Page) -> Markup:
    if isinstance(block, Heading):
        return tag(f"h{block.level}", *_inline(block.content), id=block.anchor)
    if isinstance(block, Para):
        return tag("p", *_inline(block.content))
    if isinstance(block, Bullets):
        places = block.anchors or (None,) * len(block.items)
        return tag("ul", *(tag("li", *_inline(item), id=place) for item, place in zip(block.items, places, strict=True)))
    if isinstance(block, Facts):
        rows = [joined([tag("dt", name), tag("dd", *_inline(text))], "") for name, text in block.rows]
        return tag("dl", *rows) if rows else Markup()
    return _figure(block, page)


def _table(block: Table, *, heard: bool) -> Markup:
    """A table in a region that can be moved; a caption that repeats the heading above it is only ``heard``."""
    head = tag("thead", tag("tr", *(tag("th", name, scope="col") for name in block.heads)))
    rows = [
        tag("tr", tag("th", *_inline(row[0]), scope="row"), *(tag("td", *_inline(cell)) for cell in row[1:])) for row in block.rows
    ]
    made = tag("table", tag("caption", block.caption, class_="heard" if heard else None), head, tag("tbody", joined(rows)))
    return tag("div", made, class_="wide", role="region", tabindex=0, aria_label=block.caption)


def _figure(block: Drawing, page: Page) -> Markup:
    """The picture at its own size, in a region that can be moved with the keyboard."""
    picture = svg(block.picture, block.title, block.description, page.lang)
    region = tag("div", picture, class_="wide", role="region", tabindex=0, aria_label=block.title)
    return tag("figure", region, tag("figcaption", block.description))
