"""The pages over all SOPs: the index by area, who does what, every figure."""

from collections.abc import Iterator, Sequence

from engine.text import clean
from runners.handbook.blocks import Bit, Block, Facts, Heading, Page, Para, Table, bits
from runners.handbook.book import Area, Book
from runners.handbook.figures import kpi_table
from runners.handbook.sop_page import part_of
from runners.handbook.sourcing import linked, places
from runners.handbook.speech import Speech, words_tag
from runners.handbook.voice import said, spaced


def overview_pages(book: Book, languages: Sequence[str]) -> list[Page]:
    """The index, the page of roles and that of figures, for a reader of *languages*."""
    speech = Speech(words_tag(languages))
    return [
        Page(path, Bit(speech.w(title)), speech.tag, tuple(blocks))
        for path, title, blocks in (
            ("index", "handbook", _index(book, languages, speech)),
            ("roles", "roles", _roles(book, languages, speech)),
            ("kpis", "kpis", _kpis(book, languages, speech)),
        )
    ]


def _index(book: Book, languages: Sequence[str], speech: Speech) -> Iterator[Block]:
    yield Para(bits(speech.w("index_lead", count=len(book.volumes), run=speech.w("a_run"))))
    for number, area in enumerate(_areas(book, speech), start=1):
        title = said(area.title, languages, "en", speech.tag)
        yield Heading(2, bits(title), f"area-{number}")
        rows = []
        for sop in area.sops:
            voice = book.voice(sop, languages)
            name = voice.said(voice.document["title"])._replace(href=f"sop/{sop}")
            owner = Bit(voice.role(voice.procedure.owner), href=f"roles#role-{voice.procedure.owner}")
            rows.append(
                (bits(name), bits(voice.said(voice.document["purpose"])), bits(owner), bits(clean(voice.procedure.version)))
            )
        heads = tuple(speech.w(key) for key in ("procedure", "purpose", "owner", "version"))
        yield Table(title.text, heads, tuple(rows))


def _areas(book: Book, speech: Speech) -> Iterator[Area]:
    """The areas that have an SOP here, and one for those that stand in none."""
    listed: set[str] = set()
    for area in book.areas:
        if sops := tuple(sop for sop in area.sops if sop in book.volumes and sop not in listed):
            listed.update(sops)
            yield area._replace(sops=sops)
    if rest := tuple(sorted(set(book.volumes) - listed)):
        yield Area({speech.tag: speech.w("other_area" if listed else "procedures")}, rest)


def _roles(book: Book, languages: Sequence[str], speech: Speech) -> Iterator[Block]:
    yield Para(bits(speech.w("roles_lead")))
    links: dict[str, str] = {}
    for sop, volume in book.volumes.items():
        links = places(volume.procedure.document, f"sop/{sop}") | links  # the first page that has the short name
    for role in book.named_roles():
        entry = book.roles.get(role, {})
        title = said(entry["title"], languages, "en", speech.tag) if entry.get("title") else Bit(spaced(role))
        yield Heading(2, bits(title), f"role-{role}")
        duties = bits(said(entry.get("duties"), languages, "en", speech.tag)) if entry.get("duties") else ()
        yield Facts(
            tuple(
                (name, text)
                for name, text in (
                    (speech.w("duties"), duties),
                    (speech.w("external"), bits(speech.w("yes")) if entry.get("external") else ()),
                    (speech.w("source"), linked(speech, str(entry["source"]), links) if entry.get("source") else ()),
                )
                if text
            )
        )
        rows = []
        for sop, volume in book.volumes.items():
            if role in (*volume.procedure.document["roles"], volume.procedure.owner):
                voice = book.voice(sop, languages)
                part = part_of(voice, role, f"sop/{sop}") or bits(speech.w("no_steps"))
                rows.append((bits(voice.said(voice.document["title"])._replace(href=f"sop/{sop}")), part))
        yield Table(title.text, (speech.w("procedure"), speech.w("does")), tuple(rows))


def _kpis(book: Book, languages: Sequence[str], speech: Speech) -> Iterator[Block]:
    yield Para(bits(speech.w("kpis_lead", run=speech.w("a_run"))))
    for sop, volume in book.volumes.items():
        if kpis := volume.procedure.document.get("kpis"):
            voice = book.voice(sop, languages)
            title = voice.said(voice.document["title"])._replace(href=f"sop/{sop}")
            yield Heading(2, bits(title), f"kpis-{sop}")
            yield kpi_table(voice, list(kpis), f"sop/{sop}")._replace(caption=title.text)
