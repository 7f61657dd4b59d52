"""Why a text is no YAML, in sentences of our own: what stands in the wrong place, and what to do about it.

The library names the state that its reader was in ("while parsing a block mapping"), and does so in English. The words of
its two readers, the one in C and the one in Python, are known by parts that they share.
"""

from collections.abc import Callable, Mapping
from typing import Final

from engine.text import said

Words = tuple[str | Callable[[int], str], str]
"""What is wrong (some ask for the line where it began), and what to do."""


def _unclosed(sign: str) -> Callable[[int], str]:
    return lambda line: said("the bracket {sign} that opens in line {line} is not closed here", sign=sign, line=line)


_QUOTE: Final = said("put the text in quotes")
_COMMAS: Final = said("separate what stands in it with commas, and close it")
_CLOSE: Final = said("close them with the sign that opened them")
_TAB: Final[Words] = (said("a tab stands here where only spaces may"), said("indent with spaces"))
_TAG: Final[Words] = (said("what begins with ! is a tag, and this one cannot be read"), _QUOTE)
_ESCAPE: Final[Words] = (
    said("this escape in double quotes stands for no character"),
    said(r"give \x two hexadecimal digits, \u four and \U eight"),
)

_BY_PROBLEM: Final[Mapping[str, Words]] = {
    "found a tab character": _TAB,
    "mapping values are not allowed": (
        said("a colon stands here where no key can be"),
        said("quote a text that holds a colon and a space, or mend the indentation"),
    ),
    "sequence entries are not allowed": (
        said("a list cannot begin here"), said("begin each of its items in a line of its own, with a hyphen and a space"),
    ),
    "mapping keys are not allowed": (said("a key cannot begin here"), said("begin it in a line of its own")),
    "could not find expected ':'": (
        said("the text above this line is a key without a colon"), said("write key: value, or quote a text of several lines"),
    ),
    "expected ',' or ']'": (_unclosed("["), _COMMAS),
    "expected ',' or '}'": (_unclosed("{"), _COMMAS),
    "unexpected end of stream": (
        lambda line: said("the quotes that open in line {line} are never closed", line=line), _CLOSE,
    ),
    "found unexpected document": (
        lambda line: said("the quotes that open in line {line} are not closed where the document ends", line=line), _CLOSE,
    ),
    "found unknown escape character": (
        said("this backslash in double quotes begins no escape"), said(r"write \\ for a backslash, or use single quotes"),
    ),
    "hexdecimal number": _ESCAPE,
    "hexadecimal numbers": _ESCAPE,
    "invalid Unicode character escape": _ESCAPE,
    "node content": (
        said("a value is missing here"), said("remove the sign that is too many, or quote it if it is meant as text"),
    ),
    "found unexpected ':'": (said("a text within brackets has a colon at its end"), _QUOTE),
    "tag handle": _TAG,
    "incompatible YAML document": (said("directives (%…) are not used here"), said("files are read as YAML 1.2")),
    "document start": (said("the document has ended, and something follows"), said("one file holds one document")),
}  # fmt: skip
"""By a part of what the library says is the problem."""

_BY_CONTEXT: Final[Mapping[str, Words]] = {
    "block scalar": (said("only the end of the line can follow | or >"), said("begin the text in the next line")),
    "anchor": (said("what begins with & is an anchor, and this one has no name"), _QUOTE),
    "alias": (said("what begins with * is an alias, and this one has no name"), _QUOTE),
    "directive": (said("directives (%…) are not used here"), said("files are read as YAML 1.2")),
    "tag": _TAG,
    "block mapping": (
        lambda line: said("what stands here does not belong to the mapping that begins in line {line}", line=line),
        said("begin all its keys in one column; or quotes are closed too early, or there is a bracket too many"),
    ),
    "block collection": (
        lambda line: said("what stands here does not belong to the list that begins in line {line}", line=line),
        said("begin all its items in one column, each with a hyphen and a space"),
    ),
}  # fmt: skip
"""By a part of what the library was reading then, where the problem alone does not say enough."""

_GENERAL: Final[Words] = (
    said("from here on the file cannot be read as YAML"),
    said("look at the indentation, the quotes and the brackets of this line and of the one above"),
)


def syntax(problem: str, context: str, line: int, sign: str) -> tuple[str, str]:
    """What is wrong, and what to do.

    Args:
        problem: what the library says.
        context: what the library was reading; empty where it does not say.
        line: where that began; the first line is 1.
        sign: the character at which reading ended; empty at the end of a line.
    """
    if "cannot start any token" in problem:
        message, hint = _TAB if sign == "\t" else (said("a text cannot begin with {sign}", sign=sign), _QUOTE)
    else:
        known = ((problem, _BY_PROBLEM), (context, _BY_CONTEXT))
        message, hint = next((words[part] for text, words in known for part in words if part in text), _GENERAL)
    return message if isinstance(message, str) else message(line), hint
