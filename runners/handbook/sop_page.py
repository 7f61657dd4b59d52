"""The page of one SOP: why, for what, who, the picture, every step, figures, sources, versions."""

from collections.abc import Iterator, Sequence

from engine.names import MAIN
from engine.procedure import Procedure, Step
from engine.text import clean
from runners.handbook.blocks import (
    Bit,
    Block,
    Bullets,
    Drawing,
    Facts,
    Heading,
    Inline,
    Page,
    Para,
    Table,
    around,
    bits,
    filled,
    joined,
)
from runners.handbook.book import Book, Edition
from runners.handbook.conditions import condition
from runners.handbook.drawing import drawn
from runners.handbook.fields import form_table
from runners.handbook.figures import figures, heading
from runners.handbook.handing import handed
from runners.handbook.sourcing import OURS, cited
from runners.handbook.starting import starts
from runners.handbook.voice import Voice, spaced
from runners.handbook.ways import Way, due, each, join, late, marks, onward, reminders, tracks, unwaited, ways, who


def sop_page(book: Book, sop: str, languages: Sequence[str]) -> Page:
    """The page of *sop* for a reader of *languages*."""
    voice = book.voice(sop, languages)
    blocks = (*_head(voice), *_way_of_work(voice), *_steps(voice, book), *figures(voice), *_around(voice, book))
    blocks = tuple(filled(block) if isinstance(block, Table) else block for block in blocks)
    return Page(f"sop/{sop}", voice.said(voice.document["title"]), voice.tag, blocks)


def role_link(voice: Voice, role: str, up: str = "../") -> Bit:
    """The title of *role*, leading to the page of roles."""
    return Bit(voice.role(role), href=f"{up}roles#role-{role}")


def _head(voice: Voice) -> Iterator[Block]:
    document = voice.document
    yield heading(voice, "purpose")
    yield Para(bits(voice.said(document["purpose"])))
    yield heading(voice, "scope")
    yield Para(bits(voice.said(document["scope"])))
    facts = [
        (voice.w("owner"), bits(role_link(voice, voice.procedure.owner))),
        (voice.w("version"), bits(clean(voice.procedure.version))),
        (voice.w("review_every"), bits(voice.duration(document["review_every"]) if "review_every" in document else "")),
        (voice.w("command_name"), bits(Bit(voice.procedure.sop, style="code"))),
    ]
    yield Facts(tuple((name, text) for name, text in facts if text))
    yield heading(voice, "who")
    heads = (voice.w("role"), voice.w("does"))
    yield Table(voice.w("who"), heads, tuple(_part(voice, role) for role in _roles(voice.procedure)))
    if groups := document.get("separate"):
        yield heading(voice, "separate", 3)
        yield Para(bits(voice.w("separate_lead")))
        yield Bullets(tuple(joined([step_link(voice, step) for step in group], " / ") for group in groups))
    if allowed := document.get("permissions"):
        yield heading(voice, "permissions", 3)
        yield Bullets(
            tuple(
                around(
                    voice.named(voice.w(f"step.act_{act}"), "\0"),
                    joined([bits(role_link(voice, role)) for role in roles], voice.w("say.comma")),
                )
                for act, roles in allowed.items()
            )
        )
    if schedules := document.get("schedule"):
        yield heading(voice, "schedule", 3)
        yield Bullets(tuple(starts(voice, schedule) for schedule in schedules))
    if inputs := document.get("inputs"):
        yield heading(voice, "at_start")
        yield form_table(voice, inputs, voice.w("at_start"))


def _roles(procedure: Procedure) -> list[str]:
    return list(dict.fromkeys((*procedure.document["roles"], procedure.owner)))


def _part(voice: Voice, role: str) -> tuple[Inline, ...]:
    return bits(role_link(voice, role)), part_of(voice, role) or bits(voice.w("no_steps"))


def part_of(voice: Voice, role: str, page: str = "") -> Inline:
    """What *role* has to do in the definition, with links to the steps on *page*."""
    steps = list(_ordered(voice.procedure))
    does = [step_link(voice, step.id, page) for step in steps if step.role == role]
    told = [step_link(voice, step.id, page) for step in steps if any(one["to"] == role for one in step.doc.get("escalate", ()))]
    between = voice.w("say.semicolon")
    parts = [bits(voice.w("leads"))] if role == voice.procedure.owner else []
    parts += does
    if told:
        words = voice.w("say.colon", name=voice.w("told_when_late"), text="\0")
        parts.append(around(words, joined(told, voice.w("say.comma"))))
    return joined(parts, between)


def step_link(voice: Voice, step: str, page: str = "") -> Inline:
    """The number and title of *step*, leading to where it is explained."""
    return bits(Bit(voice.numbered_title(step), href=f"{page}#step-{step}"))


def _way_of_work(voice: Voice) -> Iterator[Block]:
    yield heading(voice, "diagram")
    title = voice.w("diagram_of", title=voice.plain(voice.document["title"]))
    yield Drawing(drawn(voice), title, voice.w("diagram_alt"))
    yield heading(voice, "overview")
    heads = tuple(voice.w(key) for key in ("number", "step", "by", "due", "goes_on"))
    yield Table(voice.w("overview"), heads, tuple(_line(voice, step) for step in _ordered(voice.procedure)))


def _ordered(procedure: Procedure, track: str = MAIN) -> Iterator[Step]:
    """Every step in the order of reading."""
    for step in procedure.tracks[track].steps:
        yield procedure.steps[step]
        for inner in procedure.tracks.values():
            if inner.owner == step:
                yield from _ordered(procedure, inner.name)


def _line(voice: Voice, step: Step) -> tuple[Inline, ...]:
    people = bits(role_link(voice, step.role)) if step.role else bits(voice.w(f"step.{step.kind}"))
    found = list(ways(voice, step))
    goals = [bits(*((way.name, " → ") if len(found) > 1 else ()), _goal(way)) for way in found]
    return (
        bits(voice.numbers[step.id]), bits(Bit(voice.title(step.id), href=f"#step-{step.id}")), people, due(voice, step),
        joined(goals, "\n") or _goes_on(voice, step),
    )  # fmt: skip


def _goal(way: Way) -> Bit:
    return Bit(way.goal, href=f"#step-{way.leads}" if way.leads else "")


def _goes_on(voice: Voice, step: Step) -> Inline:
    """What comes after a step that nobody chooses the end of."""
    return bits(f"{join(voice, step)} → " if tracks(voice, step) else "", onward(voice, step))


def _steps(voice: Voice, book: Book) -> Iterator[Block]:
    yield heading(voice, "details")
    for step in _ordered(voice.procedure):
        voice = voice.at(step.id)
        yield Heading(3, bits(f"{voice.numbers[step.id]} ", _title(voice, step)), f"step-{step.id}")
        yield Facts(tuple((voice.w(key), text) for key, text in _facts(voice, step, book) if text))
        if "instructions" in step.doc:
            yield Para(bits(voice.said(step.doc["instructions"])))
        if inner := tracks(voice, step):
            items = []
            for name, title, when in inner:
                first = voice.procedure.tracks[name].steps[0]
                condition_ = bits(" · ", voice.w("only_if"), " ", when) if when else ()
                items.append((*bits(title, " → "), *step_link(voice, first), *condition_))
            yield Bullets(tuple(items))
        if step.form:
            yield form_table(voice, step.form, voice.named(voice.numbered_title(step.id), voice.w("form")))
        yield from _outcomes(voice, step)


def _title(voice: Voice, step: Step) -> Bit:
    return voice.said(step.doc["title"]) if "title" in step.doc else Bit(spaced(step.id))


def _facts(voice: Voice, step: Step, book: Book) -> Iterator[tuple[str, Inline]]:
    doc = step.doc
    kind = [] if step.kind == "task" else [voice.w(f"step.{step.kind}")]  # most are; it need not be said each time
    yield "kind", bits(voice.listed([*kind, *marks(voice, step)], "say.semicolon"))
    if step.role:
        first, *more = who(voice, step)
        yield "by", bits(role_link(voice, step.role), *(f"{voice.w('say.semicolon')}{text}" for text in more))
        assert first  # noqa: S101 - the role has a title
    elif step.kind == "run" and doc["run"] in book.volumes:
        yield "starts", bits(Bit(voice.sop(doc["run"]), href=doc["run"]), unwaited(voice, step))
    else:
        yield "does", each(voice, step) if step.kind == "for_each" else bits(*who(voice, step)[:1])
    yield "hands_on", handed(voice, step, book.voice(doc["run"], voice.languages) if doc.get("run") in book.volumes else None)
    if "when" in doc:
        yield "only_if", bits(condition(voice, doc["when"]))
    if "while" in doc:
        yield "while", bits(condition(voice, doc["while"]))
    yield "due", due(voice, step)
    yield "remind", bits(voice.listed(reminders(voice, step), "say.semicolon"))
    yield "escalate", bits(voice.listed(late(voice, step), "say.semicolon"))
    if not _chosen(voice, step):
        yield "goes_on", _goes_on(voice, step)
    yield "source", cited(voice, doc["source"]) if "source" in doc else ()


def _chosen(voice: Voice, step: Step) -> list[Way]:
    """The ways out of *step*; none where it can only be done."""
    return list(ways(voice, step)) if step.kind != "task" or "outcomes" in step.doc else []


def _outcomes(voice: Voice, step: Step) -> Iterator[Table]:
    found = _chosen(voice, step)
    if not found:
        return
    heads = (voice.w("outcome"), voice.w("goes_on"), voice.w("note"))
    rows = tuple(
        (
            bits(way.name),
            bits(_goal(way)),
            joined([bits(note) for note in way.notes], voice.w("say.semicolon")),
        )
        for way in found
    )
    yield Table(voice.named(voice.numbered_title(step.id), voice.w("outcomes")), heads, rows)


def _around(voice: Voice, book: Book) -> Iterator[Block]:
    sop = voice.procedure.sop
    related = [
        (voice.w(key), joined([_sop_link(voice, book, other) for other in others], voice.w("say.semicolon")))
        for key, others in (
            ("refers", voice.document.get("references", ())), ("starts", book.starts[sop]), ("started_by", book.started_by(sop)),
            ("referred_by", book.referred_by(sop)),
        )
    ]  # fmt: skip
    if any(others for _, others in related):
        yield heading(voice, "references")
        yield Facts(tuple((name, others) for name, others in related if others))
    if sources := voice.document.get("sources"):
        yield heading(voice, "sources")
        places = tuple(f"source-{number}" for number in range(1, len(sources) + 1))
        yield Bullets(tuple(cited(voice, source) if source.startswith(OURS) else bits(clean(source)) for source in sources), places)
    yield heading(voice, "history")
    heads = tuple(voice.w(key) for key in ("version", "when", "published_by", "why"))
    editions = book.volumes[sop].editions
    if not any(edition.at for edition in editions):
        yield Para(bits(voice.w("this_file", version=clean(voice.procedure.version))))
        return
    yield Table(voice.w("history"), heads, tuple(_edition(voice, edition) for edition in editions))


def _sop_link(voice: Voice, book: Book, sop: str) -> Inline:
    return bits(Bit(voice.sop(sop), href=sop if sop in book.volumes else ""))


def _edition(voice: Voice, edition: Edition) -> tuple[Inline, ...]:
    out = ""
    if edition.retired_at:
        out = voice.w("taken_out", when=edition.retired_at[:10], why=clean(edition.retired_why))
    why = voice.listed([clean(edition.why), out], "say.semicolon")
    return bits(clean(edition.version)), bits(edition.at[:10]), bits(clean(edition.by)), bits(why)
