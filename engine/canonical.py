"""One way to write a value as bytes, and the document of a definition in the form that is hashed.

The profile is RFC 8785 narrowed until Python's own encoder produces exactly its bytes: text keys in ASCII (then the
order of UTF-16 units is the order of characters), no floating point at all (amounts travel as decimal text), integers
that every reader keeps. What lies outside is refused, never adapted, because two writers that adapt differently hash
differently.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from engine.limits import WHOLE_NUMBER
from engine.text import said

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.definition import Definition

_DEPTH: Final = 64
"""Twice the depth of a document; the check below and the encoder recurse."""
_PLAIN: Final = frozenset({str, bool, type(None)})

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False).encode


class CanonicalError(ValueError):
    """A value has no canonical form."""


def canonical(value: object) -> bytes:
    """The bytes of *value* in the restricted RFC 8785 profile.

    Args:
        value: ``None``, ``bool``, ``int``, ``str``, and lists, tuples and dicts of these.

    Raises:
        CanonicalError: floats (NaN among them), integers beyond 2^53 - 1, keys that are not ASCII text, lone
            surrogates, other types, and nesting of more than 64 levels (cycles too).
    """
    _refuse(value, _DEPTH)
    try:
        return _encode(value).encode()
    except UnicodeEncodeError as error:
        character = f"U+{ord(error.object[error.start]):04X}"
        raise CanonicalError(said("a text holds the lone surrogate {character}", character=character)) from None


def encoded(value: object) -> bytes:
    """The bytes that ``canonical`` gives, for what is known to have a canonical form: it is not looked through once more."""
    return _encode(value).encode()


_ORDERED: Final = frozenset(
    {"columns", "first", "form", "inputs", "items", "kpis", "options", "outcomes", "parallel", "parameters", "results", "signals"}
)
"""Maps whose order means something: the first outcome is the expected one, a form is asked from top to bottom."""


def stored(document: Mapping[str, Any]) -> bytes:
    """The bytes of a canonical document. Maps whose order means something travel as lists of pairs: RFC 8785 sorts keys."""
    return canonical(_paired(document))


def restored(raw: bytes) -> dict[str, Any]:
    """The canonical document that ``stored`` wrote, in its order."""
    document: dict[str, Any] = _mapped(json.loads(raw))
    return document


def fingerprint(document: dict[str, Any]) -> str:
    """SHA-256, in hexadecimal, of the stored bytes of a canonical document."""
    return hashlib.sha256(stored(document)).hexdigest()


def _paired(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, list):
        return [_paired(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: [[name, _paired(inner)] for name, inner in item.items()]
        if key in _ORDERED and isinstance(item, dict)
        else _paired(item)
        for key, item in value.items()
    }


def _mapped(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """*value* with lists of pairs made maps again; changed in place, because it was read for this."""
    if type(value) is dict:
        for key, item in value.items():
            if type(item) is list and key in _ORDERED:
                value[key] = {name: _mapped(inner) for name, inner in item}
            elif type(item) is dict or type(item) is list:
                _mapped(item)
    elif type(value) is list:
        for item in value:
            _mapped(item)
    return value


def canonical_document(definition: Definition) -> dict[str, Any]:
    """The definition as plain data: what is stored, hashed, and what a procedure is built from.

    Defaults are left out, so that a later version with more keys keeps the fingerprints of older documents. Floating
    point numbers (``min: 0.5``) become decimal text, ``"0.5"``.
    """
    document: dict[str, Any] = _exact(definition.model_dump(mode="json", by_alias=True, exclude_defaults=True))
    return document


def _refuse(value: object, depth: int) -> None:
    """One call for each map and list; the plain values in them, which are most of what is written, are passed in the loop."""
    if type(value) in _PLAIN:
        return
    inner: Iterable[Any]
    if isinstance(value, dict):
        for key in value:
            if type(key) is not str or not key.isascii():
                raise CanonicalError(said("the key {key} is not ASCII text", key=repr(key)))
        inner = value.values()
    elif isinstance(value, list | tuple):
        inner = value
    else:
        _refuse_single(value)
        return
    if depth == 0:
        raise CanonicalError(said("nested more than {limit} levels deep", limit=_DEPTH))
    for item in inner:
        kind = type(item)
        if kind not in _PLAIN and (kind is not int or not -WHOLE_NUMBER <= item <= WHOLE_NUMBER):
            _refuse(item, depth - 1)


def _refuse_single(value: object) -> None:
    if isinstance(value, float):
        raise CanonicalError(said("a floating point number has no place here; write it as decimal text"))
    if isinstance(value, int):
        if not -WHOLE_NUMBER <= value <= WHOLE_NUMBER:
            raise CanonicalError(said("an integer is beyond 2^53 - 1; write it as text"))
    elif not isinstance(value, str):  # the text of a StrEnum is what the encoder writes
        raise CanonicalError(said("a {type} has no canonical form", type=type(value).__name__))


def _exact(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """*value* without floating point numbers. Texts, which are most of it, cost no call."""
    kind = type(value)
    if kind is dict:
        return {key: item if type(item) is str else _exact(item) for key, item in value.items()}
    if kind is list:
        return [item if type(item) is str else _exact(item) for item in value]
    if kind is not float:
        return value
    text = repr(value)
    if "e" in text:
        from decimal import Decimal

        text = format(Decimal(text), "f")
    return text
