"""Which names an expression mentions, found by its tokens and not by its meaning; needs no expression library."""

import re
from collections.abc import Iterable
from typing import Final

_TOKENS: Final = re.compile(
    r"""
      //[^\n]*                                              # a comment
    | [bB]?[rR][bB]?(?:\"\"\".*?\"\"\"|'''.*?'''|"[^"\n]*"|'[^'\n]*')    # raw text: a backslash means itself
    | [bB]?(?:\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<dot>\.)
    | (?P<quote>`)
    | (?P<space>\s+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


def references(text: str, names: Iterable[str]) -> frozenset[str]:
    """Which of the declared *names* the expression *text* may read.

    Found by its identifiers, not by its meaning: a name that a macro variable hides is counted too. So the answer may
    hold too much and never too little.
    """
    chains = set(_chains(text))
    return frozenset(name for name in names if name in chains)


def _chains(text: str) -> Iterable[str]:
    """Every dotted chain of identifiers in *text*, and each beginning of it: ``a.b.c`` gives a, a.b and a.b.c."""
    chain = ""
    joined = False
    for token in _TOKENS.finditer(text):
        kind = token.lastgroup
        if kind == "name":
            chain = f"{chain}.{token[0]}" if joined and chain else token[0]
            joined = False
            yield chain
        elif kind == "dot":
            joined = True
        elif kind == "other" or (kind is None and not token[0].startswith("//")):
            chain, joined = "", False


def members(text: str, root: str) -> frozenset[str]:
    """What the expression *text* takes of the name *root*: ``row.actual / row.target`` takes actual and target of row."""
    return frozenset(chain.split(".")[1] for chain in _chains(text) if chain.startswith(f"{root}."))


def bare(text: str) -> str:
    """*text* with blanks for comments and for what stands in quotes, each as long as it was: what is left is code."""
    return _TOKENS.sub(lambda token: token[0] if token.lastgroup else " " * len(token[0]), text)


def quoted(text: str) -> bool:
    """Whether *text* names something in back quotes."""
    return any(token.lastgroup == "quote" for token in _TOKENS.finditer(text))
