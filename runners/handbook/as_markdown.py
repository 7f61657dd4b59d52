"""Pages as Markdown, for places that show it; what people wrote is escaped so that it stays text."""

import re
from typing import Final

from engine.text import clean
from runners.handbook.blocks import Bit, Block, Bullets, Facts, Heading, Inline, Page, Para, Table

_SIGNS: Final = re.compile(r"([\\`*_\[\]<>#|~&!$])")
_BEGINS: Final = re.compile(r"^(\s*)([-+=]|\d+[.)](?=\s|$))", re.MULTILINE)
_LINKED: Final = re.compile(r"(?i)\b(https?|ftp|mailto|xmpp)(:)|\b(www)(\.)")
"""What some readers make a link of by themselves."""


def escaped(text: str) -> str:
    """*text* without anything that Markdown would take for its own."""
    plain = _SIGNS.sub(r"\\\1", clean(text, lines=True))
    plain = _LINKED.sub(lambda found: f"{found[1] or found[3]}\\{found[2] or found[4]}", plain)
    return _BEGINS.sub(lambda found: f"{found[1]}{_held(found[2])}", plain)


def _held(sign: str) -> str:
    """What would begin a list or a heading; of a number it is the sign after it that would."""
    return f"{sign[:-1]}\\{sign[-1]}"


def whole_page(page: Page) -> str:
    """The file of *page*; its picture lies beside it."""
    parts = [
        f"# {_inline((page.title._replace(href=''),), cell=True)}",
        _contents(page),
        *(_block(block, page) for block in page.blocks),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _contents(page: Page) -> str:
    """Links to the headings of a long page."""
    heads = [block for block in page.blocks if isinstance(block, Heading) and block.level == 2]  # noqa: PLR2004 - below the title
    links = [f"[{escaped(''.join(bit.text for bit in head.content))}](#{head.anchor})" for head in heads]
    return " · ".join(links) if len(links) > 1 else ""


def _inline(content: Inline, *, cell: bool = False, table: bool = False) -> str:
    text = "".join(_bit(bit, table=table) for bit in content)
    return " ".join(text.replace("\n", "<br>").split()) if cell else re.sub(r"\s*\n\s*", "<br>\n", text.strip())


def _bit(bit: Bit, *, table: bool) -> str:
    if bit.style == "code":
        longest = max((len(run) for run in re.findall("`+", bit.text)), default=0)
        fence = "`" * (longest + 1)
        text = " ".join(clean(bit.text).split())
        made = f"{fence} {text} {fence}" if longest else f"{fence}{text}{fence}"
        return made.replace("|", "\\|") if table else made
    text = escaped(bit.text)
    if bit.href:
        path, sign, anchor = bit.href.partition("#")
        text = f"[{text}]({f'{path}.md' if path else ''}{sign}{anchor})"
    return text


def _block(block: Block, page: Page) -> str:
    if isinstance(block, Heading):
        return f'<a id="{block.anchor}"></a>\n\n{"#" * block.level} {_inline(block.content, cell=True)}'
    if isinstance(block, Para):
        return _inline(block.content)
    if isinstance(block, Bullets):
        places = [f'<a id="{place}"></a>' for place in block.anchors] or [""] * len(block.items)
        return "\n".join(f"- {place}{_inline(item, cell=True)}" for item, place in zip(block.items, places, strict=True))
    if isinstance(block, Facts):
        return "\n".join(f"- **{escaped(name)}**: {_inline(text, cell=True)}" for name, text in block.rows)
    if isinstance(block, Table):
        lines = [_row([escaped(head) for head in block.heads]), _row(["---"] * len(block.heads))]
        lines += [_row([_inline(cell, cell=True, table=True) for cell in row]) for row in block.rows]
        return "\n".join(lines)
    return f"![{escaped(block.title)}]({page.path.rpartition('/')[2]}.svg)\n\n{escaped(block.description)}"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
