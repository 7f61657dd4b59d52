"""From the bytes of a YAML file to a definition, or to every problem that keeps it from being one.

The only module that knows YAML. Bytes are measured, decoded strictly and looked through for hidden characters; then the
parser's *events* are turned into plain data in one pass that never recurses and stops at the first limit. The loaders
of the library are not used: they follow YAML 1.1 (``on`` is true, ``12:30`` is 750), expand aliases into gigabytes,
keep the last of two equal keys, and one of them ends the process on 100,000 brackets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import yaml

from engine import limits
from engine.checks.codes import Lint
from engine.places import Marks, Place, Places
from engine.problems import Problem
from engine.scalars import core, hidden, position
from engine.syntax import syntax
from engine.text import hostile, said

if TYPE_CHECKING:
    from engine.definition import Definition

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BOM: Final = "\ufeff"


@dataclass(frozen=True, slots=True)
class Plain:
    """A YAML file as plain data.

    Attributes:
        document: the data, as far as it could be read; None if nothing could.
        problems: everything found, each with line and column. With an error among them the data must not be used.
        places: where everything stands.
    """

    document: object
    problems: tuple[Problem, ...]
    places: Places


@dataclass(frozen=True, slots=True)
class Parsed:
    """A definition as read.

    Attributes:
        definition: the definition; None when an error was found.
        document: the plain data, as far as it could be read.
        problems: everything found, each with line and column, at most ``limits.PROBLEMS`` and one that counts the rest.
        places: where everything stands; gives later problems their lines.
    """

    definition: Definition | None
    document: object
    problems: tuple[Problem, ...]
    places: Places


def read(text: bytes, *, name: str = "") -> Parsed:
    """The definition in *text*, or all problems. Never raises for what the bytes hold.

    Args:
        text: the file as it is.
        name: its path or name; a ``.yaml`` file that is not called like its SOP is warned about.
    """
    from engine.shape import shaped

    plain = read_plain(text)
    if plain.document is None:
        return Parsed(None, None, plain.problems, plain.places)
    definition, problems = shaped(plain.document)
    seen = {(problem.line, problem.column) for problem in plain.problems}
    found = [*plain.problems, *(p for p in plain.places.placed(problems) if (p.line, p.column) not in seen)]
    if any(problem.severity == "error" for problem in found):
        definition = None
    if definition is not None and (misnamed := _misnamed(definition.sop, name)):
        found += plain.places.placed([misnamed])
    return Parsed(definition, plain.document, _capped(found), plain.places)


def read_plain(text: bytes) -> Plain:
    """The plain data in *text* (roles, people, scenarios, settings), under the same guards as a definition."""
    decoded = _decoded(text)
    if isinstance(decoded, Problem):
        return _nothing(decoded)
    if found := list(hidden(decoded)):
        return _nothing(*found)
    reader = _Reader()
    try:
        reader.read(decoded)
    except _Stop as stop:
        return _nothing(*reader.problems, stop.problem)
    except yaml.YAMLError as error:
        return _nothing(*reader.problems, _syntax(error, decoded))
    return Plain(reader.root, _capped(reader.problems), Places(reader.root, reader.marks, reader.start))


def _decoded(text: bytes) -> str | Problem:
    if len(text) > limits.DOCUMENT_BYTES:
        size = said("the file has more than {limit} bytes", limit=limits.DOCUMENT_BYTES)
        return Problem(Lint.TOO_LARGE, size, line=1, column=1)
    try:
        decoded = text.decode("utf-8")
    except UnicodeDecodeError as error:
        before = text[: error.start].decode("utf-8")
        line, column = position(before, len(before))
        hint = said("save the file as UTF-8")
        if text[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            hint = said("save the file as UTF-8, it looks like UTF-16")
        return Problem(Lint.ENCODING, said("the file is not UTF-8"), line=line, column=column, hint=hint)
    if decoded.startswith(_BOM):
        hint = said("save the file as UTF-8 without BOM")
        return Problem(Lint.ENCODING, said("the file begins with a byte order mark"), line=1, column=1, hint=hint)
    return decoded


def _nothing(*problems: Problem) -> Plain:
    return Plain(None, _capped(problems), Places())


def _capped(problems: list[Problem] | tuple[Problem, ...]) -> tuple[Problem, ...]:
    ordered = sorted(problems, key=lambda problem: (problem.line, problem.column))
    rest = len(ordered) - limits.PROBLEMS
    if rest <= 0:
        return tuple(ordered)
    last = ordered[limits.PROBLEMS - 1]
    more = Problem(Lint.MORE, said("{count} more problems are not shown", count=rest), line=last.line, column=last.column)
    return (*ordered[: limits.PROBLEMS], more)


def _misnamed(sop: str, name: str) -> Problem | None:
    stem, dot, suffix = name.replace("\\", "/").rpartition("/")[2].rpartition(".")
    if not dot or suffix not in {"yaml", "yml"} or stem == sop:
        return None
    return Problem(
        Lint.FILE_NAME,
        said("the file is called {file}, and its SOP {sop}", file=stem, sop=sop),
        ("sop",),
        hint=said("rename it to {sop}.yaml", sop=sop),
        severity="warning",
    )


def _syntax(error: yaml.YAMLError, text: str) -> Problem:
    mark, began = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    problem, context = getattr(error, "problem", None) or "", getattr(error, "context", None) or ""
    sign = "".join(text.split("\n")[line - 1 : line])[column - 1 : column]  # the end may be a line below the last
    message, hint = syntax(problem, context, began.line + 1 if began else line, sign)
    return Problem(Lint.SYNTAX, message, line=line, column=column, hint=hint)


class _Stop(Exception):  # noqa: N818 - not an error of the program: reading ends here
    """Nothing after this can be trusted."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class _Reader:
    """Builds plain data from events. Holds a stack of open containers instead of recursing.

    Attributes:
        root: the data.
        start: where it begins.
        marks: the places of everything in it.
        problems: what was found on the way and did not end the reading.
    """

    def __init__(self) -> None:
        self.root: object = None
        self.start: Place = (1, 1)
        self.marks: Marks = {}
        self.problems: list[Problem] = []
        self._open: list[Any] = []
        self._key: str | None = None
        self._key_place: Place = (1, 1)
        self._nodes = 0
        self._documents = 0

    def read(self, text: str) -> None:
        """Read the one document of *text*."""
        for event in yaml.parse(text, Loader=_LOADER):
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self._scalar(event)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self._container(event, {} if kind is yaml.MappingStartEvent else [])
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self._open.pop()
            elif kind is yaml.AliasEvent:
                raise _Stop(_problem(Lint.ANCHOR, said("aliases (*name) are not used here"), event, said("write the value out")))
            elif kind is yaml.DocumentStartEvent:
                self._document(event)
        if self.root is None:
            raise _Stop(Problem(Lint.DOCUMENTS, said("the file holds no document"), line=1, column=1))

    def _document(self, event: Any) -> None:  # noqa: ANN401 - an event of the library
        self._documents += 1
        if self._documents > 1:
            raise _Stop(_problem(Lint.DOCUMENTS, said("a second document begins"), event, said("one file holds one document")))
        if event.tags or event.version not in {None, (1, 2)}:
            raise _Stop(_problem(Lint.TAG, said("directives (%…) are not used here"), event, said("files are read as YAML 1.2")))

    def _node(self, event: Any) -> None:  # noqa: ANN401 - an event of the library
        self._nodes += 1
        if self._nodes > limits.DOCUMENT_NODES:
            raise _Stop(_problem(Lint.LIMIT, said("the document has more than {limit} values", limit=limits.DOCUMENT_NODES), event))
        if event.anchor is not None:
            raise _Stop(_problem(Lint.ANCHOR, said("anchors (&name) are not used here"), event, said("write the value out")))
        if event.tag is not None:
            self.problems.append(
                _problem(Lint.TAG, said("the tag {tag} is not used here", tag=event.tag[:40]), event, said("remove it"))
            )

    def _container(self, event: Any, made: dict[str, Any] | list[Any]) -> None:  # noqa: ANN401 - an event
        self._node(event)
        if self._expects_key():
            raise _Stop(_problem(Lint.KEY_TYPE, said("a key is a list or a mapping"), event, said("keys are text")))
        self._put(made, _place(event))
        self._open.append(made)
        self.marks[id(made)] = {}
        if len(self._open) > limits.DOCUMENT_DEPTH:
            raise _Stop(_problem(Lint.LIMIT, said("nested more than {limit} levels deep", limit=limits.DOCUMENT_DEPTH), event))

    def _scalar(self, event: Any) -> None:  # noqa: ANN401 - an event of the library
        self._node(event)
        text: str = event.value
        if len(text) > limits.SCALAR_CHARACTERS:
            raise _Stop(
                _problem(Lint.LIMIT, said("a text has more than {limit} characters", limit=limits.SCALAR_CHARACTERS), event)
            )
        if not text.isprintable():
            self._printable(text, event)
        if self._expects_key():
            self._take_key(text, event)
            return
        value: object = text
        if not event.style:
            value = self._plain_value(text, event)
        self._put(value, _place(event))

    def _printable(self, text: str, event: Any) -> None:  # noqa: ANN401 - an event of the library
        """Escapes in quotes can write what the file itself may not hold."""
        bad = hostile(text, lines=not self._expects_key()) or ("\r" if "\r" in text else "")
        if bad:
            self.problems.append(
                _problem(Lint.CONTROL, said("the text holds the character {character}", character=f"U+{ord(bad):04X}"), event)
            )

    def _plain_value(self, text: str, event: Any) -> object:  # noqa: ANN401 - an event of the library
        try:
            return core(text)
        except ValueError as error:
            hint = said("put it in quotes if it is meant as text")
            self.problems.append(_problem(Lint.NUMBER, error.args[0], event, hint))
            return 0

    def _expects_key(self) -> bool:
        return self._key is None and bool(self._open) and isinstance(self._open[-1], dict)

    def _take_key(self, text: str, event: Any) -> None:  # noqa: ANN401 - an event of the library
        if text == "<<" and not event.style:
            raise _Stop(_problem(Lint.ANCHOR, said("merge keys (<<) are not used here"), event, said("write the keys out")))
        if not event.style and not isinstance(self._plain_value(text, event), str):
            self.problems.append(
                _problem(Lint.KEY_TYPE, said("the key {key} is not text", key=text[:40] or "null"), event, said("put it in quotes"))
            )
        marks = self.marks[id(self._open[-1])]
        if text in marks:
            first = marks[text][0][0]
            message = said('the key "{key}" stands here and in line {line}', key=text[:80], line=first)
            self.problems.append(_problem(Lint.DUPLICATE_KEY, message, event, said("keep one of them")))
        self._key, self._key_place = text, _place(event)

    def _put(self, value: object, place: Place) -> None:
        if not self._open:
            self.root, self.start = value, place
            return
        container = self._open[-1]
        marks = self.marks[id(container)]
        if isinstance(container, list):
            marks[len(container)] = (place, place)
            container.append(value)
            return
        key = self._key
        assert key is not None  # noqa: S101 - a value in a mapping comes after its key
        self._key = None
        if key not in container:
            container[key] = value
            marks[key] = (self._key_place, place)


def _place(event: Any) -> Place:  # noqa: ANN401 - an event of the library
    mark = event.start_mark
    return mark.line + 1, mark.column + 1


def _problem(code: Lint, message: str, event: Any, hint: str = "") -> Problem:  # noqa: ANN401 - an event of the library
    line, column = _place(event)
    return Problem(code, message, line=line, column=column, hint=hint)
