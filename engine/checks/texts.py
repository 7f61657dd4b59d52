"""Whether everybody can read it: everything people see in the same languages, and no translation that lost a placeholder."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final, NamedTuple

from engine.checks.codes import Lint
from engine.checks.outline import Document, Outline, Path, ends
from engine.problems import Problem, Severity
from engine.text import fallbacks, said

_PLACEHOLDER: Final = re.compile(r"\{[^{}]*\}")


class Spoken(NamedTuple):
    """Something that people read.

    Attributes:
        path: where it stands, or what lacks it.
        what: ``title``, ``label``, ``help``, ``option`` and so on.
        texts: tag to text. Empty where people are shown an id instead, which counts as the definition's own language.
    """

    path: Path
    what: str
    texts: Mapping[str, str]


def check(document: Document, languages: Collection[str]) -> Iterator[Problem]:
    """Texts that miss a language, and translations that miss a placeholder of their siblings.

    Args:
        document: the canonical document.
        languages: tags that every text must offer (error). Without any, each title must offer the languages of the
            definition's own title (warning).
    """
    own = document.get("lang", "en")
    wanted = _tries(list(languages) or [tag or own for tag in document["title"]])
    severity: Severity = "error" if languages else "warning"
    for spoken in texts(document):
        yield from _lost(spoken, own)
        if not languages and not (spoken.what == "title" and spoken.texts):
            continue
        there = _there(spoken, own)
        if missing := [tag for tag, tries in wanted.items() if there.isdisjoint(tries)]:
            message = said("the {text} is not translated: {languages}", text=spoken.what, languages=", ".join(missing))
            yield Problem(Lint.UNTRANSLATED, message, spoken.path, hint=said("give a text for each language"), severity=severity)


def offered(document: Document, languages: Collection[str]) -> tuple[dict[str, int], int]:
    """How many texts of *document* there are in each of *languages*, and how many there are at all."""
    own = document.get("lang", "en")
    everything = [_there(spoken, own) for spoken in texts(document)]
    wanted = _tries(languages)
    return {tag: sum(not there.isdisjoint(tries) for there in everything) for tag, tries in wanted.items()}, len(everything)


def tongues(document: Document) -> list[str]:
    """The languages that *document* has texts in, its own first."""
    return list(dict.fromkeys([document.get("lang", "en"), *(tag for found in texts(document) for tag in found.texts if tag)]))


def texts(document: Document) -> Iterator[Spoken]:
    """Everything in a canonical document that people read."""
    for what in ("title", "purpose", "scope"):
        yield Spoken((what,), what, document[what])
    for part in ("parameters", "inputs"):
        yield from _fields(document.get(part, {}), (part,))
    for name, signal in document.get("signals", {}).items():
        yield _named(signal, ("signals", name), "title")
        yield from _fields(signal.get("form", {}), ("signals", name, "form"))
    for name, kpi in document.get("kpis", {}).items():
        yield _named(kpi, ("kpis", name), "title")
    for number, schedule in enumerate(document.get("schedule", [])):
        yield from _optional(schedule, ("schedule", number), "title")
    for name in ends(Outline(document)):
        yield _named(document.get("ends", {}), ("ends",), name)._replace(what=said("name of the end {name}", name=name))
    yield from _steps(document["steps"], ("steps",))


def _steps(steps: list[Document], path: Path) -> Iterator[Spoken]:
    for number, step in enumerate(steps):
        here = (*path, number)
        yield _named(step, here, "title")
        yield from _optional(step, here, "instructions")
        yield from _fields(step.get("form", {}), (*here, "form"))
        for name, outcome in step.get("outcomes", {}).items():
            yield _named(outcome, (*here, "outcomes", name), "label")
        yield from _steps(step.get("steps", []), (*here, "steps"))
        for kind in ("parallel", "first"):
            for name, branch in step.get(kind, {}).items():
                yield _named(branch, (*here, kind, name), "title")
                yield from _steps(branch["steps"], (*here, kind, name, "steps"))


def _fields(fields: Mapping[str, Document], path: Path) -> Iterator[Spoken]:
    for name, field in fields.items():
        here = (*path, name)
        yield _named(field, here, "label")
        yield from _optional(field, here, "help")
        for part, what in (("options", said("option")), ("items", said("item"))):
            for key, words in field.get(part, {}).items():
                yield Spoken((*here, part, key), what, words)
        yield from _fields(field.get("columns", {}), (*here, "columns"))


def _named(part: Document, path: Path, what: str) -> Spoken:
    """What *part* is called; without a name its id is shown."""
    found: Mapping[str, str] = part.get(what, {})
    return Spoken((*path, what) if found else path, what, found)


def _optional(part: Document, path: Path, what: str) -> Iterator[Spoken]:
    if what in part:
        yield Spoken((*path, what), what, part[what])


def _tries(languages: Collection[str]) -> dict[str, list[str]]:
    """Each tag with those whose text a reader of it is shown."""
    return {tag: [part.lower() for part in fallbacks([tag])] for tag in languages}


def _there(spoken: Spoken, own: str) -> set[str]:
    """The languages that *spoken* has a text in."""
    return {(found or own).lower() for found in spoken.texts or ("",)}


def _lost(spoken: Spoken, own: str) -> Iterator[Problem]:
    """Translations without something in braces that another one has: it would be missing for their readers."""
    if not any("{" in text for text in spoken.texts.values()):
        return
    found = {tag: set(_PLACEHOLDER.findall(text)) for tag, text in spoken.texts.items()}
    everything = sorted(set().union(*found.values()))
    for tag, has in found.items():
        if missing := [name for name in everything if name not in has]:
            message = said(
                "{place} is missing in {language}, and another language has it", place=", ".join(missing), language=tag or own
            )
            yield Problem(Lint.LOST_PLACEHOLDER, message, (*spoken.path, tag), hint=said("keep what stands in braces as it is"))
