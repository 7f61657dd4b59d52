"""What the expression library finds wrong, in sentences of our own: while an expression is read, and while it is evaluated.

What it says is English, and names its own things (``_==_``, ``<EOF>``). The kinds of what it says are known by patterns; of
what is of no known kind its own words are kept, as a part of a sentence of ours.
"""

import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import wraps
from typing import Any, Final

from engine.text import said

_Found = re.Match[str]
_told: ContextVar[str] = ContextVar("_told", default="")
_STATUS: Final = re.compile(r"^[A-Z_]+: ")
_OPERATORS: Final[Mapping[str, str]] = {"@in": "in", "_?_:_": "? :", "_[_]": "[ ]"}
_HABITS: Final[Mapping[str, str]] = {
    "and": said("write && for and"), "or": said("write || for or"), "not": said("write ! for not"), "=": said("compare it: … == …"),
    "is": said("compare it: … == …"), "'": said("close the quotes"), '"': said("close the quotes"),
}  # fmt: skip
"""By a word or a sign that people know from elsewhere: what stands for it here."""


def _overload(found: _Found) -> str:
    name = found[1]
    operator = _OPERATORS.get(name) or name.strip("_")
    return said("{operator} cannot be used with {types}", operator=operator, types=found[2].replace("int64", "int"))


_READING: Final[tuple[tuple[re.Pattern[str], Callable[[_Found], str]], ...]] = (
    (re.compile(r"Syntax error: token recognition error at: '(.)"), lambda found: said("{sign} means nothing here", sign=found[1])),
    (
        re.compile(r"Syntax error: .*?(?:input|at) '(.*)'"),
        lambda found: (
            said("the expression ends too early") if found[1] == "<EOF>" else said("{sign} does not fit here", sign=found[1])
        ),
    ),
    (re.compile(r"found no matching overload for '([^']+)' applied to '(\([^']*\))'"), _overload),
    (
        re.compile(r"expression of type '([^']+)' cannot be the operand of a select"),
        lambda found: said("a {type} has no parts that a dot could name", type=found[1]),
    ),
    (re.compile("invalid (?:u?int|double) literal"), lambda _: said("the number is too large to be kept exactly")),
)

_EVALUATING: Final[tuple[tuple[re.Pattern[str], Callable[[_Found], str]], ...]] = (
    (re.compile(r'No value with name "([^"]+)" found'), lambda found: said("{name} has no value yet", name=found[1])),
    (re.compile("(?:divide|modulus) by zero"), lambda _: said("a number is divided by zero")),
    (
        re.compile(r"Index error: index=(-?\d+) size=(\d+)"),
        lambda found: said("there is no item {index} in a list of {size}, counted from 0", index=found[1], size=found[2]),
    ),
    (re.compile(r'Key not found in map : "([^"]*)"'), lambda found: said("there is no key {key}", key=found[1])),
    (
        re.compile(r"(?:cannot convert|Type conversion error from) '?(\w+)'? to '?(\w+)'?"),
        lambda found: said("this {given} cannot be turned into a value of type {type}", given=found[1], type=found[2]),
    ),
    (re.compile(".*overflow"), lambda _: said("a number is too large")),
    (re.compile("invalid regular expression"), lambda _: said("the pattern is no regular expression")),
    (re.compile(r"No matching overloads found : ([^(]+)(\(.*\))"), _overload),
)


def unreadable(what: str, text: str) -> tuple[str, str]:
    """What is wrong with the expression *text* that the library refuses to compile, and what to do; *what* are its words."""
    what = what.partition(" expecting {")[0]  # the list of tokens helps nobody
    for pattern, words in _READING:
        if found := pattern.match(what):
            return words(found), habit(found[1], text) if found.re.groups else ""
    return said("the expression cannot be read: {why}", why=what), ""


def habit(sign: str, text: str) -> str:
    """What to write for a *sign* that other languages have; the one that fits nowhere may be what stands behind it in *text*."""
    behind = re.search(rf"\bnot\s+{re.escape(sign)}", text)
    return _HABITS["not"] if behind else _HABITS.get(sign, "")


def telling(function: Callable[..., Any]) -> Callable[..., Any]:
    """*function*, of ours, for the library; why it gives no value is remembered, because the library keeps the words alone."""

    @wraps(function)
    def told(*given: Any) -> Any:  # noqa: ANN401 - what stands in expressions
        try:
            return function(*given)
        except ValueError as error:
            _told.set(error.args[0])
            raise ValueError(str(error)) from None  # the library takes nothing but plain text

    return told


def unanswered(why: str) -> str:
    """Why an expression gives no answer for its data; *why* are the words of the library."""
    why = _STATUS.sub("", why).strip().partition("\n")[0]
    if (inside := _told.get()) and inside in why:
        return inside
    for pattern, words in _EVALUATING:
        if found := pattern.match(why):
            return words(found)
    return said("the expression gives no answer: {why}", why=why)
