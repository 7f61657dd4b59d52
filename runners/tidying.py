"""One layout for YAML files, with every comment kept and nothing meant otherwise than before.

The only module that knows the round-trip library; nothing but formatting needs it. What comes out is compared with what went
in: the fingerprint of the definition, the data of any other file, and the comments. What cannot be kept is refused.
"""

import io
import json
import re
from collections import Counter
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.emitter import RoundTripEmitter
from ruamel.yaml.error import YAMLError
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.tokens import ScalarToken

from engine.canonical import canonical_document, fingerprint
from engine.parse import read, read_plain
from engine.problems import Problem
from runners.ordering import ordered
from runners.tongue import spoken

WIDTH: Final = 132
"""Characters in a line, where it can be broken."""
_ROUNDS: Final = 4
_COMMENT: Final = re.compile(r"#.*")
_HEADER: Final = re.compile(r"[|>][-+0-9]*[ \t]+(#.*)")
_HOLD: Final = "#~held~"
"""Stands for a moment behind brackets in a list: the library loses what follows on lines of its own where nothing does."""
_NOTHING: Final = re.compile("^$")


class Unread(ValueError):  # noqa: N818 - says what the file is
    """A file that is no YAML, or holds what is refused anyway.

    Attributes:
        problems: why.
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(spoken("the file cannot be read"))
        self.problems = problems


class Untidy(ValueError):  # noqa: N818 - says what the file is
    """A file that cannot be laid out without changing or losing something; the text says what."""


def tidied(body: bytes) -> bytes:
    """The file *body* in its one layout. What it gives is given again for itself.

    A definition without errors gets its keys in order too; of anything else (scenarios, roles, people) the order stays.

    Raises:
        Unread: the file cannot be read.
        Untidy: a comment, or what the file means, would be lost.
    """
    meaning, definition = _meaning(body)
    before = body.decode().replace("\r\n", "\n")
    made = before
    try:
        for _ in range(_ROUNDS):
            last, made = made, _laid_out(made, in_order=definition)
            if made == last:
                break
        else:
            raise Untidy(spoken("its layout does not settle"))
        if made == before:
            return made.encode()  # nothing can be lost
        lost = Counter(_comments(before)) - Counter(_comments(made))
    except YAMLError as error:
        raise Untidy(spoken("it is written in a way that cannot be kept ({error})", error=type(error).__name__)) from error
    if lost:
        raise Untidy(
            spoken("the comment {comment} stands where it cannot be kept; move it to a line of its own", comment=next(iter(lost)))
        )
    if _meaning(made.encode())[0] != meaning:
        raise Untidy(spoken("it is written in a way that cannot be kept"))
    return made.encode()


def _meaning(body: bytes) -> tuple[str, bool]:
    """What must stay the same, and whether *body* is a definition without errors."""
    definition = read(body).definition
    if definition is not None:
        return fingerprint(canonical_document(definition)), True
    plain = read_plain(body)
    if any(problem.severity == "error" for problem in plain.problems):
        raise Unread(plain.problems)
    return json.dumps(plain.document), False


def _comments(text: str) -> list[str]:
    """Every comment of *text*: what stands between the tokens and begins with ``#``."""
    found: list[str] = []
    end = 0
    for token in _plain().scan(text):
        found += _COMMENT.findall(text[end : token.start_mark.index])
        end = max(end, token.end_mark.index)
        if isinstance(token, ScalarToken) and token.style in {"|", ">"} and (head := _HEADER.match(text, token.start_mark.index)):
            found.append(head[1])
    return [comment.rstrip() for comment in found + _COMMENT.findall(text[end:])]


def _plain() -> YAML:
    return YAML(typ="safe", pure=True)


def _laid_out(text: str, *, in_order: bool) -> str:
    root = _plain().compose(text)
    if in_order and (sorted_text := ordered(text, root)) != text:
        text, root = sorted_text, _plain().compose(sorted_text)
    yaml = YAML()
    yaml.Resolver = _Untyped
    yaml.Emitter = _Lines
    yaml.preserve_quotes = True
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(yaml.load(_held(text, root)), out)
    return re.sub(rf" *{_HOLD}$", "", out.getvalue(), flags=re.MULTILINE)


def _held(text: str, root: Any) -> str:  # noqa: ANN401 - the library's
    """*text* with a mark behind every item in brackets that comments or blank lines follow."""
    lines = [*text.split("\n"), ""]
    todo = [root]
    while todo:
        node = todo.pop()
        if isinstance(node.value, str) or node.flow_style:
            continue
        for item in node.value:
            inner = item[1] if isinstance(item, tuple) else item
            todo.append(inner)
            end = inner.end_mark
            flow = inner is item and not isinstance(inner.value, str) and inner.flow_style
            if flow and not lines[end.line][end.column :].strip() and lines[end.line + 1].strip()[:1] in {"", "#"}:
                lines[end.line] += f" {_HOLD}"
    return "\n".join(lines[:-1])


class _Untyped(VersionedResolver):
    """Takes every value for text, so that a number or a date is written as it was."""

    @property
    def versioned_resolver(self) -> Any:  # noqa: ANN401 - the library's
        """Only nothing at all is not text."""
        return {"": [("tag:yaml.org,2002:null", _NOTHING)]}


class _Lines(RoundTripEmitter):
    """Breaks plain texts between words, without the blanks that the library leaves at ends of lines; quoted ones never."""

    def write_plain(self, text: Any, split: Any = True) -> None:  # noqa: ANN401, FBT002 - the library's
        """Write *text*, as many words in a line as fit."""
        words, indent = text.split(" "), self.indent or 0
        if self.root_context or not text or "\n" in text or "" in words:
            super().write_plain(text, split)
            return
        for number, word in enumerate(words):
            room = 1 + len(word) + bool(self.flow_level)  # a comma or a bracket may follow
            if split and self.column + room > self.best_width and (number or self.flow_level) and self.column > indent:
                self.write_indent()
            elif number or not self.whitespace:
                self._put(" ")
            self._put(word)
            self.whitespace = self.indention = False

    def write_single_quoted(self, text: Any, split: Any = True) -> None:  # noqa: ANN401, ARG002, FBT002 - the library's
        """Write *text* in one line."""
        super().write_single_quoted(text, split=False)

    def write_double_quoted(self, text: Any, split: Any = True) -> None:  # noqa: ANN401, ARG002, FBT002 - the library's
        """Write *text* in one line."""
        super().write_double_quoted(text, split=False)

    def _put(self, text: str) -> None:
        self.column += len(text)
        self.stream.write(text)
