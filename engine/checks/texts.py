"""Whether everybody can read it: titles in the same languages throughout."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from engine.checks.codes import Lint
from engine.checks.outline import Document, Path
from engine.problems import Problem, Severity
from engine.text import fallbacks

_TEXTS: Final = ("title", "purpose", "scope", "instructions", "label", "help")


def check(document: Document, languages: Collection[str]) -> Iterator[Problem]:
    """Texts that miss a language.

    Args:
        document: the canonical document.
        languages: tags that every text must offer (error). Without any, each title must offer the languages of the
            definition's own title (warning).
    """
    own = document.get("lang", "en")
    wanted = list(languages) or [tag or own for tag in document["title"]]
    severity: Severity = "error" if languages else "warning"
    for path, texts in _texts(document, (), all_of_them=bool(languages)):
        offered = {(tag or own).lower() for tag in texts}
        missing = [tag for tag in wanted if not any(part.lower() in offered for part in fallbacks([tag]))]
        if missing:
            message = f"the {path[-1]} is not translated: {', '.join(missing)}"
            yield Problem(Lint.UNTRANSLATED, message, path, hint="give a text for each language", severity=severity)


def _texts(value: Any, path: Path, *, all_of_them: bool) -> Iterator[tuple[Path, Mapping[str, str]]]:  # noqa: ANN401
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _texts(item, (*path, number), all_of_them=all_of_them)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in _TEXTS and _is_text(item) and not _names(path):
                if all_of_them or key == "title":
                    yield (*path, key), item
            else:
                yield from _texts(item, (*path, key), all_of_them=all_of_them)


def _names(path: Path) -> bool:
    """Whether the keys at *path* are names that the author chose (a field may be called ``title``)."""
    return bool(path) and path[-1] in {"form", "inputs", "parameters", "columns", "outcomes", "parallel", "kpis", "with", "results"}


def _is_text(item: object) -> bool:
    return isinstance(item, dict) and all(isinstance(text, str) for text in item.values())
